"""Conditional requests through the whole chain (rows F20-F25, F35, F39-F45 of the fault table)."""

from __future__ import annotations

import json
import warnings
from functools import partial

import anyio
import pytest

from clio_async.caches.base import Entry
from clio_async.caches.memory import MemoryCache
from clio_async.client import Clio
from clio_async.errors import (
    ClioWarning,
    Forbidden,
    Gone,
    NotFound,
    PreconditionFailed,
    ResponseBroken,
    Unauthorized,
)
from clio_async.messages import Headers, Request, Response
from clio_async.middleware.observe import capture_responses
from clio_async.options import Policy
from tests.origin import BASE, LONG_AGO, NOW, Clock, Gate, Origin, Wire, client, not_modified, ok, script

MATTER = "/matters/42"


@pytest.fixture
def origin() -> Origin:
    origin = Origin()
    origin.put(MATTER, b'{"data":{"id":42}}')
    return origin


@pytest.fixture
def wire(origin: Origin) -> Wire:
    return Wire(origin.answer)


async def test_a_second_read_is_validated_and_gives_the_same_body(wire: Wire) -> None:
    """A 304 is answered with what is held, as a 200, and transfers nothing."""
    clio = client(wire)
    first = await clio.request("GET", MATTER)
    second = await clio.request("GET", MATTER)
    assert [None, f'"{MATTER}-1"'] == wire.sent("If-None-Match")
    assert (200, first.body, "revalidated") == (second.status, second.body, second.source)
    assert (1, len(first.body)) == (clio.stats.revalidated, clio.stats.bytes_saved)
    assert len(first.body) == clio.stats.bytes_received


async def test_a_change_is_seen_by_the_next_read(origin: Origin, wire: Wire) -> None:
    """Every read asks: what somebody else changed is never hidden."""
    clio = client(wire)
    await clio.request("GET", MATTER)
    origin.put(MATTER, b'{"data":{"id":42,"description":"new"}}')
    seen = await clio.request("GET", MATTER)
    again = await clio.request("GET", MATTER)
    assert (origin.bodies[MATTER], "network") == (seen.body, seen.source)
    assert (origin.bodies[MATTER], "revalidated") == (again.body, again.source)


@pytest.mark.parametrize("tag", ['"plain"', 'W/"weak"', '""', '"a,b"', '"ÿ"', "unquoted", '""doubled""', 'W/""'])
async def test_a_tag_goes_back_byte_for_byte(tag: str) -> None:
    """F21: quotes, weakness and odd characters of a tag are the server's affair."""
    wire = Wire(script(ok(ETag=tag), not_modified(ETag=tag)))
    clio = client(wire)
    await clio.request("GET", MATTER)
    await clio.request("GET", MATTER)
    assert [None, tag] == wire.sent("If-None-Match")


@pytest.mark.parametrize("tag", ["*", "a,b", "", "a b"])
async def test_a_tag_that_would_mean_something_else_is_not_sent(tag: str) -> None:
    """`*` matches anything and a comma makes a list: such a tag validates nothing."""
    wire = Wire(script(ok(ETag=tag), ok(ETag=tag)))
    clio = client(wire)
    await clio.request("GET", MATTER)
    await clio.request("GET", MATTER)
    assert [None, None] == wire.sent("If-None-Match")


async def test_last_modified_is_echoed_where_there_is_no_tag() -> None:
    """F43: the server's own string, and never beside If-None-Match."""
    origin = Origin(tags=False, modified=True)
    origin.put(MATTER, b"{}")
    wire = Wire(origin.answer)
    clio = client(wire)
    await clio.request("GET", MATTER)
    second = await clio.request("GET", MATTER)
    assert [None, LONG_AGO] == wire.sent("If-Modified-Since")
    assert [None, None] == wire.sent("If-None-Match")
    assert "revalidated" == second.source


async def test_the_tag_wins_over_last_modified() -> None:
    """F43: never both conditions in one request."""
    origin = Origin(modified=True)
    origin.put(MATTER, b"{}")
    wire = Wire(origin.answer)
    clio = client(wire)
    await clio.request("GET", MATTER)
    await clio.request("GET", MATTER)
    assert [None, None] == wire.sent("If-Modified-Since")
    assert f'"{MATTER}-1"' == wire.sent("If-None-Match")[1]


async def test_last_modified_of_the_same_second_validates_nothing() -> None:
    """F43: the record may have changed again within the second (RFC 9110 §8.8.2.2)."""
    wire = Wire(script(ok(Last_Modified=NOW, Date=NOW), ok(Last_Modified=NOW, Date=NOW)))
    clio = client(wire)
    await clio.request("GET", MATTER)
    await clio.request("GET", MATTER)
    assert [None, None] == wire.sent("If-Modified-Since")


async def test_a_304_for_another_tag_is_asked_again_in_full() -> None:
    """F42: what is held is dropped, and the answer is the server's."""
    wire = Wire(script(ok(b"old", ETag='"1"'), not_modified(ETag='"2"'), ok(b"new", ETag='"2"')))
    clio = client(wire)
    await clio.request("GET", MATTER)
    assert b"new" == (await clio.request("GET", MATTER)).body
    assert [None, '"1"', None] == wire.sent("If-None-Match")
    assert 1 == clio.stats.mismatches


async def test_a_304_whose_tag_is_the_same_but_for_weakness_is_believed() -> None:
    """A gzip front end weakens the tag of the 200 and not that of the 304."""
    wire = Wire(script(ok(b"x", ETag='W/"1"'), not_modified(ETag='"1"'), not_modified(ETag='"1"')))
    clio = client(wire)
    for _ in range(3):
        assert b"x" == (await clio.request("GET", MATTER)).body
    assert [None, 'W/"1"', 'W/"1"'] == wire.sent("If-None-Match")


async def test_two_wrong_304s_in_a_row_end_conditions_for_the_resource() -> None:
    """F42: a server that answers 304 to anything is read in full, and one warning says so."""
    wire = Wire(
        script(
            ok(b"1", ETag='"1"'),
            not_modified(ETag='"9"'),
            ok(b"2", ETag='"2"'),
            not_modified(ETag='"9"'),
            ok(b"3", ETag='"3"'),
            ok(b"4", ETag='"4"'),
        )
    )
    clio = client(wire)
    await clio.request("GET", MATTER)
    await clio.request("GET", MATTER)
    with pytest.warns(ClioWarning, match="in full from now on") as caught:
        await clio.request("GET", MATTER)
    assert 1 == len(caught)
    assert b"4" == (await clio.request("GET", MATTER)).body
    assert None is wire.sent("If-None-Match")[-1]


async def test_a_wrong_304_that_several_share_is_counted_once() -> None:
    """F42: two wrong ones in a row are two answers of the server, however many callers one of them had."""
    answers = [ok(b"1", ETag='"1"'), not_modified(ETag='"9"'), *[ok(b"2", ETag='"2"')] * 3]
    gate = Gate(lambda _: answers.pop(0))
    wire = Wire(gate)
    clio = client(wire)

    async def let(expected: int) -> None:
        await anyio.wait_all_tasks_blocked()
        assert expected == len(gate.waiting)
        for event in gate.waiting:
            event.set()

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(clio.request, "GET", MATTER)
        await let(1)
    async with anyio.create_task_group() as tasks:
        for _ in range(3):
            tasks.start_soon(clio.request, "GET", MATTER)
        await let(2)
        await anyio.wait_all_tasks_blocked()
        await let(len(gate.waiting))
    assert 1 == clio.stats.mismatches
    wire.answer = script(not_modified(ETag='"2"'))
    assert b"2" == (await clio.request("GET", MATTER)).body
    assert '"2"' == wire.sent("If-None-Match")[-1]


async def test_a_right_304_clears_the_count_of_wrong_ones() -> None:
    """Two wrong ones in a row, not two ever."""
    wire = Wire(
        script(
            ok(b"1", ETag='"1"'),
            not_modified(ETag='"9"'),
            ok(b"2", ETag='"2"'),
            not_modified(ETag='"2"'),
            not_modified(ETag='"9"'),
            ok(b"3", ETag='"3"'),
            not_modified(ETag='"3"'),
        )
    )
    clio = client(wire)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for _ in range(5):
            await clio.request("GET", MATTER)
    assert '"3"' == wire.sent("If-None-Match")[-1]


async def test_a_304_to_no_condition_is_asked_again_once() -> None:
    """F41: a 304 without an entry is nothing to give to a caller."""
    wire = Wire(script(not_modified(ETag='"1"'), ok(b"x", ETag='"1"')))
    assert b"x" == (await client(wire).request("GET", MATTER)).body
    assert [None, None] == wire.sent("If-None-Match")


async def test_a_callers_own_condition_passes_untouched() -> None:
    """F41: neither is the cache read, nor is the answer kept; the 304 is the caller's."""
    wire = Wire(script(ok(b"x", ETag='"1"'), not_modified(ETag='"7"'), ok(b"y", ETag='"8"'), not_modified(ETag='"1"')))
    clio = client(wire)
    await clio.request("GET", MATTER)
    own = await clio.request("GET", MATTER, headers={"If-None-Match": '"7"'})
    assert (304, "network") == (own.status, own.source)
    assert b"y" == (await clio.request("GET", MATTER, headers={"if-modified-since": LONG_AGO})).body
    await clio.request("GET", MATTER)
    assert [None, '"7"', None, '"1"'] == wire.sent("If-None-Match")


@pytest.mark.parametrize("name", ["If-Match", "If-Unmodified-Since", "If-Range", "Range"])
async def test_other_conditions_and_ranges_pass_the_cache_by(name: str) -> None:
    """A partial or guarded read is the caller's affair."""
    wire = Wire(script(ok(b"x", ETag='"1"'), Response(206, Headers({"Content-Range": "bytes 0-0/1"}), b"x")))
    clio = client(wire)
    await clio.request("GET", MATTER)
    assert 206 == (await clio.request("GET", MATTER, headers={name: "bytes=0-0"})).status
    assert [None, None] == wire.sent("If-None-Match")


async def test_an_entry_that_was_evicted_costs_a_full_read_and_nothing_else(wire: Wire) -> None:
    """F41: eviction is invisible."""
    cache = MemoryCache()
    clio = client(wire, cache=cache)
    first = await clio.request("GET", MATTER)
    await cache.aclose()
    second = await clio.request("GET", MATTER)
    assert [None, None] == wire.sent("If-None-Match")
    assert first.body == second.body


async def test_no_store_is_obeyed_counted_and_drops_what_was_held() -> None:
    """The server's word on storing is the last one."""
    wire = Wire(script(ok(b"1", ETag='"1"'), ok(b"2", ETag='"2"', Cache_Control='private, No-Store="x"'), ok(b"3")))
    cache = MemoryCache()
    clio = client(wire, cache=cache)
    for _ in range(3):
        await clio.request("GET", MATTER)
    assert [None, '"1"', None] == wire.sent("If-None-Match")
    assert 1 == clio.stats.not_stored


async def test_a_callers_no_store_is_obeyed() -> None:
    """A request that must not be stored is not, nor answered from what is."""
    wire = Wire(script(ok(b"1", ETag='"1"'), ok(b"2", ETag='"2"'), not_modified(ETag='"1"')))
    clio = client(wire)
    await clio.request("GET", MATTER)
    await clio.request("GET", MATTER, headers={"Cache-Control": "no-store"})
    assert b"1" == (await clio.request("GET", MATTER)).body
    assert [None, None, '"1"'] == wire.sent("If-None-Match")


async def test_a_varying_answer_is_used_for_the_request_it_was_chosen_by() -> None:
    """RFC 9111 §4.1: another Accept-Language is another variant."""
    wire = Wire(
        script(
            ok(b"en", ETag='"en"', Vary="Accept-Language"),
            ok(b"fr", ETag='"fr"', Vary="Accept-Language"),
            not_modified(ETag='"fr"'),
        )
    )
    clio = client(wire)
    english, french = {"Accept-Language": "en"}, {"accept-language": "fr"}
    assert b"en" == (await clio.request("GET", MATTER, headers=english)).body
    assert b"fr" == (await clio.request("GET", MATTER, headers=french)).body
    assert b"fr" == (await clio.request("GET", MATTER, headers=french)).body
    assert [None, None, '"fr"'] == wire.sent("If-None-Match")


async def test_an_answer_that_varies_on_everything_is_not_kept() -> None:
    """`Vary: *` matches no later request."""
    wire = Wire(script(ok(ETag='"1"', Vary="*"), ok(ETag='"1"')))
    clio = client(wire)
    await clio.request("GET", MATTER)
    await clio.request("GET", MATTER)
    assert [None, None] == wire.sent("If-None-Match")


async def test_a_304_updates_what_is_said_about_the_answer_and_not_the_body() -> None:
    """F43: metadata is the server's newest, Content-* and the tag stay those of the stored body."""
    wire = Wire(
        script(
            ok(b"x", ETag='"1"', Content_Type="application/json", X_Region="a", Date=LONG_AGO),
            not_modified(ETag='"1"', Content_Type="text/html", X_Region="b", Date=NOW),
            not_modified(ETag='"1"'),
        )
    )
    clio = client(wire)
    await clio.request("GET", MATTER)
    second = await clio.request("GET", MATTER)
    assert ["application/json", "b", NOW] == [second.headers[name] for name in ("content-type", "x-region", "date")]
    assert "b" == (await clio.request("GET", MATTER)).headers["X-Region"]


async def test_after_its_greatest_age_an_answer_is_read_in_full(wire: Wire) -> None:
    """F35: the age bounds how long a withdrawn permission goes unseen; a 304 does not extend it."""
    clock = Clock()
    clio = client(wire, clock=clock, policy=Policy(max_age=100))
    await clio.request("GET", MATTER)
    clock.now += 99
    await clio.request("GET", MATTER)
    clock.now += 1
    await clio.request("GET", MATTER)
    assert [None, f'"{MATTER}-1"', None] == wire.sent("If-None-Match")


@pytest.mark.parametrize(("chance", "last"), [(0.0, 90), (1.0, 110)])
async def test_the_greatest_age_is_spread_by_a_tenth(wire: Wire, chance: float, last: int) -> None:
    """Entries stored together do not expire together."""
    clock = Clock()
    clio = client(wire, clock=clock, policy=Policy(max_age=100), random=lambda: chance)
    await clio.request("GET", MATTER)
    clock.now += last - 1
    await clio.request("GET", MATTER)
    clock.now += 1
    await clio.request("GET", MATTER)
    assert None is wire.sent("If-None-Match")[-1]
    assert None is not wire.sent("If-None-Match")[-2]


@pytest.mark.parametrize(("status", "error"), [(401, Unauthorized), (403, Forbidden), (404, NotFound), (410, Gone)])
async def test_a_refused_read_drops_every_variant_of_the_record(status: int, error: type[Exception]) -> None:
    """F35: nothing of a record that was refused is ever validated again, for that principal."""
    wire = Wire(
        script(
            ok(b"all", ETag='"1"'),
            ok(b"some", ETag='"1"'),
            Response(status),
            ok(b"all", ETag='"1"'),
            ok(b"some", ETag='"1"'),
        )
    )
    clio = client(wire, api_version=None)
    await clio.request("GET", MATTER)
    await clio.request("GET", f"{MATTER}.json?fields=id")
    with pytest.raises(error):
        await clio.request("GET", MATTER)
    await clio.request("GET", MATTER)
    await clio.request("GET", f"{MATTER}.json?fields=id")
    assert [None, None] == wire.sent("If-None-Match")[-2:]


async def test_a_refused_read_drops_nothing_of_another_principal(origin: Origin) -> None:
    """F35: somebody else's permission is somebody else's."""
    refused: set[str] = set()

    def answer(request: Request) -> Response:
        return Response(403) if request.headers["authorization"] in refused else origin.answer(request)

    wire = Wire(answer)
    one = client(wire)
    other = one.with_auth("token-b")
    await one.request("GET", MATTER)
    await other.request("GET", MATTER)
    refused.add("Bearer token-a")
    with pytest.raises(Forbidden):
        await one.request("GET", MATTER)
    await other.request("GET", MATTER)
    assert f'"{MATTER}-1"' == wire.sent("If-None-Match")[-1]


@pytest.mark.parametrize("status", [408, 429, 500, 503])
async def test_a_failing_server_costs_nothing_that_is_held(status: int) -> None:
    """There is no stale answer in an error, and no reason to forget a good one."""
    wire = Wire(script(ok(b"x", ETag='"1"'), Response(status), not_modified(ETag='"1"')))
    clio = client(wire, limiter=None, retry=None)  # nothing is repeated
    await clio.request("GET", MATTER)
    with pytest.raises(Exception, match=str(status)):
        await clio.request("GET", MATTER)
    assert b"x" == (await clio.request("GET", MATTER)).body


async def test_after_an_own_write_the_record_is_read_in_full(origin: Origin, wire: Wire) -> None:
    """F24: neither what was held nor the body of the write's answer is used."""
    clio = client(wire)
    await clio.request("GET", MATTER)
    await clio.request("PATCH", f"{MATTER}.json", json={"data": {"description": "new"}})
    after = await clio.request("GET", MATTER)
    assert None is wire.sent("If-None-Match")[-1]
    assert origin.bodies[MATTER] == after.body


async def test_a_write_to_something_under_a_record_outdates_the_record(wire: Wire) -> None:
    """`POST /documents/5/copy` may change document 5 and the list it stands in."""
    clio = client(wire)
    await clio.request("GET", MATTER)
    await clio.request("POST", f"{MATTER}/copy")
    await clio.request("GET", MATTER)
    assert [None, None] == [request.headers.get("If-None-Match") for request in wire.seen if request.method == "GET"]


async def test_a_write_elsewhere_outdates_nothing(origin: Origin, wire: Wire) -> None:
    """Another record's write costs this one nothing."""
    origin.put("/matters/7", b"{}")
    clio = client(wire)
    await clio.request("GET", MATTER)
    await clio.request("PATCH", "/matters/7", json={})
    await clio.request("GET", MATTER)
    assert f'"{MATTER}-1"' == wire.sent("If-None-Match")[-1]


@pytest.mark.parametrize("location", [f"{BASE}{MATTER}.json", "/api/v4/matters/42", "matters/42.json"])
async def test_a_write_outdates_what_its_answer_names(location: str) -> None:
    """RFC 9111 §4.4: Location and Content-Location, on our own origin."""
    created = Response(201, Headers({"Location": location, "Content-Location": "https://elsewhere/x"}))
    wire = Wire(script(ok(ETag='"1"'), created, ok(ETag='"2"')))
    clio = client(wire)
    await clio.request("GET", MATTER)
    await clio.request("POST", "/somewhere", json={})
    await clio.request("GET", MATTER)
    assert None is wire.sent("If-None-Match")[-1]


@pytest.mark.parametrize("location", ["https://evil.example/api/v4/matters/42", "//[", "/elsewhere", ""])
async def test_a_write_outdates_nothing_that_lies_elsewhere(location: str) -> None:
    """RFC 9111 §4.4: another origin has no say, and what cannot be read says nothing."""
    wire = Wire(script(ok(ETag='"1"'), Response(201, Headers({"Location": location})), not_modified()))
    clio = client(wire)
    await clio.request("GET", MATTER)
    await clio.request("POST", "/somewhere", json={})
    await clio.request("GET", MATTER)
    assert '"1"' == wire.sent("If-None-Match")[-1]


async def test_a_304_that_forbids_storing_ends_what_is_held() -> None:
    """Its answer is given, and the next read is in full."""
    wire = Wire(script(ok(b"x", ETag='"1"'), not_modified(ETag='"1"', Cache_Control="no-store"), ok(b"y")))
    clio = client(wire)
    bodies = [(await clio.request("GET", MATTER)).body for _ in range(3)]
    assert ([b"x", b"x", b"y"], [None, '"1"', None]) == (bodies, wire.sent("If-None-Match"))


async def test_a_304_can_change_what_an_answer_varies_by() -> None:
    """RFC 9111 §3.2, §4.1: the stored Vary is the newest one."""
    wire = Wire(script(ok(ETag='"1"'), not_modified(ETag='"1"', Vary="Accept-Language"), ok(ETag='"2"')))
    clio = client(wire)
    await clio.request("GET", MATTER)
    await clio.request("GET", MATTER)
    await clio.request("GET", MATTER, headers={"Accept-Language": "fr"})
    assert [None, '"1"', None] == wire.sent("If-None-Match")


async def test_a_fresh_answer_says_its_age_and_counts_the_age_it_came_with() -> None:
    """RFC 9111 §5.1: Age is generated; what another cache held before counts as held."""
    clock = Clock()
    wire = Wire(lambda request: ok(b"x", ETag='"1"', Age="100"))
    clio = client(wire, clock=clock, policy=Policy(fresh_for={"users": 300}))
    await clio.request("GET", "/users/1")
    clock.now += 199
    assert "299" == (await clio.request("GET", "/users/1")).headers["Age"]
    clock.now += 1
    await clio.request("GET", "/users/1")
    assert 2 == len(wire.seen)


async def test_a_412_outdates_the_record() -> None:
    """Somebody else changed it: what is held is old."""
    wire = Wire(script(ok(ETag='"1"'), Response(412), ok(ETag='"2"')))
    clio = client(wire)
    await clio.request("GET", MATTER)
    with pytest.raises(PreconditionFailed):
        await clio.request("PATCH", MATTER, json={}, headers={"If-Match": '"0"'})
    await clio.request("GET", MATTER)
    assert None is wire.sent("If-None-Match")[-1]


async def test_principals_share_nothing(origin: Origin) -> None:
    """F39: one URL, one store, two users: each is answered with its own, and validates its own."""

    def answer(request: Request) -> Response:
        who = request.headers["authorization"].removeprefix("Bearer ")
        if request.headers.get("If-None-Match") == f'"{who}"':
            return not_modified(ETag=f'"{who}"')
        assert request.headers.get("If-None-Match") is None
        return ok(json.dumps({"me": who}).encode(), ETag=f'"{who}"')

    one = client(Wire(answer), token="token-a")
    other = one.with_auth("token-b")
    for _ in range(3):
        for clio, name in ((one, b"token-a"), (other, b"token-b")):
            assert name in (await clio.request("GET", "/users/who_am_i")).body
    assert 4 == one.stats.revalidated


async def test_a_cache_keyed_by_url_alone_would_mix_them_up() -> None:
    """F39, the control: with one shelf for all, the same harness hands a body to the wrong user."""

    class OneShelf(MemoryCache):
        async def begin(self, principal: str, key: str, tags: object) -> object:  # type: ignore[override]
            return await super().begin("everybody", key, tags)  # type: ignore[arg-type]

        async def commit(self, principal: str, *rest: object) -> bool:  # type: ignore[override]
            return await super().commit("everybody", *rest)  # type: ignore[arg-type]

    def answer(request: Request) -> Response:
        who = request.headers["authorization"].removeprefix("Bearer ")
        if "If-None-Match" in request.headers:
            return not_modified()
        return ok(who.encode(), ETag='"same"')

    one = client(Wire(answer), cache=OneShelf())
    other = one.with_auth("token-b")
    await one.request("GET", MATTER)
    assert b"token-a" == (await other.request("GET", MATTER)).body


async def test_entries_never_cross_versions() -> None:
    """One URL under two API versions is two answers."""
    wire = Wire(lambda request: ok(request.headers["x-api-version"].encode(), ETag='"1"'))
    clio = client(wire)
    older = clio.options(api_version="4.0.9")
    assert b"4.0.13" == (await clio.request("GET", MATTER)).body
    assert b"4.0.9" == (await older.request("GET", MATTER)).body
    assert [None, None] == wire.sent("If-None-Match")


async def test_an_answer_of_another_version_is_not_kept() -> None:
    """F54: what was not asked for is not what a later read gets."""
    wire = Wire(script(ok(ETag='"1"', X_API_VERSION="4.0.14"), ok(ETag='"1"')))
    clio = client(wire)
    with pytest.warns(ClioWarning, match=r"4\.0\.14 answered"):
        await clio.request("GET", MATTER)
    await clio.request("GET", MATTER)
    assert [None, None] == wire.sent("If-None-Match")


async def test_a_selection_that_a_record_tag_does_not_cover_is_read_in_full() -> None:
    """The tag of a matter says nothing of its client's name."""
    wire = Wire(lambda request: ok(ETag='"1"'))
    clio = client(wire)
    for _ in range(2):
        await clio.request("GET", f"{MATTER}?fields=id,client{{name}}")
        await clio.request("GET", f"{MATTER}?fields=id,description")
    assert [None, None, None, '"1"'] == wire.sent("If-None-Match")


@pytest.mark.parametrize("path", ["/users/1", f"{MATTER}?fields=id,client{{name}}", f"{MATTER}?x=1"])
async def test_on_another_server_a_tag_is_of_the_representation(path: str) -> None:
    """The rules for Clio's records are for Clio: its API is served under /api/v4."""
    wire = Wire(lambda request: ok(b"redacted", ETag='"1"'))
    clio = Clio("t", base_url="http://localhost/other", transport=wire, timeout=None)
    await clio.request("GET", path)
    await clio.request("GET", path)
    assert [None, '"1"'] == wire.sent("If-None-Match")


async def test_another_spelling_of_a_record_is_that_record() -> None:
    """A server that collapses slashes answers with the matter, whose tag covers no more than it does."""
    wire = Wire(lambda request: ok(ETag='"1"'))
    clio = client(wire)
    for _ in range(2):
        await clio.request("GET", "/matters//42.json/?fields=id,client{name}")
    assert [None, None] == wire.sent("If-None-Match")


async def test_language_and_media_type_are_kept_apart_without_a_vary() -> None:
    """F39: a server that forgets to say Vary mixes nothing up."""
    wire = Wire(lambda request: ok(ETag='"1"'))
    clio = client(wire)
    for headers in ({}, {"Accept-Language": "fr"}, {"Accept": "text/plain"}, {"Accept-Language": "fr"}):
        await clio.request("GET", MATTER, headers=headers)
    assert [None, None, None, '"1"'] == wire.sent("If-None-Match")


async def test_an_answer_that_was_older_on_its_way_still_replaces_an_earlier_one() -> None:
    """The order of requests decides, not the Age that an answer came with."""
    wire = Wire(script(ok(b"1", ETag='"1"'), ok(b"2", ETag='"2"', Age="500"), not_modified(ETag='"2"')))
    clio = client(wire)
    bodies = [(await clio.request("GET", MATTER)).body for _ in range(3)]
    assert ([b"1", b"2", b"2"], [None, '"1"', '"2"']) == (bodies, wire.sent("If-None-Match"))


async def test_a_server_that_answers_304_to_anything_is_an_error() -> None:
    """F41: a 304 is never handed to a caller who set no condition."""
    with pytest.raises(ResponseBroken, match="twice"):
        await client(Wire(lambda request: not_modified())).request("GET", MATTER)


async def test_cookies_are_those_of_the_last_answer_alone() -> None:
    """F60: none is kept and given again."""
    wire = Wire(script(ok(ETag='"1"', Set_Cookie="a=1"), not_modified(Set_Cookie="b=2"), not_modified()))
    clio = client(wire)
    cookies = [(await clio.request("GET", MATTER)).headers.get("Set-Cookie") for _ in range(3)]
    assert ["a=1", "b=2", None] == cookies


async def test_findings_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a server makes up does not fill the memory; what is forgotten is found out again."""
    monkeypatch.setattr("clio_async.middleware.conditional._REMEMBERED", 2)
    clio = client(Wire(lambda request: not_modified(ETag='"9"')))
    for number in range(5):
        with pytest.raises(ResponseBroken):
            await clio.request("GET", f"/other/{number}")
    bodies = iter(range(20))
    clio._core.transport.answer = lambda request: ok(str(next(bodies)).encode(), ETag='"1"')  # type: ignore[attr-defined]
    for name in ("id", "id,description", "id,location"):
        for _ in range(2):
            await clio.options(cache="refresh").request("GET", MATTER, params={"fields": name})
    findings = clio._core.conditional._findings
    assert (True, 2) == (len(findings.mismatches) <= 2, len(findings.blind))


@pytest.mark.parametrize("fields", ["id,client{name}", "id,nobody_knows_this", "client{name", ""])
async def test_what_cannot_be_shown_to_be_covered_is_read_in_full(fields: str) -> None:
    """A hand-written selection that the registry does not know is not trusted to a record's tag."""
    wire = Wire(lambda request: ok(ETag='"1"'))
    clio = client(wire)
    for _ in range(2):
        await clio.request("GET", MATTER, params={"fields": fields or "client", "other": "x"})
    assert [None, None] == wire.sent("If-None-Match")


async def test_a_write_to_a_client_outdates_matters_that_show_its_name() -> None:
    """What is selected through an association depends on the records behind it."""
    wire = Wire(lambda request: ok(b"x", ETag='"1"'))
    clio = client(wire, clock=Clock(), policy=Policy(fresh_for={"matters": 300}))
    target = f"{MATTER}?fields=id,client{{name}}"
    await clio.request("GET", target)
    await clio.request("GET", target)
    await clio.request("PATCH", "/contacts/7", json={})
    await clio.request("GET", target)
    assert ["GET", "PATCH", "GET"] == [request.method for request in wire.seen]


async def test_a_declared_representation_tag_covers_every_selection() -> None:
    """policy.tag_scope: the application knows better."""
    wire = Wire(lambda request: ok(ETag='"1"'))
    clio = client(wire, policy=Policy(tag_scope={"matters": "representation"}))
    for _ in range(2):
        await clio.request("GET", f"{MATTER}?fields=id,client{{name}}")
    assert [None, '"1"'] == wire.sent("If-None-Match")


async def test_one_tag_with_two_bodies_disproves_the_declaration_for_good() -> None:
    """The declaration is no longer followed, and one warning says so."""
    bodies = [b"1", b"2", b"3", b"4"]
    wire = Wire(lambda request: ok(bodies.pop(0), ETag='"1"'))
    clio = client(wire, policy=Policy(tag_scope={"matters": "representation"}))
    target = f"{MATTER}?fields=id,client{{name}}"
    await clio.request("GET", target)
    with pytest.warns(ClioWarning, match="no longer followed"):
        await clio.options(cache="refresh").request("GET", target)
    await clio.request("GET", target)
    await clio.request("GET", target)
    assert [None] * 4 == wire.sent("If-None-Match")


async def test_a_record_tag_that_was_seen_with_two_bodies_is_not_trusted_for_that_selection() -> None:
    """An attribute that the tag does not cover, and nobody knew."""
    bodies = [b"1", b"2", b"3"]
    wire = Wire(lambda request: ok(bodies.pop(0), ETag='"1"'))
    clio = client(wire)
    await clio.request("GET", MATTER)
    await clio.options(cache="refresh").request("GET", MATTER)
    await clio.request("GET", MATTER)
    assert [None] * 3 == wire.sent("If-None-Match")


async def test_another_server_may_give_two_bodies_one_weak_tag() -> None:
    """RFC 9110 §8.8.1: outside the registry a tag is what the standard says."""
    bodies = [b"1", b"2", b"3"]
    wire = Wire(lambda request: ok(bodies.pop(0), ETag='W/"1"'))
    clio = client(wire)
    await clio.request("GET", "/anything/else")
    await clio.options(cache="refresh").request("GET", "/anything/else")
    await clio.request("GET", "/anything/else")
    assert [None, None, 'W/"1"'] == wire.sent("If-None-Match")


async def test_a_redacted_body_is_read_in_full() -> None:
    """C6: what one user may not see can change under one tag."""
    wire = Wire(lambda request: ok(b'{"data":{"client":{"id":1,"redacted":true}}}', ETag='"1"'))
    clio = client(wire)
    await clio.request("GET", MATTER)
    await clio.request("GET", MATTER)
    assert [None, None] == wire.sent("If-None-Match")


async def test_freshness_is_opt_in_and_ends() -> None:
    """Only a resource that is named is answered without asking, and only for its time."""
    clock = Clock()
    wire = Wire(lambda request: ok(b"x", ETag='"1"'))
    clio = client(wire, clock=clock, policy=Policy(fresh_for={"users": 300}))
    await clio.request("GET", "/users/1")
    clock.now += 299
    hit = await clio.request("GET", "/users/1")
    assert ("cache", b"x", 1) == (hit.source, hit.body, len(wire.seen))
    await clio.request("GET", MATTER)
    await clio.request("GET", MATTER)
    assert 3 == len(wire.seen)
    clock.now += 1
    await clio.request("GET", "/users/1")
    assert '"1"' == wire.sent("If-None-Match")[-1]


async def test_freshness_needs_no_validator_and_obeys_no_cache() -> None:
    """An answer without a tag can be fresh; one that must be asked for each time cannot."""
    wire = Wire(script(ok(b"1"), ok(b"2", Cache_Control="no-cache", ETag='"2"'), not_modified(ETag='"2"')))
    clio = client(wire, clock=Clock(), policy=Policy(fresh_for={"users": 300}))
    await clio.request("GET", "/users/1")
    assert b"1" == (await clio.request("GET", "/users/1")).body
    assert b"2" == (await clio.request("GET", "/users/1", headers={"Cache-Control": "no-cache"})).body
    assert b"2" == (await clio.request("GET", "/users/1")).body
    assert 3 == len(wire.seen)


async def test_a_fresh_answer_is_gone_after_an_own_write_by_anybody() -> None:
    """Generations belong to records, for all principals of the region."""
    wire = Wire(lambda request: ok(request.method.encode(), ETag='"1"'))
    clio = client(wire, clock=Clock(), policy=Policy(fresh_for={"users": 300}))
    other = clio.with_auth("token-b")
    await clio.request("GET", "/users/1")
    await other.request("PATCH", "/users/1", json={})
    await clio.request("GET", "/users/1")
    assert ["GET", "PATCH", "GET"] == [request.method for request in wire.seen]


async def test_bypass_neither_reads_nor_keeps_and_refresh_keeps() -> None:
    """The cache modes mean what they say."""
    wire = Wire(lambda request: ok(ETag='"1"'))
    clio = client(wire)
    await clio.options(cache="bypass").request("GET", MATTER)
    await clio.request("GET", MATTER)
    await clio.options(cache="bypass").request("GET", MATTER)
    await clio.options(cache="refresh").request("GET", MATTER)
    await clio.request("GET", MATTER)
    assert [None, None, None, None, '"1"'] == wire.sent("If-None-Match")


async def test_without_a_cache_nothing_is_kept(wire: Wire) -> None:
    """cache=None switches caching off."""
    clio = client(wire, cache=None)
    await clio.request("GET", MATTER)
    await clio.request("GET", MATTER)
    assert [None, None] == wire.sent("If-None-Match")


async def test_purge_forgets_a_principal_and_nobody_else(wire: Wire) -> None:
    """What a user may no longer see can be dropped at once."""
    one = client(wire)
    other = one.with_auth("token-b")
    for clio in (one, other):
        await clio.request("GET", MATTER)
    await one.purge()
    for clio in (one, other):
        await clio.request("GET", MATTER)
    assert [None, f'"{MATTER}-1"'] == wire.sent("If-None-Match")[-2:]


async def test_safe_methods_other_than_get_pass_the_cache_by(wire: Wire) -> None:
    """A HEAD neither validates, nor keeps, nor outdates."""
    clio = client(wire)
    await clio.request("GET", MATTER)
    await clio.request("HEAD", MATTER)
    await clio.request("GET", MATTER)
    assert [None, None, f'"{MATTER}-1"'] == wire.sent("If-None-Match")


async def test_a_capture_tells_where_answers_came_from(wire: Wire) -> None:
    """capture_responses collects a summary of every call, and of none outside."""
    clio = client(wire)
    with capture_responses() as seen, capture_responses() as also:
        await clio.request("GET", MATTER)
        await clio.request("GET", MATTER)
    await clio.request("GET", MATTER)
    assert ["network", "revalidated"] == [exchange.source for exchange in seen]
    assert seen == also
    assert (200, f'"{MATTER}-1"', f"{BASE}{MATTER}") == (seen[1].status, seen[1].etag, seen[1].path)


def test_a_client_type_is_what_the_harness_builds() -> None:
    """The harness uses the public constructor alone."""
    assert isinstance(client(Wire(script())), Clio)


async def test_a_slow_answer_does_not_replace_a_newer_one() -> None:
    """Of two answers under one generation the one to the later request stays."""
    origin = Origin()
    origin.put("/users/1", b"old")
    gate = Gate(origin.answer)
    clock = Clock()
    clio = client(Wire(gate), clock=clock, policy=Policy(fresh_for={"users": 300}))
    async with anyio.create_task_group() as group:
        group.start_soon(clio.request, "GET", "/users/1")
        await anyio.wait_all_tasks_blocked()
        clock.now += 1
        origin.put("/users/1", b"new")  # by somebody else
        group.start_soon(clio.options(cache="refresh").request, "GET", "/users/1")
        await anyio.wait_all_tasks_blocked()
        gate.waiting[1].set()
        await anyio.wait_all_tasks_blocked()
        gate.waiting[0].set()
    hit = await clio.request("GET", "/users/1")
    assert ("cache", b"new") == (hit.source, hit.body)


async def test_an_answer_that_may_not_be_kept_ends_what_is_held() -> None:
    """What is fresh by opting in must not outlive a newer answer."""
    wire = Wire(script(ok(b"1", ETag='"1"'), ok(b"2", ETag='"2"', Vary="*"), ok(b"3")))
    clio = client(wire, clock=Clock(), policy=Policy(fresh_for={"users": 300}))
    await clio.request("GET", "/users/1")
    await clio.options(cache="refresh").request("GET", "/users/1")
    assert b"3" == (await clio.request("GET", "/users/1")).body


@pytest.mark.parametrize("tag", [None, "*", "a,b"])
async def test_an_answer_that_nothing_validates_ends_what_is_held(tag: str | None) -> None:
    """A 200 replaces what was held, also where it cannot be kept itself: the older tag is not asked about again, since
    a 304 that names none would bring the older body back (RFC 9111 §4.3.3)."""
    untagged = ok(b"2") if tag is None else ok(b"2", ETag=tag)
    wire = Wire(script(ok(b"1", ETag='"1"'), untagged, ok(b"3", ETag='"3"')))
    clio = client(wire)
    assert [b"1", b"2", b"3"] == [(await clio.request("GET", MATTER)).body for _ in range(3)]
    assert [None, '"1"', None] == wire.sent("If-None-Match")


async def test_reading_what_nothing_validates_leaves_no_mark_behind() -> None:
    """F77: a server without tags does not fill the memory of what was outdated."""
    cache = MemoryCache()
    clio = client(Wire(lambda request: ok()), cache=cache)
    before = cache.look(clio.principal.fingerprint, "", (f"{BASE}{MATTER}",)).generation
    for _ in range(3):
        await clio.request("GET", MATTER)
    assert before == cache.look(clio.principal.fingerprint, "", (f"{BASE}{MATTER}",)).generation


async def test_reading_what_may_not_be_kept_leaves_no_mark_behind() -> None:
    """F77: a server that forbids storing does not fill the memory of what was outdated."""
    cache = MemoryCache()
    clio = client(Wire(lambda request: ok(ETag='"1"', Cache_Control="no-store")), cache=cache)
    before = cache.look(clio.principal.fingerprint, "", (f"{BASE}{MATTER}",)).generation
    for _ in range(3):
        await clio.request("GET", MATTER)
    assert before == cache.look(clio.principal.fingerprint, "", (f"{BASE}{MATTER}",)).generation


async def test_a_slow_confirmation_does_not_make_an_entry_older() -> None:
    """Freshness counts from the latest request that was confirmed, in whatever order the answers come."""
    origin = Origin()
    origin.put("/users/1", b"x")
    gate = Gate(origin.answer)
    clock = Clock()
    wire = Wire(origin.answer)
    clio = client(wire, clock=clock, policy=Policy(fresh_for={"users": 300}))
    await clio.request("GET", "/users/1")
    wire.answer = gate
    async with anyio.create_task_group() as group:
        for name in ("first", "second"):  # another field, so that they are two requests
            clock.now += 300
            group.start_soon(partial(clio.request, "GET", "/users/1", headers={"X-Name": name}))
            await anyio.wait_all_tasks_blocked()
        gate.waiting[1].set()
        await anyio.wait_all_tasks_blocked()
        gate.waiting[0].set()
    clock.now += 299
    assert "cache" == (await clio.request("GET", "/users/1")).source


async def test_a_store_outside_the_process_learns_how_fresh_an_answer_is(origin: Origin, wire: Wire) -> None:
    """Where answers are given without asking, a 304 is written back with the time that it is of."""
    told: list[float] = []

    class Elsewhere(MemoryCache):
        in_process = False

        async def touch(self, principal: str, key: str, entry: Entry) -> None:
            told.append(entry.validated_at)

    clock = Clock()
    clio = client(wire, clock=clock, cache=Elsewhere(), policy=Policy(fresh_for={"matters": 300}))
    await clio.matters.get(42)
    clock.now += 301
    await clio.matters.get(42)
    assert [clock.now] == told
