"""Checks: what is sent is sent once, an error says truly how far it got, and holds no secret."""

from __future__ import annotations

import pickle
import socket
import ssl
from collections.abc import AsyncGenerator, Awaitable, Iterator
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

import anyio
from anyio.lowlevel import checkpoint

from ...errors import (
    ClioError,
    InvalidArgument,
    MaybeSent,
    MaybeSentTimeout,
    NotSent,
    NotSentTimeout,
    ResponseBroken,
    ResponseTimeout,
)
from ...messages import Response
from ...transport.base import StreamedResponse
from ..wire import Answer, Received, serve
from .expect import Factory, failure, holds, ok, opened, outcome, reply, request, same

__all__ = ["CHECKS", "PLAIN_CHECKS"]

_METHODS = ("GET", "HEAD", "PUT", "DELETE", "PATCH", "POST")


def _unused() -> str:
    """Return the URL of a port of 127.0.0.1 on which nobody listens."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{sock.getsockname()[1]}"


async def a_broken_connection_is_not_resent(factory: Factory) -> None:
    """A request that a kept connection took with it is reported, not sent again, whatever its method (F3, F4)."""
    for how in ("close", "reset"):
        count: dict[int, int] = {}

        def answer(received: Received, how: str = how, count: dict[int, int] = count) -> Answer:
            count[received.connection] = count.get(received.connection, 0) + 1
            return Answer(reply()) if count[received.connection] == 1 else Answer(b"", how)  # type: ignore[arg-type]

        async with serve(answer) as server, opened(factory, limit=1) as transport:
            for method in _METHODS:
                before = len(server.received)
                await transport.send(request(server.url))
                body = b"x" if method in {"PUT", "PATCH", "POST"} else None
                await failure(MaybeSent, transport.send(request(server.url, method, body=body)))
                same(before + 2, len(server.received), f"requests, with the {method} that was lost ({how})")


async def a_stale_connection_is_not_used(factory: Factory) -> None:
    """A kept connection that the server has closed in the meantime costs no request, also before the client noticed."""
    async with serve(lambda _: Answer(reply(), "close")) as server, opened(factory) as transport:
        for method in (*_METHODS, *_METHODS):
            response = await transport.send(request(server.url, method, body=b"x" if method == "PATCH" else None))
            same(200, response.status, method)
            await server.until(lambda: server.counts["open"] == 0)
        same(2 * len(_METHODS), len(server.received))


async def surplus_bytes_answer_nothing(factory: Factory) -> None:
    """What comes behind an answer, or unasked, is not taken for the answer to the next request."""
    evil = reply(b"evil")
    answered = sent = anyio.Event()

    async def late() -> AsyncGenerator[bytes]:
        yield reply(b"good")
        await answered.wait()
        yield evil
        sent.set()

    def answer(received: Received) -> Answer:
        match received.target:
            case "/late":
                return Answer(late())
            case "/now":
                return Answer(reply(b"good") + evil)
            case _:
                return Answer(reply(b"good"))

    async with serve(answer) as server, opened(factory, limit=1) as transport:
        for target in ("/now", "/late", "/now", "/none", "/late", "/none"):
            answered, sent = anyio.Event(), anyio.Event()
            response = await transport.send(request(server.url + target))
            same(b"good", response.body, target)
            answered.set()
            if target == "/late":
                await sent.wait()
                for _ in range(10):
                    await checkpoint()


async def no_connection_means_not_sent(factory: Factory) -> None:
    """Where nobody listens, nothing was sent."""
    async with opened(factory) as transport:
        for method in _METHODS:
            error = await failure(NotSent, transport.send(request(_unused(), method)))
            holds(not isinstance(error, TimeoutError), "a refused connection is no timeout")


async def early_answers_to_large_requests_count(factory: Factory) -> None:
    """An answer that comes before a large request was read is the answer; the connection is not used again."""
    large = b"x" * 8_000_000
    async with (
        serve(lambda received: Answer(reply(b"%d" % len(received.body)))) as server,
        opened(factory) as transport,
    ):
        same(b"8000000", (await transport.send(request(server.url, "POST", body=large))).body)
    async with anyio.create_task_group() as tasks, opened(factory) as transport:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            listener.setblocking(False)
            tasks.start_soon(_refuse, listener)
            url = f"http://127.0.0.1:{listener.getsockname()[1]}"
            async with anyio.create_task_group() as senders:
                for _ in range(2):
                    senders.start_soon(_is_refused, transport.send(request(url, "POST", body=large, within=0.5)))
            tasks.cancel_scope.cancel()


async def _refuse(listener: socket.socket) -> None:
    """Answer after the first bytes of a request, and read no further."""
    kept: list[socket.socket] = []
    try:
        while True:
            await anyio.wait_readable(listener)
            sock, _ = listener.accept()
            kept.append(sock)
            await anyio.wait_readable(sock)
            sock.recv(1000)
            sock.send(reply(b"too large", status="413 Too Large"))
    finally:
        for sock in kept:
            sock.close()


async def _is_refused(answer: Awaitable[Response]) -> None:
    found = await outcome(answer)
    # httpcore writes everything before it reads anything: it runs into its deadline, and says so truthfully.
    holds(isinstance(found, MaybeSentTimeout) or getattr(found, "status", 0) == 413, f"got {found!r}")


async def a_deadline_ends_every_stage(factory: Factory) -> None:
    """The error of a deadline says how far the request got: queue, status, body (F5)."""
    asked = anyio.Event()

    async def answer(received: Received) -> Answer:
        if received.target == "/warm":
            return Answer(reply())
        if received.target == "/queue":
            asked.set()
        if received.target == "/body":
            return Answer(reply(b"", ("Content-Length", "9"), length=False) + b"part", "hang")
        return Answer(b"", "hang")

    async with serve(answer) as server, opened(factory) as transport, opened(factory, limit=1) as narrow:
        passed = request(f"{server.url}/passed", within=-1.0)
        await failure(NotSentTimeout, transport.send(passed))
        await failure(NotSentTimeout, _streamed(transport.stream(passed)))
        same(0, len(server.received), "requests sent after their deadline")
        for each in (transport, narrow):
            await each.send(request(f"{server.url}/warm"))
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(failure, MaybeSentTimeout, narrow.send(request(f"{server.url}/queue", within=0.5)))
            await asked.wait()
            tasks.start_soon(failure, NotSentTimeout, narrow.send(request(f"{server.url}/queued", within=0.2)))
            tasks.start_soon(failure, MaybeSentTimeout, transport.send(request(server.url, "POST", within=0.5)))
            tasks.start_soon(failure, ResponseTimeout, transport.send(request(f"{server.url}/body", within=0.5)))
            tasks.start_soon(
                failure, ResponseTimeout, _streamed(transport.stream(request(f"{server.url}/body", within=0.5)))
            )
        same(6, len(server.received), "requests sent")


async def passed_deadlines_send_nothing(factory: Factory) -> None:
    """A request whose deadline has passed is not begun."""
    async with opened(factory) as transport:
        await failure(NotSentTimeout, transport.send(request("http://127.0.0.1:9", within=-1.0)))


async def _streamed(context: AbstractAsyncContextManager[StreamedResponse]) -> None:
    async with context as response:
        async for _ in response.chunks():
            pass


async def errors_hold_no_secret(factory: Factory) -> None:
    """No text, pickle, cause or traceback of an error shows a header field, the query or the body (F37)."""
    canary = "canary-7f3a"
    fields = (("Authorization", f"Bearer {canary}"), ("X-A", canary))

    def answer(received: Received) -> Answer:
        secret = ("Set-Cookie", canary)
        match received.target.partition("?")[0]:
            case "/none":
                return Answer(b"", "close")
            case "/reset":
                return Answer(b"", "reset")
            case "/garbage":
                return Answer(f"HTTP/1.1 2xx {canary}\r\n\r\n".encode(), "close")
            case "/cut":
                return Answer(reply(b"part", secret, ("Content-Length", "9"), length=False), "close")
            case "/twice":
                return Answer(reply(b"", secret, ("Content-Length", "1"), ("Content-Length", "2"), length=False))
            case "/coded":
                return Answer(reply(canary.encode(), secret, ("Content-Encoding", "gzip")))
            case _:
                return Answer(reply(b"x" * 100, secret))

    async with serve(answer) as server, opened(factory, max_body=50) as transport:
        urls = [f"{server.url}/{name}" for name in ("none", "reset", "garbage", "cut", "twice", "coded", "large")]
        for url in [*urls, _unused(), f"{server.url}/ "]:
            sent = request(f"{url}?secret={canary}", "POST", *fields, body=canary.encode())
            error = await failure(ClioError, transport.send(sent))
            _scan(error, canary)
        bad = request(server.url, "POST", *fields, ("X-B", f"{canary}\n"), body=canary.encode())
        _scan(await failure(InvalidArgument, transport.send(bad)), canary)


def _scan(error: BaseException, canary: str) -> None:
    revived: Any = pickle.loads(pickle.dumps(error))  # noqa: S301  # our own
    holds(canary.encode() not in pickle.dumps(error), f"the pickle of {error!r} holds a secret")
    same(repr(error), repr(revived), "the error after a pickle")
    holds(not isinstance(error, ResponseBroken) or revived.status == error.status, "its status after a pickle")
    chain: BaseException | None = error
    while chain is not None:
        holds(canary not in f"{chain!s} {chain!r} {chain.args!r} {vars(chain)!r}", f"{chain!r} shows a secret")
        for place, name, value in _locals(chain.__traceback__):
            holds(canary not in repr(value), f"the traceback shows a secret: {name} in {place}")
        chain = chain.__cause__ or chain.__context__


def _locals(trace: TracebackType | None) -> Iterator[tuple[str, str, object]]:
    while trace is not None:
        if "testing" not in trace.tb_frame.f_code.co_filename:
            for name, value in trace.tb_frame.f_locals.items():
                yield trace.tb_frame.f_code.co_qualname, name, value
        trace = trace.tb_next


async def certificates_are_verified(factory: Factory) -> None:
    """Certificates of another host, of the past, or of an unknown authority are refused; nothing is sent (F13)."""
    import trustme  # a development dependency, needed by this check alone

    ours: Any = trustme.CA()
    other = trustme.CA()
    past = datetime(2020, 1, 1, tzinfo=UTC)
    good = ours.issue_cert("127.0.0.1")
    bad = {
        "another host": ours.issue_cert("example.org"),
        "expired": ours.issue_cert("127.0.0.1", not_after=past),
        "unknown authority": other.issue_cert("127.0.0.1"),
    }
    trust = ssl.create_default_context()
    ours.configure_trust(trust)
    for what, certificate in bad.items():
        async with serve(ok, ssl_context=_server_side(certificate)) as server, opened(factory, ssl=trust) as transport:
            error = await failure(NotSent, transport.send(request(server.url, "POST", body=b"secret")))
            holds(not isinstance(error, TimeoutError), "a bad certificate is no timeout")
            same(0, len(server.received), f"requests sent to a server with a certificate of: {what}")
    async with serve(ok, ssl_context=_server_side(good)) as server:
        async with opened(factory, ssl=trust) as transport:
            for _ in range(3):
                same(200, (await transport.send(request(server.url, "POST", body=b"x" * 200_000))).status)
            same(1, server.counts["accepted"], "connections over TLS")
        async with opened(factory) as transport:
            await failure(NotSent, transport.send(request(server.url)))


def _server_side(certificate: Any) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    certificate.configure_cert(context)
    return context


CHECKS = (
    a_broken_connection_is_not_resent,
    a_stale_connection_is_not_used,
    surplus_bytes_answer_nothing,
    no_connection_means_not_sent,
    early_answers_to_large_requests_count,
    a_deadline_ends_every_stage,
    errors_hold_no_secret,
    certificates_are_verified,
)
PLAIN_CHECKS = (passed_deadlines_send_nothing,)
