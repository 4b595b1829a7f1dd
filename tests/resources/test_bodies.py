"""Bodies: Python values in, the JSON that Clio documents out; what Clio would drop, ignore or refuse is refused."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import pytest
from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st

from clio_async.errors import InvalidArgument, UnknownAttribute
from clio_async.models import (
    Activity,
    CalendarEntry,
    Contact,
    CustomFieldValue,
    LinkedFolder,
    Matter,
    Task,
    User,
    registry,
)
from clio_async.models.durations import duration
from clio_async.models.record import Ref
from clio_async.models.schema import Attribute, Operation
from clio_async.resources import bodies

from .fake import FakeClio

CONFIDENTIAL = "Jane Roe v. Confidential"
NOW = datetime(2025, 3, 4, 5, 6, 7, tzinfo=timezone(timedelta(hours=2)))
NAIVE = datetime(2025, 3, 4, 5, 6, 7)  # noqa: DTZ001 - the naive one is the point
HOUR = timedelta(hours=1)


class Choice(Enum):
    TEXT = "text"
    DAY = date(2025, 1, 2)
    NUMBER = 5
    NOTHING = None


@frozen
class Card:
    id: Any
    type: Any = None


# -- every attribute there is -------------------------------------------------------------------------------------

WRITES = [
    operation
    for name in registry.resource_names()
    for operation in registry.resource(name).operations.values()
    if operation.attributes
]
over_all = pytest.mark.parametrize("operation", WRITES, ids=lambda operation: operation.id)
RIGHT: dict[str, list[tuple[Any, Any]]] = {
    "integer": [(5, 5), (Choice.NUMBER, 5)],
    "string": [
        ("text", "text"),
        ("a\nb\t\x00", "a\nb\t\x00"),
        ("", ""),
        (Choice.TEXT, "text"),
        (UUID(int=1), str(UUID(int=1))),
    ],
    "boolean": [(True, True), (False, False)],
    "decimal": [(Decimal("350.50"), Decimal("350.50")), (1.1, Decimal("1.1")), (7, 7), (Decimal(-1), Decimal(-1))],
    "date": [(date(2025, 1, 2), "2025-01-02"), ("2025-01-02", "2025-01-02"), (Choice.DAY, "2025-01-02")],
    "datetime": [(NOW, "2025-03-04T03:06:07Z"), ("2025-03-04T05:06:07+02:00", "2025-03-04T03:06:07Z")],
    "json": [(1, 1), ("x", "x"), (True, True), (Decimal("1.50"), Decimal("1.50")), (date(2025, 1, 2), "2025-01-02")],
}
WRONG: dict[str, list[Any]] = {
    "integer": [True, 1.0, "7", CONFIDENTIAL, Decimal(7), 2**64, 10**5000, [], {}, HOUR, NOW, object()],
    "string": [7, True, 1.5, date(2025, 1, 2), NOW, "\ud800", b"text", ["x"], {}, HOUR, object()],
    "boolean": [0, 1, "true", CONFIDENTIAL, [], {}, object()],
    "decimal": [True, "12", CONFIDENTIAL, float("nan"), Decimal("Infinity"), [1], {}, date(2025, 1, 2), object()],
    "date": [7, True, NOW, NAIVE, CONFIDENTIAL, "2025-13-01", "", [], {}, HOUR, object()],
    "datetime": [7, NAIVE, date(2025, 1, 2), "2025-01-02", CONFIDENTIAL, "", [], {}, HOUR, object()],
    "json": [float("nan"), NAIVE, "\ud800", b"x", {1: 2}, [CONFIDENTIAL, object()], HOUR, object()],
}


def paths(attributes: Mapping[str, Attribute], above: tuple[Attribute, ...] = ()) -> Iterator[tuple[Attribute, ...]]:
    """Every attribute of a body, with those that it stands in."""
    for attribute in attributes.values():
        yield (*above, attribute)
        yield from paths(attribute.attributes, (*above, attribute))


def example(attribute: Attribute) -> Any:
    """The least that an attribute takes."""
    if attribute.kind != "object":
        value = attribute.enum[0] if attribute.enum else RIGHT[attribute.kind][0][1]
    else:
        inner = [one for one in attribute.attributes.values() if one.required or one.name == "id"]
        value = {one.name: example(one) for one in inner or [*attribute.attributes.values()][:1]} or {"id": 1}
    return [value] if attribute.many else value


def within(path: tuple[Attribute, ...], value: Any) -> Any:
    """The body's attribute in which `value` stands at the end of a path, with what is required around it."""
    if len(path) == 1:
        return value
    around = {one.name: example(one) for one in path[0].attributes.values() if one.required or one.name == "id"}
    inner = around | {path[1].name: within(path[1:], value)}
    return [inner] if path[0].many else inner


def sent(operation: Operation, path: tuple[Attribute, ...], value: Any) -> Any:
    """What of a value stands in the body."""
    name = path[0].name
    keyword = f"{name}_" if name in {"fields", "if_match", "limit", "resume"} else name
    found = bodies.written(operation, {keyword: within(path, value)}, None)
    for one in path:
        found = found[one.name] if isinstance(found, dict) else found[0][one.name]
    return found


@over_all
def test_every_attribute_writes_what_it_takes(operation: Operation) -> None:
    """Each Python type that fits, members of enumerations, lists where several stand, at any depth."""
    for path in paths(operation.attributes):
        last = path[-1]
        if last.kind == "object":
            assert example(last) == sent(operation, path, example(last))
            continue
        rights = RIGHT[last.kind] if (last.kind, last.name) != ("json", "id") else [(5, 5), ("5-1", "5-1")]
        rights = [*rights, *[(one, one) for one in last.enum]]
        rights += [("brand_New", "brand_New")] if last.enum else []
        for value, written in rights:
            if last.many:
                assert [written, written] == sent(operation, path, [value, value])
                assert [written] == sent(operation, path, (value,))
            else:
                found = sent(operation, path, value)
                assert (written, type(written)) == (found, type(found)), path


@over_all
def test_every_attribute_refuses_what_it_does_not_take(operation: Operation) -> None:
    """With its place in the message, and without the value."""
    for path in paths(operation.attributes):
        last = path[-1]
        wrong = [7, True, CONFIDENTIAL, {}, {1: 2}, date(2025, 1, 2), object()]
        wrong = WRONG[last.kind] if last.kind != "object" else wrong
        if last.kind == "integer" and last.name.endswith(("id", "_ids")):
            wrong = [*wrong, 0, -1, 2**63]
        if last.many:
            wrong = [[value] for value in wrong] + [[None], 7, CONFIDENTIAL, {"id": 1}, iter([])]
        elif last.unit:
            wrong = [*wrong, -HOUR]
        elif last.kind == "decimal":
            wrong = [*wrong, HOUR]
        for value in wrong:
            with pytest.raises(InvalidArgument) as caught:
                sent(operation, path, value)
            assert last.name in str(caught.value)
            assert CONFIDENTIAL not in str(caught.value)


@over_all
def test_every_attribute_says_null_as_clio_takes_it(operation: Operation) -> None:
    """Refused where Clio refuses or ignores it, by the id where the document says so, JSON null elsewhere."""
    for path in paths(operation.attributes):
        last = path[-1]
        for nothing in (None, Choice.NOTHING):
            if last.required or last.null == "never":
                with pytest.raises(InvalidArgument, match=last.name):
                    sent(operation, path, nothing)
            else:
                by_id = last.null == "by_id" and last.kind == "object"
                assert ({"id": None} if by_id else None) == sent(operation, path, nothing)


@over_all
def test_every_object_refuses_unknown_names(operation: Operation) -> None:
    """At any depth: Clio would drop them. `_destroy` is a name like any other."""
    for path in paths(operation.attributes):
        last = path[-1]
        if not last.attributes:
            continue
        value = (example(last)[0] if last.many else example(last)) | {"brand_new": 1}
        with pytest.raises(UnknownAttribute, match="'brand_new'"):
            sent(operation, path, [value] if last.many else value)
        removed = {"id": "1" if last.attributes.get("id", last).kind == "string" else 1, "_destroy": True}
        removed = {name: one for name, one in removed.items() if name in last.attributes or name == "_destroy"}
        if "_destroy" in last.attributes:
            assert removed == (sent(operation, path, [removed])[0] if last.many else sent(operation, path, removed))
        else:
            with pytest.raises(UnknownAttribute, match="'_destroy'"):
                sent(operation, path, [removed] if last.many else removed)


@over_all
def test_every_required_attribute_is_required(operation: Operation) -> None:
    """At the top and in every object that is given; none of them takes null."""
    where = f"{operation.resource}.{operation.action}"
    least = {one.name: example(one) for one in operation.attributes.values() if one.required}
    data = {f"{name}_" if name == "fields" else name: value for name, value in least.items()}
    bodies.body(operation, data, None)
    for name in data:
        others = {key: value for key, value in data.items() if key != name}
        with pytest.raises(InvalidArgument, match=f"{where} needs {name}="):
            bodies.body(operation, others, None)
        bodies.body(operation, others, {name.rstrip("_"): "unchecked"})
    for *above, last in paths(operation.attributes):
        if above and last.required:
            value = {one.name: example(one) for one in above[-1].attributes.values() if one.name != last.name}
            with pytest.raises(InvalidArgument, match=f"needs {last.name}=" if value else "is empty"):
                sent(operation, tuple(above), [value] if above[-1].many else value)


# -- null and nothing ---------------------------------------------------------------------------------------------


async def test_an_association_is_cleared_by_its_id_where_clio_takes_that() -> None:
    """`None` and `{"id": None}` are the same: the form that Clio documents."""
    clio = FakeClio()
    await clio.matters.update(1, practice_area=None, group={"id": None}, location=None)  # type: ignore[typeddict-item]
    expected = {"practice_area": {"id": None}, "group": {"id": None}, "location": None}
    assert {"data": expected} == clio.calls[0].body


@pytest.mark.parametrize("name", ["originating_attorney", "responsible_attorney", "responsible_staff", "client"])
@pytest.mark.parametrize("nothing", [None, {}, {"id": None}], ids=repr)
async def test_an_attorney_cannot_be_cleared(name: str, nothing: Any) -> None:
    """Clio answers 200 and changes nothing, or refuses; whoever knows better has `extra_json`."""
    clio = FakeClio()
    with pytest.raises(InvalidArgument, match=r"changes? nothing"):
        await clio.matters.update(1, **{name: nothing})
    assert [] == clio.calls
    await clio.matters.update(1, extra_json={name: nothing})
    assert {"data": {name: nothing}} == clio.calls[0].body


@pytest.mark.parametrize("name", ["custom_field_values", "phone_numbers"])
async def test_an_empty_list_does_not_look_like_a_removal(name: str) -> None:
    """Clio leaves alone what is not named; where nothing can be removed by a row, an empty list is a value."""
    clio = FakeClio()
    with pytest.raises(InvalidArgument, match="_destroy"):
        await clio.contacts.update(1, **{name: []})
    await clio.webhooks.update(1, events=[])
    assert {"events": []} == clio.calls[0].body["data"]


async def test_an_empty_list_of_rows_that_are_removed_by_their_ids_is_refused() -> None:
    """It changes nothing, and the message says how a row is removed there."""
    with pytest.raises(InvalidArgument, match="_deleted"):
        await FakeClio().activity_descriptions.update(1, groups=[])


@pytest.mark.parametrize("row", [{"_destroy": True}, {"_destroy": True, "value": 1}], ids=repr)
async def test_a_row_is_removed_by_its_id(row: Any) -> None:
    """A removal that names no row is refused; the record's only picture has no id and needs none."""
    clio = FakeClio()
    with pytest.raises(InvalidArgument, match="no id"):
        await clio.contacts.update(1, custom_field_values=[row])
    await clio.contacts.update(
        1, avatar={"_destroy": True}, custom_field_values=[{"id": "text_line-1", "_destroy": True}]
    )
    expected = {"avatar": {"_destroy": True}, "custom_field_values": [{"id": "text_line-1", "_destroy": True}]}
    assert expected == clio.calls[0].body["data"]


async def test_a_row_that_is_not_removed_is_complete() -> None:
    """A new value of a custom field names the field; one that goes needs its id alone."""
    clio = FakeClio()
    rows: Any = [{"custom_field": {"id": 1}, "value": 1}, {"value": 1}]
    with pytest.raises(InvalidArgument, match=r"custom_field_values\[1\] needs custom_field="):
        await clio.matters.create(client={"id": 1}, description="x", custom_field_values=rows)
    assert [] == clio.calls


async def test_what_is_given_twice_is_refused() -> None:
    """Neither of the two wins silently."""
    clio = FakeClio()
    with pytest.raises(InvalidArgument, match="description is given twice"):
        await clio.matters.update(1, description="x", extra_json={"description": "x"})
    with pytest.raises(InvalidArgument, match="fields is given twice"):
        await clio.webhooks.update(1, fields_="id", extra_json={"fields": "id"})
    for extra in ([], "x", {1: 2}):
        with pytest.raises(InvalidArgument, match="extra_json"):
            await clio.matters.update(1, description="x", extra_json=extra)  # type: ignore[arg-type]
    assert [] == clio.calls


# -- records ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("record", "written"),
    [
        (Contact(id=7), {"id": 7}),
        (Ref(7), {"id": 7}),
        (Ref("7"), {"id": 7}),
        (Card(7), {"id": 7}),
        ({"id": 7}, {"id": 7}),
    ],
    ids=repr,
)
async def test_anything_with_an_id_is_an_association(record: Any, written: Any) -> None:
    """Records, references, objects of the caller; an id of digits in a text is one, too."""
    clio = FakeClio()
    await clio.matters.update(1, client=record)
    assert {"client": written} == clio.calls[0].body["data"]


@pytest.mark.parametrize(
    "record", [Card(None), Card("x"), Card(True), Contact(name=CONFIDENTIAL), 7, "7", [7]], ids=str
)
async def test_what_has_no_id_is_no_association(record: Any) -> None:
    """The message says what it takes, and shows nothing of the record."""
    with pytest.raises(InvalidArgument, match="client is") as caught:
        await FakeClio().matters.update(1, client=record)
    assert CONFIDENTIAL not in str(caught.value)


@pytest.mark.parametrize(
    ("record", "written"),
    [
        (User(id=7), {"id": 7, "type": "User"}),
        (Contact(id=7, type="Person"), {"id": 7, "type": "Contact"}),
        (Ref(7, type="User"), {"id": 7, "type": "User"}),
        (Card(7, Choice.NUMBER), None),
        (Card(7, "Person"), None),
        (Card(7), None),
        (Ref(7), None),
        (Matter(id=7), None),
    ],
    ids=repr,
)
async def test_where_several_types_may_stand_a_record_says_which_it_is(record: Any, written: Any) -> None:
    """One that does not is refused: Clio would take the id for one of another collection."""
    clio = FakeClio()
    if written is None:
        with pytest.raises(InvalidArgument, match=r"assignee may be of several types.*User or Contact"):
            await clio.tasks.update(1, assignee=record)
    else:
        await clio.tasks.update(1, assignee=record)
        assert {"assignee": written} == clio.calls[0].body["data"]


async def test_where_the_types_are_not_listed_a_record_has_the_name_of_its_class() -> None:
    """A reference, whose type may be a kind of its own, is no better than an id there."""
    clio = FakeClio()
    await clio.calendar_entries.update("1", attendees=[Contact(id=7)])
    assert {"attendees": [{"id": 7, "type": "Contact"}]} == clio.calls[0].body["data"]
    with pytest.raises(InvalidArgument, match="several types"):
        await clio.calendar_entries.update("1", attendees=[Ref(7, type="Person")])


async def test_ids_keep_the_form_that_they_have() -> None:
    """Those of calendar entries are numbers where the document says so; those of custom field values are texts."""
    clio = FakeClio()
    await clio.activities.update(1, calendar_entry=CalendarEntry(id="70"))
    await clio.contacts.update(1, custom_field_values=[CustomFieldValue(id="text_line-1")])
    await clio.reminders.create(subject=Task(id=3), notification_method={"id": 1})
    assert {"calendar_entry": {"id": 70}} == clio.calls[0].body["data"]
    assert {"custom_field_values": [{"id": "text_line-1"}]} == clio.calls[1].body["data"]
    assert {"id": 3, "type": "Task"} == clio.calls[2].body["data"]["subject"]


async def test_an_object_that_is_no_record_takes_none() -> None:
    """The message names what it holds."""
    with pytest.raises(InvalidArgument, match="rate, type"):
        await FakeClio().line_items.update(1, discount=Ref(1))  # type: ignore[typeddict-item]


# -- time ---------------------------------------------------------------------------------------------------------

TIMES = st.timedeltas(timedelta(0), timedelta(days=36500))


@given(TIMES)
def test_a_time_reads_back_as_it_was_written(time: timedelta) -> None:
    """Law: to the microsecond, in seconds and in hours, through the JSON text, too."""
    for resource, unit in (("activities", "seconds"), ("line_items", "hours")):
        operation = registry.resource(resource).operations["update"]
        content, _ = bodies.body(operation, {"quantity": time}, None)
        assert time == duration(json.loads(content, parse_float=Decimal)["data"]["quantity"], unit)


@pytest.mark.parametrize(
    ("time", "seconds", "hours"),
    [
        (timedelta(0), b"0", b"0"),
        (timedelta(minutes=90), b"5400", b"1.5"),
        (timedelta(minutes=20), b"1200", b"0.3333333333"),
        (timedelta(minutes=40), b"2400", b"0.6666666667"),
        (timedelta(milliseconds=500), b"0.5", b"0.0001388889"),
        (timedelta(days=1), b"86400", b"24"),
    ],
)
def test_a_time_is_written_in_the_unit_of_its_attribute(time: timedelta, seconds: bytes, hours: bytes) -> None:
    """Activities count seconds, lines of bills hours: nobody has to remember which."""
    for resource, text in (("activities", seconds), ("line_items", hours)):
        operation = registry.resource(resource).operations["update"]
        content, _ = bodies.body(operation, {"quantity": time}, None)
        assert b'{"data":{"quantity":%s}}' % text == content


@pytest.mark.parametrize("kind", ["ExpenseEntry", "HardCostEntry", "SoftCostEntry"])
async def test_an_expense_counts_no_time(kind: str) -> None:
    """What its quantity counts are pieces: a time for it is refused, whether the arguments say so or the record."""
    clio = FakeClio()
    with pytest.raises(InvalidArgument, match="quantity counts time in a TimeEntry alone"):
        await clio.activities.create(type=kind, quantity=HOUR)
    with pytest.raises(InvalidArgument, match="TimeEntry"):
        await clio.activities.update(Card(1, kind), if_match='"x"', quantity=HOUR)
    with pytest.raises(InvalidArgument, match="TimeEntry"):
        await clio.activities.update(1, type=kind, quantity=HOUR)
    assert [] == clio.calls
    await clio.activities.create(type=kind, quantity=3)
    await clio.activities.create(type="TimeEntry", quantity=HOUR)
    await clio.activities.update(Card(1, kind), if_match='"x"', type="TimeEntry", quantity=HOUR)
    await clio.activities.update(Card(1), if_match='"x"', quantity=HOUR)
    assert [3, 3600, 3600, 3600] == [call.body["data"]["quantity"] for call in clio.calls]


@pytest.mark.parametrize("kind", ["Expense", "Product"])
async def test_a_line_that_is_no_service_counts_no_time(kind: str) -> None:
    """The same for lines of bills, whose kind says it."""
    clio = FakeClio()
    with pytest.raises(InvalidArgument, match="Service"):
        await clio.line_items.update(1, kind=kind, quantity=HOUR)
    await clio.line_items.update(1, kind="Service", quantity=HOUR)
    assert {"kind": "Service", "quantity": 1} == clio.calls[0].body["data"]


# -- what is said of a mistake -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("quantity", [1.5, Decimal("0.25"), 59.99])
def test_hours_are_not_taken_for_seconds(quantity: Any) -> None:
    """Less than a minute and not whole: nobody bills that, and everybody means hours. Expenses count pieces."""
    operation = registry.resource("activities").operations["create"]
    with pytest.raises(InvalidArgument, match=r"timedelta\(hours=1.5\)"):
        bodies.body(operation, {"type": "TimeEntry", "quantity": quantity}, None)
    bodies.body(operation, {"type": "ExpenseEntry", "quantity": quantity}, None)
    bodies.body(operation, {"type": "TimeEntry", "quantity": 5400.5}, None)
    bodies.body(operation, {"type": "TimeEntry", "quantity": 2}, None)
    with pytest.raises(InvalidArgument, match="in seconds"):
        bodies.check_times(operation, {"quantity": quantity}, Activity(type="TimeEntry"))
    bodies.check_times(operation, {"quantity": quantity}, 7)


def test_what_is_only_shown_is_said_to_be() -> None:
    """A name that answers have and writes do not is not advised to be forced."""
    update = registry.resource("matters").operations["update"]
    with pytest.raises(UnknownAttribute, match="Records show it, and Clio takes it in no write"):
        bodies.body(update, {"created_at": None}, None)
    with pytest.raises(UnknownAttribute, match="custom_field_changes"):
        bodies.body(update, {"custom_fields": {"Fee": 1}}, None)
    with pytest.raises(UnknownAttribute, match="extra_json="):
        bodies.body(update, {"new_in_clio": 1}, None)


def test_the_type_that_a_record_shows_is_the_one_that_is_written() -> None:
    """A folder that is part of a document says that it is one; its class is called otherwise."""
    copy = registry.resource("documents").operations["copy"]
    written, _ = bodies.body(copy, {"parent": LinkedFolder(id=3, type="Folder")}, None)
    assert {"data": {"parent": {"id": 3, "type": "Folder"}}} == json.loads(written)
    with pytest.raises(InvalidArgument, match="needs type="):
        bodies.body(copy, {"parent": {"id": 3}}, None)
