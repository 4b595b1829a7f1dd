"""The client: what it refuses, what it owns, what it tells."""

from __future__ import annotations

import pickle
import traceback
import warnings
from decimal import Decimal
from typing import Any

import pytest
from attrs import define

from clio_async.auth.static import StaticToken
from clio_async.caches.base import Begun, CacheStore, Entry
from clio_async.caches.memory import MemoryCache
from clio_async.client import Clio
from clio_async.errors import (
    APIError,
    ApiVersionGone,
    ClientClosed,
    ClioWarning,
    Gone,
    InvalidArgument,
    MaybeSent,
    MissingETag,
    NotFound,
    NotSent,
    OutcomeUnknown,
    OutcomeUnknownServerError,
    RateLimited,
    SchemaError,
    ServerError,
    UnexpectedRedirect,
    UnknownOption,
)
from clio_async.events import RateLimit
from clio_async.messages import Headers, Request, Response
from clio_async.middleware.base import Handler
from clio_async.middleware.observe import capture_responses
from clio_async.options import Policy
from clio_async.principal import Channel, Principal
from clio_async.secrets import Secret
from tests.origin import BASE, Clock, Origin, Wire, client, ok, script

MATTER = "/matters/42"


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    """The client knows no event loop but anyio's."""
    return str(request.param)


def nothing(request: Request) -> Response:
    raise AssertionError(f"{request!r} was sent")


# -- bad input: a typed error, and nothing is sent -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        ({"auth": ""}, InvalidArgument, "empty"),
        ({"auth": "a b"}, InvalidArgument, "space"),
        ({"auth": "tök"}, InvalidArgument, "non-ASCII"),
        ({"auth": 42}, InvalidArgument, "access token or an Auth"),
        ({"auth": "t", "region": "uk"}, UnknownOption, "us"),
        ({"auth": "t", "base_url": "http://example.com"}, InvalidArgument, "https"),
        ({"auth": "t", "base_url": "ftp://x"}, InvalidArgument, "http or https"),
        ({"auth": "t", "api_version": "4"}, InvalidArgument, r"4\.0\.13"),
        ({"auth": "t", "api_version": "4.0.13\r\nX: y"}, InvalidArgument, r"4\.0\.13"),
        ({"auth": "t", "timeout": 0}, InvalidArgument, "positive"),
        ({"auth": "t", "timeout": float("nan")}, InvalidArgument, "positive"),
        ({"auth": "t", "timeout": True}, InvalidArgument, "positive"),
        ({"auth": "t", "tiemout": 3}, UnknownOption, "'timeout'"),
        ({"auth": "t", "strict": "yes"}, InvalidArgument, "True or False"),
        ({"auth": "t", "cache": False}, InvalidArgument, "None switches caching off"),
        ({"auth": "t", "cache": MemoryCache}, InvalidArgument, "CacheStore"),
        ({"auth": "t", "transport": "aiohttp"}, InvalidArgument, "Transport"),
        ({"auth": "t", "middleware": 5}, InvalidArgument, "callables"),
        ({"auth": "t", "middleware": [5]}, InvalidArgument, "callables"),
        ({"auth": "t", "policy": {"max_age": 5}}, InvalidArgument, "Policy"),
        ({"auth": "t", "policy": Policy(max_age=-1)}, InvalidArgument, "max_age"),
        ({"auth": "t", "policy": Policy(fresh_for=["users"])}, InvalidArgument, "fresh_for"),
        ({"auth": "t", "policy": Policy(fresh_for={"usrs": 5})}, UnknownOption, "'users'"),
        ({"auth": "t", "policy": Policy(fresh_for={"users": float("nan")})}, InvalidArgument, "users"),
        ({"auth": "t", "policy": Policy(tag_scope={"matters": "rep"})}, UnknownOption, "representation"),
    ],
)
def test_a_client_refuses_what_cannot_be_right(arguments: dict[str, Any], error: type[Exception], says: str) -> None:
    """Wrong region, empty token, unknown option: before anything is sent, with the nearest right name."""
    with pytest.raises(error, match=says):
        Clio(**arguments)


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        ({"lain": "batch"}, UnknownOption, "'lane'"),
        ({"lane": "slow"}, UnknownOption, "batch"),
        ({"cache": "of"}, UnknownOption, "bypass"),
        ({"api_version": "latest"}, InvalidArgument, r"4\.0\.13"),
        ({"max_wait": -1}, InvalidArgument, "positive"),
    ],
)
def test_options_refuse_what_does_not_exist(options: dict[str, Any], error: type[Exception], says: str) -> None:
    """An unknown option is a TypeError, too."""
    with pytest.raises(error, match=says) as caught:
        client(Wire(nothing)).options(**options)
    assert isinstance(caught.value, TypeError) is isinstance(caught.value, UnknownOption)


@pytest.mark.parametrize(
    "arguments",
    [
        {"method": "get", "path": "/x"},
        {"method": "GET\r\n", "path": "/x"},
        {"method": "CONNECT", "path": "/x"},
        {"method": "GET", "path": "/x\r\nHost: evil"},
        {"method": "GET", "path": "/x\0"},
        {"method": "GET", "path": "/../../oauth/token"},
        {"method": "GET", "path": "/%2e%2e/x"},
        {"method": "GET", "path": "https://evil.example/x"},
        {"method": "GET", "path": "/x#y"},
        {"method": "GET", "path": "/x\\y"},
        {"method": "GET", "path": "/x", "params": {"a": "b\r\nc"}},
        {"method": "GET", "path": "/x", "params": {"a": 1j}},
        {"method": "GET", "path": "/x", "params": {"a": float("nan")}},
        {"method": "GET", "path": "/x", "json": {}},
        {"method": "POST", "path": "/x", "json": {"a": float("inf")}},
        {"method": "POST", "path": "/x", "json": {"a": Decimal("NaN")}},
        {"method": "POST", "path": "/x", "json": {"a": Secret("s")}},
        {"method": "POST", "path": "/x", "json": {"a": "\ud800"}},
        {"method": "GET", "path": "/x", "headers": {"Authorization": "Bearer other"}},
        {"method": "GET", "path": "/x", "headers": {"cookie": "a=b"}},
        {"method": "GET", "path": "/x", "headers": {"HOST": "evil"}},
        {"method": "GET", "path": "/x", "headers": {"X-Api-Version": "4.0.1"}},
        {"method": "GET", "path": "/x", "headers": {"X-A": "b\r\nX-C: d"}},
        {"method": "GET", "path": "/x", "headers": {"X-A\n": "b"}},
        {"method": "GET", "path": "/x", "headers": {"X-A": "€"}},
        {"method": "GET", "path": "/x", "headers": {"": "b"}},
        {"method": "GET", "path": "/x", "headers": 5},
    ],
    ids=str,
)
async def test_a_request_that_must_not_be_sent_is_not(arguments: dict[str, Any]) -> None:
    """F11: injection, escapes and what only a layer may set end before the wire."""
    wire = Wire(nothing)
    clio = client(wire)
    with pytest.raises(InvalidArgument):
        await clio.request(**arguments)
    assert ([], 0) == (wire.seen, clio.stats.calls)


@pytest.mark.parametrize(
    "call",
    [
        lambda clio: clio.matters.get(-1),
        lambda clio: clio.matters.get(0),
        lambda clio: clio.matters.get(True),
        lambda clio: clio.matters.get(42, fields=5),
        lambda clio: clio.matters.get(42, fields=["id", 5]),
        lambda clio: clio.matters.get(42, fields=b"id"),
        lambda clio: clio.matters.get(42, fields=""),
        lambda clio: clio.matters.get(42, fields="id,clint"),
        lambda clio: clio.matters.get(42, feilds="id"),
        lambda clio: clio.matters.get(42, extra_query="a"),
        lambda clio: clio.matters.list(client_id=-1).first(),
        lambda clio: clio.matters.list(ids=[1, -1]).first(),
        lambda clio: clio.matters.list(stauts="open").first(),
        lambda clio: clio.matters.update(42, client={"id": -1}),
        lambda clio: clio.matters.update(42, desription="x"),
        lambda clio: clio.matters.update(42, description="x", extra_json=5),
    ],
    ids=lambda call: str(call.__code__.co_firstlineno),
)
async def test_a_call_that_cannot_be_right_is_never_sent(call: Any) -> None:
    """Negative ids, unknown fields, filters and attributes: a typed error, and the client works as before."""
    wire = Wire(lambda request: ok(b'{"data":{"id":42}}'))
    clio = client(wire)
    with pytest.raises(InvalidArgument):
        await call(clio)
    assert [] == wire.seen
    assert 42 == (await clio.matters.get(42)).id


def test_a_misspelt_argument_of_a_verb_is_named() -> None:
    """Not only filters are near names."""
    with pytest.raises(InvalidArgument, match="'fields'"):
        client(Wire(nothing)).matters.list(feilds="id")


@pytest.mark.parametrize("make", [lambda: Clio("canary\n"), lambda: client(Wire(nothing)).with_auth("canary\n")])
def test_a_refused_token_stands_in_no_frame_of_ours(make: Any) -> None:
    """F37: a token that was read from a file with its line break is the commonest mistake."""
    with pytest.raises(InvalidArgument) as caught:
        make()
    shown = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    ours = [frame for frame in shown.stack if "clio_async" in frame.filename and "tests" not in frame.filename]
    assert ours
    assert not [frame.name for frame in ours if "canary" in str(frame.locals)]


def test_a_token_of_another_region_is_refused_before_it_travels() -> None:
    """F34: the region is part of the identity."""
    known = StaticToken("t", principal=Principal("https://eu.app.clio.com/api/v4", user="7"))
    with pytest.raises(InvalidArgument, match=r"eu\.app\.clio\.com"):
        Clio(known, region="us")
    assert "https://eu.app.clio.com/api/v4" == Clio(known, region="eu").base_url


# -- what a request looks like -------------------------------------------------------------------------------------


async def test_a_request_carries_token_version_and_what_it_was_given() -> None:
    """The whole of what goes to the transport, in one place."""
    wire = Wire(lambda request: ok())
    await client(wire).request(
        "PATCH",
        "matters/42.json?a=1",
        params={"fields": "id,client{id}", "ids[]": [1, 2], "open": True, "none": None},
        json={"data": {"rate": Decimal("1.10")}},
        headers={"If-Match": '"x"', "accept": "text/html"},
    )
    (request,) = wire.seen
    assert f"{BASE}/matters/42.json?a=1&fields=id,client{{id}}&ids%5B%5D=1&ids%5B%5D=2&open=true" == request.url
    assert b'{"data":{"rate":1.10}}' == request.body
    assert {
        "user-agent": request.headers["user-agent"],
        "x-api-version": "4.0.13",
        "if-match": '"x"',
        "accept": "text/html",
        "content-type": "application/json",
        "authorization": "Bearer token-a",
    } == dict(request.headers)


async def test_an_unversioned_client_sends_no_version() -> None:
    """api_version=None lets the server choose; per call through options."""
    wire = Wire(lambda request: ok(X_API_VERSION="4.0.99"))
    clio = client(wire, api_version=None)
    await clio.request("GET", "/x")
    await clio.options(api_version="4.0.99").request("GET", "/x")
    assert [None, "4.0.99"] == wire.sent("X-API-VERSION")


@pytest.mark.parametrize(
    ("region", "base_url"),
    [
        ("us", "http://127.0.0.1:8918/api/v4"),
        ("us", "https://eu.app.clio.com/api/v4"),
        ("eu", "https://eu.app.clio.com"),
    ],
)
def test_two_places_are_one_too_many(region: str, base_url: str) -> None:
    """A region and another base URL contradict each other: a token would go to one of them by chance."""
    with pytest.raises(InvalidArgument, match="region= and base_url= name two places"):
        Clio("t", region=region, base_url=base_url)
    with pytest.raises(InvalidArgument, match="region= and base_url= name two places"):
        Clio("t").with_auth("t", region=region, base_url=base_url)
    with pytest.raises(UnknownOption, match="region"):
        Clio("t", region="mars", base_url=base_url)


def test_one_place_may_be_named_twice() -> None:
    """A region and its own base URL agree, however that is written."""
    clio = Clio("t", region="eu", base_url="https://EU.app.clio.com/api/v4/")
    assert "https://eu.app.clio.com/api/v4" == clio.base_url


# -- statuses and failures -----------------------------------------------------------------------------------------


async def test_a_status_becomes_an_exception_after_the_chain() -> None:
    """With Clio's words, what to do next, and no secret, also through pickle."""
    body = b'{"error":{"type":"NotFoundError","message":"Not Found"}}'
    clio = client(Wire(script(Response(404, Headers({"X-API-VERSION": "4.0.13"}), body))))
    with pytest.raises(NotFound, match="may not see it") as caught:
        await clio.request("GET", MATTER)
    error = pickle.loads(pickle.dumps(caught.value))
    assert ("NotFoundError", "Not Found", 404, "4.0.13") == (error.type, error.message, error.status, error.api_version)
    assert f"{BASE}{MATTER}" == error.request.url
    assert b"token-a" not in pickle.dumps(caught.value)
    assert "base_url" not in str(error)


@pytest.mark.parametrize("base_url", ["http://127.0.0.1:8918", "https://app.clio.com/"])
async def test_a_404_under_a_host_alone_names_the_base_url(base_url: str) -> None:
    """The path of the API is part of the base URL, and left out easily; one with any path is believed."""
    wire = Wire(lambda request: Response(404))
    async with Clio("t", base_url=base_url, transport=wire) as clio:
        with pytest.raises(NotFound, match=r"base_url has no path, and usually ends in /api/v4.* Else: The record"):
            await clio.matters.get(42)
    async with Clio("t", base_url="http://127.0.0.1:8918/clio", transport=wire) as clio:
        with pytest.raises(NotFound) as caught:
            await clio.matters.get(42)
    assert "base_url" not in str(caught.value)


@pytest.mark.parametrize("status", [200, 204, 206, 300])
async def test_other_statuses_are_answers(status: int) -> None:
    """Also one that offers a choice."""
    wire = Wire(script(Response(status, Headers({"Location": "https://evil.example/"}))))
    assert status == (await client(wire).request("GET", "/x")).status
    assert 1 == len(wire.seen)


@pytest.mark.parametrize(
    ("method", "failure", "expected"),
    [
        ("GET", MaybeSent("x"), MaybeSent),
        ("PATCH", MaybeSent("x"), OutcomeUnknown),
        ("DELETE", MaybeSent("x"), OutcomeUnknown),
        ("POST", NotSent("x"), NotSent),
    ],
)
async def test_a_write_that_may_have_landed_is_never_called_failed(
    method: str, failure: Exception, expected: type[Exception]
) -> None:
    """F4: done, refused, or unknown."""
    clio = client(Wire(script(failure)), wall_clock=lambda: 123.0, retry=None)
    with capture_responses() as seen, pytest.raises(expected) as caught:
        await clio.request(method, MATTER)
    assert (None, None) == (seen[0].status, seen[0].source)
    if isinstance(caught.value, OutcomeUnknown):
        assert (123.0, method) == (caught.value.sent_at, getattr(caught.value.request, "method", None))
    assert 1 == clio.stats.failures


async def test_a_5xx_for_a_write_leaves_its_outcome_open() -> None:
    """What a gateway says is not what the server did."""
    with pytest.raises(OutcomeUnknownServerError) as caught:
        await client(Wire(script(Response(502)))).request("POST", "/matters", json={})
    assert isinstance(caught.value, ServerError)
    assert 502 == caught.value.status


MATTER_42 = b'{"data":{"id":42,"etag":"\\"1\\"","description":"old"}}'


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_record_that_is_elsewhere_is_a_typed_error(status: int) -> None:
    """Nothing is followed to another origin, and a redirect is no record."""
    wire = Wire(script(Response(status, Headers({"Location": "https://evil.example/"}))))
    with pytest.raises(UnexpectedRedirect, match=str(status)):
        await client(wire).matters.get(42)
    assert 1 == len(wire.seen)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Response(307), UnexpectedRedirect),
        (Response(303), OutcomeUnknown),
        (Response(200, body=b"<html>log in</html>"), OutcomeUnknown),
        (Response(200), OutcomeUnknown),
        (Response(200, body=b'{"data":'), OutcomeUnknown),
    ],
    ids=["307", "303", "html", "empty", "truncated"],
)
async def test_a_write_whose_answer_cannot_be_read_has_an_unknown_outcome(
    answer: Response, expected: type[Exception]
) -> None:
    """Promise 3: it is not called failed, for it may have landed; 307 alone says that it did not."""
    with pytest.raises(expected) as caught:
        await client(Wire(script(answer, Response(403))), wall_clock=lambda: 7.0).matters.update(42, description="new")
    assert not isinstance(caught.value, OutcomeUnknown) or 7.0 == caught.value.sent_at


async def test_a_warning_never_replaces_the_answer_of_a_write(caplog: pytest.LogCaptureFixture) -> None:
    """Where warnings are errors they are logged: the write has landed."""
    clio = client(Wire(lambda request: ok(MATTER_42, X_API_VERSION="4.0.14")))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert "old" == (await clio.matters.update(42, description="old")).description
    assert "4.0.14 answered" in caplog.text


# -- typed reads and writes ----------------------------------------------------------------------------------------


async def test_a_confirmed_record_is_the_same_object() -> None:
    """304: nothing is decoded twice, and the record knows the validators of its answer."""
    wire = Wire(script(ok(MATTER_42, ETag='W/"1"'), Response(304, Headers({"ETag": 'W/"1"'}))))
    clio = client(wire)
    first = await clio.matters.get(42)
    assert first is await clio.matters.get(42)
    assert first.validators is not None
    assert 'W/"1"' == first.validators.etag


async def test_a_mutable_projection_is_decoded_for_each_caller() -> None:
    """Only what cannot change is shared."""

    @define
    class Card:
        id: int
        description: str | None

    clio = client(Wire(script(ok(MATTER_42, ETag='"1"'), Response(304, Headers({"ETag": '"1"'})))))
    first = await clio.matters.get(42, fields=Card)
    second = await clio.matters.get(42, fields=Card)
    assert first == second
    assert first is not second


async def test_an_update_is_guarded_by_the_records_own_tag() -> None:
    """If-Match carries the etag of the body, quotes and all; the content type is declared."""
    wire = Wire(script(ok(MATTER_42), ok(MATTER_42)))
    clio = client(wire)
    await clio.matters.update(await clio.matters.get(42), description="new")
    sent = wire.seen[1]
    assert ('"1"', "application/json") == (sent.headers["If-Match"], sent.headers["Content-Type"])
    assert b'{"data":{"description":"new"}}' == sent.body


async def test_a_client_can_require_guarded_writes() -> None:
    """require_if_match: last-writer-wins is refused before anything is sent."""
    wire = Wire(nothing)
    with pytest.raises(MissingETag, match="if_match="):
        await client(wire, require_if_match=True).matters.update(42, description="new")


async def test_a_delete_returns_nothing_and_outdates_the_record() -> None:
    """And a POST without a record to decode is no different."""
    wire = Wire(script(ok(MATTER_42, ETag='"1"'), Response(204), ok(MATTER_42)))
    clio = client(wire)
    await clio.matters.get(42)
    assert None is await clio.matters.delete(42)
    await clio.matters.get(42)
    assert None is wire.sent("If-None-Match")[-1]


async def test_a_write_that_names_a_record_outdates_it() -> None:
    """A task of matter 42 may change what matter 42 says."""
    wire = Wire(lambda request: ok(MATTER_42, ETag='"1"'))
    clio = client(wire)
    await clio.matters.get(42)
    await clio.tasks.create(name="x", description="y", matter={"id": 42}, assignee={"id": 1, "type": "User"})
    await clio.matters.get(42)
    assert None is wire.sent("If-None-Match")[-1]


async def test_an_opted_in_fresh_record_passes_no_layer() -> None:
    """No request, no chain, the same object; a bypass asks all the same."""
    clock = Clock()
    wire = Wire(lambda request: ok(b'{"data":{"id":1,"name":"Ada"}}', ETag='"1"'))
    clio = client(wire, clock=clock, policy=Policy(fresh_for={"users": 300}))
    first = await clio.users.get(1)
    assert first is await clio.users.get(1)
    with capture_responses() as seen:
        await clio.users.get(1)
    assert (["cache"], 2, 3) == ([exchange.source for exchange in seen], clio.stats.fresh, clio.stats.calls)
    await clio.options(cache="bypass").users.get(1)
    clock.now += 300
    await clio.users.get(1)
    assert 3 == len(wire.seen)
    await clio.aclose()
    with pytest.raises(ClientClosed):
        await clio.users.get(1)


async def test_an_operation_without_a_version_is_sent_without_one() -> None:
    """Ten operations do not take the header."""
    wire = Wire(lambda request: ok(b'{"data":{"id":5}}'))
    await client(wire).documents.copy(5, parent={"id": 1, "type": "Folder"})
    assert [None] == wire.sent("X-API-VERSION")


# -- versions ------------------------------------------------------------------------------------------------------


async def test_a_gone_version_is_told_by_a_second_path_and_not_sent_again() -> None:
    """F53: ten minutes long nothing goes out under it, and another version is free."""
    clock = Clock()

    def answer(request: Request) -> Response:
        return Response(410) if request.headers.get("X-API-VERSION") == "4.0.3" else ok()

    wire = Wire(answer)
    clio = client(wire, clock=clock, api_version="4.0.3")
    for _ in range(3):
        with pytest.raises(ApiVersionGone, match="newer"):
            await clio.request("GET", MATTER)
    assert [f"{BASE}{MATTER}", f"{BASE}/users/who_am_i.json?fields=id"] == [request.url for request in wire.seen]
    assert 200 == (await clio.options(api_version="4.0.13").request("GET", MATTER)).status
    clock.now += 600
    with pytest.raises(ApiVersionGone):
        await clio.request("GET", MATTER)
    assert 5 == len(wire.seen)


async def test_a_gone_record_is_gone_under_a_version_that_lives() -> None:
    """F53: the second path answers, so it is the record; the next read is sent, and needs no second path."""
    wire = Wire(lambda request: Response(410) if "/matters/42" in request.url else ok())
    clio = client(wire)
    for _ in range(2):
        with pytest.raises(Gone) as caught:
            await clio.request("GET", MATTER)
        assert not isinstance(caught.value, ApiVersionGone)
    assert 3 == len(wire.seen)


async def test_who_am_i_itself_is_checked_by_another_path() -> None:
    """The probe never asks the path that was answered 410."""
    wire = Wire(lambda request: Response(410) if "who_am_i" in request.url else ok())
    with pytest.raises(Gone) as caught:
        await client(wire).request("GET", "/users/who_am_i.json")
    assert Gone is type(caught.value)
    assert f"{BASE}/matters.json?fields=id&limit=1" == wire.seen[1].url


@pytest.mark.parametrize("failure", [MaybeSent("x"), RateLimited("x", status=429)])
async def test_a_410_whose_probe_fails_is_nothing_that_is_gone(failure: Exception) -> None:
    """F53: nothing is claimed of the version, and nothing of the record."""
    wire = Wire(script(Response(410), failure))
    with pytest.raises(APIError, match="could not be found out") as caught:
        await client(wire, retry=None).request("GET", MATTER)
    assert (APIError, 410) == (type(caught.value), caught.value.status)


async def test_a_410_without_a_version_is_the_record() -> None:
    """F53: unversioned, nothing else can be meant, and no probe is sent."""
    wire = Wire(script(Response(410)))
    with pytest.raises(Gone):
        await client(wire, api_version=None).request("GET", MATTER)
    assert 1 == len(wire.seen)


async def test_another_answered_version_warns_once() -> None:
    """F54: counted each time, said once for a pair of versions."""
    clio = client(Wire(lambda request: ok(X_API_VERSION="4.0.14")))
    with pytest.warns(ClioWarning) as caught:
        await clio.request("GET", "/x")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        await clio.request("GET", "/y")
    assert (1, 2) == (len(caught), clio.stats.version_mismatches)


# -- many firms, one core ------------------------------------------------------------------------------------------


async def test_a_token_is_sent_for_its_own_client_alone() -> None:
    """with_auth shares the transport and nothing that is secret."""
    wire = Wire(lambda request: ok())
    clio = client(wire)
    other = clio.with_auth(Secret("token-b"))
    await clio.request("GET", "/x")
    await other.options(cache="bypass").request("GET", "/x")
    assert ["Bearer token-a", "Bearer token-b"] == wire.sent("Authorization")
    assert clio.principal != other.principal
    assert other.principal == other.options(lane="batch").principal
    assert clio.stats is other.stats


def test_a_client_shows_no_secret() -> None:
    """F37: neither repr nor attributes print the token."""
    clio = client(Wire(nothing))
    assert "token-a" not in repr(clio) + repr(clio._auth) + str(vars(type(clio)))


class Renewing:
    """An Auth whose first token is refused."""

    def __init__(self, *, renews: bool = True) -> None:
        self.token = Secret("old")
        self.renews = renews

    def principal(self, origin: str, /) -> Principal:
        return Principal(origin, user="7")

    async def access_token(self, channel: Channel, /, *, deadline: float | None = None) -> Secret:
        return self.token

    async def rejected(
        self, token: Secret, channel: Channel, /, *, again: bool = False, deadline: float | None = None
    ) -> bool:
        self.token = Secret("new")
        return self.renews


async def test_a_401_is_tried_once_more_with_a_newer_token() -> None:
    """F27: once, whatever comes then."""
    wire = Wire(lambda request: ok() if request.headers["authorization"] == "Bearer new" else Response(401))
    clio = Clio(Renewing(), base_url=BASE, transport=wire)
    assert 200 == (await clio.request("GET", "/x")).status
    assert ["Bearer old", "Bearer new"] == wire.sent("Authorization")


async def test_a_401_without_a_newer_token_is_the_answer() -> None:
    """No loop."""
    wire = Wire(lambda request: Response(401))
    with pytest.raises(APIError):
        await Clio(Renewing(renews=False), base_url=BASE, transport=wire).request("GET", "/x")
    assert 1 == len(wire.seen)


# -- lifecycle -----------------------------------------------------------------------------------------------------


async def test_what_was_lent_is_not_closed() -> None:
    """The caller's transport and cache outlive the client."""
    wire, cache = Wire(lambda request: ok(ETag='"1"')), MemoryCache()
    async with client(wire, cache=cache) as clio:
        await clio.request("GET", "/x")
    assert (False, 1) == (wire.closed, len(cache))
    await clio.aclose()
    with pytest.raises(ClientClosed):
        await clio.request("GET", "/x")


async def test_a_derived_client_closes_nothing() -> None:
    """with_auth and options give views of one core."""
    clio = client(Wire(lambda request: ok()))
    async with clio.with_auth("token-b"), clio.options(lane="batch"):
        pass
    assert 200 == (await clio.request("GET", "/x")).status


async def test_the_default_transport_is_opened_late_and_closed_with_the_client() -> None:
    """A client can be built where no loop runs, and closed unused."""
    clio = Clio("token")
    async with clio:
        pass
    with pytest.raises(ClientClosed):
        await clio.request("GET", "/x")


async def test_a_callers_middleware_sees_every_call_first() -> None:
    """middleware= is the outermost part of the chain."""
    seen: list[str] = []

    class Watch:
        async def __call__(self, request: Request, call_next: Handler, /) -> Response:
            seen.append(request.method)
            assert "authorization" not in request.headers
            return await call_next(request)

    origin = Origin()
    origin.put("/x", b"1")
    clio = client(Wire(origin.answer), middleware=[Watch()])
    await clio.request("GET", "/x")
    await clio.request("HEAD", "/x")
    assert ["GET", "HEAD"] == seen


async def test_a_capture_reads_the_rate_limit_where_there_is_one() -> None:
    """Numbers are ASCII digits; anything else is not there."""
    answers = [
        ok(X_RateLimit_Limit="50", X_RateLimit_Remaining="٣", X_RateLimit_Reset="1900000000"),
        ok(),
    ]
    clio = client(Wire(script(*answers)), clock=Clock(5.0))
    with capture_responses() as seen:
        await clio.request("GET", "/x")
        await clio.request("GET", "/y")
    assert [RateLimit(50, None, 1900000000), None] == [exchange.rate_limit for exchange in seen]
    assert (5.0, 0.0) == (seen[0].started, seen[0].elapsed)


async def test_a_store_outside_the_process_is_guarded() -> None:
    """F46: a store that fails costs a warning, never a call."""

    class Broken(CacheStore):
        async def begin(self, *_: object) -> Begun:  # type: ignore[override]
            raise OSError("down")

        commit = touch = delete_tags = purge = begin  # type: ignore[assignment]

        async def aclose(self) -> None:
            """Nothing to close."""

    clio = client(Wire(lambda request: ok(ETag='"1"')), cache=Broken())
    with pytest.warns(ClioWarning, match="cache store failed"):
        assert 200 == (await clio.request("GET", "/x")).status
    assert 200 == (await clio.request("PATCH", "/x", json={})).status
    assert 1 == clio.stats.calls - 1


async def test_a_list_is_bound_to_principal_and_version() -> None:
    """A resume token of somebody else, or of another version, is refused before anything is sent."""
    wire = Wire(lambda request: ok(b'{"data":[{"id":1}],"meta":{}}'))
    clio = client(wire)
    pages = clio.matters.list(limit=1)
    token = pages.resume_token
    assert [1] == [matter.id async for matter in clio.matters.list(limit=1, resume=token)]
    for other in (clio.with_auth("token-b"), clio.options(api_version="4.0.9")):
        with pytest.raises(InvalidArgument):
            other.matters.list(limit=1, resume=token)
    assert 1 == len(wire.seen)


async def test_a_strict_client_raises_where_a_value_contradicts_the_schema() -> None:
    """strict=True is for tests and CI; without it the value is kept."""
    wire = Wire(lambda request: ok(b'{"data":{"id":42,"billable":"perhaps"}}'))
    with pytest.raises(SchemaError, match="billable"):
        await client(wire, strict=True).matters.get(42)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ClioWarning)  # it is given once a process
        assert "perhaps" == (await client(wire).matters.get(42)).billable


async def test_a_store_outside_the_process_is_told_of_everything() -> None:
    """What a 304 freshened is written back, and a write outdates, also when it fails."""

    class Elsewhere(MemoryCache):
        in_process = False
        touched = 0

        async def touch(self, principal: str, key: str, entry: Entry) -> None:
            self.touched += 1

    origin = Origin()
    origin.put(MATTER, b"1")
    store = Elsewhere()
    wire = Wire(origin.answer)
    clio = client(wire, cache=store)
    await clio.request("GET", MATTER)
    assert "revalidated" == (await clio.request("GET", MATTER)).source
    assert 0 == store.touched, "nothing has changed but its age, which nobody asks for"
    origin.extra["Cache-Control"] = "private"
    assert "revalidated" == (await clio.request("GET", MATTER)).source
    assert 1 == store.touched
    await clio.request("PATCH", MATTER, json={})
    await clio.request("GET", MATTER)
    assert None is wire.sent("If-None-Match")[-1]


async def test_a_request_of_nobody_passes_the_layers_and_is_kept_by_none() -> None:
    """There is no way into a cache or a flight without a principal."""
    wire = Wire(lambda request: ok(ETag='"1"'))
    chain = client(wire)._core.chain
    for method in ("GET", "POST"):
        for _ in range(2):
            assert 200 == (await chain(Request(method, f"{BASE}/x"))).status
    assert [None] * 4 == wire.sent("If-None-Match") == wire.sent("Authorization")
