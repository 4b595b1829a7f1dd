"""Values are compared by what they mean: how they are written decides nothing."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from enum import Enum
from typing import Any

import pytest
from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st

from clio_async.codec.encode import dump
from clio_async.codec.parse import parse
from clio_async.models import Activity, CalendarEntry, Communication, Contact, LineItem, Matter, Task
from clio_async.models.comparing import field_of, hidden, seen, unshown, wants
from clio_async.models.plans import record_class
from clio_async.protocol.merge import ALL, GONE, NewRow, Row

MATTER = {
    "id": 1,
    "etag": '"a"',
    "description": "Lease",
    "status": "Open",
    "billable": True,
    "open_date": "2026-01-02",
    "updated_at": "2026-01-02T10:00:00+02:00",
    "client": {"id": 3, "name": "Ann"},
    "practice_area": None,
    "user": {"id": 3},
    "statute_of_limitations": {"id": 9, "etag": '"s"', "due_at": "2026-05-01", "status": "pending"},
}
CONTACT = {"id": 1, "email_addresses": [{"id": 5, "name": "Work", "address": "a@b.test"}]}


@pytest.mark.parametrize(
    ("schema", "record", "sent", "different", "unknown"),
    [
        ("Matter", MATTER, {"description": "Lease", "open_date": "2026-01-02", "billable": True}, "", ""),
        ("Matter", MATTER, {"description": "lease", "open_date": "2026-01-03"}, "description open_date", ""),
        ("Matter", MATTER, {"billable": 1}, "billable", ""),
        ("Matter", MATTER, {"status": "open"}, "", ""),
        ("Matter", MATTER, {"updated_at": "2026-01-02T08:00:00Z"}, "", ""),
        ("Matter", MATTER, {"updated_at": "2026-01-02T10:00:00Z"}, "updated_at", ""),
        ("Matter", MATTER, {"updated_at": "yesterday"}, "updated_at", ""),
        ("Matter", MATTER, {"client": {"id": 3}, "practice_area": {"id": None}}, "", ""),
        ("Matter", MATTER, {"client": {"id": "3"}, "practice_area": None}, "", ""),
        ("Matter", MATTER, {"client": {"id": 4}, "practice_area": {"id": 3}}, "client practice_area", ""),
        ("Matter", MATTER, {"client": None}, "client", ""),
        ("Matter", MATTER, {"user_id": 3, "practice_area_id": None}, "", ""),
        ("Matter", MATTER, {"user_id": 4}, "user_id", ""),
        ("Matter", MATTER, {"client": 3}, "client", "client"),
        ("Matter", MATTER, {"location": "x", "reset_matter_number": True}, "location reset_matter_number", "both"),
        ("Matter", MATTER, {"statute_of_limitations": {"due_at": "2026-05-01"}}, "", ""),
        ("Matter", MATTER, {"statute_of_limitations": {"due_at": "2026-05-02"}}, "statute_of_limitations", ""),
        ("Matter", MATTER, {"statute_of_limitations": {"_destroy": True}}, "statute_of_limitations", ""),
        ("Matter", MATTER, {"practice_area": {"_destroy": True}}, "", ""),
        ("Matter", MATTER, {"practice_area": {"name": "Tax"}}, "practice_area", ""),
        ("Matter", MATTER, {"client": {"id": 3, "unknown": 1}}, "client", "client"),
        ("Contact", CONTACT, {"email_addresses": [{"id": 5, "address": "a@b.test"}]}, "", ""),
        ("Contact", CONTACT, {"email_addresses": [{"id": "5", "_destroy": False}]}, "", ""),
        ("Contact", CONTACT, {"email_addresses": [{"id": 5, "address": "c@b.test"}]}, "email_addresses", ""),
        ("Contact", CONTACT, {"email_addresses": [{"id": 5, "_destroy": True}]}, "email_addresses", ""),
        ("Contact", CONTACT, {"email_addresses": [{"id": 6, "_destroy": True}]}, "", ""),
        ("Contact", CONTACT, {"email_addresses": [{"id": 6, "address": "a@b.test"}]}, "email_addresses", ""),
        ("Contact", CONTACT, {"email_addresses": [{"address": "a@b.test"}]}, "email_addresses", "email_addresses"),
        ("Contact", CONTACT, {"email_addresses": ["a@b.test"]}, "email_addresses", "email_addresses"),
        ("Contact", CONTACT, {"email_addresses": [{"id": 5, "default_email": True}]}, "email_addresses", "both"),
        ("Contact", CONTACT, {"email_addresses": None}, "email_addresses", ""),
        ("Contact", {"id": 1, "email_addresses": None}, {"email_addresses": []}, "email_addresses", "both"),
        ("Contact", {"id": 1, "email_addresses": [{"name": "x"}]}, {"email_addresses": [{"id": 5}]}, "", "email"),
        ("ActivityDescription", {"id": 1, "groups": [{"id": 1}, {"id": 2}]}, {"group_ids": [2, 1]}, "", ""),
        ("ActivityDescription", {"id": 1, "groups": [{"id": 1}, {"id": 2}]}, {"group_ids": [2]}, "group_ids", ""),
        ("Webhook", {"id": 1, "events": ["created", "updated"]}, {"events": ["created", "updated"]}, "", ""),
        ("Webhook", {"id": 1, "events": ["created", "updated"]}, {"events": ["created"]}, "events", ""),
        ("LineItem", {"id": 1, "discount": {"rate": 5}}, {"discount": {"rate": 5.0}}, "", ""),
        ("Matter", MATTER, {"description_ids": [2], "location_id": 2}, "description_ids location_id", "both"),
    ],
)
def test_a_record_shows_what_was_sent_or_not(
    schema: str, record: Any, sent: dict[str, Any], different: str, unknown: str
) -> None:
    """Instants by the moment, numbers by value, enumerations in either case, records and rows by their ids."""
    found = record_class(schema).from_dict(record)
    names = tuple((different or (unknown and " ".join(sent))).split())
    assert names == unshown(schema, sent, found)
    assert (names if unknown else ()) == hidden(schema, sent, found)


def test_what_differs_is_not_hidden_by_what_cannot_be_told() -> None:
    """A name of which one half is different is different."""
    sent = {"email_addresses": [{"id": 5, "address": "c@b.test"}, {"address": "new"}]}
    found = Contact.from_dict(CONTACT)
    assert (("email_addresses",), ()) == (unshown("Contact", sent, found), hidden("Contact", sent, found))


def test_rows_of_several_types_are_known_by_id_and_type() -> None:
    """The contact 1 is not the calendar 1."""
    entry = CalendarEntry.from_dict({"id": "1", "attendees": [{"id": 1, "type": "Contact"}]})
    for kind, names in (("Contact", ()), ("Calendar", ("attendees",))):
        assert names == unshown("CalendarEntry", {"attendees": [{"id": 1, "type": kind}]}, entry)
    untold = CalendarEntry.from_dict({"id": "1", "attendees": [{"id": 1}]})
    assert ("attendees",) == hidden("CalendarEntry", {"attendees": [{"id": 1, "type": "Contact"}]}, untold)


def test_a_polymorphic_association_is_of_its_type() -> None:
    """The id alone does not say which record it is."""
    found = Activity.from_dict({"id": 1, "subject": {"id": 1, "type": "Matter"}})
    want = wants("Activity", {"subject": {"id": 1}})
    assert {("subject",): 1, ("subject", "type"): "matter"} == seen("Activity", want, found)


PEOPLE = [{"id": number, "type": kind} for number, kind in ((5, "Contact"), (6, "Person"), (7, "User"), (7, "Contact"))]


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        ({"id": 5}, True),
        ({"id": 5, "_deleted": True}, False),
        ({"id": 8}, False),
        ({"id": 8, "_deleted": True}, True),
        ({"id": 7}, False),
        ({"id": 7, "_deleted": True}, False),
        ({"id": 7, "type": "User"}, True),
        ({"id": 6, "type": "Contact"}, True),
        ({"id": 6, "type": "Company"}, True),
        ({"id": 6, "type": "User"}, False),
        ({"id": 6, "type": "User", "_deleted": True}, True),
        ({"id": 5, "type": None, "_deleted": True}, False),
        ({"id": 5, "name": "Ann"}, False),
    ],
)
def test_a_row_without_its_type_is_found_by_its_id_if_no_other_has_it(row: dict[str, Any], shown: bool) -> None:
    """One id may be that of a user and of a contact: then nothing is shown. A person is a contact, and so is a firm."""
    found = Communication.from_dict({"id": 1, "receivers": PEOPLE})
    assert (() if shown else ("receivers",)) == unshown("Communication", {"receivers": [row]}, found)


@pytest.mark.parametrize(("kind", "shown"), [("Contact", True), ("Company", True), ("User", False)])
def test_a_person_is_a_contact_to_whom_a_task_is_assigned(kind: str, shown: bool) -> None:
    """Both name the same record."""
    found = Task.from_dict({"id": 1, "assignee": {"id": 3, "type": "Person"}})
    assert (() if shown else ("assignee",)) == unshown("Task", {"assignee": {"id": 3, "type": kind}}, found)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9))
def test_numbers_are_equal_by_value(value: Decimal) -> None:
    """However many zeroes they end in, in JSON or as texts."""
    found = LineItem.from_dict({"id": 1, "price": value})
    for sent in (value, value.normalize(), f"{value}", parse(dump({"price": value}))["price"]):
        assert () == unshown("LineItem", {"price": sent}, found)
    assert ("price",) == unshown("LineItem", {"price": value + 1}, found)
    assert ("price",) == unshown("LineItem", {"price": "much"}, found)


@given(st.datetimes(), st.integers(-14 * 60, 14 * 60))
def test_instants_are_equal_at_any_offset(moment: dt.datetime, minutes: int) -> None:
    """One moment has as many texts as there are offsets."""
    if not dt.datetime(1900, 1, 1) < moment < dt.datetime(2900, 1, 1):  # noqa: DTZ001
        return
    here = moment.replace(tzinfo=dt.UTC)
    there = here.astimezone(dt.timezone(dt.timedelta(minutes=minutes)))
    found = Matter.from_dict({"id": 1, "created_at": here.isoformat()})
    assert () == unshown("Matter", {"created_at": there.isoformat()}, found)


class Status(Enum):
    OPEN = "open"


@frozen
class Card:
    id: int
    etag: str
    status: Status
    quantity: dt.timedelta
    type_: str = "TimeEntry"


def test_a_class_of_the_callers_is_compared_by_its_values() -> None:
    """Members of enumerations, amounts of time, and names with an underscore."""
    card = Card(1, '"a"', Status.OPEN, dt.timedelta(hours=1))
    assert () == unshown("Activity", {"quantity": 3600, "type": "timeentry"}, card)
    assert () == unshown("Matter", {"status": "Open"}, card)


def test_only_what_was_decided_on_is_seen() -> None:
    """Of an association the id alone, unless something in it is wanted; of what has no place of its own, all."""
    found = Matter.from_dict(MATTER)
    assert {("client",): 3} == seen("Matter", wants("Matter", {"client": {"id": 4}}), found)
    want = wants("Matter", {"client": {"id": 4, "name": "x"}})
    assert {("client",): 3, ("client", "name"): "Ann"} == seen("Matter", want, found)
    shown = seen("Matter", wants("Matter", {"statute_of_limitations": {"status": "complete"}}), found)
    name = "statute_of_limitations"
    assert {(name,): 9, (name, "status"): "pending", (name, "due_at"): dt.date(2026, 5, 1)} == shown
    assert {("status",): "open"} == seen("Matter", (), found, ["status", "location", "no such field"])


def test_what_is_not_there_is_seen_to_be_gone() -> None:
    """A row, and a nested object, that somebody has removed."""
    rows = {"email_addresses": [{"id": 6, "address": "x"}, {"id": 7, "_destroy": True}, {"address": "y"}]}
    want = wants("Contact", rows)
    assert [(0, True), (0, True), (1, True), (2, False)] == [(one.row, one.shows) for one in want]
    shown = seen("Contact", want, Contact.from_dict(CONTACT))
    name = "email_addresses"
    assert {
        (name, ALL): frozenset({5}),
        (name, Row(5)): True,
        (name, Row(5), "name"): "Work",
        (name, Row(5), "address"): "a@b.test",
        (name, Row(6)): False,
        (name, Row(6), "address"): GONE,
        (name, Row(7)): False,
    } == shown
    assert (name, NewRow(2)) == want[-1].path
    nested = wants("Matter", {"practice_area": {"name": "Tax"}})
    assert {("practice_area",): None, ("practice_area", "name"): GONE} == seen(
        "Matter", nested, Matter.from_dict(MATTER)
    )


def test_what_contradicts_the_schema_is_compared_as_it_is() -> None:
    """A text where rows should stand shows no rows; a number where a text should stand is another value."""
    odd = Contact(id=1, email_addresses="none", name=5, first_name=("a", True, {"b": 1.5}))
    assert ("email_addresses",) == hidden("Contact", {"email_addresses": [{"id": 5}]}, odd)
    assert ("name",) == unshown("Contact", {"name": "5"}, odd)
    assert () == unshown("Contact", {"first_name": ["a", True, {"b": Decimal("1.50")}]}, odd)
    assert ("first_name",) == unshown("Contact", {"first_name": ["a", 1, {"b": 1.5}]}, odd)


@pytest.mark.parametrize(
    ("name", "field"),
    [("user_id", "user"), ("client", "client"), ("bogus", None), ("bogus_id", None), ("status_id", None)],
)
def test_what_is_sent_under_a_name_is_shown_by_a_field(name: str, field: str | None) -> None:
    """The id of an association is that association."""
    found = field_of("Matter", name)
    assert field == (found and found.name)
