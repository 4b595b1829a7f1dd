"""Records that are fresh, where that was opted into, are given by the short way: when, and with what work."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from clio_async.asking import Asking
from clio_async.client import Clio
from clio_async.events import Exchange, Hooks
from clio_async.messages import Headers, Request, Response
from clio_async.middleware.base import Handler
from clio_async.middleware.observe import capture_responses
from clio_async.options import Policy
from clio_async.protocol import conditional
from tests.origin import Clock, Wire, client, ok

ONE = b'{"data": {"id": 42}}'
MANY = b'{"data": [{"id": 42}], "meta": {"paging": {}}}'
FRESH = Policy(fresh_for={"matters": 300}, max_age=1000)


def answer(request: Request) -> Response:
    return ok(ONE if "/42" in request.url else MANY, ETag='"1"', Date="Sun, 01 Mar 2026 10:00:00 GMT")


async def as_it_is(clio: Clio, _clock: Clock) -> Clio:
    return clio


async def alike(clio: Clio, _clock: Clock) -> Clio:
    return clio.options(timeout=None, lane="batch")


async def nearly_over(clio: Clio, clock: Clock) -> Clio:
    clock.now += 299
    return clio


async def over(clio: Clio, clock: Clock) -> Clio:
    clock.now += 300
    return clio


async def written(clio: Clio, _clock: Clock) -> Clio:
    await clio.request("PATCH", "/matters/42", json={})
    return clio


async def told(clio: Clio, _clock: Clock) -> Clio:
    await clio.invalidate("matters", 42)
    return clio


async def purged(clio: Clio, _clock: Clock) -> Clio:
    await clio.purge()
    return clio


async def another(clio: Clio, _clock: Clock) -> Clio:
    return clio.with_auth("token-b")


async def version(clio: Clio, _clock: Clock) -> Clio:
    return clio.options(api_version="4.0.5")


async def no_version(clio: Clio, _clock: Clock) -> Clio:
    return clio.options(api_version=None)


async def refreshing(clio: Clio, _clock: Clock) -> Clio:
    return clio.options(cache="refresh")


async def past_it(clio: Clio, _clock: Clock) -> Clio:
    return clio.options(cache="bypass")


@pytest.mark.parametrize("situation", [as_it_is, alike, nearly_over])
@pytest.mark.parametrize("fields", ["id", None])
async def test_what_is_fresh_is_not_asked_for(
    situation: Callable[[Clio, Clock], Awaitable[Clio]], fields: str | None
) -> None:
    """The same object is given again, and counted as a call."""
    clock, wire = Clock(), Wire(answer)
    clio = client(wire, clock=clock, policy=FRESH)
    first = await clio.matters.get(42, fields=fields)
    assert first is await (await situation(clio, clock)).matters.get(42, fields=fields)
    assert (2, 1, 1, len(ONE)) == (clio.stats.calls, clio.stats.requests, clio.stats.fresh, clio.stats.bytes_saved)


@pytest.mark.parametrize("situation", [over, written, told, purged, another, version, no_version, refreshing, past_it])
async def test_what_is_not_fresh_is_asked_for(situation: Callable[[Clio, Clock], Awaitable[Clio]]) -> None:
    """Age, a write by anybody, another principal, another version and another cache mode end it."""
    clock, wire = Clock(), Wire(answer)
    clio = client(wire, clock=clock, policy=FRESH)
    await clio.matters.get(42, fields="id")
    other = await situation(clio, clock)
    sent = len(wire.seen)
    await other.matters.get(42, fields="id")
    assert (sent + 1, 0) == (len(wire.seen), clio.stats.fresh)


async def test_no_request_is_made_within_the_client_unless_somebody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fresh record costs no request, not even as an object; the control is a capture, for which one is made."""
    clio = client(Wire(answer), clock=Clock(), policy=FRESH)
    first = await clio.matters.get(42, fields="id")
    made: list[object] = []
    build = Asking._built

    def built(self: Asking, *given: object) -> Request:
        made.append(given)
        return build(self, *given)

    monkeypatch.setattr(Asking, "_built", built)
    assert first is await clio.matters.get(42, fields="id")
    assert [] == made
    with capture_responses() as seen:
        assert first is await clio.matters.get(42, fields="id")
    assert 1 == len(made)
    (exchange,) = seen
    assert ("cache", 200, '"1"', len(ONE), "matters") == (
        exchange.source,
        exchange.status,
        exchange.etag,
        exchange.bytes,
        exchange.resource,
    )


async def test_hooks_are_told_of_the_beginning_and_the_end() -> None:
    """Whoever watches sees a fresh answer as a call like any other."""
    seen: list[object] = []

    class Sees(Hooks):
        def call_began(self, request: Request, /) -> object:
            seen.append(request.method)
            return "begun"

        def call_ended(self, exchange: Exchange, begun: object, /) -> None:
            seen.append((exchange.source, begun))

    clio = client(Wire(answer), clock=Clock(), policy=FRESH, hooks=[Sees()])
    await clio.matters.get(42, fields="id")
    await clio.matters.get(42, fields="id")
    assert ["GET", ("network", "begun"), "GET", ("cache", "begun")] == seen


async def test_a_fresh_page_is_decoded_anew_with_its_date() -> None:
    """A page may be changed by who reads it, so that each read has its own; its date is that of the answer."""
    wire = Wire(answer)
    clio = client(wire, clock=Clock(), policy=FRESH)
    operation = clio.matters._operation("list")
    selection = clio.matters._selection(operation, "id")
    first, second = [await clio.read_page(operation, "/matters.json", "fields=id", selection) for _ in range(2)]
    assert first is not second
    assert "Sun, 01 Mar 2026 10:00:00 GMT" == first.date == second.date
    assert [*first.slices()] == [*second.slices()]
    assert 1 == len(wire.seen)


async def test_what_was_chosen_by_another_header_is_not_given() -> None:
    """A URL may have several answers (RFC 9111 §4.1): one for another language is no answer, however fresh."""

    def chosen(request: Request) -> Response:
        language = request.headers.get("Accept-Language", "none")
        return ok(b'{"data": {"id": 42, "description": "%s"}}' % language.encode(), Vary="X-Other, Accept-Language")

    wire = Wire(chosen)
    clio = client(wire, policy=FRESH)
    for _ in range(2):
        assert "none" == (await clio.matters.get(42, fields="id,description")).description
    assert 1 == len(wire.seen)
    core, headers = clio._core, wire.seen[0].headers
    given = wire.seen[0].principal.fingerprint, conditional.key(wire.seen[0].url, headers), wire.seen[0].tags, 300
    assert core.held(*given, headers) is not None
    assert core.held(*given, Headers({**dict(headers.items()), "Accept-Language": "de"})) is None


async def test_layers_of_the_caller_see_every_call() -> None:
    """They are the outermost: one that forbids is not gone around, also where the answer is fresh."""
    seen: list[str] = []

    async def counting(request: Request, call_next: Handler) -> Response:
        seen.append(request.url)
        return await call_next(request)

    wire = Wire(answer)
    clio = client(wire, policy=FRESH, middleware=[counting])
    for _ in range(3):
        await clio.matters.get(42, fields="id")
    assert (3, 1) == (len(seen), len(wire.seen))
