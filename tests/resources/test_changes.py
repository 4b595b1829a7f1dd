"""`iter_changes`: no change is lost, none comes twice, and it says where deletions cannot be seen."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

import anyio
import pytest
from attrs import evolve, frozen
from hypothesis import given, settings
from hypothesis import strategies as st

from clio_async import Changes, Clio, Headers, InvalidArgument, MemoryTransport, Request, Response, UntrustedLink
from clio_async.codec import Page
from clio_async.errors import BadRequest, SchemaError, ServerError, UnknownField, UnknownFilter, UnprocessableEntity
from clio_async.models import Matter
from clio_async.models.schema import Operation
from clio_async.models.selection import Selection
from clio_async.protocol.changes import OVERLAP, REMEMBERED
from clio_async.testing import Regime, Simulator
from clio_async.testing.simulator.clock import EPOCH

from .fake import FakeClio, page

BASE = "http://localhost/api/v4"
MATTERS = "https://app.clio.com/api/v4/matters.json"
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
DATE = "Mon, 01 Jun 2026 12:00:00 GMT"


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@frozen
class Bare:
    display_number: str


class DatedClio(FakeClio):
    """A client whose answers have a date."""

    def __init__(self, *answers: object, dates: tuple[str | None, ...] = (), scope: str = "me 4.0.13") -> None:
        super().__init__(*answers, scope=scope)
        self.dates = [*dates]

    async def read_page(self, operation: Operation, path: str, query: str, selection: Selection[Any]) -> Page[Any]:
        found = await super().read_page(operation, path, query, selection)
        found.date = self.dates.pop(0) if self.dates else DATE
        return found


def link(token: str) -> str:
    return f"{MATTERS}?page_token={token}&limit=200"


def changed(*ids: int, seconds: float = 0, tag: str = "a", more: str | None = None) -> dict[str, Any]:
    """A page of records that changed so many seconds after noon."""
    moment = (NOON + timedelta(seconds=seconds)).isoformat()
    body = page(*ids, link=None if more is None else link(more), updated_at=moment, display_number="x")
    for record in body["data"]:
        record["etag"] = f'"{tag}{record["id"]}"'
    return body


def ids_of(records: list[Any]) -> list[int]:
    return [record.id for record in records]


async def drain(changes: Changes[Any], into: list[int]) -> None:
    """Note the ids of what a walk gives, as far as it gets."""
    async for record in changes:
        into.append(record.id)


# -- what is asked for --------------------------------------------------------------------------------------------


async def test_what_has_changed_since_an_instant() -> None:
    """By cursor, as the caller's instant is, with what tells versions apart."""
    clio = DatedClio(changed(1, 2, more="b"), changed(3))
    berlin = timezone(timedelta(hours=2))
    changes = clio.matters.iter_changes(datetime(2026, 6, 1, 14, tzinfo=berlin), fields="description", status="open")
    assert "<Changes of matters since 2026-06-01T12:00:00+00:00>" == repr(changes)
    assert [] == clio.calls
    assert [1, 2, 3] == [matter.id async for matter in changes]
    assert {
        "updated_since": "2026-06-01T12:00:00Z",
        "order": "id(asc)",
        "limit": "200",
        "status": "open",
        "fields": "id,etag,description,updated_at",
    } == clio.calls[0].parameters
    assert ["b"] == [call.parameters["page_token"] for call in clio.calls[1:]]


async def test_the_next_walk_begins_with_the_latest_change() -> None:
    """Less the overlap; what came in it does not come again."""
    clio = DatedClio(changed(1, more="b"), changed(2), changed(1, 2, 3), dates=(DATE, "Mon, 01 Jun 2026 12:10:00 GMT"))
    changes = clio.matters.iter_changes(NOON - timedelta(days=1))
    assert [1, 2] == ids_of(await changes.collect())
    again = clio.matters.iter_changes(changes.mark)
    assert [3] == ids_of(await again.collect())
    assert "2026-06-01T11:59:00Z" == clio.calls[2].parameters["updated_since"]


async def test_a_version_comes_once_and_a_new_one_comes() -> None:
    """The etag tells, within the same second, too."""
    clio = DatedClio(changed(1), changed(1), changed(1, tag="b"), changed(1, tag="b"))
    mark: datetime | str = NOON - timedelta(days=1)
    found: list[list[str]] = []
    for _ in range(4):
        changes = clio.matters.iter_changes(mark)
        found.append([matter.etag for matter in await changes.collect()])
        mark = changes.mark
    assert [['"a1"'], [], ['"b1"'], []] == found


async def test_a_class_without_id_or_etag_will_do() -> None:
    """They are asked for, and the class does not see them."""
    clio = DatedClio(changed(1), changed(1, 2))
    changes = clio.matters.iter_changes(NOON, fields=Bare)
    assert [Bare("x")] == await changes.collect()
    assert [Bare("x")] == await clio.matters.iter_changes(changes.mark, fields=Bare).collect()
    assert ["id,etag,display_number,updated_at"] * 2 == [call.parameters["fields"] for call in clio.calls]


async def test_pages_and_records() -> None:
    """Page by page, without those that hold nothing new."""
    clio = DatedClio(changed(1, 2), changed(1, 2, more="b"), changed(3, 4, more="c"), changed(5))
    first = clio.matters.iter_changes(NOON)
    await first.collect()
    second = clio.matters.iter_changes(first.mark)
    assert [[3, 4], [5]] == [ids_of(found) async for found in second.by_page()]


async def test_what_iter_changes_says_itself_is_refused() -> None:
    """As is what is no filter, no field, no mapping, or asked for in vain; nothing is sent."""
    clio = DatedClio()
    ours: tuple[dict[str, Any], ...] = ({"order": "id(desc)"}, {"ids": [1]}, {"updated_since": NOON})
    for filters in ours:
        with pytest.raises(InvalidArgument, match="leave out"):
            clio.matters.iter_changes(NOON, **filters)
    for name in ("order", "ids[]", "updated_since", "offset", "page_token"):
        with pytest.raises(InvalidArgument, match="leave out"):
            clio.matters.iter_changes(NOON, extra_query={name: "x"})
    with pytest.raises(UnknownFilter):
        clio.matters.iter_changes(NOON, stauts="open")  # type: ignore[call-overload]
    with pytest.raises(UnknownField):
        clio.matters.iter_changes(NOON, fields="descripton")
    with pytest.raises(InvalidArgument, match="mapping"):
        clio.matters.iter_changes(NOON, extra_query=[])  # type: ignore[call-overload]
    with pytest.raises(InvalidArgument, match="type="):
        clio.notes.iter_changes(NOON)  # type: ignore[call-overload]
    assert [] == clio.calls


@pytest.mark.parametrize(
    ("since", "says"),
    [
        (datetime(2026, 6, 1), "time zone"),  # noqa: DTZ001 - what is refused
        (date(2026, 6, 1), "aware datetime"),
        (None, "aware datetime"),
        (1_780_000_000, "aware datetime"),
        ("2026-06-01T12:00:00Z", "no mark"),
        (NOON.min.replace(tzinfo=timezone(timedelta(hours=1))), "years"),
    ],
)
def test_since_is_an_instant_or_a_mark(since: Any, says: str) -> None:
    """Anything else is refused, with a word on what to pass."""
    with pytest.raises(InvalidArgument, match=says):
        DatedClio().matters.iter_changes(since)


async def test_a_filter_may_be_an_iterator() -> None:
    """It is read once, for the mark and for all walks."""
    clio = DatedClio(changed(1), changed(1))
    changes = clio.matters.iter_changes(NOON, custom_field_ids=iter([7]), extra_query={"a[]": iter([8])})
    await changes.collect()
    again = clio.matters.iter_changes(changes.mark, custom_field_ids=[7], extra_query={"a[]": [8]})
    assert [] == await again.collect()
    assert [("7", "8")] * 2 == [(call.parameters["custom_field_ids[]"], call.parameters["a[]"]) for call in clio.calls]


async def test_the_changes_inside_of_a_record() -> None:
    """Lists inside of others are walked in the same way, each with marks of its own."""
    body: dict[str, Any] = {"data": [{"id": 1, "etag": "a", "updated_at": NOON.isoformat()}], "meta": {}}
    clio = DatedClio(body, body)
    changes = clio.contact_email_addresses.iter_changes(7, NOON)
    assert 1 == len(await changes.collect())
    assert "/contacts/7/email_addresses.json" == clio.calls[0].path
    assert [] == await clio.contact_email_addresses.iter_changes(7, changes.mark).collect()
    with pytest.raises(InvalidArgument, match="other changes"):
        clio.contact_email_addresses.iter_changes(8, changes.mark)


# -- deletions ----------------------------------------------------------------------------------------------------


async def test_deletions_are_seen_where_the_list_has_them() -> None:
    """Documents and folders, unless the caller does not want them; elsewhere not, which can be asked."""
    clio = DatedClio(*[page()] * 5)
    for changes, sees in (
        (clio.documents.iter_changes(NOON), True),
        (clio.folders.iter_changes(NOON), True),
        (clio.documents.iter_changes(NOON, include_deleted=False), False),
        (clio.documents.iter_changes(NOON, extra_query={"include_deleted": "false"}), False),
        (clio.matters.iter_changes(NOON), False),
    ):
        assert sees is changes.sees_deletions
        await changes.collect()
    found = [call.parameters.get("include_deleted") for call in clio.calls]
    assert ["true", "true", "false", "false", None] == found


async def test_what_is_in_the_trash_comes() -> None:
    """A document that was deleted comes with its `deleted_at`."""
    simulator = Simulator(counts={"documents": 5})
    clio = Clio(simulator.token(), base_url=BASE, transport=MemoryTransport(simulator.handler))
    changes = clio.documents.iter_changes(NOON - timedelta(seconds=1))
    assert [] == await changes.collect()
    simulator.clock.advance(600)
    simulator.delete("documents", 3)
    (found,) = await clio.documents.iter_changes(changes.mark).collect()
    assert 3 == found.id
    assert found.deleted_at is not None


# -- marks --------------------------------------------------------------------------------------------------------


async def test_a_mark_is_bound_to_its_changes() -> None:
    """Another resource, principal or filter: refused before anything is sent. Another version of the API will do."""
    clio = DatedClio(changed(1))
    changes = clio.matters.iter_changes(NOON, status="open")
    await changes.collect()
    DatedClio(scope="me 4.0.14").matters.iter_changes(changes.mark, status="open", fields="id")
    for wrong in (
        lambda: DatedClio(scope="you 4.0.13").matters.iter_changes(changes.mark, status="open"),
        lambda: DatedClio().matters.iter_changes(changes.mark),
        lambda: DatedClio().matters.iter_changes(changes.mark, status="open", extra_query={"a": "b"}),
        lambda: DatedClio().contacts.iter_changes(changes.mark),
    ):
        with pytest.raises(InvalidArgument, match="other changes"):
            wrong()


async def test_a_mark_holds_the_place_at_any_time() -> None:
    """Before the walk, in the middle of it, after an error, and at its end; in another process, too."""
    clio = DatedClio(changed(1, 2, more="b"), changed(3, 4, more="c"), ServerError("down", status=503))
    changes = clio.matters.iter_changes(NOON)
    before, seen = changes.mark, list[int]()
    with pytest.raises(ServerError):
        await drain(changes, seen)
    assert [1, 2, 3, 4] == seen
    other = DatedClio(changed(5, seconds=30), changed(5, 6, seconds=30), dates=("Mon, 01 Jun 2026 18:00:00 GMT",))
    rest = other.matters.iter_changes(changes.mark)
    assert [5] == ids_of(await rest.collect())
    assert "c" == other.calls[0].parameters["page_token"]
    assert [6] == ids_of(await other.matters.iter_changes(rest.mark).collect())
    assert "2026-06-01T12:00:00Z" == other.calls[1].parameters["updated_since"]  # by what the first walk saw
    assert [1] == ids_of(await DatedClio(changed(1)).matters.iter_changes(before).collect())


async def test_a_page_that_was_not_used_up_comes_again() -> None:
    """Who stops in the middle of it has not seen it."""
    clio = DatedClio(changed(1, 2, more="b"), changed(3, 4))
    changes = clio.matters.iter_changes(NOON)
    async for matter in changes:
        if matter.id == 3:
            break
    again = DatedClio(changed(3, 4))
    assert [3, 4] == ids_of(await again.matters.iter_changes(changes.mark).collect())


async def test_an_unfinished_walk_with_other_fields_begins_anew() -> None:
    """Its pages cannot go on; nothing is lost."""
    clio = DatedClio(changed(1, 2, more="b"), ServerError("down", status=503))
    changes = clio.matters.iter_changes(NOON)
    with pytest.raises(ServerError):
        await drain(changes, [])
    again = DatedClio(changed(1, 2))
    assert [1, 2] == ids_of(await again.matters.iter_changes(changes.mark, fields="description").collect())
    assert "2026-06-01T12:00:00Z" == again.calls[0].parameters["updated_since"]
    assert "page_token" not in again.calls[0].parameters


@pytest.mark.parametrize("error", [BadRequest("no", status=400), UnprocessableEntity("no", status=422)])
async def test_a_page_that_clio_does_not_know_any_more(error: Exception) -> None:
    """A mark may be old: then the walk begins anew. If that is refused, too, it is an error."""
    clio = DatedClio(changed(1, 2, more="b"), ServerError("down", status=503))
    changes = clio.matters.iter_changes(NOON)
    with pytest.raises(ServerError):
        await drain(changes, [])
    again = DatedClio(error, changed(1, 2, more="b"), changed(3))
    assert [1, 2, 3] == ids_of(await again.matters.iter_changes(changes.mark).collect())
    refused = DatedClio(error, error)
    with pytest.raises(type(error)):
        await refused.matters.iter_changes(changes.mark).collect()
    later = DatedClio(changed(3, more="c"), error)
    with pytest.raises(type(error)):
        await later.matters.iter_changes(changes.mark).collect()
    assert [2, 2] == [len(refused.calls), len(later.calls)]


async def test_what_could_not_be_collected_comes_again() -> None:
    """`collect` gives all or nothing: when it fails, the mark is as before."""
    clio = DatedClio(changed(1, more="b"), ServerError("down", status=503), changed(1, more="b"), changed(2))
    changes = clio.matters.iter_changes(NOON)
    before = changes.mark
    with pytest.raises(ServerError):
        await changes.collect()
    assert before == changes.mark
    assert [1, 2] == ids_of(await clio.matters.iter_changes(changes.mark).collect())
    assert [1] == ids_of(await DatedClio(changed(1)).matters.iter_changes(before).collect())


async def test_a_walk_can_be_repeated() -> None:
    """Each begins where the first did."""
    clio = DatedClio(changed(1), changed(1))
    changes = clio.matters.iter_changes(NOON)
    assert [1] == ids_of(await changes.collect())
    mark = changes.mark
    assert [1] == ids_of(await changes.collect())
    assert mark == changes.mark


async def test_a_link_to_another_place_is_not_followed() -> None:
    """F55; the mark holds the place."""
    body = changed(1)
    body["meta"]["paging"]["next"] = "https://evil.test/api/v4/matters.json?page_token=b"
    clio = DatedClio(body)
    changes = clio.matters.iter_changes(NOON)
    seen = list[int]()
    with pytest.raises(UntrustedLink):
        await drain(changes, seen)
    assert [1] == seen
    assert [2] == ids_of(await DatedClio(changed(1, 2)).matters.iter_changes(changes.mark).collect())


async def test_without_a_date_the_records_tell() -> None:
    """The latest of the first page; the old mark if there is none."""
    clio = DatedClio(changed(1, seconds=300, more="b"), changed(2, seconds=900), page(), page(), dates=(None,) * 4)
    changes = clio.matters.iter_changes(NOON)
    await changes.collect()
    for _ in range(2):
        changes = clio.matters.iter_changes(changes.mark)
        await changes.collect()
    assert ["2026-06-01T12:04:00Z"] * 2 == [call.parameters["updated_since"] for call in clio.calls[2:]]


async def test_a_clock_that_is_wrong_loses_nothing() -> None:
    """An answer of the year 2099 does not make a mark that asks for nothing."""
    wrong = "Thu, 01 Jan 2099 00:00:00 GMT"
    bodies = changed(1, seconds=300), changed(1, seconds=300), changed(1, 2, seconds=300)
    clio = DatedClio(*bodies, dates=(wrong, wrong, "Mon, 01 Jun 2026 12:10:00 GMT"))
    mark: datetime | str = NOON
    found: list[list[int]] = []
    for _ in range(3):
        changes = clio.matters.iter_changes(mark)
        found.append(ids_of(await changes.collect()))
        mark = changes.mark
    assert [[1], [], [2]] == found
    assert ["2026-06-01T12:00:00Z", "2026-06-01T12:04:00Z", "2026-06-01T12:04:00Z"] == [
        call.parameters["updated_since"] for call in clio.calls
    ]


@pytest.mark.parametrize("meta", [7, [], {"paging": [link("c")]}, {"paging": {"next": {"href": link("c")}}}])
@pytest.mark.parametrize("strict", [False, True])
async def test_a_malformed_link_makes_no_finished_mark(meta: object, strict: bool) -> None:
    """The walk fails, and its mark goes on at that page: what was given out does not come again, the rest does."""
    clio = DatedClio(changed(1, 2, more="b"), {**changed(3, 4), "meta": meta})
    clio.strict = strict
    changes = clio.matters.iter_changes(NOON - timedelta(days=1))
    seen = list[int]()
    with pytest.raises(SchemaError, match=r"meta\.paging\.next"):
        await drain(changes, seen)
    assert [1, 2, 3, 4] == seen
    again = DatedClio(changed(3, 4, more="c"), changed(5))
    assert [5] == ids_of(await again.matters.iter_changes(changes.mark).collect())
    assert ["b", "c"] == [call.parameters["page_token"] for call in again.calls]


# -- whole clients ------------------------------------------------------------------------------------------------

Change = tuple[str, int]  # "change" and the id, "wait" and tenths of seconds, "stop" after so many pages


class World:
    """A firm that changes between and during the walks of a service that keeps copies of its matters."""

    def __init__(self, regime: Regime, matters: int = 7) -> None:
        self.simulator = Simulator(matters=matters, regime=regime)
        self.token = self.simulator.token()
        self.during: Iterator[list[Change]] = iter(())
        self.texts = 0
        self.ahead = 0.0
        """Seconds that the `Date` of answers is ahead of the clock that `updated_at` is of."""
        self.mark: datetime | str = NOON - timedelta(days=1)
        self.given: list[tuple[int, str]] = []
        self.copies: dict[int, str] = {}

    async def handler(self, request: Request) -> Response:
        self.perform(next(self.during, None))
        response = await self.simulator.handler(request)
        self.perform(next(self.during, None))
        told = parsedate_to_datetime(response.headers["Date"]) + timedelta(seconds=self.ahead)
        others = [(name, value) for name, value in response.headers.pairs if name.lower() != "date"]
        return evolve(response, headers=Headers([*others, ("Date", format_datetime(told, usegmt=True))]))

    def perform(self, changes: list[Change] | None) -> None:
        for what, amount in changes or ():
            if what == "wait":
                self.simulator.clock.advance(amount / 10)
            else:
                self.texts += 1
                self.simulator.change("matters", amount % 7 + 1, description=f"text {self.texts}")

    def now(self) -> dict[int, str]:
        """What each matter says."""
        return {n: self.simulator.record("matters", n, fields="description")["description"] for n in range(1, 8)}

    async def walk(self, stop: int | None = None) -> None:
        """Take over what has changed; or die while working on a page, and have the mark of that moment."""
        clio = Clio(self.token, base_url=BASE, transport=MemoryTransport(self.handler))
        changes = clio.matters.iter_changes(self.mark, fields="id,description", extra_query={"limit": 2})
        number = 0
        async for found in changes.by_page():
            if number == stop:
                break
            number += 1
            self.given += [(matter.id, matter.etag) for matter in found]
            self.copies.update({matter.id: matter.description or "" for matter in found})
        self.mark = changes.mark


CHANGES = st.lists(
    st.one_of(
        st.tuples(st.just("change"), st.integers(0, 6)),
        st.tuples(st.just("wait"), st.sampled_from([1, 4, 9, 10, 300, 590, 600, 610, 6_000])),
    ),
    max_size=5,
)
WALKS = st.lists(
    st.tuples(CHANGES, st.lists(CHANGES, max_size=8), st.none() | st.integers(0, 3), st.integers(0, 2)),
    min_size=1,
    max_size=8,
)
CLOCKS = st.lists(st.sampled_from([0.0, 7.0, 300.0, 86_400.0, -7.0, -300.0, -86_400.0]), min_size=3, max_size=3)
REGIMES = st.builds(
    Regime,
    clock_skew=st.sampled_from([0.0, 90.0, -90.0, 86_400.0]),
    since_inclusive=st.booleans(),
    since_in_seconds=st.booleans(),
    shown_fractions=st.booleans(),
    records=st.sampled_from(["total", "absent"]),
    last_modified=st.booleans(),
)


@settings(max_examples=100, deadline=None)
@given(REGIMES, WALKS, CLOCKS)
def test_no_change_is_lost_and_none_comes_twice(
    regime: Regime, walks: list[tuple[list[Change], list[list[Change]], int | None, int]], clocks: list[float]
) -> None:
    """Law: whatever changes when, whatever the clocks, and wherever a walk was left: what a firm said when a walk began
    is known when walks have come to their end, and no version was given out twice. `Date` may be of another clock in
    any run of walks."""

    async def main() -> None:
        world = World(regime)
        start = world.now()
        for between, during, stop, clock in walks:
            world.ahead = clocks[clock]
            world.perform(between)
            world.during = iter(during)
            await world.walk(stop)
        world.during = iter(())
        await world.walk()  # it may be the rest of one that was left
        await world.walk()
        assert {number: text for number, text in world.now().items() if text != start[number]} == world.copies
        assert len(world.given) == len(set(world.given))

    anyio.run(main)


@pytest.mark.parametrize("ahead", [300.0, -300.0])
async def test_a_date_of_another_clock_for_some_walks_loses_nothing(ahead: float) -> None:
    """A record a minute, and a walk a minute."""
    world = World(Regime())
    for number in range(7):
        world.ahead = ahead if number in {1, 2, 3} else 0.0
        world.perform([("wait", 300), ("change", number), ("wait", 300)])
        await world.walk()
    assert [1, 2, 3, 4, 5, 6, 7] == [number for number, _ in world.given]


@pytest.mark.parametrize("ahead", [300.0, 0.0])
async def test_a_date_that_is_ahead_during_a_long_walk_loses_nothing(ahead: float) -> None:
    """What changes on a page that was given out is asked for again, though a later page shows later changes."""
    world = World(Regime())
    world.ahead = ahead
    world.perform([("change", number) for number in range(7)])
    world.during = iter([[], [("wait", 900), ("change", 0), ("wait", 900), ("change", 5)]])
    await world.walk()
    world.during = iter(())
    await world.walk()
    assert world.now() == world.copies


async def test_a_quiet_time_costs_one_request_a_walk() -> None:
    """However long it is: the mark stands still, and nothing comes again."""
    world = World(Regime(), matters=300)
    clio = Clio(world.token, base_url=BASE, transport=MemoryTransport(world.handler))
    for number in range(1, 201, 2):
        world.simulator.change("matters", number, description="changed")
        world.simulator.clock.advance(1)
    mark: datetime | str = NOON - timedelta(seconds=1)
    found: list[tuple[int, int]] = []
    for _ in range(5):
        requests = world.simulator.log.requests
        changes = clio.matters.iter_changes(mark, fields="id")
        found.append((len(await changes.collect()), world.simulator.log.requests - requests))
        mark = changes.mark
        world.simulator.clock.advance(3_600)
    assert [(100, 1), *[(0, 1)] * 4] == found


Step = Callable[[World, Clio, datetime], Awaitable[datetime]]


async def by_the_local_clock(world: World, clio: Clio, since: datetime) -> datetime:
    """What nearly everybody does."""
    now = datetime.fromtimestamp(world.simulator.clock.now(), UTC)
    async for matter in clio.matters.list(updated_since=since, fields="id,description", limit=2):
        world.copies[matter.id] = matter.description or ""
    return now


async def without_an_overlap(world: World, clio: Clio, since: datetime) -> datetime:
    """By the latest `updated_at` that was seen."""
    latest = since
    async for matter in clio.matters.list(updated_since=since, fields="id,description,updated_at", limit=2):
        world.copies[matter.id] = matter.description or ""
        latest = max(latest, matter.updated_at or latest)
    return latest


@pytest.mark.parametrize(
    ("regime", "step"),
    [(Regime(clock_skew=-90.0), by_the_local_clock), (Regime(since_inclusive=False), without_an_overlap)],
)
async def test_the_control_other_ways_lose_changes(regime: Regime, step: Step) -> None:
    """A clock that is ahead of Clio's, or a change behind the cursor in the second of one that was seen."""
    world = World(regime)
    clio = Clio(world.token, base_url=BASE, transport=MemoryTransport(world.handler))
    world.perform([("change", 2), ("change", 3), ("change", 4)])
    world.during = iter([[], [("wait", 10), ("change", 0), ("change", 6)]])
    since = await step(world, clio, NOON - timedelta(days=1))
    world.during = iter(())
    await step(world, clio, since)
    assert 1 not in world.copies
    await world.walk()
    await world.walk()
    assert world.now()[1] == world.copies[1]


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_one_request_keeps_ten_thousand_records_current() -> None:
    """1 % of them changed: one page holds them all."""
    simulator = Simulator(matters=10_000)
    clio = Clio(simulator.token(), base_url=BASE, transport=MemoryTransport(simulator.handler))
    changes = clio.matters.iter_changes(NOON - timedelta(seconds=1))
    await changes.collect()
    simulator.clock.advance(86_400)
    for number in range(50, 10_001, 100):
        simulator.change("matters", number, description="changed")
    requests = simulator.log.requests
    assert 100 == len(await clio.matters.iter_changes(changes.mark).collect())
    assert 1 == simulator.log.requests - requests


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_beyond_what_a_mark_remembers_some_come_again() -> None:
    """An import of more than a thousand records within a minute: none is lost, a few come twice, and not for long."""
    simulator = Simulator(matters=REMEMBERED + 100)
    clio = Clio(simulator.token(), base_url=BASE, transport=MemoryTransport(simulator.handler))
    for number in range(1, REMEMBERED + 101):
        simulator.change("matters", number, description="imported")
        simulator.clock.advance(0.05)
    first = clio.matters.iter_changes(NOON - timedelta(seconds=1), fields="id")
    assert REMEMBERED + 100 == len(await first.collect())
    second = clio.matters.iter_changes(first.mark, fields="id")
    assert 100 == len(await second.collect())
    simulator.clock.advance(OVERLAP.total_seconds() + 3)
    await (third := clio.matters.iter_changes(second.mark, fields="id")).collect()
    requests = simulator.log.requests
    assert [] == await clio.matters.iter_changes(third.mark, fields="id").collect()
    assert 1 == simulator.log.requests - requests


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
@pytest.mark.parametrize("regime", dict(Regime.every()).values(), ids=dict(Regime.every()))
@pytest.mark.filterwarnings("ignore::clio_async.ApiVersionMismatch")
async def test_changes_under_any_regime(regime: Regime) -> None:
    """What is unknown of Clio makes no difference, but for links to another origin, which are not followed."""
    world = World(evolve(regime, rate_limit=None))
    if regime.public_origin is not None:
        world.simulator.regime = evolve(world.simulator.regime, public_origin=None)
    start = world.now()
    await world.walk()
    world.perform([("change", 1), ("change", 4), ("wait", 305), ("change", 5)])
    await world.walk()
    assert {2, 5, 6} == world.copies.keys()
    world.perform([("change", 4), ("wait", 305)])
    await world.walk()
    await world.walk()
    assert {number: text for number, text in world.now().items() if text != start[number]} == world.copies
    assert 4 == len(world.given) == len(set(world.given))


@pytest.mark.parametrize(
    "since", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)], ids=["1", "9999"]
)
@pytest.mark.parametrize("at", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+10:00"])
async def test_no_instant_is_too_early_or_too_late(since: datetime, at: str) -> None:
    """Neither what is asked for nor what a record shows has to leave room for the overlap."""
    walk = FakeClio(page(1, 2, updated_at=at)).matters.iter_changes(since, fields="id")
    assert [1, 2] == [found.id for found in await walk.collect()]
    again = FakeClio(page(1, 2, updated_at=at)).matters.iter_changes(walk.mark, fields="id")
    assert isinstance(await again.collect(), list)


def test_the_simulator_begins_at_noon() -> None:
    """The instants above are those of its clock."""
    assert NOON.timestamp() == EPOCH
    assert Matter is not None
