"""`refresh`: what has become of records that a caller keeps copies of, in few requests."""

from __future__ import annotations

import copy
import datetime as dt
import pickle
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from attrs import evolve, field, frozen

from clio_async import (
    Clio,
    Entry,
    FilterIgnored,
    Generation,
    InvalidArgument,
    LocalLimiter,
    MemoryCache,
    MemoryTransport,
    RecordETag,
    Refreshed,
    Request,
    Response,
    unchecked,
)
from clio_async.errors import APIError, ApiVersionGone, BadRequest, Forbidden, Gone, NotFound, SchemaError, ServerError
from clio_async.models import Activity, CalendarEntry, Client, Contact, Matter
from clio_async.models.selection import select
from clio_async.protocol.batches import Bounds
from clio_async.protocol.fields import format_fields
from clio_async.resources.base import GetsIfChanged, Refreshes
from clio_async.resources.many import GetsMany
from clio_async.resources.sweeps.carried import same, union
from clio_async.resources.sweeps.likeness import Carried
from clio_async.resources.sweeps.tags import facts_of, facts_shown, tags_for
from clio_async.testing import Regime, Simulator

from .fake import FakeClio, page

BASE = "http://localhost/api/v4"
LEAN = "id,etag"
KEPT = "id,etag,description"
NESTED = "id,etag,description,client{id,etag,name}"
NOW = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
PAST = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@frozen
class Card:
    id: int
    etag: RecordETag
    description: str | None


@frozen
class Bare:
    """It shows no tag."""

    id: int
    description: str | None


def not_first(_: Any, __: Any, value: str | None) -> None:
    if value == "refused":
        raise ValueError(value)


@frozen
class Choosy:
    """A class that refuses some values."""

    id: int
    description: str | None = field(validator=not_first)


class Row:
    """A row of a caller's own database."""

    def __init__(self, id: int, etag: str | None) -> None:
        self.id = id
        self.etag = etag


class Message(Row):
    """A row that knows of which conversation it is."""

    def __init__(self, id: int, etag: str, conversation: Row) -> None:
        super().__init__(id, etag)
        self.conversation = conversation


class Server(MemoryTransport):
    """A simulated Clio that notes what it is asked for."""

    def __init__(self, simulator: Simulator) -> None:
        super().__init__(self._handle)
        self.simulator = simulator
        self.requests: list[Request] = []

    async def _handle(self, request: Request) -> Response:
        self.requests.append(request)
        return await self.simulator.handler(request)

    @property
    def asked(self) -> list[tuple[str, int]]:
        """The selection of each request, and how many ids it names."""
        queries = [parse_qsl(urlsplit(request.url).query) for request in self.requests]
        return [(dict(query).get("fields", ""), sum(name == "ids[]" for name, _ in query)) for query in queries]


def made(regime: Regime | None = None, **options: Any) -> tuple[Server, Clio]:
    counts = {"matters": 60, "contacts": 10, "users": 3, **options.pop("counts", {})}
    server = Server(Simulator(counts=counts, regime=regime or Regime()))
    options = {"limiter": None, **options}
    return server, Clio(server.simulator.token(), base_url=BASE, transport=server, **options)


def learnt(clio: Clio, size: int) -> None:
    """Let it know how many ids a request takes."""
    clio._core.learned.batches[BASE, "matters"] = Bounds(size, size + 1, size, size, size)


async def copies_of(server: Server, clio: Clio, fields: Any = KEPT, **filters: Any) -> list[Any]:
    found = await clio.matters.list(fields=fields, **filters).collect()
    server.requests.clear()
    return found


def ids_of(records: Any) -> list[int]:
    return [record.id for record in records]


# -- how many requests --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
@pytest.mark.parametrize(("every", "requests"), [(None, 50), (100, 51)])
async def test_ten_thousand_records_in_fifty_requests_and_one(every: int | None, requests: int) -> None:
    """50 pages of tags, and one in full for the hundred that have changed."""
    server, clio = made(counts={"matters": 10_000})
    copies = await copies_of(server, clio, LEAN)
    numbers = [*range(every // 2, 10_001, every)] if every else []
    for number in numbers:
        server.simulator.change("matters", number, description="changed")
    found = await clio.matters.refresh(copies, fields=KEPT)
    assert numbers == ids_of(found.changed)
    assert {"changed"} >= {record.description for record in found.changed}
    assert 10_000 - len(numbers) == len(found.unchanged)
    assert requests == len(server.requests)
    assert [(LEAN, 200)] * 50 == server.asked[:50]
    assert [(KEPT, 100)] * (requests - 50) == server.asked[50:]


@pytest.mark.parametrize(
    ("changed", "tags", "whole"),
    [(0, [10] * 6, []), (1, [10] * 6, [1]), (60, [10], [10, 10, 10, 10, 10, 10])],
)
async def test_what_was_seen_to_change_decides_what_is_read(changed: int, tags: list[int], whole: list[int]) -> None:
    """Where all have changed, a page of tags says so, and the others are read in full."""
    server, clio = made(Regime(max_ids=10))
    learnt(clio, 10)
    copies = await copies_of(server, clio)
    for number in range(1, changed + 1):
        server.simulator.change("matters", number, description="changed")
    found = await clio.matters.refresh(copies)
    assert [*range(1, changed + 1)] == ids_of(found.changed)
    assert [*range(changed + 1, 61)] == ids_of(found.unchanged)
    assert [*[(LEAN, count) for count in tags], *[(KEPT, count) for count in whole]] == server.asked


async def test_few_records_are_read_in_full() -> None:
    """One request, whatever has changed."""
    server, clio = made()
    copies = await copies_of(server, clio)
    server.simulator.change("matters", 7, description="changed")
    found = await clio.matters.refresh(copies)
    assert [7] == ids_of(found.changed)
    assert 59 == len(found.unchanged)
    assert [(KEPT, 60)] == server.asked


async def test_one_record_is_asked_for_under_its_tag() -> None:
    """A 304 says that it is unchanged, and a 404 that it is gone."""
    server, clio = made()
    copies = await copies_of(server, clio)
    assert (copies[4],) == (await clio.matters.refresh(copies[4:5])).unchanged
    server.simulator.change("matters", 5, description="changed")
    assert ["changed"] == [matter.description for matter in (await clio.matters.refresh(copies[4:5])).changed]
    server.simulator.delete("matters", 5)
    assert (5,) == (await clio.matters.refresh(copies[4:5])).gone
    assert [304, 200, 404] == [entry.status for entry in server.simulator.entries()][-3:]
    assert [copies[4].etag] * 3 == [request.headers["If-None-Match"] for request in server.requests]


async def test_quota_that_would_not_do_for_one_more_is_not_asked_for_it() -> None:
    """Six pages in full now, in place of seven with a wait between."""
    server, clio = made(Regime(max_ids=10, rate_limit=(7, 60.0)), limiter=LocalLimiter(reserve=0))
    learnt(clio, 10)
    copies = await copies_of(server, clio)
    assert 6 == clio.spare()
    assert 60 == len((await clio.matters.refresh(copies)).unchanged)
    assert [(KEPT, 10)] * 6 == server.asked
    assert None is made()[1].spare()


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
@pytest.mark.parametrize("regime", dict(Regime.every()).values(), ids=dict(Regime.every()))
@pytest.mark.filterwarnings("ignore::clio_async.ApiVersionMismatch")
@pytest.mark.filterwarnings("ignore::clio_async.FieldsRefused")
async def test_refresh_under_any_regime(regime: Regime) -> None:
    """What is unknown of Clio changes the number of requests at most."""
    server, clio = made(evolve(regime, rate_limit=None))
    copies = await copies_of(server, clio, NESTED)
    server.simulator.change("matters", 7, description="changed")
    server.simulator.change("contacts", copies[8].client.id, name="Renamed")
    renamed = [matter.id for matter in copies if matter.client.id == copies[8].client.id]
    server.simulator.delete("matters", 11)
    found = await clio.matters.refresh(copies, confirm=True)
    assert sorted({7, *renamed} - {11}) == ids_of(found.changed)
    assert (11,) == found.gone
    assert 60 == len(found.changed) + len(found.unchanged) + 1
    assert len(server.requests) <= 10


# -- what comes back ----------------------------------------------------------------------------------------------


async def test_each_group_is_in_the_order_given_and_each_record_once() -> None:
    """What is unchanged is the caller's own object; of several with one id the first counts."""
    server, clio = made()
    copies = await copies_of(server, clio)
    for number in (9, 3):
        server.simulator.change("matters", number, description="changed")
    server.simulator.delete("matters", 5)
    mine = [copies[index] for index in (8, 4, 1, 2, 0)]
    found = await clio.matters.refresh([*mine, Matter(id=2, etag="x"), Matter(id=900, etag="x"), copies[8]])
    assert [9, 3] == ids_of(found.changed)
    assert [2, 1] == ids_of(found.unchanged)
    assert all(one is other for one, other in zip(found.unchanged, (copies[1], copies[0]), strict=True))
    assert ((5, 900), (), ()) == (found.missing, found.gone, found.unlisted)


async def test_a_changed_record_comes_with_what_the_given_one_holds() -> None:
    """And with what any of the others holds; nothing else is asked for."""
    server, clio = made()
    some = await copies_of(server, clio, "status,client{name}")
    more = await copies_of(server, clio, "location,client{id},relationships{description}")
    server.simulator.change("matters", 1, description="not asked for", status="Closed", location="there")
    server.simulator.change("matters", 2, location="there")
    found = await clio.matters.refresh([some[0], more[1], some[2]])
    assert [1, 2] == ids_of(found.changed)
    assert ("Closed", "there") == (found.changed[0].status, found.changed[1].location)
    assert (some[2],) == found.unchanged
    assert [("id,etag,status,location,client{id,name},relationships{description}", 3)] == server.asked


def carried(record: Matter) -> Any:
    """Return the selection that a record holds."""
    found = Carried()
    found.add(record)
    (tree,) = found.trees()
    return tree


async def test_what_no_record_shows_the_inside_of() -> None:
    """An association that is null is read with its id and type, an empty collection as Clio answers it."""
    held = [Matter(id=1, etag="x", client=None, responsible_attorney=None, relationships=())]
    tree = union("Matter", map(carried, held))
    assert {"client": ("id", "type"), "responsible_attorney": ("id",), "relationships": None} == {
        name: tree[name] for name in ("client", "responsible_attorney", "relationships")
    }


def test_what_is_withheld_shows_no_selection() -> None:
    """That there is an id and nothing else is not what the caller had asked for."""
    withheld = Matter.from_dict({"id": 1, "client": {"id": 7, "redacted": True}})
    shown = Matter.from_dict({"id": 2, "client": {"id": 7, "name": "x"}})
    assert ({"id": None, "client": None}, {"id": None, "client": ("id", "name")}) == (carried(withheld), carried(shown))
    assert ("name",) == union("Matter", [carried(withheld), {"client": ("name",)}])["client"]


async def test_classes_of_the_caller_s_come_back_as_such() -> None:
    """Each kind is read on its own."""
    server, clio = made()
    cards = await copies_of(server, clio, Card)
    bares = await copies_of(server, clio, Bare)
    matters = await copies_of(server, clio)
    server.simulator.change("matters", 1, description="changed")
    server.simulator.change("matters", 3, description="changed, too")
    found = await clio.matters.refresh([*cards[:2], *bares[2:4], *matters[4:6]])
    assert (Card(1, found.changed[0].etag, "changed"), Bare(3, "changed, too")) == found.changed
    assert (cards[1], bares[3], *matters[4:6]) == found.unchanged
    assert [(KEPT, 2)] * 3 == server.asked


async def test_records_may_be_read_as_another_class() -> None:
    """What a record does not show of it is not compared."""
    server, clio = made()
    copies = await copies_of(server, clio)
    server.simulator.change("matters", 1, description="changed")
    server.simulator.change("matters", 2, status="Closed")
    found = await clio.matters.refresh(copies[:3], fields=Bare)
    assert (Bare(1, "changed"),) == found.changed
    assert (copies[1], copies[2]) == found.unchanged  # the class shows no status, and no tag
    narrow = await clio.matters.refresh(copies[:3], fields="status")
    assert [1, 2] == ids_of(narrow.changed)


async def test_a_class_that_refuses_the_old_values_takes_the_new_ones() -> None:
    """It differs from what was."""
    server, clio = made()
    server.simulator.change("matters", 1, description="refused")
    copies = await copies_of(server, clio)
    server.simulator.change("matters", 1, description="taken")
    assert (Choosy(1, "taken"),) == (await clio.matters.refresh(copies[:2], fields=Choosy)).changed


async def test_objects_with_a_tag_are_compared_by_it() -> None:
    """Any that have an id: what to read of them is said. Where no tag tells, they are as good as changed."""
    server, clio = made()
    rows = [Row(copy.id, copy.etag) for copy in await copies_of(server, clio)]
    server.simulator.change("matters", 2, description="changed")
    found = await clio.matters.refresh(rows[:3], fields=KEPT)
    assert [2] == ids_of(found.changed)
    assert (rows[0], rows[2]) == found.unchanged
    nested = await clio.matters.refresh(rows[:3], fields="client{id,name}")
    assert [1, 2, 3] == ids_of(nested.changed)
    new = await clio.matters.refresh(rows[:3], fields=["id", unchecked("redacted")])
    assert [1, 2, 3] == ids_of(new.changed)
    untagged = await clio.matters.refresh([Row(1, None), Row(2, ""), rows[2]], fields=["description"])
    assert [1, 2] == ids_of(untagged.changed)
    assert (rows[2],) == untagged.unchanged


async def test_an_object_alone_that_is_read_in_full() -> None:
    """A tag that the server does not know is no reason to call a record changed, where it shows its own."""
    server, clio = made(Regime(tag_form="user"))
    copies = await copies_of(server, clio)
    row = Row(1, copies[0].etag)
    assert (row,) == (await clio.matters.refresh([row], fields=KEPT)).unchanged
    bare = Bare(1, copies[0].description)
    assert (bare,) == (await clio.matters.refresh([bare])).unchanged
    torn = Matter(id=1, etag="torn, and no tag", description=copies[0].description)
    assert [1] == ids_of((await clio.matters.refresh([torn])).changed)
    assert [True, False, False] == ["If-None-Match" in request.headers for request in server.requests]


async def test_derived_values_are_read_in_full() -> None:
    """A new task is no change of its matter, and of what is derived for it."""
    server, clio = made(counts={"tasks": 10})
    copies = await copies_of(server, clio, "has_tasks")
    idle = next(matter for matter in copies if not matter.has_tasks)
    server.simulator.add("tasks", name="new", matter={"id": idle.id})
    found = await clio.matters.refresh(copies)
    assert [(idle.id, True)] == [(matter.id, matter.has_tasks) for matter in found.changed]
    assert [("id,etag,has_tasks", 60)] == server.asked


@pytest.mark.parametrize("fields", [NESTED, "client{id,etag,name},description"])
async def test_an_associated_record_has_a_tag_of_its_own(fields: str) -> None:
    """By `{id,etag}`; and where it is another one, or none, the record has changed."""
    server, clio = made(Regime(max_ids=10))
    learnt(clio, 10)
    copies = await copies_of(server, clio, fields)
    server.simulator.change("contacts", copies[0].client.id, name="Renamed")
    renamed = [matter.id for matter in copies if matter.client.id == copies[0].client.id]
    found = await clio.matters.refresh(copies)
    assert renamed == ids_of(found.changed)
    assert {"Renamed"} == {matter.client.name for matter in found.changed}
    assert ("id,etag,client{id,etag}", 10) == server.asked[0]


async def test_what_was_withheld_and_what_is_now() -> None:
    """A record without its association's values is read in full, and so is one that loses or regains them."""
    server, clio = made(Regime(max_ids=10))
    learnt(clio, 10)
    copies = await copies_of(server, clio, NESTED)
    theirs = [matter.id for matter in copies if matter.client.id == copies[0].client.id]
    server.simulator.hide("contacts", copies[0].client.id, user=1)
    hidden = await clio.matters.refresh(copies)
    assert theirs == ids_of(hidden.changed)
    assert all(matter.client.redacted for matter in hidden.changed)
    server.requests.clear()
    again = await clio.matters.refresh([*hidden.changed, *hidden.unchanged])
    assert () == again.changed
    assert len(theirs) <= sum(count for fields, count in server.asked if "name" in fields)
    server.simulator.hide("contacts", copies[0].client.id, user=1, hidden=False)
    assert copies[0] == (await clio.matters.refresh(hidden.changed, fields=NESTED)).changed[0]


async def test_a_record_that_is_withheld_itself() -> None:
    """A calendar entry that is hidden stays in the list, with its values nulled and its tag as it was."""
    server, clio = made(Regime(max_ids=5))
    clio._core.learned.batches[BASE, "calendar_entries"] = Bounds(5, 6, 5, 5, 5)
    copies = await clio.calendar_entries.list(fields="summary").collect()
    server.simulator.hide("calendar_entries", 3, user=1)
    found = await clio.calendar_entries.refresh(copies)
    assert [("3", None, True)] == [(entry.id, entry.summary, entry.redacted) for entry in found.changed]
    assert found.changed[0].etag == copies[2].etag
    both = await clio.calendar_entries.refresh([*found.changed, CalendarEntry(id="900", etag="x", summary="")])
    assert (found.changed, ("900",)) == (both.unchanged, both.missing)


async def test_nothing_is_lost_of_what_a_server_refuses_of_the_tags() -> None:
    """What they would have told is read in full. What the caller himself asks for is refused to him."""
    server, clio = made(Regime(max_ids=10))
    learnt(clio, 10)
    copies = await copies_of(server, clio, NESTED)
    server.simulator.regime = evolve(server.simulator.regime, refused_fields=frozenset({"Contact.etag"}))
    assert (*copies,) == (await clio.matters.refresh(copies, fields="client{id,name}")).unchanged
    server.simulator.change("contacts", copies[0].client.id, name="Renamed")
    found = await clio.matters.refresh(copies, fields="client{id,name}")
    assert [matter.id for matter in copies if matter.client.id == copies[0].client.id] == ids_of(found.changed)
    with pytest.raises(BadRequest):
        await clio.matters.refresh(copies)


async def test_records_know_what_they_count() -> None:
    """Hours, in a version in which activities did."""
    regime = Regime(versions=("4.0.3", "4.0.13"), retired=frozenset())
    server = Server(Simulator(regime=regime))
    clio = Clio(server.simulator.token(), base_url=BASE, transport=server, api_version="4.0.3", limiter=None)
    with pytest.warns(UserWarning, match="hours"):
        activities = clio.activities
    copies = await activities.list(fields="type,quantity").collect()
    mine = [activity for activity in copies if activity.type == "TimeEntry"][:2]
    for activity in mine:
        server.simulator.change("activities", activity.id, quantity=7200)
    found = await clio.activities.refresh(mine)
    seen = [record async for record in clio.activities.iter_changes(NOW - dt.timedelta(days=10_000), fields=KEPT[:7])]
    assert {dt.timedelta(hours=2)} == {activity.duration for activity in found.changed}
    assert {Decimal(2)} == {activity.quantity for activity in found.changed}
    assert [] != seen


# -- what has changed since ---------------------------------------------------------------------------------------


async def test_a_list_of_changes_in_place_of_many_pages() -> None:
    """What it does not hold was not asked about, and is told apart."""
    server, clio = made(Regime(max_ids=10))
    learnt(clio, 10)
    copies = await copies_of(server, clio)
    since = dt.datetime.fromtimestamp(server.simulator.clock.now() + 30, dt.UTC)
    server.simulator.clock.advance(3600)
    for number in (9, 3):
        server.simulator.change("matters", number, description="changed")
    server.simulator.delete("matters", 5)
    server.simulator.add("matters", description="unknown to the caller")
    found = await clio.matters.refresh([*copies, Matter(id=900, description="x")], since=since)
    assert [3, 9] == ids_of(found.changed)
    assert () == found.unchanged
    assert [copy for copy in copies if copy.id not in {3, 9}] == [*found.unlisted]
    assert ((), (900,)) == (found.missing, found.gone)
    assert [(KEPT, 0), ("id,etag,description", 0)] == server.asked
    query = dict(parse_qsl(urlsplit(server.requests[0].url).query))
    assert since - dt.timedelta(seconds=60) == dt.datetime.fromisoformat(query["updated_since"])


async def test_a_list_that_grows_too_long_is_left() -> None:
    """After its first page; what that held is not asked for again."""
    server, clio = made(counts={"matters": 900})
    copies = await copies_of(server, clio)
    for records, requests in (("total", [0, 200, 50]), ("absent", [0, 0, 50])):
        server.simulator.regime = evolve(server.simulator.regime, records=records)  # type: ignore[arg-type]
        server.requests.clear()
        found = await clio.matters.refresh(copies[:450], since=NOW - dt.timedelta(days=30_000))
        assert (*copies[:450],) == found.unchanged
        assert requests == [count for _, count in server.asked]


async def test_a_list_of_changes_is_no_use_for_what_it_does_not_tell() -> None:
    """Attributes of associated records, and what takes one request in any case."""
    server, clio = made(Regime(max_ids=10))
    learnt(clio, 10)
    for fields, count in ((NESTED, 60), (KEPT, 10), ("has_tasks", 60)):
        copies = await copies_of(server, clio, fields)
        found = await clio.matters.refresh(copies[:count], since=PAST)
        assert (count, ()) == (len(found.unchanged), found.unlisted)
        assert all(ids for _, ids in server.asked)


# -- resources of other kinds -------------------------------------------------------------------------------------


async def test_records_that_are_read_one_by_one() -> None:
    """Comments cannot be asked for by ids: what has changed, or each under its tag."""
    server, clio = made()
    copies = (await clio.comments.list(fields="message").collect())[:5]
    since = dt.datetime.fromtimestamp(server.simulator.clock.now() + 90, dt.UTC)
    server.simulator.clock.advance(3600)
    server.simulator.change("comments", 2, message="changed")
    server.simulator.delete("comments", 4)
    server.requests.clear()
    found = await clio.comments.refresh(copies)
    assert ([2], [1, 3, 5], (), (4,)) == (
        ids_of(found.changed),
        ids_of(found.unchanged),
        found.missing,
        found.gone,
    )
    assert 5 == len(server.requests)
    listed = await clio.comments.refresh(copies, since=since)
    assert ([2], [1, 3, 4, 5]) == (ids_of(listed.changed), ids_of(listed.unlisted))
    assert 6 == len(server.requests)


async def test_records_without_a_tag_are_compared_by_value() -> None:
    """Payments have none, and are in lists alone."""
    server, clio = made()
    copies = (await clio.clio_payments_payments.list(fields="id,amount").collect())[:4]
    server.simulator.change("clio_payments_payments", 2, amount=3)
    found = await clio.clio_payments_payments.refresh(copies)
    assert ([2], [1, 3, 4]) == (ids_of(found.changed), ids_of(found.unchanged))


async def test_a_record_that_cannot_be_read_alone_is_asked_for_in_the_list() -> None:
    """There it is missing, and no more can be found out."""
    server, clio = made()
    copies = await clio.currencies.list().collect()
    server.requests.clear()
    assert (copies[0],) == (await clio.currencies.refresh(copies[:1])).unchanged
    assert 1 == server.asked[0][1]
    with pytest.raises(InvalidArgument, match="confirm"):
        await clio.currencies.refresh(copies, confirm=True)


async def test_a_required_filter_goes_into_the_query_of_pages() -> None:
    """Notes are of matters or of contacts: what the records say of that, or the caller."""
    server, clio = made()
    copies = await clio.notes.list(type="Matter", fields="subject").collect()
    others = await clio.notes.list(type="Contact", fields="type,subject").collect()
    for few in (copies, copies[:1], [*others, *copies]):
        with pytest.raises(
            InvalidArgument, match=r'type=: refresh records with their type, or say extra_query=\{"type"'
        ):
            clio.notes.refresh(few)
    assert (*copies,) == (await clio.notes.refresh(copies, extra_query={"type": "Matter"})).unchanged
    mixed = [*others[:3], *(await clio.notes.list(type="Matter", fields="type,subject").collect())[:3]]
    server.requests.clear()
    for fields in (None, "subject"):
        assert (*mixed,) == (await clio.notes.refresh(mixed, fields=fields)).unchanged
    kinds = [dict(parse_qsl(urlsplit(request.url).query))["type"] for request in server.requests]
    assert ["Contact", "Matter"] * 2 == kinds
    with pytest.raises(InvalidArgument, match="say it to get_many by extra_query="):
        clio.notes.get_many([1, 2])


async def test_a_message_says_of_which_conversation_it_is() -> None:
    """By the id of that."""
    clio = FakeClio(page(1, 2, conversation={"id": 7}))
    mine = [Message(number, f'"{number}"', Row(7, None)) for number in (1, 2)]
    assert (*mine,) == (await clio.conversation_messages.refresh(mine, fields="id,etag")).unchanged
    assert "7" == clio.calls[0].parameters["conversation_id"]
    with pytest.raises(InvalidArgument, match=r"conversation\{id\}"):
        clio.conversation_messages.refresh([Row(1, "x")], fields="id,etag")


def test_every_resource_that_can_has_it() -> None:
    """Those whose list takes ids, and those whose records are read conditionally."""
    clio = FakeClio()
    for name in dir(clio):
        resource = getattr(clio, name)
        assert isinstance(resource, GetsMany | GetsIfChanged) == isinstance(resource, Refreshes), name
    assert "many at a time" in (Refreshes.__doc__ or "")
    assert "client{id,etag,name}" in (clio.matters.refresh.__doc__ or "")


# -- missing and gone ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [403, 404])
async def test_what_is_missing_may_be_confirmed(status: Any) -> None:
    """By one request for each: 404 and 410 say that it is gone, 403 that it may not be seen."""
    server, clio = made(Regime(hidden_status=status))
    copies = await copies_of(server, clio)
    server.simulator.delete("matters", 5)
    server.simulator.hide("matters", 7, user=1)
    found = await clio.matters.refresh(copies)
    assert ((5, 7), ()) == (found.missing, found.gone)
    server.requests.clear()
    found = await clio.matters.refresh(copies, confirm=True)
    assert (((), (5, 7)) if status == 404 else ((7,), (5,))) == (found.missing, found.gone)
    assert 58 == len(found.unchanged)
    singly = [urlsplit(request.url).path.rpartition("/")[2] for request in server.requests]
    assert ["5.json", "7.json"] == [name for name in singly if name != "matters.json"]


async def test_what_a_list_does_not_hold_may_be_there_all_the_same() -> None:
    """Then it is told like the others. 410 is gone, too; that of a version of the API is an error."""
    mine = [Matter(id=number, etag=f'"{number}"') for number in (1, 2, 3, 4)]
    one = {"data": {"id": 2, "etag": '"2"'}}
    other = {"data": {"id": 3, "etag": '"new"'}}
    clio = FakeClio(page(1), one, other, Gone("no", status=410))
    clio.learned.batches[clio.base_url, "matters"] = Bounds(4, 5, 4, 4, 4)
    found = await clio.matters.refresh(mine, confirm=True)
    assert ([1, 2], [3], (4,)) == (ids_of(found.unchanged), ids_of(found.changed), found.gone)
    clio = FakeClio(ApiVersionGone("no", status=410))
    with pytest.raises(ApiVersionGone):
        await clio.matters.refresh(mine[:1])


async def test_a_410_of_which_nobody_knows_what_it_is_about_calls_nothing_gone() -> None:
    """F53: the list answers and a single read does not say whether it is the record: who has a copy keeps it."""
    mine = [Matter(id=number, etag=f'"{number}"') for number in (1, 2)]
    clio = FakeClio(page(1), APIError("no", status=410))
    clio.learned.batches[clio.base_url, "matters"] = Bounds(2, 3, 2, 2, 2)
    with pytest.raises(APIError):
        await clio.matters.refresh(mine, confirm=True)


# -- what is refused, and what fails ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("records", "options"),
    [
        ([1, 2], {}),
        (["1"], {}),
        (7, {}),
        (Matter(id=1), {}),
        ([Matter()], {}),
        ([Row(1, "x")], {}),
        ([Matter(id=1), Row(2, "x")], {}),
        ([Contact(id=1)], {}),
        ([Activity(id=1)], {}),
        ([Matter(id=1)], {"fields": "descripton"}),
        ([Matter(id=1)], {"fields": 7}),
        ([Matter(id=1)], {"since": "2025-01-01"}),
        ([Matter(id=1)], {"since": dt.datetime(2025, 1, 1)}),  # noqa: DTZ001
        ([Matter(id=1)], {"since": dt.datetime.min.replace(tzinfo=dt.UTC)}),
        ([Matter(id=1), Matter(id=2)], {"extra_query": {"ids[]": 1}}),
    ],
    ids=range(15),
)
async def test_what_cannot_be_right_is_refused(records: Any, options: Any) -> None:
    """Before anything is sent."""
    clio = FakeClio()
    with pytest.raises((InvalidArgument, TypeError)):
        await clio.matters.refresh(records, **options)
    assert [] == clio.calls


async def test_what_a_resource_lacks_is_refused() -> None:
    """A list of what has changed since; and the client of a matter is found by the id of that, not by its own."""
    with pytest.raises(InvalidArgument, match="read them by get"):
        await FakeClio().matter_client.refresh([Client(id=1)])
    with pytest.raises(InvalidArgument, match="since="):
        await FakeClio().bank_transfers.refresh([], since=NOW)
    with pytest.raises(InvalidArgument, match="since="):
        await FakeClio().clio_payments_payments.refresh([], since=NOW)


async def test_no_records_no_request() -> None:
    """With or without a selection."""
    clio = FakeClio()
    assert Refreshed() == await clio.matters.refresh([]) == await clio.matters.refresh(iter(()), fields="id")
    assert [] == clio.calls


async def test_an_error_in_the_middle_is_raised() -> None:
    """What was found before is lost: the call is to be repeated."""
    mine = [Matter(id=number, etag=f'"{number}"') for number in range(1, 401)]
    clio = FakeClio(page(*range(1, 201)), ServerError("down", status=503))
    with pytest.raises(ServerError):
        await clio.matters.refresh(mine)
    clio.answers += [page(*range(1, 201)), page(*range(201, 401))]
    assert (*mine,) == (await clio.matters.refresh(mine)).unchanged


@pytest.mark.parametrize(
    ("answer", "error"),
    [(page(7, 8), FilterIgnored), ({"data": [{"etag": "x"}]}, SchemaError), (APIError("no", status=403), APIError)],
)
async def test_answers_that_are_none_are_errors(answer: Any, error: type[Exception]) -> None:
    """A server that ignores ids[], or gives records without theirs."""
    with pytest.raises(error):
        await FakeClio(answer).matters.refresh([Matter(id=1, etag="x"), Matter(id=2, etag="x")])


async def test_a_record_that_may_not_be_seen_is_missing() -> None:
    """Asked for alone, too; where a list of it alone does not show it either, and is not refused."""
    clio = FakeClio(Forbidden("no", status=403), page(), NotFound("no", status=404))
    assert (1,) == (await clio.matters.refresh([Matter(id=1, etag="x")])).missing
    assert (1,) == (await clio.matters.refresh([Matter(id=1, etag="x")])).gone
    clio = FakeClio(Forbidden("no", status=403), Forbidden("not you", status=403))
    with pytest.raises(Forbidden, match="not you"):
        await clio.matters.refresh([Matter(id=1, etag="x")])


@pytest.mark.parametrize("etag", ["x", None])
async def test_what_proves_that_records_are_missing_is_told_of_none(etag: str | None) -> None:
    """Others are read with them, to see that the server reads all ids: the caller has not asked about those."""
    _, clio = made(Regime(max_ids=10))
    clio._core.learned.batches[BASE, "matters"] = Bounds(10, 11)
    lost = [Matter(id=number, etag=etag) if etag else Matter(id=number) for number in range(1_001, 1_041)]
    found = await clio.matters.refresh(lost)
    assert Refreshed(missing=(*range(1_001, 1_041),)) == found


async def test_what_was_seen_before_a_refusal_of_tags_is_read_too() -> None:
    """A server may refuse them in the middle."""
    refusal = BadRequest("no", status=400, type="InvalidFields")
    whole = [page(1, *range(11, 20)), page(*range(20, 30)), page(*range(30, 40)), page(40)]
    clio = FakeClio(page(*range(1, 11)), refusal, *whole)
    clio.learned.batches[clio.base_url, "matters"] = Bounds(10, 11, 10, 10, 10)
    mine = [Matter(id=number, etag="x" if number == 1 else f'"{number}"') for number in range(1, 41)]
    found = await clio.matters.refresh(mine)
    assert ([1], (*mine[1:],), ()) == (ids_of(found.changed), found.unchanged, found.missing)


async def test_a_refusal_of_something_else_is_raised() -> None:
    """While tags are asked for, too."""
    clio = FakeClio(*[BadRequest("no", status=400, type="ArgumentError") for _ in range(2)])
    clio.learned.batches[clio.base_url, "matters"] = Bounds(10, 11, 10, 10, 10)
    with pytest.raises(BadRequest):
        await clio.matters.refresh([Matter(id=number, etag="x") for number in range(1, 41)])
    assert ["id,etag"] * 2 == [call.parameters["fields"] for call in clio.calls]


# -- how it asks --------------------------------------------------------------------------------------------------


class Counting(MemoryCache):
    """A store that counts what it is given."""

    kept = 0

    async def commit(self, principal: str, key: str, tags: Sequence[str], generation: Generation, entry: Entry) -> bool:
        self.kept += 1
        return await super().commit(principal, key, tags, generation, entry)


async def test_nothing_of_a_sweep_is_kept() -> None:
    """Its pages come once; and so do those of a walk of changes, and not those of `get_many`."""
    cache = Counting()
    server, clio = made(Regime(), cache=cache)
    copies = await copies_of(server, clio)
    cache.kept = 0
    await clio.matters.refresh(copies)
    await clio.matters.refresh(copies[:1])
    await clio.matters.iter_changes(NOW - dt.timedelta(days=30_000)).collect()
    assert 0 == cache.kept
    assert {"bypass"} == {request.options.cache for request in server.requests if request.options is not None}


async def test_it_waits_as_a_batch_does() -> None:
    """Calls that somebody waits for go first; its other options are the caller's."""
    server, clio = made()
    copies = await copies_of(server, clio)
    await clio.options(timeout=7.0).matters.refresh(copies)
    await clio.matters.iter_changes(NOW).collect()
    options = [request.options for request in server.requests if request.options is not None]
    assert [("batch", 7.0), ("interactive", 60.0)] == [(each.lane, each.timeout) for each in options]


async def test_a_read_after_it_asks_as_ever() -> None:
    """A sweep that found a record changed, or gone, does not answer for a later read."""
    server, clio = made()
    before = await clio.matters.get(3, fields=KEPT)
    server.simulator.change("matters", 3, description="changed")
    found = await clio.matters.refresh([before])
    assert found.changed == (await clio.matters.get(3, fields=KEPT),)


# -- Refreshed, and what is compared ------------------------------------------------------------------------------


def test_a_result_tells_its_counts_and_no_values() -> None:
    """It copies, pickles and compares."""
    found: Refreshed[str, str] = Refreshed(changed=("a client's name",), missing=(3,))
    assert "<Refreshed: 1 changed, 0 unchanged, 1 missing>" == repr(found)
    assert "<Refreshed: 0 changed, 0 unchanged, 0 missing, 2 gone, 1 unlisted>" == repr(
        Refreshed(gone=(1, 2), unlisted=("x",))
    )
    for other in (copy.copy(found), copy.deepcopy(found), pickle.loads(pickle.dumps(found))):
        assert found == other
    assert found != Refreshed(changed=("a client's name",))


class Renamed:
    """An object that names a field as Python wants it."""

    etag = "x"
    client_ = Row(7, "y")


TAGS = {"id": None, "etag": None, "client": ("id", "etag"), "user": ("id",)}


@pytest.mark.parametrize(
    ("document", "facts"),
    [
        ({"id": 1, "etag": "x", "client": {"id": 7, "etag": "y"}}, {"etag": "x", "client": (7, "y")}),
        ({"id": 1, "etag": "x", "client": None}, {"etag": "x", "client": None}),
        ({"id": 1, "etag": "x", "client": {"id": 7}}, None),
        ({"id": 1, "etag": "x", "client": {"id": 7, "etag": None}}, None),
        ({"id": 1, "etag": "x", "user": {"id": 7, "redacted": True}}, None),
        ({"id": 1, "etag": "x", "user": "unreadable"}, None),
        ({"id": 1, "etag": "x", "redacted": True}, None),
        ({"id": 1, "etag": None}, None),
        ({"id": 1, "etag": ""}, None),
    ],
    ids=str,
)
def test_what_is_not_shown_tells_nothing(document: Any, facts: Any) -> None:
    """Of a record that an answer holds, and of an object."""
    assert facts == facts_shown(document, TAGS)


def test_an_object_may_name_its_attributes_otherwise() -> None:
    """With the underscore that Python makes necessary."""
    assert {"etag": "x", "client": (7, "y")} == facts_of(Renamed(), TAGS)


@pytest.mark.parametrize(
    ("fields", "tags"),
    [
        ("description", "id,etag"),
        ("client{id,type}", "id,etag,client{id}"),
        ("client{type,name}", "id,etag,client{id,etag}"),
        ("client", "id,etag,client{id,etag}"),
        ("description,has_tasks", None),
        ("client{id,custom_field_values}", None),
        ("client{id,etag,is_client}", None),
        ("relationships{id}", None),
        ("custom_rate{type}", None),
    ],
)
def test_the_tags_that_tell_of_a_selection(fields: str, tags: str | None) -> None:
    """None do of what is derived, of collections, of what has no tag, and of braces within braces."""
    found = tags_for("Matter", select("matters", fields))
    assert tags == (None if found is None else format_fields(found))


def test_the_tags_of_records_of_several_types() -> None:
    """Two of them may have the same id."""
    assert {"id": None, "etag": None, "assignee": ("id", "etag", "type")} == tags_for(
        "Task", select("tasks", "assignee{id,type,name}")
    )
    assert None is tags_for("ClioPaymentsPayment", select("clio_payments_payments", "id,amount"))


ROWS = (Contact(id=1, name="a"), Contact(id=2, name="b"))


@pytest.mark.parametrize(
    ("new", "tree", "expected"),
    [
        (Matter(id=1, relationships=ROWS), None, True),
        (Matter(id=1, relationships=ROWS, status="new"), None, True),
        (Matter(id=1, relationships=ROWS[:1]), None, False),
        (Matter(id=1, relationships=(ROWS[0], Contact(id=2, name="c"))), None, False),
        (Matter(id=1, relationships=(ROWS[0], Contact(id=2))), None, False),
        (Matter(id=1, relationships=(ROWS[0], Contact(id=2))), {"id": None, "relationships": ("id",)}, True),
        (Matter(id=1), {"id": None}, True),
        (Matter(id=1), None, False),
        (Matter(id=1, relationships=None), None, False),
        (None, None, False),
    ],
    ids=range(10),
)
def test_what_an_older_record_shows(new: Any, tree: Any, expected: bool) -> None:
    """As far as the new one was to show it: what came with it besides is no change."""
    assert expected == same(Matter(id=1, relationships=ROWS), new, tree)
