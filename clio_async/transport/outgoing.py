"""Bodies that are produced while they are sent: cut into small pieces, and never whole unless they are."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator

import anyio

from ..errors import TransferError
from ..messages import Content

__all__ = ["PIECE", "SourceFailed", "exactly"]

PIECE = 64 * 1024
"""Bytes of one piece at most: event loops copy what they buffer."""


class SourceFailed(Exception):
    """What `Content.chunks()` raised, on its way through a library that would take it for an error of its own."""

    def __init__(self, reason: Exception) -> None:
        super().__init__()
        self.reason = reason


async def exactly(content: Content) -> AsyncGenerator[memoryview]:
    """Yield what `content` produces, in pieces of at most `PIECE` bytes; one empty piece if that is nothing.

    The last piece comes when the source has ended. So a source that says at its end that something is wrong with it, or
    that has more to give than it said, leaves the request incomplete. The source is closed in every outcome, also in
    one that was cancelled.

    :raises TransferError: if it produces more or fewer bytes than its length.
    :raises SourceFailed: if it raises an `Exception`, with that as its reason. Others pass as they are.
    """
    left = content.length
    held = memoryview(b"")
    source = content.chunks()
    try:
        while (chunk := await _next(source)) is not None:
            left -= len(chunk)
            if left < 0:
                raise TransferError("There was more to send than was announced. The request was not completed.")
            for start in range(0, len(chunk), PIECE):
                if held:
                    yield held
                held = chunk[start : start + PIECE]
        if left:
            raise TransferError(f"There were {left} bytes less to send than announced. The request was not completed.")
        yield held
    finally:
        await _close(source)


async def _next(source: AsyncIterator[bytes]) -> memoryview | None:
    """Return what comes next, byte by byte, or None at the end."""
    try:
        return memoryview(await anext(source)).cast("B")
    except StopAsyncIteration:
        return None
    except Exception as error:
        raise SourceFailed(error) from None


async def _close(source: AsyncIterator[bytes]) -> None:
    close = getattr(source, "aclose", None)
    if close is None:
        return
    try:
        with anyio.CancelScope(shield=True):
            await close()
    except Exception as error:
        raise SourceFailed(error) from None
