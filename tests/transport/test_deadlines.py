"""One timer ends all exchanges of a pool that are overdue, each at its own deadline."""

from __future__ import annotations

import asyncio
import time

import pytest

from clio_async.errors import MaybeSentTimeout
from clio_async.messages import Request
from clio_async.testing.wire import Answer, Received, serve
from clio_async.transport.aiohttp import AiohttpTransport
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


def test_where_there_is_no_socket_silence_is_assumed() -> None:
    """A connection without a socket cannot be asked: the event loop's word counts."""
    assert Ear(None).is_silent()
