"""Bodies that are still to come: what an adapter reads of them, and what it answers where it does not."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

import anyio

from .reply import Reply

__all__ = ["CODED", "GONE", "TOO_LARGE", "TOO_SLOW", "Read", "whole"]

_CLOSE: Final = ("Connection", "close")  # the rest of the body was not read

GONE: Final = Reply(400, (_CLOSE,))
"""Whoever asked has hung up: nobody is there to be answered."""
TOO_SLOW: Final = Reply(408, (_CLOSE,))
TOO_LARGE: Final = Reply(413, (_CLOSE,))
CODED: Final = Reply(415, (_CLOSE,))
"""The server has decoded the body: what was signed is not there any more."""

Read: TypeAlias = Callable[[], Awaitable[bytes | Reply]]
"""What reads a body, or says what is to be answered instead."""


async def whole(part: Callable[[], Awaitable[bytes | None]], most: int, seconds: float | None) -> bytes | Reply:
    """Read a body of at most `most` bytes, in so many seconds. None as a part is its end."""
    read = bytearray()
    with anyio.move_on_after(seconds):
        while (more := await part()) is not None:
            read += more
            if len(read) > most:
                return TOO_LARGE
        return bytes(read)
    return TOO_SLOW
