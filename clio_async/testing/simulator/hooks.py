"""Webhooks: what may be registered, and the handshake that a new address begins with.

See https://docs.developers.clio.com/guides/clio-manage/webhooks/.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from .draw import hexadecimal
from .things import Record
from .values import argument_error

__all__ = ["DAYS", "LONGEST", "checked_hook", "model_of"]

DAYS: Final = 3
"""How long a webhook lives unless it says so."""
LONGEST: Final = 31
MOST_FIELDS: Final = 1_000
_MODELS: Final = (
    "matter", "activity", "bill", "calendar_entry", "communication", "contact", "task", "document", "folder",
    "clio_payments_payment",
)  # fmt: skip


def model_of(_: Record, value: Any) -> dict[str, Any]:
    """Return the model that a body names, or numbers from 1.

    :raises Refusal: 422, if there is none: names are in lower case.
    """
    known = {name: name for name in _MODELS} | {str(number): name for number, name in enumerate(_MODELS, 1)}
    if isinstance(value, bool) or not isinstance(value, str | int) or str(value) not in known:
        raise argument_error(f"{str(value)[:40]!r} is not a valid model")
    return {"model": known[str(value)]}


def checked_hook(webhook: Record, changes: dict[str, Any], now: float) -> None:
    """Check what a webhook shall be, and add what follows: an end, and a handshake for every new address.

    :raises Refusal: 422, if it cannot be.
    """
    url = changes.get("url")
    if url is not None and not url.startswith("https://"):
        raise argument_error("the url has to begin with https://")
    if len(changes.get("fields") or "") > MOST_FIELDS:
        raise argument_error(f"fields are at most {MOST_FIELDS} characters")
    moment = datetime.fromtimestamp(now, UTC)
    if webhook.blank and not webhook.written:
        changes.setdefault("expires_at", moment + timedelta(days=DAYS))
    expires = changes.get("expires_at")
    if expires is not None and not moment < expires <= moment + timedelta(days=LONGEST):
        raise argument_error(f"expires_at has to be within {LONGEST} days")
    if url is not None and url != webhook.get("url"):
        changes.update(status="pending", shared_secret=hexadecimal(f"{webhook.draw.key}/{now}/{url}"))
