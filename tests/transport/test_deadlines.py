"""One timer ends all exchanges of a pool that are overdue, each at its own deadline."""

from __future__ import annotations

import asyncio
import gc
import time
import weakref
from collections.abc import Callable

import anyio
import pytest

from clio_async.errors import MaybeSentTimeout
from clio_async.messages import Request
from clio_async.testing.wire import Answer, Received, serve
from clio_async.transport import aiohttp as transports
from clio_async.transport.aiohttp import AiohttpTransport, _Pool, _rung
from clio_async.transport.gate import Ear

LATE = 3600.0


async def ended_at(transport: AiohttpTransport, url: str, seconds: float) -> float:
    """Return how much later than its deadline an exchange ended."""
    deadline = time.monotonic() + seconds
    with pytest.raises(MaybeSentTimeout):
        await transport.send(Request("GET", url, deadline=deadline))
    return time.monotonic() - deadline


async def test_each_exchange_ends_at_its_own_deadline() -> None:
    """Whatever the order in which they began, none ends before its deadline, and those without one go on (F5)."""
    silent = asyncio.Event()

    async def mute(_: Received) -> Answer:
        await silent.wait()
        return Answer(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    async with serve(mute) as server, AiohttpTransport() as transport:
        endless = [
            asyncio.create_task(transport.send(Request("GET", server.url, deadline=deadline)))
            for deadline in (None, time.monotonic() + LATE)
        ]
        late = await asyncio.gather(*[ended_at(transport, server.url, seconds) for seconds in (0.3, 0.1, 0.2, 0.1)])
        assert all(seconds >= 0 for seconds in late)
        assert not any(task.done() for task in endless)
        silent.set()
        assert [200, 200] == [response.status for response in await asyncio.gather(*endless)]
        assert 200 == (await transport.send(Request("GET", server.url))).status


async def test_a_lone_exchange_ends_too() -> None:
    """With nobody else under way the timer is not set again, and the next exchange sets it anew (F5)."""

    async def mute(_: Received) -> Answer:
        await asyncio.Event().wait()
        raise AssertionError

    async with serve(mute) as server, AiohttpTransport() as transport:
        for _ in range(2):
            assert await ended_at(transport, server.url, 0.05) >= 0


@pytest.mark.parametrize("anyio_backend", [("asyncio", {"use_uvloop": True})], ids=["uvloop"])
async def test_a_timer_of_uvloop_that_is_about_to_ring_is_as_good_as_another() -> None:
    """Within half a millisecond uvloop gives no timer, but a handle that cannot say when it rings (F5)."""
    async with serve(answered) as server, AiohttpTransport() as transport:
        await transport.send(Request("GET", server.url))
        pool = transport._pool
        assert pool is not None
        pool._wind(pool.loop.time())
        assert not hasattr(pool._timer, "when")
        assert 200 == (await transport.send(Request("GET", server.url, deadline=time.monotonic() + LATE))).status
        assert not pool.waiting


class Overdue:
    """An exchange whose deadline has passed."""

    def __init__(self, when: float, ended: list[float]) -> None:
        self.when, self.ended = when, ended

    def interrupt(self, why: str) -> None:
        assert "deadline" == why
        self.ended.append(self.when)


async def test_all_that_is_overdue_ends_in_one_ring() -> None:
    """A thousand deadlines that passed one after the other are not a thousand rings over all who wait (F5)."""
    async with AiohttpTransport() as transport, serve(answered) as server:
        await transport.send(Request("GET", server.url, deadline=time.monotonic() + LATE))
        pool = transport._pool
        assert pool is not None
        ended: list[float] = []
        now = pool.loop.time()
        waiting = [Overdue(now - number / 1000, ended) for number in range(1000)]
        pool.waiting = set(waiting)  # type: ignore[assignment,arg-type]
        pool._wind(now - 1)
        pool.ring()
        pool.waiting.clear()
        assert sorted(one.when for one in waiting) == sorted(ended)
        assert pool._timer is None


def test_where_there_is_no_socket_silence_is_assumed() -> None:
    """A connection without a socket cannot be asked: the event loop's word counts."""
    assert Ear(None).is_silent()


async def left_alone(url: str) -> weakref.ref[_Pool]:
    """Use a pool whose timer has an hour to go, and let go of it without closing it."""
    transport = AiohttpTransport()
    assert 200 == (await transport.send(Request("GET", url, deadline=time.monotonic() + LATE))).status
    pool = transport._pool
    assert pool is not None
    assert pool._timer is not None
    return weakref.ref(pool)


def answered(_: Received) -> Answer:
    return Answer(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")


async def test_a_timer_keeps_no_pool() -> None:
    """A pool that nobody has goes at once, not at the last deadline, and its timer rings for nobody then (F72)."""
    async with serve(answered) as server:
        weak = await left_alone(server.url)
        gc.collect()
        assert weak() is None
        _rung(weak)
        await anyio.wait_all_tasks_blocked()  # its connections are closed by now


async def test_a_timer_that_holds_its_pool_keeps_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: an event loop has what is to be called later, and all that this holds."""

    def held(pool: _Pool) -> Callable[[], _Pool]:
        return lambda: pool

    monkeypatch.setattr(transports, "ref", held)
    async with serve(answered) as server:
        weak = await left_alone(server.url)
        gc.collect()
        pool = weak()
        assert pool is not None
        await pool.leave()
