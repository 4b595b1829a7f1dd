"""Writes: what is taken, refused, dropped."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from clio_async.testing.simulator import Refusal, Regime

from .caller import Caller, caller, error

TASK = {"name": "Call", "description": "them", "assignee": {"id": 2, "type": "User"}, "matter": {"id": 3}}


def test_a_record_is_created_read_changed_and_deleted() -> None:
    """201 with the defaults, a new dense id, 200, 204 without a body, then 404."""
    asks = caller(matters=10)
    made = asks.post("/matters.json", {"client": {"id": 2}, "description": "A new one"})
    assert 201 == made.status
    assert ["id", "etag", "display_number"] == list(json.loads(made.body)["data"])
    shown = asks.data("/matters/11.json?fields=description,status,client{id},billable,created_at")
    assert ("A new one", "Open", {"id": 2}) == (shown["description"], shown["status"], shown["client"])
    assert 200 == asks.patch("/matters/11.json", {"location": "Shelf"}).status
    assert "Shelf" == asks.data("/matters/11.json?fields=location")["location"]
    gone = asks.delete("/matters/11.json")
    assert (204, b"") == (gone.status, gone.body)
    assert (404, "NotFoundError", "Not Found") == error(asks.get("/matters/11.json"))
    assert 12 == json.loads(asks.post("/matters.json", {"client": {"id": 2}, "description": "x"}).body)["data"]["id"]


def test_who_logs_time_without_saying_whose_logs_their_own() -> None:
    """An activity without a user is that of the user whose token it is."""
    asks = caller(matters=3, users=3)
    colleague = Caller(asks.simulator, user=2)
    body = {"type": "TimeEntry", "date": "2026-01-02", "quantity": 60}
    own = json.loads(colleague.post("/activities.json?fields=user{id}", body).body)["data"]
    given = json.loads(colleague.post("/activities.json?fields=user{id}", body | {"user": {"id": 3}}).body)["data"]
    assert [{"id": 2}, {"id": 3}] == [own["user"], given["user"]]


def test_a_total_of_any_size_is_shown() -> None:
    """Whatever numbers a body holds, the record can be read."""
    asks = caller()
    made = asks.post("/activities.json", {"type": "TimeEntry", "date": "2026-01-02", "price": 1e30, "quantity": 1e40})
    assert 201 == made.status
    assert 200 == asks.get(f"/activities/{json.loads(made.body)['data']['id']}.json?fields=total").status


def test_fields_select_the_answer_of_a_write() -> None:
    """A write with `fields` answers with these."""
    asks = caller()
    response = asks.post("/tasks.json?fields=id,name,assignee{id,name,type},matter{id}", TASK)
    data = json.loads(response.body)["data"]
    assert ("Call", {"id": 3}) == (data["name"], data["matter"])
    assert {"id": 2, "name": asks.data("/users/2.json")["name"], "type": "User"} == data["assignee"]


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b'{"description": "x"}', b'{"data": []}', b'{"data": NaN}', b"\xff", b"[" * 200_000],
)
def test_a_body_without_data_fails(body: bytes) -> None:
    """An unwrapped or broken body is 400, and writes nothing."""
    asks = caller()
    before = asks.simulator.record("matters", 1)
    assert (400, "BadRequest") == error(asks.ask("PATCH", "/matters/1.json", body))[:2]
    assert (400, "BadRequest") == error(asks.ask("POST", "/matters.json", body))[:2]
    assert before == asks.simulator.record("matters", 1)


def test_unknown_keys_are_dropped_in_silence() -> None:
    """A misspelt attribute is 200 and changes nothing, as are those that a write does not take."""
    asks = caller()
    before = asks.simulator.record("matters", 1)
    response = asks.patch(
        "/matters/1.json", {"descripton": "x", "has_tasks": False, "etag": '"x"', "id": 5, "created_at": "x"}
    )
    assert 200 == response.status
    assert before == asks.simulator.record("matters", 1)


@pytest.mark.parametrize(
    ("resource", "data", "missing"),
    [
        ("matters", {"client": {"id": 1}}, "description"),
        ("matters", {"description": "x"}, "client"),
        ("tasks", {"name": "x", "assignee": {"id": 1, "type": "User"}}, "description"),
        ("contacts", {"first_name": "A"}, "type"),
        ("notes", {"subject": "x"}, "type"),
    ],
)
def test_what_is_required_must_be_there(resource: str, data: dict[str, Any], missing: str) -> None:
    """A create without it is 422, and creates nothing."""
    asks = caller()
    before = (
        len(asks.walk(f"/{resource}.json?type=Matter&limit=200"))
        if resource == "notes"
        else len(asks.walk(f"/{resource}.json"))
    )
    status, kind, message = error(asks.post(f"/{resource}.json", data))
    assert (422, "ArgumentError") == (status, kind)
    assert missing in message
    after = (
        len(asks.walk(f"/{resource}.json?type=Matter&limit=200"))
        if resource == "notes"
        else len(asks.walk(f"/{resource}.json"))
    )
    assert before == after


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("/matters/1.json", {"open_date": "tomorrow"}),
        ("/matters/1.json", {"billable": "perhaps"}),
        ("/matters/1.json", {"description": ["x"]}),
        ("/matters/1.json", {"status": "asleep"}),
        ("/matters/1.json", {"display_number": None}),
        ("/matters/1.json", {"client": {"id": 9_999}}),
        ("/matters/1.json", {"client": {"id": None}}),
        ("/matters/1.json", {"client": {"id": "x"}}),
        ("/matters/1.json", {"client": 5}),
        ("/matters/1.json", {"relationships": {}}),
        ("/matters/1.json", {"relationships": [5]}),
        ("/matters/1.json", {"custom_rate": {"rates": [{"user": {"id": None}}]}}),
        ("/matters/1.json", {"relationships": [{"id": 987_654}]}),
        ("/matters/1.json", {"custom_field_values": [{"id": "text_line-1", "value": "x"}]}),
        ("/activities/2.json", {"price": "much"}),
        ("/activities/2.json", {"price": True}),
        ("/activities/2.json", {"price": "Infinity"}),
        ("/tasks/1.json", {"assignee": {"id": 3, "type": "Robot"}}),
        ("/calendar_entries/1.json", {"start_at": "soon"}),
        ("/calendar_entries/1.json", {"start_at": "1899-12-31T00:00:00Z"}),
        ("/calendar_entries/1.json", {"start_at": 5}),
        ("/webhooks/1.json", {"events": "created"}),
        ("/webhooks/1.json", {"events": ["created", "nonsense"]}),
        ("/webhooks/1.json", {"expires_at": True}),
        ("/custom_fields/1.json", {"display_order": 2**70}),
        ("/custom_fields/1.json", {"display_order": True}),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused_whole(path: str, data: dict[str, Any]) -> None:
    """422 ArgumentError; the good values beside the bad one are not written either."""
    asks = caller()
    resource = path.split("/")[1]
    before = asks.simulator.record(resource, int(path.split("/")[2].removesuffix(".json")))
    good = {"description": "mine"} if "description" in before else {}
    assert (422, "ArgumentError") == error(asks.patch(path, {**good, **data}))[:2]
    assert before == asks.simulator.record(
        resource, before["id"] if isinstance(before["id"], int) else int(before["id"])
    )


@pytest.mark.parametrize(
    ("path", "data", "field", "value"),
    [
        ("/matters/1.json", {"status": "closed"}, "status", "Closed"),
        ("/matters/1.json", {"billable": "false"}, "billable", False),
        ("/matters/1.json", {"billable": True}, "billable", True),
        ("/matters/1.json", {"description": 5}, "description", "5"),
        ("/matters/1.json", {"location": None}, "location", None),
        ("/matters/1.json", {"open_date": "2026-02-03"}, "open_date", "2026-02-03"),
        ("/matters/1.json", {"client": {"id": "7"}}, "client", {"id": 7}),
        ("/matters/1.json", {"currency": {"id": 2}}, "currency", {"id": 2}),
        ("/activities/2.json", {"price": "12.30"}, "price", 12.3),
        ("/custom_fields/1.json", {"display_order": "-4"}, "display_order", -4),
        ("/custom_fields/1.json", {"display_order": 4}, "display_order", 4),
        ("/webhooks/1.json", {"events": ["created"]}, "events", ["created"]),
        ("/calendar_entries/1.json", {"start_at": "2026-05-05T10:00:00"}, "start_at", "2026-05-05T06:00:00-04:00"),
    ],
)
def test_values_are_taken_as_clio_takes_them(path: str, data: dict[str, Any], field: str, value: Any) -> None:
    """Words in lower case, booleans and numbers as text, numbers as text."""
    asks = caller()
    assert 200 == asks.patch(path, data).status
    selection = f"{field}{{id}}" if isinstance(value, dict) else field
    assert value == asks.data(f"{path}?fields={selection}")[field]


def test_clearing_an_association_changes_nothing() -> None:
    """`null` and `{}` for an attorney are 200 without effect."""
    asks = caller()
    before = asks.data("/matters/1.json?fields=responsible_attorney{id}")
    for empty in (None, {}):
        assert 200 == asks.patch("/matters/1.json", {"responsible_attorney": empty}).status
    assert before == asks.data("/matters/1.json?fields=responsible_attorney{id}")


def rows(asks: Caller, path: str = "/contacts/1.json") -> list[dict[str, Any]]:
    return asks.data(f"{path}?fields=email_addresses{{id,name,address}}")["email_addresses"]


def test_rows_are_created_updated_destroyed_and_left_alone() -> None:
    """With an id a row is changed, without one made, with `_destroy` removed; the others stay."""
    asks = caller()
    old = rows(asks)
    asks.patch(
        "/contacts/1.json",
        {
            "email_addresses": [
                {"name": "Work", "address": "a@example.com"},
                {"name": "Home", "address": "b@example.com"},
            ]
        },
    )
    first, second = rows(asks)[len(old) :]
    assert ("Work", "a@example.com", "Home") == (first["name"], first["address"], second["name"])
    asks.patch(
        "/contacts/1.json",
        {"email_addresses": [{"id": first["id"], "address": "c@example.com"}, {"id": second["id"], "_destroy": True}]},
    )
    assert [*old, {**first, "address": "c@example.com"}] == rows(asks)
    asks.patch(
        "/contacts/1.json", {"email_addresses": [{"id": first["id"], "address": "c@example.com", "nonsense": 1}]}
    )
    listed = asks.data("/contacts/1/email_addresses.json?fields=id,name,address")
    assert rows(asks) == listed


def test_rows_may_be_records() -> None:
    """An attendee is named by id and type, and can be taken away again."""
    asks = caller()
    asks.patch("/calendar_entries/1.json", {"attendees": [{"id": 5, "type": "Contact"}]})
    assert 5 in [row["id"] for row in asks.data("/calendar_entries/1.json?fields=attendees{id}")["attendees"]]
    asks.patch("/calendar_entries/1.json", {"attendees": [{"id": 5, "type": "Contact"}]})
    asks.patch("/calendar_entries/1.json", {"attendees": [{"id": 5, "_destroy": True}]})
    assert 5 not in [row["id"] for row in asks.data("/calendar_entries/1.json?fields=attendees{id}")["attendees"]]


def test_an_embedded_object_is_written_as_a_whole() -> None:
    """What has no table of its own is kept with its record."""
    asks = caller()
    asks.patch("/matters/1.json", {"custom_rate": {"type": "FlatRate", "id": 4}, "matter_budget": {"budget": 500}})
    shown = asks.data("/matters/1.json?fields=custom_rate{type},matter_budget{budget}")
    assert {"custom_rate": {"type": "FlatRate"}, "matter_budget": {"budget": 500}} == shown


def test_a_contact_holds_twenty_rows() -> None:
    """One more is 422, and none is stored."""
    asks = caller()
    many = [{"name": "Work", "address": f"{number}@example.com"} for number in range(21)]
    before = rows(asks)
    assert 422 == asks.patch("/contacts/1.json", {"email_addresses": many}).status
    assert before == rows(asks)


def test_names_of_contacts_are_made_and_split() -> None:
    """First and last name make the name; the name of a person is split, or refused."""
    asks = caller()
    fields = "?fields=name,first_name,last_name"
    asks.patch("/contacts/1.json", {"first_name": "Ada", "last_name": "Quill"})
    assert "Ada Quill" == asks.data(f"/contacts/1.json{fields}")["name"]
    asks.patch("/contacts/1.json", {"name": "Bea van Dyke"})
    assert {"name": "Bea van Dyke", "first_name": "Bea", "last_name": "van Dyke"} == asks.data(
        f"/contacts/1.json{fields}"
    )
    assert (422, "ArgumentError") == error(asks.patch("/contacts/1.json", {"name": "Cher"}))[:2]
    assert 200 == asks.patch("/contacts/4.json", {"name": "Mill"}).status
    assert 422 == asks.post("/contacts.json", {"type": "Company"}).status
    assert 201 == asks.post("/contacts.json", {"type": "Person", "first_name": "Dee"}).status


def test_a_task_is_completed_and_reopened() -> None:
    """The moment of completion comes and goes with the status."""
    asks = caller()
    path = "/tasks/1.json?fields=status,completed_at"
    asks.patch("/tasks/1.json", {"status": "complete"})
    assert "2026-06-01T08:00:00-04:00" == asks.data(path)["completed_at"]
    asks.simulator.clock.advance(60)
    asks.patch("/tasks/1.json", {"status": "complete"})
    assert "2026-06-01T08:00:00-04:00" == asks.data(path)["completed_at"]
    asks.patch("/tasks/1.json", {"status": "pending"})
    assert None is asks.data(path)["completed_at"]


def test_a_note_needs_what_it_is_about() -> None:
    """A note of type Matter needs a matter."""
    asks = caller()
    assert (422, "ArgumentError") == error(asks.post("/notes.json", {"type": "Matter", "subject": "x"}))[:2]
    assert 201 == asks.post("/notes.json", {"type": "Matter", "subject": "x", "matter": {"id": 1}}).status


def test_a_billed_activity_stays_as_it_is() -> None:
    """A PATCH of it is 422; one without values is not."""
    asks = caller()
    assert asks.data("/activities/1.json?fields=billed")["billed"]
    assert (422, "ArgumentError") == error(asks.patch("/activities/1.json", {"note": "x"}))[:2]
    assert 200 == asks.patch("/activities/1.json", {}).status
    assert 200 == asks.patch("/activities/2.json", {"note": "x"}).status


def test_deleting_a_bill_moves_it_through_its_states() -> None:
    """A draft is deleted, an issued bill voided, a paid one kept; a second DELETE is another act."""
    asks = caller()
    states = {asks.data(f"/bills/{number}.json?fields=state")["state"]: number for number in range(1, 9)}
    for before, after in (("draft", "deleted"), ("awaiting_approval", "deleted"), ("awaiting_payment", "void")):
        assert 204 == asks.delete(f"/bills/{states[before]}.json").status
        assert after == asks.data(f"/bills/{states[before]}.json?fields=state")["state"]
    for state in ("paid", "draft"):
        assert (422, "ArgumentError") == error(asks.delete(f"/bills/{states[state]}.json"))[:2]


def test_the_client_of_a_matter_is_not_deleted() -> None:
    """Only a contact without matters can be."""
    asks = caller(matters=5, contacts=40)
    clients = {matter["client"]["id"] for matter in asks.data("/matters.json?fields=client{id}")}
    free = next(number for number in range(1, 41) if number not in clients)
    assert (422, "ArgumentError") == error(asks.delete(f"/contacts/{min(clients)}.json"))[:2]
    assert 204 == asks.delete(f"/contacts/{free}.json").status


def test_an_association_with_a_deleted_record_is_null() -> None:
    """The task of a deleted matter has none."""
    asks = caller()
    matter = asks.data("/tasks/1.json?fields=matter{id}")["matter"]["id"]
    asks.simulator.delete("matters", matter)
    assert None is asks.data("/tasks/1.json?fields=matter{id}")["matter"]


def test_the_timer_is_one_for_all() -> None:
    """It is 404 until it is started, and again after it is stopped."""
    asks = caller()
    assert 404 == asks.get("/timer.json").status
    assert 201 == asks.post("/timer.json", {"activity": {"id": 2}}).status
    assert 200 == asks.get("/timer.json").status
    assert 204 == asks.delete("/timer.json").status
    assert 404 == asks.get("/timer.json").status


def test_a_write_shows_in_lists_and_in_what_is_derived() -> None:
    """A moved task leaves one matter's list for another's; an activity moves the matter's last day."""
    asks = caller()
    asks.post("/tasks.json", TASK)
    assert 201 in [task["id"] for task in asks.data("/tasks.json?matter_id=3")]
    asks.patch("/tasks/201.json", {"matter": {"id": 4}})
    assert 201 not in [task["id"] for task in asks.data("/tasks.json?matter_id=3")]
    assert 201 in [task["id"] for task in asks.data("/tasks.json?matter_id=4")]
    activity = asks.data("/activities.json?fields=id,matter{id},billed")[1]
    asks.simulator.change("activities", activity["id"], date="2030-01-01")
    matter = asks.data(f"/matters/{activity['matter']['id']}.json?fields=last_activity_date")
    assert "2030-01-01" == matter["last_activity_date"]


def test_a_test_may_change_what_a_client_may_not() -> None:
    """`change` takes every field of the schema, and refuses a name that is none."""
    asks = caller()
    asks.simulator.change("matters", 1, has_tasks=False, display_number="X-1")
    assert {"has_tasks": False, "display_number": "X-1"} == asks.data("/matters/1.json?fields=has_tasks,display_number")
    asks.simulator.change("billing_settings", 1, billing_currencies=[{"code": "USD"}])
    shown = asks.data("/settings/billing.json?fields=billing_currencies")
    assert {"billing_currencies": [{"code": "USD"}]} == shown
    with pytest.raises(Refusal, match="descripton"):
        asks.simulator.change("matters", 1, descripton="x")
    with pytest.raises(LookupError, match="999"):
        asks.simulator.change("matters", 999, description="x")


def test_a_created_record_is_empty_where_nothing_was_said() -> None:
    """What was left out is null, false or an empty list, never made up."""
    asks = caller()
    asks.post("/tasks.json", TASK)
    shown = asks.data("/tasks/201.json?fields=notify_completion,time_entries_count,task_type,reminders,due_at")
    assert {
        "notify_completion": False,
        "time_entries_count": 0,
        "task_type": None,
        "reminders": [],
        "due_at": None,
    } == shown


def test_a_test_may_give_values_of_python() -> None:
    """Dates, moments and decimals are taken as they are."""
    asks = caller()
    asks.simulator.change("tasks", 1, due_at=date(2026, 3, 4), completed_at=datetime(2026, 1, 2, 12, tzinfo=UTC))
    asks.simulator.change("activities", 2, price=Decimal("10.50"))
    shown = asks.data("/tasks/1.json?fields=due_at,completed_at")
    assert {"due_at": "2026-03-04", "completed_at": "2026-01-02T07:00:00-05:00"} == shown
    assert b'"price":10.50' in asks.get("/activities/2.json?fields=price").body


def test_a_patch_with_a_bad_row_is_whole_or_not() -> None:
    """Either nothing is written, or the own values are; both are 422."""
    for atomic in (True, False):
        asks = caller(Regime(patch_atomic=atomic))
        response = asks.patch("/contacts/1.json", {"title": "Dr", "email_addresses": [{"id": 987_654, "name": "Work"}]})
        assert 422 == response.status
        assert atomic == (asks.data("/contacts/1.json?fields=title")["title"] != "Dr")
