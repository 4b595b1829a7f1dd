"""The transport that answers from a function."""

from __future__ import annotations

import anyio
import anyio.lowlevel
import pytest

from clio_async.errors import MaybeSent, MaybeSentTimeout, NotSent, ResponseTooLarge
from clio_async.messages import Headers, Request, Response
from clio_async.testing._transport.expect import request
from clio_async.transport.memory import MemoryTransport

BACKENDS = pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])


@BACKENDS
async def test_functions_and_coroutines_answer() -> None:
    """Both kinds of handler get the request, and their answer is returned as it is."""
    answer = Response(201, Headers({"ETag": '"a"'}), b"{}")

    def plain(_: Request) -> Response:
        return answer

    async def slow(_: Request) -> Response:
        await anyio.lowlevel.checkpoint()
        return answer

    for handler in (plain, slow):
        async with MemoryTransport(handler) as transport:
            assert answer is await transport.send(request("http://x/", "POST", body=b"x"))


@BACKENDS
async def test_a_stream_yields_the_body() -> None:
    """In pieces, without the cap."""
    body = b"x" * 200_000
    async with MemoryTransport(lambda _: Response(200, Headers({"A": "b"}), body), max_body=1) as transport:
        async with transport.stream(request("http://x/")) as response:
            assert (response.status, response.headers["a"]) == (200, "b")
            assert body == b"".join([chunk async for chunk in response.chunks()])
        async with transport.stream(request("http://x/")) as response:
            async for _ in response.chunks():
                break
        with pytest.raises(ResponseTooLarge):
            await transport.send(request("http://x/"))


@BACKENDS
async def test_deadlines_and_closing_end_a_handler() -> None:
    """A handler that is at work has the request: what ends it leaves the outcome open."""
    started = anyio.Event()

    async def never(_: Request) -> Response:
        started.set()
        await anyio.sleep_forever()
        raise AssertionError

    transport = MemoryTransport(never, clock=lambda: 100.0)
    with pytest.raises(MaybeSentTimeout):
        await transport.send(Request("GET", "http://x/", deadline=100.01))
    started = anyio.Event()
    async with anyio.create_task_group() as tasks:

        async def wait() -> None:
            with pytest.raises(MaybeSent):
                await transport.send(Request("GET", "http://x/"))

        tasks.start_soon(wait)
        await started.wait()
        await transport.aclose()


@BACKENDS
async def test_errors_of_the_handler_pass() -> None:
    """A handler may play a broken connection, and its own bugs are not hidden."""

    async def play(sent: Request) -> Response:
        raise NotSent("played") if sent.method == "GET" else ZeroDivisionError

    async with MemoryTransport(play) as transport:
        with pytest.raises(NotSent, match="played"):
            await transport.send(request("http://x/"))
        with pytest.raises(ZeroDivisionError):
            await transport.send(request("http://x/", "POST"))
