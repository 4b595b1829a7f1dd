"""The custom fields of a record, by their names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from attrs import field, frozen

from ..codec.ledger import ContradictionWarning
from ..codec.values import day, number
from ..errors import AmbiguousCustomField, FieldNotRequested, InvalidArgument, UnknownCustomField
from ..notices import notify
from ..protocol.shapes import is_array
from .record import Record

__all__ = ["CUSTOM_FIELDS", "CustomFieldsView"]

CUSTOM_FIELDS = "custom_field_values{id,field_name,field_type,value,soft_deleted,custom_field,picklist_option}"
"""What to ask for with `fields=` to read `record.custom_fields`: ``fields=["display_number", CUSTOM_FIELDS]``.

Clio takes one level of braces: the definition and the option of a picklist are named, and come with their defaults.
See https://docs.developers.clio.com/api-docs/fields.
"""


def _rows(values: Any) -> tuple[Any, ...]:
    """Return the records among what stands where the values of custom fields should stand."""
    return tuple([row for row in values if isinstance(row, Record)]) if is_array(values) else ()


@frozen(eq=False, repr=False)
class CustomFieldsView(Mapping[str, Any]):
    """The values of a record's custom fields, by the names of their definitions: what the record held, immutable.

    Types follow the definition: a checkbox is a `bool`, numeric and currency are `Decimal`, a date is a `date`, a
    contact or matter the `int` that is its id. A picklist is the label of its option, or the id (`int`) where the
    answer has no label for it; see `option_id`. All else is `str`, also a time: Clio does not say how it writes one.
    A value that is not what its type says is kept as it came.

    A field that was never set is absent, or is there and None: `get` gives None for both. A value whose definition was
    deleted, or whose name Clio withholds, has no name here: `ids` and `by_id` lead to it.

    It compares equal to a mapping with the same items, and to a view with the same fields and values.
    See https://docs.developers.clio.com/clio-manage/api-reference/#tag/Matters.
    """

    _values: tuple[Any, ...] = field(converter=_rows)

    def __getitem__(self, name: str) -> Any:
        """Return a value.

        :raises UnknownCustomField: if the record shows no custom field of that name. It is a `KeyError`.
        :raises AmbiguousCustomField: if it shows two of them: read `by_id`.
        :raises FieldNotRequested: if the values were not asked for as `CUSTOM_FIELDS`.
        """
        return _typed(self._named(name))

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(self._names()))

    def __len__(self) -> int:
        return len({*self._names()})

    def __contains__(self, name: object) -> bool:
        return any(name == found for found in self._names())

    def by_id(self, definition_id: int) -> Any:
        """Return a value by the id of its definition, also one that has no name here. Raises what reading does."""
        return _typed(self._identified(definition_id))

    @property
    def ids(self) -> tuple[int, ...]:
        """The ids of the definitions, in order, as far as the record shows them."""
        return tuple([found for found in dict.fromkeys(map(_definition_id, self._values)) if found is not None])

    def definition_id(self, name: str) -> int | None:
        """Return the id of a definition, which is the same on all records; None where Clio withholds it."""
        return _definition_id(self._named(name))

    def value_id(self, key: str | int) -> str | None:
        """Return the id of a value, as in ``text_line-1``: None when it was never set.

        It belongs to this record alone, and is not the id of the definition. `key` is a name, or a definition's id.
        """
        found: str | None = _read(self._found(key), "id")
        return found

    def option_id(self, key: str | int) -> int | None:
        """Return the id of the option that a picklist is set to, None when it is not set.

        :raises InvalidArgument: if the custom field is no picklist.
        """
        row = self._found(key)
        if _read(row, "field_type") != "picklist":
            raise InvalidArgument(f"The custom field {key!r} is no picklist: it has no options.")
        value = _read(row, "value")
        return None if value is None else _option_id(row, value)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, CustomFieldsView):
            return self._content() == other._content()
        if not isinstance(other, Mapping):
            return NotImplemented
        try:
            return dict(self.items()) == {**other}
        except AmbiguousCustomField:
            return False

    def __hash__(self) -> int:
        return hash(frozenset(self._names()))

    def __repr__(self) -> str:
        """Show names, no values: they may be long, and confidential."""
        try:
            names = [repr(name) for name in self]
        except FieldNotRequested:
            return f"<CustomFieldsView of {len(self._values)} values without names>"
        return f"<CustomFieldsView of {len(names)}: {', '.join([*names[:_SHOWN], *['…'][: len(names) - _SHOWN]])}>"

    def _content(self) -> set[Any]:
        return {(_definition_id(row), _name(row), _typed(row)) for row in self._values}

    def _names(self) -> Iterator[str]:
        return (name for row in self._values if (name := _name(row)) is not None)

    def _found(self, key: str | int) -> Record:
        return self._named(key) if isinstance(key, str) else self._identified(key)

    def _named(self, name: str) -> Record:
        rows = [row for row in self._values if _name(row) == name]
        if rows:
            return _only(name, rows)
        hint = "The record shows no value under that name: it may never have been set; .get() gives None then."
        raise UnknownCustomField(str(name), self, where="this record", hint=hint)

    def _identified(self, definition_id: int) -> Record:
        rows = [row for row in self._values if _definition_id(row) == definition_id]
        if rows:
            return _only(definition_id, rows)
        hint = "by_id() takes the id of a definition, not of a value; what was never set may be absent."
        raise UnknownCustomField(str(definition_id), (), where="this record", hint=hint)


_SHOWN = 5

_ASK = (
    "{}.{} was not in the answer. Read the record itself with fields=[…, CUSTOM_FIELDS] (from clio_async). "
    "Where that was asked for, Clio withholds it: the app may lack access to custom fields."
)


def not_requested(record: str, name: str) -> FieldNotRequested:
    """Return the error for something that custom fields need and the answer did not hold."""
    return FieldNotRequested(_ASK.format(record, name))


def _read(row: Record, name: str) -> Any:
    """Return an attribute of a value; of a redacted one None."""
    try:
        return getattr(row, name)
    except FieldNotRequested:
        if row.redacted:
            return None
        raise not_requested(type(row).__name__, name) from None


def _name(row: Record) -> str | None:
    """Return the name that a value is read by: none when its definition is deleted, and the name may be another's."""
    return None if getattr(row, "soft_deleted", None) is True else _read(row, "field_name")


def _definition_id(row: Record) -> int | None:
    return getattr(_read(row, "custom_field"), "id", None)


def _only(key: str | int, rows: list[Record]) -> Record:
    """Return the one of several rows that is meant: of one definition, that which has a value."""
    if len(rows) == 1:
        return rows[0]
    found = dict.fromkeys(map(_definition_id, rows))
    ids = [one for one in found if one is not None]
    if len(found) > 1 or not ids:
        raise AmbiguousCustomField(
            f"The record has {len(rows)} custom fields called {key!r}: read by_id() with one of {ids}.",
            name=key,
            ids=ids,
        )
    held = [row for row in rows if _read(row, "id") is not None]
    if len(held) > 1:
        text = f"The record has {len(held)} values of the custom field {key!r}: see its custom_field_values."
        raise AmbiguousCustomField(text, name=key, ids=ids)
    return [*held, *rows][0]


# -- values -------------------------------------------------------------------------------------------------------


def _typed(row: Record) -> Any:
    value = _read(row, "value")
    if value is None:
        return None
    kind = _read(row, "field_type")
    if kind == "picklist":
        return _label(row, value)
    convert = _CONVERT.get(kind)
    return value if convert is None else _converted(convert, kind, value)


def _converted(convert: Callable[[Any], Any], kind: str, value: Any) -> Any:
    try:
        return convert(value)
    except (ValueError, TypeError, ArithmeticError):
        text = (
            f"The value of a custom field of type {kind} is not always what that type says, and then kept as it comes."
        )
        notify(text, ContradictionWarning)
        return value


def _label(row: Record, value: Any) -> Any:
    label = getattr(_read(row, "picklist_option"), "option", None)
    return label if isinstance(label, str) else _converted(_id, "picklist", value)


def _option_id(row: Record, value: Any) -> int | None:
    try:
        return _id(value)
    except ValueError:
        return getattr(_read(row, "picklist_option"), "id", None)


def _truth(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if value in {"true", "false"}:
        return bool(value == "true")
    raise ValueError("neither true nor false")


_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")


def _decimal(value: Any) -> Decimal:
    """Read a number, which may come as a text; exactly."""
    if isinstance(value, str):
        if _NUMBER.fullmatch(value) is None:
            raise ValueError("not a number")
        return Decimal(value)
    found = number(value)
    if not found.is_finite():
        raise ValueError("not a number")
    return found


_ID = re.compile(r"[1-9][0-9]{0,18}")


def _id(value: Any) -> int:
    """Read an id, which may come as a text."""
    if type(value) is int and value > 0:
        return value
    if isinstance(value, str) and _ID.fullmatch(value):
        return int(value)
    raise ValueError("not an id")


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    raise ValueError("not a text")


_CONVERT: Mapping[str, Callable[[Any], Any]] = {
    "checkbox": _truth,
    "numeric": _decimal,
    "currency": _decimal,
    "date": day,
    "contact": _id,
    "matter": _id,
    "time": _text,
    "email": _text,
    "text_area": _text,
    "text_line": _text,
    "url": _text,
}
