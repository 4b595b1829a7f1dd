"""Rate limits: how much of a window is used, and what answers say of it. Times are seconds since the epoch."""

from __future__ import annotations

import math
from base64 import b64encode
from collections import deque
from collections.abc import Callable
from typing import Protocol

from attrs import define, field

from ...messages import Response
from .answers import Refusal, encoded, error_body, http_date, respond
from .regime import RateWindow, Regime

__all__ = ["Quotas", "Window", "costs", "limited", "quota_fields", "window"]


class Window(Protocol):
    """The quota of one token."""

    limit: int

    def remaining(self, now: float) -> int:
        """Return how many requests are left."""
        ...

    def reset(self, now: float) -> float:
        """Return when there will be more."""
        ...

    def spend(self, now: float) -> None:
        """Count one request."""
        ...


@define
class _Fixed:
    limit: int
    seconds: float
    _number: int = -1
    _used: int = 0

    def _turn(self, now: float) -> None:
        number = math.floor(now / self.seconds)
        if number != self._number:
            self._number, self._used = number, 0

    def remaining(self, now: float) -> int:
        self._turn(now)
        return self.limit - self._used

    def reset(self, now: float) -> float:
        self._turn(now)
        return (self._number + 1) * self.seconds

    def spend(self, now: float) -> None:
        self._turn(now)
        self._used += 1


@define
class _Sliding:
    limit: int
    seconds: float
    _spent: deque[float] = field(factory=deque[float])

    def remaining(self, now: float) -> int:
        while self._spent and self._spent[0] <= now - self.seconds:
            self._spent.popleft()
        return self.limit - len(self._spent)

    def reset(self, now: float) -> float:
        self.remaining(now)
        return (self._spent[0] if self._spent else now) + self.seconds

    def spend(self, now: float) -> None:
        self._spent.append(now)


@define
class _First:
    limit: int
    seconds: float
    _began: float = -math.inf
    _used: int = 0

    def remaining(self, now: float) -> int:
        return self.limit - (self._used if now < self._began + self.seconds else 0)

    def reset(self, now: float) -> float:
        return (self._began if now < self._began + self.seconds else now) + self.seconds

    def spend(self, now: float) -> None:
        if now >= self._began + self.seconds:
            self._began, self._used = now, 0
        self._used += 1


def window(limit: int, seconds: float, kind: RateWindow) -> Window:
    """Return an unused window of `limit` requests in `seconds`.

    A fixed one starts anew at multiples of its length, a sliding one looks back from each request, and one of the kind
    "first" starts with the first request after its end.
    """
    kinds: dict[RateWindow, Callable[[int, float], Window]] = {"fixed": _Fixed, "sliding": _Sliding, "first": _First}
    return kinds[kind](limit, seconds)


@define
class Quotas:
    """The windows of all tokens."""

    _windows: dict[str, Window] = field(factory=dict[str, Window])

    def of(self, payer: str | None, regime: Regime) -> Window | None:
        """Return the window of a token, None where there is no limit."""
        if regime.rate_limit is None or payer is None:
            return None
        if payer not in self._windows:
            self._windows[payer] = window(*regime.rate_limit, regime.rate_window)
        return self._windows[payer]


def costs(status: int, regime: Regime) -> bool:
    """Say whether an answer costs quota."""
    if status == 304:
        return regime.quota_304
    return regime.quota_4xx or not 400 <= status < 500


def limited(quota: Window, regime: Regime, now: float) -> Response:
    """Return the answer to a request that comes when nothing is left."""
    wait = max(1, math.ceil(quota.reset(now) - now))
    form = {"seconds": str(wait), "date": http_date(math.ceil(now) + wait)}.get(regime.retry_after)
    fields = () if form is None else (("Retry-After", form),)
    refusal = Refusal(429, "RateLimited", f"Rate limited. Please wait {wait} seconds.")
    if regime.limited_body == "envelope":
        body, kind = error_body(refusal, regime.error_body)
        return respond(429, body, fields, type=kind)
    inner = b64encode(error_body(refusal)[0]).decode()
    body = encoded({"metadata": {"encodingDecoded": "text/plain"}, "data": inner})
    return respond(200 if regime.limited_body == "wrapped-200" else 429, body, fields)


def quota_fields(quota: Window, regime: Regime, now: float) -> list[tuple[str, str]]:
    """Return what every answer says of the quota."""
    fields = [
        ("X-RateLimit-Limit", str(quota.limit)),
        ("X-RateLimit-Remaining", str(max(0, quota.remaining(now)))),
    ]
    if regime.rate_reset != "absent":
        rounded = math.floor if regime.rate_reset == "floor" else math.ceil
        fields.append(("X-RateLimit-Reset", str(rounded(quota.reset(now)))))
    return fields
