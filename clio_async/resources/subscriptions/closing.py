"""`Closing`: what changed in a gap is told, record by record, and how far that has come is noted.

Pages are told in the order in which Clio lists them. The mark of the page, and which of its records were told, are in
the store: so the next pass goes on behind them, also in another process. What could not be told is told again after
the others, and the gap is closed when nothing is left.
"""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

import anyio
from attrs import evolve

from ...errors import InvalidArgument, RateLimited, SubscriptionStoreError
from ...protocol import gaps
from ...webhooks.event import Event
from .telling import PASSING, Tell, log_failure, try_to_tell
from .waiting import sleep_until

if TYPE_CHECKING:
    from ...changes import Changes
    from ...webhooks.subscriptions import Subscription, SubscriptionStore
    from ..caller import Caller

__all__ = ["Closed", "Closing"]

Closed: TypeAlias = Literal["closed", "failing", "unfinished", "unseen"]
"""What became of a gap: ``failing`` if records could not be told, ``unfinished`` if there was no time for all of them,
``unseen`` if there is no walk that would find them."""
_EVERY: Final = 10.0
"""Seconds between two notes of how far it has come, at most: so much is told again after a crash."""
_CLEARING: Final = 5.0
_SHORTEST: Final = 1.0
_LONGEST: Final = 60.0


class _StopError(Exception):
    """This pass ends here."""

    def __init__(self, outcome: Closed) -> None:
        self.outcome: Closed = outcome


class Closing:
    """One pass over a gap."""

    def __init__(
        self,
        caller: Caller,
        store: SubscriptionStore,
        key: str,
        changes: Callable[[str | None], Changes[Any]] | None,
        event: Callable[[int, str | None], Event],
        tell: Tell,
        address: Callable[[int], str],
        until: float | None,
    ) -> None:
        self._caller = caller
        self._store = store
        self._key = key
        self._changes = changes
        self._event = event
        self._tell = tell
        self._address = address
        self._until = until
        self._tried = 0
        self._in_a_row = 0
        self._noted = 0.0
        self.told = 0
        """How many records were told."""

    async def close(self) -> Closed:
        """Tell of what is left of the gap, and note how far that has come. Raises what `Ensured.close` raises."""
        found = await self._store.get(self._key)
        if found is None:
            return "unfinished"  # another has taken its place, and its gap
        if found.covered_from is None:
            return "closed"
        if self._changes is None:
            return "unseen"
        if found.covered_until is None:
            return "unfinished"
        self._gap = found
        self._noted = self._caller.wall_clock()
        self._at = gaps.gone_on(found.walk, found.covered_until, self._noted)
        try:
            return await self._passed(self._changes)
        except _StopError as stop:
            await self._note()
            return stop.outcome
        except BaseException:
            with anyio.move_on_after(_CLEARING, shield=True), contextlib.suppress(SubscriptionStoreError):
                await self._note()
            raise

    async def _passed(self, since: Callable[[str | None], Changes[Any]]) -> Closed:
        while True:
            if not self._at.over and len(self._at.failed) < gaps.MOST:
                await self._walk(since)
            for number in self._at.failed:
                await self._told(number, None)
            if self._at.failed:
                raise _StopError("failing")
            if self._at.over and (outcome := await self._covered()) is not None:
                return outcome

    async def _walk(self, since: Callable[[str | None], Changes[Any]]) -> None:
        """Tell of each page."""
        changes = self._begun(since)
        pages = changes.by_page()
        passed = frozenset(self._at.told)
        while True:
            page = await self._unhurried(lambda: anext(pages, None))
            if page is None:
                break
            known, passed = passed, frozenset[int]()
            self._at = evolve(
                self._at, mark=changes.mark, told=tuple(record.id for record in page if record.id in known)
            )
            for record in page:
                if record.id not in known:
                    await self._told(record.id, record.etag)
                    if len(self._at.failed) >= gaps.MOST:
                        return
        self._at = evolve(self._at, mark=changes.mark, told=(), over=True)

    def _begun(self, since: Callable[[str | None], Changes[Any]]) -> Changes[Any]:
        try:
            return since(self._at.mark)
        except InvalidArgument:  # the mark is of another principal, or of another version of the package
            self._at = evolve(self._at, mark=None, told=())
            return since(None)

    async def _told(self, id: int, etag: str | None) -> None:
        """Tell of a record. One that fails is told again, after the others."""
        self._in_time()
        self._tried += 1
        event = self._event(id, etag)
        error = await self._unhurried(lambda: self._once(event))
        if error is None:
            self._at, self._in_a_row = gaps.told(self._at, id), 0
            self.told += 1
        else:
            if id not in self._at.failed:
                log_failure(self._address(id), error)
            self._at = gaps.failed(self._at, id)
            self._in_a_row += 1
            if isinstance(error, PASSING) or self._in_a_row >= gaps.IN_A_ROW:
                raise _StopError("failing")
        if not 0 <= self._caller.wall_clock() - self._noted < _EVERY:
            await self._note()

    async def _once(self, event: Event) -> Exception | None:
        error = await try_to_tell(self._tell, event)
        if isinstance(error, RateLimited):
            raise error
        return error

    async def _unhurried(self, ask: Callable[[], Awaitable[Any]]) -> Any:
        """Ask, and ask again when there is quota for it."""
        pause = _SHORTEST
        while True:
            try:
                return await ask()
            except RateLimited as limited:
                now = self._caller.wall_clock()
                again = max(now + pause * (0.5 + 0.5 * self._caller.random()), limited.retry_at or 0.0)
            pause = min(2 * pause, _LONGEST)
            if self._until is not None and again >= self._until:
                raise _StopError("unfinished")
            await self._note()
            await sleep_until(again, self._caller)

    def _in_time(self) -> None:
        """Stop when the time is up; but each pass tells of a record."""
        if self._until is not None and self._tried and self._caller.wall_clock() >= self._until:
            raise _StopError("unfinished")

    # -- what is noted ----------------------------------------------------------------------------------------------

    async def _note(self) -> None:
        self._noted, text = self._caller.wall_clock(), gaps.write_standing(self._at)
        while (found := await self._store.get(self._key)) is not None and self._is_this(found):
            if found.walk == text or await self._store.replace(found, evolve(found, walk=text)):
                return

    async def _covered(self) -> Closed | None:
        """Note that all was told. None: the gap has grown meanwhile, and the rest of it is to be walked."""
        while (found := await self._store.get(self._key)) is not None and self._is_this(found):
            if found.covered_until is None:
                return "unfinished"
            if found.covered_until > self._at.began:
                self._at = gaps.gone_on(gaps.write_standing(self._at), found.covered_until, self._caller.wall_clock())
                return None
            if await self._store.replace(found, evolve(found, covered_from=None, covered_until=None, walk=None)):
                return "closed"
        return "closed" if found is not None and found.covered_from is None else "unfinished"

    def _is_this(self, found: Subscription) -> bool:
        return found.covered_from == self._gap.covered_from
