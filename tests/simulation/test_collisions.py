"""Fifty writers who have all read the same version of a record before the first of them writes, in virtual time.

What does not collide lands; of what does, one lands, and the others are told who was faster with what (row F15).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import anyio
import pytest
from attrs import define, field

from clio_async import Clio, EditConflict, PreconditionFailed
from clio_async.models import registry
from clio_async.testing import Regime
from tests.writes.world import Verdict, World, each, told

FIFTY = 50
SEEDS = range(6)


@define
class Meeting:
    """Writers who wait for each other between reading and writing. A writer that could not read is not waited for."""

    expected: int
    arrived: int = 0
    all_here: anyio.Event = field(factory=anyio.Event)

    async def wait(self) -> None:
        self.arrive()
        await self.all_here.wait()

    def arrive(self) -> None:
        self.arrived += 1
        if self.arrived == self.expected:
            self.all_here.set()


@define
class Writer:
    """One of them: what it changes, and what it was told."""

    name: str
    changes: Mapping[str, Any]
    verdict: Verdict = "failed"
    error: BaseException | None = None
    read: bool = False


async def write(resource: Any, writer: Writer, meeting: Meeting) -> None:
    """Read, wait for the others, change."""
    async with resource.edit(1) as edit:
        writer.read = True
        await meeting.wait()
        edit.set(**writer.changes)


async def met(world: World, resource: str, changes: Sequence[Mapping[str, Any]]) -> list[Writer]:
    """Let as many writers as there are changes meet over record 1."""
    meeting = Meeting(len(changes))
    writers = [Writer(f"w{number}", change) for number, change in enumerate(changes)]

    async def program(writer: Writer, clio: Clio) -> None:
        writer.verdict, writer.error = await told(write(getattr(clio, resource), writer, meeting))
        if not writer.read:
            meeting.arrive()

    clients = [world.client(writer.name) for writer in writers]
    await each(world, [lambda w=w, c=c: program(w, c) for w, c in zip(writers, clients, strict=True)])
    return writers


def line(seed: int) -> World:
    """Return a firm on a good line for the first seed, on a bad one for the others."""
    return World(seed) if seed else World(seed, rate=0.0, late=0.0)


def unreadable(seed: int, error: BaseException | None) -> bool:
    """Say whether a line was so bad that nobody can say what the others have written: only that they have."""
    return bool(seed) and isinstance(error, PreconditionFailed) and error.current is None


DISJOINT: Mapping[str, Any] = {
    "name": "an account",
    "account_number": "12345",
    "currency": "CAD",
    "general_ledger_number": "4711",
    "holder": "a holder",
    "controlled_account": True,
    "default_account": True,
}
"""Own attributes of a bank account, of which no two belong together."""


@pytest.mark.parametrize("seed", SEEDS)
async def test_disjoint_attributes_all_land(seed: int) -> None:
    """Nobody is told of a conflict; whoever was told "done" is there, and what was refused is not."""
    world = line(seed)
    before = world.simulator.record("bank_accounts", 1)
    changes = [{name: (not before[name]) if value is True else value} for name, value in DISJOINT.items()]
    writers = await met(world, "bank_accounts", changes)
    after = world.simulator.record("bank_accounts", 1)
    assert not [one for one in writers if one.verdict == "conflict" and not unreadable(seed, one.error)]
    for writer in writers:
        ((name, value),) = writer.changes.items()
        if writer.verdict == "done":
            assert value == after[name]
        if writer.verdict == "failed":
            assert before[name] == after[name]
    if not seed:
        assert {"done": len(changes)} == Counter(writer.verdict for writer in writers)


@pytest.mark.parametrize("moves", [False, True], ids=["rows leave the tag", "rows move the tag"])
async def test_fifty_rows_of_one_record_all_land(moves: bool) -> None:
    """Fifty custom fields of one matter: each is an item of its own, whether or not they move the matter's tag."""
    world = World(0, rate=0.0, late=0.0, regime=Regime(children_move_tag=moves))
    fields = [
        world.simulator.add("custom_fields", name=f"Field {number}", parent_type="Matter", field_type="text_line")
        for number in range(FIFTY)
    ]
    changes = [
        {"custom_field_values": [{"custom_field": {"id": number}, "value": f"value {number}"}]} for number in fields
    ]
    writers = await met(world, "matters", changes)
    shown = world.simulator.record("matters", 1, fields="custom_field_values{value,custom_field}")
    values = Counter(row["value"] for row in shown["custom_field_values"])
    assert {"done": FIFTY} == Counter(writer.verdict for writer in writers)
    assert {1} == {values[f"value {number}"] for number in fields}


@pytest.mark.parametrize("seed", SEEDS)
async def test_of_fifty_who_write_one_attribute_one_wins(seed: int) -> None:
    """The others get `EditConflict` with what they read, what they wanted and what is there, and nothing of theirs."""
    world = line(seed)
    base = world.simulator.record("notes", 1)["subject"]
    writers = await met(world, "notes", [{"subject": f"of w{number}"} for number in range(FIFTY)])
    (landed,) = [landed.data["subject"] for landed in world.simulator.landed]
    assert landed == world.simulator.record("notes", 1)["subject"]
    winners = [writer for writer in writers if writer.verdict == "done"]
    assert {landed} >= {writer.changes["subject"] for writer in winners}
    losers = [writer for writer in writers if writer.verdict == "conflict"]
    assert losers
    for writer in losers:
        assert landed != writer.changes["subject"]
        error = writer.error
        if not isinstance(error, EditConflict):
            assert unreadable(seed, error)
            continue
        assert ("subject",) == error.fields
        assert (base, landed) == (error.base.subject, error.theirs.subject)
        assert writer.changes == error.mine
    if not seed:
        assert (1, FIFTY - 1) == (len(winners), len(losers))


GROUP = ({"open_date": date(2024, 2, 29)}, {"close_date": date(2025, 2, 28)})


@pytest.mark.parametrize("seed", SEEDS)
async def test_of_two_attributes_that_belong_together_one_wins(seed: int) -> None:
    """A date of opening and one of closing are a whole: who has read another one is asked to decide anew."""
    assert any({"open_date", "close_date"} <= group for group in registry.atoms("Matter"))
    world = line(seed)
    world.simulator.change("matters", 1, status="Closed", open_date="2024-01-01", close_date="2024-12-31")
    writers = await met(world, "matters", [GROUP[number % 2] for number in range(FIFTY)])
    landed = {tuple(landed.data) for landed in world.simulator.landed}
    assert 1 == len(landed), landed
    ((won,),) = landed
    for writer in writers:
        same = set(writer.changes) == {won}
        if writer.verdict == "conflict" and isinstance(writer.error, EditConflict):
            assert not same
            assert set(writer.changes) <= set(writer.error.fields)
        elif writer.verdict == "conflict":
            assert unreadable(seed, writer.error)
        elif writer.verdict == "done":
            assert same
    if not seed:
        assert {"done": FIFTY // 2, "conflict": FIFTY // 2} == Counter(writer.verdict for writer in writers)


async def test_without_a_merge_the_last_one_wins() -> None:
    """The control: the same fifty by id are all told "done", and forty-nine of them are not there."""
    world = World(0, rate=0.0, late=0.0)
    verdicts: Counter[str] = Counter()

    async def program(number: int, clio: Clio) -> None:
        verdict, _ = await told(clio.notes.update(1, subject=f"of w{number}"))
        verdicts[verdict] += 1

    clients = [world.client() for _ in range(FIFTY)]
    await each(world, [lambda n=n, c=c: program(n, c) for n, c in enumerate(clients)])
    assert {"done": FIFTY} == verdicts
    assert FIFTY == len(world.simulator.landed)


async def test_a_row_that_somebody_else_has_changed_is_found_out_before_it_is_written() -> None:
    """Where rows leave the tag, `If-Match` says nothing of them: they are read again when the block has ended."""
    world = World(0, rate=0.0, late=0.0, regime=Regime(children_move_tag=False))
    rows = world.simulator.record("contacts", 1, fields="email_addresses{id,address}")["email_addresses"]
    first = rows[0]["id"]

    clio = world.client()
    with pytest.raises(EditConflict) as caught:  # noqa: PT012 - a block is what is tested
        async with clio.contacts.edit(1, fields="id,etag,email_addresses{id,address}") as edit:
            theirs = [{"id": first, "address": "theirs@x.example"}]
            world.simulator.change("contacts", 1, email_addresses=theirs)
            edit.set(email_addresses=[{"id": first, "address": "mine@x.example"}])
    assert ("email_addresses",) == caught.value.fields
    assert [] == world.simulator.landed
