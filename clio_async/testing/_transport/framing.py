"""Checks: an answer is whole, or it is an error (F1)."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from gzip import compress
from typing import Literal, TypeAlias

import anyio

from ...errors import MaybeSent, ResponseBroken, ResponseTooLarge
from ...messages import Response
from ...transport.base import Transport
from ..wire import Answer, Received, serve
from .bomb import bomb, peak
from .expect import Factory, failure, holds, opened, outcome, reply, request, same

__all__ = ["CHECKS"]

_BODY = b'{"a": 1}'
_CHUNKED = ("Transfer-Encoding", "chunked")
_GZIP = ("Content-Encoding", "gzip")


def _chunks(body: bytes, trailer: bytes = b"") -> bytes:
    return b"3\r\n%s\r\n%x;x=y\r\n%s\r\n0\r\n%s\r\n" % (body[:3], len(body) - 3, body[3:], trailer)


_FRAMINGS = {
    "length": reply(_BODY),
    "length+gzip": reply(compress(_BODY, mtime=0), _GZIP),
    "length+deflate": reply(zlib.compress(_BODY), ("Content-Encoding", "deflate")),
    "chunked": reply(b"", _CHUNKED, length=False) + _chunks(_BODY),
    "chunked+trailer": reply(b"", _CHUNKED, length=False) + _chunks(_BODY, b"X-Sum: 1\r\n"),
    "chunked+gzip": reply(b"", _CHUNKED, _GZIP, length=False) + _chunks(compress(_BODY, mtime=0)),
    "close": reply(_BODY, length=False),
    "close+gzip": reply(compress(_BODY, mtime=0), _GZIP, length=False),
    "close+deflate": reply(zlib.compress(_BODY), ("Content-Encoding", "deflate"), length=False),
    "old": reply(_BODY, length=False, version="1.0"),
}
_Cut: TypeAlias = tuple[str, int, Literal["close", "reset"]]


async def truncation_never_yields_a_body(factory: Factory) -> None:
    """An answer cut at any byte, in any framing, by FIN or RST, is an error; one that is whole is not.

    Inside a head, where all framings are alike, FIN and RST take turns.
    """
    ends: tuple[Literal["close"], Literal["reset"]] = ("close", "reset")
    cuts: list[_Cut] = [
        (name, at, how)
        for turn, (name, data) in enumerate(_FRAMINGS.items())
        for at in range(len(data) + 1)
        for how in (ends if at >= data.index(b"\r\n\r\n") else ends[(turn + at) % 2 :][:1])
    ]

    def answer(received: Received) -> Answer:
        name, at, how = cuts[int(received.target[1:])]
        # A connection that breaks after a whole answer may be kept by then: that is another check.
        return Answer(_FRAMINGS[name][:at], "keep" if _is_whole(name, at) else how)

    async def work(transport: Transport, url: str, numbers: range) -> None:
        for number in numbers:
            _judge(cuts[number], await outcome(transport.send(request(f"{url}/{number}"))))

    async with serve(answer) as server, opened(factory) as transport, anyio.create_task_group() as tasks:
        for start in range(8):
            tasks.start_soon(work, transport, server.url, range(start, len(cuts), 8))
    same(len(cuts), len(server.received), "each request is sent once")


def _is_whole(name: str, at: int) -> bool:
    return at == len(_FRAMINGS[name]) and not name.startswith(("close", "old"))


def _judge(cut: _Cut, found: Response | Exception) -> None:
    name, at, how = cut
    whole = _is_whole(name, at)
    head = _FRAMINGS[name].index(b"\r\n\r\n") + 4
    if isinstance(found, Response):
        holds(whole, f"{name} cut at {at} by {how} yielded {found.body!r}")
        same(_BODY, found.body, name)
    else:
        holds(not whole, f"{name} was whole, and raised {found!r}")
        kinds = MaybeSent if at == 0 else ResponseBroken if at >= head else MaybeSent | ResponseBroken
        holds(isinstance(found, kinds), f"{name} cut at {at} by {how} raised {found!r}")
        if at >= head:
            same(200, getattr(found, "status", None), f"the status of {name} cut at {at}")


async def truncated_streams_raise(factory: Factory) -> None:
    """The pieces of a stream end in an error if the body is not whole; they are not decoded."""
    cuts = [
        (name, at) for name, data in _FRAMINGS.items() for at in range(data.index(b"\r\n\r\n") + 4, len(data) + 1)
    ]  # fmt: skip

    def answer(received: Received) -> Answer:
        name, at = cuts[int(received.target[1:])]
        return Answer(_FRAMINGS[name][:at], "keep" if _is_whole(name, at) else "close")

    async with serve(answer) as server, opened(factory) as transport:
        for number, (name, at) in enumerate(cuts):
            if _is_whole(name, at):
                wanted = compress(_BODY, mtime=0) if "gzip" in name else _BODY
                wanted = zlib.compress(_BODY) if "deflate" in name else wanted
                same(wanted, await _streamed(transport, f"{server.url}/{number}"), name)
            else:
                await failure(ResponseBroken, _streamed(transport, f"{server.url}/{number}"))


async def _streamed(transport: Transport, url: str) -> bytes:
    async with transport.stream(request(url)) as response:
        return b"".join([chunk async for chunk in response.chunks()])


async def unframed_errors_lose_their_body(factory: Factory) -> None:
    """An error status that only the end of the connection delimits keeps its status, not its body."""
    data = reply(b"<html>", status="503 Wait", length=False)
    async with serve(lambda _: Answer(data, "close")) as server, opened(factory) as transport:
        for _ in range(2):
            response = await transport.send(request(server.url))
            same((503, b""), (response.status, response.body))
        same(b"", await _streamed(transport, server.url))


async def unframed_answers_can_be_allowed(factory: Factory) -> None:
    """With `allow_unframed` the end of the connection counts, unless it is a reset, or inside a coding."""

    def answer(received: Received) -> Answer:
        name, _, how = received.target[1:].partition("/")
        data = _FRAMINGS[name]
        return Answer(data[:-1] if how == "cut" else data, "reset" if how == "reset" else "close")

    async with serve(answer) as server, opened(factory, allow_unframed=True) as transport:
        for name in ("close", "close+gzip", "close+deflate", "old"):
            same(_BODY, (await transport.send(request(f"{server.url}/{name}/whole"))).body, name)
            await failure(ResponseBroken, transport.send(request(f"{server.url}/{name}/reset")))
        for name in ("close+gzip", "close+deflate"):
            await failure(ResponseBroken, transport.send(request(f"{server.url}/{name}/cut")))
        same(_BODY, await _streamed(transport, f"{server.url}/close/whole"))
        await failure(ResponseBroken, _streamed(transport, f"{server.url}/close/reset"))
    async with serve(lambda _: Answer(_FRAMINGS["close"], "close")) as server, opened(factory) as transport:
        error = await failure(ResponseBroken, transport.send(request(server.url)))
        holds("allow_unframed" in str(error), "the message names the switch")


async def unframed_json_is_taken_only_whole(factory: Factory) -> None:
    """A JSON object that only the end of the connection delimits is taken when it is complete, and at no cut before.

    The last byte of the body is the brace that closes it, so a whole one cannot be part of a longer one.
    """
    kind = ("Content-Type", "application/json; charset=utf-8")
    plain, packed = reply(_BODY, kind, length=False), reply(compress(_BODY, mtime=0), kind, _GZIP, length=False)
    cuts = [(data, at) for data in (plain, packed) for at in range(data.index(b"\r\n\r\n") + 4, len(data) + 1)]

    def answer(received: Received) -> Answer:
        data, at = cuts[int(received.target[1:])]
        return Answer(data[:at], "close")

    async with serve(answer) as server, opened(factory) as transport:
        for number, (data, at) in enumerate(cuts):
            found = await outcome(transport.send(request(f"{server.url}/{number}")))
            if at == len(data):
                holds(isinstance(found, Response) and found.body == _BODY, f"it was whole, and gave {found!r}")
            else:
                holds(isinstance(found, ResponseBroken), f"cut at {at} of {len(data)} it gave {found!r}")
    for body in (b"12345", b"", b'{"a": 1}}', b"\xff"):
        data = reply(body, kind, length=False)
        async with serve(_always(Answer(data, "close"))) as server, opened(factory) as transport:
            await failure(ResponseBroken, transport.send(request(server.url)))
            await failure(ResponseBroken, _streamed(transport, server.url))


def _always(answer: Answer) -> Callable[[Received], Answer]:
    return lambda _: answer


async def contradictory_answers_are_refused(factory: Factory) -> None:
    """Where an answer ends must not be a guess: that is how answers are smuggled."""
    heads = [
        (("Content-Length", "x"),), (("Content-Length", "-1"),), (("Content-Length", "+2"),),
        (("Content-Length", "0x2"),), (("Content-Length", ""),), (("Content-Length", "2, 3"),),
        (("Content-Length", "2"), ("Content-Length", "3")), (("Content-Length", "9" * 40),),
        (("Content-Length", "2"), _CHUNKED), (_CHUNKED, ("Content-Length", "2")),
        (("Transfer-Encoding", "gzip, chunked"),), (("Transfer-Encoding", "identity"),), (_CHUNKED, _CHUNKED),
    ]  # fmt: skip
    answers = [reply(b"2\r\n{}\r\n0\r\n\r\n" if "chunk" in str(head) else b"{}", *head, length=False) for head in heads]
    answers += [reply(b"2\r\n{}\r\n0\r\n\r\n", _CHUNKED, length=False, version="1.0")]
    answers += [
        b"HTTP/1.1 2x0 OK\r\n\r\n",
        b"HTTZ/1.1 200 OK\r\n\r\n",
        b"\x16\x03\x01\x00\x00\r\n\r\n",
        b"220 smtp\r\n\r\n",
    ]
    answers += [reply(b"zz\r\n{}\r\n", _CHUNKED, length=False), reply(b"2\r\n{}xx0\r\n\r\n", _CHUNKED, length=False)]
    answers += [reply(b"", ("X", "y" * 300_000)), reply(b"", ("Upgrade", "x"), status="101 Switching", length=False)]

    def answer(received: Received) -> Answer:
        return Answer(answers[int(received.target[1:])], "close")

    async with serve(answer) as server, opened(factory) as transport:
        for number in range(len(answers)):
            found = await outcome(transport.send(request(f"{server.url}/{number}")))
            holds(isinstance(found, ResponseBroken), f"{answers[number][:80]!r} gave {found!r}")


async def a_bomb_costs_little_more_than_the_cap(factory: Factory) -> None:
    """300 MB in 300 kB ends in `ResponseTooLarge`, at the cost of the cap and 16 MiB at most (F6)."""
    cap = 4 * 1024 * 1024
    data = reply(bomb(300), _GZIP)
    async with serve(lambda _: Answer(data)) as server, opened(factory, max_body=cap) as transport:
        with peak() as cost:
            await failure(ResponseTooLarge, transport.send(request(server.url)))
    holds(cost() <= cap + 16 * 1024 * 1024, f"the bomb cost {cost()} bytes")


CHECKS = (
    truncation_never_yields_a_body,
    truncated_streams_raise,
    unframed_errors_lose_their_body,
    unframed_answers_can_be_allowed,
    unframed_json_is_taken_only_whole,
    contradictory_answers_are_refused,
    a_bomb_costs_little_more_than_the_cap,
)
