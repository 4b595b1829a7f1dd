"""500 tasks on one token that has 50 requests in each window of a minute: nobody refused, and no window wasted.

All in virtual time, against the simulator: a minute passes at once. The server's windows begin at whole minutes, it
says with each answer what is left, and answers 429 with `Retry-After` to whoever sends more. A request takes 100 ms.
Counts are exact, and the same each time.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any, TypeAlias

import async_solipsism  # type: ignore[import-untyped]
from attrs import define, field

from benchmarks.measure import Case, Curve, Effort, Figure, Goal, Spread
from clio_async import Clio
from clio_async.limiters.local import LocalLimiter
from clio_async.messages import Headers, Request, Response
from clio_async.protocol.urls import base_url
from clio_async.testing import Regime, Simulator
from clio_async.testing.simulator.clock import EPOCH, Clock
from clio_async.transport.memory import MemoryTransport

TASKS, LIMIT, WINDOW = 500, 50, 60.0
LATENCY = 0.05
"""Seconds that a request travels, and that its answer does."""
OURS = "clio_async"
BASE = base_url("us")


class VirtualLoop(async_solipsism.EventLoop):  # type: ignore[misc]
    """Virtual time that passes in steps of a microsecond at least: a wait may end within a rounding error from now."""

    def __init__(self) -> None:
        super().__init__()
        clock = self._selector.clock
        advance = clock.advance
        clock.advance = lambda seconds: advance(max(seconds, clock.resolution))


@define
class World:
    """A simulated server with a quota, and what it has seen."""

    simulator: Simulator = field(init=False)
    token: str = field(init=False)

    def __attrs_post_init__(self) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        regime = Regime(rate_limit=(LIMIT, WINDOW), rate_window="fixed")
        clock = Clock(source=lambda: EPOCH + loop.time() - began)
        self.simulator = Simulator(regime=regime, clock=clock, tasks=1_000)
        self.token = self.simulator.token()

    async def exchange(self, request: Request) -> Response:
        await asyncio.sleep(LATENCY)
        response = self.simulator.answer(request)
        await asyncio.sleep(LATENCY)
        return response

    async def get(self, number: int) -> Response:
        """Read a task as one does by hand."""
        headers = Headers({"Authorization": f"Bearer {self.token}", "X-API-VERSION": "4.0.13"})
        return await self.exchange(Request("GET", f"{BASE}/tasks/{number}", headers))


Way: TypeAlias = Callable[[World, int], Awaitable[int]]
"""Reads so many tasks, all at the same time. Returns how many were answered."""


async def with_client(world: World, tasks: int) -> int:
    clock = asyncio.get_running_loop().time
    dice = random.Random(5).random
    wall = world.simulator.clock.now
    clio = Clio(
        world.token,
        transport=MemoryTransport(world.exchange, clock=clock),
        limiter=LocalLimiter(clock=clock, wall_clock=wall, random=dice),
        clock=clock,
        wall_clock=wall,
        random=dice,
    ).options(lane="batch", timeout=None)
    found = await asyncio.gather(*[clio.tasks.get(number, fields="id") for number in range(1, tasks + 1)])
    return len(found)


async def with_retries(world: World, tasks: int) -> int:
    """Send at once, and after a 429 again when it says so: what is usually written around `session.get`."""

    async def read(number: int) -> bool:
        while (response := await world.get(number)).status == 429:  # noqa: ASYNC110 - the time is virtual
            await asyncio.sleep(float(response.headers["retry-after"]))
        return response.status == 200

    return sum(await asyncio.gather(*map(read, range(1, tasks + 1))))


async def with_backoff(world: World, tasks: int) -> int:
    """The same with pauses of its own: a second, doubled each time to a minute at most, of which any part is taken."""
    dice = random.Random(7)

    async def read(number: int) -> bool:
        pause = 1.0
        while (response := await world.get(number)).status == 429:
            await asyncio.sleep(pause * dice.random())
            pause = min(60.0, pause * 2)
        return response.status == 200

    return sum(await asyncio.gather(*map(read, range(1, tasks + 1))))


async def at_once(world: World, tasks: int) -> int:
    """Send, and take a 429 for an answer."""
    answers = await asyncio.gather(*map(world.get, range(1, tasks + 1)))
    return sum(answer.status == 200 for answer in answers)


WAYS: Mapping[str, Way] = {
    OURS: with_client,
    "by hand: again after Retry-After": with_retries,
    "by hand: again with backoff": with_backoff,
    "by hand: one unlimited burst": at_once,
}


@define
class Seen:
    """What came of one way."""

    answered: int
    refused: int
    """Answers 429."""
    used: float
    """The part of the windows in per cent that was used until the last one, which need not be."""
    minutes: float
    """From the first request to the last answer."""


def seen(way: Way, tasks: int) -> Seen:
    """Go one way in a virtual time of its own."""

    async def main() -> Seen:
        world = World()
        began = asyncio.get_running_loop().time()
        answered = await way(world, tasks)
        minutes = (asyncio.get_running_loop().time() - began) / 60
        entries = world.simulator.entries()
        served = Counter(int((entry.at - EPOCH) // WINDOW) for entry in entries if entry.status == 200)
        windows = [served[number] for number in range(max(served))] or [LIMIT]
        refused = sum(entry.status == 429 for entry in entries)
        assert len(entries) == sum(served.values()) + refused
        return Seen(answered, refused, sum(windows) / len(windows) / LIMIT * 100, minutes)

    loop = VirtualLoop()
    try:
        seen: Seen = loop.run_until_complete(main())
        return seen
    finally:
        loop.close()


def of_tasks() -> Iterator[Case]:
    """Send 500 tasks on their ways."""
    found = {who: seen(way, TASKS) for who, way in WAYS.items()}
    assert found[OURS].answered == TASKS

    def case(what: str, unit: str, value: Callable[[Seen], float], *goals: Goal) -> Case:
        figures = [Figure(who, Spread.of([value(one)]), note=_note(one)) for who, one in found.items()]
        name = f"{TASKS} tasks at once on one token, {LIMIT} requests a minute: {what}"
        return Case(name, tuple(figures), unit=unit, goals=goals, note="in virtual time")

    yield case("answers 429", "answers", lambda one: one.refused, Goal("cpu", 0))
    yield case("how much of the windows is used", "%", lambda one: one.used, Goal("cpu", 100, at_least=True))
    yield case("time until all are answered", "minutes", lambda one: one.minutes)


def _note(one: Seen) -> str:
    return "" if one.answered == TASKS else f"{TASKS - one.answered} tasks got no answer but 429"


def of_growth(effort: Effort) -> list[Curve]:
    """Send ever more tasks."""
    ways = [who for who in WAYS if who != "by hand: one unlimited burst"]
    refused: dict[str, list[tuple[float, float]]] = {who: [] for who in ways}
    minutes: dict[str, list[tuple[float, float]]] = {who: [] for who in ways}
    for tasks in [one for one in (50, 100, 200, 500, 1_000) if one <= effort.times(1_000, 100)]:
        for who in ways:
            found = seen(WAYS[who], tasks)
            refused[who].append((tasks, found.refused))
            minutes[who].append((tasks, found.minutes))
    return [
        _curve("Answers 429, by how many tasks wait for one token", "answers", refused),
        _curve("Minutes until all are answered, by how many tasks wait for one token", "minutes", minutes),
    ]


def _curve(name: str, unit: str, lines: Mapping[str, list[Any]]) -> Curve:
    return Curve(name, "tasks", unit, {who: tuple(line) for who, line in lines.items()}, note="in virtual time")


def run(effort: Effort) -> Iterator[Case | Curve]:
    """Measure."""
    yield from of_tasks()
    yield from of_growth(effort)
