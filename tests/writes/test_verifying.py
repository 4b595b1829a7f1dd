"""`Options.verify`: what was written is read back, once, and what Clio has dropped is told."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from clio_async import ChangeIgnored, OutcomeUnknown, Ref, Request, frozen
from clio_async.testing import Fault, Faults, Regime
from clio_async.writes.verifying import widened

from .test_write import LOST, NO_RECORD, Bench, _json, record, scripted


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def verifying(regime: Regime | None = None) -> tuple[Bench, Any]:
    bench = Bench(regime)
    return bench, bench.clio.options(verify=True)


REGIMES = {
    name: regime
    for name, regime in Regime.every()
    if name.split("=")[0] in {"default", "tag_form", "if_match", "children_move_tag", "etag_on_write", "error_body"}
    or name.startswith(("null_association", "last_modified", "tag_scope"))
}


@pytest.mark.parametrize("name", REGIMES)
async def test_what_was_done_costs_one_request_more(name: str) -> None:
    """Values, associations and rows that were changed are there: nothing is told."""
    bench, clio = verifying(REGIMES[name])
    matter = await clio.matters.get(7)
    bench.begin()
    done = await clio.matters.update(matter, description="mine", responsible_attorney={"id": 2}, location="here")
    assert "mine" == done.description
    assert ["PATCH", "GET"] == bench.methods


async def test_an_association_that_clio_does_not_clear_is_told() -> None:
    """Null for an attorney is answered 200, and changes nothing."""
    bench, clio = verifying()
    bench.simulator.change("matters", 7, responsible_attorney={"id": 2})
    bench.begin()
    with pytest.raises(ChangeIgnored, match="responsible_attorney") as caught:
        await clio.matters.update(7, description="mine", extra_json={"responsible_attorney": None})
    assert ("responsible_attorney",) == caught.value.fields
    assert "mine" == caught.value.record.description == bench.now()
    again = pickle.loads(pickle.dumps(caught.value))
    assert (caught.value.fields, caught.value.record) == (again.fields, again.record)


async def test_without_the_option_nobody_is_told() -> None:
    """The control: 200, and nothing says that a part of it was dropped."""
    bench, _ = verifying()
    bench.simulator.change("matters", 7, responsible_attorney={"id": 2})
    bench.begin()
    await bench.clio.matters.update(7, extra_json={"responsible_attorney": None})
    assert ["PATCH"] == bench.methods
    assert 2 == bench.now("responsible_attorney")["id"]


async def test_a_name_that_clio_does_not_know_is_told() -> None:
    """F10 the other way round: what is sent under an unknown name is dropped in silence."""
    _, clio = verifying()
    with pytest.raises(ChangeIgnored) as caught:
        await clio.matters.update(7, description="mine", extra_json={"colour": "red"})
    assert ("colour",) == caught.value.fields


@pytest.mark.parametrize("names", ["name", "list"])
async def test_of_several_names_those_that_are_refused_are_told(names: Any) -> None:
    """Each refusal may name one."""
    _, clio = verifying(Regime(invalid_fields=names))
    with pytest.raises(ChangeIgnored) as caught:
        await clio.matters.update(7, extra_json={"colour": "red"})
    assert ("colour",) == caught.value.fields


REFUSAL = _json(400, {"error": {"type": "InvalidFields", "message": "Invalid fields"}})


async def test_a_refusal_that_names_nothing_tells_of_one_name_alone() -> None:
    """Asked for two, the server refuses one or both and does not say which: nothing is claimed of either."""
    written = record('"b"', description="mine")
    clio, seen = scripted(written, REFUSAL, written, written, REFUSAL, written)
    clio = clio.options(verify=True)
    with pytest.raises(ChangeIgnored) as caught:
        await clio.matters.update(7, extra_json={"colour": "red"})
    assert ("colour",) == caught.value.fields
    await clio.matters.update(7, extra_json={"colour": "red", "shape": "round"})
    assert ["PATCH", "GET", "GET"] * 2 == [request.method for request in seen]


@pytest.mark.parametrize(
    ("sent", "shown", "ignored"),
    [
        (True, True, False),
        (True, False, True),
        (2, 2, False),
        (2, 3, True),
        (None, 1, True),
        (1.5, 1.5, False),
        ("red", "rot", False),
        ([1], [2], False),
    ],
)
async def test_a_name_that_is_new_is_compared_as_far_as_it_goes(sent: Any, shown: Any, ignored: bool) -> None:
    """Numbers and truths are equal or not; a text may be written in another way by the server."""
    clio, _ = scripted(record('"b"'), record('"b"', colour=shown))
    updating = clio.options(verify=True).matters.update(7, extra_json={"colour": sent})
    if ignored:
        with pytest.raises(ChangeIgnored):
            await updating
    else:
        await updating


async def test_somebody_elses_write_in_between_is_not_taken_for_a_change_that_was_dropped() -> None:
    """The tag is another one than that of the answer: nothing is claimed."""
    bench, clio = verifying()

    def meddle(request: Request) -> bool:
        if request.method == "GET":
            bench.simulator.change("matters", 7, description="theirs")
        return False

    bench.simulator.faults = Faults.when(meddle, Fault.lost_after())
    assert "mine" == (await clio.matters.update(7, description="mine")).description


@pytest.mark.parametrize(
    ("resource", "sent", "before", "shown"),
    [
        ("activities", {"quantity": 420}, {"type": "TimeEntry", "quantity": 600}, {"quantity": 720}),
        ("activities", {"price": 10.004}, {"type": "ExpenseEntry", "price": 1}, {"price": 10}),
        ("matters", {"description": "x "}, {}, {"description": "x"}),
        ("matters", {"description": ""}, {"description": "x"}, {"description": None}),
        ("matters", {"description": "a\r\nb"}, {}, {"description": "a\nb"}),
        (
            "matters",
            {"custom_field_values": [{"id": "numeric-1", "value": 5}]},
            {},
            {"custom_field_values": [{"id": "numeric-1", "value": "5.0"}]},
        ),
    ],
)
async def test_what_was_written_in_another_way_was_not_dropped(
    resource: str, sent: Any, before: Any, shown: Any
) -> None:
    """Rounded to six minutes or to a cent, trimmed, or another kind of JSON value: it was done."""
    clio, _ = scripted(record('"a"', **before), *[record('"b"', **before | shown)] * 4)
    verbs = getattr(clio, resource)
    target = await verbs.get(7)
    for each in (target, 7):
        await getattr(clio.options(verify=True), resource).update(each, **sent)


async def test_what_shows_the_earlier_value_was_dropped() -> None:
    """Of a record that was read before, it is known; another value than either is the server's own way of writing."""
    old, other = record('"b"', description="old"), record('"b"', description="other")
    clio, _ = scripted(record('"a"', description="old"), old, old, other, other, other, other)
    matter = await clio.matters.get(7)
    clio = clio.options(verify=True)
    with pytest.raises(ChangeIgnored):
        await clio.matters.update(matter, description="new")
    assert "other" == (await clio.matters.update(matter, description="new")).description
    with pytest.raises(ChangeIgnored):
        await clio.matters.update(7, description="new")


async def test_a_row_that_was_not_removed_is_told_though_it_was_named_without_its_type() -> None:
    """No other of the receivers has that id."""
    shown = record('"a"', type="EmailCommunication", receivers=[{"id": 5, "type": "Contact"}])
    clio, _ = scripted(shown, shown)
    with pytest.raises(ChangeIgnored, match="receivers"):
        await clio.options(verify=True).communications.update(7, receivers=[{"id": 5, "_deleted": True}])


async def test_what_is_watched_is_no_part_of_an_error() -> None:
    """The caller's own class is what the errors hold."""

    @frozen
    class Entry:
        id: int

    answer = record('"b"', quantity=7200, note="old")
    clio, _ = scripted(answer, answer, answer, LOST)
    clio = clio.options(verify=True)
    with pytest.raises(ChangeIgnored) as ignored:
        await clio.activities.update(7, fields=Entry, quantity=7200, note="new")
    with pytest.raises(OutcomeUnknown) as unknown:
        await clio.activities.update(7, fields=Entry, quantity=7200, note="new")
    assert Entry(7) == ignored.value.record == unknown.value.current


async def test_a_record_that_is_gone_tells_nothing() -> None:
    """Somebody has deleted it."""
    clio, seen = scripted(record('"b"', description="mine"), NO_RECORD)
    assert "mine" == (await clio.options(verify=True).matters.update(7, description="mine")).description
    assert 2 == len(seen)


@pytest.mark.parametrize("answer", [{"data": {"id": 7}}, {"data": {"id": 7, "etag": None}}])
async def test_an_answer_without_a_tag_tells_nothing(answer: Any) -> None:
    """It cannot be known whether somebody else has written since: nothing is asked."""
    clio, seen = scripted(_json(200, answer))
    await clio.options(verify=True).matters.update(7, description="mine")
    assert 1 == len(seen)


async def test_a_reading_that_fails_says_that_the_write_was_applied() -> None:
    """The write is not in doubt, and it is not verified."""
    clio, _ = scripted(record('"b"', description="mine"), LOST)
    with pytest.raises(OutcomeUnknown, match="was applied") as caught:
        await clio.options(verify=True).matters.update(7, description="mine")
    assert (True, "mine") == (caught.value.accepted, caught.value.current.description)


async def test_a_creation_is_verified_by_the_id_of_its_answer() -> None:
    """One request more, of the record that was made."""
    bench, clio = verifying()
    made = await clio.tasks.create(name="mine", description="x", assignee={"id": 1, "type": "User"})
    assert ["POST", "GET"] == bench.methods
    assert f"/tasks/{made.id}.json" in bench.simulator.entries()[-1].path
    with pytest.raises(ChangeIgnored) as caught:
        await clio.tasks.create(
            name="mine", description="x", assignee={"id": 1, "type": "User"}, extra_json={"colour": "red"}
        )
    assert made.id + 1 == caught.value.record.id


async def test_the_answer_is_asked_for_its_tag() -> None:
    """Also where a class of the caller has no place for it; what the caller gets is the same."""

    @frozen
    class Card:
        description: str | None
        client: Ref | None

    bench, clio = verifying()
    bench.simulator.change("matters", 7, responsible_attorney={"id": 2})
    card = await clio.matters.update(7, description="mine", fields=Card)
    assert (Card, "mine") == (type(card), card.description)
    with pytest.raises(ChangeIgnored) as caught:
        await clio.matters.update(7, description="more", extra_json={"responsible_attorney": None}, fields=Card)
    assert (Card, "more") == (type(caught.value.record), caught.value.record.description)


async def test_a_write_that_was_settled_by_reading_is_not_read_once_more() -> None:
    """The reading has compared already."""
    bench, clio = verifying()
    bench.begin(Fault.lost_after())
    await clio.matters.update(7, description="mine")
    assert ["PATCH", "GET"] == bench.methods


async def test_the_other_form_of_a_tag_is_verified_too() -> None:
    """It is the second attempt that has an answer."""
    bench, clio = verifying(Regime(tag_form="gzip", if_match="header"))
    matter = await clio.matters.get(7)
    bench.begin()
    await clio.matters.update(matter, description="mine")
    assert ["PATCH", "GET", "PATCH", "GET"] == bench.methods


async def test_what_records_never_show_is_not_asked_for() -> None:
    """A new row has no id to be found by, a command leaves no trace: nothing is claimed of them."""
    bench, clio = verifying()
    await clio.contacts.update(3, phone_numbers=[{"name": "Work", "number": "555-0100"}])
    await clio.tasks.update(3, name="x", notify_assignee=True)
    assert ["PATCH", "GET"] * 2 == bench.methods


async def test_a_deletion_has_nothing_to_verify() -> None:
    """It is answered without a record."""
    bench, clio = verifying()
    await clio.tasks.delete(3)
    assert ["DELETE"] == bench.methods


def test_a_write_that_takes_no_fields_is_asked_for_none() -> None:
    """Its answer is what it is."""
    again: Any = None
    assert "a=1" == widened("a=1", again)
