"""Operations that are unlike those of other resources, on no files."""

from __future__ import annotations

import json
from typing import Any

import pytest

from clio_async.models import registry

from .caller import Caller, caller, error

HOOK = {"url": "https://example.com/hook", "model": "matter", "fields": "id"}


def made(asks: Caller, path: str, data: dict[str, Any]) -> Any:
    answer = asks.post(path, data)
    assert 201 == answer.status, answer.body
    return json.loads(answer.body)["data"]


# -- webhooks ------------------------------------------------------------------------------------------------------


def activated(asks: Caller, secret: str | None) -> int:
    headers = {} if secret is None else {"x_hook_secret": secret}
    return asks.ask("PUT", "/webhooks/13/activate.json", **headers).status


def test_a_webhook_waits_for_its_handshake() -> None:
    """It is pending until its own secret is given back, which the test may read; another is 422."""
    asks = caller()
    made(asks, "/webhooks.json", HOOK)
    assert "pending" == asks.data("/webhooks/13.json?fields=status")["status"]
    secret = asks.simulator.record("webhooks", 13)["shared_secret"]
    assert secret != asks.simulator.record("webhooks", 1)["shared_secret"]
    for wrong in (None, "", "x", "é", asks.simulator.record("webhooks", 1)["shared_secret"]):
        assert 422 == activated(asks, wrong)
        assert "pending" == asks.data("/webhooks/13.json?fields=status")["status"]
    assert 200 == activated(asks, secret)
    assert "enabled" == asks.data("/webhooks/13.json?fields=status")["status"]
    assert 404 == asks.ask("PUT", "/webhooks/999/activate.json", x_hook_secret=secret).status


def test_a_new_address_begins_with_another_handshake() -> None:
    """A changed url makes it pending again, with another secret; the same url does not."""
    asks = caller()
    made(asks, "/webhooks.json", HOOK)
    secret = asks.simulator.record("webhooks", 13)["shared_secret"]
    activated(asks, secret)
    asks.patch("/webhooks/13.json", {"url": HOOK["url"], "fields": "id,etag"})
    assert {"status": "enabled", "shared_secret": secret} == asks.data("/webhooks/13.json?fields=status,shared_secret")
    asks.patch("/webhooks/13.json", {"url": "https://example.com/other"})
    assert "pending" == asks.data("/webhooks/13.json?fields=status")["status"]
    assert 422 == activated(asks, secret)


def test_a_webhook_lives_three_days_and_no_more_than_31() -> None:
    """Unless it says otherwise, from its creation; a past end is refused, too."""
    asks = caller()
    shown = made(asks, "/webhooks.json?fields=expires_at", HOOK)
    assert "2026-06-04T08:00:00-04:00" == shown["expires_at"]
    longest = {"expires_at": "2026-07-02T12:00:00Z"}
    assert 201 == asks.post("/webhooks.json", {**HOOK, **longest}).status
    for wrong in ("2026-07-02T12:00:01Z", "2026-06-01T12:00:00Z", "2020-01-01T00:00:00Z"):
        assert 422 == asks.post("/webhooks.json", {**HOOK, "expires_at": wrong}).status
    asks.simulator.clock.advance(86_400)
    assert 200 == asks.patch("/webhooks/13.json", {"url": "https://example.com/other"}).status
    assert "2026-06-04T08:00:00-04:00" == asks.data("/webhooks/13.json?fields=expires_at")["expires_at"]
    assert 200 == asks.patch("/webhooks/13.json", {"expires_at": "2026-07-03T12:00:00Z"}).status


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"url": "http://example.com"}, 422), ({"model": "Matter"}, 422), ({"model": "0"}, 422), ({"model": 11}, 422),
        ({"model": True}, 422), ({"model": ["matter"]}, 422), ({"model": 4}, 201), ({"model": "10"}, 201),
        ({"fields": "x" * 1_000}, 201), ({"fields": "x" * 1_001}, 422), ({"events": ["created"]}, 201),
    ],
)  # fmt: skip
def test_a_webhook_is_checked(given: dict[str, Any], status: int) -> None:
    """Only https, models in lower case or by number, and at most 1000 characters of fields."""
    assert status == caller().post("/webhooks.json", {**HOOK, **given}).status


def test_models_have_numbers() -> None:
    """From matter, 1, to payments, 10."""
    asks = caller()
    shown = [made(asks, "/webhooks.json?fields=model", {**HOOK, "model": number})["model"] for number in range(1, 11)]
    assert ("matter", "calendar_entry", "clio_payments_payment") == (shown[0], shown[3], shown[9])
    assert set(registry.schema("Webhook").fields["model"].enum) == set(shown)


# -- singletons ----------------------------------------------------------------------------------------------------


def test_each_user_has_a_timer() -> None:
    """404 until it is started; that of another user is another; a second one takes the place of the first."""
    asks = caller()
    other = Caller(asks.simulator, user=2)
    start = {"activity": {"id": 2}}
    first = made(asks, "/timer.json?fields=id,start_time,elapsed_time", start)
    assert "2026-06-01T08:00:00-04:00" == first["start_time"]
    assert 404 == other.get("/timer.json").status
    assert 404 == other.delete("/timer.json").status
    second = made(other, "/timer.json", start)
    asks.simulator.clock.advance(90)
    assert {"id": first["id"], "elapsed_time": 90} == asks.data("/timer.json?fields=id,elapsed_time")
    third = made(asks, "/timer.json", start)
    assert third["id"] == asks.data("/timer.json")["id"] != first["id"]
    assert 204 == asks.delete("/timer.json").status
    assert 404 == asks.get("/timer.json").status
    assert second["id"] == other.data("/timer.json")["id"]
    assert 422 == asks.post("/timer.json", {}).status


def test_counts_of_events_are_one_record() -> None:
    """By the path of a list, without pages."""
    answer = json.loads(caller().get("/internal_notifications/event_metrics.json").body)
    assert ["data"] == list(answer)
    assert set(registry.schema("EventMetrics").fields) == set(answer["data"])


def test_an_event_is_known_by_the_id_of_what_it_tells() -> None:
    """A record without an id of its own is changed and deleted by that of its event."""
    asks = caller()
    mine = asks.data("/internal_notifications/my_events.json?fields=event{id}")
    assert [*range(1, 13)] == [it["event"]["id"] for it in mine]
    assert 200 == asks.patch("/internal_notifications/my_events/3.json", {"marked_as_read": True}).status
    assert 204 == asks.delete("/internal_notifications/my_events/3.json").status
    assert 11 == len(asks.data("/internal_notifications/my_events.json"))


# -- records of others ---------------------------------------------------------------------------------------------


def test_contacts_of_a_matter_are_its_client_and_who_is_related() -> None:
    """Each once, by id; the client is marked, and is none of the related ones unless it is related."""
    asks = caller()
    client = asks.data("/matters/1.json?fields=client{id}")["client"]["id"]
    for contact in (client, 7, 7, 9):
        asks.simulator.add("relationships", matter={"id": 1}, contact={"id": contact}, description="friend")
    fields = "fields=id,name,is_client,relationship_name,matter_id,etag,company{id}"
    found = asks.data(f"/matters/1/contacts.json?{fields}")
    numbers = [it["id"] for it in found]
    assert sorted({*numbers}) == numbers
    assert {client, 7, 9} <= {*numbers}
    for it in found:
        shown = asks.data(f"/contacts/{it['id']}.json?fields=name,etag,company{{id}}")
        assert shown == {name: it[name] for name in shown}
        assert (it["id"] == client, 1) == (it["is_client"], it["matter_id"])
    assert ["friend"] == [it["relationship_name"] for it in found if it["id"] == 7]
    related = asks.data("/matters/1/related_contacts.json?fields=id,contact_id,is_matter_client,relationship{id}")
    assert numbers == [it["id"] for it in related]
    assert {client} == {it["contact_id"] for it in related if it["is_matter_client"]}
    assert 404 == asks.get("/matters/999/contacts.json").status


def test_a_matter_without_relations_has_its_client() -> None:
    """And nobody who is related; without a client nobody at all."""
    asks = caller(counts={"relationships": 0})
    assert 1 == len(asks.data("/matters/1/contacts.json"))
    assert [] == asks.data("/matters/1/related_contacts.json")
    empty = caller(contacts=0)
    assert [] == empty.data("/matters/1/contacts.json")


def test_who_was_deleted_is_no_contact_of_a_matter() -> None:
    """A relationship with nobody, or with a deleted contact, counts for nothing."""
    asks = caller(counts={"relationships": 0}, matters=1)
    asks.simulator.add("relationships", matter={"id": 1})
    asks.simulator.add("relationships", matter={"id": 1}, contact={"id": 50})
    asks.simulator.firm().table("contacts").remove(50)
    assert [] == asks.data("/matters/1/related_contacts.json")


def test_contacts_of_a_matter_are_ordered_and_paged() -> None:
    """The client comes first or last, as it is asked for."""
    asks = caller()
    for contact in (3, 4, 5):
        asks.simulator.add("relationships", matter={"id": 1}, contact={"id": contact})
    path = "/matters/1/contacts.json?fields=id,is_client"
    first, last = asks.data(f"{path}&order=is_client(desc)"), asks.data(f"{path}&order=is_client(asc)")
    assert (True, True) == (first[0]["is_client"], last[-1]["is_client"])
    assert asks.data(path) == asks.walk(f"{path}&limit=1")
    assert 422 == asks.get(f"{path}&order=name(asc)").status


def test_rows_of_a_contact_are_a_list_of_their_own() -> None:
    """Those of that contact, with the filters that all lists have."""
    asks = caller()
    rows = [{"name": "Work", "address": f"{n}@example.com"} for n in range(5)]
    asks.simulator.clock.advance(10)
    asks.patch("/contacts/3.json", {"email_addresses": rows})
    whole = asks.data("/contacts/3/email_addresses.json?fields=id,address")
    assert whole == asks.walk("/contacts/3/email_addresses.json?fields=id,address&limit=2")
    assert whole[1:3] == asks.data(
        f"/contacts/3/email_addresses.json?fields=id,address&ids[]={whole[1]['id']}&ids[]={whole[2]['id']}"
    )
    assert [] == asks.data("/contacts/3/phone_numbers.json?updated_since=2030-01-01T00:00:00Z")


def test_a_trigger_is_that_of_a_jurisdiction() -> None:
    """404 without the jurisdiction, or without the trigger."""
    asks = caller()
    assert 200 == asks.get("/court_rules/jurisdictions/2/triggers/3.json").status
    for path in ("999/triggers/3.json", "2/triggers/999.json", "999/triggers.json"):
        assert 404 == asks.get(f"/court_rules/jurisdictions/{path}").status


# -- copies, ids, deletions ----------------------------------------------------------------------------------------


def test_a_list_of_templates_is_copied_with_what_is_in_it() -> None:
    """201 with the copy, named as it was unless told otherwise; the original keeps its templates."""
    asks = caller()
    asks.simulator.add("task_templates", name="Call", task_template_list={"id": 1})
    before = asks.data("/task_template_lists/1.json?fields=name,templates_count")
    copy = made(asks, "/task_template_lists/1/copy.json?fields=id,name,templates_count,creator{id}", {})
    assert {"id": 13, **before, "creator": {"id": 1}} == copy
    assert before == asks.data("/task_template_lists/1.json?fields=name,templates_count")
    assert "Mine" == made(asks, "/task_template_lists/1/copy.json?fields=name", {"name": "Mine"})["name"]
    lists = len(asks.data("/task_template_lists.json"))
    assert 400 == asks.post("/task_template_lists/1/copy.json?fields=nonsense", {}).status
    assert 422 == asks.post("/task_template_lists/1/copy.json", {"practice_area": {"id": 999}}).status
    assert 404 == asks.post("/task_template_lists/999/copy.json", {}).status
    assert lists == len(asks.data("/task_template_lists.json"))


def test_ids_of_billable_matters_are_bare() -> None:
    """Numbers, up to 1000 of them, and pages as in any list."""
    asks = caller(counts={"billable_matters": 1_500}, matters=1_500)
    first = json.loads(asks.get("/billable_matters/ids.json").body)
    assert [*range(1, 1_001)] == first["data"]
    assert 1_500 == first["meta"]["records"]
    assert [*range(1, 1_501)] == asks.walk("/billable_matters/ids.json?limit=700")
    assert 422 == asks.get("/billable_matters/ids.json?limit=1001").status


def test_a_billable_matter_is_a_matter_with_unbilled_work() -> None:
    """Its number, its client, and the sum of what is not billed."""
    asks = caller(matters=12)
    asks.simulator.change("activities", 2, matter={"id": 1}, non_billable=True, billed=False)
    for billable in asks.data(
        "/billable_matters.json?fields=id,display_number,unbilled_hours,unbilled_amount,client{id}"
    ):
        path = f"/matters/{billable['id']}.json?fields=display_number,client{{id}}"
        assert asks.data(path) == {name: billable[name] for name in ("display_number", "client")}
        entries = asks.data(
            f"/activities.json?matter_id={billable['id']}&status=unbilled&fields=total,quantity_in_hours"
        )
        assert sum(entry["quantity_in_hours"] or 0 for entry in entries) == pytest.approx(billable["unbilled_hours"])
        assert sum(entry["total"] for entry in entries) == pytest.approx(billable["unbilled_amount"])
    asks.delete("/matters/3.json")
    assert [{"display_number": None}] == asks.data("/billable_matters.json?fields=display_number&limit=3")[2:]


def test_a_deleted_funding_source_is_shown_once_more() -> None:
    """200 with what it was, under `If-Match` and `fields`; then it is gone."""
    asks = caller()
    path = "/grant_funding_sources/3.json?fields=id,name"
    listed = {it["id"]: it for it in asks.data("/grant_funding_sources.json?fields=id,name,etag")}
    assert 412 == asks.delete(path, if_match='"x"').status
    assert 400 == asks.delete("/grant_funding_sources/3.json?fields=nonsense").status
    answer = asks.delete(path, if_match=listed[3].pop("etag"))
    assert (200, {"data": listed[3]}) == (answer.status, json.loads(answer.body))
    assert 404 == asks.delete(path).status


@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("/notes.json", "type"), ("/conversation_messages.json", "conversation_id"),
        ("/lauk_expense_categories.json", "region"),
    ],
)  # fmt: skip
def test_some_lists_need_a_parameter(path: str, named: str) -> None:
    """422 without it, naming it."""
    status, _, message = error(caller().get(path))
    assert (422, True) == (status, f"'{named}'" in message)


def test_messages_are_those_of_a_conversation() -> None:
    """And of no other."""
    asks = caller()
    found = [asks.data(f"/conversation_messages.json?conversation_id={n}&fields=id") for n in range(1, 13)]
    assert sorted(range(1, 13)) == sorted(it["id"] for page in found for it in page)


def test_a_test_adds_what_it_needs() -> None:
    """`add` takes every field, gives the id, and refuses what is no field or cannot be."""
    simulator = caller().simulator
    number = simulator.add("custom_fields", name="Court", parent_type="Matter", field_type="date")
    assert ("Court", "date") == (
        simulator.record("custom_fields", number)["name"],
        simulator.record("custom_fields", number)["field_type"],
    )
    for wrong in ({"nam": "x"}, {"field_type": "colour"}):
        with pytest.raises(Exception, match=r"nam|colour"):
            simulator.add("custom_fields", **wrong)
    assert number + 1 == simulator.add("custom_fields", name="x")
