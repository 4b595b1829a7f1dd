"""A valid request for every operation that Clio has, made from the registry alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from clio_async.models import registry
from clio_async.models.schema import Attribute, Field, Operation, Schema
from clio_async.testing.simulator.firm import tables_of

REQUIRED = {"conversation_id": "1", "type": "Matter", "region": "London", "start_date": "2026-06-01"}
BODIES: dict[str, dict[str, Any]] = {
    "Note#create": {"type": "Matter", "matter": {"id": 1}, "subject": "x"},
    "Contact#create": {"type": "Person", "first_name": "Ada", "last_name": "Quill"},
    "Contact#update": {"first_name": "Ada", "last_name": "Quill", "title": "Dr"},
    "CustomField#create": {"name": "x", "parent_type": "Matter", "field_type": "text_line"},
    "Document#create": {"name": "x", "parent": {"id": 1, "type": "Matter"}},
    "Document#update": {"name": "x", "parent": {"id": 2, "type": "Folder"}},
    "Document#copy": {"parent": {"id": 2, "type": "Folder"}},
    "Folder#create": {"name": "x", "parent": {"id": 1, "type": "Contact"}},
    "Folder#update": {"name": "x"},
    "Comment#create": {"item": {"id": 1}, "message": "x"},
    "Webhook#create": {"url": "https://example.com/x", "model": "matter", "fields": "id", "events": ["created"]},
    "Webhook#update": {"url": "https://example.com/y"},
}
IDS = {"Activity#update": "2", "Folder#destroy": "2", "Report#download": "1"}


def every_operation() -> Iterator[Operation]:
    for name in registry.resource_names():
        yield from registry.resource(name).operations.values()


def whole_selection(schema: Schema) -> str:
    """Name every field, and of each association everything that is its own."""
    parts: list[str] = []
    for name, field in schema.fields.items():
        inner = registry.schema(field.schema).own if field.schema is not None else {}
        parts.append(f"{name}{{{','.join(inner)}}}" if inner else name)
    return ",".join(parts)


def path_of(operation: Operation, ids: Mapping[str, str] | None = None) -> str:
    """Return the path with its parameters: records of the id 1 unless they are given, and what is required."""
    known = {"id": IDS.get(operation.id, "1"), **(ids or {})}
    path = re.sub(r"\{(\w+)\}", lambda found: known.get(found[1], "1"), operation.path)
    query = [f"{known.wire}={REQUIRED.get(known.name, '1')}" for known in operation.filters.values() if known.required]
    if operation.id == "MatterDocket#preview":
        query = [part.replace("start_time=1", "start_time=2026-06-01T09:00:00Z") for part in query]
    if operation.fields and operation.schema is not None:
        query.append(f"fields={whole_selection(registry.schema(operation.schema))}")
    return f"{path}?{'&'.join(query)}" if query else path


def body_of(operation: Operation) -> dict[str, Any]:
    """Return what is required, and every plain attribute."""
    if operation.id in BODIES:
        return BODIES[operation.id]
    schema = registry.schema(operation.schema or "Matter")
    found = {name: _sample(attribute, schema.fields.get(name)) for name, attribute in operation.attributes.items()}
    return {name: value for name, value in found.items() if value is not None}


def _sample(attribute: Attribute, field: Field | None) -> Any:
    if attribute.many:
        if not attribute.required:
            return None
        return [{name: _sample(inner, None) for name, inner in attribute.attributes.items()}]
    enum = attribute.enum or (field.enum if field is not None else ())
    if enum:
        return enum[0]
    if attribute.kind == "object":
        return _association(attribute, field)
    if attribute.name.endswith("_id"):
        return 1
    return _PLAIN[attribute.kind]


def _association(attribute: Attribute, field: Field | None) -> Any:
    if "id" not in attribute.attributes or field is None or field.schema is None:
        return None
    kind = attribute.attributes.get("type")
    tables = tables_of(field.schema)
    named = {"type": registry.resource(tables[0]).schema} if kind is not None and len(tables) > 1 else {}
    return {"id": 1, **named}


_PLAIN = {
    "integer": 1, "string": "x", "boolean": True, "decimal": 1.5, "date": "2026-06-01",
    "datetime": "2026-06-01T09:00:00Z", "json": "x",
}  # fmt: skip
