"""JSON text in, exact values out, and a typed error for everything that is not JSON (F8, F9)."""

from __future__ import annotations

import contextlib
import json
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from clio_async.codec import parse
from clio_async.errors import DecodeError, UnexpectedContent

DEEP = b"[" * 200_000

MALFORMED = {
    "empty": b"",
    "truncated": b'{"data": {"id": 1',
    "garbage": b"\x00\xff\x17",
    "byte order mark": b"\xef\xbb\xbf{}",
    "UTF-16": '{"a": 1}'.encode("utf-16"),
    "Latin-1 text": '{"a": "é"}'.encode("latin-1"),
    "half a surrogate pair": b'{"a": "\\ud800"}',
    "repeated key": b'{"a": 1, "a": 2}',
    "repeated key, compact": b'{"a":1,"a":2}',
    "repeated key, one of them spaced": b'{"a" :1,"a":2}',
    "repeated key, deep inside": b'{"data":[{"x":{"y":1,"z":2,"y":3}}]}',
    "NaN": b'{"a": NaN}',
    "Infinity": b"[Infinity]",
    "leading zero": b"[01]",
    "trailing comma": b"[1,]",
    "two values": b"{} {}",
    "integer of 5 000 digits": b"1" * 5000,
    "exponent beyond reason": b"[1e999999999999999999999]",
    "nested 200 000 deep": DEEP,
}


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED.keys())
def test_what_is_not_json_is_a_decode_error(body: bytes) -> None:
    """Whatever comes, the error is of one type (F8)."""
    with pytest.raises(DecodeError):
        parse(body)


def test_the_control_the_standard_parser_lets_some_of_it_pass() -> None:
    """The control of F8: without the defence a repeated key and NaN are taken, and deep nesting is an untyped error."""
    assert {"a": 2} == json.loads(MALFORMED["repeated key"])
    assert json.loads(b"[NaN]")
    with pytest.raises(RecursionError):
        json.loads(DEEP)


@pytest.mark.parametrize(
    "body",
    [
        b'{"a":"\\":","b":"\\":"}',
        b'{"a" : 1, "b"\n: 2}',
        b'{"a":":","b":"x\\":y"}',
        b'{"a\\"": 1, "a": 2}',
        b'[{"a": 1}, {"a": 2}]',
        b'{"a": {"a": {"a": 1}}}',
    ],
)
def test_keys_are_not_found_repeated_where_they_only_look_so(body: bytes) -> None:
    """Quotes and colons inside of texts, spaces, and equal keys of different objects are harmless."""
    assert json.loads(body) == parse(body)


def test_a_large_body_is_searched_for_repeated_keys_when_thorough() -> None:
    """Pages are spared the search, unless strictness is asked for."""
    body = b'{"filler": "' + b"x" * 20_000 + b'", "a": 1, "a": 2}'
    assert parse(body)["a"] == 2
    with pytest.raises(DecodeError, match="repeats a key"):
        parse(body, thorough=True)


def test_markup_is_named_and_quoted_briefly() -> None:
    """A login page with status 200 is no JSON error but unexpected content, with a short look at it (F9)."""
    with pytest.raises(UnexpectedContent) as caught:
        parse(b"\n <!doctype html><title>Sign in</title>" + b"x" * 10_000)
    assert "Sign in" in str(caught.value)
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("text", ["1.10", "0.1", "123456789.123456789123456789", "1E+5", "-0.00", "1e-7"])
def test_numbers_with_a_fraction_or_exponent_are_exact(text: str) -> None:
    """A number becomes the decimal that its text says, never by way of a binary float."""
    (found,) = parse(f"[{text}]".encode())
    assert Decimal(text) == found
    assert isinstance(found, Decimal)
    assert Decimal(text).as_tuple() == found.as_tuple()


@pytest.mark.parametrize("number", [0, -1, 2**53 + 1, 2**64, -(2**70)])
def test_integers_are_exact(number: int) -> None:
    """An id beyond 2⁵³ keeps its last digit (F10)."""
    assert [number] == parse(json.dumps([number]).encode())


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.decimals(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=5), inner, max_size=5),
    max_leaves=20,
)


def written(value: object) -> str:
    match value:
        case Decimal():
            text = str(value)
            return text if set(text) & {".", "E"} else f"{text}.0"
        case dict():
            return "{" + ", ".join(f"{json.dumps(key)}: {written(item)}" for key, item in value.items()) + "}"
        case list():
            return "[" + ", ".join(written(item) for item in value) + "]"
        case _:
            return json.dumps(value)


TOKENS = st.sampled_from(['"a"', '"b"', '"\\":"', '" :"', '"a\\" :"', '"\\u0061"', "1.50", "2E+3", "null", '"é"'])
BLANKS = st.sampled_from(["", "", "", " ", "\n", "\t ", "\r"])
KEYS = st.sampled_from(['"a"', '"b"', '"\\u0061"', '" :"', '"\\":"', '""'])


@st.composite
def objects(draw: st.DrawFn, inner: st.SearchStrategy[str]) -> str:
    """Draw the text of an object: keys may be repeated, and blanks stand wherever they may."""
    blank = [draw(BLANKS) for _ in range(4)]
    pairs = draw(st.lists(st.tuples(KEYS, inner), max_size=3))
    return "{" + ",".join(f"{blank[0]}{key}{blank[1]}:{blank[2]}{value}{blank[3]}" for key, value in pairs) + "}"


TEXTS = st.recursive(
    TOKENS,
    lambda inner: objects(inner) | st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
    max_leaves=8,
)


def repeats_a_key(text: str) -> bool:
    """Say what the standard parser, which shows every pair, finds."""
    lengths: list[bool] = []

    def see(pairs: list[tuple[str, object]]) -> dict[str, object]:
        lengths.append(len(dict(pairs)) != len(pairs))
        return dict(pairs)

    json.loads(text, object_pairs_hook=see)
    return any(lengths)


@given(TEXTS)
@example('{"a" :1,"a":" :"}')
@example('{"a":1,"a":"\\":"}')
@example('{"a": 1, "\\u0061": 2}')
def test_a_key_is_found_repeated_if_and_only_if_it_is(text: str) -> None:
    """Law: however a text is written, and whatever its texts hold, a repeated key is refused and nothing else (F8)."""
    if repeats_a_key(text):
        with pytest.raises(DecodeError, match="repeats a key"):
            parse(text.encode())
    else:
        assert json.loads(text, parse_float=Decimal) == parse(text.encode())


@pytest.mark.parametrize("depth", range(900, 1020))
def test_every_depth_ends_in_a_value_or_a_decode_error(depth: int) -> None:
    """A text that is nested as deep as can just be read is read, or refused by type (F8)."""
    with contextlib.suppress(DecodeError):
        assert parse(b"[" * depth + b"]" * depth)


@given(JSON)
def test_a_json_text_gives_back_what_was_written(value: object) -> None:
    """Law: reading what was written changes nothing, and no well-formed text is refused."""
    assert value == parse(written(value).encode(), thorough=True)


@given(st.binary(max_size=60))
def test_any_bytes_end_in_a_value_or_a_decode_error(body: bytes) -> None:
    """Law: no untyped error, whatever the bytes (F8)."""
    with contextlib.suppress(DecodeError):
        parse(body)
