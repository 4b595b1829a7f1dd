"""The limiter of one process: `LocalLimiter`."""

from __future__ import annotations

import math
import os
import random as _random
import time
from collections.abc import Callable
from typing import Literal, TypeAlias, get_args
from weakref import WeakSet

import anyio
from anyio.lowlevel import current_token

from ..errors import InvalidArgument, RateLimited
from ..messages import Request, Response
from ..options import Lane
from ..principal import Principal
from ..protocol.quota import Budget, Rules
from .answers import learn
from .base import Limiter, Quota
from .line import Line, Waiter, origin_of
from .refusals import refused, too_late
from .tenant import Tenant

__all__ = ["LocalLimiter", "Pace"]

Pace: TypeAlias = Literal["burst", "paced"]

_KEPT = 10_000  # budgets, before those that nobody uses are dropped
_WORSE = 1.0  # seconds by which the outlook has to worsen before everybody is judged again


class LocalLimiter(Limiter):
    """Share out the quota of each principal among the calls of this process.

    It knows nothing of a quota in advance: what the answers say (`X-RateLimit-*`, `Retry-After`;
    https://docs.developers.clio.com/api-docs/rate-limits) is all it goes by. A server that says nothing is not slowed.
    Nothing has to be closed. It may serve several event loops one after the other, not at once: one limiter for each
    thread that runs one, with a `share` each. In a child of the process it goes on with what is known and without what
    is the parent's: the requests under way, and those that wait.

    :param pace: how a batch uses what there is. "burst" (the default): as soon as it may, a window at a time. "paced":
        spread evenly over the window, which fits a nightly batch best when others use the token, too. Interactive calls
        always go at once.
    :param share: the part of each window that this process uses, above 0 and up to 1 (the default), and at least one
        request: give 1/N where N processes use one token.
    :param reserve: the part of that share which a batch leaves to interactive calls, from 0 to below 1; 0.2 unless
        given. It binds from an interactive call of the principal to the end of the next window: a batch that runs alone
        uses all. With 0, a batch takes windows whole, and interactive calls are refused that may not wait for the next.
    :param cap: the longest pause in seconds, whatever the server asks for; 300 unless given.
    :param clock: monotonic seconds, as the client has them; so with `wall_clock` (seconds since the epoch) and `random`
        (from 0 up to 1).
    :raises InvalidArgument: if one of them is out of its bounds.
    """

    def __init__(
        self,
        *,
        pace: Pace = "burst",
        share: float = 1.0,
        reserve: float = 0.2,
        cap: float = 300.0,
        clock: Callable[[], float] = time.monotonic,
        wall_clock: Callable[[], float] = time.time,
        random: Callable[[], float] = _random.random,
    ) -> None:
        if pace not in get_args(Pace):
            raise InvalidArgument(f"pace is 'burst' or 'paced', not {pace!r}.")
        _within("share", share, "above 0, and at most 1", lambda value: 0 < value <= 1)
        _within("reserve", reserve, "at least 0, and below 1", lambda value: 0 <= value < 1)
        _within("cap", cap, "a number of seconds above 0", lambda value: 0 < value < math.inf)
        self._rules = Rules(share, reserve, pace == "paced", cap)
        self._clock = clock
        self._wall_clock = wall_clock
        self._random = random
        self._lag = 0.0  # seconds that timers took and the clock did not see: a clock of a test may stand still
        self._tenants: dict[str, Tenant] = {}
        self._sweep_at = _KEPT
        self._pid = os.getpid()

    def passes(self, request: Request) -> bool:
        principal = request.principal
        if principal is None:
            return True
        if os.getpid() != self._pid:
            self._inherited()
        tenant = self._tenants.get(principal.fingerprint)
        if tenant is None:
            tenant = self._added(principal)
        options, budget, line = request.options, tenant.budget, tenant.line
        batch = options is not None and options.lane == "batch"
        if not batch and not budget.reserve.attended:
            budget.reserve.attend()
        if line is not None and line.ahead(batch):
            return False
        if budget.plenty(batch):
            sent = budget.take(batch)
        else:
            now = self._clock() + self._lag
            if budget.ready(batch, now) > now:
                return False
            sent = budget.sent(batch, now)
        resent = request.resent
        tenant.flying.setdefault(request if resent is None else resent, sent)
        return True

    async def turn(self, request: Request) -> None:
        principal = request.principal
        if principal is None or self.passes(request):
            return
        tenant = self._tenants[principal.fingerprint]
        line = self._line(tenant)
        now = self._now()
        waiter = self._waiter(tenant, request, now)
        self._judge(tenant, line, waiter, now)
        line.join(waiter)
        tenant.tell(waiter)
        try:
            await self._wait(tenant, line, waiter)
        except BaseException:
            self._leave(tenant, line, waiter)
            raise
        finally:
            tenant.ended(waiter, self._now())

    def _waiter(self, tenant: Tenant, request: Request, now: float) -> Waiter:
        options, origin = request.options, origin_of(request)
        batch = options is not None and options.lane == "batch"
        if batch and tenant.promoted is not None and origin in tenant.promoted:
            batch = False
        patience = None if options is None else options.patience
        left = math.inf if patience is None else patience - tenant.waited(request, now)
        deadline = math.inf if request.deadline is None else now + request.deadline - self._clock()
        return Waiter(request, batch, now, now + left, deadline)

    def _judge(self, tenant: Tenant, line: Line, waiter: Waiter, now: float) -> None:
        """Refuse a newcomer that would have to wait longer than it may."""
        if waiter.deadline <= now:
            raise too_late()
        before = line.ahead(waiter.batch)
        until = now + tenant.budget.wait(before, waiter.batch, now)
        if until > waiter.ends:
            raise self._refused(tenant, waiter, until, before, now)

    async def _wait(self, tenant: Tenant, line: Line, waiter: Waiter) -> None:
        """Wait for a number. Whoever is first in line watches the time for all: there is no task in the background."""
        now = self._now()
        while waiter.number is None:
            if waiter.error is not None:
                raise waiter.error
            until = waiter.ends
            if line.first() is waiter:
                if await self._asked(tenant, line, waiter, now):
                    now = self._now()
                    continue
                ready = tenant.budget.ready(waiter.batch, now)
                if ready <= now:
                    self._advance(tenant, line, now)
                    continue
                line.driver, line.wakes_at = waiter, ready
                until = min(until, ready)
            if waiter.ends <= now:
                raise self._impatience(tenant, line, waiter, now)
            if await self._rings(waiter, until, now):
                waiter.bell = anyio.Event()
                now = self._now()
            else:
                now = max(self._now(), until)

    async def _asked(self, tenant: Tenant, line: Line, waiter: Waiter, now: float) -> bool:
        """Ask whoever else has a say, if it is time for that. False if there was nothing to ask: here, always."""
        return False

    async def _rings(self, waiter: Waiter, until: float, now: float) -> bool:
        """Wait for the bell. False if the time is over."""
        if until == math.inf:
            await waiter.bell.wait()
            return True
        with anyio.move_on_after(until - now):
            await waiter.bell.wait()
            return True
        self._lag = max(self._lag, until - self._clock())
        return False

    def _impatience(self, tenant: Tenant, line: Line, waiter: Waiter, now: float) -> Exception:
        if waiter.deadline <= now:
            return too_late()
        before = line.position(waiter)
        return self._refused(tenant, waiter, now + tenant.budget.wait(before, waiter.batch, now), before, now)

    def _refused(self, tenant: Tenant, waiter: Waiter, until: float, before: int, now: float) -> RateLimited:
        paused = tenant.budget.is_paused(now)
        return refused(waiter.request, until - now, before, paused, self._wall_clock())

    def answered(self, request: Request, response: Response) -> Response:
        principal = request.principal
        tenant = None if principal is None else self._tenants.get(principal.fingerprint)
        if tenant is None:
            return response
        sent = tenant.landed(request)
        response = learn(tenant.budget, sent, response, self._now(), self._wall_clock, self._random)
        if tenant.line is not None:
            self._stir(tenant, tenant.line)
        return response

    def failed(self, request: Request, *, sent: bool = True) -> None:
        principal = request.principal
        tenant = None if principal is None else self._tenants.get(principal.fingerprint)
        if tenant is None:
            return
        flown = tenant.landed(request)
        if sent:
            tenant.budget.lost(flown, self._now())
        else:
            tenant.budget.withdrawn(flown)
        if tenant.line is not None:
            self._stir(tenant, tenant.line)

    def _stir(self, tenant: Tenant, line: Line) -> None:
        """Let go who may, after something has changed."""
        if not line:
            tenant.line = None if tenant.line is line else tenant.line
            return
        try:
            if line.home != current_token():
                return  # those who wait in another event loop look for themselves
        except RuntimeError:  # no event loop at all: a task was thrown away
            return
        self._advance(tenant, line, self._now())

    def _advance(self, tenant: Tenant, line: Line, now: float) -> None:
        budget = tenant.budget
        while (first := line.first()) is not None:
            ready = budget.ready(first.batch, now)
            if ready > now:
                break
            line.leave(first)
            first.number = budget.sent(first.batch, now)
            tenant.flying.setdefault(first.origin, first.number)
            first.bell.set()
        else:
            return
        if ready > line.judged_for + _WORSE:
            line.judged_for = ready
            self._judge_all(tenant, line, now)
            first = line.first()
        line.judged_for = min(line.judged_for, ready)
        if first is not None and (first is not line.driver or ready < line.wakes_at):
            first.bell.set()

    def _judge_all(self, tenant: Tenant, line: Line, now: float) -> None:
        """Refuse those who would have to wait longer than they may, now that the outlook is worse."""
        position = 0
        for waiter in list(line):
            until = waiter.ends
            if until < math.inf:
                until = now + tenant.budget.wait(position, waiter.batch, now)
            if until <= waiter.ends:
                position += 1
                tenant.tell(waiter)
                continue
            line.leave(waiter)
            waiter.error = self._refused(tenant, waiter, until, position, now)
            waiter.bell.set()

    def _leave(self, tenant: Tenant, line: Line, waiter: Waiter) -> None:
        """Give back what a call has got that will not use it."""
        line.leave(waiter)
        if waiter.number is not None:
            tenant.flying.pop(waiter.origin, None)
            tenant.budget.withdrawn(waiter.number)
        self._stir(tenant, line)

    def _line(self, tenant: Tenant) -> Line:
        home = current_token()
        if tenant.line is None or tenant.line.home != home:
            tenant.line = Line(home)
        return tenant.line

    def promote(self, request: Request, lane: Lane) -> None:
        tenant = self._tenant(request.principal)
        if tenant is None or lane == "batch":
            return
        line = tenant.line
        waiter = None if line is None else line.find(request)
        if line is None or waiter is None:
            if request in tenant.flying:
                if tenant.promoted is None:
                    tenant.promoted = WeakSet()
                tenant.promoted.add(request)
            return
        if waiter.batch:
            line.leave(waiter)
            waiter.batch = False
            line.join(waiter)
            self._stir(tenant, line)

    def waits_until(self, request: Request) -> float | None:
        tenant = self._tenant(request.principal)
        line = None if tenant is None else tenant.line
        waiter = None if line is None else line.find(request)
        if tenant is None or line is None or waiter is None:
            return None
        return self._clock() + tenant.budget.wait(line.position(waiter), waiter.batch, self._now())

    def waited(self, request: Request) -> float:
        tenant = self._tenant(request.principal)
        return 0.0 if tenant is None else tenant.waited(request, self._now())

    def watch(self, request: Request, told: Callable[[], object] | None) -> None:
        tenant = self._tenant(request.principal)
        if tenant is not None:
            tenant.watch(request, told)

    def refusal(self, request: Request, until: float, awaited: Request | None = None) -> RateLimited:
        tenant = self._tenant(request.principal)
        line = None if tenant is None else tenant.line
        waiter = None if line is None else line.find(origin_of(awaited or request))
        before = 0 if line is None or waiter is None else line.position(waiter)
        paused = tenant is not None and tenant.budget.is_paused(self._now())
        return refused(request, max(0.0, until - self._clock()), before, paused, self._wall_clock())

    def quota(self, principal: Principal) -> Quota:
        tenant = self._tenant(principal)
        if tenant is None:
            return Quota(None, None, None, 0, 0, False, 0.0, 0.0)
        return tenant.quota(self._now(), self._wall_clock())

    def _now(self) -> float:
        return self._clock() + self._lag

    def _budget(self, _principal: Principal) -> Budget:
        return Budget(self._rules)

    def _inherited(self) -> None:
        """Forget what is the parent's."""
        self._pid = os.getpid()
        for tenant in self._tenants.values():
            tenant.inherited()

    def _tenant(self, principal: Principal | None) -> Tenant | None:
        return None if principal is None else self._tenants.get(principal.fingerprint)

    def _added(self, principal: Principal) -> Tenant:
        if len(self._tenants) >= self._sweep_at:
            now = self._now()
            kept = {key: each for key, each in self._tenants.items() if each.line or not each.budget.idle(now)}
            self._tenants = kept
            self._sweep_at = max(_KEPT, 2 * len(kept))
        tenant = self._tenants[principal.fingerprint] = Tenant(self._budget(principal))
        return tenant


def _within(name: str, value: float, bounds: str, fits: Callable[[float], bool]) -> None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not fits(value):
        raise InvalidArgument(f"{name} is {bounds}, not {value!r}.")
