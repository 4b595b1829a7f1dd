"""What entries and marks are called in the file of a `SQLiteCache`: 63 bits of a digest.

Two entries that meet there push each other out, since a value says whose it is; two marks that meet outdate a little
more than they must.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache

from ..protocol.urls import AskedOnce, is_read_again

__all__ = ["BOOT", "boot_mark", "marks_of", "place_of"]

BOOT = 8  # bytes


def _digest(*parts: str) -> int:
    raw = [part.encode("utf-8", "surrogatepass") for part in parts]
    whole = b"".join([b"%d " % len(part) for part in raw] + raw)
    return int.from_bytes(hashlib.blake2b(whole, digest_size=8).digest(), "big") >> 1


@lru_cache(4096)
def _known(*parts: str) -> int:
    if not is_read_again(parts[-1]):
        raise AskedOnce
    return _digest(*parts)


def _number(*parts: str) -> int:
    try:
        return _known(*parts)
    except AskedOnce:
        return _digest(*parts)


def place_of(principal: str, key: str) -> int:
    """Return where the entry of a principal and a key is."""
    return _number(principal, "entry", key)


def marks_of(principal: str | None, tags: Sequence[str] = ()) -> list[int]:
    """Return the marks of tags: of all principals, or of one. Without tags: the mark of all that a principal has."""
    if principal is None:
        return [_number(tag) for tag in tags]
    return [_number(principal, tag) for tag in tags] if tags else [_number(principal, "", "", "")]


def boot_mark(boot: str) -> bytes:
    """Return what the epoch of a file begins with that is used since that start of the machine."""
    return hashlib.sha256(boot.encode()).digest()[:BOOT]
