"""Identical reads that are under way at the same time share one request."""

from __future__ import annotations

import copy
import math
from collections.abc import Awaitable, Callable, Container
from typing import TypeAlias

import anyio
from attrs import evolve

from ..errors import ClioError, NotSentTimeout, RateLimited
from ..limiters.base import Limiter
from ..messages import Request, Response
from ..options import Lane, Options
from ..protocol import retry as decide
from ..stats import Stats
from .base import Handler

__all__ = ["Flight", "SingleFlight"]

_USUAL = Options().retry
_LATE = "The time was over while waiting for an identical request: allow more: timeout=."


class _Waiter:
    __slots__ = ("called", "came", "deadline", "lane", "preceded", "since", "wake")

    def __init__(self, lane: Lane, since: float, deadline: float) -> None:
        self.lane: Lane = lane
        self.since = since  # for how many seconds the flight had waited for quota by then
        self.deadline = deadline
        self.wake = anyio.Event()
        self.called = False  # to take over the flight
        self.preceded = False  # whether it waited already when whoever leads began to ask
        self.came: Response | Exception | None = None  # what is shared with it


class Flight:
    """One request under way, and who waits for it.

    It runs inline in the caller that leads it. What that one is answered is shared with those who wait, and so is its
    failure, and forgotten. When it gives up (cancelled, out of time or of patience), or what came is not for all of
    them, the waiter with the most time takes over for the others with a request of its own.
    """

    __slots__ = ("request", "rests_until", "waited", "waiters", "watched")

    def __init__(self, request: Request) -> None:
        self.request = request  # of whoever leads
        self.waiters: dict[_Waiter, None] = {}  # in the order in which they came
        self.waited = 0.0  # seconds for which those waited for quota who led it before
        self.watched = False  # whether the limiter tells of its wait for quota
        self.rests_until = -math.inf  # on the monotonic clock: the server asked for a pause

    def join(self, lane: Lane, since: float, deadline: float | None) -> _Waiter:
        """Wait for the flight, behind those who wait already."""
        waiter = _Waiter(lane, since, math.inf if deadline is None else deadline)
        self.waiters[waiter] = None
        return waiter

    def leave(self, waiter: _Waiter) -> bool:
        """Stop waiting. False if nobody leads the flight any more."""
        if waiter.called:
            return self.hand_over()
        self.waiters.pop(waiter, None)  # it is not there if it got its answer just now
        return True

    def land(self, came: Response | Exception, others: Container[_Waiter] = ()) -> None:
        """Let everybody have what came, but for those `others`: they go on waiting."""
        for waiter in [*self.waiters]:
            if waiter not in others:
                del self.waiters[waiter]
                waiter.came = came
                waiter.wake.set()

    def stir(self) -> None:
        """Wake everybody."""
        for waiter in self.waiters:
            waiter.wake.set()

    def hand_over(self) -> bool:
        """Call the waiter with the most time to lead, of several the oldest. False if there is none."""
        if not self.waiters:
            return False
        heir = max(self.waiters, key=_deadline)
        del self.waiters[heir]
        heir.called = True
        heir.wake.set()
        return True


class _Key(tuple[object, ...]):
    """What identical requests have in common. It holds header fields, so it does not show itself."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<key of a flight>"


_Flights: TypeAlias = dict[_Key, Flight]


class SingleFlight:
    """Join a read to a flight of the same principal, target, header fields, generation, cache mode, version and policy.

    A read that begins after a write began has another generation, so it never joins a flight from before. That holds
    for the URL that was asked. What a redirect led to may have been written under its own name meanwhile, in whatever
    process: such an answer is shared only with those who waited before its request began. For all who came later one
    of them asks anew.

    `flights` belong to one event loop: nobody in another one can be woken. Whoever owns them forgets them when it ends.

    A leader with too little time left to repeat a read that failed shares that with those who have no more than it.
    """

    def __init__(
        self,
        flights: _Flights,
        stats: Stats,
        clock: Callable[[], float],
        wall_clock: Callable[[], float],
        limiter: Limiter | None,
    ) -> None:
        self._flights = flights
        self._limiter = limiter
        self._stats = stats
        self._clock = clock
        self._wall_clock = wall_clock

    def __call__(self, request: Request, call_next: Handler, /) -> Awaitable[Response]:
        principal, options = request.principal, request.options
        if request.method != "GET" or principal is None or options is None or request.generation is None:
            return call_next(request)
        policy = None if options.retry is _USUAL else (options.retry,)
        how = (options.cache, policy, request.follows, request.validates)
        key = _Key((principal.fingerprint, request.url, request.headers.pairs, request.generation, how))
        flight = self._flights.get(key)
        if flight is not None:
            return self._follow(flight, key, request, options, call_next)
        flight = self._flights[key] = Flight(request)
        return self._lead(flight, key, request, call_next)

    async def _follow(
        self, flight: Flight, key: _Key, request: Request, options: Options, call_next: Handler
    ) -> Response:
        waiter = flight.join(options.lane, self._waited(flight), request.deadline)
        try:
            await self._wait(flight, waiter, request, options)
        except BaseException:
            if not flight.leave(waiter):
                self._forget(flight, key)
            raise
        if waiter.came is None:
            heir = self._heir(flight, waiter, request, options)
            return await self._lead(flight, key, heir, self._rested(flight, call_next))
        return self._shared(waiter.came)

    async def _lead(self, flight: Flight, key: _Key, request: Request, call_next: Handler) -> Response:
        try:
            response = await call_next(request)
        except BaseException as error:
            # Being cancelled and being out of time, or of patience with the quota (an answered 429 is no exception
            # here), are matters of one caller, not of those who wait with it.
            if not isinstance(error, Exception) or isinstance(error, TimeoutError | RateLimited):
                if not flight.hand_over():
                    self._forget(flight, key)
                raise
            self._land(flight, key, request, error)
            raise
        finally:
            if flight.watched:
                self._watch(flight, False)
        if flight.waiters:
            self._land(flight, key, request, response)
        else:
            self._forget(flight, key)
        return response

    def _land(self, flight: Flight, key: _Key, request: Request, came: Response | Exception) -> None:
        """Share what came with those for whom it is. One of the others leads from now on, if there are any."""
        flight.land(came, self._others(flight, request, came))
        if not flight.hand_over():
            self._forget(flight, key)

    def _others(self, flight: Flight, request: Request, came: Response | Exception) -> set[_Waiter]:
        """Return for whom something is not that came."""
        others: set[_Waiter] = set()
        if isinstance(came, Response) and came.verdict == "redirected":
            others.update(waiter for waiter in flight.waiters if not waiter.preceded)
        if request.options is None or request.deadline is None or not isinstance(came, Response | ClioError):
            return others
        now = self._clock()
        missed = decide.missed(request.options.retry, came, request.deadline - now, now=self._wall_clock())
        if missed is not None:
            flight.rests_until = now + missed.rest
            others.update(waiter for waiter in flight.waiters if waiter.deadline - now >= missed.needed)
        return others

    def _rested(self, flight: Flight, call_next: Handler) -> Handler:
        """Return what a new leader calls: not before the pause is over that its flight was asked for."""

        async def rested(request: Request) -> Response:
            now, until = self._clock(), flight.rests_until
            deadline = math.inf if request.deadline is None else request.deadline
            if until > now:
                await anyio.sleep(min(until, deadline) - now)
                if until >= deadline:
                    raise NotSentTimeout(_LATE)
            return await call_next(request)

        return rested

    def _forget(self, flight: Flight, key: _Key) -> None:
        if self._flights.get(key) is flight:  # else it was left behind by an event loop that ended
            del self._flights[key]

    async def _wait(self, flight: Flight, waiter: _Waiter, request: Request, options: Options) -> None:
        """Wait until the flight has landed, or this caller is called to lead it."""
        if self._limiter is not None:
            self._limiter.promote(flight.request, waiter.lane)
            if not flight.watched and options.patience is not None:
                self._watch(flight, True)
        over = False  # its patience, if the flight still waits for quota
        while waiter.came is None and not waiter.called:
            left = math.inf if request.deadline is None else max(0.0, request.deadline - self._clock())
            patience = self._patience(flight, waiter, request, options, over=over)
            over = not await _rings(waiter, min(left, patience))
            if over and left <= patience:
                raise NotSentTimeout(_LATE)

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
        for other in flight.waiters:
            other.preceded = True
        if flight.waiters:
            self._watch(flight, True)
        return request

    def _shared(self, came: Response | Exception) -> Response:
        if not isinstance(came, Response):
            raise copy.copy(came)
        response = came
        self._stats.shared += 1
        self._stats.bytes_saved += len(response.body)
        return Response(response.status, response.headers, response.body, "shared", response.verdict, response.memo, 0)


def _deadline(waiter: _Waiter) -> float:
    return waiter.deadline


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
