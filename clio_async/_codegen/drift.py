"""What has changed between two documents, and which of it can break a caller.

Compared is what the documents say, uncorrected: the overlay would hide that something has become required. Prose is
not compared, but for what it says of null, of the greatest `limit`, of defaults, and of the unit of a number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, TypeAlias, TypeVar

from attrs import evolve, frozen

from ..models.schema import Attribute, Field, Filter, Operation, Schema
from .details import Detail
from .document import Api, plain
from .records import record_places

__all__ = ["Change", "diff"]

T = TypeVar("T")

Verdict: TypeAlias = Literal["added", "removed", "changed"]


@frozen(order=True)
class Change:
    """One difference."""

    resource: str
    """What it belongs to: a resource, or ``shared`` for records that are part of several others."""
    place: str
    """``Matter#create body client.id``, ``Matter#index filter status``, ``field Matter.status``, and their values."""
    kind: Verdict
    what: str = ""
    """Which property has changed: type, required, flags …"""
    old: str = ""
    new: str = ""
    breaks: bool = False
    """Whether it can break a caller, who may name what is gone, leave out what is now required, or read what is now of
    another type. A new value in an answer does not: it comes through as its text."""

    def __str__(self) -> str:
        told = f": {self.what}" if self.what else ""
        return f"{self.kind:8} {self.place}{told}" + (f" {self.old} -> {self.new}" if self.what else "")


def diff(old: Api, new: Api) -> list[Change]:
    """Compare two documents that were read `AS_WRITTEN`; sorted by resource and place."""
    places = record_places(old) | record_places(new)
    return sorted(
        [
            *_operations(_by_id(old), _by_id(new)),
            *_schemas(_classes(old), _classes(new), places),
            *_details(old, new, places),
            *_Side("shared", "server", sent=True).each(old.servers, new.servers),
        ]
    )


def _by_id(api: Api) -> dict[str, Operation]:
    return {found.id: found for resource in api.resources.values() for found in resource.operations.values()}


def _classes(api: Api) -> dict[str, Schema]:
    """Return each schema once: with its associations, where it has any."""
    return {plain(name): api.schemas.get(plain(name)) or schema for name, schema in api.schemas.items()}


def _pairs(old: Mapping[str, T], new: Mapping[str, T]) -> Iterator[tuple[str, T | None, T | None]]:
    for name in sorted({*old, *new}):
        yield name, old.get(name), new.get(name)


@frozen
class _Side:
    """How a difference is told of: where it is, and what breaks a caller there."""

    resource: str
    place: str
    sent: bool
    """It is sent by callers, who break when a value of it is gone; else it is answered."""

    def at(self, more: str) -> _Side:
        return evolve(self, place=f"{self.place}{more}")

    def added(self, *, breaks: bool = False) -> Change:
        return Change(self.resource, self.place, "added", breaks=breaks)

    def removed(self, *, breaks: bool = True) -> Change:
        return Change(self.resource, self.place, "removed", breaks=breaks)

    def changed(self, what: str, old: object, new: object, *, breaks: bool = True) -> Iterator[Change]:
        """Yield one change if there is one."""
        if old != new:
            yield Change(self.resource, self.place, "changed", what, str(old), str(new), breaks)

    def values(self, old: tuple[str, ...], new: tuple[str, ...]) -> Iterator[Change]:
        """Yield the values that have come and gone; or that there is a list of them now, or none any more."""
        if not (old and new):
            named = ["listed" if values else "any" for values in (old, new)]
            yield from self.changed("values", *named, breaks=self.sent and bool(new))
            return
        yield from self.at(" value").each(old, new)

    def each(self, old: tuple[str, ...], new: tuple[str, ...]) -> Iterator[Change]:
        """Yield what of a list has come and gone."""
        for value in sorted({*old} ^ {*new}):
            side = self.at(f" {value}")
            yield side.added() if value in new else side.removed(breaks=self.sent)


# -- operations ---------------------------------------------------------------------------------------------------


def _operations(old: Mapping[str, Operation], new: Mapping[str, Operation]) -> Iterator[Change]:
    for name, before, after in _pairs(old, new):
        found = after or before
        assert found is not None
        side = _Side(found.resource, name, sent=True)
        if before is None:
            yield side.added()
        elif after is None:
            yield side.removed()
        else:
            yield from _operation(side, before, after)


_FLAGS = {
    "versioned": "takes X-API-VERSION",
    "conditional": "takes If-None-Match",
    "if_match": "takes If-Match",
    "fields": "takes fields",
    "paged": "takes page_token",
}


def _operation(side: _Side, old: Operation, new: Operation) -> Iterator[Change]:
    yield from side.changed("address", f"{old.method} {old.path}", f"{new.method} {new.path}")
    yield from side.changed("answer", _answer(old), _answer(new))
    for flag, told in _FLAGS.items():
        yield from side.changed(told, _yes(getattr(old, flag)), _yes(getattr(new, flag)), breaks=getattr(old, flag))
    yield from side.changed("greatest limit", old.max_limit, new.max_limit, breaks=new.max_limit < old.max_limit)
    for name, before, after in _pairs(old.filters, new.filters):
        yield from _filter(side.at(f" filter {name}"), before, after)
    yield from _body(side, " body ", old.attributes, new.attributes)


def _answer(operation: Operation) -> str:
    return f"{operation.status} {operation.answer} {plain(operation.schema or '')}".rstrip()


def _yes(flag: bool) -> str:
    return "yes" if flag else "no"


def _filter(side: _Side, old: Filter | None, new: Filter | None) -> Iterator[Change]:
    if old is None or new is None:
        yield from _came_or_went(side, old, new)
        return
    yield from side.changed("name on the wire", old.wire, new.wire)
    yield from side.changed("type", old.kind, new.kind)
    yield from _required(side, old, new)
    yield from side.changed("takes null", _yes(old.nullable), _yes(new.nullable), breaks=old.nullable)
    yield from side.values(old.enum, new.enum)


def _body(side: _Side, before: str, old: Mapping[str, Attribute], new: Mapping[str, Attribute]) -> Iterator[Change]:
    for name, found, after in _pairs(old, new):
        inner = side.at(f"{before}{name}")
        if found is None or after is None:
            yield from _came_or_went(inner, found, after)
            continue
        yield from inner.changed("type", _type(found), _type(after))
        yield from _required(inner, found, after)
        yield from inner.changed("null", found.null or "-", after.null or "-", breaks=after.null == "never")
        yield from inner.values(found.enum, after.enum)
        yield from _body(inner, ".", found.attributes, after.attributes)


def _came_or_went(side: _Side, old: Filter | Attribute | None, new: Filter | Attribute | None) -> Iterator[Change]:
    if old is not None:
        yield side.removed()
    if new is not None:
        yield side.added(breaks=new.required)


def _required(side: _Side, old: Filter | Attribute, new: Filter | Attribute) -> Iterator[Change]:
    yield from side.changed("required", _yes(old.required), _yes(new.required), breaks=new.required)


# -- schemas ------------------------------------------------------------------------------------------------------


def _schemas(old: Mapping[str, Schema], new: Mapping[str, Schema], places: Mapping[str, str]) -> Iterator[Change]:
    for name, before, after in _pairs(old, new):
        side = _Side(places[name], f"record {name}", sent=False)
        if before is None:
            yield side.added()
        elif after is None:
            yield side.removed()
        else:
            yield from _fields(evolve(side, place=f"field {name}"), before.fields, after.fields)


def _fields(side: _Side, old: Mapping[str, Field], new: Mapping[str, Field]) -> Iterator[Change]:
    for name, before, after in _pairs(old, new):
        inner = side.at(f".{name}")
        if before is None:
            yield inner.added()
        elif after is None:
            yield inner.removed()
        else:
            yield from inner.changed("type", _type(before), _type(after))
            yield from inner.values(before.enum, after.enum)


# -- details ------------------------------------------------------------------------------------------------------


def _details(old: Api, new: Api, places: Mapping[str, str]) -> Iterator[Change]:
    known = {found.owner for found in old.details.values()} & {found.owner for found in new.details.values()}
    resources = {name: found.resource for name, found in (_by_id(old) | _by_id(new)).items()}
    resources.update(places)
    for place, before, after in _pairs(old.details, new.details):
        found = after or before
        assert found is not None
        is_part_of_both = not found.parent or (found.parent in old.details and found.parent in new.details)
        if found.owner in known and is_part_of_both:  # else it is told of as a whole
            of = found.owner.removesuffix("_List").removesuffix("_Show")
            yield from _detail(_Side(resources.get(of, "shared"), place, found.sent), before, after)


_NOTHING: Mapping[str, str] = {}


def _detail(side: _Side, old: Detail | None, new: Detail | None) -> Iterator[Change]:
    if old is not None and new is not None:
        for what, before, after in _pairs(old.said, new.said):
            if what == "format" and old.kind != new.kind:
                continue
            unsaid = "no" if what in _YES_OR_NO else "-"
            breaks = _breaks(side.sent, what, before, after)
            yield from side.changed(what, before or unsaid, after or unsaid, breaks=breaks)
    elif old is not None and old.alone:
        yield side.removed()
    elif new is not None and new.alone:
        yield side.added(breaks="required" in new.said)
    else:
        required = ["required" in (found.said if found else _NOTHING) for found in (old, new)]
        yield from side.changed("required", _yes(required[0]), _yes(required[1]), breaks=required[1])


_YES_OR_NO = frozenset({"deprecated", "nullable", "required"})
_WIDE = frozenset({None, "int64", "double", "decimal", "float"})


def _breaks(sent: bool, what: str, old: str | None, new: str | None) -> bool:
    """Whether it can break a caller that something else is said of a place which both documents have."""
    match what:
        case "type":
            return True
        case "required":
            return new is not None
        case "nullable":
            return (new is None) == sent  # null cannot be sent any more, or is answered now
        case "format":
            return sent and new not in _WIDE
        case "default":
            return sent and old is not None  # what was left out meant something else
        case "unit":
            return old is not None and new is not None
        case _:  # deprecated: it works as it did
            return False


def _type(found: Field | Attribute) -> str:
    of = plain(found.schema or "") if isinstance(found, Field) else ""
    return f"{of or found.kind}{'[]' * found.many}"
