"""`protocol.requests` and `protocol.versions`: nothing wrong passes, and what passes cannot become something else."""

from __future__ import annotations

import datetime as dt
import enum
import json
import math
import re
import uuid
from collections.abc import Mapping
from decimal import Decimal
from importlib.metadata import version

import pytest
from hypothesis import given
from hypothesis import strategies as st

import clio_async
from clio_async.errors import InvalidArgument, UnknownOption
from clio_async.messages import Headers
from clio_async.options import Options
from clio_async.protocol import requests, versions
from clio_async.protocol.requests import base_headers, checked_method, checked_options, encoded, with_own
from clio_async.secrets import Secret

BASE = base_headers("4.0.13")
TEXT = st.one_of(st.text(max_size=10), st.text(st.characters(max_codepoint=300), max_size=10))


def test_every_request_says_what_it_wants():
    """JSON is asked for, the client says who it is, and the version is pinned."""
    assert dict(BASE) == {"accept": "application/json", "user-agent": BASE["User-Agent"], "x-api-version": "4.0.13"}
    assert BASE["User-Agent"].startswith("clio_async/")
    assert "x-api-version" not in base_headers(None)


def test_the_user_agent_names_the_version_that_is_installed():
    """What requests say of the package is what pip knows, and what `clio_async.__version__` is."""
    assert f"clio_async/{version('clio-async')} " in BASE["User-Agent"]
    assert version("clio-async") == clio_async.__version__


@given(st.dictionaries(TEXT, TEXT, max_size=3))
def test_no_header_can_be_injected(own):
    """Whatever names and values are given, each makes at most one well-formed line on the wire, or is refused (F11)."""
    try:
        headers = with_own(BASE, own)
    except InvalidArgument:
        return
    wire = "".join(f"{name}: {value}\r\n" for name, value in headers.pairs).encode("latin-1")
    lines = wire.split(b"\r\n")[:-1]
    assert len(lines) == len(headers.pairs)
    assert not re.search(rb"[\r\n\0]", b"".join(lines))
    assert all(re.fullmatch(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+: .*", line) for line in lines)
    for name, value in own.items():
        assert value.encode("latin-1") == value.encode("latin-1").strip(b" \t")
        assert value in headers.values_of(name)


@pytest.mark.parametrize("own", [{"": "canary"}, {"X-A": "canary\r\n"}, {"Cookie": "canary"}, {"X-A": "canary€"}])
def test_a_refused_header_is_not_repeated(own):
    """F37: a value may be a secret."""
    with pytest.raises(InvalidArgument) as caught:
        with_own(BASE, own)
    assert "canary" not in str(caught.value)


def test_pasting_lines_together_would_inject():
    """The control of F11: without the check a value makes a second line."""
    assert b"X: a\r\nAuthorization: b\r\n".count(b"\r\n") == 2
    with pytest.raises(InvalidArgument, match="one line"):
        with_own(BASE, {"X": "a\r\nAuthorization: b"})


@pytest.mark.parametrize(
    "value", ["a\rb", "a\nb", "a\0b", "a\x7fb", " a", "a ", "\ta", "a\x1fb", "\u0100", "\u2028", 5, None, b"x"]
)
def test_values_that_are_not_one_line_of_latin_1_are_refused(value):
    """CR, LF, NUL and what no byte stands for never leave (F11)."""
    with pytest.raises(InvalidArgument, match="X-A"):
        with_own(BASE, {"X-A": value})


@pytest.mark.parametrize("value", ["", "a", "a b", "a\tb", "\xfc", '"1"', "a, b"])
def test_values_that_are_one_line_are_sent_as_they_are(value):
    """Any other text of ISO-8859-1 is the caller's own business."""
    assert with_own(BASE, {"X-A": value})["x-a"] == value


@pytest.mark.parametrize("name", ["", "a b", "a:", "a\r\nb", "ä", "a\0", "\u0130", "(", 5, None, b"x"])
def test_names_that_are_no_tokens_are_refused(name):
    """RFC 9110 §5.1 (F11)."""
    with pytest.raises(InvalidArgument):
        with_own(BASE, {name: "x"})


OURS = (
    "Authorization", "COOKIE", "host", "X-Api-Version", "Proxy-Authorization", "Connection", "Content-Length", "Expect",
    "Keep-Alive", "TE", "Trailer", "Transfer-Encoding", "upgrade",
)  # fmt: skip


@pytest.mark.parametrize("name", OURS)
def test_fields_that_decide_whose_a_request_is_are_not_set_by_hand(name):
    """Another token, host or version would be kept under the wrong key; framing is the transport's (F34, F39)."""
    with pytest.raises(InvalidArgument, match=name) as refused:
        with_own(BASE, {name: "CANARY"})
    assert "CANARY" not in str(refused.value)


def test_own_fields_replace_ours():
    """A caller who wants another `Accept` gets that one alone, whatever its case."""
    headers = with_own(BASE, {"ACCEPT": "text/csv", "X-A": "1"})
    assert headers.values_of("accept") == ("text/csv",)
    assert headers["x-a"] == "1"
    assert BASE["accept"] == "application/json"


@pytest.mark.parametrize("method", ["GET", "PATCH", "PROPFIND", "M-SEARCH"])
def test_methods_are_tokens_in_upper_case(method):
    """Any registered method can be sent."""
    assert checked_method(method) == method


@pytest.mark.parametrize(
    "method", ["", "get", "Get", "GET ", "GET\r\nX: y", "GET /x HTTP/1.1", "CONNECT", "\xc4", "G\0T", 5, None, b"GET"]
)
def test_what_is_no_method_is_refused(method):
    """Nothing can be smuggled into the request line (F11)."""
    with pytest.raises(InvalidArgument, match="method"):
        checked_method(method)


FINITE = st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(-(2**63), 2**64 - 1), FINITE, st.text(st.characters(codec="utf-8"))
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text('ab"\\ü', max_size=3), inner, max_size=3)
    ),
    max_leaves=10,
)


@given(JSON)
def test_what_is_encoded_is_json_and_the_same(content):
    """Another parser reads what was given."""
    assert json.loads(encoded(content)) == content


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_a_decimal_is_the_number_it_is(number):
    """Money is never rounded through a float, nor quoted, however large."""
    text = encoded({"price": number}).decode()
    assert json.loads(text, parse_float=Decimal, parse_int=Decimal) == {"price": number}


class Colour(enum.Enum):
    RED = "red"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (dt.date(2024, 2, 29), b'"2024-02-29"'),
        (dt.datetime(2024, 2, 29, 12, tzinfo=dt.UTC), b'"2024-02-29T12:00:00Z"'),
        (dt.time(12, 30), b'"12:30:00"'),
        (Colour.RED, b'"red"'),
        (uuid.UUID(int=1), b'"00000000-0000-0000-0000-000000000001"'),
        ((1, "a"), b'[1,"a"]'),
        (Decimal("1E+400"), b"1E+400"),
        (10**30, b"1" + b"0" * 30),
    ],
)
def test_dates_and_members_are_written_as_json_has_them(content, expected):
    """ISO 8601 for times, values for members of enumerations."""
    assert encoded(content) == expected


class Bad(enum.Enum):
    NAN = math.nan
    LOST = Decimal("NaN")


class Bytes(str):
    __slots__ = ()


def nested(depth: int) -> list[object]:
    content: list[object] = []
    for _ in range(depth):
        content = [content]
    return content


def endless() -> list[object]:
    content: list[object] = []
    content.append(content)
    return content


class NotADict(Mapping):  # type: ignore[type-arg]
    def __getitem__(self, key: str) -> int:
        return 1

    def __iter__(self):
        return iter("a")

    def __len__(self) -> int:
        return 1


@pytest.mark.parametrize(
    "content",
    [
        math.nan, math.inf, -math.inf, [math.nan], {"a": {"b": [math.inf]}}, {math.nan}, frozenset({1}), Decimal("NaN"),
        Decimal("sNaN"), Decimal("-Infinity"), Bad.NAN, Bad.LOST, b"bytes", bytearray(b"x"), memoryview(b"x"),
        {1: 2}, {None: 1}, {math.nan: 1}, object(), Secret("CANARY"), {"a": Secret("CANARY")}, "\ud800", {"\ud800": 1},
        nested(200), endless(),
        (x for x in "a"), dt.timedelta(1), NotADict(), Bytes("x"), 1j, Options(), ...,
    ],
    ids=lambda content: type(content).__name__,
)  # fmt: skip
def test_what_json_cannot_say_is_refused(content):
    """No NaN, no silent base64, no order of a set, no object by its attributes, no endless loop (F8)."""
    with pytest.raises(InvalidArgument) as refused:
        encoded(content)
    assert "CANARY" not in str(refused.value)


def test_the_bare_encoder_would_let_some_of_it_through():
    """The control: the encoder writes null for a NaN in a set, and base64 for bytes."""
    assert requests._encoder.encode({math.nan}) == b"[null]"
    assert requests._encoder.encode(b"x") == b'"eA=="'


@pytest.mark.parametrize(
    "options",
    [
        Options(),
        Options(api_version="4.0.13", cache="bypass", timeout=None, lane="batch", max_wait=None),
        Options(timeout=0.001, max_wait=3600),
    ],
)
def test_options_that_can_be_pass(options):
    """Nothing is changed."""
    assert checked_options(options) is options


def test_not_waiting_at_all_is_a_way_to_wait():
    """max_wait=0 asks for an error instead of a wait; a timeout of 0 would ask for nothing."""
    assert 0 == checked_options(Options(max_wait=0)).max_wait
    with pytest.raises(InvalidArgument, match="timeout"):
        checked_options(Options(timeout=0))


@pytest.mark.parametrize("name", ["timeout", "max_wait"])
@pytest.mark.parametrize("value", [-1, math.nan, math.inf, -math.inf, "5", True, 10**400, 1e300, Decimal(5), [1]])
def test_times_that_are_none_are_refused(name, value):
    """Positive seconds, or None; nothing that overflows a clock later on."""
    with pytest.raises(InvalidArgument, match=name):
        checked_options(Options(**{name: value}))


@pytest.mark.parametrize(
    ("options", "near"),
    [
        ({"cache": "validated"}, "validate"),
        ({"cache": None}, "bypass"),
        ({"lane": "bach"}, "batch"),
        ({"lane": ["batch"]}, "batch"),
    ],
)
def test_options_that_do_not_exist_are_refused(options, near):
    """A misspelt option is an error that names the right ones, and a TypeError."""
    with pytest.raises(UnknownOption, match=near) as refused:
        checked_options(Options(**options))
    assert isinstance(refused.value, TypeError)


@pytest.mark.parametrize("version", [None, "4.0.13", versions.PINNED, "0.0.0", "9999.9999.9999"])
def test_versions_that_can_be_pass(version):
    """Three numbers, or none."""
    assert versions.checked(version) == version


@pytest.mark.parametrize(
    "version",
    [
        "",
        "4",
        "4.0",
        "4.0.13.1",
        "4.0.13\n",
        "v4.0.13",
        "4.0.x",
        "4.0.\u0661",
        "4.0.13\r\nX: y",
        4,
        4.0,
        "4..0",
        "4.0.12345",
    ],
)
def test_what_is_no_version_is_refused(version):
    """Nothing but digits and dots reaches the header (F11)."""
    with pytest.raises(InvalidArgument, match="api_version"):
        checked_options(Options(api_version=version))


def test_the_pinned_version_has_the_form_of_one():
    """The generated models and the header speak of the same version."""
    assert versions.HEADER == "X-API-VERSION"
    assert Headers([(versions.HEADER, versions.PINNED)])["x-api-version"] == versions.PINNED
