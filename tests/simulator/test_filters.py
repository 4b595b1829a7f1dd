"""Filters of lists: declared ones work, unknown ones are ignored, wrong values are refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clio_async.testing.simulator import Regime

from .caller import caller, error


def matching(path: str, resource: str, fields: str, test: Any) -> None:
    """The filtered list is what a reader of the whole list would pick."""
    asks = caller(matters=60, contacts=20, tasks=150)
    join = "&" if "?" in path else "?"
    extra = "&type=Matter" if resource == "notes" else ""
    picked = [record["id"] for record in asks.walk(f"/{resource}.json?fields={fields}{extra}") if test(record)]
    listed = [record["id"] for record in asks.walk(f"{path}{join}fields=id&limit=13")]
    assert picked == listed
    assert () == asks.simulator.entries()[-1].ignored


CASES: list[tuple[str, str, str, Any]] = [
    ("/matters.json?status=open", "matters", "id,status", lambda it: it["status"] == "Open"),
    ("/matters.json?status=open,pending", "matters", "id,status", lambda it: it["status"] != "Closed"),
    ("/matters.json?client_id=7", "matters", "id,client{id}", lambda it: it["client"]["id"] == 7),
    ("/matters.json?client_id=7&status=open",
     "matters", "id,status,client{id}", lambda it: it["client"]["id"] == 7 and it["status"] == "Open"),
    ("/matters.json?client_id=999", "matters", "id", lambda it: False),
    ("/matters.json?responsible_staff_id=null",
     "matters", "id,responsible_staff", lambda it: it["responsible_staff"] is None),
    ("/matters.json?responsible_staff_id=2",
     "matters", "id,responsible_staff{id}", lambda it: it["responsible_staff"] == {"id": 2}),
    ("/matters.json?ids[]=3&ids[]=999&ids[]=1", "matters", "id", lambda it: it["id"] in {1, 3}),
    ("/matters.json?ids[]=3&ids[]=6&status=open",
     "matters", "id,status", lambda it: it["id"] in {3, 6} and it["status"] == "Open"),
    ("/matters.json?query=harbour%20OF",
     "matters", "id,description", lambda it: "harbour" in it["description"].lower()),
    ("/matters.json?billable=false", "matters", "id,billable", lambda it: it["billable"] is False),
    ("/matters.json?open_date[]=%3E2024-06-01&open_date[]=%3C%3D2025-06-01",
     "matters", "id,open_date", lambda it: "2024-06-01" < it["open_date"] <= "2025-06-01"),
    ("/matters.json?open_date[]=2024-06-01", "matters", "id,open_date", lambda it: it["open_date"] == "2024-06-01"),
    ("/matters.json?created_since=2025-01-01T00:00:00Z",
     "matters", "id,created_at", lambda it: it["created_at"] >= "2025-01-01"),
    ("/matters.json?updated_since=2025-01-01T00:00:00-05:00",
     "matters", "id,updated_at", lambda it: it["updated_at"] >= "2025-01-01"),
    ("/tasks.json?matter_id=5", "tasks", "id,matter{id}", lambda it: it["matter"]["id"] == 5),
    ("/tasks.json?assignee_id=2", "tasks", "id,assignee{id}", lambda it: it["assignee"]["id"] == 2),
    ("/tasks.json?complete=true", "tasks", "id,status", lambda it: it["status"] == "complete"),
    ("/tasks.json?complete=false", "tasks", "id,status", lambda it: it["status"] != "complete"),
    ("/tasks.json?status=complete", "tasks", "id,status", lambda it: it["status"] == "complete"),
    ("/tasks.json?statuses[]=complete&statuses[]=draft", "tasks", "id,status", lambda it: it["status"] == "complete"),
    ("/tasks.json?priority=high", "tasks", "id,priority", lambda it: it["priority"] == "High"),
    ("/tasks.json?due_at_from=2025-01-01&due_at_to=2025-12-31",
     "tasks", "id,due_at", lambda it: "2025-01-01" <= it["due_at"] <= "2025-12-31"),
    ("/contacts.json?type=Company", "contacts", "id,type", lambda it: it["type"] == "Company"),
    ("/contacts.json?exclude_ids[]=1&exclude_ids[]=2", "contacts", "id", lambda it: it["id"] > 2),
    ("/users.json?enabled=true", "users", "id", lambda it: True),
    ("/users.json?enabled=false", "users", "id", lambda it: False),
    ("/notes.json?type=Matter", "notes", "id,type", lambda it: it["type"] == "Matter"),
    ("/notes.json?type=Matter&matter_id=4", "notes", "id,matter{id}", lambda it: it["matter"] == {"id": 4}),
    ("/activities.json?start_date=2025-01-01", "activities", "id,date", lambda it: it["date"] >= "2025-01-01"),
    ("/bills.json?state=paid", "bills", "id,state", lambda it: it["state"] == "paid"),
    ("/bills.json?bill_number=inv-00003", "bills", "id,number", lambda it: it["number"] == "INV-00003"),
    ("/calendar_entries.json?from=2025-01-01T00:00:00Z",
     "calendar_entries", "id,end_at", lambda it: it["end_at"] >= "2025-01-01"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "resource", "fields", "test"), CASES, ids=[case[0] for case in CASES])
def test_a_filter_picks_what_it_says(path: str, resource: str, fields: str, test: Any) -> None:
    """A filtered list, walked by pages, is the part of the whole list that the filter means."""
    matching(path, resource, fields, test)


@given(
    target=st.integers(1, 12),
    moves=st.lists(st.tuples(st.integers(1, 30), st.integers(1, 12)), max_size=10),
    deleted=st.sets(st.integers(1, 30), max_size=5),
    limit=st.integers(1, 7),
)
@settings(max_examples=80, deadline=None)
def test_children_are_found_after_any_writes(
    target: int, moves: list[tuple[int, int]], deleted: set[int], limit: int
) -> None:
    """Arithmetic over made-up records and the written ones together give what reading them all would give."""
    asks = caller(matters=12, tasks=30)
    for task, matter in moves:
        asks.simulator.change("tasks", task, matter={"id": matter})
    for task in deleted:
        asks.simulator.delete("tasks", task)
    tasks = asks.walk("/tasks.json?fields=id,matter{id}")
    expected = [task["id"] for task in tasks if task["matter"]["id"] == target]
    assert expected == [task["id"] for task in asks.walk(f"/tasks.json?matter_id={target}&limit={limit}")]
    assert bool(expected) == asks.data(f"/matters/{target}.json?fields=has_tasks")["has_tasks"]


@given(days=st.integers(-50, 1_100), changed=st.sets(st.integers(1, 60), max_size=6), limit=st.integers(1, 50))
@settings(max_examples=80, deadline=None)
def test_since_misses_nothing(days: int, changed: set[int], limit: int) -> None:
    """`updated_since` gives every record changed since then, though it does not read the older ones."""
    asks = caller(matters=60)
    for number in changed:
        asks.simulator.clock.advance(60)
        asks.simulator.change("matters", number, description="another")
    since = datetime(2023, 6, 2, 12, tzinfo=UTC) + timedelta(days=days)
    everything = asks.walk("/matters.json?fields=id,updated_at")
    expected = [matter["id"] for matter in everything if datetime.fromisoformat(matter["updated_at"]) >= since]
    path = f"/matters.json?updated_since={since:%Y-%m-%dT%H:%M:%SZ}&limit={limit}"
    assert expected == [matter["id"] for matter in asks.walk(path)]


def test_unknown_parameters_are_ignored_and_noted() -> None:
    """A misspelt filter gives the whole list, as Clio does; the log says what had no effect."""
    asks = caller(matters=30)
    assert 30 == len(asks.data("/matters.json?client_ids=3&subscriber_user_id=5&x=1"))
    assert ("client_ids", "subscriber_user_id", "x") == asks.simulator.entries()[-1].ignored


@pytest.mark.parametrize(
    "query",
    [
        "matters.json?updated_since=yesterday",
        "matters.json?created_since=",
        "matters.json?client_id=x",
        "matters.json?client_id=null",
        "matters.json?client_id=" + "9" * 5_000,
        "matters.json?ids[]=a",
        "matters.json?status=asleep",
        "matters.json?open_date[]=%3Esoon",
        "calendar_entries.json?from=soon",
        "contacts.json?exclude_ids[]=%C2%B2",
        "notes.json",
    ],
)
def test_a_wrong_value_is_refused(query: str) -> None:
    """A value of the wrong kind, or a required filter that is missing, is 422 ArgumentError."""
    assert (422, "ArgumentError") == error(caller().get(f"/{query}"))[:2]


def test_a_comparison_needs_a_value() -> None:
    """An operator alone is 400."""
    assert (400, "BadRequest") == error(caller().get("/matters.json?open_date[]="))[:2]


def test_the_number_of_ids_can_be_bounded() -> None:
    """One more than the bound is 422."""
    query = "&".join(f"ids[]={number}" for number in range(1, 52))
    assert 51 == len(caller().data(f"/matters.json?{query}"))
    bounded = caller(Regime(max_ids=50))
    assert (422, "ArgumentError") == error(bounded.get(f"/matters.json?{query}"))[:2]
    assert 50 == len(bounded.data(f"/matters.json?{query.rpartition('&')[0]}"))


def test_a_filter_on_a_collection_looks_into_it() -> None:
    """The bills of a matter are those that hold it among theirs."""
    asks = caller(matters=10)
    bills = asks.data("/bills.json?fields=id,matters{id}")
    expected = [bill["id"] for bill in bills if 4 in [matter["id"] for matter in bill["matters"]]]
    assert 0 < len(expected) < len(bills)
    assert expected == [bill["id"] for bill in asks.data("/bills.json?matter_id=4")]
