"""Edits: what changed is written in one guarded request, others are merged with or told of, nothing is lost."""

from __future__ import annotations

import inspect
import json
import pickle
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from attrs import frozen

from clio_async import (
    BadRequest,
    ChangeIgnored,
    Clio,
    EditConflict,
    Forbidden,
    InvalidArgument,
    MemoryTransport,
    MissingETag,
    OutcomeUnknown,
    Policy,
    PreconditionFailed,
    PreconditionUnusable,
    RecordETag,
    Ref,
    Request,
    Response,
    UsageError,
)
from clio_async.resources.edits.edit import Edit, edit_by
from clio_async.resources.edits.subject import Subject
from clio_async.testing import Fault, Faults, Regime, Simulator

BASE = "http://localhost/api/v4"


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


class Office:
    """A simulated firm, a client, and somebody else who is faster than it."""

    def __init__(self, regime: Regime | None = None, **settings: Any) -> None:
        sizes = {"matters": 6, "contacts": 6, "tasks": 4, "users": 3}
        self.simulator = Simulator(regime=regime or Regime(), **sizes)
        self.before_write: Iterator[Callable[[], object]] = iter(())
        self.bodies: list[Any] = []
        self.queries: list[str] = []
        clock = {"clock": settings["clock"]} if "clock" in settings else {}
        transport = MemoryTransport(self._carry, **clock)
        self.clio = Clio(self.simulator.token(), base_url=BASE, transport=transport, random=lambda: 0.0, **settings)
        self._seen = 0

    async def _carry(self, request: Request) -> Response:
        if request.method == "PATCH":
            next(self.before_write, lambda: None)()
            self.queries.append(request.url.partition("?")[2])
            self.bodies.append(json.loads(request.body or b"{}")["data"])
        return await self.simulator.handler(request)

    def meanwhile(self, *acts: Callable[[], object]) -> None:
        """Let somebody else act just before each of the next writes arrives."""
        self.before_write = iter(acts)

    def calls(self) -> list[str]:
        """Return the methods and statuses of what was sent since the last time."""
        entries = self.simulator.entries()
        found = [f"{entry.method} {entry.status}" for entry in entries[self._seen :]]
        self._seen = len(entries)
        return found

    def matter(self, **changes: Any) -> Callable[[], object]:
        return lambda: self.simulator.change("matters", 1, **changes)


async def block(edit: Any, *acts: Callable[[Any], Any]) -> Any:
    """Do something in the block of an edit, and return the record as it was written."""
    async with edit:
        for act in acts:
            found = act(edit)
            if inspect.isawaitable(found):
                await found
    return edit.result


@pytest.fixture
def office() -> Office:
    return Office()


@frozen
class Card:
    id: int
    etag: RecordETag
    description: str
    client: Ref | None


@frozen
class Entry:
    id: int
    etag: RecordETag
    note: str | None


# -- the block ----------------------------------------------------------------------------------------------------


async def test_one_request_holds_what_changed_and_the_tag_of_the_record(office: Office) -> None:
    """What is set to what it is already is not sent."""
    async with office.clio.matters.edit(1) as edit:
        edit.set(description="Lease", client=edit.record.client)
        edit.set(location="Berlin", billable=edit.record.billable, open_date=edit.record.open_date)
        edit.set(location="Bonn")
    assert [{"description": "Lease", "location": "Bonn"}] == office.bodies
    assert ["GET 200", "PATCH 200"] == office.calls()
    assert ("Lease", "Bonn") == (edit.result.description, edit.result.location)
    assert "Lease" == (await office.clio.matters.get(1)).description


async def test_nothing_is_sent_where_nothing_changed(office: Office) -> None:
    """The result is the record as it was read."""
    async with office.clio.matters.edit(1) as edit:
        edit.set(description=edit.record.description)
    assert edit.record == edit.result
    async with office.clio.matters.edit(1) as edit:
        pass
    assert edit.record == edit.result
    assert [] == office.bodies


async def test_an_exception_in_the_block_writes_nothing(office: Office) -> None:
    """And comes out as it is."""
    edit = office.clio.matters.edit(1)
    with pytest.raises(ZeroDivisionError):
        await block(edit, lambda edit: edit.set(description="half"), lambda _: 1 / 0)
    assert ["GET 200"] == office.calls()
    with pytest.raises(UsageError, match="until then there is no result"):
        _ = edit.result


async def test_an_edit_is_made_within_its_one_block(office: Office) -> None:
    """Before there is nothing to edit, and afterwards it is written."""
    edit = office.clio.matters.edit(1)
    for call in (lambda: edit.set(description="x"), lambda: edit.set_custom_fields({}), lambda: edit.record):
        with pytest.raises(UsageError, match=r"has begun|begins"):
            call()
    async with edit:
        pass
    with pytest.raises(UsageError, match="within its block"):
        edit.set(description="x")
    with pytest.raises(UsageError, match="one block"):
        await edit.__aenter__()
    assert "<edit of /matters/1.json>" == repr(edit)


async def test_a_mistake_is_told_where_it_is_made(office: Office) -> None:
    """Not at the end of the block."""
    async with office.clio.matters.edit(1) as edit:
        with pytest.raises(InvalidArgument, match="descripton"):
            edit.set(descripton="x")  # type: ignore[call-arg]
    for attempts in (0, True, "3"):
        with pytest.raises(InvalidArgument, match="attempts"):
            Edit(office.clio.matters, 1, None, attempts)  # type: ignore[arg-type]
    assert [] == office.bodies


async def test_a_class_of_the_callers_is_given_and_everything_is_read_that_the_edit_needs(office: Office) -> None:
    """Attributes that it does not show are compared all the same: the default selection is read, too."""
    async with office.clio.matters.edit(1, fields=Card) as edit:
        assert isinstance(edit.record, Card)
        office.matter(location="moved")()
        edit.set(description="Lease")
    assert isinstance(edit.result, Card)
    assert "Lease" == edit.result.description
    assert edit.record.client is not None
    assert edit.record.client.name
    with pytest.raises(EditConflict) as caught:
        await block(
            office.clio.matters.edit(1, fields=Card),
            lambda edit: edit.set(location="mine"),
            lambda _: office.matter(location="theirs")() and None,
        )
    assert (Card, Card, Card) == (type(caught.value.base), type(caught.value.theirs), type(caught.value.current))


async def test_names_may_be_a_list_with_what_this_version_does_not_know(office: Office) -> None:
    """What is asked for is read together with what the edit needs."""
    async with office.clio.matters.edit(1, fields=["id", "client{name}"]) as edit:
        edit.set(description="Lease")
    assert edit.result.client.name
    assert "Lease" == edit.result.description


# -- others -------------------------------------------------------------------------------------------------------


async def test_what_others_changed_elsewhere_stays(office: Office) -> None:
    """412: the record that the refusal came with is merged, and written with its tag."""
    office.meanwhile(office.matter(location="theirs"))
    async with office.clio.matters.edit(1) as edit:
        edit.set(description="mine")
    assert ("mine", "theirs") == (edit.result.description, edit.result.location)
    assert ["GET 200", "PATCH 412", "GET 200", "PATCH 200"] == office.calls()


async def test_what_they_did_already_is_not_done_again(office: Office) -> None:
    """Both wanted the same: nobody is told of a conflict, and nothing is sent twice."""
    office.meanwhile(office.matter(description="same", location="theirs"))
    async with office.clio.matters.edit(1) as edit:
        edit.set(description="same")
    assert ["GET 200", "PATCH 412", "GET 200"] == office.calls()
    assert ("same", "theirs") == (edit.result.description, edit.result.location)


@pytest.mark.parametrize(
    ("resource", "mine", "theirs", "names"),
    [
        ("matters", {"description": "mine"}, {"description": "theirs"}, ("description",)),
        ("matters", {"client": {"id": 2}}, {"client": {"id": 3}}, ("client",)),
        ("matters", {"open_date": "2026-01-02"}, {"status": "Closed"}, ("open_date", "status")),
        ("tasks", {"due_at": "2026-01-02"}, {"due_at": "2026-01-03"}, ("due_at",)),
    ],
)
async def test_what_they_decided_otherwise_is_a_conflict(
    office: Office, resource: str, mine: dict[str, Any], theirs: dict[str, Any], names: tuple[str, ...]
) -> None:
    """The error names what collides, and holds the three; nothing is written; it pickles, and tells no value."""
    office.simulator.change("matters", 1, client={"id": 1})
    office.meanwhile(lambda: office.simulator.change(resource, 1, **theirs))
    with pytest.raises(EditConflict, match="changed since it was read, in what this edit changes") as caught:
        async with getattr(office.clio, resource).edit(1) as edit:
            edit.set(**mine)
    error = caught.value
    assert set(names) <= set(error.fields)
    assert (mine, edit.record, 412) == (error.mine, error.base, error.status)
    assert error.theirs == error.current != error.base
    assert ["GET 200", "PATCH 412", "GET 200"] == office.calls()
    copy = pickle.loads(pickle.dumps(error))
    assert (error.fields, error.base, error.theirs) == (copy.fields, copy.base, copy.theirs)
    assert not any(str(value) in str(error) for value in mine.values() if isinstance(value, str))


async def test_a_rate_is_never_merged(office: Office) -> None:
    """Whoever sets a price has seen the record as a whole: any change is a conflict."""
    activity = office.simulator.add("activities", type="TimeEntry", quantity=3600, price=100, date="2026-01-02")
    office.meanwhile(lambda: office.simulator.change("activities", activity, reference="theirs"))
    with pytest.raises(EditConflict) as caught:
        async with office.clio.activities.edit(activity) as edit:
            edit.set(price=200)
    assert ("price",) == caught.value.fields


async def test_who_is_too_slow_each_time_is_told_so(office: Office) -> None:
    """After the attempts that were asked for; each but the second reads anew."""
    office.meanwhile(*[office.matter(location=str(number)) for number in range(9)])
    with pytest.raises(EditConflict, match="each of 3 attempts") as caught:
        await block(Edit(office.clio.matters, 1, None, 3), lambda edit: edit.set(description="mine"))
    assert ["GET 200", *["PATCH 412", "GET 200"] * 2, "GET 304", "PATCH 412", "GET 200"] == office.calls()
    assert (("description",), {"description": "mine"}) == (caught.value.fields, caught.value.mine)
    assert ("2", 412) == (caught.value.theirs.location, caught.value.status)


async def test_a_refusal_without_the_record_is_told_as_it_is(office: Office) -> None:
    """There is nothing to merge with if it could not be read."""

    def gone() -> None:
        office.matter(location="theirs")()
        office.simulator.faults = Faults.scripted([None, *[Fault.status(403)] * 3])

    office.meanwhile(gone)
    with pytest.raises(PreconditionFailed) as caught:
        async with office.clio.matters.edit(1) as edit:
            edit.set(description="mine")
    assert (PreconditionFailed, None) == (type(caught.value), caught.value.current)


# -- collections --------------------------------------------------------------------------------------------------


async def test_a_collection_is_read_again_just_before_it_is_written(office: Office) -> None:
    """The tag does not guard it. What others have added or changed meanwhile stays."""
    person = await office.clio.contacts.get(1, fields="id,etag,email_addresses{id,name,address}")
    row = person.email_addresses[0]
    async with office.clio.contacts.edit(1) as edit:
        edit.set(
            email_addresses=[{"id": row.id, "address": "new@firm.test"}, {"name": "Work", "address": "a@firm.test"}]
        )
    assert ["GET 200", "GET 200", "GET 200", "PATCH 200"] == office.calls()
    assert ["new@firm.test", "a@firm.test"] == [
        one.address for one in edit.result.email_addresses if one.id == row.id or one.name == "Work"
    ]


@pytest.mark.parametrize("children_move_tag", [False, True])
async def test_a_row_that_somebody_else_changed_is_a_conflict_and_another_is_none(children_move_tag: bool) -> None:
    """One row is decided on as a whole, whether or not it moves the tag of its record."""
    office = Office(Regime(children_move_tag=children_move_tag))
    first = await office.clio.contacts.get(1, fields="id,etag,email_addresses{id,name,address}")
    one, two = first.email_addresses[:2]
    fields = "id,etag,email_addresses{id,name,address}"
    rows = [{"id": one.id, "name": one.name, "address": one.address}, {"id": two.id, "name": "Other"}]

    async def theirs(*changed: dict[str, Any]) -> None:
        await office.clio.contacts.update(1, email_addresses=[*changed])

    with pytest.raises(EditConflict, match=rf"email_addresses\[{one.id}\]") as caught:
        await block(
            office.clio.contacts.edit(1, fields=fields),
            lambda edit: edit.set(email_addresses=[{"id": one.id, "address": "mine@firm.test"}]),
            lambda _: theirs({"id": one.id, "name": "Theirs"}),
        )
    assert ("email_addresses",) == caught.value.fields
    async with office.clio.contacts.edit(1, fields=fields) as edit:
        edit.set(email_addresses=[*rows[:1], {"id": one.id, "address": "mine@firm.test"}][1:])
        await theirs({"id": two.id, "name": "Theirs"}, {"address": "added@firm.test"})
    found = {row.address: row.name for row in edit.result.email_addresses}
    assert {"mine@firm.test": "Theirs", two.address: "Theirs"}.items() <= found.items()
    assert "added@firm.test" in found
    async with office.clio.contacts.edit(1, fields=fields) as edit:
        edit.set(email_addresses=[{"id": two.id, "_destroy": True}])
        await theirs({"id": two.id, "_destroy": True})
    assert two.id not in {row.id for row in edit.result.email_addresses}
    with pytest.raises(EditConflict):
        await block(
            office.clio.contacts.edit(1, fields=fields),
            lambda edit: edit.set(email_addresses=[{"id": one.id, "address": "again@firm.test"}]),
            lambda _: theirs({"id": one.id, "_destroy": True}),
        )


async def test_what_the_base_does_not_show_is_as_it_is_read_just_before(office: Office) -> None:
    """A row that was not read may be changed although somebody has changed something else of the record meanwhile."""
    row = (await office.clio.contacts.get(1, fields="id,email_addresses{id,name}")).email_addresses[0]
    async with office.clio.contacts.edit(1) as edit:
        edit.set(email_addresses=[{"id": row.id, "name": "Mine"}])
        office.simulator.change("contacts", 1, title="theirs")
    assert ("theirs", "Mine") == (edit.result.title, edit.result.email_addresses[0].name)


async def test_an_edit_reads_what_is_there_also_where_older_answers_would_do() -> None:
    """Row F25: freshness that was opted into does not decide what is written."""
    office = Office(policy=Policy(fresh_for={"contacts": 300}))
    row = (await office.clio.contacts.get(1, fields="id,etag,email_addresses{id,name}")).email_addresses[0]
    wanted = [{"id": row.id, "name": row.name}]
    await block(office.clio.contacts.edit(1), lambda edit: edit.set(email_addresses=wanted))
    other = Clio(office.simulator.token(), base_url=BASE, transport=MemoryTransport(office.simulator.handler))
    await other.contacts.update(1, email_addresses=[{"id": row.id, "name": "Theirs"}])
    await block(office.clio.contacts.edit(1), lambda edit: edit.set(email_addresses=wanted))
    assert [{"email_addresses": wanted}] == office.bodies
    seen: list[Any] = []
    office.simulator.change("contacts", 1, title="theirs")
    await office.clio.contacts.edit(1, lambda contact: seen.append(contact.title) or {})
    assert ["theirs"] == seen


async def test_of_several_rows_only_those_that_change_are_sent(office: Office) -> None:
    """A row that is as it is wanted is left out, and with it the name if no other is left."""
    person = await office.clio.contacts.get(1, fields="id,etag,email_addresses{id,name,address}")
    one, two = person.email_addresses[:2]
    async with office.clio.contacts.edit(1) as edit:
        edit.set(email_addresses=[{"id": one.id, "name": one.name}, {"id": two.id, "name": "Other"}])
    async with office.clio.contacts.edit(1) as edit:
        edit.set(email_addresses=[{"id": one.id, "name": one.name}])
    assert [{"email_addresses": [{"id": two.id, "name": "Other"}]}] == office.bodies


# -- custom fields ------------------------------------------------------------------------------------------------


async def test_custom_fields_are_set_by_name(office: Office) -> None:
    """What the record has of them is read just before, and what is so already is not sent."""
    clio = office.clio
    for name in ("Status", "Court"):
        await clio.custom_fields.create(name=name, parent_type="Matter", field_type="text_line")
    office.calls()
    async with clio.matters.edit(1) as edit:
        edit.set_custom_fields({"Status": "Won"})
        edit.set_custom_fields({"Court": "High"})
    assert ["GET 200", "GET 200", "GET 200", "PATCH 200"] == office.calls()  # the definitions are the third
    row = next(row for row in edit.result.custom_field_values if row.field_name == "Status")
    async with clio.matters.edit(1) as edit:
        edit.set_custom_fields({"Status": "Won"})
    async with clio.matters.edit(1) as edit:
        edit.set_custom_fields({"Status": "Lost"})
        edit.set(description="x", custom_field_values=[{"id": row.id, "value": "Won"}])
    assert [["Won", "High"], ["Lost"]] == [
        [one["value"] for one in body["custom_field_values"] if one["value"] != "Won" or "id" not in one]
        for body in office.bodies
    ]
    found = await clio.matters.get(1, fields=["custom_field_values{field_name,value}"])
    assert "Lost" in [one.value for one in found.custom_field_values if one.field_name == "Status"]


async def test_a_custom_field_that_somebody_else_set_is_a_conflict(office: Office) -> None:
    """If the record that was read shows the values: to create a second one, or overwrite theirs, would lose theirs."""
    clio = office.clio
    await clio.custom_fields.create(name="Status", parent_type="Matter", field_type="text_line")
    fields = "id,etag,custom_field_values{id,value}"

    async def set_to(value: str) -> None:
        matter = await clio.matters.get(2, fields="id")
        values = await clio.matters.custom_field_changes(matter, {"Status": value})
        await clio.matters.update(2, custom_field_values=values)

    def mine(edit: Any) -> None:
        edit.set_custom_fields({"Status": "Won"})

    with pytest.raises(EditConflict) as caught:
        await block(clio.matters.edit(2, fields=fields), mine, lambda _: set_to("Lost"))
    assert ("custom_field_values",) == caught.value.fields
    found = await block(clio.matters.edit(2, fields=fields), mine, lambda _: set_to("Won"))
    assert "Won" in [row.value for row in found.custom_field_values]
    office.bodies.clear()
    await block(clio.matters.edit(3), lambda edit: edit.set_custom_fields({"Status": None}))
    assert [] == office.bodies


async def test_only_records_that_have_custom_fields_take_them(office: Office) -> None:
    """And they are a mapping."""
    async with office.clio.tasks.edit(1) as edit:
        with pytest.raises(UsageError, match="tasks have no custom fields"):
            edit.set_custom_fields({"Status": "Won"})  # type: ignore[attr-defined]
    async with office.clio.matters.edit(1) as edit:
        with pytest.raises(InvalidArgument, match="mapping"):
            edit.set_custom_fields(["Status"])  # type: ignore[arg-type]


# -- the function -------------------------------------------------------------------------------------------------


async def test_the_function_runs_again_with_what_others_have_made_of_it(office: Office) -> None:
    """412: the record that the refusal came with spares a read."""
    office.simulator.change("matters", 1, location="a")
    office.meanwhile(office.matter(location="b"))
    seen: list[Any] = []

    def moved(matter: Any) -> dict[str, Any]:
        seen.append(matter.location)
        return {"location": f"{matter.location} (moved)"}

    matter = await office.clio.matters.edit(1, moved)
    assert (["a", "b"], "b (moved)") == (seen, matter.location)
    assert ["GET 200", "PATCH 412", "GET 200", "PATCH 200"] == office.calls()
    assert isinstance(await office.clio.matters.edit(1, lambda card: {"description": "x"}, fields=Card), Card)


async def test_a_function_that_changes_nothing_sends_nothing(office: Office) -> None:
    """Neither an empty mapping nor what is so already."""
    for change in (lambda _: {}, lambda matter: {"description": matter.description}):
        await office.clio.matters.edit(1, change)
    assert [] == office.bodies


async def test_a_function_that_is_too_slow_each_time_is_told_so(office: Office) -> None:
    """With the record that the last one was made of, and the one that is there."""
    office.meanwhile(*[office.matter(location=str(number)) for number in range(9)])
    with pytest.raises(EditConflict, match="each of 2 attempts") as caught:
        await office.clio.matters.edit(1, lambda _: {"description": "mine"}, attempts=2)
    assert ("0", "1") == (caught.value.base.location, caught.value.theirs.location)


async def test_the_function_is_not_async(office: Office) -> None:
    """Others wait for it. Nothing is written, and no coroutine is left behind."""

    async def change(_matter: Any) -> dict[str, Any]:
        raise AssertionError

    class Awaitable:
        def __await__(self) -> Iterator[Any]:
            raise AssertionError

    for wrong in (change, lambda matter: change(matter), lambda _: Awaitable(), 5):
        with pytest.raises(InvalidArgument, match="coroutine function"):
            await edit_by(office.clio.matters, 1, wrong)  # type: ignore[arg-type]
    for result in (None, [("description", "x")], {1: "x"}):
        with pytest.raises(InvalidArgument, match="by name"):
            await office.clio.matters.edit(1, lambda _, result=result: result)
    assert [] == office.bodies


# -- update(on_conflict="merge") ----------------------------------------------------------------------------------


async def test_an_update_of_a_record_is_merged_with_what_others_changed(office: Office) -> None:
    """One request where nobody has; where somebody has, what does not collide is written again."""
    matter = await office.clio.matters.get(1)
    matter = await office.clio.matters.update(matter, on_conflict="merge", description="one")
    office.calls()
    office.matter(location="theirs")()
    found = await office.clio.matters.update(matter, on_conflict="merge", description="two")
    assert ("two", "theirs") == (found.description, found.location)
    assert ["PATCH 412", "GET 200", "PATCH 200"] == office.calls()
    with pytest.raises(EditConflict) as caught:
        await office.clio.matters.update(matter, on_conflict="merge", description="three")
    assert (matter, "two") == (caught.value.base, caught.value.theirs.description)


async def test_what_the_record_does_not_show_cannot_be_merged(office: Office) -> None:
    """Somebody may have changed it. The message says how to let it merge."""
    card = await office.clio.matters.get(1, fields=Card)
    office.matter(client_reference="theirs")()
    with pytest.raises(EditConflict, match="read it with fields= to let it merge") as caught:
        await office.clio.matters.update(card, on_conflict="merge", fields=Card, location="mine")
    assert (("location",), card) == (caught.value.fields, caught.value.base)
    merged = await office.clio.matters.update(card, on_conflict="merge", fields=Card, description="mine")
    assert "mine" == merged.description


async def test_a_merged_update_without_a_tag_is_refused_before_anything_is_sent(office: Office) -> None:
    """There is nothing to guard it by."""
    matter = await office.clio.matters.get(1, fields="description")
    bare = type(matter).from_dict({"id": 1, "description": "x"})
    office.calls()
    with pytest.raises(MissingETag):
        await office.clio.matters.update(bare, on_conflict="merge", description="y")
    assert [] == office.calls()


async def test_what_is_read_from_a_list_is_merged_from_a_list(office: Office) -> None:
    """Lines of bills cannot be read singly: they are read again by their ids, as often as it takes."""
    line = await office.clio.line_items.list().first()
    if line is None:
        pytest.fail("the simulated firm has no line of a bill")
    acts = [lambda n=n: office.simulator.change("line_items", line.id, note=str(n)) for n in range(3)]
    office.meanwhile(*acts)
    found = await office.clio.line_items.update(line, on_conflict="merge", description="mine")
    assert ("mine", "2") == (found.description, found.note)


# -- what goes wrong ----------------------------------------------------------------------------------------------


async def test_a_write_whose_answer_was_lost_is_found_to_be_done(office: Office) -> None:
    """Row F14: the record shows what was sent, so that it was written; nobody is told of a conflict with himself."""
    office.simulator.faults = Faults.scripted([None, Fault.lost_after(), Fault.lost_after()])
    async with office.clio.matters.edit(1, fields=Card) as edit:
        edit.set(description="mine")
    assert "mine" == edit.result.description
    assert isinstance(edit.result, Card)


async def test_an_outcome_that_cannot_be_told_comes_as_it_is(office: Office) -> None:
    """With the record as the caller wants it. A row without an id is never known to be one's own."""
    office.simulator.faults = Faults.scripted([None, None, *[Fault.lost_after()] * 1])
    with pytest.raises(OutcomeUnknown) as caught:
        async with office.clio.contacts.edit(1, fields="id,name") as edit:
            edit.set(email_addresses=[{"name": "Work", "address": "x@firm.test"}])
    assert 1 == caught.value.current.id


async def test_a_server_that_takes_no_form_of_a_tag_is_told_of() -> None:
    """Not as a conflict: nobody has changed anything."""
    office = Office(Regime(if_match="header", tag_form="weak"))
    with pytest.raises(PreconditionUnusable) as caught:
        async with office.clio.matters.edit(1, fields=Card) as edit:
            edit.set(description="mine")
    assert isinstance(caught.value.current, Card)


@pytest.mark.parametrize(
    "regime",
    [Regime(), Regime(if_match="header", tag_form="gzip"), Regime(if_match="both"), Regime(tag_form="weak")],
    ids=["body", "header", "both", "weak"],
)
async def test_edits_merge_whatever_form_of_a_tag_the_server_takes(regime: Regime) -> None:
    """The other form is tried, and remembered."""
    office = Office(regime)
    office.meanwhile(office.matter(location="theirs"))
    async with office.clio.matters.edit(1) as edit:
        edit.set(description="mine")
    assert ("mine", "theirs") == (edit.result.description, edit.result.location)


async def test_a_change_that_clio_ignores_is_told_of() -> None:
    """200, and it is as it was: the error holds the record as the caller wants it."""
    office = Office(Regime(billed_activity="ignored"))
    number = office.simulator.add("activities", type="TimeEntry", quantity=3600, price=100, date="2026-01-02")
    office.simulator.change("activities", number, billed=True)
    with pytest.raises(ChangeIgnored) as caught:
        async with office.clio.activities.edit(number, fields=Entry) as edit:
            edit.set(quantity=7200)
    assert (("quantity",), number) == (caught.value.fields, caught.value.record.id)  # type: ignore[attr-defined]
    assert isinstance(caught.value.record, Entry)


async def test_records_without_a_tag_are_not_edited(office: Office) -> None:
    """Nothing would tell that somebody else was faster."""
    with pytest.raises(MissingETag, match="have no etag"):
        await Edit(office.clio.my_events, 1).__aenter__()
    assert [] == office.calls()


async def test_what_a_server_refuses_of_fields_that_nobody_asked_for_is_left_out() -> None:
    """What the edit reads besides is no reason to fail; what the caller asks for is."""
    office = Office(Regime(refused_fields=frozenset({"Matter.location"})))
    with warnings.catch_warnings(record=True):
        warnings.simplefilter("always")
        async with office.clio.matters.edit(1, fields=Card) as edit:
            edit.set(description="mine")
        assert "mine" == edit.result.description
        with pytest.raises(BadRequest):
            await office.clio.matters.edit(1, fields="id,location").__aenter__()


async def test_who_is_refused_again_waits_longer_from_try_to_try(office: Office) -> None:
    """Not after the first time; then 50 ms at most, twice as long each time, two seconds at most."""
    asked: list[float] = []
    caller = office.clio

    class Patient(type(caller)):  # type: ignore[misc]
        def __init__(self) -> None:
            for name in [slot for cls in type(caller).__mro__ for slot in getattr(cls, "__slots__", ())]:
                if hasattr(caller, name) and name != "__weakref__":
                    object.__setattr__(self, name, getattr(caller, name))

        def bounded(self) -> Any:
            return self

        async def pause(self, longest: float) -> None:
            asked.append(longest)

    office.meanwhile(*[office.matter(location=str(number)) for number in range(9)])
    found = await edit_by(type(caller.matters)(Patient()), 1, lambda _: {"description": "mine"}, attempts=10)
    assert "mine" == found.description
    assert [0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 2.0, 2.0] == asked


# -- where the reading after a refusal fails --------------------------------------------------------------------------

DOWN = Fault(name="down", replace=lambda _: Response(503))
FORBIDDEN = Fault(name="forbidden", replace=lambda _: Response(403))


async def by_block(office: Office, **options: Any) -> Any:
    return await block(office.clio.matters.edit(1, **options), lambda edit: edit.set(description="mine"))


async def by_function(office: Office, **options: Any) -> Any:
    return await office.clio.matters.edit(1, lambda _: {"description": "mine"}, **options)


async def by_merge(office: Office) -> Any:
    office.simulator.faults = Faults.none
    matter = await office.clio.matters.get(1)
    office.simulator.faults = Faults.scripted(office.script[1:])
    return await office.clio.matters.update(matter, description="mine", on_conflict="merge")


def refused_once(*answers: Fault | None, **settings: Any) -> Office:
    """A read, a write that somebody else has come before, and then the answers of the next readings."""
    office = Office(retry=None, **settings)
    office.script = [None, None, *answers]  # type: ignore[attr-defined]
    office.simulator.faults = Faults.scripted(office.script)  # type: ignore[attr-defined]
    office.meanwhile(office.matter(location="theirs"))
    return office


@pytest.mark.parametrize("form", [by_block, by_function, by_merge])
@pytest.mark.parametrize("times", [1, 2, 5])
async def test_a_record_that_could_not_be_read_after_a_refusal_is_read_again(form: Any, times: int) -> None:
    """By the next attempt: that another has failed to say what is there is no reason to give up."""
    office = refused_once(*[DOWN] * times)
    found = await form(office)
    assert ("mine", "theirs") == (found.description, found.location)
    assert ["GET 200", "PATCH 412", *["GET 503"] * times, "GET 200", "PATCH 200"] == office.calls()


@pytest.mark.parametrize("form", [by_block, by_function])
async def test_readings_that_fail_are_attempts(form: Any) -> None:
    """The refusal comes out when they are used up: nothing was written, and nobody knows what is there."""
    office = refused_once(*[DOWN] * 9)
    with pytest.raises(PreconditionFailed, match=r"failed, too \(ServerError\)") as caught:
        await form(office, attempts=3)
    assert (PreconditionFailed, None) == (type(caught.value), caught.value.current)
    assert ["GET 200", "PATCH 412", "GET 503", "GET 503", "GET 503"] == office.calls()
    office = refused_once(DOWN)
    with pytest.raises(PreconditionFailed, match="failed, too"):
        await form(office, attempts=1)
    assert ["GET 200", "PATCH 412", "GET 503"] == office.calls()


@pytest.mark.parametrize("form", [by_block, by_function])
async def test_what_will_not_be_read_another_time_is_not_asked_for_again(form: Any) -> None:
    """Who may not read the record, will not the next time; what says so is the cause of the refusal that is raised."""
    office = refused_once(DOWN, FORBIDDEN)
    with pytest.raises(PreconditionFailed, match="failed, too") as caught:
        await form(office)
    assert ("Forbidden", None) == (type(caught.value.__cause__).__name__, caught.value.current)
    assert ["GET 200", "PATCH 412", "GET 503", "GET 403"] == office.calls()


@pytest.mark.parametrize("form", [by_block, by_function])
async def test_a_reading_that_fails_after_another_refusal_is_an_attempt_too(form: Any) -> None:
    """What was read at the first refusal is of no use any more; an error that stays is told as it is."""
    office = refused_once(None, None, None, DOWN)
    office.meanwhile(office.matter(location="theirs"), office.matter(location="again"))
    found = await form(office)
    assert ("mine", "again") == (found.description, found.location)
    assert [*["GET 200", "PATCH 412"], "GET 200", "PATCH 412", "GET 200", "GET 503", "GET 304", "PATCH 200"] == (
        office.calls()
    )
    office = refused_once(None, None, None, FORBIDDEN)
    office.meanwhile(office.matter(location="theirs"), office.matter(location="again"))
    with pytest.raises(Forbidden):
        await form(office)
    office = refused_once(None, None, None, DOWN)
    office.meanwhile(office.matter(location="theirs"), office.matter(location="again"))
    with pytest.raises(EditConflict, match="each of 3 attempts"):
        await form(office, attempts=3)


@pytest.mark.parametrize("form", [by_block, by_function])
async def test_when_the_time_is_over_nothing_more_is_read(form: Any) -> None:
    """The deadline is that of the edit: the refusal is raised, and no attempt is made that could not be sent."""
    now = [0.0]

    def late(_: Response) -> Response:
        now[0] += 61
        return Response(503)

    office = refused_once(Fault(name="late", replace=late), clock=lambda: now[0])
    with pytest.raises(PreconditionFailed, match="failed, too") as caught:
        await form(office)
    assert isinstance(caught.value.__cause__, TimeoutError)
    assert ["GET 200", "PATCH 412", "GET 503"] == office.calls()


async def test_what_can_be_read_in_a_list_alone_is_not_read_again(office: Office) -> None:
    """Lines of bills are not read singly: the refusal is raised as it is."""
    line = await office.clio.line_items.list().first()
    assert line is not None
    subject = Subject[Any](office.clio.line_items, line, None)
    refused = PreconditionFailed("refused", status=412)
    change = subject.change({"description": "mine"})
    with pytest.raises(PreconditionFailed) as caught:
        await subject.latest(refused, change, 1)
    assert refused is caught.value
    refused.current = line
    assert line is await subject.latest(refused, change, 3)


# -- what others have set that the caller did not ask for -------------------------------------------------------------


@pytest.mark.parametrize("fields", [None, "id,etag,custom_field_values{id,value,custom_field}"])
async def test_custom_fields_that_were_not_asked_for_are_not_overwritten(fields: str | None) -> None:
    """That somebody else has set them during the block is noticed, whatever `fields` says."""
    office = Office()
    number = office.simulator.add("custom_fields", name="Court", parent_type="Matter", field_type="text_line")
    office.simulator.change("matters", 1, custom_field_values=[{"custom_field": {"id": number}, "value": "first"}])
    edit = office.clio.matters.edit(1, fields=fields)

    def theirs(_: Any) -> None:
        shown = office.simulator.record("matters", 1, fields="custom_field_values{id,value,custom_field}")
        row = next(one for one in shown["custom_field_values"] if one["custom_field"]["id"] == number)
        office.simulator.change("matters", 1, custom_field_values=[{"id": row["id"], "value": "theirs"}])

    changing = block(edit, lambda edit: edit.set_custom_fields({number: "mine"}), theirs)
    with pytest.raises(EditConflict, match="custom_field_values"):
        await changing


async def test_an_update_that_is_merged_keeps_what_was_asked_for_besides(office: Office) -> None:
    """The unchecked parts of the query and the body are sent each time, as far as they are still to be."""
    matter = await office.clio.matters.get(1)
    office.meanwhile(office.matter(location="theirs"))
    await office.clio.matters.update(
        matter,
        on_conflict="merge",
        description="mine",
        extra_query={"new_filter": "x"},
        extra_json={"new_name": 5, "client_reference": matter.client_reference},
    )
    first, second = office.bodies
    assert {"description": "mine", "new_name": 5, "client_reference": matter.client_reference} == first
    assert {"description": "mine", "new_name": 5} == second
    assert 2 == sum("new_filter=x" in query for query in office.queries)


async def test_an_answer_without_the_tag_is_not_edited(office: Office) -> None:
    """Before the block begins."""

    def without(response: Response) -> Response:
        body = json.loads(response.body)
        del body["data"]["etag"]
        return Response(response.status, response.headers, json.dumps(body).encode())

    office.simulator.faults = Faults.scripted([Fault(name="untagged", replace=without)])
    with pytest.raises(MissingETag):
        async with office.clio.matters.edit(1):
            raise AssertionError
