"""From the arguments of a list to a walk: the order, the size of pages, and what tells one record from another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from ..codec import Page
from ..errors import BadRequest, InvalidArgument, UnprocessableEntity
from ..models.schema import Operation
from ..models.selection import BARE_IDS, Fields, Selection, select_records
from ..pages import Pages, Walk
from ..protocol.walks import Mode
from . import arguments
from .caller import Caller, ExtraQuery
from .unusual import explain, unusual_filters

__all__ = ["checked", "listed", "pages", "size_of"]

T = TypeVar("T")

_CURSOR = "id(asc)"
_PAGE = 200
"""Records asked for at a time, also where Clio would give more: a larger page holds the event loop for too long."""
_MIXED = frozenset({"Item"})
"""Schemas whose records are of several tables (documents and folders): two of them may have the same id."""


def listed(operation: Operation, fields: Fields, *, strict: bool) -> Selection[Any]:
    """Return the selection for a list: what was asked for, and what tells a record from the others of the list.

    :raises UnknownField: if a name is not a field of the records.
    """
    schema = operation.schema or ""
    if schema in _MIXED:
        return select_records(schema, fields, strict=strict, also=("id", "type"))
    selection = select_records(schema, fields, strict=strict)
    if selection.text == "id" or selection.text.startswith("id,"):  # an id stands first
        return selection
    return select_records(schema, fields, strict=strict, also=("id",))


def pages(
    caller: Caller,
    operation: Operation,
    selection: Selection[T],
    ids: tuple[object, ...],
    limit: int | None,
    resume: str | None,
    prefetch: int,
    given: Mapping[str, Any],
    extra: ExtraQuery | None,
    paired: Callable[[Page[Any]], Page[T]] | None = None,
) -> Pages[T]:
    """Return a list that is ready to be walked. `ids` fill the placeholders of its path.

    A `limit` in `extra` stands for our own, for a size that this version of the package does not know. `paired` makes
    of each page that was read the page that is walked.

    :raises InvalidArgument: if an argument cannot be right, or the resume token was made for another list.
    """
    path = arguments.path(operation, ids)
    if isinstance(extra, Mapping) and "page_token" in extra:
        raise InvalidArgument("Where a list goes on is said by resume=, as Pages.resume_token had it: no page_token.")
    more = arguments.settled(checked(operation, extra))
    filters = arguments.settled(_ordered(operation, given, more))
    size = _limit(operation, limit)

    def query(size: int, more: ExtraQuery) -> str:
        own = bool(operation.max_limit) and "limit" not in more
        return arguments.query(operation, selection, filters, more, [("limit", str(size))] if own else [])

    async def fetch(text: str) -> Page[T]:
        try:
            page = await caller.read_page(operation, path, text, selection)
        except (BadRequest, UnprocessableEntity) as error:
            explain(error, unusual_filters(operation, filters))
            raise
        return page if paired is None else paired(page)

    whole = query(size, more)
    walk = Walk(
        operation=operation.id,
        base_url=caller.base_url,
        path=path,
        query=whole,
        single=lambda: query(1, {name: more[name] for name in more if name != "limit"}),
        scope=caller.scope,
        mode=_mode(operation, whole),
        prefetch=_prefetch(prefetch),
        fetch=fetch,
        identify=_identifier(operation, selection),
        detach=caller.detach,
    )
    return Pages(walk, resume)


def size_of(operation: Operation) -> int:
    """Return how many records are asked for in a page."""
    return min(operation.max_limit, _PAGE) or _PAGE


def checked(operation: Operation, extra: ExtraQuery | None) -> ExtraQuery:
    """Return `extra_query`, empty if there is none.

    :raises InvalidArgument: if it is no mapping, or the list does not take what is in it.
    """
    if extra is not None and not isinstance(extra, Mapping):
        raise InvalidArgument("extra_query is a mapping of names on the wire to values.")
    if extra and "offset" in extra and not operation.offset:
        raise InvalidArgument(f"{operation.resource}.{operation.action} takes no offset: walk it from its beginning.")
    return extra or {}


def _ordered(operation: Operation, given: Mapping[str, Any], extra: ExtraQuery) -> Mapping[str, Any]:
    """Return the filters with the order that makes Clio page by cursor, unless the caller orders otherwise."""
    order = operation.filters.get("order")
    decided = "order" in given or "order" in extra or "offset" in extra
    return given if decided or order is None or _CURSOR not in order.enum else {**given, "order": _CURSOR}


def _mode(operation: Operation, query: str) -> Mode:
    """Return how Clio pages a list, by its query: by offset if it has one, or another order than that of ids."""
    asked = dict(parse_qsl(query, keep_blank_values=True))
    if "offset" in asked:
        return "offset"
    order = asked.get("order")
    if order is None or "order" not in operation.filters:
        return "linked"
    if order == _CURSOR:
        return "cursor"
    return "offset" if operation.offset else "linked"


def _limit(operation: Operation, limit: int | None) -> int:
    if limit is None:
        return min(operation.max_limit, _PAGE)
    if isinstance(limit, bool) or not isinstance(limit, int) or not 1 <= limit <= operation.max_limit:
        raise InvalidArgument(f"limit is the size of a page: 1 to {operation.max_limit} for {operation.resource}.")
    return limit


def _prefetch(prefetch: int) -> int:
    if type(prefetch) is not int or prefetch not in {0, 1}:
        raise InvalidArgument("prefetch is 0, or 1 to have the next page read while you work on one.")
    return prefetch


def _identifier(operation: Operation, selection: Selection[T]) -> Callable[[Page[T]], tuple[list[Any], list[Any]]]:
    """Return what reads the ids of a page, and what tells its records apart."""

    def bare(page: Page[T]) -> tuple[list[Any], list[Any]]:
        ids: list[Any] = [one for piece in page.slices() for one in piece]
        return ids, ids

    def by_id(page: Page[T]) -> tuple[list[Any], list[Any]]:
        ids = page.values("id")
        return ids, ids

    def by_id_and_type(page: Page[T]) -> tuple[list[Any], list[Any]]:
        ids = page.values("id")
        return ids, [*zip(ids, map(str, page.values("type")), strict=True)]

    if selection is BARE_IDS:
        return bare
    return by_id_and_type if operation.schema in _MIXED else by_id
