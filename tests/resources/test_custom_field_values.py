"""Custom fields are set by name: the right shape, of the right type, and no request more than that takes."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from typing import Any
from urllib.parse import parse_qs, urlsplit

import anyio
import pytest
from attrs import frozen
from hypothesis import given, settings
from hypothesis import strategies as st

from clio_async import CUSTOM_FIELDS, MemoryTransport
from clio_async.auth.static import StaticToken
from clio_async.client import Clio
from clio_async.errors import (
    AmbiguousCustomField,
    APIError,
    Forbidden,
    InvalidArgument,
    ReauthRequired,
    SchemaError,
    UnknownCustomField,
    UnknownPicklistOption,
)
from clio_async.messages import Headers, Request, Response
from clio_async.models import Contact, Matter, PicklistOption, registry
from clio_async.models.custom_fields import CustomFieldsView
from clio_async.models.record import Ref
from clio_async.principal import Principal
from clio_async.protocol.custom_fields import Definition, Held, Option, change, resolve, settled
from clio_async.resources.kept_definitions import _LABELS, _LIFE, _MOST, _SETTLED, KeptDefinitions
from clio_async.testing import Simulator
from clio_async.testing.simulator import Regime
from tests.canaries import Canaries

from .fake import FakeClio, page

# -- a server of custom fields, no more ---------------------------------------------------------------------------

BASE = "http://localhost/api/v4"

OPTIONS = [
    {"id": 501, "option": "Won", "deleted_at": None},
    {"id": 502, "option": "Lost", "deleted_at": None},
    {"id": 503, "option": "Open", "deleted_at": "2026-01-02T00:00:00Z"},
    {"id": 504, "option": "Open", "deleted_at": None},
    {"id": 505, "option": "Twin", "deleted_at": None},
    {"id": 506, "option": "Twin", "deleted_at": None},
    {"id": 507, "option": None, "deleted_at": None},
    {"id": 508, "option": "Gone", "deleted_at": "2026-01-02T00:00:00Z"},
]


def definition(number: int, name: Any, kind: str, parent: str = "Matter", **more: Any) -> dict[str, Any]:
    found = {"id": number, "etag": f'"{number}"', "name": name, "field_type": kind, "parent_type": parent}
    return found | {"deleted": False, "picklist_options": OPTIONS if kind == "picklist" else []} | more


DEFINITIONS = [
    definition(1, "Intake date", "date"),
    definition(2, "Status", "picklist"),
    definition(3, "Fee", "currency"),
    definition(4, "Notes", "text_area"),
    definition(5, "Judge", "contact"),
    definition(6, "Signed", "checkbox"),
    definition(7, "Score", "numeric"),
    definition(8, "Parent", "matter"),
    definition(9, "At", "time"),
    definition(10, "Docket", "text_line"),
    definition(11, "Mail", "email"),
    definition(12, "Site", "url"),
    definition(13, "Twice", "text_line"),
    definition(14, "Twice", "text_line"),
    definition(15, "Old", "text_line", deleted=True),
    definition(16, "Reused", "text_line", deleted=True),
    definition(17, "Reused", "numeric"),
    definition(18, "New kind", "brand_new"),
    definition(31, "Fee", "text_line", "Contact"),
    definition(32, "Nickname", "text_line", "Contact"),
    definition(33, None, "text_line"),
]


class Server:
    """Records with custom fields. `unset` says what stands for a field that is displayed and was never set."""

    def __init__(self, unset: str = "absent", *, texts: bool = False) -> None:
        self.unset = unset
        self.texts = texts  # whether numbers and ids are answered as texts
        self.definitions = [*DEFINITIONS]
        self.values: dict[str, dict[int, Any]] = {}  # by path and definition
        self.ids: dict[str, int] = {}
        self.log: list[str] = []
        self.bodies: list[Any] = []
        self.refuse: int | None = None

    def answer(self, request: Request) -> Response:
        address = urlsplit(request.url)
        path = address.path.removeprefix("/api/v4").removesuffix(".json")
        self.log.append(f"{request.method} {path}")
        query = parse_qs(address.query)
        if self.refuse is not None:
            return Response(self.refuse, Headers(), b'{"error":{"type":"X","message":"x"}}')
        if path == "/custom_fields":
            wanted = query["parent_type"][0].capitalize()
            found = [one for one in self.definitions if one["parent_type"] == wanted]
            return self._json(found)
        if path.startswith("/custom_fields/"):
            return self._json({"id": 1, "etag": '"x"'})
        if request.method == "PATCH":
            self._write(path, json.loads(request.body or b"")["data"])
        if request.method == "POST":
            path = f"{path}/77"
            self._write(path, json.loads(request.body or b"")["data"])
        shown = [int(one) for one in query.get("custom_field_ids[]", ())]
        rows = [one for one in self._rows(path) if not shown or one["custom_field"]["id"] in shown]
        return self._json({"id": int(path.rpartition("/")[2]), "etag": '"r"', "custom_field_values": rows})

    def _json(self, data: Any) -> Response:
        return Response(200, Headers(), json.dumps({"data": data}, default=str).encode())

    def _write(self, path: str, data: dict[str, Any]) -> None:
        held = self.values.setdefault(path, {})
        rows = data.get("custom_field_values", [])
        self.bodies.append(rows)
        for item in rows:
            if "id" not in item:
                assert {"custom_field", "value"} == {*item}
                number = item["custom_field"]["id"]
                assert number not in held, "created twice"
                held[number] = item["value"]
                continue
            number = int(item["id"].rpartition("-")[2]) - 9000
            assert number in held or self.unset == "real_id"
            if "_destroy" in item:
                assert {"id": item["id"], "_destroy": True} == item
                del held[number]
            else:
                assert {"id", "value"} == {*item}
                held[number] = item["value"]

    def _rows(self, path: str) -> Iterator[dict[str, Any]]:
        held = self.values.get(path, {})
        for one in self.definitions:
            here = "Matter" if path.startswith("/matters/") else "Contact"
            if one["parent_type"] != here or (one["id"] not in held and self.unset == "absent"):
                continue
            yield self._row(one, held)

    def _row(self, one: dict[str, Any], held: dict[int, Any]) -> dict[str, Any]:
        value = held.get(one["id"])
        there = one["id"] in held or self.unset == "real_id"
        option = next((found for found in OPTIONS if found["id"] == value), None)
        text = self.texts and value is not None and not isinstance(value, bool)
        return {
            "id": f"{one['field_type']}-{9000 + one['id']}" if there else None,
            "field_name": one["name"],
            "field_type": one["field_type"],
            "value": str(value) if text else value,
            "soft_deleted": one["deleted"],
            "custom_field": {"id": one["id"], "etag": one["etag"]},
            "picklist_option": option,
        }


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def connect(server: Server, clock: Clock | None = None, **options: Any) -> Clio:
    clock = clock or Clock()
    transport = MemoryTransport(server.answer, clock=clock)
    return Clio("TOKEN-OF-ANN", base_url=BASE, transport=transport, limiter=None, clock=clock, **options)


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    """Nothing here knows an event loop."""
    return str(request.param)


LIST, READ, WRITE = "GET /custom_fields", "GET /matters/7", "PATCH /matters/7"

# -- shapes -------------------------------------------------------------------------------------------------------


async def test_the_example_of_the_documentation() -> None:
    """Set by name, read by name; the record that was just read need not be read again for what it shows."""
    server = Server()
    async with connect(server) as clio:
        changes = await clio.matters.custom_field_changes(
            7, {"Intake date": date(2026, 1, 2), "Status": "Won", "Fee": 5}
        )
        assert [
            {"custom_field": {"id": 1}, "value": "2026-01-02"},
            {"custom_field": {"id": 2}, "value": 501},
            {"custom_field": {"id": 3}, "value": 5},
        ] == changes
        assert [LIST, READ] == server.log
        matter = await clio.matters.update(7, custom_field_values=changes, fields=CUSTOM_FIELDS)
        assert {"Intake date": date(2026, 1, 2), "Status": "Won", "Fee": Decimal(5)} == matter.custom_fields
        server.log.clear()
        changes = await clio.matters.custom_field_changes(matter, {"Status": "Lost", "Fee": None, 1: None})
        assert [
            {"id": "picklist-9002", "value": 502},
            {"id": "currency-9003", "_destroy": True},
            {"id": "date-9001", "_destroy": True},
        ] == changes
        assert [] == server.log
        matter = await clio.matters.update(matter, custom_field_values=changes, fields=CUSTOM_FIELDS)
        assert {"Status": "Lost"} == matter.custom_fields


@pytest.mark.parametrize("unset", ["absent", "null_id", "real_id"])
async def test_a_field_that_was_never_set_is_created_or_its_placeholder_updated(unset: str) -> None:
    """Null in a placeholder is nothing to clear; what an id stands for is updated."""
    server = Server(unset)
    async with connect(server) as clio:
        matter = await clio.matters.get(7, fields=CUSTOM_FIELDS)
        (found,) = await clio.matters.custom_field_changes(matter, {"Docket": "x"})
        made = {"custom_field": {"id": 10}, "value": "x"}
        assert ({"id": "text_line-9010", "value": "x"} if unset == "real_id" else made) == found
        assert [] == await clio.matters.custom_field_changes(matter, {"Docket": None})


async def test_nothing_to_set_asks_nothing() -> None:
    """No definitions are read for an empty mapping."""
    server = Server()
    async with connect(server) as clio:
        assert [] == await clio.matters.custom_field_changes(7, {})
    assert [] == server.log


async def test_a_record_that_is_to_be_created_holds_nothing() -> None:
    """Without a record everything is new, and None is nothing."""
    server = Server()
    async with connect(server) as clio:
        changes = await clio.contacts.custom_field_changes(None, {"Nickname": "Bo", "Fee": None})
        assert [{"custom_field": {"id": 32}, "value": "Bo"}] == changes
        made = await clio.contacts.create(
            type="Person", name="Bo Lee", custom_field_values=changes, fields=CUSTOM_FIELDS
        )
        assert {"Nickname": "Bo"} == made.custom_fields
    assert [LIST, "POST /contacts"] == server.log


async def test_the_values_of_another_kind_of_record_are_unknown() -> None:
    """Matters and contacts have definitions of their own, also under one name."""
    server = Server()
    async with connect(server) as clio:
        assert [{"custom_field": {"id": 31}, "value": "x"}] == await clio.contacts.custom_field_changes(3, {"Fee": "x"})
        for key in ("Nickname", 32):
            with pytest.raises(UnknownCustomField, match="of matters"):
                await clio.matters.custom_field_changes(7, {key: "x"})
        server.definitions.append(definition(40, "Odd", "text_line", "contact"))
        assert [LIST, "GET /contacts/3", LIST] == server.log


# -- what a record shows ------------------------------------------------------------------------------------------


async def test_a_value_that_was_filtered_away_is_not_created_again() -> None:
    """`custom_field_ids` hides values that exist: what is not shown is read before it is taken for absent.

    The control says that the record is whole, and creates the value a second time.
    """
    server = Server()
    server.values["/matters/7"] = {3: 5, 10: "x"}
    async with connect(server) as clio:
        matter = await clio.matters.get(7, fields=CUSTOM_FIELDS, custom_field_ids=[3])
        assert {"Fee": 5} == matter.custom_fields
        server.log.clear()
        wanted = {"Docket": "y"}
        assert [{"id": "text_line-9010", "value": "y"}] == await clio.matters.custom_field_changes(matter, wanted)
        assert [{"id": "text_line-9010", "_destroy": True}] == await clio.matters.custom_field_changes(
            matter, {"Docket": None}
        )
        assert [LIST, READ, READ] == server.log
        control = await clio.matters.custom_field_changes(matter, wanted, whole=True)
        assert [{"custom_field": {"id": 10}, "value": "y"}] == control


@pytest.mark.parametrize("unset", ["absent", "null_id", "real_id"])
async def test_a_value_that_was_set_since_is_found(unset: str) -> None:
    """A record that is old says nothing about what it does not hold: neither for setting nor for clearing."""
    server = Server(unset)
    async with connect(server) as clio:
        old = await clio.matters.get(7, fields=CUSTOM_FIELDS)
        server.values["/matters/7"] = {10: "x"}
        assert [{"id": "text_line-9010", "value": "y"}] == await clio.matters.custom_field_changes(old, {"Docket": "y"})
        assert [{"id": "text_line-9010", "_destroy": True}] == await clio.matters.custom_field_changes(
            old, {"Docket": None}
        )


@pytest.mark.parametrize(
    "record",
    [
        7,
        Ref(7),
        Matter(id=7),
        Matter(id=7, custom_field_values=5),
        Matter.from_dict({"id": 7, "custom_field_values": [{"id": "text_line-9010"}]}),
        Matter.from_dict({"id": 7, "custom_field_values": [{"custom_field": {"id": 10}}]}),
    ],
)
async def test_a_record_that_does_not_show_its_values_is_read(record: Any) -> None:
    """One request, whatever is to be set."""
    server = Server()
    server.values["/matters/7"] = {3: 5, 10: "x"}
    async with connect(server) as clio:
        changes = await clio.matters.custom_field_changes(record, {"Docket": "y", "Fee": 3, "Signed": True}, whole=True)
    assert ["text_line-9010", "currency-9003", None] == [one.get("id") for one in changes]
    assert [LIST, READ] == server.log


async def test_a_record_without_values_has_none() -> None:
    """Null is an empty list; a projection shows what a record does."""

    @frozen
    class Card:
        id: int
        custom_field_values: Any

    server = Server()
    server.values["/matters/7"] = {10: "x"}
    async with connect(server) as clio:
        empty = Matter.from_dict({"id": 7, "custom_field_values": None})
        assert [] == await clio.matters.custom_field_changes(empty, {"Docket": None}, whole=True)
        shown = await clio.matters.get(7, fields=CUSTOM_FIELDS)
        server.log.clear()
        card = Card(7, shown.custom_field_values)
        assert [{"id": "text_line-9010", "value": "y"}] == await clio.matters.custom_field_changes(
            card, {"Docket": "y"}
        )
    assert [] == server.log


async def test_values_that_clio_withholds_stop_what_might_be_a_second_creation() -> None:
    """A value without its definition may be that which is to be set. What is certain is written."""
    rows = [
        {"id": "text_line-5", "redacted": True},
        {"id": "text_line-6", "field_name": None, "field_type": None, "value": None, "custom_field": None},
        {"id": "currency-9003", "field_name": None, "field_type": None, "value": None, "custom_field": {"id": 3}},
        {"id": None, "custom_field": None},
    ]
    clio = FakeClio(
        {"data": DEFINITIONS},
        {"data": {"id": 7, "etag": "t", "custom_field_values": rows}},
        {"data": {"id": 7, "etag": "t", "custom_field_values": [{"id": "text_line-5"}]}},
    )
    shown = Matter.from_dict({"id": 7, "custom_field_values": rows})
    assert [{"id": "currency-9003", "_destroy": True}] == await clio.matters.custom_field_changes(shown, {"Fee": None})
    assert 1 == len(clio.calls)
    for _ in range(2):
        with pytest.raises(AmbiguousCustomField, match="withholds it") as caught:
            await clio.matters.custom_field_changes(7, {"Docket": "x"})
        assert ("Docket", (10,)) == (caught.value.name, caught.value.ids)
    with pytest.raises(AmbiguousCustomField, match="withholds it"):
        await clio.matters.custom_field_changes(shown, {"Docket": None}, whole=True)


async def test_two_values_of_one_field_are_not_chosen_from() -> None:
    """Whichever were written, the other would stay."""
    rows = [{"id": f"text_line-{number}", "field_name": "Docket", "custom_field": {"id": 10}} for number in (1, 2)]
    clio = FakeClio({"data": DEFINITIONS})
    shown = Matter.from_dict({"id": 7, "custom_field_values": rows})
    for value in ("x", None):
        with pytest.raises(AmbiguousCustomField, match="2 values"):
            await clio.matters.custom_field_changes(shown, {"Docket": value})


async def test_an_answer_that_shows_no_values_is_no_answer() -> None:
    """Nothing is created on the word of an answer that says nothing."""
    clio = FakeClio({"data": DEFINITIONS}, {"data": {"id": 7, "etag": "t", "redacted": True}})
    with pytest.raises(SchemaError, match="does not show"):
        await clio.matters.custom_field_changes(7, {"Docket": "x"})


@pytest.mark.parametrize("record", [0, True, "7", [], Ref(None), Contact(id=7)])
async def test_what_is_no_such_record_is_refused_before_anything_is_sent(record: Any) -> None:
    """The id of a contact would be taken for that of a matter."""
    clio = FakeClio()
    with pytest.raises(InvalidArgument):
        await clio.matters.custom_field_changes(record, {"Docket": "x"})
    with pytest.raises(InvalidArgument, match="mapping"):
        await clio.matters.custom_field_changes(7, [("Docket", "x")])  # type: ignore[arg-type]
    assert [] == clio.calls


@pytest.mark.parametrize(("number", "found"), [("10", "update"), (10, "update"), ("x", "error"), ("³", "error")])
async def test_the_id_of_a_definition_may_come_as_a_text(number: Any, found: str) -> None:
    """It is the same field; where it cannot be told which field it is, nothing is created beside it."""
    row = {"id": "text_line-5", "field_name": "Docket", "value": "a", "custom_field": {"id": number}}
    clio = FakeClio({"data": DEFINITIONS}, {"data": {"id": 7, "etag": "t", "custom_field_values": [row]}})
    if found == "error":
        with pytest.raises(AmbiguousCustomField, match="withholds it"):
            await clio.matters.custom_field_changes(7, {"Docket": "x"})
    else:
        changes = await clio.matters.custom_field_changes(7, {"Docket": "x"})
        assert [{"id": "text_line-5", "value": "x"}] == changes


@pytest.mark.parametrize("row", [5, "x", {}, {"value": 1}, {"custom_field": {"id": 10}}, {"id": "a", "value": 1}])
async def test_a_row_that_tells_too_little_blocks_a_creation(row: Any) -> None:
    """It may be a value of that very field: a second one is not created."""
    clio = FakeClio({"data": DEFINITIONS}, {"data": {"id": 7, "etag": "t", "custom_field_values": [row]}})
    with pytest.raises(AmbiguousCustomField):
        await clio.matters.custom_field_changes(7, {"Docket": "x"})


@pytest.mark.parametrize("by_id", [False, True])
async def test_a_field_that_was_renamed_is_not_written_under_its_old_name(by_id: bool) -> None:
    """The record shows another name than the kept definitions do: they are read again, once."""
    server = Server()
    server.values["/matters/7"] = {10: "kept"}
    async with connect(server) as clio:
        await clio.matters.custom_field_changes(None, {"Docket": "x"})
        server.definitions[9] = definition(10, "Old docket", "text_line")
        server.definitions.append(definition(60, "Docket", "text_line"))
        matter = await clio.matters.get(7, fields=CUSTOM_FIELDS)
        server.log.clear()
        wanted = {"Docket": "y"}
        assert [{"custom_field": {"id": 60}, "value": "y"}] == await clio.matters.custom_field_changes(
            7 if by_id else matter, wanted
        )
        assert LIST == server.log[0 if not by_id else 1]
        assert 1 == server.log.count(LIST)
        assert [{"id": "text_line-9010", "value": "z"}] == await clio.matters.custom_field_changes(
            matter, {"Old docket": "z"}
        )
        assert 1 == server.log.count(LIST)


async def test_a_field_that_took_over_a_name_is_found_by_its_value() -> None:
    """The record has a value of the new field and none of the old one: nothing is created for the old one."""
    server = Server()
    server.values["/matters/7"] = {60: "a"}
    async with connect(server) as clio:
        await clio.matters.custom_field_changes(None, {"Docket": "x"})
        server.definitions[9] = definition(10, "Old docket", "text_line")
        server.definitions.append(definition(60, "Docket", "text_line"))
        (found,) = await clio.matters.custom_field_changes(7, {"Docket": "y"})
    assert {"id": "text_line-9060", "value": "y"} == found


async def test_a_record_that_is_older_than_the_definitions_costs_one_reading() -> None:
    """What was just read is not doubted: there is no loop, and the field of that name is written."""
    server = Server()
    server.values["/matters/7"] = {10: "a"}
    async with connect(server) as clio:
        old = await clio.matters.get(7, fields=CUSTOM_FIELDS)
        server.definitions[9] = definition(10, "Renamed", "text_line")
        server.log.clear()
        for readings in (1, 2):
            (found,) = await clio.matters.custom_field_changes(old, {"Renamed": "y"})
            assert ("text_line-9010", readings) == (found["id"], server.log.count(LIST))


async def test_an_option_whose_label_the_record_contradicts_is_looked_up_again() -> None:
    """Labels were exchanged within a few seconds: what the record shows is newer."""
    server, clock = Server(), Clock()
    server.values["/matters/7"] = {2: 501}
    async with connect(server, clock) as clio:
        await clio.matters.custom_field_changes(None, {"Status": "Won"})
        swapped = [{"id": 501, "option": "Lost"}, {"id": 502, "option": "Won"}]
        server.definitions[1] = definition(2, "Status", "picklist", picklist_options=swapped)
        row = server._row(server.definitions[1], {2: 501}) | {"picklist_option": {"id": 501, "option": "Lost"}}
        shown = Matter.from_dict({"id": 7, "custom_field_values": [row]})
        (found,) = await clio.matters.custom_field_changes(shown, {"Status": "Won"})
    assert ({"id": "picklist-9002", "value": 502}, 2) == (found, server.log.count(LIST))


async def test_a_label_is_taken_for_an_option_by_definitions_of_half_a_minute() -> None:
    """Nothing would show that labels were exchanged; ids and other fields need no such care."""
    server, clock = Server(), Clock()
    async with connect(server, clock) as clio:
        await clio.matters.custom_field_changes(None, {"Status": "Won"})
        swapped = [{"id": 501, "option": "Lost"}, {"id": 502, "option": "Won"}]
        server.definitions[1] = definition(2, "Status", "picklist", picklist_options=swapped)
        clock.now += _LABELS - 1
        assert 501 == (await clio.matters.custom_field_changes(None, {"Status": "Won"}))[0]["value"]
        clock.now += 1
        await clio.matters.custom_field_changes(None, {"Status": 502, "Docket": "Won"})
        assert [LIST] == server.log
        assert 502 == (await clio.matters.custom_field_changes(None, {"Status": "Won"}))[0]["value"]
    assert [LIST] * 2 == server.log


@pytest.mark.parametrize(
    ("path", "name", "works"),
    [
        ("/custom_fields", "deleted", True),
        ("/custom_fields", "deleted_at", True),
        ("/custom_fields", "name", False),
        ("/matters/7", "field_name", True),
        ("/matters/7", "picklist_option", True),
        ("/matters/7", "custom_field", False),
    ],
)
@pytest.mark.filterwarnings("ignore::clio_async.FieldsRefused")
async def test_a_server_may_refuse_what_is_not_needed(path: str, name: str, works: bool) -> None:
    """It is asked once more without that; what is needed is an error."""
    server = Server()
    server.values["/matters/7"] = {10: "a"}

    def answer(request: Request) -> Response:
        address = urlsplit(request.url)
        fields = parse_qs(address.query)["fields"][0].replace("{", ",").replace("}", "").split(",")
        if address.path.endswith(f"{path}.json") and name in fields:
            said = {"error": {"type": "InvalidFields", "message": f"{name} is not a valid field"}}
            return Response(400, Headers(), json.dumps(said).encode())
        return server.answer(request)

    clio = Clio("T", base_url=BASE, transport=MemoryTransport(answer), limiter=None)
    if works:
        (found,) = await clio.matters.custom_field_changes(7, {"Docket": "x"})
        assert {"id": "text_line-9010", "value": "x"} == found
    else:
        with pytest.raises(APIError, match=name):
            await clio.matters.custom_field_changes(7, {"Docket": "x"})


# -- names --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "error", "says"),
    [
        ({"Intake dat": None}, UnknownCustomField, r"of matters\. Did you mean 'Intake date'"),
        ({"Old": "x"}, UnknownCustomField, "was deleted"),
        ({15: "x"}, UnknownCustomField, "cleared"),
        ({99: "x"}, UnknownCustomField, "not of values"),
        ({"Twice": "x"}, AmbiguousCustomField, r"of \[13, 14\]"),
        ({"Fee": 1, 3: 2}, InvalidArgument, "twice"),
        ({True: "x"}, InvalidArgument, "by name"),
        ({None: "x"}, InvalidArgument, "by name"),
    ],
)
async def test_names_that_cannot_be_resolved(values: Any, error: type[Exception], says: str) -> None:
    """A typed error after one reading of the definitions, and before the record is read."""
    server = Server()
    async with connect(server) as clio:
        with pytest.raises(error, match=says) as caught:
            await clio.matters.custom_field_changes(7, values)
    assert [LIST] == server.log
    assert str(caught.value) == str(pickle.loads(pickle.dumps(caught.value)))


async def test_ids_of_definitions_name_what_names_do_not() -> None:
    """Of two with one name, one that is deleted (to be cleared), and one whose name was given anew."""
    server = Server()
    server.values["/matters/7"] = {15: "old"}
    async with connect(server) as clio:
        found = await clio.matters.custom_field_changes(7, {14: "x", 15: None, "Reused": 3})
    assert [
        {"custom_field": {"id": 14}, "value": "x"},
        {"id": "text_line-9015", "_destroy": True},
        {"custom_field": {"id": 17}, "value": 3},
    ] == found


# -- values -------------------------------------------------------------------------------------------------------


class Colour(Enum):
    RED = "red"


class Size(IntEnum):
    BIG = 3


class Word(StrEnum):
    WON = "Won"


@pytest.mark.parametrize(
    ("name", "value", "wire"),
    [
        ("Intake date", date(2026, 1, 2), "2026-01-02"),
        ("Status", "Won", 501),
        ("Status", Word.WON, 501),
        ("Status", "Open", 504),
        ("Status", 502, 502),
        ("Status", 507, 507),
        ("Status", PicklistOption(id=502), 502),
        ("Fee", Decimal("1.10"), Decimal("1.10")),
        ("Fee", 10.1, Decimal("10.1")),
        ("Score", Size.BIG, 3),
        ("Score", 0, 0),
        ("Notes", "", ""),
        ("Notes", Colour.RED, "red"),
        ("Judge", 4, 4),
        ("Judge", Contact(id=4), 4),
        ("Judge", Ref(4), 4),
        ("Judge", {"id": 4}, 4),
        ("Parent", Matter(id=4), 4),
        ("Signed", True, True),
        ("Signed", False, False),
        ("At", "17:30", "17:30"),
        ("Mail", "a@example.com", "a@example.com"),
        ("Site", "example.com", "example.com"),
        ("New kind", [1, "x"], [1, "x"]),
    ],
)
async def test_values_are_written_as_their_type_is(name: str, value: Any, wire: Any) -> None:
    """Labels become options, records ids, floats the shortest decimals that give them; new kinds go as they are."""
    server = Server()
    async with connect(server) as clio:
        ((found),) = await clio.matters.custom_field_changes(None, {name: value})
        assert (wire, type(wire)) == (found["value"], type(found["value"]))
        await clio.matters.update(7, custom_field_values=[found])
    number = next(one["id"] for one in DEFINITIONS if one["name"] == name)
    assert json.loads(json.dumps(wire, default=float)) == server.values["/matters/7"][number]


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("Intake date", datetime(2026, 1, 2, tzinfo=UTC), "date without a time, not datetime"),
        ("Intake date", "2026-01-02", "not str"),
        ("Fee", True, "finite number, not bool"),
        ("Fee", "5", "not str"),
        ("Fee", float("nan"), "finite"),
        ("Score", Decimal("Infinity"), "finite"),
        ("Signed", 1, "True or False, not int"),
        ("Notes", 5, "a text, not int"),
        ("Mail", b"x", "not bytes"),
        ("At", datetime(2026, 1, 2, tzinfo=UTC).time(), "form that Clio shows, not time"),
        ("Judge", "Jane", "a contact, or the id of one, not str"),
        ("Judge", True, "not bool"),
        ("Judge", 0, "not int"),
        ("Judge", 2**63, "not int"),
        ("Judge", Ref(None), "not Ref"),
        ("Judge", Matter(id=4), "a Matter is none"),
        ("Parent", Contact(id=4), "a Contact is none"),
        ("Status", Matter(id=501), "a Matter is none"),
        ("Status", True, "its id, not bool"),
        ("Status", ["Won"], "its id, not list"),
    ],
)
async def test_values_of_another_type_are_refused_before_anything_is_written(name: str, value: Any, says: str) -> None:
    """The error says what the field takes, and is not worth another reading of the definitions."""
    server, clock = Server(), Clock()
    async with connect(server, clock) as clio:
        for _ in range(2):
            with pytest.raises(InvalidArgument, match=says):
                await clio.matters.custom_field_changes(7, {name: value})
            clock.now += _SETTLED
    assert [LIST] == server.log


@pytest.mark.parametrize(
    ("value", "says", "near"),
    [
        ("Wonn", "Did you mean 'Won'", ("Won",)),
        ("zzzz", "It has 6", ()),
        ("Gone", "of that label", ("Won",)),
        (508, "of that id", ()),
        (99, "of that id", ()),
        (503, "of that id", ()),
    ],
)
async def test_a_label_that_no_option_has(value: Any, says: str, near: tuple[str, ...]) -> None:
    """Near labels, those of deleted options excepted; it pickles."""
    clio = FakeClio({"data": DEFINITIONS})
    with pytest.raises(UnknownPicklistOption, match=says) as caught:
        await clio.matters.custom_field_changes(7, {"Status": value})
    assert ("Status", near) == (caught.value.name, caught.value.near)
    assert near == pickle.loads(pickle.dumps(caught.value)).near


async def test_a_label_that_two_options_have() -> None:
    """The id says which."""
    clio = FakeClio({"data": DEFINITIONS})
    with pytest.raises(AmbiguousCustomField, match=r"give an id, of \[505, 506\]"):
        await clio.matters.custom_field_changes(None, {"Status": "Twin"})
    assert 506 == (await clio.matters.custom_field_changes(None, {"Status": 506}))[0]["value"]


async def test_no_error_repeats_a_value() -> None:
    """Values are confidential; names may be told."""
    canaries = Canaries(value="privileged-and-confidential-4711")
    secret = canaries.secrets["value"]
    clio = FakeClio({"data": DEFINITIONS})
    for name in ("Intake date", "Status", "Fee", "Judge", "Signed", "Twice", "Old", "Nonsense"):
        with pytest.raises(InvalidArgument) as caught:
            await clio.matters.custom_field_changes(7, {name: secret})
        assert [] == canaries.in_object(name, caught.value)
        assert [] == canaries.in_value(name, vars(caught.value))


# -- definitions --------------------------------------------------------------------------------------------------


async def test_definitions_are_read_once_and_expire() -> None:
    """Five minutes for all calls of a principal; each kind of record has its own."""
    server, clock = Server(), Clock()
    async with connect(server, clock) as clio:
        for seconds in (0, _LIFE - 1):
            clock.now = 1000 + seconds
            await clio.matters.custom_field_changes(None, {"Docket": "x"})
        assert [LIST] == server.log
        await clio.contacts.custom_field_changes(None, {"Nickname": "x"})
        assert [LIST] * 2 == server.log
        clock.now = 1000 + _LIFE
        await clio.matters.custom_field_changes(None, {"Docket": "x"})
        assert [LIST] * 3 == server.log


async def test_what_is_new_is_found_but_not_looked_for_all_the_time() -> None:
    """A name or an option that is unknown may be new: once more, ten seconds after the last reading at the earliest."""
    server, clock = Server(), Clock()
    async with connect(server, clock) as clio:
        with pytest.raises(UnknownCustomField):
            await clio.matters.custom_field_changes(None, {"Brand new": "x"})
        assert [LIST] == server.log
        server.definitions.append(definition(50, "Brand new", "text_line"))
        clock.now += _SETTLED - 1
        with pytest.raises(UnknownCustomField):
            await clio.matters.custom_field_changes(None, {"Brand new": "x"})
        assert [LIST] == server.log
        clock.now += 1
        assert 50 == (await clio.matters.custom_field_changes(None, {"Brand new": "x"}))[0]["custom_field"]["id"]
        assert [LIST] * 2 == server.log
        clock.now += _SETTLED
        fresh = [*OPTIONS, {"id": 599, "option": "Brand new", "deleted_at": None}]
        server.definitions[1] = definition(2, "Status", "picklist", picklist_options=fresh)
        assert 599 == (await clio.matters.custom_field_changes(None, {"Status": "Brand new"}))[0]["value"]
        clock.now += _SETTLED
        server.definitions[13] = definition(14, "Twice", "text_line", deleted=True)
        assert 13 == (await clio.matters.custom_field_changes(None, {"Twice": "x"}))[0]["custom_field"]["id"]
        assert [LIST] * 4 == server.log


async def test_another_principal_reads_its_own() -> None:
    """What one user is shown is not what another is (promise of isolation); options do not matter, versions do."""
    server = Server()
    async with connect(server) as ann:
        await ann.matters.custom_field_changes(None, {"Docket": "x"})
        await ann.options(lane="batch").matters.custom_field_changes(None, {"Docket": "x"})
        assert 1 == len(server.log)
        await ann.options(api_version="4.0.12").matters.custom_field_changes(None, {"Docket": "x"})
        await ann.with_auth("TOKEN-OF-BEN").matters.custom_field_changes(None, {"Docket": "x"})
        await ann.with_auth("TOKEN-OF-ANN", base_url="http://127.0.0.1/api/v4").matters.custom_field_changes(
            None, {"Docket": "x"}
        )
        assert 4 == len(server.log)


async def test_purging_forgets_the_principal_alone() -> None:
    """`purge` is for a withdrawn permission: nothing that was shown before it is used after it."""
    server = Server()
    async with connect(server) as ann:
        ben = ann.with_auth("TOKEN-OF-BEN")
        for clio in (ann, ben):
            await clio.matters.custom_field_changes(None, {"Docket": "x"})
        await ann.purge()
        await ben.matters.custom_field_changes(None, {"Docket": "x"})
        assert 2 == len(server.log)
        await ann.matters.custom_field_changes(None, {"Docket": "x"})
        await ann.purge(ben.principal)
        await ben.matters.custom_field_changes(None, {"Docket": "x"})
        assert 4 == len(server.log)


async def test_a_grant_that_is_gone_takes_its_definitions_along() -> None:
    """As it does with every kept answer (F31)."""

    class Grant(StaticToken):
        gone = False

        async def access_token(self, channel: Any, /, *, deadline: float | None = None) -> Any:
            if self.gone:
                raise ReauthRequired("over")
            return await super().access_token(channel, deadline=deadline)

    grant = Grant("TOKEN-OF-ANN", principal=Principal(BASE, user="1"))
    server = Server()
    clio = Clio(grant, base_url=BASE, transport=MemoryTransport(server.answer), limiter=None)
    async with clio:
        await clio.matters.custom_field_changes(None, {"Docket": "x"})
        grant.gone = True
        with pytest.raises(ReauthRequired):
            await clio.matters.get(7)
        grant.gone = False
        await clio.matters.custom_field_changes(None, {"Docket": "x"})
    assert [LIST, LIST] == server.log


@pytest.mark.parametrize("by", ["verb", "hand", "failure"])
async def test_a_definition_that_is_written_here_is_known_at_once(by: str) -> None:
    """Also when the write fails on the way: it may have landed. Writes to other things change nothing."""
    server = Server()
    async with connect(server) as clio:
        with pytest.raises(UnknownCustomField):
            await clio.matters.custom_field_changes(None, {"Brand new": "x"})
        await clio.matters.update(7, description="x")
        await clio.request("PATCH", "/matters/7", json={"data": {}})
        await clio.request("GET", "/custom_fields/10")
        server.definitions.append(definition(50, "Brand new", "text_line"))
        with pytest.raises(UnknownCustomField):
            await clio.matters.custom_field_changes(None, {"Brand new": "x"})
        if by == "verb":
            await clio.custom_fields.update(50, name="Brand new")
        elif by == "hand":
            await clio.request("PATCH", "/custom_fields/50", json={"data": {}})
        else:
            server.refuse = 503
            with pytest.raises(APIError):
                await clio.custom_fields.delete(50)
            server.refuse = None
        assert 50 == (await clio.matters.custom_field_changes(None, {"Brand new": "x"}))[0]["custom_field"]["id"]


async def test_two_tasks_share_one_reading() -> None:
    """Identical reads at one time are one request."""
    server = Server()

    async def slow(request: Request) -> Response:
        for _ in range(50):  # so that all others have come as far as they can
            await anyio.lowlevel.checkpoint()
        return server.answer(request)

    clio = Clio("TOKEN-OF-ANN", base_url=BASE, transport=MemoryTransport(slow), limiter=None)
    async with clio, anyio.create_task_group() as tasks:
        for _ in range(5):
            tasks.start_soon(clio.matters.custom_field_changes, 7, {"Docket": "x"})
    assert [LIST, READ] == server.log


async def test_what_is_set_is_what_was_given() -> None:
    """The caller may use its mapping for something else while the definitions are read."""
    server = Server()
    wanted = {"Docket": "x"}

    def meddling(request: Request) -> Response:
        wanted.update(Notes="y")
        return server.answer(request)

    async with Clio("TOKEN-OF-ANN", base_url=BASE, transport=MemoryTransport(meddling), limiter=None) as clio:
        found = await clio.matters.custom_field_changes(7, wanted)
    assert [{"custom_field": {"id": 10}, "value": "x"}] == found


async def test_definitions_that_may_not_be_read_are_an_error() -> None:
    """Some accounts forbid it: Clio's refusal reaches the caller, and nothing is kept."""
    server = Server()
    server.refuse = 403
    async with connect(server) as clio:
        with pytest.raises(Forbidden):
            await clio.matters.custom_field_changes(7, {"Docket": "x"})
        server.refuse = None
        assert 1 == len(await clio.matters.custom_field_changes(7, {"Docket": "x"}))


async def test_definitions_come_page_by_page() -> None:
    """All of them count; one without a name, an id or of another kind cannot be meant."""
    link = "https://app.clio.com/api/v4/custom_fields.json?page_token=2"
    first = page(link=link)
    first["data"] = [definition(1, "A", "text_line"), definition(5, None, "text_line")]
    clio = FakeClio(first, {"data": [definition(6, "B", "text_line"), definition(7, "C", "text_line", "Contact")]})
    (found,) = await clio.matters.custom_field_changes(None, {"B": "x"})
    assert (6, ["matter"]) == (found["custom_field"]["id"], [v for k, v in clio.calls[0].pairs if k == "parent_type"])
    with pytest.raises(UnknownCustomField):
        await clio.matters.custom_field_changes(None, {"C": "x"})


# -- keeping ------------------------------------------------------------------------------------------------------


def test_only_so_many_lists_are_kept() -> None:
    """The one that was not used for longest goes; memory is bounded for any number of principals (F77)."""
    kept = KeptDefinitions(Clock())
    for number in range(_MOST):
        kept.keep(("b", f"p{number} v", "Matter"), (), kept.begin())
    assert kept.find(("b", "p0 v", "Matter")) is not None
    kept.keep(("b", "new v", "Matter"), (), kept.begin())
    assert kept.find(("b", "p0 v", "Matter")) is not None
    assert kept.find(("b", "p1 v", "Matter")) is None
    kept.keep(("b", "p2 v", "Matter"), (), kept.begin())
    kept.keep(("b", "newer v", "Matter"), (), kept.begin())
    assert (None, True) == (kept.find(("b", "p3 v", "Matter")), kept.find(("b", "p2 v", "Matter")) is not None)
    assert _MOST == len(kept._kept)


@pytest.mark.parametrize("forget", [lambda kept: kept.forget("p"), lambda kept: kept.outdate("b")])
def test_what_was_read_while_something_was_forgotten_is_not_kept(forget: Any) -> None:
    """The answer may be older than the reason to forget (F44). The control begins afterwards."""
    kept = KeptDefinitions(Clock())
    begun = kept.begin()
    forget(kept)
    kept.keep(("b", "p v", "Matter"), (), begun)
    assert None is kept.find(("b", "p v", "Matter"))
    kept.keep(("b", "p v", "Matter"), (), kept.begin())
    assert None is not kept.find(("b", "p v", "Matter"))
    forget(kept)
    assert None is kept.find(("b", "p v", "Matter"))


def test_forgetting_spares_others() -> None:
    """A principal is not another whose fingerprint begins alike, and a server is not another."""
    kept = KeptDefinitions(Clock())
    for whose in (("b", "pp v", "Matter"), ("c", "q v", "Matter")):
        kept.keep(whose, (), kept.begin())
    kept.forget("p")
    kept.outdate("x")
    assert None is not kept.find(("b", "pp v", "Matter"))
    kept.outdate("b")
    assert (None, True) == (kept.find(("b", "pp v", "Matter")), kept.find(("c", "q v", "Matter")) is not None)


def test_age_counts_from_the_beginning_of_a_read() -> None:
    """What the answer shows may be as old as that."""
    clock = Clock()
    kept = KeptDefinitions(clock)
    begun = kept.begin()
    clock.now += _SETTLED
    kept.keep(("b", "p v", "Matter"), (), begun)
    found = kept.find(("b", "p v", "Matter"))
    assert found is not None
    assert kept.may_be_outdated(found)


# -- upon the simulator -------------------------------------------------------------------------------------------

FIRST = {
    "checkbox": True,
    "contact": 3,
    "currency": Decimal("10.10"),
    "date": date(2026, 1, 2),
    "time": "09:30",
    "email": "a@example.com",
    "matter": 2,
    "numeric": 12,
    "text_area": "a\nb",
    "text_line": "a",
    "url": "https://example.com",
}
SECOND = {
    "checkbox": False,
    "contact": 4,
    "currency": Decimal("0.01"),
    "date": date(2025, 12, 31),
    "time": "17:45",
    "email": "b@example.com",
    "matter": 1,
    "numeric": Decimal("-1.5"),
    "text_area": "",
    "text_line": "b",
    "url": "https://example.com/b",
}


def simulated(**regime: Any) -> Clio:
    simulator = Simulator(regime=Regime(**regime), counts={"custom_fields": 48})
    return Clio(simulator.token(), transport=MemoryTransport(simulator.handler), limiter=None)


@pytest.mark.parametrize("kind", ["matters", "contacts"])
@pytest.mark.parametrize("unset", ["absent", "null_id", "real_id"])
async def test_every_type_survives_a_round_trip(unset: Any, kind: str) -> None:
    """Set, changed, cleared and set again, on a matter and on a contact; each write is guarded by the record's etag."""
    async with simulated(placeholders=unset) as clio:
        records: Any = getattr(clio, kind)
        parent = "matter" if kind == "matters" else "contact"
        fields = "name,field_type,picklist_options{id,option}"
        names, labels = {}, {}
        for found in await clio.custom_fields.list(parent_type=parent, fields=fields).collect():
            names[found.field_type] = found.name
            labels[found.field_type] = [one.id for one in found.picklist_options or ()]
        first = {name: FIRST.get(one, (labels[one] or [None])[0]) for one, name in names.items()}
        second = {name: SECOND.get(one, (labels[one] or [None])[-1]) for one, name in names.items()}
        assert len(names) >= 6
        record = await records.get(1, fields=CUSTOM_FIELDS)
        for wanted in (first, second, dict.fromkeys(first), dict.fromkeys(first), second):
            changes = await records.custom_field_changes(record, wanted)
            if changes:
                record = await records.update(record, custom_field_values=changes, fields=CUSTOM_FIELDS)
            shown = record.custom_fields
            for one, name in names.items():
                held = shown.option_id(name) if one == "picklist" and name in shown else shown.get(name)
                assert wanted[name] == held


async def test_an_account_that_hides_custom_fields_forbids_to_set_them() -> None:
    """The definitions are refused (403); nothing is written."""
    async with simulated(custom_fields_redacted=True) as clio:
        with pytest.raises(Forbidden):
            await clio.matters.custom_field_changes(1, {"Docket": "x"})


# -- laws ---------------------------------------------------------------------------------------------------------

VALUES = {
    "Intake date": st.dates(),
    "Status": st.sampled_from(["Won", "Lost", "Open"]),
    "Fee": st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**9), max_value=10**9),
    "Score": st.integers(-(2**40), 2**40) | st.decimals(allow_nan=False, allow_infinity=False, places=6),
    "Notes": st.text(st.characters(exclude_categories=("Cs",)), max_size=20),
    "Judge": st.integers(1, 2**40),
    "Signed": st.booleans(),
}
steps = st.lists(
    st.fixed_dictionaries({}, optional={name: st.none() | values for name, values in VALUES.items()}), max_size=6
)


class Exact(Server):
    """Keeps numbers as they were written."""

    def _json(self, data: Any) -> Response:
        from clio_async.codec import dump

        return Response(200, Headers(), dump({"data": data}))

    def answer(self, request: Request) -> Response:
        from clio_async.codec import parse

        if request.method == "PATCH":
            path = urlsplit(request.url).path.removeprefix("/api/v4").removesuffix(".json")
            self.log.append(f"PATCH {path}")
            self._write(path, parse(request.body or b"")["data"])
            request = Request("GET", request.url, request.headers)
        return super().answer(request)


@settings(deadline=None)
@given(steps=steps, unset=st.sampled_from(["absent", "null_id", "real_id"]), texts=st.booleans(), fresh=st.booleans())
def test_what_was_set_is_read_back(steps: list[dict[str, Any]], unset: str, texts: bool, fresh: bool) -> None:
    """After any sequence of settings, upon an id or a record just read, each name gives what was set last."""
    server = Exact(unset, texts=texts)
    server.definitions = [one for one in DEFINITIONS if one["name"] != "Twice"]
    expected: dict[str, Any] = {}

    async def run() -> None:
        async with connect(server) as clio:
            record: Any = 7
            for step in steps:
                changes = await clio.matters.custom_field_changes(record, step)
                if changes:
                    await clio.matters.update(7, custom_field_values=changes)
                expected.update(step)
                if fresh:
                    record = await clio.matters.get(7, fields=CUSTOM_FIELDS)
            view = (await clio.matters.get(7, fields=CUSTOM_FIELDS)).custom_fields
            assert isinstance(view, CustomFieldsView)
            assert expected == {name: view.get(name) for name in expected}
            assert {name for name, value in view.items() if value is not None} == {
                name for name, value in expected.items() if value is not None
            }

    anyio.run(run)


kinds = st.sampled_from(registry.schema("CustomField").fields["field_type"].enum)
anything = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats()
    | st.text()
    | st.dates()
    | st.datetimes()
    | st.binary()
)


@settings(deadline=None)
@given(kind=kinds, value=anything | st.lists(anything) | st.dictionaries(st.text(), anything))
def test_every_value_is_written_or_refused(kind: str, value: Any) -> None:
    """There is no third way, and what is written is JSON."""
    from clio_async.codec import dump

    only = Definition(1, "F", kind, options=(Option(5, "x"),))
    try:
        ((_, found),) = resolve([only], {"F": value}, "matters")
    except InvalidArgument:
        pass
    else:
        assert (value is None) == (found is None)
        if not (isinstance(found, str) and any("\ud800" <= one <= "\udfff" for one in found)):
            dump(found)


rows = st.lists(
    st.builds(Held, st.none() | st.sampled_from(["a-1", "a-2"]), st.sampled_from([None, 1, 2]), st.booleans()),
    max_size=4,
)


@settings(deadline=None)
@given(held=rows, value=st.none() | st.just("x"))
def test_a_settled_record_gives_the_same_change_with_more_rows(held: list[Held], value: Any) -> None:
    """What counts as certain does not depend on rows that are not shown: those of other fields, or none."""
    only = Definition(1, "F", "text_line")
    if not settled(only, value, held) or len({row.id for row in held if row.definition == 1 and row.id}) > 1:
        return
    shown = [row for row in held if row.definition == 1 and row.id is not None][:1]
    assert change(only, value, shown) == change(only, value, [*shown, Held("a-9", None), Held(None, 1), Held("b", 2)])
