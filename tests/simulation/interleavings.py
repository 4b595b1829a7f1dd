"""Run a few operations in every order in which they can happen, and check what each of them saw.

An operation is a task. It stops wherever the world decides when it goes on: before its request reaches the server, and
before the answer comes back. What can happen next is a list; a schedule is a list of choices from it. After each
choice the loop runs until every task waits again, so a schedule determines a run, and changing its last open choice
until none is left enumerates them all.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from typing import Literal, TypeAlias

import anyio
import anyio.abc
from anyio import wait_all_tasks_blocked
from attrs import define, field

from clio_async.caches.base import CacheStore
from clio_async.caches.memory import MemoryCache
from clio_async.client import Clio
from clio_async.errors import ClientClosed, MaybeSent, OutcomeUnknown
from clio_async.messages import Headers, Request, Response
from clio_async.options import Policy
from tests.origin import Clock, Wire, client

Kind: TypeAlias = Literal[
    "get", "get-other", "patch", "fail", "cancel", "lost-patch", "cancel-patch", "evict", "told", "untold"
]

KINDS: tuple[Kind, ...] = ("get", "get-other", "patch", "fail", "cancel", "lost-patch", "cancel-patch", "evict")
USER = "/users/1"

_operation: ContextVar[Operation] = ContextVar("operation")


@define(eq=False)
class Operation:
    """One of the operations of a run, and what became of it."""

    kind: Kind
    name: str
    started: int | None = None
    ended: int | None = None
    seen: tuple[str, int] | None = None
    """Whose answer a read got, and of which version of the record."""
    written: int | None = None
    """The version that a write made."""
    acknowledged: bool = False
    floor: int = 0
    """The newest version of which a write was acknowledged before this operation began."""
    scope: anyio.CancelScope = field(factory=anyio.CancelScope)


@define(eq=False)
class _Stop:
    """A place where a request waits for the world."""

    operation: Operation
    phase: Literal["serve", "answer"]
    event: anyio.Event


@define(eq=False)
class World:
    """One run: a server with one record, two users, and a schedule."""

    operations: list[Operation]
    clio: Clio
    other: Clio
    cache: CacheStore
    version: int = 1
    stops: list[_Stop] = field(factory=list)
    step: int = 0

    def serve(self, request: Request) -> Response:
        """Answer as the server stands now."""
        who = request.headers["authorization"].removeprefix("Bearer ")
        if request.method == "PATCH":
            self.version += 1
            _operation.get().written = self.version
            return Response(200, Headers(), b"")
        tag = f'"{who}-{self.version}"'
        if request.headers.get("If-None-Match") == tag:
            return Response(304, Headers({"ETag": tag}))
        return Response(200, Headers({"ETag": tag}), f"{who} {self.version}".encode())

    async def wire(self, request: Request) -> Response:
        """Carry a request to the server and its answer back, when the world says so."""
        operation = _operation.get()
        await self._stop(operation, "serve")
        response = self.serve(request)
        await self._stop(operation, "answer")
        if operation.kind in {"fail", "lost-patch"}:
            raise MaybeSent("the answer was lost")
        return response

    async def _stop(self, operation: Operation, phase: Literal["serve", "answer"]) -> None:
        stop = _Stop(operation, phase, anyio.Event())
        self.stops.append(stop)
        try:
            await stop.event.wait()
        finally:
            if stop in self.stops:
                self.stops.remove(stop)

    def actions(self, group: anyio.abc.TaskGroup) -> list[Callable[[], object]]:
        """What can happen next."""
        actions: list[Callable[[], object]] = []
        for operation in self.operations:
            if operation.started is None:
                actions.append(lambda operation=operation: self._start(operation, group))
            elif operation.ended is None and operation.kind in {"cancel", "cancel-patch"}:
                actions.append(operation.scope.cancel)
        actions += [lambda stop=stop: self._release(stop) for stop in self.stops]
        return actions

    def _start(self, operation: Operation, group: anyio.abc.TaskGroup) -> None:
        operation.started = self.step
        acknowledged = [each.written for each in self.operations if each.acknowledged and each.written is not None]
        operation.floor = max(acknowledged, default=0)
        group.start_soon(self._run, operation)

    def _release(self, stop: _Stop) -> None:
        self.stops.remove(stop)
        stop.event.set()

    async def _run(self, operation: Operation) -> None:
        _operation.set(operation)
        with operation.scope:
            await self._call(operation)
        operation.ended = self.step

    async def _call(self, operation: Operation) -> None:
        clio = self.other if operation.kind == "get-other" else self.clio
        if operation.kind == "evict":
            await self.cache.aclose()
            return
        if operation.kind in {"told", "untold"}:  # somebody else changes the record, and an event tells of it
            self.version += 1
            operation.written = self.version
            await self._stop(operation, "serve")
            if operation.kind == "told":
                await clio.invalidate("users", 1)
            operation.acknowledged = True
            return
        try:
            if operation.kind in {"patch", "lost-patch", "cancel-patch"}:
                await clio.request("PATCH", USER)
                operation.acknowledged = True
                return
            answer = await clio.request("GET", USER)
        except (MaybeSent, OutcomeUnknown):
            return
        who, version = answer.body.decode().split()
        operation.seen = who, int(version)

    def problems(self) -> Iterator[str]:
        """Say what may never be: a stale read after an own write, a foreign read, a read of what never was."""
        for operation in self.operations:
            if operation.seen is None:
                continue
            who, version = operation.seen
            if who != ("token-b" if operation.kind == "get-other" else "token-a"):
                yield f"{operation.name} read what belongs to {who}"
            if version < operation.floor:
                yield f"{operation.name} read version {version} after version {operation.floor} was acknowledged"


Choose: TypeAlias = Callable[[int, int], int]
"""Takes how many choices were made and how many there are now, and returns one of them."""


async def play(
    kinds: Sequence[Kind], choose: Choose, cache: CacheStore, policy: Policy, *, warm: bool
) -> tuple[list[int], list[str]]:
    """Make one run. Return the widths of all choices, and what was wrong."""
    operations = [Operation(kind, f"{kind}#{number}") for number, kind in enumerate(kinds)]
    holder: list[World] = []
    wire = Wire(lambda request: holder[0].wire(request))
    clio = client(wire, cache=cache, policy=policy, clock=Clock(), retry=None)  # each stop is a choice
    world = World(operations, clio, clio.with_auth("token-b"), cache)
    holder.append(world)
    widths: list[int] = []
    async with anyio.create_task_group() as group:
        if warm:
            await _quiet_read(world, group, "token-a")
        while actions := world.actions(group):
            choice = choose(len(widths), len(actions))
            widths.append(len(actions))
            world.step += 1
            actions[choice]()
            await wait_all_tasks_blocked()
        last = await _quiet_read(world, group, "token-a")
        operations.append(last)
    problems = [*world.problems()]
    unended = [operation.name for operation in operations if operation.ended is None]
    if unended:
        problems.append(f"never ended: {unended}")
    await clio.aclose()
    try:
        await clio.request("GET", USER)
        problems.append("a closed client answered")
    except ClientClosed:
        pass
    return widths, problems


async def _quiet_read(world: World, group: anyio.abc.TaskGroup, who: str) -> Operation:
    """A read while nothing else happens."""
    operation = Operation("get", f"quiet read of {who}")
    world._start(operation, group)
    await wait_all_tasks_blocked()
    while operation.ended is None:
        for stop in [*world.stops]:
            world._release(stop)
        await wait_all_tasks_blocked()
    return operation


def _follow(schedule: Sequence[int]) -> Choose:
    """Choose as the schedule says, and beyond its end the first of what can happen."""
    return lambda made, _: schedule[made] if made < len(schedule) else 0


def next_schedule(schedule: list[int], widths: list[int]) -> list[int] | None:
    """Return the schedule that differs in the last choice that has one left, None after the last schedule."""
    taken = [*schedule, *[0] * (len(widths) - len(schedule))]
    for place in reversed(range(len(widths))):
        if taken[place] + 1 < widths[place]:
            return [*taken[:place], taken[place] + 1]
    return None


async def explore(
    kinds: Sequence[Kind],
    *,
    make_cache: Callable[[], CacheStore] = MemoryCache,
    fresh: bool = False,
    warm: bool = False,
) -> tuple[int, list[str]]:
    """Run every schedule of these operations. Return how many there were, and what was wrong in any."""
    policy = Policy(fresh_for={"users": 1e9} if fresh else {})
    schedule: list[int] | None = []
    runs, found = 0, []
    while schedule is not None:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            widths, problems = await play(kinds, _follow(schedule), make_cache(), policy, warm=warm)
        runs += 1
        found += [f"{'+'.join(kinds)} {schedule}: {problem}" for problem in problems]
        schedule = next_schedule(schedule, widths)
    return runs, found
