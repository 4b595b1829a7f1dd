"""Which redirects are followed, and to what: RFC 9110 §15.4 and RFC 3986 §5, within one origin (row F59)."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from clio_async.messages import Headers, Request, Response
from clio_async.principal import Principal
from clio_async.protocol import redirects
from clio_async.protocol.redirects import hindrance, hop, is_unasked_304, target

BASE = "https://clio.test/api/v4"
ASKED = f"{BASE}/matters/42.json?fields=id"


def moved(location: str | None = "/x", status: int = 307, verdict: str | None = None) -> Response:
    fields = [] if location is None else [("Location", location)]
    return Response(status, Headers(fields), verdict=verdict)


# -- to what ----------------------------------------------------------------------------------------------------------

# RFC 3986 §5.4, those that stay at the origin and are not the URL itself; the fragment goes.
EXAMPLES = {
    "g": "/b/c/g", "./g": "/b/c/g", "g/": "/b/c/g/", "/g": "/g", "?y": "/b/c/d;p?y", "g?y": "/b/c/g?y",
    "g#s": "/b/c/g", "g?y#s": "/b/c/g?y", ";x": "/b/c/;x", "g;x": "/b/c/g;x", "g;x?y#s": "/b/c/g;x?y", ".": "/b/c/",
    "./": "/b/c/", "..": "/b/", "../": "/b/", "../g": "/b/g", "../..": "/", "../../": "/", "../../g": "/g",
    "../../../g": "/g", "../../../../g": "/g", "/./g": "/g", "/../g": "/g", "g.": "/b/c/g.", ".g": "/b/c/.g",
    "g..": "/b/c/g..", "..g": "/b/c/..g", "./../g": "/b/g", "./g/.": "/b/c/g/", "g/./h": "/b/c/g/h",
    "g/../h": "/b/c/h", "g;x=1/./y": "/b/c/g;x=1/y", "g;x=1/../y": "/b/c/y", "g?y/./x": "/b/c/g?y/./x",
    "g?y/../x": "/b/c/g?y/../x", "g#s/./x": "/b/c/g",
}  # fmt: skip


@pytest.mark.parametrize(("reference", "path"), EXAMPLES.items())
def test_a_relative_reference_is_resolved(reference: str, path: str) -> None:
    """As the examples of RFC 3986 §5.4 are."""
    assert f"http://a{path}" == target("http://a/b/c/d;p?q", reference)


@pytest.mark.parametrize(
    ("url", "location", "expected"),
    [
        (ASKED, "https://clio.test/y?z=1", "https://clio.test/y?z=1"),
        (ASKED, "HTTPS://CLIO.test:443/y", "https://clio.test/y"),
        (ASKED, "https://clio.test:0443/y", "https://clio.test/y"),
        (ASKED, "https://clio.test:/y", "https://clio.test/y"),
        (ASKED, "//clio.test/y", "https://clio.test/y"),
        (ASKED, "https://clio.test", "https://clio.test/"),
        (ASKED, "https://clio.test?y", "https://clio.test/?y"),
        (ASKED, "https://clio.test//evil.test/", "https://clio.test//evil.test/"),
        (ASKED, "%2f%2fevil.test/", f"{BASE}/matters/%2f%2fevil.test/"),
        (ASKED, "y:z/../w", None),
        (ASKED, "./y:z", f"{BASE}/matters/y:z"),
        (ASKED, "/y?fields=id,client{id,name}", "https://clio.test/y?fields=id,client{id,name}"),
        (ASKED, '/a"b{c}?d="e"', "https://clio.test/a%22b%7Bc%7D?d=%22e%22"),
        ("http://[::1]:8080/x", "//[::1]:8080/y", "http://[::1]:8080/y"),
        ("http://localhost:80/x", "http://localhost/y", "http://localhost:80/y"),
        ("http://localhost", "y", "http://localhost/y"),
        ("http://localhost", "?y", "http://localhost/?y"),
    ],
)
def test_what_is_of_the_same_origin_is_reached(url: str, location: str, expected: str | None) -> None:
    """Scheme and host without case, the port as a number or left out; written with the origin as it was asked."""
    assert expected == target(url, location)


@pytest.mark.parametrize(
    "location",
    [
        None, "", "#top", "//", "///evil.test", "////evil.test", "//evil.test", "//evil.test/", "/\\evil.test",
        "\\\\evil.test", "/\t/evil.test", "\t//evil.test", "/\n/evil.test", " /x", "/x ", "https:/evil.test",
        "https:///evil.test", "https:evil.test", "http:evil.test", "https:x", "https://", "https:", ":x", "://x",
        "http://clio.test/x", "http://clio.test:443/x", "https://clio.test:80/x", "https://clio.test:8443/x",
        "https://clio.test:x/", "https://clio.test:99999/", "https://clio.test:000443/", "https://clio.test:-443/",
        "https://clio.test.", "https://clio.test./x", "https://.clio.test/", "https://clio.test@evil.test/",
        "https://user@clio.test/x", "https://user:password@clio.test/x", "//user@clio.test/x", "https://@clio.test/x",
        "https://clio.test%2eevil.test/", "https://clio.test%2f@evil.test/", "https://clio.test%00.evil.test/",
        "https://cl\u0131o.test/x", "https://xn--clo-8cd.test/", "https://clio\u3002test/x", "https://clio.test\\@evil/",
        "https://[::1]/x", "https://clio.test[/", "https://[clio.test]/", "ftp://clio.test/x", "file:///etc/passwd",
        "javascript:alert(1)", "data:,x", "wss://clio.test/x", "blob:https://clio.test/x", "view-source:https://clio.test",
        "/x\x00", "/x\x7f", "/é", "/%", "/%2", "/%zz", "/x, /y", "https://clio.test/x, https://evil.test/y",
        "https;//clio.test", "https//clio.test:x",
    ],
)  # fmt: skip
def test_nothing_else_is_a_place_to_go_to(location: str | None) -> None:
    """No reference, a user, another origin, a character that no URL holds, or what is read in more than one way."""
    expected = {"https//clio.test:x": f"{BASE}/matters/https//clio.test:x"}.get(location or "")
    expected = f"{BASE}/matters/https;//clio.test" if location == "https;//clio.test" else expected
    assert expected == target(ASKED, location)


@pytest.mark.parametrize("url", ["/relative", "ftp://clio.test/x", "https://user@clio.test/x", "https://clio.test/\\"])
def test_nothing_leads_on_from_what_is_no_url_of_an_api(url: str) -> None:
    """Two origins that are both unknown are not the same."""
    assert target(url, url) is None
    assert target(url, "ftp://clio.test/y") is None


# Readers that are not ours. What any of them takes for another origin must not be followed.


def _stdlib(url: str, location: str) -> tuple[str, str | None, int | None] | None:
    try:
        parts = urlsplit(urljoin(url, location))
        return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    except ValueError:
        return None


def _yarl(url: str, location: str) -> tuple[str, str | None, int | None] | None:
    try:
        joined = URL(url).join(URL(location))
        return joined.scheme, joined.host, joined.port
    except ValueError:
        return None


def _browser(url: str, location: str) -> tuple[str, str | None, int | None] | None:
    """The forgiving way of browsers: blanks go, a backslash is a slash, and any number of slashes begins a host."""
    text = re.sub(r"[\t\n\r]", "", location.strip("".join(map(chr, range(33))))).replace("\\", "/")
    own = urlsplit(url)
    scheme, colon, rest = text.partition(":")
    if colon and re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*", scheme):
        scheme = scheme.lower()
        if scheme not in {"http", "https"}:
            return scheme, None, None
        if scheme == own.scheme and not rest.startswith("/"):
            return scheme, own.hostname, own.port or {"http": 80, "https": 443}[scheme]
        text = "//" + rest.lstrip("/")
    elif text.startswith("//"):
        scheme, text = own.scheme, "//" + text.lstrip("/")
    else:
        return own.scheme, own.hostname, own.port or {"http": 80, "https": 443}[own.scheme]
    try:
        parts = urlsplit(text)
        return scheme, parts.hostname, parts.port or {"http": 80, "https": 443}[scheme]
    except ValueError:
        return None


READERS = [_stdlib, _yarl, _browser]
ORIGINS = ["http://localhost", "http://localhost:8080", "https://clio.test", "https://clio.test:443", "http://[::1]:80"]
HOSTS = [
    "localhost",
    "LOCALHOST",
    "localhost.",
    "clio.test",
    "Clio.Test",
    "evil.test",
    "127.0.0.1",
    "[::1]",
    "[::2]",
    "%6cocalhost",
    "%2f%2fevil.test",
    "cl\u0131o.test",
    "clio.test\u3002evil",
    "clio.test%00",
    "clio.test.evil",
    "",
]
PIECES = st.tuples(
    st.sampled_from(["", "http:", "https:", "HTTPS:", "hTtp:", "ftp:", "javascript:", "\thttp:", " https:", "ht\ntp:"]),
    st.sampled_from(["", "/", "//", "///", "\\", "\\\\", "/\\", "/\t/", "//\n", "/./", "/.//", "/..//"]),
    st.sampled_from(["", "", "", "user@", "a:b@", "@", "localhost@", "clio.test@", "clio.test%40"]),
    st.sampled_from(HOSTS),
    st.sampled_from(["", "", ":", ":80", ":080", ":443", ":8080", ":0", ":99999", ":x", ":8\t0"]),
    st.sampled_from(["", "/", "/x", "\\x", "/..//evil.test", "?q", "#f", "@evil.test", "/%2e%2e/x", "//evil.test"]),
)  # fmt: skip
LOCATIONS = PIECES.map("".join) | st.text(max_size=30) | st.text("/\\:@.#?%localhst[]\t 80", max_size=24)


@given(st.sampled_from(ORIGINS), LOCATIONS)
def test_no_reader_takes_what_is_followed_for_another_origin(origin: str, location: str) -> None:
    """F59: not the location as it came, and not the URL that was made of it, which begins with our own origin."""
    url = f"{origin}/api/v4/matters/42.json?fields=id"
    found = target(url, location)
    if found is None:
        return
    assert found.startswith(f"{origin}/")
    assert found.isascii()
    assert "#" not in found
    for read in READERS:
        assert read(url, "/") == read(url, location), read.__name__
        assert read(url, "/") == read(url, found), read.__name__


@given(st.sampled_from(ORIGINS), st.lists(st.text("ab.%2e/", max_size=5), max_size=6).map("/".join))
def test_a_path_under_the_origin_is_always_reached(origin: str, path: str) -> None:
    """Nothing is refused that names a path, but what has an incomplete escape."""
    whole = f"/{path.lstrip('/')}"
    found = target(f"{origin}/x", f"{origin}{whole}")
    if re.search(r"%(?![0-9A-Fa-f]{2})", whole):
        assert found is None
    else:
        assert found is not None
        assert not {".", ".."} & {*found.split("/")}


# -- which ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", sorted(redirects.STATUSES))
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "TRACE", "POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("resource", ["matters", "practice_areas", None])
def test_reads_and_the_documented_writes_are_sent_on(status: int, method: str, resource: str | None) -> None:
    """A GET and a HEAD by every status; a write of practice areas by 307 alone."""
    request = Request(method, ASKED, resource=resource)
    followed = hop(request, moved(status=status))
    reads = method in {"GET", "HEAD"}
    moves = status == 307 and resource == "practice_areas" and not reads
    assert (reads or moves) == (followed is not None)
    if followed is not None:
        assert (method, "https://clio.test/x") == (followed.method, followed.url)


@pytest.mark.parametrize("status", [200, 300, 304, 305, 306, 309, 404])
def test_no_other_status_is_a_redirect(status: int) -> None:
    """300 offers a choice (RFC 9110 §15.4.1), 305 and 306 are of the past."""
    assert hop(Request("GET", ASKED), moved(status=status)) is None


def test_a_redirect_that_is_the_answer_is_not_followed() -> None:
    """Downloads."""
    assert hop(Request("GET", ASKED, follows=False), moved()) is None


def test_a_write_that_may_have_been_applied_is_not_sent_on() -> None:
    """What the other place answers would say nothing of the earlier attempt."""
    assert hop(Request("PATCH", ASKED, resource="practice_areas"), moved(verdict="ambiguous")) is None


@pytest.mark.parametrize("locations", [("/x", "/y"), ()])
def test_two_places_or_none_are_no_place(locations: tuple[str, ...]) -> None:
    """Nobody says which one counts."""
    assert hop(Request("GET", ASKED), Response(302, Headers([("Location", each) for each in locations]))) is None


def test_the_same_place_twice_is_one() -> None:
    """A proxy may have repeated the field."""
    followed = hop(Request("GET", ASKED), Response(302, Headers([("Location", "/x"), ("location", "/x")])))
    assert followed is not None


HEADERS = Headers([("Accept", "a/b"), ("X-API-VERSION", "4.0.13"), ("If-Match", '"m"'), ("X-Own", "1")])


@pytest.mark.parametrize("field", ["If-None-Match", "If-Modified-Since"])
@pytest.mark.parametrize("validates", [True, False])
def test_the_condition_of_a_cache_stays_behind(field: str, validates: bool) -> None:
    """It is about what is kept of the first URL (RFC 9110 §15.4); one of the caller's goes along, as all its fields."""
    request = Request("GET", ASKED, HEADERS.having(field, "x"), validates=validates)
    followed = hop(request, moved())
    assert followed is not None
    assert followed.headers == (HEADERS if validates else request.headers)
    assert not followed.validates


@pytest.mark.parametrize("method", ["GET", "PATCH"])
def test_a_hop_is_the_same_request_at_another_place(method: str) -> None:
    """Body, principal, proof, deadline and the rest; what it repeats is the first one, however many hops there are."""
    principal = Principal(BASE)
    auth, options, generation = (object() for _ in range(3))
    request = Request(
        method, f"{BASE}/practice_areas/5", HEADERS, b"{}", 5.0, principal, auth, options,  # type: ignore[arg-type]
        (f"{BASE}/practice_areas/5",), "practice_areas", False, generation,
    )  # fmt: skip
    first = hop(request, moved(f"{BASE}/others/5"))
    second = None if first is None else hop(first, moved("6"))
    assert second is not None
    assert f"{BASE}/others/6" == second.url
    names = ("method", "headers", "body", "deadline", "principal", "auth", "options", "resource", "covered")
    assert [getattr(request, name) for name in names] == [getattr(second, name) for name in names]
    assert generation is second.generation
    assert request is second.resent


def test_a_write_that_is_sent_on_changes_what_lies_there() -> None:
    """Under both paths, and the lists above them; a place outside of the API has no name of its own."""
    own = (f"{BASE}/practice_areas/5",)
    request = Request("PATCH", own[0], principal=Principal(BASE), tags=own, resource="practice_areas")
    followed, outside = hop(request, moved("/api/v4/others/5.json")), hop(request, moved("/elsewhere"))
    assert followed is not None
    assert (*own, f"{BASE}/others/5", f"{BASE}/others") == followed.tags
    assert outside is not None
    assert {*own, f"{BASE}/practice_areas"} == {*outside.tags}
    nobodys = hop(Request("PATCH", own[0], tags=own, resource="practice_areas"), moved("/x"))
    assert nobodys is not None
    assert own == nobodys.tags


@pytest.mark.parametrize(
    ("method", "status", "field", "expected"),
    [
        ("GET", 304, "X-Own", True),
        ("HEAD", 304, "If-Match", True),
        ("GET", 304, "If-None-Match", False),
        ("GET", 304, "if-modified-since", False),
        ("PATCH", 304, "X-Own", False),
        ("GET", 200, "X-Own", False),
    ],
)
def test_a_304_needs_a_question(method: str, status: int, field: str, expected: bool) -> None:
    """A read without `If-None-Match` and `If-Modified-Since` cannot be answered 304 (RFC 9110 §15.4.5)."""
    assert expected == is_unasked_304(Request(method, ASKED, Headers([(field, "x")])), Response(status))


@pytest.mark.parametrize(
    ("request_", "response", "expected"),
    [
        (Request("PATCH", ASKED), moved(), "Only reads"),
        (Request("GET", ASKED, follows=False), moved(), "Only reads"),
        (Request("POST", ASKED, resource="practice_areas"), moved(status=308), "Only reads"),
        (Request("POST", ASKED, resource="practice_areas"), moved("//evil.test"), "same origin"),
        (Request("GET", ASKED), moved(None), "same origin"),
        (Request("GET", ASKED), moved(), "after 3 redirects"),
    ],
)
def test_the_message_says_why_it_ended_there(request_: Request, response: Response, expected: str) -> None:
    """It does not repeat what the server said."""
    assert expected in hindrance(request_, response)
    assert "evil" not in hindrance(request_, response)
