"""Keep to the quota of the token."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal

from ..errors import AuthError, ClioError, NotSent, UsageError
from ..hooks import Watch
from ..limiters.base import Limiter
from ..messages import Request, Response
from ..principal import Principal
from ..stats import Stats
from .base import Handler

__all__ = ["Limit"]

_LONGER = 1.0  # seconds by which a pause has to become longer to be told again
_KEPT = 1_000  # pauses, before those that are over are dropped
_UNSENT = (NotSent, AuthError, UsageError)  # a transport that is closed, or another loop's, says so before it sends


class Limit:
    """Let each request wait for its turn. Every request that is sent passes here, repetitions too.

    A pause is told once, however many requests are answered 429 in it, and again if it becomes notably longer.
    """

    def __init__(self, limiter: Limiter, stats: Stats, watch: Watch, clock: Callable[[], float]) -> None:
        self._limiter = limiter
        self._settle = None if type(limiter).settle is Limiter.settle else limiter.settle
        self._stats = stats
        self._watch = watch
        self._clock = clock
        self._told: dict[str, float] = {}  # until when the pause of a principal lasts that was told last
        self._sweep_at = _KEPT

    async def __call__(self, request: Request, call_next: Handler, /) -> Response:
        limiter, principal = self._limiter, request.principal
        if principal is None:
            return await call_next(request)
        if not limiter.passes(request):
            await self._wait(request, principal)
        try:
            response = await call_next(request)
        except BaseException as error:
            limiter.failed(request, sent=not isinstance(error, _UNSENT))
            raise
        response = limiter.answered(request, response)
        if response.status == 429:
            self._limited(principal)
        if self._settle is not None:
            await self._settle(request)
        return response

    async def _wait(self, request: Request, principal: Principal) -> None:
        started = self._clock()
        outcome: Literal["sent", "refused", "abandoned"] = "abandoned"
        try:
            await self._limiter.turn(request)
            outcome = "sent"
        except ClioError as error:
            if not isinstance(error, TimeoutError):
                outcome = "refused"
                self._stats.refused += 1
            raise
        finally:
            ended = self._clock()
            self._stats.waited += ended - started
            lane = request.options.lane if request.options is not None else "interactive"
            from ..events import QuotaWait  # for those that had to wait

            self._watch.waited(QuotaWait(principal.fingerprint, lane, outcome, started, ended))

    def _limited(self, principal: Principal) -> None:
        self._stats.limited += 1
        now, pause = self._clock(), self._limiter.quota(principal).pause
        told = self._told.get(principal.fingerprint, -math.inf)
        if now + pause < told + _LONGER and (now < told or not pause):
            return
        if len(self._told) >= self._sweep_at:
            self._told = {key: ends for key, ends in self._told.items() if ends > now}
            self._sweep_at = max(_KEPT, 2 * len(self._told))
        self._told[principal.fingerprint] = now + pause
        from ..events import QuotaPause

        self._watch.paused(QuotaPause(principal.fingerprint, pause))
