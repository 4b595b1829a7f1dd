"""Checks: a body that is produced while it is sent arrives whole, or never looks as if it had."""

from __future__ import annotations

import ssl
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import anyio
from anyio.lowlevel import checkpoint

from ...errors import (
    ClientClosed,
    ClioError,
    InvalidArgument,
    MaybeSent,
    MaybeSentTimeout,
    NotSent,
    ResponseBroken,
    TransferError,
)
from ...messages import Request, Response
from ...transport.base import Transport
from ..wire import Answer, serve
from .expect import Factory, failure, holds, ok, opened, outcome, reply, request, same
from .faults import _scan, _server_side
from .lifecycle import _cut_after, _Meeting, _send, _stream
from .source import Peer, Source, peers, upload

__all__ = ["CHECKS", "PLAIN_CHECKS"]

_PIECE = bytes(range(256)) * 256
_LARGE = 1024
"""So many of these pieces are 64 MiB."""
_BOUND = 5.0
"""Seconds after which an exchange hangs."""


class _Halt(BaseException):
    """No `Exception`."""


async def contents_arrive_as_they_are(factory: Factory) -> None:
    """Whatever the pieces, the body is the same, under its length, and the connection is kept."""
    bodies: list[list[bytes]] = [
        [], [b""], [b"a"], [b"", b"a", b"", b"b", b""], [b"x" * 65536], [b"x" * 65537], [_PIECE * 40],
        [bytes([number]) for number in range(200)], [_PIECE[:1000]] * 300,
    ]  # fmt: skip
    async with serve(lambda received: Answer(reply(received.body))) as server, opened(factory) as transport:
        for pieces in bodies:
            body = b"".join(pieces)
            source = Source(pieces)
            same(body, (await transport.send(upload(server.url, source))).body, "what came back")
            async with transport.stream(upload(server.url, source, method="POST")) as response:
                same((2, 2), (source.begun, source.closed), "begun and closed, once the answer is there")
                same(body, b"".join([chunk async for chunk in response.chunks()]), "what came back")
            fields = [("Content-Length", str(len(body))), ("Host", server.url[7:])]
            same(fields, sorted(server.received[-1].fields), "fields")
        same(1, server.counts["accepted"], "connections")


async def contents_of_another_length_never_complete(factory: Factory) -> None:
    """More or fewer bytes than announced: an error of ours, and a server that could not take it for whole."""
    wrong: list[tuple[list[bytes], int]] = [
        ([b"a"], 2), ([], 1), ([_PIECE] * 4, 4 * len(_PIECE) + 1), ([_PIECE] * 100, 101 * len(_PIECE)),
        ([b"a"], 0), ([b"ab"], 1), ([b"a", b"", b"b"], 1), ([_PIECE] * 4, 4 * len(_PIECE) - 1), ([_PIECE, b"a"], 65536),
    ]  # fmt: skip
    async with peers(Peer.read) as (url, met), opened(factory) as transport:
        for pieces, length in wrong:
            await failure(TransferError, transport.send(upload(url, Source(pieces, length), within=_BOUND)))
        await _never_completed(met)


async def _never_completed(met: list[Peer]) -> None:
    while not all(peer.ended for peer in met):
        await checkpoint()
    for peer in met:
        head, end, body = bytes(peer.got).partition(b"\r\n\r\n")
        lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
        holds(not end or len(body) < int(lengths[0].partition(b":")[2]), f"{head!r} with {len(body)} bytes is whole")


async def what_a_content_raises_is_raised(factory: Factory) -> None:
    """At its beginning, in its middle and behind its last byte: the same exception, without secrets, and no body."""
    canary = "canary-51bc"
    errors: list[BaseException] = [ZeroDivisionError("a"), ConnectionResetError("b"), TimeoutError("c"), NotSent("d")]
    async with peers(Peer.read) as (url, met), opened(factory) as transport:
        for error in [*errors, _Halt("e")]:
            for pieces, length in (([], 5), ([_PIECE] * 3, 5 * len(_PIECE)), ([_PIECE] * 3, 3 * len(_PIECE)), ([], 0)):
                source = Source(pieces, length, after=_raising(error))
                sent = upload(f"{url}/?secret={canary}", source, ("X-A", canary), within=_BOUND)
                for use in (_send, _stream):
                    holds(await _raised(use(transport, sent)) is error, f"{error!r} is not what was raised")
                    holds(error.__cause__ is None and error.__context__ is None, f"{error!r} got a context")
                    if isinstance(error, Exception):
                        _scan(error, canary)
                    error.__traceback__ = None
                same((2, 2), (source.begun, source.closed), "begun and closed")
        await _never_completed(met)


def _raising(error: BaseException) -> Callable[[], Awaitable[object]]:
    async def after() -> None:
        await checkpoint()
        raise error

    return after


async def _raised(awaitable: Awaitable[object]) -> BaseException | None:
    found: BaseException | None = None
    try:
        await awaitable
    except BaseException as error:
        found = error
    return found


async def interim_answers_end_no_content(factory: Factory) -> None:
    """A 100 or 103 that comes while a content is sent is passed over, whole or in pieces."""
    hints = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
    interim = [b"HTTP/1.1 100 Continue\r\n\r\n", hints, hints[:3], hints[3:11], hints[11:-1], hints[-1:], hints * 2]

    async def talk(peer: Peer) -> None:
        for data in interim:
            wanted = len(peer.body) + len(_PIECE)
            await peer.read(partial(_holds_so_many, wanted))
            await peer.wire.send(data)
        await peer.read(lambda peer: len(peer.body) == source.length)
        await peer.wire.send(hints + reply(b"done"))
        await peer.read()

    async with peers(talk) as (url, _), opened(factory) as transport:
        source = Source([_PIECE] * (len(interim) + 3))
        same(b"done", (await transport.send(upload(url, source, within=_BOUND))).body)


def _holds_so_many(wanted: int, peer: Peer) -> bool:
    return len(peer.body) >= wanted


async def early_answers_end_a_content(factory: Factory) -> None:
    """An answer before the end is the answer: the rest is neither produced nor sent, and the connection not used."""

    async def answer(peer: Peer) -> None:
        await peer.read(lambda peer: len(peer.body) > 100_000)
        await peer.wire.send(reply(b"no", status="403 Forbidden"))

    async def silent(peer: Peer) -> None:
        await answer(peer)
        await anyio.sleep_forever()

    async def reading(peer: Peer) -> None:
        await answer(peer)
        await peer.read()

    async def closing(peer: Peer) -> None:
        await answer(peer)
        await peer.wire.send_eof()
        await peer.read()

    for talk in (silent, reading, closing, answer):
        for after in (None, anyio.sleep_forever):
            async with peers(talk) as (url, met), opened(factory) as transport:
                for count in (1, 2):
                    pieces = [_PIECE] * (_LARGE if after is None else 3)
                    source = Source(pieces, _LARGE * len(_PIECE), after=after or checkpoint)
                    response = await transport.send(upload(url, source, within=_BOUND))
                    same((403, b"no"), (response.status, response.body), talk.__name__)
                    same((1, count), (source.closed, len(met)), "closed, and connections")
                    holds(source.produced < source.length // 2, f"{source.produced} bytes were produced")


async def early_successes_are_broken(factory: Factory) -> None:
    """A success that comes before the end is none, however little is missing; the connection is not used again."""

    async def succeed(peer: Peer) -> None:
        await peer.read(lambda peer: peer.body)
        await peer.wire.send(reply(b"done", status="201 Created"))

    async def silent(peer: Peer) -> None:
        await succeed(peer)
        await anyio.sleep_forever()

    async def reading(peer: Peer) -> None:
        await succeed(peer)
        await peer.read()

    for talk in (silent, reading, succeed):
        for many, after in ((_LARGE, checkpoint), (2, anyio.sleep_forever)):
            async with peers(talk) as (url, met), opened(factory) as transport:
                for count, use in enumerate((_send, _stream), 1):
                    source = Source([_PIECE] * many, after=after)
                    error = await failure(ResponseBroken, use(transport, upload(url, source, within=_BOUND)))
                    same(201, error.status, "status")
                    same((1, count), (source.closed, len(met)), "closed, and connections")
                    holds(many == 2 or source.produced < source.length // 2, f"{source.produced} bytes were produced")


async def successes_speak_of_bytes_that_left(factory: Factory) -> None:
    """However much of a content is on its way when a server reports success: it counts if the rest arrives."""
    done = anyio.Event()

    async def talk(peer: Peer) -> None:
        await peer.read(lambda peer: peer.body)
        for _ in range(50):
            await checkpoint()
        await peer.wire.send(reply(status="201 Created"))
        await done.wait()
        await peer.read(lambda peer: len(peer.body) == source.length)

    for many in (1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 24, _LARGE):
        done, source = anyio.Event(), Source([_PIECE] * many)
        async with peers(talk) as (url, met), opened(factory) as transport:
            found = await outcome(transport.send(upload(url, source, within=_BOUND)))
            done.set()
            while not met[0].ended:
                await checkpoint()
            is_whole = len(met[0].body) == source.length
            same(is_whole, isinstance(found, Response), f"success, of {many} pieces")
            holds(isinstance(found, Response | ResponseBroken), f"got {found!r}")
            holds(many > 1 or is_whole, "what fits into one write is on its way")
            holds(many < _LARGE or not is_whole, "what fits into no buffer is not on its way")


async def servers_that_do_not_read_hold_a_content_back(factory: Factory) -> None:
    """No more is produced than buffers take, and a deadline ends the wait for more."""

    async def talk(peer: Peer) -> None:
        await peer.read(lambda peer: peer.body)
        await anyio.sleep_forever()

    for pieces in ([_PIECE] * _LARGE, [_PIECE * 16] * (_LARGE // 16)):
        source = Source(pieces)
        async with peers(talk) as (url, _), opened(factory) as transport:
            await failure(MaybeSentTimeout, transport.send(upload(url, source, within=0.5)))
            same(1, source.closed, "closed")
            holds(source.produced < source.length // 4, f"{source.produced} bytes were produced")


async def cancelled_contents_are_closed(factory: Factory) -> None:
    """However far it got when it was cancelled: the content is closed, all places are free, no task is left."""
    for use in (_send, _stream):
        meeting = _Meeting(2)
        async with serve(meeting.answer) as server, opened(factory, limit=2) as transport:
            before = len(anyio.get_running_tasks())
            steps, ended = 0, False
            while not ended:
                source = Source([_PIECE, b"a", _PIECE])
                ended = await _cut_after(steps, use, transport, upload(server.url, source))
                same(source.begun, source.closed, f"begun and closed, cut after {steps} turns")
                steps += 1
            await meeting.hold(transport, server)
            await server.until(lambda: server.counts["open"] <= 2)
            for _ in range(20):
                await checkpoint()
            holds(len(anyio.get_running_tasks()) <= before + 2, "tasks are left behind")


async def closing_ends_a_content(factory: Factory) -> None:
    """`aclose` ends what is being sent, and what is being produced."""
    async with peers(Peer.read) as (url, met):
        transport = factory()
        source = Source([_PIECE], 2 * len(_PIECE), after=anyio.sleep_forever)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(failure, (MaybeSent, ClientClosed), transport.send(upload(url, source)))
            while not source.produced:
                await checkpoint()
            await anyio.wait_all_tasks_blocked()
            await transport.aclose()
        same(1, source.closed, "closed")
        await _never_completed(met)


async def siblings_are_apart(factory: Factory) -> None:
    """A sibling has its own connections, also of a closed transport, and closes without the other."""
    async with serve(ok) as server, opened(factory, max_body=1 << 20) as transport:
        await transport.send(request(server.url))
        sibling = transport.sibling()
        await sibling.send(request(server.url))
        same((2, 2), (server.counts["accepted"], server.counts["open"]), "connections")
        await sibling.aclose()
        await failure(ClientClosed, sibling.send(request(server.url)))
        await transport.send(request(server.url))
        same(2, server.counts["accepted"], "connections")
        await transport.aclose()
        async with transport.sibling() as another:
            same(200, (await another.send(request(server.url))).status)


async def contents_pass_tls(factory: Factory) -> None:
    """Over TLS too, where what comes in need not be an answer."""
    import trustme  # a development dependency

    authority: Any = trustme.CA()
    trust = ssl.create_default_context()
    authority.configure_trust(trust)
    certified = _server_side(authority.issue_cert("127.0.0.1"))
    body = _PIECE * 40
    async with (
        serve(lambda received: Answer(reply(received.body)), ssl_context=certified) as server,
        opened(factory, ssl=trust) as transport,
    ):
        for pieces in ([_PIECE] * 40, [body], [_PIECE] * 40):
            same(body, (await transport.send(upload(server.url, Source(pieces)))).body)
        same(1, server.counts["accepted"], "connections")


async def _refused(transport: Transport, sent: Request) -> None:
    await failure(InvalidArgument, transport.send(sent))
    await failure(InvalidArgument, _stream(transport, sent))


async def unfit_contents_are_refused(factory: Factory) -> None:
    """A length that is none, and a body beside a content: nothing is begun."""
    url = "http://127.0.0.1:9"
    async with opened(factory) as transport:
        for length in (-1, True, 1.0, "1", b"1"):
            odd: Any = length
            source = Source([b"a"], odd)
            await _refused(transport, upload(url, source))
            same(0, source.begun, "begun")
        both = Source([b"a"])
        await _refused(transport, upload(url, both, body=b"a"))
        await failure(ClioError, transport.send(upload(url, both, within=-1.0)))
        same(0, both.begun, "begun")


async def contents_that_fail_say_so(factory: Factory) -> None:
    """The same without a server, as far as it goes."""
    async with opened(factory) as transport:
        for pieces, length in (([b"a"], 2), ([b"ab"], 1)):
            source = Source(pieces, length)
            found = await outcome(transport.send(upload("http://127.0.0.1:9", source)))
            holds(isinstance(found, TransferError | NotSent), f"got {found!r}")
            same(source.begun, source.closed, "begun and closed")
        error = ZeroDivisionError()
        source = Source([], 1, after=_raising(error))
        raised = await _raised(transport.send(upload("http://127.0.0.1:9", source)))
        holds(raised is error or isinstance(raised, NotSent), f"got {raised!r}")
        holds(not isinstance(raised, Response), "no answer")


CHECKS = (
    contents_arrive_as_they_are,
    contents_of_another_length_never_complete,
    what_a_content_raises_is_raised,
    interim_answers_end_no_content,
    early_answers_end_a_content,
    early_successes_are_broken,
    successes_speak_of_bytes_that_left,
    servers_that_do_not_read_hold_a_content_back,
    cancelled_contents_are_closed,
    closing_ends_a_content,
    contents_pass_tls,
    siblings_are_apart,
)
PLAIN_CHECKS = (unfit_contents_are_refused, contents_that_fail_say_so)
