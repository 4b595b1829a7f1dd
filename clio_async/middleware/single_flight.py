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

_USUAL = Options().retry


class _Waiter:
    __slots__ = ("called", "lane", "since", "wake")

    def __init__(self, lane: Lane, since: float) -> None:
        self.lane: Lane = lane
        self.since = since  # for how many seconds the flight had waited for quota by then
        self.wake = anyio.Event()
        self.called = False  # to take over the flight


class Flight:
    """One request under way, and who waits for it.

    It runs inline in the caller that leads it. When that one gives up (cancelled, out of time or of patience) the
    oldest waiter takes over with a request of its own; any other failure is shared with those who wait, and forgotten.
    """

    __slots__ = ("error", "home", "landed", "request", "response", "waited", "waiters", "watched")

    def __init__(self, request: Request) -> None:
        self.request = request  # of whoever leads
        self.home = current_token()  # of the event loop; nobody in another one can be woken
        self.waiters: dict[_Waiter, None] = {}  # in the order in which they came
        self.waited = 0.0  # seconds for which those waited for quota who led it before
        self.watched = False  # whether the limiter tells of its wait for quota
        self.landed = False
        self.response: Response | None = None
        self.error: Exception | None = None

    def join(self, lane: Lane, since: float = 0.0) -> _Waiter:
        """Wait for the flight, behind those who wait already."""
        waiter = _Waiter(lane, since)
        self.waiters[waiter] = None
        return waiter

    def leave(self, waiter: _Waiter) -> bool:
        """Stop waiting. False if nobody leads the flight any more."""
        if waiter.called:
            return self.hand_over()
        del self.waiters[waiter]
        return True

    def land(self) -> None:
        """Let everybody have the answer."""
        self.landed = True
        self.stir()

    def stir(self) -> None:
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
    """Join a read to a flight of the same principal, target, header fields, generation, cache mode, version and policy.

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
        policy = None if options.retry is _USUAL else (options.retry,)
        how = (options.cache, policy, request.follows, request.validates)
        key = _Key((principal.fingerprint, request.url, request.headers.pairs, request.generation, how))
        flight = self._flights.get(key)
        if flight is None or flight.home != current_token():
            flight = self._flights[key] = Flight(request)
            return await self._lead(flight, key, request, call_next)
        waiter = flight.join(options.lane, self._waited(flight))
        try:
            await self._wait(flight, waiter, request, options)
        except BaseException:
            if not flight.leave(waiter):
                self._forget(flight, key)
            raise
        if waiter.called:
            return await self._lead(flight, key, self._heir(flight, waiter, request, options), call_next)
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
        finally:
            if flight.watched:
                self._watch(flight, False)
        self._forget(flight, key)
        flight.land()
        return flight.response

    def _forget(self, flight: Flight, key: _Key) -> None:
        if self._flights.get(key) is flight:  # else it was left behind by another event loop, and replaced
            del self._flights[key]

    async def _wait(self, flight: Flight, waiter: _Waiter, request: Request, options: Options) -> None:
        """Wait until the flight has landed, or this caller is called to lead it."""
        if self._limiter is not None:
            self._limiter.promote(flight.request, waiter.lane)
            if not flight.watched and options.patience is not None:
                self._watch(flight, True)
        over = False  # its patience, if the flight still waits for quota
        while not (flight.landed or waiter.called):
            left = math.inf if request.deadline is None else max(0.0, request.deadline - self._clock())
            patience = self._patience(flight, waiter, request, options, over=over)
            over = not await _rings(waiter, min(left, patience))
            if over and left <= patience:
                raise NotSentTimeout("The time was over while waiting for an identical request: allow more: timeout=.")

    def _patience(self, flight: Flight, waiter: _Waiter, request: Request, options: Options, *, over: bool) -> float:
        """Return for how long a caller may wait before it looks again how long its flight will wait for quota.

        :raises RateLimited: if that is longer than the caller may wait.
        """
        limiter, patience = self._limiter, options.patience
        until = None if limiter is None or patience is None else limiter.waits_until(flight.request)
        if limiter is None or patience is None or until is None:
            return math.inf
        left = patience + waiter.since - self._waited(flight)
        if over or until - self._clock() > left:
            raise limiter.refusal(request, until, flight.request)
        return max(0.0, left)

    def _waited(self, flight: Flight) -> float:
        """Return for how many seconds a flight has waited for quota, whoever led it."""
        return flight.waited if self._limiter is None else flight.waited + self._limiter.waited(flight.request)

    def _watch(self, flight: Flight, wanted: bool) -> None:
        """Let the limiter tell when the flight begins to wait for quota, or waits longer."""
        flight.watched = wanted
        if self._limiter is not None:
            self._limiter.watch(flight.request, flight.stir if wanted else None)

    def _heir(self, flight: Flight, waiter: _Waiter, request: Request, options: Options) -> Request:
        """Return the request of a new leader: in the lane of those who wait with it, and with its own patience.

        What the flight has waited for quota since it joined is taken off.
        """
        waited = self._waited(flight)
        lane, patience = _best_lane(flight, options), options.patience
        left = patience if patience is None else max(0.0, patience + waiter.since - waited)
        if lane != options.lane or left != patience:
            request = evolve(request, options=evolve(options, lane=lane, max_wait=left))
        flight.request, flight.waited = request, waited
        if flight.waiters:
            self._watch(flight, True)
        return request

    def _shared(self, flight: Flight) -> Response:
        response = flight.response
        if response is None:
            raise copy.copy(flight.error or ResponseBroken("The shared request ended without an answer."))
        self._stats.shared += 1
        self._stats.bytes_saved += len(response.body)
        return Response(response.status, response.headers, response.body, "shared", response.verdict, response.memo, 0)


async def _rings(waiter: _Waiter, seconds: float) -> bool:
    """Wait until somebody wakes a caller. False if so many seconds have passed before."""
    if seconds == math.inf:
        await waiter.wake.wait()
    else:
        with anyio.move_on_after(seconds) as scope:
            await waiter.wake.wait()
        if scope.cancelled_caught:
            return False
    waiter.wake = anyio.Event()
    return True


def _best_lane(flight: Flight, options: Options) -> Lane:
    """Return the lane of a new leader: the best one of those who wait with it."""
    lanes = [options.lane, *[waiter.lane for waiter in flight.waiters]]
    return "interactive" if "interactive" in lanes else "batch"
