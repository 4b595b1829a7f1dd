"""One quota for many processes and machines: `RedisLimiter`."""

from __future__ import annotations

import math
import os
import random as _random
import time
from collections.abc import Callable
from contextlib import suppress
from typing import cast

import anyio

from ..errors import InvalidArgument, RedisUnavailable
from ..home import here
from ..messages import Request
from ..notices import notify
from ..principal import Principal
from ..protocol.shared_quota import Answer, Away, SharedBudget
from ..redis import RedisServer
from ..secrets import Secret
from .line import Line, Waiter
from .local import LocalLimiter, Pace
from .script import SHARE
from .tenant import Tenant

__all__ = ["RedisLimiter"]

_FORM = 1  # of what the script keeps
_NAME = 8  # bytes of a process's name at the server
_LONGEST_CAP = 86_400.0
_ASKING = 0.5  # seconds for which a call may ask, however little it may wait for quota


class RedisLimiter(LocalLimiter):
    """Share out the quota of each principal among all processes and machines that use the same Redis or Valkey.

    Each request needs a permit of the server, and those that wait in one process ask for theirs together: calls one
    after the other pay a round trip each, and none takes more than it needs, since what lies idle here is missing
    elsewhere. To ask is not to wait for quota: a call may do so for half a second whatever its `max_wait`. What the
    answers say is told with the next question, and at once if others may wait for it. A pause (429) is one for all, and
    the server's clock decides when it is over. When a window has ended, one request of one process finds out what there
    is. Interactive calls of all processes go before batches, and of processes that want as much each gets as much. A
    process that dies gives back what it held within ten seconds, as used until an answer tells better.

    While the server is away, each process goes on by itself with an equal part of each window, as one of those that
    were seen within the last minute, and says so once. A call waits for the server as long as its `timeout`, and then
    all principals leave it alone for a second, and for longer if it stays away. What was sent meanwhile is told when it
    is back. A server that was flushed or restarted learns the quota anew from the next answers, four requests at first,
    and a pause from the first process that knows of it and has something to tell.

    It runs on asyncio alone. The principal's fingerprint is the key: nothing readable is kept.

    :param server: a server that other stores may use, too, or the URL of one. Made from a URL it is closed by `aclose`.
    :param processes: how many use a token, until the server has told; 8 unless given.
    :param pace: as in `LocalLimiter`, for all processes together.
    :param reserve: as in `LocalLimiter`: the part of each window that batches leave to interactive calls of all.
    :param cap: as in `LocalLimiter`, at most a day (86 400).
    :raises InvalidArgument: if one of them is out of its bounds.
    """

    def __init__(
        self,
        server: RedisServer | Secret | str,
        *,
        processes: int = 8,
        pace: Pace = "burst",
        reserve: float = 0.2,
        cap: float = 300.0,
        clock: Callable[[], float] = time.monotonic,
        wall_clock: Callable[[], float] = time.time,
        random: Callable[[], float] = _random.random,
    ) -> None:
        server = Secret(server) if isinstance(server, str) else server  # a traceback may show what this frame holds
        super().__init__(pace=pace, reserve=reserve, cap=cap, clock=clock, wall_clock=wall_clock, random=random)
        if cap > _LONGEST_CAP:
            raise InvalidArgument(f"cap is at most a day, {_LONGEST_CAP:g} seconds, not {cap!r}.")
        if not isinstance(processes, int) or isinstance(processes, bool) or processes < 1:
            raise InvalidArgument(f"processes is a whole number from 1, not {processes!r}.")
        self._processes = processes
        self._owned = isinstance(server, Secret)
        self._server = RedisServer(server) if isinstance(server, Secret) else server
        self._away = Away()
        self._name = _name()
        self._turns = 0
        self._warned = False

    async def aclose(self) -> None:
        """Close the connections, if they are this limiter's own."""
        if self._owned:
            await self._server.aclose()

    async def settle(self, request: Request) -> None:
        tenant = self._tenant(request.principal)
        if tenant is None:
            return
        for again in (False, True):  # what was learned meanwhile is told at once only if others wait for it
            budget, left = _budget(tenant), self._left(request)
            if left <= 0 or not self._idle(tenant) or not budget.is_due(bool(tenant.line), self._now(), again=again):
                return
            told = False
            with anyio.move_on_after(left), suppress(Exception):  # an answer is here: nothing may keep it
                await self._exchange(tenant)
                told = True
            if not told:
                return

    def _left(self, request: Request) -> float:
        """Return for how many seconds an answer may be kept: half of those that its call has left."""
        return math.inf if request.deadline is None else (request.deadline - self._clock()) / 2

    def _waiter(self, tenant: Tenant, request: Request, now: float) -> Waiter:
        waiter = super()._waiter(tenant, request, now)
        waiter.patient_until = max(waiter.patient_until, now + _ASKING)
        return waiter

    async def _asked(self, tenant: Tenant, line: Line, waiter: Waiter, now: float) -> bool:
        budget = _budget(tenant)
        if not self._idle(tenant) or not budget.asks(waiter.batch, now) or waiter.ends <= now:
            return False
        with anyio.move_on_after(waiter.ends - now):
            await self._exchange(tenant)
        return True

    async def _exchange(self, tenant: Tenant) -> None:
        """Tell the server and ask it, for all who wait. Whoever is cancelled meanwhile has lost nothing."""
        budget, key = _budget(tenant), self._key(tenant)
        interactive, batch = (0, 0) if tenant.line is None else tenant.line.waiting()
        question = budget.question(interactive, batch, self._now())
        self._turns += 1
        budget.asker = asker = here()
        try:
            reply = await self._server.call(SHARE, [key], ["", self._name, self._turns, *question.arguments])
            answer = Answer.of(reply.value)
            budget.told(question, answer, self._now(), self._random())
            if answer is None:
                self._name = _name()  # the one at the server may be ahead of this one, and would be for ever
                self._warn("it answered something that nobody has asked for", budget)
        except RedisUnavailable as error:
            budget.away(self._now())
            self._warn(str(error), budget)
        finally:
            if budget.asker is asker:
                budget.asker = None
            if tenant.line is not None:
                self._stir(tenant, tenant.line)

    def _warn(self, reason: str, budget: SharedBudget) -> None:
        if not self._warned:
            self._warned = True
            notify(
                f"The Redis server that shares out the quota failed ({reason}): while it does, this process uses 1/"
                f"{budget.processes} of each window by itself."
            )

    def _idle(self, tenant: Tenant) -> bool:
        """Say whether no question is under way in this event loop."""
        return _budget(tenant).asker is not here()

    def _key(self, tenant: Tenant) -> str:
        return f"quota:{_FORM}:{_budget(tenant).name}"

    def _budget(self, _principal: Principal) -> SharedBudget:
        return SharedBudget(self._rules, self._processes, _principal.fingerprint, self._away)

    def _inherited(self) -> None:
        super()._inherited()
        self._name = _name()


def _budget(tenant: Tenant) -> SharedBudget:
    return cast("SharedBudget", tenant.budget)


def _name() -> str:
    """Return a name that no other process has: not by chance that a test or a fork may repeat."""
    return os.urandom(_NAME).hex()
