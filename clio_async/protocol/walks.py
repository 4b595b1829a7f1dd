"""What a walk through a list has to remember, so that no record comes twice and the walk comes to an end.

A list is paged in one of two ways (https://docs.developers.clio.com/api-docs/paging). By cursor (`order=id(asc)`) ids
ascend, and the list may be of any length. By offset, in any other order, records can move from page to page meanwhile,
and Clio gives the first 10 000 only. For lists without an order the documents do not say which: "linked" here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias, TypeGuard, cast

from ..errors import OffsetLimit, PaginationLoop
from .paging import Position, number

__all__ = ["BARREN", "CEILING", "Key", "Mode", "Progress", "beyond", "credible", "overlong", "unreachable"]

Mode: TypeAlias = Literal["cursor", "offset", "linked"]

Key: TypeAlias = object
"""What tells a record from the others of its list: its id, or id and type where a list mixes tables."""

CEILING = 10_000
"""How many records offsets reach."""
BARREN = 20
"""So many pages in a row that hold nothing new and lead to another are a loop."""


class Progress:
    """What a walk has seen: while ids ascend the page before, else all ids and queries.

    Ask `fresh` about a page, tell `passed` when its records are given out, and ask `lead` where its link leads.
    """

    __slots__ = ("_ascending", "_barren", "_before", "_keys", "_path", "_queries", "_resumed", "_start", "after")

    def __init__(self, path: str, mode: Mode, start: Position) -> None:
        self._path = path
        self._start = start.query
        self._ascending = mode == "cursor"
        self.after = start.after
        """The greatest id so far, where ids ascend."""
        self._resumed = start.after is not None
        # A server may begin a page with the record that the one before ended with. Where keys are pairs this is none of
        # them: the type of that record is not known any more, and another type may have the same id.
        self._before: set[Key] = {start.after} if self._resumed else set()
        self._keys: set[Key] = set()
        self._queries: set[str] = set()
        self._barren = 0

    def fresh(self, ids: Sequence[object], keys: Sequence[Key]) -> list[bool]:
        """Say of each record of a page whether it is new.

        :raises PaginationLoop: if ids have to ascend and do not.
        """
        if self._ascending and _are_numbers(ids):
            return self._ascended(ids, keys)
        if self.after is not None:
            raise self._astray()
        return self._new(keys)

    def _new(self, keys: Sequence[Key]) -> list[bool]:
        """Say of each record whether it came neither before nor earlier on its page."""
        known = self._before or self._keys  # never both
        here: set[Key] = set()
        fresh: list[bool] = []
        for key in keys:
            usable = _is_usable(key)
            fresh.append(not usable or (key not in known and key not in here))
            if usable:
                here.add(key)
        return fresh

    def _ascended(self, ids: Sequence[int], keys: Sequence[Key]) -> list[bool]:
        after = self.after
        if ids and (after is None or min(ids) > after) and len({*ids}) == len(ids):  # nearly always
            return [True] * len(ids)
        fresh = self._new(keys)
        if after is not None:
            late = [new and found < after for found, new in zip(ids, fresh, strict=True)]
            if any(late) and not self._resumed:
                raise self._astray()
            fresh = [new and not back for new, back in zip(fresh, late, strict=True)]
        if ids and not any(fresh):
            raise self._loop()
        return fresh

    def passed(self, query: str, ids: Sequence[object], keys: Sequence[Key], fresh: Sequence[bool]) -> None:
        """Take down that a page is given out."""
        self._barren = 0 if any(fresh) else self._barren + 1
        if self._ascending and _are_numbers(ids):
            if ids:
                self._resumed = False
                self.after = max(ids) if self.after is None else max(self.after, *ids)
                self._before = {*keys}
            return
        self._ascending = False  # from the first record on there is something to go by, or never
        self._queries.add(query)
        self._keys.update(key for key in keys if _is_usable(key))

    def lead(self, query: str, following: str) -> None:
        """Check that the link of the page of `query` leads on.

        :raises PaginationLoop: if it leads to a page that was there before, or page after page has nothing new.
        """
        if self._barren >= BARREN or following in (query, self._start) or following in self._queries:
            raise self._loop()

    def _astray(self) -> PaginationLoop:
        return PaginationLoop(f"The pages of {self._path} go back: their ids do not ascend, as they have to.")

    def _loop(self) -> PaginationLoop:
        return PaginationLoop(f"The pages of {self._path} lead in a circle: what they hold was given out before.")


def _are_numbers(ids: Sequence[object]) -> TypeGuard[Sequence[int]]:
    return {*map(type, ids)} <= {int}


def _is_usable(key: Key) -> bool:
    if isinstance(key, tuple):
        return all(map(_is_usable, cast("tuple[object, ...]", key)))
    return type(key) is int or type(key) is str


# -- the ceiling of offsets ---------------------------------------------------------------------------------------


def unreachable(mode: Mode, first: str, position: Position) -> bool:
    """Whether Clio would refuse the page at `position`, because it reaches beyond 10 000 records.

    `first` is the query of the first page of the list. A page whose link does not say its offset is where the records
    received so far end.
    """
    if mode == "cursor":
        return False
    offset = number(position.query, "offset")
    if offset is None and mode == "offset":
        offset = (number(first, "offset") or 0) + position.received
    return offset is not None and offset + _size(position.query) > CEILING


def _reachable(query: str) -> int:
    """Return the number of the last record that whole pages reach, by the query of the first."""
    start, size = number(query, "offset") or 0, _size(query)
    return start + (CEILING - start) // size * size


def credible(total: int | None, first: str, end: Position, *, last: bool) -> int | None:
    """Return how many records a list is said to have, unless what was received up to `end` contradicts it.

    What `meta.records` counts is not documented: the list, or the page.
    """
    seen = (number(first, "offset") or 0) + end.received
    return None if total is None or total < seen + (not last) else total


def overlong(mode: Mode, first: str, following: str | None, total: int | None) -> bool:
    """Whether a list is known to be longer than its pages reach, from its first page and the query of its second."""
    if total is None or following is None or mode == "cursor":
        return False
    by_offset = mode == "offset" or number(following, "offset") is not None
    return by_offset and total > _reachable(first)


def beyond(path: str, mode: Mode, total: int | None = None) -> OffsetLimit:
    """Return the error for a list that is longer than offsets reach."""
    length = f"{path} has {total} records" if total is not None else f"{path} goes on"
    way = (
        "Leave out order= and offset: by order=id(asc) a list has no such end. Or narrow it"
        if mode == "offset"
        else "Narrow it"
    )
    return OffsetLimit(f"{length}, but in this order Clio gives the first {CEILING} only. {way} by filters.")


def _size(query: str) -> int:
    return max(1, number(query, "limit") or 1)
