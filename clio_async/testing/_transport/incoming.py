"""Checks: a streamed answer is read at the pace of its reader, and left whenever that leaves it."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, aclosing

import anyio
from anyio.lowlevel import checkpoint

from ...errors import ResponseBroken
from ..wire import Answer, Received, serve
from .expect import Factory, holds, opened, reply, request, same

__all__ = ["CHECKS"]

_PIECE = b"x" * 65536
_PIECES = 1024


async def parts_and_redirects_are_streamed(factory: Factory) -> None:
    """206, 416 and 303 are answers like others; what ends before its length is broken (F1, F2)."""
    answers = {
        "/part": reply(b"cde", ("Content-Range", "bytes 2-4/5"), status="206 Partial Content"),
        "/over": reply(b"", ("Content-Range", "bytes */5"), status="416 Range Not Satisfiable"),
        "/moved": reply(b"", ("Location", "/part"), status="303 See Other"),
        "/bare": reply(b"", ("Location", "/part"), status="303 See Other", length=False),
        "/cut": reply(b"cd", ("Content-Length", "3"), status="206 Partial Content", length=False),
        "/endless": reply(b"cd", status="206 Partial Content", length=False),
    }
    statuses = {"/part": (206, b"cde"), "/over": (416, b""), "/moved": (303, b""), "/bare": (303, b"")}

    def answer(received: Received) -> Answer:
        return Answer(answers[received.target], "close" if received.target in {"/bare", "/cut", "/endless"} else "keep")

    async with serve(answer) as server, opened(factory) as transport:
        ranged = ("Range", "bytes=2-"), ("If-Range", '"a"'), ("Accept-Encoding", "identity")
        for path in answers:
            found: tuple[int, bytes] | None = None
            try:
                async with transport.stream(request(server.url + path, "GET", *ranged)) as response:
                    found = response.status, b"".join([chunk async for chunk in response.chunks()])
            except ResponseBroken as error:
                same(206, error.status, path)
            same(statuses.get(path), found, path)
        same([list(ranged)] * 6, [received.fields[1:4] for received in server.received], "what was asked")


async def slow_readers_hold_the_server_back(factory: Factory) -> None:
    """Little is read ahead of a reader, and nothing behind its back when it leaves; all comes if it goes on."""
    sent = 0

    async def body() -> AsyncGenerator[bytes]:
        nonlocal sent
        sent = 0
        yield reply(b"", ("Content-Length", str(_PIECES * len(_PIECE))), length=False)
        for _ in range(_PIECES):
            yield _PIECE
            sent += len(_PIECE)

    async def answer(_: Received) -> Answer:
        return Answer(await closing.enter_async_context(aclosing(body())))

    async with AsyncExitStack() as closing, serve(answer) as server, opened(factory) as transport:
        for leaves in (False, True):
            received = 0
            async with transport.stream(request(server.url)) as response:
                async for chunk in response.chunks():
                    if not received:
                        await anyio.wait_all_tasks_blocked()
                        holds(sent < _PIECES * len(_PIECE) // 4, f"{sent} bytes were read ahead")
                    received += len(chunk)
                    if leaves:
                        break
            if not leaves:
                same(_PIECES * len(_PIECE), received, "bytes")
        while server.counts["open"]:
            await checkpoint()
        holds(sent < _PIECES * len(_PIECE) // 2, f"{sent} bytes were read behind the back of the reader")


CHECKS = (parts_and_redirects_are_streamed, slow_readers_hold_the_server_back)
