"""The lease of one key in a Redis or Valkey: what keeps others, on other machines too, from renewing its token.

A lock that ends with its process is only to be had on the process's own machine. Across machines it is lent for some
seconds, and lent again as long as its holder is there. A holder that was stopped for longer does not know that another
one has it by now; the server does, and takes no token from it (see `saving`).
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from contextvars import ContextVar

import anyio

from ..detached import Detached, Keep
from ..errors import TokenStoreError

__all__ = ["EXTEND", "GIVE_BACK", "LITTER", "NOW", "TAKE", "Ask", "Lease", "saving"]

LITTER = 90 * 86_400_000
"""Milliseconds for which the server keeps what is not of a token: that one was removed, or a lease that was dropped."""

NOW = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
"""

# In a hash: `holder`, who has had the lease last; `until`, when it runs out; `lent`, for how long it was lent. A clock
# that was set back must not make it last longer.
TAKE = (
    NOW
    + """
local held = redis.call('HMGET', KEYS[1], 'until', 'lent')
local left, lent = (tonumber(held[1]) or 0) - now, tonumber(held[2]) or 0
if left > 0 and left <= lent and lent <= 3600000 then return 0 end  -- else it is none of ours: as if it were not there
redis.call('HSET', KEYS[1], 'holder', ARGV[1], 'until', string.format('%.0f', now + ARGV[2]), 'lent', ARGV[2])
if redis.call('HEXISTS', KEYS[1], 'revision') == 0 then redis.call('PEXPIRE', KEYS[1], ARGV[3]) end
return 1
"""
)
EXTEND = (
    NOW
    + """
local held = redis.call('HMGET', KEYS[1], 'holder', 'until')
if held[1] ~= ARGV[1] or not held[2] then return 0 end
redis.call('HSET', KEYS[1], 'until', string.format('%.0f', now + ARGV[2]))
return 1
"""
)
GIVE_BACK = """
if redis.call('HGET', KEYS[1], 'holder') ~= ARGV[1] then return 0 end
redis.call('HDEL', KEYS[1], 'until', 'lent')
if redis.call('HLEN', KEYS[1]) == 1 then redis.call('DEL', KEYS[1]) end
return 1
"""

Ask = Callable[[str, str], Awaitable[bool]]
"""Ask the server to `take`, `extend` or `give back` the lease for a holder, and return what it said."""

_HELD: ContextVar[tuple[Lease, ...]] = ContextVar("clio_async token leases", default=())


class Lease:
    """The lease of one key: an async context manager, to be used once. `place` names the store and the key."""

    def __init__(
        self, place: tuple[object, str], ask: Ask, holder: str, seconds: float, random: Callable[[], float]
    ) -> None:
        self.place = place
        self.holder = holder
        """A random name. A number would come back with an older state of the server, and be given away twice."""
        self._ask = ask
        self._seconds = seconds
        self._random = random
        self._process = os.getpid()
        self._asked = False  # since the server last said no
        self._beats = Detached()
        self._beating = anyio.CancelScope()

    async def __aenter__(self) -> None:
        """Wait for the lease, without end.

        :raises TokenStoreError: if the server fails.
        """
        try:
            await self._take()
        except BaseException:  # the server may have lent it to us, though we have not heard of it
            await self._give_back()
            raise
        _HELD.set((*_HELD.get(), self))
        self._beats.run(self._beat)

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Give it back. If that fails it runs out by itself."""
        self._beating.cancel()
        _HELD.set(tuple(lease for lease in _HELD.get() if lease is not self))
        if kind is not GeneratorExit:  # else the event loop is closed already
            await self._give_back()

    def is_ours(self) -> bool:
        """Say whether this process has taken it: a child has not."""
        return self._process == os.getpid()

    async def _take(self) -> None:
        pauses = _pauses(self._random)
        while True:
            self._asked = True
            if await self._ask("take", self.holder):
                return
            self._asked = False
            await anyio.sleep(next(pauses))

    async def _give_back(self) -> None:
        if not self._asked or not self.is_ours():
            return
        with anyio.CancelScope(shield=True), suppress(TokenStoreError):
            await self._ask("give back", self.holder)

    async def _beat(self, _: Keep) -> None:
        """Have it lent again and again, until it is given back or another one has it."""
        with self._beating:
            while True:
                await anyio.sleep(self._seconds / 3)
                try:
                    if not await self._ask("extend", self.holder):
                        return
                except TokenStoreError:
                    continue


def saving(place: tuple[object, str]) -> str:
    """Return under which lease a token is being saved here: the name of the holder, or nothing."""
    for lease in reversed(_HELD.get()):
        if lease.place == place and lease.is_ours():
            return lease.holder
    return ""


def _pauses(random: Callable[[], float]) -> Iterator[float]:
    """Yield how long to wait before each new try, in seconds: 2 ms at first, 100 ms in the end, varied by a half."""
    pause = 0.002
    while True:
        yield pause * (0.5 + random())
        pause = min(pause * 1.5, 0.1)
