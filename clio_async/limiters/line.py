"""Who waits for the quota of one token, and in which order: `Line`."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator

import anyio

from ..errors import RateLimited
from ..messages import Request

__all__ = ["Line", "Waiter", "origin_of"]


def origin_of(request: Request) -> Request:
    """Return what a request repeats, or itself: by this it is found."""
    return request if request.resent is None else request.resent


class Waiter:
    """A call that waits. It goes on when it has a number, or an error."""

    __slots__ = (
        "batch",
        "bell",
        "deadline",
        "error",
        "number",
        "origin",
        "patient_until",
        "request",
        "since",
        "ticket",
    )

    def __init__(self, request: Request, batch: bool, since: float, patient_until: float, deadline: float) -> None:
        self.request = request
        self.origin = origin_of(request)
        self.batch = batch
        self.since = since
        self.patient_until = patient_until
        self.deadline = deadline
        self.bell = anyio.Event()
        self.number: int | None = None  # of the request, once it may be sent
        self.error: RateLimited | None = None
        self.ticket = 0

    @property
    def ends(self) -> float:
        """When it gives up."""
        return min(self.patient_until, self.deadline)


class _Lane:
    """First come, first served. An ordered dictionary, since waiters leave from anywhere."""

    __slots__ = ("tickets", "waiting")

    def __init__(self) -> None:
        self.waiting: OrderedDict[Waiter, None] = OrderedDict()
        self.tickets = 0

    def position(self, waiter: Waiter) -> int:
        """Return how many are before a waiter, or a few more if some of them have left."""
        return min(waiter.ticket - next(iter(self.waiting)).ticket, len(self.waiting) - 1)


class Line:
    """The two lanes of one principal, in one event loop: nobody in another one can be woken."""

    __slots__ = ("_by_origin", "_lanes", "driver", "home", "judged_for", "wakes_at")

    def __init__(self, home: object) -> None:
        self.home = home
        self._lanes = (_Lane(), _Lane())
        self._by_origin: dict[Request, Waiter] = {}
        self.driver: Waiter | None = None  # the first in line, who watches the time for all
        self.wakes_at = 0.0  # when it will look
        self.judged_for = 0.0  # the outlook under which all were allowed to wait

    def __len__(self) -> int:
        return len(self._lanes[0].waiting) + len(self._lanes[1].waiting)

    def __iter__(self) -> Iterator[Waiter]:
        yield from self._lanes[0].waiting
        yield from self._lanes[1].waiting

    def waiting(self) -> tuple[int, int]:
        """Return how many wait for interactive calls, and for a batch."""
        return len(self._lanes[0].waiting), len(self._lanes[1].waiting)

    def ahead(self, batch: bool) -> int:
        """Return how many would be before a newcomer."""
        return len(self) if batch else len(self._lanes[0].waiting)

    def position(self, waiter: Waiter) -> int:
        """Return how many are before a waiter."""
        before = len(self._lanes[0].waiting) if waiter.batch else 0
        return before + self._lanes[waiter.batch].position(waiter)

    def first(self) -> Waiter | None:
        """Return whose turn it is next."""
        return next(iter(self), None)

    def find(self, request: Request) -> Waiter | None:
        """Return the waiter for a request, or for one that repeats it."""
        return self._by_origin.get(request)

    def join(self, waiter: Waiter) -> None:
        """Wait behind those of the lane who wait already."""
        lane = self._lanes[waiter.batch]
        lane.tickets += 1
        waiter.ticket = lane.tickets
        lane.waiting[waiter] = None
        self._by_origin[waiter.origin] = waiter

    def leave(self, waiter: Waiter) -> None:
        """Wait no longer."""
        self._lanes[waiter.batch].waiting.pop(waiter, None)
        if self._by_origin.get(waiter.origin) is waiter:
            del self._by_origin[waiter.origin]
