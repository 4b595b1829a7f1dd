"""What can be seen of a client at work: `Hooks`, and the events that they are told.

No event holds a query, a body or a token, and of an answer's header fields only those that are named here. The `path`
of an event is what the caller made it: for a request of the caller's own it may be anything, `template` may not.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from attrs import frozen

from .hooks import Hooks, Watch
from .messages import Source
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
