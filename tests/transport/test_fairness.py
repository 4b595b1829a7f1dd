"""Tenants that hang do not delay the others (F52): in virtual time, and over real connections."""

from __future__ import annotations

import random
from collections import deque
from typing import Any, Protocol

import anyio
import pytest

from clio_async.errors import ClioError, ResponseBroken
from clio_async.messages import Request
from clio_async.principal import Principal
from clio_async.testing._transport.expect import reply, request
from clio_async.testing.wire import Answer, Received, serve
from clio_async.transport import aiohttp, httpx2
from clio_async.transport.gate import Gate
from tests.virtual import VirtualLoop

HANG, LIFE, SHORTEST, LONGEST = 30.0, 120.0, 0.05, 0.35
HEALTHY, SLOW, BURST = 90, 10, 30
"""Tenants that are answered soon, tenants that hang, and how many requests each of the latter always has open."""


class Places(Protocol):
    def passes(self, whom: str, /) -> bool: ...
    async def enter(self, whom: str, /) -> None: ...
    def leave(self, whom: str, /) -> None: ...


class Fifo:
    """The control: one queue for all, as the gate was before it knew principals."""

    def __init__(self, limit: int) -> None:
        self.free = limit
        self.queue: deque[anyio.Event] = deque()

    def passes(self, whom: str) -> bool:
        passes = self.free > 0
        self.free -= passes
        return passes

    async def enter(self, whom: str) -> None:
        if not self.passes(whom):
            turn = anyio.Event()
            self.queue.append(turn)
            await turn.wait()

    def leave(self, whom: str) -> None:
        if self.queue:
            self.queue.popleft().set()
        else:
            self.free += 1


async def p99(gate: Places, slow: int, spread: float, every: float) -> float:
    """Return how long a call of a healthy tenant takes at most, in 99 of 100 cases, waiting and answer together.

    Each healthy tenant calls once in `every` seconds on average. The slow ones come within `spread` seconds each, one
    tenant after the other (0: all at once, in any order).
    """
    dice = random.Random(1)
    taken: list[float] = []

    async def call(whom: str, seconds: float) -> float:
        started = anyio.current_time()
        await gate.enter(whom)
        try:
            await anyio.sleep(seconds)
        finally:
            gate.leave(whom)
        return anyio.current_time() - started

    async def hang(whom: str, begin: float) -> None:
        await anyio.sleep(begin)
        while True:
            await call(whom, HANG)

    async def once(whom: str, at: float, seconds: float) -> None:
        await anyio.sleep(at)
        taken.append(await call(whom, seconds))

    async with anyio.create_task_group() as forever:
        plan = [
            (f"healthy {n}", at, dice.uniform(SHORTEST, LONGEST)) for n in range(HEALTHY) for at in times(dice, every)
        ]
        for number in range(slow):
            for _ in range(BURST):
                begin = number * spread if spread else dice.random()
                forever.start_soon(hang, f"slow {number}", begin)
        async with anyio.create_task_group() as calls:
            for step in plan:
                calls.start_soon(once, *step)
        forever.cancel_scope.cancel()
    return sorted(taken)[int(len(taken) * 0.99)]


def times(dice: random.Random, every: float) -> list[float]:
    """The moments of calls that know nothing of each other."""
    found, now = [], dice.expovariate(1 / every)
    while now < LIFE:
        found.append(now)
        now += dice.expovariate(1 / every)
    return found


def simulated(gate: Places, slow: int, spread: float = 0, every: float = 5.0) -> float:
    return anyio.run(p99, gate, slow, spread, every, backend_options={"loop_factory": VirtualLoop})


@pytest.mark.parametrize(("spread", "every"), [(0, 5.0), (0, 2.0), (2, 5.0)])
def test_healthy_tenants_do_not_notice_slow_ones(spread: float, every: float) -> None:
    """With ten tenants that hang for 30 s, the p99 of 90 healthy ones is at most 1.2 times what it is without (F52)."""
    alone, beside = (simulated(Gate(100), slow, spread, every) for slow in (0, SLOW))
    assert beside <= 1.2 * alone


def test_a_single_queue_delays_healthy_tenants() -> None:
    """The control of F52: behind the requests that hang, everybody waits for them."""
    assert simulated(Fifo(100), 0) == simulated(Gate(100), 0)
    assert simulated(Fifo(100), SLOW) > 50 * simulated(Fifo(100), 0)


# --- over real connections

LIMIT = 20
HELD = {"slow 0": 10, "slow 1": 4, "slow 2": 2}
"""How many of its requests each tenant may have on the wire, when one after the other asks for all it can."""
TRANSPORTS = pytest.mark.parametrize(
    ("module", "name", "anyio_backend"),
    [
        (aiohttp, "AiohttpTransport", "asyncio"),
        (httpx2, "Httpx2Transport", "asyncio"),
        (httpx2, "Httpx2Transport", "trio"),
    ],
    indirect=["anyio_backend"],
)


@pytest.fixture
def anyio_backend(request: pytest.FixtureRequest) -> Any:
    return getattr(request, "param", "asyncio")


def of(whom: str, url: str, within: float | None = 30.0) -> Request:
    asked = request(url, within=within)
    return Request(asked.method, asked.url, deadline=asked.deadline, principal=Principal(url, user=whom))


def gate_of(transport: Any) -> Any:
    return transport._pool.gate


@TRANSPORTS
async def test_slow_tenants_leave_connections_to_others(module: Any, name: str) -> None:
    """While the answers of three tenants hang, ten others are answered; then the three are, to the last one (F52)."""
    release = anyio.Event()
    done: list[str] = []

    async def answer(received: Received) -> Answer:
        if received.target == "/slow":
            await release.wait()
        return Answer(reply(received.target.encode()))

    async def get(transport: Any, whom: str, url: str) -> None:
        assert (await transport.send(of(whom, url))).status == 200
        done.append(whom)

    async with serve(answer) as server, getattr(module, name)(limit=LIMIT) as transport:
        for whom in ("first", "second"):
            await get(transport, whom, server.url)
        async with anyio.create_task_group() as tasks:
            arrived = 2
            for whom, held in HELD.items():
                for _ in range(LIMIT):
                    tasks.start_soon(get, transport, whom, f"{server.url}/slow")
                arrived += held
                await server.until(lambda wanted=arrived: len(server.received) == wanted)
            async with anyio.create_task_group() as others:
                for number in range(10):
                    for _ in range(3):
                        others.start_soon(get, transport, f"healthy {number}", f"{server.url}/ok")
            assert {whom[:7] for whom in done[2:]} == {"healthy"}
            assert len(done) == 32
            release.set()
    assert [done.count(whom) for whom in HELD] == [LIMIT] * 3


@TRANSPORTS
async def test_with_one_queue_the_others_wait(module: Any, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of F52: with the former gate the first tenant takes all connections, and nobody else sends."""
    monkeypatch.setattr(module, "Gate", Fifo)
    release = anyio.Event()

    async def answer(received: Received) -> Answer:
        await release.wait()
        return Answer(reply())

    async with serve(answer) as server, getattr(module, name)(limit=LIMIT) as transport:
        async with anyio.create_task_group() as tasks:
            for _ in range(LIMIT):
                tasks.start_soon(transport.send, of("slow", f"{server.url}/slow"))
            await server.until(lambda: len(server.received) == LIMIT)
            for number in range(10):
                tasks.start_soon(transport.send, of(f"healthy {number}", f"{server.url}/ok"))
            await server.until(lambda: len(gate_of(transport).queue) == 10)
            assert [received.target for received in server.received] == ["/slow"] * LIMIT
            release.set()
        assert gate_of(transport).free == LIMIT


@TRANSPORTS
async def test_every_way_to_end_gives_the_place_back(module: Any, name: str) -> None:
    """Answered, broken, out of time, refused, too large, cancelled, streamed or left: once, and no place is lost."""

    def answer(received: Received) -> Answer:
        if received.target == "/broken":
            return Answer(reply(b"12345")[:-2], "close")
        if received.target == "/unframed":
            return Answer(reply(b"<html>", length=False, status="500 Oops"), "close")
        if received.target == "/endless":
            return Answer(reply(b"x", length=False), "close")
        if received.target == "/hang":
            return Answer(b"", "hang")
        if received.target == "/wrong":
            return Answer(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", "close")
        return Answer(reply(b"x" * 100))

    async with serve(answer) as server, getattr(module, name)(limit=2, max_body=50) as transport:

        async def send(url: str, within: float | None = 30.0) -> None:
            try:
                await transport.send(of("ann", url, within))
            except ClioError:
                return

        async def stream(path: str, pieces: int, scope: anyio.CancelScope) -> None:
            with scope:
                async with transport.stream(of("ben", server.url + path)) as response:
                    async for _ in response.chunks():
                        pieces -= 1
                        if not pieces:
                            break
                    gate = gate_of(transport)
                    assert gate._held == {of("ben", server.url + path).principal.fingerprint: 1}
                    await anyio.lowlevel.checkpoint()

        for path in ("/ok", "/broken", "/unframed", "/wrong", "/ok"):
            await send(server.url + path)
        for within in (0.01, 1e-9):
            await send(server.url + "/hang", within)
        await send("http://127.0.0.1:1/")
        for pieces in (0, 1):
            await stream("/ok", pieces, anyio.CancelScope())
        with pytest.raises(ResponseBroken):
            await stream("/endless", 0, anyio.CancelScope())
        scope = anyio.CancelScope()
        scope.cancel()
        await stream("/ok", 0, scope)
        async with anyio.create_task_group() as tasks:
            for _ in range(5):
                tasks.start_soon(send, server.url + "/hang")
            count = len(server.received)
            await server.until(lambda: len(server.received) > count)
            tasks.cancel_scope.cancel()
        gate = gate_of(transport)
        assert (gate._free, gate._held, gate._waiting) == (2, {}, {})
