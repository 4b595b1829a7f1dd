"""Values of custom fields: rows of a matter or contact, whose ids are not those of the fields they are values of.

See https://docs.developers.clio.com/api-reference/ (Custom Fields) for the types.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from ...models import registry
from ...models.schema import Field
from .things import Record, Ref, Row

__all__ = ["DEFINITIONS", "FORGOTTEN", "Value", "definitions_of", "option_of", "placeholder", "values_of"]

DEFINITIONS: Final = "custom_fields"
FORGOTTEN: Final = "#forgotten"
"""Where a record notes the custom fields whose value was destroyed: nothing is shown in their place."""
_SPREAD: Final = 100_000
_MOST: Final = 3


class Value(Row):
    """What a record says in one custom field."""

    __slots__ = ("definition",)
    definition: int

    def copy(self) -> Value:
        """Return a value that can be written to in place of this one."""
        value = _value(self.firm, self.draw.key, self.number, self.definition)
        value.blank, value.version, value.written = self.blank, self.version, dict(self.written)
        return value

    def value(self, field: Field) -> Any:
        made = _OF_VALUE.get(field.name)
        if made is None or field.name in self.written:
            return super().value(field)
        return made(self)

    @property
    def field(self) -> Record | None:
        """The custom field itself, None if it was deleted."""
        return self.firm.table(DEFINITIONS).get(self.definition)


def _value(firm: Any, key: str, number: int, definition: int) -> Value:
    value = Value(firm, registry.schema("CustomFieldValue"), key, number)
    value.definition = definition
    return value


def placeholder(record: Record, definition: int) -> Value:
    """Make the value that a record has, or would have, in a custom field that nobody wrote to."""
    key = f"{record.draw.key}/custom_field_values/{definition}"
    return _value(record.firm, key, record.number * _SPREAD + definition, definition)


def values_of(record: Record) -> tuple[Value, ...]:
    """Return the values that a made-up record has: of up to three custom fields of its kind."""
    if record.blank:
        return ()
    chosen = {record.draw.number(f"custom.{index}", _count(record)) + 1 for index in range(_MOST)}
    fields = [field for number in sorted(chosen) if (field := _seeded(record, number)) is not None]
    return tuple(placeholder(record, field.number) for field in fields)


def _count(record: Record) -> int:
    return max(1, record.firm.table(DEFINITIONS).seeded)


def _seeded(record: Record, number: int) -> Record | None:
    """Return a custom field if records of this kind have it, and it is no later addition."""
    table = record.firm.table(DEFINITIONS)
    found = table.get(number) if table.filled else None
    return found if found is not None and found.get("parent_type") == record.table.family else None


def definitions_of(record: Record) -> Iterator[Record]:
    """Walk the custom fields that records of this kind have."""
    table = record.firm.table(DEFINITIONS)
    for number in table.ids():
        found = table.get(number)
        if found is not None and found.get("parent_type") == record.table.family:
            yield found


def option_of(definition: Record | None, id: Any) -> Row | None:
    """Return an option of a picklist, None if it has no such option."""
    options = definition.get("picklist_options") if definition is not None else ()
    return next((option for option in options if option.number == id), None)


# -- what a value holds -----------------------------------------------------------------------------------------------


def _of_field(name: str) -> Callable[[Value], Any]:
    return lambda value: None if value.field is None else value.field.get(name)


def _type(value: Value) -> str:
    return "text_line" if value.field is None else value.field.get("field_type")


def _held(value: Value) -> Any:
    return _BY_TYPE[_type(value)](value)


def _option(value: Value) -> Row | None:
    return option_of(value.field, value.get("value")) if _type(value) == "picklist" else None


def _first_option(value: Value) -> Any:
    options = value.field.get("picklist_options") if value.field is not None else ()
    return options[value.draw.number("option", len(options))].number if options else None


def _member(table: str) -> Callable[[Value], int]:
    return lambda value: value.draw.number("member", value.firm.table(table).seeded) + 1


def _refers(type: str, table: str) -> Callable[[Value], Ref | None]:
    def referred(value: Value) -> Ref | None:
        held = value.get("value")
        return Ref(table, held) if _type(value) == type and isinstance(held, int) else None

    return referred


_OF_VALUE: Final[Mapping[str, Callable[[Value], Any]]] = {
    "id": lambda value: f"{_type(value)}-{value.number}",
    "field_name": _of_field("name"),
    "field_type": _of_field("field_type"),
    "field_required": _of_field("required"),
    "field_displayed": _of_field("displayed"),
    "field_display_order": _of_field("display_order"),
    "soft_deleted": lambda _: False,
    "value": _held,
    "custom_field": lambda value: Ref(DEFINITIONS, value.definition),
    "picklist_option": _option,
    "matter": _refers("matter", "matters"),
    "contact": _refers("contact", "contacts"),
}

_BY_TYPE: Final[Mapping[str, Callable[[Value], Any]]] = {
    "checkbox": lambda value: value.draw.number("value", 2) == 1,
    "contact": _member("contacts"),
    "currency": lambda value: value.draw.money("value", 5_000),
    "date": lambda value: value.draw.day("value"),
    "time": lambda value: f"{value.draw.number('hour', 24):02d}:30",
    "email": lambda value: f"field.{value.number}@example.com",
    "matter": _member("matters"),
    "numeric": lambda value: value.draw.number("value", 1_000),
    "picklist": _first_option,
    "text_area": lambda value: f"Written about {value.number}.",
    "text_line": lambda value: f"Line {value.number}",
    "url": lambda value: f"https://www.example.com/{value.number}",
}
