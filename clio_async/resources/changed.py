"""From the arguments of `iter_changes` to a walk."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ..changes import Changes, Feed, Paired
from ..errors import InvalidArgument
from ..models.schema import Operation
from ..models.selection import Fields, select_records
from ..pages import Pages
from ..protocol import filters
from ..protocol.changes import Mark, Version, bound_to, read_mark
from . import arguments, lists
from .caller import Caller, ExtraQuery

__all__ = ["changes"]

_OURS = frozenset({"updated_since", "order", "ids", "ids[]", "offset", "page_token"})
_DELETED = "include_deleted"


def changes(
    caller: Caller,
    operation: Operation,
    ids: tuple[object, ...],
    since: object,
    fields: Fields,
    given: Mapping[str, Any],
    extra: ExtraQuery | None,
) -> Changes[Any]:
    """Return what has changed, ready to be walked. `ids` fill the placeholders of the path of the list.

    :raises InvalidArgument: if an argument cannot be right, or the mark was made for something else.
    """
    given, more = arguments.settled(given), arguments.settled(lists.checked(operation, extra))
    for name in (*given, *more):
        if name in _OURS:
            raise InvalidArgument(f"iter_changes asks for what has changed by itself: leave out {name}.")
    if _DELETED in operation.filters and _DELETED not in given and _DELETED not in more:
        given = {**given, _DELETED: True}
    pairs = arguments.query_pairs(operation, given, more)
    path = arguments.path(operation, ids)
    selection = select_records(operation.schema or "", fields, strict=caller.strict, also=("id", "etag", "updated_at"))
    asking = caller.unkept()  # the next walk asks since another time
    # The version of the API is left out, the second word of the scope: what was seen does not depend on it.
    bound = bound_to(operation.id, path, caller.scope.partition(" ")[0], filters.encode(pairs))

    def pages(instant: datetime, token: str | None, paired: Paired[Any]) -> Pages[tuple[Version, Any]]:
        asked = {**given, "updated_since": instant}
        return lists.pages(asking, operation, selection, ids, None, token, 0, asked, more, paired)

    feed: Feed[Any] = Feed(operation.resource, bound, (_DELETED, "true") in pairs, pages)
    return Changes(feed, _start(since, bound))


def _start(since: object, bound: str) -> Mark:
    if isinstance(since, str):
        return read_mark(since, bound)
    if isinstance(since, datetime):
        return Mark.of(since)
    raise InvalidArgument("since is an aware datetime, or the text of Changes.mark.")
