"""See what happens: counters, events for hooks, and summaries of exchanges for whoever captures them."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar

from ..events import Attempt, Exchange, RateLimit, Watch
from ..messages import Request, Response
from ..protocol.rate_limit import number
from ..stats import Stats
from .base import Handler

__all__ = ["Observe", "capture_responses", "captures", "summary"]


class Observe:
    """Count what goes to the transport. The innermost layer: every request passes it, also those that layers add."""

    def __init__(self, stats: Stats, watch: Watch, clock: Callable[[], float]) -> None:
        self._stats = stats
        self._watch = watch
        self._clock = clock

    async def __call__(self, request: Request, call_next: Handler, /) -> Response:
        stats = self._stats
        stats.requests += 1
        started = self._clock() if self._watch else 0.0
        try:
            response = await call_next(request)
        except BaseException as error:
            stats.failures += 1
            if self._watch:
                self._tell(request, None, type(error).__name__, started, 0)
            raise
        stats.bytes_received += response.wire_bytes
        if self._watch:
            self._tell(request, response.status, None, started, response.wire_bytes)
        return response

    def _tell(self, request: Request, status: int | None, error: str | None, started: float, size: int) -> None:
        path, principal = request.url.partition("?")[0], request.principal
        whom = "" if principal is None else principal.fingerprint
        self._watch.attempted(
            Attempt(request.method, path, request.resource, whom, status, error, started, self._clock(), size)
        )


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


def captures() -> tuple[list[Exchange], ...]:
    """Return the lists of those who capture in this context."""
    return _captures.get()


def summary(
    request: Request, response: Response | None, started: float, ended: float, error: BaseException | None = None
) -> Exchange:
    """Sum up a call."""
    path, principal = request.url.partition("?")[0], request.principal
    whom = "" if principal is None else principal.fingerprint
    if response is None:
        kind = None if error is None else type(error).__name__
        return Exchange(
            request.method, path, None, None, None, None, None, started, ended, 0, request.resource, whom, None, kind
        )
    headers = response.headers
    return Exchange(
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
        request.resource,
        whom,
        headers.single("x-request-id"),
    )


def _rate_limit(response: Response) -> RateLimit | None:
    limit, remaining, reset = (
        number(response.headers, f"x-ratelimit-{name}") for name in ("limit", "remaining", "reset")
    )
    return None if limit is remaining is reset is None else RateLimit(limit, remaining, reset)
