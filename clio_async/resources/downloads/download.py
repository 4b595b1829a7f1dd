"""`Download`: a file that is being received, across broken connections."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import NoReturn

from ...errors import ClioError, IncompleteDownload, ResponseBroken, StorageRefused, TransportError, UsageError
from ...protocol.downloads import Position, is_same, read_resume, write_resume
from ...protocol.storage import meaning
from ...secrets import Secret
from ...storage import FileStorage, StoredFile
from ...transfers import OnProgress, Phase, Progress, heard
from ..base import ResourceBase
from .file import File

__all__ = ["Download", "download"]


@asynccontextmanager
async def download(
    resource: ResourceBase,
    target: object,
    /,
    *,
    document_version_id: object = None,
    resume: str | None = None,
    progress: OnProgress | None = None,
) -> AsyncGenerator[Download]:
    """Receive a file within a block. See `Download`.

    :raises InvalidArgument: if `resume` does not continue a download of this file by this principal. Nothing was sent.
    :raises IncompleteDownload: if what `resume` continues has changed since.
    """
    heard(progress)
    file = File(resource, target, document_version_id)
    at = None if resume is None else read_resume(resume, *file.bound)
    found = Download(file, file.caller.storage(), at, progress)
    try:
        await found._open()  # noqa: SLF001 - it is one of us
        yield found
    finally:
        await found._end()  # noqa: SLF001


class Download:
    """A file that is being received: iterate over it for its bytes, in one task at a time.

    A connection that breaks is taken up where it broke, if the file has a strong ETag, as often as the client's retry
    policy lets one fail in a row. All bytes are of one and the same file: should it change meanwhile, the download ends
    as `IncompleteDownload`, as it does if fewer or more bytes came than the file has. What `progress` raises ends it,
    too: the bytes that it was told of were not given.
    """

    def __init__(self, file: File, storage: FileStorage, at: Position | None, progress: OnProgress | None) -> None:
        self._file = file
        self._storage = storage
        self._progress = progress
        self._at = at
        self._first = self._received = 0 if at is None else at.offset
        self._validator = None if at is None else at.validator
        self._size = None if at is None else at.size
        self._expected = file.noted_size
        self._is_asked = False
        """Whether Clio was asked for the size: what the caller's record says may be out of date."""
        self._content_type: str | None = None
        self._address: Secret | None = None
        self._stack = AsyncExitStack()
        self._pieces: AsyncIterator[bytes] | None = None
        self._skip = 0
        """Bytes of the answer that are received already."""
        self._failures = 0
        self._is_busy = False
        self._over: str | None = None

    def __repr__(self) -> str:
        return f"<Download {self._received} of {'?' if self._size is None else self._size} bytes>"

    @property
    def first(self) -> int:
        """The offset of the first byte that this download gives: where the one that it continues had ended."""
        return self._first

    @property
    def received(self) -> int:
        """How far the file is received: bytes from its beginning, with those of the download that this continues."""
        return self._received

    @property
    def size(self) -> int | None:
        """Bytes of the whole file. None if neither the storage nor Clio says."""
        return self._size

    @property
    def content_type(self) -> str | None:
        """What the storage says that the bytes are."""
        return self._content_type

    @property
    def resume(self) -> str | None:
        """What continues this download from here, in another process too. It holds no secret.

        None where nothing is to be continued: before the first byte, behind the last, or where the file has no strong
        ETag by which it could be told from a later one.
        """
        if not self._received or self._received == self._size or self._validator is None:
            return None
        return write_resume(Position(self._received, self._validator, self._size), *self._file.bound)

    def __aiter__(self) -> Download:
        return self

    async def __anext__(self) -> bytes:
        """Return the next bytes.

        :raises IncompleteDownload: if no more come, and the file is not whole.
        :raises UsageError: if another task waits for them already, or the download has failed or is over.
        """
        if self._is_busy:
            raise UsageError("Another task waits for the next bytes of this download: let one task read it.")
        if self._over is not None:
            self._refuse()
        self._is_busy = True
        try:
            return await self._next()
        finally:
            self._is_busy = False

    async def _next(self) -> bytes:
        while True:
            if self._pieces is None:
                await self._go_on()
            try:
                piece = await self._piece()
            except TransportError as error:
                if self._received != self._size:
                    await self._cut(error)
                    continue
                piece = b""  # only the end of the answer is missing
            if piece:
                self._take(piece)
                return piece
            self._over = ""
            await self._leave()
            self._tell("done", self._received)
            raise StopAsyncIteration

    def _refuse(self) -> NoReturn:
        if self._over:
            raise UsageError(self._over)
        raise StopAsyncIteration

    def _take(self, piece: bytes) -> None:
        before, received = self._received, self._received + len(piece)
        if self._size is not None and received > self._size:
            self._fail("More bytes came than the file has, as Clio says.", continues=False)
        self._received = received
        self._failures = 0
        try:
            self._tell("downloading", self._size)
        except BaseException:
            self._received, self._over = before, _FAILED  # the piece is given to nobody
            raise

    async def _piece(self) -> bytes:
        """Return the next bytes of the answer, or nothing if the file is whole."""
        assert self._pieces is not None  # noqa: S101  # an answer is there
        piece = await anext(self._pieces, b"")
        while piece and self._skip:
            known = min(self._skip, len(piece))
            self._skip -= known
            piece = piece[known:] or await anext(self._pieces, b"")
        if not piece and (self._skip or (self._size is not None and self._received < self._size)):
            raise ResponseBroken("The storage sent fewer bytes than the file has.")
        return piece

    # -- an answer, and the next one -----------------------------------------------------------------------------

    async def _go_on(self) -> None:
        """Wait for a further answer. What fails now fails a download that had begun."""
        await self._leave()  # an answer may be there, if the wait was cut short before it could be used
        try:
            await self._open()
        except IncompleteDownload:
            raise
        except ClioError as error:
            if not self._received:
                raise
            self._fail("The download was cut, and could not be taken up.", error)

    async def _open(self) -> None:
        """Wait for an answer with the bytes from where the download stands."""
        if not self._received and self._expected is None and not self._is_asked:
            self._expected, self._is_asked = await self._file.size(), True
        stored = await self._answer()
        if not self._received:
            await self._start(stored)
        elif not is_same(self._position(), stored.validator, stored.size):
            self._fail(_CHANGED, continues=False)
        self._skip = self._received - stored.first  # all of them, where the storage serves no ranges
        self._size = stored.size if self._size is None else self._size
        self._content_type = stored.headers.get("content-type")
        self._pieces = stored.chunks()

    async def _start(self, stored: StoredFile) -> None:
        """Note which file it is that comes from its beginning."""
        self._validator = stored.validator
        if self._is_in_doubt(stored.size):
            self._expected, self._is_asked = await self._file.size_again(), True
        self._size = stored.size if self._expected is None else self._expected
        if stored.size not in {None, self._size}:
            self._fail("The storage has a file of another size than Clio says.", continues=False)

    def _is_in_doubt(self, size: int | None) -> bool:
        """Say whether Clio is to be asked once more, as there may be a new version by now."""
        if self._expected is None:
            return False
        return not self._is_asked if size is None else size != self._expected

    async def _answer(self) -> StoredFile:
        renewed = self._address is None
        while True:
            if self._address is None:
                self._address = await self._file.locate()
            try:
                asked = self._storage.get(self._address, first=self._received, validator=self._validator)
                return await self._stack.enter_async_context(asked)
            except StorageRefused as error:
                if error.status == 416 and self._received:
                    self._fail(_CHANGED, error, continues=False)
                if renewed or meaning(error.status, error.code) != "expired":
                    raise
                self._address, renewed = None, True
                self._address = await self._file.locate()  # an error of it has this one as its context

    def _position(self) -> Position:
        assert self._validator is not None  # noqa: S101  # without, nothing is taken up
        return Position(self._received, self._validator, self._size)

    async def _cut(self, error: TransportError) -> None:
        """Wait until another answer may be asked for."""
        await self._leave()
        self._failures += 1
        if self._received and self._validator is None:
            self._fail("The download was cut, and the file has no ETag by which to take it up.", error)
        if not await self._storage.again(self._failures, error):
            self._fail("The download was cut.", error)

    async def _leave(self) -> None:
        """Give the connection back."""
        self._pieces = None
        await self._stack.aclose()

    async def _end(self) -> None:
        self._over = self._over or "The download is over: read it within its block."
        await self._leave()

    def _fail(self, reason: str, error: ClioError | None = None, *, continues: bool = True) -> NoReturn:
        self._over = _FAILED
        size = self._size
        known = f"{self._received} of {'?' if size is None else size} bytes"
        resume = self.resume if continues else None
        raise IncompleteDownload(
            f"{reason} {known} came.", received=self._received, size=size, resume=resume
        ) from error

    def _tell(self, phase: Phase, total: int | None) -> None:
        if self._progress is not None:
            self._progress(Progress(phase, self._received, total))


_CHANGED = "The file has changed since the download began, and no two files are mixed: begin it anew."
_FAILED = "The download has failed: what continues it, if anything, is in the error."
