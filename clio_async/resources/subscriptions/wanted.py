"""From the arguments of `ensure` to the webhook that is wanted: what cannot be right is refused here.

See https://docs.developers.clio.com/guides/clio-manage/webhooks/.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from types import MappingProxyType
from typing import Any, Final, TypeGuard, cast
from urllib.parse import unquote_plus, urlsplit

from attrs import frozen

from ...errors import InvalidArgument
from ...models import registry
from ...models.selection import select_records
from ...protocol.hook_addresses import keyed
from ...protocol.subscriptions import DAY, Wanted
from ...protocol.webhooks import PARAMETER, key_of

__all__ = ["LONGEST", "Kind", "interval", "kind_of", "seconds_of", "wanted"]

LONGEST: Final = 31
"""Days that a webhook lives at most."""
_SHORTEST: Final = 1 / 24
_MOST_FIELDS: Final = 1_000
_NEVER: Final = re.compile(r"""[ "#<>\\^`{|}]""")  # what stands in no address (RFC 3986 §2)
_ANY: Final = ("created", "updated", "deleted")


@frozen
class Kind:
    """What webhooks of a model are about."""

    model: str
    resource: str
    """The resource of its records."""
    permission: str
    """What a user has to permit besides webhooks."""
    events: tuple[str, ...] = _ANY


_KINDS: Final = MappingProxyType(
    {
        kind.model: kind
        for kind in (
            Kind("matter", "matters", "Matters", (*_ANY, "matter_opened", "matter_pended", "matter_closed")),
            Kind("activity", "activities", "Activities"),
            Kind("bill", "bills", "Billing"),
            Kind("calendar_entry", "calendar_entries", "Calendars"),
            Kind("communication", "communications", "Communications"),
            Kind("contact", "contacts", "Contacts"),
            Kind("task", "tasks", "Tasks"),
            Kind("document", "documents", "Documents"),
            Kind("folder", "folders", "Documents"),
            Kind("clio_payments_payment", "clio_payments_payments", "Clio Payments", ("created", "updated")),
        )
    }
)
"""In the order of Clio's numbers for them, which begin at 1."""


def kind_of(model: object) -> Kind:
    """Return what a model is, by its name or Clio's number for it.

    :raises InvalidArgument: if there is none, with the nearest names.
    """
    if isinstance(model, int) and not isinstance(model, bool) and 1 <= model <= len(_KINDS):
        return [*_KINDS.values()][model - 1]
    found = _KINDS.get(model) if isinstance(model, str) else None
    if found is None:
        raise _unknown("a model of webhooks", model, tuple(_KINDS))
    return found


def wanted(kind: Kind, url: object, events: object, fields: Any) -> Wanted:
    """Return the webhook that arguments describe.

    :raises InvalidArgument: if there can be none.
    """
    return Wanted(_address(url), kind.model, _events(kind, events), _fields(kind, fields))


def seconds_of(days: object) -> float:
    """Return a life in seconds; the longest is a little less than Clio allows, since clocks differ.

    :raises InvalidArgument: if it is none that a webhook can have.
    """
    if not _is_number(days) or not _SHORTEST <= days <= LONGEST:
        raise InvalidArgument(
            f"days is how long the webhook lives unless it is renewed: at most {LONGEST}, and an hour (1/24) at least."
        )
    return min(days * DAY, LONGEST * DAY - 600.0)


def interval(check_every: object) -> float:
    """Return how often to look, in seconds.

    :raises InvalidArgument: if it is no number of seconds, or longer than a webhook lives.
    """
    if not _is_number(check_every) or not 0 < check_every <= LONGEST * DAY:
        raise InvalidArgument(f"check_every is a positive number of seconds, {LONGEST} days of them at most.")
    return float(check_every)


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _address(url: object) -> str:
    text = url.removesuffix("?") if isinstance(url, str) else ""
    if not _is_address(text):
        raise InvalidArgument("url is the https:// address that Clio is to call, without a user, and without a #.")
    if any(unquote_plus(pair.partition("=")[0]) == PARAMETER for pair in text.partition("?")[2].split("&")):
        raise InvalidArgument("url has a subscription= in its query: leave it out, it is added for each webhook.")
    if key_of(keyed(text, "key")) != "key":
        raise InvalidArgument("url has so many parameters that a Receiver would not read the one that is added.")
    return text


def _is_address(text: str) -> bool:
    if not text.isascii() or not text.isprintable() or _NEVER.search(text):
        return False
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and parts.username is None and port != 0


def _events(kind: Kind, events: object) -> frozenset[str]:
    if events is None:
        return frozenset(event for event in _ANY if event in kind.events)
    given: frozenset[Any] = frozenset()
    if isinstance(events, Iterable) and not isinstance(events, str):
        given = frozenset(cast("Any", events))
    if not given:
        raise InvalidArgument("events is a list of names, such as ('created', 'updated'); None for these and deleted.")
    for event in sorted(map(str, given - {*kind.events})):
        raise _unknown(f"an event of {kind.model}", event, kind.events)
    return given


def _fields(kind: Kind, fields: Any) -> str:
    if fields is None or isinstance(fields, type):
        raise InvalidArgument("fields is what Clio sends, and watches: a text in its grammar, or a list of names.")
    schema = registry.resource(kind.resource).operations["list"].schema or ""
    names = fields if isinstance(fields, str) else tuple(fields)
    select_records(schema, names)
    text = "".join((names if isinstance(names, str) else ",".join(map(str, names))).split())
    if len(text) > _MOST_FIELDS:
        raise InvalidArgument(f"fields has {len(text)} characters: Clio takes {_MOST_FIELDS} at most.")
    return text


def _unknown(what: str, name: object, known: Sequence[str]) -> InvalidArgument:
    from difflib import get_close_matches  # for a mistake alone

    text = str(name)[:100]
    near = get_close_matches(text.lower(), known, n=3, cutoff=0.5) or known
    return InvalidArgument(f"{text!r} is not {what}. Did you mean {' or '.join(map(repr, near))}?")
