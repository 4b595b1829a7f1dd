"""Build what a plan describes from a JSON object of any shape.

This is the definition; `compiled` does the same faster for objects of the expected shape and comes here with the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import DecodeError, SchemaError
from ..protocol.shapes import is_array, is_dict
from .frozen import DEEPEST, JsonObject, freeze
from .ledger import Ledger
from .plan import Plan, Slot
from .values import EXPECTED, STRUCTURE

__all__ = ["fill", "structure"]


def structure(plan: Plan, document: dict[str, Any], path: str, ledger: Ledger) -> Any:
    """Build an object of the plan's class.

    Absent keys stay unset. What contradicts the schema is noted in the ledger and kept as it came.

    :raises SchemaError: if a class of the caller refuses what it is called with, by whatever exception.
    """
    if path.count(".") > DEEPEST:
        raise DecodeError(f"The answer is nested deeper than {DEEPEST} levels.")
    values: dict[str, Any] = {}
    extra: dict[str, Any] = {}
    for key, value in document.items():
        slot = plan.by_key.get(key) or plan.known(key)
        if slot is None:
            extra[key] = freeze(value)
        else:
            values[key] = _value(plan, slot, value, f"{path}.{key}", ledger)
    if plan.keeps_extra:
        return fill(plan.blank, plan.build, values, extra)
    if document.get("redacted") is not True:
        _note_absent(plan, values, path, ledger)
    given = {plan.names[key]: value for key, value in values.items() if key in plan.names}
    missing = {name: None for key, name in plan.names.items() if key not in values and key not in plan.defaults}
    try:
        return plan.build(**given, **missing)
    except Exception as error:  # the caller's code may raise anything
        # What it said may repeat the values, which may be confidential: it is the cause, and no part of the text.
        raise SchemaError(f"{plan.build.__name__} refuses {path}.", path=path) from error


def fill(blank: type[Any], build: type[Any], values: Mapping[str, Any], extra: Mapping[str, Any]) -> Any:
    """Make a record that holds `values`; the others of its slots stay unset."""
    record = blank()
    for name, value in values.items():
        setattr(record, name, value)
    if extra:
        record._extra = JsonObject(extra)  # noqa: SLF001 - the slot that every record has for it
    record.__class__ = build
    return record


def _note_absent(plan: Plan, values: dict[str, Any], path: str, ledger: Ledger) -> None:
    for slot in plan.slots:
        if slot.key not in values and slot.key not in plan.defaults:
            ledger.note(plan.schema, slot.key, f"{path}.{slot.key}", "in the answer")


def _value(plan: Plan, slot: Slot, value: Any, path: str, ledger: Ledger) -> Any:
    if value is None:
        if not slot.nullable:
            ledger.note(plan.schema, slot.key, path, "other than null")
        return None
    if not slot.many:
        found = _one(plan, slot, value, path, ledger)
    elif is_array(value):
        found = tuple([_one(plan, slot, item, f"{path}[{index}]", ledger) for index, item in enumerate(value)])
    else:
        ledger.note(plan.schema, slot.key, path, "a list")
        return freeze(value)
    if slot.convert is None:
        return found
    try:
        return slot.convert(found)
    except Exception:  # cattrs raises groups of errors, a caller's type anything
        ledger.note(plan.schema, slot.key, path, f"what {plan.build.__name__} wants")
        return found


def _one(plan: Plan, slot: Slot, value: Any, path: str, ledger: Ledger) -> Any:
    if slot.plan is not None and is_dict(value):
        return structure(slot.plan, value, path, ledger)
    try:
        if slot.plan is not None:
            raise ValueError("not an object")  # noqa: TRY301 - the one place where contradictions are noted
        return STRUCTURE[slot.kind](value)
    except (ValueError, TypeError):
        ledger.note(plan.schema, slot.key, path, EXPECTED[slot.kind])
        return freeze(value)
