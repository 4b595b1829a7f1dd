"""What a limiter keeps of one principal: `Tenant`."""

from __future__ import annotations

from collections.abc import Callable
from weakref import WeakKeyDictionary, WeakSet

from ..messages import Request
from ..protocol.quota import Budget
from .base import Quota
from .line import Line, Waiter, origin_of

__all__ = ["Tenant"]


class Tenant:
    """A principal's budget, its requests under way, and who waits. What is rare is made when it is needed.

    Requests are found by what they repeat, or by themselves.
    """

    __slots__ = ("_watches", "budget", "flying", "line", "promoted", "waits")

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.flying: dict[Request, int] = {}  # the numbers of the requests under way
        self.line: Line | None = None
        self.promoted: WeakSet[Request] | None = None  # under way for a batch, and waited for by interactive calls
        self.waits: WeakKeyDictionary[Request, float] | None = None  # seconds for which requests waited, if they did
        self._watches: dict[Request, Callable[[], object]] | None = None

    def landed(self, request: Request) -> int:
        """Take a request off those under way. Return its number."""
        flying = self.flying
        sent = flying.pop(request if request.resent is None else request.resent, 0)
        if not flying:
            flying.clear()  # a dictionary keeps the size that it once had
        return sent

    def waited(self, request: Request, now: float) -> float:
        """Return for how many seconds a request has waited so far, with those that it repeats or that repeat it."""
        origin = origin_of(request)
        before = 0.0 if self.waits is None else self.waits.get(origin, 0.0)
        waiter = self.find(origin)
        return before if waiter is None else before + now - waiter.since

    def ended(self, waiter: Waiter, now: float) -> None:
        """Note for how long somebody waited who waits no longer."""
        if self.waits is None:
            self.waits = WeakKeyDictionary()
        self.waits[waiter.origin] = self.waits.get(waiter.origin, 0.0) + now - waiter.since

    def find(self, request: Request) -> Waiter | None:
        """Return the waiter for a request, or for one that repeats it."""
        return None if self.line is None else self.line.find(request)

    def watch(self, request: Request, told: Callable[[], object] | None) -> None:
        """Note whom to tell of the outlook of a request. None: nobody."""
        watches = {} if self._watches is None else self._watches
        if told is None:
            watches.pop(request, None)
        else:
            watches[request] = told
        self._watches = watches or None

    def tell(self, waiter: Waiter) -> None:
        """Tell who watches a request that it begins to wait, or waits longer."""
        told = None if self._watches is None else self._watches.get(waiter.origin)
        if told is not None:
            told()

    def inherited(self) -> None:
        """Note that this is a child of the process: who is under way, and who waits, is the parent's."""
        self.budget.inherited()
        self.flying, self.line, self.promoted, self._watches = {}, None, None, None

    def quota(self, now: float, wall: float) -> Quota:
        """Return what is known. `wall` is what time it is, in seconds since the epoch."""
        budget, line = self.budget, self.line or Line(None)
        pause = max(0.0, (budget.paused_until or 0.0) - now)
        left = budget.opens_at - now
        return Quota(
            budget.limit,
            None if budget.bound is None else max(0, budget.bound - budget.in_flight),
            wall + left if left > 0 else None,
            budget.in_flight,
            len(line),
            pause > 0,
            budget.wait(line.ahead(False), False, now),
            budget.wait(line.ahead(True), True, now),
            pause,
        )
