"""What an answer says of the token's quota (https://docs.developers.clio.com/api-docs/rate-limits)."""

from __future__ import annotations

import base64
import binascii
import re
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any, cast

import msgspec

from ..messages import Headers

__all__ = ["WRAPPED_PAUSE", "asked_pause", "epoch", "number", "retry_at", "seconds_until", "wrapped"]

WRAPPED_PAUSE = 60.0
"""Seconds to wait after a wrapped refusal, which does not say how long."""

_FIXDATE = re.compile(r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT", re.ASCII)
_SMALL = 4096  # bytes; a refusal is not longer
_MARK = b"RateLimited"
_RECORDS = (b'{"data":{', b'{"data":[')  # how nearly every other body begins
_DIGITS = 16
_LONGEST = 10**_DIGITS


def number(headers: Headers, name: str) -> int | None:
    """Return the number in a field that may stand once: ASCII digits, nothing else. `name` is in lower case."""
    value = headers.lookup(name)
    if value is None:
        return None
    if len(value) < _DIGITS:
        found = _digits(value)
        if found is not None:
            return found
    value = headers.single(name)  # it may be repeated
    return _digits(value) if value is not None and len(value) < _DIGITS else None


@lru_cache(1024)  # the same few numbers come again and again
def _digits(value: str) -> int | None:
    return int(value) if value.isdigit() and value.isascii() else None


@lru_cache(64)  # answers of one second have one date
def epoch(date: str) -> float | None:
    """Return an IMF-fixdate (RFC 9110 §5.6.7) in seconds since the epoch, None if the text is none."""
    if _FIXDATE.fullmatch(date) is None:
        return None
    try:
        return parsedate_to_datetime(date).timestamp()
    except ValueError:  # the 32nd of a month
        return None


def _moment(headers: Headers, name: str) -> float | None:
    value = headers.single(name)
    return None if value is None else epoch(value)


def seconds_until(headers: Headers, moment: float, now: float) -> float:
    """Return how far a moment of the server's clock was ahead when it answered; 0 if it was past.

    The answer's own `Date` says what time it was there; `now` (seconds since the epoch) is for an answer without.
    """
    date = _moment(headers, "date")
    return max(0.0, moment - (now if date is None else date))


def asked_pause(headers: Headers, now: float) -> float | None:
    """Return for how many seconds `Retry-After` asks to wait, None if it does not say.

    It is a number of seconds or an IMF-fixdate (RFC 9110 §10.2.3). `now` is when the answer came. A number that is too
    long to be read is a pause of ages, and no missing one.
    """
    seconds = number(headers, "retry-after")
    if seconds is None:
        seconds = _ages(headers.single("retry-after"))
    if seconds is not None:
        return float(seconds)
    moment = _moment(headers, "retry-after")
    return None if moment is None else seconds_until(headers, moment, now)


def _ages(value: str | None) -> int | None:
    """Return the number that so many digits are, none above `_LONGEST`; None if the text is no number."""
    if value is None or not (value.isdigit() and value.isascii()):
        return None
    digits = value.lstrip("0")
    return _LONGEST if len(digits) > _DIGITS else int(digits or "0")


def retry_at(headers: Headers, now: float) -> float | None:
    """Return when to try again, in seconds since the epoch, None if the answer does not say.

    `now` is when the answer came. Without a `Retry-After`, it is the end of the window that the quota is for.
    """
    pause = asked_pause(headers, now)
    if pause is None:
        reset = number(headers, "x-ratelimit-reset")
        if reset is None:
            return None
        pause = seconds_until(headers, reset, now)
    return now + pause


def wrapped(body: bytes) -> bytes | None:
    """Return what a refusal says that a gateway has wrapped into JSON and base64, None if the body is none.

    Such answers came, under whatever status, as ``{"metadata": {"encodingDecoded": "text/plain"}, "data": "…"}``.
    """
    if len(body) > _SMALL or body.startswith(_RECORDS) or b'"encodingDecoded"' not in body:
        return None
    try:
        content: Any = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    if not isinstance(content, dict):
        return None
    data = cast("dict[str, Any]", content).get("data")
    if not isinstance(data, str):
        return None
    try:
        text = base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        return None
    return text if _MARK in text else None
