"""`Redirect`: what is sent on, what is kept, and what the caller is told (row F59)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable

import anyio
import pytest
from attrs import frozen

from clio_async import (
    Clio,
    Forbidden,
    Gone,
    InvalidArgument,
    LocalLimiter,
    NotFound,
    OutcomeUnknown,
    OutcomeUnknownServerError,
    Policy,
    PreconditionFailed,
    RateLimited,
    RecordETag,
    ResponseBroken,
    RetryPolicy,
    ServerError,
    UnexpectedRedirect,
    UntrustedLink,
    capture_responses,
)
from clio_async.errors import MaybeSent, NotSent, UnexpectedContent
from clio_async.messages import Headers, Request, Response
from clio_async.middleware.redirect import Redirect
from tests.origin import BASE, NOW, Clock, Origin, Wire, client, not_modified, ok, script

AREA = "/practice_areas/5"
OTHER = "/practice_areas_with_categories/5"
FIVE = b'{"data":{"id":5,"etag":"\\"1\\"","name":"Estates"}}'
STATUSES = [301, 302, 303, 307, 308]


@frozen
class Area:
    """A copy that somebody keeps of a practice area."""

    id: int
    etag: RecordETag


def to(place: str, status: int = 307, **headers: str) -> Response:
    return Response(status, Headers({"Location": place, **headers}))


def moving(answer: Callable[[Request], Response], status: int = 307) -> Callable[[Request], Response]:
    """Practice areas are elsewhere, where they are answered so."""

    def answered(request: Request) -> Response:
        if "/practice_areas_with_categories" in request.url:
            return answer(request)
        return to(request.url.replace("/practice_areas", "/practice_areas_with_categories"), status)

    return answered


def paths(wire: Wire) -> list[str]:
    return [request.url.removeprefix(BASE) for request in wire.seen]


async def turns() -> None:
    """Let the others run, for as long as they have anything to do."""
    for _ in range(50):
        await anyio.lowlevel.checkpoint()


async def nobody(request: Request, call_next: object, /) -> Response:
    raise AssertionError("no write is sent on")


# -- reads ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("status", STATUSES)
async def test_a_read_goes_where_it_is_sent(method: str, status: int) -> None:
    """As itself, whatever the status, with the fields that it had, and the token."""
    wire = Wire(script(to("/y?z=1", status), ok(b"{}")))
    response = await client(wire).request(method, "/x", headers={"If-Match": '"m"', "X-Own": "1"})
    assert (200, "redirected") == (response.status, response.verdict)
    assert [method, method] == [request.method for request in wire.seen]
    assert [f"{BASE}/x", "http://localhost/y?z=1"] == [request.url for request in wire.seen]
    first, second = (dict(request.headers) for request in wire.seen)
    assert first == second
    assert {"authorization", "x-api-version", "if-match", "x-own"} <= first.keys()


async def test_an_answer_that_is_no_redirect_is_handed_on_as_it_is() -> None:
    """The same object."""
    answer = ok()

    async def send(request: Request) -> Response:
        return answer

    assert answer is await Redirect(nobody)(Request("GET", "/"), send)


@pytest.mark.parametrize("hops", range(6))
async def test_three_redirects_are_followed(hops: int) -> None:
    """F59: the fourth is an error that says so."""
    wire = Wire(script(*[to(f"{BASE}/{hop}") for hop in range(hops)], ok()))
    if hops <= 3:
        assert 200 == (await client(wire).request("GET", "/x")).status
    else:
        with pytest.raises(UnexpectedRedirect, match="after 3 redirects") as caught:
            await client(wire).request("GET", "/x")
        assert "/3" in caught.value.response.headers["location"]
    assert 1 + min(hops, 3) == len(wire.seen)


async def test_a_loop_ends() -> None:
    """F59: to itself, for ever."""
    wire = Wire(lambda request: to(request.url))
    with pytest.raises(UnexpectedRedirect):
        await client(wire).matters.get(42)
    assert 4 == len(wire.seen)


async def test_a_place_is_read_from_where_it_was_named() -> None:
    """A second reference is relative to the first place (RFC 3986 §5.1.3)."""
    wire = Wire(script(to("a/b"), to("c"), ok()))
    await client(wire).request("GET", "/x/y")
    assert ["/x/y", "/x/a/b", "/x/a/c"] == paths(wire)


async def test_every_hop_is_a_call_to_the_layers_below() -> None:
    """Each has its turn at the limiter, and its second try: with a server that fails once at the other place."""
    turns: list[str] = []

    class Counting(LocalLimiter):
        def passes(self, request: Request) -> bool:
            turns.append(request.url.removeprefix(BASE))
            return super().passes(request)

    wire = Wire(script(to(f"{BASE}/y"), Response(503), ok()))
    clio = client(wire, limiter=Counting(), retry=RetryPolicy(first_pause=0))
    assert 200 == (await clio.request("GET", "/x")).status
    assert ["/x", "/y", "/y"] == turns == paths(wire)


async def test_all_hops_have_one_deadline() -> None:
    """The call ends when it was to end."""
    clock = Clock()

    def answer(request: Request) -> Response:
        clock.now += 7
        return to(f"{BASE}/y")

    wire = Wire(answer)
    with pytest.raises(UnexpectedRedirect):
        await client(wire, clock=clock, timeout=60.0).request("GET", "/x")
    assert [1060.0] * 4 == [request.deadline for request in wire.seen]


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("place", ["https://localhost/x", "//evil.test/x", "http://user@localhost/x", ""])
async def test_nothing_goes_elsewhere(status: int, place: str) -> None:
    """F59: another origin, a user, or no place at all: the redirect is the end, and the error holds it."""
    wire = Wire(lambda request: to(place, status))
    for call in (client(wire).request("GET", "/x"), client(wire).request("HEAD", "/x")):
        with pytest.raises(UnexpectedRedirect, match="same origin") as caught:
            await call
        assert (status, status) == (caught.value.status, caught.value.response.status)
        assert "evil" not in str(caught.value)
    assert 2 == len(wire.seen)


# -- conditions -------------------------------------------------------------------------------------------------------


async def test_the_condition_of_the_cache_is_not_sent_on() -> None:
    """What is held of the first URL is dropped, what came from the other is not kept, and the next read has neither."""
    wire = Wire(script(ok(b"old", ETag='"1"'), to(f"{BASE}/y"), ok(b"new", ETag='"2"'), ok(b"back", ETag='"3"')))
    clio = client(wire)
    assert [b"old", b"new", b"back"] == [(await clio.request("GET", "/matters/42")).body for _ in range(3)]
    assert [None, '"1"', None, None] == wire.sent("If-None-Match")


async def test_so_with_last_modified() -> None:
    """The other validator."""
    wire = Wire(moving(lambda request: ok(b"{}")))
    early = {"Last-Modified": "Thu, 01 Jan 2026 00:00:00 GMT", "Date": "Sat, 21 Nov 2026 12:00:00 GMT"}
    wire.answer = lambda request: Response(200, Headers(early), b"old")
    clio = client(wire)
    await clio.request("GET", AREA)
    wire.answer = moving(lambda request: ok(b"{}"))
    await clio.request("GET", AREA)
    assert [None, early["Last-Modified"], None] == wire.sent("If-Modified-Since")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_a_304_from_elsewhere_that_nobody_asked_for_is_broken(method: str) -> None:
    """It would confirm what it knows nothing of."""
    wire = Wire(script(ok(b"old", ETag='"1"'), to(f"{BASE}/y"), not_modified(ETag='"1"')))
    clio = client(wire)
    await clio.request("GET", "/matters/42")
    with pytest.raises(ResponseBroken, match="304"):
        await clio.request(method, "/matters/42")


async def test_a_condition_of_the_callers_goes_along() -> None:
    """And is answered: by a 304 from the other place, for a request by hand and for a record."""
    wire = Wire(moving(lambda request: not_modified(ETag='"1"') if "If-None-Match" in request.headers else ok(FIVE)))
    clio = client(wire)
    assert 304 == (await clio.request("GET", AREA, headers={"If-None-Match": '"1"'})).status
    assert ['"1"', '"1"'] == wire.sent("If-None-Match")


async def test_who_asks_for_himself_does_not_share_with_who_asks_for_the_cache() -> None:
    """The same field, and other meanings where a redirect leads on: each has a flight of its own."""
    held, gate, arrived = ok(FIVE, ETag='"1"'), anyio.Event(), anyio.Event()

    async def answer(request: Request) -> Response:
        if len(wire.seen) == 1:
            return held
        if not arrived.is_set():
            arrived.set()
            await gate.wait()
        return moving(lambda hop: not_modified(ETag='"1"') if "If-None-Match" in hop.headers else ok(FIVE))(request)

    wire = Wire(answer)
    clio = client(wire)
    await clio.request("GET", AREA)
    found: list[int] = []

    async def read(**options: object) -> None:
        found.append((await clio.request("GET", AREA, **options)).status)  # type: ignore[arg-type]

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(read)
        await arrived.wait()
        async with anyio.create_task_group() as own:
            own.start_soon(lambda: read(headers={"If-None-Match": '"1"'}))
            await turns()
            assert [304] == found
        gate.set()
    assert [304, 200] == found


# -- what is kept -----------------------------------------------------------------------------------------------------


async def test_an_answer_from_elsewhere_is_never_given_without_asking() -> None:
    """Not even where freshness was opted into."""
    wire = Wire(moving(lambda request: ok(FIVE, ETag='"1"')))
    clio = client(wire, policy=Policy(fresh_for={"practice_areas": 1e6}), clock=Clock())
    with capture_responses() as seen:
        for _ in range(2):
            assert "Estates" == (await clio.practice_areas.get(5)).name
    assert ["network"] * 2 == [exchange.source for exchange in seen]
    assert [None] * 4 == wire.sent("If-None-Match")


@pytest.mark.parametrize(
    ("status", "expected", "held"),
    [(401, None, None), (403, Forbidden, None), (404, NotFound, None), (410, Gone, None), (500, ServerError, '"1"'),
     (204, None, '"1"')],
)  # fmt: skip
async def test_what_is_said_elsewhere_of_a_record(
    status: int, expected: type[Exception] | None, held: str | None
) -> None:
    """A refusal outdates what is held, to be safe: it costs one full read. A failure says nothing."""
    answers = {AREA: ok(b"old", ETag='"1"'), OTHER: Response(status), "/users/who_am_i.json": ok()}
    wire = Wire(lambda request: answers[request.url.removeprefix(BASE).partition("?")[0]])
    clio = client(wire, retry=None)
    await clio.request("GET", AREA)
    answers[AREA] = to(f"{BASE}{OTHER}")
    if expected is None and status == 204:
        await clio.request("GET", AREA)
    else:
        with pytest.raises(expected or Exception):
            await clio.request("GET", AREA)
    answers[AREA] = ok(b"back", ETag='"1"')
    await clio.request("GET", AREA)
    assert held == wire.sent("If-None-Match")[-1]


async def test_a_read_from_elsewhere_that_nothing_is_held_of_leaves_no_mark() -> None:
    """Another read of the record, under way meanwhile and answered where it is, is kept all the same."""
    gate, reading = anyio.Event(), anyio.Event()

    async def answer(request: Request) -> Response:
        if "fields=id" in request.url:
            return to(f"{BASE}{OTHER}")
        if not reading.is_set():
            reading.set()
            await gate.wait()
        return ok(FIVE, ETag='"1"')

    wire = Wire(answer)
    clio = client(wire)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(clio.request, "GET", AREA)
        await reading.wait()
        assert "redirected" == (await clio.request("GET", f"{AREA}?fields=id")).verdict
        gate.set()
    await clio.request("GET", AREA)
    assert '"1"' == wire.sent("If-None-Match")[-1]


# -- writes -----------------------------------------------------------------------------------------------------------


async def test_writes_of_practice_areas_are_sent_on() -> None:
    """POST, PATCH and DELETE: the same method, body and condition, at the other place."""
    wire = Wire(moving(lambda request: Response(204) if request.method == "DELETE" else ok(FIVE)))
    clio = client(wire)
    assert 5 == (await clio.practice_areas.create(name="Estates")).id
    assert "Estates" == (await clio.practice_areas.update(5, name="Estates", if_match='"1"')).name
    await clio.practice_areas.delete(5)
    assert 204 == (await clio.request("DELETE", AREA)).status
    requests = [*zip(wire.seen[::2], wire.seen[1::2], strict=True)]
    assert ["POST", "PATCH", "DELETE", "DELETE"] == [second.method for _, second in requests]
    for first, second in requests:
        assert (first.method, first.body, first.headers) == (second.method, second.body, second.headers)
        assert first.url.replace("/practice_areas", "/practice_areas_with_categories") == second.url
    assert '"1"' == requests[1][1].headers["If-Match"]


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("path", ["/matters/42", AREA, "/unknown"])
@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE", "OPTIONS"])
async def test_no_other_write_is(method: str, path: str, status: int) -> None:
    """F59: after 307 and 308 nothing was done; after the others that is not known."""
    if path == AREA and method in {"PATCH", "DELETE"} and status == 307:
        return  # it is the one above
    wire = Wire(lambda request: to(f"{BASE}/y", status))
    safe = method == "OPTIONS" or status in {307, 308}
    with pytest.raises(UnexpectedRedirect if safe else OutcomeUnknown, match="Only reads"):
        await client(wire).request(method, path)
    assert 1 == len(wire.seen)


async def test_a_write_is_sent_on_three_times_at_most() -> None:
    """Nothing was done: every one of them was a 307."""
    wire = Wire(lambda request: to(f"{request.url}/5"))
    with pytest.raises(UnexpectedRedirect, match="after 3 redirects"):
        await client(wire).practice_areas.update(5, name="x")
    assert 4 == len(wire.seen)


async def test_a_write_is_not_sent_to_another_origin() -> None:
    """Nothing was done."""
    wire = Wire(lambda request: to("https://evil.test/api/v4/practice_areas_with_categories/5"))
    with pytest.raises(UnexpectedRedirect, match="same origin"):
        await client(wire).practice_areas.update(5, name="x")
    assert 1 == len(wire.seen)


@pytest.mark.parametrize(
    ("ending", "expected"),
    [
        (MaybeSent("x"), OutcomeUnknown),
        (Response(502), OutcomeUnknownServerError),
        (to(f"{BASE}/y", 303), OutcomeUnknown),
        (NotSent("x"), NotSent),
        (Response(412), PreconditionFailed),
        (Response(404), NotFound),
    ],
)
async def test_what_a_write_comes_to_elsewhere_is_what_it_comes_to(
    ending: Response | Exception, expected: type[Exception]
) -> None:
    """Unknown stays unknown, and refused is refused."""
    wire = Wire(script(to(f"{BASE}{OTHER}"), ending))
    with pytest.raises(expected):
        await client(wire, retry=None).request("PATCH", AREA, json={})
    assert [AREA, OTHER] == paths(wire)


async def test_a_redirect_after_an_attempt_that_may_have_landed_is_not_followed() -> None:
    """The write stays unknown: what another place says of it would not be the truth."""
    wire = Wire(script(Response(502), to(f"{BASE}{OTHER}")))
    with pytest.raises(OutcomeUnknown):
        await client(wire, retry=RetryPolicy(first_pause=0)).request("DELETE", AREA)
    assert [AREA, AREA] == paths(wire)


async def test_a_refusal_elsewhere_after_an_attempt_that_may_have_landed_is_no_news() -> None:
    """What the layers below have found out of the hop stays what it is."""
    wire = Wire(script(to(f"{BASE}{OTHER}"), Response(502), Response(409)))
    with pytest.raises(OutcomeUnknown):
        await client(wire, retry=RetryPolicy(first_pause=0)).request("DELETE", AREA)
    assert [AREA, OTHER, OTHER] == paths(wire)


async def test_a_deletion_that_has_landed_elsewhere_is_done() -> None:
    """A second attempt at the other place finds nothing, since the first one has done it."""
    wire = Wire(script(to(f"{BASE}{OTHER}.json"), Response(502), Response(404)))
    await client(wire, retry=RetryPolicy(first_pause=0)).practice_areas.delete(5)
    assert 3 == len(wire.seen)


async def test_a_write_outdates_what_lies_where_it_was_sent() -> None:
    """A read of the other path that began before the write is not shared with one that began after it, nor kept."""
    origin = Origin()
    origin.put(OTHER, b"old")
    reading, gate = anyio.Event(), anyio.Event()

    async def answer(request: Request) -> Response:
        if "with_categories" not in request.url:
            return to(f"{BASE}{OTHER}")
        response = origin.answer(request)
        if request.method == "GET" and not reading.is_set():
            reading.set()
            await gate.wait()
        return response

    wire = Wire(answer)
    clio = client(wire)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(clio.request, "GET", OTHER)
        await reading.wait()
        await clio.request("PATCH", AREA, json={"new": 1})
        later: list[bytes] = []

        async def read() -> None:
            later.append((await clio.request("GET", OTHER)).body)

        tasks.start_soon(read)
        await turns()  # it does not wait for the one that is under way
        assert [b'{"new":1}'] == later
        gate.set()
    assert b'{"new":1}' == (await clio.request("GET", OTHER)).body
    assert b'{"new":1}' == (await clio.request("GET", AREA)).body


@pytest.mark.parametrize("path", [AREA, OTHER])
async def test_no_read_of_either_path_is_older_than_a_write(path: str) -> None:
    """Also where a freshness was opted into that would let the first path be answered without asking."""
    origin = Origin()
    origin.put(AREA, b"old")
    origin.put(OTHER, b"old")
    wire = Wire(origin.answer)
    clio = client(wire, policy=Policy(fresh_for={"practice_areas": 1e6}), clock=Clock())
    for each in (AREA, OTHER):
        assert b"old" == (await clio.request("GET", each)).body
    wire.answer = moving(origin.answer)
    await clio.request("PATCH", AREA, json={"new": 1})
    assert b'{"new":1}' == (await clio.request("GET", path)).body


# -- by hand ----------------------------------------------------------------------------------------------------------

DOWNLOADS = [
    "/documents/5/download.json", "/documents/5/download", "/reports/5/download.json",
    "/document_archives/5/download.json", "/document_templates/5/download.json",
    "/court_rules/matter_dockets/preview.json",
]  # fmt: skip


@pytest.mark.parametrize("path", DOWNLOADS)
@pytest.mark.parametrize("place", ["https://storage.test/5", f"{BASE}/here", ""])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_a_redirect_that_was_asked_for_is_the_answer(method: str, path: str, place: str) -> None:
    """Wherever it leads, also to the same origin."""
    wire = Wire(lambda request: to(place, 303))
    response = await client(wire).request(method, path)
    assert (303, place, None) == (response.status, response.headers["location"], response.verdict)
    assert 1 == len(wire.seen)


async def test_the_address_of_a_file_at_the_same_origin_is_returned_and_not_fetched() -> None:
    """By the verb, too; but not one within the API, which would be another page of it."""
    where = iter([f"{BASE.removesuffix('/api/v4')}/files/here", f"{BASE}/here"])
    wire = Wire(lambda request: to(next(where), 303))
    clio = client(wire)
    assert f"{BASE.removesuffix('/api/v4')}/files/here" == (await clio.documents.download_url(5)).reveal()
    with pytest.raises(UnexpectedContent):
        await clio.documents.download_url(5)
    assert 2 == len(wire.seen)


async def test_who_follows_does_not_share_with_who_does_not() -> None:
    """The text of a page is not taken from another place, whoever asks for the same URL by hand meanwhile."""
    gate = anyio.Event()

    async def answer(request: Request) -> Response:
        await gate.wait()
        return ok(b"there") if "there" in request.url else to(f"{BASE}/there")

    clio = client(Wire(answer), api_version=None)
    found: list[bytes] = []

    async def follow() -> None:
        found.append((await clio.request("GET", "/bills/5/preview.json")).body)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(follow)
        await turns()
        gate.set()
        with pytest.raises(UnexpectedRedirect):
            await clio.bills.preview(5)
    assert [b"there"] == found


@pytest.mark.parametrize("status", [300, 304])
async def test_other_answers_of_the_third_hundred_are_answers(status: int) -> None:
    """A choice to be made, and a condition that held."""
    wire = Wire(lambda request: Response(status, Headers({"Location": "/y"})))
    found = await client(wire).request("GET", "/x", headers={"If-None-Match": '"1"'})
    assert (status, 1) == (found.status, len(wire.seen))


# -- lists ------------------------------------------------------------------------------------------------------------


def page(number: int, link: str | None) -> Response:
    paging = "{}" if link is None else f'{{"next":"{link}"}}'
    record = f'{{"id":{number},"etag":"\\"{number}\\"","updated_at":"2026-11-21T10:00:00Z"}}'
    return ok(f'{{"data":[{record}],"meta":{{"paging":{paging}}}}}'.encode(), Date=NOW)


@pytest.mark.parametrize("start", [BASE, "https://app.clio.com/api/v4", ""])
async def test_a_list_that_is_elsewhere_is_walked(start: str) -> None:
    """Its links name the other path. Each page is asked for at our own, with the query of the link."""
    link = f"{start or '/api/v4'}/practice_areas_with_categories.json?page_token=b"
    wire = Wire(moving(lambda request: page(2, None) if "page_token" in request.url else page(1, link)))
    assert [1, 2] == [area.id async for area in client(wire).practice_areas.list(fields="id")]
    own = [path for path in paths(wire) if "with_categories" not in path]
    assert 2 == len(own)
    assert own[1].startswith("/practice_areas.json?page_token=b&")


async def _many(clio: Clio) -> list[int]:
    return [area.id for area in await clio.practice_areas.get_many([1, 2], fields="id")]


async def _changes(clio: Clio) -> list[int]:
    since = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    return [area.id async for area in clio.practice_areas.iter_changes(since, fields="id,updated_at")]


async def _refreshed(clio: Clio) -> list[int]:
    copies = [Area(1, RecordETag('"0"')), Area(2, RecordETag('"0"'))]
    return [area.id for area in (await clio.practice_areas.refresh(copies)).changed]


async def _refreshed_since(clio: Clio) -> list[int]:
    copies = [
        Area(1, RecordETag('"0"')),
        Area(2, RecordETag('"0"')),
        *(Area(n, RecordETag('"0"')) for n in range(3, 999)),
    ]
    since = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    return [area.id for area in (await clio.practice_areas.refresh(copies, since=since)).changed]


@pytest.mark.parametrize("read", [_many, _changes, _refreshed, _refreshed_since])
async def test_what_reads_pages_of_a_list_that_is_elsewhere_goes_on(
    read: Callable[[Clio], Awaitable[list[int]]],
) -> None:
    """By ids, by changes and by tags, too: what is made of a page knows that the page was sent on."""
    link = f"{BASE}/practice_areas_with_categories.json?page_token=b"
    wire = Wire(moving(lambda request: page(2, None) if "page_token" in request.url else page(1, link)))
    assert [1, 2] == await read(client(wire, limiter=None))
    assert any("with_categories.json?page_token=b" in path for path in paths(wire))


async def test_links_lead_to_the_own_origin_all_the_same() -> None:
    """F55: a page from elsewhere may name another path, and nothing more."""
    link = "https://evil.test/api/v4/practice_areas_with_categories.json?page_token=b"
    wire = Wire(moving(lambda request: page(1, link)))
    with pytest.raises(UntrustedLink):
        [area async for area in client(wire).practice_areas.list(fields="id")]
    assert 2 == len(wire.seen)


async def test_a_page_that_was_not_sent_on_may_not_name_another_path() -> None:
    """F55 as it was."""
    wire = Wire(lambda request: page(1, f"{BASE}/practice_areas_with_categories.json?page_token=b"))
    with pytest.raises(UntrustedLink):
        [area async for area in client(wire).practice_areas.list(fields="id")]


# -- quota ------------------------------------------------------------------------------------------------------------


async def test_a_hop_that_may_not_wait_for_quota_is_refused() -> None:
    """The limit holds for each: the first request took the last of the window."""
    spent = {"X-RateLimit-Limit": "50", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1060"}
    wire = Wire(lambda request: to(f"{BASE}/y", **spent))
    clio = client(wire, clock=Clock(), wall_clock=lambda: 1000.0).options(max_wait=0)
    with pytest.raises(RateLimited):
        await clio.request("GET", "/x")
    assert 1 == len(wire.seen)


async def test_what_cannot_be_sent_is_refused_before() -> None:
    """A redirect changes nothing of that."""
    with pytest.raises(InvalidArgument):
        await client(Wire(script())).request("GET", "//evil.test/../x")
