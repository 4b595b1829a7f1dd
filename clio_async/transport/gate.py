"""What a pool of connections needs besides the connections: places that are shared fairly, and an ear."""

from __future__ import annotations

import select
from collections import deque

import anyio

from ..messages import Request

__all__ = ["Ear", "Gate", "is_silent", "whose"]


class Ear:
    """Hears whether something came in on the socket of an idle connection: bytes, or its end.

    An event loop may not have noticed yet. A request that goes out on a connection that the server has closed is lost,
    and nobody could say whether it was received. Where sockets cannot be asked (Windows), or there is none, the loop's
    word counts.
    """

    __slots__ = ("_poll",)

    def __init__(self, fileno: int | None) -> None:
        self._poll: select.poll | None = None
        if fileno is not None and hasattr(select, "poll"):
            self._poll = select.poll()
            self._poll.register(fileno, select.POLLIN)

    def is_silent(self) -> bool:
        """Whether nothing has come in that was not read."""
        return self._poll is None or not self._poll.poll(0)


def is_silent(fileno: int) -> bool:
    """Whether nothing has come in on a socket that was not read."""
    return Ear(fileno).is_silent()


def whose(request: Request) -> str:
    """Return who takes a place for `request`: the fingerprint of its principal, or "" if it has none."""
    principal = request.principal
    return "" if principal is None else principal.fingerprint


class Gate:
    """Let `limit` at a time pass, so that nobody who is slow keeps the others out.

    The fewer places are free, the fewer one principal may hold: while a fraction `f` of all is free, less than the
    fraction ``4 * f**3`` of all. Of 100 places, one principal that hangs takes 50, ten take 7 or 8 each and leave 25
    free, and leave 11 if each takes all it can before the next one comes. Who holds nothing takes any free place; who
    holds some never takes the last one. While the gate has met one principal only, that one may take all places.
    (Requests without a principal do not count as another one.)

    A place that is given up goes round among the principals that wait and may have it, and within each to whoever
    waits longest. Passing costs nothing while there are places: it has no lock, and waits for nothing. Nothing is kept
    of a principal that neither holds a place nor waits.
    """

    __slots__ = ("_first", "_free", "_held", "_limit", "_plenty", "_waiting", "_weight")

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._free = limit
        self._plenty = limit // 2  # with more than that free, nobody holds too much
        self._weight = 0  # limit squared, once there are principals to share with: it switches the shares on
        self._first = ""
        self._held: dict[str, int] = {}
        self._waiting: dict[str, deque[anyio.Event]] = {}  # in the order of the next round; nobody in it may pass

    def passes(self, whom: str) -> bool:
        """Take a place for `whom` if it may have one now, without a coroutine."""
        free, held = self._free, self._held.get(whom, 0)
        if free > self._plenty or held * self._weight < 4 * free * free * free:
            if not held and not self._weight:
                self._meet(whom)
            self._free = free - 1
            self._held[whom] = held + 1
            return True
        return False

    def _meet(self, whom: str) -> None:
        """Notice a second principal."""
        self._first = self._first or whom
        if whom not in ("", self._first):
            self._weight = self._limit * self._limit

    async def enter(self, whom: str) -> None:
        """Take a place for `whom`, waiting for one if need be."""
        if self.passes(whom):
            return
        self._meet(whom)
        turn = anyio.Event()
        self._waiting.setdefault(whom, deque()).append(turn)
        try:
            await turn.wait()
        except BaseException:
            if turn.is_set():
                self.leave(whom)  # The place had been handed over in the moment of the cancellation.
            else:
                self._waiting[whom].remove(turn)
                if not self._waiting[whom]:
                    del self._waiting[whom]
            raise

    def leave(self, whom: str) -> None:
        """Give a place of `whom` up."""
        self._free += 1
        held = self._held.pop(whom)
        if held > 1:
            self._held[whom] = held - 1
        while self._waiting:
            # Of those who wait, only such as hold something may not pass: no more are looked at than there are places.
            passed = next(filter(self.passes, self._waiting), None)
            if passed is None:
                return
            queue = self._waiting.pop(passed)
            queue.popleft().set()
            if queue:
                self._waiting[passed] = queue
