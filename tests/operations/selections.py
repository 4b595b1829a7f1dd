"""Selections of everything, made of Clio's OpenAPI document: as a text, and as a class."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

import attrs

from .answers import associated
from .document import Document, Schema

__all__ = ["everything", "projection"]


def everything(document: Document, schema: Schema) -> str:
    """Return a selection of all that a record has, with all in braces that records in it have."""
    names = []
    for name, said in document.properties(schema).items():
        of = associated(document, said)
        inner = "" if of is None else ",".join(document.properties(of))
        names.append(f"{name}{{{inner}}}" if inner else name)
    return ",".join(names)


def projection(document: Document, schema: Schema) -> type[Any]:
    """Return a class of all that a record has: values of their Python types, and such classes for other records."""
    return _projection(document, str(schema["title"]), True)


@cache
def _projection(document: Document, title: str, deep: bool) -> type[Any]:
    schema = document.named(title)
    hints: dict[str, Any] = {}
    for name, said in document.properties(schema).items():
        of = associated(document, said)
        if of is not None and not (deep and document.properties(of)):
            continue
        one = _type(said.get("items", said)) if of is None else _projection(document, str(of["title"]), False)
        hints[name] = (tuple[one, ...] if said["type"] == "array" else one) | None
    return attrs.make_class(title, {name: attrs.field(type=hint) for name, hint in hints.items()})


_TYPES = {"integer": int, "boolean": bool, "number": Decimal, "string": str, "date": date, "date-time": datetime}


def _type(said: Schema) -> Any:
    return _TYPES.get(said.get("format", ""), _TYPES.get(said["type"], Any))
