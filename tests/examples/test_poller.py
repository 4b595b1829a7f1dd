"""The poller: it tells of each change once, goes on where that helps, and stops when it is told to."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from signal import SIGTERM

import anyio
import pytest

from clio_async import Unauthorized
from clio_async.testing import Clock, Fault, Faults, Simulator
from tests.examples.poller import Brief, every, poll
from tests.sync.world import LONG, ROOT, served


async def between(*happen: Callable[[], object]) -> AsyncIterator[None]:
    """A round, and one more after each thing that happens."""
    yield
    for what in happen:
        what()
        yield


async def polled(simulator: Simulator, *happen: Callable[[], object]) -> list[tuple[int, str | None]]:
    """Poll two matters, and return what was told."""
    told: list[Brief] = []
    async with simulator.client(retry=None) as clio:
        await poll(clio, [1, 2], between(*happen), told.append)
    return [(brief.id, brief.description) for brief in told]


async def test_each_change_is_told_once() -> None:
    """First all, then what has changed; of the rest nothing is transferred."""
    simulator = Simulator(matters=5)
    descriptions = {number: simulator.record("matters", number, fields="description") for number in (1, 2)}
    told = await polled(
        simulator, lambda: None, lambda: simulator.change("matters", 2, description="Settled"), lambda: None
    )
    assert [(1, descriptions[1]["description"]), (2, descriptions[2]["description"]), (2, "Settled")] == told
    assert [200, 200, 304, 304, 304, 200, 304, 304] == [entry.status for entry in simulator.log.entries]


async def test_what_passes_is_waited_out() -> None:
    """Clio is out of order for a round: the next one tells what has changed meanwhile."""
    simulator = Simulator(matters=5)

    def outage() -> None:
        simulator.change("matters", 1, description="Settled")
        simulator.faults = Faults.when(lambda _: True, Fault.status(503), times=2)

    assert [(1, "Settled")] == (await polled(simulator, outage, lambda: None))[2:]


async def test_what_was_deleted_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    """It is asked for in each round, and may come back."""
    simulator = Simulator(matters=5)
    await polled(simulator, lambda: simulator.hide("matters", 1, user=1), lambda: None)
    assert ["Matter 1 is gone."] == [record.message for record in caplog.records if record.name.endswith("poller")]


async def test_what_does_not_pass_ends_it() -> None:
    """A token that is good no more is somebody's business."""
    simulator = Simulator(matters=5)
    with pytest.raises(Unauthorized):
        await polled(simulator, simulator.expire_all)


async def test_no_round_begins_once_it_is_stopped() -> None:
    """However long the pause would have been."""
    stopped, rounds = anyio.Event(), 0
    async for _ in every(3_600, stopped):
        rounds += 1
        stopped.set()
    assert 1 == rounds


def test_a_signal_stops_the_program() -> None:
    """It ends well, within the pause between two rounds."""
    simulator = Simulator(matters=5, clock=Clock(time.time))
    with served(simulator) as url:
        env = {**os.environ, "CLIO_TOKEN": simulator.token(), "CLIO_BASE_URL": url}
        command = [sys.executable, "-W", "error", "-m", "tests.examples.poller", "3"]
        with subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as program:
            assert program.stdout is not None
            assert program.stdout.readline().startswith(b"3 ")
            program.send_signal(SIGTERM)
            assert (b"", b"") == program.communicate(timeout=LONG)
    assert 0 == program.returncode
