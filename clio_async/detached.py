"""Work that outlives its caller: a token that was renewed must be saved, whoever is cancelled meanwhile.

anyio has tasks in groups only, and a group belongs to whoever opened it. So this module asks the event loop itself.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from contextlib import suppress
from contextvars import copy_context
from typing import Any, TypeAlias

import anyio
from anyio.lowlevel import current_token

from .home import abandon

__all__ = ["Detached", "Job", "Keep"]

Keep: TypeAlias = Callable[[], None]
"""What a job calls when it must not be cut short any more."""

Job: TypeAlias = Callable[[Keep], Awaitable[None]]

_LONGEST = 30.0  # seconds for which the end waits for what must not be cut short


class Detached:
    """Run jobs in tasks of their own, which nobody's cancellation ends, and see them to their end."""

    def __init__(self) -> None:
        self._running: dict[_Run, None] = {}

    def run(self, job: Job) -> None:
        """Start a job. What it raises is lost: it has to tell those who wait for it by itself."""
        self.sweep()
        run = _Run()
        self._running[run] = None
        run.task = _spawn(run, job, self._running)

    def sweep(self) -> None:
        """Give up what runs no more: its event loop was closed under it, or is that of a parent of this process."""
        for left in [run for run in self._running if run.is_gone()]:
            self._running.pop(left, None)
            left.let_go()

    async def drain(self) -> None:
        """End what runs in this event loop: cut it short, but wait up to half a minute for what must not be.

        A cancel scope does not end this wait.
        """
        self.sweep()
        here = current_token()
        with anyio.CancelScope(shield=True):
            with anyio.move_on_after(_LONGEST):
                while runs := [run for run in self._running if run.home == here]:
                    for run in runs:
                        if not run.kept:
                            run.scope.cancel()
                    await runs[0].ended.wait()
            for run in [run for run in self._running if run.home == here]:
                run.scope.cancel()
                await run.ended.wait()


class _Run:
    __slots__ = ("ended", "home", "kept", "pid", "scope", "task")

    def __init__(self) -> None:
        self.home = current_token()
        self.pid = os.getpid()
        self.ended = anyio.Event()
        self.scope = anyio.CancelScope()
        self.kept = False
        self.task: Any = None  # an event loop does not keep its tasks alive

    def keep(self) -> None:
        self.kept = True

    def is_gone(self) -> bool:
        """Say whether the event loop was closed under it, or is the parent's."""
        if self.pid != os.getpid():
            return True
        loop = _native(self.home)
        return hasattr(loop, "is_closed") and bool(loop.is_closed())

    def let_go(self) -> None:
        """Give up what the job holds, a lock say, after its event loop was closed under it. A parent's stays as is."""
        if self.pid != os.getpid():
            abandon(self)
            return
        with suppress(Exception):  # it ends in another task than it began in
            self.task.get_coro().close()


async def _whole(run: _Run, job: Job, running: dict[_Run, None]) -> None:
    try:
        with run.scope:
            await job(run.keep)
    except Exception:  # noqa: S110 - nobody is there to be told
        pass
    finally:
        running.pop(run, None)
        run.ended.set()


def _spawn(run: _Run, job: Job, running: dict[_Run, None]) -> Any:
    native = _native(run.home)
    if hasattr(native, "create_task"):  # an event loop of asyncio
        return native.create_task(_whole(run, job, running))
    from trio.lowlevel import spawn_system_task

    return spawn_system_task(_whole, run, job, running, context=copy_context())


def _native(token: Any) -> Any:
    return getattr(token, "native_token", token)  # newer versions of anyio wrap it
