"""Amounts of time: what Clio counts in seconds or hours is a `timedelta`, and what counts pieces is none."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal, localcontext
from enum import Enum
from typing import Any

import pytest
from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st

from clio_async.codec import ContradictionWarning
from clio_async.errors import FieldNotRequested, InvalidArgument, SchemaError, UnknownField
from clio_async.models import Activity, LineItem, durations
from clio_async.models.durations import amount, duration
from clio_async.models.record import Record
from clio_async.models.schema import Unit
from clio_async.models.selection import select, select_records

UNITS: tuple[Unit, ...] = ("seconds", "hours")
HOUR = timedelta(hours=1)

# -- numbers and times --------------------------------------------------------------------------------------------


@given(st.timedeltas(timedelta(0)), st.sampled_from(UNITS))
def test_a_time_is_what_it_was_when_it_is_read_back(time: timedelta, unit: Unit) -> None:
    """Law: no microsecond is lost, whatever the precision that the caller's decimals have."""
    with localcontext() as context:
        context.prec = 3
        assert time == duration(amount(time, unit), unit)


@given(st.timedeltas(timedelta(0)))
def test_seconds_are_exact(time: timedelta) -> None:
    """Law: as many millionths as there are microseconds; whole ones are integers."""
    found = amount(time, "seconds")
    assert time // timedelta(microseconds=1) == found * 10**6
    assert isinstance(found, int) is (time.microseconds == 0)


@given(st.decimals(-(10**6), 10**6, places=7), st.sampled_from(UNITS))
def test_a_number_is_the_nearest_time(number: Decimal, unit: Unit) -> None:
    """Law: at most half a microsecond away, of either sign."""
    exact = number * (3600 if unit == "hours" else 1)
    found = Decimal(duration(number, unit) // timedelta(microseconds=1)) / 10**6
    assert abs(found - exact) <= Decimal("0.0000005")


@pytest.mark.parametrize("number", [5400, Decimal(5400), 5400.0, Decimal("5.4E+3")])
def test_any_kind_of_number_is_read(number: Any) -> None:
    """A record that was made by hand may hold an integer or a float."""
    assert timedelta(minutes=90) == duration(number, "seconds")


def test_a_float_counts_as_the_shortest_decimal_that_gives_it() -> None:
    """As everywhere else: 0.1 is a tenth."""
    assert timedelta(minutes=6) == duration(0.1, "hours")


@pytest.mark.parametrize(
    "number",
    [None, "5400", True, Decimal("NaN"), Decimal("Infinity"), Decimal("1E+999999"), Decimal("-1E+20"), 10**5000],
    ids=["null", "text", "true", "nan", "infinity", "huge", "less", "longer"],
)
@pytest.mark.parametrize("unit", UNITS)
def test_what_is_no_amount_of_time_is_refused(number: Any, unit: Unit) -> None:
    """Nothing but numbers, and none that a `timedelta` cannot hold."""
    with pytest.raises(ValueError, match="not a number"):
        duration(number, unit)


def test_hours_have_another_limit_than_seconds() -> None:
    """The longest time fits in both; more does not."""
    for unit in UNITS:
        longest = amount(timedelta.max, unit)
        assert timedelta.max == duration(longest, unit)
        with pytest.raises(ValueError, match="not a number"):
            duration(longest + 1, unit)


def test_a_tiny_number_is_no_time() -> None:
    """However many decimals it has."""
    assert timedelta(0) == duration(Decimal("1E-999999"), "hours")


# -- records ------------------------------------------------------------------------------------------------------

RECORDS = [
    pytest.param(Activity, "type", "TimeEntry", "quantity", "duration", Decimal(5400), id="Activity"),
    pytest.param(Activity, "type", "TimeEntry", "rounded_quantity", "rounded_duration", Decimal(5400), id="rounded"),
    pytest.param(LineItem, "kind", "Service", "quantity", "duration", Decimal("1.5"), id="LineItem"),
]


@pytest.mark.parametrize(("cls", "deciding", "counted", "name", "property_", "number"), RECORDS)
def test_a_record_tells_its_time(
    cls: type[Record], deciding: str, counted: str, name: str, property_: str, number: Decimal
) -> None:
    """Beside the raw number; null is None, and so is what an expense counts, whatever it is."""
    assert timedelta(minutes=90) == getattr(cls(**{deciding: counted, name: number}), property_)
    assert getattr(cls(**{deciding: counted, name: None}), property_) is None
    for other in ("ExpenseEntry", "Expense", "Product", "brand_new", None):
        assert getattr(cls(**{deciding: other, name: number}), property_) is None
        assert getattr(cls(**{deciding: other}), property_) is None


@pytest.mark.parametrize(("cls", "deciding", "counted", "name", "property_", "number"), RECORDS)
def test_what_was_not_asked_for_is_named(
    cls: type[Record], deciding: str, counted: str, name: str, property_: str, number: Decimal
) -> None:
    """The number, or what says whether it is one of time; not the property, which cannot be asked for."""
    with pytest.raises(FieldNotRequested, match=f"{cls.__name__}.{deciding} was not in the answer"):
        getattr(cls(**{name: number}), property_)
    with pytest.raises(FieldNotRequested, match=f"{cls.__name__}.{name} was not in the answer"):
        getattr(cls(**{deciding: counted}), property_)


@pytest.mark.parametrize(("cls", "deciding", "counted", "name", "property_", "number"), RECORDS)
def test_what_a_time_is_made_of_is_said(
    cls: type[Record], deciding: str, counted: str, name: str, property_: str, number: Decimal
) -> None:
    """Whoever reads the time has not touched the other attribute: the message names both, and why."""
    both = f"{property_} is made of {deciding} and {name}. Ask for both with fields="
    for held in ({name: number}, {deciding: counted}, {}):
        with pytest.raises(FieldNotRequested, match=both):
            getattr(cls(**held), property_)


@pytest.mark.parametrize(
    ("schema", "fields", "name"),
    [
        ("Activity", "id,duration", "type and quantity"),
        ("Activity", "id,rounded_duration", "type and rounded_quantity"),
        ("LineItem", "id,duration", "kind and quantity"),
        ("LineItem", "id,activity{duration}", "type and quantity"),
    ],
)
def test_a_time_cannot_be_asked_for_but_what_it_is_made_of(schema: str, fields: str, name: str) -> None:
    """It is no field of Clio's: the error names those, and none that are merely spelt like it."""
    with pytest.raises(UnknownField, match=f"duration' is not a known field of .* It is made of {name}: ask") as caught:
        select_records(schema, fields)
    assert () == caught.value.near
    assert "Did you mean" not in str(caught.value)


def test_a_field_of_that_name_is_asked_for() -> None:
    """Where Clio has a `rounded_duration` of its own, it is a field like any other; elsewhere it is one misspelt."""
    assert "rounded_duration" in select_records("BillingSetting", "rounded_duration").text
    with pytest.raises(UnknownField, match="Matter"):
        select_records("Matter", "duration")


@pytest.mark.parametrize("withheld", [{"quantity_redacted": True}, {"redacted": True}], ids=repr)
def test_hours_that_clio_withholds_are_none(withheld: dict[str, Any]) -> None:
    """Clio leaves them out, although they were asked for; where it does not say so, they were not asked for."""
    activity = Activity.from_dict({"type": "TimeEntry", **withheld})
    assert (None, None) == (activity.duration, activity.rounded_duration)
    shown = Activity.from_dict({"type": "TimeEntry", "quantity_redacted": False})
    with pytest.raises(FieldNotRequested, match="quantity"):
        _ = shown.duration


@pytest.mark.parametrize("number", ["soon", Decimal("1E+40")])
def test_what_contradicts_the_schema_is_no_time(number: Any) -> None:
    """A typed error at the one who asks, not a wrong time."""
    with pytest.raises(SchemaError, match=r"Activity\.quantity"):
        _ = Activity(type="TimeEntry", quantity=number).duration


# -- classes of the caller ----------------------------------------------------------------------------------------


class Kind(Enum):
    TIME = "TimeEntry"
    EXPENSE = "ExpenseEntry"


@frozen
class Entry:
    id: int
    type: str
    quantity: timedelta | None
    rounded_quantity: timedelta | None = None


@frozen
class Typed:
    type_: Kind | None
    quantity: timedelta | None = HOUR


@frozen
class Line:
    kind: str | None
    quantity: timedelta | None


@frozen
class Unbilled:
    unbilled_hours: timedelta | None


@frozen
class Either:
    unbilled_hours: timedelta | Decimal | None


@frozen
class Running:
    activity: Typed | None


@frozen
class Untold:
    quantity: timedelta | None


@frozen
class Certain:
    type: str
    quantity: timedelta


@frozen
class Priced:
    type: str
    price: timedelta | None


def one(resource: str, cls: type[Any], record: dict[str, Any], *, strict: bool = True) -> Any:
    return select(resource, cls, strict=strict).decode(json.dumps({"data": record}).encode())


def many(resource: str, cls: type[Any], records: list[dict[str, Any]]) -> list[Any]:
    page = select(resource, cls, strict=True).decode_page(json.dumps({"data": records}).encode())
    return [item for piece in page.slices() for item in piece]


def test_a_class_may_ask_for_times() -> None:
    """An attribute that is annotated so holds a time, None for an expense; one at a time, and many compiled."""
    entry = {"id": 1, "type": "TimeEntry", "quantity": 5400.0, "rounded_quantity": None}
    expense = {"id": 2, "type": "ExpenseEntry", "quantity": 3, "rounded_quantity": 3}
    expected = [Entry(1, "TimeEntry", timedelta(minutes=90)), Entry(2, "ExpenseEntry", None)]
    assert expected == [one("activities", Entry, record) for record in (entry, expense)]
    assert expected * 20 == many("activities", Entry, [entry, expense] * 20)


def test_the_type_may_be_a_member_of_an_enumeration() -> None:
    """And have another name in the class than Clio's; what was left out has the default of the class."""
    assert Typed(Kind.TIME, HOUR) == one("activities", Typed, {"type": "TimeEntry", "quantity": 3600})
    assert Typed(Kind.EXPENSE, None) == one("activities", Typed, {"type": "ExpenseEntry", "quantity": 3600})
    assert Typed(None, None) == one("activities", Typed, {"type": None, "quantity": 3600})


def test_lines_of_bills_count_hours() -> None:
    """The same annotation, and the other unit."""
    assert Line("Service", timedelta(minutes=90)) == one("line_items", Line, {"kind": "Service", "quantity": 1.5})
    assert Line("Expense", None) == one("line_items", Line, {"kind": "Expense", "quantity": 1.5})


def test_what_always_counts_time_needs_nothing_beside_it() -> None:
    """Unbilled hours are hours."""
    assert Unbilled(timedelta(minutes=15)) == one("billable_matters", Unbilled, {"unbilled_hours": 0.25})
    assert Unbilled(None) == one("billable_matters", Unbilled, {"unbilled_hours": None})
    assert [Unbilled(HOUR)] * 40 == many("billable_matters", Unbilled, [{"unbilled_hours": 1}] * 40)


def test_of_several_types_the_one_that_clio_has_is_given() -> None:
    """Nothing is converted where the number as it is will do."""
    assert Either(Decimal("0.25")) == one("billable_matters", Either, {"unbilled_hours": 0.25})


def test_an_associated_record_may_hold_times() -> None:
    """A class within a class is filled in the same way."""
    found = one("timer", Running, {"activity": {"type": "TimeEntry", "quantity": 60}})
    assert Running(Typed(Kind.TIME, timedelta(minutes=1))) == found


@pytest.mark.parametrize(
    ("cls", "words"), [(Untold, "type"), (Certain, "timedelta | None"), (Priced, "price")], ids=["type", "null", "unit"]
)
def test_a_class_that_would_hold_a_wrong_time_is_refused(cls: type[Any], words: str) -> None:
    """An expense counts pieces: without its type nobody could tell; and money is no time."""
    with pytest.raises(InvalidArgument) as caught:
        select("activities", cls)
    assert words in str(caught.value)


def test_what_contradicts_the_schema_stays_as_it_came() -> None:
    """As for any other attribute: noted, kept, and an error where the client is strict. A number too large is one."""
    with pytest.warns(ContradictionWarning):
        found = one("activities", Typed, {"type": "TimeEntry", "quantity": "soon"}, strict=False)
    assert "soon" == found.quantity
    for quantity in ("soon", 1e40):
        with pytest.raises(SchemaError, match=r"quantity|Typed"):
            one("activities", Typed, {"type": "TimeEntry", "quantity": quantity})


def test_what_holds_times_can_be_shared() -> None:
    """A time cannot be changed; the class that is made is the caller's."""
    for resource, cls in (("activities", Entry), ("billable_matters", Unbilled)):
        selection = select(resource, cls)
        assert (cls, True) == (selection.record_type, selection.shareable)


def test_only_some_numbers_depend_on_another_attribute() -> None:
    """Those of records that may stand for an expense."""
    assert durations.decider("Matter", "quantity") is None
    assert durations.decider("Activity_base", "quantity") == durations.decider("Activity", "quantity")
    assert durations.Decider("kind", "Service") == durations.decider("LineItem", "quantity")
