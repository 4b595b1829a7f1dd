"""Pages of what has no table: rows of a record, and contacts as a matter shows them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ...models.schema import Operation
from .filters import criteria
from .firm import Table
from .lists import Page, Query, order_of, page_at, place_of, sort_key
from .regime import Regime
from .things import Thing
from .values import whole

__all__ = ["read_rows"]


def read_rows(
    things: Iterable[Thing], table: Table, operation: Operation, query: Query, regime: Regime, scope: str
) -> Page:
    """Read one page of `things`, which are of the schema of `table`. Its cursor counts.

    :raises Refusal: 422, for a parameter that cannot be.
    """
    found = criteria(table, operation, query, regime)
    place = place_of(query, operation, regime, scope)
    kept = [thing for thing in things if _asked_for(thing, query, operation) and found.passes(thing)]
    name, descending = order_of(query, operation)
    kept.sort(key=sort_key(name), reverse=descending)
    shown: Sequence[Thing] = kept
    return page_at(shown, place, len(kept), scope, found.ignored)


def _asked_for(thing: Thing, query: Query, operation: Operation) -> bool:
    if "ids" not in operation.filters or "ids[]" not in query:
        return True
    return thing.number in {whole(value) for value in query["ids[]"]}
