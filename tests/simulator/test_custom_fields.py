"""Custom fields: values that are not their fields, in every shape that Clio may have for them."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from clio_async.messages import Response
from clio_async.testing.simulator import Regime, Simulator

from .caller import Caller, caller, error

VALUE = "custom_field_values{id,field_name,field_type,value,custom_field,picklist_option}"
TYPES = (
    "checkbox", "contact", "currency", "date", "email", "matter", "numeric", "picklist", "text_area", "text_line",
    "time", "url",
)  # fmt: skip


def empty(regime: Regime | None = None) -> Caller:
    """A firm without custom fields but those that a test adds."""
    return caller(regime, counts={"custom_fields": 0})


def field(simulator: Simulator, type: str = "text_line", parent: str = "Matter", **more: Any) -> int:
    return simulator.add("custom_fields", name=f"A {type}", parent_type=parent, field_type=type, **more)


def values(asks: Caller, path: str = "/matters/1.json", rest: str = "") -> list[dict[str, Any]]:
    return asks.data(f"{path}?fields={VALUE}{rest}")["custom_field_values"]


def put(asks: Caller, *items: Any, path: str = "/matters/1.json") -> Response:
    return asks.patch(path, {"custom_field_values": [*items]})


def new(id: int, value: Any) -> dict[str, Any]:
    return {"custom_field": {"id": id}, "value": value}


def test_a_value_has_an_id_of_its_own() -> None:
    """Its type and a number, neither of which is that of its field; name and type are those of the field."""
    asks = empty()
    number = field(asks.simulator)
    assert [] == values(asks)
    assert 200 == put(asks, new(number, "x")).status
    (value,) = values(asks)
    assert value["id"].startswith("text_line-")
    assert value["id"].partition("-")[2] != str(number)
    assert ("A text_line", "text_line", "x") == (value["field_name"], value["field_type"], value["value"])
    assert number == value["custom_field"]["id"]
    assert value["picklist_option"] is None


def test_a_value_is_changed_and_destroyed_by_its_id() -> None:
    """Others stay; what was destroyed is no more, and may be set anew."""
    asks = empty()
    one, other = field(asks.simulator), field(asks.simulator, "numeric")
    put(asks, new(one, "x"), new(other, 5))
    first, second = values(asks)
    assert 200 == put(asks, {"id": first["id"], "value": "y"}).status
    assert [{**first, "value": "y"}, second] == values(asks)
    assert 200 == put(asks, {"id": first["id"], "_destroy": True}).status
    assert [second] == values(asks)
    assert 200 == put(asks, new(one, "z")).status
    assert ["z"] == [value["value"] for value in values(asks) if value["field_type"] == "text_line"]
    assert 200 == put(asks, {"id": second["id"], "value": None}).status
    assert [None] == [value["value"] for value in values(asks) if value["field_type"] == "numeric"]


@pytest.mark.parametrize("wrong", [1, "1", "text_line-1", 1.5, [1], "date-100001", {}])
def test_the_id_of_a_field_is_not_that_of_a_value(wrong: Any) -> None:
    """422 for it, and for every other id that is none of the record's values; nothing is written."""
    asks = empty()
    put(asks, new(field(asks.simulator), "x"))
    before = values(asks)
    assert (422, "ArgumentError") == error(put(asks, {"id": wrong, "value": "y"}))[:2]
    assert before == values(asks)


@pytest.mark.parametrize(
    "item",
    [5, {}, {"value": "x"}, {"custom_field": 1, "value": "x"}, {"custom_field": {"id": 99}, "value": "x"},
     {"custom_field": {"id": 2}, "value": "x"}, {"custom_field": {"id": 1}}, {"custom_field": {}, "value": "x"}],
)  # fmt: skip
def test_a_wrong_shape_is_refused(item: Any) -> None:
    """422 without a field, with one that is not there or of contacts, and without a value."""
    asks = empty()
    field(asks.simulator)
    field(asks.simulator, parent="Contact")
    assert (422, "ArgumentError") == error(put(asks, item))[:2]
    assert 422 == asks.patch("/matters/1.json", {"custom_field_values": {"id": 1}}).status
    assert [] == values(asks)


def test_a_field_has_one_value() -> None:
    """A second one is refused: the first has an id, by which it is changed."""
    asks = empty()
    number = field(asks.simulator)
    put(asks, new(number, "x"))
    assert 422 == put(asks, new(number, "y")).status
    assert ["x"] == [value["value"] for value in values(asks)]


def test_a_refused_write_changes_no_value() -> None:
    """Not even one that stands before what is wrong."""
    asks = empty()
    put(asks, new(field(asks.simulator), "x"))
    (value,) = values(asks)
    assert 422 == put(asks, {"id": value["id"], "value": "y"}, {"id": "x"}).status
    assert [value] == values(asks)


def test_an_option_is_none_of_another_field() -> None:
    """Nor is it a field: an id that is no option of the picklist is refused."""
    asks = empty()
    first, second = (field(asks.simulator, "picklist", picklist_options=[{"option": "Red"}]) for _ in range(2))
    (option,) = asks.data(f"/custom_fields/{first}.json?fields=picklist_options")["picklist_options"]
    for wrong in (option["id"], first, second):
        change = {"picklist_options": [{"id": wrong, "option": "Blue"}]}
        assert 422 == asks.patch(f"/custom_fields/{second}.json", change).status
    destroyed = {"picklist_options": [{"id": option["id"], "_deleted": True}]}
    assert 200 == asks.patch(f"/custom_fields/{first}.json", destroyed).status
    assert [] == asks.data(f"/custom_fields/{first}.json?fields=picklist_options")["picklist_options"]


def test_a_value_of_another_record_is_refused() -> None:
    """The ids of one matter mean nothing to another."""
    asks = empty()
    number = field(asks.simulator)
    put(asks, new(number, "x"))
    put(asks, new(number, "y"), path="/matters/2.json")
    (foreign,) = values(asks, "/matters/2.json")
    assert 422 == put(asks, {"id": foreign["id"], "value": "z"}).status


@pytest.mark.parametrize(
    ("type", "good", "shown", "bad"),
    [
        ("checkbox", "true", True, "perhaps"), ("currency", "5.10", 5.1, "much"), ("numeric", 7, 7, True),
        ("date", "2026-06-01", "2026-06-01", "soon"), ("time", "09:30", "09:30", ["x"]),
        ("email", "a@example.com", "a@example.com", "a"), ("url", "https://example.com", "https://example.com", "x"),
        ("matter", 3, 3, 999), ("contact", "4", 4, 999), ("text_line", 5, "5", {}), ("text_area", "a\nb", "a\nb", True),
    ],
)  # fmt: skip
def test_a_value_is_of_its_type(type: str, good: Any, shown: Any, bad: Any) -> None:
    """It is read as what its field holds; another is 422."""
    asks = empty()
    number = field(asks.simulator, type)
    assert 422 == put(asks, new(number, bad)).status
    assert 200 == put(asks, new(number, good)).status
    assert [shown] == [value["value"] for value in values(asks)]


def test_a_picked_value_is_the_id_of_an_option() -> None:
    """What it means stands in `picklist_option`, and in the options of the field."""
    asks = empty()
    number = field(asks.simulator, "picklist", picklist_options=[{"option": "Red"}, {"option": "Blue"}])
    red, blue = asks.data(f"/custom_fields/{number}.json?fields=picklist_options{{id,option}}")["picklist_options"]
    assert 200 == put(asks, new(number, blue["id"])).status
    (value,) = asks.data("/matters/1.json?fields=custom_field_values{value,picklist_option}")["custom_field_values"]
    assert (blue["id"], blue["id"]) == (value["value"], value["picklist_option"]["id"])
    for wrong in ("Red", 1, red["id"] + 1_000):
        assert 422 == put(asks, {"id": values(asks)[0]["id"], "value": wrong}).status


def test_a_value_may_name_a_matter_or_contact() -> None:
    """It stands under the association of its type, by its id."""
    asks = empty()
    put(asks, new(field(asks.simulator, "matter"), 3), new(field(asks.simulator, "contact"), 4))
    fields = "custom_field_values{value,matter,contact}"
    one, other = asks.data(f"/matters/1.json?fields={fields}")["custom_field_values"]
    assert (3, None) == (one["matter"]["id"], one["contact"])
    assert (None, 4) == (other["matter"], other["contact"]["id"])


def test_values_follow_their_field() -> None:
    """A renamed field renames them; a deleted one takes them along."""
    asks = empty()
    number = field(asks.simulator)
    put(asks, new(number, "x"))
    asks.patch(f"/custom_fields/{number}.json", {"name": "Other"})
    assert ["Other"] == [value["field_name"] for value in values(asks)]
    assert 204 == asks.delete(f"/custom_fields/{number}.json").status
    assert [] == values(asks)
    assert 422 == put(asks, new(number, "y")).status


def test_a_record_is_created_with_values() -> None:
    """Those of its kind; others create nothing."""
    asks = empty()
    matters, contacts = field(asks.simulator), field(asks.simulator, parent="Contact")
    matter = {"client": {"id": 2}, "description": "x", "custom_field_values": [new(matters, "a")]}
    made = asks.post(f"/matters.json?fields=id,{VALUE}", matter)
    assert ["a"] == [value["value"] for value in json.loads(made.body)["data"]["custom_field_values"]]
    assert 422 == asks.post("/matters.json", {**matter, "custom_field_values": [new(contacts, "a")]}).status
    person = {"type": "Person", "first_name": "A", "last_name": "B", "custom_field_values": [new(contacts, "b")]}
    assert 201 == asks.post("/contacts.json", person).status


def test_made_up_records_have_values_of_every_type() -> None:
    """Each of a field of its kind, and of a value that its field could hold."""
    asks = caller(counts={"custom_fields": 48})
    seen: set[str] = set()
    for kind in ("matters", "contacts"):
        for record in asks.data(f"/{kind}.json?fields=id,{VALUE}&limit=60"):
            for value in record["custom_field_values"]:
                definition = asks.data(
                    f"/custom_fields/{value['custom_field']['id']}.json?fields=parent_type,field_type"
                )
                assert {"parent_type": kind[:-1].capitalize(), "field_type": value["field_type"]} == definition
                assert value["id"].partition("-")[0] == value["field_type"]
                written = asks.patch(
                    f"/{kind}/{record['id']}.json",
                    {"custom_field_values": [{"id": value["id"], "value": value["value"]}]},
                )
                assert 200 == written.status, written.body
                assert (value["field_type"] == "picklist") == (value["picklist_option"] is not None)
                seen.add(value["field_type"])
    assert {*TYPES} == seen


def test_an_account_may_have_no_custom_fields() -> None:
    """Then no record has values."""
    asks = empty()
    assert {()} == {tuple(it["custom_field_values"]) for it in asks.data(f"/matters.json?fields={VALUE}")}


def test_a_parameter_limits_the_values_that_are_shown() -> None:
    """Not the records: in a list, of one record, in the answer to a write."""
    asks = empty()
    one, other = field(asks.simulator), field(asks.simulator)
    put(asks, new(one, "x"), new(other, "y"))
    assert 2 == len(values(asks))
    rest = f"&custom_field_ids[]={other}"
    assert ["y"] == [value["value"] for value in values(asks, rest=rest)]
    listed = asks.get(f"/matters.json?fields=id,{VALUE}{rest}&limit=3")
    assert [["y"], [], []] == [
        [value["value"] for value in matter["custom_field_values"]] for matter in json.loads(listed.body)["data"]
    ]
    assert () == asks.simulator.entries()[-1].ignored
    written = asks.patch(f"/matters/1.json?fields={VALUE}{rest}", {"location": "Shelf"})
    assert ["y"] == [value["value"] for value in json.loads(written.body)["data"]["custom_field_values"]]
    assert [] == values(asks, rest="&custom_field_ids[]=x")


# -- filters -------------------------------------------------------------------------------------------------------


def found(asks: Caller, number: object, comparison: str, path: str = "/matters") -> list[int]:
    return [it["id"] for it in asks.data(f"{path}.json?fields=id&custom_field_values[{number}]={comparison}")]


def test_records_are_found_by_their_values() -> None:
    """Compared as the type is; several comparisons in brackets have to hold together."""
    asks = empty()
    number = field(asks.simulator, "currency")
    for matter, amount in ((1, "5"), (2, "105.40"), (3, "105.41")):
        put(asks, new(number, amount), path=f"/matters/{matter}.json")
    assert [2, 3] == found(asks, number, ">=105.4")
    assert [3] == found(asks, number, ">105.4")
    assert [1, 2] == found(asks, number, "<=105.4")
    assert [1] == found(asks, number, "<105.4")
    assert [2] == found(asks, number, "=105.4") == found(asks, number, "105.40")
    assert [2] == found(asks, number, "[<=105.40, >=45]")
    assert [] == found(asks, number, "[<=45, >=105]")
    assert [2] == found(asks, number, ">=105.4&ids[]=2&ids[]=1")


@pytest.mark.parametrize(
    ("type", "value", "text"),
    [
        ("checkbox", True, "true"), ("date", "2026-06-01", ">=2026-05-31"), ("matter", 3, "3"), ("contact", 3, "3"),
        ("text_line", "a b", "a b"), ("numeric", 5, "[>4,<6]"), ("time", "09:30", ">09:00"),
    ],
)  # fmt: skip
def test_a_comparison_is_that_of_the_type(type: str, value: Any, text: str) -> None:
    """One record has it, all the others do not."""
    asks = empty()
    number = field(asks.simulator, type)
    put(asks, new(number, value))
    assert [1] == found(asks, number, text)


@pytest.mark.parametrize(
    ("type", "text"),
    [("text_line", ">x"), ("checkbox", "<true"), ("checkbox", "perhaps"), ("numeric", ">x"), ("numeric", "NaN"),
     ("date", ">soon"), ("picklist", "Red"), ("currency", "[>5,]"), ("matter", "[")],
)  # fmt: skip
def test_a_wrong_comparison_is_400(type: str, text: str) -> None:
    """An operator that the type does not know, or no value of the type."""
    asks = empty()
    number = field(asks.simulator, type)
    assert (400, "BadRequest") == error(asks.get(f"/matters.json?custom_field_values[{number}]={text}"))[:2]


def test_a_comparison_needs_a_field() -> None:
    """422 for a field that there is not; where no such filter is documented it has no effect."""
    asks = empty()
    for wrong in ("99", "x", ""):
        assert (422, "ArgumentError") == error(asks.get(f"/matters.json?custom_field_values[{wrong}]=5"))[:2]
    assert 200 == asks.get("/tasks.json?custom_field_values[99]=5").status
    assert ("custom_field_values[99]",) == asks.simulator.entries()[-1].ignored


def test_a_billable_matter_is_found_by_the_values_of_the_matter() -> None:
    """It has none of its own."""
    asks = caller(counts={"custom_fields": 0}, matters=5)
    number = field(asks.simulator, "numeric")
    put(asks, new(number, 5), path="/matters/2.json")
    assert [2] == found(asks, number, "5", "/billable_matters")


def test_a_value_without_a_fraction_is_a_number() -> None:
    """Money is kept to its last digit."""
    asks = empty()
    put(asks, new(field(asks.simulator, "currency"), Decimal("105.10").__float__()))
    assert [105.1] == [value["value"] for value in values(asks)]


# -- regimes -------------------------------------------------------------------------------------------------------


def test_a_field_that_was_never_set_may_leave_a_trace() -> None:
    """Nothing, a value without an id, or one with an id and nothing in it; only of fields that are displayed."""
    for regime, shown in (("absent", []), ("null_id", [None]), ("real_id", ["text_line-100001"])):
        asks = empty(Regime(placeholders=regime))  # type: ignore[arg-type]
        number = field(asks.simulator, displayed=True)
        field(asks.simulator, displayed=False)
        field(asks.simulator, parent="Contact", displayed=True)
        assert shown == [value["id"] for value in values(asks)]
        assert [None] * len(shown) == [value["value"] for value in values(asks)]
        assert [number] * len(shown) == [value["custom_field"]["id"] for value in values(asks)]
        assert (
            []
            == asks.data("/matters/1.json?fields=custom_field_values{value}&custom_field_ids[]=99")[
                "custom_field_values"
            ]
        )


def test_a_trace_with_an_id_is_changed_by_it() -> None:
    """So it is by naming the field, where there is no id; either way there is one value then."""
    for regime in ("null_id", "real_id"):
        asks = empty(Regime(placeholders=regime))  # type: ignore[arg-type]
        number = field(asks.simulator, displayed=True)
        (trace,) = values(asks)
        item = new(number, "x") if trace["id"] is None else {"id": trace["id"], "value": "x"}
        assert 200 == put(asks, item).status
        (value,) = values(asks)
        assert "x" == value["value"]
        assert value["id"] is not None
        assert 200 == put(asks, {"id": value["id"], "_destroy": True}).status
        assert [] == values(asks)
        assert 200 == put(asks, new(number, "y")).status
        assert ["y"] == [shown["value"] for shown in values(asks)]


def test_a_trace_may_be_destroyed() -> None:
    """There was nothing, and there is nothing then."""
    asks = empty(Regime(placeholders="real_id"))
    field(asks.simulator, displayed=True)
    assert 200 == put(asks, {"id": values(asks)[0]["id"], "_destroy": True}).status
    assert [] == values(asks)


def test_an_account_may_be_shown_the_ids_alone() -> None:
    """Names, types and values are null, and the fields themselves are forbidden."""
    asks = empty(Regime(custom_fields_redacted=True))
    number = field(asks.simulator)
    put(asks, new(number, "x"))
    (value,) = values(asks)
    assert value["id"].startswith("text_line-")
    assert [None] * 3 == [value[name] for name in ("field_name", "field_type", "value")]
    assert {"id": number, "redacted": True} == value["custom_field"]
    for path in ("/custom_fields.json", f"/custom_fields/{number}.json"):
        assert (403, "ForbiddenError") == error(asks.get(path))[:2]
    assert 200 == asks.get("/custom_field_sets.json").status
