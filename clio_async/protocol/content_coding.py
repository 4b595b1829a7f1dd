"""Bodies as they arrive: decoded from gzip or deflate, under a cap, and only if they are whole."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Protocol

from ..errors import ResponseBroken, ResponseTooLarge

__all__ = ["IncomingBody"]

_PIECE = 256 * 1024
"""The most that is decoded at a time: what a bomb costs beyond the cap."""
_PAUSE = 1024 * 1024
"""How much is decoded between two chances for other tasks to run."""


class _Inflater(Protocol):
    """What `zlib.decompressobj` returns; its class has no public name."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    @property
    def unconsumed_tail(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = ..., /) -> bytes: ...


class IncomingBody:
    """Collect a body piece by piece.

    `coding` is ``"identity"``, ``"gzip"`` or ``"deflate"``; `limit` caps the size in bytes. Several gzip members in a
    row are one body (RFC 1952 §2.2). Deflate means the zlib format (RFC 9110 §8.4.1.2), and the bare one that some
    servers send is understood. An empty body is whole under any coding.

    :raises ResponseTooLarge: if more than `limit` bytes come in or out.
    :raises ResponseBroken: if the coding is damaged, or ends before it is whole.
    """

    __slots__ = ("_coding", "_inflater", "_limit", "_pieces", "_status", "size", "wire_bytes")

    def __init__(self, status: int, coding: str, limit: int) -> None:
        self._status = status
        self._coding = coding
        self._limit = limit
        self._inflater: _Inflater | None = None
        self._pieces: list[bytes] = []
        self.size = 0
        """Bytes so far, decoded."""
        self.wire_bytes = 0
        """Bytes so far, as they were transferred."""

    def feed(self, data: bytes) -> Iterator[None]:
        """Take what arrived. Yields now and then when there is much to decode, so that a caller can let others run."""
        self.wire_bytes += len(data)
        if self.wire_bytes > self._limit:
            raise self._too_large()  # Also what decodes to nothing has to end.
        if self._coding == "identity":
            self._keep(data)
            return
        since_pause = 0
        for piece in self._inflated(data) if data else ():
            self._keep(piece)
            since_pause += len(piece)
            if since_pause >= _PAUSE:
                since_pause = 0
                yield

    def finish(self) -> bytes:
        """Return the whole body."""
        if self._coding != "identity" and self.wire_bytes and not (self._inflater and self._inflater.eof):
            raise ResponseBroken(f"The {self._coding} coding of the body ends before it is whole.", status=self._status)
        return self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)

    def _keep(self, piece: bytes) -> None:
        self.size += len(piece)
        if self.size > self._limit:
            raise self._too_large()
        self._pieces.append(piece)

    def _too_large(self) -> ResponseTooLarge:
        self._pieces.clear()
        return too_large(self._status, self._limit)

    def _inflated(self, data: bytes) -> Iterator[bytes]:
        while True:
            inflater = self._inflater
            if inflater is None or inflater.eof:
                inflater = self._inflater = self._opened(data)
            try:
                piece = inflater.decompress(data, _PIECE)
            except zlib.error:
                raise self._damaged() from None
            data = inflater.unused_data if inflater.eof else inflater.unconsumed_tail
            if piece:
                yield piece
            # A full piece may leave output inside zlib although all input is consumed.
            if not data and (inflater.eof or len(piece) < _PIECE):
                return

    def _opened(self, data: bytes) -> _Inflater:
        if self._coding == "gzip":
            return zlib.decompressobj(zlib.MAX_WBITS | 16)
        if self._inflater is not None:
            raise self._damaged()  # The format has no members: nothing may follow its end.
        # RFC 1950 §2.2: CM is 8 in the low four bits of a zlib header. In a bare stream they would announce a stored
        # block whose padding is not zero, which no encoder writes.
        return zlib.decompressobj(zlib.MAX_WBITS if data[0] & 0x0F == 8 else -zlib.MAX_WBITS)

    def _damaged(self) -> ResponseBroken:
        return ResponseBroken(f"The {self._coding} coding of the body is damaged.", status=self._status)


def too_large(status: int, limit: int) -> ResponseTooLarge:
    """Return the error for a body that exceeds `limit` bytes."""
    return ResponseTooLarge(
        f"The body exceeds the cap of {limit} bytes. Give the transport a larger max_body if it is meant to.",
        status=status,
        limit=limit,
    )
