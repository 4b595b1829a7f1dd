"""What Clio's document gets wrong or leaves out, one by one, and what the package makes of it.

The numbers are those of the list of defects that the package was built against; each is named in its test.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import clio_async
from clio_async import models
from clio_async._codegen.records import hint
from clio_async.messages import Request, Response
from clio_async.models import registry
from clio_async.models.schema import Attribute, Filter
from clio_async.models.selection import BARE_IDS, select_records
from clio_async.protocol.responses import error_of
from clio_async.resources.arguments import query_pairs
from clio_async.resources.bodies import body

from .documents import CURRENT, parsed

OPERATIONS = {
    found.id: found for name in registry.resource_names() for found in registry.resource(name).operations.values()
}


def filter_of(operation: str, name: str) -> Filter:
    return OPERATIONS[operation].filters[name]


def attribute(operation: str, path: str) -> Attribute:
    first, *rest = path.split(".")
    found = OPERATIONS[operation].attributes[first]
    for name in rest:
        found = found.attributes[name]
    return found


def page(schema: str, body: dict[str, Any], fields: str | None = None) -> Any:
    return select_records(schema, fields, strict=True).decode_page(json.dumps(body).encode())


def test_1_anything_may_be_null_but_what_is_known_never_to_be() -> None:
    """1. The document knows no null. Every field may be one, except those that the overlay names."""
    never = {
        (name.removesuffix("_base"), field.name)
        for name in registry.schema_names()
        for field in registry.schema(name).fields.values()
        if field.never_null
    }
    others = {place for place in never if place[1] not in {"id", "etag"}}
    assert {("Matter", "display_number"), ("User", "name"), ("Contact", "type")} == others
    assert ("CustomFieldValue", "id") not in never
    for name in registry.schema_names():
        fields = registry.schema(name).fields.values()
        assert [] == [field.name for field in fields if not field.never_null and not optional(hint(field))]
    nothing = {name: None for name in registry.schema("Matter").own if name not in {"id", "etag", "display_number"}}
    data = nothing | {"id": 1, "etag": '"e"', "display_number": "1"}
    [matter] = next(page("Matter", {"data": [data]}, ",".join(data)).slices())
    assert {None} == {getattr(matter, name) for name in nothing}


def optional(annotation: str) -> bool:
    return annotation.endswith("| None") or annotation == "Any"


def test_2_lists_have_a_meta() -> None:
    """2. No list is declared with its `meta`; every page has the link to the next one and the count."""
    link = "https://app.clio.com/api/v4/matters.json?page_token=t"
    found = page("Matter", {"data": [{"id": 1}], "meta": {"paging": {"next": link}, "records": 7}}, "id")
    assert (link, None, 7) == (found.next, found.previous, found.total)
    last = page("Matter", {"data": [{"id": 1}], "meta": {"paging": {}}}, "id")
    assert (None, None) == (last.next, last.total)


@pytest.mark.parametrize("fields", ["id,client{id}", "id,client{id,name}", None])
def test_3_a_redacted_association_is_recognisable(fields: str | None) -> None:
    """3. `redacted` is in no schema; what was withheld is told from what is not there, also without being asked for."""
    body = {"data": [{"id": 1, "client": {"id": 2, "redacted": True}}, {"id": 3, "client": {"id": 4}}]}
    [withheld, shown] = next(page("Matter", body, fields).slices())
    assert (True, False) == (withheld.client.redacted, shown.client.redacted)
    assert all("redacted" not in registry.schema(name).fields for name in registry.schema_names())


def test_4_lists_take_an_offset() -> None:
    """4. No operation declares `offset`. What is paged takes it, but for the list of folders' items."""
    paged = {found.id for found in OPERATIONS.values() if found.paged}
    assert 77 == len(paged)
    assert paged - {"Folder#list"} == {found.id for found in OPERATIONS.values() if found.offset}


def test_5_a_webhook_can_be_activated() -> None:
    """5. The route is not in the document; the client has a verb for it."""
    found = OPERATIONS["Webhook#activate"]
    assert ("PUT", "/webhooks/{id}/activate.json", "empty") == (found.method, found.path, found.answer)
    matched = registry.match("PUT", "/webhooks/1/activate")
    assert matched is not None
    assert found == matched[1]
    assert "activate" in dir(clio_async.Clio("token", region="us").webhooks)


@pytest.mark.parametrize(
    ("status", "error"),
    [(307, "UnexpectedRedirect"), (410, "Gone"), (429, "RateLimited"), (500, "ServerError"), (503, "ServerError")],
)
def test_6_what_no_operation_declares_is_a_typed_error(status: int, error: str) -> None:
    """6. No 307, 410 or 5xx is declared, nor any field of a header: the errors do not come from the document."""
    request = Request("GET", "https://app.clio.com/api/v4/matters/1.json")
    made = error_of(request, Response(status))
    assert error == type(made).__name__


def test_7_the_kind_of_an_archived_item_is_a_word() -> None:
    """7. The document types it as a number."""
    assert ("string", "integer") == tuple(
        attribute("DocumentArchive#create", f"items.{name}").kind for name in ("type", "id")
    )
    items = [{"id": 1, "type": "Folder"}]
    written, _ = body(OPERATIONS["DocumentArchive#create"], {"items": items}, None)
    assert {"data": {"items": items}} == json.loads(written)


def test_8_the_ids_of_billable_matters_are_bare() -> None:
    """8. The document says that one matter is answered, and has a schema of bare ids that nothing refers to."""
    found = OPERATIONS["BillableMatter#ids"]
    assert ("ids", None, True) == (found.answer, found.schema, found.many)
    assert [[1, 2]] == [*BARE_IDS.decode_page(b'{"data":[1,2]}').slices()]
    assert "IdsResponse" not in registry.schema_names()


def test_9_conditions_are_no_arguments() -> None:
    """9. `IF-MODIFIED-SINCE` is declared a date. No field of a header is an argument: the layers write them."""
    names = {name.lower() for found in OPERATIONS.values() for name in (*found.filters, *found.attributes)}
    assert set() == names & {"if_modified_since", "if_none_match", "if_match", "x_api_version", "x-api-version"}


def test_10_days_are_no_instants() -> None:
    """10. Several parameters are typed as instants, and say that they expect a day; some texts are instants."""
    days = {
        "Activity#index": ["start_date", "end_date"],
        "ClioFile::Submission#index": ["submitted_before", "submitted_after"],
        "Communication#index": ["received_before", "received_since"],
        "MatterDocket#preview": ["start_date"],
        "MedicalRecordsRequest#index": ["treatment_start_date", "treatment_end_date"],
        "Report#index": ["created_before"],
    }
    assert {"date"} == {filter_of(operation, name).kind for operation, names in days.items() for name in names}
    written = query_pairs(OPERATIONS["Activity#index"], {"start_date": "2026-01-02"}, None)
    assert [("start_date", "2026-01-02")] == written
    instants = [
        ("Communication#index", "received_at"),
        ("MatterDocket#preview", "start_time"),
        ("CalendarEntry#index", "to"),
    ]
    assert {"datetime"} == {filter_of(*place).kind for place in instants}
    assert ("date", "date") == (attribute("Task#create", "due_at").kind, registry.schema("Task").fields["due_at"].kind)
    assert "datetime" == attribute("Communication#create", "received_at").kind
    assert "datetime" == attribute("TaskType#update", "deleted_at").kind


def test_10_no_other_parameter_says_one_thing_and_is_typed_another() -> None:
    """10. Of all that the document describes as a day, nothing is left an instant: the overlay is complete."""
    document = parsed(CURRENT)
    said = [
        (found["operationId"], parameter["name"])
        for methods in document["paths"].values()
        for found in methods.values()
        for parameter in found["parameters"]
        if parameter["schema"].get("format") == "date-time" and "ISO-8601 date)" in parameter.get("description", "")
    ]
    assert len(said) >= 8
    assert [] == [place for place in said if filter_of(*place).kind != "date"]


def test_11_a_person_needs_no_name() -> None:
    """11. `name` is required by the document; a person is better given a first and a last name."""
    assert not attribute("Contact#create", "name").required
    written, _ = body(OPERATIONS["Contact#create"], {"type": "Person", "first_name": "A", "last_name": "B"}, None)
    assert {"data": {"type": "Person", "first_name": "A", "last_name": "B"}} == json.loads(written)


def test_12_operators_are_no_values() -> None:
    """12. What is listed as values of compared filters are operators; they stand inside of the value."""
    for name in ("open_date", "close_date", "pending_date"):
        found = filter_of("Matter#index", name)
        assert ("date", True, ()) == (found.kind, found.comparison, found.enum)
    fields = [
        found.filters["custom_field_values"] for found in OPERATIONS.values() if "custom_field_values" in found.filters
    ]
    assert 6 == len(fields)
    assert {("json", True, (), "custom_field_values[{}]")} == {(f.kind, f.comparison, f.enum, f.wire) for f in fields}
    given = {"open_date": {">=": "2026-01-02"}, "custom_field_values": {7: {">=": 105.4}}}
    written = query_pairs(OPERATIONS["Matter#index"], given, None)
    assert [("open_date[]", ">=2026-01-02"), ("custom_field_values[7]", ">=105.4")] == written


def test_12_no_other_list_of_values_holds_operators() -> None:
    """12. No enum that is left holds anything but words."""
    enums = [found.enum for operation in OPERATIONS.values() for found in operation.filters.values()]
    assert [] == [value for values in enums for value in values if not value[:1].isalnum() or value.endswith(",")]


@pytest.mark.parametrize("value", ["text", 1, 1.5, True, None, [1, 2]])
def test_13_the_value_of_a_custom_field_is_what_its_definition_makes_it(value: object) -> None:
    """13. It is typed as a text, and varies with the type of the field. Its own id is a text, and no definition's."""
    values = [{"id": "text_line-1", "value": value}]
    [found] = next(page("CustomFieldValue", {"data": values}, "id,value").slices())
    kept = found.value if not isinstance(value, list) else [*found.value]
    assert (value, "text_line-1") == (float(kept) if isinstance(value, float) else kept, found.id)
    written, _ = body(OPERATIONS["Matter#update"], {"custom_field_values": values}, None)
    assert {"data": {"custom_field_values": values}} == json.loads(written)


def test_14_and_15_nothing_is_taken_from_contradictory_prose() -> None:
    """14, 15. How long signed addresses live is told twice, and a method that no path has: neither is used."""
    generated = "\n".join(path.read_text() for path in Path(clio_async.__file__).parent.rglob("_generated/*.py*"))
    assert ("8 hours" in generated, "10 minutes" in generated) == (False, False)
    assert ["Webhook#activate"] == [found.id for found in OPERATIONS.values() if found.method == "PUT"]


@pytest.mark.parametrize("schema", ["Activity", "ActivityDescription", "Contact", "ExpenseCategory", "Matter"])
def test_16_a_currency_is_a_record(schema: str) -> None:
    """16. It is declared twice, as an object of unknown content and as a record; answers hold the record."""
    assert ("Currency_base", False) == (
        registry.schema(schema).fields["currency"].schema,
        "currency" in registry.schema(schema).own,
    )
    [found] = next(
        page(schema, {"data": [{"id": 1, "currency": {"id": 2, "code": "USD"}}]}, "id,currency{id,code}").slices()
    )
    assert (models.Currency, "USD") == (type(found.currency), found.currency.code)


def test_17_ids_are_several() -> None:
    """17. `ids[]` and its like are typed as one value; each takes any number, and repeats its name."""
    bracketed = [
        found for operation in OPERATIONS.values() for found in operation.filters.values() if "[]" in found.wire
    ]
    assert {True} == {found.many for found in bracketed}
    assert 63 == sum("ids" in operation.filters for operation in OPERATIONS.values())
    written = query_pairs(OPERATIONS["Matter#index"], {"ids": [1, 2]}, None)
    assert [("ids[]", "1"), ("ids[]", "2")] == written


# -- and what else was found --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("schema", "field"),
    [
        ("Bill", "taxable_sub_total"),
        ("Bill", "secondary_taxable_sub_total"),
        ("Bill", "services_taxable_sub_total"),
        ("Bill", "services_secondary_taxable_sub_total"),
        ("ExpenseCategory", "rate"),
        ("LegalAidUkBill_base", "profit_costs_ex_vat"),
    ],
)
def test_money_may_have_cents(schema: str, field: str) -> None:
    """Some sums are declared to be whole; none that holds cents contradicts the package."""
    [found] = next(page(schema, {"data": [{"id": 1, field: 12.5}]}, f"id,{field}").slices())
    assert "12.5" == str(getattr(found, field))


def test_time_counts_what_it_says() -> None:
    """Seconds of an activity, hours of a line and of a timer: a factor of 3600 lies between them."""
    assert {"Activity": "seconds", "LineItem": "hours"} == {
        name: registry.schema(name).fields["quantity"].unit for name in ("Activity", "LineItem")
    }
    assert "hours" == registry.schema("Timer").fields["elapsed_time"].unit
    assert {"Activity#update": "seconds", "LineItem#update": "hours"} == {
        name: attribute(name, "quantity").unit for name in ("Activity#update", "LineItem#update")
    }


def test_a_user_who_is_to_be_told_is_an_id() -> None:
    """Subscribers of a note or call are users by their ids, which the document types as texts."""
    for operation in ("Communication#create", "Communication#update", "Note#create", "Note#update"):
        assert "integer" == attribute(operation, "notification_event_subscribers.user_id").kind


@pytest.mark.parametrize("operation", ["Task#create", "Task#update", "TaskTemplate#create", "TaskTemplate#update"])
def test_the_parts_of_an_offset_are_not_exchanged(operation: str) -> None:
    """A task's are under each other's names in the document, a template's are not."""
    assert ("Before", "After") == attribute(operation, "cascading_offset_polarity").enum
    assert "CalendarDays" in attribute(operation, "cascading_offset_type").enum


def test_a_list_of_values_without_commas() -> None:
    """One list has commas within its values."""
    assert ("not_started", "in_progress", "failed", "completed") == filter_of("MatterDocket#index", "status").enum


REQUIRED_FILTERS = {
    "Note#index": {"type"},
    "ConversationMessage#index": {"conversation_id"},
    "MatterDocket#preview": {"jurisdiction_id", "trigger_id", "service_type_id", "start_date", "start_time"},
    "LaukExpenseCategory#index": {"region"},
}


def test_what_a_list_makes_nothing_of_without_is_required() -> None:
    """Four operations need filters; nothing else does."""
    needed = {
        operation.id: {name for name, found in operation.filters.items() if found.required}
        for operation in OPERATIONS.values()
    }
    assert REQUIRED_FILTERS == {name: found for name, found in needed.items() if found}


def test_what_is_required_is_confirmed() -> None:
    """A matter needs its client, a task one of two ways to say whose it is: only the first is required here."""
    required = {
        operation.id: {name for name, found in operation.attributes.items() if found.required}
        for operation in OPERATIONS.values()
    }
    assert {"client", "description"} == required["Matter#create"]
    assert {"name", "description"} == required["Task#create"]
    assert {"url", "model", "fields"} == required["Webhook#create"]
    assert {"type"} == required["Note#create"]
    assert {"type"} == required["Contact#create"]
    assert {"name", "parent"} == required["Document#create"]
    assert {"received_at"} == required["Communication#create"]
    assert [] == [name for name, found in required.items() if found and not name.endswith(("#create", "#copy"))]


def test_errors_are_no_operations() -> None:
    """The schema of an operation is that of its success."""
    assert [] == [
        found.id for found in OPERATIONS.values() if found.status >= 304 or found.schema in {"Error", "IdsResponse"}
    ]
