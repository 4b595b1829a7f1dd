"""Work that outlives its caller: a token that was renewed must be saved, whoever is cancelled meanwhile.

anyio has tasks in groups only, and a group belongs to whoever opened it. So this module asks the event loop itself.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextvars import copy_context
from typing import Any, TypeAlias

import anyio
from anyio.lowlevel import current_token

__all__ = ["Detached", "Job"]

Job: TypeAlias = Callable[[], Awaitable[None]]


class Detached:
    """Run jobs in tasks of their own, which nobody's cancellation ends, and wait for them in the end."""

    def __init__(self) -> None:
        self._running: dict[_Run, None] = {}

    def run(self, job: Job) -> None:
        """Start a job. What it raises is lost: it has to tell those who wait for it by itself."""
        run = _Run()
        self._running[run] = None
        run.task = _spawn(run, job, self._running)

    async def drain(self) -> None:
        """Wait until what was started in this event loop has ended."""
        here = current_token()
        for run in [run for run in self._running if run.home == here]:
            await run.ended.wait()


class _Run:
    __slots__ = ("ended", "home", "task")

    def __init__(self) -> None:
        self.home = current_token()
        self.ended = anyio.Event()
        self.task: object = None  # an event loop does not keep its tasks alive


async def _whole(run: _Run, job: Job, running: dict[_Run, None]) -> None:
    try:
        await job()
    except Exception:  # noqa: S110 - nobody is there to be told
        pass
    finally:
        running.pop(run, None)
        run.ended.set()


def _spawn(run: _Run, job: Job, running: dict[_Run, None]) -> object:
    token: Any = run.home
    native = getattr(token, "native_token", token)  # newer versions of anyio wrap it
    if hasattr(native, "create_task"):  # an event loop of asyncio
        return native.create_task(_whole(run, job, running))
    from trio.lowlevel import spawn_system_task

    return spawn_system_task(_whole, run, job, running, context=copy_context())
