"""Sweeps while others write: every record is told as it was at some moment of the call."""

from __future__ import annotations

import random
from typing import Any

import anyio
import pytest
from attrs import define, field

from clio_async import Clio, MemoryTransport, Record, Refreshed, Request, Response
from clio_async.protocol.batches import Bounds
from clio_async.testing import Regime, Simulator

BASE = "http://localhost/api/v4"
MATTERS = 60
FIELDS = "id,etag,description,client{id,etag,name}"


@define
class Firm:
    """A firm whose records remember all that they were."""

    simulator: Simulator
    dice: random.Random
    was: dict[int, list[Any]] = field(factory=dict[int, "list[Any]"])

    def look(self) -> None:
        """Remember what each record is like; None where it is deleted."""
        for number in range(1, MATTERS + 1):
            try:
                now = self.simulator.record("matters", number, fields=FIELDS)
            except LookupError:
                now = None
            seen = self.was.setdefault(number, [])
            if not seen or seen[-1] != now:
                seen.append(now)

    async def write(self) -> None:
        """Change something, or delete it, from time to time."""
        for count in range(1_000):
            await anyio.sleep(self.dice.uniform(0.0, 0.3))
            number = self.dice.randrange(1, MATTERS + 1)
            act = self.dice.choice(("own", "client", "delete"))
            if self.was[number][-1] is not None:
                self._act(act, number, f"{act} {count}")
            self.look()

    def _act(self, act: str, number: int, text: str) -> None:
        client = self.was[number][-1]["client"]
        if act == "own" or client is None:
            self.simulator.change("matters", number, description=text)
        elif act == "client":
            self.simulator.change("contacts", client["id"], name=text)
        elif number % 5 == 0:
            self.simulator.delete("matters", number)


async def swept(seed: int, **options: Any) -> tuple[Firm, list[Any], Refreshed[Any, Any]]:
    """Sweep a firm while others write, from a client that has learnt how many ids a request takes."""
    dice = random.Random(seed)
    simulator = Simulator(matters=MATTERS, contacts=8, regime=Regime(max_ids=6))

    async def answer(request: Request) -> Response:
        await anyio.sleep(dice.uniform(0.01, 0.2))
        response = await simulator.handler(request)
        await anyio.sleep(dice.uniform(0.01, 0.2))
        return response

    clio = Clio(simulator.token(), base_url=BASE, transport=MemoryTransport(answer), limiter=None)
    clio._core.learned.batches[BASE, "matters"] = Bounds(6, 7, 6, 6, 6)
    copies = await clio.matters.list(fields=FIELDS).collect()
    firm = Firm(simulator, dice)
    firm.look()
    async with anyio.create_task_group() as group:
        group.start_soon(firm.write)
        found = await clio.matters.refresh(copies, **options)
        group.cancel_scope.cancel()
        return firm, copies, found
    raise AssertionError("the group swallows nothing")


def plain(record: Any) -> Any:
    """What a record says, to be compared with what the firm remembers."""
    shown = record.to_dict() if isinstance(record, Record) else record
    client = shown["client"]
    return shown["id"], shown["etag"], shown["description"], client and (client["id"], client["etag"], client["name"])


@pytest.mark.parametrize("confirm", [False, True])
@pytest.mark.parametrize("seed", range(12))
async def test_each_record_is_told_as_it_was_at_some_moment_of_the_call(seed: int, confirm: bool) -> None:
    """What is changed, and what is not, was so; what is missing was deleted."""
    firm, copies, found = await swept(seed, confirm=confirm)
    assert MATTERS == len(found.changed) + len(found.unchanged) + len(found.missing) + len(found.gone)
    for record in (*found.changed, *found.unchanged):
        assert plain(record) in [plain(seen) for seen in firm.was[record.id] if seen is not None]
    assert all(None in firm.was[int(number)] for number in (*found.missing, *found.gone))
    assert () == (found.missing if confirm else found.gone)
    assert all(any(record is copy for copy in copies) for record in found.unchanged)


async def test_the_runs_above_see_every_kind_of_change() -> None:
    """The control of the writers: some records changed during a sweep, were found changed, and were deleted."""
    seen: set[str] = set()
    for seed in range(12):
        firm, _, found = await swept(seed)
        seen |= {name for name in ("changed", "unchanged", "missing") if getattr(found, name)}
        seen |= {"several"} if any(len(states) > 2 for states in firm.was.values()) else set()
    assert {"changed", "unchanged", "missing", "several"} == seen
