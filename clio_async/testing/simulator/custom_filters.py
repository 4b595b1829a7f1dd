"""Filters on values of custom fields: ``custom_field_values[5]=>=105.4``.

An operator stands before the value; several in brackets have to hold together.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from .answers import Refusal
from .custom_values import DEFINITIONS, Value
from .firm import Table
from .things import Record, Ref
from .values import argument_error, whole

__all__ = ["CUSTOM", "compared_value"]

CUSTOM: Final = re.compile(r"custom_field_values\[(.*)\]")
_SIGN: Final = re.compile(r"\s*(>=|<=|>|<|=)?(.*)", re.DOTALL)
_OPERATORS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    ">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt, "=": operator.eq,
}  # fmt: skip
_RANKED: Final = frozenset({"currency", "numeric", "date", "time"})


def compared_value(table: Table, id: str, text: str) -> Callable[[Any], bool]:
    """Return the test that a record's value in one custom field passes.

    :raises Refusal: 422, for a field that is none; 400, for a comparison that its type does not know.
    """
    definition = table.firm.table(DEFINITIONS).get(whole(id) or 0)
    if definition is None:
        raise argument_error(f"{id[:40]!r} is not a custom field")
    bracketed = text.strip().startswith("[") and text.strip().endswith("]")
    parts = text.strip()[1:-1].split(",") if bracketed else [text]
    tests = [_comparison(definition.get("field_type"), part) for part in parts]

    def passes(record: Any) -> bool:
        held = _held(record, definition.number)
        return held is not None and all(test(held) for test in tests)

    return passes


def _comparison(type: str, text: str) -> Callable[[Any], bool]:
    sign, value = _SIGN.match(text).groups("=")  # type: ignore[union-attr]  # it matches any text
    if sign != "=" and type not in _RANKED:
        raise Refusal(400, "BadRequest", f"{sign} is not an operator for a custom field of type {type}")
    try:
        wanted = _READERS.get(type, str)(value.strip())
    except (ValueError, KeyError, InvalidOperation):
        raise Refusal(400, "BadRequest", f"{value[:40]!r} is not a value for a custom field of type {type}") from None
    compare = _OPERATORS[sign]
    return lambda held: compare(held, wanted)


def _number(text: str) -> Decimal:
    number = Decimal(text)
    if not number.is_finite():
        raise ValueError(text)
    return number


def _held(record: Record, definition: int) -> Any:
    """Return what a record says in a custom field; a billable matter has the fields of the matter."""
    owner = record if "custom_field_values" in record.schema.fields else record.firm.find(Ref("matters", record.number))
    values: tuple[Value, ...] = () if owner is None else owner.get("custom_field_values")
    return next((value.get("value") for value in values if value.definition == definition), None)


_READERS: Final[Mapping[str, Callable[[str], Any]]] = {
    "currency": _number,
    "numeric": _number,
    "date": date.fromisoformat,
    "picklist": int,
    "matter": int,
    "contact": int,
    "checkbox": lambda text: {"true": True, "false": False}[text],
}
