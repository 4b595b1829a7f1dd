"""A transport that is closed while it is used: whoever waits is told at once, and truly (F72)."""

from __future__ import annotations

import ssl
from typing import Any

import anyio
import pytest

from clio_async import AiohttpTransport, ClientClosed, Httpx2Transport, MaybeSent, NotSent
from clio_async.messages import Request
from clio_async.testing.wire import Answer, serve
from tests.faults.loopback import TRANSPORTS, transport

from .naive import NaiveTransport

SYSTEM = ssl.create_default_context()


async def ends(wire: Any) -> list[type[BaseException]]:
    """Close a transport whose one connection waits for an answer; return how that call and a second one end."""
    found: list[type[BaseException]] = [BaseException] * 2

    async def send(number: int, url: str) -> None:
        try:
            await wire.send(Request("POST", f"{url}/{number}", body=b"x"))
        except Exception as error:
            found[number] = type(error)

    async with serve(lambda _: Answer(then="hang")) as server, anyio.create_task_group() as tasks:
        tasks.start_soon(send, 0, server.url)
        await server.until(lambda: len(server.received) == 1)
        tasks.start_soon(send, 1, server.url)
        await anyio.wait_all_tasks_blocked()
        await wire.aclose()
        await wire.aclose()  # once more is nothing
    return found


@TRANSPORTS
async def test_what_was_sent_is_told_from_what_was_not(kind: str) -> None:
    """F72: one may have been sent, the other was not; both end, and closing twice is fine."""
    wire = AiohttpTransport(limit=1) if kind == "aiohttp" else Httpx2Transport(limit=1, ssl=SYSTEM)
    sent, waiting = await ends(wire)
    assert issubclass(sent, MaybeSent)
    assert ClientClosed is waiting


async def test_aiohttp_as_it_comes_does_not_say_what_was_not_sent() -> None:
    """The control of F72: who still waited for the connection is not told that nothing has left."""
    _, waiting = await ends(NaiveTransport(limit=1))
    assert waiting not in {ClientClosed, NotSent}


@pytest.mark.parametrize("kind", ["aiohttp", "httpx2"])
async def test_one_that_was_never_used_closes(kind: str) -> None:
    """F72: there is nothing to be closed, and no warning."""
    wire = transport(kind)
    await wire.aclose()
    await wire.aclose()
