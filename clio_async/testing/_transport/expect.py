"""What the checks are written in."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeAlias, TypeVar

from ...messages import Headers, Request, Response
from ...transport.base import Transport
from ..wire import Answer

__all__ = ["Factory", "failure", "holds", "opened", "reply", "request", "same"]

Factory: TypeAlias = Callable[..., Transport]
E_ = TypeVar("E_", bound=BaseException)


def same(wanted: object, found: object, what: str = "") -> None:
    """Fail unless both are equal."""
    if wanted != found:
        raise AssertionError(f"{what or 'found'}: wanted {wanted!r}, found {found!r}")


def holds(condition: object, what: str) -> None:
    """Fail unless the condition is true."""
    if not condition:
        raise AssertionError(what)


async def failure(kind: type[E_] | tuple[type[E_], ...], awaitable: Awaitable[object]) -> E_:
    """Return the error of the given kind that `awaitable` ends with; fail if it ends otherwise."""
    kinds = kind if isinstance(kind, tuple) else (kind,)
    names = " or ".join(each.__name__ for each in kinds)
    try:
        result = await awaitable
    except kinds as error:
        return error
    except Exception as error:
        raise AssertionError(f"wanted {names}, got {type(error).__name__}: {error}") from error
    raise AssertionError(f"wanted {names}, got {result!r}")


@asynccontextmanager
async def opened(factory: Factory, **options: object) -> AsyncGenerator[Transport]:
    """Make a transport, and close it."""
    transport = factory(**options)
    async with transport:
        yield transport


def request(
    url: str,
    method: str = "GET",
    *fields: tuple[str, str],
    body: bytes | None = None,
    within: float | None = 30.0,
) -> Request:
    """Make a request that has to end `within` so many seconds."""
    deadline = None if within is None else time.monotonic() + within
    return Request(method, url, Headers(fields), body, deadline)


def reply(
    body: bytes = b"", *fields: tuple[str, str], status: str = "200 OK", length: bool = True, version: str = "1.1"
) -> bytes:
    """Return the bytes of an answer, delimited by its length unless told otherwise."""
    lines = [f"HTTP/{version} {status}", *(f"{name}: {value}" for name, value in fields)]
    if length:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def ok(_: object) -> Answer:
    """Answer everything with an empty 200."""
    return Answer(reply())


async def outcome(awaitable: Awaitable[Response]) -> Response | Exception:
    """Return the answer or the error."""
    try:
        return await awaitable
    except Exception as error:  # the kind is judged by the caller
        return error
