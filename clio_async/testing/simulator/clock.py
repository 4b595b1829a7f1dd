"""The simulator's time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from attrs import define, field

__all__ = ["EPOCH", "Clock"]

EPOCH = datetime(2026, 6, 1, 12, tzinfo=UTC).timestamp()
"""Where a clock starts unless it is told otherwise: every record of a firm is older than that."""


def _stands_still() -> float:
    return EPOCH


@define
class Clock:
    """Seconds since the epoch, under the control of the test.

    It stands still until `advance` is called. Give `source=time.time` for a clock that runs.
    """

    source: Callable[[], float] = field(default=_stands_still)
    watchers: list[Callable[[], object]] = field(factory=list[Callable[[], object]], init=False, repr=False, eq=False)
    """Who is called after each `advance`."""
    _advanced: float = field(default=0.0, init=False)

    def now(self) -> float:
        """Return the present moment."""
        return self.source() + self._advanced

    def advance(self, seconds: float) -> None:
        """Let time pass.

        :raises ValueError: if it should run backwards.
        """
        if seconds < 0:
            raise ValueError(f"time passes forwards only, not by {seconds} s")
        self._advanced += seconds
        for call in [*self.watchers]:
            call()
