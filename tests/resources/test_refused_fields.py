"""A field of a default selection that the server refuses is left out: asked once more, remembered, warned about."""

from __future__ import annotations

import json
import warnings
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import anyio
import pytest
from anyio.lowlevel import checkpoint
from hypothesis import given
from hypothesis import strategies as st

from clio_async import (
    BadRequest,
    Clio,
    FieldNotRequested,
    FieldsRefused,
    Headers,
    MemoryTransport,
    Request,
    Response,
    capture_responses,
    unchecked,
)
from clio_async.models import Matter, registry
from clio_async.models.record import Ref
from clio_async.models.selection import narrowed, select, select_records
from clio_async.protocol.fields import format_fields, parse_fields, refused, with_selection, without
from clio_async.resources import refused as flow
from clio_async.resources.kept_refusals import KeptRefusals
from clio_async.resources.learned import Learned
from clio_async.testing import Regime, Simulator

BASE = "http://localhost/api/v4"
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
JSON = Headers([("Content-Type", "application/json")])


class Refusing:
    """A simulated Clio that does not know some fields. `form` is what it says of one."""

    def __init__(self, *names: str, form: str = "{} is not a valid field", type: str = "InvalidFields") -> None:
        self.names = [*names]
        self.form = form
        self.type = type
        self.simulator = Simulator(matters=450, contacts=5, users=3, tasks=5)
        self.token = self.simulator.token()
        self.asked: list[tuple[str, dict[str, tuple[str, ...] | None]]] = []

    async def __call__(self, request: Request) -> Response:
        await checkpoint()  # others may ask meanwhile
        query = parse_qs(urlsplit(request.url).query)
        tree = parse_fields(query["fields"][0]) if "fields" in query else {}
        self.asked.append((request.method, tree))
        for name in self.names:
            outer, _, inner = name.rstrip("}").partition("{")
            if (inner in (tree.get(outer) or ())) if inner else outer in tree:
                said = self.form.format(inner or outer)
                body = {"error": {"type": self.type, "message": said}}
                return Response(400, JSON, json.dumps(body).encode())
        return await self.simulator.handler(request)

    def client(self, **options: Any) -> Clio:
        return Clio(self.token, base_url=BASE, transport=MemoryTransport(self), **options)


@pytest.fixture(autouse=True)
def _said() -> None:
    """A warning is asserted where it is the matter of a test."""
    warnings.simplefilter("ignore", FieldsRefused)


# -- the calls --------------------------------------------------------------------------------------------------------

Call = Callable[[Clio], Awaitable[Any]]
DEFAULT: dict[str, tuple[Call, str]] = {
    "get": (lambda clio: clio.matters.get(1), "location"),
    "get with a query": (lambda clio: clio.matters.get(1, custom_field_ids=[1], extra_query={"x": "y"}), "location"),
    "get of a record class": (lambda clio: clio.matters.get(1, fields=Matter), "location"),
    "get by another's tag": (lambda clio: clio.matters.get_if_changed(1, '"old"'), "location"),
    "get_many": (lambda clio: _among(clio.matters.get_many([3])), "location"),
    "iter_changes": (lambda clio: _first(clio.matters.iter_changes(LONG_AGO)), "location"),
    "first": (lambda clio: clio.matters.list().first(), "location"),
    "list": (lambda clio: _first(clio.matters.list(status="open")), "location"),
    "create": (lambda clio: clio.matters.create(client={"id": 1}, description="new"), "location"),
    "update": (lambda clio: clio.matters.update(1, description="new"), "location"),
    "who_am_i": (lambda clio: clio.users.who_am_i(), "first_name"),
}


async def _among(many: Awaitable[Any]) -> Any:
    (record,) = await many
    return record


async def _first(pages: Any) -> Any:
    async for record in pages:
        return record
    raise AssertionError


@pytest.mark.parametrize("what", DEFAULT)
async def test_a_refused_field_is_left_out_and_remembered(what: str) -> None:
    """One request more, one warning; the next call asks without it at once; reading it raises FieldNotRequested."""
    call, name = DEFAULT[what]
    clio_server = Refusing(name)
    clio = clio_server.client()
    with pytest.warns(FieldsRefused, match=name) as warned:
        record = await call(clio)
    assert [True, False] == [name in tree for _, tree in clio_server.asked]
    assert {*clio_server.asked[0][1]} - {name} == {*clio_server.asked[1][1]}
    assert name not in record
    with pytest.raises(FieldNotRequested):
        getattr(record, name)
    await call(clio)
    assert 3 == len(clio_server.asked)
    assert name not in clio_server.asked[2][1]
    assert 1 == len([one for one in warned if one.category is FieldsRefused])


@pytest.mark.parametrize("what", DEFAULT)
async def test_where_nothing_is_refused_nothing_is_left_out(what: str) -> None:
    """The control: the field is asked for, and one request is enough."""
    call, name = DEFAULT[what]
    server = Refusing()
    record = await call(server.client())
    assert [True] == [name in tree for _, tree in server.asked]
    assert name in record


async def test_what_one_call_learnt_holds_for_all() -> None:
    """Reads, lists and writes of the same records, also with other options."""
    server = Refusing("location")
    clio = server.client()
    await clio.matters.get(1)
    await clio.matters.list(status="open").first()
    await clio.matters.update(1, description="new")
    await clio.options(cache="bypass", strict=True).matters.get(1)
    assert ["location" in tree for _, tree in server.asked] == [True, False, False, False, False]


async def test_what_one_firm_was_refused_is_left_out_for_no_other() -> None:
    """A field may be missing from one account alone. `purge` forgets it for that account."""
    server = Refusing("location")
    clio = server.client()
    await clio.matters.get(1)
    server.names.clear()
    assert "location" in await clio.with_auth(server.simulator.token(user=2)).matters.get(1)
    assert "location" not in await clio.matters.get(1)
    await clio.purge()
    assert "location" in await clio.matters.get(1)


async def test_after_an_hour_it_is_asked_for_again() -> None:
    """A server that has learnt the field since costs nothing; one that has not, one request."""
    server = Refusing("location")
    now = 0.0
    clio = server.client(clock=lambda: now, timeout=None)
    await clio.matters.get(1)
    now = 3599.0
    await clio.matters.get(1)
    now = 3600.0
    server.names.clear()
    assert "location" in await clio.matters.get(1)
    assert [True, False, False, True] == ["location" in tree for _, tree in server.asked]


def test_refusals_are_kept_in_a_bound() -> None:
    """Those that were refused longest ago go first."""
    kept = KeptRefusals(lambda: 0.0)
    for number in range(1025):
        kept.add((BASE, f"principal-{number} 4", "Matter"), frozenset({"location"}))
    assert frozenset() == kept.find((BASE, "principal-0 4", "Matter"))
    assert {"location"} == kept.find((BASE, "principal-1 4", "Matter"))


async def test_another_version_server_or_resource_is_asked_for_itself() -> None:
    """What 4.0.13 does not know, 4.0.12 may; and contacts are no matters."""
    server = Refusing("location")
    clio = server.client()
    await clio.matters.get(1)
    await clio.options(api_version="4.0.12").matters.get(1)
    await clio.contacts.get(1)
    assert ["location"] * 2 == [
        *clio.learned.refused.find((BASE, clio.scope, "Matter")),
        *clio.learned.refused.find((BASE, clio.options(api_version="4.0.12").scope, "Matter")),
    ]
    assert [True, False, True, False, False] == ["location" in tree for _, tree in server.asked]


async def test_a_validated_read_stays_one() -> None:
    """The narrower answer is kept and validated like any other."""
    server = Refusing("location")
    clio = server.client()
    first = await clio.matters.get(1)
    with capture_responses() as seen:
        assert first is await clio.matters.get(1)
    assert ["revalidated"] == [one.source for one in seen]


# -- lists ------------------------------------------------------------------------------------------------------------


async def test_a_field_that_is_refused_on_a_later_page() -> None:
    """The page is asked for once more, and the following ones without the field: every record comes once."""
    server = Refusing()
    clio = server.client()
    ids: list[int] = []
    pages = clio.matters.list().by_page()
    ids += [one.id for one in await anext(pages)]
    server.names.append("location")
    async for page in pages:
        ids += [one.id for one in page]
    assert [*range(1, 451)] == ids
    assert [True, True, False, False] == ["location" in tree for _, tree in server.asked]


@pytest.mark.parametrize("knows", [False, True])
async def test_a_resume_token_outlives_what_was_learnt(knows: bool) -> None:
    """A token from before the refusal continues after it, and one from after it in a process that knows nothing."""
    server = Refusing(*(["location"] if knows else []))
    first = server.client()
    pages = first.matters.list(limit=200)
    async for page in pages.by_page():
        assert 1 == page[0].id
        break
    token = pages.resume_token
    server.names = [] if knows else ["location"]
    again = server.client()
    if not knows:
        await again.matters.get(1)  # which teaches it
    rest = [one.id async for one in again.matters.list(limit=200, resume=token)]
    assert [*range(1, 451)][-len(rest) :] == rest
    assert len(rest) in {250, 450}


# -- writes -----------------------------------------------------------------------------------------------------------


async def test_a_refused_write_is_done_once() -> None:
    """400 means that nothing was done: the same body is sent again, under the same condition."""
    seen: list[Request] = []
    server = Refusing("location")

    async def watched(request: Request) -> Response:
        seen.append(request)
        return await server(request)

    clio = Clio(server.simulator.token(), base_url=BASE, transport=MemoryTransport(watched))
    before = server.simulator.record("matters", 1, fields="etag,description")
    changed = await clio.matters.update(1, if_match=before["etag"], description="once")
    assert ["PATCH", "PATCH"] == [request.method for request in seen]
    assert seen[0].body == seen[1].body
    assert [before["etag"]] * 2 == [request.headers["If-Match"] for request in seen]
    assert seen[0].deadline == seen[1].deadline
    assert ("once", True) == (changed.description, changed.etag != before["etag"])


async def test_a_write_without_an_answer_to_decode_is_not_repeated() -> None:
    """Deleting selects nothing."""
    server = Refusing()
    calls = []

    def refuse(request: Request) -> Response:
        calls.append(request)
        return Response(400, JSON, b'{"error":{"type":"InvalidFields","message":"location is not a valid field"}}')

    clio = Clio(server.simulator.token(), base_url=BASE, transport=MemoryTransport(refuse))
    with pytest.raises(BadRequest):
        await clio.matters.delete(1)
    assert 1 == len(calls)


# -- what is not left out ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fields", ["id,location", ["location"], [unchecked("location")], "location,client{id}"], ids=str
)
async def test_a_selection_of_the_callers_own_is_never_altered(fields: Any) -> None:
    """The error says which field it was, and one request was made; nothing is remembered."""
    server = Refusing("location")
    clio = server.client()
    with pytest.raises(BadRequest, match="location is not a valid field"):
        await clio.matters.get(1, fields=fields)
    assert (False, 1) == (bool(clio.learned.refused), len(server.asked))


async def test_a_callers_own_selection_is_not_narrowed_by_what_was_learnt() -> None:
    """Who asks for it by name gets the server's own answer."""
    server = Refusing("location")
    clio = server.client()
    await clio.matters.get(1)
    with pytest.raises(BadRequest):
        await clio.matters.get(1, fields="location")
    server.names.clear()
    assert "location" in await clio.matters.get(1, fields="location")


@pytest.mark.parametrize(
    ("name", "form", "type"),
    [
        ("id", "{} is not a valid field", "InvalidFields"),
        ("etag", "{} is not a valid field", "InvalidFields"),
        ("location", "A field is not a valid field", "InvalidFields"),
        ("location", "Something else: {}", "InvalidFields"),
        ("location", "{} is not a valid field", "ArgumentError"),
        ("location", "", "InvalidFields"),
        ("location", "no_such_name is not a valid field", "InvalidFields"),
    ],
)
async def test_what_cannot_be_left_out_is_an_error(name: str, form: str, type: str) -> None:
    """Without id and etag a record could be neither found nor guarded; and what is not understood is not guessed at."""
    server = Refusing(name, form=form, type=type)
    clio = server.client()
    with pytest.raises(BadRequest):
        await clio.matters.get(1)
    assert (False, 1) == (bool(clio.learned.refused), len(server.asked))


async def test_several_refused_fields_are_learnt_one_by_one() -> None:
    """A call asks once more and no oftener; each error teaches the next call, which goes further."""
    server = Refusing("location", "billable", "shared")
    clio = server.client()
    counts = []
    for _ in range(3):
        server.asked.clear()
        try:
            await clio.matters.get(1)
        except BadRequest as error:
            counts.append((len(server.asked), error.message))
        else:
            counts.append((len(server.asked), None))
    assert [(2, "billable is not a valid field"), (2, None), (1, None)] == counts
    assert {"location", "billable", "shared"} == clio.learned.refused.find((BASE, clio.scope, "Matter"))


async def test_fields_that_are_refused_in_one_message_are_learnt_at_once() -> None:
    """After the verdict: the one call leaves out both."""
    regime = Regime(invalid_fields="list", refused_fields=frozenset({"Matter.location", "Matter.billable"}))
    simulator = Simulator(matters=3, regime=regime)
    clio = Clio(simulator.token(), base_url=BASE, transport=MemoryTransport(simulator.handler))
    with pytest.warns(FieldsRefused, match="billable, location"):
        matter = await clio.matters.get(1)
    assert (False, False, True) == tuple(name in matter for name in ("location", "billable", "description"))
    assert [400, 200] == [entry.status for entry in simulator.entries()]


async def test_a_server_that_goes_on_refusing_is_asked_twice_only() -> None:
    """The second answer is the caller's: there is no loop."""
    server = Refusing()
    asked = []

    def refuse(request: Request) -> Response:
        asked.append(request.url)
        return Response(400, JSON, b'{"error":{"type":"InvalidFields","message":"location is not a valid field"}}')

    clio = Clio(server.simulator.token(), base_url=BASE, transport=MemoryTransport(refuse))
    for expected in (2, 3):
        with pytest.raises(BadRequest):
            await clio.matters.get(1)
        assert expected == len(asked)


async def test_callers_at_the_same_time_learn_together() -> None:
    """Reads that were under way when the first one learnt ask again, too, and there is one warning."""
    server = Refusing("location")
    clio = server.client(limiter=None)
    found: list[int] = []

    async def get(number: int) -> None:
        found.append((await clio.matters.get(number)).id)

    async def all_of_them() -> None:
        async with anyio.create_task_group() as tasks:
            for number in range(1, 9):
                tasks.start_soon(get, number)

    with pytest.warns(FieldsRefused) as warned:
        await all_of_them()
    assert ([*range(1, 9)], 1) == (sorted(found), len(warned))
    assert [True] * 8 + [False] * 8 == ["location" in tree for _, tree in server.asked]


# -- names in braces --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("client{type}", "{} is not a valid field"),
        ("client{type}", "client{{{}}} is not a valid field"),
        ("client{type}", "{}}} is not a valid field"),
        ("client{type}", "client{{id,{}}} is not a valid field"),
        ("user{id}", "user{{{}}} is not a valid field"),
    ],
)
async def test_a_name_in_braces_is_left_out_of_them(name: str, form: str) -> None:
    """Of the association that is named, or of all that have it; one that is left without names goes, too."""
    server = Refusing(name, form=form)
    clio = server.client()
    record = await clio.matters.get(1)
    assert 2 == len(server.asked)
    tree = server.asked[1][1]
    outer = name.partition("{")[0]
    if name == "user{id}" or "id,{}" in form:
        assert outer not in tree
        assert outer not in record
    else:
        assert ("id",) == tree[outer]
    assert "status" in tree


TREE = parse_fields("id,etag,type,name,matter,client{id,type},bill{id,type},user{id},folder{id,name}")


@pytest.mark.parametrize(
    ("message", "names"),
    [
        ("name is not a valid field", {"name", "folder{name}"}),
        ("'name' is not a valid field", {"name", "folder{name}"}),
        ("InvalidFields: matter is not a valid field", {"matter"}),
        ("The type nope is not a valid field", set()),
        ("client is not a valid field", {"client"}),
        ("client{id,type} is not a valid field", {"client"}),
        ("nope{id,type} is not a valid field", set()),
        ("client{type} is not a valid field", {"client{type}"}),
        ("client{nope} is not a valid field", set()),
        ("id,etag,type,name,matter is not a valid field", {"matter"}),
        ("id,etag,client{id,type},matter is not a valid field", {"matter"}),
        ("id,client{id,type is not a valid field", {"client{type}"}),
        ("type} is not a valid field", {"client{type}", "bill{type}"}),
        ("id,type} is not a valid field", {"client{type}", "bill{type}"}),
        ("name} is not a valid field", {"folder{name}"}),
        ("matter} is not a valid field", set()),
        ("matter is not a valid field, user{id} is not a valid field", {"matter", "user{id}"}),
        ("matter are not valid fields", {"matter"}),
        ("MATTER IS NOT A VALID FIELD", set()),
        ("matter IS NOT A VALID FIELD", {"matter"}),
        ("type is not a valid field", {"type", "client{type}", "bill{type}"}),
        ("id is not a valid field", set()),
        ("etag is not a valid field", set()),
        ("matter is not a valid field and id is not a valid field", set()),
        (" is not a valid field", set()),
        ("{} is not a valid field", set()),
        ("} is not a valid field", set()),
        ("matter is not a valid filter", set()),
        ("Invalid fields: matter", {"matter"}),
        ("Invalid fields: matter, name", {"matter", "name", "folder{name}"}),
        ("InvalidFields: Invalid fields: 'matter', 'client{type}'.", {"matter", "client{type}"}),
        ("Invalid field:bill{id,type},nope", {"bill"}),
        ("Invalid fields: matter, id", set()),
        ("Invalid fields: nope", set()),
        ("Invalid fields:", set()),
        ("The fields parameter is invalid", set()),
        ("", set()),
        ("x" * 50_000 + " matter is not a valid field", set()),
    ],
)
def test_what_a_message_refuses(message: str, names: set[str]) -> None:
    """The name before the phrase, or the end of the piece of the selection that stands there."""
    assert names == refused(message, TREE)


@given(st.text(alphabet="abid{},' nofieldvastm") | st.text())
def test_any_message_names_parts_of_the_selection_or_nothing(text: str) -> None:
    """Law: whatever a server says, what is left out is ours, and never id or etag; what is left is a selection."""
    places = {*TREE} | {f"{name}{{{key}}}" for name, inner in TREE.items() for key in inner or ()}
    for names in (refused(f"{text} is not a valid field", TREE), refused(f"Invalid fields: {text}", TREE)):
        assert names <= places - {"id", "etag"}
        left = without(TREE, names)
        assert left == parse_fields(format_fields(left))
        assert {"id", "etag"} <= {*left}


@given(st.sets(st.sampled_from(sorted(select("matters").tree))))
def test_leaving_out_nothing_or_twice_changes_nothing(names: set[str]) -> None:
    """Law: what is left out is gone, the rest is in its order, and doing it again is doing nothing."""
    whole = select("matters").tree
    left = without(whole, names)
    assert [name for name in whole if name not in names] == [*left]
    assert left == without(left, names)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("fields=id,etag", "fields=id"),
        ("page_token=a%3D&fields=id%2Cetag&limit=200", "page_token=a%3D&fields=id&limit=200"),
        ("f%69elds=id&xfields=1&fields_=2", "fields=id&xfields=1&fields_=2"),
        ("limit=1", "limit=1"),
        ("", ""),
    ],
)
def test_another_selection_takes_the_place_of_the_first(query: str, expected: str) -> None:
    """Also in the link of a server, which may spell it in another way; the rest of the query stays as it is."""
    assert expected == with_selection(query, "fields=id")


# -- details ----------------------------------------------------------------------------------------------------------


def error(message: str) -> BadRequest:
    return BadRequest("x", status=400, type="InvalidFields", message=message)


def test_what_a_call_needs_stays_in_it() -> None:
    """A walk that reads `updated_at` itself is not left without it: there the refusal is an error."""
    learned = Learned()
    needing = select_records("Matter", None, also=("id", "etag", "updated_at"))
    assert flow.learn(learned, BASE, None, needing, error("updated_at is not a valid field")) is None
    assert narrowed(needing, frozenset({"updated_at"})) is needing
    assert "updated_at" in flow.narrower(learned, BASE, None, needing).tree
    assert "updated_at" not in flow.narrower(learned, BASE, None, select("matters")).tree


def test_what_others_have_learnt_meanwhile_is_left_out_as_well() -> None:
    """A call that was under way with all fields asks again without all that is known by then."""
    learned = Learned()
    whole = select("matters")
    assert flow.learn(learned, BASE, None, whole, error("location is not a valid field"))
    again = flow.learn(learned, BASE, None, whole, error("billable is not a valid field"))
    assert again is not None
    assert {*whole.tree} - {"location", "billable"} == {*again.tree}


def test_a_selection_of_which_nothing_is_left_is_not_asked_for() -> None:
    """One schema has a single field, and no id."""
    (name,) = registry.schema("MyEvent").fields
    only = select_records("Interest", None)
    assert narrowed(only, frozenset(only.tree)) is None
    learned = Learned()
    for field in [*only.tree][:-1]:
        assert flow.learn(
            learned, BASE, None, flow.narrower(learned, BASE, None, only), error(f"{field} is not a valid field")
        )
    last = flow.narrower(learned, BASE, None, only)
    assert flow.learn(learned, BASE, None, last, error(f"{[*only.tree][-1]} is not a valid field")) is None
    assert only is flow.narrower(learned, BASE, None, only)
    assert "event" == name


def test_a_class_of_the_callers_is_its_own_selection() -> None:
    """Only what the SDK chose can be narrowed."""
    assert select("matters", Ref).default_of is None
    assert select("matters", "id").default_of is None
    assert "Matter" == select("matters").default_of == select("matters", Matter).default_of
    assert select("matters", Ref) is flow.narrower(Learned(), BASE, None, select("matters", Ref))
