"""Rate limits: how much of a window is used. Times are seconds since the epoch."""

from __future__ import annotations

import math
from collections import deque
from typing import Literal, Protocol

from attrs import define, field

__all__ = ["Window", "window"]


class Window(Protocol):
    """The quota of one token."""

    def remaining(self, now: float) -> int:
        """Return how many requests are left."""
        ...

    def reset(self, now: float) -> float:
        """Return when there will be more."""
        ...

    def spend(self, now: float) -> None:
        """Count one request."""
        ...


@define
class _Fixed:
    limit: int
    seconds: float
    _number: int = -1
    _used: int = 0

    def _turn(self, now: float) -> None:
        number = math.floor(now / self.seconds)
        if number != self._number:
            self._number, self._used = number, 0

    def remaining(self, now: float) -> int:
        self._turn(now)
        return self.limit - self._used

    def reset(self, now: float) -> float:
        self._turn(now)
        return (self._number + 1) * self.seconds

    def spend(self, now: float) -> None:
        self._turn(now)
        self._used += 1


@define
class _Sliding:
    limit: int
    seconds: float
    _spent: deque[float] = field(factory=deque[float])

    def remaining(self, now: float) -> int:
        while self._spent and self._spent[0] <= now - self.seconds:
            self._spent.popleft()
        return self.limit - len(self._spent)

    def reset(self, now: float) -> float:
        self.remaining(now)
        return (self._spent[0] if self._spent else now) + self.seconds

    def spend(self, now: float) -> None:
        self._spent.append(now)


def window(limit: int, seconds: float, kind: Literal["fixed", "sliding"]) -> Window:
    """Return an unused window of `limit` requests in `seconds`.

    A fixed one starts anew at multiples of its length; a sliding one looks back from each request.
    """
    return _Fixed(limit, seconds) if kind == "fixed" else _Sliding(limit, seconds)
