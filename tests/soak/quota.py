"""Eight processes with a limiter each, and one quota."""

from __future__ import annotations

import os
import statistics
import time
from collections import Counter

import anyio

from tests.limiters.test_processes import EIGHT, LIMIT, USED, WINDOW, crew
from tests.redis_server import any_server

from .wrong import check

WINDOWS, LOT = 120, 8


def limiters(end: float) -> str:
    """Let eight processes use up 120 windows of one token through one Redis, some windows at a time."""
    counts: list[Counter[int]] = []
    with any_server() as url:
        while len(counts) < WINDOWS and (not counts or time.monotonic() < end):
            counted, said = anyio.run(lambda: crew(url, f"soak-{os.urandom(4).hex()}", windows=LOT))
            check(len(said) == EIGHT, "processes that ended without a word", said)
            counts += counted
            check(all(count[429] <= 1 for count in counted), "windows with more than one 429", counted)
    used = [count[200] / LIMIT for count in counts]
    whole = sum(count[200] >= USED for count in counts)
    told = (
        f"{EIGHT} limiters on one Redis, {len(counts)} windows of {LIMIT} in {WINDOW:g} s: "
        f"{statistics.median(used):.1%} used in the median, {whole} windows to 95 % or more, "
        f"the least to {min(used):.0%}; "
        f"{sum(count[429] for count in counts)} answers 429, at most {max(count[429] for count in counts)} a window"
    )
    check(2 * whole >= len(counts), "most windows were used in part; if the machine was idle, that is wrong:", told)
    return told
