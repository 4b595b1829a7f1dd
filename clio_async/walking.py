"""One walk through a list: page after page, each with what is new in it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from functools import partial
from itertools import compress
from typing import Generic, TypeAlias, TypeVar

from anyio.lowlevel import checkpoint
from attrs import define, evolve, frozen

from .ahead import Ahead
from .codec import SLICE, Page
from .detached import Job
from .errors import (
    OffsetLimit,
    OffsetLimitWarning,
    PaginationError,
    SchemaError,
    UnprocessableEntity,
    UsageError,
)
from .notices import notify
from .protocol import walks
from .protocol.paging import Position, next_query, write_resume_token

__all__ = ["ByPage", "Records", "Standing", "Walk", "asked"]

T = TypeVar("T")

Ids: TypeAlias = Sequence[object]


@frozen(eq=False)
class Walk(Generic[T]):
    """What a list is read by."""

    operation: str
    base_url: str
    path: str
    query: str
    single: Callable[[], str]
    """Returns the query that asks for one record."""
    scope: str
    """On whose behalf and in which version: a resume token is bound to it."""
    mode: walks.Mode
    prefetch: int
    """How many pages may be read ahead: 0 or 1."""
    fetch: Callable[[str], Awaitable[Page[T]]]
    """Reads the page of a query."""
    identify: Callable[[Page[T]], tuple[Ids, Ids]]
    """Returns the ids of the records of a page that was not built yet, and what tells its records apart."""
    detach: Callable[[Job], None]
    """Runs a job in a task of its own, until the client closes."""


@define(eq=False)
class Standing:
    """How far the last walk got, and what it was told of the list."""

    position: Position | None
    """The page that was not given out whole; None at the end."""
    total: int | None = None

    def resume_token(self, walk: Walk[T]) -> str | None:
        """Return a text that continues here; None at the end."""
        if self.position is None:
            return None
        return write_resume_token(walk.operation, walk.scope, walk.query, self.position)


async def asked(walk: Walk[T], at: Position) -> Page[T]:
    """Read a page, unless Clio is known to refuse it."""
    if walks.unreachable(walk.mode, walk.query, at):
        raise walks.beyond(walk.path, walk.mode)
    try:
        return await walk.fetch(at.query)
    except UnprocessableEntity as error:
        # Of a list that names no order nobody knows how it is paged, until it ends there.
        if walk.mode == "linked" and walks.unreachable("offset", walk.query, at):
            raise walks.beyond(walk.path, walk.mode) from error
        raise


class ByPage(AsyncIterator[list[T]]):
    """One walk. The page that was given out last counts as delivered when the next one is asked for.

    A step that fails or is cancelled changes nothing: the next one does it again, with what was read already.
    """

    def __init__(self, walk: Walk[T], start: Position, standing: Standing, *, whole: bool = False) -> None:
        self._walk = walk
        self._standing = standing
        self._whole = whole
        self._at: Position | None = start
        self._progress = walks.Progress(walk.path, walk.mode, start)
        self._read: tuple[Page[T], Ids, Ids] | None = None
        """The page at that position, if it was read and not given out."""
        self._given: tuple[Position, Page[T]] | None = None
        """Where the page ends that was given out, and that page."""
        self._ahead: Ahead[Page[T]] | None = None
        self._begun = False
        self._busy = False

    async def __anext__(self) -> list[T]:
        if self._busy:
            raise UsageError("Two tasks ask one walk for its next page: begin a walk for each, or take turns.")
        self._busy = True
        try:
            return await self._step()
        except OffsetLimit:
            raise
        except PaginationError as error:
            error.resume_token = self._standing.resume_token(self._walk)
            raise
        finally:
            self._busy = False

    async def _step(self) -> list[T]:
        if self._given is not None:
            self._at, self._given = self._following(*self._given), None
        at = self._standing.position = self._at
        if at is None:
            raise StopAsyncIteration
        if self._read is None:
            page = await self._next(at)
            self._read = page, *self._walk.identify(page)
        page, ids, keys = self._read
        fresh = self._progress.fresh(ids, keys)
        records = await _built(page)
        self._progress.passed(at.query, ids, keys, fresh)
        self._read = None
        self._look_ahead(page, evolve(at, received=at.received + len(page), after=self._progress.after))
        return records if all(fresh) else [*compress(records, fresh)]

    async def _next(self, at: Position) -> Page[T]:
        """Read a page, or take it as it was read ahead."""
        page: Page[T] | None = None
        if self._ahead is not None:
            try:
                page = await self._ahead.result()
            except Exception:
                self._ahead = None
                raise
            self._ahead = None
        return await asked(self._walk, at) if page is None else page

    def _following(self, end: Position, page: Page[T]) -> Position | None:
        """Return where the page after one begins.

        :raises SchemaError: if its link is malformed.
        :raises UntrustedLink: if its link leads to another origin or path.
        :raises PaginationLoop: if it leads back.
        """
        link = page.next
        if link is None:
            return None
        walk = self._walk
        query = next_query(link, walk.base_url, walk.path, walk.query, redirected=page.redirected)
        self._progress.lead(end.query, query)
        return evolve(end, query=query)

    def _look_ahead(self, page: Page[T], end: Position) -> None:
        """Take down where a page leads, and what it says of the list; begin to read the next one if that is wished."""
        walk, first = self._walk, not self._begun
        self._begun, self._given = True, (end, page)
        total = self._standing.total = walks.credible(page.total, walk.query, end, last=page.is_last)
        try:
            following = self._following(end, page)
        except (PaginationError, SchemaError):  # it is raised when the walk gets there
            return
        if following is None:
            return
        if first and walks.overlong(walk.mode, walk.query, following.query, total):
            limit = walks.beyond(walk.path, walk.mode, total)
            if self._whole:
                raise limit
            notify(str(limit), OffsetLimitWarning)
        if walk.prefetch:
            self._ahead = Ahead(partial(asked, walk, following), walk.detach)


class Records(AsyncIterator[T]):
    """The records of pages, one by one."""

    def __init__(self, pages: AsyncIterator[list[T]]) -> None:
        self._pages = pages
        self._page: list[T] = []
        self._at = 0

    async def __anext__(self) -> T:
        while self._at >= len(self._page):
            self._page = await anext(self._pages)
            self._at = 0
        self._at += 1
        return self._page[self._at - 1]


async def _built(page: Page[T]) -> list[T]:
    """Build the records of a page, letting others run between the slices."""
    if len(page) <= SLICE:
        return [record for piece in page.slices() for record in piece]
    found: list[T] = []
    for piece in page.slices():
        found += piece
        await checkpoint()
    return found
