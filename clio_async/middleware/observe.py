"""See what happens: counters, events for hooks, and summaries of exchanges for whoever captures them."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from ..hooks import Watch
from ..messages import NO_HEADERS, Headers, Request, Response
from ..protocol import urls
from ..protocol.rate_limit import number
from ..stats import Stats
from .base import Handler

if TYPE_CHECKING:
    from ..events import Exchange, RateLimit

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
        watched = bool(self._watch)
        started = self._clock() if watched else 0.0
        try:
            response = await call_next(request)
        except BaseException as error:
            stats.failures += 1
            if watched:
                self._tell(request, None, type(error).__name__, started)
            raise
        stats.bytes_received += response.wire_bytes
        if watched:
            self._tell(request, response, None, started)
        return response

    def _tell(self, request: Request, response: Response | None, error: str | None, started: float) -> None:
        from ..events import Attempt  # for those who watch alone

        self._watch.attempted(
            Attempt(
                request.method,
                _path(request),
                request.resource,
                _whom(request),
                None if response is None else response.status,
                error,
                started,
                self._clock(),
                0 if response is None else response.wire_bytes,
                None if response is None else response.headers.single("x-request-id"),
                _template(request),
            )
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
    headers = NO_HEADERS if response is None else response.headers
    from ..events import Exchange

    return Exchange(
        request.method,
        _path(request),
        None if response is None else response.status,
        None if response is None else response.source,
        headers.single("etag"),
        headers.lookup("x-api-version"),
        _rate_limit(headers),
        started,
        ended,
        0 if response is None else len(response.body),
        request.resource,
        _whom(request),
        headers.single("x-request-id"),
        None if error is None else type(error).__name__,
        _template(request),
    )


def _path(request: Request) -> str:
    return request.url.partition("?")[0]


def _whom(request: Request) -> str:
    return "" if request.principal is None else request.principal.fingerprint


def _template(request: Request) -> str | None:
    """Return the path as the registry has it."""
    principal = request.principal
    if request.resource is None or principal is None:
        return None
    from ..models import registry  # only who watches needs its tables here

    found = registry.match(request.method, urls.resource_path(principal.origin, request.url))
    return None if found is None else found[1].path.removesuffix(".json")


def _rate_limit(headers: Headers) -> RateLimit | None:
    limit, remaining, reset = (number(headers, f"x-ratelimit-{name}") for name in ("limit", "remaining", "reset"))
    if limit is remaining is reset is None:
        return None
    from ..events import RateLimit

    return RateLimit(limit, remaining, reset)
