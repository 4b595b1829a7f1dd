"""What a benchmark measures and how: contenders in turns, processor time and time, medians with their spread.

A *case* is one thing to do (read a matter that has not changed, 50 in flight). Its *contenders* do it by turns, in
rounds, so that whatever else the machine does meets all of them. A ratio is taken within a round, to the case's
reference in that round; what is told of all rounds is the median, and the middle half of them. A *curve* is what one
figure does as something grows. A group is a module of this folder with `run(effort)`, which yields cases and curves.
"""

from __future__ import annotations

import inspect
import os
import statistics
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from attrs import evolve, field, frozen

__all__ = ["Case", "Curve", "Effort", "Figure", "Goal", "Spread", "Step", "Watch", "case_of", "pin", "race"]

Step: TypeAlias = Callable[[], Awaitable[object]] | Callable[[], object]
"""Does a contender's work of one round: all operations of it."""


@frozen
class Effort:
    """How long is measured."""

    rounds: int = 9
    scale: float = 1.0
    """A multiple of the usual number of operations in a round; small ones show that all runs, and measure nothing."""

    def times(self, operations: int, least: int = 1) -> int:
        """Return how many operations a round has."""
        return max(least, int(operations * self.scale))


@frozen
class Spread:
    """The median of the rounds, and between what the middle half of them lies."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        if len(values) < 2:
            return cls(values[0], values[0], values[0])
        low, median, high = statistics.quantiles(values, n=4, method="inclusive")
        return cls(median, low, high)


@frozen
class Goal:
    """What a figure of ours should come to. `limit` is the most (or with `at_least` the least) that meets it."""

    what: str
    """Which figure: "cpu", "wall", or a ratio to somebody: "cpu/stock aiohttp", "wall/requests"."""
    limit: float
    at_least: bool = False
    """Of a ratio it is the other way round, too: theirs by ours, so many times as fast or as cheap as they are."""
    seen: Spread | None = None
    """What it came to, round by round. `case_of` sets it; without it the medians are compared."""


@frozen
class Watch:
    """Sees how much of the time a server has work while others are measured.

    A server that runs, or waits for its core, has work. Where the system does not tell, nothing is seen.
    """

    pid: int | None
    shares: dict[str, list[float]] = field(factory=dict)

    def worked(self) -> float | None:
        """Return for how many seconds the server has had work."""
        path = Path(f"/proc/{self.pid}/schedstat")
        if self.pid is None or not path.exists():
            return None
        ran, waited, _ = path.read_text().split()
        return (int(ran) + int(waited)) / 1e9

    def note(self, who: str, before: float | None, seconds: float) -> None:
        """Keep what part of a round it had work, which began when it had worked for `before`."""
        after = self.worked()
        if before is not None and after is not None:
            self.shares.setdefault(who, []).append((after - before) / seconds)

    @property
    def share(self) -> float | None:
        """The greatest part of the time, over the contenders, in which the server had work. Each is a median."""
        return max(map(statistics.median, self.shares.values()), default=None)


@frozen
class Figure:
    """What one contender took for one operation, in `unit`. A ratio is its own by the reference's, round by round."""

    contender: str
    cpu: Spread | None = None
    wall: Spread | None = None
    cpu_ratio: Spread | None = None
    wall_ratio: Spread | None = None
    note: str = ""


@frozen
class Case:
    """One thing to do, and what each contender took for it. The first figure is that of `clio_async`."""

    name: str
    figures: tuple[Figure, ...]
    reference: str | None = None
    unit: str = "µs"
    goals: tuple[Goal, ...] = ()
    server: float | None = None
    """The greatest part of the time, over the contenders, in which the server had work: below 1, it limited nobody."""
    note: str = ""


@frozen
class Curve:
    """What a figure does as something grows. A line is one contender's: pairs of how much there was, and the figure."""

    name: str
    along: str
    unit: str
    lines: Mapping[str, tuple[tuple[float, float], ...]]
    logarithmic: bool = False
    note: str = ""


async def race(
    contenders: Mapping[str, Step], operations: int | Mapping[str, int], rounds: int, watch: Watch | None = None
) -> dict[str, list[tuple[float, float]]]:
    """Let each do its work, in turns. Return what they took for one operation: seconds of processor time, and in all.

    Every round begins with another one, so that nobody is always measured behind the same neighbour.
    """
    names = list(contenders)
    seen: dict[str, list[tuple[float, float]]] = {name: [] for name in names}
    for number in range(rounds):
        for name in names[number % len(names) :] + names[: number % len(names)]:
            count = operations if isinstance(operations, int) else operations[name]
            worked = watch.worked() if watch else None
            used, began = time.process_time(), time.perf_counter()
            done = contenders[name]()
            if inspect.isawaitable(done):
                await done
            cpu, wall = time.process_time() - used, time.perf_counter() - began
            seen[name].append((cpu / count, wall / count))
            if watch:
                watch.note(name, worked, wall)
    return seen


def case_of(
    name: str,
    seen: Mapping[str, Sequence[tuple[float, float]]],
    reference: str,
    *,
    goals: Sequence[Goal] = (),
    scale: float = 1e6,
    unit: str = "µs",
    server: float | None = None,
    note: str = "",
    notes: Mapping[str, str] | None = None,
) -> Case:
    """Sum up a race. `scale` makes seconds the unit; `notes` are of single contenders."""
    theirs = seen[reference]
    ours = seen[next(iter(seen))]

    def figure(who: str) -> Figure:
        mine = seen[who]
        cpu, wall = ([each[column] * scale for each in mine] for column in (0, 1))
        cpu_ratio, wall_ratio = (
            Spread.of([own[column] / other[column] for own, other in zip(mine, theirs, strict=True)])
            for column in (0, 1)
        )
        told = (notes or {}).get(who, "")
        return Figure(who, Spread.of(cpu), Spread.of(wall), cpu_ratio, wall_ratio, told)

    def reached(goal: Goal) -> Goal:
        what, _, whom = goal.what.partition("/")
        if not whom:
            return goal
        column = ("cpu", "wall").index(what)
        pairs = [(own[column], other[column]) for own, other in zip(ours, seen[whom], strict=True)]
        return evolve(goal, seen=Spread.of([b / a if goal.at_least else a / b for a, b in pairs]))

    figures = tuple(figure(who) for who in seen)
    return Case(name, figures, reference, unit, tuple(reached(goal) for goal in goals), server, note)


def pin(core: int) -> bool:
    """Keep this process on one core. Return whether that is possible: the machine has more than one, and says which."""
    if not hasattr(os, "sched_setaffinity") or (os.cpu_count() or 1) < 2:
        return False
    os.sched_setaffinity(0, {core})
    return True
