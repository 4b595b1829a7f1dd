"""Where a download stands: the text that continues it, and what an answer to the rest of a file means."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from typing import Any

from attrs import frozen

from ..errors import InvalidArgument
from .etags import is_strong

__all__ = ["Position", "is_same", "read_resume", "write_resume"]


@frozen
class Position:
    """How far a file is received."""

    offset: int
    """Bytes from its beginning."""
    validator: str
    """The strong ETag of the file that they are of."""
    size: int | None
    """Bytes of that file, if it is known."""


def is_same(position: Position, validator: str | None, size: int | None) -> bool:
    """Say whether bytes that came later are certainly of the same file.

    That the storage answered with the rest says so already (`If-Range`, RFC 9110 §13.1.5). But where it does not know
    that field it answers with the rest of whatever is there, so its tag has to be the same, too.
    """
    return validator == position.validator and (size is None or position.size in {None, size})


def write_resume(position: Position, *bound: str) -> str:
    """Write where a download stands; `bound` says of what, and on whose behalf. It holds nothing secret."""
    content = {
        "v": 1,
        "bound": _digest(*bound),
        "at": position.offset,
        "tag": position.validator,
        "size": position.size,
    }
    return urlsafe_b64encode(json.dumps(content, separators=(",", ":")).encode()).rstrip(b"=").decode()


def read_resume(text: str, *bound: str) -> Position:
    """Return where the download stands that a text was written for.

    :raises InvalidArgument: if it is malformed, or was made for another file, principal or version.
    """
    try:
        content: dict[str, Any] = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        version, whose = content["v"], content["bound"]
        position = Position(content["at"], content["tag"], content["size"])
    except (ValueError, KeyError, TypeError, RecursionError):
        raise InvalidArgument(
            "This does not continue a download: pass what IncompleteDownload.resume was, or leave resume= out."
        ) from None
    if version != 1 or not _is_sound(position):
        raise InvalidArgument("This does not continue a download of this version of the package: begin it anew.")
    if whose != _digest(*bound):
        raise InvalidArgument(
            "This continues another download: of another file, or by another principal or API version. Pass the "
            "arguments that it was begun with."
        )
    return position


def _is_sound(position: Position) -> bool:
    offset, tag, size = position.offset, position.validator, position.size
    return (
        type(offset) is int
        and offset > 0
        and isinstance(tag, str)
        and is_strong(tag)
        and (size is None or (type(size) is int and offset < size))
    )


def _digest(*parts: str) -> str:
    return sha256(json.dumps(parts).encode()).hexdigest()[:32]
