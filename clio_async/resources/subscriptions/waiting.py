"""Waiting for a moment of the wall clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import anyio

if TYPE_CHECKING:
    from ..caller import Caller

__all__ = ["sleep_until"]

_STEP: Final = 600.0
"""Seconds of one sleep: a machine may be suspended, and the moment to wake up be over."""


async def sleep_until(moment: float, caller: Caller) -> None:
    """Sleep until a moment, in seconds since the epoch."""
    while (left := moment - caller.wall_clock()) > 0:  # noqa: ASYNC110 - the time is all that is waited for
        await anyio.sleep(min(left, _STEP))
