"""Verbs: checked arguments become requests; nothing wrong is ever sent."""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen

from clio_async.errors import (
    FieldNotRequested,
    InvalidArgument,
    MissingETag,
    SchemaError,
    UnknownAttribute,
    UnknownField,
    UnknownFilter,
)
from clio_async.models import Contact, Matter, registry
from clio_async.models.record import RecordETag, Ref
from clio_async.models.schema import Attribute, Filter, Operation
from clio_async.models.selection import select, unchecked
from clio_async.protocol.fields import parse_fields
from clio_async.resources._generated import RESOURCES
from clio_async.resources.names import STRING_IDS

from .fake import Call, FakeClio, page


@frozen
class Card:
    id: int
    etag: RecordETag
    display_number: str = ""


# -- reads --------------------------------------------------------------------------------------------------------


async def test_get_asks_for_the_default_selection() -> None:
    """The path holds the id, the query the selection, and the record comes typed."""
    clio = FakeClio({"data": {"id": 42, "etag": '"a"', "description": "x"}})
    matter = await clio.matters.get(42)
    (call,) = clio.calls
    assert ("/matters/42.json", "Matter#show", "x") == (call.path, call.operation.id, matter.description)
    assert call.query.startswith("fields=id,etag,number,")
    assert "client{id,type}" in call.query
    with pytest.raises(FieldNotRequested):
        _ = matter.has_tasks


async def test_get_with_a_class_gives_one_of_it() -> None:
    """The class is the selection; a record stands for its id."""
    clio = FakeClio({"data": {"id": 42, "etag": '"a"', "display_number": "1"}})
    assert Card(42, RecordETag('"a"'), "1") == await clio.matters.get(Matter(id=42), fields=Card)
    assert "fields=id,etag,display_number" == clio.calls[0].query


async def test_singletons_and_irregular_reads() -> None:
    """`who_am_i`, the timer and the billing settings have no id."""
    clio = FakeClio()
    await clio.users.who_am_i(fields="name")
    await clio.timer.get()
    await clio.billing_settings.get(duration="x")
    await clio.matter_client.get(7)
    assert ["/users/who_am_i.json", "/timer.json", "/settings/billing.json", "/matters/7/client.json"] == [
        call.path for call in clio.calls
    ]


async def test_extra_query_goes_along_unchecked() -> None:
    """For what Clio has added since; a sequence repeats its name."""
    clio = FakeClio()
    await clio.matters.get(1, fields="id", extra_query={"new": True, "many[]": [1, "b c"]})
    assert "fields=id,etag&many%5B%5D=1&many%5B%5D=b%20c&new=true" == clio.calls[0].query


@pytest.mark.parametrize("given", [0, -1, True, "42", "1/2", None, 1.0, Ref(None), [], "1\r\n"])
async def test_what_cannot_be_an_id_is_refused(given: Any) -> None:
    """An id is a positive integer: a negative one, a bool, a text is refused before anything is sent (F11)."""
    clio = FakeClio()
    with pytest.raises(InvalidArgument):
        await clio.matters.get(given)
    assert [] == clio.calls


async def test_the_documented_text_ids_are_texts() -> None:
    """A recurring calendar entry has an id for each occurrence; it cannot leave its segment of the path (F11)."""
    clio = FakeClio(*[{"data": {"id": "1", "etag": "e"}}] * 2)
    await clio.calendar_entries.get("77-2025/10 05")
    await clio.calendar_entries.get(77)
    assert ["/calendar_entries/77-2025%2F10%2005.json", "/calendar_entries/77.json"] == [one.path for one in clio.calls]
    for bad in ("", ".", "..", "a\nb", "\ud800"):
        with pytest.raises(InvalidArgument):
            await clio.calendar_entries.get(bad)


async def test_selections_are_checked_before_anything_is_sent() -> None:
    """An unknown field breaks no read."""
    clio = FakeClio()
    with pytest.raises(UnknownField):
        await clio.matters.get(1, fields="id,clent{id}")
    with pytest.raises(UnknownField):
        await clio.matters.create(fields="clent", client={"id": 1}, description="x")
    assert [] == clio.calls


async def test_a_strict_client_decodes_strictly() -> None:
    """The client's option reaches the decoder."""
    with pytest.raises(SchemaError):
        await FakeClio({"data": {"id": "1"}}, strict=True).matters.get(1)


# -- filters ------------------------------------------------------------------------------------------------------

NOW = datetime(2025, 3, 4, 5, 6, 7, tzinfo=timezone(timedelta(hours=2)))


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"status": "open"}, [("status", "open")]),
        ({"status": ["open", "pending"]}, [("status", "open,pending")]),
        ({"ids": [3, 1]}, [("ids[]", "3"), ("ids[]", "1")]),
        ({"ids": 3}, [("ids[]", "3")]),
        ({"ids": (number for number in (1, 2))}, [("ids[]", "1"), ("ids[]", "2")]),
        ({"client_id": Contact(id=9)}, [("client_id", "9")]),
        ({"grant_id": None}, [("grant_id", "null")]),
        ({"billable": False}, [("billable", "false")]),
        ({"updated_since": NOW}, [("updated_since", "2025-03-04T03:06:07Z")]),
        ({"updated_since": "2025-03-04T05:06:07+02:00"}, [("updated_since", "2025-03-04T03:06:07Z")]),
        ({"open_date": date(2025, 1, 2)}, [("open_date[]", "=2025-01-02")]),
        ({"open_date": ">=2025-01-02"}, [("open_date[]", ">=2025-01-02")]),
        ({"open_date": (date(2025, 1, 2), None)}, [("open_date[]", ">=2025-01-02")]),
        (
            {"open_date": ("2025-01-02", "2025-02-03")},
            [("open_date[]", ">=2025-01-02"), ("open_date[]", "<=2025-02-03")],
        ),
        (
            {"open_date": {">": date(2025, 1, 2), "<": "2025-02-03"}},
            [("open_date[]", ">2025-01-02"), ("open_date[]", "<2025-02-03")],
        ),
        (
            {"open_date": [">2025-01-02", "<2025-02-03"]},
            [("open_date[]", ">2025-01-02"), ("open_date[]", "<2025-02-03")],
        ),
        ({"custom_field_values": {12: 42}}, [("custom_field_values[12]", "42")]),
        ({"custom_field_values": {12: {">=": Decimal("105.40")}}}, [("custom_field_values[12]", ">=105.40")]),
        ({"custom_field_values": {12: (45, 50)}}, [("custom_field_values[12]", "[>=45, <=50]")]),
        (
            {"custom_field_values": {1: "x&y=z", 2: 1.5}},
            [("custom_field_values[1]", "x&y=z"), ("custom_field_values[2]", "1.5")],
        ),
        (
            {"custom_field_values": {1: True, 2: date(2025, 1, 2), 3: NOW}},
            [
                ("custom_field_values[1]", "true"),
                ("custom_field_values[2]", "2025-01-02"),
                ("custom_field_values[3]", "2025-03-04T03:06:07Z"),
            ],
        ),
        ({"query": "Smith & Söhne/100%"}, [("query", "Smith & Söhne/100%")]),
        ({"order": "id(desc)"}, [("order", "id(desc)")]),
    ],
)
async def test_filters_take_python_values(filters: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    """Clio's odd syntax is ours to write: operators inside values, brackets, comma lists, the word null."""
    clio = FakeClio(page())
    await clio.matters.list(fields="id", **filters).collect()
    added = [
        pair for pair in clio.calls[0].pairs if pair[0] not in {"fields", "limit"} and pair != ("order", "id(asc)")
    ]
    assert expected == added


@pytest.mark.parametrize(
    "filters",
    [
        {"ids": []},
        {"open_date": {}},
        {"open_date": []},
        {"open_date": (None, None)},
        {"custom_field_values": {}},
        {"custom_field_values": 3},
        {"custom_field_values": {"x": 3}},
        {"status": []},
        {"client_id": None},
        {"client_id": "7"},
        {"client_id": True},
        {"ids": [1, None]},
        {"billable": 1},
        {"billable": "true"},
        {"open_date": datetime(2025, 1, 2, tzinfo=UTC)},
        {"open_date": "yesterday"},
        {"open_date": 7},
        {"open_date": {"~": date(2025, 1, 2)}},
        {"open_date": (date(2025, 1, 2),)},
        {"updated_since": datetime(2025, 1, 2)},  # noqa: DTZ001 - the naive one is the point
        {"updated_since": date(2025, 1, 2)},
        {"updated_since": "soon"},
        {"query": "a\r\nb"},
        {"query": "a\x00b"},
        {"query": "\ud800"},
        {"query": 7},
        {"custom_field_values": {1: float("nan")}},
        {"custom_field_values": {1: 1j}},
        {"limit": 0},
        {"limit": 201},
        {"limit": True},
        {"limit": "7"},
        {"extra_query": {"a\nb": 1}},
        {"extra_query": {"a": []}},
    ],
    ids=repr,
)
def test_a_filter_that_clio_would_refuse_or_ignore_is_refused(filters: dict[str, Any]) -> None:
    """Above all one that would silently list the whole account: an empty list of ids (F11)."""
    with pytest.raises(InvalidArgument):
        FakeClio().matters.list(**filters)


def test_a_misspelt_filter_is_refused_with_the_nearest_right_name() -> None:
    """Clio ignores it and lists everything; here it is an error before anything is sent."""
    with pytest.raises(UnknownFilter) as caught:
        FakeClio().matters.list(stauts="open")  # type: ignore[call-overload]
    assert ("status",) == caught.value.near[:1]


def test_a_required_filter_is_required() -> None:
    """Notes are of matters or of contacts; `extra_query` counts, too."""
    with pytest.raises(InvalidArgument, match="type="):
        FakeClio().notes.list()  # type: ignore[call-overload]
    FakeClio().notes.list(extra_query={"type": "Matter"})  # type: ignore[call-overload]


# -- writes -------------------------------------------------------------------------------------------------------

RECORD = Matter(id=42, etag='"14eb"')


async def test_update_is_guarded_by_the_records_own_tag() -> None:
    """`If-Match` is the body's etag byte for byte (F21); the body holds the changes alone."""
    clio = FakeClio()
    await clio.matters.update(RECORD, description="new", client={"id": 7}, responsible_attorney=Ref(3))
    (call,) = clio.calls
    assert ("/matters/42.json", '"14eb"') == (call.path, call.if_match)
    expected = {"description": "new", "client": {"id": 7}, "responsible_attorney": {"id": 3}}
    assert {"data": expected} == call.body
    assert ("/contacts/7", "/users/3") == call.named


async def test_update_takes_any_object_with_id_and_etag() -> None:
    """A projection that holds both is as good as a record, and gives one of its class back."""
    clio = FakeClio({"data": {"id": 42, "etag": '"n"', "display_number": "1"}})
    card = await clio.matters.update(Card(42, RecordETag('"o"')), fields=Card, description="x")
    assert ('"o"', Card(42, RecordETag('"n"'), "1")) == (clio.calls[0].if_match, card)


async def test_update_by_id_is_unguarded_unless_a_tag_is_passed() -> None:
    """The last writer wins; `if_match=` guards it, and goes before the record's own."""
    clio = FakeClio()
    await clio.matters.update(42, description="x")
    await clio.matters.update(42, if_match='"p"', description="x")
    await clio.matters.update(RECORD, if_match='"q"', description="x")
    assert [None, '"p"', '"q"'] == [call.if_match for call in clio.calls]


@pytest.mark.parametrize(
    ("target", "options", "error"),
    [
        (Matter(id=1), {}, MissingETag),
        (Matter(id=1, etag=None), {}, MissingETag),
        (Matter(id=1, etag='W/"weak"'), {}, MissingETag),
        (Ref(1), {}, MissingETag),
        (1, {"if_match": 'W/"weak"'}, MissingETag),
        (1, {"if_match": ""}, MissingETag),
        (1, {"if_match": '"a"\r\nX: y'}, InvalidArgument),
        (Matter(etag='"a"'), {}, InvalidArgument),
    ],
)
async def test_a_tag_that_cannot_guard_is_refused(target: Any, options: dict[str, Any], error: type) -> None:
    """A weak or missing tag is an error before anything is sent, never an unguarded write (F20, F22)."""
    clio = FakeClio()
    with pytest.raises(error):
        await clio.matters.update(target, description="x", **options)
    assert [] == clio.calls


async def test_values_of_bodies_have_their_exact_form() -> None:
    """Decimals as numbers, instants in UTC, null as null, nested objects checked, too."""
    clio = FakeClio()
    await clio.activities.create(
        type="TimeEntry",
        date=date(2025, 1, 2),
        quantity=3600,
        price=Decimal("350.50"),
        note=None,
        matter=RECORD,
        extra_json={"brand_new": [1, Decimal("0.1")]},
    )
    await clio.webhooks.create(url="https://x.test", model="matter", fields_="id,etag", expires_at=NOW, fields="id")
    await clio.matters.update(
        1, custom_field_values=[{"id": "text_line-1", "value": 1.5}, {"id": "x", "_destroy": True}]
    )
    first, second, third = clio.calls
    assert first.body["data"] == {
        "type": "TimeEntry",
        "date": "2025-01-02",
        "quantity": 3600,
        "price": 350.5,
        "note": None,
        "matter": {"id": 42},
        "brand_new": [1, 0.1],
    }
    assert ("/matters/42",) == first.named
    assert ("id,etag", "2025-03-04T03:06:07Z") == (second.body["data"]["fields"], second.body["data"]["expires_at"])
    assert "fields=id,etag" == second.query
    assert [{"id": "text_line-1", "value": 1.5}, {"id": "x", "_destroy": True}] == third.body["data"][
        "custom_field_values"
    ]


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"descripton": "x"}, UnknownAttribute),
        ({"client": {"idd": 1}}, UnknownAttribute),
        ({"custom_field_values": [{"valeu": 1}]}, UnknownAttribute),
        ({"fields_": "x"}, UnknownAttribute),
        ({}, InvalidArgument),
        ({"client": 7}, InvalidArgument),
        ({"client": Contact(name="no id")}, InvalidArgument),
        ({"client": {"id": "7"}}, InvalidArgument),
        ({"custom_field_values": {"id": "x"}}, InvalidArgument),
        ({"open_date": datetime(2025, 1, 1)}, InvalidArgument),  # noqa: DTZ001
        ({"open_date": 7}, InvalidArgument),
        ({"description": 7}, InvalidArgument),
        ({"description": "\ud800"}, InvalidArgument),
        ({"billable": 1}, InvalidArgument),
        ({"billable": "yes"}, InvalidArgument),
        ({"extra_json": {"x": 1j}}, InvalidArgument),
    ],
    ids=repr,
)
async def test_a_body_that_clio_would_drop_or_refuse_is_refused(changes: dict[str, Any], error: type) -> None:
    """Clio drops unknown keys with 200: here each is an error, with the nearest right name."""
    clio = FakeClio()
    with pytest.raises(error):
        await clio.matters.update(1, **changes)
    assert [] == clio.calls


async def test_a_number_is_a_number() -> None:
    """Text is not money."""
    for price in ("12", True, [1], float("inf")):
        with pytest.raises(InvalidArgument):
            await FakeClio().activities.update(1, price=price)  # type: ignore[call-overload]


async def test_creating_needs_what_the_document_requires() -> None:
    """Before anything is sent; a value in `extra_json` counts."""
    clio = FakeClio()
    with pytest.raises(InvalidArgument, match="client="):
        await clio.matters.create(description="x")  # type: ignore[call-overload]
    await clio.matters.create(description="x", extra_json={"client": {"id": 1}})  # type: ignore[call-overload]
    assert {"description": "x", "client": {"id": 1}} == clio.calls[0].body["data"]


async def test_delete_and_other_actions() -> None:
    """Deleting answers nothing; copying makes a record; the one guarded delete takes a tag."""
    clio = FakeClio()
    assert await clio.matters.delete(RECORD) is None
    await clio.grant_funding_sources.delete(3, if_match='"g"')
    await clio.task_template_lists.copy(5)
    await clio.report_presets.generate_report(6)
    await clio.document_versions.save_as_latest_version(1, 2)
    paths = [call.path for call in clio.calls]
    assert "/matters/42.json" == paths[0]
    assert ["/grant_funding_sources/3.json", '"g"'] == [paths[1], clio.calls[1].if_match]
    assert "/documents/1/versions/2/save_as_latest_version.json" == paths[4]
    assert (None, None) == (clio.calls[0].body, clio.calls[3].body)


# -- all of them --------------------------------------------------------------------------------------------------


def test_resources_are_made_at_first_use_and_kept() -> None:
    """One attribute for each resource; another name is an attribute error."""
    clio = FakeClio()
    assert {*RESOURCES} == {*registry.resource_names()}
    assert clio.matters is clio.matters
    assert "<resource matters>" == repr(clio.matters)
    with pytest.raises(AttributeError, match="no attribute 'mattters'"):
        _ = clio.mattters  # type: ignore[attr-defined]


def regular() -> Iterator[Operation]:
    for name in registry.resource_names():
        for operation in registry.resource(name).operations.values():
            if operation.answer in {"record", "list"} or (operation.answer == "empty" and operation.method != "PUT"):
                yield operation


def example(attribute: Attribute) -> Any:
    """A value of the right kind for an attribute."""
    nested = {key: example(found) for key, found in attribute.attributes.items()}
    value: Any = {
        "integer": 5,
        "string": attribute.enum[0] if attribute.enum else "text",
        "boolean": True,
        "decimal": Decimal("90.5"),
        "date": date(2025, 1, 2),
        "datetime": NOW,
        "object": nested or {"any": 1},
        "json": "x",
        "etag": "x",
    }[attribute.kind]
    return [value] if attribute.many else value


FILTER_EXAMPLES = {
    "integer": 5,
    "string": "text",
    "boolean": True,
    "date": date(2025, 1, 2),
    "datetime": NOW,
    "json": {1: 2},
}


def filter_example(found: Filter) -> Any:
    """A value of the right kind for a filter."""
    return "text" if found.kind == "json" and not found.wire.endswith("[{}]") else FILTER_EXAMPLES[found.kind]


@pytest.mark.parametrize("operation", [*regular()], ids=lambda operation: operation.id)
async def test_every_regular_operation_is_a_verb(operation: Operation) -> None:
    """Called with every filter and attribute it has, each verb makes the request that the registry describes."""
    number: Any = "1" if operation.resource in STRING_IDS else 1
    clio = FakeClio(page(number) if operation.answer == "list" else {"data": {"id": number, "etag": '"t"'}})
    ids = [11 for _ in re.findall(r"\{", operation.path)]
    filters = {name: filter_example(found) for name, found in operation.filters.items()}
    reserved = {"fields", "limit", "if_match", "resume"}
    body = {f"{name}_" if name in reserved else name: example(found) for name, found in operation.attributes.items()}
    verb = getattr(getattr(clio, operation.resource), operation.action)
    if operation.answer == "list":
        await verb(*ids, **filters).collect()
    else:
        await verb(*ids, **filters, **body)
    (call,) = clio.calls
    assert operation == call.operation
    assert operation.path.count("{") == call.path.count("11")
    found = registry.match(operation.method, call.path)
    assert found is not None
    assert operation.id == found[1].id
    known = (
        {one.wire for one in operation.filters.values()} | {"fields"} | ({"limit"} if operation.max_limit else set())
    )
    assert {re.sub(r"\[\d+\]", "[{}]", name) for name in call.parameters} <= known
    assert len(filters) + len({"fields", "limit"} & {*call.parameters}) <= len(call.pairs) + 1
    assert (set() if call.body is None else {*call.body["data"]}) == {*operation.attributes}


def test_every_module_of_verbs_holds_its_class() -> None:
    """The lazily loaded modules are all there."""
    for name, (place, class_name) in RESOURCES.items():
        module = importlib.import_module(place, "clio_async.resources._generated")
        assert name == getattr(module, class_name)._name


# -- what is new at Clio's ----------------------------------------------------------------------------------------


# Verbs that make no request of one operation: they are walks, merges, transfers or look-ups made of the others.
COMPOSED = {"custom_field_changes", "edit"}
COMPOSED |= {"abandon", "download", "download_to", "ensure", "keep", "run", "upload", "wait"}


def verbs() -> Iterator[tuple[str, str, Any]]:
    """Every public method of every resource."""
    clio = FakeClio()
    for name in registry.resource_names():
        resource = getattr(clio, name)
        for verb in dir(type(resource)):
            if not verb.startswith("_") and verb not in COMPOSED:
                yield name, verb, getattr(resource, verb)


def written(resource: str, verb: str) -> str | None:
    """The method by which a verb writes, None if it reads."""
    operation = registry.resource(resource).operations.get(verb)
    return None if operation is None or operation.method == "GET" else operation.method


VERBS = [*verbs()]


@pytest.mark.parametrize(("resource", "verb", "method"), VERBS, ids=lambda part: part if type(part) is str else "")
def test_every_verb_takes_what_this_version_does_not_know(resource: str, verb: str, method: Any) -> None:
    """`extra_query=` everywhere, `extra_json=` wherever there is a body or could be one, by name only."""
    parameters = inspect.signature(method).parameters
    assert inspect.Parameter.KEYWORD_ONLY == parameters["extra_query"].kind
    assert parameters["extra_query"].default is None
    wanted = written(resource, verb) in {"POST", "PATCH", "PUT"}
    assert wanted == ("extra_json" in parameters)
    if wanted:
        extra_json = parameters["extra_json"]
        assert (None, inspect.Parameter.KEYWORD_ONLY) == (extra_json.default, extra_json.kind)


def test_the_table_of_verbs_is_whole() -> None:
    """Every operation is called by some verb; a few have another name than in the document."""
    names = {(name, verb) for name, verb, _ in VERBS}
    other = {"download": "download_url", "preview": "preview_url"}
    for name in registry.resource_names():
        for action, operation in registry.resource(name).operations.items():
            verb = other.get(action, action) if operation.answer == "redirect" else action
            assert (name, verb) in names, (name, action)


async def called(resource: str, verb: str, **extra: Any) -> Call:
    """Call a verb with the least that it takes, and return the request that it makes."""
    number: Any = "1" if resource in STRING_IDS else 1
    clio = FakeClio(*[{"data": [number] if verb == "ids" else {"id": number, "etag": '"t"'}}])
    action = {"download_url": "download", "preview_url": "preview", "get_if_changed": "get"}.get(verb, verb)
    operation = registry.resource(resource).operations[action]
    if operation.answer == "list":
        clio.answers = [page(number)]
    if operation.answer in {"text", "redirect"}:
        clio.answers = ["x"]
    ids: list[Any] = [11 for _ in re.findall(r"\{", operation.path)]
    given: dict[str, Any] = {name: filter_example(found) for name, found in operation.filters.items() if found.required}
    given |= {
        f"{name}_" if name == "fields" else name: example(found)
        for name, found in operation.attributes.items()
        if found.required
    }
    if action == "update":
        name, found = next((name, found) for name, found in operation.attributes.items() if name != "fields")
        given[name] = example(found)
    if action == "activate":
        ids.append("secret")
    if verb == "get_if_changed":
        ids.append('"t"')
    result = getattr(getattr(clio, resource), verb)(*ids, **given, **extra)
    await (result if inspect.isawaitable(result) else result.collect())
    (call,) = clio.calls
    return call


CALLED = [(name, verb) for name, verb, _ in VERBS if verb not in {"get_many", "iter_changes", "refresh"}]


@pytest.mark.parametrize(("resource", "verb"), CALLED)
async def test_extra_query_reaches_the_query_of_every_verb(resource: str, verb: str) -> None:
    """Beside what is said already, which stays as it was."""
    plain = await called(resource, verb)
    extra = await called(resource, verb, extra_query={"brand_new": ["a", 2]})
    assert sorted([*plain.pairs, ("brand_new", "a"), ("brand_new", "2")]) == sorted(extra.pairs)
    assert (plain.path, plain.body) == (extra.path, extra.body)


@pytest.mark.parametrize(
    ("resource", "verb"), [(name, verb) for name, verb in CALLED if written(name, verb) in {"POST", "PATCH", "PUT"}]
)
async def test_extra_json_reaches_the_body_of_every_write(resource: str, verb: str) -> None:
    """Also of one that has none without it."""
    plain = await called(resource, verb)
    extra = await called(resource, verb, extra_json={"brand_new": {"deep": [1]}})
    data = {} if plain.body is None else plain.body["data"]
    assert {"data": data | {"brand_new": {"deep": [1]}}} == extra.body
    assert (plain.path, plain.pairs) == (extra.path, extra.pairs)


@pytest.mark.parametrize(
    "call",
    [
        lambda clio: clio.matters.get(1, extra_query={"fields": "id"}),
        lambda clio: clio.matters.get(1, fields="id", extra_query={"fields": "id"}),
        lambda clio: clio.matters.get_if_changed(1, '"t"', extra_query={"fields": "id"}),
        lambda clio: clio.matters.list(extra_query={"fields": "id"}).collect(),
        lambda clio: clio.matters.create(client={"id": 1}, description="x", extra_query={"fields": "id"}),
        lambda clio: clio.matters.update(1, description="x", extra_query={"fields": "id"}),
        lambda clio: clio.users.who_am_i(extra_query={"fields": "id"}),
        lambda clio: clio.matters.list(status="open", extra_query={"status": "closed"}).collect(),
        lambda clio: clio.matters.list(ids=[1], extra_query={"ids[]": [2]}).collect(),
        lambda clio: clio.matters.list(order="id(desc)", extra_query={"order": "id(asc)"}).collect(),
        lambda clio: clio.matters.update(1, description="x", extra_json={"description": "y"}),
        lambda clio: clio.matters.get(1, extra_query=[("a", 1)]),
        lambda clio: clio.matters.update(1, extra_json=[("a", 1)]),
    ],
)
async def test_nothing_is_said_twice(call: Any) -> None:
    """Of two values nobody says which one counts: it is an error before anything is sent."""
    clio = FakeClio(page(1))
    with pytest.raises(InvalidArgument):
        await call(clio)
    assert [] == clio.calls


async def test_what_is_not_said_may_be_said_in_extra() -> None:
    """A filter of the registry, an order, an attribute: there `extra_query` and `extra_json` are no contradiction."""
    clio = FakeClio(page(1))
    await clio.matters.list(fields="id", extra_query={"status": "new one", "order": "id(desc)"}).collect()
    await clio.matters.update(1, extra_json={"description": "y"})
    assert ("new one", "id(desc)") == tuple(clio.calls[0].parameters[name] for name in ("status", "order"))
    assert {"data": {"description": "y"}} == clio.calls[1].body


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("name", ["brand_new", "brand_new{id,name}", "client{id,brand_new}"])
async def test_an_unchecked_field_works_in_every_verb(name: str, strict: bool) -> None:
    """It is asked for, with its braces; its value comes in `extra`, or where its association is known, in that."""
    key = name.partition("{")[0]
    value = {"id": 7, "brand_new": [1]}
    data = {"id": 1, "etag": '"t"', key: value}
    fields = ["id", unchecked(name)]
    answers = [{"data": data}, {"data": [data]}, {"data": data}, {"data": data}, {"data": data}]
    clio = FakeClio(*answers, strict=strict)
    found = [
        await clio.matters.get(1, fields=fields),
        *await clio.matters.list(fields=fields).collect(),
        await clio.matters.create(fields=fields, client={"id": 1}, description="x"),
        await clio.matters.update(1, fields=fields, description="x"),
        await clio.matters.get_if_changed(1, '"old"', fields=fields),
    ]
    assert [f"id,etag,{name}"] * 5 == [call.parameters["fields"] for call in clio.calls]
    for record in found:
        assert record is not None
        if key == "client":
            assert ((1,), 7) == (record.client.extra["brand_new"], record.client.id)
        else:
            assert ((1,), 7) == (record.extra[key]["brand_new"], record.extra[key]["id"])


# -- the default selection ----------------------------------------------------------------------------------------


def documented(resource: str) -> str | None:
    """The default selection, as the documentation of a resource has it."""
    text = " ".join((type(getattr(FakeClio(), resource)).__doc__ or "").split())
    found = re.search(r"Without ``fields=`` its records are read with (.*?)\.( |$)", text)
    return None if found is None else found[1].replace(", ", ",")


SNAPSHOT = {
    line.split()[0]: line.partition(": ")[2]
    for line in (Path(__file__).parents[1] / "models/default_selections.txt").read_text().splitlines()
}


@pytest.mark.parametrize(("resource", "verb"), CALLED)
async def test_what_is_sent_is_what_is_documented_and_pinned(resource: str, verb: str) -> None:
    """The documentation, the snapshot and the query of every verb say the same of the default selection."""
    call = await called(resource, verb)
    assert registry.resource(resource).schema is not None
    if not call.operation.fields or call.operation.answer == "ids":
        assert "fields" not in call.parameters
        return
    sent = call.parameters["fields"]
    assert select(resource).text == SNAPSHOT[resource]
    assert SNAPSHOT[resource] == documented(resource)
    of_another = call.operation.schema != registry.resource(resource).schema  # the contents of a folder
    assert of_another != (sent == SNAPSHOT[resource])


async def test_every_field_is_documented_as_read_or_to_be_asked_for() -> None:
    """The two lists of a resource's documentation are the whole of its schema, and share nothing."""
    for name in registry.resource_names():
        text = " ".join((type(getattr(FakeClio(), name)).__doc__ or "").split())
        read = documented(name)
        if read is None:
            assert not any(operation.fields for operation in registry.resource(name).operations.values())
            continue
        found = re.search(r"To be asked for: (.*?)\.( |$)", text)
        asked = [] if found is None else found[1].split(", ")
        fields = registry.schema(registry.resource(name).schema or "").fields
        assert sorted([*parse_fields(read), *asked]) == sorted(fields)
