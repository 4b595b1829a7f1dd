"""F72: a client is closed while calls are under way, twice, by two tasks, cancelled meanwhile, or not at all."""

from __future__ import annotations

import asyncio
import gc
import warnings
from collections.abc import Awaitable, Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import anyio
import anyio.lowlevel
import pytest

from clio_async import (
    ClientClosed,
    Clio,
    ClioError,
    Httpx2Transport,
    MemoryCache,
    NotSent,
    OutcomeUnknown,
    TransferError,
    TransportError,
)
from clio_async.testing import Faults
from tests.virtual import VirtualLoop

from .calls import CASES
from .faulted import FAULTED, SlowStore
from .instants import HOWS, How, Strike, followed
from .sweep import Case
from .wired import Server, served
from .world import World, left_in_loop

ENDINGS = (ClientClosed, TransportError, TransferError, OutcomeUnknown)
READS = ("get_cold", "get_validated", "collect", "download", "report_run", "get_cold, expired token")
WRITES = ("update", "update_guarded", "create", "edit_in_block", "update, expired token", "update, quota used up")


def owning(world: World) -> Clio:
    """Return the client of a world, which closes its transport with itself, as with one of its own."""
    world.clio._core.owns_transport = True
    return world.clio


async def _closed_meanwhile(case: Case, strike: Strike, path: Path) -> ClioError | None:
    """Close the client at an instant of the call. Return what the call ended with."""
    world = case.world(path, **case.settings)
    await case.before(world)
    clio = owning(world)
    closing: list[asyncio.Task[None]] = []
    strike.instead = lambda: closing.append(asyncio.create_task(clio.aclose()))
    asyncio.get_running_loop().set_task_factory(followed)
    await strike.run(lambda: case.call(world))
    asyncio.get_running_loop().set_task_factory(None)
    await asyncio.gather(*closing)
    world.simulator.faults = Faults.none
    await anyio.sleep(300)
    assert [] == world.left() + left_in_loop()
    assert world.pool.closed == len(closing)
    if strike.outcome == "returned":
        return None
    assert isinstance(strike.error, ENDINGS), strike.error
    return strike.error


def _each(case: Case, path: Path) -> Iterator[ClioError | None]:
    """Close the client at every instant of a call."""
    for number in count(1):
        strike = Strike(number, "task")
        yield anyio.run(_closed_meanwhile, case, strike, path, backend_options={"loop_factory": VirtualLoop})
        if not strike.struck:
            return


@pytest.mark.parametrize("name", READS)
def test_a_read_under_way_ends_typed(name: str, tmp_path: Path) -> None:
    """F72: wherever the client is closed, a read is answered, or says that it was closed; nothing is left."""
    endings = [*_each((CASES | FAULTED)[name], tmp_path)]
    assert endings[-1] is None
    assert any(isinstance(one, ClientClosed | TransportError) for one in endings)


@pytest.mark.parametrize("name", WRITES)
def test_a_write_under_way_ends_truthfully(name: str, tmp_path: Path) -> None:
    """F72: it is done, or not sent, or of unknown outcome: what says that nothing was sent has changed nothing."""
    found = (CASES | FAULTED)[name]
    landed: list[bool] = []

    async def call(world: World) -> None:
        before = _state(world)
        try:
            await found.call(world)
        except (ClientClosed, NotSent):
            landed.append(before != _state(world))
            raise

    case = Case(name=name, covers=(), call=call, before=found.before, settings=found.settings, world=found.world)
    endings = [*_each(case, tmp_path)]
    assert endings[-1] is None
    assert True not in landed
    assert any(isinstance(one, OutcomeUnknown) for one in endings)


def _state(world: World) -> tuple[Any, ...]:
    firm = world.simulator.firm()
    return world.simulator.record("matters", 1, fields="etag,description"), [*firm.table("matters").ids(6)]


async def _closed_by(world: World, strike: Strike) -> None:
    """Close at once by two tasks, one of which is cancelled; then once more."""
    clio = owning(world)
    await clio.matters.get(1)
    other = asyncio.create_task(clio.aclose())
    asyncio.get_running_loop().set_task_factory(followed)
    await strike.run(clio.aclose)
    asyncio.get_running_loop().set_task_factory(None)
    await other
    await clio.aclose()
    with pytest.raises(ClientClosed):
        await clio.matters.get(1)
    assert world.pool.closed
    await anyio.sleep(60)
    assert [] == world.left() + left_in_loop()


@pytest.mark.parametrize("how", HOWS)
def test_closing_is_cancelled_at_every_instant(how: How, tmp_path: Path) -> None:
    """F72: another task closes it at the same time, and a third call finishes what is left; then it is closed."""
    for number in count(1):
        strike = Strike(number, how)

        async def played(strike: Strike = strike) -> None:
            world = World(tmp_path, cache=SlowStore(0.01))
            world.clio._core.owns_cache = True
            await _closed_by(world, strike)

        anyio.run(played, backend_options={"loop_factory": VirtualLoop})
        if not strike.struck:
            assert number > 1
            return


async def test_a_closed_client_stays_closed() -> None:
    """F72: twice is once; every call says what to do, and a client that shares its core is closed with it."""
    clio = Clio("token", cache=MemoryCache())
    other = clio.with_auth("another")
    await clio.aclose()
    await clio.aclose()
    for call in (clio.matters.get, other.matters.get):
        with pytest.raises(ClientClosed, match="build a new one"):
            await call(1)


# -- over sockets, and not closed at all --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with served() as server:
        yield server


def unclosed(server: Server, transport: Callable[[], Any], during: bool) -> Callable[[], Awaitable[None]]:
    """Return a program that uses a client, and drops it without closing it: before its loop ends, or with it."""

    async def program() -> None:
        clio = Clio(server.simulator.token(), base_url=f"{server.address.url}/api/v4", transport=transport())
        async with anyio.create_task_group() as group:
            for number in (1, 2, 3):
                group.start_soon(clio.matters.get, number)
        if during:
            del clio
            for _ in range(5):
                gc.collect()
                await anyio.lowlevel.checkpoint()

    return program


def warned_by(program: Callable[[], Awaitable[None]], backend: str) -> set[str]:
    """Run a program, and return what was warned of until everything was collected."""
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        anyio.run(program, backend=backend)
        gc.collect()
    return {one.category.__name__ for one in seen}


@pytest.mark.parametrize(
    ("backend", "transport"),
    [("asyncio", lambda: None), ("asyncio", Httpx2Transport), ("trio", Httpx2Transport)],
    ids=["aiohttp", "httpx2", "httpx2 on trio"],
)
def test_a_client_that_nobody_closes_ends_with_its_loop(
    backend: str, transport: Callable[[], Any], server: Server
) -> None:
    """F72: its connections are closed before the event loop is; no task is destroyed, and there is no warning."""
    assert set() == warned_by(unclosed(server, transport, during=False), backend)


@pytest.mark.parametrize(
    ("backend", "transport", "seen"),
    [
        ("asyncio", lambda: None, set[str]()),
        ("asyncio", Httpx2Transport, {"ResourceWarning"}),
        ("trio", Httpx2Transport, {"ResourceWarning"}),
    ],
    ids=["aiohttp", "httpx2", "httpx2 on trio"],
)
def test_a_client_that_is_collected_first(
    backend: str, transport: Callable[[], Any], seen: set[str], server: Server
) -> None:
    """F72: with aiohttp nothing is said. With httpx2, Python and trio warn of sockets that nobody has closed: as they
    are made to, where warnings are shown. Nothing else is said, and no error.
    """
    assert warned_by(unclosed(server, transport, during=True), backend) <= seen


async def test_calls_under_way_over_a_socket_end_typed(server: Server) -> None:
    """Each is answered, or says that the client was closed."""
    clio = Clio(server.simulator.token(), base_url=f"{server.address.url}/api/v4", limiter=None)
    await clio.matters.get(1)
    calls = [asyncio.create_task(clio.matters.get(number)) for number in range(1, 8)]
    await asyncio.sleep(0)
    await clio.aclose()
    endings = await asyncio.gather(*calls, return_exceptions=True)
    assert not [one for one in endings if isinstance(one, BaseException) and not isinstance(one, ENDINGS)]
    assert any(isinstance(one, ENDINGS) for one in endings)
