"""`Detached`: jobs that outlive whoever started them, on asyncio and on trio."""

from __future__ import annotations

import asyncio
import gc
from contextvars import ContextVar

import anyio
import pytest

from clio_async.detached import Detached

BACKENDS = pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])
WHO: ContextVar[str] = ContextVar("who", default="nobody")


@BACKENDS
async def test_a_job_goes_on_when_its_starter_is_cancelled() -> None:
    """A cancel scope of the caller does not reach it."""
    detached, gate, seen = Detached(), anyio.Event(), []

    async def job() -> None:
        await gate.wait()
        seen.append("done")

    with anyio.CancelScope() as scope:
        detached.run(job)
        scope.cancel()
        await anyio.lowlevel.checkpoint()
    assert scope.cancelled_caught
    gate.set()
    await detached.drain()
    assert ["done"] == seen


async def test_a_job_goes_on_when_the_task_of_its_starter_is_cancelled() -> None:
    """Neither does the cancellation of the caller's task, as asyncio does it."""
    detached, gate, seen = Detached(), anyio.Event(), []

    async def job() -> None:
        await gate.wait()
        seen.append("done")

    async def starter() -> None:
        detached.run(job)
        await anyio.sleep_forever()

    task = asyncio.create_task(starter())
    await anyio.wait_all_tasks_blocked()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    gc.collect()  # an event loop holds its tasks weakly
    gate.set()
    await detached.drain()
    assert ["done"] == seen


@BACKENDS
async def test_what_a_job_raises_is_lost_and_harms_nobody() -> None:
    """Those who wait for a job are told by the job itself."""
    detached, seen = Detached(), []

    async def broken() -> None:
        raise RuntimeError("nobody is told")

    async def whole() -> None:
        seen.append("done")

    detached.run(broken)
    detached.run(whole)
    await detached.drain()
    await detached.drain()
    assert ["done"] == seen


@BACKENDS
async def test_a_job_runs_in_the_context_of_its_starter() -> None:
    """A span that is current when a job begins is the parent of what the job does."""
    detached, seen = Detached(), []

    async def job() -> None:
        seen.append(WHO.get())

    token = WHO.set("starter")
    detached.run(job)
    WHO.reset(token)
    await detached.drain()
    assert ["starter"] == seen


def test_jobs_of_an_event_loop_that_has_ended_are_not_waited_for() -> None:
    """They ended with it: the next loop is not held up."""
    detached = Detached()

    async def forever() -> None:
        await anyio.sleep_forever()

    async def start() -> None:
        detached.run(forever)
        await anyio.lowlevel.checkpoint()

    anyio.run(start)
    anyio.run(detached.drain)
