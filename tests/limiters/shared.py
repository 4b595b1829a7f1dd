"""A real Redis in virtual time: the script runs there, and is told what time it is."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import anyio
import redis

from clio_async.errors import RedisUnavailable
from clio_async.redis import Reply, Script

_numbers = itertools.count()


class VirtualServer:
    """Stands in for `RedisServer`. Calls take no real time, `latency` seconds each way, and fail while it is `down`."""

    def __init__(
        self, url: str, clock: Callable[[], float], latency: Callable[[], float] = lambda: 0.0005, prefix: str = ""
    ) -> None:
        self._redis = redis.Redis.from_url(url)
        self._clock = clock
        self._latency = latency
        self.prefix = prefix or f"shared-{next(_numbers)}-{id(self)}"
        self.down = False
        self.timeout = 0.2
        self.calls = 0
        self.lost_replies: Callable[[], bool] = lambda: False
        self.ahead = 0.0  # seconds by which its clock jumps

    async def call(self, script: Script, keys: Sequence[str], arguments: Sequence[Any] = ()) -> Reply:
        self.calls += 1
        if self.down:
            await anyio.sleep(self.timeout)
            raise RedisUnavailable("It does not answer.")
        await anyio.sleep(self._latency())
        names = [f"{self.prefix}:{key}" for key in keys]
        assert arguments[0] == ""
        now = self._clock() + 1_700_000_000.25 + self.ahead
        value = self._redis.eval(script.source, len(names), *names, now, *arguments[1:])
        await anyio.sleep(self._latency())
        if self.lost_replies():
            raise RedisUnavailable("The answer was lost.")
        return Reply(value, "run")

    def flush(self) -> None:
        for key in self._redis.keys(f"{self.prefix}:*"):
            self._redis.delete(key)

    def close(self) -> None:
        self.flush()
        self._redis.close()
