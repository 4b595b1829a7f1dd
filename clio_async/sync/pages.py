"""`SyncPages` and `SyncChanges`: lists that are read page by page, while a thread walks them."""

from __future__ import annotations

from _thread import get_ident
from collections.abc import AsyncIterator, Iterator
from typing import Any, Generic, TypeVar

from ..changes import Changes
from ..errors import UsageError
from ..pages import Pages
from .seat import Seat

__all__ = ["SyncChanges", "SyncPages"]

T = TypeVar("T")

_END: Any = object()


class SyncPages(Generic[T]):
    """The records of a list: `Pages`, for threads. Nothing is asked for before it is walked, and one page at a time.

    ``for record in pages``, or `by_page`, `collect`, `first`. Each walk begins at the beginning. A walk that was begun
    in one thread may go on in another one, but two at once do not share a walk.
    """

    __slots__ = ("_pages", "_seat")

    def __init__(self, seat: Seat, pages: Pages[T]) -> None:
        self._seat = seat
        self._pages = pages

    def __repr__(self) -> str:
        return f"<Sync{repr(self._pages)[1:]}"

    def __iter__(self) -> Iterator[T]:
        return _Records(self.by_page())

    def by_page(self) -> Iterator[list[T]]:
        """Walk page by page. It raises what `Pages.by_page` does."""
        return _Steps(self._seat, self._pages.by_page())

    def collect(self) -> list[T]:
        """Return all records.

        :raises OffsetLimit: after one request if Clio says that there are more than it gives in this order.
        """
        return self._seat.run(self._pages.collect())

    def first(self) -> T | None:
        """Return the first record, None when there is none. It asks for one record only."""
        return self._seat.run(self._pages.first())

    @property
    def total(self) -> int | None:
        """How many records the whole list has, as the page that was read last has it: see `Pages.total`."""
        return self._pages.total

    @property
    def resume_token(self) -> str | None:
        """A text that continues here, also with the asynchronous client. None at the end: see `Pages.resume_token`."""
        return self._pages.resume_token


class SyncChanges(Generic[T]):
    """The records of a resource that have changed since a mark: `Changes`, for threads.

    ``for record in changes``, or `by_page`, `collect`; then keep `mark` for the next time.
    """

    __slots__ = ("_changes", "_seat")

    def __init__(self, seat: Seat, changes: Changes[T]) -> None:
        self._seat = seat
        self._changes = changes

    def __repr__(self) -> str:
        return f"<Sync{repr(self._changes)[1:]}"

    def __iter__(self) -> Iterator[T]:
        return _Records(self.by_page())

    def by_page(self) -> Iterator[list[T]]:
        """Walk page by page; pages without anything new are left out. Each walk begins at the beginning."""
        return _Steps(self._seat, self._changes.by_page())

    def collect(self) -> list[T]:
        """Return all that have changed. If it fails, nothing counts as given out, and `mark` is as before."""
        return self._seat.run(self._changes.collect())

    @property
    def mark(self) -> str:
        """A text for the next ``iter_changes(mark, …)`` with the same filters: see `Changes.mark`."""
        return self._changes.mark

    @property
    def sees_deletions(self) -> bool:
        """Whether what was deleted comes, too: documents and folders in the trash."""
        return self._changes.sees_deletions


class _Steps(Iterator[list[T]]):
    """One walk, one hop for each page. A step that fails or is interrupted loses nothing: the next one goes on."""

    def __init__(self, seat: Seat, steps: AsyncIterator[list[T]]) -> None:
        self._seat = seat
        self._steps = steps
        self._read: list[Any] = []
        """The page that was read, until it is given out."""
        self._whose: dict[None, int] = {}

    def __next__(self) -> list[T]:
        own = get_ident()
        try:
            _claim(self._whose, own)
            if not self._read:
                self._seat.run(self._step())
            page: Any = self._read[0]
            self._read = []  # from here on nothing is called: an interruption would lose the page
        finally:
            if self._whose == {None: own}:
                self._whose = {}
        if page is _END:
            raise StopIteration
        return page  # type: ignore[no-any-return]

    async def _step(self) -> None:
        page = await anext(self._steps, _END)
        self._read.append(page)


class _Records(Iterator[T]):
    """The records of pages, one by one: without a hop, but for the first one of a page."""

    def __init__(self, pages: Iterator[list[T]]) -> None:
        self._pages = pages
        self._page: Iterator[T] = iter(())
        self._whose: dict[None, int] = {}

    def __next__(self) -> T:
        found: T = next(self._page, _END)
        if found is _END:
            own = get_ident()
            try:
                _claim(self._whose, own)
                found = next(self._page, _END)  # another thread may have gone on meanwhile
                while found is _END:
                    self._page = iter(next(self._pages))
                    found = next(self._page, _END)
            finally:
                if self._whose == {None: own}:
                    self._whose = {}
        return found


def _claim(whose: dict[None, int], own: int) -> None:
    """Let one thread at a time have something. A thread that was interrupted may come again.

    :raises UsageError: if another thread has it.
    """
    if whose.setdefault(None, own) != own:
        raise UsageError("Two threads ask one walk for its next page: begin a walk for each, or take turns.")
