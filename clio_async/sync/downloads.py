"""`SyncDownload`: a file that is being received, by a thread."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import TYPE_CHECKING, Any, cast

from ..errors import UsageError
from .calls import Call, Heard
from .seat import Seat

if TYPE_CHECKING:
    from ..resources.downloads.download import Download

__all__ = ["Downloading", "SyncDownload"]


class SyncDownload(Iterator[bytes]):
    """A file that is being received: iterate over it for its bytes. It does what `Download` does.

    A connection that breaks is taken up where it broke. What `progress` raises ends it: the bytes that it was told of
    were not given.
    """

    __slots__ = ("_download", "_failed", "_pieces", "_seat", "_told")

    def __init__(self, seat: Seat, download: Download, told: _Told) -> None:
        self._seat = seat
        self._download = download
        self._told = told
        self._pieces: list[bytes | None] = []
        self._failed = False

    def __repr__(self) -> str:
        return f"<Sync{repr(self._download)[1:]}"

    @property
    def first(self) -> int:
        """The offset of the first byte that this download gives: where the one that it continues had ended."""
        return self._download.first

    @property
    def received(self) -> int:
        """How far the file is received: bytes from its beginning."""
        return self._download.received

    @property
    def size(self) -> int | None:
        """Bytes of the whole file. None if neither the storage nor Clio says."""
        return self._download.size

    @property
    def content_type(self) -> str | None:
        """What the storage says that the bytes are."""
        return self._download.content_type

    @property
    def resume(self) -> str | None:
        """What continues this download from here, in another process too. It holds no secret."""
        return self._download.resume

    def __next__(self) -> bytes:
        """Return the next bytes. What was received when a thread was interrupted is not lost.

        :raises IncompleteDownload: if no more come, and the file is not whole.
        :raises UsageError: if another thread waits for them already, or the download has failed or is over.
        """
        if self._failed:
            raise UsageError("What was told of the progress of this download has failed: begin it anew.")
        if not self._pieces:
            try:
                self._told.run(self._seat, self._step())
            except BaseException:
                self._failed = self._told.failed
                raise
        piece = self._pieces.pop(0)
        if piece is None:
            raise StopIteration
        return piece

    async def _step(self) -> None:
        self._pieces.append(await anext(self._download, None))


class _Told:
    """Who hears of the progress, in the thread that waits for the next bytes."""

    def __init__(self, progress: Any) -> None:
        self._progress = progress
        self._heard: Heard | None = None
        self.failed = False

    def __call__(self, news: Any) -> None:
        cast("Heard", self._heard)(news)  # it is called within a call

    def run(self, seat: Seat, coroutine: Any) -> Any:
        call: Call = seat.call()
        self._heard = None if self._progress is None else Heard(call, self._progress)
        found = seat.run(coroutine, call)
        if self._heard is not None:
            self.failed = self._heard.raised is not None
            self._heard.check()
        return found


class Downloading:
    """A download within a block: ``with clio.documents.download(42) as download``."""

    __slots__ = ("_context", "_seat", "_told")

    def __init__(self, seat: Seat, begin: Any, progress: Any) -> None:
        self._seat = seat
        self._told = _Told(progress)
        self._context: AbstractAsyncContextManager[Download] = begin(None if progress is None else self._told)

    def __enter__(self) -> SyncDownload:
        download = self._told.run(self._seat, self._context.__aenter__())
        return SyncDownload(self._seat, download, self._told)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._seat.run(_ended(self._context))


async def _ended(context: AbstractAsyncContextManager[Any]) -> None:
    await context.__aexit__(None, None, None)  # it cleans up, whatever has ended the block
