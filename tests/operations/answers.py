"""Answers made of the response schemas of Clio's OpenAPI document, and what a record has to hold of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import attrs
import msgspec

from clio_async.codec import JsonObject

from .document import Document, Schema

__all__ = ["associated", "bare", "differences", "in_full", "python", "selected", "written"]

# What an integer, a text and so on look like. Numbers are chosen so that a binary float would lose them.
_SCALARS: Mapping[tuple[str, str | None], Any] = {
    ("integer", "int32"): 2**31 - 1,
    ("integer", "int64"): 2**53 + 1,
    ("string", None): "a text",
    ("string", "date"): "2025-03-30",
    ("string", "date-time"): "2025-03-30T01:59:59+02:00",
    ("boolean", None): True,
    ("number", "double"): Decimal("12345678901234567.10"),
    ("number", "float"): Decimal("0.10"),
    ("number", "decimal"): Decimal(7),
}


_ANY = {"any": ["thing", Decimal("1.50"), None]}
"""What an object without a schema holds here."""


def associated(document: Document, schema: Schema) -> Schema | None:
    """Return the schema of the records that a field leads to, with their associations; None if it holds values."""
    found = document.resolve(schema.get("items", schema))
    return document.full(found) if "title" in found else None


def _value(document: Document, schema: Schema, inner: tuple[str, ...] | None) -> Any:
    """Return a value of a field; `inner` is what stands in its braces."""
    if schema["type"] == "array":
        return [_value(document, document.resolve(schema["items"]), inner)]
    of = associated(document, schema)
    if of is not None:
        return bare(document, of) if inner is None else _object(document, of, inner)
    if schema["type"] == "object":
        return _ANY
    enum = schema.get("enum")
    return enum[-1] if enum else _SCALARS[schema["type"], schema.get("format")]


def _object(document: Document, schema: Schema, names: Iterable[str]) -> dict[str, Any]:
    known = document.properties(schema)
    return {name: _value(document, known[name], None) for name in names}


def bare(document: Document, schema: Schema) -> dict[str, Any]:
    """Return a record with what Clio answers when nothing is asked for."""
    return _object(document, schema, [name for name in ("id", "etag") if name in document.properties(schema)])


def in_full(document: Document, schema: Schema) -> dict[str, Any]:
    """Return a record with everything, and with everything in the records that it leads to."""
    known = document.properties(schema)
    inner = {name: associated(document, said) for name, said in known.items()}
    return {
        name: _value(document, said, None if (of := inner[name]) is None else tuple(document.properties(of)))
        for name, said in known.items()
    }


def selected(document: Document, schema: Schema, fields: str) -> dict[str, Any]:
    """Return a record with what a selection names. Records without braces come with their defaults."""
    known = document.properties(schema)
    return {
        name: _value(document, known[name], tuple(braces.split(",")) if braces else None)
        for name, braces in re.findall(r"(\w+)(?:\{([^}]*)\})?", fields)
    }


_WRITER = msgspec.json.Encoder(decimal_format="number")


def written(tree: Any) -> bytes:
    """Write JSON, decimals as the numbers they are."""
    return _WRITER.encode(tree)


# -- what becomes of them -----------------------------------------------------------------------------------------


def python(schema: Schema, value: Any) -> Any:
    """Return what a scalar of the wire is in Python."""
    if value is None:
        return None
    match schema["type"], schema.get("format"):
        case "string", "date":
            return date.fromisoformat(value)
        case "string", "date-time":
            return datetime.fromisoformat(value)
        case "number", _:
            return Decimal(value)
        case _:
            return value


def differences(document: Document, schema: Schema, sent: Any, found: Any, place: str = "data") -> Iterator[str]:
    """Yield the places where a record does not hold what was sent, in the type that is documented."""
    schema = document.resolve(schema)
    if schema["type"] == "array":
        if not isinstance(found, tuple) or len(found) != len(sent):
            yield f"{place}: {found!r}"
            return
        for index, item in enumerate(sent):
            yield from differences(document, schema["items"], item, found[index], f"{place}[{index}]")
    elif (of := associated(document, schema)) is not None:
        yield from _in_record(document, of, sent, found, place)
    elif schema["type"] == "object":
        if not isinstance(found, Mapping) or JsonObject({"any": ("thing", Decimal("1.50"), None)}) != found:
            yield f"{place}: {found!r}"
    else:
        expected = python(schema, sent)
        if expected != found or type(expected) is not type(found) or str(expected) != str(found):
            yield f"{place}: {found!r} for {sent!r}"


def _in_record(document: Document, schema: Schema, sent: Any, found: Any, place: str) -> Iterator[str]:
    if not attrs.has(type(found)):
        yield f"{place}: {found!r}"
        return
    known = document.properties(schema)
    for name, value in sent.items():
        if hasattr(found, name):
            yield from differences(document, known[name], value, getattr(found, name), f"{place}.{name}")
        else:
            yield f"{place}.{name} is absent"
