"""The limiter of one process: `LocalLimiter`."""

from __future__ import annotations

import random as _random
import time
from collections.abc import Callable

from ..messages import Request, Response
from ..options import Lane
from ..principal import Principal
from .base import Limiter, Quota

__all__ = ["LocalLimiter"]


class LocalLimiter(Limiter):
    """Share out the quota of each principal among the calls of this process."""

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.monotonic,
        wall_clock: Callable[[], float] = time.time,
        random: Callable[[], float] = _random.random,
    ) -> None:
        self._clock = clock
        self._wall_clock = wall_clock
        self._random = random

    def passes(self, request: Request) -> bool:
        return True

    async def turn(self, request: Request) -> None:
        return None

    def answered(self, request: Request, response: Response) -> Response:
        return response

    def failed(self, request: Request) -> None:
        return None

    def promote(self, request: Request, lane: Lane) -> None:
        return None

    def waits_until(self, request: Request) -> float | None:
        return None

    def quota(self, principal: Principal) -> Quota:
        return Quota(None, None, None, 0, 0, False, 0.0, 0.0)
