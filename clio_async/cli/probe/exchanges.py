"""What was asked and what came of it: `Exchange`, and what can be seen in one without knowing Clio."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Literal, TypeAlias, TypeGuard

import msgspec
from attrs import field, frozen

from ...headers import NO_HEADERS, Headers
from .names import UNKNOWN, fields

__all__ = ["BodyKind", "Evidence", "Exchange", "body_kind", "content", "digest", "is_list", "is_object", "shape"]

BodyKind: TypeAlias = Literal["envelope", "oauth", "html", "empty", "other"]

_DEEPEST, _WIDEST = 6, 120
_KINDS: dict[type, str] = {bool: "boolean", int: "number", float: "number", str: "string"}


@frozen(kw_only=True)
class Exchange:
    """One request and its answer, or why there is none."""

    name: str
    """What it was asked for."""
    method: str = "GET"
    target: str = field(default="", repr=False)
    """Path and query under the base URL. It holds ids."""
    status: int = 0
    headers: Headers = field(default=NO_HEADERS, repr=False)
    body: bytes = field(default=b"", repr=False)
    sent_at: float = 0.0
    """Seconds since the epoch by the clock of this machine, as is `received_at`."""
    received_at: float = 0.0
    failure: str = ""
    """Why there is no answer; empty if there is one."""
    doubt: str = ""
    """Why the answer shows nothing; empty if it does."""


@frozen
class Evidence:
    """All that was asked of one server."""

    base: str
    resource: str = "matters"
    exchanges: Mapping[str, Exchange] = field(factory=dict[str, Exchange])
    """By name."""
    skipped: Mapping[str, str] = field(factory=dict[str, str])
    """By the name of an exchange that there is not: why."""
    limited: Exchange | None = None
    """The first 429."""


def is_object(value: object) -> TypeGuard[dict[str, Any]]:
    """Say whether a JSON value is an object."""
    return isinstance(value, dict)


def is_list(value: object) -> TypeGuard[list[Any]]:
    """Say whether a JSON value is a list."""
    return isinstance(value, list)


def content(exchange: Exchange) -> Any:
    """Return the body as JSON, None if it is none."""
    try:
        return msgspec.json.decode(exchange.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def body_kind(exchange: Exchange) -> BodyKind:
    """Return the form of an error's body: Clio's envelope, that of OAuth, a page, nothing, or something else."""
    if not exchange.body:
        return "empty"
    found = content(exchange)
    error = found.get("error") if is_object(found) else None
    if is_object(error):
        return "envelope"
    if isinstance(error, str):
        return "oauth"
    start = exchange.body[:500].lstrip().lower()
    return "html" if start.startswith((b"<!doctype html", b"<html")) else "other"


def digest(body: bytes, salt: bytes) -> str:
    """Return a digest by which equal bodies of one run are recognised, and none can be guessed."""
    return hashlib.blake2b(body, digest_size=8, key=salt).hexdigest()


def shape(value: Any, depth: int = 0) -> Any:
    """Return what a JSON value looks like: names that are known, and types, no value. Of a list, its first item."""
    if depth > _DEEPEST:
        return UNKNOWN
    if is_object(value):
        items = list(value.items())[:_WIDEST]
        return {name if name in fields() else UNKNOWN: shape(held, depth + 1) for name, held in items}
    if is_list(value):
        return [shape(held, depth + 1) for held in value[:1]]
    return _kind(value)


def _kind(value: object) -> str:
    return _KINDS.get(type(value), "null")
