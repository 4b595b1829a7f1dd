"""One client in several event loops: a fresh start after one that has ended, an error at once while it lives (F73)."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import ssl
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import anyio
import anyio.lowlevel
import pytest

from clio_async import AiohttpTransport, Clio, Httpx2Transport, LocalLimiter, Policy
from clio_async.errors import ClientClosed, WrongEventLoop
from clio_async.messages import Request, Response
from clio_async.stats import Stats
from clio_async.transport.base import Transport
from tests.origin import Clock, Gate, Origin, Wire, client, ok
from tests.watched import Renewing

from .identity import identity_server
from .load import Tally

SYSTEM = ssl.create_default_context()  # httpx2 reads one of its own for each transport
LOOPS: list[tuple[str, dict[str, Any], Callable[[], Transport]]] = [
    ("asyncio", {}, AiohttpTransport),
    ("asyncio", {"use_uvloop": True}, AiohttpTransport),
    ("asyncio", {}, partial(Httpx2Transport, ssl=SYSTEM)),
    ("trio", {}, partial(Httpx2Transport, ssl=SYSTEM)),
]
EACH_LOOP = pytest.mark.parametrize(("backend", "options", "transport"), LOOPS)


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    with identity_server() as url:
        yield url


def descriptors() -> int:
    gc.collect()
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208


async def asked(clio: Clio, *names: str) -> Tally:
    """Ask who is asking, all at once."""
    tally = Tally()

    async def ask(name: str) -> None:
        response = await clio.with_auth(f"token-{name}").request("GET", f"/{name}/1/{name}.json")
        tally.count(name, f"token-{name}", json.loads(response.body)["data"])

    async with anyio.create_task_group() as tasks:
        for name in names:
            tasks.start_soon(ask, name)
    return tally


async def left_in_flight(clio: Clio) -> None:
    """End with two requests that are never answered, one of them shared, and idle connections."""
    await asked(clio, "a", "b")
    async with anyio.create_task_group() as tasks:
        for _ in range(2):
            tasks.start_soon(clio.request, "GET", "/never/100000/me.json")
        await anyio.wait_all_tasks_blocked()
        while not clio._core._flights:
            await anyio.lowlevel.checkpoint()
        tasks.cancel_scope.cancel()


@EACH_LOOP
def test_a_client_goes_on_in_the_next_event_loop(
    base: str, backend: str, options: dict[str, Any], transport: Callable[[], Transport]
) -> None:
    """With requests cut short and connections idle at the end of the last one: no warning, no descriptor is left."""
    run = partial(anyio.run, backend=backend, backend_options=options)
    run(anyio.sleep, 0)  # what is opened once
    before = descriptors()
    lent = transport()
    clio = Clio("token", base_url=base, transport=lent)
    seen = []
    for _ in range(3):
        run(left_in_flight, clio)
        seen.append(run(asked, clio, "c", "d"))
        assert {} == clio._core._flights
        assert before == descriptors()  # an event loop that ends closes what it has
    run(clio.aclose)
    run(lent.aclose)
    assert before == descriptors()
    assert [(2, 0)] * 3 == [(tally.answers, tally.foreign) for tally in seen]
    with pytest.raises(ClientClosed):
        run(clio.request, "GET", "/e/1/e.json")


@EACH_LOOP
def test_a_client_is_refused_elsewhere_while_its_event_loop_lives(
    base: str, backend: str, options: dict[str, Any], transport: Callable[[], Transport]
) -> None:
    """F73: of two threads with a loop each one gets an error at once, before anything is touched; when the other's loop
    has ended it may go on."""
    run = partial(anyio.run, backend=backend, backend_options=options)
    lent = transport()
    clio = Clio("token", base_url=base, transport=lent, limiter=LocalLimiter())

    async def refused() -> list[str]:
        errors = []
        for step in (
            partial(clio.request, "GET", "/there/1/there.json"),
            clio.purge,
            partial(clio.invalidate, "matters", 42),
            clio.aclose,
        ):
            with pytest.raises(WrongEventLoop, match=r"one for each loop.*SyncClio") as caught:
                await step()
            errors.append(type(caught.value).__name__)
        return errors

    async def first() -> Tally:
        await asked(clio, "a")
        calls = clio.stats.calls
        assert ["WrongEventLoop"] * 4 == await anyio.to_thread.run_sync(run, refused)
        assert calls == clio.stats.calls
        return await asked(clio, "b")

    assert 0 == run(first).foreign
    assert 0 == run(asked, clio, "c").foreign
    run(clio.aclose)
    run(lent.aclose)


def test_each_call_may_have_a_thread_and_a_loop_of_its_own(base: str) -> None:
    """One after the other, as frameworks do that call asynchronous code from synchronous code."""
    clio = Clio("token", base_url=base)
    seen: list[Tally] = []
    before = descriptors()
    for number in range(5):
        thread = threading.Thread(target=lambda: seen.append(asyncio.run(asked(clio, f"call-{number}"))))  # noqa: B023
        thread.start()
        thread.join()
    asyncio.run(clio.aclose())
    assert before == descriptors()
    assert [0] * 5 == [tally.foreign for tally in seen]


def test_of_many_threads_that_come_first_one_stays(base: str) -> None:
    """F73: the others are refused. Nobody is given two homes."""
    clio = Clio("token", base_url=base)
    start, over = threading.Barrier(8), threading.Barrier(8)
    ends: list[str] = []

    async def use() -> None:
        start.wait()
        try:
            await asked(clio, "x")
            ends.append("answered")
        except* WrongEventLoop:
            ends.append("refused")
        over.wait()  # the loop lives until all have tried

    threads = [threading.Thread(target=lambda: asyncio.run(use())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    asyncio.run(clio.aclose())
    assert ["answered"] + ["refused"] * 7 == sorted(ends)


@contextmanager
def abandoned() -> Iterator[asyncio.AbstractEventLoop]:
    """An event loop that is closed over its tasks, as nobody should."""
    loop = asyncio.new_event_loop()
    tasks: list[asyncio.Task[Any]] = []
    loop.set_task_factory(lambda loop, work, **names: tasks.append(task := asyncio.Task(work, loop=loop)) or task)
    yield loop
    loop.close()
    for task in tasks:
        task._log_destroy_pending = False  # type: ignore[attr-defined]


def test_a_flight_that_nobody_leads_any_more_is_not_joined() -> None:
    """Its leader's event loop was closed under it: the next one asks anew."""
    wire = Wire(Gate(lambda request: ok(b"x")))
    clio = client(wire)
    with abandoned() as loop:
        task = loop.create_task(clio.request("GET", "/matters/42"))
        loop.run_until_complete(asyncio.sleep(0))
    assert 1 == len(clio._core._flights)
    wire.answer = lambda request: ok(b"y")
    assert b"y" == anyio.run(clio.request, "GET", "/matters/42").body
    assert {} == clio._core._flights
    assert not task.done()
    anyio.run(clio.aclose)


def test_a_renewal_that_an_event_loop_left_is_begun_anew() -> None:
    """Nobody waits for what ended with the loop that it was in, and close waits for it neither."""
    held = Gate(lambda request: ok())

    def answer(request: Request) -> Response | Awaitable[Response]:
        if request.url.endswith("/oauth/token"):
            return held(request)
        return ok() if "token-2" in (request.headers.get("Authorization") or "") else Response(401, ok().headers)

    wire = Wire(answer)
    clio = Clio(Renewing("http://localhost"), base_url="http://localhost/api/v4", transport=wire)
    with abandoned() as loop:
        loop.create_task(clio.request("GET", "/matters/42"))
        loop.run_until_complete(_turns(20))
    assert 1 == len(clio._core._detached._running)
    wire.answer = lambda request: ok() if request.url.endswith("/oauth/token") else answer(request)
    assert 200 == anyio.run(clio.request, "GET", "/matters/42").status
    assert 0 == len(clio._core._detached._running)
    anyio.run(clio.aclose)


async def _turns(count: int) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


def test_a_line_for_quota_does_not_outlive_its_event_loop() -> None:
    """Those who waited are gone with it: who comes next waits for nobody."""
    clock, wall = Clock(), Clock(1_800_000_000.0)

    def answer(_: Request) -> Response:
        return ok(X_RateLimit_Limit="1", X_RateLimit_Remaining="0", X_RateLimit_Reset=str(int(wall.now) + 60))

    wire = Wire(answer)
    limiter = LocalLimiter(clock=clock, wall_clock=wall, random=lambda: 0.5)
    clio = client(wire, limiter=limiter, clock=clock, wall_clock=wall).options(max_wait=None)
    with abandoned() as loop:
        loop.run_until_complete(clio.request("GET", "/matters/1"))
        for number in (2, 3):
            loop.create_task(clio.request("GET", f"/matters/{number}"))
        loop.run_until_complete(_turns(20))
    assert 2 == clio.quota.waiting
    clock.now += 120
    wall.now += 120
    assert 200 == anyio.run(clio.request, "GET", "/matters/4").status
    assert 2 == len(wire.seen)


def test_a_client_of_another_kind_of_loop_can_be_closed() -> None:
    """On trio the default transport cannot be used, and what was not used can be closed."""
    clio = Clio("t")

    async def use() -> None:
        with pytest.raises(WrongEventLoop, match="Httpx2Transport"):
            await clio.request("GET", "/matters/42")
        await clio.aclose()

    anyio.run(use, backend="trio")


def test_what_is_held_is_for_any_thread_that_counts_by_itself() -> None:
    """A thread in no event loop is given it; by the asynchronous client, in another one that lives, nobody is (F73)."""
    origin = Origin()
    origin.put("/matters/42", b'{"data": {"id": 42}}')
    clio = client(Wire(origin.answer), policy=Policy(fresh_for={"matters": 300}))
    core = clio._core
    asked: list[tuple[Any, ...]] = []
    held = core.held

    def seen(*given: Any) -> Any:
        asked.append(given)
        return held(*given)

    core.held = seen  # type: ignore[method-assign, assignment]

    async def life() -> None:
        await clio.matters.get(42, fields="id")
        found = await anyio.to_thread.run_sync(held, *asked[0], Stats())
        assert found is not None
        assert b'{"data": {"id": 42}}' == found.body
        await clio.matters.get(42, fields="id")
        assert 1 == clio.stats.fresh
        with pytest.raises(WrongEventLoop):
            await anyio.to_thread.run_sync(lambda: anyio.run(lambda: clio.matters.get(42, fields="id")))

    anyio.run(life)
