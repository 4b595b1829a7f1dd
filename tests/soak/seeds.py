"""Random runs in virtual time, one for each seed.

Each seed is a run of four to nine operations in a random order, over a cache that is too small for them, with or
without opted-in freshness. What it checks is what `tests/simulation` enumerates for three.

With `--writers` each seed is a run of two to twelve writers of one record over a bad line, as in `test_writers` there.
"""

from __future__ import annotations

import random
import time
from argparse import Namespace

import anyio

from clio_async.caches.memory import MemoryCache
from clio_async.options import Policy
from tests.simulation.interleavings import KINDS, play
from tests.simulation.test_writers import seed_of_writers
from tests.virtual import VirtualLoop


async def run(seed: int) -> tuple[int, list[str]]:
    """Make the run of one seed. Return how many steps it took, and what was wrong."""
    dice = random.Random(seed)
    kinds = [dice.choice(KINDS) for _ in range(dice.randint(4, 9))]
    cache = MemoryCache(max_bytes=dice.choice([0, 4_000, 1_000_000]))
    policy = Policy(fresh_for={"users": 1e9} if dice.random() < 0.7 else {})
    warm = dice.random() < 0.5
    widths, problems = await play(kinds, lambda _, width: dice.randrange(width), cache, policy, warm=warm)
    return len(widths), [f"{'+'.join(kinds)}: {problem}" for problem in problems]


def seeds(options: Namespace) -> int:
    """Run seeds until the time is over, or one. The exit status is 1 if anything was wrong."""
    seed = options.start if options.seed is None else options.seed
    end = time.monotonic() + options.seconds
    runs = steps = 0
    while True:
        made = seed_of_writers if options.writers else run
        taken, problems = anyio.run(made, seed, backend_options={"loop_factory": VirtualLoop})
        runs, steps = runs + 1, steps + taken
        if problems:
            print("\n".join(problems))
            print(f"again: python -m tests.soak{' --writers' * options.writers} --seed {seed}")
            return 1
        seed += 1
        if options.seed is not None or time.monotonic() > end:
            break
    sound = "nothing lost, nothing doubled" if options.writers else "nothing stale, nothing foreign"
    print(f"{runs} runs, {steps} steps, seeds up to {seed - 1}: {sound}, nothing left hanging")
    return 0
