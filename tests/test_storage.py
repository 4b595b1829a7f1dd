"""`FileStorage`: bytes to and from the place where files are kept, and nothing else."""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import anyio
import pytest

from clio_async import Attempt, Hooks, RetryPolicy
from clio_async.errors import (
    ClioError,
    MaybeSent,
    NotSent,
    ResponseBroken,
    StorageRefused,
    TransportError,
    UnexpectedContent,
)
from clio_async.events import Watch
from clio_async.messages import Headers, Request, Response
from clio_async.principal import Principal
from clio_async.secrets import Secret
from clio_async.stats import Stats
from clio_async.storage import FileStorage
from clio_async.testing.wire import Answer, Received, WireServer, serve
from clio_async.transport.base import StreamedResponse, Transport
from clio_async.transport.memory import MemoryTransport

from .canaries import Canaries, Records
from .faults.loopback import transport

CANARIES = Canaries(
    token="token-QWxhZGRpbjpvcGVuIHNlc2FtZQ-canary",
    signature="sig-9b2f0c5d7e1a4683b0d2c4e6f8a1b3c5-canary",
    security="sts-FwoGZXIvYXdzEJr1234567890abcdef-canary",
)
SIGNATURE, SECURITY = CANARIES.secrets["signature"], CANARIES.secrets["security"]
QUERY = f"/bucket/key?X-Amz-Signature={SIGNATURE}"
WAYS = pytest.mark.parametrize("way", ["aiohttp", "httpx2", "trio"])
NO_PAUSE = RetryPolicy(first_pause=0.0)


@pytest.fixture
def anyio_backend(request: pytest.FixtureRequest) -> str:
    """The backend that the transport of this test is for."""
    return "trio" if "way" in request.fixturenames and request.getfixturevalue("way") == "trio" else "asyncio"


class Bytes:
    """Content that is there already, in small pieces."""

    def __init__(self, content: bytes, fails: Exception | None = None) -> None:
        self.content = content
        self.fails = fails
        self.begun = 0
        self.closed = 0

    @property
    def length(self) -> int:
        return len(self.content)

    async def chunks(self) -> AsyncIterator[bytes]:
        self.begun += 1
        try:
            for start in range(0, len(self.content), 4):
                yield self.content[start : start + 4]
            if self.fails is not None:
                raise self.fails
        finally:
            self.closed += 1


class Seen(Hooks):
    def __init__(self) -> None:
        self.attempts: list[Attempt] = []

    def attempted(self, attempt: Attempt, /) -> None:
        self.attempts.append(attempt)


def storage_over(wire: Transport, base: str = "http://localhost/api/v4", **options: Any) -> FileStorage:
    seen: Hooks = options.get("seen") or Hooks()
    chance: Callable[[], float] = options.get("random") or (lambda: 0.5)
    retry = options.get("retry", NO_PAUSE)
    return FileStorage(wire, Principal(base), retry, Stats(), Watch([seen]), time.monotonic, chance)


@asynccontextmanager
async def lab(
    way: str, script: Callable[[Received], Answer], **options: Any
) -> AsyncGenerator[tuple[FileStorage, WireServer]]:
    async with serve(script) as server, transport("aiohttp" if way == "aiohttp" else "httpx2") as wire:
        yield storage_over(wire, server.url + "/api/v4", **options), server


def reply(status: int, body: bytes = b"", **fields: str) -> Answer:
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
    return Answer("\r\n".join([*lines, "", ""]).encode() + body)


def error(status: int, code: str, **fields: str) -> Answer:
    body = f"<Error><Code>{code}</Code><Message>{SIGNATURE}</Message></Error>"
    return reply(status, body.encode(), **fields)


def script(*answers: Answer) -> Callable[[Received], Answer]:
    left = [*answers]
    return lambda _: left.pop(0)


# -- put -----------------------------------------------------------------------------------------------------------


@WAYS
@pytest.mark.parametrize("content", [b"", b"some bytes of a file"])
async def test_bytes_are_stored_with_exactly_the_given_fields(way: str, content: bytes) -> None:
    """The storage sees the fields that Clio named, what HTTP needs, and the bytes. No name of a client, no token."""
    given = [("Content-Type", "text/plain"), ("x-amz-server-side-encryption", "AES256"), ("Content-MD5", "x")]
    async with lab(way, lambda _: reply(200)) as (storage, server):
        await storage.put(Secret(server.url + QUERY), given, Bytes(content))
        [request] = server.received
        expected = [*given, ("Host", server.url[7:]), ("Content-Length", str(len(content)))]
        assert sorted(expected) == sorted(request.fields)
        assert ("PUT", QUERY, content) == (request.method, request.target, request.body)
        assert (1, len(content)) == (storage._stats.storage_requests, storage._stats.bytes_uploaded)


class Plain:
    """Content whose pieces come from an object that has nothing to close."""

    length = 3

    def __init__(self) -> None:
        self.left = [b"abc"]

    def chunks(self) -> Plain:
        return self

    def __aiter__(self) -> Plain:
        return self

    async def __anext__(self) -> bytes:
        if not self.left:
            raise StopAsyncIteration
        return self.left.pop()


@WAYS
async def test_a_coding_that_clio_names_is_the_one_that_is_sent(way: str) -> None:
    """No field that Clio gave is sent a second time with another value; content need not be a generator."""
    async with lab(way, lambda _: reply(200)) as (storage, server):
        await storage.put(Secret(server.url + QUERY), [("accept-encoding", "gzip")], Plain())
        assert (["gzip"], b"abc") == (server.received[0].values_of("accept-encoding"), server.received[0].body)


@WAYS
async def test_a_scheme_in_capital_letters_is_one(way: str) -> None:
    """RFC 3986 §3.1: an address is sent to in its usual spelling, its path and signature as they are."""
    async with lab(way, lambda _: reply(200, b"abc")) as (storage, server):
        address = Secret(server.url.replace("http:", "HTTP:") + QUERY)
        await storage.put(address, [], Bytes(b"abc"))
        async with storage.get(address) as stored:
            assert b"abc" == b"".join([piece async for piece in stored.chunks()])
        assert [QUERY, QUERY] == [request.target for request in server.received]


@WAYS
async def test_it_is_sent_again_from_its_beginning(way: str) -> None:
    """F61: where the storage could not take the bytes, all of them are sent again; all that was sent is counted."""
    content = Bytes(b"some bytes")
    answers = [error(503, "SlowDown"), error(400, "RequestTimeout"), reply(204)]
    async with lab(way, script(*answers)) as (storage, server):
        await storage.put(Secret(server.url + QUERY), [], content)
        assert [b"some bytes"] * 3 == [request.body for request in server.received]
        assert (3, 30) == (storage._stats.storage_requests, storage._stats.bytes_uploaded)
    assert (3, 3) == (content.begun, content.closed)


@WAYS
@pytest.mark.parametrize("then", ["reset", "close"])
async def test_a_cut_at_every_byte_of_the_answer(way: str, then: Any) -> None:
    """F1, F61: bytes whose storing was not confirmed are sent again. A whole head confirms it."""
    whole = reply(200, b"ok").data
    assert isinstance(whole, bytes)
    head = whole.index(b"ok")
    for at in range(len(whole)):
        answers = [Answer(whole[:at], then), reply(200)]
        async with lab(way, script(*answers)) as (storage, server):
            await storage.put(Secret(server.url + QUERY), [], Bytes(b"some bytes"))
            times = 2 if at < head else 1
            assert [b"some bytes"] * times == [request.body for request in server.received], at


@WAYS
@pytest.mark.parametrize(
    ("status", "code"),
    [(403, "AccessDenied"), (400, "BadDigest"), (412, "PreconditionFailed"), (404, "NoSuchBucket"), (307, "Moved")],
)
async def test_a_refusal_is_not_repeated(way: str, status: int, code: str) -> None:
    """F61, F62: who repeats an expired address, or other bytes than announced, gets the same answer. Redirects are
    not followed."""
    async with lab(way, lambda _: error(status, code, Location="http://other.example/x")) as (storage, server):
        with pytest.raises(StorageRefused, match=code) as caught:
            await storage.put(Secret(server.url + QUERY), [], Bytes(b"some bytes"))
        assert (status, code) == (caught.value.status, caught.value.code)
        assert 1 == len(server.received)


@WAYS
async def test_attempts_are_bounded(way: str) -> None:
    """The last answer is told when the policy's attempts are used up; without a policy, the first one is."""
    for retry, attempts in ((NO_PAUSE, 3), (None, 1)):
        async with lab(way, lambda _: error(500, "InternalError"), retry=retry) as (storage, server):
            with pytest.raises(StorageRefused, match="InternalError"):
                await storage.put(Secret(server.url + QUERY), [], Bytes(b"x"))
            assert attempts == len(server.received)


@pytest.mark.parametrize(
    ("fields", "chance", "pauses"),
    [
        ({}, 0.5, [0.25, 0.5]),
        ({}, 0.0, [0.0, 0.0]),
        ({"Retry-After": "7"}, 0.5, [7.25, 7.5]),
        ({"Retry-After": "9999"}, 0.5, []),
        ({"Retry-After": "Sat, 21 Nov 2026 12:00:09 GMT", "Date": "Sat, 21 Nov 2026 12:00:00 GMT"}, 0.0, [9.0, 9.0]),
        ({"Retry-After": "Sat, 21 Nov 2099 12:00:09 GMT"}, 0.5, [0.25, 0.5]),
    ],
)
async def test_pauses(
    fields: dict[str, str], chance: float, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Full jitter, doubled each time; what `Retry-After` asks for comes on top, and is given up if it is too long."""
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr("clio_async.storage.anyio.sleep", sleep)
    wire = MemoryTransport(lambda _: Response(503, Headers(fields)))
    storage = storage_over(wire, retry=RetryPolicy(), random=lambda: chance)
    with pytest.raises(StorageRefused):
        await storage.put(Secret("http://localhost/x"), [], Bytes(b""))
    assert pauses == slept


async def test_what_was_not_sent_is_sent_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """F3: a kept connection that was closed meanwhile costs no pause."""
    slept: list[float] = []
    answers: list[Any] = [NotSent("closed"), MaybeSent("cut"), Response(200)]

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    def answer(_: Request) -> Response:
        found = answers.pop(0)
        if isinstance(found, Exception):
            raise found
        return found

    monkeypatch.setattr("clio_async.storage.anyio.sleep", sleep)
    storage = storage_over(MemoryTransport(answer), retry=RetryPolicy())
    await storage.put(Secret("http://localhost/x"), [], Bytes(b""))
    assert [0.0, 0.5] == slept


@WAYS
async def test_a_source_that_fails_is_not_read_again(way: str) -> None:
    """What the source raises reaches the caller as it is, and is closed; nothing is sent a second time."""
    content = Bytes(b"some bytes", LookupError("the source"))
    async with lab(way, lambda _: reply(200)) as (storage, server):
        with pytest.raises(LookupError, match="the source"):
            await storage.put(Secret(server.url + QUERY), [], content)
        assert [] == [request.body for request in server.received]
    assert (1, 1) == (content.begun, content.closed)


class Hasty(Transport):
    """Answer without having taken all of the content."""

    async def send(self, request: Request) -> Response:
        raise AssertionError

    @asynccontextmanager
    async def stream(self, request: Request) -> AsyncGenerator[StreamedResponse]:
        assert request.content is not None
        pieces = request.content.chunks()
        await anext(pieces)
        async with MemoryTransport(lambda _: Response(200)).stream(Request("GET", "http://localhost/")) as answer:
            yield answer

    async def aclose(self) -> None:
        pass


async def test_thanks_for_what_was_not_sent_are_not_believed() -> None:
    """F63: a 200 that comes before the last byte has left confirms nothing."""
    storage = storage_over(Hasty())
    with pytest.raises(ResponseBroken, match="before all bytes"):
        await storage.put(Secret("http://localhost/x"), [], Bytes(b"some bytes"))
    assert 3 == storage._stats.storage_requests


@pytest.mark.parametrize(
    ("address", "fields"),
    [
        ("http://s3.example/x", []),
        ("/relative", []),
        ("https://user@s3.example/x", []),
        ("https://s3.example/x", [("Authorization", "Bearer x")]),
        ("https://s3.example/x", [("Content-Length", "7")]),
    ],
)
async def test_what_may_not_be_sent_is_not(address: str, fields: list[tuple[str, str]]) -> None:
    """F59: an address or header fields of Clio's that would give something away are an error, and nothing is sent."""
    wire = MemoryTransport(lambda _: pytest.fail("something was sent"))
    storage = storage_over(wire, "https://app.clio.com/api/v4")
    with pytest.raises(UnexpectedContent):
        await storage.put(Secret(address), fields, Bytes(b"x"))
    if not fields:
        with pytest.raises(UnexpectedContent, match="not used"):
            async with storage.get(Secret(address)):
                pass


# -- get -----------------------------------------------------------------------------------------------------------


@WAYS
async def test_a_file_is_received(way: str) -> None:
    """A whole file and the rest of one say what they are."""
    answers = [
        reply(200, b"abcdef", ETag='"t"'),
        reply(206, b"cdef", ETag='"t"', Content_Range="bytes 2-5/6"),
        reply(200, b"xyz", ETag='W/"t"'),
    ]
    async with lab(way, script(*answers)) as (storage, server):
        address = Secret(server.url + QUERY + "#fragment")
        found = []
        for first, validator in ((0, '"t"'), (2, '"t"'), (2, None)):
            async with storage.get(address, first=first, validator=validator) as stored:
                content = b"".join([piece async for piece in stored.chunks()])
                found.append((stored.status, stored.first, stored.size, stored.validator, content))
        assert [
            (200, 0, 6, '"t"', b"abcdef"),
            (206, 2, 6, '"t"', b"cdef"),
            (200, 0, 3, None, b"xyz"),
        ] == found
        sent = [sorted(request.fields) for request in server.received]
        common = [("Accept-Encoding", "identity"), ("Host", server.url[7:])]
        assert [
            common,
            sorted([*common, ("Range", "bytes=2-"), ("If-Range", '"t"')]),
            sorted([*common, ("Range", "bytes=2-")]),
        ] == sent
        assert {QUERY} == {request.target for request in server.received}
        assert (3, 13) == (storage._stats.storage_requests, storage._stats.bytes_downloaded)


@WAYS
@pytest.mark.parametrize("status", [201, 202, 203, 204, 301, 304, 307, 404, 416])
async def test_an_answer_without_a_file_is_a_refusal(way: str, status: int) -> None:
    """Only 200 and 206 hold a file: no redirect is followed, and no status of success is taken for an empty file."""
    body = b"" if status in {204, 304} else b"x"
    answer = Answer(f"HTTP/1.1 {status} X\r\nLocation: /y\r\n".encode())
    length = b"" if status in {204, 304} else b"Content-Length: 1\r\n"
    assert isinstance(answer.data, bytes)
    async with lab(way, lambda _: Answer(answer.data + length + b"\r\n" + body)) as (storage, server):  # type: ignore[operator]
        with pytest.raises(StorageRefused) as caught:
            async with storage.get(Secret(server.url + QUERY)):
                pass
        assert (status, None) == (caught.value.status, caught.value.code)
        assert 1 == len(server.received)


@WAYS
async def test_asking_is_repeated(way: str) -> None:
    """A file that is not to be had for a moment is asked for again."""
    answers = [error(503, "SlowDown"), Answer(b"", "reset"), reply(200, b"abc")]
    async with lab(way, script(*answers)) as (storage, server):
        async with storage.get(Secret(server.url + QUERY)) as stored:
            assert b"abc" == b"".join([piece async for piece in stored.chunks()])
        assert 3 == len(server.received)


@WAYS
async def test_a_long_error_is_not_read_to_its_end(way: str) -> None:
    """Of an error no more is read than its code needs; one that breaks off is told by its status."""
    endless = b"HTTP/1.1 404 X\r\nContent-Length: 999999999\r\n\r\n<Error><Code>NoSuchKey</Code>"
    answers = [Answer([endless, b"x" * 20000], "hang"), Answer(endless, "reset")]
    async with lab(way, script(*answers)) as (storage, server):
        for code in ("NoSuchKey", None):
            with pytest.raises(StorageRefused) as caught:
                async with storage.get(Secret(server.url + QUERY)):
                    pass
            assert (404, code) == (caught.value.status, caught.value.code)


@WAYS
async def test_what_was_left_is_not_read_on(way: str) -> None:
    """After a read that was cancelled the rest is an error, never an early end."""
    begun = b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"
    async with lab(way, lambda _: Answer(begun, "hang")) as (storage, server):
        address = Secret(server.url + QUERY)
        async with storage.get(address) as stored:
            pieces = stored.chunks()
            assert b"abc" == await anext(pieces)
            with anyio.move_on_after(0):
                await anext(pieces)
            with pytest.raises(ResponseBroken, match="left"):
                await anext(pieces)


# -- what is seen --------------------------------------------------------------------------------------------------


@WAYS
async def test_hooks_are_told_of_the_server_alone(way: str) -> None:
    """An attempt names method, server, principal and outcome; of the address nothing else."""
    seen = Seen()
    answers = [
        reply(200),
        error(403, "AccessDenied"),
        reply(200, b"abc"),
        Answer(b"HTTP/1.1 200 X\r\nContent-", "reset"),
    ]
    async with lab(way, script(*answers), seen=seen, retry=None) as (storage, server):
        address = Secret(server.url + QUERY)
        await storage.put(address, [], Bytes(b"x"))
        with pytest.raises(StorageRefused):
            await storage.put(address, [], Bytes(b"x"))
        async with storage.get(address) as stored:
            assert [b"abc"] == [piece async for piece in stored.chunks()]
        with pytest.raises(TransportError):
            async with storage.get(address):
                pass
        assert {server.url} == {attempt.path for attempt in seen.attempts}
        assert {storage._principal.fingerprint} == {attempt.principal for attempt in seen.attempts}
    told = [(one.method, one.status, one.error, one.wire_bytes) for one in seen.attempts]
    refusal = error(403, "AccessDenied").data
    assert isinstance(refusal, bytes)
    length = len(refusal.partition(b"\r\n\r\n")[2])
    assert [("PUT", 200, None, 0), ("PUT", 403, None, length), ("GET", 200, None, 3)] == told[:3]
    assert ("GET", None) == told[3][:2]
    assert told[3][2] is not None


@WAYS
async def test_a_body_that_broke_is_told(way: str) -> None:
    """An attempt whose answer did not arrive whole has an error."""
    seen = Seen()
    broken = Answer(b"HTTP/1.1 200 X\r\nContent-Length: 9\r\n\r\nabc", "reset")
    async with lab(way, lambda _: broken, seen=seen) as (storage, server):
        address = Secret(server.url + QUERY)
        async with storage.get(address) as stored:
            with pytest.raises(ResponseBroken):
                async for _ in stored.chunks():
                    pass
    [attempt] = seen.attempts
    assert (200, "ResponseBroken") == (attempt.status, attempt.error)


def _outcomes() -> list[Any]:
    broken = Answer(b"HTTP/1.1 200 X\r\nContent-Length: 9\r\n\r\nabc", "reset")
    return [
        error(403, "AccessDenied"),
        error(404, SIGNATURE),
        error(500, "InternalError"),
        broken,
        Answer(b"", "reset"),
        Answer(f"HTTP/1.1 200 {SIGNATURE}\r\nX: {SIGNATURE}\r\nBroken {SIGNATURE}\r\n\r\n".encode(), "close"),
        reply(200, b"x", Content_Encoding=SIGNATURE),
        reply(206, b"x", Content_Range=SIGNATURE),
        reply(302, b"x", Location=f"https://other.example/{SIGNATURE}"),
    ]


@WAYS
@pytest.mark.parametrize("number", range(len(_outcomes())))
async def test_addresses_are_secret(way: str, number: int, caplog: pytest.LogCaptureFixture) -> None:
    """F37: whatever the storage answers, neither signature nor signed fields are in logs, events, errors, tracebacks
    with locals, reprs or pickles."""
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.INFO, "httpcore2")  # at DEBUG it logs the header fields of answers
    records, seen = Records(lambda: CANARIES), Seen()
    logging.getLogger().addHandler(records)
    hits: list[str] = []
    try:
        async with lab(way, lambda _: _outcomes()[number], seen=seen) as (storage, server):
            address = Secret(server.url + QUERY)
            fields = Hidden([("X-Amz-Security-Token", SECURITY)])
            for attempt in (_put(storage, address, fields), _get(storage, address)):
                caught = await attempt
                if caught is not None:
                    hits += CANARIES.in_error("error", caught)
            assert SECURITY in dict(server.received[0].fields).values()
            assert not CANARIES.of("token").in_text("sent", b"".join(one.head for one in server.received))
    finally:
        logging.getLogger().removeHandler(records)
    hits += [hit for attempt in seen.attempts for hit in CANARIES.in_object("attempt", attempt)]
    assert [] == hits + records.hits
    assert records.count
    assert CANARIES.in_text("control", QUERY)


class Hidden(list[tuple[str, str]]):
    """Fields that do not show themselves in the frames of a test."""

    def __repr__(self) -> str:
        return "<fields>"


async def _put(storage: FileStorage, address: Secret, fields: Hidden) -> ClioError | None:
    try:
        await storage.put(address, fields, Bytes(b"x"))
    except ClioError as caught:
        return caught
    return None


async def _get(storage: FileStorage, address: Secret) -> ClioError | None:
    try:
        async with storage.get(address, first=1) as stored:
            async for _ in stored.chunks():
                pass
    except ClioError as caught:
        return caught
    return None


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("Authorization", "http://localhost"),
        ("bad name", "http://localhost"),
        ("X-Amz-Security-Token", "ftp://localhost"),
        ("X-Amz-Security-Token", "/relative"),
    ],
)
async def test_fields_that_are_refused_stay_secret(name: str, address: str) -> None:
    """F37: the error about a header field, or an address, repeats no value of it, nor do the frames that it came
    through."""
    storage = storage_over(MemoryTransport(lambda _: Response(200)))
    secret = Secret(address + QUERY)
    caught = await _put(storage, secret, Hidden([(name, SECURITY)]))
    assert isinstance(caught, UnexpectedContent)
    frames = [frame for frame, _ in traceback.walk_tb(caught.__traceback__) if frame.f_code.co_name == "put"]
    assert [False] == ["headers" in frame.f_locals for frame in frames]  # those of a caller that hides nothing
    assert [] == CANARIES.in_error("error", caught)
