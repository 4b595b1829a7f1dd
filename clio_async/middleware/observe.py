"""See what happens: counters, and summaries of exchanges for whoever captures them."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar

from attrs import frozen

from ..messages import Request, Response, Source
from ..protocol.rate_limit import number
from ..stats import Stats
from .base import Handler

__all__ = ["Exchange", "Observe", "RateLimit", "capture_responses", "captured"]


class Observe:
    """Count what goes to the transport. The innermost layer: every request passes it, also those that layers add."""

    def __init__(self, stats: Stats) -> None:
        self._stats = stats

    async def __call__(self, request: Request, call_next: Handler, /) -> Response:
        stats = self._stats
        stats.requests += 1
        try:
            response = await call_next(request)
        except BaseException:
            stats.failures += 1
            raise
        stats.bytes_received += response.wire_bytes
        return response


@frozen
class RateLimit:
    """What an answer said of the token's quota (https://docs.developers.clio.com/api-docs/rate-limits)."""

    limit: int | None
    remaining: int | None
    reset: int | None
    """Seconds since the epoch."""


@frozen
class Exchange:
    """The summary of one call. Times are seconds on the client's monotonic clock."""

    method: str
    path: str
    status: int | None
    """None if the call ended without an answer."""
    source: Source | None
    etag: str | None
    api_version: str | None
    rate_limit: RateLimit | None
    started: float
    ended: float
    bytes: int
    """Size of the decoded body."""

    @property
    def elapsed(self) -> float:
        """Seconds from the call to its end."""
        return self.ended - self.started


_captures: ContextVar[tuple[list[Exchange], ...]] = ContextVar("clio_async_captures", default=())


@contextmanager
def capture_responses() -> Generator[list[Exchange]]:
    """Collect a summary of every call made in this context, also by tasks started in it.

    with capture_responses() as seen:
        await clio.matters.get(42)
    seen[0].source  # "network", "revalidated", "cache" or "shared"
    """
    seen: list[Exchange] = []
    token = _captures.set((*_captures.get(), seen))
    try:
        yield seen
    finally:
        _captures.reset(token)


def captured(request: Request, response: Response | None, started: float, ended: float) -> None:
    """Hand a summary to whoever captures, if anybody does."""
    captures = _captures.get()
    if not captures:
        return
    path = request.url.partition("?")[0]
    if response is None:
        exchange = Exchange(request.method, path, None, None, None, None, None, started, ended, 0)
    else:
        headers = response.headers
        exchange = Exchange(
            request.method,
            path,
            response.status,
            response.source,
            headers.single("etag"),
            headers.lookup("x-api-version"),
            _rate_limit(response),
            started,
            ended,
            len(response.body),
        )
    for seen in captures:
        seen.append(exchange)


def _rate_limit(response: Response) -> RateLimit | None:
    limit, remaining, reset = (
        number(response.headers, f"x-ratelimit-{name}") for name in ("limit", "remaining", "reset")
    )
    return None if limit is remaining is reset is None else RateLimit(limit, remaining, reset)
