"""Identical reads that are under way at the same time share one request."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from typing import TypeAlias

import anyio
from anyio.lowlevel import current_token
from attrs import evolve

from ..errors import NotSentTimeout, RateLimited, ResponseBroken
from ..limiters.base import Limiter
from ..messages import Request, Response
from ..options import Lane, Options
from ..stats import Stats
from .base import Handler

__all__ = ["Flight", "SingleFlight"]


_LOOK = 0.1  # seconds; who may not wait for quota at all still may for an answer, and looks so often which it is


class _Waiter:
    __slots__ = ("called", "lane", "wake")

    def __init__(self, lane: Lane) -> None:
        self.lane: Lane = lane
        self.wake = anyio.Event()
        self.called = False  # to take over the flight


class Flight:
    """One request under way, and who waits for it.

    It runs inline in the caller that leads it. When that one gives up (cancelled, out of time or of patience) the
    oldest waiter takes over with a request of its own; any other failure is shared with those who wait, and forgotten.
    """

    __slots__ = ("error", "home", "request", "response", "waiters")

    def __init__(self, request: Request) -> None:
        self.request = request  # of whoever leads
        self.home = current_token()  # of the event loop; nobody in another one can be woken
        self.waiters: dict[_Waiter, None] = {}  # in the order in which they came
        self.response: Response | None = None
        self.error: Exception | None = None

    def join(self, lane: Lane) -> _Waiter:
        """Wait for the flight, behind those who wait already."""
        waiter = _Waiter(lane)
        self.waiters[waiter] = None
        return waiter

    def leave(self, waiter: _Waiter) -> bool:
        """Stop waiting. False if nobody leads the flight any more."""
        if waiter.called:
            return self.hand_over()
        del self.waiters[waiter]
        return True

    def land(self) -> None:
        """Wake everybody."""
        for waiter in self.waiters:
            waiter.wake.set()

    def hand_over(self) -> bool:
        """Call the oldest waiter to lead. False if there is none."""
        if not self.waiters:
            return False
        oldest = next(iter(self.waiters))
        del self.waiters[oldest]
        oldest.called = True
        oldest.wake.set()
        return True


class _Key(tuple[object, ...]):
    """What identical requests have in common. It holds header fields, so it does not show itself."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<key of a flight>"


_Flights: TypeAlias = dict[_Key, Flight]


class SingleFlight:
    """Join a read to a flight of the same principal, target, header fields, generation, cache mode and version.

    A read that begins after a write began has another generation, so it never joins a flight from before.
    """

    def __init__(
        self, flights: _Flights, stats: Stats, clock: Callable[[], float], limiter: Limiter | None = None
    ) -> None:
        self._flights = flights
        self._limiter = limiter
        self._stats = stats
        self._clock = clock

    async def __call__(self, request: Request, call_next: Handler, /) -> Response:
        principal, options = request.principal, request.options
        if request.method != "GET" or principal is None or options is None or request.generation is None:
            return await call_next(request)
        key = _Key((principal.fingerprint, request.url, request.headers.pairs, request.generation, options.cache))
        flight = self._flights.get(key)
        if flight is None or flight.home != current_token():
            flight = self._flights[key] = Flight(request)
            return await self._lead(flight, key, request, call_next)
        waiter = flight.join(options.lane)
        try:
            await self._wait(flight, waiter, request, options)
        except BaseException:
            if not flight.leave(waiter):
                self._forget(flight, key)
            raise
        if waiter.called:
            request = flight.request = _in_best_lane(flight, request, options)
            return await self._lead(flight, key, request, call_next)
        return self._shared(flight)

    async def _lead(self, flight: Flight, key: _Key, request: Request, call_next: Handler) -> Response:
        try:
            flight.response = await call_next(request)
        except BaseException as error:
            # Being cancelled and being out of time, or of patience with the quota (an answered 429 is no exception
            # here), are matters of one caller, not of those who wait with it.
            if not isinstance(error, Exception) or isinstance(error, TimeoutError | RateLimited):
                if not flight.hand_over():
                    self._forget(flight, key)
                raise
            flight.error = error
            self._forget(flight, key)
            flight.land()
            raise
        self._forget(flight, key)
        flight.land()
        return flight.response

    def _forget(self, flight: Flight, key: _Key) -> None:
        if self._flights.get(key) is flight:  # else it was left behind by another event loop, and replaced
            del self._flights[key]

    async def _wait(self, flight: Flight, waiter: _Waiter, request: Request, options: Options) -> None:
        """Wait until the flight has landed, or this caller is called to lead it."""
        limiter, patience = self._limiter, options.patience
        if limiter is None:
            patience = None
        else:
            limiter.promote(flight.request, waiter.lane)
            self._refuse(limiter, flight, request, patience)
        if request.deadline is None and patience is None:
            await waiter.wake.wait()
            return
        left = math.inf if request.deadline is None else max(0.0, request.deadline - self._clock())
        while True:
            pause = left if patience is None else min(left, max(patience, _LOOK))
            with anyio.move_on_after(pause):
                await waiter.wake.wait()
                return
            left -= pause
            if limiter is None or left <= 0:
                raise NotSentTimeout("The time was over while waiting for an identical request: allow more: timeout=.")
            self._refuse(limiter, flight, request, -1.0)

    def _refuse(self, limiter: Limiter, flight: Flight, request: Request, patience: float | None) -> None:
        """Refuse a caller whose flight waits for quota longer than the caller may."""
        until = None if patience is None else limiter.waits_until(flight.request)
        if until is not None and patience is not None and until - self._clock() > patience:
            raise limiter.refusal(request, until)

    def _shared(self, flight: Flight) -> Response:
        response = flight.response
        if response is None:
            raise copy.copy(flight.error or ResponseBroken("The shared request ended without an answer."))
        self._stats.shared += 1
        self._stats.bytes_saved += len(response.body)
        return Response(response.status, response.headers, response.body, "shared", response.verdict, response.memo, 0)


def _in_best_lane(flight: Flight, request: Request, options: Options) -> Request:
    """Return the request of a new leader: in the lane of those who wait with it, and with its own patience."""
    if options.lane == "interactive" or all(waiter.lane == "batch" for waiter in flight.waiters):
        return request
    return evolve(request, options=evolve(options, lane="interactive", max_wait=options.patience))
