"""What may be uploaded: paths, bytes, open files and streams; and what may not."""

from __future__ import annotations

import io
import os
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import anyio
import pytest

from clio_async import IncompleteUpload, InvalidArgument, SourceChanged
from clio_async.resources.uploads.source import Stream

from .firm import KIB, MATTER, PART, THREE, Firm, stream

pytestmark = pytest.mark.usefixtures("small_parts")
SMALL = b"Dear Sir, " * 100
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
async def test_a_fifo_is_a_stream(firm: Firm, tmp_path: Path) -> None:
    """A path at which no regular file is can be read once."""
    path = tmp_path / "fifo"
    os.mkfifo(path)
    thread = threading.Thread(target=path.write_bytes, args=(THREE,))
    thread.start()
    assert THREE == await sent(firm, path)
    thread.join()


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
        ("/nowhere/at/all", "FileNotFoundError"),
        ("/", "IsADirectoryError"),
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
    """Before anything was begun it cannot be read; after that the error has the handle."""

    class Failing(io.BytesIO):
        left = 3

        def read(self, size: int | None = -1, /) -> bytes:
            if size:
                self.left -= 1
                if not self.left:
                    raise OSError("the disk is gone")
            return super().read(size)

    file = Failing(THREE)
    with pytest.raises(InvalidArgument, match="OSError"):
        await sent(firm, file)
    assert [] == firm.asked()
    file = Failing(SMALL)
    file.left = 1
    with pytest.raises(IncompleteUpload) as ended:
        await sent(firm, file)
    assert isinstance(ended.value.__cause__, OSError)


@pytest.mark.anyio
async def test_more_than_ten_thousand_parts_are_refused(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a stream that is found when they have been sent."""
    monkeypatch.setattr("clio_async.protocol.upload_plan.MOST_PARTS", 2)
    with pytest.raises(SourceChanged, match="larger part_size"):
        await sent(firm, stream(THREE), parallel=1)


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
    taken = await source.take(memoryview(bytearray(3)))
    assert (b"abc", 3, 3) == (bytes(await taken.at(0, 9)), reads, source.taken)
    assert not await source.ended()
    assert (b"de", 5) == (bytes(await (await source.take(memoryview(bytearray(9)))).at(0, 9)), source.taken)
    assert await source.ended()
    assert 4 == reads
