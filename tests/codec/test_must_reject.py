"""Texts that are no JSON by RFC 8259, rule by rule, and texts beside them that are (F8)."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal

import pytest

from clio_async.codec import parse
from clio_async.errors import DecodeError
from clio_async.messages import Response

NO_VALUES = [
    b"", b" ", b"\n\t\r ", b"n", b"nul", b"nulll", b"Null", b"NULL", b"tru", b"True", b"TRUE", b"truetrue", b"fals",
    b"False", b"None", b"undefined", b"NaN", b"-NaN", b"nan", b"Infinity", b"-Infinity", b"+Infinity", b"inf", b"-inf",
    b"a", b"'a'", b"`a`", b"/", b"//", b"/**/", b"#", b"<null>", b"\\", b"@", b"*", b"$", b"?", b"=1", b"(1)", b"\x00",
]  # fmt: skip
NO_NUMBERS = [
    b"01", b"-01", b"00", b"-00", b"012", b"+1", b"++1", b"--1", b"-", b"+", b"- 1", b"1.", b"-1.", b".1", b"-.1", b".",
    b"1.e1", b"1e", b"1e+", b"1e-", b"1E", b"1e1.5", b"1e1e1", b"1.2.3", b"1..2", b"e1", b"0e", b"0e+", b"0x1", b"0x",
    b"0b1", b"0o7", b"1_000", b"1,000", b"1 000", b"1a", b"1f", b"1L", b"1.0f", b"1n", b"1%", b"-a", b"-true", b"1\x00",
    "\u0661".encode(), "1\u0662".encode(), "\uff11".encode(), "∞".encode(), "½".encode(), "\u22121".encode(),
]  # fmt: skip
NO_STRINGS = [
    b'"', b'"a', b'a"', b'"a"b"', b'"""', b'"\\', b'"\\"', b'"\\x41"', b'"\\a"', b'"\\v"', b'"\\0"', b'"\\\'"',
    b'"\\U0041"', b'"\\u"', b'"\\u0"', b'"\\u00"', b'"\\u004"', b'"\\u004g"', b'"\\u{41}"', b'"\\u-041"', b'"\\u 041"',
    b'"\\ud800"', b'"\\udc00"', b'"\\ud800\\u0041"', b'"\\ud800a"', b'"\\ud800\\"', b'"\\udc00\\ud800"', b'"\\ ',
    b"'a'", b'"a" "b"', b'"a"x', b'\xe2\x80\x9ca\xe2\x80\x9d', *[b'"a%cb"' % control for control in range(0x20)],
]  # fmt: skip
NO_UTF_8 = [
    b'"\xff"', b'"\xfe"', b'"\x80"', b'"\xbf"', b'"\xc0\xaf"', b'"\xc1\xbf"', b'"\xc3"', b'"\xc3("', b'"\xe0\x80\xaf"',
    b'"\xe2\x82"', b'"\xe2("', b'"\xed\xa0\x80"', b'"\xed\xbf\xbf"', b'"\xf0\x80\x80\xaf"', b'"\xf0\x9f\x98"',
    b'"\xf4\x90\x80\x80"', b'"\xf5\x80\x80\x80"', b'"\xf8\x88\x80\x80\x80"', b'"\xfc\x84\x80\x80\x80\x80"',
    b'{"\xff":1}', b"\xef\xbb\xbf", b"\xef\xbb\xbf1", b"\xef\xbb\xbf{}", b"{}\xef\xbb\xbf", "{}".encode("utf-16"),
    "{}".encode("utf-32"), "{}".encode("utf-16-le"), "{}".encode("utf-16-be"), "[1]".encode("utf-32-le"),
    '"é"'.encode("latin-1"),
]  # fmt: skip
NO_ARRAYS = [
    b"[", b"]", b"[[", b"[]]", b"[1", b"[1,", b"[1,]", b"[,1]", b"[,]", b"[,", b"[1,,2]", b"[1 2]", b"[1;2]", b"[1:2]",
    b'["a":1]', b"[}", b"[1}", b"[1)", b"(1]", b"[[1]", b"[1]]", b"[1],", b"[1]x", b"[1][2]", b"[a]", b"[\x0c1]",
    b"[1\xa0]", "[1,\u2028 2]".encode(), b"[*]", b"[-]", b"[...]", b"[1,2,3", b'["a', b'["a",', b"[null,nul]",
]  # fmt: skip
NO_OBJECTS = [
    b"{", b"}", b"{{", b"{}}", b'{"', b'{"a', b'{"a"', b'{"a"}', b'{"a":', b'{"a":}', b'{"a":1', b'{"a":1,',
    b'{"a":1,}', b'{,"a":1}', b"{,}", b'{"a":1,,"b":2}', b'{"a":1 "b":2}', b'{"a" 1}', b'{"a"::1}', b'{"a"=1}',
    b'{"a":1:2}', b'{:1}', b'{:}', b"{a:1}", b"{'a':1}", b"{1:1}", b"{null:1}", b"{true:1}", b"{[]:1}", b"{{}:1}",
    b'{"a":1]', b'{"a":(1)}', b'{"a":1}x', b'{"a":1}{', b'{"a":1} {"b":2}', b'{"a":1},', b'{"a":1}#', b'{"a":1}//x',
    b'{"a":1}/**/', b'{/**/"a":1}', b'{"a":/*x*/1}', b'{"a":1;"b":2}', b'{"a":a}', b'{"a":\'b\'}', b'{"a\x00":1',
    b'{"\\ud800":1}', b'{"a\n":1}',
]  # fmt: skip
TOO_MUCH = [
    b"[" * 200_000, b'{"a":' * 200_000, b"[" * 200_000 + b"]" * 200_000, b'[{"a":' * 100_000, b"[[]," * 100_000,
    b"1" * 5_000, b"-" + b"9" * 5_000, b"[" + b"1" * 100_000 + b"]", b"1e" + b"9" * 30, b"1e-" + b"9" * 30,
]  # fmt: skip
REJECTED = [*NO_VALUES, *NO_NUMBERS, *NO_STRINGS, *NO_UTF_8, *NO_ARRAYS, *NO_OBJECTS, *TOO_MUCH]

TAKEN = [
    b"0", b"-0", b"-1", b"1.0", b"1e1", b"1E+1", b"1e-1", b"0e0", b"0.1e1", b" 1 ", b"\t1\r\n", b'""', b'"a"',
    b'"\\n\\/"', b'"\\u0000"', b'"\\ud83d\\ude00"', '"\U0001f600"'.encode(), '"\u2028"'.encode(), b'"\x7f"', b"[]",
    b"[ ]", b"[[[]]]", b"{}", b'{"":0}', b'{"a":{"a":{}}}', b"[1 , 2]", b"null", b"true", b"false",
    b"[" * 100 + b"]" * 100,
]  # fmt: skip


def name(text: bytes) -> str:
    """A short name of a text."""
    return ascii(text[:24])[2:-1]


@pytest.mark.parametrize("read", [parse, lambda body: Response(200, body=body).json()], ids=["codec", "answer"])
def test_no_text_that_is_no_json_is_read(read: object) -> None:
    """F8: each ends in `DecodeError`; untyped exceptions, and values: none."""
    found = Counter(outcome(read, text) for text in REJECTED)
    assert {"DecodeError": len(REJECTED)} == found, [text for text in REJECTED if outcome(read, text) != "DecodeError"]
    assert len(REJECTED) >= 240


def outcome(read: object, text: bytes) -> str:
    """Return how reading ends, by a word."""
    try:
        read(text)  # type: ignore[operator]
    except DecodeError:
        return "DecodeError"
    except Exception as error:
        return type(error).__name__
    return "a value"


def test_the_standard_parser_reads_some_and_fails_otherwise() -> None:
    """The control of F8: of the same texts it takes several, and ends in other exceptions for more."""
    found = Counter(outcome(json.loads, text) for text in REJECTED)
    assert found["a value"] >= 10
    assert found["RecursionError"] >= 2
    assert found["UnicodeDecodeError"] >= 10


@pytest.mark.parametrize("text", TAKEN, ids=name)
def test_a_text_that_is_json_is_read(text: bytes) -> None:
    """It is no parser that refuses everything (F8)."""
    assert json.loads(text, parse_float=Decimal) == parse(text)
