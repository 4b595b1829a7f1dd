"""`Refusals`: what was refused or failed is logged, as far as whoever sends it cannot fill the log with it."""

from __future__ import annotations

import logging
from collections.abc import Callable

from ..logs import write
from .reply import Reply

__all__ = ["Refusals"]

_MOST = 10
_PERIOD = 60.0


class Refusals:
    """Logs ten of a status a minute, and counts the others: the next one that is logged says how many."""

    def __init__(self, wall_clock: Callable[[], float]) -> None:
        self._wall_clock = wall_clock
        self._periods: dict[int, tuple[float, int]] = {}  # by status: when it began, and how many there were

    def write(self, status: int, level: int = logging.WARNING, **given: object) -> None:
        """Log one, or count it."""
        now = self._wall_clock()
        began, count = self._periods.get(status, (now, 0))
        unsaid = 0
        if not 0 <= now - began < _PERIOD:
            began, count, unsaid = now, 0, max(0, count - _MOST)
        self._periods[status] = (began, count + 1)
        if count < _MOST:
            write(level, "webhook", status=status, unlogged=unsaid or None, **given)

    def failed(self, error: Exception) -> Reply:
        """Log what has failed, and return the answer. The error is for whoever serves the request."""
        self.write(500, logging.ERROR, error=type(error).__name__)
        return Reply(500, error=error)
