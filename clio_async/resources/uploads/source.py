"""What is uploaded: paths, bytes, open files and streams, read without holding up the event loop."""

from __future__ import annotations

import io
import os
import stat
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from hashlib import md5
from inspect import iscoroutinefunction
from pathlib import Path
from threading import Lock
from typing import IO, Any, NamedTuple, Protocol, TypeAlias, cast

from anyio import to_thread

from ...errors import InvalidArgument, SourceChanged

__all__ = ["CHUNK", "Buffer", "File", "Opened", "Seekable", "Source", "Stream", "opened"]

CHUNK = 256 * 1024
"""Bytes that are read, and sent, at a time."""
_STRIDE = 8 * 1024 * 1024  # bytes that one visit to another thread hashes, so that it can be cancelled in between


class AsyncReader(Protocol):
    """An asynchronous file: what ``anyio.open_file`` returns, say."""

    async def read(self, size: int, /) -> bytes: ...


Source: TypeAlias = (
    str
    | os.PathLike[str]
    | bytes
    | bytearray
    | memoryview
    | IO[bytes]
    | io.RawIOBase
    | AsyncReader
    | AsyncIterable[bytes]
)
"""A path, bytes, a file that is open for reading bytes (from where it stands), or an async iterable of bytes."""


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

        :raises SourceChanged: if somebody has.
        """
        ...


Opened: TypeAlias = "Seekable | Stream"


@asynccontextmanager
async def opened(source: Any, size: int | None) -> AsyncGenerator[Opened]:
    """Open what is to be uploaded; close what was opened here, and async iterators.

    `size` is what the caller says that it has (bytes).

    :raises InvalidArgument: if it cannot be read, or not as bytes, or if it is of another size.
    """
    if size is not None and (type(size) is not int or size < 0):
        raise InvalidArgument("size is a number of bytes.")
    async with AsyncExitStack() as stack:
        found = await _opened(source, size, stack)
        if size is not None and not isinstance(found, Stream) and found.size != size:
            raise InvalidArgument(f"size= says {size} bytes, and there are {found.size}.")
        yield found


async def _opened(source: Any, size: int | None, stack: AsyncExitStack) -> Opened:
    if isinstance(source, bytes | bytearray | memoryview):
        return Buffer(_flat(cast("bytes", source)))
    if isinstance(source, str | os.PathLike):
        return await _of_path(cast("str", source), size, stack)
    reads = callable(getattr(source, "read", None))
    held = getattr(source, "wrapped", source) if reads else source  # an asynchronous file of anyio or trio has one
    read = getattr(held, "read", None)
    if isinstance(held, io.TextIOBase):
        raise InvalidArgument('The file is open as text: open it with mode "rb".')
    if callable(read):
        if iscoroutinefunction(read):
            return Stream(_until_empty(lambda: read(CHUNK)), size, _name_of(held))
        return await _of_file(held, size)
    if not _is_async_iterable(source):
        raise InvalidArgument(
            "What is uploaded is a path, bytes, a file that is open for reading bytes, or an async iterable of bytes, "
            f"not a {type(source).__name__}."
        )
    iterator: AsyncIterator[Any] = aiter(source)
    closes = getattr(iterator, "aclose", None)
    if closes is not None:  # nobody could read on in what was read in part
        stack.push_async_callback(closes)
    return Stream(lambda: anext(iterator, None), size)


def _is_async_iterable(source: object) -> bool:
    return isinstance(source, AsyncIterable)


def _flat(source: bytes | bytearray | memoryview) -> memoryview:
    try:
        return memoryview(source).cast("B")
    except TypeError:
        raise InvalidArgument("A memoryview that is uploaded has to be contiguous.") from None


# -- files --------------------------------------------------------------------------------------------------------


class _Seen(NamedTuple):
    """What tells whether a file was changed."""

    size: int
    changed_at: int
    device: int
    inode: int


def _seen(found: os.stat_result) -> _Seen:
    return _Seen(found.st_size, found.st_mtime_ns, found.st_dev, found.st_ino)


async def _of_path(path: str | os.PathLike[str], size: int | None, stack: AsyncExitStack) -> Opened:
    try:
        target = Path(os.fsdecode(path))
        file, found = await to_thread.run_sync(_open, target)
        stack.push_async_callback(to_thread.run_sync, file.close)
    except (OSError, ValueError, TypeError) as error:
        raise InvalidArgument(f"The file cannot be read: {type(error).__name__}.") from error
    name = target.name
    if not stat.S_ISREG(found.st_mode):
        return Stream(_until_empty(lambda: to_thread.run_sync(file.read, CHUNK)), size, name)
    return File(file, 0, found.st_size, name, lambda: _seen(target.stat()), _seen(found))


def _open(path: Path) -> tuple[IO[bytes], os.stat_result]:
    file = path.open("rb", buffering=0)
    return file, os.fstat(file.fileno())


async def _of_file(file: Any, size: int | None) -> Opened:
    """Return an open file that stays open."""
    name = _name_of(file)
    try:
        found = await to_thread.run_sync(_measured, file)
    except InvalidArgument:
        raise
    except (OSError, ValueError) as error:
        raise InvalidArgument(f"The file cannot be read: {type(error).__name__}.") from error
    if found is None:
        return Stream(_until_empty(lambda: to_thread.run_sync(file.read, CHUNK)), size, name)
    first, last, look = found
    return File(file, first, max(0, last - first), name, look, None if look is None else look())


def _name_of(file: Any) -> str | None:
    name = getattr(file, "name", None)
    return Path(name).name or None if isinstance(name, str) else None


def _measured(file: Any) -> tuple[int, int, Callable[[], _Seen] | None] | None:
    """Return where a file stands, where it ends, and what tells whether it was changed; None if it is a stream."""
    seekable = getattr(file, "seekable", None)
    if isinstance(file.read(0), str):
        raise InvalidArgument('The file is open as text: open it with mode "rb".')
    if seekable is None or not seekable():
        return None
    first = file.tell()
    last = file.seek(0, os.SEEK_END)
    file.seek(first)
    try:
        number = file.fileno()
    except (OSError, AttributeError):  # it is in memory
        return first, last, None
    return first, last, lambda: _seen(os.fstat(number))


class File:
    """A file that can be read anywhere. It is read in threads, one at a time."""

    def __init__(
        self,
        file: Any,
        first: int,
        size: int,
        name: str | None,
        look: Callable[[], _Seen] | None,
        seen: _Seen | None,
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
        for start in range(offset, offset + length, _STRIDE):
            await to_thread.run_sync(self._hash, found, start, min(_STRIDE, offset + length - start))
        return found.digest()

    async def check(self) -> None:
        if self._look is None:
            return
        try:
            now = await to_thread.run_sync(self._look)
        except OSError as error:
            raise SourceChanged(f"The file cannot be looked at any more: {type(error).__name__}.") from error
        if now != self._seen:
            raise SourceChanged("The file was changed, or replaced by another, while it was uploaded.")

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
        for start in range(offset, offset + length, _STRIDE):
            part = self._data[start : min(start + _STRIDE, offset + length)]
            await to_thread.run_sync(found.update, part)
        return found.digest()

    async def check(self) -> None:
        """Do nothing: other bytes than the first time are found by their digest."""


# -- streams ------------------------------------------------------------------------------------------------------


def _until_empty(read: Callable[[], Awaitable[Any]]) -> Callable[[], Awaitable[Any]]:
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

    async def take(self, into: memoryview) -> Buffer:
        """Read the next bytes into memory: as many as it holds, or fewer if there are no more.

        :raises InvalidArgument: if what comes is not bytes.
        :raises SourceChanged: if there are fewer or more than the caller said.
        """
        count = 0
        while count < len(into) and not await self.ended():
            part = self._rest[: len(into) - count]
            into[count : count + len(part)] = part
            count += len(part)
            self._rest = self._rest[len(part) :]
            self.taken += len(part)
        return Buffer(into[:count])

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
                raise SourceChanged(f"size= says {self.size} bytes, and there are only {self.taken}.")
            return
        if not isinstance(found, bytes | bytearray | memoryview):
            raise InvalidArgument(f"A stream that is uploaded yields bytes, and a {type(found).__name__} came.")
        self._rest = _flat(cast("bytes", found))
        if self.size is not None and self.taken + len(self._rest) > self.size:
            raise SourceChanged(f"size= says {self.size} bytes, and there are more.")
