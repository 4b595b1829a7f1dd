"""What a pool of connections needs besides the connections: a count with a queue, and an ear."""

from __future__ import annotations

import select
from collections import deque

from anyio import Event

__all__ = ["Gate", "is_silent"]


def is_silent(fileno: int) -> bool:
    """Whether nothing came in on the socket of an idle connection: neither bytes nor its end.

    An event loop may not have noticed yet. A request that goes out on a connection that the server has closed is lost,
    and nobody could say whether it was received. Where sockets cannot be asked (Windows), the loop's word counts.
    """
    if not hasattr(select, "poll"):
        return True
    poll = select.poll()
    poll.register(fileno, select.POLLIN)
    return not poll.poll(0)


class Gate:
    """Let `limit` at a time pass. A place that is given up goes to whoever waits longest.

    Passing costs nothing while places are free: it has no lock, and waits for nothing.
    """

    __slots__ = ("_free", "_queue")

    def __init__(self, limit: int) -> None:
        self._free = limit
        self._queue: deque[Event] = deque()

    def passes(self) -> bool:
        """Take a place if one is free, without a coroutine."""
        if self._free:  # Then nobody waits, since places are handed over.
            self._free -= 1
            return True
        return False

    async def enter(self) -> None:
        """Take a place, waiting for one if need be."""
        if self.passes():
            return
        turn = Event()
        self._queue.append(turn)
        try:
            await turn.wait()
        except BaseException:
            if turn.is_set():
                self.leave()  # The place had been handed over in the moment of the cancellation.
            else:
                self._queue.remove(turn)
            raise

    def leave(self) -> None:
        """Give a place up."""
        if self._queue:
            self._queue.popleft().set()
        else:
            self._free += 1
