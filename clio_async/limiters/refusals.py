"""Why a call is not sent, in words."""

from __future__ import annotations

from ..errors import NotSentTimeout, RateLimited
from ..messages import Request

__all__ = ["refused", "too_late"]


def refused(request: Request, wait: float, before: int, paused: bool, wall: float) -> RateLimited:
    """Return the error for a request that would have to wait so many seconds more, behind so many others.

    `wall` is what time it is, in seconds since the epoch.
    """
    again = "" if request.resent is None else " again"
    text = (
        f"{request.method} {request.url.partition('?')[0]} was not sent{again}: {_reason(wait, before, paused)}. "
        "Call again at retry_at, or let the call wait longer: max_wait=, timeout=."
    )
    return RateLimited(text, retry_at=wall + wait, status=429, request=request)


def _reason(wait: float, before: int, paused: bool) -> str:
    if wait <= 0:
        return "it has waited as long as it may, and nothing tells when there will be quota"
    seconds = f"{max(1.0, wait):.0f} s"
    if before:
        calls = "1 call waits" if before == 1 else f"{before} calls wait"
        return f"it would have to wait for quota another {seconds}, and {calls} before it"
    if paused:
        return f"after a 429, nothing is sent for another {seconds}"
    return f"the quota of the token is used up for another {seconds}"


def too_late() -> NotSentTimeout:
    """Return the error for a call whose time is over."""
    return NotSentTimeout("The time was over while waiting for quota: allow more with timeout=, or call again later.")
