"""What older versions of the API do otherwise, and which versions a simulator serves."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from clio_async.messages import Response
from clio_async.models import registry
from clio_async.protocol.version_history import KNOWN_VERSIONS
from clio_async.testing.simulator import Regime, Simulator
from clio_async.testing.simulator.older import NEWEST, age_of, schema_of

from .caller import Caller, error

ALL = ("4.0.3", "4.0.4", "4.0.5", "4.0.6", "4.0.7", "4.0.8", "4.0.9", "4.0.10", "4.0.11", "4.0.12", "4.0.13")


def caller(*versions: str, **options: Any) -> Caller:
    return Caller(Simulator(versions=versions or ALL, **options))


def data(response: Response) -> Any:
    assert response.status in {200, 201}, response.body
    return json.loads(response.body, parse_float=Decimal)["data"]


def served(asks: Caller, path: str) -> list[str]:
    """The versions under which a path is answered with 200."""
    return [version for version in ALL if asks.get(path, x_api_version=version).status == 200]


# -- which are served ----------------------------------------------------------------------------------------------


def test_the_versions_that_are_named_are_served() -> None:
    """The last is the default; others are 410, those too that a simulator serves by itself."""
    asks = caller("4.0.4", "4.0.12")
    assert ["4.0.4", "4.0.12"] == served(asks, "/matters/1.json")
    assert "4.0.12" == asks.get("/matters/1.json").headers["x-api-version"]
    assert (410, "GoneError") == error(asks.get("/matters/1.json", x_api_version="4.0.13"))[:2]
    assert 410 == asks.get("/matters/1.json", x_api_version="unheard of").status


def test_the_default_may_be_another_than_the_last() -> None:
    """Of those that are named, or of those that are served anyway; what is retired stays so."""
    asks = caller("4.0.12", "4.0.13", default_version="4.0.12")
    assert "4.0.12" == asks.get("/matters/1.json").headers["x-api-version"]
    asks = Caller(Simulator(default_version="4.0.9"))
    assert "4.0.9" == asks.get("/matters/1.json").headers["x-api-version"]
    assert 410 == asks.get("/matters/1.json", x_api_version="4.0.4").status


def test_versions_are_retired_and_released() -> None:
    """Whatever was served at first."""
    asks = caller("4.0.3", "4.0.13")
    asks.simulator.retire("4.0.3")
    asks.simulator.release("4.0.14")
    assert 410 == asks.get("/matters/1.json", x_api_version="4.0.3").status
    assert "4.0.14" == asks.get("/matters/1.json").headers["x-api-version"]


def test_the_rest_of_a_regime_is_kept() -> None:
    """What is retired among the named is served; other answers stay."""
    regime = Regime(gone_body="empty", retired=frozenset({"4.0.4", "4.0.5"}))
    simulator = Simulator(regime=regime, versions=["4.0.4", "4.0.13"])
    expected = evolve(regime, versions=("4.0.4", "4.0.13"), retired=frozenset({"4.0.5"}))
    assert expected == simulator.regime


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"versions": ()}, "not among"),
        ({"versions": ("4.0.13", "latest")}, "no version"),
        ({"versions": ("4.0.13",), "default_version": "4.0.12"}, "not among"),
        ({"default_version": "4.0.99"}, "not among"),
        ({"default_version": "4.0.4"}, "not among"),
        ({"regime": Regime(versions=("x",))}, "no version"),
    ],
)
def test_what_cannot_be_served_is_refused(options: dict[str, Any], said: str) -> None:
    """When the simulator is built, not when it is asked."""
    with pytest.raises(ValueError, match=said):
        Simulator(**options)


# -- hours and seconds ---------------------------------------------------------------------------------------------


def time_entry(asks: Caller) -> int:
    """The first one that may be changed."""
    made = [asks.simulator.record("activities", number) for number in range(1, 50)]
    return next(int(entry["id"]) for entry in made if entry["type"] == "TimeEntry" and not entry["billed"])


def test_quantities_were_in_hours() -> None:
    """Before 4.0.4: 1.5 hours are 5400 seconds, whoever has written them, wherever they are shown."""
    asks = caller()
    body = {"type": "TimeEntry", "date": "2026-01-02", "matter": {"id": 1}, "quantity": 1.55}
    shown = "fields=id,etag,quantity,rounded_quantity,quantity_in_hours,total"
    old = data(asks.post(f"/activities.json?{shown}", {**body, "price": 100}, x_api_version="4.0.3"))
    new = data(asks.get(f"/activities/{old['id']}.json?{shown}"))
    assert (Decimal("1.55"), Decimal("1.6")) == (old["quantity"], old["rounded_quantity"])
    assert (5_580, 5_760) == (new["quantity"], new["rounded_quantity"])
    same = ("id", "etag", "quantity_in_hours", "total")
    assert [old[name] for name in same] == [new[name] for name in same]
    changed = asks.patch(f"/activities/{old['id']}.json?{shown}", {"quantity": 2}, x_api_version="4.0.3")
    assert 2 == data(changed)["quantity"]
    assert 7_200 == data(asks.patch(f"/activities/{old['id']}.json?{shown}", {"quantity": 7_200}))["quantity"]
    listed = data(asks.get("/activities.json?fields=id,quantity&order=id(desc)&limit=1", x_api_version="4.0.3"))
    assert [{"id": old["id"], "quantity": 2}] == listed
    assert [7_200] == [
        row["quantity"] for row in data(asks.get("/activities.json?fields=quantity&order=id(desc)&limit=1"))
    ]


@given(st.integers(0, 10_000))
def test_a_quantity_survives_either_way(minutes: int) -> None:
    """What is written under one version is read under the other, to the second that four decimals allow."""
    asks = caller("4.0.3", "4.0.13", matters=2)
    body = {"type": "TimeEntry", "date": "2026-01-02", "quantity": minutes * 60}
    made = data(asks.post("/activities.json?fields=id,quantity", body))
    old = data(asks.get(f"/activities/{made['id']}.json?fields=quantity", x_api_version="4.0.3"))["quantity"]
    assert Decimal(minutes * 60) / 3_600 == pytest.approx(Decimal(old), abs=Decimal("0.0001"))
    asks.patch(f"/activities/{made['id']}.json", {"quantity": minutes / 60}, x_api_version="4.0.3")
    back = data(asks.get(f"/activities/{made['id']}.json?fields=quantity"))["quantity"]
    assert timedelta(minutes=minutes).total_seconds() == pytest.approx(float(back))


def test_a_number_of_things_is_one_in_every_version() -> None:
    """Expenses have no hours."""
    asks = caller()
    body = {"type": "ExpenseEntry", "date": "2026-01-02", "matter": {"id": 1}, "quantity": 3}
    for version in ("4.0.3", "4.0.13"):
        made = data(asks.post("/activities.json?fields=id,quantity", body, x_api_version=version))
        assert 3 == made["quantity"]
        assert 3 == data(asks.get(f"/activities/{made['id']}.json?fields=quantity", x_api_version="4.0.3"))["quantity"]
    changed = asks.patch(f"/activities/{made['id']}.json?fields=quantity", {"quantity": 4}, x_api_version="4.0.3")
    assert 4 == data(changed)["quantity"]


@pytest.mark.parametrize("quantity", ["x", True, [1], {}, 10**30])
def test_a_quantity_that_is_none_is_read_as_today(quantity: Any) -> None:
    """The old version refuses what the new one does, in the same words."""
    asks = caller()
    body = {"type": "TimeEntry", "date": "2026-01-02", "quantity": quantity}
    answers = [asks.post("/activities.json", body, x_api_version=version) for version in ("4.0.3", "4.0.13")]
    assert answers[0].status == answers[1].status
    assert answers[0].status == 201 or answers[0].body == answers[1].body


@pytest.mark.parametrize(
    ("quantity", "status"), [(b"1e30", 201), (b"-1e99", 201), (b"1e100", 422), (b"1e999999", 422), (b"-1e999999", 422)]
)
@pytest.mark.parametrize("price", [b"1", b"9.99e99"])
def test_a_number_that_is_no_time_is_left_as_it_is_or_refused(quantity: bytes, status: int, price: bytes) -> None:
    """No arithmetic of any version fails with it: neither the reading of it, nor what follows from it."""
    asks = caller()
    body = b'{"data":{"type":"TimeEntry","date":"2026-01-02","price":' + price + b',"quantity":' + quantity + b"}}"
    shown = "/activities.json?fields=quantity,total,quantity_in_hours,rounded_quantity"
    answers = [asks.ask("POST", shown, body, x_api_version=v) for v in ("4.0.3", "4.0.13")]
    assert [status, status] == [answer.status for answer in answers]
    if quantity == b"1e30":
        assert data(answers[0])["quantity"] == data(answers[1])["quantity"]


def test_no_quantity_is_none_in_every_version() -> None:
    """A null stays a null, and another attribute what it is."""
    asks = caller()
    number = time_entry(asks)
    asks.simulator.change("activities", number, quantity=None, price=5, billed=False)
    found = data(asks.get(f"/activities/{number}.json?fields=quantity,price", x_api_version="4.0.3"))
    assert {"quantity": None, "price": 5} == found
    changed = asks.patch(f"/activities/{number}.json?fields=quantity,note", {"note": "x"}, x_api_version="4.0.3")
    assert {"quantity": None, "note": "x"} == data(changed)


def test_quantities_elsewhere_are_as_they_always_were() -> None:
    """The line of a bill counts hours in every version."""
    asks = caller()
    lines = [data(asks.get("/line_items.json?fields=id,quantity", x_api_version=v)) for v in ("4.0.3", "4.0.13")]
    assert lines[0] == lines[1]


# -- fields --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "since", "until"),
    [
        ("/bills/1.json?fields=id,matter_balances{id,amount}", "4.0.3", "4.0.5"),
        ("/bills.json?fields=matter_balances", "4.0.3", "4.0.5"),
        ("/documents/1.json?fields=id,document_versions{id,version_number}", "4.0.3", "4.0.6"),
        ("/activities/1.json?fields=quantity_redacted", "4.0.8", ""),
        ("/line_items.json?fields=activity{id,quantity_redacted}", "4.0.8", ""),
        ("/line_items.json?fields=bill{matter_balances}", "4.0.3", "4.0.5"),
        ("/bills/1.json?fields=matter_totals", "4.0.3", ""),
    ],
)
def test_a_field_is_there_from_one_version_to_another(path: str, since: str, until: str) -> None:
    """In braces, too; elsewhere it is refused by its name."""
    expected = ALL[ALL.index(since) : ALL.index(until) if until else None]
    asks = caller()
    assert list(expected) == served(asks, path)
    refused = [error(asks.get(path, x_api_version=version)) for version in ALL if version not in expected]
    assert {(400, "InvalidFields")} >= {found[:2] for found in refused}


def test_what_the_fields_that_are_gone_held() -> None:
    """All versions of a document; an amount for each total of a bill. Neither is in what is read by default."""
    asks = caller(counts={"documents": 20})
    shown = data(asks.get("/documents/1.json?fields=document_versions{id}", x_api_version="4.0.5"))
    listed = data(asks.get("/documents/1/versions.json?fields=id"))
    assert listed == shown["document_versions"]
    bill = data(asks.get("/bills/1.json?fields=matter_balances{id},matter_totals{id}", x_api_version="4.0.4"))
    assert bill["matter_totals"] == bill["matter_balances"]
    assert {"id", "etag"} == data(asks.get("/documents/1.json", x_api_version="4.0.5")).keys()


def test_a_tag_names_the_record_in_every_version() -> None:
    """And the representation, where tags do, of one version: it is good for the same version."""
    asks = caller()
    assert 1 == len({asks.get("/activities/1.json?fields=quantity", x_api_version=v).headers["etag"] for v in ALL})
    asks = caller(regime=Regime(tag_scope="representation", if_match="header"))
    path = f"/activities/{time_entry(asks)}.json?fields=id,quantity"
    tags = [asks.get(path, x_api_version=version).headers["etag"] for version in ("4.0.3", "4.0.13")]
    assert 2 == len(set(tags))
    for tag, status in zip(tags, (200, 412), strict=True):
        assert status == asks.patch(path, {"note": "x"}, if_match=tag, x_api_version="4.0.3").status


def test_a_schema_is_made_once_for_all_versions_that_are_alike() -> None:
    """So that a selection is read once, too."""
    assert [(), (4, 0, 4), (4, 0, 6), (4, 0, 6), (4, 0, 8), NEWEST, NEWEST] == [
        age_of(f"4.0.{patch}") for patch in (3, 4, 6, 7, 9, 10, 13)
    ]
    assert NEWEST == age_of("5.0.0") == age_of("nonsense")
    matter = registry.schema("Matter")
    assert schema_of(matter, ()) == matter
    assert schema_of(registry.schema("Bill"), (4, 0, 8)) is registry.schema("Bill")
    assert "quantity_redacted" not in schema_of(registry.schema("Activity_base"), ()).fields


# -- filters --------------------------------------------------------------------------------------------------------


def test_nobody_looked_at_the_type_of_notes() -> None:
    """Before 4.0.10: what is no type finds nothing, and none finds everything. Other lists are as they are."""
    asks = caller()
    for path in ("/notes.json?type=Nonsense", "/notes.json"):
        assert list(ALL[: ALL.index("4.0.10")]) == served(asks, path)
    assert [] == data(asks.get("/notes.json?type=Nonsense", x_api_version="4.0.9"))
    both = data(asks.get("/notes.json?fields=type", x_api_version="4.0.9"))
    assert {"Matter", "Contact"} == {note["type"] for note in both}
    one = [data(asks.get("/notes.json?type=Matter", x_api_version=version)) for version in ("4.0.9", "4.0.10")]
    assert one[0] == one[1] != []
    assert [] == served(asks, "/activities.json?type=Nonsense")


# -- what Clio has made in older versions, too -----------------------------------------------------------------------


@pytest.mark.parametrize("version", ALL)
def test_what_was_back_filled_is_in_every_version(version: str) -> None:
    """20 e-mail addresses for a contact (4.0.13), redacted calendar entries (4.0.12), hidden contacts (4.0.9)."""
    assert {"4.0.8", "4.0.9", "4.0.12", "4.0.13"} == {v.number for v in KNOWN_VERSIONS if v.back_filled}
    asks = caller()
    many = [{"name": "Work", "address": f"{number}@firm.test"} for number in range(21)]
    body = {"type": "Person", "first_name": "A", "last_name": "B"}
    assert 201 == asks.post("/contacts.json", {**body, "email_addresses": many[:20]}, x_api_version=version).status
    assert 422 == asks.post("/contacts.json", {**body, "email_addresses": many}, x_api_version=version).status
    asks.simulator.hide("calendar_entries", 1, user=1)
    entries = data(asks.get("/calendar_entries.json?fields=id,summary&limit=1", x_api_version=version))
    assert [(None, True)] == [(entry["summary"], entry["redacted"]) for entry in entries]
    asks.simulator.hide("contacts", 1, user=1)
    assert 404 == asks.get("/contacts/1.json", x_api_version=version).status
