"""Random runs in virtual time, one for each seed, until the time is over.

"worlds" are whole runs of clients and servers with all faults at once, as in `tests.simulation.world`. "interleavings"
are four to nine operations in a random order, over a cache that is too small for them, with or without opted-in
freshness; `tests/simulation` enumerates three. "writers" are two to twelve writers of one record over a bad line, as in
`test_writers` there. "cancellations" are calls that are cancelled at an instant, as in `tests/cancellation`.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import anyio

from clio_async.caches.memory import MemoryCache
from clio_async.options import Policy
from tests.cancellation.seeds import cancelled
from tests.simulation.checks import problems
from tests.simulation.interleavings import KINDS, play
from tests.simulation.test_writers import seed_of_writers
from tests.simulation.world import played
from tests.virtual import VirtualLoop

__all__ = ["SEEDS", "run"]

Run: TypeAlias = Callable[[int], tuple[int, list[str]]]
"""Makes the run of a seed: how many steps it took, and what was wrong."""


async def _interleaving(seed: int) -> tuple[int, list[str]]:
    dice = random.Random(seed)
    kinds = [dice.choice(KINDS) for _ in range(dice.randint(4, 9))]
    cache = MemoryCache(max_bytes=dice.choice([0, 4_000, 1_000_000]))
    policy = Policy(fresh_for={"users": 1e9} if dice.random() < 0.7 else {})
    warm = dice.random() < 0.5
    widths, found = await play(kinds, lambda _, width: dice.randrange(width), cache, policy, warm=warm)
    return len(widths), [f"{'+'.join(kinds)}: {problem}" for problem in found]


def interleaving(seed: int) -> tuple[int, list[str]]:
    return anyio.run(_interleaving, seed, backend_options={"loop_factory": VirtualLoop})


def writers(seed: int) -> tuple[int, list[str]]:
    return anyio.run(seed_of_writers, seed, backend_options={"loop_factory": VirtualLoop})


def world(seed: int) -> tuple[int, list[str]]:
    history = played(seed)
    return history.steps, problems(history)


def cancellation(seed: int) -> tuple[int, list[str]]:
    with tempfile.TemporaryDirectory() as path:
        return 1, cancelled(seed, Path(path))


SEEDS: dict[str, tuple[Run, str, str]] = {
    "worlds": (world, "make replay SEED={}", "nothing foreign, stale, lost, doubled, late or left"),
    "interleavings": (
        interleaving,
        "python -m tests.soak --part interleavings --seed {}",
        "nothing stale, nothing foreign, nothing left hanging",
    ),
    "writers": (writers, "python -m tests.soak --part writers --seed {}", "nothing lost, nothing doubled"),
    "cancellations": (
        cancellation,
        "python -m tests.soak --part cancellations --seed {}",
        "nothing is left",
    ),
}
"""By name: what makes a run, what replays one, and what a good run says."""


def run(name: str, seconds: float, first: int, only: int | None) -> int:
    """Run seeds from the first on until the time is over, or one alone. Return the exit status: 1 if any was wrong."""
    made, again, sound = SEEDS[name]
    began, seed, steps, failed = time.monotonic(), first if only is None else only, 0, 0
    while True:
        try:
            taken, found = made(seed)
        except Exception as error:  # a run that breaks off is a finding like any other
            taken, found = 0, [f"it broke off: {error!r}"]
        steps += taken
        if found:
            failed += 1
            print(f"{name}: seed {seed}: {found[0]} ({len(found)} findings); again: {again.format(seed)}", flush=True)
        seed += 1
        if only is not None or time.monotonic() - began > seconds:
            break
    runs = seed - (first if only is None else only)
    told = sound if not failed else f"{failed} FAILED"
    print(f"{name}, {time.monotonic() - began:.0f} s: {runs} runs, {steps} steps, seeds up to {seed - 1}: {told}")
    return min(failed, 1)
