"""Webhooks: what may be registered, and the handshake that a new address begins with.

See https://docs.developers.clio.com/guides/clio-manage/webhooks/.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from .answers import Refusal
from .draw import hexadecimal
from .things import Record
from .tokens import Grant, allows
from .values import argument_error

__all__ = ["DAYS", "LONGEST", "TABLES", "checked_hook", "model_of", "permitted"]

DAYS: Final = 3
"""How long a webhook lives unless it says so."""
LONGEST: Final = 31
MOST_FIELDS: Final = 1_000
TABLES: Final[Mapping[str, str]] = {
    "matter": "matters",
    "activity": "activities",
    "bill": "bills",
    "calendar_entry": "calendar_entries",
    "communication": "communications",
    "contact": "contacts",
    "task": "tasks",
    "document": "documents",
    "folder": "folders",
    "clio_payments_payment": "clio_payments_payments",
}
"""The models, in the order of their numbers, and the resources that have their records."""
_EVENTS: Final = ("created", "updated", "deleted")
_MATTERS: Final = ("matter_opened", "matter_pended", "matter_closed")


def model_of(_: Record, value: Any) -> dict[str, Any]:
    """Return the model that a body names, or numbers from 1.

    :raises Refusal: 422, if there is none: names are in lower case.
    """
    known = {name: name for name in TABLES} | {str(number): name for number, name in enumerate(TABLES, 1)}
    if isinstance(value, bool) or not isinstance(value, str | int) or str(value) not in known:
        raise argument_error(f"{str(value)[:40]!r} is not a valid model")
    return {"model": known[str(value)]}


def checked_hook(webhook: Record, changes: dict[str, Any], now: float) -> None:
    """Check what a webhook shall be, and add what follows: an end, and a handshake for every new address.

    :raises Refusal: 422, if it cannot be.
    """
    url = changes.get("url")
    if url is not None and not _is_address(url):
        raise argument_error("the url has to begin with https:// and a host")
    if "fields" in changes and not 0 < len(changes["fields"] or "") <= MOST_FIELDS:
        raise argument_error(f"fields are at most {MOST_FIELDS} characters, and never none")
    moment = datetime.fromtimestamp(now, UTC)
    model = changes.get("model", webhook.get("model"))
    if webhook.blank and not webhook.written:
        changes.setdefault("expires_at", moment + timedelta(days=DAYS))
        if not changes.get("events"):
            changes["events"] = [event for event in _EVENTS if event in _events_of(model)]
    elif "model" in changes and "events" not in changes:  # another model keeps of them what it has
        kept = [event for event in webhook.get("events") or () if event in _events_of(model)]
        changes["events"] = kept or [*_events_of(model)]
    if not {*(changes.get("events") or ())} <= {*_events_of(model)}:
        raise argument_error(f"a {model} has the events {', '.join(_events_of(model))}")
    expires = changes.get("expires_at", ...)
    if expires is None or (expires is not ... and not moment < expires <= moment + timedelta(days=LONGEST)):
        raise argument_error(f"expires_at has to be within {LONGEST} days")
    if url is not None and url != webhook.get("url"):
        changes.update(status="pending", shared_secret=hexadecimal(f"{webhook.draw.key}/{now}/{url}"))


def _is_address(url: str) -> bool:
    try:
        return url.startswith("https://") and bool(urlsplit(url).hostname)
    except ValueError:
        return False


def _events_of(model: Any) -> tuple[str, ...]:
    """Return what may happen to a record of a model. Nobody is told that a payment is gone."""
    if model == "matter":
        return _EVENTS + _MATTERS
    return _EVENTS[:2] if model == "clio_payments_payment" else _EVENTS


def permitted(grant: Grant, webhook: Record | None, data: Mapping[str, Any]) -> None:
    """Check that a token which makes or changes a webhook reaches the records that it is about.

    :raises Refusal: 403, if it does not.
    """
    model = data.get("model", None if webhook is None else webhook.get("model"))
    known = {**TABLES, **{str(number): table for number, table in enumerate(TABLES.values(), 1)}}
    table = known.get(str(model))
    if table is not None and not allows(grant, table, write=False):
        raise Refusal(403, "ForbiddenError", "User is forbidden from taking that action")
