"""The transport that answers from a function."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import suppress

import anyio
import anyio.lowlevel
import pytest

from clio_async.errors import (
    MaybeSent,
    MaybeSentTimeout,
    NotSent,
    ResponseBroken,
    ResponseTimeout,
    ResponseTooLarge,
)
from clio_async.messages import Headers, Request, Response
from clio_async.testing._transport.expect import request
from clio_async.transport.memory import MemoryTransport, PiecewiseResponse

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


class _Pieces:
    """Pieces that count what became of them; `end` is awaited behind the last one."""

    def __init__(self, *pieces: bytes) -> None:
        self.pieces = pieces
        self.begun = self.closed = 0

    async def end(self) -> None:
        await anyio.lowlevel.checkpoint()

    async def __call__(self) -> AsyncIterator[bytes]:
        self.begun += 1
        try:
            for piece in self.pieces:
                await anyio.lowlevel.checkpoint()
                yield piece
            await self.end()
        finally:
            with anyio.CancelScope(shield=True):
                await anyio.lowlevel.checkpoint()  # closing takes a while
            self.closed += 1

    def answer(self, _: Request) -> Response:
        return PiecewiseResponse(201, Headers({"A": "b"}), pieces=self)


class _Endless(_Pieces):
    async def end(self) -> None:
        await anyio.sleep_forever()


class _Broken(_Pieces):
    async def end(self) -> None:
        raise ResponseBroken("played", status=201)


@BACKENDS
async def test_pieces_are_a_body() -> None:
    """Whole where it is asked for whole, under the cap, and piece by piece in a stream, which has none."""
    pieces = _Pieces(b"ab", b"c")
    for most in (3, 2):
        async with MemoryTransport(pieces.answer, max_body=most) as transport:
            if most == 3:
                response = await transport.send(request("http://x/"))
                assert (201, "b", b"abc", 3) == (
                    response.status, response.headers["a"], response.body, response.wire_bytes,
                )  # fmt: skip
            else:
                with pytest.raises(ResponseTooLarge):
                    await transport.send(request("http://x/"))
            async with transport.stream(request("http://x/")) as stream:
                assert (201, "b") == (stream.status, stream.headers["a"])
                assert [b"ab", b"c"] == [chunk async for chunk in stream.chunks()]
    assert (4, 4) == (pieces.begun, pieces.closed)


@BACKENDS
async def test_pieces_are_closed_when_a_stream_is_left() -> None:
    """Early, by an exception, by a cancellation, or before the first piece was taken."""
    pieces = _Endless(b"ab")
    async with MemoryTransport(pieces.answer) as transport:
        async with transport.stream(request("http://x/")) as stream:
            async for _ in stream.chunks():
                break
        assert (1, 1) == (pieces.begun, pieces.closed)
        with suppress(ZeroDivisionError):
            async with transport.stream(request("http://x/")) as stream:
                async for _ in stream.chunks():
                    raise ZeroDivisionError
        assert (2, 2) == (pieces.begun, pieces.closed)
        with anyio.CancelScope() as scope:
            async with transport.stream(request("http://x/")) as stream:
                async for _ in stream.chunks():
                    scope.cancel()
        assert (3, 3) == (pieces.begun, pieces.closed)
        with anyio.CancelScope() as scope:
            scope.cancel()
            await transport.send(request("http://x/"))
        assert scope.cancelled_caught
        assert pieces.begun == pieces.closed
        async with transport.stream(request("http://x/")):
            pass
        assert pieces.begun == pieces.closed


@BACKENDS
async def test_a_deadline_and_closing_end_pieces() -> None:
    """A status has come by then: the error says so, of a whole body as of a stream, and the pieces are closed."""
    pieces = _Endless(b"ab")
    transport = MemoryTransport(pieces.answer, clock=lambda: 100.0)
    with pytest.raises(ResponseTimeout):
        await transport.send(Request("GET", "http://x/", deadline=100.01))
    async with transport.stream(Request("GET", "http://x/", deadline=100.01)) as stream:
        with pytest.raises(ResponseTimeout):
            assert [b"ab"] == [chunk async for chunk in stream.chunks()]
    assert (2, 2) == (pieces.begun, pieces.closed)
    async with anyio.create_task_group() as tasks:

        async def wait() -> None:
            with pytest.raises(ResponseBroken):
                await transport.send(Request("GET", "http://x/"))

        tasks.start_soon(wait)
        await anyio.wait_all_tasks_blocked()
        await transport.aclose()
    assert (3, 3) == (pieces.begun, pieces.closed)


@BACKENDS
async def test_pieces_may_break() -> None:
    """What they raise passes; an iterator that cannot be closed will do."""
    pieces = _Broken(b"ab")

    class Bare:
        async def __anext__(self) -> bytes:
            raise StopAsyncIteration

        def __aiter__(self) -> Bare:
            return self

    async with MemoryTransport(pieces.answer) as transport:
        with pytest.raises(ResponseBroken, match="played"):
            await transport.send(request("http://x/"))
        async with transport.stream(request("http://x/")) as stream:
            with pytest.raises(ResponseBroken, match="played"):
                assert [b"ab"] == [chunk async for chunk in stream.chunks()]
    async with MemoryTransport(lambda _: PiecewiseResponse(200, pieces=Bare)) as transport:
        assert (await transport.send(request("http://x/"))).body == b""
