"""`Detached`: jobs that outlive whoever started them, on asyncio and on trio."""

from __future__ import annotations

import asyncio
import gc
from contextvars import ContextVar
from functools import partial

import anyio
import pytest

from clio_async.detached import Detached, Keep
from tests.virtual import VirtualLoop

BACKENDS = pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])
WHO: ContextVar[str] = ContextVar("who", default="nobody")


@BACKENDS
async def test_a_job_goes_on_when_its_starter_is_cancelled() -> None:
    """A cancel scope of the caller does not reach it."""
    detached, gate, seen = Detached(), anyio.Event(), []

    async def job(keep: Keep) -> None:
        keep()
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

    async def job(keep: Keep) -> None:
        keep()
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

    async def broken(keep: Keep) -> None:
        raise RuntimeError("nobody is told")

    async def whole(keep: Keep) -> None:
        keep()
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

    async def job(keep: Keep) -> None:
        keep()
        seen.append(WHO.get())

    token = WHO.set("starter")
    detached.run(job)
    WHO.reset(token)
    await detached.drain()
    assert ["starter"] == seen


def test_jobs_of_an_event_loop_that_has_ended_are_not_waited_for() -> None:
    """They ended with it: the next loop is not held up."""
    detached = Detached()

    async def forever(keep: Keep) -> None:
        await anyio.sleep_forever()

    async def start() -> None:
        detached.run(forever)
        await anyio.lowlevel.checkpoint()

    anyio.run(start)
    anyio.run(detached.drain)


@BACKENDS
async def test_a_job_that_has_nothing_to_lose_is_cut_short_in_the_end() -> None:
    """Until it says otherwise; and one that says so is waited for."""
    detached, gate, seen = Detached(), anyio.Event(), []

    async def job(name: str, keep: Keep, *, keeps: bool) -> None:
        if keeps:
            keep()
        await gate.wait()
        seen.append(name)

    detached.run(partial(job, "idle", keeps=False))
    detached.run(partial(job, "saving", keeps=True))
    await anyio.wait_all_tasks_blocked()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(detached.drain)
        await anyio.wait_all_tasks_blocked()
        gate.set()
    assert ["saving"] == seen


def test_what_must_not_be_cut_short_is_waited_for_half_a_minute() -> None:
    """Then it is: nobody can wait for a server that never answers."""
    detached = Detached()

    async def forever(keep: Keep) -> None:
        keep()
        await anyio.sleep_forever()

    async def main() -> float:
        detached.run(forever)
        detached.run(forever)
        await anyio.lowlevel.checkpoint()
        before = anyio.current_time()
        await detached.drain()
        return anyio.current_time() - before

    assert 30.0 == anyio.run(main, backend_options={"loop_factory": VirtualLoop})


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_job_whose_event_loop_was_closed_under_it_is_let_go() -> None:
    """What it holds, a lock say, is free when the next job runs."""
    detached, held = Detached(), []

    async def hold(keep: Keep) -> None:
        held.append("lock")
        try:
            await anyio.sleep_forever()
        finally:
            held.clear()

    async def start() -> None:
        detached.run(hold)
        await asyncio.sleep(0)

    loop = asyncio.new_event_loop()
    loop.run_until_complete(start())
    loop.close()
    assert ["lock"] == held

    async def after() -> None:
        async def nothing(keep: Keep) -> None:
            return

        detached.run(nothing)
        await detached.drain()

    anyio.run(after)
    assert [] == held
