"""What is in a file of the storage: bytes, bytes that are made when they are read, or no more than their digest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import md5, shake_128
from typing import Final, TypeAlias

from attrs import field, frozen

__all__ = ["Counted", "File", "Intake", "Joined", "Made", "joined", "length_of", "made_up", "pieces_of", "tag_of"]

PIECE: Final = 64 * 1024


@frozen
class Made:
    """A file of any size, which takes no memory: its bytes follow from its key, and differ from place to place."""

    key: str
    length: int

    def piece(self, number: int) -> bytes:
        """Return the bytes of one piece, by its number from 0."""
        return shake_128(f"{self.key}/{number}".encode()).digest(min(PIECE, self.length - number * PIECE))


@frozen
class Counted:
    """What is left of bytes that were received and not kept."""

    length: int
    digest: bytes = field(repr=False)
    """Their MD5 digest."""


@frozen
class Joined:
    """The parts of an upload, one after the other, where not all of them were kept."""

    parts: tuple[bytes | Counted, ...] = field(repr=False)

    @property
    def length(self) -> int:
        """Bytes of all parts."""
        return sum(map(length_of, self.parts))


File: TypeAlias = bytes | Made | Counted | Joined


def made_up(path: str) -> bytes:
    """Return what a file holds that nobody put there."""
    return f"{path}\n".encode()


def length_of(file: File) -> int:
    """Return the bytes of a file."""
    return len(file) if isinstance(file, bytes) else file.length


def digest_of(file: bytes | Counted) -> bytes:
    """Return the MD5 digest of a file."""
    return _md5(file) if isinstance(file, bytes) else file.digest


def tag_of(file: File) -> str:
    """Return the entity tag of a file: its MD5 digest, that of the digests of its parts, or that of its key."""
    if isinstance(file, Made):
        return f'"{_md5(f"{file.key}/{file.length}".encode()).hex()}"'
    if isinstance(file, Joined):
        return tag_of_parts(file.parts)
    return f'"{digest_of(file).hex()}"'


def tag_of_parts(parts: Iterable[bytes | Counted]) -> str:
    """Return the entity tag of what was put together: the digest of the digests, and how many there were."""
    digests = [digest_of(part) for part in parts]
    return f'"{_md5(b"".join(digests)).hex()}-{len(digests)}"'


def joined(parts: Iterable[bytes | Counted]) -> bytes | Joined:
    """Return the file that parts make."""
    whole = tuple(parts)
    kept = [part for part in whole if isinstance(part, bytes)]
    return b"".join(kept) if len(kept) == len(whole) else Joined(whole)


def pieces_of(file: bytes | Made, first: int, end: int) -> Iterator[bytes]:
    """Yield the bytes from `first` to before `end`."""
    while first < end:
        start = first - first % PIECE
        stop = min(end, start + PIECE)
        whole = file.piece(start // PIECE)[first - start : stop - start] if isinstance(file, Made) else file[first:stop]
        yield whole
        first = stop


def _md5(data: bytes) -> bytes:
    return md5(data, usedforsecurity=False).digest()


class Intake:
    """A body that is being received: kept up to so many bytes, counted beyond."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: bytearray | None = bytearray()
        self._digest = md5(usedforsecurity=False)
        self.length = 0
        """Bytes so far."""

    def feed(self, piece: bytes) -> None:
        """Take in what arrived."""
        self.length += len(piece)
        self._digest.update(piece)
        if self.length > self._most:
            self._kept = None
        if self._kept is not None:
            self._kept += piece

    def file(self) -> bytes | Counted:
        """Return what was received."""
        return Counted(self.length, self._digest.digest()) if self._kept is None else bytes(self._kept)
