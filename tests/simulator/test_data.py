"""The made-up firm: a function of its seed, however large."""

from __future__ import annotations

import json
import re
from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clio_async.models import registry
from clio_async.testing.simulator import Simulator
from clio_async.testing.simulator.clock import Clock

from .caller import Caller, caller

FIRST_CLASS = [
    "users",
    "matters",
    "contacts",
    "activities",
    "tasks",
    "notes",
    "calendar_entries",
    "bills",
    "practice_areas",
]


@given(seed=st.integers(0, 2**32), name=st.sampled_from(FIRST_CLASS), number=st.integers(1, 5))
@settings(max_examples=60, deadline=None)
def test_a_record_is_a_function_of_its_seed(seed: int, name: str, number: int) -> None:
    """Two simulators of one seed show the same record, whatever was read before."""
    first, second = Simulator(seed=seed), Simulator(seed=seed)
    Caller(second).walk("/matters.json?fields=id,client{id,name}&limit=20&status=closed")
    assert first.record(name, number) == second.record(name, number)


def test_another_seed_or_account_is_another_firm() -> None:
    """Names differ between seeds and between accounts."""
    first, second = Simulator(seed=1), Simulator(seed=2)
    names = [first.record("contacts", number)["name"] for number in range(1, 20)]
    assert names != [second.record("contacts", number)["name"] for number in range(1, 20)]
    assert names != [first.record("contacts", number, account=2)["name"] for number in range(1, 20)]
    assert first.record("matters", 1)["etag"] != first.record("matters", 1, account=2)["etag"]


def test_a_firm_of_any_size_costs_the_same() -> None:
    """Start, one record, one page and a matter's tasks make up as many records for 100 000 matters as for 500."""
    made = []
    for matters in (500, 100_000):
        asks = caller(matters=matters, contacts=matters // 2, tasks=2 * matters)
        asks.data("/matters/42.json?fields=id,client{id,name}")
        asks.data("/matters.json?limit=200&fields=id,etag,client{id,name}")
        asks.data("/matters.json?limit=200&order=id(desc)")
        asks.data("/tasks.json?matter_id=42")
        asks.data("/matters.json?updated_since=2026-06-01T00:00:00Z")
        made.append(asks.simulator.stats()["records_made"])
    assert made[0] == made[1] < 1_300


def test_a_page_far_into_the_firm_costs_what_the_first_does() -> None:
    """A cursor skips without reading what is before it."""
    asks = caller(matters=100_000)
    token = json.loads(asks.get("/matters.json?limit=200").body)["meta"]["paging"]["next"].split("page_token=")[1]
    asks.simulator.firm().table("matters")
    before = asks.simulator.stats()["records_made"]
    asks.data(f"/matters.json?limit=200&page_token={token}")
    assert asks.simulator.stats()["records_made"] - before <= 202


def test_ids_are_dense_and_etags_are_quoted_digests() -> None:
    """An etag holds its quotes and 32 hexadecimal digits; ids count from 1."""
    records = caller(matters=30).data("/matters.json")
    assert [*range(1, 31)] == [record["id"] for record in records]
    assert all(re.fullmatch(r'"[0-9a-f]{32}"', record["etag"]) for record in records)
    assert 30 == len({record["etag"] for record in records})


def test_ids_of_calendar_entries_are_strings() -> None:
    """The one resource whose ids are text keeps them so."""
    assert "7" == caller().data("/calendar_entries/7.json")["id"]


def test_money_is_a_json_number_with_its_digits() -> None:
    """What was written as 105.10 is read back as that number, not as the nearest binary fraction."""
    asks = caller()
    asks.patch("/activities/2.json", {"price": 105.1})
    text = asks.get("/activities/2.json?fields=price").body
    assert Decimal("105.1") == json.loads(text, parse_float=Decimal)["data"]["price"]


def test_timestamps_have_the_offset_of_the_user() -> None:
    """One instant reads differently for two users, and in winter and summer."""
    simulator = Simulator()
    east, west = Caller(simulator, user=1), Caller(simulator, user=2)
    for path in ("/matters/1.json?fields=created_at", "/matters/9.json?fields=created_at"):
        one, other = east.data(path)["created_at"], west.data(path)["created_at"]
        assert one != other
        assert datetime.fromisoformat(one) == datetime.fromisoformat(other)
    simulator.change("calendar_entries", 1, start_at="2026-01-15T12:00:00Z", end_at="2026-07-15T12:00:00Z")
    entry = east.data("/calendar_entries/1.json?fields=start_at,end_at")
    assert {"start_at": "2026-01-15T07:00:00-05:00", "end_at": "2026-07-15T08:00:00-04:00"} == entry


def test_nothing_is_newer_than_the_clock() -> None:
    """A sync that starts now finds only what changes from now on."""
    asks = caller()
    for name in ("matters", "contacts", "tasks"):
        assert [] == asks.data(f"/{name}.json?updated_since=2026-06-01T00:00:00Z")


def test_the_clock_goes_forwards_only() -> None:
    """Time that runs backwards is refused."""
    clock = Clock(lambda: 5.0)
    clock.advance(2)
    assert 7.0 == clock.now()
    with pytest.raises(ValueError, match="forwards"):
        clock.advance(-1)


@pytest.mark.parametrize("name", registry.resource_names())
def test_every_field_of_every_resource_can_be_read(name: str) -> None:
    """Lists and records of all resources answer all of their documented fields, and agree with each other."""
    asks = caller()
    resource = registry.resource(name)
    required = {
        "notes": "type=Matter",
        "conversation_messages": "conversation_id=1",
        "lauk_expense_categories": "region=x",
    }
    for action in ("list", "get"):
        operation = resource.operations.get(action)
        if operation is None or operation.schema is None or name == "timer":
            continue
        fields = ",".join(registry.schema(operation.schema).fields)
        path = re.sub(r"\{\w+\}", "3", operation.path)
        data = asks.data(f"{path}?{required.get(name, '')}&fields={fields}")
        records = data if isinstance(data, list) else [data]
        assert all(set(fields.split(",")) == set(record) for record in records)
    if {"list", "get"} <= resource.operations.keys() and "{" not in resource.path:
        for record in asks.data(f"{resource.path}.json?{required.get(name, '')}&fields={fields}")[:2]:
            assert record == asks.data(f"{resource.path}/{record['id']}.json?fields={fields}")


def test_names_of_persons_and_companies_are_whole() -> None:
    """A person has a first and a last name that make the name; a company has neither."""
    for contact in caller().data("/contacts.json?fields=type,name,first_name,last_name"):
        if contact["type"] == "Person":
            assert contact["name"] == f"{contact['first_name']} {contact['last_name']}"
        else:
            assert (None, None) == (contact["first_name"], contact["last_name"])


def test_an_id_attribute_repeats_its_association() -> None:
    """`client_id` is the id of `client`."""
    matter = caller().data("/matters/3.json?fields=client_id,client{id}")
    assert matter["client_id"] == matter["client"]["id"]


def test_tables_may_be_empty() -> None:
    """A firm without contacts has matters without clients."""
    asks = caller(contacts=0, matters=3)
    assert [None] * 3 == [matter["client"] for matter in asks.data("/matters.json?fields=client")]
    assert [] == asks.data("/contacts.json")
    assert [] == asks.data("/matters.json?client_id=1")


def test_a_polymorphic_association_says_what_it_is() -> None:
    """Its type and identifier are those of the record that it names."""
    asks = caller()
    subjects = [
        it["subject"] for it in asks.data("/activities.json?fields=subject{id,type,identifier}") if it["subject"]
    ]
    kinds = {subject["type"] for subject in subjects}
    assert {"Task", "Matter", "User"} <= kinds
    matter = next(subject for subject in subjects if subject["type"] == "Matter")
    assert matter["identifier"] == asks.data(f"/matters/{matter['id']}.json")["display_number"]
