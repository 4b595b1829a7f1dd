"""`Pages`: a list that is read page by page, while it is walked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Generic, TypeVar

from .protocol.paging import Position, read_resume_token
from .walking import ByPage, Records, Standing, Walk, asked

__all__ = ["Pages", "Walk"]

T = TypeVar("T")


class Pages(Generic[T]):
    """The records of a list. Nothing is asked for before it is walked, and one page at a time.

    ``async for record in pages``, or `by_page`, `collect`, `first`. Each walk begins at the beginning. In cursor mode
    (the default order) records that exist throughout come exactly once, and a list may be of any length. In another
    order Clio counts offsets: then none comes twice either, but when others are added or removed meanwhile some can be
    missed, and the list ends at 10 000. See https://docs.developers.clio.com/api-docs/paging.

    With ``prefetch=1`` the next page is asked for when one is given out. It is then as old as the work on the one
    before took.
    """

    __slots__ = ("_standing", "_start", "_walk")

    def __init__(self, walk: Walk[T], resume: str | None = None) -> None:
        self._walk = walk
        self._start = Position(walk.query)
        if resume is not None:
            self._start = read_resume_token(resume, walk.operation, walk.scope, walk.query)
        self._standing = Standing(self._start)

    def __repr__(self) -> str:
        return f"<Pages of {self._walk.path}>"

    def __aiter__(self) -> AsyncIterator[T]:
        return Records(self.by_page())

    def by_page(self) -> AsyncIterator[list[T]]:
        """Walk page by page.

        :raises PaginationLoop: if Clio's links lead in a circle.
        :raises SchemaError: if what should be a link is none, after the records of its page.
        :raises UntrustedLink: if a link leads to another origin or path.
        :raises OffsetLimit: before the request that Clio would refuse, where it counts offsets: at 10 000 records. A
            walk that will come to it is told at the first page, by `OffsetLimitWarning`.
        """
        return ByPage(self._walk, self._start, self._standing)

    async def collect(self) -> list[T]:
        """Return all records.

        :raises OffsetLimit: after one request if Clio says that there are more than it gives in this order.
        """
        found: list[T] = []
        async for page in ByPage(self._walk, self._start, self._standing, whole=True):
            found += page
        return found

    async def first(self) -> T | None:
        """Return the first record, None when there is none. It asks for one record only."""
        if self._start.query == self._walk.query:
            page = await asked(self._walk, Position(self._walk.single()))
            if len(page) or page.next is None:
                return next((record for piece in page.slices() for record in piece), None)
        # The first page is empty and leads on, or the walk is resumed.
        walk = ByPage(self._walk, self._start, Standing(self._start))
        return await anext(Records(walk), None)

    @property
    def total(self) -> int | None:
        """How many records the whole list has, as the page that was read last has it. None before the first page, and
        where Clio does not say, or says what the pages contradict: what it counts is not documented.
        """
        return self._standing.total

    @property
    def resume_token(self) -> str | None:
        """A text that continues here: ``list(resume=…, …)`` with the same arguments. None at the end of the list.

        It is the page that was not yet delivered whole; so after an error, or in the middle of a page, the records of
        that page come again. It is good in another process, and after the token of access was renewed.
        """
        return self._standing.resume_token(self._walk)
