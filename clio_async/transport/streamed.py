"""Bodies: collected under a cap, or handed on piece by piece."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from anyio.lowlevel import checkpoint

from ..messages import Headers
from ..protocol.content_coding import IncomingBody, too_large
from .outcome import Guarded
from .wire import coding_of

__all__ = ["Streamed", "collected"]


async def collected(
    status: int, headers: Headers, length: int, limit: int, read: Callable[[], Awaitable[bytes]]
) -> tuple[bytes, int]:
    """Return a whole decoded body and the bytes it took; `read` returns the next piece, or nothing at the end."""
    coding = coding_of(status, headers)
    if length > limit:
        raise too_large(status, limit)
    piece = await read()
    if coding == "identity" and 0 < len(piece) == length:
        await read()  # the end: it says that the connection is free
        return piece, length
    body = IncomingBody(status, coding, limit)
    while piece:
        for _ in body.feed(piece):
            await checkpoint()
        piece = await read()
    return body.finish(), body.wire_bytes


class Streamed:
    """A `StreamedResponse`. `read` returns the next piece, or nothing at the end; `guard` guards each call.

    The pieces come from an object, not from a generator, so that a loop over them can be left at any time.
    """

    def __init__(
        self, status: int, headers: Headers, guard: Guarded, read: Callable[[], Awaitable[bytes]] | None
    ) -> None:
        self.status = status
        self.headers = headers
        self._guard = guard
        self._read = read

    def chunks(self) -> Streamed:
        return self

    def __aiter__(self) -> Streamed:
        return self

    async def __anext__(self) -> bytes:
        if self._read is None:
            raise StopAsyncIteration
        chunk: bytes | None = None
        with self._guard:
            chunk = await self._read()
        if chunk is None:
            self._read = None
            raise self._guard.error()
        if not chunk:
            self._read = None
            raise StopAsyncIteration
        return chunk
