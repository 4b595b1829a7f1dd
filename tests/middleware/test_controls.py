"""The same scenarios for the chain and for the cache that one writes first: what holds here fails there.

Each scenario is a row of the fault table. A naive cache keeps bodies and tags by URL, and believes every 304.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias

import anyio
import pytest

from clio_async.client import Clio
from clio_async.errors import Forbidden
from clio_async.messages import Headers, Request, Response
from clio_async.middleware.base import Handler, compose
from clio_async.options import Policy
from tests.origin import BASE, LONG_AGO, NOW, Clock, Gate, Origin, Wire, client, not_modified, ok, script

Make: TypeAlias = Callable[..., Clio]
MATTER = "/matters/42"


class Naive:
    """What most caches over an HTTP client come down to."""

    def __init__(self, *, fresh: bool = False) -> None:
        self.held: dict[str, Response] = {}
        self.fresh = fresh

    async def __call__(self, request: Request, call_next: Handler, /) -> Response:
        if request.method != "GET":
            self.held.pop(request.url, None)
            return await call_next(request)
        held = self.held.get(request.url)
        if held is not None and self.fresh:
            return held
        if held is not None and (tag := held.headers.get("ETag")):
            request = request.having("If-None-Match", tag)
        if held is not None and (modified := held.headers.get("Last-Modified")):
            request = request.having("If-Modified-Since", modified)
        response = await call_next(request)
        if response.status == 304 and held is not None:
            return held
        if response.status == 200:
            self.held[request.url] = response
        return response


def real(wire: Wire, *, fresh: bool = False, **options: object) -> Clio:
    return client(wire, policy=Policy(fresh_for={"matters": 1e6} if fresh else {}), clock=Clock(), **options)


def naive(wire: Wire, *, fresh: bool = False, **options: object) -> Clio:
    return client(wire, middleware=[Naive(fresh=fresh)], cache=None, **options)


async def f35_nothing_of_a_record_is_given_after_its_403(make: Make) -> None:
    wire = Wire(script(ok(b"secret", ETag='"1"'), Response(403), not_modified(ETag='"1"'), ok(b"public")))
    clio = make(wire)
    await clio.request("GET", MATTER)
    with pytest.raises(Forbidden):
        await clio.request("GET", MATTER)
    assert b"secret" != (await clio.request("GET", MATTER)).body


async def f39_one_url_has_an_answer_for_each_principal(make: Make) -> None:
    def answer(request: Request) -> Response:
        return not_modified() if "If-None-Match" in request.headers else ok(request.headers["authorization"].encode())

    clio = make(Wire(answer), fresh=True)
    await clio.request("GET", MATTER)
    assert b"Bearer token-b" == (await clio.with_auth("token-b").request("GET", MATTER)).body


async def f42_a_304_for_another_tag_does_not_confirm_what_is_held(make: Make) -> None:
    clio = make(Wire(script(ok(b"old", ETag='"1"'), not_modified(ETag='"2"'), ok(b"new", ETag='"2"'))))
    await clio.request("GET", MATTER)
    assert b"new" == (await clio.request("GET", MATTER)).body


async def f43_one_condition_at_a_time_and_the_newest_metadata(make: Make) -> None:
    wire = Wire(script(ok(ETag='"1"', Last_Modified=LONG_AGO, Date=NOW), not_modified(ETag='"1"', X_Region="b")))
    clio = make(wire)
    await clio.request("GET", MATTER)
    assert "b" == (await clio.request("GET", MATTER)).headers.get("X-Region")
    assert None is wire.seen[1].headers.get("If-Modified-Since")


async def f43_a_record_that_changed_twice_in_a_second_is_read_again(make: Make) -> None:
    wire = Wire(script(ok(b"1", Last_Modified=NOW, Date=NOW), ok(b"2", Last_Modified=NOW, Date=NOW)))
    clio = make(wire)
    await clio.request("GET", MATTER)
    await clio.request("GET", MATTER)
    assert None is wire.seen[1].headers.get("If-Modified-Since")


async def f44_a_slow_read_from_before_an_own_write_is_not_kept(make: Make) -> None:
    origin = Origin()
    origin.put(MATTER, b"old")
    gate = Gate(origin.answer)
    clio = make(Wire(lambda request: gate(request) if request.method == "GET" else origin.answer(request)), fresh=True)
    async with anyio.create_task_group() as group:
        group.start_soon(clio.request, "GET", MATTER)
        await anyio.wait_all_tasks_blocked()
        await clio.request("PATCH", MATTER, json="new")
        gate.waiting[0].set()
        await anyio.wait_all_tasks_blocked()
        after: list[bytes] = []

        async def read() -> None:
            after.append((await clio.request("GET", MATTER)).body)

        group.start_soon(read)
        await anyio.wait_all_tasks_blocked()
        for event in gate.waiting:
            event.set()
    assert [b'"new"'] == after


async def f24_a_write_under_another_spelling_outdates_what_is_held(make: Make) -> None:
    wire = Wire(script(ok(b"old", ETag='"1"'), ok(), ok(b"new", ETag='"2"')))
    clio = make(wire, fresh=True)
    await clio.request("GET", f"{MATTER}.json?fields=id")
    await clio.request("PATCH", MATTER, json={})
    assert b"new" == (await clio.request("GET", f"{MATTER}.json?fields=id")).body


async def a_client_renamed_is_seen_behind_an_unchanged_matter(make: Make) -> None:
    names = [b"Ada", b"Eve"]

    def answer(request: Request) -> Response:
        return not_modified(ETag='"1"') if "If-None-Match" in request.headers else ok(names.pop(0), ETag='"1"')

    clio = make(Wire(answer))
    await clio.request("GET", f"{MATTER}?fields=id,client{{name}}")
    assert b"Eve" == (await clio.request("GET", f"{MATTER}?fields=id,client{{name}}")).body


async def rfc9111_a_variant_is_given_for_the_request_it_was_chosen_by(make: Make) -> None:
    wire = Wire(
        lambda request: (
            not_modified()
            if "If-None-Match" in request.headers
            else ok(request.headers["accept-language"].encode(), ETag='"1"', Vary="Accept-Language")
        )
    )
    clio = make(wire)
    await clio.request("GET", "/x", headers={"Accept-Language": "en"})
    assert b"fr" == (await clio.request("GET", "/x", headers={"Accept-Language": "fr"})).body


async def rfc9111_what_must_not_be_stored_is_not(make: Make) -> None:
    wire = Wire(lambda request: ok(ETag='"1"', Cache_Control="no-store"))
    clio = make(wire)
    await clio.request("GET", "/x")
    await clio.request("GET", "/x")
    assert [None, None] == wire.sent("If-None-Match")


async def rfc9111_a_write_outdates_what_its_answer_names(make: Make) -> None:
    created = Response(201, Headers({"Location": f"{BASE}{MATTER}"}))
    wire = Wire(script(ok(b"old", ETag='"1"'), created, ok(b"new")))
    clio = make(wire, fresh=True)
    await clio.request("GET", MATTER)
    await clio.request("POST", "/elsewhere", json={})
    assert b"new" == (await clio.request("GET", MATTER)).body


SCENARIOS: list[Callable[[Make], Awaitable[None]]] = [
    f24_a_write_under_another_spelling_outdates_what_is_held,
    f35_nothing_of_a_record_is_given_after_its_403,
    f39_one_url_has_an_answer_for_each_principal,
    f42_a_304_for_another_tag_does_not_confirm_what_is_held,
    f43_one_condition_at_a_time_and_the_newest_metadata,
    f43_a_record_that_changed_twice_in_a_second_is_read_again,
    f44_a_slow_read_from_before_an_own_write_is_not_kept,
    a_client_renamed_is_seen_behind_an_unchanged_matter,
    rfc9111_a_variant_is_given_for_the_request_it_was_chosen_by,
    rfc9111_what_must_not_be_stored_is_not,
    rfc9111_a_write_outdates_what_its_answer_names,
]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.__name__)
async def test_the_chain_holds(scenario: Callable[[Make], Awaitable[None]]) -> None:
    """F24, F35, F39, F42, F43, F44, and RFC 9111 §3 to §4.4."""
    await scenario(real)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.__name__)
async def test_a_naive_cache_does_not(scenario: Callable[[Make], Awaitable[None]]) -> None:
    """The control of F24, F35, F39, F42, F43 and F44: without the defence, each of the scenarios fails."""
    with pytest.raises(AssertionError):
        await scenario(naive)


async def test_a_304_that_nobody_asked_for_is_never_an_answer() -> None:
    """F41, with its control: without the layer it would be."""
    answers = [not_modified(ETag='"1"'), ok(b"x", ETag='"1"')]
    assert 200 == (await real(Wire(script(*answers))).request("GET", MATTER)).status
    assert 304 == (await compose([], Wire(script(*answers)).send)(Request("GET", BASE))).status
