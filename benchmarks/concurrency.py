"""What a validated read costs as more of them are in flight, and whether 500 at a time cost more than 50.

Nobody's limit of connections is changed: stock aiohttp and httpx open at most 100, and what is beyond waits.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack

from benchmarks import server
from benchmarks.contenders import Opened, Read, httpx_by_hand, ours, stock
from benchmarks.measure import Case, Curve, Effort, Figure, Goal, Spread, Watch, race
from benchmarks.reads import prepared, step, targets

OPERATIONS = 1_500
RECORDS = 2_000
SLOW = {"httpx": 0.05}
WIDTHS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000)
CROWD, FEW = 500, 50
ITSELF = f"itself at {FEW} in flight"


def contenders(base: str) -> dict[str, Opened]:
    """Return who is compared."""
    return {"clio_async": ours(base), "stock aiohttp": stock(), "httpx": httpx_by_hand()}


def operations(who: str, width: int, effort: Effort) -> int:
    """Return how many reads a round has: all that are in flight, at least."""
    return effort.times(int(OPERATIONS * SLOW.get(who, 1)), width)


async def measured(
    readers: Mapping[str, Read],
    urls: Mapping[str, list[object]],
    widths: Sequence[int],
    rounds: int,
    effort: Effort,
    watch: Watch,
) -> dict[tuple[str, int], list[tuple[float, float]]]:
    """Race each reader at each width."""
    pairs = {f"{who}, {width}": (who, width) for who in readers for width in widths}
    number = {name: operations(*pair, effort) for name, pair in pairs.items()}
    steps = {name: step(readers[who], urls[who], number[name], width) for name, (who, width) in pairs.items()}
    seen = await race(steps, number, rounds, watch)
    return {pairs[name]: found for name, found in seen.items()}


def grown(who: str, seen: Mapping[tuple[str, int], Sequence[tuple[float, float]]]) -> Figure:
    """Return what a read costs in a crowd, by what it costs the same contender among few."""
    crowd, few = seen[who, CROWD], seen[who, FEW]

    def amounts(column: int) -> tuple[Spread, Spread]:
        own = [each[column] * 1e6 for each in crowd]
        return Spread.of(own), Spread.of([a[column] / b[column] for a, b in zip(crowd, few, strict=True)])

    (cpu, cpu_ratio), (wall, wall_ratio) = amounts(0), amounts(1)
    return Figure(who, cpu, wall, cpu_ratio, wall_ratio)


async def run(effort: Effort) -> AsyncIterator[Case | Curve]:
    """Measure the crowd, and draw the curve."""
    process, port = server.start(core=1)
    base = f"http://127.0.0.1:{port}/api/v4"
    try:
        async with AsyncExitStack() as stack:
            opened = contenders(base)
            urls = {who: targets(base, who, effort.times(RECORDS, 60)) for who in opened}
            readers = await prepared(stack, opened, urls, port, (0, 1))
            watch = Watch(process.pid)
            seen = await measured(readers, urls, (FEW, CROWD), effort.rounds, effort, watch)
            yield Case(
                f"validated read, 304, {CROWD} in flight",
                tuple(grown(who, seen) for who in readers),
                reference=ITSELF,
                goals=(Goal(f"cpu/{ITSELF}", 1.5),),
                server=watch.share,
            )
            rounds = min(3, effort.rounds)
            some = await measured(readers, urls, WIDTHS, rounds, effort, Watch(None))
            lines = {
                who: tuple(
                    (float(width), Spread.of([cpu for cpu, _ in some[who, width]]).median * 1e6) for width in WIDTHS
                )
                for who in readers
            }
            yield Curve("validated read, 304", "in flight", "µs of CPU", lines, logarithmic=True)
    finally:
        process.terminate()
        process.join()
