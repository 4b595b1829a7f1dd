"""`refresh` at its edges: what the given objects lack, answers of another kind, whose thread reads, what is kept."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import threading
from collections import Counter
from decimal import Decimal
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import anyio
import pytest
from attrs import frozen
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clio_async import (
    Clio,
    FilterIgnored,
    InvalidArgument,
    MemoryTransport,
    NotFound,
    Policy,
    Refreshed,
    Request,
    Response,
    SyncClio,
    unchecked,
)
from clio_async.errors import BadRequest, SchemaError
from clio_async.messages import Headers
from clio_async.models import CustomFieldValue, Matter
from clio_async.protocol.batches import Bounds
from clio_async.resources.sweeps.carried import held, same, shown
from clio_async.resources.sweeps.likeness import Carried
from clio_async.testing import Regime, Simulator

from .fake import FakeClio, page
from .test_refresh import BASE, KEPT, NESTED, PAST, Row, copies_of, ids_of, learnt, made

WITH_RISK = ["id", "etag", "description", unchecked("risk{id,score}")]


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@frozen
class Nameless:
    """A class without a place for an id."""

    description: str | None


# -- what is compared ---------------------------------------------------------------------------------------------


def risky(number: int, score: str | None, **more: Any) -> Matter:
    extra = {} if score is None else {"risk": {"id": 1, "score": score}}
    return Matter.from_dict({"id": number, "etag": f'"{number}"', "description": "d", **extra, **more})


async def test_what_is_unchecked_is_compared() -> None:
    """No tag covers it: it is read in full, and counts. What is lacking on either side is a change."""
    mine = [risky(1, "low"), risky(2, "low"), risky(3, None), risky(4, "low"), risky(5, None)]
    now = {1: "low", 2: "HIGH", 3: "low", 4: None, 5: None}
    clio = FakeClio({"data": [risky(number, score).to_dict() for number, score in now.items()], "meta": {}})
    found = await clio.matters.refresh(mine, fields=WITH_RISK)
    assert ([2, 3, 4], [1, 5]) == (ids_of(found.changed), ids_of(found.unchanged))


async def test_what_is_unchecked_inside_a_known_field_is_compared() -> None:
    """It comes as the extra of the record there."""
    fields = ["id", "description", unchecked("client{id,score}")]
    mine = [risky(number, None, client={"id": 7, "score": "low"}) for number in (1, 2)]
    now = [risky(1, None, client={"id": 7, "score": "low"}), risky(2, None, client={"id": 7, "score": "HIGH"})]
    clio = FakeClio({"data": [record.to_dict() for record in now], "meta": {}})
    found = await clio.matters.refresh(mine, fields=fields)
    assert ([2], [1]) == (ids_of(found.changed), ids_of(found.unchanged))


@pytest.mark.parametrize("size", [10, 200])
async def test_an_association_that_is_lacking_is_a_change_if_it_is_asked_for(size: int) -> None:
    """The tag of the record says nothing of it; without `fields` it is not compared."""
    server, clio = made(Regime(max_ids=size))
    learnt(clio, size)
    copies = await copies_of(server, clio, NESTED)
    lacking = [Matter(id=copy.id, etag=copy.etag, description=copy.description) for copy in copies[:3]]
    found = await clio.matters.refresh([*lacking, *copies[3:]], fields=NESTED)
    assert ([1, 2, 3], (*copies[3:],)) == (ids_of(found.changed), found.unchanged)
    assert (*copies[:3],) == found.changed
    assert () == (await clio.matters.refresh([*lacking, *copies[3:]])).changed
    assert [1] == ids_of((await clio.matters.refresh(lacking[:1], fields="client{id}")).changed)


async def test_own_attributes_that_are_lacking_are_told_by_the_tag() -> None:
    """Whether tags were read or whole records; without a tag they are a change, and so is what is derived."""
    server, clio = made()
    copies = await copies_of(server, clio)
    bare = [Matter(id=copy.id, etag=copy.etag) for copy in copies[:2]]
    untagged = [Matter(id=copy.id) for copy in copies[2:4]]
    server.simulator.change("matters", 2, description="changed")
    found = await clio.matters.refresh([*bare, *untagged], fields="description")
    assert ([2, 3, 4], [1]) == (ids_of(found.changed), ids_of(found.unchanged))
    assert [1] == ids_of((await clio.matters.refresh(bare[:1], fields="has_tasks")).changed)


def test_numbers_compare_by_value() -> None:
    """A float, as JSON parsers make it, is the decimal that it was written as."""
    exact = Matter.from_dict({"id": 1, "custom_field_values": [{"id": "a", "value": Decimal("10.1")}]})
    float_ = Matter.from_dict(json.loads(exact.to_json()))
    other = Matter.from_dict({"id": 1, "custom_field_values": [{"id": "a", "value": Decimal("10.2")}]})
    assert isinstance(exact.custom_field_values[0], CustomFieldValue)
    assert same(float_, exact, None)
    assert not same(float_, other, None)


@settings(deadline=None)
@given(st.sets(st.sampled_from(Matter.__fields__)))
def test_what_a_record_holds_is_what_it_was_made_of(names: set[str]) -> None:
    """Law: whatever is there, and nothing else; asked for one by one, too."""
    record = Matter(**dict.fromkeys(names, None))
    assert dict.fromkeys([name for name in Matter.__fields__ if name in names]) == held(record)
    assert names == {name for name in Matter.__fields__ if shown(record, name) is None}


# -- answers ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "error"),
    [({"id": 99, "etag": "x"}, FilterIgnored), ({"etag": "x"}, SchemaError), ({"id": None}, SchemaError)],
)
async def test_an_answer_about_another_record_is_an_error(data: Any, error: type[Exception]) -> None:
    """Asked for alone, and into a class that shows no id."""
    with pytest.raises(error):
        await FakeClio({"data": data}).matters.refresh([Matter(id=1, etag="x")])
    with pytest.raises(error):
        await FakeClio({"data": data}).matters.refresh([Row(1, "x")], fields=Nameless)


async def test_a_search_for_witnesses_that_is_refused_does_not_end_the_sweep() -> None:
    """A list that is only given by ids has none."""
    clio = FakeClio(page(), BadRequest("no", status=400, type="ArgumentError"), *[page() for _ in range(4)])
    found = await clio.matters.refresh([Matter(id=number, etag="x") for number in range(1, 5)])
    assert (1, 2, 3, 4) == found.missing


@pytest.mark.parametrize("count", [1, 2])
async def test_extra_query_goes_with_one_record_as_with_two(count: int) -> None:
    """And is checked, in the name of the verb; it does not go with `since`, nor where there is no list by ids."""
    mine = [Matter(id=number, etag=f'"{number}"') for number in range(1, count + 1)]
    clio = FakeClio(page(*range(1, count + 1)))
    assert (*mine,) == (await clio.matters.refresh(mine, extra_query={"status": "open"})).unchanged
    assert ["open"] == [call.parameters["status"] for call in clio.calls]
    for extra, text in (({"ids[]": 1}, "refresh asks for its ids"), ({"limit": 1}, "leave out limit"), (7, "mapping")):
        with pytest.raises(InvalidArgument, match=text):
            clio.matters.refresh(mine, extra_query=extra)  # type: ignore[call-overload]
    with pytest.raises(InvalidArgument, match="since= or extra_query="):
        clio.matters.refresh(mine, since=PAST, extra_query={"status": "open"})
    with pytest.raises(InvalidArgument, match="one by one"):
        clio.comments.refresh([Row(1, "x")] * count, fields="id", extra_query={"status": "open"})


# -- since --------------------------------------------------------------------------------------------------------


def test_a_time_that_is_yet_to_come_is_refused() -> None:
    """Nothing would be found to have changed since: by the clock of this machine, before anything is sent."""
    clio = FakeClio()
    now = dt.datetime.fromtimestamp(clio.wall_clock(), dt.UTC)
    clio.matters.refresh([], since=now + dt.timedelta(seconds=60)).close()
    with pytest.raises(InvalidArgument, match="yet to come"):
        clio.matters.refresh([], since=now + dt.timedelta(seconds=61))


@pytest.mark.parametrize(("ahead", "refused"), [(59, False), (61, True)])
async def test_a_time_that_the_server_has_not_yet_is_refused(ahead: int, refused: bool) -> None:
    """By the date of its answer, before anything of that is believed."""
    since = dt.datetime(2025, 1, 1, 12, 0, 0, tzinfo=dt.UTC)

    async def answer(request: Request) -> Response:
        date = format_datetime(since - dt.timedelta(seconds=ahead), usegmt=True)
        headers = Headers([("Date", date), ("Content-Type", "application/json")])
        return Response(200, headers, b'{"data":[],"meta":{"records":0}}')

    clio = Clio("token", base_url=BASE, transport=MemoryTransport(answer), limiter=None)
    learnt(clio, 10)
    mine = [Matter(id=number, etag=f'"{number}"') for number in range(1, 41)]
    if refused:
        with pytest.raises(InvalidArgument, match="yet to come"):
            await clio.matters.refresh(mine, since=since)
    else:
        assert (*mine,) == (await clio.matters.refresh(mine, since=since)).unlisted


# -- whose thread reads, and how long -----------------------------------------------------------------------------


def test_the_call_takes_its_arguments_apart() -> None:
    """Before it is awaited: an iterator is at its end, and what is wrong is told."""
    clio = FakeClio()
    given = iter([Matter(id=1, etag="x")])
    clio.matters.refresh(given).close()
    assert [] == [*given]
    with pytest.raises(InvalidArgument):
        clio.matters.refresh([7])  # type: ignore[list-item]
    names = iter(["id", "etag"])
    clio.matters.refresh([Row(1, "x")], fields=names).close()  # type: ignore[call-overload]


class Lazy:
    """A row that may be read in one thread alone."""

    def __init__(self, id: int, tag: str) -> None:
        self._id, self._tag, self._thread = id, tag, threading.get_ident()

    def _read(self, value: Any) -> Any:
        assert self._thread == threading.get_ident(), "read in another thread"
        return value

    @property
    def id(self) -> int:
        return int(self._read(self._id))

    @property
    def etag(self) -> str:
        return str(self._read(self._tag))


def test_what_a_caller_gives_is_read_in_his_thread() -> None:
    """The iterable, and the attributes of rows; by `get_many`, too. The loop is free meanwhile."""
    simulator = Simulator(matters=4)
    with SyncClio(simulator.token(), base_url=BASE, transport=MemoryTransport(simulator.handler)) as clio:
        rows = [Lazy(matter.id, str(matter.etag)) for matter in clio.matters.list(fields="id,etag")]
        threads: list[int] = []

        def each() -> Any:
            for row in rows:
                threads.append(threading.get_ident())
                clio.matters.get(row.id)  # a call within: in the thread of the loop it would wait for itself
                yield row

        found = clio.matters.refresh(each(), fields=KEPT)
        assert (*rows,) == found.unchanged
        assert 4 == len(clio.matters.get_many(each()))
        assert {threading.get_ident()} == {*threads}


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_others_run_while_many_records_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """What they hold is found out slice by slice, and not by the call itself."""
    looked = 0
    most: list[int] = []

    look = Carried.add

    def looking(found: Carried, record: Any) -> None:
        nonlocal looked
        looked += 1
        look(found, record)

    monkeypatch.setattr(Carried, "add", looking)
    mine = [Matter(id=number, etag=f'"{number}"') for number in range(1, 201)]
    call = FakeClio(page(*range(1, 201))).matters.refresh(mine)
    assert 0 == looked
    task = asyncio.ensure_future(call)
    while not task.done():
        before = looked
        await asyncio.sleep(0)
        most.append(looked - before)
    assert (*mine,) == task.result().unchanged
    assert (200, 64) == (looked, max(most))


# -- what is kept -------------------------------------------------------------------------------------------------


async def test_what_a_sweep_has_found_outdates_what_is_kept() -> None:
    """Where answers are given again without asking: of what has changed, or is not there; of the others it stays."""
    server, clio = made(policy=Policy(fresh_for={"matters": 3600.0}))
    copies = await copies_of(server, clio)
    for number in (3, 4, 5, 6):
        await clio.matters.get(number, fields=KEPT)
    for number in (3, 6):
        server.simulator.change("matters", number, description="changed")
    server.simulator.delete("matters", 4)
    found = await clio.matters.refresh(copies[:5])
    assert ([3], (4,)) == (ids_of(found.changed), found.missing)
    assert "changed" == (await clio.matters.get(3, fields=KEPT)).description
    with pytest.raises(NotFound):
        await clio.matters.get(4, fields=KEPT)
    server.requests.clear()
    assert copies[4] == await clio.matters.get(5, fields=KEPT)
    assert copies[5] == await clio.matters.get(6, fields=KEPT)  # nobody has asked about that
    assert [] == server.requests


async def test_outdated_is_told_in_bulk() -> None:
    """By the paths of records; of the list, where they are not read singly. What is unchanged is not told."""
    clio = FakeClio(page(1, 2))
    await clio.matters.refresh([Matter(id=1, etag='"1"'), Matter(id=2, etag="x")])
    assert [("matters", "/matters/2.json")] == clio.outdated
    clio = FakeClio({"data": [{"id": 1, "etag": "new"}]})
    await clio.currencies.refresh([Row(1, "old")], fields="id,etag")
    assert [("currencies", "/currencies.json")] == clio.outdated


# -- each record in one group -------------------------------------------------------------------------------------


class Moving:
    """A server whose records change between two requests, and that reads some of the ids only."""

    def __init__(self, count: int, most: int, steps: dict[int, tuple[str, int]]) -> None:
        self.records = dict.fromkeys(range(1, count + 1), 0)
        self.most, self.steps, self.asked = most, steps, 0

    async def __call__(self, request: Request) -> Response:
        self.asked += 1
        act, number = self.steps.get(self.asked, ("", 0))
        if act == "delete":
            self.records = {key: value for key, value in self.records.items() if key < number}
        elif number in self.records:
            self.records[number] += 1
        query = parse_qsl(urlsplit(request.url).query)
        named = [int(value) for name, value in query if name == "ids[]"]
        asked: list[int] = named[: self.most] if named else [*self.records][:2]
        if "updated_since" in dict(query):
            asked = [number for number, version in self.records.items() if version]
        data = [self._record(number) for number in asked if number in self.records]
        body: Any = {"data": data, "meta": {"paging": {}, "records": len(data)}}
        alone = urlsplit(request.url).path.rpartition("/")[2].partition(".")[0]
        if alone != "matters":
            body = {"data": self._record(int(alone))} if int(alone) in self.records else None
        status = 404 if body is None else 200
        return Response(status, Headers([("Content-Type", "application/json")]), json.dumps(body or {}).encode())

    def _record(self, number: int) -> dict[str, Any]:
        version = self.records[number]
        return {"id": number, "etag": f'"{number}.{version}"', "description": str(version)}


async def groups(
    count: int, most: int, steps: Any, untagged: set[int], since: bool, refused: int = 6
) -> Refreshed[Any, Any]:
    clio = Clio("token", base_url=BASE, transport=MemoryTransport(Moving(count, most, steps)), limiter=None)
    clio._core.learned.batches[BASE, "matters"] = Bounds(8, refused, 1, 1, 1)
    rows = [Row(number, None if number in untagged else f'"{number}.0"') for number in range(1, count + 1)]
    return await clio.matters.refresh(rows, fields=KEPT, since=PAST if since else None)


STEPS = st.dictionaries(
    st.integers(1, 12), st.tuples(st.sampled_from(["delete", "touch"]), st.integers(1, 40)), max_size=6
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.integers(20, 40), st.integers(4, 40), STEPS, st.sets(st.integers(1, 40)), st.booleans(), st.sampled_from([9, 41])
)
def test_each_record_is_in_one_group(
    count: int, most: int, steps: dict[int, tuple[str, int]], untagged: set[int], since: bool, refused: int
) -> None:
    """Law: whatever happens between two requests, and whichever records prove that others are missing."""
    found = anyio.run(groups, count, most, steps, untagged, since, refused)
    told = [record.id for record in (*found.changed, *found.unchanged, *found.unlisted)]
    assert dict.fromkeys(range(1, count + 1), 1) == Counter([*told, *found.missing, *found.gone])


def test_the_witness_of_others_keeps_its_group() -> None:
    """A record that was not in the list of changes is read as the witness of those that were deleted."""
    found = anyio.run(groups, 40, 40, {1: ("delete", 21)}, {*range(21, 41)}, True)
    assert ([*range(1, 21)], (*range(21, 41),)) == (ids_of(found.unlisted), found.missing)
    assert ((), ()) == (found.changed, found.unchanged)
