"""What a list of documents or folders shows: neither trash nor unfinished uploads, unless they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from ...models.schema import Operation
from .filing import FILED, ROOT, is_gone, is_inside, is_trashed, is_uploaded
from .firm import Table
from .values import whole

__all__ = ["FILING", "filing_tests", "in_depth"]

FILING: Final = frozenset({"include_deleted", "show_uncompleted", "scope"})
"""Parameters that say which documents and folders are shown."""
Query = Mapping[str, Sequence[str]]


def in_depth(query: Query) -> bool:
    """Say whether a query is for all that is below a folder, however deep."""
    return query.get("scope", ("",))[-1] == "descendants"


def filing_tests(table: Table, operation: Operation, query: Query) -> Iterator[Callable[[Any], bool]]:
    """Yield the tests that documents and folders have to pass in a list, besides those of other filters."""
    if table.name not in FILED or "include_deleted" not in operation.filters:
        return
    now = table.firm.clock.now()
    yield lambda record: not is_gone(record, now)
    if query.get("include_deleted", ("",))[-1] != "true":
        yield lambda record: not is_trashed(record)
    if query.get("show_uncompleted", ("",))[-1] != "true":
        yield is_uploaded
    if in_depth(query):
        folder = whole(query.get("parent_id", (str(ROOT),))[-1]) or ROOT
        yield lambda record: is_inside(record, folder)
