"""What belongs to the transport over httpx2 alone."""

from __future__ import annotations

import gc
import socket
import subprocess
import sys
from typing import Any

import anyio
import httpx2
import pytest

from clio_async.errors import MaybeSent, MaybeSentTimeout, NotSent, NotSentTimeout, ResponseBroken
from clio_async.messages import Request
from clio_async.testing._transport.expect import reply, request
from clio_async.testing.wire import Answer, Received, serve
from clio_async.transport import httpx2 as ours
from clio_async.transport.exchange import Exchange
from clio_async.transport.httpx2 import Httpx2Transport, _translated
from clio_async.transport.httpx2_hearing import _Ear
from clio_async.transport.outcome import Outcome
from clio_async.transport.wire import Target

TARGET = Target("https://app.clio.com", "app.clio.com", "/")
BACKENDS = pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])


def ok(_: Received) -> Answer:
    return Answer(reply(b"{}"))


def ok_then_silent(received: Received) -> Answer:
    return Answer(reply()) if received.target == "/ok" else Answer(b"", "hang")


def kinds(root: type[Exception]) -> list[type[Exception]]:
    return [root, *[kind for child in root.__subclasses__() for kind in kinds(child)]]


@pytest.mark.parametrize("kind", sorted(set(kinds(httpx2.TransportError)), key=str), ids=lambda kind: kind.__name__)
def test_every_transport_error_of_httpx2_has_words_of_its_own(kind: type[Exception]) -> None:
    """None is forgotten, at no stage, and none of their text is repeated."""
    for sent, status, wanted in ((False, 0, NotSent), (True, 0, MaybeSent), (True, 200, ResponseBroken)):
        outcome = Outcome(TARGET)
        outcome.sent, outcome.status = sent, status
        error = _translated(kind("Bearer hunter2"), outcome)
        assert isinstance(error, wanted)
        assert issubclass(kind, httpx2.TimeoutException) == isinstance(error, TimeoutError)
        assert "unexpected" not in str(error)
        assert "hunter2" not in f"{error!r}{error.__cause__!r}"


@BACKENDS
async def test_silence_ends_where_no_deadline_does() -> None:
    """Without a deadline, an idle connection is given up after `read_timeout` (F5)."""
    async with serve(lambda _: Answer(b"", "hang")) as server, Httpx2Transport(read_timeout=0.05) as transport:
        with pytest.raises(MaybeSentTimeout, match="silent"):
            await transport.send(request(server.url, within=None))


@BACKENDS
async def test_a_connection_that_takes_too_long_is_not_sent() -> None:
    """`connect_timeout` bounds TLS: here the server never answers its first message."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        async with Httpx2Transport(connect_timeout=0.05) as transport:
            with pytest.raises(NotSentTimeout, match="too long"):
                await transport.send(request(f"https://127.0.0.1:{listener.getsockname()[1]}"))


@BACKENDS
async def test_the_parser_is_where_it_is_looked_for() -> None:
    """The one private thing of httpcore that is used. If it moves, every request fails, and this says why."""
    async with serve(ok) as server, Httpx2Transport() as transport:
        exchange: Exchange = transport._exchanges.begin(request(server.url), _translated)
        answer: Any = await transport._answered(exchange, await transport._opened(), None, "json")
        parser = answer._stream._httpcore_stream._stream._connection._h11_state
        assert parser.trailing_data[0] == b"{}"  # the body, still unread
        await answer.aclose()


@BACKENDS
async def test_a_child_leaves_inherited_connections_alone() -> None:
    """In another process the transport opens its own connections, and closing touches no inherited one (F74)."""
    async with serve(ok) as server:
        transport = Httpx2Transport()
        await transport.send(request(server.url))
        parent = transport._pool
        assert parent is not None
        parent.home._pid = -1  # as it is in a child
        await transport.send(request(server.url))
        assert server.counts["accepted"] == 2
        await transport.aclose()
        await server.until(lambda: server.counts["open"] == 1)
        await parent.transport.aclose()
        another = Httpx2Transport()
        await another.send(request(server.url))
        inherited = another._pool
        assert inherited is not None
        inherited.home._pid = -1
        await another.aclose()
        assert server.counts["open"] == 1
        await inherited.transport.aclose()


async def test_http2_has_no_bytes_behind_an_answer() -> None:
    """Over HTTP/2 answers are framed by their stream: the parser of HTTP/1.1 is not asked for."""

    class Body(httpx2.AsyncByteStream):
        async def __aiter__(self) -> Any:
            yield b"{}"

    class Plays(httpx2.AsyncBaseTransport):
        async def handle_async_request(self, _: httpx2.Request) -> httpx2.Response:
            headers = [(b"content-length", b"2")]
            return httpx2.Response(200, headers=headers, stream=Body(), extensions={"http_version": b"HTTP/2"})

    transport = Httpx2Transport()
    pool = await transport._opened()
    pool.transport = Plays()  # type: ignore[assignment]
    assert (await transport.send(request("https://x/"))).body == b"{}"
    await transport.aclose()


def test_it_says_which_extra_it_needs() -> None:
    """The docstring of the module names the extra."""
    assert "clio-async[httpx2]" in (ours.__doc__ or "")


@BACKENDS
async def test_the_deadline_is_on_the_given_clock() -> None:
    """A deadline is a moment of the injected clock, whatever the event loop counts in."""
    async with serve(ok_then_silent) as server, Httpx2Transport(clock=lambda: 1000.0) as transport:
        await transport.send(Request("GET", f"{server.url}/ok"))
        with pytest.raises(MaybeSentTimeout):
            await transport.send(Request("GET", server.url, deadline=1000.2))
        with anyio.move_on_after(0.02) as scope:
            await transport.send(Request("GET", server.url, deadline=1030.0))
        assert scope.cancelled_caught


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_trio_that_ended_is_noticed() -> None:
    """After a run of trio the transport opens anew in the next one; it could not be closed in the first (F73)."""
    transport = Httpx2Transport()

    async def use(transport: Httpx2Transport) -> None:
        async with serve(ok) as server:
            await transport.send(request(server.url))

    for backend in ("trio", "trio", "asyncio"):
        anyio.run(use, transport, backend=backend)
    anyio.run(transport.aclose)
    del transport
    gc.collect()  # what the ended loops left open is collected here, where it may warn


@pytest.mark.parametrize(
    ("pieces", "taken"),
    [
        ([b"HTTP/1.1 1", b"00 Continue\r\n\r\n", b"HTTP/1.1 403", b"x"], 3),
        ([b"HTTP/1.1 100 Continue\n\n", b"H", b"TTP/1.1 200 OK", b"x"], 3),
        ([b"HTTP/1.1 101 Other", b"x"], 1),
        ([b"HTTP/1.1 100 Continue\r\n\r\n", b"", b"x"], 2),
        ([b"HTTP/1.1 103 Hints\r\n" + b"a" * 70_000, b"x"], 1),
        ([b"garbage", b"x"], 1),
        ([b"", b"x"], 1),
    ],
)
async def test_what_is_heard_is_an_answer_or_an_end(pieces: list[bytes], taken: int) -> None:
    """Interim answers are waited out, however they are cut; a switch of protocols, garbage and an end are not."""

    class Plays:
        left = iter(pieces)

        async def read(self, _: int) -> bytes:
            return next(self.left)

    stream: Any = Plays()
    with anyio.fail_after(5):
        assert b"".join(pieces[:taken]) == await _Ear(stream)._answer()


def test_without_httpx2_it_says_what_to_install() -> None:
    """The extra is named in the error."""
    program = "import sys; sys.modules['httpx2'] = None; from clio_async import Httpx2Transport"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert "ImportError: httpx2 is not installed: pip install 'clio-async[httpx2]'" in done.stderr
