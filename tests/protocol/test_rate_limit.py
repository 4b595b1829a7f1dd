"""What an answer says of the quota (row F50 of the fault table)."""

from __future__ import annotations

import math
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clio_async.errors import RateLimited
from clio_async.messages import Headers, Request, Response
from clio_async.protocol.rate_limit import number, retry_at, wrapped
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
        ({"Retry-After": "9" * 400}, NOW + 1e16),
        ({"Retry-After": "9" * 16}, NOW + 9_999_999_999_999_999),
        ({"Retry-After": "0" * 20 + "7"}, NOW + 7),
        ({"Retry-After": "٣" * 20}, None),
        ({"X-RateLimit-Reset": "9" * 20}, None),
        ({"X-RateLimit-Reset": "1800000042"}, NOW + 42),
        ({"Retry-After": "30", "X-RateLimit-Reset": "1800000042"}, NOW + 30),
        ({"Retry-After": "soon", "X-RateLimit-Reset": "1800000042"}, NOW + 42),
        ({"Retry-After": FIXDATE, "Date": "Fri, 15 Jan 2027 08:00:02 GMT"}, NOW + 3),
        ({"X-RateLimit-Reset": "1800000042", "Date": "Fri, 15 Jan 2027 08:00:02 GMT"}, NOW + 40),
        ({"X-RateLimit-Reset": "42"}, NOW),
        ({}, None),
    ],
    ids=str,
)
def test_retry_after_is_ascii_digits_or_a_fixdate_and_the_window_is_the_fallback(
    fields: dict[str, str], expected: float | None
) -> None:
    """F50: anything else says nothing, and does no harm."""
    assert expected == retry_at(Headers(fields), NOW)


FORMS = st.one_of(
    st.text(max_size=40),
    st.from_regex(r"\A[-+ ]?[0-9٣]{0,25}(\.[0-9]*)?(e[0-9]+)?\Z"),
    st.sampled_from(
        [FIXDATE, "Friday, 15-Jan-27 08:00:05 GMT", "Fri Jan 15 08:00:05 2027", "0x10", "1_0", "1/2", "NaN"]
    ),
)


@given(FORMS, FORMS, FORMS)
def test_whatever_a_server_says_it_is_a_moment_or_nothing(after: str, reset: str, date: str) -> None:
    """The law of F50: never before now, never a number that is none, and no error."""
    found = retry_at(Headers({"Retry-After": after, "X-RateLimit-Reset": reset, "Date": date}), NOW)
    assert found is None or NOW <= found < math.inf
    if after.isascii() and after.isdecimal():
        assert found == NOW + min(int(after), 10**16)


def test_a_repeated_field_with_two_values_says_nothing() -> None:
    """F12: which of them is meant cannot be known."""
    assert None is number(Headers([("Retry-After", "1"), ("Retry-After", "2")]), "retry-after")


def test_a_repeated_field_with_one_value_says_it() -> None:
    """F12: there is no doubt."""
    assert 5 == number(Headers([("Retry-After", "5"), ("retry-after", "5")]), "retry-after")


@pytest.mark.parametrize("text", [b'{"error":{"type":"RateLimited","message":"x"}}', b"RateLimited"])
@pytest.mark.parametrize("space", [b"", b" \n"])
def test_a_wrapped_refusal_is_unwrapped(text: bytes, space: bytes) -> None:
    """Whatever the text around its name, and however the JSON is laid out."""
    body = b'{"data":%b"%b",%b"metadata":{"encodingDecoded":"text/plain"}}' % (space, b64encode(text), space)
    assert text == wrapped(body)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"RateLimited",
        b'{"data":{"id":1,"name":"RateLimited"}}',
        b'{"metadata":{"encodingDecoded":"text/plain"},"data":"%b"}' % b64encode(b"something else"),
        b'{"metadata":{"encodingDecoded":"text/plain"},"data":"RateLimited"}',
        b'{"metadata":{"encodingDecoded":"text/plain"},"data":"\xc3\xa9"}',
        b'{"metadata":{"encodingDecoded":"text/plain"},"data":["RateLimited"]}',
        b'{"metadata":{"encodingDecoded":"text/plain"}}',
        b'["encodingDecoded"]',
        b'{"encodingDecoded"',
        b'{"encodingDecoded":"\xff"}',
        b'{"encodingDecoded":' + b"[" * 3000,
        b'{"metadata":{"encodingDecoded":"text/plain"},"data":"%b"}' % b64encode(b"RateLimited" * 400),
    ],
    ids=lambda body: str(body[-60:]),
)
def test_nothing_else_is_a_wrapped_refusal(body: bytes) -> None:
    """A body that only looks like one, that is broken, or that is too large for one."""
    assert None is wrapped(body)


@pytest.mark.parametrize(("now", "expected"), [(NOW, NOW + 7), (None, None)])
def test_a_429_carries_the_moment_to_try_again(now: float | None, expected: float | None) -> None:
    """An exception carries what its handler needs."""
    response = Response(429, Headers({"Retry-After": "7"}))
    error = error_of(Request("GET", "https://app.clio.com/api/v4/matters"), response, now=now)
    assert isinstance(error, RateLimited)
    assert expected == error.retry_at
