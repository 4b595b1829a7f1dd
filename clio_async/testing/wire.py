"""A server that sends exactly the bytes it is told to, and breaks connections where it is told to.

It is for tests of HTTP clients, on every backend of anyio, over loopback only.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import AsyncGenerator, AsyncIterable, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from inspect import isawaitable
from ssl import SSLContext, SSLError
from typing import Literal, TypeAlias

import anyio
from anyio.abc import ByteStream, TaskGroup
from anyio.lowlevel import checkpoint
from anyio.streams.tls import TLSStream
from attrs import field, frozen

__all__ = ["Answer", "Received", "Script", "WireServer", "serve"]


@frozen
class Received:
    """A request as it came in, byte for byte."""

    head: bytes
    body: bytes
    connection: int
    """The number of its connection, counted from 1."""

    @property
    def method(self) -> str:
        return self.head.split(b" ", 1)[0].decode("latin-1")

    @property
    def target(self) -> str:
        """The request target: path and query."""
        return self.head.split(b" ", 2)[1].decode("latin-1")

    @property
    def fields(self) -> list[tuple[str, str]]:
        """The header fields in order, as ISO-8859-1."""
        lines = self.head.decode("latin-1").split("\r\n")[1:-2]
        return [(name, value.strip(" \t")) for name, _, value in (line.partition(":") for line in lines)]

    def values_of(self, name: str) -> list[str]:
        """All values of a header field."""
        return [value for key, value in self.fields if key.lower() == name.lower()]


@frozen
class Answer:
    """What goes over the wire, and what becomes of the connection: kept, closed (FIN), reset (RST), or left silent."""

    data: bytes | Iterable[bytes] | AsyncIterable[bytes] = b""
    then: Literal["keep", "close", "reset", "hang"] = "keep"


Script: TypeAlias = Callable[[Received], Awaitable[Answer] | Answer]


@frozen(eq=False)
class WireServer:
    """A running server: where it is, and what it saw."""

    url: str
    """Scheme, host and port."""
    received: list[Received] = field(factory=list[Received])
    counts: dict[str, int] = field(factory=lambda: {"accepted": 0, "open": 0})
    """Connections: `accepted` since the start, `open` now."""

    async def until(self, condition: Callable[[], object]) -> None:
        """Let other tasks run until `condition()` is true."""
        while not condition():
            await checkpoint()


@asynccontextmanager
async def serve(script: Script, *, ssl_context: SSLContext | None = None) -> AsyncGenerator[WireServer]:
    """Run a server on a free port of 127.0.0.1, answering every request by what `script` returns for it."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=512)
    listener.setblocking(False)
    scheme = "http" if ssl_context is None else "https"
    server = WireServer(f"{scheme}://127.0.0.1:{listener.getsockname()[1]}")
    try:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(_accept, listener, server, script, ssl_context, tasks)
            yield server
            tasks.cancel_scope.cancel()
    finally:
        listener.close()


async def _accept(
    listener: socket.socket, server: WireServer, script: Script, ssl_context: SSLContext | None, tasks: TaskGroup
) -> None:
    while True:
        await anyio.wait_readable(listener)
        connection, _ = listener.accept()
        connection.setblocking(False)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        server.counts["accepted"] += 1
        tasks.start_soon(_serve, _Wire(connection), server, script, ssl_context, server.counts["accepted"])


async def _serve(wire: _Wire, server: WireServer, script: Script, ssl_context: SSLContext | None, number: int) -> None:
    server.counts["open"] += 1
    try:
        stream: ByteStream = wire
        if ssl_context is not None:
            stream = await TLSStream.wrap(wire, server_side=True, ssl_context=ssl_context, standard_compatible=False)
        await _talk(stream, wire, server, script, number)
    except (anyio.EndOfStream, anyio.BrokenResourceError, SSLError):
        pass
    finally:
        await wire.aclose()
        server.counts["open"] -= 1


async def _talk(stream: ByteStream, wire: _Wire, server: WireServer, script: Script, number: int) -> None:
    rest = b""
    while True:
        while b"\r\n\r\n" not in rest:
            rest += await stream.receive()
        head, _, rest = rest.partition(b"\r\n\r\n")
        length = int(next(iter(Received(head + b"\r\n\r\n", b"", 0).values_of("content-length")), "0"))
        while len(rest) < length:
            rest += await stream.receive()
        request = Received(head + b"\r\n\r\n", rest[:length], number)
        rest = rest[length:]
        server.received.append(request)
        answer = script(request)
        if isawaitable(answer):
            answer = await answer
        await _send_all(stream, answer.data)
        if answer.then == "close":
            await wire.send_eof()
        if answer.then == "reset":
            wire.reset()
        if answer.then in ("reset", "close"):
            return
        while answer.then == "hang":
            await stream.receive()  # until the peer ends it


async def _send_all(stream: ByteStream, data: bytes | Iterable[bytes] | AsyncIterable[bytes]) -> None:
    if isinstance(data, AsyncIterable):
        async for piece in data:
            await stream.send(piece)
    else:
        for piece in (data,) if isinstance(data, bytes) else data:
            await stream.send(piece)


class _Wire(ByteStream):
    """A socket without anything between: anyio's own stream says goodbye (FIN) before every close."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock

    async def receive(self, max_bytes: int = 65536) -> bytes:
        while True:
            try:
                data = self.sock.recv(max_bytes)
            except BlockingIOError:
                await anyio.wait_readable(self.sock)
                continue
            except OSError as error:
                raise anyio.BrokenResourceError from error
            if not data:
                raise anyio.EndOfStream
            await checkpoint()
            return data

    async def send(self, item: bytes) -> None:
        rest = memoryview(item)
        while rest:
            try:
                rest = rest[self.sock.send(rest) :]
            except BlockingIOError:
                await anyio.wait_writable(self.sock)
            except OSError as error:
                raise anyio.BrokenResourceError from error
        await checkpoint()

    async def send_eof(self) -> None:
        with suppress(OSError):  # the peer may be gone
            self.sock.shutdown(socket.SHUT_WR)

    async def aclose(self) -> None:
        self.sock.close()

    def reset(self) -> None:
        """Close without a goodbye: the peer gets an RST."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()
