"""What can be seen of a client at work: `Hooks`, and the events that they are told.

No event holds a query, a body or a token, and of an answer's header fields only those that are named here. The `path`
of an event is what the caller made it: for a request of the caller's own it may be anything, `template` may not.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Literal, TypeAlias, cast

from attrs import frozen

from .messages import Request, Source
from .options import Lane

__all__ = [
    "Attempt",
    "Exchange",
    "Hooks",
    "QuotaPause",
    "QuotaWait",
    "RateLimit",
    "RefreshOutcome",
    "TokenRefresh",
    "Watch",
]

_log = logging.getLogger("clio_async")


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
    """The URL without its query."""
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
    resource: str | None = None
    """The name of the resource in the registry, None for a path that is not in it."""
    principal: str = ""
    """The fingerprint of the principal."""
    request_id: str | None = None
    """The server's name for the exchange (`X-Request-Id`), for its support."""
    error: str | None = None
    """The class of the error with which the call ended without an answer."""
    template: str | None = None
    """The path in the registry, as in ``/matters/{id}``; None for a path that is not in it."""

    @property
    def elapsed(self) -> float:
        """Seconds from the call to its end."""
        return self.ended - self.started


@frozen
class Attempt:
    """One request that was handed to the transport. Times are seconds on the client's monotonic clock."""

    method: str
    path: str
    """The URL without its query."""
    resource: str | None
    principal: str
    """The fingerprint of the principal; empty for a request to the authorization server."""
    status: int | None
    """None if no complete answer came."""
    error: str | None
    """The class of the error, if no complete answer came."""
    started: float
    ended: float
    wire_bytes: int
    """Bytes of the body as transferred."""
    request_id: str | None = None
    """The server's name for the exchange (`X-Request-Id`), for its support."""
    template: str | None = None
    """The path in the registry, as in ``/matters/{id}``; None for a path that is not in it."""


@frozen
class QuotaWait:
    """A call that had to wait for quota. Times are seconds on the limiter's monotonic clock."""

    principal: str
    lane: Lane
    outcome: Literal["sent", "refused", "abandoned"]
    """refused: the wait would have been longer than `max_wait`. abandoned: cancelled, or out of time."""
    started: float
    ended: float


@frozen
class QuotaPause:
    """The server asked for a pause (429): nothing is sent on behalf of the principal until it is over."""

    principal: str
    seconds: float


RefreshOutcome: TypeAlias = Literal["refreshed", "adopted", "failed", "revoked"]
"""adopted: another process had refreshed already. revoked: the grant is gone, the user has to approve again."""


@frozen
class TokenRefresh:
    """One attempt to renew an access token. Times are seconds on the client's monotonic clock."""

    principal: str
    outcome: RefreshOutcome
    started: float
    ended: float


class Hooks:
    """Override what you want to see. A hook must return at once; what it raises is logged, and changes nothing.

    Hooks are told in the order in which they were given, and of the end of a call in the reverse order.
    """

    def call_began(self, request: Request, /) -> object:
        """See a call begin. What is returned is handed to `call_ended`, which runs in the same task.

        The request is the call as the caller made it, without its token: query, body and the caller's own header
        fields may hold secrets of the caller.
        """

    def call_ended(self, exchange: Exchange, begun: object, /) -> None:
        """See a call end, in whatever way: answered, failed or cancelled."""

    def attempted(self, attempt: Attempt, /) -> None:
        """See what became of a request that was handed to the transport. Calls may need several, or none."""

    def waited(self, wait: QuotaWait, /) -> None:
        """See that a call had to wait for quota."""

    def paused(self, pause: QuotaPause, /) -> None:
        """See that the server asked for a pause."""

    def refreshed(self, refresh: TokenRefresh, /) -> None:
        """See that a token was renewed, or could not be. It runs in a task of its own, not in that of a call."""


class Watch(Hooks):
    """Tell several hooks, and the log. None of them can do harm."""

    def __init__(self, hooks: Iterable[Hooks] = ()) -> None:
        from .logs import Log  # it is a Hooks itself

        given = (*hooks,)
        self._given = bool(given)
        self._hooks: tuple[Hooks, ...] = (*given, Log())

    def __bool__(self) -> bool:
        """Whether anybody looks at single calls: if not, no event has to be made for them."""
        return self._given or _log.isEnabledFor(logging.DEBUG)

    def call_began(self, request: Request, /) -> object:
        return [_told(hook.call_began, request) for hook in self._hooks]

    def call_ended(self, exchange: Exchange, begun: object, /) -> None:
        given = cast("list[object]", begun)
        for hook, one in reversed([*zip(self._hooks, given, strict=True)]):
            _told(hook.call_ended, exchange, one)

    def attempted(self, attempt: Attempt, /) -> None:
        for hook in self._hooks:
            _told(hook.attempted, attempt)

    def waited(self, wait: QuotaWait, /) -> None:
        for hook in self._hooks:
            _told(hook.waited, wait)

    def paused(self, pause: QuotaPause, /) -> None:
        for hook in self._hooks:
            _told(hook.paused, pause)

    def refreshed(self, refresh: TokenRefresh, /) -> None:
        for hook in self._hooks:
            _told(hook.refreshed, refresh)


def _told(hook: Callable[..., object], *event: object) -> object:
    """Tell one hook. What it raises is logged by its class alone: the text may hold anything."""
    try:
        return hook(*event)
    except Exception as error:
        with suppress(Exception):  # a filter or handler of the application may be what fails
            _log.warning("The hook %s failed: %s", getattr(hook, "__qualname__", "?"), type(error).__name__)
        return None
