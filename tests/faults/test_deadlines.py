"""However slow a server is, and at whatever: a call ends when its time is over (F5), in virtual time."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator

import anyio
import pytest
from attrs import define, field

from clio_async import Clio, ClioError, MaybeSent, Request, Response, RetryPolicy
from clio_async.messages import Headers
from clio_async.transport.memory import PiecewiseResponse
from tests.auth.server import Server, World, world
from tests.origin import BASE
from tests.virtual import VirtualLoop

TASKS, CALLS = 30, 10
TIMES = (0.5, 1.0, 2.0, 5.0, 10.0)
WAITS = (0.0, 0.1, 1.0, 4.0, 15.0)
KINDS = ("good", "good", "good", "lost", "503", "429", "401", "drop by drop")
OVERRUN = 0.05


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, object]]:
    return "asyncio", {"loop_factory": VirtualLoop}


class Now:
    """The clock of the event loop, as a test's clock."""

    @property
    def now(self) -> float:
        return anyio.current_time()

    def __call__(self) -> float:
        return anyio.current_time()


@define
class Slow(Server):
    """An authorization server and an API that take their time, fail, refuse tokens, pause, and send byte by byte."""

    dice: random.Random = field(factory=random.Random)
    seen: set[str] = field(factory=set)

    async def __call__(self, request: Request) -> Response:
        if request.url.endswith("/oauth/token"):
            self.seen.add("token")
            await anyio.sleep(self.dice.choice((0.1, 0.5, 2.0)))
            return await super().__call__(request)
        await anyio.sleep(self.dice.choice(WAITS))
        kind = self.dice.choice(KINDS)
        self.seen.add(kind)
        if kind == "lost":
            raise MaybeSent("The connection ended.")
        if kind in {"503", "429"}:
            return Response(int(kind), Headers({"Retry-After": str(self.dice.choice((0, 1, 7)))}), b"{}")
        if kind == "401":
            self.access.clear()
        if kind == "drop by drop" and request.method == "GET":
            return PiecewiseResponse(200, Headers({"ETag": '"a"'}), pieces=self._drops)
        return await super().__call__(request)

    async def _drops(self) -> AsyncIterator[bytes]:
        for byte in b'{"data": {"id": 1}}':
            yield bytes([byte])
            await anyio.sleep(1.0)


async def opened(seed: int) -> tuple[World, Slow, random.Random]:
    """A world of a slow server; its first token is there."""
    dice = random.Random(seed)
    server = Slow(clock=Now(), dice=random.Random("calm"))  # type: ignore[arg-type]
    server.dice.choice = lambda options: options[0]  # type: ignore[method-assign, assignment]
    made = await world(server=server)
    server.dice = dice
    return made, server, dice


async def overruns(seed: int, times: tuple[float | None, ...]) -> tuple[list[float], int, set[str]]:
    """Make calls of every kind; return how late each ended, how many by their time, and what the server did."""
    made, server, dice = await opened(seed)
    clio = Clio(
        made.grant,
        base_url=BASE,
        transport=made.transport,
        clock=anyio.current_time,
        wall_clock=made.wall,
        random=dice.random,
        retry=RetryPolicy(attempts=9),
    )
    late: list[float] = []
    ended = 0

    async def call(number: int) -> None:
        nonlocal ended
        for _ in range(CALLS):
            timeout = dice.choice(times)
            method = dice.choice(("GET", "GET", "PATCH", "DELETE", "POST"))
            body = None if method in {"GET", "DELETE"} else {"data": {"name": "x"}}
            began = anyio.current_time()
            try:
                await clio.options(timeout=timeout).request(method, f"/contacts/{number % 4 + 1}", json=body)
            except TimeoutError:
                ended += 1
            except ClioError:
                pass
            late.append(anyio.current_time() - began - (timeout or max(TIMES)))
            await anyio.sleep(1.0)

    async with anyio.create_task_group() as tasks:
        for number in range(TASKS):
            tasks.start_soon(call, number)
    return late, ended, server.seen


@pytest.mark.parametrize("seed", range(10))
async def test_no_call_takes_longer_than_it_may(seed: int) -> None:
    """F5: waiting for a token, a turn, a flight, a pause, a status or a body: 50 ms late at most."""
    late, ended, seen = await overruns(seed, TIMES)
    assert TASKS * CALLS == len(late)
    assert max(late) <= OVERRUN
    assert ended >= 30
    assert {*KINDS, "token"} == seen


async def test_without_a_time_some_take_much_longer() -> None:
    """The control of F5: the same calls without a deadline are longer under way than any of them was allowed."""
    late, ended, _ = await overruns(0, (None,))
    assert max(late) > 10.0
    assert 0 == ended
