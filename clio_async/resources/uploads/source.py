"""What is uploaded: paths, bytes, open files and streams, read without holding up the event loop."""

from __future__ import annotations

import io
import os
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from inspect import iscoroutinefunction
from pathlib import Path
from typing import IO, Any, Protocol, TypeAlias, cast

from anyio import to_thread

from ...errors import InvalidArgument
from .held import Held
from .seekable import CHUNK, Buffer, File, Seekable, Seen, seen_of
from .streams import Stream, flat, until_empty

__all__ = ["Opened", "Source", "opened"]


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


Opened: TypeAlias = "Seekable | Stream"


@asynccontextmanager
async def opened(source: Any, size: int | None) -> AsyncGenerator[Opened]:
    """Open what is to be uploaded; close what was opened here, and async iterators.

    `size` is what the caller says that it has (bytes).

    :raises InvalidArgument: if it cannot be read as bytes, or is of another size.
    :raises OSError: if it cannot be opened, or read.
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
        return Buffer(flat(cast("bytes", source)))
    if isinstance(source, str | os.PathLike):
        return await _of_path(cast("str", source), stack)
    reads = callable(getattr(source, "read", None))
    held = getattr(source, "wrapped", source) if reads else source  # an asynchronous file of anyio or trio has one
    read = getattr(held, "read", None)
    if isinstance(held, io.TextIOBase):
        raise InvalidArgument('The file is open as text: open it with mode "rb".')
    if callable(read):
        if iscoroutinefunction(read):
            return Stream(until_empty(lambda: read(CHUNK)), size, _name_of(held))
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


async def _of_path(path: str | os.PathLike[str], stack: AsyncExitStack) -> Opened:
    try:
        target = Path(os.fsdecode(path))
        file = Held(target)
        stack.callback(file.close)  # without waiting: a cancellation would end that
        found = await to_thread.run_sync(file.open)
        size = await to_thread.run_sync(_sized, file, 0, found.st_size)
    except InvalidArgument:
        raise
    except (ValueError, TypeError) as error:
        raise InvalidArgument(f"It is no path of a file: {type(error).__name__}.") from error
    return File(file, 0, size, target.name, lambda: seen_of(target.stat()), seen_of(found))


def _sized(file: Any, first: int, last: int) -> int:
    """Return how many bytes a file has, and leave it where it stands.

    :raises InvalidArgument: if it gives more than it says: one of /proc, say.
    """
    if last <= first and file.read(1):
        file.seek(first)
        raise InvalidArgument("The file says that it is empty, and is not: give an async iterable of its bytes.")
    return max(0, last - first)


async def _of_file(file: Any, size: int | None) -> Opened:
    """Return an open file that stays open."""
    name = _name_of(file)
    try:
        found = await to_thread.run_sync(_measured, file)
    except InvalidArgument:
        raise
    except ValueError as error:
        raise InvalidArgument(f"The file cannot be read: {type(error).__name__}.") from error
    if found is None:
        return Stream(until_empty(lambda: to_thread.run_sync(file.read, CHUNK)), size, name)
    first, size, look = found
    return File(file, first, size, name, look, None if look is None else look())


def _name_of(file: Any) -> str | None:
    name = getattr(file, "name", None)
    return Path(name).name or None if isinstance(name, str) else None


def _measured(file: Any) -> tuple[int, int, Callable[[], Seen] | None] | None:
    """Return where a file stands, how many bytes follow, and what tells whether it was changed. None: a stream."""
    seekable = getattr(file, "seekable", None)
    if isinstance(file.read(0), str):
        raise InvalidArgument('The file is open as text: open it with mode "rb".')
    if seekable is None or not seekable():
        return None
    first = file.tell()
    try:
        last = file.seek(0, os.SEEK_END)
    except OSError:  # it can be wound back, and nothing else: one of /proc
        return None
    file.seek(first)
    size = _sized(file, first, last)
    try:
        number = file.fileno()
    except (OSError, AttributeError):  # it is in memory
        return first, size, None
    return first, size, lambda: seen_of(os.fstat(number))
