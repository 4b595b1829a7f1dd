"""Write the typed verbs of resources: one module for each, and the mixin that gives them to a client."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from textwrap import wrap

from ..models.schema import Resource, default_tree
from ..protocol.fields import format_fields
from . import overlay
from .document import Api, plain
from .hints import camel
from .methods import Methods
from .records import record_places
from .signatures import Module
from .tables import record_name
from .templates import render

__all__ = ["resource_modules"]


def resource_modules(api: Api) -> dict[str, str]:
    """Return the source of each module of a resource, and of the package that loads them lazily."""
    places = record_places(api)
    modules = {
        f"{name}.py": render("resource", module=_module(found, api, places)) for name, found in api.resources.items()
    }
    names = [(name, class_name(name, places), name in overlay.HAND_WRITTEN) for name in api.resources]
    return modules | {"__init__.py": render("resources", resources=names)}


def class_name(resource: str, records: Mapping[str, str]) -> str:
    """Return the name of the class of a resource: ``BankAccounts``; where records are called so, too, another one."""
    name = camel(resource)
    return f"{name}Resource" if name in map(record_name, records) else name


def _module(resource: Resource, api: Api, places: Mapping[str, str]) -> Module:
    schemas = sorted({found.schema for found in resource.operations.values() if found.schema is not None})
    records = [(record_name(schema), places[plain(schema)]) for schema in schemas]
    name = class_name(resource.name, places)
    writer = Methods(resource, [name, *(record for record, _ in records)])
    verbs = [verb for found in resource.operations.values() for verb in writer.verbs(found)]
    docstring = _docstring(resource, api)
    edit = writer.edit(resource.operations["update"]) if _is_edited(resource, api) else None
    bases = [*_bases(resource, edited=edit is not None)]
    dicts = writer.dicts
    return Module(resource.name, name, docstring, bases, edit, records, verbs, dicts.written, dicts.aliases)


def _is_edited(resource: Resource, api: Api) -> bool:
    """Whether the record that an update changes can be read singly, and has a tag that guards it."""
    update, reading = resource.operations.get("update"), resource.operations.get("get")
    if update is None or reading is None or update.schema is None or not update.if_match:
        return False
    same = (reading.path, reading.schema) == (update.path, update.schema)
    return same and "etag" in api.schemas[update.schema].fields


def _docstring(resource: Resource, api: Api) -> str:
    """Say what is read by default."""
    first = f"Clio's ``{resource.path}``."
    if resource.schema is None or not any(found.fields for found in resource.operations.values()):
        return first
    schema = api.schemas[resource.schema]
    whole = plain(resource.schema) in overlay.READ_IN_FULL
    tree = default_tree(schema, api.schemas.__getitem__, whole=whole)
    own = dict.fromkeys(name for name in ("id", "etag") if name in schema.fields)
    left = [name for name in schema.fields if name not in own | tree]
    lines = _wrapped(f"Without ``fields=`` its records are read with {_spaced(format_fields(own | tree))}.")
    lines += _wrapped(f"To be asked for: {_spaced(','.join(left))}.") if left else []
    return "\n    ".join([first, "", *lines, ""])


def _spaced(fields: str) -> str:
    return fields.replace(",", ", ")


def _wrapped(text: str) -> list[str]:
    return wrap(text, 114, break_long_words=False, break_on_hyphens=False)


def _bases(resource: Resource, *, edited: bool) -> Iterator[str]:
    """Yield the classes with the verbs that are the same for all resources which have them."""
    listing, reading = resource.operations.get("list"), resource.operations.get("get")
    update = resource.operations.get("update")
    if update is not None and "custom_field_values" in update.attributes:
        yield "SetsCustomFields"
    if edited:
        yield "EditsRecords"
    if listing is not None and listing.schema is not None and "ids" in listing.filters and "{" not in listing.path:
        yield f'GetsMany["{record_name(listing.schema)}"]'
    if reading is not None and reading.schema is not None and reading.conditional and reading.path.count("{") == 1:
        yield f'GetsIfChanged["{record_name(reading.schema)}"]'
    yield "ResourceBase"
