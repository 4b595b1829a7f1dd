"""What an answer says of the quota (row F50 of the fault table)."""

from __future__ import annotations

import pytest

from clio_async.errors import RateLimited
from clio_async.messages import Headers, Request, Response
from clio_async.protocol.rate_limit import number, retry_at
from clio_async.protocol.responses import error_of

NOW = 1_800_000_000.0
FIXDATE = "Fri, 15 Jan 2027 08:00:05 GMT"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"Retry-After": "30"}, NOW + 30),
        ({"Retry-After": "0"}, NOW),
        ({"Retry-After": FIXDATE}, NOW + 5),
        ({"Retry-After": "Sat, 32 Jan 2027 08:00:05 GMT"}, None),
        ({"Retry-After": "15 Jan 2027 08:00:05 GMT"}, None),
        ({"Retry-After": "-1"}, None),
        ({"Retry-After": "inf"}, None),
        ({"Retry-After": "nan"}, None),
        ({"Retry-After": "٣٠"}, None),
        ({"Retry-After": "9" * 400}, None),
        ({"X-RateLimit-Reset": "1800000042"}, NOW + 42),
        ({"Retry-After": "30", "X-RateLimit-Reset": "1800000042"}, NOW + 30),
        ({}, None),
    ],
    ids=str,
)
def test_retry_after_is_ascii_digits_or_a_fixdate_and_the_window_is_the_fallback(
    fields: dict[str, str], expected: float | None
) -> None:
    """F50: anything else says nothing, and does no harm."""
    assert expected == retry_at(Headers(fields), NOW)


def test_a_repeated_field_with_two_values_says_nothing() -> None:
    """F12: which of them is meant cannot be known."""
    assert None is number(Headers([("Retry-After", "1"), ("Retry-After", "2")]), "retry-after")


@pytest.mark.parametrize(("now", "expected"), [(NOW, NOW + 7), (None, None)])
def test_a_429_carries_the_moment_to_try_again(now: float | None, expected: float | None) -> None:
    """An exception carries what its handler needs."""
    response = Response(429, Headers({"Retry-After": "7"}))
    error = error_of(Request("GET", "https://app.clio.com/api/v4/matters"), response, now=now)
    assert isinstance(error, RateLimited)
    assert expected == error.retry_at
