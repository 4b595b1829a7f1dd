"""Eight real processes on one token, through a real Redis, against the simulator on a socket (F50, F51, F74)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import anyio
import pytest
from anyio import to_thread

from clio_async.testing import Clock, Regime, Simulator, serve

ROOT = Path(__file__).parent.parent.parent
LIMIT, WINDOW = 400, 2.0
EIGHT, TASKS = 8, 12
USED = 0.95 * LIMIT


@pytest.fixture
def anyio_backend() -> str:
    """The driver of Redis knows no other."""
    return "asyncio"


def start(command: list[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


async def crew(*redis: str, windows: int) -> tuple[list[Counter[int]], list[dict[str, Any]]]:
    """Let eight processes work until so many whole windows were used, or ten are over: the machine may be busy.

    How each whole window answered, by status, and what the processes say.
    """
    regime = Regime(rate_limit=(LIMIT, WINDOW), rate_window="fixed")
    simulator = Simulator(regime=regime, clock=Clock(source=time.time), tasks=TASKS)
    token = simulator.token()
    async with serve(simulator) as address:
        command = [sys.executable, "-m", "tests.limiters.worker", f"{address.url}/api/v4", token]
        command += [str(TASKS), str(EIGHT), *redis]
        process = await to_thread.run_sync(start, command)
        try:
            while not simulator.entries():  # noqa: ASYNC110 - it has no event to wait for
                await anyio.sleep(0.005)
            first = int(simulator.entries()[0].at // WINDOW) + 1
            for last in range(first + 1, first + 11):
                await anyio.sleep(max(0.0, last * WINDOW - simulator.clock.now()))
                if windows <= sum(count[200] >= USED for count in counted(simulator, first, last)):
                    break
            said, _ = await to_thread.run_sync(process.communicate)
            assert 0 == process.returncode
        finally:
            process.kill()
            process.wait()
    return counted(simulator, first, last), [json.loads(line) for line in said.splitlines()[1:]]


def counted(simulator: Simulator, first: int, end: int) -> list[Counter[int]]:
    """Count the answers of some windows by status."""
    counts = [Counter[int]() for _ in range(first, end)]
    for entry in simulator.entries():
        if first <= (window := int(entry.at // WINDOW)) < end:
            counts[window - first][entry.status] += 1
    return counts


async def test_eight_processes_share_one_quota(redis_url: str) -> None:
    """Each window is used, and hardly anybody is refused."""
    counts, said = await crew(redis_url, f"eight-{os.urandom(4).hex()}", windows=3)
    assert [] == [count for count in counts if count[429] > 1]
    assert 3 <= sum(count[200] >= USED for count in counts)
    assert EIGHT == len(said)


async def test_eight_processes_that_know_nothing_of_each_other_are_refused(redis_url: str) -> None:
    """The control."""
    counts, _ = await crew(windows=2)
    assert 20 < sum(count[429] for count in counts)
