"""`protocol.responses`: every status and every failed exchange becomes the one error that says the truth."""

from __future__ import annotations

import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clio_async import errors
from clio_async.messages import Headers, Request, Response
from clio_async.protocol.responses import SAFE, error_of, untold

METHODS = ("GET", "HEAD", "OPTIONS", "TRACE", "POST", "PUT", "PATCH", "DELETE", "PURGE")
URL = "https://app.clio.com/api/v4/matters/42?fields=id&q=CANARY"
CLASSES = {
    400: errors.BadRequest,
    401: errors.Unauthorized,
    403: errors.Forbidden,
    404: errors.NotFound,
    409: errors.Conflict,
    410: errors.Gone,
    412: errors.PreconditionFailed,
    422: errors.UnprocessableEntity,
    429: errors.RateLimited,
}


def request(method: str = "GET", **headers: str) -> Request:
    return Request(method, URL, Headers({name.replace("_", "-"): value for name, value in headers.items()}))


@pytest.mark.parametrize("method", METHODS)
def test_every_status_of_every_method_has_its_error(method):
    """4xx by class, 5xx to a read a server error, 5xx to a write an unknown outcome that is one as well (F4, F14)."""
    for status in range(400, 600):
        assert_told(method, status)


def assert_told(method: str, status: int) -> None:
    asked, answered = request(method, If_Match='"1"'), Response(status, Headers([("X-API-VERSION", "4.0.9")]))
    error = error_of(asked, answered, sent_at=5.0)
    if status < 500:
        assert type(error) is CLASSES.get(status, errors.APIError)
    elif method in SAFE:
        assert type(error) is errors.ServerError
    else:
        assert type(error) is errors.OutcomeUnknownServerError
        assert isinstance(error, errors.OutcomeUnknown)
        assert (error.sent_at, error.etag, error.current) == (5.0, '"1"', None)
    assert (error.status, error.request, error.response, error.api_version) == (status, asked, answered, "4.0.9")
    assert str(status) in str(error)
    assert "CANARY" not in f"{error} {error!r}"
    assert vars(pickle.loads(pickle.dumps(error))).keys() == vars(error).keys()


def test_a_record_that_changed_may_have_been_changed_here():
    """A second update of the same stale record is refused as one by somebody else is: the message says both."""
    error = error_of(request("PATCH", If_Match='"1"'), Response(412))
    assert "has changed since it was read (perhaps by this program: update() returns the newer record)" in str(error)


def test_a_gone_version_is_not_a_gone_record():
    """What a layer found out decides between the two kinds of 410 (F53)."""
    assert type(error_of(request(), Response(410))) is errors.Gone
    gone = error_of(request(), Response(410, verdict="version-gone"))
    assert type(gone) is errors.ApiVersionGone
    unknown = error_of(request(), Response(410, verdict="version-unknown"))
    assert (type(unknown), unknown.status) == (errors.APIError, 410)
    assert "ask again later" in str(unknown)
    assert "is not served: move to a newer one" in str(gone)


DEEP = b"[" * 200_000
ENVELOPES = [
    (b'{"error":{"type":"ArgumentError","message":"x is bad"}}', "ArgumentError", "x is bad"),
    (b'{"error":"invalid_token","error_description":"expired"}', "invalid_token", "expired"),
    (b'{"error":{"type":7,"message":null}}', None, None),
    (b'{"error":{"message":"only this"}}', None, "only this"),
    (b'{"error":{}}', None, None),
    (b'{"error":[]}', None, None),
    (b'{"error":null}', None, None),
    (b'{"errors":[{"type":"x"}]}', None, None),
    (b'{"error_description":"alone"}', None, "alone"),
    (b'[{"error":{}}]', None, None),
    (b'"text"', None, None),
    (b"7", None, None),
    (b"null", None, None),
    (b"", None, None),
    (b"<html><title>502 Bad Gateway</title></html>", None, None),
    (b'\xef\xbb\xbf{"error":"bom"}', None, None),
    ('{"error":"x"}'.encode("utf-16"), None, None),
    (b'{"error":"\xff\xfe"}', None, None),
    (b'{"error":"\\ud800"}', None, None),
    (b'{"error":"cut', None, None),
    (b'{"error":' + b"9" * 5000 + b"}", None, None),
    (b'{"error":1e999}', None, None),
    (b'{"error":NaN}', None, None),
    (b'{"error":"a","error":"b"}', "b", None),
    (DEEP, None, None),
    (b'{"error":' * 100_000, None, None),
    (b'{"error":{"type":' + DEEP, None, None),
]


@pytest.mark.parametrize(("body", "kind", "message"), ENVELOPES, ids=[repr(body[:24]) for body, _, _ in ENVELOPES])
def test_every_shape_of_an_error_body_is_read_or_left(body, kind, message):
    """Clio's envelope, OAuth's, HTML, garbage, deep nesting: always the error of the status (F8, F9)."""
    error = error_of(request(), Response(422, body=body))
    assert (error.type, error.message) == (kind, message)


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=10)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["error", "type", "message", "error_description", "x"]), inner, max_size=4),
    ),
    max_leaves=8,
)


@given(st.one_of(st.binary(max_size=80), JSON.map(lambda value: json.dumps(value).encode())), st.integers(400, 599))
def test_no_body_makes_it_fail(body, status):
    """Whatever came, there is an error with strings or None in it."""
    error = error_of(request("PATCH"), Response(status, body=body))
    assert isinstance(error.type, str | None)
    assert isinstance(error.message, str | None)


@given(st.text(max_size=400), st.text(max_size=400))
def test_a_server_cannot_forge_lines_in_a_log(kind, message):
    """What a server says is shown on one line, and not too much of it; the attributes hold all (F37)."""
    body = json.dumps({"error": {"type": kind, "message": message}}, ensure_ascii=True).encode()
    error = error_of(request(), Response(400, body=body))
    assert str(error).isprintable()
    assert len(str(error)) < 700
    if error.message is not None:
        assert error.message == message


NO_STATUS, REFUSED, DONE, REDIRECT = None, 412, 200, 302
TOLD = [
    (errors.NotSent("x"), "itself"),
    (errors.NotSentTimeout("x"), "itself"),
    (errors.MaybeSent("x"), errors.OutcomeUnknown),
    (errors.MaybeSentTimeout("x"), errors.OutcomeUnknownTimeout),
    (errors.ResponseBroken("x"), errors.OutcomeUnknown),
    (errors.ResponseBroken("x", status=DONE), errors.OutcomeUnknown),
    (errors.ResponseBroken("x", status=REDIRECT), errors.OutcomeUnknown),
    (errors.ResponseBroken("x", status=REFUSED), "itself"),
    (errors.ResponseBroken("x", status=400), "itself"),
    (errors.ResponseBroken("x", status=499), "itself"),
    (errors.ResponseBroken("x", status=500), errors.OutcomeUnknown),
    (errors.ResponseBroken("x", status=503), errors.OutcomeUnknown),
    (errors.ResponseTimeout("x"), errors.OutcomeUnknownTimeout),
    (errors.ResponseTimeout("x", status=DONE), errors.OutcomeUnknownTimeout),
    (errors.ResponseTimeout("x", status=404), "itself"),
    (errors.ResponseTooLarge("x"), errors.OutcomeUnknown),
    (errors.ResponseTooLarge("x", status=DONE, limit=1), errors.OutcomeUnknown),
    (errors.ResponseTooLarge("x", status=422), "itself"),
    (errors.TransportError("x"), errors.OutcomeUnknown),
]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("error", "expected"), TOLD, ids=lambda value: getattr(value, "__name__", None) or repr(value))
def test_what_a_failed_exchange_means(error, expected, method):
    """A read failed; a write that never left, or was refused, did not happen; of any other nobody knows (F3, F4)."""
    told = untold(request(method, If_Match='"1"'), error, sent_at=7.0)
    if method in SAFE or expected == "itself":
        assert told is error
        return
    assert type(told) is expected
    assert isinstance(told, TimeoutError) == isinstance(error, TimeoutError)
    assert (told.sent_at, told.etag, told.current, told.request.method) == (7.0, '"1"', None, method)
    accepted = getattr(error, "status", None) == DONE
    assert accepted == told.accepted
    deleted = "The deletion was applied: the record is deleted (a bill that was issued is void)."
    advice = deleted if method == "DELETE" else "The write was applied: read the record for what it is now."
    assert (advice in str(told)) == accepted
    assert ("may have been applied: read the record before writing again" in str(told)) != accepted
    assert ("no status" in str(told)) == isinstance(error, errors.MaybeSent)
    assert "CANARY" not in str(told)


def test_every_transport_error_is_in_the_table():
    """A new kind of transport error must be decided about."""
    kinds, found = [errors.TransportError], set()
    while kinds:
        kind = kinds.pop()
        found.add(kind)
        kinds += kind.__subclasses__()
    assert {type(error) for error, _ in TOLD} == {kind for kind in found if kind.__module__ == errors.__name__}


@pytest.mark.parametrize("status", range(300, 600))
def test_a_refusal_after_a_doubt_is_an_unknown_outcome(status):
    """F14: whatever refuses the second attempt may be the doing of the first. Not applied, not refused: unknown."""
    answered = Response(status, body=b'{"error":{"type":"X","message":"y"}}', verdict="ambiguous")
    error = error_of(request("PATCH", If_Match='"1"'), answered, sent_at=5.0, now=9.0)
    assert isinstance(error, errors.OutcomeUnknown)
    assert isinstance(error, errors.ServerError) == (status >= 500)
    assert ("PATCH", 5.0, '"1"', None, False) == (
        error.request.method,
        error.sent_at,
        error.etag,
        error.current,
        error.accepted,
    )
    for part in (f"answered {status} (X: y)", "may have been applied: read the record before writing again"):
        assert part in str(error)
    assert "CANARY" not in f"{error} {error!r}"
    assert str(error) == str(pickle.loads(pickle.dumps(error)))


@pytest.mark.parametrize(
    ("asked", "expected"),
    [("30", 39.0), ("Thu, 01 Jan 1970 00:01:00 GMT", 60.0), ("soon", None), ("", None), (None, None)],
)
@pytest.mark.parametrize("method", ["GET", "PATCH"])
def test_a_server_that_says_when_to_come_back_is_quoted(method, asked, expected):
    """F50: a 5xx with a Retry-After says when; the window of the quota has nothing to do with it."""
    fields = [("X-RateLimit-Reset", "77"), *([] if asked is None else [("Retry-After", asked)])]
    error = error_of(request(method), Response(503, Headers(fields)), sent_at=5.0, now=9.0)
    assert expected == error.retry_at
    assert None is error_of(request(method), Response(503, Headers(fields))).retry_at


def test_a_write_that_wants_a_condition_is_told_how():
    """428: the record as it was read, or its tag."""
    assert "if_match=" in str(error_of(request("PATCH"), Response(428)))
