"""`get_if_changed`: a read on behalf of somebody who keeps a copy, and is told whether it is current."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import anyio
import pytest
from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st

from clio_async import (
    Clio,
    Forbidden,
    Headers,
    InvalidArgument,
    MemoryTransport,
    NotFound,
    Policy,
    Request,
    Response,
    UnknownField,
    Validators,
    capture_responses,
)
from clio_async.models.record import RecordETag, ResponseETag
from clio_async.resources.base import GetsIfChanged
from clio_async.resources.conditions import condition_of
from clio_async.testing import Regime, Simulator

from ..origin import BASE, LONG_AGO, Clock, Gate, Origin, Wire, client, not_modified, ok, script
from .fake import FakeClio

BODY = b'{"data":{"id":42,"etag":"\\"a\\"","description":"x"}}'
OTHER = b'{"data":{"id":42,"etag":"\\"b\\"","description":"y"}}'
DATE = "Mon, 03 Feb 2025 00:00:00 GMT"


def made(**options: Any) -> tuple[Simulator, Clio]:
    simulator = Simulator(matters=5, contacts=5, users=2, tasks=5, regime=options.pop("regime", None))
    wire = MemoryTransport(simulator.handler)
    return simulator, Clio(simulator.token(), base_url=BASE, transport=wire, **options)


# -- what comes back --------------------------------------------------------------------------------------------------


async def test_none_says_that_the_copy_is_current() -> None:
    """By the record's tag, the answer's, or both validators; a change brings the record, and its new validators."""
    simulator, clio = made()
    copy = await clio.matters.get(3)
    assert copy.validators is not None
    assert copy.validators.etag is not None
    kept = [copy.etag, copy.validators.etag, copy.validators, f"W/{copy.etag}"]
    assert [None] * 4 == [await clio.matters.get_if_changed(3, tag) for tag in kept]  # type: ignore[arg-type]
    assert await clio.matters.get_if_changed(copy, copy.validators) is None
    simulator.change("matters", 3, description="changed")
    changed = await clio.matters.get_if_changed(copy, copy.validators)
    assert changed is not None
    assert ("changed", True) == (changed.description, changed.validators is not None)
    assert await clio.matters.get_if_changed(3, changed.etag or "") is None


async def test_a_date_asks_where_there_is_no_tag() -> None:
    """`If-Modified-Since` with the server's own text, and only then."""
    origin = Origin(tags=False, modified=True)
    origin.put("/matters/42", BODY)
    wire = Wire(origin.answer)
    clio = client(wire)
    copy = await clio.matters.get(42)
    assert Validators(None, LONG_AGO) == copy.validators
    assert await clio.matters.get_if_changed(42, Validators(None, LONG_AGO)) is None
    assert [None, LONG_AGO] == wire.sent("If-Modified-Since")
    assert [None, None] == wire.sent("If-None-Match")
    origin.modified = False
    assert await clio.matters.get_if_changed(42, Validators(None, LONG_AGO)) is not None


async def test_the_tag_goes_before_the_date() -> None:
    """A recipient ignores the date where there is a tag (RFC 9110 §13.1.3), so it is not sent."""
    clio = FakeClio(None, {"data": {"id": 1, "etag": '"n"'}})
    assert await clio.matters.get_if_changed(1, Validators(ResponseETag('W/"t"'), DATE)) is None
    found = await clio.matters.get_if_changed(1, RecordETag('"t"'), extra_query={"new": 1})
    assert [{"If-None-Match": 'W/"t"'}, {"If-None-Match": '"t"'}] == [call.headers for call in clio.calls]
    assert ('"n"', "1") == (found and found.etag, clio.calls[1].parameters["new"])


@frozen
class Card:
    id: int
    description: str | None


@frozen
class Named:
    @frozen
    class Client:
        name: str

    id: int
    client: Client | None


async def test_a_class_is_a_selection_here_too() -> None:
    """It is built of the answer; a misspelt name is refused before anything is sent."""
    simulator, clio = made()
    tag = simulator.record("matters", 3, fields="etag")["etag"]
    assert await clio.matters.get_if_changed(3, tag, fields=Card) is None
    simulator.change("matters", 3, description="now")
    assert Card(3, "now") == await clio.matters.get_if_changed(3, tag, fields=Card)
    with pytest.raises(UnknownField):
        await clio.matters.get_if_changed(3, tag, fields="descripton")


# -- what a tag does not cover ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("fields", ["client{name}", "client", "relationships{id}", "has_tasks", Named], ids=str)
async def test_what_the_tag_does_not_cover_is_read_in_full(fields: Any) -> None:
    """A client is renamed under the tag of the matter: None would hide it."""
    simulator, clio = made()
    copy = await clio.matters.get(3)
    assert copy.etag is not None
    for name in ("Before", "After"):
        simulator.change("contacts", copy.client.id, name=name)
        found = await clio.matters.get_if_changed(3, copy.etag, fields=fields)
        assert found is not None
        if fields in {"client{name}", Named}:
            assert name == found.client.name


async def test_the_control_a_304_would_have_hidden_it() -> None:
    """The server does answer 304 to the condition, with the client's name in the selection."""
    simulator, clio = made()
    copy = await clio.matters.get(3)
    assert copy.etag is not None
    simulator.change("contacts", copy.client.id, name="After")
    query = {"fields": "client{name}"}
    response = await clio.request("GET", "/matters/3.json", params=query, headers={"If-None-Match": copy.etag})
    assert 304 == response.status


async def test_a_tag_that_is_declared_to_name_the_representation_covers_all() -> None:
    """The application knows better; until one tag is seen with two bodies."""
    regime = Regime(tag_scope="representation")
    simulator, clio = made(regime=regime, policy=Policy(tag_scope={"matters": "representation"}))
    copy = await clio.matters.get(3, fields="client{name}")
    assert copy.validators is not None
    assert await clio.matters.get_if_changed(3, copy.validators, fields="client{name}") is None
    simulator.change("contacts", (await clio.matters.get(3)).client.id, name="After")
    changed = await clio.matters.get_if_changed(3, copy.validators, fields="client{name}")
    assert changed is not None
    assert "After" == changed.client.name


async def test_a_declaration_that_was_disproved_is_not_followed() -> None:
    """The tag names the record after all: with a nested name the record is read in full again."""
    simulator, clio = made(policy=Policy(tag_scope={"matters": "representation"}))
    bypassing = clio.options(cache="refresh")
    copy = await bypassing.matters.get(3, fields="client{id,name}")
    assert copy.validators is not None
    assert await clio.matters.get_if_changed(3, copy.validators, fields="client{id,name}") is None
    simulator.change("contacts", copy.client.id, name="After")
    with pytest.warns(UserWarning, match="no longer followed"):
        await bypassing.matters.get(3, fields="client{id,name}")
    assert await clio.matters.get_if_changed(3, copy.validators, fields="client{id,name}") is not None


# -- what a server may answer -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("header", ['"b"', 'W/"b"', 'W/"b", "c"'])
async def test_a_304_that_names_another_tag_is_no_answer(header: str) -> None:
    """It says that nothing changed, and that something did: the record is asked for without condition."""
    wire = Wire(script(not_modified(ETag=header), ok(OTHER, ETag='"b"')))
    found = await client(wire).matters.get_if_changed(42, '"a"')
    assert found is not None
    assert "y" == found.description
    assert ['"a"', None] == wire.sent("If-None-Match")


@pytest.mark.parametrize("fields", [{}, {"ETag": '"a"'}, {"ETag": 'W/"a"'}])
async def test_a_304_that_names_our_tag_or_none_is_the_answer(fields: dict[str, str]) -> None:
    """Tags compare weakly: a gzip front end weakens one of them (RFC 9110 §8.8.3.2)."""
    wire = Wire(script(not_modified(**fields)))
    assert await client(wire).matters.get_if_changed(42, '"a"') is None
    assert 1 == len(wire.seen)


async def test_a_200_is_the_record_whatever_its_tag() -> None:
    """A server that takes no conditions says in full what is there."""
    wire = Wire(script(ok(BODY, ETag='"a"')))
    assert await client(wire).matters.get_if_changed(42, '"a"') is not None


async def test_an_error_is_an_error() -> None:
    """404 and 403 are no news of a change."""
    wire = Wire(script(Response(404), Response(403)))
    clio = client(wire)
    for kind in (NotFound, Forbidden):
        with pytest.raises(kind):
            await clio.matters.get_if_changed(42, '"a"')


async def test_wrong_304s_of_a_resource_end_its_conditions() -> None:
    """What the client has found out about a server's tags holds for the caller's condition, too."""
    wire = Wire(
        script(
            ok(BODY, ETag='"a"'),
            *[not_modified(ETag='"z"'), ok(BODY, ETag='"a"')] * 2,
            ok(OTHER, ETag='"b"'),
        )
    )
    clio = client(wire)
    await clio.matters.get(42, fields="description")
    await clio.matters.get(42, fields="description")
    with pytest.warns(UserWarning, match="read in full from now on"):
        await clio.matters.get(42, fields="description")
    found = await clio.matters.get_if_changed(42, '"b"', fields="description")
    assert found is not None
    assert wire.sent("If-None-Match")[-1] is None


# -- the cache, and others --------------------------------------------------------------------------------------------


async def test_the_condition_is_the_callers_own() -> None:
    """It passes the cache: another copy than the cache's is asked about, and the cache is left as it was."""
    simulator, clio = made()
    old = (await clio.matters.get(3)).etag or ""
    simulator.change("matters", 3, description="second")
    second = await clio.matters.get(3)
    assert await clio.matters.get_if_changed(3, old) is not None
    simulator.change("matters", 3, description="third")
    assert (await clio.matters.get_if_changed(3, second.etag or "")) is not None
    with capture_responses() as seen:
        assert "third" == (await clio.matters.get(3)).description
        assert "third" == (await clio.matters.get(3)).description
    assert ["network", "revalidated"] == [one.source for one in seen]


async def test_a_fresh_answer_is_no_answer_to_a_condition() -> None:
    """Where freshness was opted into, a read is answered from what is held; who asks for changes asks Clio."""
    simulator, clio = made(policy=Policy(fresh_for={"matters": 300}))
    copy = await clio.matters.get(3)
    assert await clio.matters.get_if_changed(3, copy.etag or "") is None
    simulator.change("matters", 3, description="changed")
    found = await clio.matters.get_if_changed(3, copy.etag or "")
    assert found is not None
    assert "changed" == found.description


async def test_only_the_same_question_is_shared() -> None:
    """Reads at the same time share a request if their conditions are the same, and not with those that have none."""
    origin = Origin()
    origin.put("/matters/42", BODY)
    gate = Gate(origin.answer)
    wire = Wire(gate)
    clio = client(wire, clock=Clock())
    current = origin.tag("/matters/42")
    found: dict[str, Any] = {}

    async def ask(name: str, call: Callable[[], Any]) -> None:
        found[name] = await call()

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(ask, "current", lambda: clio.matters.get_if_changed(42, current))
        tasks.start_soon(ask, "current too", lambda: clio.matters.get_if_changed(42, ResponseETag(current)))
        tasks.start_soon(ask, "old", lambda: clio.matters.get_if_changed(42, '"old"'))
        tasks.start_soon(ask, "plain", lambda: clio.matters.get(42))
        await anyio.wait_all_tasks_blocked()
        for event in gate.waiting:
            event.set()
    assert sorted([current, '"old"', ""]) == sorted(tag or "" for tag in wire.sent("If-None-Match"))
    assert (None, None) == (found["current"], found["current too"])
    assert ("x", "x") == (found["old"].description, found["plain"].description)


# -- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "given",
    [
        "",
        "abc",
        "*",
        '"a", "b"',
        '"a","b"',
        '"a',
        'a"',
        '""a""',
        "W/abc",
        'w/"a"',
        '"a"\r\nX: y',
        '"a b"',
        ' "a"',
        '"\u2014"',
        None,
        7,
        b'"a"',
        Validators(),
        Validators(ResponseETag("*")),
        Validators(ResponseETag('"a", "b"')),
        Validators(None, "yesterday"),
        Validators(None, ""),
        Validators(None, f"{DATE}\r\nX: y"),
        Validators(None, "Mon, 03 Feb 99999 00:00:00 GMT"),
    ],
    ids=repr,
)
async def test_what_is_no_tag_is_refused_before_anything_is_sent(given: Any) -> None:
    """Without its quotes a tag matches nothing, so that every read would be one in full (F21); `*` matches all."""
    clio = FakeClio()
    with pytest.raises(InvalidArgument):
        await clio.matters.get_if_changed(1, given)
    assert [] == clio.calls


def test_a_tag_without_quotes_is_told_so() -> None:
    """Many tools strip them."""
    with pytest.raises(InvalidArgument, match="The quotes are part of it"):
        condition_of("14eb46ba")


@given(st.text() | st.from_regex(r'(W/)?"[!-~]*"', fullmatch=True))
def test_a_condition_is_one_tag_byte_for_byte(text: str) -> None:
    """Law: what is taken is exactly one entity tag of RFC 9110 §8.8.3, and it is sent as it is."""
    try:
        name, value = condition_of(text)
    except InvalidArgument:
        assert not re.fullmatch(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"', text)
    else:
        assert ("If-None-Match", text) == (name, value)
        assert re.fullmatch(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"', text)


def test_what_a_server_sent_goes_back_as_it_came() -> None:
    """A malformed tag in the validators is compared as a string by the server that made it."""
    assert ("If-None-Match", "abc") == condition_of(Validators(ResponseETag("abc"), DATE))


async def test_an_unsendable_selection_is_refused_first() -> None:
    """Nothing is sent for a record without a valid id either."""
    clio = FakeClio()
    with pytest.raises(InvalidArgument):
        await clio.matters.get_if_changed(0, '"a"')
    assert [] == clio.calls


async def test_every_resource_that_is_read_conditionally_has_it() -> None:
    """Those with a record of their own by id: the document declares `If-None-Match` there."""
    from clio_async.models import registry

    clio = FakeClio()
    for name in registry.resource_names():
        operation = registry.resource(name).operations.get("get")
        has = operation is not None and operation.conditional and operation.path.count("{") == 1
        assert has == isinstance(getattr(clio, name), GetsIfChanged), name


@pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])
async def test_it_needs_no_event_loop_of_its_own(anyio_backend: str) -> None:
    """The same on trio."""
    simulator, clio = made()
    tag = simulator.record("matters", 3, fields="etag")["etag"]
    assert await clio.matters.get_if_changed(3, tag) is None


def test_a_header_is_not_lost() -> None:
    """The control of the doubles: the simulated server sees the condition."""
    seen: list[Request] = []

    def answer(request: Request) -> Response:
        seen.append(request)
        return Response(304, Headers())

    async def run() -> None:
        clio = Clio("t", base_url=BASE, transport=MemoryTransport(answer))
        assert await clio.matters.get_if_changed(1, '"x"') is None

    anyio.run(run)
    assert '"x"' == seen[0].headers["If-None-Match"]
