"""What may be decided per call (`Options`, carried by every request) and per client (`Policy`)."""

from __future__ import annotations

from collections.abc import Mapping
from types import EllipsisType
from typing import Literal, TypeAlias, TypedDict

from attrs import Attribute, field, frozen

from .errors import InvalidArgument

__all__ = ["CacheMode", "Lane", "OptionChanges", "Options", "Policy", "RetryPolicy", "TagScope", "check_seconds"]

CacheMode: TypeAlias = Literal["validate", "refresh", "bypass"]
"""validate: ask with a validator where one is held. refresh: ask in full, keep the answer. bypass: neither read nor
keep."""

Lane: TypeAlias = Literal["interactive", "batch"]

_PATIENCE: dict[Lane, float | None] = {"interactive": 10.0, "batch": None}


_LONGEST = 1e9  # seconds: thirty years, and no overflow in any clock


def check_seconds(name: str, value: object, *, optional: bool = True, least: str = "a positive number") -> None:
    """Check a time in seconds, of which zero is none.

    :raises InvalidArgument: if it is no time. `least` says what is one.
    """
    if optional and value is None:
        return
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= _LONGEST:
        bound = ", or None for no bound" if optional else ""
        raise InvalidArgument(f"{name} is {least} of seconds{bound}.")


def _attempts(_policy: object, _attribute: object, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise InvalidArgument("RetryPolicy: attempts is a whole number of at least 1: the first attempt counts.")


def _pause(_policy: object, attribute: Attribute[float], value: object) -> None:
    if isinstance(value, bool) or value != 0:
        check_seconds(f"RetryPolicy: {attribute.name}", value, optional=False, least="zero or a positive number")


@frozen
class RetryPolicy:
    """How often, and after what pause, a call is made again that may be. Which may be is not a matter of policy.

    `attempts`: the most attempts of one call, the first included. Those that wait for quota or a token do not count.
    `first_pause`: seconds, at most, before the second attempt. Twice as many before each further one, and any part of
    them.
    `longest_pause`: seconds, at most, of any pause. A server that asks for a longer one is not asked again by this
    call.

    :raises InvalidArgument: for a number of attempts, or a time, that is none.
    """

    attempts: int = field(default=3, validator=_attempts)
    first_pause: float = field(default=0.5, validator=_pause)
    longest_pause: float = field(default=30.0, validator=_pause)


@frozen
class Options:
    """What one call, or every call of a client, may decide. Times are seconds.

    `api_version`: the version of the API that is asked for. None: the one that the server chooses.
    `cache`: "validate" asks with a validator where one is held; "refresh" asks in full, and keeps the answer; "bypass"
    neither reads nor keeps.
    `timeout`: bounds the whole call: queueing, refresh, retries and body together. None: unbounded, as a long batch
    needs.
    `lane`: whose turn it is when quota is short: "interactive" calls go before those of a "batch".
    `max_wait`: the longest wait for quota of one call, zero or more: a call that would have to wait longer is
    `RateLimited` at once. None: unbounded. Unless given, 10 seconds for interactive calls, and unbounded for a batch.
    `timeout` bounds it, too.
    `strict`: whether a value that contradicts the schema raises `SchemaError` instead of being kept raw and reported
    once.
    `retry`: how a failed call is repeated, where that can do no harm. None: not at all. What was refused for want of
    quota (429), or of a token that was renewed meanwhile (401), is sent again in any case.
    `idempotent`: whether the caller vouches that its changes and deletions may be carried out twice, although no
    `If-Match` guards them: they are then repeated like reads. What creates something never is.
    `verify`: whether a write is read back, in one more request, and `ChangeIgnored` tells of what Clio has dropped of
    it.
    """

    api_version: str | None = None
    cache: CacheMode = "validate"
    timeout: float | None = 60.0
    lane: Lane = "interactive"
    max_wait: float | EllipsisType | None = ...
    strict: bool = False
    retry: RetryPolicy | None = RetryPolicy()
    idempotent: bool = False
    verify: bool = False

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
