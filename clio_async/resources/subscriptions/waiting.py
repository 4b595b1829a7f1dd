"""Waiting for a moment of the wall clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import anyio

if TYPE_CHECKING:
    from ..caller import Caller

__all__ = ["sleep_until"]

_STEP: Final = 600.0
"""Seconds of one sleep: a machine may be suspended, and the moment to wake up be over."""
_SLACK: Final = 60.0
"""Seconds by which the clocks may differ in what time has passed."""


async def sleep_until(moment: float, caller: Caller) -> None:
    """Sleep until a moment, in seconds since the epoch; and not much longer than it is until then by the clock of now.

    A wall clock that was ahead, and is put right meanwhile, would have it wait for all that time once more.
    """
    over = caller.now() + moment - caller.wall_clock() + _SLACK
    while (left := moment - caller.wall_clock()) > 0 and caller.now() < over:  # noqa: ASYNC110 - it waits for time
        await anyio.sleep(min(left, _STEP))
