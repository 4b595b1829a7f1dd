"""Creations over a bad line, in virtual time: never twice, and what became of each can be found out (row F18)."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator

import anyio
import pytest
from attrs import frozen

from clio_async import Clio, OutcomeUnknown, Request
from clio_async.testing import Fault
from tests.writes.insist import Insist
from tests.writes.world import BASE, Call, Watched, World, judged, told

CALLS = 10_000
EACH = 100
"""Creations in one firm: its lists stay short."""


@frozen
class Phase:
    """Where it goes wrong, and what the caller has to be told."""

    fault: Fault
    verdicts: frozenset[str]


def phases(dice: random.Random) -> Iterator[Phase]:
    """Yield faults of every phase, without end."""
    done, failed, unknown = frozenset({"done"}), frozenset({"failed"}), frozenset({"unknown"})
    while True:
        status = dice.choice([502, 503, 504])
        yield Phase(Fault.refused(), done)  # nothing was sent: it is sent again
        yield Phase(Fault.lost_before(), unknown)
        yield Phase(Fault.lost_after(), unknown)
        yield Phase(Fault.lost_after(dice.randrange(1, 12)), unknown)  # within the status line
        yield Phase(Fault.lost_after(dice.randrange(12, 400)), unknown)  # within the head
        yield Phase(Fault.truncated(dice.randrange(50)), unknown)
        yield Phase(Fault.garbage(), unknown)
        yield Phase(Fault.status(status, applied=True), unknown)
        yield Phase(Fault.status(status, html=True, applied=False), unknown)
        yield Phase(Fault.status(status, applied=False, retry_after="1"), unknown)
        yield Phase(Fault.status(500, applied=dice.random() < 0.5), unknown)
        yield Phase(Fault.status(429), failed)
        yield Phase(Fault.delayed(before=5.0, after=5.0), done)
        yield Phase(Fault.delayed(before=90.0), unknown)
        yield Phase(Fault.delayed(after=90.0), unknown)
        yield Phase(Fault.redirect(f"{BASE}/tasks/1.json"), unknown)
        yield Phase(Fault.redirect(f"{BASE}/elsewhere.json", 307), failed)


def a_task(value: str) -> dict[str, object]:
    """Return what a task cannot be without."""
    return {"name": value, "description": "a description", "assignee": {"id": 1, "type": "User"}}


def world_of(seed: int, script: list[Phase]) -> World:
    """Return a firm where each first request for a creation meets the next fault."""
    world = World(seed, rate=0.0, late=0.0)
    left = [*script]
    seen: set[bytes | None] = set()

    def plan(_: int, request: Request) -> Fault | None:
        if request.method != "POST" or request.body in seen or not left:
            return None
        seen.add(request.body)
        return left.pop(0).fault

    world.simulator.faults = plan
    return world


def names(simulator: Watched) -> list[str]:
    """Return the names of the tasks that were made, as often as there are such tasks."""
    table = simulator.firm().table("tasks")
    made = [table.get(number) for number in range(3, table.last + 1)]
    return [str(task.get("name")) for task in made if task is not None]


async def created(world: World, clio: Clio, script: list[Phase]) -> list[Call]:
    """Create one task for each phase, one after the other."""
    calls: list[Call] = []
    for number, _ in enumerate(script):
        value = f"task-{number}"
        asked = world.requests["c"]
        verdict, error = await told(clio.tasks.create(**a_task(value)))
        calls.append(Call(value, verdict, world.requests["c"] - asked, 0, error))
        await anyio.sleep(1)  # so that creations differ in their time
    return calls


async def test_no_creation_is_ever_sent_twice() -> None:
    """10 000 creations with a fault each: none is there twice, and each caller was told what is true (F18)."""
    dice = random.Random(18)
    endless = phases(dice)
    found: list[str] = []
    verdicts: Counter[str] = Counter()
    for seed in range(CALLS // EACH):
        script = [next(endless) for _ in range(EACH)]
        world = world_of(seed, script)
        calls = await created(world, world.client("c"), script)
        found += judged(calls, names(world.simulator))
        found += [
            f"{phase.fault.name}: {call.verdict}, {call.requests} requests, {call.error!r}"
            for phase, call in zip(script, calls, strict=True)
            if call.verdict not in phase.verdicts or call.requests > 1 + (phase.fault.drop == "unsent")
        ]
        verdicts.update(call.verdict for call in calls)
        await anyio.sleep(200)
    assert [] == found[:10]
    assert CALLS == verdicts.total()
    assert {"done", "unknown", "failed"} == verdicts.keys()


async def test_reading_tells_what_became_of_a_creation() -> None:
    """`reconcile` finds what landed, and does not find what did not; it claims no more than it can know (F18)."""
    endless = phases(random.Random(7))
    script = [next(endless) for _ in range(17 * 3)]
    world = world_of(0, script)
    clio = world.client("c")
    calls = await created(world, clio, script)
    await anyio.sleep(200)
    states: Counter[tuple[str, int]] = Counter()
    there = Counter(names(world.simulator))
    for call in calls:
        if isinstance(call.error, OutcomeUnknown):
            outcome = await call.error.reconcile(clio)
            states[outcome.state, there[call.value]] += 1
            assert there[call.value] <= len(outcome.candidates), call.value
            assert call.error.accepted == (outcome.state == "applied")
            if outcome.record is not None:
                assert call.value == outcome.record.name
    # Tasks do not say who made them: one that equals what was sent may be somebody else's, unless a 2xx came.
    # What did not land is not told from others that are assigned to the same user.
    assert {("applied", 1), ("unknown", 0), ("unknown", 1)} == states.keys()


async def test_what_equals_another_is_not_taken_for_it() -> None:
    """Somebody else has created the same meanwhile: it is named as a candidate, and nothing is claimed."""
    world = world_of(0, [Phase(Fault.lost_before(), frozenset())])
    clio = world.client("c")
    with pytest.raises(OutcomeUnknown) as caught:
        await clio.tasks.create(**a_task("twin"))
    other = world.client("other", token=world.simulator.token(user=2))
    for _ in range(2):
        await other.options(retry=None).tasks.create(**a_task("twin"), permission="public")
    outcome = await caught.value.reconcile(clio)
    assert "unknown" == outcome.state
    assert 2 == len(outcome.candidates)


async def test_a_layer_that_sends_again_creates_twice() -> None:
    """The control of F18: the same creations through a layer that insists."""
    endless = phases(random.Random(18))
    script = [next(endless) for _ in range(EACH)]
    world = world_of(0, script)
    calls = await created(world, world.client("c", middleware=[Insist()]), script)
    await anyio.sleep(200)
    assert any("2 times" in problem for problem in judged(calls, names(world.simulator)))
