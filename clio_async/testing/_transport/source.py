"""What the checks of streamed bodies are made of: a source that is watched, a server that reads as little as told."""

from __future__ import annotations

import socket
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress

import anyio
from anyio.lowlevel import checkpoint

from ...messages import Request
from ..wire import _Wire
from .expect import request

__all__ = ["Peer", "Source", "peers", "upload"]


class Source:
    """A content that yields pieces, and counts what became of it. `after` is awaited behind the last piece."""

    def __init__(
        self,
        pieces: Iterable[bytes],
        length: int | None = None,
        *,
        after: Callable[[], Awaitable[object]] = checkpoint,
    ) -> None:
        self._pieces = pieces
        self._after = after
        self.length = sum(map(len, pieces)) if length is None else length
        self.produced = 0
        self.begun = 0
        self.closed = 0

    async def chunks(self) -> AsyncIterator[bytes]:
        self.begun += 1
        try:
            for piece in self._pieces:
                await checkpoint()
                self.produced += len(piece)
                yield piece
            await self._after()
        finally:
            with anyio.CancelScope(shield=True):
                await checkpoint()  # closing takes a while
            self.closed += 1


def upload(
    url: str,
    source: Source,
    *fields: tuple[str, str],
    method: str = "PUT",
    body: bytes | None = None,
    within: float | None = 30.0,
) -> Request:
    """Make a request that sends what a source yields."""
    plain = request(url, method, *fields, within=within)
    return Request(method, url, plain.headers, body, plain.deadline, content=source)


class Peer:
    """The server's end of one connection."""

    def __init__(self, wire: _Wire) -> None:
        self.wire = wire
        self.got = bytearray()
        self.ended = False

    @property
    def body(self) -> bytes:
        """What came behind the head."""
        return bytes(self.got.partition(b"\r\n\r\n")[2])

    async def read(self, enough: Callable[[Peer], object] = lambda _: False) -> None:
        """Read until it is enough, or to the end."""
        with suppress(anyio.EndOfStream, anyio.BrokenResourceError):
            while not enough(self):
                self.got += await self.wire.receive()
            return
        self.ended = True


@asynccontextmanager
async def peers(talk: Callable[[Peer], Awaitable[None]]) -> AsyncGenerator[tuple[str, list[Peer]]]:
    """Run a server with small buffers that lets `talk` have each connection, and closes it behind."""
    met: list[Peer] = []

    async def serve(peer: Peer) -> None:
        with suppress(anyio.BrokenResourceError):
            await talk(peer)
        await peer.wire.aclose()
        peer.ended = True

    async def accept() -> None:
        while True:
            await anyio.wait_readable(listener)
            sock, _ = listener.accept()
            sock.setblocking(False)
            met.append(Peer(_Wire(sock)))
            tasks.start_soon(serve, met[-1])

    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 * 1024)
        listener.setblocking(False)
        try:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(accept)
                yield f"http://127.0.0.1:{listener.getsockname()[1]}", met
                tasks.cancel_scope.cancel()
        finally:
            for peer in met:
                peer.wire.sock.close()
