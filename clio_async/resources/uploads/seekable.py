"""Bytes any part of which can be read, and read again: files, and what is in memory."""

from __future__ import annotations

import os
from collections.abc import Callable
from hashlib import md5
from threading import Lock
from typing import Any, NamedTuple, Protocol

from anyio import to_thread

from .changed import Changed

__all__ = ["CHUNK", "STRIDE", "Blocks", "Buffer", "File", "Seekable", "Seen", "seen_of"]

CHUNK = 256 * 1024
"""Bytes that are read, and sent, at a time."""
STRIDE = 8 * 1024 * 1024
"""Bytes that are hashed, or copied, without anything else being done in between."""


class Seekable(Protocol):
    """Bytes any part of which can be read, and read again."""

    name: str | None
    size: int

    async def at(self, offset: int, length: int, /) -> bytes | memoryview:
        """Return the bytes there: fewer if there are no more."""
        ...

    async def digest(self, offset: int, length: int, /) -> bytes:
        """Return their MD5."""
        ...

    async def check(self) -> None:
        """Check that nobody has changed them since they were opened.

        :raises Changed: if somebody has.
        """
        ...


class Seen(NamedTuple):
    """What tells whether a file was changed."""

    size: int
    changed_at: int
    touched_at: int
    device: int
    inode: int


def seen_of(found: os.stat_result) -> Seen:
    return Seen(found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_dev, found.st_ino)


class File:
    """A file that can be read anywhere. It is read in threads, one at a time."""

    def __init__(
        self,
        file: Any,
        first: int,
        size: int,
        name: str | None,
        look: Callable[[], Seen] | None,
        seen: Seen | None,
    ) -> None:
        self.name = name
        self.size = size
        self._file = file
        self._first = first
        self._look = look
        self._seen = seen
        self._lock = Lock()

    async def at(self, offset: int, length: int, /) -> bytes:
        return await to_thread.run_sync(self._read, offset, length)

    async def digest(self, offset: int, length: int, /) -> bytes:
        found = md5(usedforsecurity=False)
        for start in range(offset, offset + length, STRIDE):
            await to_thread.run_sync(self._hash, found, start, min(STRIDE, offset + length - start))
        return found.digest()

    async def check(self) -> None:
        if self._look is None:
            return
        try:
            now = await to_thread.run_sync(self._look)
        except OSError as error:
            raise Changed(f"The file cannot be looked at any more: {type(error).__name__}.") from error
        if now != self._seen:
            raise Changed("The file was changed, or replaced by another, while it was uploaded.")

    def _read(self, offset: int, length: int) -> bytes:
        """Read as much as there is: a file without a buffer may give less at a time."""
        parts: list[bytes] = []
        with self._lock:
            self._file.seek(self._first + offset)
            while length > 0 and (data := self._file.read(length)):
                parts.append(data)
                length -= len(data)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def _hash(self, found: Any, offset: int, length: int) -> None:
        for start in range(offset, offset + length, CHUNK):
            found.update(self._read(start, min(CHUNK, offset + length - start)))


class Buffer:
    """Bytes in memory."""

    def __init__(self, data: memoryview) -> None:
        self.name: str | None = None
        self.size = len(data)
        self._data = data

    async def at(self, offset: int, length: int, /) -> bytes:
        return bytes(self._data[offset : offset + length])

    async def digest(self, offset: int, length: int, /) -> bytes:
        found = md5(usedforsecurity=False)
        for start in range(offset, offset + length, STRIDE):
            part = self._data[start : min(start + STRIDE, offset + length)]
            await to_thread.run_sync(found.update, part)
        return found.digest()

    async def check(self) -> None:
        """Do nothing: other bytes than the first time are found by their digest."""


class Blocks:
    """Memory that bytes are put into, block by block: as large as the most that was ever in it at a time."""

    def __init__(self) -> None:
        self.name: str | None = None
        self.size = 0
        self._blocks: list[bytearray] = []

    def put(self, data: memoryview, /) -> int:
        """Add bytes to those that are there, as many as one block takes. Return how many."""
        index, used = divmod(self.size, CHUNK)
        if index == len(self._blocks):
            self._blocks.append(bytearray(CHUNK))
        part = data[: CHUNK - used]
        self._blocks[index][used : used + len(part)] = part
        self.size += len(part)
        return len(part)

    async def at(self, offset: int, length: int, /) -> bytes:
        return bytes(self._at(offset, length))

    async def digest(self, offset: int, length: int, /) -> bytes:
        found = md5(usedforsecurity=False)
        for start in range(offset, offset + length, STRIDE):
            await to_thread.run_sync(self._hash, found, start, min(start + STRIDE, offset + length))
        return found.digest()

    async def check(self) -> None:
        """Do nothing: nobody else has them."""

    def _at(self, offset: int, length: int) -> memoryview:
        """Return the bytes there, up to the end of a block."""
        index, first = divmod(offset, CHUNK)
        return memoryview(self._blocks[index])[first : first + min(length, self.size - offset)]

    def _hash(self, found: Any, start: int, end: int) -> None:
        while start < end:
            part = self._at(start, end - start)
            found.update(part)
            start += len(part)
