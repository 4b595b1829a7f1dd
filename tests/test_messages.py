"""`messages`: headers are what the RFC says they are, messages show no secret, and all of it pickles."""

from __future__ import annotations

import copy
import pickle
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clio_async.auth.static import StaticToken
from clio_async.errors import DecodeError
from clio_async.messages import NO_HEADERS, Headers, Request, Response
from clio_async.options import Options
from clio_async.principal import Principal
from clio_async.protocol.conditional import delivered

NAME = st.sampled_from(["A", "a", "ETag", "etag", "ETAG", "X-b", "x-B", "Set-Cookie", "\xc4"])
VALUE = st.one_of(st.sampled_from(["1", "1", "2", "", "a, b"]), st.text(st.characters(max_codepoint=255), max_size=5))
FIELDS = st.lists(st.tuples(NAME, VALUE), max_size=6)


def as_wire(fields: list[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in fields]


def reference(fields: list[tuple[str, str]]) -> dict[str, list[str]]:
    """RFC 9110 §5.1 to §5.3: names without case, repeated fields as a list, in order."""
    found: dict[str, list[str]] = {}
    for name, value in fields:
        found.setdefault(name.lower(), []).append(value)
    return found


@pytest.mark.parametrize("make", [Headers, lambda fields: Headers.from_raw(as_wire(fields))], ids=["text", "wire"])
@given(fields=FIELDS)
def test_headers_are_what_the_rfc_says(make, fields):
    """Every way to look fields up agrees with a plain list of values by name (F12)."""
    headers, expected = make(fields), reference(fields)
    assert headers.pairs == tuple(fields)
    assert dict(headers) == {name: ", ".join(values) for name, values in expected.items()} == dict(headers.index)
    assert len(headers) == len(expected)
    assert [*headers] == [*expected]
    for name in {"a", "etag", "x-b", "set-cookie", "\xe4", "absent"}:
        values = expected.get(name)
        joined = None if values is None else ", ".join(values)
        assert headers.get(name) == headers.get(name.upper()) == headers.lookup(name) == joined
        assert headers.values_of(name.title()) == tuple(values or ())
        assert headers.single(name) == (values[0] if values is not None and len({*values}) == 1 else None)
        assert (name in headers) == (name.upper() in headers) == (values is not None)
        assert headers.has_any(frozenset({name, "other"})) == (values is not None)


@given(FIELDS, FIELDS)
def test_headers_are_equal_when_they_say_the_same(one, other):
    """Equality and hash follow names without case and joined values, however they were made."""
    first, second = Headers(one), Headers.from_raw(as_wire(other))
    same = {k: ", ".join(v) for k, v in reference(one).items()} == {
        k: ", ".join(v) for k, v in reference(other).items()
    }
    assert (first == second) is same
    assert not same or hash(first) == hash(second)
    assert first != dict(first)


@given(FIELDS)
def test_headers_survive_pickling_and_copying(fields):
    """Order, repetition and bytes come back, also from headers that were merged late."""
    for headers in (Headers(fields), Headers.from_raw(as_wire(fields)), delivered(Headers(fields), NO_HEADERS)):
        for again in (pickle.loads(pickle.dumps(headers)), copy.copy(headers), copy.deepcopy(headers)):
            assert type(again) is Headers
            assert again.pairs == tuple(fields)


@given(FIELDS, NAME, VALUE, st.booleans())
def test_one_more_field_makes_new_headers(fields, name, value, looked_at):
    """`having` adds at the end and leaves the old ones as they were, whether or not they were looked at before."""
    headers = Headers(fields)
    assert not looked_at or headers.lookup("absent") is None
    more, plain = headers.having(name, value), Headers([*fields, (name, value)])
    assert more.pairs == plain.pairs == (*fields, (name, value))
    assert dict(more) == dict(plain)
    assert [more.single(key) for key in more] == [plain.single(key) for key in plain]
    assert headers.pairs == tuple(fields)
    assert dict(headers) == dict(Headers(fields))


def test_a_missing_field_is_a_key_error():
    """As of any mapping; and a mapping is taken as fields."""
    with pytest.raises(KeyError):
        Headers({"A": "1"})["b"]
    assert Headers({"A": "1"}).pairs == (("A", "1"),)
    assert Headers(Headers([("A", "1"), ("a", "2")])) == Headers({"a": "1, 2"})


def test_the_wire_is_read_when_it_is_looked_at():
    """Bytes are not decoded before, and once."""
    reads = []

    def wire():
        reads.append(1)
        yield b"A", b"1"

    headers = Headers.from_raw(wire())
    assert reads == []
    assert headers["a"] == "1"
    assert headers.pairs == (("A", "1"),)
    assert reads == [1]


def request() -> Request:
    return Request(
        "PATCH",
        "https://h/x/1?token=CANARY",
        Headers([("Authorization", "Bearer CANARY"), ("If-Match", '"1"'), ("X-Own", "CANARY")]),
        b"CANARY",
        5.0,
        Principal("https://h", grant="CANARY"),
        StaticToken("CANARY"),
        Options(),
        ("x/1",),
        "x",
        False,
        7,
    )


def test_messages_show_no_secret():
    """Query, body, values of unknown fields, and who asks are not in a repr (F37)."""
    response = Response(200, Headers([("Set-Cookie", "CANARY"), ("ETag", '"1"')]), b"CANARY", wire_bytes=3)
    shown = f"{request()!r} {request().headers!r} {response!r} {response.headers!r}"
    assert "CANARY" not in shown
    assert '<Request PATCH https://h/x/1> Headers(Authorization, If-Match: "1", X-Own)' in shown
    assert "<Response 200 network 6 bytes>" in shown


def test_a_pickled_request_holds_what_may_be_shown():
    """Who asked, the query, the body and the values of unknown fields may be secret: none goes into a pickle (F37)."""
    asked = request()
    dumped = pickle.dumps(asked)
    again = pickle.loads(dumped)
    assert b"CANARY" not in dumped
    assert ("https://h/x/1", (("If-Match", '"1"'),), None) == (again.url, again.headers.pairs, again.body)
    kept = ("method", "deadline", "tags", "resource", "covered")
    assert all(getattr(again, name) == getattr(asked, name) for name in kept)
    assert (again.principal, again.auth, again.options, again.generation, again.resent) == (None,) * 5


def test_a_pickled_response_holds_no_cookie_and_no_address():
    """Where a redirect leads may be signed (F37); everything else of an answer travels."""
    fields = [("Location", "https://s/?CANARY"), ("Set-Cookie", "CANARY"), ("ETag", '"1"')]
    dumped = pickle.dumps(Response(303, Headers(fields), b"{}"))
    again = pickle.loads(dumped)
    assert b"CANARY" not in dumped
    assert (303, (("ETag", '"1"'),), b"{}") == (again.status, again.headers.pairs, again.body)


def test_a_message_is_its_own_copy():
    """A copy loses nothing: least of all the body of a write."""
    asked, answered = request(), Response(200)
    assert copy.copy(asked) is copy.deepcopy(asked) is asked
    assert copy.copy(answered) is copy.deepcopy(answered) is answered


def test_a_response_pickles_without_what_was_decoded():
    """Decoded records are made again where they are needed."""
    response = Response(404, Headers([("A", "1")]), b"x", "shared", "version-gone", {"decoded": print}, 9)
    again = pickle.loads(pickle.dumps(response))
    assert (again.status, again.headers, again.body, again.source) == (404, response.headers, b"x", "shared")
    assert (again.verdict, again.wire_bytes, again.memo) == ("version-gone", 9, {})


def test_a_changed_request_shares_the_rest():
    """`replace` and `having` change what they name, and nothing else; the old one stays."""
    asked = request()
    changed = asked.replace(headers=NO_HEADERS, generation=8)
    assert (changed.headers, changed.generation) == (NO_HEADERS, 8)
    same = ("method", "url", "body", "deadline", "principal", "auth", "options", "tags", "resource", "covered")
    assert all(getattr(changed, name) is getattr(asked, name) for name in same)
    assert asked.replace().headers is asked.headers
    assert asked.replace().generation == 7
    assert asked.having("X", "y").headers.pairs == (*asked.headers.pairs, ("X", "y"))


def test_answers_do_not_share_what_was_decoded_by_accident():
    """Each answer has a memo of its own unless it is given one."""
    assert Response(200).memo is not Response(200).memo


def test_an_answer_reads_as_json_with_exact_numbers():
    """No binary float comes between the text of a number and its value."""
    assert {"rate": Decimal("1.10"), "n": 7} == Response(200, body=b'{"rate":1.10,"n":7}').json()


@pytest.mark.parametrize("body", [b"", b"<html>", b"\xff", b"[" * 100_000])
def test_an_answer_that_is_not_json_says_so(body):
    """F8: typed, whatever it is."""
    with pytest.raises(DecodeError, match="not JSON"):
        Response(200, body=body).json()
