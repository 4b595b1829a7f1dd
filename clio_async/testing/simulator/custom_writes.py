"""Writes to custom fields: ``{"custom_field": {"id": 5}, "value": …}`` sets one, ``{"id": "date-17", …}`` changes it.

The id of a value is not that of its field: whoever sends the latter is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from ...models.schema import Field
from .custom_values import FORGOTTEN, Value, definitions_of, option_of, placeholder
from .things import Record, Ref
from .values import argument_error, coerced, is_list, is_object

__all__ = ["changed_values"]

_PLAIN: Final[Mapping[str, Field]] = {
    "checkbox": Field("value", "boolean"),
    "currency": Field("value", "decimal"),
    "numeric": Field("value", "decimal"),
    "date": Field("value", "date"),
    "contact": Field("value", "integer"),
    "matter": Field("value", "integer"),
    "picklist": Field("value", "integer"),
}
_TEXT: Final = Field("value", "string")


def changed_values(record: Record, given: Any) -> dict[str, Any]:
    """Return the values that a record shall have.

    :raises Refusal: 422, if one of them is in no shape that Clio knows, or is none of the record's.
    """
    if not is_list(given):
        raise argument_error("custom_field_values have to be a list")
    values = {value.get("id"): value for value in record.get("custom_field_values")}
    forgotten: set[int] = set(record.written.get(FORGOTTEN, ()))
    for item in given:
        _put(record, item if is_object(item) else {}, values, forgotten)
    return {"custom_field_values": tuple(values.values()), FORGOTTEN: frozenset(forgotten)}


def _put(record: Record, item: Mapping[str, Any], values: dict[Any, Value], forgotten: set[int]) -> None:
    value = _new(record, item, values) if item.get("id") is None else _known(record, item["id"], values)
    key = value.get("id")
    if item.get("_destroy") in (True, "true", 1, "1"):
        values.pop(key, None)
        forgotten.add(value.definition)
        return
    if "value" not in item:
        raise argument_error("a custom field value needs a value")
    value.written["value"] = _read(value, item["value"])
    value.version += 1
    values[key] = value


def _known(record: Record, id: Any, values: Mapping[Any, Value]) -> Value:
    """Return a copy of the value of that id, which may stand for one that was never set."""
    found = values.get(id) if isinstance(id, str) else None
    if found is not None:
        return found.copy()
    for definition in definitions_of(record) if isinstance(id, str) else ():
        value = placeholder(record, definition.number)
        if value.get("id") == id:
            return value
    raise argument_error(f"{str(id)[:40]!r} is not a custom field value of the record")


def _new(record: Record, item: Mapping[str, Any], values: Mapping[Any, Value]) -> Value:
    named = item.get("custom_field")
    given = named.get("id") if is_object(named) else None
    known = definitions_of(record)
    found = next((field for field in known if field.number == given or str(field.number) == given), None)
    if found is None:
        raise argument_error(f"{str(given)[:40]!r} is not a custom field of {record.table.name}")
    if any(value.definition == found.number for value in values.values()):
        raise argument_error(f"the record has a value for the custom field {found.number}, which has an id of its own")
    return placeholder(record, found.number)


def _read(value: Value, given: Any) -> Any:
    """Return what a value shall hold.

    :raises Refusal: 422, if its type has no such value.
    """
    if given is None:
        return None
    kind = value.get("field_type")
    made = coerced(value, _PLAIN.get(kind, _TEXT), given)
    check = _CHECKS.get(kind)
    if check is not None and not check(value, made):
        raise argument_error(f"{str(given)[:40]!r} is not a value of a custom field of type {kind}")
    return made


def _exists(table: str) -> Callable[[Value, Any], bool]:
    return lambda value, number: value.firm.find(Ref(table, number)) is not None


_CHECKS: Final[Mapping[str, Callable[[Value, Any], bool]]] = {
    "picklist": lambda value, number: option_of(value.field, number) is not None,
    "matter": _exists("matters"),
    "contact": _exists("contacts"),
    "email": lambda _, text: "@" in text,
    "url": lambda _, text: "://" in text,
}
