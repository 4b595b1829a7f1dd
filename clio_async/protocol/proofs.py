"""What a status of 2xx proves of a write: it may be the word of a gateway, or a page for people."""

from __future__ import annotations

import msgspec

from ..messages import Response
from .shapes import is_dict

__all__ = ["is_accepted", "is_done"]

_LATER = 202  # "received", and nothing is said of what becomes of it (RFC 9110 §15.3.3)


def is_accepted(response: Response) -> bool:
    """Whether a 2xx whose record cannot be read is, by its form, the server's own word that the write was carried out.

    It is JSON that was cut short, or that holds another kind of record than is known. An empty answer, a page of HTML,
    an error and ``null`` say nothing.
    """
    if response.verdict == "done":
        return True
    if response.status == _LATER or not _is_json(response):
        return False
    try:
        content: object = msgspec.json.decode(response.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return response.body.lstrip().startswith(b"{")
    return is_dict(content) and "error" not in content and content.get("data") is not None


def is_done(response: Response) -> bool:
    """Whether a 2xx that is to hold no record says that a write was done: it is empty, or JSON, but no error."""
    if response.status == _LATER:
        return False
    if not response.body.strip():
        return True
    if not _is_json(response):
        return False
    try:
        content: object = msgspec.json.decode(response.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return True
    return not (is_dict(content) and "error" in content)


def _is_json(response: Response) -> bool:
    """Say whether an answer is labelled as JSON, or begins like it and has no label (RFC 9110 §8.3)."""
    if response.headers.lookup("content-type") is None:
        return response.body.lstrip()[:1] in {b"{", b"["}
    return "json" in (response.headers.single("content-type") or "").partition(";")[0].lower()
