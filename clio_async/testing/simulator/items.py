"""`Folder#list`: folders and documents of one folder together, each as an item of its type.

It refuses an offset: https://docs.developers.clio.com/api-reference/ (Folders).
"""

from __future__ import annotations

from collections.abc import Iterator
from heapq import merge
from itertools import islice
from typing import Final

from .answers import Refusal
from .call import Call
from .filing import ROOT
from .filing_filters import in_depth
from .filters import criteria
from .firm import Table
from .lists import Page, Place, Query, matching, order_of, page_at, page_token, place_of, sort_key
from .things import Record

__all__ = ["read_items"]

_TABLES: Final = ("folders", "documents")


def read_items(call: Call) -> Page:
    """Read one page of what is in a folder, or below it.

    :raises Refusal: 400, for an offset; 422, for another parameter that cannot be.
    """
    if "offset" in call.query:
        raise Refusal(400, "BadRequest", "offset pagination is not supported")
    query = _within(call)
    tables = [call.firm.table(name) for name in _TABLES]
    scope = f"{tables[0].key}/items"
    place = place_of({**query, "order": ("id(asc)",)}, call.operation, call.regime, scope)
    name, descending = order_of(query, call.operation)
    if name == "id" and not descending:
        return _by_id(call, query, tables, place, scope)
    things = [item for table in tables for item in _matching(call, query, table)]
    things.sort(key=sort_key(name), reverse=descending)
    return page_at(things, place, len(things), scope)


def _within(call: Call) -> Query:
    """Return the query; without a folder it is for the root, unless it names records by other means."""
    named = {"parent_id", "ids[]", "matter_id", "contact_id"} & call.query.keys()
    return call.query if named or in_depth(call.query) else {**call.query, "parent_id": (str(ROOT),)}


def _matching(call: Call, query: Query, table: Table, after: int = 0) -> Iterator[Record]:
    return matching(table, criteria(table, call.operation, query, call.regime), call.viewer, after)


def _rank(item: Record) -> int:
    """Return a number that no other item has, in the order of ids: a folder comes before the document of its id."""
    return 2 * item.number + _TABLES.index(item.table.name)


def _by_id(call: Call, query: Query, tables: list[Table], place: Place, scope: str) -> Page:
    walks = [_matching(call, query, table, max(0, place.after // 2 - 1)) for table in tables]
    items = (item for item in merge(*walks, key=_rank) if _rank(item) > place.after)
    things = list(islice(items, place.limit + 1))
    shown = things[: place.limit]
    more = {"page_token": page_token("i", _rank(shown[-1]), scope)} if len(things) > place.limit else {}
    return Page(shown, None, more)
