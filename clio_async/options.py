"""What may be decided per call (`Options`, carried by every request) and per client (`Policy`)."""

from __future__ import annotations

from collections.abc import Mapping
from types import EllipsisType
from typing import Literal, TypeAlias, TypedDict

from attrs import field, frozen

__all__ = ["CacheMode", "Lane", "OptionChanges", "Options", "Policy", "RetryPolicy", "TagScope"]

CacheMode: TypeAlias = Literal["validate", "refresh", "bypass"]
"""validate: ask with a validator where one is held. refresh: ask in full, keep the answer. bypass: neither read nor
keep."""

Lane: TypeAlias = Literal["interactive", "batch"]

_PATIENCE: dict[Lane, float | None] = {"interactive": 10.0, "batch": None}


@frozen
class RetryPolicy:
    """How often, and after what pause, a call is made again that may be. Which may be is not a matter of policy."""

    attempts: int = 3
    """The most attempts of one call, the first included. Those that wait for quota or a token do not count."""
    first_pause: float = 0.5
    """Seconds, at most, before the second attempt. Twice as many before each further one, and any part of them."""
    longest_pause: float = 30.0
    """Seconds, at most, of any pause. A server that asks for a longer one is not asked again by this call."""


@frozen
class Options:
    """What one call, or every call of a client, may decide. Times are seconds."""

    api_version: str | None = None
    cache: CacheMode = "validate"
    timeout: float | None = 60.0
    """Bounds the whole call: queueing, refresh, retries and body together. None: unbounded, as a long batch needs."""
    lane: Lane = "interactive"
    """Whose turn it is when quota is short: interactive calls go before those of a batch."""
    max_wait: float | EllipsisType | None = ...
    """The longest wait for quota of one call, zero or more: a call that would have to wait longer is `RateLimited` at
    once. None: unbounded. Unless given, 10 seconds for interactive calls, and unbounded for a batch. `timeout` bounds
    it, too."""
    strict: bool = False
    """Whether a value that contradicts the schema raises `SchemaError` instead of being kept raw and reported once."""
    retry: RetryPolicy | None = RetryPolicy()
    """How a failed call is repeated, where that can do no harm. None: not at all. What was refused for want of quota
    (429), or of a token that was renewed meanwhile (401), is sent again in any case."""
    idempotent: bool = False
    """Whether the caller vouches that its changes and deletions may be carried out twice, although no `If-Match` guards
    them: they are then repeated like reads. What creates something never is."""
    verify: bool = False
    """Whether a write is read back, in one more request, and `ChangeIgnored` tells of what Clio has dropped of it."""

    @property
    def patience(self) -> float | None:
        """The longest wait for quota in seconds, as given or as the lane has it. None: unbounded."""
        if self.max_wait is ...:
            return _PATIENCE[self.lane]
        return self.max_wait


class OptionChanges(TypedDict, total=False):
    """What `Clio.options` takes: any of the `Options`, by name."""

    api_version: str | None
    cache: CacheMode
    timeout: float | None
    lane: Lane
    max_wait: float | EllipsisType | None
    strict: bool
    retry: RetryPolicy | None
    idempotent: bool
    verify: bool


TagScope: TypeAlias = Literal["record", "representation"]


@frozen
class Policy:
    """What an application knows or wants of caching. Resources are named as on the client: ``"matters"``."""

    fresh_for: Mapping[str, float] = field(factory=dict[str, float])
    """Seconds for which an answer about a resource is given again without asking. Nothing is, unless named here."""
    tag_scope: Mapping[str, TagScope] = field(factory=dict[str, TagScope])
    """What the ETag of a resource names. "record" (the default): its own attributes, so that a selection that holds
    more is read in full. "representation": all that the answer holds; declare it only if it is known."""
    max_age: float = 3600.0
    """Seconds after which an answer is asked for in full. It bounds how long a withdrawn permission can go unseen. Each
    entry gets up to 10 % more or less."""
