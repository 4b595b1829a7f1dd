"""`keep`: a webhook that stays, and whose gaps are closed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from logging import INFO, WARNING
from typing import TYPE_CHECKING, Final

from ...errors import DecodeError, RateLimited, ServerError, SubscriptionStoreError
from ...logs import write
from .telling import LASTING, PASSING, OnMissed, Tell, delivery
from .waiting import sleep_until

if TYPE_CHECKING:
    from ..caller import Caller
    from .ensured import Ensured

__all__ = ["keep"]

_SHORTEST: Final = 30.0
_LONGEST: Final = 3600.0
_DOUBTFUL: Final = (DecodeError, SubscriptionStoreError)
"""What passes, as a page in the place of an answer does, or a disk that is busy; or does not."""
_DOUBTS: Final = 5
"""How many failures in a row may be of that kind: a quarter of an hour."""


async def keep(ensure: Callable[[], Awaitable[Ensured]], on_missed: OnMissed, caller: Caller) -> None:
    """Ensure a webhook again and again, and tell of what was missed. It ends when it is cancelled, or by an error."""
    keeping, failures = _Keeping(delivery(on_missed), caller), 0
    while True:
        try:
            ensured = await ensure()
            again = await keeping.close(ensured)
        except (*PASSING, *_DOUBTFUL) as error:
            failures += 1
            if isinstance(error, LASTING) or (isinstance(error, _DOUBTFUL) and failures > _DOUBTS):
                raise
            write(WARNING, "webhook", resource="webhooks", outcome="later", error=type(error).__name__)
            again = _later(error, failures, caller)
        else:
            failures = 0
        await sleep_until(again, caller)


class _Keeping:
    """Closes the gaps of one webhook, with longer and longer pauses while its records cannot be told."""

    def __init__(self, tell: Tell, caller: Caller) -> None:
        self._tell = tell
        self._caller = caller
        self._failures = 0
        self._rests_until = 0.0
        self._known: dt.datetime | None = None
        """The gap that nothing can be done about, and that was logged."""
        self._warned = False

    async def close(self, ensured: Ensured) -> float:
        """Do what can be done now about a gap, and return when to look again."""
        looked = ensured.next_at.timestamp()
        if not ensured.enabled or ensured.missed_since is None:
            return looked
        if self._caller.wall_clock() >= self._rests_until:
            await self._pass(ensured, looked)
        return min(looked, self._rests_until) if self._failures else looked

    async def _pass(self, ensured: Ensured, looked: float) -> None:
        closing = ensured.closing(self._tell, looked)
        outcome = await closing.close()
        if outcome == "failing":
            self._failures = 1 if closing.told else self._failures + 1
            self._rests_until = self._caller.wall_clock() + _pause(self._failures, self._caller)
            write(WARNING, "webhook", resource="webhooks", outcome="untold")
            return
        self._failures = 0
        if outcome == "unseen" and self._known != ensured.missed_since:
            self._known = ensured.missed_since
            write(WARNING, "webhook", resource="webhooks", outcome="gap")
        elif outcome == "closed" and ensured.unseen is not None and not self._warned:
            self._warned = True
            write(INFO, "webhook", resource="webhooks", outcome="deletions_unseen")


def _later(error: Exception, failures: int, caller: Caller) -> float:
    later = caller.wall_clock() + _pause(failures, caller)
    named = error.retry_at if isinstance(error, RateLimited | ServerError) else None
    return later if named is None else max(later, named)


def _pause(failures: int, caller: Caller) -> float:
    return min(_SHORTEST * 2.0 ** min(failures - 1, 10), _LONGEST) * (0.5 + 0.5 * caller.random())
