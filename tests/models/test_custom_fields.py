"""Custom fields are read by name, with the type of their definition; nothing is guessed, and nothing invented."""

from __future__ import annotations

import copy
import json
import pickle
import warnings
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import clio_async
from clio_async import CUSTOM_FIELDS, ContradictionWarning, CustomFieldsView
from clio_async.errors import (
    AmbiguousCustomField,
    ClioError,
    FieldNotRequested,
    InvalidArgument,
    UnknownCustomField,
)
from clio_async.models import Contact, Matter, registry
from clio_async.models.selection import select


def row(name: str | None, kind: str | None, value: Any, number: int = 1, **more: Any) -> dict[str, Any]:
    """A value as Clio answers it."""
    return {
        "id": f"{kind}-{900 + number}",
        "field_name": name,
        "field_type": kind,
        "value": value,
        "soft_deleted": False,
        "custom_field": {"id": number, "etag": '"d"'},
        "picklist_option": None,
    } | more


def decoded(*rows: Any, fields: str = CUSTOM_FIELDS, resource: str = "matters") -> Any:
    body = json.dumps({"data": {"id": 7, "etag": '"t"', "custom_field_values": [*rows]}}).encode()
    return select(resource, fields).decode(body)


def view(*rows: Any) -> CustomFieldsView:
    found = decoded(*rows).custom_fields
    assert isinstance(found, CustomFieldsView)
    return found


# -- what to ask for ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("resource", ["matters", "contacts"])
@pytest.mark.parametrize("fields", [CUSTOM_FIELDS, ["id", CUSTOM_FIELDS], f"created_at,{CUSTOM_FIELDS}"])
def test_the_constant_is_a_selection(resource: str, fields: Any) -> None:
    """Alone, in a list, in an f-string; the grammar and the registry take it, with one level of braces."""
    assert CUSTOM_FIELDS in select(resource, fields).text
    assert 1 == CUSTOM_FIELDS.count("{")
    assert clio_async.CUSTOM_FIELDS is CUSTOM_FIELDS


def test_values_that_were_not_asked_for_say_what_to_ask_for() -> None:
    """A property that raises an AttributeError is not taken for a missing attribute."""
    matter = select("matters", "id").decode(b'{"data":{"id":1,"etag":"t"}}')
    with pytest.raises(FieldNotRequested, match=r"Matter\.custom_field_values.*CUSTOM_FIELDS"):
        _ = matter.custom_fields
    with pytest.raises(FieldNotRequested, match=r"Contact\.custom_field_values.*CUSTOM_FIELDS"):
        _ = Contact(id=1).custom_fields
    assert not hasattr(matter, "custom_fields")


def test_values_that_were_asked_for_without_braces_are_not_enough() -> None:
    """Clio answers id and etag: reading says so, `repr` and `len` of the record still work."""
    found = decoded({"id": "text_line-1", "etag": "x"}, fields="custom_field_values").custom_fields
    for read in (
        lambda: found["Status"],
        lambda: found.get("Status"),
        lambda: [*found],
        lambda: "Status" in found,
        lambda: found.by_id(1),
    ):
        with pytest.raises(FieldNotRequested, match=r"CustomFieldValue\.\w+ was not in the answer.*CUSTOM_FIELDS"):
            read()
    assert "<CustomFieldsView of 1 values without names>" == repr(found)


def test_what_a_reading_needs_is_enough() -> None:
    """A selection of one's own does, as long as it holds what is read."""
    fields = "custom_field_values{field_name,field_type,value}"
    found = decoded({"field_name": "Fee", "field_type": "currency", "value": 5}, fields=fields).custom_fields
    assert Decimal(5) == found["Fee"]
    with pytest.raises(FieldNotRequested, match="id"):
        found.value_id("Fee")
    label = decoded({"field_name": "S", "field_type": "picklist", "value": 5}, fields=fields).custom_fields
    with pytest.raises(FieldNotRequested, match="picklist_option"):
        _ = label["S"]


def test_null_or_malformed_values_are_none_at_all() -> None:
    """Whatever stands where the list should be."""
    for values in (None, [], [None, 3, "x"]):
        body = json.dumps({"data": {"id": 7, "etag": "t", "custom_field_values": values}}).encode()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ContradictionWarning)
            found = select("matters", CUSTOM_FIELDS).decode(body).custom_fields
        assert ([], 0, ()) == ([*found], len(found), found.ids)
    assert {} == CustomFieldsView(5)


# -- types --------------------------------------------------------------------------------------------------------

READ = [
    ("checkbox", True, True),
    ("checkbox", False, False),
    ("checkbox", "true", True),
    ("checkbox", "false", False),
    ("numeric", 12, Decimal(12)),
    ("numeric", "105.40", Decimal("105.40")),
    ("numeric", "-1.5e3", Decimal("-1.5e3")),
    ("currency", "0.1", Decimal("0.1")),
    ("date", "2026-01-02", date(2026, 1, 2)),
    ("time", "17:30", "17:30"),
    ("email", "a@example.com", "a@example.com"),
    ("url", "https://example.com", "https://example.com"),
    ("text_line", "", ""),
    ("text_area", "12", "12"),
    ("contact", 42, 42),
    ("contact", "42", 42),
    ("matter", 9223372036854775807, 9223372036854775807),
    ("brand_new", [1], (1,)),
]


@pytest.mark.parametrize(("kind", "wire", "value"), READ)
def test_values_have_the_type_of_their_definition(kind: str, wire: Any, value: Any) -> None:
    """Numbers and ids come as numbers or as texts: both are read, exactly."""
    found = view(row("F", kind, wire))["F"]
    assert (value, type(value)) == (found, type(found))


def test_every_documented_type_is_read() -> None:
    """A type that Clio adds comes raw; none that is documented does."""
    enum = registry.schema("CustomField").fields["field_type"].enum
    assert {*enum} == {kind for kind, _, _ in READ} - {"brand_new"} | {"picklist"}


def test_a_fraction_is_exact() -> None:
    """No number passes a binary float."""
    body = (
        b'{"data":{"id":1,"etag":"t","custom_field_values":[{"id":"c-1","field_name":"F","field_type":"currency",'
        b'"value":0.1000000000000000000001,"custom_field":{"id":1}}]}}'
    )
    found = select("matters", CUSTOM_FIELDS).decode(body).custom_fields["F"]
    assert Decimal("0.1000000000000000000001") == found
    plain = Matter.from_dict({"custom_field_values": [{"field_name": "F", "field_type": "numeric", "value": 0.1}]})
    assert Decimal("0.1") == plain.custom_fields["F"]


@pytest.mark.parametrize(
    ("kind", "wire"),
    [
        ("checkbox", "yes"),
        ("checkbox", 1),
        ("numeric", "1,000"),
        ("numeric", "NaN"),
        ("numeric", "1e99999999999999999999"),
        ("numeric", " 1"),
        ("numeric", "१"),
        ("currency", True),
        ("currency", [1]),
        ("date", "2026-01-02T00:00:00Z"),
        ("date", "2026-13-02"),
        ("date", 20260102),
        ("contact", 0),
        ("contact", True),
        ("contact", "0"),
        ("contact", "Jane"),
        ("matter", "9" * 20),
        ("text_line", 5),
        ("time", 5),
        ("picklist", "Won"),
    ],
)
def test_a_value_that_is_not_what_its_type_says_is_kept_and_warned_about(kind: str, wire: Any) -> None:
    """The warning names the type, never the value."""
    found = view(row("F", kind, wire))
    with pytest.warns(ContradictionWarning, match=kind) as caught:
        value = found["F"]
    assert (tuple(wire) if isinstance(wire, list) else wire) == value
    assert not any(repr(wire) in str(one.message) for one in caught)


def test_a_float_that_is_no_number_is_kept() -> None:
    """JSON has none, `from_dict` may."""
    made = Matter.from_dict(
        {"custom_field_values": [{"field_name": "F", "field_type": "numeric", "value": float("inf")}]}
    )
    with pytest.warns(ContradictionWarning, match="numeric"):
        assert float("inf") == made.custom_fields["F"]


# -- picklists ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wire", [9, "9"])
@pytest.mark.parametrize(
    ("option", "shown"),
    [({"id": 9, "etag": "o", "option": "Won"}, "Won"), ({"id": 9, "etag": "o"}, 9), (None, 9)],
)
def test_a_picklist_is_its_label_or_else_the_id_of_its_option(wire: Any, option: Any, shown: Any) -> None:
    """The id of the option can be had in any case."""
    found = view(row("Status", "picklist", wire, picklist_option=option))
    assert (shown, 9, 9) == (found["Status"], found.option_id("Status"), found.option_id(1))


def test_option_ids_are_those_of_picklists() -> None:
    """Not set: None. No picklist: an error. Not an id: that of the option which came along, if one did."""
    found = view(
        row("A", "picklist", None),
        row("B", "text_line", "x", 2),
        row("C", "picklist", "?", 3, picklist_option={"id": 5, "option": "x"}),
        row("D", "picklist", "?", 4),
    )
    assert (None, 5, None) == (found.option_id("A"), found.option_id("C"), found.option_id("D"))
    with pytest.raises(InvalidArgument, match="no picklist"):
        found.option_id("B")


# -- names --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [row("Fee", "currency", None, id=None)],
        [row("Fee", "currency", None)],
    ],
)
def test_a_field_that_was_never_set_is_none(rows: list[Any]) -> None:
    """Absent, with a null id, with a real one: `get` gives None."""
    found = view(*rows)
    assert None is found.get("Fee")
    assert ("Fee" in found, len(found)) == (bool(rows), len(rows))
    if rows:
        assert (None, rows[0]["id"]) == (found["Fee"], found.value_id("Fee"))


def test_a_misspelt_name_is_a_key_error_with_near_names() -> None:
    """It may also be right, and never have been set."""
    found = view(row("Intake date", "date", None), row("Fee", "currency", 1, 2))
    for read in (lambda: found["Intake dat"], lambda: found.value_id("Intake dat")):
        with pytest.raises(UnknownCustomField, match=r"Did you mean 'Intake date'.*never have been set") as caught:
            read()
        assert isinstance(caught.value, KeyError)
        assert isinstance(caught.value, ClioError)
        assert ("Intake dat", ("Intake date",)) == (caught.value.name, caught.value.near)
        assert str(caught.value).startswith("'Intake dat' is not")
        again = pickle.loads(pickle.dumps(caught.value))
        assert (str(caught.value), "Intake dat") == (str(again), again.name)
    with pytest.raises(UnknownCustomField, match="of a definition, not of a value"):
        found.by_id(901)
    with pytest.raises(UnknownCustomField):
        _ = found[1]  # type: ignore[index]


def test_two_definitions_of_one_name_are_read_by_id() -> None:
    """The name alone would be a guess; it is listed once, and equality does not raise."""
    found = view(row("Status", "text_line", "a", 1), row("Status", "text_line", "b", 2), row("Fee", "numeric", 3, 3))
    for read in (lambda: found["Status"], lambda: found.get("Status"), lambda: found.value_id("Status")):
        with pytest.raises(AmbiguousCustomField, match=r"by_id\(\) with one of \[1, 2\]") as caught:
            read()
        assert not isinstance(caught.value, KeyError)
        assert ("Status", (1, 2)) == (caught.value.name, caught.value.ids)
        assert (1, 2) == pickle.loads(pickle.dumps(caught.value)).ids
    assert ("a", "b") == (found.by_id(1), found.by_id(2))
    assert (["Status", "Fee"], 2, True) == ([*found], len(found), "Status" in found)
    assert found != {"Status": "a", "Fee": 3}


def test_two_values_without_their_definitions_cannot_be_told_apart() -> None:
    """Where nothing says that they are of one field, they may be of two."""
    fields = "custom_field_values{id,field_name,field_type,value,custom_field}"
    bare = {"id": "text_line-1", "field_name": "A", "field_type": "text_line", "value": "x", "custom_field": None}
    for other in (bare, {**bare, "id": None, "value": None}):
        with pytest.raises(AmbiguousCustomField):
            _ = decoded(bare, other, fields=fields).custom_fields["A"]


def test_of_one_definition_the_row_with_a_value_counts() -> None:
    """A placeholder beside it says nothing; two real ones are not chosen from."""
    placeholder = row("A", "text_line", None, id=None)
    real = row("A", "text_line", "x")
    assert ("x", "text_line-901") == (view(placeholder, real)["A"], view(placeholder, real).value_id("A"))
    assert None is view(placeholder, placeholder)["A"]
    with pytest.raises(AmbiguousCustomField, match="2 values") as caught:
        _ = view(real, {**real, "id": "text_line-2"})["A"]
    assert (1,) == caught.value.ids


def test_a_value_of_a_deleted_definition_has_no_name() -> None:
    """A new field may have the name now: the old value must not be read for it. Its id leads to it."""
    old = row("Status", "text_line", "old", 1, soft_deleted=True)
    assert None is view(old).get("Status")
    assert ("old", (1,), "text_line-901") == (view(old).by_id(1), view(old).ids, view(old).value_id(1))
    new = row("Status", "text_line", "new", 2)
    assert ("new", ["Status"], (1, 2)) == (view(old, new)["Status"], [*view(old, new)], view(old, new).ids)


def test_what_clio_withholds_has_no_name_and_no_value() -> None:
    """Null names and types, or a redacted row: reachable by the definition where there is one, listed nowhere else."""
    nameless = row(None, None, None, 4)
    redacted = {"id": "text_line-5", "redacted": True}
    found = view(nameless, redacted, row("A", "text_line", "x", 6))
    assert (["A"], 1, (4, 6)) == ([*found], len(found), found.ids)
    assert (None, "None-904") == (found.by_id(4), found.value_id(4))
    assert None is found.get("None")


def test_ids_of_values_and_of_definitions_are_not_confused() -> None:
    """The composite id belongs to one record, the number to the definition."""
    found = view(row("A", "text_line", "x", 12))
    assert ("text_line-912", "text_line-912", 12, (12,)) == (
        found.value_id("A"),
        found.value_id(12),
        found.definition_id("A"),
        found.ids,
    )


# -- the view as a value ------------------------------------------------------------------------------------------


def test_it_is_a_mapping_in_the_order_of_the_answer() -> None:
    """What a dict is made of, and what equals it."""
    found = view(row("B", "numeric", 1, 1), row("A", "text_line", "x", 2))
    assert ["B", "A"] == [*found]
    assert {"B": 1, "A": "x"} == found == {"A": "x", "B": Decimal(1)}
    assert found != {"A": "x"}
    assert found != 5
    assert [("B", 1), ("A", "x")] == [*found.items()]


def test_it_is_immutable_and_hashes_copies_and_pickles() -> None:
    """Equal views are of equal fields and values, whatever the tags of their rows; deleted ones count, too."""
    rows = [row("B", "numeric", 1, 1), row("A", "text_line", "x", 2, soft_deleted=True)]
    found = view(*rows)
    with pytest.raises(AttributeError):
        found._values = ()  # type: ignore[misc]
    assert found == view(*rows) == copy.deepcopy(found) == pickle.loads(pickle.dumps(found))
    assert hash(found) == hash(view(*rows)) == hash(view(*[{**one, "etag": "new"} for one in rows]))
    assert found == view(*[{**one, "etag": "new"} for one in rows])
    assert found != view(rows[0])
    assert found != view(rows[0], {**rows[1], "value": "y"})
    record = decoded(*rows)
    assert record.custom_fields == pickle.loads(pickle.dumps(record)).custom_fields
    assert record.custom_fields == Matter.from_dict(json.loads(record.to_json())).custom_fields


def test_its_repr_is_short_and_shows_no_value() -> None:
    """Values are confidential, and may be long."""
    few = repr(view(row("A", "text_line", "privileged"), row("B", "numeric", 3, 2)))
    many = repr(view(*[row(f"F{number}", "text_line", "privileged", number) for number in range(1, 9)]))
    assert ("<CustomFieldsView of 2: 'A', 'B'>", "<CustomFieldsView of 8: 'F1', 'F2', 'F3', 'F4', 'F5', …>") == (
        few,
        many,
    )
    assert "<CustomFieldsView of 5: 'F1', 'F2', 'F3', 'F4', 'F5'>" == repr(
        view(*[row(f"F{number}", "text_line", "x", number) for number in range(1, 6)])
    )


def test_it_reads_the_values_of_a_projection() -> None:
    """A class of the caller's holds the same rows."""
    record = decoded(row("A", "numeric", "3"))
    assert {"A": 3} == CustomFieldsView(record.custom_field_values)


names = st.text(min_size=1, max_size=8)


@settings(deadline=None)
@given(st.dictionaries(names, st.decimals(allow_nan=False, allow_infinity=False), max_size=6))
def test_numbers_survive_as_text_and_as_json(values: dict[str, Decimal]) -> None:
    """What Clio writes either way is read back exactly."""
    texts = [row(name, "numeric", str(value), at) for at, (name, value) in enumerate(values.items(), 1)]
    assert values == dict(view(*texts))
