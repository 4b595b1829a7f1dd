"""`protocol.urls`: no text leads out of the base, nothing is lost on the way, and one record has one name."""

from __future__ import annotations

import enum
import re
from decimal import Decimal
from urllib.parse import parse_qsl, quote, unquote, urljoin, urlsplit

import pytest
import yarl
from hypothesis import example, given, settings
from hypothesis import strategies as st

from clio_async.errors import InvalidArgument, UnknownOption
from clio_async.protocol.urls import REGIONS, base_url, encode_query, join, origin, read_tags, resolved, write_tags

BASES = ("https://app.clio.com/api/v4", "http://127.0.0.1:8080", "https://h.example/a%20b/c", "http://[::1]:9")
PIECES = (
    "..",
    ".",
    "%2e",
    "%2E%2e",
    "%252e",
    "%2f",
    "%5C",
    "\\",
    "/",
    "//",
    "@",
    ":",
    "?",
    "#",
    ";",
    "evil.com",
    "http://",
    "https:",
    "%00",
    "%",
    "%zz",
    "\u2024",
    "\uff0e",
    "\uff0f",
    "\u2025",
    "\xad",
    "\t",
    "\n",
    "\r",
    "\0",
    " ",
    "..;",
    "a",
    "matters",
    "42",
    "&",
    "=",
    "{",
    "}",
    "[",
    "]",
    '"',
    "<",
    "\ud800",
    "\U0001f600",
    "\u202e",
    "user:pw@",
    "%40",
    "%3A",
)
HOSTILE = st.lists(st.sampled_from(PIECES), max_size=8).map("".join)
TEXT = st.one_of(HOSTILE, st.text(max_size=30))
# RFC 3986 §2 and §3, with the braces that Clio wants literal, and the brackets of `ids[]`, in a query.
PATH = re.compile(r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*")
QUERY = re.compile(r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/?{}\[\]-]|%[0-9A-Fa-f]{2})*")
SCALARS = st.one_of(st.text(max_size=12), HOSTILE, st.integers(), st.booleans())
PARAMS = st.lists(st.tuples(TEXT, st.one_of(SCALARS, st.none(), st.lists(SCALARS, max_size=3))), max_size=4)


def assert_under(base: str, url: str) -> None:
    """No reader of URLs that we know takes `url` to be outside of `base`."""
    want, got = urlsplit(base), urlsplit(url)
    assert (got.scheme, got.netloc, got.fragment, got.username) == (want.scheme, want.netloc, "", None)
    assert got.path.startswith(f"{want.path}/")
    assert PATH.fullmatch(got.path), got.path
    assert QUERY.fullmatch(got.query), got.query
    for path in (got.path, unquote(got.path), urljoin(url, got.path)):
        assert not {".", ".."} & {*re.split(r"[/\\]", path)}
    for encoded in (True, False):
        read, root = yarl.URL(url, encoded=encoded), yarl.URL(base, encoded=encoded)
        assert (read.scheme, read.host, read.port) == (want.scheme, want.hostname, root.port)
        assert read.raw_path.startswith(f"{root.raw_path.rstrip('/')}/")
        assert not read.fragment
        assert not read.user


@settings(max_examples=600)
@given(st.sampled_from(BASES), TEXT, st.one_of(st.none(), PARAMS))
@example(BASES[0], "//evil.com/x", None)
@example(BASES[0], "matters/%2e%2e%2f..%5c/admin", None)
@example(BASES[0], "a?b=%zz", None)
def test_no_text_leads_out_of_the_base(base, path, params):
    """Whatever the path and the parameters, the URL has our scheme, host and prefix, or nothing is sent (F11, F55)."""
    try:
        url = join(base, path, params)
    except InvalidArgument:
        return
    assert_under(base, url)
    assert url.isascii()


@pytest.mark.parametrize(
    "naive",
    [lambda base, path: f"{base}/{path}", lambda base, path: urljoin(f"{base}/", path), lambda base, path: base + path],
)
def test_the_law_is_broken_by_plain_joining(naive):
    """The control of F11 and F55: pasting and `urljoin` both lead out for some of these paths."""
    out = 0
    for path in ("../../admin", "//evil.com/x", "x#y", "@evil.com", "%2e%2e/x", "a b"):
        try:
            assert_under(BASES[0], naive(BASES[0], path))
        except AssertionError:
            out += 1
    assert out


@given(st.sampled_from(BASES), TEXT)
def test_joining_changes_nothing_that_is_encoded_already(base, path):
    """The path of a URL that was made comes through a second time as it is."""
    try:
        url = join(base, path)
    except InvalidArgument:
        return
    assert join(base, url[len(base) :]) == url


@pytest.mark.parametrize(
    ("path", "params", "expected"),
    [
        ("matters", None, "/matters"),
        ("/matters.json", {}, "/matters.json"),
        ("", None, "/"),
        ("matters?", None, "/matters"),
        ("matters?a=1", {"b": 2}, "/matters?a=1&b=2"),
        ("matters?fields=id,client{id}", None, "/matters?fields=id,client{id}"),
        ("matters", {"fields": "id,client{id}", "x": None}, "/matters?fields=id,client{id}"),
        ("matters", {"ids[]": [1, 2]}, "/matters?ids%5B%5D=1&ids%5B%5D=2"),
        ("a b/ü", {"q": "ü &+=#"}, "/a%20b/%C3%BC?q=%C3%BC%20%26%2B%3D%23"),
        ("a%20b", None, "/a%20b"),
        ("x?ids[]=1", None, "/x?ids[]=1"),
        ("x", [("a", True), ("a", False)], "/x?a=true&a=false"),
        ("x", [("a", None)], "/x"),
    ],
)
def test_examples_of_targets(path, params, expected):
    """Braces and commas stay as Clio prefers them, a sequence repeats its name, None is left out."""
    assert join(BASES[0], path, params) == BASES[0] + expected


REFUSED_PATHS = (
    "https://evil.com/x",
    "x#y",
    "../x",
    "a/../b",
    "./x",
    "%2e%2e/x",
    "a%2F..%2Fb",
    "a%5c..%5cb",
    "a\\b",
    "a%",
    "a%2",
    "a%gg",
    "a\rb",
    "a\nb",
    "a\0b",
    "\x7f",
    "a\ud800",
    "x?a=\r\nX: y",
    "x?%",
    "x?a=%2",
    "x?\ud800",
    42,
    None,
    b"x",
)


@pytest.mark.parametrize("path", REFUSED_PATHS, ids=repr)
def test_paths_that_cannot_be_right_are_refused(path):
    """Anything that is no path under the base is an error before anything is sent (F11)."""
    with pytest.raises(InvalidArgument):
        join(BASES[0], path)


class Status(enum.StrEnum):
    OPEN = "open"


def as_text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


@settings(max_examples=300)
@given(PARAMS)
def test_parameters_come_back_from_the_query(params):
    """Names and values survive any parser of queries, in their order (RFC 3986 §3.4)."""
    try:
        query = encode_query(params)
    except InvalidArgument:
        texts = [text for name, value in params for text in (name, *(value if isinstance(value, list) else [value]))]
        assert any(re.search(r"[\x00-\x1f\x7f\ud800-\udfff]", str(text)) for text in texts)
        return
    expected = [
        (name, as_text(one))
        for name, value in params
        if value is not None
        for one in (value if isinstance(value, list) else [value])
    ]
    assert parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query)) == expected
    assert QUERY.fullmatch(query)


def test_members_of_enumerations_are_their_values():
    """A str or int enumeration is sent as what it stands for."""
    number = enum.IntEnum("number", {"two": 2})
    assert encode_query({"a": Status.OPEN, "b": number.two}) == "a=open&b=2"


@pytest.mark.parametrize(
    "params",
    [
        {"a": 1.5},
        {"a": Decimal(1)},
        {"a": object()},
        {"a": {1}},
        {"a": b"x"},
        {"a": [None]},
        {"a": [[1]]},
        {1: "a"},
        {"a": 10**5000},
        {"a": "\n"},
        {"a\0": "x"},
        {"a": "\ud800"},
        "a=b",
        5,
        [1],
        ["ab"],
        [("a",)],
        [("a", 1, 2)],
        b"a=b",
        {"a": "x\r\nHost: evil"},
        {None: 1},
    ],
    ids=lambda params: type(params).__name__,
)
def test_parameters_that_cannot_be_sent_are_refused(params):
    """Every wrong kind of parameter is a typed error, never a TypeError from within (F11)."""
    with pytest.raises(InvalidArgument):
        join(BASES[0], "x", params)


def test_pairs_may_come_from_any_iterable():
    """A generator of pairs is a sequence of parameters."""
    assert join(BASES[0], "x", ((name, 1) for name in "ab")) == f"{BASES[0]}/x?a=1&b=1"


@pytest.mark.parametrize("region", REGIONS)
def test_every_region_has_a_base(region):
    """A region is all that is needed."""
    assert base_url(region) == f"{REGIONS[region]}/api/v4"


@pytest.mark.parametrize("region", ["uss", "", "US", None, 1, ["us"], "eu\n"])
def test_an_unknown_region_is_refused(region):
    """A misspelt region is an error that names the right ones (F34)."""
    with pytest.raises(UnknownOption, match="us, eu, ca, au"):
        base_url(region)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://App.Clio.com/api/v4/", "https://app.clio.com/api/v4"),
        ("https://h:8443/a//", "https://h:8443/a"),
        ("http://127.0.0.1:80", "http://127.0.0.1:80"),
        ("http://127.8.8.8", "http://127.8.8.8"),
        ("http://LOCALHOST:1/x", "http://localhost:1/x"),
        ("http://[::1]:8080/x", "http://[::1]:8080/x"),
        ("http://clio-simulator:8080", "http://clio-simulator:8080"),
        ("http://api.clio.test/v4", "http://api.clio.test/v4"),
        ("http://A.Example", "http://a.example"),
        ("https://10.0.0.5/x", "https://10.0.0.5/x"),
        ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example"),
        ("https://h/a%20b", "https://h/a%20b"),
        ("HTTPS://h", "https://h"),
    ],
)
def test_any_origin_and_prefix_can_be_the_base(text, expected):
    """Any https URL will do, and plain http where nobody can listen."""
    assert base_url("us", text) == expected


PLAIN = (
    "http://app.clio.com",
    "http://8.8.8.8",
    "http://10.0.0.5",
    "http://[2001:db8::1]",
    "http://134744072",
    "http://0x08080808",
    "http://010.8.8.8",
    "http://0x8.8.8.8",
    "http://8.526344",
    "http://localhost.evil.com",
    "http://127.0.0.1.evil.com",
    "http://127.1",
    "http://0.0.0.0",
    "http://evil.com:80",
    "http://evil.test.com",
    "http://08",
    "http://2130706433:8080",
)
OTHERWISE = (
    "",
    "h",
    "//h/x",
    "/x",
    "ftp://h",
    "file:///etc/passwd",
    "https://",
    "https:///x",
    "https://.",
    "https://..",
    "https://a..b",
    "https://.a",
    "https://user@h",
    "https://u:p@h/x",
    "https://@h",
    "https://h@evil.com",
    "https://h?x=1",
    "https://h/?",
    "https://h/x#",
    "https://h#f",
    "https://h/?#",
    "https://h\\@evil.com",
    "https://bücher.example",
    "https://h\u3002com",
    "https://h/ü",
    "https://h:0",
    "https://h:99999",
    "https://h:x",
    "https://h:",
    "https://h:-1",
    "https://[::1",
    "https://[::1]x",
    "https://h%2eevil.com",
    "https://h/../x",
    "https://h/%2e%2e/x",
    "https://h /x",
    "https://h\n",
    "\thttps://h",
    "https://h\t",
    "https://h\0",
    "https://h/%",
    "https://h,evil.com",
    "https://h;x",
    "javascript:alert(1)",
    5,
    b"https://h",
    ["https://h"],
    "https://[v1.x]",
    "https://[::1%25eth0]",
)


@pytest.mark.parametrize("text", PLAIN)
def test_plain_http_to_a_public_host_is_refused(text):
    """A token never travels in plain text to where others listen, also not to an address in disguise (F13)."""
    with pytest.raises(InvalidArgument, match="https"):
        base_url("us", text)


@pytest.mark.parametrize("text", OTHERWISE, ids=repr)
def test_what_is_no_base_is_refused(text):
    """User, query, fragment, other schemes, hosts in other alphabets: refused, and not repeated (F13, F34, F55)."""
    with pytest.raises(InvalidArgument) as refused:
        base_url("us", text)
    assert "evil" not in str(refused.value)


HOSTS = st.one_of(
    st.text(st.sampled_from("aé.@:/\\?#%[]0x12-_ \t\n\u3002"), max_size=12),
    HOSTILE,
    st.ip_addresses(v=4).map(str),
    st.integers(0, 2**33).map(str),
)


@settings(max_examples=500)
@given(st.sampled_from(["http", "https", "HTTP", "ftp", ""]), HOSTS)
def test_a_base_is_read_alike_by_everybody(scheme, rest):
    """What is accepted has one host for urllib and yarl, no user, and is https unless it stays at home (F13, F55)."""
    try:
        base = base_url("us", f"{scheme}://{rest}")
    except InvalidArgument:
        return
    parts, read = urlsplit(base), yarl.URL(base)
    assert (parts.hostname, parts.username, parts.query, parts.fragment) == (read.host, None, "", "")
    if parts.scheme == "http":
        host = parts.hostname or ""
        private = r"127\.\d+\.\d+\.\d+|::1|[a-z_][a-z0-9_-]*|.*\.(localhost|test|example|invalid)"
        assert re.fullmatch(private, host)
    assert_under(base, join(base, "matters"))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://h/x?y", "https://h"),
        ("https://h:1/x", "https://h:1"),
        ("https://h?x/y", "https://h"),
        ("https://h#x/y", "https://h"),
        ("http://[::1]:2", "http://[::1]:2"),
    ],
)
def test_the_origin_ends_where_the_authority_does(url, expected):
    """Scheme, host and port, whatever follows (RFC 3986 §3.2)."""
    assert origin(url) == expected


SEGMENTS = st.lists(st.text("abc123", min_size=1, max_size=3), min_size=1, max_size=5)


@given(st.sampled_from(BASES), SEGMENTS)
def test_a_write_outdates_its_target_and_what_stands_above_it(base, segments):
    """A read of the target, its record, or a list it stands in depends on something that the write names (F24)."""
    target = join(base, "/".join(segments))
    for depth in range(1, len(segments) + 1):
        above = join(base, "/".join(segments[:depth]), {"fields": "id"})
        assert {*write_tags(base, target)} & {*read_tags(base, above)}


@given(st.sampled_from(BASES), SEGMENTS, SEGMENTS)
def test_a_write_to_a_record_outdates_what_lies_below_it(base, record, below):
    """`PATCH /matters/42` outdates `/matters/42/client` and all the rest under it."""
    record = [*record, "1"][:2]
    target = join(base, "/".join(record))
    assert {*write_tags(base, target)} & {*read_tags(base, join(base, "/".join([*record, *below])))}


def spellings(segment: str) -> st.SearchStrategy[str]:
    return st.lists(st.booleans(), min_size=len(segment), max_size=len(segment)).map(
        lambda escaped: "".join(
            f"%{ord(char):02X}" if hide else char for char, hide in zip(segment, escaped, strict=True)
        )
    )


@given(
    st.data(),
    st.sampled_from(BASES),
    SEGMENTS,
    st.sampled_from(["", "/", ".json", "//", ".json/"]),
    st.sampled_from(["/", "//"]),
)
def test_one_record_has_one_name(data, base, segments, end, slash):
    """Escapes, doubled slashes and `.json` do not hide a read from a write (RFC 3986 §6.2.2)."""
    spelt = slash.join(data.draw(spellings(segment)) for segment in segments) + end
    plain, other = join(base, "/".join(segments)), join(base, f"/{spelt}")
    assert read_tags(base, other) == read_tags(base, plain)
    assert write_tags(base, other) == write_tags(base, plain)


def test_examples_of_tags():
    """A record, a list, something under a record, the base itself."""
    base = BASES[0]
    assert read_tags(base, f"{base}/matters/42.json?fields=id") == (f"{base}/matters/42",)
    assert read_tags(base, f"{base}/matters/42/client") == (f"{base}/matters/42/client", f"{base}/matters/42")
    assert read_tags(base, f"{base}/matters/42/notes/7") == (f"{base}/matters/42/notes/7", f"{base}/matters/42")
    assert read_tags(base, f"{base}/") == (base,)
    assert write_tags(base, f"{base}/") == (base,)
    assert write_tags(base, f"{base}/matters/42.json") == (f"{base}/matters/42", f"{base}/matters")
    assert not {*write_tags(base, f"{base}/matters/42")} & {*read_tags(base, f"{base}/matters/421")}
    assert not {*write_tags(base, f"{base}/matters/42")} & {*read_tags(base, f"{base}/notes/42")}


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("/api/v4/matters/7", "/matters/7"),
        ("7", "/matters/7"),
        ("https://app.clio.com/api/v4/notes/1?x", "/notes/1?x"),
        ("https://evil.com/api/v4/notes/1", "/matters/42"),
        ("//evil.com/x", "/matters/42"),
        ("/other", "/matters/42"),
        ("../../../x", "/matters/42"),
        ("http://[", "/matters/42"),
        ("", "/matters/42"),
    ],
)
def test_references_in_an_answer_are_resolved_under_the_base(reference, expected):
    """A `Location` names one of our URLs, or nothing new."""
    assert resolved(BASES[0], f"{BASES[0]}/matters/42", reference) == BASES[0] + expected


@given(TEXT)
def test_no_reference_leads_out_of_the_base(reference):
    """Whatever a server writes into `Location`, what is outdated is under our base."""
    assert resolved(BASES[0], f"{BASES[0]}/x", reference).startswith(f"{BASES[0]}/")


def test_quoting_again_would_lose_something():
    """The control: quoting what is encoded already changes it."""
    assert quote("a%20b") != "a%20b"
