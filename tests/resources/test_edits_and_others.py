"""Edits, others who change the same rows or custom fields meanwhile, and edits of this process that wait for others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any, TypeAlias

import anyio
import pytest
from attrs import frozen

from clio_async import (
    EditConflict,
    FieldsRefused,
    NotSentTimeout,
    RecordETag,
    Request,
    ServerError,
    UnknownAttribute,
    UnprocessableEntity,
    UsageError,
)
from clio_async.resources.edits.attempts import _row_of
from clio_async.resources.edits.edit import Edit
from clio_async.resources.edits.subject import Subject
from clio_async.testing import Fault, Faults, Regime

from .test_edits import Card, Office, block


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def office() -> Office:
    return Office()


Act: TypeAlias = Callable[[Any], Any]


@frozen
class Named:
    id: int
    etag: RecordETag
    name: str


@frozen
class Slot:
    id: int | str
    etag: RecordETag
    start_at: dt.datetime | None


# -- what others have done to rows and custom fields ------------------------------------------------------------------

CHOSEN = [None, "id,etag", "id,etag,custom_field_values{id,value,custom_field}", Card]


def court(office: Office, *values: str) -> int:
    """Define a custom field; set it for the first matter if a value is given."""
    number = office.simulator.add("custom_fields", name="Court", parent_type="Matter", field_type="text_line")
    for value in values:
        office.simulator.change("matters", 1, custom_field_values=[{"custom_field": {"id": number}, "value": value}])
    return number


def values_of(office: Office, number: int) -> list[Any]:
    """Return what the rows of that custom field are, with their ids."""
    shown = office.simulator.record("matters", 1, fields="custom_field_values{id,value,custom_field}")
    return [(row["id"], row["value"]) for row in shown["custom_field_values"] if row["custom_field"]["id"] == number]


def set_court(office: Office, number: int, value: str | None) -> None:
    """Let somebody else set it, or clear it."""
    rows = [{"id": key, "_destroy": True} if value is None else {"id": key} for key, _ in values_of(office, number)]
    row = (rows or [{"custom_field": {"id": number}}])[0]
    office.simulator.change("matters", 1, custom_field_values=[row if value is None else {**row, "value": value}])


@pytest.mark.parametrize("fields", CHOSEN)
@pytest.mark.parametrize("before", [(), ("first",)])
async def test_who_sets_the_same_custom_field_is_noticed(fields: Any, before: tuple[str, ...]) -> None:
    """Whatever the edit asks for, and whether or not the record had a value. Theirs stays."""
    office = Office(Regime(children_move_tag=False))
    number = court(office, *before)
    with pytest.raises(EditConflict, match="custom_field_values"):
        await block(
            office.clio.matters.edit(1, fields=fields),
            lambda edit: edit.set_custom_fields({number: "mine"}),
            lambda _: set_court(office, number, "theirs"),
        )
    assert ["theirs"] == [value for _, value in values_of(office, number)]


@pytest.mark.parametrize("mine", ["mine", "first", None])
async def test_who_clears_the_same_custom_field_is_noticed(mine: str | None) -> None:
    """To add it again would undo that. To clear it, too, is what they did; to leave it as it was is nothing."""
    office = Office(Regime(children_move_tag=False))
    number = court(office, "first")
    changing = block(
        office.clio.matters.edit(1),
        lambda edit: edit.set_custom_fields({number: mine}),
        lambda _: set_court(office, number, None),
    )
    if mine == "mine":
        with pytest.raises(EditConflict, match="custom_field_values"):
            await changing
    else:
        await changing
    assert ([], []) == (values_of(office, number), office.bodies)


def test_an_empty_value_that_is_gone_was_not_cleared() -> None:
    """It had been nothing before: the field is set for the first time."""
    added = {"custom_field": {"id": 7}, "value": "mine"}
    for value, expected in ((None, added), ("first", {"id": "text_line-1", "value": "mine"})):
        held = SimpleNamespace(id="text_line-1", value=value, custom_field=SimpleNamespace(id=7))
        assert expected == _row_of(SimpleNamespace(custom_field_values=[held]), added)


def test_the_rows_that_an_edit_reads_are_those_that_it_may_change(office: Office) -> None:
    """What can be added alone, and by no id be told of, is not among them."""
    rows = {
        "custom_field_set_associations",
        "custom_field_values",
        "kyc_field_values",
        "relationships",
        "split_invoice_payers",
    }
    assert rows == {*Subject[Any](office.clio.matters, 1, None).rows}


@pytest.mark.parametrize("fields", [None, "id,etag", Named, ["id", "etag", "email_addresses{id}"]])
async def test_who_changes_the_same_row_is_noticed(fields: Any) -> None:
    """Whatever the edit asks for; other rows are others' to change. One request shows what may collide."""
    office = Office(Regime(children_move_tag=False))
    shown = office.simulator.record("contacts", 1, fields="email_addresses{id}")["email_addresses"]
    mine, other = (row["id"] for row in shown[:2])

    def theirs(number: int) -> Act:
        row = {"id": number, "address": "theirs@firm.test"}
        return lambda _: office.simulator.change("contacts", 1, email_addresses=[row])

    changing: Act = lambda edit: edit.set(email_addresses=[{"id": mine, "address": "mine@firm.test"}])  # noqa: E731
    office.calls()
    with pytest.raises(EditConflict, match=rf"email_addresses\[{mine}\]"):
        await block(office.clio.contacts.edit(1, fields=fields), changing, theirs(mine))
    assert ["GET 200", "GET 200"] == office.calls()
    found = await block(office.clio.contacts.edit(1, fields=fields), changing, theirs(other))
    assert (fields is Named) == isinstance(found, Named)
    rows = office.simulator.record("contacts", 1, fields="email_addresses{id,address}")["email_addresses"]
    expected = {mine: "mine@firm.test", other: "theirs@firm.test"}
    assert expected.items() <= {row["id"]: row["address"] for row in rows}.items()


async def test_rows_that_a_server_refuses_are_not_read() -> None:
    """As with anything that nobody has asked for: the edit goes on without."""
    office = Office(Regime(refused_fields=frozenset({"Contact.email_addresses"})))
    with pytest.warns(FieldsRefused, match="email_addresses"):
        async with office.clio.contacts.edit(1) as edit:
            edit.set(title="Judge")
    assert [{"title": "Judge"}] == office.bodies
    with pytest.raises(AttributeError):
        _ = edit.record.email_addresses


def refused_if_added_twice(office: Office, number: int, *values: str | None) -> None:
    """Let somebody else set the custom field, or clear it, just before each of the next writes arrives."""
    office.meanwhile(*[lambda value=value: set_court(office, number, value) for value in values])


@pytest.mark.parametrize("theirs", ["theirs", "mine"])
async def test_who_sets_a_custom_field_first_is_told_of(theirs: str) -> None:
    """A second value of it is refused (422): what is there is read, and it is a conflict, or what is wanted."""
    office = Office(Regime(children_move_tag=False))
    number = court(office)
    refused_if_added_twice(office, number, theirs)
    changing = block(office.clio.matters.edit(1), lambda edit: edit.set_custom_fields({number: "mine"}))
    if theirs == "mine":
        found = await changing
        assert "mine" in [row.value for row in found.custom_field_values]
    else:
        with pytest.raises(EditConflict, match="custom_field_values"):
            await changing
    assert "PATCH 422" in office.calls()
    assert [theirs] == [value for _, value in values_of(office, number)]


@pytest.mark.parametrize(("attempts", "broken"), [(20, False), (20, True), (1, True)])
async def test_a_refusal_that_nobody_else_explains_comes_as_it_is(attempts: int, broken: bool) -> None:
    """What would be sent then is the same, or the record cannot be read; or this was the last attempt."""
    office = Office(retry=None)
    number = court(office)
    refusing = Faults.when(lambda request: request.method == "PATCH", Fault.status(422), times=None)
    unreadable = Faults.when(lambda request: request.method == "GET" and broken, Fault.status(503), times=None)
    office.simulator.faults = refusing
    office.meanwhile(lambda: setattr(office.simulator, "faults", both(refusing, unreadable)))
    editing = Edit[Any](office.clio.matters, 1, None, attempts)
    with pytest.raises(UnprocessableEntity) as caught:
        await block(editing, lambda edit: edit.set_custom_fields({number: "mine"}))
    read = broken and attempts > 1
    assert (1, read) == (len(office.bodies), isinstance(caught.value.__cause__, ServerError))


@pytest.mark.parametrize("had", [False, True])
async def test_a_refusal_of_what_adds_no_custom_field_comes_as_it_is(had: bool) -> None:
    """There is nothing that somebody else could have added: nothing more is read."""
    office = Office()
    number = court(office, "first")
    office.simulator.faults = Faults.when(lambda request: request.method == "PATCH", Fault.status(422))

    def act(edit: Any) -> None:
        if had:
            edit.set_custom_fields({number: "mine"})
        else:
            edit.set(location="Bonn")

    with pytest.raises(UnprocessableEntity):
        await block(office.clio.matters.edit(1), act)
    assert "PATCH 422" == office.calls()[-1]


def both(*plans: Any) -> Any:
    """Return a plan of the first fault that any of them has."""

    def plan(index: int, request: Request) -> Fault | None:
        return next((found for one in plans if (found := one(index, request))), None)

    return plan


async def test_half_of_what_belongs_together_is_not_merged(office: Office) -> None:
    """An update that is merged may be of a record that does not show the rest; somebody may have changed that."""
    times: dict[str, Any] = {"start_at": "2026-01-01T10:00:00Z", "end_at": "2026-01-01T11:00:00Z"}
    number = office.simulator.add("calendar_entries", summary="s", **times)
    entry = await office.clio.calendar_entries.get(number, fields=Slot)
    office.simulator.change("calendar_entries", number, end_at="2026-01-01T10:15:00Z")
    with pytest.raises(EditConflict, match=r"end_at.*read it with fields="):
        await office.clio.calendar_entries.update(
            entry, start_at=dt.datetime(2026, 1, 1, 10, 30, tzinfo=dt.UTC), on_conflict="merge", fields=Slot
        )


async def test_who_sets_custom_fields_like_attributes_is_told_how(office: Office) -> None:
    """By name they are set with a method of the edit."""
    with pytest.raises(UnknownAttribute, match=r"edit\.set_custom_fields\("):
        await office.clio.matters.edit(1, lambda _: {"custom_fields": {"Court": "High"}})
    with pytest.raises(UnknownAttribute, match=r"edit\.set_custom_fields\("):
        await block(office.clio.matters.edit(1), lambda edit: edit.set(custom_fields={"Court": "High"}))


# -- turns ------------------------------------------------------------------------------------------------------------


class Leaping:
    """A clock that stands still until it is told to leap at each look."""

    now = 0.0
    leaps = False

    def __call__(self) -> float:
        self.now += 100.0 * self.leaps
        return self.now


async def test_the_timeout_bounds_the_wait_for_others_in_this_process() -> None:
    """Whichever way it is edited. Nothing of it was sent but the reading."""
    slow, clock = anyio.Event(), Leaping()

    async def held(request: Request, call_next: Any) -> Any:
        if request.method == "PATCH":
            await slow.wait()
        return await call_next(request)

    waiting = Office(middleware=[held], clock=clock)
    clio = waiting.clio.options(timeout=60)
    matter = await clio.matters.get(1)
    leap: Act = lambda _: setattr(clock, "leaps", True)  # noqa: E731
    change: Act = lambda edit: edit.set(location="Berlin")  # noqa: E731
    forms: list[Callable[[], Awaitable[Any]]] = [
        lambda: block(clio.matters.edit(1), change, leap),
        lambda: clio.matters.edit(1, lambda _: {"location": "Berlin"}),
        lambda: clio.matters.update(matter, location="Berlin", on_conflict="merge"),
    ]

    async def first() -> None:
        async with waiting.clio.options(timeout=None).matters.edit(1) as edit:
            edit.set(location="Bonn")

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(first)
        await anyio.wait_all_tasks_blocked()
        for form in forms:
            with pytest.raises(NotSentTimeout, match=r"/matters/1\.json is being written by other edits"):
                await form()
        clock.leaps = False
        slow.set()
    assert ["Bonn"] == [body["location"] for body in waiting.bodies]
    turns = waiting.clio._core.turns
    assert 0 == len(turns)
    async with clio.turn("/matters/1.json"), clio.turn("/matters/2.json"):
        assert 2 == len(turns)


async def test_an_edit_within_the_write_of_an_edit_is_refused() -> None:
    """It would wait for itself."""

    async def nested(request: Request, call_next: Any) -> Any:
        if request.method == "PATCH":
            with pytest.raises(UsageError, match="would wait for itself"):
                await waiting.clio.matters.edit(1, lambda _: {"location": "Berlin"})
        return await call_next(request)

    waiting = Office(middleware=[nested])
    found = await waiting.clio.matters.edit(1, lambda _: {"location": "Bonn"})
    assert ("Bonn", 1) == (found.location, len(waiting.bodies))
