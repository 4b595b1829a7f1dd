"""Updates: what guards them, what is read when nobody knows what became of them, and in which unit they count."""

from __future__ import annotations

import inspect
import json
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

import pytest
from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st

import clio_async
from clio_async.errors import ChangeIgnored, ClioWarning, InvalidArgument, MissingETag
from clio_async.models import Activity, Matter, registry
from clio_async.models.record import RecordETag, Ref, ResponseETag, Validators, stamp
from clio_async.models.selection import unchecked
from clio_async.protocol.fields import parse_fields
from clio_async.resources import arguments, units
from clio_async.resources.caller import Reread
from clio_async.resources.edits import edit as editing
from clio_async.resources.rereads import reread

from .fake import FakeClio

TAG = RecordETag('"14eb"')


def read_record(header: str | None = '"14eb-gzip"') -> Matter:
    """Return a matter as a single read gives it."""
    matter = Matter(id=42, etag=TAG, description="old")
    stamp(matter, Validators(None if header is None else ResponseETag(header)))
    return matter


# -- tags ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tag", "error"),
    [
        ('W/"weak"', MissingETag),
        ('w/"weak"', MissingETag),
        ("*", InvalidArgument),
        ('"a","b"', InvalidArgument),
        ('"a", "b"', InvalidArgument),
        ('W/"a","b"', MissingETag),
        ("a,b", InvalidArgument),
        ('"a"\r\nX: y', InvalidArgument),
        ('"ä"', InvalidArgument),
        (b'"a"', InvalidArgument),
        (7, InvalidArgument),
    ],
)
async def test_what_is_no_strong_tag_of_one_record_guards_nothing(tag: Any, error: type) -> None:
    """A weak tag, any tag, a list of tags: refused for updates and for deletions, before anything is sent (F20)."""
    clio = FakeClio()
    with pytest.raises(error):
        await clio.matters.update(42, if_match=tag, description="x")
    with pytest.raises(error):
        await clio.grant_funding_sources.delete(42, if_match=tag)
    if isinstance(tag, str):
        with pytest.raises(error):
            await clio.matters.update(Matter(id=42, etag=tag), description="x")
    assert [] == clio.calls


@given(st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters='",'), min_size=1))
def test_a_tag_goes_back_byte_for_byte(text: str) -> None:
    """With quotes, with doubled ones, without any: a server that sends such compares texts (F21)."""
    for tag in (f'"{text}"', f'""{text}""', f'"{text},{text}"'):
        assert tag == arguments.guard(tag)
    if text != "*" and text[:2].upper() != "W/":
        assert text == arguments.guard(text)


async def test_the_tag_that_any_record_matches_is_told_apart() -> None:
    """Who passes it wants no guard: that is what a bare id is for."""
    with pytest.raises(InvalidArgument, match="pass the id alone"):
        arguments.guard("*")


async def test_a_tag_for_a_deletion_reaches_the_request() -> None:
    """And tells what is read again should it be refused."""
    clio = FakeClio()
    await clio.grant_funding_sources.delete(7, if_match=TAG)
    (call,) = clio.calls
    assert TAG == call.if_match
    assert ("/grant_funding_sources.json", "7") == (call.again.path, dict(pairs(call.again))["ids[]"])


# -- merging ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "options", "said"),
    [
        (42, {"on_conflict": "merge"}, "edit()"),
        ("42", {"on_conflict": "merge"}, "edit()"),
        (read_record(), {"on_conflict": "merge", "if_match": TAG}, "if_match="),
        (read_record(), {"on_conflict": "overwrite"}, "merge"),
        (read_record(), {"on_conflict": None}, "merge"),
    ],
)
async def test_only_a_record_that_was_read_can_be_merged(target: Any, options: dict[str, Any], said: str) -> None:
    """There is nothing to merge with for a bare id, nor for a tag that is not the record's own."""
    clio = FakeClio()
    with pytest.raises(InvalidArgument, match=said.replace("(", r"\(").replace(")", r"\)")):
        await clio.matters.update(target, description="x", **options)
    assert [] == clio.calls


async def test_a_record_without_a_tag_cannot_be_merged() -> None:
    """Nothing would tell that somebody else was there (F22)."""
    with pytest.raises(MissingETag):
        await FakeClio().matters.update(Matter(id=42), on_conflict="merge", description="x")


async def test_merging_is_given_all_that_the_update_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """The record, the selection, the changes, and what goes along unchecked."""
    seen: list[Any] = []

    async def merging(*given: Any) -> str:
        seen.extend(given)
        return "merged"

    monkeypatch.setattr(editing, "update_merging", merging)
    clio, matter, more, body = FakeClio(), read_record(), {"a": "b"}, {"c": 1}
    found: Any = await clio.matters.update(
        matter, on_conflict="merge", fields="id", extra_query=more, extra_json=body, description="x"
    )
    assert "merged" == found
    assert [clio.matters, matter, "id", {"description": "x"}, more, body] == seen


# -- edits --------------------------------------------------------------------------------------------------------


def test_all_records_that_can_be_read_and_guarded_can_be_edited() -> None:
    """Those with an update and a show of the same record that has an etag, and no others."""
    expected = set[str]()
    for name in registry.resource_names():
        found = registry.resource(name).operations
        update, get = found.get("update"), found.get("get")
        if update and get and update.path == get.path and "etag" in registry.schema(update.schema or "").fields:
            expected.add(name)
    clio = FakeClio()
    assert expected == {name for name in registry.resource_names() if hasattr(getattr(clio, name), "edit")}
    assert 40 == len(expected)
    assert {"matters", "bills", "calendar_entries", "webhooks"} <= expected
    assert {"line_items", "bill_themes", "medical_bills", "my_events", "users"}.isdisjoint(expected)


async def test_without_a_function_an_edit_is_a_block(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is sent before the block; with a function it is a call, whose options arrive."""
    seen: list[Any] = []

    async def by(*given: Any, **options: Any) -> str:
        seen.append((given, options))
        return "written"

    clio = FakeClio()
    assert isinstance(clio.matters.edit(42, fields="id"), clio_async.Edit)
    assert [] == clio.calls
    monkeypatch.setattr(editing, "edit_by", by)

    def change(matter: Matter) -> Mapping[str, Any]:
        return {}

    assert "written" == await clio.matters.edit(42, change, fields="id", attempts=3)
    assert "written" == await clio.matters.edit(42, change)
    assert [
        ((clio.matters, 42, change, "id"), {"attempts": 3}),
        ((clio.matters, 42, change, None), {}),
    ] == seen


def test_help_tells_what_an_edit_and_an_update_do() -> None:
    """`help()` shows no types, so that the docstrings say what is guarded and what is not."""
    edit = inspect.getdoc(FakeClio().matters.edit) or ""
    update = inspect.getdoc(FakeClio().matters.update) or ""
    assert all(text in edit for text in ("attempts", "EditConflict", "is known to guard the own attributes"))
    assert all(text in update for text in ("if_match", "on_conflict", "Takes: billable"))


# -- reading again ------------------------------------------------------------------------------------------------


def pairs(again: Reread) -> list[tuple[str, str]]:
    return parse_qsl(again.query, strict_parsing=True)


async def again_of(target: Any = 42, resource: str = "matters", **given: Any) -> Reread:
    clio = FakeClio()
    await getattr(clio, resource).update(target, **given)
    again: Reread = clio.calls[0].again
    return again


def tree(again: Reread) -> dict[str, Any]:
    return parse_fields(dict(pairs(again))["fields"])


async def test_a_record_is_read_again_with_what_was_asked_for_and_what_was_sent() -> None:
    """Its own keys and the names that were sent come in addition to the caller's selection."""
    again = await again_of(fields="client{name}", description="x", client={"id": 3}, matter_stage=None)
    assert ("/matters/42.json", "Matter#show") == (again.path, again.operation.id)
    names = {"id": None, "etag": None, "description": None, "client": ("id", "name"), "matter_stage": ("id",)}
    assert names == tree(again) == again.whole.tree
    assert {"description": "x", "client": {"id": 3}, "matter_stage": {"id": None}} == again.sent
    assert "client{name}" in again.shown.text


async def test_by_default_it_is_read_as_get_reads_it() -> None:
    """And a server that refuses a field of that is asked without it, as `get` would."""
    again = await again_of(custom_field_values=[{"id": "text_line-1", "value": 3}])
    default = {**again.shown.tree}
    assert default | {"custom_field_values": ("id", "value")} == {**again.whole.tree}
    assert ("Matter", ("id", "etag")) == (again.whole.default_of, again.whole.needed)
    assert (await again_of(fields="id", description="x")).whole.default_of is None


@pytest.mark.parametrize(
    ("resource", "changes", "shown"),
    [
        ("matters", {"custom_field_values": [{"custom_field": Ref(1), "value": "x"}, {"id": "a-1", "_destroy": True}]},
         {"custom_field_values": ("id", "value", "custom_field")}),
        ("matters", {"custom_field_values": None}, {"custom_field_values": ("id",)}),
        ("matters", {"custom_rate": {"type": "FlatRate", "rates": [{"rate": 7}]}}, {"custom_rate": ("type", "rates")}),
        ("matters", {"reset_matter_number": True}, {}),
        ("custom_field_sets", {"custom_field_ids": [1, 2]}, {"custom_fields": ("id",)}),
        ("documents", {"parent": {"id": 7, "type": "Folder"}}, {"parent": ("id", "type")}),
        ("webhooks", {"fields_": "id,etag"}, {"fields": None}),
    ],
)  # fmt: skip
async def test_what_is_sent_is_asked_for(resource: str, changes: dict[str, Any], shown: dict[str, Any]) -> None:
    """Rows with the keys they were sent with, ids by the association that shows them; what no record shows is not."""
    again = await again_of(resource=resource, fields="id", **changes)
    assert {"id": None, "etag": None} | shown == {**again.whole.tree}


async def test_braces_add_up() -> None:
    """What Clio answers without braces, what the caller wants in them, and what was sent."""
    again = await again_of(fields="client,group{name}", client={"id": 3}, group=Ref(1), description="x")
    assert {"client": ("id", "etag"), "group": ("id", "name")}.items() <= {**again.whole.tree}.items()


async def test_the_same_answer_is_shown_and_compared() -> None:
    """As the class of the caller, and as a record with everything: two decoders of one body."""

    @frozen
    class Card:
        id: int
        etag: RecordETag
        display_number: str = ""

    again = await again_of(Card(42, TAG), fields=Card, description="x", client={"id": 3})
    data = {"id": 42, "etag": '"n"', "display_number": "1", "description": "x", "client": {"id": 3}}
    body = json.dumps({"data": data}).encode()
    assert Card(42, RecordETag('"n"'), "1") == again.shown.decode(body)
    whole = again.whole.decode(body)
    assert (Matter, "x", 3) == (type(whole), whole.description, whole.client.id)


async def test_an_unchecked_field_is_asked_for_as_the_caller_has_written_it() -> None:
    """Once, whatever was sent of it."""
    given = ["id", unchecked("brand_new"), unchecked("client{id,brand_new}")]
    again = await again_of(fields=given, client={"id": 3}, description="x")
    assert "id,etag,description,brand_new,client{id,brand_new}" == again.whole.text == dict(pairs(again))["fields"]
    unknown = await again_of(fields="id", extra_json={"brand_new": 1}, description="x")
    assert ("id,etag,description", {"description": "x", "brand_new": 1}) == (unknown.whole.text, unknown.sent)


async def test_what_has_no_show_is_read_from_its_list() -> None:
    """Filtered by its id, if the list can be; else it is not read again."""
    again = await again_of(Ref(7), "bill_themes", if_match=TAG, name="x")
    assert ("/bill_themes.json", "list", "7") == (again.path, again.operation.answer, dict(pairs(again))["ids[]"])
    clio = FakeClio()
    await clio.medical_bills.update(7, name="x")
    await clio.my_events.update(7, marked_as_read=True)
    assert [None, None] == [call.again for call in clio.calls]


def test_what_is_to_be_made_is_not_looked_for_in_a_list() -> None:
    """It would be filtered by an id that nobody knows."""
    operation = registry.resource("bill_themes").operations["update"]
    assert reread(operation, None, None, None, {}, None, strict=False) is None
    assert reread(operation, 7, None, None, {}, None, strict=False) is not None


async def test_a_class_without_a_tag_is_read_again_with_it() -> None:
    """What is compared has to show its own keys, whatever the caller wants to see."""

    @frozen
    class Name:
        display_number: str

    assert {"id", "etag", "display_number"} <= {*(await again_of(fields=Name, description="x")).whole.tree}


async def test_an_occurrence_is_read_again_by_its_text() -> None:
    """Where ids are texts, the path holds them."""
    assert "/calendar_entries/7-2025.json" == (await again_of("7-2025", "calendar_entries", summary="x")).path


async def test_what_is_to_be_made_is_read_again_by_the_id_that_it_gets() -> None:
    """The path has a place for it; what only a list shows has none."""
    clio = FakeClio()
    await clio.matters.create(client={"id": 1}, description="x", fields="id")
    await clio.matters.delete(42)
    await clio.bill_themes.update(7, name="x")
    again = clio.calls[0].again
    assert ("/matters/{id}.json", {"client": ("id",), "description": None}) == (
        again.path,
        {name: again.whole.tree[name] for name in again.sent},
    )
    assert clio.calls[1].again is None


async def test_what_moves_through_states_is_read_after_a_deletion() -> None:
    """A bill that was deleted twice may be void: what became of it, its record says."""
    clio = FakeClio()
    await clio.bills.delete(7)
    again = clio.calls[0].again
    assert ("/bills/7.json", {}, True) == (again.path, again.sent, "state" in again.whole.tree)


@pytest.mark.parametrize(
    ("target", "given", "header"),
    [
        (read_record(), {}, '"14eb-gzip"'),
        (read_record(), {"if_match": TAG}, '"14eb-gzip"'),
        (read_record(), {"if_match": '"another"'}, None),
        (read_record(None), {}, None),
        (Matter(id=42, etag=TAG), {}, None),
        (42, {"if_match": TAG}, None),
        (42, {}, None),
    ],
)
async def test_the_tag_of_the_header_goes_along(target: Any, given: dict[str, Any], header: str | None) -> None:
    """It is the other form of what guards the write, for servers that take that one; of another tag it is none."""
    assert header == (await again_of(target, description="x", **given)).header_tag


async def test_what_was_sent_shows_nowhere() -> None:
    """Bodies hold what is confidential (F37)."""
    assert "4711" not in repr(await again_of(description="4711"))


async def test_a_change_that_clio_ignores_is_seen_in_what_is_read_again() -> None:
    """Also when the caller's class has no place for it; that is what the caller is given all the same."""

    @frozen
    class Line:
        id: int

    again = await again_of(7, "line_items", fields=Line, price=Decimal(9))
    clio = FakeClio({"data": {"id": 7, "price": 5}})
    with pytest.raises(ChangeIgnored):
        await clio.line_items.update(7, fields=Line, price=Decimal(9))
    assert "price" in again.whole.tree
    decoded: Any = again.shown.decode(b'{"data": {"id": 7, "price": 5}}')
    assert Line(7) == decoded


# -- older versions -----------------------------------------------------------------------------------------------


older = pytest.mark.filterwarnings("ignore:In version 4.0.3")


@pytest.mark.parametrize(
    ("version", "hours"),
    [("4.0.3", True), ("4.0.4", False), ("4.0.13", False), ("3.9.9", True), ("4.1.0", False), (None, False)],
)
def test_activities_count_hours_before_4_0_4(version: str | None, hours: bool) -> None:
    """See https://docs.developers.clio.com/api-docs/api-changelog; the server's own choice is newer."""
    assert hours is units.counts_hours(version)


@older
async def test_a_time_is_written_in_the_unit_of_the_version() -> None:
    """Hours before 4.0.4, seconds since; numbers go as they are, also such that would not look like seconds."""
    sent: dict[str, list[Any]] = {}
    for version in ("4.0.3", "4.0.13"):
        clio = FakeClio(api_version=version)
        await clio.activities.create(type="TimeEntry", quantity=timedelta(minutes=90))
        await clio.activities.update(Activity(id=7, etag='"a"', type="TimeEntry"), quantity=timedelta(minutes=6))
        await clio.activities.update(7, quantity=3600, type="TimeEntry")
        sent[version] = [call.body["data"]["quantity"] for call in clio.calls]
    assert {"4.0.3": [1.5, 0.1, 3600], "4.0.13": [5400, 360, 3600]} == sent
    hours = FakeClio(api_version="4.0.3")
    await hours.activities.create(type="TimeEntry", quantity=Decimal("1.5"))
    assert 1.5 == hours.calls[0].body["data"]["quantity"]
    with pytest.raises(InvalidArgument, match="seconds"):
        await FakeClio().activities.create(type="TimeEntry", quantity=Decimal("1.5"))


def test_other_operations_are_the_same_in_every_version() -> None:
    """Lines of bills have always counted hours, and contacts count nothing."""
    for name in ("line_items", "contacts"):
        operation = registry.resource(name).operations["update"]
        assert operation is units.as_of(operation, "4.0.3")


def test_a_client_of_an_older_version_is_told_once_what_its_records_count() -> None:
    """Their durations would be wrong, and nothing in a record says so; a client of a newer one is told nothing."""
    clio = FakeClio(api_version="4.0.3")
    with pytest.warns(ClioWarning, match="count hours") as told:
        _ = clio.activities, clio.timer
    assert 1 == len(told)
    _ = clio.line_items, FakeClio().activities
