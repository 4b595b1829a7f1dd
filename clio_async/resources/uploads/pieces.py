"""What is sent in one request to the storage: a whole file, or a part of one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from hashlib import md5

from .changed import Changed
from .seekable import CHUNK, Seekable

__all__ = ["Piece"]


class Piece:
    """Bytes of a source, as `Content`. Each time they are sent they have to be what they were the first time.

    What has changed is found before the last bytes are handed out: so it does not arrive whole.
    """

    def __init__(
        self,
        source: Seekable,
        number: int,
        first: int,
        length: int,
        digest: bytes | None,
        moved: Callable[[], object],
    ) -> None:
        self.number = number
        self.length = length
        self.digest = digest
        """The MD5 of the bytes; None until they have been read once."""
        self.sent = 0
        """How many were handed out, the last time."""
        self._source = source
        self._first = first
        self._moved = moved

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield the bytes.

        :raises Changed: if they are others, or fewer, than the first time.
        """
        self.sent = 0
        found = md5(usedforsecurity=False)
        if not self.length:
            await self._settle(found.digest())
        while self.sent < self.length:
            chunk = await self._source.at(self._first + self.sent, min(CHUNK, self.length - self.sent))
            found.update(chunk)
            if not chunk:
                raise Changed("The file became shorter while it was uploaded.")
            if self.sent + len(chunk) == self.length:
                await self._settle(found.digest())
            self.sent += len(chunk)
            self._moved()
            yield bytes(chunk)

    async def _settle(self, digest: bytes) -> None:
        await self._source.check()
        if self.digest is None:
            self.digest = digest
        if self.digest != digest:
            raise Changed("The file was changed while it was uploaded.")
