"""One cancellation drawn by a seed: for long runs, which repeat what the tests do once, in other orders."""

from __future__ import annotations

import random
from pathlib import Path

from .calls import CASES
from .faulted import FAULTED
from .instants import HOWS, Strike
from .parts import PARTS
from .sweep import struck

__all__ = ["cancelled"]

_LONGEST = 40  # instants


def cancelled(seed: int, path: Path) -> list[str]:
    """Cancel a call in some way at some instant, and say what is wrong then. `path` is an empty directory.

    The same seed is the same cancellation: ``cancelled(seed, path)`` is the way to see it again.
    """
    dice = random.Random(seed)
    cases = [case for case in (CASES | FAULTED | PARTS).values() if not case.threads]
    case, strike = dice.choice(cases), Strike(dice.randint(1, _LONGEST), dice.choice(HOWS))
    problems = struck(case, strike, path)
    return [f"{case.name}, {strike.how} at instant {strike.number} ({strike.where}): {one}" for one in problems]
