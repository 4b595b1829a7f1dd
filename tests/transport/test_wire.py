"""Which requests are fit to send, and what delimits an answer: decided without I/O."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clio_async.errors import InvalidArgument, ResponseBroken
from clio_async.messages import Headers, Request
from clio_async.transport.wire import Unframed, coding_of, encoded, framing_of, locate

LATIN = "".join(map(chr, [9, *range(0x20, 0x7F), *range(0x80, 0x100)]))
TOKEN = "!#$%&'*+-.^_`|~0123456789abcXYZ"
URL = "https://app.clio.com/api/v4/matters.json?fields=id,client{id}"


def head(request: Request) -> bytes:
    return encoded(request, locate(request))


@given(
    name=st.text(TOKEN, min_size=1).map(lambda text: f"X-{text}"),
    value=st.text(LATIN).map(lambda text: text.strip(" \t")),
)
def test_a_head_says_what_was_given(name: str, value: str) -> None:
    """One character is one byte, and there are as many lines as fields."""
    lines = head(Request("GET", URL, Headers([(name, value)]))).split(b"\r\n")
    assert lines[0] == b"GET /api/v4/matters.json?fields=id,client{id} HTTP/1.1"
    assert lines[1] == b"Host: app.clio.com"
    assert f"{name}: {value}".encode("latin-1") == lines[2]
    assert lines[3:] == [b"Accept-Encoding: gzip, deflate", b"", b""]


def test_fields_that_a_layer_adds_are_written_and_not_kept() -> None:
    """Only headers that stand alone keep their lines: a token that was added lives no longer than its request."""
    base = Headers([("Accept", "a/b")])
    request = Request("GET", URL, base).having("If-None-Match", '"1"').having("Authorization", "Bearer CANARY")
    plain = Request("GET", URL, Headers(request.headers.pairs))
    assert head(request) == head(plain) == head(request)
    assert base.lines == "Accept: a/b\r\n"
    assert request.headers.lines is None
    with pytest.raises(InvalidArgument):
        head(request.having("X", "a\nb"))


@given(st.text(), st.text(), st.text(), st.text())
def test_no_text_injects_a_line(method: str, url: str, name: str, value: str) -> None:
    """Whatever is given, it is refused or makes one line each (F11)."""
    try:
        made = head(Request(method, f"http://a/{url}", Headers([(name, value)])))
    except InvalidArgument:
        return
    assert made.count(b"\r\n") == made.count(b"\n") == made.count(b"\r")
    assert b"\0" not in made


@pytest.mark.parametrize(
    ("url", "origin", "path"),
    [
        ("http://a", "http://a", "/"),
        ("https://a:8443?x=/?", "https://a:8443", "/?x=/?"),
        ("http://[::1]:80/a", "http://[::1]:80", "/a"),
        ("http://a/%zz/../{b}?#".rstrip("#"), "http://a", "/%zz/../{b}?"),
    ],
)
def test_a_url_is_split_not_changed(url: str, origin: str, path: str) -> None:
    """Origin and path are what was written."""
    target = locate(Request("GET", url))
    assert (origin, path) == (target.origin, target.path)


UNFIT = ["", "hunter2", "/hunter2", "ftp://hunter2", "http:///hunter2", "http://a@hunter2/", "http://hunter2:b/"]
UNFIT += ["http://hunter2:0", "http://hunter2:65536", "http://[hunter2]/", "http://hunter2/#f", "http://hunter2/ "]
UNFIT += ["http://hunter2/é", "http://hunter2\\b/", "http://hunter2/\x7f", "HTTP://hunter2/", "http://hunter2/?a#"]


@pytest.mark.parametrize("url", UNFIT)
def test_an_unfit_url_is_refused_unseen(url: str) -> None:
    """The message does not repeat a URL: it may carry a signature."""
    with pytest.raises(InvalidArgument) as caught:
        locate(Request("GET", url))
    assert "hunter2" not in str(caught.value)


def test_content_length_is_set_where_it_belongs() -> None:
    """A body has a length; methods that anticipate one say zero; the others say nothing."""
    assert b"Content-Length: 2\r\n" in head(Request("DELETE", URL, body=b"{}"))
    assert b"Content-Length: 0\r\n" in head(Request("PATCH", URL))
    assert b"Content-Length" not in head(Request("DELETE", URL))


def framing(
    status: int = 200, method: str = "GET", *, old: bool = False, unframed: Unframed = "refuse", **fields: str
) -> object:
    headers = Headers([(name.replace("_", "-"), value) for name, value in fields.items()])
    return framing_of(Request(method, URL), status, headers, old=old, unframed=unframed)


def test_every_framing_has_its_rule() -> None:
    """RFC 9112 §6.3, in order."""
    assert framing(204, transfer_encoding="x", content_length="y") == ("none", 0)
    assert framing(304, content_length="5") == ("none", 0)
    assert framing(200, "HEAD", content_length="5") == ("none", 0)
    assert framing(transfer_encoding="Chunked") == ("chunked", 0)
    assert framing(content_length="5, 5") == ("length", 5)
    assert framing(content_length="0") == ("length", 0)
    assert framing(unframed="accept") == ("close", 0)
    assert framing(unframed="json", content_type="Application/JSON") == ("json", 0)
    assert framing(404) == ("dropped", 0)
    assert framing(302) == ("dropped", 0)


@pytest.mark.parametrize(
    "fields",
    [{"content_length": text} for text in ("", "x", "-1", "+1", "1.0", "٣", "1, 2", "1" * 19, "1 2")]
    + [{"transfer_encoding": text} for text in ("gzip", "chunked, chunked", "identity", "")]
    + [{"transfer_encoding": "chunked", "content_length": "1"}, {}],
)
def test_where_the_end_is_a_guess_the_answer_is_broken(fields: dict[str, str]) -> None:
    """Contradictions are refused, not resolved."""
    with pytest.raises(ResponseBroken) as caught:
        framing(**fields)  # type: ignore[arg-type]
    assert caught.value.status == 200


def test_old_and_switched_answers_are_refused() -> None:
    """HTTP/1.0 has no chunks, and nobody asked for another protocol."""
    for broken in (
        lambda: framing(old=True, transfer_encoding="chunked"),
        lambda: framing(101),
        lambda: framing(101, "HEAD"),
    ):
        with pytest.raises(ResponseBroken):
            broken()


def test_one_known_coding_is_understood() -> None:
    """No coding, gzip under both its names, deflate; nothing else."""
    assert [
        coding_of(200, Headers({"Content-Encoding": text} if text is not None else {}))
        for text in (None, "", "gzip", " X-GZip", "deflate")
    ] == ["identity", "identity", "gzip", "gzip", "deflate"]
    for text in ("br", "gzip, gzip", "gzip,", "identity, gzip", "compress"):
        with pytest.raises(ResponseBroken):
            coding_of(200, Headers({"content-encoding": text}))
