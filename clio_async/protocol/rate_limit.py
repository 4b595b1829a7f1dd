"""What an answer says of the token's quota (https://docs.developers.clio.com/api-docs/rate-limits)."""

from __future__ import annotations

import re
from email.utils import parsedate_to_datetime

from ..messages import Headers

__all__ = ["number", "retry_at"]

_FIXDATE = re.compile(r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT", re.ASCII)


def number(headers: Headers, name: str) -> int | None:
    """Return the number in a field that may stand once: ASCII digits, nothing else."""
    value = headers.single(name)
    return int(value) if value is not None and value.isascii() and value.isdigit() and len(value) < 16 else None


def retry_at(headers: Headers, now: float) -> float | None:
    """Return when to try again, in seconds since the epoch, None if the answer does not say.

    `now` is when the answer came. `Retry-After` is a number of seconds or an IMF-fixdate (RFC 9110 §10.2.3);
    without it, the end of the window that the quota is for.
    """
    seconds = number(headers, "retry-after")
    if seconds is not None:
        return now + seconds
    date = headers.single("retry-after")
    if date is not None and _FIXDATE.fullmatch(date):
        try:
            return parsedate_to_datetime(date).timestamp()
        except ValueError:  # the 32nd of a month
            return None
    reset = number(headers, "x-ratelimit-reset")
    return None if reset is None else float(reset)
