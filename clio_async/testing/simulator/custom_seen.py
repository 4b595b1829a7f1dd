"""Which values of custom fields an answer shows, and how much of them."""

from __future__ import annotations

from typing import Any, Final

from .custom_values import FORGOTTEN, Value, definitions_of, placeholder
from .regime import Regime
from .things import Record

__all__ = ["seen_value", "seen_values"]

_NEVER_SET: Final = "#never set"
_NULLED: Final = frozenset({"field_name", "field_type", "value"})


def seen_values(record: Record, regime: Regime, only: frozenset[int] | None) -> tuple[Value, ...]:
    """Return the values that are shown of a record, and what a `Regime` puts where there is none."""
    values = [value for value in _set(record) if value.field is not None]
    if regime.placeholders != "absent":
        values += _never_set(record, {value.definition for value in values})
    return tuple(value for value in values if only is None or value.definition in only)


def _set(record: Record) -> tuple[Value, ...]:
    return record.get("custom_field_values") if "custom_field_values" in record.schema.fields else ()


def _never_set(record: Record, there: set[int]) -> list[Value]:
    """Make what stands for the fields that are displayed by default. Where a value was destroyed nothing does."""
    without = there | record.written.get(FORGOTTEN, frozenset())
    made: list[Value] = []
    for field in definitions_of(record):
        if field.get("displayed") and field.number not in without:
            value = placeholder(record, field.number)
            value.written.update({_NEVER_SET: True, "value": None})
            made.append(value)
    return made


def seen_value(value: Value, shown: dict[str, Any], regime: Regime) -> dict[str, Any]:
    """Return what is left of a value where the regime shows less of it."""
    if _NEVER_SET in value.written and regime.placeholders == "null_id" and "id" in shown:
        shown = {**shown, "id": None}
    if not regime.custom_fields_redacted:
        return shown
    return {name: None if name in _NULLED else _reduced(name, held) for name, held in shown.items()}


def _reduced(name: str, held: Any) -> Any:
    if name != "custom_field" or held is None:
        return held
    return {"id": held.get("id"), "redacted": True}
