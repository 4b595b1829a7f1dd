"""Read the schemas of a document: what answers hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..models.schema import Field, Kind, Schema
from .corrections import Corrections
from .unreadable import reading

__all__ = ["REF", "is_record", "kind_of", "plain", "read_schemas", "values_of"]

REF = "#/components/schemas/"


def plain(schema: str) -> str:
    """Return the name of a schema without the suffix of its own attributes."""
    return schema.removesuffix("_base")


def is_record(schema: str) -> bool:
    """Whether a schema is that of a record: envelopes, errors and bare lists are not."""
    return not schema.endswith(("_List", "_Show")) and schema not in {"Error", "ErrorDetail", "IdsResponse"}


def read_schemas(documents: Mapping[str, Any], said: Corrections) -> dict[str, Schema]:
    """Return the schemas of records, sorted, with the own attributes of each before its associations."""
    found: dict[str, Schema] = {}
    for name in sorted(filter(is_record, documents)):
        with reading(f"schema {name}"):
            fields = {field.name: field for field in _fields(name, documents[name], documents, said)}
        own = {key: field for key, field in fields.items() if field.schema is None}
        found[name] = Schema(name, own | {key: field for key, field in fields.items() if field.schema is not None})
    return found


def _fields(name: str, document: Mapping[str, Any], documents: Mapping[str, Any], said: Corrections) -> Iterator[Field]:
    for part in document.get("allOf", ()):
        found = documents[part["$ref"].removeprefix(REF)] if "$ref" in part else part
        yield from _fields(name, found, documents, said)
    for key, value in document.get("properties", {}).items():
        with reading(f"field {plain(name)}.{key}"):
            found = _field(plain(name), key, value, said)
        yield found


def _field(owner: str, name: str, document: Mapping[str, Any], said: Corrections) -> Field:
    place = f"{owner}.{name}"
    many = document.get("type") == "array"
    inner: Mapping[str, Any] = document["items"] if many else document
    reference = inner.get("$ref")
    if reference is not None:
        return Field(name, "object", reference.removeprefix(REF), many)
    return Field(
        name,
        "etag" if name == "etag" else said.field_kind(place, kind_of(inner)),
        many=many,
        enum=said.enum(place, values_of(inner)),
        derived=said.derived(place),
        never_null=said.never_null(place),
        unit=said.unit(place),
    )


def kind_of(document: Mapping[str, Any]) -> Kind:
    """Return the kind of a value by its type and format.

    :raises ValueError: if it is a type that Clio's document did not use so far.
    """
    match document.get("type"), document.get("format"):
        case "integer", _:
            return "integer"
        case "number", _:
            return "decimal"
        case "boolean", _:
            return "boolean"
        case "string", "date":
            return "date"
        case "string", "date-time":
            return "datetime"
        case "string", _:
            return "string"
        case "object", _:
            return "object"
        case None, _:
            raise ValueError(f"the document gives no type, but {', '.join(sorted(document)) or 'nothing'}")
        case unknown:
            raise ValueError(f"the document holds a type that the generator does not know: {unknown}")


def values_of(document: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the documented values."""
    return tuple(str(value) for value in document.get("enum", ()))
