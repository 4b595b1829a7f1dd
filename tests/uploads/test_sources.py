"""What may be uploaded: paths, bytes, open files and streams; and what may not."""

from __future__ import annotations

import contextlib
import gc
import hashlib
import io
import os
import threading
import tracemalloc
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import anyio
import pytest

from clio_async import IncompleteUpload, InvalidArgument, Request, Response, SourceChanged
from clio_async.resources.uploads import held as held_module
from clio_async.resources.uploads.held import Held
from clio_async.resources.uploads.seekable import CHUNK, STRIDE, Blocks
from clio_async.resources.uploads.streams import Stream

from .firm import KIB, MATTER, PART, THREE, Firm, stream

pytestmark = pytest.mark.usefixtures("small_parts")
SMALL = b"Dear Sir, " * 100
HIDING = Path("/proc/version")
Read = Callable[[], Awaitable[Any]]


@pytest.fixture
def firm() -> Firm:
    return Firm()


async def sent(firm: Firm, source: Any, **values: Any) -> bytes | None:
    values = {"name": "Letter", **values}
    document = await firm.clio.documents.upload(source, parent=MATTER, part_size=PART, fields="id,name", **values)
    return firm.stored(document.id)


class Asynchronous:
    """A file with an asynchronous `read`, such as that of a web framework."""

    name = "/tmp/upload.bin"

    def __init__(self, content: bytes) -> None:
        self._file = io.BytesIO(content)

    async def read(self, size: int) -> bytes:
        return self._file.read(size)


class Unseekable(io.RawIOBase):
    """A pipe, of which each read gives a little."""

    def __init__(self, content: bytes) -> None:
        self._file = io.BytesIO(content)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._file.readinto(memoryview(buffer)[:701])


class Iterable:
    """One that makes its iterator, which has to be closed."""

    closed = 0

    def __init__(self, content: bytes) -> None:
        self._content = content

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            yield b""
            for start in range(0, len(self._content), KIB):
                yield self._content[start : start + KIB]
                yield b""
        finally:
            self.closed += 1


MADE: dict[str, Callable[[bytes], Any]] = {
    "bytes": lambda content: content,
    "bytearray": bytearray,
    "memoryview": memoryview,
    "wide memoryview": lambda content: memoryview(content).cast("H") if len(content) % 2 == 0 else memoryview(content),
    "file in memory": io.BytesIO,
    "pipe": Unseekable,
    "buffered pipe": lambda content: io.BufferedReader(Unseekable(content)),
    "asynchronous file": Asynchronous,
    "iterator": stream,
    "iterable": Iterable,
}


@pytest.mark.anyio
@pytest.mark.parametrize("content", [b"", SMALL, THREE], ids=["empty", "small", "three parts"])
@pytest.mark.parametrize("kind", MADE)
async def test_bytes_arrive(firm: Firm, kind: str, content: bytes) -> None:
    """From whatever they come: the document has exactly those. Empty chunks of a stream are not its end."""
    assert content == await sent(firm, MADE[kind](content))
    assert len(firm.puts()) == (3 if content is THREE else 1)


@pytest.mark.anyio
@pytest.mark.parametrize("content", [b"", SMALL, THREE], ids=["empty", "small", "three parts"])
async def test_files_arrive(firm: Firm, tmp_path: Path, content: bytes) -> None:
    """From a path, from an open file and from an asynchronous one, which stay open; named after the file."""
    path = tmp_path / "Brief.pdf"
    path.write_bytes(content)
    assert content == await sent(firm, path, name=None)
    assert content == await sent(firm, str(path), name=None)
    with path.open("rb") as file:
        assert content == await sent(firm, file, name=None, size=len(content))
        assert not file.closed
    with path.open("rb", buffering=0) as raw:
        assert content == await sent(firm, raw, name=None)
    async with await anyio.open_file(path, "rb") as held:
        assert content == await sent(firm, held, name=None)
        await held.seek(0)
    assert {"Brief.pdf"} == {body["name"] for body in firm.bodies if "name" in body}


@pytest.mark.anyio
async def test_an_open_file_is_read_from_where_it_stands(firm: Firm, tmp_path: Path) -> None:
    """As every other function reads it."""
    path = tmp_path / "long"
    path.write_bytes(b"header" + THREE)
    with path.open("rb") as file:
        file.seek(6)
        assert THREE == await sent(firm, file)
        file.seek(0, os.SEEK_END)
        assert b"" == await sent(firm, file)
        file.seek(5, os.SEEK_END)
        assert b"" == await sent(firm, file)


@pytest.mark.anyio
async def test_a_pipe_is_for_who_opens_it(firm: Firm, tmp_path: Path) -> None:
    """By its path it is refused at once: to wait for whoever writes to it could not be cancelled. Open it is a stream.

    A directory and a device are refused, too.
    """
    path = tmp_path / "fifo"
    os.mkfifo(path)
    for source in (path, tmp_path, os.devnull):
        with pytest.raises(InvalidArgument, match="no regular file: give an async iterable"):
            await sent(firm, source)
    assert [] == firm.asked()
    thread = threading.Thread(target=path.write_bytes, args=(THREE,))
    thread.start()
    with path.open("rb") as file:
        assert THREE == await sent(firm, file)
    thread.join()


@pytest.mark.anyio
async def test_a_file_that_cannot_be_opened_says_so_itself(firm: Firm, tmp_path: Path) -> None:
    """As everywhere in Python: FileNotFoundError, with the path."""
    with pytest.raises(FileNotFoundError, match=r"missing\.pdf"):
        await sent(firm, tmp_path / "missing.pdf")
    assert [] == firm.asked()


@pytest.mark.anyio
async def test_an_open_file_that_hides_its_size_is_refused(firm: Firm) -> None:
    """It stands where it stood."""

    class Hiding(io.BytesIO):
        def seek(self, offset: int, whence: int = 0, /) -> int:
            return super().seek(offset, 0)

    file = Hiding(SMALL)
    with pytest.raises(InvalidArgument, match="says that it is empty"):
        await sent(firm, file)
    assert (0, []) == (file.tell(), firm.asked())


@pytest.mark.anyio
@pytest.mark.skipif(not HIDING.exists(), reason="there is no /proc here")
async def test_a_file_that_hides_its_size_is_refused(firm: Firm) -> None:
    """One of /proc says that it is empty: it would become an empty document. Open it is a stream."""
    source = HIDING
    assert 0 == source.stat().st_size
    with source.open("rb") as file:
        assert source.read_bytes() == await sent(firm, file)
    firm = Firm()
    with pytest.raises(InvalidArgument, match="says that it is empty"):
        await sent(firm, source)
    assert [] == firm.asked()


@pytest.mark.anyio
async def test_what_was_opened_is_closed(firm: Firm) -> None:
    """An iterator that was read in part is of no use to anybody."""
    source = Iterable(THREE)
    await sent(firm, source)
    assert 1 == source.closed
    failing = Iterable(THREE)
    with pytest.raises(InvalidArgument):
        await sent(firm, failing, size=5)
    assert 1 == failing.closed


class Texts(io.BytesIO):
    """A file that reads text, and is of no class that says so."""

    def read(self, size: int | None = -1, /) -> Any:
        return super().read(size).decode()


class NotBlocking(Unseekable):
    def read(self, size: int = -1, /) -> Any:
        return b"" if size == 0 else None


async def texts() -> AsyncIterator[str]:
    yield "text"


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("source", "said"),
    [
        (io.StringIO("text"), "as text"),
        (Texts(b"text"), "as text"),
        (texts, "a str came"),
        (NotBlocking(b""), "not to block"),
        ([b"list"], "not a list"),
        (iter([b"one"]), "not a list_iterator"),
        (5, "not a int"),
        (None, "not a NoneType"),
        (memoryview(bytes(20))[::2], "contiguous"),
        ("nul\0", "ValueError"),
    ],
    ids=lambda value: type(value).__name__,
)
async def test_what_is_not_bytes_is_refused(firm: Firm, source: Any, said: str) -> None:
    """Before anything is sent."""
    with pytest.raises(InvalidArgument, match=said):
        await sent(firm, source() if source is texts else source)
    assert [] == firm.asked()


@pytest.mark.anyio
async def test_a_closed_file_is_refused(firm: Firm, tmp_path: Path) -> None:
    """So is one that is open as text."""
    path = tmp_path / "file"
    path.write_bytes(SMALL)
    file = path.open("rb")
    file.close()
    with path.open(encoding="utf-8") as text:
        for source in (file, text):
            with pytest.raises(InvalidArgument):
                await sent(firm, source)
    assert [] == firm.asked()


@pytest.mark.anyio
@pytest.mark.parametrize("size", [-1, 1.0, True, "5"])
async def test_a_size_is_a_number_of_bytes(firm: Firm, size: Any) -> None:
    """Anything else is refused."""
    with pytest.raises(InvalidArgument, match="number of bytes"):
        await sent(firm, SMALL, size=size)


@pytest.mark.anyio
@pytest.mark.parametrize("size", [len(SMALL) - 1, len(SMALL) + 1, PART])
@pytest.mark.parametrize("kind", ["bytes", "file in memory", "pipe", "iterator"])
async def test_another_size_is_refused_before_anything_is_sent(firm: Firm, kind: str, size: int) -> None:
    """A stream that goes into one piece is read to its end first."""
    with pytest.raises(InvalidArgument, match="size="):
        await sent(firm, MADE[kind](SMALL), size=size)
    assert [] == firm.asked()


@pytest.mark.anyio
@pytest.mark.parametrize("size", [len(THREE) - 1, len(THREE) + 1, 5 * len(THREE)])
async def test_a_long_stream_of_another_size_is_not_finished(firm: Firm, size: int) -> None:
    """When that is found, parts have been sent: the error has the handle, and nothing is called done."""
    with pytest.raises(SourceChanged, match="size=") as ended:
        await sent(firm, stream(THREE), size=size, parallel=1)
    assert ended.value.handle is not None
    assert firm.stored(ended.value.handle.document_id) is None


@pytest.mark.anyio
async def test_a_stream_of_the_right_size_is_sent(firm: Firm) -> None:
    """In parts, or in one piece."""
    assert THREE == await sent(firm, stream(THREE), size=len(THREE), parallel=1)
    assert SMALL == await sent(firm, stream(SMALL), size=len(SMALL))
    assert b"" == await sent(firm, stream(b""), size=0)


@pytest.mark.anyio
async def test_what_a_stream_raises_is_the_cause(firm: Firm) -> None:
    """Before anything was begun it comes through as it is; after that the error has the handle."""

    async def broken(content: bytes) -> AsyncIterator[bytes]:
        yield content
        raise RuntimeError("the source ended")

    with pytest.raises(RuntimeError, match="the source ended"):
        await sent(firm, broken(SMALL))
    assert [] == firm.asked()
    with pytest.raises(IncompleteUpload) as ended:
        await sent(firm, broken(THREE), parallel=1)
    assert isinstance(ended.value.__cause__, RuntimeError)
    assert ended.value.handle is not None
    assert firm.stored(ended.value.handle.document_id) is None


@pytest.mark.anyio
async def test_a_disk_that_fails_is_the_cause(firm: Firm) -> None:
    """Before anything was begun it is the error; after that the error has the handle."""

    class Failing(io.BytesIO):
        left = 3

        def read(self, size: int | None = -1, /) -> bytes:
            if size:
                self.left -= 1
                if not self.left:
                    raise OSError("the disk is gone")
            return super().read(size)

    file = Failing(THREE)
    with pytest.raises(OSError, match="the disk is gone"):
        await sent(firm, file)
    assert [] == firm.asked()
    file = Failing(SMALL)
    file.left = 1
    with pytest.raises(IncompleteUpload) as ended:
        await sent(firm, file)
    assert isinstance(ended.value.__cause__, OSError)


@pytest.mark.anyio
async def test_more_than_ten_thousand_parts_are_refused(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a stream whose size is not said that is found before a part beyond them is sent."""
    monkeypatch.setattr("clio_async.protocol.upload_plan.MOST_PARTS", 2)
    with pytest.raises(IncompleteUpload, match="larger part_size"):
        await sent(firm, stream(THREE), parallel=1)
    assert ["PUT 1", "PUT 2"] == firm.puts()


@pytest.mark.anyio
async def test_a_stream_is_read_no_further_than_it_has_to_be() -> None:
    """One chunk ahead, to know whether it ends; not once more after its end."""
    left = [b"ab", b"", b"cde"]
    reads = 0

    async def read() -> bytes | None:
        nonlocal reads
        reads += 1
        return left.pop(0) if left else None

    source = Stream(read, None)
    memory = Blocks()
    await source.take(memory, 3)
    assert (b"abc", 3, 3) == (await memory.at(0, 9), reads, source.taken)
    assert not await source.ended()
    await source.take(memory, 9)
    assert (b"de", 2, 5) == (await memory.at(0, 9), memory.size, source.taken)
    assert await source.ended()
    assert 4 == reads


@pytest.mark.anyio
@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, STRIDE + CHUNK + 7])
async def test_memory_grows_as_bytes_come(size: int) -> None:
    """However large a part may be: it holds what came, any piece of which can be read, and is used again."""
    content = bytes(range(251)) * (size // 251 + 1)
    pieces = [content[:size][start : start + 100_003] for start in range(0, size, 100_003)]
    memory = Blocks()
    for left in ([*pieces], [*pieces]):

        async def read(left: list[bytes] = left) -> bytes | None:
            return left.pop(0) if left else None

        await Stream(read, None).take(memory, 1 << 40)
    assert -(-size // CHUNK) == len(memory._blocks)
    assert (size, hashlib.md5(content[:size]).digest()) == (memory.size, await memory.digest(0, size))
    for first in {0, size // 3, max(0, size - 5)} if size else set[int]():
        part = await memory.at(first, 5)
        assert part
        assert content[first : min(first + 5, size)].startswith(part)
    if size > 20:
        assert hashlib.md5(content[7 : size - 3]).digest() == await memory.digest(7, size - 10)


@pytest.mark.anyio
async def test_what_comes_at_once_does_not_hold_up_the_loop() -> None:
    """A chunk of many megabytes is copied in steps, between which others have their turn."""
    turns = 0

    async def other() -> None:
        nonlocal turns
        while True:
            turns += 1
            await anyio.lowlevel.checkpoint()

    left = [bytes(4 * STRIDE)]

    async def read() -> bytes | None:
        return left.pop() if left else None

    memory = Blocks()
    async with anyio.create_task_group() as group:
        group.start_soon(other)
        await Stream(read, None).take(memory, 1 << 30)
        group.cancel_scope.cancel()
    assert (4 * STRIDE, True) == (memory.size, turns >= 3)


@pytest.mark.anyio
@pytest.mark.parametrize("size", [5 << 30, (5 << 30) + 1])
async def test_a_part_may_be_as_large_as_the_storage_takes(firm: Firm, size: int) -> None:
    """And no larger. A stream takes no more memory for it than it has bytes."""
    if size > 5 << 30:
        with pytest.raises(InvalidArgument, match="5 GiB"):
            await firm.clio.documents.upload(stream(SMALL), parent=MATTER, name="x", part_size=size)
    else:
        tracemalloc.start()
        document = await firm.clio.documents.upload(stream(SMALL), parent=MATTER, name="x", part_size=size)
        assert tracemalloc.get_traced_memory()[1] < 16 << 20
        tracemalloc.stop()
        assert SMALL == firm.stored(document.id)


# -- what is held open -------------------------------------------------------------------------------------------------


def _descriptors(path: Path) -> int:
    """Return how many descriptors of this process are of a file."""
    found = 0
    for entry in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):
            found += entry.readlink() == path
    return found


@pytest.mark.anyio
@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="there is no /proc here")
async def test_a_cancelled_upload_closes_its_file(firm: Firm, tmp_path: Path) -> None:
    """At once, however it ends, and not when the garbage is collected."""
    path = tmp_path / "file"
    path.write_bytes(SMALL)
    open_then: list[int] = []
    scope = anyio.CancelScope()
    right = firm.simulator.handler

    async def cancelled(request: Request) -> Response:
        if request.method == "PUT":
            open_then.append(_descriptors(path))
            scope.cancel()
            await anyio.sleep_forever()
        return await right(request)

    firm.simulator.handler = cancelled  # type: ignore[method-assign]
    gc.disable()
    try:
        with scope:
            await sent(firm, path)
        assert ([1], 0) == (open_then, _descriptors(path))
    finally:
        gc.enable()


def test_a_file_is_closed_when_nobody_reads_it(tmp_path: Path) -> None:
    """A thread that is in the middle of it closes it at its end; what is closed is opened and read no more."""
    path = tmp_path / "file"
    path.write_bytes(SMALL)
    held = Held(path)
    held.open()
    file = held._file
    assert file is not None
    with held._using():
        held.close()
        assert not file.closed
        assert SMALL[:5] == file.read(5)
    assert file.closed
    held.close()
    with pytest.raises(ValueError, match="closed"):
        held.read(5)
    early = Held(path)
    early.close()
    with pytest.raises(ValueError, match="closed"):
        early.open()
    assert early._file is None


@pytest.mark.parametrize("when", ["before", "meanwhile"])
def test_a_file_that_is_opened_too_late_is_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: str) -> None:
    """Where the task that wanted it has been cancelled while a thread was opening it."""
    path = tmp_path / "file"
    path.write_bytes(SMALL)
    held = Held(path)
    made: list[io.FileIO] = []

    def opened(number: int) -> io.FileIO:
        made.append(io.FileIO(number))
        if when == "meanwhile":
            held.close()
        return made[-1]

    monkeypatch.setattr(held_module, "io", type("io", (), {"FileIO": staticmethod(opened)}))
    held.open()
    if when == "before":
        held.close()
    assert [True] == [one.closed for one in made]
