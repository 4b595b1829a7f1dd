"""A store that may be slow, down or broken, made harmless."""

from __future__ import annotations

import itertools
import math
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias, TypeVar

import anyio

from ..errors import ClioError
from ..notices import notify
from .base import Begun, CacheStore, Entry, Generation

__all__ = ["GuardedStore"]

T = TypeVar("T")
_Mark: TypeAlias = tuple[str | None, str | None]
"""What is outdated: a tag (None: everything) for one principal (None: for all)."""

_DIRTY_LIMIT = 10_000  # marks; a store that loses so many invalidations is not read any more
_CHUNK = 200  # marks that are recorded again at once


class GuardedStore(CacheStore):
    """Give a store outside the process a time budget and a breaker.

    A failed read is a miss and a failed write is dropped, so no call fails for its cache. An invalidation that could
    not be recorded makes its tags dirty: reads that depend on them pass the store by until it is recorded. After
    `failures` failures in a row the store is left alone for `pause` seconds, and then tried by one caller. `budget` is
    seconds for one operation; a store that answers promptly needs none to begin a read.

    An invalidation is tried although the store is left alone, unless the last one failed: a store that takes no more
    entries, or is slow to, may take these.

    What could not be recorded is known to this process alone, which tells it with its next call that the store answers,
    and once more when it is closed: nothing runs in the background, so a process that is idle tells nothing. Until
    then, and if it ends before the store is back, other processes may give an answer of before its writes, without
    asking, for as long as their `policy.fresh_for` has it; whoever asks the server is told the truth.
    """

    def __init__(
        self,
        store: CacheStore,
        *,
        clock: Callable[[], float],
        budget: float = 0.1,
        failures: int = 5,
        pause: float = 5.0,
    ) -> None:
        self._store = store
        self._clock = clock
        self._budget = budget
        self._failures = failures
        self._pause = pause
        self._failed = 0
        self._retry_at = 0.0
        self._tell_at = -math.inf  # when an invalidation may be tried though the store is left alone
        self._dirty: dict[_Mark, int] = {}
        self._numbers = itertools.count()
        self._catch_up_at = -math.inf
        self._abandoned = False
        self._warned = False

    async def begin(self, principal: str, key: str, tags: Sequence[str]) -> Begun:
        if self._abandoned:
            return Begun(None, None)
        if self._store.answers_promptly and not self._dirty:
            return await self._begin_promptly(principal, key, tags)
        begun = await self._try(lambda: self._begin(principal, key, tags))
        if begun is None:
            return Begun(None, None)
        if self._dirty:
            await self._catch_up()
        return begun

    async def _begin_promptly(self, principal: str, key: str, tags: Sequence[str]) -> Begun:
        if self._failed >= self._failures and not self._may_probe():
            return Begun(None, None)
        try:
            begun = await self._store.begin(principal, key, tags)
        except Exception as error:
            self._note(error)
            return Begun(None, None)
        self._failed = 0
        return begun

    async def _begin(self, principal: str, key: str, tags: Sequence[str]) -> Begun:
        if self._dirty:
            await self._record(self._dirty_among(principal, tags))
        return await self._store.begin(principal, key, tags)

    async def commit(self, principal: str, key: str, tags: Sequence[str], generation: Generation, entry: Entry) -> bool:
        if generation is None or self._abandoned or self._dirty_among(principal, tags):
            return False
        return bool(await self._try(lambda: self._store.commit(principal, key, tags, generation, entry)))

    async def touch(self, principal: str, key: str, entry: Entry) -> None:
        if not self._abandoned:
            await self._try(lambda: self._done(self._store.touch(principal, key, entry)))

    async def delete_tags(self, tags: Sequence[str], *, principal: str | None = None) -> None:
        if tags:
            await self._outdate([(tag, principal) for tag in tags])

    async def purge(self, principal: str) -> None:
        await self._outdate([(None, principal)])

    async def aclose(self) -> None:
        """Close the store, after one more try to record what was lost."""
        try:
            if self._dirty:
                self._catch_up_at = self._tell_at = -math.inf
                await self._catch_up()
        finally:
            await self._store.aclose()

    async def _outdate(self, marks: list[_Mark]) -> None:
        """Record what is outdated. Dirty first: a read may come while the store hangs."""
        numbered = dict.fromkeys(marks, next(self._numbers))
        self._dirty.update(numbered)
        recorded = await self._tell(numbered)
        if len(self._dirty) > _DIRTY_LIMIT:
            self._abandon()
        elif recorded and self._dirty:
            await self._catch_up()

    async def _catch_up(self) -> None:
        """Record some of what was lost earlier, for the other processes: not oftener than the store succeeds in it."""
        now = self._clock()
        if now < self._catch_up_at:
            return
        self._catch_up_at = now + self._pause
        lost = dict(itertools.islice(self._dirty.items(), _CHUNK))
        if await self._tell(lost):
            self._catch_up_at = -math.inf

    async def _tell(self, numbered: dict[_Mark, int]) -> bool:
        """Record what is outdated, within the budget. False if that failed, or was not tried."""
        now = self._clock()
        left_alone = self._failed >= self._failures
        if left_alone and now < self._tell_at and not self._may_probe():
            return False
        try:
            with anyio.fail_after(self._budget):
                await self._record(numbered)
        except Exception as error:
            self._note(error)
            self._tell_at = self._clock() + self._pause
            return False
        self._tell_at = -math.inf
        if not left_alone:  # else whoever reads or keeps an entry finds out whether that goes again
            self._failed = 0
        return True

    async def _record(self, numbered: dict[_Mark, int]) -> None:
        """Tell the store, and forget what it was told."""
        groups: dict[tuple[bool, str | None], list[_Mark]] = {}
        for mark in numbered:
            groups.setdefault((mark[0] is None, mark[1]), []).append(mark)
        for (everything, principal), marks in groups.items():
            if everything and principal is not None:
                await self._store.purge(principal)
            else:
                await self._store.delete_tags([tag for tag, _ in marks if tag is not None], principal=principal)
            for mark in marks:
                if self._dirty.get(mark) == numbered[mark]:  # else it was outdated again in the meantime
                    del self._dirty[mark]

    def _dirty_among(self, principal: str, tags: Sequence[str]) -> dict[_Mark, int]:
        """Return what is dirty of what a read depends on."""
        dirty = self._dirty
        if not dirty:
            return dirty
        marks = [(None, principal), *((tag, whom) for tag in tags for whom in (None, principal))]
        return {mark: dirty[mark] for mark in marks if mark in dirty}

    def _abandon(self) -> None:
        """Stop reading: too much was lost to know what is outdated. Invalidations go on, for the other processes."""
        self._dirty.clear()
        if not self._abandoned:
            self._abandoned = True
            notify("The cache store lost too many invalidations: this client goes without it from now on.")

    async def _done(self, step: Awaitable[None]) -> bool:
        await step
        return True

    async def _try(self, step: Callable[[], Awaitable[T]]) -> T | None:
        """Run `step` within the budget. None if it failed or the breaker is open."""
        if self._failed >= self._failures and not self._may_probe():
            return None
        try:
            with anyio.fail_after(self._budget):
                result = await step()
        except Exception as error:
            self._note(error)
            return None
        self._failed = 0
        return result

    def _may_probe(self) -> bool:
        """Let one caller after each pause find out whether the store is back; the others need not wait for it."""
        now = self._clock()
        if now < self._retry_at:
            return False
        self._retry_at = now + self._pause
        return True

    def _note(self, error: Exception) -> None:
        self._failed += 1
        self._retry_at = self._clock() + self._pause
        if not self._warned:
            self._warned = True
            # The words of an error that is not ours may hold an address with its password.
            reason = f"{error}" if isinstance(error, ClioError) else f"({type(error).__name__})"
            notify(f"The cache store failed, and reads go without it while it does: {reason}")
