"""`Stream`: bytes that can be read once, from their beginning to their end."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, cast

from anyio import lowlevel

from ...errors import InvalidArgument
from .changed import Changed
from .seekable import STRIDE, Blocks

__all__ = ["Stream", "flat", "until_empty"]


def flat(source: bytes | bytearray | memoryview) -> memoryview:
    """Return bytes as what can be cut without copying.

    :raises InvalidArgument: if they are not one after the other.
    """
    try:
        return memoryview(source).cast("B")
    except TypeError:
        raise InvalidArgument("A memoryview that is uploaded has to be contiguous.") from None


def until_empty(read: Callable[[], Awaitable[Any]]) -> Callable[[], Awaitable[Any]]:
    """Return what reads a file, and None at its end."""

    async def reading() -> Any:
        found = await read()
        if found is None:
            raise InvalidArgument("A file that is uploaded has to wait for its bytes: it is set not to block.")
        return found if len(found) else None

    return reading


class Stream:
    """Bytes that can be read once, from their beginning to their end. `size` is what the caller says of them.

    `read` returns some, None when there are no more.
    """

    def __init__(self, read: Callable[[], Awaitable[Any]], size: int | None, name: str | None = None) -> None:
        self.name = name
        self.size = size
        self.taken = 0
        """How many were read."""
        self._read = read
        self._rest = memoryview(b"")
        self._over = False

    async def take(self, into: Blocks, most: int) -> None:
        """Read the next bytes into memory, over what is there: as many as may be, or fewer if there are no more.

        :raises InvalidArgument: if what comes is not bytes.
        :raises Changed: if there are fewer or more than the caller said.
        """
        into.size = 0
        while into.size < most and not await self.ended():
            count = into.put(self._rest[: most - into.size])
            self._rest = self._rest[count:]
            self.taken += count
            if into.size % STRIDE == 0:  # it may all have come at once
                await lowlevel.checkpoint()

    async def ended(self) -> bool:
        """Whether there are no more bytes; for that some may be read ahead."""
        while not self._rest and not self._over:
            await self._fetch()
        return not self._rest

    async def _fetch(self) -> None:
        found = await self._read()
        if found is None:
            self._over = True
            if self.size is not None and self.taken < self.size:
                raise Changed(f"size= says {self.size} bytes, and there are only {self.taken}.")
            return
        if not isinstance(found, bytes | bytearray | memoryview):
            raise InvalidArgument(f"A stream that is uploaded yields bytes, and a {type(found).__name__} came.")
        self._rest = flat(cast("bytes", found))
        if self.size is not None and self.taken + len(self._rest) > self.size:
            raise Changed(f"size= says {self.size} bytes, and there are more.")
