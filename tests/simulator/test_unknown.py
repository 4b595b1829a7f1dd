"""Each answer to a question that no document answers, and what follows from it."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any, Literal

import pytest

from clio_async.testing.simulator import Clock, Regime
from clio_async.testing.simulator.clock import EPOCH

from .caller import Caller, caller, error


def ids(asks: Caller, path: str) -> list[int]:
    return [record["id"] for record in asks.data(path)]


# -- fields --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ("name", "nonsense is not a valid field"), ("list", "Invalid fields: nonsense"),
        ("bare", "The fields parameter is invalid"),
    ],
)  # fmt: skip
def test_an_unknown_field_is_refused_in_several_ways(form: Any, message: str) -> None:
    """400 InvalidFields, with its name in the text or without it; on reads, lists and writes."""
    asks = caller(Regime(invalid_fields=form))
    for answer in (
        asks.get("/matters/1.json?fields=id,nonsense"),
        asks.get("/matters.json?fields=client{nonsense}"),
        asks.patch("/matters/1.json?fields=nonsense", {"location": "x"}),
    ):
        assert (400, "InvalidFields", message) == error(answer)


def test_a_documented_field_may_be_refused() -> None:
    """Wherever its schema is asked for: of the record, and of an association; others are served."""
    asks = caller(Regime(refused_fields=frozenset({"Matter.client_reference", "Contact.title"})))
    for path in (
        "/matters/1.json?fields=id,client_reference",
        "/tasks/1.json?fields=matter{client_reference}",
        "/contacts/1.json?fields=title",
        "/matters.json?fields=client{id,title}",
    ):
        assert (400, "InvalidFields") == error(asks.get(path))[:2]
    assert 200 == asks.get("/matters/1.json?fields=id,description,client{id,name}").status
    assert 200 == asks.get("/users/1.json?fields=id,name").status
    two = frozenset({"Matter.location", "Contact.title"})
    both = caller(Regime(refused_fields=two, invalid_fields="list"))
    path = "/matters/1.json?fields=id,location,client{id,title}"
    assert "Invalid fields: location, title" == error(both.get(path))[2]
    assert "location is not a valid field" == error(caller(Regime(refused_fields=two)).get(path))[2]
    bare = caller(Regime(refused_fields=frozenset({"Matter.location"}), invalid_fields="bare"))
    assert "The fields parameter is invalid" == error(bare.get("/matters/1.json?fields=location"))[2]


# -- ids -----------------------------------------------------------------------------------------------------------


def test_more_ids_than_there_may_be_are_refused_or_passed_over() -> None:
    """422; or the first of them count, 200 where nothing else is said. As many as there may be are always found."""
    many = "&".join(f"ids[]={number}" for number in range(300, 0, -1))
    assert 200 == len(ids(caller(matters=300), f"/matters.json?{many}"))
    assert 422 == caller(Regime(max_ids=299), matters=300).get(f"/matters.json?{many}").status
    assert 200 == caller(Regime(max_ids=300), matters=300).get(f"/matters.json?{many}").status
    asks = caller(Regime(max_ids=10, ids_overflow="ignore"), matters=300)
    assert [*range(291, 301)] == ids(asks, f"/matters.json?{many}")
    asks = caller(Regime(ids_overflow="ignore"), matters=300)
    assert [*range(101, 301)] == ids(asks, f"/matters.json?{many}")


# -- filters -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("inclusive", "found"), [(True, [1, 2]), (False, [2])])
@pytest.mark.parametrize("name", ["updated_since", "created_since"])
def test_a_moment_is_included_or_not(name: str, inclusive: bool, found: list[int]) -> None:
    """What has exactly that time is found, or only what is later."""
    asks = caller(Regime(since_inclusive=inclusive), matters=2, counts={"notes": 0})
    asks.simulator.clock.advance(10)
    first = asks.simulator.add("notes", type="Matter", matter={"id": 1}, subject="a")
    asks.simulator.clock.advance(10)
    second = asks.simulator.add("notes", type="Matter", matter={"id": 1}, subject="b")
    assert (1, 2) == (first, second)
    assert found == ids(asks, f"/notes.json?type=Matter&{name}=2026-06-01T12:00:10Z")


def test_a_moment_is_compared_to_the_second_or_finer() -> None:
    """Two changes within a second are told apart, or are not."""
    found = {}
    for in_seconds in (False, True):
        asks = caller(Regime(since_in_seconds=in_seconds), matters=5, clock=Clock(lambda: EPOCH + 0.25))
        asks.simulator.change("matters", 3, location="x")
        asks.simulator.clock.advance(0.5)
        asks.simulator.change("matters", 4, location="x")
        found[in_seconds] = ids(asks, "/matters.json?updated_since=2026-06-01T12:00:00.500000Z")
    assert {False: [4], True: [3, 4]} == found
    asks = caller(Regime(since_in_seconds=True, since_inclusive=False), clock=Clock(lambda: EPOCH + 0.25))
    asks.simulator.change("matters", 3, location="x")
    assert [] == ids(asks, "/matters.json?updated_since=2026-06-01T12:00:00Z")


def test_a_timestamp_is_shown_to_the_second_or_finer() -> None:
    """What is compared is kept in any case."""
    for shown, text in ((False, "2026-06-01T08:00:00-04:00"), (True, "2026-06-01T08:00:00.250000-04:00")):
        asks = caller(Regime(shown_fractions=shown), clock=Clock(lambda: EPOCH + 0.25))
        asks.simulator.change("matters", 3, location="x")
        assert text == asks.data("/matters/3.json?fields=updated_at")["updated_at"]


def test_a_value_in_another_case_is_the_same_or_no_filter() -> None:
    """`Open` for `open`: matched, or everything is found; the documented form is always matched."""
    open_ones = ids(caller(matters=20), "/matters.json?status=open")
    assert open_ones == ids(caller(matters=20), "/matters.json?status=Open")
    asks = caller(Regime(value_in_other_case="ignored"), matters=20)
    assert open_ones == ids(asks, "/matters.json?status=open")
    assert [*range(1, 21)] == ids(asks, "/matters.json?status=Open") == ids(asks, "/matters.json?status=open,Closed")


def test_an_unknown_value_is_refused_or_finds_nothing_or_everything() -> None:
    """Beside a known one it adds nothing, unless it ends the filter."""
    assert (422, "ArgumentError") == error(caller().get("/matters.json?status=asleep"))[:2]
    closed = ids(caller(matters=20), "/matters.json?status=closed")
    for answer, alone, beside in (("nothing", [], closed), ("all", [*range(1, 21)], [*range(1, 21)])):
        asks = caller(Regime(unknown_value=answer), matters=20)  # type: ignore[arg-type]
        assert alone == ids(asks, "/matters.json?status=asleep")
        assert beside == ids(asks, "/matters.json?status=closed,asleep")
        assert closed == ids(asks, "/matters.json?status=closed")


STANDINGS = ("billed", "draft", "unbilled", "non_billable", "billable", "written_off")


def test_activities_are_found_by_what_became_of_them() -> None:
    """`status` is no attribute of theirs; every activity is billed, unbilled or not to be billed."""
    asks = caller(counts={"activities": 40})
    asks.simulator.change("activities", 2, non_billable=True)
    asks.simulator.change("activities", 3, on_bill=True)
    found = {status: ids(asks, f"/activities.json?status={status}") for status in STANDINGS}
    assert [2] == found["non_billable"]
    assert 3 in found["draft"]
    assert not {*found["draft"]} & {*found["billed"]}
    assert [] == found["written_off"]
    assert {*range(1, 41)} - {2} == {*found["billable"]}
    assert {*range(1, 41)} - {2} == {*found["billed"], *found["unbilled"]}
    assert not {*found["billed"]} & {*found["unbilled"]}
    assert 422 == asks.get("/activities.json?status=asleep").status


# -- order ---------------------------------------------------------------------------------------------------------


def test_equals_have_the_same_order_on_every_page_or_another() -> None:
    """Where it is another one, records are missed and doubled; those of other ranks keep their places."""
    path = "/matters.json?order=practice_area.name(asc)&fields=id,practice_area{name}&limit=7"
    stable = caller(matters=40)
    assert 40 == len({matter["id"] for matter in stable.walk(path)})
    asks = caller(Regime(stable_order=False), matters=40)
    walked = asks.walk(path)
    assert 40 == len(walked) > len({matter["id"] for matter in walked})
    names = [matter["practice_area"]["name"] for matter in walked]
    assert sorted(names, key=str.casefold) == names
    down = asks.walk("/matters.json?order=practice_area.name(desc)&fields=practice_area{name}&limit=7")
    names = [matter["practice_area"]["name"] for matter in down]
    assert sorted(names, key=str.casefold, reverse=True) == names


# -- writes --------------------------------------------------------------------------------------------------------

ATTORNEY = "/matters/1.json?fields=responsible_attorney{id}"


def test_null_for_an_attorney_is_ignored_or_clears_or_is_refused() -> None:
    """200 and nothing changes, 200 and it is gone, or 422; `{"id": null}` is 422 in any case (F-live 2026-09)."""
    for answer, status in (("ignored", 200), ("cleared", 200), ("refused", 422)):
        asks = caller(Regime(null_association=answer))  # type: ignore[arg-type]
        before = asks.data(ATTORNEY)["responsible_attorney"]
        assert status == asks.patch("/matters/1.json", {"responsible_attorney": None}).status
        assert (None if answer == "cleared" else before) == asks.data(ATTORNEY)["responsible_attorney"]
        assert 200 == asks.patch("/matters/1.json", {"responsible_attorney": {}}).status
        assert 422 == asks.patch("/matters/1.json", {"responsible_attorney": {"id": None}}).status


def test_some_associations_are_cleared_by_their_id() -> None:
    """Where the document says so: `{"id": null}` leaves none."""
    asks = caller()
    asks.patch("/matters/1.json", {"practice_area": {"id": 3}})
    assert 200 == asks.patch("/matters/1.json", {"practice_area": {"id": None}}).status
    assert None is asks.data("/matters/1.json?fields=practice_area")["practice_area"]


def test_a_test_may_clear_any_association() -> None:
    """By null or by the id."""
    asks = caller()
    for empty in (None, {"id": None}):
        asks.simulator.change("matters", 1, responsible_attorney={"id": 2})
        asks.simulator.change("matters", 1, responsible_attorney=empty)
        assert None is asks.data(ATTORNEY)["responsible_attorney"]


def test_a_change_to_a_billed_activity_is_refused_or_ignored() -> None:
    """422, or 200 and nothing changes; others are changed either way."""
    for answer, status in (("refused", 422), ("ignored", 200)):
        asks = caller(Regime(billed_activity=answer))  # type: ignore[arg-type]
        before = asks.simulator.record("activities", 1)
        assert status == asks.patch("/activities/1.json", {"note": "mine"}).status
        assert before == asks.simulator.record("activities", 1)
        assert 200 == asks.patch("/activities/2.json", {"note": "mine"}).status
        assert "mine" == asks.simulator.record("activities", 2)["note"]
        asks.simulator.change("activities", 1, note="theirs")
        assert "theirs" == asks.simulator.record("activities", 1)["note"]


# -- time and money ------------------------------------------------------------------------------------------------


def lined(regime: Regime | None = None, activity: int = 2, **changes: Any) -> Caller:
    """A firm whose first line item is of one activity."""
    asks = caller(regime)
    asks.simulator.change("activities", activity, **changes)
    asks.simulator.change("line_items", 1, activity={"id": activity})
    return asks


def line(asks: Caller) -> dict[str, Any]:
    return asks.data("/line_items.json?ids[]=1&fields=type,kind,quantity,price,total,note")[0]


def test_hours_of_a_line_item_are_seconds_of_its_activity() -> None:
    """And money is hours times the price, in both."""
    asks = lined(quantity=5_400, price=200, note="x")
    shown = asks.data("/activities/2.json?fields=quantity,quantity_in_hours,rounded_quantity,price,total")
    assert {"quantity": 5400, "quantity_in_hours": 1.5, "rounded_quantity": 5400, "price": 200, "total": 300} == shown
    expected = {"type": "ActivityLineItem", "kind": "Service", "quantity": 1.5, "price": 200, "total": 300, "note": "x"}
    assert expected == line(asks)


def test_lines_are_found_by_the_matter_of_their_activity() -> None:
    """Whatever matter they would have by themselves."""
    asks = caller(counts={"line_items": 60})
    lines = asks.data("/line_items.json?fields=id,matter{id},activity{id}")
    for item in lines:
        if item["activity"] is not None:
            activity = asks.data(f"/activities/{item['activity']['id']}.json?fields=matter{{id}}")
            assert activity["matter"] == item["matter"]
    matters = {item["matter"]["id"] for item in lines if item["matter"] is not None}
    for matter in matters:
        expected = [item["id"] for item in lines if item["matter"] == {"id": matter}]
        assert expected == ids(asks, f"/line_items.json?matter_id={matter}")


def test_time_is_rounded_up_to_six_minutes() -> None:
    """What was measured stays beside it."""
    asks = lined(quantity=361)
    shown = asks.data("/activities/2.json?fields=quantity,quantity_in_hours,rounded_quantity,rounded_quantity_in_hours")
    assert {
        "quantity": 361, "quantity_in_hours": 0.1003, "rounded_quantity": 720, "rounded_quantity_in_hours": 0.2,
    } == shown  # fmt: skip


def test_an_expense_has_a_number_of_things() -> None:
    """No hours; its line item has the same number."""
    asks = lined(activity=5, quantity=3, price=Decimal("2.50"))
    shown = asks.data(
        "/activities/5.json?fields=type,quantity,quantity_in_hours,rounded_quantity,rounded_quantity_in_hours,total"
    )
    assert {
        "type": "ExpenseEntry", "quantity": 3, "quantity_in_hours": None, "rounded_quantity": 3,
        "rounded_quantity_in_hours": None, "total": 7.5,
    } == shown  # fmt: skip
    assert ("Expense", 3, 7.5) == (line(asks)["kind"], line(asks)["quantity"], line(asks)["total"])


def test_an_activity_may_have_no_quantity() -> None:
    """Then there is nothing to charge."""
    asks = lined(quantity=None, price=None)
    shown = asks.data("/activities/2.json?fields=quantity,quantity_in_hours,rounded_quantity,total")
    assert {"quantity": None, "quantity_in_hours": None, "rounded_quantity": None, "total": 0} == shown
    assert 0 == line(asks)["total"]


def test_a_line_of_its_own_charges_what_it_says() -> None:
    """Its quantity can be changed, and its total follows."""
    asks = caller()
    asks.simulator.change("line_items", 1, activity=None)
    assert 200 == asks.patch("/line_items/1.json", {"quantity": 2, "price": 10}).status
    assert (2, 10, 20) == (line(asks)["quantity"], line(asks)["price"], line(asks)["total"])


def test_the_quantity_of_an_activitys_line_is_ignored_or_taken() -> None:
    """200 either way; the activity changes only if that was asked for, and then in seconds."""
    for answer, hours in (("ignored", 1.5), ("taken", 2)):
        asks = lined(Regime(line_quantity=answer), quantity=5_400, price=200)  # type: ignore[arg-type]
        assert 200 == asks.patch("/line_items/1.json", {"quantity": 2, "note": "mine"}).status
        assert (hours, hours * 200, "mine") == (line(asks)["quantity"], line(asks)["total"], line(asks)["note"])
        assert 5_400 == asks.simulator.record("activities", 2)["quantity"]
        more = {"quantity": 2, "note": "ours", "update_original_record": True}
        assert 200 == asks.patch("/line_items/1.json", more).status
        activity = asks.simulator.record("activities", 2)
        assert (hours * 3_600, "ours", 200) == (activity["quantity"], activity["note"], activity["price"])


def test_things_on_a_line_are_things_in_its_activity() -> None:
    """No hours are made of them; a line of its own changes no activity."""
    asks = lined(Regime(line_quantity="taken"), activity=5, quantity=3)
    asks.patch("/line_items/1.json", {"quantity": 4, "update_original_record": "true"})
    assert 4 == asks.simulator.record("activities", 5)["quantity"]
    asks.simulator.change("line_items", 1, activity=None)
    assert 200 == asks.patch("/line_items/1.json", {"quantity": 9, "update_original_record": True}).status
    assert 4 == asks.simulator.record("activities", 5)["quantity"]


# -- what writes take ----------------------------------------------------------------------------------------------


def test_an_id_attribute_sets_its_association() -> None:
    """`matter_id` where only `matter` can be read, and a list of ids where there is a list of records."""
    asks = caller()
    made = asks.post("/medical_records_details.json?fields=matter{id},medical_provider", {"matter_id": 3})
    assert {"matter": {"id": 3}, "medical_provider": None} == json.loads(made.body)["data"]
    assert 422 == asks.post("/medical_records_details.json", {"matter_id": 999}).status
    assert 201 == asks.post("/medical_records_details.json", {"matter_id": None}).status
    given = {"name": "x", "custom_field_ids": [2, 4]}
    made = asks.post("/custom_field_sets.json?fields=custom_fields{id}", given)
    assert [{"id": 2}, {"id": 4}] == json.loads(made.body)["data"]["custom_fields"]
    assert 201 == asks.post("/custom_field_sets.json", {**given, "custom_field_ids": 5}).status


def test_a_write_takes_what_answers_are_not_known_to_have() -> None:
    """A colour of the body's list is kept, though the list of the answer's lacks it."""
    asks = caller()
    assert 200 == asks.patch("/task_calendars/1.json", {"color": "#367B9C"}).status
    assert "#367B9C" == asks.data("/task_calendars/1.json?fields=color")["color"]
    assert 422 == asks.patch("/task_calendars/1.json", {"color": "blue"}).status


def test_a_regime_is_set_at_any_time() -> None:
    """The next request is answered under it."""
    asks = caller()
    answers: list[Literal["refused", "ignored"]] = ["ignored", "refused"]
    found = []
    for answer in answers:
        asks.simulator.regime = Regime(billed_activity=answer)
        found.append(asks.patch("/activities/1.json", {"note": "x"}).status)
    assert [200, 422] == found
