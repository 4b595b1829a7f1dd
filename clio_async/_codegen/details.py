"""What a document says that the generator has no use for, and callers may: formats, defaults, servers and the like."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from attrs import frozen

from .fields import REF, is_record, plain
from .operations import SPECIAL, argument
from .unreadable import reading

__all__ = ["Detail", "details", "servers"]

_BY_FLAGS = frozenset({"X-API-VERSION", "IF-NONE-MATCH", "IF-MATCH"})
_TYPES_OF_TEXT = frozenset({"date", "date-time"})  # formats that make another type
_UNIT = re.compile(r"\b(?:seconds|minutes|hours|days)\b", re.IGNORECASE)
_DEFAULT = re.compile(r"\bDefault(?:: | is )(?:`([^`]*)`|([^.\n]+))")


@frozen
class Detail:
    """What is said of one place."""

    owner: str
    """The id of an operation, or the name of a schema without ``_base``."""
    parent: str
    """The place that it is part of, empty where that is its owner."""
    sent: bool
    alone: bool
    """Nothing else tells whether it has come or gone."""
    said: Mapping[str, str]
    """By what it is: format, default … What is not said is not there."""
    kind: str = ""
    """The type, for which alone a format means something."""


def servers(document: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the addresses under which the API is."""
    with reading("servers"):
        return tuple(sorted({str(found["url"]) for found in document.get("servers", ())}))


def details(document: Mapping[str, Any]) -> dict[str, Detail]:
    """Return what is said, by place."""
    found: dict[str, Detail] = {}
    for methods in document["paths"].values():
        for operation in methods.values():
            with reading(f"operation {operation['operationId']}"):
                found |= _operation(operation)
    schemas = document["components"]["schemas"]
    for name in sorted(schemas):
        with reading(f"schema {name}"):
            found |= _schema(name, schemas[name])
    return found


# -- operations ---------------------------------------------------------------------------------------------------


def _operation(document: Mapping[str, Any]) -> Iterator[tuple[str, Detail]]:
    name = document["operationId"]
    yield name, Detail(name, "", sent=True, alone=False, said=_flags(document))
    for parameter in document["parameters"]:
        yield _parameter(name, parameter)
    content = document.get("requestBody", {}).get("content", {})
    if "application/json" in content:
        data = content["application/json"]["schema"]["properties"]["data"]
        yield from _attributes(name, f"{name} body ", data)


def _parameter(operation: str, document: Mapping[str, Any]) -> tuple[str, Detail]:
    name, stands = document["name"], document["in"]
    schema = document.get("schema", {})
    said = _said(schema | {"description": document.get("description", "")}) | _flags(document)
    if stands == "query" and name not in SPECIAL:
        return f"{operation} filter {argument(name)}", Detail(
            operation, "", sent=True, alone=False, said=said, kind=_type(schema)
        )
    said |= {"type": _type(schema)}
    if document.get("required") and stands != "path":  # these are required, whatever is said
        said["required"] = "yes"
    alone = stands not in {"path", "query"} and name.upper() not in _BY_FLAGS
    return f"{operation} {stands} {name}", Detail(operation, "", sent=True, alone=alone, said=said, kind=_type(schema))


def _attributes(operation: str, before: str, document: Mapping[str, Any]) -> Iterator[tuple[str, Detail]]:
    for name, value in document.get("properties", {}).items():
        place = f"{before}{name}"
        yield place, Detail(operation, "", sent=True, alone=False, said=_said(value), kind=_type(value))
        yield from _attributes(operation, f"{place}.", _inner(value))


# -- schemas ------------------------------------------------------------------------------------------------------


def _schema(name: str, document: Mapping[str, Any]) -> Iterator[tuple[str, Detail]]:
    """Yield what is said of the properties of a schema; of those that another one lends it, it is said there."""
    record = is_record(name)
    root = f"field {plain(name)}" if record else f"envelope {name}"
    yield root, Detail(plain(name), "", sent=False, alone=False, said=_flags(document))
    for part in (document, *document.get("allOf", ())):
        yield from _properties(plain(name), "", f"{root}.", part, alone=not record)


def _properties(
    schema: str, parent: str, before: str, document: Mapping[str, Any], *, alone: bool
) -> Iterator[tuple[str, Detail]]:
    for name, value in document.get("properties", {}).items():
        place = f"{before}{name}"
        said = _said(value) | ({"type": _type(value)} if alone else {})
        yield place, Detail(schema, parent, sent=False, alone=alone, said=said, kind=_type(value))
        yield from _properties(schema, place, f"{place}.", _inner(value), alone=True)


# -- values -------------------------------------------------------------------------------------------------------


def _inner(document: Mapping[str, Any]) -> Mapping[str, Any]:
    inner: Mapping[str, Any] = document.get("items", {}) if document.get("type") == "array" else document
    return inner


def _type(document: Mapping[str, Any]) -> str:
    inner = _inner(document)
    reference = inner.get("$ref")
    one = plain(reference.removeprefix(REF)) if reference else inner.get("type", "any")
    return f"{one}{'[]' * (inner is not document)}"


def _flags(document: Mapping[str, Any]) -> dict[str, str]:
    return {flag: "yes" for flag in ("deprecated", "nullable") if document.get(flag) is True}


def _said(document: Mapping[str, Any]) -> dict[str, str]:
    inner = _inner(document)
    text = str(document.get("description", inner.get("description", "")))
    found = {"format": _format(inner), "default": _default(document, text), "unit": _unit(inner, text)}
    return {what: value for what, value in found.items() if value} | _flags(inner) | _flags(document)


def _format(document: Mapping[str, Any]) -> str:
    found = str(document.get("format", ""))
    return "" if document.get("type") == "string" and found in _TYPES_OF_TEXT else found


def _default(document: Mapping[str, Any], text: str) -> str:
    if "default" in document:
        return json.dumps(document["default"])
    said = _DEFAULT.search(text)
    return (said[1] or said[2] or "") if said else ""


def _unit(document: Mapping[str, Any], text: str) -> str:
    """Return the units that the description of a number names, in their order: it may be of several versions."""
    if document.get("type") not in {"integer", "number"}:
        return ""
    return ", ".join(dict.fromkeys(found.lower() for found in _UNIT.findall(text)))
