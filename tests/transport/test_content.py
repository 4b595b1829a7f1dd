"""Bodies that are produced while they are sent: what the contract does not reach."""

from __future__ import annotations

import asyncio
import gc
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from typing import Any, TypeVar

import anyio
import pytest
from anyio.lowlevel import checkpoint
from hypothesis import given
from hypothesis import strategies as st
from trio.testing import MockClock

from clio_async.errors import MaybeSentTimeout, NotSent, ResponseTimeout, TransferError
from clio_async.messages import Request, Response
from clio_async.testing._transport.expect import reply, request
from clio_async.testing._transport.source import Peer, Source, peers, upload
from clio_async.testing.wire import Answer, Received, serve
from clio_async.transport import aiohttp_sender as sending
from clio_async.transport.aiohttp import AiohttpTransport
from clio_async.transport.httpx2 import Httpx2Transport
from clio_async.transport.memory import MemoryTransport
from clio_async.transport.outgoing import PIECE, SourceFailed, exactly

BACKENDS = pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])
OVER = pytest.mark.parametrize(
    ("anyio_backend", "kind"),
    [("asyncio", AiohttpTransport), ("asyncio", Httpx2Transport), ("trio", Httpx2Transport)],
)
JUMPING = pytest.mark.parametrize(
    ("backend", "kind"), [("asyncio", AiohttpTransport), ("asyncio", Httpx2Transport), ("trio", Httpx2Transport)]
)
T = TypeVar("T")


async def silent(peer: Peer) -> None:
    await peer.read(lambda peer: peer.body)
    await anyio.sleep_forever()


# --- pieces


@given(st.lists(st.binary(max_size=3).map(lambda start: start * 50_000), max_size=5), st.integers(-2, 2))
def test_pieces_are_the_content_or_an_error(pieces: list[bytes], off: int) -> None:
    """All bytes in order, none above the size, at least one piece; of another length never the last byte."""
    body = b"".join(pieces)
    length = max(0, len(body) + off)

    async def run() -> tuple[list[bytes], bool]:
        found = []
        try:
            async with aclosing(exactly(Source(pieces, length))) as cut:
                async for piece in cut:
                    found.append(bytes(piece))
        except TransferError:
            return found, False
        return found, True

    found, whole = anyio.run(run)
    sent = b"".join(found)
    assert whole == (length == len(body))
    assert body.startswith(sent)
    assert all(len(piece) <= PIECE for piece in found)
    if whole:
        assert (body, True) == (sent, bool(found))
    else:
        assert len(sent) < max(length, 1)


class Bare:
    """A content without a generator, of bytes in other clothes."""

    length = 6

    def __init__(self) -> None:
        self.left: list[Any] = [b"ab", bytearray(b"cd"), memoryview(b"ef").cast("H")]

    def chunks(self) -> AsyncIterator[bytes]:
        return self

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        if not self.left:
            raise StopAsyncIteration
        piece: bytes = self.left.pop(0)
        return piece


@OVER
async def test_any_iterator_of_bytes_will_do(kind: Any) -> None:
    """What is iterated need not be a generator, nor what it yields `bytes`."""
    async with serve(lambda received: Answer(reply(received.body))) as server, kind() as transport:
        response = await transport.send(Request("PUT", server.url, content=Bare()))
    assert response.body == b"abcdef"


async def test_text_is_no_content() -> None:
    """What is not bytes is the fault of whoever produced it."""
    text: Any = "a"
    async with aclosing(exactly(Source([text]))) as pieces:
        with pytest.raises(SourceFailed) as caught:
            await anext(pieces)
    assert isinstance(caught.value.reason, TypeError)


async def test_what_a_content_raises_while_it_is_closed_is_its_own() -> None:
    """Also between two pieces, and what is no `Exception` as it is."""
    pieces = exactly(_Closing())
    assert PIECE == len(await anext(pieces))
    with pytest.raises(SourceFailed) as caught:
        await pieces.aclose()
    assert isinstance(caught.value.reason, ZeroDivisionError)


@BACKENDS
async def test_a_source_is_closed_to_its_end() -> None:
    """Between two pieces too, when the call is cancelled: what it does then may take a while."""
    steps = []

    class Slow(Source):
        async def chunks(self) -> AsyncIterator[bytes]:
            try:
                yield bytes(PIECE + 1)
            finally:
                await checkpoint()
                steps.append("closed")

    with anyio.CancelScope() as scope:
        async with aclosing(exactly(Slow([b"a"], PIECE + 1))) as pieces:
            await anext(pieces)
            scope.cancel()
            await checkpoint()
    assert (True, ["closed"]) == (scope.cancelled_caught, steps)


class _Closing:
    """A content that cannot be closed."""

    length = PIECE * 100

    async def chunks(self) -> AsyncIterator[bytes]:
        try:
            for _ in range(100):
                await checkpoint()
                yield bytes(PIECE)
        finally:
            with anyio.CancelScope(shield=True):
                await checkpoint()
            raise ZeroDivisionError


@OVER
async def test_what_closing_raises_is_raised(kind: Any) -> None:
    """An answer that came early does not hide it, and no connection is left behind."""

    async def refuse(peer: Peer) -> None:
        await peer.read(lambda peer: peer.body)
        await peer.wire.send(reply(b"no", status="403 Forbidden"))
        await peer.read(lambda _: False)

    async with peers(refuse) as (url, met), kind(limit=1) as transport:
        for _ in range(2):
            with pytest.raises(ZeroDivisionError):
                await transport.send(Request("PUT", url, content=_Closing()))
        while not all(peer.ended for peer in met):
            await checkpoint()


# --- silence


@OVER
async def test_a_server_that_stops_reading_is_silent(kind: Any) -> None:
    """Without a deadline, nothing taken and nothing said for `read_timeout` ends it; `stream` bounds it always."""
    for read_all in (False, True):
        source = Source([bytes(PIECE)] * (1 if read_all else 1024))
        async with peers(silent) as (url, _), kind(read_timeout=0.2) as transport:
            with pytest.raises(MaybeSentTimeout):
                await transport.send(upload(url, source, within=None))
            with pytest.raises(MaybeSentTimeout):
                async with transport.stream(upload(url, source)):
                    pass
        assert source.closed == 2


class Jumping(asyncio.SelectorEventLoop):
    """A loop on which time can pass at once."""

    ahead = 0.0

    def time(self) -> float:
        return super().time() + self.ahead

    def jump(self, seconds: float) -> None:
        self.ahead += seconds


def run_jumping(backend: str, test: Callable[[Callable[[], Awaitable[None]]], Awaitable[T]]) -> T:
    """Run a test, which gets a function that lets an hour pass at once."""
    clock = MockClock(rate=1.0)

    async def hour() -> None:
        asleep = asyncio.get_running_loop() if backend == "asyncio" else clock
        asleep.jump(3600)  # type: ignore[union-attr]
        for _ in range(20):
            await checkpoint()  # timers that are due now run

    options: dict[str, Any] = {"asyncio": {"loop_factory": Jumping}, "trio": {"clock": clock}}[backend]
    return anyio.run(test, hour, backend=backend, backend_options=options)


@JUMPING
def test_a_slow_source_is_not_the_servers_silence(backend: str, kind: Any) -> None:
    """The time that the source takes does not count, at no place of it, however long beside `read_timeout`."""

    async def test(hour: Callable[[], Awaitable[None]]) -> None:
        async def chunks() -> AsyncIterator[bytes]:
            for piece in (b"a" * PIECE * 32, b"b", b"c" * PIECE):  # the first has to be waited for
                await hour()
                yield piece
            await hour()

        source = Source([bytes(33 * PIECE + 1)])
        source.chunks = chunks  # type: ignore[method-assign]
        async with serve(lambda received: Answer(reply(received.body[-2:]))) as server, kind() as transport:
            for _ in range(2):
                assert (await transport.send(upload(server.url, source, within=None))).body == b"cc"
                async with transport.stream(upload(server.url, source, within=None)) as response:
                    assert response.status == 200

    run_jumping(backend, test)


@JUMPING
def test_an_hour_is_noticed(backend: str, kind: Any) -> None:
    """The control: behind the source it does count."""

    async def test(hour: Callable[[], Awaitable[None]]) -> None:
        async def hang(peer: Peer) -> None:
            await peer.read(lambda peer: peer.body)
            for _ in range(20):
                await checkpoint()
            await hour()
            await peer.read()

        async with peers(hang) as (url, _), kind() as transport:
            with pytest.raises(MaybeSentTimeout, match="silent"):
                await transport.send(upload(url, Source([b"a"]), within=None))

    run_jumping(backend, test)


@OVER
async def test_silence_inside_an_answer_is_noticed(kind: Any) -> None:
    """Of a stream, and of an answer that came early: `read_timeout` bounds the wait for the rest of it."""
    part = reply(b"", ("Content-Length", "9"), status="403 Forbidden", length=False) + b"part"

    async def early(peer: Peer) -> None:
        await peer.read(lambda peer: peer.body)
        await peer.wire.send(part)
        await anyio.sleep_forever()

    async with peers(early) as (url, _), kind(read_timeout=0.2) as transport:
        with pytest.raises(ResponseTimeout):
            async with transport.stream(request(url, "POST", body=b"x")) as response:
                assert [b"part"] == [chunk async for chunk in response.chunks()]
        with pytest.raises(ResponseTimeout):
            await transport.send(upload(url, Source([bytes(PIECE)] * 1024), within=None))


# --- connections


@pytest.mark.parametrize("how", ["reset", "close"])
@OVER
async def test_a_connection_that_ends_under_a_content_is_reported(kind: Any, how: str) -> None:
    """Without an answer it is `MaybeSent`, and nothing is sent again."""

    async def end(peer: Peer) -> None:
        await peer.read(lambda peer: peer.body)
        if how == "reset":
            peer.wire.reset()

    source = Source([bytes(PIECE)] * 1024)
    async with peers(end) as (url, met), kind() as transport:
        with pytest.raises(Exception, match="was sent") as caught:
            await transport.send(upload(url, source))
    assert (type(caught.value).__name__, 1, 1, 1) == ("MaybeSent", len(met), source.begun, source.closed)


@OVER
async def test_a_content_without_a_connection_is_not_sent(kind: Any) -> None:
    """Where nobody listens nothing was sent; what was begun is closed."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        source = Source([b"a"])
        async with kind() as transport:
            with pytest.raises(NotSent):
                await transport.send(upload(f"http://127.0.0.1:{sock.getsockname()[1]}", source))
    assert source.begun == source.closed


async def test_a_request_that_did_not_leave_leaves_nothing_behind() -> None:
    """When a deadline cuts a large request, its rest does not go on in the background."""
    async with peers(silent) as (url, met), AiohttpTransport() as transport:
        with pytest.raises(MaybeSentTimeout):
            await transport.send(request(url, "POST", body=bytes(32_000_000), within=0.3))
        await met[0].read()
        assert len(met[0].body) < 32_000_000


async def test_the_kernel_holds_little_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """The socket of an upload is told to, where it can be told; elsewhere it does without."""
    told = []

    class Listens(AiohttpTransport):
        def note(self, _: Received) -> Answer:
            assert self._pool is not None
            for exchange in self._pool.waiting:
                assert exchange._connection.transport is not None
                sock = exchange._connection.transport.get_extra_info("socket")
                told.append(sock.getsockopt(socket.IPPROTO_TCP, sending._OPTION or socket.TCP_NODELAY))
            return Answer(reply())

    async with Listens() as transport, serve(transport.note) as server:
        await transport.send(upload(server.url, Source([b"a"])))
        monkeypatch.setattr(sending, "_OPTION", None)
        await transport.send(upload(server.url, Source([b"a"])))
    assert len(told) == 2
    if sys.platform == "linux":
        assert told[0] == sending._UNSENT


async def test_a_kept_connection_writes_as_before() -> None:
    """What an upload asks of it for its last piece is not asked of the next request."""
    limits = []

    class Listens(AiohttpTransport):
        def note(self, _: Received) -> Answer:
            assert self._pool is not None
            (exchange,) = self._pool.waiting
            assert exchange._connection.transport is not None
            limits.append(exchange._connection.transport.get_write_buffer_limits())  # type: ignore[attr-defined]
            return Answer(reply())

    async with Listens() as transport, serve(transport.note) as server:
        await transport.send(request(server.url))
        await transport.send(upload(server.url, Source([b"a"])))
        await transport.send(request(server.url))
        assert server.counts["accepted"] == 1
    assert limits[0] == limits[2]


async def test_a_second_cancellation_waits_for_the_source_too() -> None:
    """However often it is cancelled: the source has ended when the call does."""
    steps = []

    class Slow(Source):
        async def chunks(self) -> AsyncIterator[bytes]:
            try:
                yield b"a"
                steps.append("asleep")
                await anyio.sleep_forever()
            finally:
                with anyio.CancelScope(shield=True):
                    for _ in range(20):
                        await checkpoint()
                steps.append("ended")

    async with peers(silent) as (url, _), AiohttpTransport() as transport:
        task = asyncio.create_task(transport.send(upload(url, Slow([b"a"], 2))))
        while not steps:
            await checkpoint()
        for _ in range(5):
            task.cancel()
            await checkpoint()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert steps == ["asleep", "ended"]


async def test_a_source_that_cancels_itself_ends_the_call() -> None:
    """A cancellation out of the source is one of the call."""

    async def cancelled() -> None:
        raise asyncio.CancelledError

    async with peers(silent) as (url, _), AiohttpTransport() as transport:
        with pytest.raises(asyncio.CancelledError):
            await transport.send(upload(url, Source([b"a"], 2, after=cancelled)))


@OVER
async def test_no_cycle_holds_what_was_raised(kind: Any) -> None:
    """The exception and its frames are freed with the last reference."""

    class Error(Exception):
        alive = 0

        def __init__(self) -> None:
            Error.alive += 1

        def __del__(self) -> None:
            Error.alive -= 1

    async def fail() -> None:
        raise Error

    async with peers(silent) as (url, _), kind() as transport:
        gc.collect()
        gc.disable()
        try:
            with pytest.raises(Error):
                await transport.send(upload(url, Source([b"a"], 2, after=fail)))
            for _ in range(5):
                await checkpoint()
            left = Error.alive
        finally:
            gc.enable()
    assert left == 0


# --- in memory


@BACKENDS
async def test_a_handler_sees_a_body() -> None:
    """Whatever produced it; a request that has a body is handed over as it is."""
    seen: list[Request] = []

    def answer(received: Request) -> Response:
        seen.append(received)
        return Response(200)

    async with MemoryTransport(answer) as transport:
        sent = upload("http://x/", Source([b"a", b"", b"b"]), ("X-A", "b"))
        await transport.send(sent)
        plain = request("http://x/", "PUT", body=b"x")
        await transport.send(plain)
        assert transport.sibling() is transport
    assert (b"ab", None, "b", sent.deadline) == (
        seen[0].body, seen[0].content, seen[0].headers["x-a"], seen[0].deadline,
    )  # fmt: skip
    assert seen[1] is plain


@BACKENDS
async def test_a_deadline_ends_a_content_in_memory() -> None:
    """Its time counts as that of the request, and the handler is not called."""
    called: list[Request] = []

    def answer(received: Request) -> Response:
        called.append(received)
        return Response(200)

    source = Source([b"a"], 2, after=anyio.sleep_forever)
    async with MemoryTransport(answer) as transport:
        with pytest.raises(NotSent):
            await transport.send(upload("http://x/", source, within=0.02))
    assert ([], 1) == (called, source.closed)
