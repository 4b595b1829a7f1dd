"""What can be seen of a client at work: `Hooks`, and the events that they are told.

Nothing here holds a query, a header, a body or a token: events are made to be logged.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Literal, TypeAlias, cast

from attrs import frozen

from .messages import Request, Source
from .options import Lane

__all__ = ["Attempt", "Exchange", "Hooks", "QuotaPause", "QuotaWait", "RateLimit", "TokenRefresh", "Watch"]

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
    """Override what you want to see. A hook must return at once; what it raises is logged, and changes nothing."""

    def call_began(self, request: Request, /) -> object:
        """See a call begin. What is returned is handed to `call_ended`, which runs in the same task."""

    def call_ended(self, exchange: Exchange, begun: object, /) -> None:
        """See a call end, in whatever way."""

    def attempted(self, attempt: Attempt, /) -> None:
        """See what became of a request that was handed to the transport. Calls may need several, or none."""

    def waited(self, wait: QuotaWait, /) -> None:
        """See that a call had to wait for quota."""

    def paused(self, pause: QuotaPause, /) -> None:
        """See that the server asked for a pause."""

    def refreshed(self, refresh: TokenRefresh, /) -> None:
        """See that a token was renewed, or could not be."""


class Watch(Hooks):
    """Tell several hooks, none of which can do harm."""

    def __init__(self, hooks: Iterable[Hooks] = ()) -> None:
        self._hooks = tuple(hooks)

    def __bool__(self) -> bool:
        """Whether anybody looks: if not, no event has to be made."""
        return bool(self._hooks)

    def call_began(self, request: Request, /) -> object:
        return [self._told(hook.call_began, request) for hook in self._hooks]

    def call_ended(self, exchange: Exchange, begun: object, /) -> None:
        given = cast("list[object]", begun)
        for hook, one in reversed([*zip(self._hooks, given, strict=True)]):
            self._told(hook.call_ended, exchange, one)

    def attempted(self, attempt: Attempt, /) -> None:
        for hook in self._hooks:
            self._told(hook.attempted, attempt)

    def waited(self, wait: QuotaWait, /) -> None:
        for hook in self._hooks:
            self._told(hook.waited, wait)

    def paused(self, pause: QuotaPause, /) -> None:
        for hook in self._hooks:
            self._told(hook.paused, pause)

    def refreshed(self, refresh: TokenRefresh, /) -> None:
        for hook in self._hooks:
            self._told(hook.refreshed, refresh)

    def _told(self, hook: object, *event: object) -> object:
        try:
            return hook(*event)  # type: ignore[operator]
        except Exception as error:
            _log.warning("A hook failed: %s", type(error).__name__)
            return None
