"""Write the record classes: one module for each resource, one for what several share."""

from __future__ import annotations

from collections.abc import Mapping
from keyword import iskeyword
from textwrap import wrap

from attrs import frozen

from ..models.record import Record
from ..models.schema import Field, Schema
from . import overlay
from .document import Api, plain
from .tables import record_name
from .templates import render

__all__ = ["record_modules", "record_places"]

SHARED = "shared"

_HINTS = {
    "integer": "int",
    "string": "str",
    "boolean": "bool",
    "decimal": "Decimal",
    "date": "dt.date",
    "datetime": "dt.datetime",
    "etag": "RecordETag",
    "object": "JsonObject",
    "json": "Any",
}


def record_modules(api: Api) -> dict[str, str]:
    """Return the source of each module of record classes and of the package that loads them lazily."""
    places = record_places(api)
    by_module: dict[str, list[Schema]] = {}
    for name, schema in _classes(api).items():
        by_module.setdefault(places[name], []).append(schema)
    modules = {f"{module}.py": _module(module, schemas, places) for module, schemas in by_module.items()}
    classes = sorted((record_name(name), place) for name, place in places.items())
    return modules | {
        "__init__.py": render("package", classes=classes, schemas=[(name, record_name(name)) for name in places])
    }


def _classes(api: Api) -> dict[str, Schema]:
    """One class for each schema and its ``_base``: the schema with the associations, where there is one."""
    names = sorted({plain(name) for name in api.schemas})
    return {name: api.schemas.get(name) or api.schemas[f"{name}_base"] for name in names}


def record_places(api: Api) -> dict[str, str]:
    """Find a module for each class: of its resource, of the only module that refers to it, or the shared one."""
    places = {
        plain(found.schema): found.name for found in reversed([*api.resources.values()]) if found.schema is not None
    }
    classes = _classes(api)
    users: dict[str, set[str]] = {}
    for name, schema in classes.items():
        for field in schema.fields.values():
            if field.schema is not None and plain(field.schema) != name:
                users.setdefault(plain(field.schema), set()).add(name)
    pending = [name for name in classes if name not in places]
    while pending:
        settled = [name for name in pending if all(user in places for user in users.get(name, ()))] or pending
        for name in settled:
            modules = {places.get(user, SHARED) for user in users.get(name, ())}
            places[name] = modules.pop() if len(modules) == 1 else SHARED
        pending = [name for name in pending if name not in places]
    return {name: places[name] for name in classes}


@frozen
class RecordClass:
    """One class, as its template needs it."""

    name: str
    schema: str
    docstring: str
    fields: list[tuple[str, str]]
    properties: tuple[tuple[str, str, str, str], ...]


def _module(module: str, schemas: list[Schema], places: Mapping[str, str]) -> str:
    imports: dict[str, set[str]] = {}
    for schema in schemas:
        for field in schema.associations.values():
            place = places[plain(field.schema or "")]
            if place != module:
                imports.setdefault(place, set()).add(record_name(field.schema or ""))
    wanted = [(place, sorted(names)) for place, names in sorted(imports.items())]
    return render("records", module=module, imports=wanted, records=[_class(schema) for schema in schemas])


def _class(schema: Schema) -> RecordClass:
    name = record_name(schema.name)
    refused = {field for field in schema.fields if hasattr(Record, field) or iskeyword(field)}
    if refused:
        raise ValueError(f"{name} has fields that cannot be attributes of a record: {sorted(refused)}")
    fields = [(field.name, hint(field)) for field in schema.fields.values()]
    properties = overlay.PROPERTIES.get(plain(schema.name), ())
    return RecordClass(name, plain(schema.name), _docstring(schema), fields, properties)


def _docstring(schema: Schema) -> str:
    derived = [field.name for field in schema.fields.values() if field.derived]
    first = f"Clio's {plain(schema.name)}."
    if not derived:
        return first
    note = f"Derived from other records, and not covered by the etag: {', '.join(derived)}."
    return "\n".join([first, "", *wrap(note, 116, initial_indent="    ", subsequent_indent="    "), "    "])


def hint(field: Field) -> str:
    """Return the annotation of a field."""
    inner = record_name(field.schema) if field.schema is not None else _HINTS[field.kind]
    if field.enum:
        inner = f"Literal[{', '.join(repr(value) for value in field.enum)}] | str"
    if field.many:
        inner = f"tuple[{inner}, ...]"
    return inner if field.never_null or field.kind == "json" else f"{inner} | None"
