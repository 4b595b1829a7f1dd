"""Writers of one record over real sockets, on both transports, with answers that end at any byte (rows F1, F4, F14)."""

from __future__ import annotations

import random
from collections import Counter

import anyio
import pytest

from clio_async import Clio, OutcomeUnknown, RetryPolicy
from clio_async.testing import Faults, Simulator, serve
from tests.faults.loopback import TRANSPORTS, transport
from tests.writes.world import Call, Watched, bad_line, judged, told

WRITERS, COUNT = 4, 5
QUICK = RetryPolicy(first_pause=0.002, longest_pause=0.01)


def quiet(faults: float, seed: int) -> Watched:
    """Return a server with a bad line on which nothing takes long: a real clock is running."""
    broken = [fault for fault in bad_line(seed) if not (fault.wait_before or fault.wait_after)]
    simulator = Watched(matters=2, contacts=2, tasks=2, users=2, faults=Faults.seeded(seed, faults, broken))
    simulator.change("notes", 1, subject="")
    return simulator


def client(url: str, wire: object, token: str, dice: random.Random) -> Clio:
    """Return a client whose pauses are a fiftieth of what they would be."""
    return Clio(
        token,
        base_url=f"{url}/api/v4",
        transport=wire,  # type: ignore[arg-type]
        limiter=None,
        timeout=20.0,
        random=lambda: dice.random() / 50,
    ).options(retry=QUICK)


def values(simulator: Simulator) -> list[str]:
    return str(simulator.record("notes", 1)["subject"]).split(",")[1:]


async def append(clio: Clio, name: str, calls: list[Call]) -> None:
    """Append unique values to a text, one after the other."""
    for number in range(COUNT):
        value = f"{name}-{number}"
        edit = clio.notes.edit(1, lambda note, value=value: {"subject": f"{note.subject},{value}"})
        verdict, error = await told(edit)
        calls.append(Call(value, verdict, 0, 1, error))


async def problems(kind: str, seed: int) -> list[str]:
    """Let writers append, each over connections of its own; return what was not true of what they were told."""
    simulator, calls = quiet(0.3, seed), []
    dice = random.Random(seed)
    wires = [transport(kind) for _ in range(WRITERS)]
    async with serve(simulator) as address:
        async with anyio.create_task_group() as group:
            for number, wire in enumerate(wires):
                clio = client(address.url, wire, simulator.token(), dice)
                group.start_soon(append, clio, f"w{number}", calls)
        for wire in wires:
            await wire.aclose()
    assert WRITERS * COUNT == len(calls)
    assert len([call for call in calls if call.verdict == "done"]) > len(calls) / 4
    return judged(calls, values(simulator))


@TRANSPORTS
@pytest.mark.parametrize("seed", range(3))
async def test_over_sockets_nothing_is_lost_and_nothing_doubled(kind: str, seed: int) -> None:
    """F1, F4, F14: each value that was acknowledged is there once, each that was refused is not, none twice."""
    assert [] == await problems(kind, seed)


@pytest.mark.parametrize("anyio_backend", ["trio"])
async def test_on_trio_nothing_is_lost_and_nothing_doubled() -> None:
    """The same over the transport that runs there."""
    assert [] == await problems("httpx2", 7)


@TRANSPORTS
async def test_over_sockets_no_creation_is_sent_twice(kind: str) -> None:
    """Faults at every phase of forty creations: none is there twice, and each caller was told what is true (F18)."""
    simulator, calls = quiet(0.8, 18), []
    async with serve(simulator) as address, transport(kind) as wire:
        clio = client(address.url, wire, simulator.token(), random.Random(18))
        for number in range(40):
            making = clio.tasks.create(name=f"t{number}", description="d", assignee={"id": 1, "type": "User"})
            verdict, error = await told(making)
            calls.append(Call(f"t{number}", verdict, 0, 0, error))
        simulator.faults = Faults.none
        states = Counter([await reconciled(clio, call, simulator) for call in calls if call.verdict == "unknown"])
    assert [] == judged(calls, made(simulator))
    assert {"unknown"} < {call.verdict for call in calls}
    assert {("applied", 1), ("unknown", 0), ("unknown", 1)} >= states.keys()


def made(simulator: Simulator) -> list[str]:
    """Return the names of the tasks that were created."""
    table = simulator.firm().table("tasks")
    found = map(table.get, range(3, table.last + 1))
    return [str(task.get("name")) for task in found if task is not None]


async def reconciled(clio: Clio, call: Call, simulator: Simulator) -> tuple[str, int]:
    """Return what reading says of a creation, and how often it is there."""
    assert isinstance(call.error, OutcomeUnknown)
    return (await call.error.reconcile(clio)).state, made(simulator).count(call.value)
