"""Keeping copies current: what does it take to learn which of 10 000 records have changed, and how they are now?

The reference asks for each record by its tag, as one would by hand: 10 000 conditional requests, of which nearly all
are answered 304. `refresh` reads tags by the page, and what has changed. All runs in memory against the simulator of a
firm. Processor time is that of the client: what the simulator takes to answer is measured and taken off.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias

from attrs import define, field, frozen

from benchmarks.measure import Case, Curve, Effort, Figure, Goal, Spread
from clio_async import Clio, RecordETag
from clio_async.messages import Request, Response
from clio_async.testing import Simulator
from clio_async.transport.memory import MemoryTransport

RECORDS, CHANGED = 10_000, 0.01
OURS, REFERENCE = "clio_async: refresh", "a conditional GET for each"
CARDS = "clio_async: refresh of copies with 5 fields"
SINCE = "clio_async: the same, since the last time"
LIST = "clio_async: list of all"
QUOTA = 50
"""Requests that Clio allows in a minute for a token."""


@frozen
class Card:
    """What a program may keep of a matter."""

    id: int
    etag: RecordETag
    display_number: str
    status: str | None
    description: str | None


@define
class World:
    """A simulated firm, and a client of it that knows its records as they were before some of them changed."""

    records: int
    part: float
    sent: int = 0
    elsewhere: float = 0.0
    """Seconds of processor time that answering has taken."""
    copies: list[Any] = field(factory=list)
    """All that a read answers by default."""
    cards: list[Card] = field(factory=list)
    changed: list[int] = field(factory=list)
    began: datetime = field(default=datetime(2026, 6, 1, tzinfo=UTC))
    simulator: Simulator = field(init=False)
    clio: Clio = field(init=False)

    async def prepare(self) -> None:
        """Read all records, and change some of them, spread over all."""
        self.simulator = Simulator(matters=self.records)
        self.clio = Clio(
            self.simulator.token(),
            transport=MemoryTransport(self._exchange),
            wall_clock=self.simulator.clock.now,
            cache=None,
            limiter=None,
        )
        self.copies = await self.clio.matters.list().collect()
        self.cards = [Card(one.id, one.etag, one.display_number, one.status, one.description) for one in self.copies]
        self.began = datetime.fromtimestamp(self.simulator.clock.now(), UTC)
        self.change(self.part)

    def change(self, part: float) -> None:
        """Change so many of the records, all the same way: those that were changed before count among them."""
        self.simulator.clock.advance(3600)
        many = round(self.records * part)
        self.changed = [1 + (2 * number + 1) * self.records // (2 * many) for number in range(many)]
        for number in self.changed:
            self.simulator.change("matters", number, description="changed")

    async def _exchange(self, request: Request) -> Response:
        began = time.process_time()
        self.sent += 1
        response = self.simulator.answer(request)
        self.elsewhere += time.process_time() - began
        return response

    async def measured(self, sweep: Sweep) -> tuple[int, float]:
        """Return how many requests a sweep took, and how many seconds of the client's processor time."""
        self.sent, self.elsewhere = 0, 0.0
        began = time.process_time()
        found = await sweep(self)
        seconds = time.process_time() - began - self.elsewhere
        assert self.changed == sorted(record.id for record in found)
        assert {"changed"} >= {record.description for record in found}
        return self.sent, seconds


Sweep: TypeAlias = Callable[[World], Awaitable[Any]]
"""Returns the records that have changed, as they are now."""


async def by_tags(world: World) -> Any:
    found = await world.clio.matters.refresh(world.copies)
    assert len(found.unchanged) == world.records - len(world.changed)
    return found.changed


async def cards_by_tags(world: World) -> Any:
    found = await world.clio.matters.refresh(world.cards)
    assert len(found.unchanged) == world.records - len(world.changed)
    return found.changed


async def since(world: World) -> Any:
    return (await world.clio.matters.refresh(world.cards, since=world.began)).changed


async def one_by_one(world: World) -> Any:
    asked = [await world.clio.matters.get_if_changed(copy.id, copy.etag) for copy in world.copies]
    return [record for record in asked if record is not None]


async def in_full(world: World) -> Any:
    known = {copy.id: copy for copy in world.copies}
    return [record async for record in world.clio.matters.list() if record.etag != known[record.id].etag]


SWEEPS: Mapping[str, tuple[Sweep, str]] = {
    OURS: (by_tags, "changes, and deletions"),
    REFERENCE: (one_by_one, "changes, and deletions"),
    CARDS: (cards_by_tags, "the same"),
    SINCE: (since, "changes; deletions are not looked for"),
    LIST: (in_full, "changes, and deletions; all is transferred and decoded"),
}


async def of_sweep(effort: Effort) -> list[Case]:
    """Race over one firm: what is read changes nothing, so all find the same."""
    world = World(effort.times(RECORDS, 1_000), CHANGED)
    await world.prepare()
    requests: dict[str, list[float]] = {who: [] for who in SWEEPS}
    seconds: dict[str, list[float]] = {who: [] for who in SWEEPS}
    for turn in range(2):
        for who in [*SWEEPS][turn % len(SWEEPS) :] + [*SWEEPS][: turn % len(SWEEPS)]:
            sent, took = await world.measured(SWEEPS[who][0])
            requests[who].append(sent)
            seconds[who].append(took * 1e3)
    many = f"{world.records:,}".replace(",", " ")
    what = f"Keeping {many} records current, 1 % changed"
    minutes = {who: f"{SWEEPS[who][1]}; {told(count[0] / QUOTA)} of quota" for who, count in requests.items()}
    return [
        _case(f"{what}: requests", requests, "requests", minutes, (Goal("cpu", 51),)),
        _case(
            f"{what}: CPU", seconds, "ms", {}, (), "in memory: what a connection takes for each request is not in it"
        ),
    ]


def told(minutes: float) -> str:
    return f"{minutes:.0f} minutes" if minutes >= 1.5 else f"{minutes * 60:.0f} s"


def _case(
    name: str,
    seen: Mapping[str, list[float]],
    unit: str,
    notes: Mapping[str, str],
    goals: tuple[Goal, ...],
    note: str = "",
) -> Case:
    theirs = seen[REFERENCE]

    def figure(who: str) -> Figure:
        ratio = Spread.of([own / other for own, other in zip(seen[who], theirs, strict=True)])
        return Figure(who, Spread.of(seen[who]), cpu_ratio=ratio, note=notes.get(who, ""))

    return Case(name, tuple(figure(who) for who in seen), REFERENCE, unit, goals, note=note)


async def of_growth(effort: Effort) -> list[Curve]:
    """Sweep over ever more records."""
    requests: dict[str, list[tuple[float, float]]] = {}
    times: dict[str, list[tuple[float, float]]] = {}
    for records in [one for one in (100, 300, 1_000, 3_000) if one <= effort.times(RECORDS, 300)]:
        world = World(records, CHANGED)
        await world.prepare()
        for who, (sweep, _) in SWEEPS.items():
            sent, took = await world.measured(sweep)
            requests.setdefault(who, []).append((records, sent / records))
            times.setdefault(who, []).append((records, took / records * 1e6))
    along = "records in the sweep"
    return [
        _curve("Requests for a record, by how many are kept current", along, "requests", requests),
        _curve("CPU for a record, by how many are kept current", along, "µs", times),
    ]


async def of_changes(effort: Effort) -> Curve:
    """Sweep over records of which ever more have changed."""
    records = effort.times(3_000, 600)
    lines: dict[str, list[tuple[float, float]]] = {}
    world = World(records, 0.0)
    await world.prepare()
    for part in (0.01, 0.03, 0.09, 0.27, 1.0):
        world.change(part)
        for who in (CARDS, SINCE, LIST):
            sent, _ = await world.measured(SWEEPS[who][0])
            lines.setdefault(who, []).append((round(part * 100, 2), sent))
    many = f"{records:,}".replace(",", " ")
    return _curve(f"Requests to keep {many} records current, by how many have changed", "% changed", "requests", lines)


def _curve(name: str, along: str, unit: str, lines: Mapping[str, list[tuple[float, float]]]) -> Curve:
    return Curve(name, along, unit, {who: tuple(line) for who, line in lines.items()}, logarithmic=True)


async def run(effort: Effort) -> AsyncIterator[Case | Curve]:
    """Measure."""
    for case in await of_sweep(effort):
        yield case
    for curve in await of_growth(effort):
        yield curve
    yield await of_changes(effort)
