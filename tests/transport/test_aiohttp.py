"""What belongs to the transport over aiohttp alone: its use of private things, its exactness, processes and loops."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import socket
import time
from typing import Any

import aiohttp
import aiohttp.client_exceptions
import aiohttp.http_exceptions
import anyio
import pytest

from clio_async.errors import (
    ClientClosed,
    ClioError,
    MaybeSent,
    MaybeSentTimeout,
    NotSent,
    NotSentTimeout,
    ResponseBroken,
    ResponseTimeout,
    WrongEventLoop,
)
from clio_async.messages import Request, Response
from clio_async.testing._transport.expect import reply, request
from clio_async.testing.wire import Answer, Received, WireServer, serve
from clio_async.transport.aiohttp import AiohttpTransport, _translated
from clio_async.transport.outcome import Outcome
from clio_async.transport.wire import Target

TARGET = Target("https://app.clio.com", "app.clio.com", "/")


def ok(_: Received) -> Answer:
    return Answer(reply(b"{}"))


def ok_then_silent(received: Received) -> Answer:
    return Answer(reply()) if received.target == "/ok" else Answer(b"", "hang")


async def read_all(transport: AiohttpTransport, url: str) -> None:
    async with transport.stream(request(url)) as response:
        async for _ in response.chunks():
            pass


# --- errors


def every_class() -> list[type[Exception]]:
    modules = (aiohttp.client_exceptions, aiohttp.http_exceptions)
    found = {
        value
        for module in modules
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Exception) and value.__module__ == module.__name__
    }
    # A websocket is never opened here; the error is one of a wrong type in the caller's code.
    return sorted(found - {aiohttp.WSMessageTypeError}, key=lambda kind: kind.__name__)


def bare(kind: type[Exception]) -> Exception:
    error = kind.__new__(kind)
    error.args = ("Bearer hunter2",)
    error.headers = {"Authorization": "hunter2"}  # type: ignore[attr-defined]
    return error


@pytest.mark.parametrize("kind", every_class(), ids=lambda kind: kind.__name__)
def test_every_error_of_aiohttp_has_words_of_its_own(kind: type[Exception]) -> None:
    """None is forgotten, at no stage, and none of their text is repeated."""
    for sent, status, wanted in (
        (False, 0, NotSent),
        (True, 0, (MaybeSent, ResponseBroken)),
        (True, 200, ResponseBroken),
    ):
        outcome = Outcome(TARGET)
        outcome.sent, outcome.status = sent, status
        error = _translated(bare(kind), outcome)
        assert isinstance(error, wanted)
        assert issubclass(kind, TimeoutError) == isinstance(error, TimeoutError)
        assert "unexpected" not in str(error)
        assert "hunter2" not in f"{error!r}{error.__cause__!r}"


def test_the_list_of_errors_is_not_empty() -> None:
    """The control of the list above."""
    names = {kind.__name__ for kind in every_class()}
    assert {"ClientOSError", "ServerDisconnectedError", "BadStatusLine", "ClientPayloadError"} <= names


def test_an_unknown_error_is_typed_too() -> None:
    """What nobody thought of names its class, and nothing else."""
    assert str(_translated(KeyError("hunter2"), Outcome(TARGET))) == (
        "Nothing was sent to https://app.clio.com: of an unexpected KeyError."
    )


class _Fails(aiohttp.TCPConnector):
    """A connector that cannot connect."""

    error: Exception = OSError()

    async def connect(self, *_: Any, **__: Any) -> Any:
        raise self.error


@pytest.mark.parametrize("kind", [aiohttp.ClientConnectorDNSError, aiohttp.ClientConnectorCertificateError, OSError])
async def test_an_error_before_the_connection_is_not_sent(kind: type[Exception]) -> None:
    """Whatever the connector raises, nothing was sent."""
    _Fails.error = bare(kind)
    async with AiohttpTransport(connector_factory=_Fails) as transport:
        with pytest.raises(NotSent):
            await transport.send(request("http://x/"))


async def test_the_cause_is_a_bare_os_error() -> None:
    """The number that helps is kept, on an error without frames or fields."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        async with AiohttpTransport() as transport:
            with pytest.raises(NotSent) as caught:
                await transport.send(request(f"http://127.0.0.1:{sock.getsockname()[1]}"))
    assert isinstance(caught.value.__cause__, ConnectionRefusedError)
    assert caught.value.__cause__.__traceback__ is None


async def test_a_head_that_ends_early_keeps_its_status() -> None:
    """A status that could be read makes a broken answer, also when its head is not whole."""
    for data, wanted in (
        (b"HTTP/1.1 201 Created\r\nX:", 201),
        (b"HTTP/1.1 2", 0),
        (b"HTTP/1.1 100 Continue\r\n\r\n", 0),
    ):
        async with serve(lambda _, data=data: Answer(data, "close")) as server, AiohttpTransport() as transport:
            with pytest.raises((MaybeSent, ResponseBroken)) as caught:
                await transport.send(request(server.url))
            assert wanted == getattr(caught.value, "status", 0)


# --- exactness of what was sent


async def test_a_connection_that_died_before_the_write_sent_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The kernel refuses the first write: no byte left, and the transport can prove it (F3)."""
    monkeypatch.setattr("clio_async.transport.aiohttp._is_reusable", lambda *_: True)
    async with serve(lambda _: Answer(reply(), "reset")) as server, AiohttpTransport(limit=1) as transport:
        outcomes = []
        for _ in range(20):
            try:
                await transport.send(request(server.url, "POST", body=b"x" * 100_000))
                outcomes.append("done")
            except NotSent:
                outcomes.append("not sent")
            except MaybeSent:
                outcomes.append("maybe")
        assert len(server.received) == outcomes.count("done")
        assert outcomes.count("not sent")


async def test_a_closing_connection_is_not_written_to() -> None:
    """A connection that begins to close between its choice and the write sends nothing."""

    class Closes(aiohttp.TCPConnector):
        async def connect(self, *arguments: Any, **options: Any) -> Any:
            connection = await super().connect(*arguments, **options)
            assert connection.transport is not None
            connection.transport.close()
            return connection

    class Closed(aiohttp.TCPConnector):
        async def connect(self, *arguments: Any, **options: Any) -> Any:
            connection = await super().connect(*arguments, **options)
            connection.close()
            return connection

    for factory in (Closes, Closed):
        async with serve(ok) as server, AiohttpTransport(connector_factory=factory) as transport:
            with pytest.raises(NotSent):
                await transport.send(request(server.url, "POST"))
            assert server.received == []


# --- private things of aiohttp, pinned for the versions that are tested


async def test_what_is_used_of_aiohttp_is_there() -> None:
    """The names below its public surface that the transport relies on. If one goes, this says which."""
    from aiohttp.client_proto import ResponseHandler

    for name in (
        "set_response_params",
        "read",
        "start_timeout",
        "should_close",
        "force_close",
        "exception",
        "transport",
    ):
        assert hasattr(ResponseHandler(asyncio.get_running_loop()), name), name
    connector = aiohttp.TCPConnector()
    assert connector._closed is False
    await connector.close()
    assert connector._closed is True


async def test_the_session_resends_which_is_why_there_is_none() -> None:
    """The control: a stock session sends a GET twice when a kept connection takes the first one with it (F3)."""
    count: dict[int, int] = {}

    def answer(received: Received) -> Answer:
        count[received.connection] = count.get(received.connection, 0) + 1
        return Answer(reply()) if count[received.connection] == 1 else Answer(b"", "close")

    async with serve(answer) as server, aiohttp.ClientSession() as session:
        for _ in range(2):
            async with session.get(server.url) as response:
                await response.read()
        assert len(server.received) == 3
        assert hasattr(session, "_retry_connection")


# --- the gate


class _CountsForItself(AiohttpTransport):
    """Leaves counting to aiohttp's connector."""

    def __init__(self, *, limit: int = 100) -> None:
        super().__init__(limit=10_000, connector_factory=lambda: aiohttp.TCPConnector(limit=limit))


async def waiter_survives(transport: AiohttpTransport, server: WireServer, go: asyncio.Event, steps: int) -> bool:
    """Cancel the second of three requests for one connection `steps` turns after the first can go on."""
    url = server.url
    first = asyncio.create_task(transport.send(request(f"{url}/first")))
    await server.until(lambda: server.received)
    second = asyncio.create_task(transport.send(request(f"{url}/second")))
    await asyncio.sleep(0)
    third = asyncio.create_task(transport.send(request(f"{url}/third", within=0.5)))
    await asyncio.sleep(0)
    go.set()
    for _ in range(steps):
        await asyncio.sleep(0)
    second.cancel()
    results = await asyncio.gather(first, second, third, return_exceptions=True)
    assert isinstance(results[0], Response)
    return isinstance(results[2], Response)


@pytest.mark.parametrize(("kind", "whole"), [(AiohttpTransport, True), (_CountsForItself, False)])
async def test_a_wake_up_is_not_lost_with_the_one_it_woke(kind: Any, *, whole: bool) -> None:
    """A request that is cancelled in the turn in which it gets a connection passes it on (F71).

    aiohttp's own count, the control, loses it: the next request waits beside a free connection until its deadline.
    """
    survived = []
    for steps in range(25):
        go = asyncio.Event()

        async def answer(_: Received, go: asyncio.Event = go) -> Answer:
            await go.wait()
            return Answer(reply())

        async with serve(answer) as server, kind(limit=1) as transport:
            survived.append(await waiter_survives(transport, server, go, steps))
    assert whole == all(survived)


# --- time


async def test_silence_ends_where_no_deadline_does() -> None:
    """Without a deadline, an idle connection is given up after `read_timeout`, at every stage (F5)."""

    def answer(received: Received) -> Answer:
        part = reply(b"", ("Content-Length", "9"), length=False) + b"part"
        return Answer(part if received.target == "/body" else b"", "hang")

    async with serve(answer) as server, AiohttpTransport(read_timeout=0.05) as transport:
        with pytest.raises(MaybeSentTimeout, match="silent"):
            await transport.send(request(server.url, within=None))
        with pytest.raises(ResponseTimeout, match="silent"):
            await transport.send(request(f"{server.url}/body", within=None))
        with pytest.raises(ResponseTimeout, match="silent"):
            await read_all(transport, f"{server.url}/body")


async def test_a_connection_that_takes_too_long_is_not_sent() -> None:
    """`connect_timeout` bounds TCP and TLS: here the server never answers the first TLS message."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        async with AiohttpTransport(connect_timeout=0.05) as transport:
            with pytest.raises(NotSentTimeout, match="too long"):
                await transport.send(request(f"https://127.0.0.1:{listener.getsockname()[1]}"))


async def test_the_deadline_is_on_the_given_clock() -> None:
    """A deadline is a moment of the injected clock, whatever the event loop counts in."""
    async with serve(ok_then_silent) as server, AiohttpTransport(clock=lambda: 1000.0) as transport:
        await transport.send(Request("GET", f"{server.url}/ok"))
        with pytest.raises(MaybeSentTimeout):
            await transport.send(Request("GET", server.url, deadline=1000.2))
        with pytest.raises(NotSentTimeout):
            await transport.send(Request("GET", server.url, deadline=1000.0))


async def test_a_cancellation_from_outside_stays_one() -> None:
    """Only the transport's own deadline becomes an error; a caller's scope or task cancellation is left alone."""
    async with serve(lambda _: Answer(b"", "hang")) as server, AiohttpTransport() as transport:
        with anyio.move_on_after(0.02) as scope:
            await transport.send(request(server.url))
        assert scope.cancelled_caught
        task = asyncio.create_task(transport.send(request(server.url)))
        await server.until(lambda: len(server.received) == 2)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_an_outer_cancellation_wins_over_a_deadline() -> None:
    """When both come at once, the task is still cancelled."""
    async with serve(lambda _: Answer(b"", "hang")) as server, AiohttpTransport() as transport:
        task = asyncio.create_task(transport.send(request(server.url, within=30)))
        await server.until(lambda: len(server.received) == 1)
        pool = transport._pool
        assert pool is not None
        for exchange in [*pool.waiting]:
            exchange.interrupt("deadline")
            exchange.interrupt("closed")
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


# --- loops, processes, lives


def test_it_can_be_made_outside_of_a_loop() -> None:
    """Nothing is opened before the first request."""
    transport = AiohttpTransport()

    async def use() -> int:
        async with serve(ok) as server, transport:
            return (await transport.send(request(server.url))).status

    assert anyio.run(use) == 200


async def test_many_origins_are_not_remembered_for_ever() -> None:
    """What is kept for each origin is bounded."""
    async with serve(ok) as server, AiohttpTransport() as transport:
        port = server.url.rpartition(":")[2]
        for number in range(1, 70):
            with contextlib.suppress(NotSent):  # it listens on the first of these addresses alone
                await transport.send(request(f"http://127.0.0.{number}:{port}"))
        pool = transport._pool
        assert pool is not None
        assert len(pool._leads) == 5


def _in_child(work: Any) -> str:
    """Run `work` in a forked child; return what it wrote."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            text = work()
        except BaseException as error:
            text = repr(error)
        os.write(write, text.encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        text = pipe.read().decode()
    os.waitpid(pid, 0)
    return text


def test_a_forked_child_opens_its_own_connections() -> None:
    """The child neither uses nor closes what the parent has open, and the parent goes on (F74)."""
    transport = AiohttpTransport(limit=1)
    bodies = []

    async def life() -> None:
        async with serve(lambda received: Answer(reply(b"%d" % received.connection))) as server:
            bodies.append((await transport.send(request(server.url))).body)

            def child() -> str:
                async def use() -> str:
                    return (await transport.send(request(server.url, within=20))).body.decode()

                asyncio.set_event_loop(None)
                text = anyio.run(use)
                gc.collect()
                return text

            answer = await anyio.to_thread.run_sync(_in_child, child)
            bodies.append(answer.encode())
            bodies.append((await transport.send(request(server.url))).body)
            await transport.aclose()

    anyio.run(life)
    assert bodies == [b"1", b"2", b"1"]


async def test_a_child_may_close_what_it_inherited() -> None:
    """Closing in a child leaves the parent's connections alone, too."""
    async with serve(ok) as server, AiohttpTransport() as transport:
        await transport.send(request(server.url))
        pool = transport._pool
        assert pool is not None
        pool.home._pid = -1  # as it is in a child
        await transport.aclose()
        assert server.counts["open"] == 1
        with pytest.raises(ClientClosed):
            await transport.send(request(server.url))
        await pool.connector.close()


async def test_closing_the_connector_while_connecting(monkeypatch: pytest.MonkeyPatch) -> None:
    """A request that is still connecting when the transport closes was not sent."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        transport = AiohttpTransport()
        task = asyncio.create_task(transport.send(request(f"https://127.0.0.1:{listener.getsockname()[1]}")))
        while not (transport._pool and transport._pool.connector._acquired):  # noqa: ASYNC110  # nothing tells
            await asyncio.sleep(0)
        await transport.aclose()
        with pytest.raises(ClientClosed):
            await task


async def test_a_stream_outlives_its_transport_as_an_error() -> None:
    """A stream that nobody waits on when the transport closes says at its next piece that it is broken."""
    part = reply(b"", ("Content-Length", "9"), length=False) + b"part"
    async with serve(lambda _: Answer(part, "hang")) as server:
        transport = AiohttpTransport()
        async with transport.stream(request(server.url)) as response:
            await transport.aclose()
            with pytest.raises(ClioError):
                async for _ in response.chunks():
                    pass


def test_time_is_monotonic_by_default() -> None:
    """A jump of the system's clock moves no deadline (F76)."""
    assert AiohttpTransport()._clock is time.monotonic


@pytest.mark.parametrize("anyio_backend", ["trio"])
async def test_on_trio_it_says_which_transport_runs_there() -> None:
    """The default transport is asyncio's."""
    with pytest.raises(WrongEventLoop, match="Httpx2Transport"):
        await AiohttpTransport().send(Request("GET", "http://127.0.0.1:9/"))
