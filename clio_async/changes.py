"""`Changes`: what has changed since a mark, and the next mark."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Generic, TypeAlias, TypeVar

from attrs import evolve, frozen

from .codec import Page
from .errors import BadRequest, InvalidArgument, NotFound, UnprocessableEntity
from .pages import Pages
from .protocol.changes import Mark, Version, Walked, version, write_mark
from .walking import Records

__all__ = ["Changes", "Feed"]

T = TypeVar("T")

Paired: TypeAlias = Callable[[Page[T]], Page[tuple[Version, T]]]
"""Makes a page of records one of versions and records."""

_STALE = (BadRequest, NotFound, UnprocessableEntity)
"""How a server may refuse a page that it no longer knows."""


@frozen(eq=False)
class Feed(Generic[T]):
    """What changes are read by."""

    name: str
    bound: str
    """What its marks are bound to."""
    sees_deletions: bool
    pages: Callable[[datetime, str | None, Paired[T]], Pages[tuple[Version, T]]]
    """Returns the list of what has changed since an instant, to be walked from a resume token on if there is one.

    :raises InvalidArgument: if the token was made for another list.
    """


class Changes(Generic[T]):
    """The records of a resource that have changed since a mark, each in its present version.

    ``async for record in changes``, or `by_page`, `collect`; then keep `mark` for the next time. What has changed is
    told by the server's times alone: each walk begins 60 s before the latest change that the one before it saw, so that
    a `Date` that is wrong loses nothing. It does not give out again what was given out unchanged; if more than a
    thousand records changed within those 60 s, some come again.

    Deletions are seen where `sees_deletions` is true: what is in the trash comes, with its `deleted_at`. Elsewhere a
    record that was deleted does not come, nor does one that the user may not see any more, or that a filter does not
    match any more: use webhooks, or ask for the ids that you know by `get_many` from time to time.

    In a list that Clio cannot order by id, what leaves it during a walk of several pages can hide another record.
    """

    __slots__ = ("_feed", "_start", "_walk")

    def __init__(self, feed: Feed[T], start: Mark) -> None:
        self._feed = feed
        self._start = start
        self._walk: _Walk[T] | None = None

    def __repr__(self) -> str:
        return f"<Changes of {self._feed.name} since {self._start.since.isoformat()}>"

    def __aiter__(self) -> AsyncIterator[T]:
        return Records(self.by_page())

    def by_page(self) -> AsyncIterator[list[T]]:
        """Walk page by page; pages without anything new are left out. Each walk begins at the beginning.

        Raises what `Pages.by_page` raises.
        """
        self._walk = _Walk(self._feed, self._start)
        return self._walk

    async def collect(self) -> list[T]:
        """Return all that have changed. If it fails, nothing counts as given out, and `mark` is as before."""
        walk = _Walk(self._feed, self._start)
        found = [record async for page in walk for record in page]
        self._walk = walk
        return found

    @property
    def mark(self) -> str:
        """A text for the next ``iter_changes(mark, …)`` with the same filters, also in another process.

        At the end of a walk it stands for all that comes later. Before that it continues the walk, after an error, too:
        at the page that was not yet delivered whole. With other `fields`, or if Clio does not know that page any more,
        it begins where this walk began. So nothing is lost whenever it is taken.
        """
        return write_mark(self._start if self._walk is None else self._walk.mark, self._feed.bound)

    @property
    def sees_deletions(self) -> bool:
        """Whether what was deleted comes, too: documents and folders in the trash."""
        return self._feed.sees_deletions


class _Walk(AsyncIterator[list[T]]):
    """One walk. The page that was given out last counts as delivered when the next one is asked for."""

    def __init__(self, feed: Feed[T], mark: Mark) -> None:
        self._feed = feed
        self._begin(mark)

    def _begin(self, mark: Mark) -> None:
        try:
            self._pages = self._feed.pages(mark.since, None if mark.rest is None else mark.rest.token, self._paired)
        except InvalidArgument:  # its token is for pages of other fields, or of another version of the API
            mark = evolve(mark, rest=None)
            self._pages = self._feed.pages(mark.since, None, self._paired)
        self._start = mark
        self._walked = Walked(mark)
        self._resumed = mark.rest is not None
        self._steps = self._pages.by_page()

    def _begin_anew(self) -> None:
        self._begin(evolve(self._start, rest=None))

    def _paired(self, page: Page[T]) -> Page[tuple[Version, T]]:
        self._walked.read(page.date, page.values("updated_at"))
        return page.paired(version)

    @property
    def mark(self) -> Mark:
        return self._walked.mark(self._pages.resume_token)

    async def __anext__(self) -> list[T]:
        while True:
            self._walked.passed()
            pairs = await self._next()
            new = self._walked.sift(found for found, _ in pairs)
            if any(new):
                return [record for (_, record), fresh in zip(pairs, new, strict=True) if fresh]

    async def _next(self) -> list[tuple[Version, T]]:
        try:
            pairs = await anext(self._steps)
        except _STALE:
            if not self._resumed:
                raise
            self._begin_anew()
            pairs = await anext(self._steps)
        self._resumed = False
        return pairs
