"""What became of a write whose answer was lost, found out by reading later: see `OutcomeUnknown.reconcile`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from attrs import frozen

from ..codec import Page
from ..errors import InvalidArgument, OutcomeUnknown
from ..messages import Request
from ..models import registry
from ..models.comparing import Want, field_of, hidden, seen, unshown, wants
from ..models.likeness import different
from ..models.schema import Operation, Resource
from ..models.selection import Selection, select_records
from ..outcomes import Outcome
from ..protocol import urls
from ..protocol.rate_limit import epoch
from ..protocol.retry import creates_nothing
from ..protocol.shapes import is_dict
from ..resources import lists
from ..resources.caller import Caller
from ..resources.rereads import reread
from .rereading import Reader, Seen

__all__ = ["reconciled"]

_MARGIN = 300.0
"""Seconds by which two clocks may differ before anybody has looked."""
_SLACK = 5.0
"""Seconds by which they may seem to differ, once the server has said what time it is there."""
_CLIO = "/api/v4"  # how the prefix of Clio's API ends, wherever it is served
_MAKERS = ("creator", "author", "user")
"""Fields that say who made a record."""
_UNKNOWN = Outcome("unknown")


async def reconciled(caller: Caller, reader: Reader, error: OutcomeUnknown) -> Outcome:
    """Find out what became of a write.

    :raises InvalidArgument: if the error is of another principal, or another server.
    :raises ClioError: if what was to be read cannot be.
    """
    request = _checked(reader, error.request)
    path = urls.resource_path(reader.base, request.url)
    found = registry.match(request.method, path) if reader.base.endswith(_CLIO) else None
    if found is None:
        return _applied(error)
    resource, operation, ids = found
    if operation.action == "create":
        return await _created(caller, reader, error, resource, request)
    if request.method not in {"PATCH", "DELETE"} or [*ids] != ["id"]:
        return _applied(error)
    sent = _sent(request)
    again = reread(operation, _id(ids["id"]), None, None, sent, None, strict=caller.strict)
    if again is None:
        return _applied(error)
    seen = await reader.read(again)
    if request.method == "DELETE":
        return _deleted(error, operation, seen)
    return _applied(error) if seen is None else _changed(error, again.operation.schema or "", sent, seen)


def _checked(reader: Reader, request: Request | None) -> Request:
    if request is None or not request.url.startswith(f"{reader.base}/"):
        raise InvalidArgument("The write was sent to another server than this client's: take a client of that.")
    own, whose = reader.template.principal, request.principal
    if whose is not None and own is not None and whose.fingerprint != own.fingerprint:
        raise InvalidArgument("The write was another principal's: reconcile with a client that has its token.")
    return request


def _applied(error: OutcomeUnknown, record: Any = None) -> Outcome:
    """Return what is known without comparing: whether the server has said that it was done."""
    return Outcome("applied" if error.accepted else "unknown", record)


def _id(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdecimal() else text


def _sent(request: Request) -> Mapping[str, Any]:
    """Return what the body says; nothing, if there is none (any more), or it is another kind of body."""
    try:
        content: object = msgspec.json.decode(request.body) if request.body else None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        content = None
    data = content.get("data") if is_dict(content) else None
    return data if is_dict(data) else {}


# -- changes and deletions ----------------------------------------------------------------------------------------


def _changed(error: OutcomeUnknown, schema: str, sent: Mapping[str, Any], seen: Seen) -> Outcome:
    """Compare the record with what was sent; its tag says the rest.

    A tag covers own attributes. What was sent beside them may have been done under the same tag.
    """
    body = None if error.request is None else error.request.body
    if error.accepted or (sent and creates_nothing(body) and not unshown(schema, sent, seen.record)):
        return Outcome("applied", seen.shown)
    names = sent or error.fields
    own = bool(names) and all(_is_own(schema, name, sent.get(name)) for name in names)
    compared = (
        creates_nothing(body) and not hidden(schema, sent, seen.record) and bool(different(schema, sent, seen.record))
    )
    same = error.etag is not None and seen.has(error.etag)
    return Outcome("not_applied" if same and (own or compared) else "unknown", seen.shown)


def _is_own(schema: str, name: str, value: Any) -> bool:
    """Whether the tag of a record covers what was sent: its own attributes, and which records it is associated with."""
    field = field_of(schema, name)
    if field is None or field.derived or field.many:
        return False
    refers = name.endswith("_id") or (is_dict(value) and "id" in value and value.keys() <= {"id", "type"})
    return field.schema is None or refers


def _deleted(error: OutcomeUnknown, operation: Operation, seen: Seen | None) -> Outcome:
    """A record that is gone, or in the trash, was deleted. One that moves through states may have been moved before."""
    if seen is None or getattr(seen.record, "deleted_at", None) is not None:
        return Outcome("applied", None if seen is None else seen.shown)
    if error.accepted:
        return Outcome("applied", seen.shown)
    moved = registry.is_state_machine(operation) and not (error.etag is not None and seen.has(error.etag))
    return Outcome("unknown" if moved else "not_applied", seen.shown)


# -- creations ----------------------------------------------------------------------------------------------------


async def _created(
    caller: Caller, reader: Reader, error: OutcomeUnknown, resource: Resource, request: Request
) -> Outcome:
    """Look for the record among those that were created since, by the clock of the server."""
    listing = resource.operations.get("list")
    if listing is None or "created_since" not in listing.filters or "{" in listing.path or error.sent_at is None:
        return _applied(error)
    sent = _sent(request)
    needed = _needed(listing, sent)
    if needed is None:
        return _applied(error)
    again = reread(listing, 1, None, None, sent, None, strict=caller.strict)
    selection = select_records(listing.schema or "", None, strict=caller.strict) if again is None else again.whole
    found = await _Since(caller, reader, listing, selection, needed, error.sent_at).records()
    created, whose = caller.learned.created, reader.template.principal
    ours = error.claimed
    since = [one for one in found[0] if one.id == ours or not created.has(whose, resource.name, one.id)]
    schema = listing.schema or ""
    exact = tuple(record for record in since if not _differs(schema, sent, record))
    near = exact or tuple(record for record in since if not _differs(schema, sent, record, _is_associated))
    if not near and not error.accepted:
        return Outcome("unknown" if any(map(_was_changed, since)) else "not_applied")
    sure = len(exact) == 1 and (
        error.accepted or (bool(sent) and _is_after(exact[0], found[1]) and await _made_by_me(caller, sent, exact[0]))
    )
    if not sure:
        return Outcome("applied" if error.accepted else "unknown", None, near)
    error.claimed = exact[0].id
    created.add(whose, resource.name, exact[0].id)
    return Outcome("applied", exact[0], exact)


def _needed(listing: Operation, sent: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the filters without which a list is none, from the body; None if that does not say."""
    needed: dict[str, Any] = {}
    for name, one in listing.filters.items():
        if one.required:
            of = sent.get(name.removesuffix("_id"))
            value = of["id"] if is_dict(of) and "id" in of else sent.get(name)
            if not isinstance(value, int | str) or (one.enum and value not in one.enum):
                return None
            needed[name] = value
    return needed


def _differs(
    schema: str, sent: Mapping[str, Any], record: Any, counts: Callable[[str, Want], bool] = lambda _schema, _one: True
) -> bool:
    """Whether a record shows anything else than was sent, of what counts. Of its rows, which have new ids, nothing can
    be told.
    """
    found = wants(schema, sent)
    shown = seen(schema, found, record)
    return any(one.path in shown and shown[one.path] != one.meaning and counts(schema, one) for one in found)


def _is_associated(schema: str, one: Want) -> bool:
    """Whether what was sent says which record another is associated with: that is stored as it is, if it is.

    A text may be trimmed, a number or a time rounded, a word be spelt in another way.
    """
    field = field_of(schema, one.name)
    return field is not None and field.schema is not None and len(one.path) == 1


def _was_changed(record: Any) -> bool:
    """Whether a record may have been another one when it was created."""
    return bool(getattr(record, "created_at", None) != getattr(record, "updated_at", None))


async def _made_by_me(caller: Caller, sent: Mapping[str, Any], record: Any) -> bool:
    """Whether a record says that it was made by the user of this client. Who was named in the body says nothing."""
    maker = next((getattr(record, name) for name in _MAKERS if name not in sent and name in record), None)
    number = getattr(maker, "id", None)
    if number is None:
        return False
    asking = registry.resource("users").operations["who_am_i"]
    me = await caller.read(asking, asking.path, "", select_records(asking.schema or "", "id"))
    return me is not None and me.id == number


def _is_after(record: Any, moment: float) -> bool:
    created = getattr(record, "created_at", None)
    return not isinstance(created, dt.datetime) or created.timestamp() >= moment


@frozen(eq=False)
class _Since:
    """The records of a list that were created since a moment of our clock (seconds since the epoch)."""

    caller: Caller
    reader: Reader
    listing: Operation
    selection: Selection[Any]
    needed: Mapping[str, Any]
    """The filters without which it is no list."""
    sent_at: float

    async def records(self) -> tuple[list[Any], float]:
        """Read them, and again from earlier on if the server's clock turns out to be further behind than thought.

        Return those that may be of after that moment, and when it was by the server's clock. Our clock may have been
        set since, or be another one than that of the sender.
        """
        asked = self.sent_at - _MARGIN
        found, skew = await self._walk(asked)
        if skew is None:
            return found, asked
        first = self.sent_at + skew - _SLACK
        if first < asked:
            found, _ = await self._walk(first + _SLACK - _MARGIN)
        return [record for record in found if _is_after(record, first + _SLACK - _MARGIN)], first

    async def _walk(self, since: float) -> tuple[list[Any], float | None]:
        """Return the records, and by how many seconds the server's clock is ahead of ours, if it says so."""
        skews: list[float] = []

        def noted(page: Page[Any]) -> Page[Any]:
            date = None if page.date is None else epoch(page.date)
            if date is not None:
                skews.append(date - self.reader.core.wall_clock())
            return page

        moment = {"created_since": dt.datetime.fromtimestamp(since, dt.UTC), **self.needed}
        pages = lists.pages(self.caller, self.listing, self.selection, (), None, None, 0, moment, None, noted)
        found = await pages.collect()
        return found, skews[0] if skews else None
