"""Many writers of one record over a bad line, in virtual time (rows F14, F15, F17, F18, F25, F26 of the fault table).

`SEEDS` in the environment is how many runs to make. `python -m tests.soak --part writers` makes random ones until the
time is over.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from functools import partial
from itertools import pairwise
from typing import Any, TypeAlias

import pytest
from attrs import define, evolve, field
from trio.testing import MockClock

from clio_async import Clio, ClioError, OutcomeUnknown, PreconditionFailed
from clio_async.testing import Faults, Regime
from tests.writes.world import Call, World, each, judged, told

SEEDS = int(os.environ.get("SEEDS", "60"))

Append: TypeAlias = Callable[[Clio, str], Awaitable[object]]


async def by_edit(clio: Clio, value: str) -> None:
    """Append by a function of what is there."""
    await clio.notes.edit(1, lambda note: {"subject": f"{note.subject},{value}"})


async def by_block(clio: Clio, value: str) -> None:
    """Append to what was read; begin anew where somebody else was faster, as a person would who has to decide."""
    for last in (*[False] * 19, True):
        try:
            async with clio.notes.edit(1) as edit:
                edit.set(subject=f"{edit.record.subject},{value}")
        except PreconditionFailed:
            if last:
                raise
        else:
            return


async def unguarded(clio: Clio, value: str) -> None:
    """Append to what was read, by id: the last writer wins."""
    note = await clio.options(cache="bypass").notes.get(1)
    await clio.notes.update(1, subject=f"{note.subject},{value}")


async def insisting(clio: Clio, value: str) -> None:
    """Append under `If-Match`, and again whenever that was not acknowledged, as if the request had been lost."""
    for _ in range(20):
        note = await clio.options(cache="bypass").notes.get(1)
        try:
            await clio.notes.update(note, subject=f"{note.subject},{value}")
        except (OutcomeUnknown, PreconditionFailed):
            continue
        return


async def as_a_row(clio: Clio, value: str) -> None:
    """Append a row to a collection."""
    await clio.contacts.edit(1, lambda _: {"email_addresses": [{"name": "Work", "address": value}]})


async def within_a_row(clio: Clio, value: str) -> None:
    """Append to a text in the first row of a collection."""

    def change(contact: Any) -> dict[str, Any]:
        row = contact.email_addresses[0]
        return {"email_addresses": [{"id": row.id, "address": f"{row.address},{value}"}]}

    await clio.contacts.edit(1, change, fields="id,etag,email_addresses{id,address}")


def text_of(data: dict[str, Any]) -> str:
    """Return the text that a write carries."""
    return str(data["subject"] if "subject" in data else data["email_addresses"][0]["address"])


@define
class Run:
    """Writers who append to one text, and what each of them was told."""

    world: World
    append: Append = by_edit
    clients: dict[str, Clio] = field(factory=dict[str, Clio])
    calls: list[Call] = field(factory=list[Call])
    before: list[str] = field(factory=list[str])
    """What is there that none of them has written."""
    outcomes: Counter[str] = field(factory=Counter[str])
    """What reading has said of the writes of unknown outcome."""

    async def writer(self, name: str, count: int) -> None:
        """Append unique values, one after the other."""
        clio = self.clients[name]
        for number in range(count):
            value = f"{name}-{number}"
            asked, landed = self.world.requests[name], self.landed_of_others(name)
            verdict, error = await told(self.append(clio, value))
            others = self.landed_of_others(name) - landed
            self.calls.append(Call(value, verdict, self.world.requests[name] - asked, others, error))

    def landed_of_others(self, name: str) -> int:
        """Return how many writes of others have landed so far. Each is known by its last value."""
        texts = (text_of(landed.data) for landed in self.world.simulator.landed)
        return sum(not text.rpartition(",")[2].startswith(f"{name}-") for text in texts)

    def state(self) -> list[str]:
        """Return the values that are there."""
        if self.append not in {as_a_row, within_a_row}:
            return str(self.world.simulator.record("notes", 1)["subject"]).split(",")[1:]
        rows = self.world.simulator.record("contacts", 1, fields="email_addresses{address}")["email_addresses"]
        found = [value for row in rows for value in row["address"].split(",")]
        return [value for value in found if value not in self.before]


async def seed_of_writers(seed: int) -> tuple[int, list[str]]:
    """Make the run of one seed, of any kind. Return how many writes it had, and what was wrong."""
    dice = random.Random(f"writers {seed}")
    moves = dice.random() < 0.5
    append = dice.choice([by_edit, by_block, as_a_row, *([within_a_row] if moves else [])])
    rows = append in {as_a_row, within_a_row}
    world = World(seed, rate=dice.choice([0.1, 0.3, 0.6]), regime=Regime(children_move_tag=moves))
    writers, count = (dice.randint(2, 4), 4) if rows else (dice.randint(2, 12), dice.randint(2, 20))
    run = await appended(world, writers, count, append, shared=dice.random() < 0.3)
    return len(run.calls), problems(run) + await lies(run)


async def appended(world: World, writers: int, count: int, append: Append = by_edit, *, shared: bool = False) -> Run:
    """Let writers append, each with a client of its own unless they share one."""
    world.simulator.change("notes", 1, subject="")
    run = Run(world, append)
    run.before = run.state()
    one = world.client("all") if shared else None
    run.clients = {name: one or world.client(name) for name in (f"w{number}" for number in range(writers))}
    await each(world, [partial(run.writer, name, count) for name in run.clients])
    return run


def problems(run: Run) -> list[str]:
    """Say what must not be, of any run."""
    found = judged(run.calls, run.state())
    found += [f"{call.value} took {call.requests} requests" for call in run.calls if call.requests > BOUND]
    if run.append is as_a_row:
        return found
    steps = pairwise(text_of(landed.data) for landed in run.world.simulator.landed)
    return found + [f"{after!r} overwrote {before!r}" for before, after in steps if not after.startswith(before)]


async def lies(run: Run) -> list[str]:
    """Ask, once all is quiet, what became of the writes of unknown outcome; return the answers that are not true."""
    world, found = run.world, list[str]()
    world.simulator.faults = Faults.none
    for call in run.calls:
        if isinstance(call.error, OutcomeUnknown):
            outcome = await call.error.reconcile(run.clients[call.value.partition("-")[0]])
            run.outcomes[outcome.state] += 1
            if outcome.state == ("not_applied" if call.value in run.state() else "applied"):
                found.append(f"{call.value}: {outcome.state}")
    return found


BOUND = 20 * 9
"""Requests of one edit: twenty attempts, each a read, a write and a reading again, three times each at most."""


@pytest.mark.parametrize("shared", [False, True], ids=["a client each", "one client"])
async def test_twelve_writers_lose_nothing_and_double_nothing(shared: bool) -> None:
    """F14, F15: each of 240 values: acknowledged and there once, unknown and there at most once, or refused and not."""
    verdicts: Counter[str] = Counter()
    requests = 0
    seeds = range(SEEDS // 3) if shared else range(SEEDS // 3, SEEDS)
    for seed in seeds:
        world = World(seed)
        run = await appended(world, 12, 20, shared=shared)
        assert [] == problems(run), seed
        verdicts.update(call.verdict for call in run.calls)
        requests += world.requests.total()
    assert len(seeds) * 240 == verdicts.total()
    assert requests < 15 * verdicts.total()
    assert verdicts["done"] > verdicts.total() / 2
    assert verdicts["unknown"] > 0


@pytest.mark.parametrize("block", [False, True], ids=["function", "block"])
async def test_no_line_is_so_bad_that_a_write_is_lost_or_doubled(block: bool) -> None:
    """F14, F15: the same with four writers, over many seeds: on each another line, and another order of events."""
    verdicts: Counter[str] = Counter()
    met: Counter[str] = Counter()
    outcomes: Counter[str] = Counter()
    for seed in range(100, 100 + max(10, SEEDS // 2)):
        world = World(seed)
        run = await appended(world, 4, 5, by_block if block else by_edit, shared=seed % 4 == 3)
        assert [] == problems(run), seed
        assert [] == await lies(run), seed
        verdicts.update(call.verdict for call in run.calls)
        outcomes.update(run.outcomes)
        met += world.met()
    assert FAULTS <= met.keys()
    assert {"done", "unknown"} <= verdicts.keys()
    assert outcomes.total() == verdicts["unknown"]


FAULTS = {
    "refused",
    "lost before",
    "lost after",
    "truncated",
    "status 502",
    "status 503",
    "status 504",
    "delayed",
    "late",
}


@pytest.mark.parametrize("anyio_backend", [("trio", {"clock": MockClock(autojump_threshold=0)})], ids=["trio"])
async def test_on_trio_nothing_is_lost_and_nothing_doubled() -> None:
    """The same on the other backend, by its own virtual clock."""
    for seed in range(4):
        run = await appended(World(seed), 6, 5, shared=seed == 3)
        assert [] == problems(run), seed
        assert [] == await lies(run), seed


# -- whatever the server makes of tags ----------------------------------------------------------------------------

_CONCERNED = ("default", "tag_", "if_match", "last_modified", "no_store", "etag_on_write", "patch_", "error_", "clock_")
REGIMES = {name: regime for name, regime in Regime.every() if name.startswith(_CONCERNED)}
REGIMES |= {
    f"{name}, {if_match}": evolve(regime, if_match=if_match)
    for name, regime in REGIMES.items()
    if name.startswith("tag_form")
    for if_match in ("header", "both")
}
REGIMES.pop("if_match=ignored")


UNUSABLE = REGIMES.pop("tag_form=weak, header")


@pytest.mark.parametrize("name", REGIMES)
async def test_in_every_regime_nothing_is_lost_and_nothing_doubled(name: str) -> None:
    """Other forms of tags, answers without them, other bodies of errors: the truth is told."""
    verdicts: Counter[str] = Counter()
    for seed in range(3):
        run = await appended(World(seed, regime=REGIMES[name]), 4, 3, shared=seed == 1)
        assert [] == problems(run), seed
        assert [] == await lies(run), seed
        verdicts.update(call.verdict for call in run.calls)
    assert verdicts["done"] > 3 * 12 / 2


async def test_where_no_form_of_a_tag_is_taken_nothing_is_written() -> None:
    """The server takes what its header says, and that is weak: each edit says so, or why it could not find out."""
    for seed in range(3):
        run = await appended(World(seed, regime=UNUSABLE), 4, 3)
        assert [] == run.state()
        assert "unusable" in {call.verdict for call in run.calls}
        assert all(isinstance(call.error, ClioError) for call in run.calls)
        assert [] == await lies(run), seed


# -- collections: `If-Match` is known to guard own attributes only ------------------------------------------------

MOVES = pytest.mark.parametrize("moves", [False, True], ids=["rows leave the tag", "rows move the tag"])


@MOVES
async def test_new_rows_are_neither_lost_nor_doubled(moves: bool) -> None:
    """A new row overwrites nothing, whether or not it moves the tag; and as it creates something it is sent once."""
    verdicts: Counter[str] = Counter()
    for seed in range(20):
        world = World(seed, regime=Regime(children_move_tag=moves))
        run = await appended(world, 4, 4, as_a_row, shared=seed % 4 == 3)
        assert [] == problems(run), seed
        verdicts.update(call.verdict for call in run.calls)
    assert {"done", "unknown"} <= verdicts.keys()


async def test_changes_within_a_row_are_kept_where_rows_move_the_tag() -> None:
    """Then a row is guarded like an own attribute."""
    for seed in range(20):
        world = World(seed, regime=Regime(children_move_tag=True))
        run = await appended(world, 4, 4, within_a_row, shared=seed % 4 == 3)
        assert [] == problems(run), seed


async def test_changes_within_a_row_can_be_lost_where_rows_leave_the_tag() -> None:
    """The limit: two clients that change one row at once are both told "done", and one change is gone.

    What is there once is never there twice, and within one process the turns keep all changes.
    """
    regime = Regime(children_move_tag=False)
    run = await appended(World(0, rate=0.0, late=0.0, regime=regime), 4, 4, within_a_row)
    assert {"done": 16} == Counter(call.verdict for call in run.calls)
    assert 16 > len(run.state()) == len({*run.state()})
    run = await appended(World(0, rate=0.0, late=0.0, regime=regime), 4, 4, within_a_row, shared=True)
    assert [] == problems(run)
    assert 16 == len(run.state())


# -- costs and controls -------------------------------------------------------------------------------------------


async def test_on_a_good_line_every_write_is_acknowledged() -> None:
    """Without faults there is no doubt: all values are there, in few requests each (F15)."""
    world = World(0, rate=0.0, late=0.0)
    run = await appended(world, 12, 20)
    assert [] == problems(run)
    assert {"done": 240} == Counter(call.verdict for call in run.calls)
    assert 240 == len(run.state())


async def test_in_one_process_writers_take_turns() -> None:
    """One client, a good line: no write is refused, so that each costs a read and a write (F26)."""
    world = World(0, rate=0.0, late=0.0)
    run = await appended(world, 12, 20, shared=True)
    assert [] == problems(run)
    assert 0 == world.simulator.log.statuses[412]
    assert 480 >= world.requests["all"]


async def test_without_if_match_values_are_lost() -> None:
    """The control of F15: the same writers by id are told "done" of values that are gone."""
    run = await appended(World(0, rate=0.0, late=0.0), 4, 5, unguarded)
    assert any("was reported as done" in problem for problem in judged(run.calls, run.state()))


async def test_on_a_server_that_ignores_if_match_values_are_lost() -> None:
    """F23, and the control of the server: the client can do no more than the server does."""
    world = World(0, rate=0.0, late=0.0, regime=Regime(if_match="ignored"))
    run = await appended(world, 4, 5)
    assert any("was reported as done" in problem for problem in judged(run.calls, run.state()))


async def test_who_takes_a_lost_answer_for_a_lost_request_writes_twice() -> None:
    """The control of F14: `If-Match` alone is not enough. Reading again and appending again doubles what has landed."""
    found: list[str] = []
    for seed in range(5):
        run = await appended(World(seed), 4, 5, insisting)
        found += judged(run.calls, run.state())
    assert any("is there 2 times" in problem for problem in found)
