"""HTTP/1.1 without a socket: RFC 9112, read strictly."""

from __future__ import annotations

import gzip
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clio_async.messages import Headers, Request, Response
from clio_async.testing.simulator.wire import BadMessage, Reader, compressed, response_bytes

GET = b"GET /a?b=c HTTP/1.1\r\nHost: x\r\n\r\n"
POST = b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"
CHUNKED = (
    b"PATCH /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"3;x=y\r\nhel\r\n2\r\nlo\r\n0\r\nTrailer: t\r\n\r\n"
)


def requests(pieces: list[bytes]) -> list[tuple[str, str, bytes | None]]:
    reader, found = Reader("here:80"), []
    for piece in pieces:
        reader.feed(piece)
        while (received := reader.next()) is not None:
            found.append((received.request.method, received.request.url, received.request.body))
    assert not reader.started
    return found


@given(st.lists(st.sampled_from([GET, POST, CHUNKED, b"\r\n" + GET]), min_size=1, max_size=4), st.data())
def test_requests_are_the_same_in_any_pieces(messages: list[bytes], data: st.DataObject) -> None:
    """However the bytes arrive, pipelined or one by one, the same requests come out in order."""
    whole = b"".join(messages)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(whole)), max_size=12)))
    pieces = [whole[start:end] for start, end in zip([0, *cuts], [*cuts, len(whole)], strict=True)]
    bodies = {
        GET: ("GET", "http://x/a?b=c", None),
        POST: ("POST", "http://x/a", b"hello"),
        CHUNKED: ("PATCH", "http://x/a", b"hello"),
    }
    assert [bodies[message.removeprefix(b"\r\n")] for message in messages] == requests(pieces)


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"GET /\r\n\r\n", 400),
        (b"G@T / HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (b"GET / NONSENSE\r\nHost: x\r\n\r\n", 400),
        (b"GET / HTTP/2.0\r\nHost: x\r\n\r\n", 505),
        (b"GET http://x/ HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (b"GET /\x80 HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: [::\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x:99999\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\nName : v\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\n folded\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\nA: b\x00c\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\nA: b\nB: c\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +1\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n", 413),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n", 413),
        (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1" * 70_000, 400),
        (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + b"x" * 70_000, 400),
        (b"GET / HTTP/1.1\r\n" + b"a" * 70_000, 431),
    ],
)
def test_what_is_no_request_is_refused(raw: bytes, status: int) -> None:
    """Each malformed message has its status; none is guessed at."""
    reader = Reader("here:80")
    reader.feed(raw)
    with pytest.raises(BadMessage) as caught:
        reader.next()
    assert status == caught.value.status


@pytest.mark.parametrize(
    ("head", "lives"),
    [
        (b"HTTP/1.1\r\nHost: x", True),
        (b"HTTP/1.1\r\nHost: x\r\nConnection: Close", False),
        (b"HTTP/1.0", False),
        (b"HTTP/1.0\r\nConnection: keep-alive", True),
    ],
)
def test_connections_live_on_by_version_and_option(head: bytes, lives: bool) -> None:
    """HTTP/1.1 keeps a connection unless told not to, HTTP/1.0 the other way round."""
    reader = Reader("here:80")
    reader.feed(b"GET / " + head + b"\r\n\r\n")
    received = reader.next()
    assert received is not None
    assert lives == received.keep_alive
    assert received.request.url == ("http://x/" if b"Host" in head else "http://here:80/")


def test_a_client_may_wait_before_it_sends_a_body() -> None:
    """Only a request with a body waits for 100."""
    reader = Reader("here:80")
    reader.feed(b"POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
    assert reader.next() is None
    assert reader.expects_continue
    reader.feed(b"hi")
    assert reader.next() is not None
    assert not reader.expects_continue
    reader.feed(b"GET / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n\r\n")
    assert reader.next() is not None
    assert not reader.expects_continue


def test_answers_say_how_long_they_are() -> None:
    """A length, or chunks; 204, 304 and the answer to HEAD have no body."""
    response = Response(200, Headers([("A", "é")]), b"x" * 20_000)
    head, body = response_bytes(response, keep_alive=True)
    assert b"HTTP/1.1 200 OK\r\nA: \xe9\r\nContent-Length: 20000\r\n\r\n" == head
    assert response.body == body
    head, body = response_bytes(response, keep_alive=False, chunked=True)
    assert b"Transfer-Encoding: chunked\r\nConnection: close" in head
    assert body.endswith(b"\r\n0\r\n\r\n")
    assert b"" == response_bytes(response, keep_alive=True, bodiless=True)[1]
    for status in (204, 304):
        head, body = response_bytes(Response(status), keep_alive=True)
        assert b"" == body
        assert b"Content-Length" not in head


@pytest.mark.parametrize(
    ("accepted", "small", "coded"),
    [("gzip", False, True), ("br, gzip;q=0.5", False, True), ("gzip;q=0", False, False), ("gzip;q=0.0", False, False),
     ("br", False, False), ("", False, False), ("gzip", True, False)],
)  # fmt: skip
def test_compression_is_asked_for(accepted: str, small: bool, coded: bool) -> None:
    """Only what is worth it is compressed, and only for who accepts it."""
    body = b"x" * (10 if small else 1_000)
    made = compressed(Response(200, body=body), Request("GET", "http://x/", Headers({"accept-encoding": accepted})))
    assert coded == (made.headers.get("content-encoding") == "gzip")
    assert body == (gzip.decompress(made.body) if coded else made.body)


FRAGMENTS = st.sampled_from(
    [b"GET / HTTP/1.1\r\n", b"Host: x\r\n", b"\r\n", b"Content-Length: 3\r\n", b"Transfer-Encoding: chunked\r\n",
     b"abc", b"3\r\n", b"0\r\n", b": \r\n", b"\x00", b"Expect: 100-continue\r\n"]
)  # fmt: skip


@given(st.lists(st.one_of(FRAGMENTS, st.binary(max_size=6)), max_size=14))
def test_any_bytes_are_requests_or_refused(pieces: list[bytes]) -> None:
    """Whatever arrives, the reader waits for more, gives a request, or says what is wrong."""
    reader = Reader("here:80")
    with suppress(BadMessage):
        for piece in pieces:
            reader.feed(piece)
            while (received := reader.next()) is not None:
                assert received.request.url.startswith(("http://x/", "http://here:80/"))


def test_a_body_that_arrives_in_the_middle_of_a_chunk_is_waited_for() -> None:
    """Neither a size nor a chunk that is not there yet is an error."""
    for cut in range(1, len(CHUNKED)):
        reader = Reader("here:80")
        reader.feed(CHUNKED[:cut])
        assert None is reader.next()
        reader.feed(CHUNKED[cut:])
        received = reader.next()
        assert received is not None
        assert b"hello" == received.request.body
