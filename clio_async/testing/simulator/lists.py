"""Pages: by cursor over ids, or by offset, as in https://docs.developers.clio.com/api-docs/paging."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from heapq import nlargest, nsmallest
from itertools import islice
from typing import Any, Final

from attrs import evolve, field, frozen

from ...models.schema import Operation
from .draw import hexadecimal
from .filters import Criteria, criteria
from .firm import Table
from .regime import Regime
from .render import NULLED, Viewer
from .things import Record, Ref, Thing
from .values import argument_error, whole

__all__ = [
    "CEILING",
    "Page",
    "Place",
    "Query",
    "cut",
    "matching",
    "order_of",
    "page_at",
    "page_token",
    "place_of",
    "read_page",
    "sort_key",
]

CEILING: Final = 10_000
"""The number of records that offset mode reaches."""
COUNTED: Final = 2_000
"""How many records a total may cost; a dearer one is left out."""

Query = Mapping[str, Sequence[str]]
_ORDER: Final = re.compile(r"([a-z_]+(?:\.[a-z_]+)?)\((asc|desc)\)")


@frozen
class Page:
    """The records of one page, what leads to the next, and what had no effect."""

    things: Sequence[Thing]
    total: int | None
    next: Mapping[str, str] = field(factory=dict[str, str])
    """The parameters that the next page is asked for with, in place of those of this one; none on the last page."""
    previous: Mapping[str, str] = field(factory=dict[str, str])
    ignored: tuple[str, ...] = ()


@frozen
class Place:
    """Where a page begins: after an id (cursor), or at a number of records (offset)."""

    limit: int
    after: int = 0
    offset: int | None = None
    skip: int = 0
    """Records to pass over, where a cursor counts them."""


def _last(query: Query, name: str) -> str | None:
    values = query.get(name)
    return values[-1] if values else None


def _limit(query: Query, operation: Operation, regime: Regime) -> int:
    most = operation.max_limit or 200
    text = _last(query, "limit")
    if text is None:
        return most
    number = whole(text.removeprefix("-"))
    if number is None:
        raise argument_error("limit is not a number")
    limit = -number if text.startswith("-") else number
    if 1 <= limit <= most:
        return limit
    if regime.limit_overflow == "error":
        raise argument_error(f"limit must be between 1 and {most}")
    return min(max(limit, 1), most)


def page_token(kind: str, number: int, scope: str) -> str:
    """Return an opaque token; `scope` is what it is valid for."""
    text = f"{kind}{number}"
    return urlsafe_b64encode(f"{text}.{hexadecimal(scope + text)[:12]}".encode()).decode().rstrip("=")


def _opened(token: str, scope: str) -> tuple[str, int]:
    try:
        text, _, seal = urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode().partition(".")
        if page_token(text[0], int(text[1:]), scope) == token and seal:
            return text[0], int(text[1:])
    except (ValueError, IndexError):
        pass
    raise argument_error("page_token is invalid")


def place_of(query: Query, operation: Operation, regime: Regime, scope: str) -> Place:
    limit = _limit(query, operation, regime)
    token = _last(query, "page_token")
    if token:
        kind, number = _opened(token, scope)
        if kind == "o":
            return _within(limit, number)
        return Place(limit, after=number) if kind == "i" else Place(limit, skip=number)
    offset = _last(query, "offset")
    if offset is not None:
        start = whole(offset)
        if start is None:
            raise argument_error("offset is not a number")
        return _within(limit, start)
    order = _last(query, "order")
    by_cursor = order == "id(asc)" or (order is None and regime.implicit_cursor)
    return Place(limit) if by_cursor else Place(limit, offset=0)


def _within(limit: int, offset: int) -> Place:
    if offset + limit > CEILING:
        raise argument_error(f"offset and limit reach beyond {CEILING} records; use order=id(asc) without an offset")
    return Place(limit, offset=offset)


def read_page(table: Table, operation: Operation, query: Query, viewer: Viewer, regime: Regime) -> Page:
    """Read one page of a table. By cursor it costs what it shows, whatever the size of the firm.

    :raises Refusal: 422, for a parameter that cannot be.
    """
    place = place_of(query, operation, regime, table.key)
    found = criteria(table, operation, query, regime)
    ordered = order_of(query, operation)
    if place.offset is None:
        walk = matching(table, found, viewer, place.after)
        things = list(islice(walk, place.skip, place.skip + place.limit + 1))
        page = cut(things, place.limit, _total(table, found, viewer), table.key, found.ignored)
        return page if regime.cursor_stable else _counted(page, place, table.key)
    ranked = _sorted(table, found, viewer, ordered, place.offset + place.limit + 1)
    if not regime.stable_order:
        ranked = _shuffled(ranked, ordered, place.offset)
    return _offset_page(ranked, place, _total(table, found, viewer), table.key, regime, found.ignored)


def cut(things: Sequence[Thing], limit: int, total: int | None, scope: str, ignored: tuple[str, ...] = ()) -> Page:
    """Make a page of the first `limit` of `things`, with a cursor if there are more."""
    shown = things[:limit]
    more = {"page_token": page_token("i", shown[-1].number, scope)} if len(things) > limit else {}
    return Page(shown, total, more, ignored=ignored)


def page_at(
    things: Sequence[Thing], place: Place, total: int | None, scope: str, ignored: tuple[str, ...] = ()
) -> Page:
    """Make the page of a whole sequence that begins at a place, with a cursor that counts."""
    start = place.skip if place.offset is None else place.offset
    end = start + place.limit
    more = {"page_token": page_token("c", end, scope)} if len(things) > end else {}
    return Page(things[start:end], total, more, ignored=ignored)


def _counted(page: Page, place: Place, scope: str) -> Page:
    more = {"page_token": page_token("c", place.skip + place.limit, scope)} if page.next else {}
    return evolve(page, next=more)


def _offset_page(
    things: Sequence[Thing], place: Place, total: int | None, scope: str, regime: Regime, ignored: tuple[str, ...]
) -> Page:
    start = place.offset or 0

    def link(offset: int) -> dict[str, str]:
        if regime.next_carries == "offset":
            return {"offset": str(offset)}
        return {"page_token": page_token("o", offset, scope)}

    more = link(start + place.limit) if len(things) > start + place.limit else {}
    back = link(max(0, start - place.limit)) if start else {}
    return Page(things[start : start + place.limit], total, more, back, ignored)


def _visible(record: Record | None, viewer: Viewer) -> bool:
    return record is not None and (record.table.name in NULLED or not viewer.hides(record))


def matching(table: Table, found: Criteria, viewer: Viewer, after: int = 0) -> Iterator[Record]:
    walk = found.walk or table.ids
    return _passing(table, found, viewer, walk(after))


def _passing(table: Table, found: Criteria, viewer: Viewer, ids: Iterable[int]) -> Iterator[Record]:
    for number in ids:
        record = table.get(number)
        if record is not None and _visible(record, viewer) and found.passes(record):
            yield record


def _total(table: Table, found: Criteria, viewer: Viewer) -> int | None:
    """Return how many records match in all, None where the answer would cost too much."""
    hidden = viewer.firm.hidden.get((table.name, viewer.user), ())
    if not found.tests and found.walk is None:
        return table.total - (0 if table.name in NULLED else len(hidden))
    walk = found.walk or table.ids
    ids = list(islice(walk(0), COUNTED + 1))
    if len(ids) > COUNTED:
        return None
    return sum(1 for _ in _passing(table, found, viewer, ids))


def order_of(query: Query, operation: Operation) -> tuple[str, bool]:
    """Return (field, descending).

    :raises Refusal: 422, for an order that the operation does not have.
    """
    text = _last(query, "order")
    known = operation.filters.get("order")
    if text is None or known is None:
        return "id", False
    parts = _ORDER.fullmatch(text)
    if parts is None or text not in known.enum:
        raise argument_error(f"{text[:40]!r} is not a valid order")
    return parts[1], parts[2] == "desc"


def _sorted(table: Table, found: Criteria, viewer: Viewer, order: tuple[str, bool], count: int) -> Sequence[Record]:
    """Return the first `count` records of an order. By id it reads no more than those; else all of them."""
    name, descending = order
    if name == "id" and found.walk is None:
        ids = table.ids_down() if descending else table.ids()
        return list(islice(_passing(table, found, viewer, ids), count))
    choose = nlargest if descending else nsmallest
    return choose(count, matching(table, found, viewer), key=sort_key(name))


def _shuffled(things: Sequence[Record], order: tuple[str, bool], seed: int) -> Sequence[Record]:
    """Return things in their order, those of equal rank in one that depends on the page."""
    name, descending = order
    mixed = sorted(things, key=lambda thing: hexadecimal(f"{seed}/{thing.number}"))
    rank = sort_key(name)
    return sorted(mixed, key=lambda thing: rank(thing)[:2], reverse=descending)


def sort_key(name: str) -> Callable[[Thing], tuple[bool, Any, int]]:
    """Return what an order by a field compares: nulls first, equals by their ids."""
    first, _, second = name.partition(".")

    def key(record: Thing) -> tuple[bool, Any, int]:
        value = record.get(first) if first in record.schema.fields else None
        thing = record.firm.find(value) if isinstance(value, Ref) else value
        if isinstance(thing, Thing):
            value = thing.get(second) if second in thing.schema.fields else None
        elif second or isinstance(value, tuple):
            value = None
        return value is not None, _comparable(value), record.number

    return key


def _comparable(value: Any) -> Any:
    if isinstance(value, str):
        return value.casefold()
    return 0 if value is None else value
