"""`keep`: a webhook that stays, and whose gaps are closed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from logging import WARNING
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeAlias, cast

import anyio

from ...errors import (
    AuthError,
    InvalidArgument,
    OutcomeUnknown,
    RateLimited,
    ReauthRequired,
    ServerError,
    TokenStoreError,
    TransportError,
)
from ...logs import write
from ...webhooks.event import Event

if TYPE_CHECKING:
    from ..caller import Caller
    from .ensured import Ensured

__all__ = ["Delivers", "OnMissed", "keep"]

_SHORTEST: Final = 30.0
_LONGEST: Final = 3600.0
_STEP: Final = 600.0
"""Seconds of one sleep: a machine may be suspended, and the moment to wake up be over."""
_PASSING = (AuthError, OutcomeUnknown, RateLimited, ServerError, TransportError)
_LASTING = (ReauthRequired, TokenStoreError)


class Delivers(Protocol):
    """What handles events: a `Receiver`."""

    def deliver(self, event: Event, /) -> Awaitable[object]:
        """Handle an event that Clio did not send."""
        ...


OnMissed: TypeAlias = Delivers | Callable[[Event], Awaitable[object]]


async def keep(ensure: Callable[[], Awaitable[Ensured]], on_missed: OnMissed, caller: Caller) -> None:
    """Ensure a webhook again and again, and tell of what was missed. It ends when it is cancelled, or by an error."""
    tell = _delivery(on_missed)
    failures, told = 0, None
    while True:
        try:
            ensured = await ensure()
            if ensured.enabled and ensured.missed_since is not None:
                told = await _close(ensured, tell, told)
        except _PASSING as error:
            if isinstance(error, _LASTING):
                raise
            failures += 1
            write(WARNING, "webhook", resource="webhooks", outcome="later", error=type(error).__name__)
            await _sleep_until(_later(error, failures, caller), caller)
        else:
            failures = 0
            await _sleep_until(ensured.next_at.timestamp(), caller)


def _delivery(on_missed: Any) -> Callable[[Event], Awaitable[object]]:
    found = getattr(on_missed, "deliver", on_missed)
    if not callable(found) or isinstance(on_missed, type):
        raise InvalidArgument("keep takes a Receiver, or a coroutine function of an Event, to tell of what was missed.")
    return cast("Callable[[Event], Awaitable[object]]", found)


async def _close(
    ensured: Ensured, tell: Callable[[Event], Awaitable[object]], told: dt.datetime | None
) -> dt.datetime | None:
    """Tell of all that changed in a gap, then note that it is closed.

    One that cannot be walked stays open, and is logged once.
    """
    changes = ensured.missed(fields="id,etag")
    if changes is None:
        if told != ensured.missed_since:
            write(WARNING, "webhook", resource="webhooks", outcome="gap")
        return ensured.missed_since
    async for record in changes:
        await tell(ensured.event(record.id, record.etag))
    await ensured.covered()
    return None


def _later(error: Exception, failures: int, caller: Caller) -> float:
    pause = min(_SHORTEST * 2.0 ** min(failures - 1, 10), _LONGEST) * (0.5 + 0.5 * caller.random())
    later = caller.wall_clock() + pause
    named = error.retry_at if isinstance(error, RateLimited | ServerError) else None
    return later if named is None else max(later, named)


async def _sleep_until(moment: float, caller: Caller) -> None:
    while (left := moment - caller.wall_clock()) > 0:  # noqa: ASYNC110 - the time is all that is waited for
        await anyio.sleep(min(left, _STEP))
