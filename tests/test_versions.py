"""`clio.versions`: what it asks, what it makes of the answers, and the published document."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from clio_async import KNOWN_VERSIONS, ApiVersion
from clio_async.client import Clio
from clio_async.errors import (
    APIError,
    ApiVersionMismatch,
    DecodeError,
    InvalidArgument,
    MaybeSent,
    NotFound,
    ServerError,
    Unauthorized,
    UnexpectedRedirect,
)
from clio_async.messages import Request, Response
from clio_async.testing.simulator import Regime, Simulator
from clio_async.transport.memory import MemoryTransport
from clio_async.versions import DOCUMENT
from tests.origin import BASE, Clock, Wire, client, ok, script

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC).timestamp()
TEXT = "### [4.0.13](https://docs.developers.clio.com/api-docs/api-changelog#4013)\n\n**This is the default version**\n"
PAGE = json.dumps({"info": {"description": TEXT}}).encode()
WHO, MATTERS, CONTACTS = (f"{BASE}{path}" for path in ("/users/who_am_i", "/matters", "/contacts"))


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    """The client knows no event loop but anyio's."""
    return str(request.param)


def simulated(simulator: Simulator, **options: Any) -> Clio:
    permissions = options.pop("permissions", None)
    transport = MemoryTransport(simulator.handler)
    settings: dict[str, Any] = {"base_url": BASE, "transport": transport, "wall_clock": lambda: NOW, **options}
    return Clio(simulator.token(permissions=permissions), **settings)


def asked(wire: Wire) -> list[tuple[str, str | None]]:
    """The paths and versions of all requests."""
    return [(request.url.partition("?")[0], request.headers.get("X-API-VERSION")) for request in wire.seen]


def echo(default: str, refuse: Callable[[Request], Response | None] = lambda _: None) -> Wire:
    """A server that says its version in every answer."""

    def answer(request: Request) -> Response:
        return refuse(request) or ok(b'{"data":{}}', X_API_VERSION=request.headers.get("X-API-VERSION") or default)

    return Wire(answer)


async def test_two_requests_say_where_a_version_stands() -> None:
    """One under the pinned version, one without; neither is kept, nor answered from what is."""
    simulator = Simulator()
    clio = simulated(simulator, api_version="4.0.12")
    await clio.users.who_am_i()
    found = await clio.versions.status()
    assert ("4.0.12", "4.0.12", "4.0.13", "ending") == (found.pinned, found.answered, found.default, found.state)
    assert (date(2027, 1, 6), "exact", date(2026, 11, 22)) == (found.guaranteed_until, found.exactness, found.today)
    assert 3 == simulator.stats()["requests"]
    assert found == await clio.versions.status()
    assert 5 == simulator.stats()["requests"]


async def test_what_is_asked() -> None:
    """The user of the token, by its id alone."""
    wire = echo("4.0.13")
    await client(wire).versions.status()
    assert [(WHO, "4.0.13"), (WHO, None)] == asked(wire)
    assert ["fields=id"] * 2 == [request.url.partition("?")[2] for request in wire.seen]


async def test_nothing_of_it_is_kept() -> None:
    """Each time it is asked in full, and no answer of an earlier call is validated."""
    wire = Wire(lambda _: ok(b'{"data":{}}', X_API_VERSION="4.0.13", ETag='"1"'))
    clio = client(wire)
    assert await clio.versions.status() == await clio.versions.status()
    assert [None] * 4 == wire.sent("If-None-Match")


async def test_no_more_than_three_requests() -> None:
    """Also where the server says its version only if it was asked for one."""
    wire = echo("", lambda request: None if request.headers.get("X-API-VERSION") else ok())
    found = await client(wire).versions.status()
    assert ("4.0.13", None, "unknown") == (found.answered, found.default, found.state)
    assert [(WHO, "4.0.13"), (WHO, None), (MATTERS, None)] == asked(wire)


async def test_facts_of_ones_own() -> None:
    """A version that the package has not heard of, and a margin."""
    simulator = Simulator()
    simulator.release("4.0.14")
    clio = simulated(simulator)
    known = [*KNOWN_VERSIONS, ApiVersion("4.0.14", default_from=date(2026, 11, 1), changes=("Something.",))]
    found = await clio.versions.status(known=known, within=400)
    assert ("ending", date(2027, 11, 1), "exact") == (found.state, found.guaranteed_until, found.exactness)
    assert [("Something.",)] == [version.changes for version in found.between]
    assert "newer_default" == (await clio.versions.status()).state


async def test_an_unversioned_client_is_told_the_default() -> None:
    """By one request."""
    wire = echo("4.0.13")
    found = await client(wire, api_version=None).versions.status()
    assert (None, None, "4.0.13", "current") == (found.pinned, found.answered, found.default, found.state)
    assert [(WHO, None)] == asked(wire)


async def test_a_version_that_is_gone_is_told_from_a_record_that_is() -> None:
    """F53: 410 by two paths under the version, and an answer without one."""
    simulator = Simulator()
    simulator.retire("4.0.12")
    clio = simulated(simulator, api_version="4.0.12")
    found = await clio.versions.status()
    assert (None, "4.0.13", "gone") == (found.answered, found.default, found.state)
    assert 3 == simulator.stats()["requests"]


@pytest.mark.parametrize("probed", [403, 200, 418])
async def test_a_410_that_a_second_path_does_not_confirm(probed: int) -> None:
    """F53: the same path answers without the version, so it is the version."""

    def refuse(request: Request) -> Response | None:
        if request.headers.get("X-API-VERSION") is None:
            return None
        return Response(410) if request.url.startswith(WHO) else Response(probed)

    wire = echo("4.0.13", refuse)
    found = await client(wire, api_version="4.0.12").versions.status()
    assert ("gone", "4.0.13") == (found.state, found.default)
    assert [(WHO, "4.0.12"), (f"{MATTERS}.json", "4.0.12"), (WHO, None)] == asked(wire)


async def test_a_410_with_and_without_a_version_says_nothing() -> None:
    """Then it is not the version."""
    wire = echo("4.0.13", lambda request: Response(410) if request.url.startswith(WHO) else None)
    found = await client(wire).versions.status()
    assert (None, None, "unknown") == (found.answered, found.default, found.state)


async def test_a_410_and_no_answer_without_a_version_says_nothing() -> None:
    """Nobody knows then what the 410 is about."""

    def refuse(request: Request) -> Response:
        return Response(410 if request.headers.get("X-API-VERSION") and "who_am_i" in request.url else 403)

    found = await client(echo("", refuse)).versions.status()
    assert (None, None, "unknown") == (found.answered, found.default, found.state)


async def test_another_path_is_asked_where_the_token_may_not_read() -> None:
    """Not every app may read users; what refused once is not asked for again."""
    wire = echo("4.0.13", lambda request: Response(403) if request.url.startswith(WHO) else None)
    found = await client(wire, api_version="4.0.12").versions.status()
    assert ("4.0.12", "4.0.13") == (found.answered, found.default)
    assert [(WHO, "4.0.12"), (MATTERS, "4.0.12"), (MATTERS, None)] == asked(wire)


async def test_a_refusal_that_says_its_version_is_answer_enough() -> None:
    """A 403 that names it saves a request."""
    simulator = Simulator()
    found = await simulated(simulator, permissions=["matters"]).versions.status()
    assert ("4.0.13", "4.0.13", 2) == (found.answered, found.default, simulator.stats()["requests"])


async def test_a_token_that_may_read_nothing_finds_nothing_out() -> None:
    """Three requests, and no guess."""
    wire = echo("", lambda _: Response(403))
    found = await client(wire).versions.status()
    assert (None, None, "unknown", date(2027, 10, 2)) == (
        found.answered, found.default, found.state, found.guaranteed_until
    )  # fmt: skip
    assert [WHO, MATTERS, CONTACTS] == [path for path, _ in asked(wire)]


@pytest.mark.parametrize("said", [{}, {"X_API_VERSION": "the newest\x1b[2J"}])
async def test_a_server_that_does_not_say_its_version(said: dict[str, str]) -> None:
    """What is no version is not taken for one."""
    wire = Wire(lambda _: ok(b'{"data":{}}', **said))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ApiVersionMismatch)
        found = await client(wire).versions.status()
    assert (None, None, "unknown", 3) == (found.answered, found.default, found.state, len(wire.seen))


async def test_another_version_that_answers_is_shown() -> None:
    """F54: beside the one that was asked for."""
    simulator = Simulator(regime=Regime(answered_version="4.0.12"))
    with pytest.warns(ApiVersionMismatch):
        found = await simulated(simulator).versions.status()
    assert ("4.0.13", "4.0.12", "4.0.12", "current") == (found.pinned, found.answered, found.default, found.state)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Response(401), Unauthorized),
        (Response(404), NotFound),
        (Response(500), ServerError),
        (MaybeSent("x"), MaybeSent),
    ],
)
async def test_other_failures_are_raised(answer: Response | Exception, error: type[Exception]) -> None:
    """They say nothing about versions."""
    with pytest.raises(error):
        await client(Wire(script(answer)), retry=None).versions.status()


# -- the document --------------------------------------------------------------------------------------------------


async def test_the_published_document_is_read_without_a_token() -> None:
    """F37: nothing that belongs to the user goes to another host; the version is asked for where it is served."""
    wire = Wire(lambda request: ok(PAGE) if request.url == DOCUMENT else ok(X_API_VERSION="4.0.12"))
    clio = client(wire, api_version="4.0.12", timeout=5, clock=Clock(), wall_clock=lambda: NOW)
    found = await clio.versions.status(document=DOCUMENT)
    assert ("4.0.12", "4.0.13", "ending") == (found.answered, found.default, found.state)
    assert [(DOCUMENT, None), (WHO, "4.0.12")] == asked(wire)
    assert {"accept", "user-agent"} == {name.lower() for name, _ in wire.seen[0].headers.pairs}
    assert (None, None, 1005.0) == (wire.seen[0].principal, wire.seen[0].auth, wire.seen[0].deadline)


@pytest.mark.parametrize("document", [PAGE, PAGE.decode(), TEXT])
async def test_a_document_at_hand_costs_no_request(document: str | bytes) -> None:
    """As text or bytes."""
    wire = Wire(lambda _: ok(X_API_VERSION="4.0.13"))
    found = await client(wire).versions.status(document=document)
    assert ("4.0.13", 1) == (found.default, len(wire.seen))


async def test_the_address_is_clios_own_unless_given() -> None:
    """And any public one, or this machine."""
    wire = Wire(lambda _: ok(PAGE))
    clio = client(wire)
    for address in ((), ("https://example.com/openapi.json",), ("http://localhost:8000/openapi.json",)):
        assert ("4.0.13", ("4.0.13",)) == ((found := await clio.versions.published(*address)).default, found.numbers)
    assert DOCUMENT == wire.seen[0].url
    assert None is wire.seen[0].deadline


@pytest.mark.parametrize(
    "address",
    ["http://example.com/x", "https://user@example.com/x", "https://example.com/x?y", "https://", "https://x/\r\ny"],
)
async def test_an_address_that_is_not_asked(address: str) -> None:
    """Plain text to a public host could be anybody's answer."""
    wire = Wire(lambda _: ok(PAGE))
    with pytest.raises(InvalidArgument, match="must be https"):
        await client(wire).versions.published(address)
    assert [] == wire.seen


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Response(302), UnexpectedRedirect),
        (Response(401), APIError),
        (Response(204), APIError),
        (Response(500), APIError),
        (ok(b"<html>"), DecodeError),
        (MaybeSent("x"), MaybeSent),
    ],
)
async def test_a_document_that_does_not_come(answer: Response | Exception, error: type[Exception]) -> None:
    """Nothing else is asked then."""
    wire = Wire(script(answer))
    with pytest.raises(error) as caught:
        await client(wire).versions.status(document=DOCUMENT)
    assert error is type(caught.value)
    assert 1 == len(wire.seen)


async def test_an_account_that_is_answered_410_to_everything_says_nothing_of_versions() -> None:
    """It is not gone where it is answered so without a version, too: unknown."""
    found = await client(Wire(lambda _: Response(410))).versions.status()
    assert (None, None, "unknown") == (found.answered, found.default, found.state)


async def test_a_finding_is_withdrawn_by_an_account_that_is_answered_410_to_everything() -> None:
    """What another tenant has found out is no proof for this one."""
    wire = echo("4.0.14", lambda request: Response(410) if "X-API-VERSION" in request.headers else None)
    clio = client(wire)
    assert "gone" == (await clio.versions.status()).state
    wire.answer = lambda _: Response(410)
    assert "unknown" == (await clio.versions.status()).state


async def test_the_default_version_is_not_gone() -> None:
    """A server that refuses what it answers by itself contradicts itself: nothing is concluded from that."""
    wire = echo("4.0.13", lambda request: Response(410) if "X-API-VERSION" in request.headers else None)
    found = await client(wire).versions.status()
    assert (None, None, "unknown") == (found.answered, found.default, found.state)


@pytest.mark.parametrize("wrong", [{"known": None}, {"known": ["4.0.14"]}, {"within": -1}, {"within": "90"}])
async def test_wrong_facts_are_refused_before_anything_is_asked(wrong: dict[str, Any]) -> None:
    """By an error that says which."""
    wire = echo("4.0.13")
    with pytest.raises(InvalidArgument, match=next(iter(wrong))):
        await client(wire).versions.status(**wrong)
    assert [] == wire.seen
