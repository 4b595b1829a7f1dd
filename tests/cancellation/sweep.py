"""Run a call once for each instant at which it can be cancelled, and check what is left and what is true then."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from itertools import count
from pathlib import Path
from typing import Any, Literal, TypeAlias

import anyio
from attrs import field, frozen
from trio.testing import MockClock

from clio_async.testing import Faults
from tests.virtual import VirtualLoop

from .instants import How, Strike, followed
from .world import World, left_in_loop

__all__ = ["Backend", "Case", "Step", "struck", "swept"]

Step: TypeAlias = Callable[[World], Awaitable[object]]
Backend: TypeAlias = Literal["asyncio", "trio"]

_MOST = 2_000  # instants; no call here has so many
_LATER = 300.0  # virtual seconds, in which everything that goes on by itself has ended


async def _nothing(_: World) -> None: ...


@frozen(kw_only=True)
class Case:
    """A public call, what comes before it, and what has to be true after it was cancelled."""

    name: str
    covers: tuple[str, ...]
    """The public calls that it is for, as `roster` names them."""
    call: Step
    before: Step = _nothing
    reads: tuple[tuple[str, int | None], ...] = ()
    """Records, and lists (None), that the client has to be shown as the firm has them."""
    again: bool = True
    """Whether the call can be made again. What is deleted is deleted once."""
    detaches: bool = False
    """Whether something that must not be cut short goes on when the call has ended."""
    waits: tuple[str, ...] = ()
    """Where the call itself waits on although it was cancelled, for what must not be cut short."""
    lasts: float = 0.0
    """Seconds for which it does so, at most."""
    threads: bool = False
    """Whether it uses threads, for which no virtual time can wait."""
    settings: dict[str, Any] = field(factory=dict[str, Any])
    """Of the world."""
    files: tuple[str, ...] = ()
    """The files that may be there in the end."""
    world: Callable[..., World] = World
    check: Callable[[World], Awaitable[list[str]]] | None = None
    """Says what else is wrong, before the call is made again and after it."""


def swept(case: Case, how: How, path: Path, *, backend: Backend = "asyncio") -> int:
    """Cancel the call at each instant, one after the other, each in a firm and an event loop of its own.

    Return how many instants there were. On trio these are those of the call's own task, and `how` is a scope.
    """
    for number in count(1):
        strike = Strike(number, how)
        here = path / str(number)
        here.mkdir()
        problems = struck(case, strike, here, backend=backend)
        assert [] == problems, f"{case.name}, {how} at instant {number} ({strike.where}): {problems}"
        if not strike.struck:
            return number - 1
        assert number < _MOST, f"{case.name} suspends again and again: {strike.where}"
    raise AssertionError


def struck(case: Case, strike: Strike, path: Path, *, backend: Backend = "asyncio") -> list[str]:
    """Make a call in a firm of its own, cancel it once, and say what is wrong then."""
    virtual = {"loop_factory": VirtualLoop} if backend == "asyncio" else {"clock": MockClock(autojump_threshold=0)}
    options = {} if case.threads else virtual
    return anyio.run(_played, case, strike, path, backend, backend=backend, backend_options=options)


async def _played(case: Case, strike: Strike, path: Path, backend: str) -> list[str]:
    if backend == "trio":
        return await _checked(case, strike, path, list)
    told: list[str] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: told.append(f"the loop was told: {context}"))
    loop.set_task_factory(followed)
    return await _checked(case, strike, path, left_in_loop) + told


async def _checked(case: Case, strike: Strike, path: Path, running: Callable[[], list[str]]) -> list[str]:
    world = case.world(path, **({"delay": 0.0} if case.threads else {}), **case.settings)
    await case.before(world)
    await _settled(case, world)
    await strike.run(lambda: case.call(world))
    world.simulator.faults = Faults.none
    found = _said_of(case, strike, exact=running is left_in_loop)
    if not case.detaches and not case.threads:
        found += [f"at once: {one}" for one in world.left()]
    await _settled(case, world)
    found += world.left()
    found += await _goes_on(case, world, strike)
    strike.value = None
    await world.aclose()
    await _settled(case, world)
    found += world.left() + running()
    return found + [f"file {name}" for name in world.files() if name not in case.files]


def _said_of(case: Case, strike: Strike, *, exact: bool) -> list[str]:
    """Say what is wrong with how the call ended. On trio a checkpoint suspends twice: then it is not `exact`."""
    found: list[str] = []
    if strike.outcome == "raised":
        found.append(f"it raised {strike.error!r}")
    # What is shielded from a scope comes to its end: then the call has done all, and says so.
    finished = strike.how == "scope" and any(name in strike.where for name in case.waits)
    if strike.cancelled and strike.outcome == "returned" and not finished:
        found.append("it was cancelled, and returned")
    others = [one for one in strike.after if not any(name in one for name in case.waits)]
    if exact and others and (strike.how != "scope" or len(others) > 1):  # a scope cancels at the next suspension
        found.append(f"it suspended again, in {others}")
    if strike.lasted > case.lasts + 0.001 and not case.threads:
        found.append(f"it went on for {strike.lasted} s")
    return found


async def _goes_on(case: Case, world: World, strike: Strike) -> list[str]:
    """Say what the client is not able to do any more, and what it is shown otherwise than it is."""
    found = await world.untruths(*case.reads)
    found += [] if case.check is None else await case.check(world)
    if case.again or not strike.struck:
        try:
            if case.again:
                await case.call(world)
        except Exception as error:
            found.append(f"it does not work again: {error!r}")
    found += [] if case.check is None else await case.check(world)
    return found + [f"afterwards: {one}" for one in await world.untruths(*case.reads)]


async def _settled(case: Case, world: World) -> None:
    """Let whatever goes on by itself come to its end."""
    if not case.threads:
        await anyio.sleep(_LATER)
        return
    for _ in range(400):  # threads take no virtual time
        await anyio.wait_all_tasks_blocked()
        tasks = [one for one in world.tasks() if one.startswith("task")]
        if not world.left() and not tasks and not {*world.files()} - {*case.files}:
            return
        await anyio.sleep(0.005)
