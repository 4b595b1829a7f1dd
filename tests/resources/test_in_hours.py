"""Under versions of the API in which activities count hours, durations are right, or refused."""

from __future__ import annotations

import copy
import json
import pickle
import warnings
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from attrs import frozen

from clio_async import (
    Clio,
    InvalidArgument,
    MaybeSent,
    MemoryTransport,
    NotFound,
    OutcomeUnknown,
    PreconditionFailed,
    Request,
    Response,
)
from clio_async.models import Activity
from clio_async.models.hours import count_hours, times_in_seconds
from clio_async.notices import ClioWarning
from clio_async.testing import Simulator

BASE = "http://localhost/api/v4"
OLD, NEW = "4.0.3", "4.0.13"
HALF = timedelta(minutes=30)

pytestmark = pytest.mark.filterwarnings("ignore:In version 4.0.3 of the API activities count hours")


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@frozen
class Entry:
    id: int
    type: str
    quantity: timedelta | None


@frozen
class Card:
    id: int
    type: str
    quantity: Decimal | None


@frozen
class Running:
    activity: Entry | None


@frozen
class Shown:
    activity: Activity | None
    start_time: Any


class Firm:
    """A simulated firm with one time entry of half an hour, and a client of each version."""

    def __init__(self) -> None:
        self.simulator = Simulator(matters=3, contacts=3, tasks=3, users=2, versions=(OLD, NEW))
        self.between: Callable[[Request], object] = lambda _: None
        transport = MemoryTransport(self._carry)
        self.new = Clio(self.simulator.token(), base_url=BASE, transport=transport, retry=None)
        self.old = self.new.options(api_version=OLD)
        self.number = self.simulator.add("activities", type="TimeEntry", quantity=1800, price=100, date="2026-01-02")

    async def _carry(self, request: Request) -> Response:
        self.between(request)
        answer = await self.simulator.handler(request)
        if request.method != "GET" and request.headers.get("x-lost"):
            raise MaybeSent("lost")
        return answer

    def theirs(self, request: Request) -> None:
        """Somebody else writes just before a write arrives."""
        if request.method == "PATCH":
            self.between = lambda _: None
            self.simulator.change("activities", self.number, note="theirs")


@pytest.fixture
def firm() -> Firm:
    return Firm()


async def test_a_duration_is_the_same_in_every_version(firm: Firm) -> None:
    """The number is as Clio has it there; the time is what it means."""
    for clio, number in ((firm.old, Decimal("0.5")), (firm.new, 1800)):
        entry = await clio.activities.get(firm.number)
        assert (number, HALF) == (entry.quantity, entry.duration)
        assert HALF == (await clio.activities.get(firm.number, fields="type,rounded_quantity")).rounded_duration
    expense = firm.simulator.add("activities", type="ExpenseEntry", quantity=3, price=1, date="2026-01-02")
    assert (await firm.old.activities.get(expense)).duration is None


async def test_wherever_a_record_comes_from_its_duration_is_right(firm: Firm) -> None:
    """Lists, pages, batches, changes, writes, edits, and records that hold others."""
    clio = firm.old
    everything = [entry async for entry in clio.activities.list(type="TimeEntry")]
    pages = [entry async for page in clio.activities.list(type="TimeEntry").by_page() for entry in page]
    same = [entry.id async for entry in firm.new.activities.list(type="TimeEntry")]
    new = {entry.id: entry.duration async for entry in firm.new.activities.list(type="TimeEntry")}
    assert [new[number] for number in same] == [entry.duration for entry in everything]
    assert [new[number] for number in same] == [entry.duration for entry in pages]
    assert new[firm.number] == HALF
    made = await clio.activities.create(type="TimeEntry", quantity=HALF, date="2026-01-02")
    assert (HALF, Decimal("0.5")) == (made.duration, made.quantity)
    entry = await clio.activities.get(firm.number)
    assert timedelta(hours=1) == (await clio.activities.update(entry, quantity=timedelta(hours=1))).duration
    async with clio.activities.edit(firm.number) as edit:
        edit.set(quantity=timedelta(hours=2))
    assert timedelta(hours=2) == edit.result.duration
    found = await clio.activities.edit(firm.number, lambda it: {"quantity": it.duration + HALF})
    assert timedelta(hours=2, minutes=30) == found.duration
    assert 9000 == (await firm.new.activities.get(firm.number)).quantity


async def test_records_in_errors_and_outcomes_count_hours_too(firm: Firm) -> None:
    """What was read after a refusal, or later."""
    entry = await firm.old.activities.get(firm.number)
    firm.between = firm.theirs
    with pytest.raises(PreconditionFailed) as refused:
        await firm.old.activities.update(entry, note="mine")
    assert HALF == refused.value.current.duration
    with pytest.raises(OutcomeUnknown) as lost:
        await firm.old.request(
            "PATCH",
            f"/activities/{firm.number}.json",
            json={"data": {"note": "mine"}},
            headers={"X-Lost": "1"},
        )
    outcome = await lost.value.reconcile(firm.old)
    assert ("applied", HALF) == (outcome.state, outcome.record.duration)


async def test_a_record_that_another_leads_to_counts_hours(firm: Firm) -> None:
    """Also in an object of a class of the caller's, and in a list of rows."""
    body = {"data": {"start_time": None, "activity": {"id": 1, "type": "TimeEntry", "quantity": 0.5}}}
    transport = MemoryTransport(lambda _: _answer(body))
    clio = Clio("token", base_url=BASE, transport=transport, api_version=OLD)
    assert HALF == (await clio.timer.get(fields="activity{id,type,quantity}")).activity.duration  # type: ignore[union-attr]
    shown = await clio.timer.get(fields=Shown)
    assert shown.activity is not None
    assert HALF == shown.activity.duration
    assert timedelta(hours=1) == count_hours([Activity(type="TimeEntry", quantity=1)])[0].duration


@frozen
class Done:
    id: int
    time_entries: tuple[Activity, ...]


async def test_a_class_that_an_edit_makes_holds_records_that_count_hours(firm: Firm) -> None:
    """They are made anew of the record that was written."""
    entry = {"id": 1, "etag": '"a"', "type": "TimeEntry", "quantity": 0.5}
    task = {"id": 5, "etag": '"t"', "name": "x", "time_entries": [entry]}
    transport = MemoryTransport(lambda _: _answer({"data": task}))
    clio = Clio("token", base_url=BASE, transport=transport, api_version=OLD)
    found = await clio.tasks.edit(5, lambda _: {"name": "y"}, fields=Done)
    assert [HALF] == [one.duration for one in found.time_entries]


async def _answer(body: Any) -> Response:
    return Response(200, body=json.dumps(body).encode())


def test_what_a_record_counts_survives() -> None:
    """A pickle, a copy; to_dict has the number as it is, and what is made of that counts what the models do."""
    entry = count_hours(Activity(type="TimeEntry", quantity=Decimal("0.5")))
    for same in (entry, pickle.loads(pickle.dumps(entry)), copy.copy(entry), copy.deepcopy(entry)):
        assert (HALF, entry) == (same.duration, same)
    plain = Activity(type="TimeEntry", quantity=Decimal("0.5"))
    assert timedelta(seconds=0.5) == plain.duration == pickle.loads(pickle.dumps(plain)).duration
    assert timedelta(seconds=0.5) == Activity.from_dict(entry.to_dict()).duration
    assert 3 == count_hours(3)


@pytest.mark.parametrize(
    "ask",
    [
        lambda clio, number: clio.activities.get(number, fields=Entry),
        lambda clio, number: clio.activities.list(fields=Entry).first(),
        lambda clio, number: clio.activities.create(type="TimeEntry", date="2026-01-02", fields=Entry),
        lambda clio, number: clio.activities.update(number, note="x", fields=Entry),
        lambda clio, number: clio.timer.get(fields=Running),
        lambda clio, number: clio.activities.edit(number, lambda _: {"note": "x"}, fields=Entry),
    ],
    ids=["get", "list", "create", "update", "within", "edit"],
)
async def test_a_class_with_a_time_is_refused_before_anything_is_sent(
    firm: Firm, ask: Callable[[Clio, int], Any]
) -> None:
    """It would take hours for seconds; under a newer version it is right."""
    with pytest.raises(InvalidArgument, match=r"Entry\.quantity cannot be a timedelta: in version 4\.0\.3"):
        await ask(firm.old, firm.number)
    assert [] == firm.simulator.entries()
    with suppress(NotFound):  # no timer is running
        await ask(firm.new, firm.number)
    assert firm.simulator.entries()


async def test_a_class_with_numbers_or_hours_is_read_in_every_version(firm: Firm) -> None:
    """Numbers are as they are; lines of bills have always counted hours."""
    assert Decimal("0.5") == (await firm.old.activities.get(firm.number, fields=Card)).quantity  # type: ignore[union-attr]
    assert await firm.old.activities.edit(firm.number, lambda _: {"note": "x"}, fields=Card)
    assert () == times_in_seconds("BillableMatter", _Unbilled)
    assert () == times_in_seconds("Activity", Activity)
    assert () == times_in_seconds("LineItem", _Line)
    assert ("Entry.quantity",) == times_in_seconds("Activity", Entry)


@frozen
class _Line:
    kind: str | None
    quantity: timedelta | None


@frozen
class _Unbilled:
    unbilled_hours: timedelta | None


async def test_texts_and_places_of_files_are_asked_for_as_ever(firm: Firm) -> None:
    """What has no records passes."""
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        assert firm.old.api_version == OLD
        await firm.old.activities.delete(firm.number)
    assert [ClioWarning] == [one.category for one in seen]
    assert "are right" in str(seen[0].message)
