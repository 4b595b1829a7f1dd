"""An `Entry` as bytes, for a store outside the process, and back. Nothing that is read is trusted.

A value is one byte for its format, a digest, the length of the head, the head (JSON), and the body as it was. The
digest is over principal, key, generation, head and body: so a value that was swapped, cut or changed is not there.
Without a key the digest finds accidents; with one it is a MAC, which nobody can make who has the store alone.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable
from math import isfinite
from typing import Any

import msgspec

from ..errors import InvalidArgument
from ..messages import Headers
from ..secrets import Secret
from .base import Entry

__all__ = ["packed", "secret_of", "unpacked"]

_FORMAT = b"\x01"
_DIGEST = slice(1, 33)
_LENGTH = slice(33, 37)
_HEAD = 37

_AHEAD = 1.0  # seconds by which the clocks of two processes may differ

_SENDABLE = re.compile(r"[\t\x20-\x7e\x80-\xff]*").fullmatch
_CONDITIONS = frozenset({"If-None-Match", "If-Modified-Since"})


class _Head(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    headers: tuple[tuple[str, str], ...]
    validator: tuple[str, str] | None
    vary: tuple[tuple[str, str | None], ...]
    validated_at: float
    expires_at: float
    age: float
    redacted: bool


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(_Head).decode


def secret_of(key: bytes | Secret | None) -> bytes | None:
    """Return the bytes of a key that an application gave for its stored values.

    :raises InvalidArgument: if it is no key, or shorter than 16 bytes.
    """
    secret = key.reveal().encode("utf-8", "surrogatepass") if isinstance(key, Secret) else key
    if secret is not None and (not isinstance(secret, bytes) or len(secret) < 16):
        raise InvalidArgument("The key of a cache is a Secret or bytes, 16 or more: secrets.token_bytes(32), say.")
    return secret


def packed(principal: str, entry: Entry, *, bound: bytes = b"", offset: float, secret: bytes | None = None) -> bytes:
    """Return the stored form of an entry, which is of `principal` and of `entry.key` alone.

    `bound` is what else it must be read with: its generation, say. `offset` is what a time of the client's clock lacks
    to that of the stored form, which may be seconds since the epoch. `memo` is left out.
    """
    head = _encode(
        (
            entry.headers.pairs,
            entry.validator,
            entry.vary,
            entry.validated_at + offset,
            entry.expires_at + offset,
            entry.age,
            entry.redacted,
        )
    )
    length, body = len(head).to_bytes(4, "big"), entry.body
    digest = _digest(principal, entry.key, bound, secret, length, head, body)
    return b"".join((_FORMAT, digest, length, head, body))


def unpacked(
    value: object,
    principal: str,
    key: str,
    *,
    bound: bytes = b"",
    offset: float,
    now: float,
    secret: bytes | None = None,
) -> Entry | None:
    """Return the entry of a stored form; None if it is of another place or format, or not whole.

    `now` is the client's clock. An entry that is of a later time, by more than a second, is not there: the clock that
    it was told by has been put back since. Once that clock has come to its time again it looks younger than it is, by
    as much as was put back; a store whose clock may be put back has to see to it that it is not found any more.
    """
    if not isinstance(value, bytes) or value[:1] != _FORMAT or len(value) < _HEAD:
        return None
    length = value[_LENGTH]
    end = _HEAD + int.from_bytes(length, "big")
    if end > len(value):
        return None
    head, body = value[_HEAD:end], value[end:]
    if not hmac.compare_digest(value[_DIGEST], _digest(principal, key, bound, secret, length, head, body)):
        return None
    try:
        read = _decode(head)
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        return None
    validated_at, expires_at = read.validated_at - offset, read.expires_at - offset
    if not validated_at <= now + _AHEAD or not isfinite(validated_at + expires_at + read.age) or read.age < 0:
        return None
    if read.validator is not None and not _can_be_sent(read.validator):
        return None
    headers = Headers(read.headers)
    return Entry(key, headers, body, read.validator, read.vary, validated_at, expires_at, read.age, read.redacted)


def _can_be_sent(validator: tuple[str, str]) -> bool:
    """Say whether it is a condition: what the store holds must not become another field of a request."""
    name, value = validator
    return name in _CONDITIONS and _SENDABLE(value) is not None


def _digest(principal: str, key: str, bound: bytes, secret: bytes | None, *parts: bytes) -> bytes:
    """Digest the parts with what they belong to. Lengths go first, so that no two places read the same."""
    whose, what = principal.encode("utf-8", "surrogatepass"), key.encode("utf-8", "surrogatepass")
    place = b"%d %d %d " % (len(whose), len(what), len(bound))
    whole = b"".join((place, whose, what, bound, *parts))
    digest: Callable[..., Any] = hashlib.sha256
    return digest(whole).digest() if secret is None else hmac.digest(secret, whole, "sha256")
