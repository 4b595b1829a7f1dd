"""`Pages`: a list that is read page by page, while it is walked."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Generic, TypeVar

from anyio.lowlevel import checkpoint
from attrs import frozen

from .codec import SLICE, Page
from .errors import PaginationLoop, UntrustedLink
from .protocol.paging import next_query, read_resume_token, write_resume_token

__all__ = ["Pages", "Walk"]

T = TypeVar("T")

_EMPTY_PAGES = 20
"""So many empty pages in a row that each point to another are a loop."""


@frozen(eq=False)
class Walk(Generic[T]):
    """What a list is read by."""

    operation: str
    base_url: str
    path: str
    query: str
    scope: str
    """On whose behalf and in which version: a resume token is bound to it."""
    ascending: bool
    """The order is `id(asc)`, so that ids have to grow."""
    fetch: Callable[[str], Awaitable[Page[T]]]
    """Reads the page of a query."""
    fetch_first: Callable[[], Awaitable[Page[T]]]
    """Reads a page of one record."""


class Pages(Generic[T]):
    """The records of a list. Nothing is asked for before it is walked, and one page at a time.

    ``async for record in pages``, or `by_page`, `collect`, `first`. Each walk begins at the beginning. In cursor mode
    (the default order) records that exist throughout come exactly once; under another order Clio counts offsets: then
    records can be missed or come twice when others are added or removed meanwhile, and the list ends at 10 000.
    See https://docs.developers.clio.com/api-docs/paging.
    """

    __slots__ = ("_position", "_start", "_walk")

    def __init__(self, walk: Walk[T], resume: str | None = None) -> None:
        self._walk = walk
        self._start = walk.query
        if resume is not None:
            self._start = read_resume_token(resume, walk.operation, walk.scope, walk.query)
        self._position: str | None = self._start

    def __repr__(self) -> str:
        return f"<Pages of {self._walk.path}>"

    def __aiter__(self) -> AsyncIterator[T]:
        return _Records(self.by_page())

    def by_page(self) -> AsyncIterator[list[T]]:
        """Walk page by page.

        :raises PaginationLoop: if Clio's links lead in a circle.
        :raises UntrustedLink: if a link leads to another origin or path.
        """
        return _ByPage(self)

    async def collect(self) -> list[T]:
        """Return all records."""
        found: list[T] = []
        async for page in self.by_page():
            found += page
        return found

    async def first(self) -> T | None:
        """Return the first record, None when there is none. It asks for one record only."""
        page = await self._walk.fetch_first()
        return next((record for piece in page.slices() for record in piece), None)

    @property
    def resume_token(self) -> str | None:
        """A text that continues here: ``list(resume=…, …)`` with the same arguments. None at the end of the list.

        It is the page that was not yet delivered whole; so after an error, or in the middle of a page, the records of
        that page come again.
        """
        if self._position is None:
            return None
        return write_resume_token(self._walk.operation, self._walk.scope, self._walk.query, self._position)


class _ByPage(AsyncIterator[list[T]]):
    """One walk. The page that was given out last counts as delivered when the next one is asked for."""

    def __init__(self, pages: Pages[T]) -> None:
        self._pages = pages
        self._walk = pages._walk  # noqa: SLF001 - one class in two
        self._query: str | None = pages._start  # noqa: SLF001
        self._link: str | None = None
        self._seen: set[str] = set()
        self._greatest = 0
        self._empty = 0

    async def __anext__(self) -> list[T]:
        if self._seen:
            self._query = self._following()
        query = self._query
        self._pages._position = query  # noqa: SLF001
        if query is None:
            raise StopAsyncIteration
        page = await self._walk.fetch(query)
        records = await _built(page)
        self._seen.add(query)
        self._link = page.next
        self._empty = 0 if records else self._empty + 1
        if not self._progressed(records):
            raise self._loop()
        return records

    def _following(self) -> str | None:
        if self._link is None:
            return None
        try:
            following = next_query(self._link, self._walk.base_url, self._walk.path, self._walk.query)
        except UntrustedLink as error:
            raise UntrustedLink(str(error), resume_token=self._pages.resume_token) from None
        if following in self._seen or self._empty >= _EMPTY_PAGES:
            raise self._loop()
        return following

    def _progressed(self, records: list[T]) -> bool:
        """Whether ids have grown, where they have to."""
        ids = [found for record in records if isinstance(found := getattr(record, "id", None), int)]
        if not ids or not self._walk.ascending:
            return True
        before, self._greatest = self._greatest, max(self._greatest, *ids)
        return self._greatest > before

    def _loop(self) -> PaginationLoop:
        message = f"The pages of {self._walk.path} lead in a circle."
        return PaginationLoop(message, resume_token=self._pages.resume_token)


async def _built(page: Page[T]) -> list[T]:
    """Build the records of a page, letting others run between the slices."""
    if len(page) <= SLICE:
        return [record for piece in page.slices() for record in piece]
    found: list[T] = []
    for piece in page.slices():
        found += piece
        await checkpoint()
    return found


class _Records(AsyncIterator[T]):
    """The records of the pages, one by one."""

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
