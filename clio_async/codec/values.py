"""Scalars of the wire to Python values. Each takes what the JSON parser gives, or the finished value itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from .frozen import freeze
from .plan import Kind

__all__ = ["EXPECTED", "STRUCTURE", "day", "instant", "number"]


def instant(value: Any) -> datetime:
    """Read a timestamp. It has to carry an offset, which is kept."""
    found = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    if found.tzinfo is None:
        raise ValueError("a timestamp without an offset")
    return found


def day(value: Any) -> date:
    """Read a date in its one form, ``YYYY-MM-DD``."""
    if type(value) is date:
        return value
    if len(value) != 10 or value[7] != "-":
        raise ValueError("not a date")
    return date.fromisoformat(value)


def number(value: Any) -> Decimal:
    """Read a number exactly. A float, which no answer holds, counts as the shortest text that gives it."""
    if type(value) is Decimal:
        return value
    if type(value) is int:
        return Decimal(value)
    if type(value) is float:
        return Decimal(repr(value))
    raise ValueError("not a number")


def _exactly(kind: type) -> Callable[[Any], Any]:
    def structure(value: Any) -> Any:
        if type(value) is not kind:
            raise ValueError(f"not {kind.__name__}")
        return value

    return structure


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("not a text")  # noqa: TRY004 - all of them raise ValueError
    return value


STRUCTURE: dict[Kind, Callable[[Any], Any]] = {
    "integer": _exactly(int),
    "string": _text,
    "etag": _text,
    "boolean": _exactly(bool),
    "decimal": number,
    "date": day,
    "datetime": instant,
    "object": freeze,
    "json": freeze,
}

EXPECTED: dict[Kind, str] = {
    "integer": "an integer",
    "string": "a text",
    "etag": "a text",
    "boolean": "true or false",
    "decimal": "a number",
    "date": "a date",
    "datetime": "a timestamp with an offset",
    "object": "an object",
    "json": "a JSON value",
}
