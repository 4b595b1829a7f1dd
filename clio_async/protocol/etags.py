"""Entity tags (RFC 9110 §8.8.3): opaque, compared, never edited."""

from __future__ import annotations

import re

__all__ = ["is_strong", "is_tag", "opaque", "sendable", "unmarked", "weakly_equal"]

_TAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')
_MARK = re.compile(r'(?:[-;]{1,2}(?:gzip|br|deflate|zstd))+"$')
_UNQUOTED = re.compile(r"[\x21-\x2b\x2d-\x7e\x80-\xff]+")


def is_strong(tag: str) -> bool:
    """Say whether `tag` is a well-formed strong tag, fit for `If-Match`."""
    return tag.startswith('"') and _TAG.fullmatch(tag) is not None


def is_tag(tag: str) -> bool:
    """Say whether `tag` is one well-formed tag, strong or weak."""
    return _TAG.fullmatch(tag) is not None


def opaque(tag: str) -> str:
    """Return the opaque part of a tag: what the weak comparison compares."""
    return tag.removeprefix("W/")


def weakly_equal(one: str, other: str) -> bool:
    """Compare two tags weakly (RFC 9110 §8.8.3.2)."""
    return opaque(one) == opaque(other)


def unmarked(tag: str) -> str:
    """Return a tag without what servers that compress append to it: ``"a-gzip"`` is ``"a"``. It is to be compared."""
    return _MARK.sub('"', opaque(tag))


def sendable(tag: str) -> bool:
    """Say whether a server's tag can be sent back in `If-None-Match` and mean that tag.

    A malformed tag (without quotes, with doubled ones) is sent back byte for byte, because servers that emit one
    compare strings. ``*`` would match anything, and a comma would make a list of it: neither is sent.
    """
    if _TAG.fullmatch(tag):
        return True
    return tag != "*" and _UNQUOTED.fullmatch(tag) is not None
