"""What the place where files are kept says: its statuses, its words for errors, and the ranges of files that it sends.

It speaks as S3 does (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html), or as Google's and Azure's
stores do, which follow it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal, NamedTuple, TypeAlias

from ..messages import Headers
from .etags import is_strong
from .rate_limit import number

__all__ = ["LONGEST_ERROR", "Meaning", "Part", "code_of", "coded", "meaning", "part_of", "put_fields", "strong_tag"]

Meaning: TypeAlias = Literal["stored", "again", "expired", "corrupt", "refused"]
"""again: the same request may succeed later. expired: the address works no longer, or never did; another one may.
corrupt: other bytes arrived than were announced. refused: there is nothing to be done."""

LONGEST_ERROR = 8192
"""Bytes of an error that are read, at most. Its code stands near the beginning."""

_STORED = frozenset({200, 201, 204})
_AGAIN = frozenset({408, 429, 500, 502, 503, 504})
_BY_CODE: dict[str, Meaning] = {
    "RequestTimeout": "again",
    "IncompleteBody": "again",
    "OperationAborted": "again",
    "SlowDown": "again",
    "BadDigest": "corrupt",
    "InvalidDigest": "corrupt",
    "XAmzContentSHA256Mismatch": "corrupt",
    "ExpiredToken": "expired",
    "TokenRefreshRequired": "expired",
}
# Words of letters: neither a signature nor a token could pass for one.
_CODE = re.compile(rb"<Code>([A-Z][A-Za-z]{2,40}(?:SHA256[A-Za-z]{1,20})?)</Code>")


def meaning(status: int, code: str | None = None) -> Meaning:
    """Say what an answer means. A redirect is refused: a signature is for one host, and bytes are for nobody else."""
    if status in _STORED:
        return "stored"
    if status in _AGAIN:
        return "again"
    if status in {401, 403}:
        return "expired"
    if status == 412:
        return "corrupt"
    if status in {400, 409} and code is not None:
        return _BY_CODE.get(code, "refused")
    return "refused"


def code_of(body: bytes) -> str | None:
    """Return the word that an error gives for itself, None if it gives none. Nothing else of a body is ever shown."""
    found = _CODE.search(body)
    return None if found is None else found[1].decode("ascii")


# -- what is sent --------------------------------------------------------------------------------------------------

_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,256}")
_VALUE = re.compile(r"(?:[\x21-\x7e\x80-\xff](?:[\t\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?)?")
_REFUSED = frozenset(
    {"authorization", "connection", "cookie", "cookie2", "expect", "keep-alive", "proxy-authorization"}
    | {"proxy-connection", "set-cookie", "te", "trailer", "transfer-encoding", "upgrade", "x-api-version"}
)


def put_fields(given: Iterable[tuple[str, str]], length: int, authority: str) -> tuple[tuple[str, str], ...] | str:
    """Return the header fields to send with `length` bytes, or what is wrong with those that were given.

    They are exactly the given ones. `Content-Length` and `Host`, which HTTP needs in any case, may be among them if
    they say what is true. What would prove an identity, or say how the message travels, may not.
    """
    true = {"content-length": str(length), "host": authority.lower()}
    fields: list[tuple[str, str]] = []
    for name, value in given:
        if not (
            isinstance(name, str) and isinstance(value, str) and _TOKEN.fullmatch(name) and _VALUE.fullmatch(value)
        ):
            return "one that no request can have"
        key = name.lower()
        if key in _REFUSED:
            return f"{key}, which is not sent there"
        if key not in true:
            fields.append((name, value))
        elif value.lower() != true[key]:
            return f"another {key} than is true"
    return (*fields,)


# -- what comes ----------------------------------------------------------------------------------------------------


class Part(NamedTuple):
    """The bytes of a file that an answer holds: offsets of the first and the last, and the size of the whole file."""

    first: int
    last: int
    size: int | None


_RANGE = re.compile(r"(?i:bytes) ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18}|\*)")


def part_of(headers: Headers) -> Part | None:
    """Return which part of the file a 206 holds (RFC 9110 §14.4). None if it does not say, or says what cannot be."""
    found = _RANGE.fullmatch(headers.single("content-range") or "")
    if found is None:
        return None
    first, last = int(found[1]), int(found[2])
    size = None if found[3] == "*" else int(found[3])
    length = number(headers, "content-length")
    sound = first <= last and (size is None or last < size) and length in {None, last - first + 1}
    return Part(first, last, size) if sound else None


def strong_tag(headers: Headers) -> str | None:
    """Return the ETag of a file if it is fit for `If-Range`: a strong one (RFC 9110 §13.1.5)."""
    tag = headers.single("etag")
    return tag if tag is not None and is_strong(tag) else None


def coded(headers: Headers) -> bool:
    """Say whether the bytes are not those of the file, but an encoding of them that nobody asked for."""
    coding = headers.lookup("content-encoding")
    return coding is not None and coding.strip(" \t").lower() not in {"", "identity"}
