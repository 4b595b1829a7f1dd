"""Answers that are no records: a page of HTML, and the signed address that a redirect leads to."""

from __future__ import annotations

import logging
import pickle
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime

import pytest

from clio_async import (
    Clio,
    ClioError,
    DecodeError,
    Headers,
    Hooks,
    MemoryCache,
    MemoryTransport,
    NotFound,
    Request,
    Response,
    Secret,
    UnexpectedContent,
    UnexpectedRedirect,
    capture_responses,
)
from clio_async.testing import Simulator
from clio_async.testing.wire import Answer, Received, serve

from .canaries import Canaries, Records
from .faults.loopback import TRANSPORTS, lab, reply, transport
from .origin import client

BASE = "https://app.clio.com/api/v4"
SIGNATURE = "b2a9f3d57c1e48a6f0d1b2c3e4f5a6978877"
FILE = f"https://storage.example.com/file.pdf?X-Amz-Signature={SIGNATURE}&X-Amz-Expires=600"


def at(base: str, *answers: Response) -> tuple[Clio, list[Request]]:
    """A client of a server that gives these answers."""
    seen: list[Request] = []
    left = [*answers]

    def answer(request: Request) -> Response:
        seen.append(request)
        return left.pop(0) if len(left) > 1 else left[0]

    return Clio("token-a", base_url=base, transport=MemoryTransport(answer)), seen


def moved(*locations: str, status: int = 303, body: bytes = b"") -> Response:
    return Response(status, Headers([("Location", location) for location in locations]), body)


# -- where a redirect leads -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_the_address_is_returned_and_not_fetched(status: int) -> None:
    """One request, to Clio; what it answers is a secret."""
    clio, seen = at(BASE, moved(FILE, status=status))
    found = await clio.documents.download_url(5)
    assert Secret(FILE) == found
    assert [f"{BASE}/documents/5/download.json"] == [request.url for request in seen]


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("/files/5?sig=x", "https://app.clio.com/files/5?sig=x"),
        ("../../../../5.pdf", "https://app.clio.com/5.pdf"),
        ("//storage.example.com/5", "https://storage.example.com/5"),
        ("HTTPS://Storage.example.com:8443/a%20b?c=d%2Fe", "https://Storage.example.com:8443/a%20b?c=d%2Fe"),
    ],
)
async def test_a_relative_address_is_one_of_the_servers(location: str, target: str) -> None:
    """It is resolved against what was asked (RFC 9110 §10.2.2), and its signature is kept byte for byte."""
    clio, _ = at(BASE, moved(location))
    assert target == (await clio.documents.download_url(5)).reveal()


@pytest.mark.parametrize(
    "location",
    [
        "http://storage.example.com/5",
        "//user@storage.example.com/5",
        "https://user:password@storage.example.com/5",
        "https://app.clio.com@evil.test/5",
        "https://storage.example.com/\x00",
        "https://storage.example.com/a b",
        "https://storage.example.com/a\tb",
        "https://storage.example.com\\@evil.test/",
        "https://storage.example.com:0/5",
        "https://storage.example.com:99999/5",
        "https://storage.example.com:x/5",
        "https://[::1/5",
        "https:///5",
        "https:5",
        "https:/storage.example.com/5",
        "///storage.example.com/5",
        "//",
        "https://",
        "https://?x",
        "https://störage.example.com/5",
        "ftp://storage.example.com/5",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "data:,x",
    ],
)
async def test_an_address_that_may_not_be_fetched_is_not_returned(location: str) -> None:
    """Plain http from https, a user, another scheme, characters that readers of URLs disagree about (F55, F59)."""
    clio, seen = at(BASE, moved(location))
    with pytest.raises(UnexpectedContent) as caught:
        await clio.documents.download_url(5)
    assert 1 == len(seen)
    assert location not in str(caught.value)


@pytest.mark.parametrize(
    ("status", "location"),
    [
        (302, "/login"),
        (301, "http://app.clio.com:443/login"),
        (307, "https://app.clio.com./files/5"),
        (308, "https://APP.clio.com:443/files/5"),
        (302, "https://account.clio.com/login"),
        (302, "https://clio.com/login"),
        (303, "5.pdf"),
        (303, "/api/v4/documents/5"),
        (303, "/api/v4"),
        (303, "https://app.clio.com./api/v4/documents/5"),
        (303, "https://app.clio.com/%61pi/v4/documents/5"),
    ],
)
async def test_a_page_of_clios_is_no_file(status: int, location: str) -> None:
    """Within the API nothing is a file; elsewhere at Clio only where a 303 leads, which is what Clio documents."""
    clio, seen = at(BASE, moved(location, status=status))
    with pytest.raises(UnexpectedContent, match="sign in"):
        await clio.documents.download_url(5)
    assert 1 == len(seen)


@pytest.mark.parametrize(
    ("base", "status", "location"),
    [
        ("http://localhost:81/api/v4", 302, "http://localhost:82/5"),
        ("http://localhost/api/v4", 302, "http://storage.localhost/5"),
        (BASE, 302, "https://notclio.com/5"),
        (BASE, 302, "https://clio.com.example/5"),
        (BASE, 303, "https://app.clio.com/api/v45/5"),
        (BASE, 303, "https://files.clio.com/api/v4/5"),
        ("http://localhost", 303, "http://localhost/5"),
    ],
)
async def test_what_is_no_page_of_clios_may_be_a_file(base: str, status: int, location: str) -> None:
    """Another port is another server, and a server of a test may serve its files itself."""
    clio, _ = at(base, moved(location, status=status))
    assert location == (await clio.documents.download_url(5)).reveal()


@pytest.mark.parametrize("locations", [(), (FILE, "https://evil.test/5"), ("",)], ids=["none", "two", "empty"])
async def test_no_address_or_two_are_none(locations: tuple[str, ...]) -> None:
    """Nobody says which of two counts. An empty one means what was asked itself, which is not the file."""
    clio, _ = at(BASE, moved(*locations))
    with pytest.raises(UnexpectedContent, match="without an address"):
        await clio.documents.download_url(5)


async def test_the_same_address_twice_is_one() -> None:
    """A proxy may have repeated the field."""
    clio, _ = at(BASE, moved(FILE, FILE))
    assert FILE == (await clio.documents.download_url(5)).reveal()


@pytest.mark.parametrize("status", [200, 204, 300, 304])
async def test_an_answer_that_is_no_redirect_has_no_address(status: int) -> None:
    """A 200 may be the file or a login page: either way it is not where the file is."""
    clio, _ = at(BASE, Response(status, Headers([("Location", FILE)]), b"<html>"))
    with pytest.raises(ClioError) as caught:
        await clio.documents.download_url(5)
    assert isinstance(caught.value, UnexpectedContent) or status == 304
    assert SIGNATURE not in str(caught.value)


async def test_an_error_is_an_error() -> None:
    """A report that is not completed has no file yet."""
    clio, _ = at(BASE, Response(404, Headers(), b'{"error":{"type":"NotFoundError","message":"Not Found"}}'))
    with pytest.raises(NotFound):
        await clio.reports.download_url(5)


async def test_plain_http_leads_to_plain_http_only_from_there() -> None:
    """On loopback, where there is no https."""
    clio, _ = at("http://localhost/api/v4", moved("http://localhost:9000/5"))
    assert "http://localhost:9000/5" == (await clio.documents.download_url(5)).reveal()


async def test_each_address_is_asked_for_anew() -> None:
    """An address holds for some minutes: nothing of a redirect is kept, and no condition is sent."""
    fields = [("Location", FILE), ("ETag", '"x"'), ("Cache-Control", "max-age=3600")]
    other = FILE.replace("600", "601")
    clio, seen = at(BASE, Response(303, Headers(fields)), moved(other))
    assert [FILE, other] == [(await clio.documents.download_url(5)).reveal() for _ in range(2)]
    assert [None, None] == [request.headers.get("If-None-Match") for request in seen]


async def test_every_download_of_the_registry_is_a_verb() -> None:
    """Their names and paths, with what they take."""
    clio, seen = at(BASE, moved(FILE))
    await clio.documents.download_url(5, document_version_id=6)
    await clio.reports.download_url(5)
    await clio.document_archives.download_url(5)
    await clio.document_templates.download_url(5)
    await clio.matter_dockets.preview_url(
        jurisdiction_id=1,
        trigger_id=2,
        service_type_id=3,
        start_date=date(2025, 1, 2),
        start_time=datetime(2025, 1, 2, 9, tzinfo=UTC),
    )
    assert [
        "/documents/5/download.json?document_version_id=6",
        "/reports/5/download.json",
        "/document_archives/5/download.json",
        "/document_templates/5/download.json",
        "/court_rules/matter_dockets/preview.json",
    ] == [request.url.removeprefix(BASE).partition("?jurisdiction")[0] for request in seen]


# -- pages ------------------------------------------------------------------------------------------------------------


async def test_a_page_is_its_text() -> None:
    """The preview of a bill is an HTML document, not JSON."""
    clio, seen = at(BASE, Response(200, Headers([("Content-Type", "text/html; charset=utf-8")]), "<p>§</p>".encode()))
    assert "<p>§</p>" == await clio.bills.preview(5, extra_query={"new": True})
    assert [f"{BASE}/bills/5/preview.json?new=true"] == [request.url for request in seen]


async def test_the_simulated_page_is_read() -> None:
    """From the simulator, through the whole chain."""
    simulator = Simulator(matters=3, contacts=3, tasks=3, users=2)
    clio = Clio(simulator.token(), base_url=BASE, transport=MemoryTransport(simulator.handler))
    bill = await clio.bills.list().first()
    assert bill is not None
    page = await clio.bills.preview(bill)
    assert page.startswith("<!DOCTYPE html>")
    assert str(bill.number) in page


async def test_a_page_that_is_no_text_is_a_decode_error() -> None:
    """A body in another charset than UTF-8 is not guessed at."""
    clio, _ = at(BASE, Response(200, Headers(), b"\xff\xfe<\x00"))
    with pytest.raises(DecodeError, match="UTF-8"):
        await clio.bills.preview(5)


async def test_a_page_elsewhere_is_not_fetched() -> None:
    """A redirect where a page was expected leads to a login, or nowhere."""
    clio, seen = at(BASE, moved("https://app.clio.com/login"))
    with pytest.raises(UnexpectedRedirect):
        await clio.bills.preview(5)
    assert 1 == len(seen)


# -- on the wire ------------------------------------------------------------------------------------------------------


@TRANSPORTS
@pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])
async def test_over_a_socket(kind: str, anyio_backend: str) -> None:
    """Both transports hand the redirect over, on their event loops: nothing is fetched, the token stays at home."""
    if kind == "aiohttp" and anyio_backend == "trio":
        kind = "httpx2"  # aiohttp runs on asyncio alone
    elsewhere: list[Received] = []

    def storage(received: Received) -> Answer:
        elsewhere.append(received)
        return Answer(reply("200 OK", b"bytes"))

    async with serve(storage) as other:
        target = f"{other.url}/file?sig={SIGNATURE}"

        def script(received: Received) -> Answer:
            if "/preview" in received.target:
                return Answer(reply("200 OK", b"<p>\xc2\xa7</p>", ("Content-Type", "text/html")))
            return Answer(reply("303 See Other", b"", ("Location", target)))

        async with lab(kind, script) as (clio, server):
            assert Secret(target) == await clio.documents.download_url(5)
            assert "<p>§</p>" == await clio.bills.preview(5)
            assert ["/documents/5/download.json", "/bills/5/preview.json"] == [one.target for one in server.received]
            assert [["Bearer token-a"]] * 2 == [one.values_of("authorization") for one in server.received]
    assert [] == elsewhere


# -- a secret address -------------------------------------------------------------------------------------------------


@asynccontextmanager
async def everywhere(kind: str) -> AsyncGenerator[Clio]:
    """Yield a client, in memory or on the wire, that is answered with the address or something near it."""
    if kind == "memory":
        yield at(BASE, moved(FILE))[0]
        return

    def script(_: Received) -> Answer:
        return Answer(reply("303 See Other", b"", ("Location", FILE)))

    async with serve(script) as server, transport(kind) as wire:
        yield Clio("token-a", base_url=server.url, transport=wire)


@pytest.mark.parametrize("kind", ["memory", "aiohttp", "httpx2"])
async def test_the_address_shows_nowhere(kind: str) -> None:
    """In no log, event, capture, entry of a cache, repr or pickle: only `reveal` gives it."""
    planted = Canaries(signature=SIGNATURE)
    records, root = Records(lambda: planted), logging.getLogger()
    events: list[object] = []

    class Listening(Hooks):
        def call_ended(self, exchange: object, begun: object) -> None:
            events.append(exchange)

        def attempted(self, attempt: object) -> None:
            events.append(attempt)

    root.addHandler(records)
    before = root.level
    root.setLevel(logging.INFO)
    try:
        cache = MemoryCache()
        async with everywhere(kind) as plain:
            clio = Clio(
                "token-a",
                base_url=plain.base_url,
                transport=plain._core.transport,
                cache=cache,
                hooks=[Listening()],
            )
            with capture_responses() as seen:
                found = await clio.documents.download_url(5)
    finally:
        root.setLevel(before)
        root.removeHandler(records)
    assert SIGNATURE in found.reveal()
    hits = [*records.hits, *planted.in_object("secret", found)]
    for one in (*seen, *events, clio.stats, cache, clio):
        hits += planted.in_object(type(one).__name__, one)
    assert [] == hits
    with pytest.raises(TypeError):
        pickle.dumps(found)


@pytest.mark.parametrize(
    "answer",
    [
        moved(FILE.replace("https", "http")),
        moved(FILE, "https://evil.test/"),
        Response(200, Headers([("Location", FILE)])),
        moved(FILE, status=300),
        Response(403, Headers([("Location", FILE)])),
    ],
    ids=["http", "two", "200", "300", "403"],
)
async def test_an_error_does_not_hold_the_address(answer: Response) -> None:
    """Neither its text nor its attributes, pickle or traceback with locals."""
    planted = Canaries(signature=SIGNATURE)
    clio, _ = at(BASE, answer)
    with pytest.raises(ClioError) as caught:
        await clio.documents.download_url(5)
    error = caught.value
    error.__traceback__ = error.__traceback__ and error.__traceback__.tb_next  # this frame has it
    assert [] == planted.in_error("download", error)


async def test_a_closed_client_has_no_address() -> None:
    """As with every call."""
    wire = MemoryTransport(lambda _: moved(FILE))
    clio = client(wire)  # type: ignore[arg-type]
    await clio.aclose()
    with pytest.raises(ClioError, match="closed"):
        await clio.documents.download_url(5)
