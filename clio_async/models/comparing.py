"""What values mean: whether a record shows what was sent, and what there is to compare of two states of a record.

Instants are equal at whatever offset they are written, numbers by value, members of an enumeration in either case,
texts exactly; an association is the id of its record, a row of a collection is found by its id. What is sent is JSON,
by its names on the wire.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Any

from attrs import frozen

from ..codec.values import day, instant, number
from ..protocol.merge import ALL, GONE, NewRow, Path, Row
from ..protocol.shapes import is_array, is_mapping
from . import durations, registry
from .plans import full
from .schema import Field

__all__ = ["Want", "field_of", "hidden", "plain", "seen", "unshown", "wants"]

_ABSENT: Any = object()
_UNTYPED = ("untyped",)
"""The type of a row that was sent without one."""
_CONTACTS = ("Person", "Company")
_REMOVALS = ("_destroy", "_deleted")
_NO_DECISION = frozenset({"etag", "created_at", "updated_at"})
"""Attributes of a row, or of a nested object, that say that it was changed and not what was decided."""


@frozen
class Want:
    """One thing that was sent, and what it means."""

    path: Path
    meaning: Any
    name: str
    """The name on the wire under which it was sent."""
    row: int | None
    """Its place in the list, for a row of a collection."""
    shows: bool
    """Whether records have anything by which it could be told; else it is a command, or a row without an id."""


def unshown(schema: str, sent: Mapping[str, Any], record: Any) -> tuple[str, ...]:
    """Return the names of `sent` that the record does not show as they were sent.

    A row without an id is shown by nothing, and nor is what records have no field for: see `hidden`.
    """
    found = wants(schema, sent)
    shown = seen(schema, found, record)
    return tuple(dict.fromkeys(one.name for one in found if shown.get(one.path, _ABSENT) != one.meaning))


def hidden(schema: str, sent: Mapping[str, Any], record: Any) -> tuple[str, ...]:
    """Return the names among those that are `unshown` of which the record shows nothing that differs.

    It was not asked for them, or no record shows them: whether they are as they were sent cannot be told.
    """
    found = wants(schema, sent)
    shown = seen(schema, found, record)
    different = {one.name for one in found if one.path in shown and shown[one.path] != one.meaning}
    absent = dict.fromkeys(one.name for one in found if one.path not in shown)
    return tuple(name for name in absent if name not in different)


def field_of(schema: str, name: str) -> Field | None:
    """Return the field by which records show what is sent under a name; None if there is none.

    ``matter_id`` is the id of `matter`, ``group_ids`` are those of `groups`, where nothing else is known of the name.
    """
    return _meant(schema, name, ())[0]


# -- what was sent ------------------------------------------------------------------------------------------------


def wants(schema: str, sent: Mapping[str, Any]) -> tuple[Want, ...]:
    """Return what the ``data`` of a body means, for records of a schema."""
    found: list[Want] = []
    for name, value in sent.items():
        field, meant = _meant(schema, name, value)
        if field is None:
            found.append(Want((name,), meant, name, None, shows=False))
            continue
        for path, meaning, row, shows in _wanted(field, meant, (field.name,), None):
            found.append(Want(path, meaning, name, row, shows))
    return tuple(found)


def _meant(schema: str, name: str, value: Any) -> tuple[Field | None, Any]:
    fields = registry.schema(full(schema)).fields
    if name in fields:
        return fields[name], value
    one, many = fields.get(name.removesuffix("_id")), fields.get(f"{name.removesuffix('_ids')}s")
    if name.endswith("_id") and one is not None and one.schema is not None and not one.many:
        return one, None if value is None else {"id": value}
    if name.endswith("_ids") and many is not None and many.schema is not None and many.many and is_array(value):
        return many, frozenset(map(_identity, value))
    return None, value


_Wanted = Iterator[tuple[Path, Any, int | None, bool]]


def _wanted(field: Field, value: Any, path: Path, row: int | None) -> _Wanted:
    if field.schema is None:
        yield path, _meaning(field, value), row, True
    elif field.many:
        yield from _wanted_rows(field, value, path, row)
    elif value is None or (is_mapping(value) and (_is_removal(value) or ("id" in value and value["id"] is None))):
        yield path, None, row, True
    elif is_mapping(value):
        if "id" in value:
            yield path, _identity(value["id"]), row, True
        yield from _wanted_within(field.schema, value, path, row)
    else:
        yield path, plain(value), row, False


def _wanted_rows(field: Field, value: Any, path: Path, row: int | None) -> _Wanted:
    if not is_array(value):
        yield (*path, ALL), value if isinstance(value, frozenset) else frozenset(), row, True
        return
    if not value:  # it says nothing of any row, so that no record shows that it was done
        yield (*path, NewRow(0)), True, row, False
    for index, item in enumerate(value):
        place = index if row is None else row
        if not is_mapping(item) or item.get("id") is None:
            yield (*path, NewRow(index)), True, place, False
            continue
        kind = item.get("type")
        within = (*path, Row(_key(field, item["id"], _UNTYPED if kind is None else kind)))
        if _is_removal(item):
            yield within, False, place, True
        else:
            yield within, True, place, True
            yield from _wanted_within(field.schema or "", item, within, place)


def _wanted_within(schema: str, value: Mapping[str, Any], path: Path, row: int | None) -> _Wanted:
    for name, item in value.items():
        if name == "id" or name in _REMOVALS:
            continue
        field, meant = _meant(schema, name, item)
        if field is None:
            yield (*path, name), plain(meant), row, False
        elif name == "type" and _is_mixed(schema):
            yield (*path, name), _meaning(field, _kind(meant)), row, True
        else:
            yield from _wanted(field, meant, (*path, field.name), row)


def _is_removal(value: Mapping[str, Any]) -> bool:
    return any(value.get(name) is True for name in _REMOVALS)


# -- what a record shows ------------------------------------------------------------------------------------------


def seen(schema: str, wanted: Iterable[Want], record: Any, also: Collection[str] = ()) -> dict[Path, Any]:
    """Return what a record shows of all that is wanted, and of the fields `also`.

    The record may be an object of a class of the caller's. Of the rows and nested objects that are wanted, it is all
    that they show; of associated records, their ids, and what is wanted of them.
    """
    asked = frozenset(one.path for one in wanted if one.shows)
    fields = registry.schema(full(schema)).fields
    found: dict[Path, Any] = {}
    for name in dict.fromkeys([*[path[0] for path in asked], *also]):
        held = _held(record, name) if name in fields else _ABSENT
        if held is not _ABSENT:
            found.update(_shown(fields[name], held, (name,), asked))
    return found


def _held(record: Any, name: str) -> Any:
    found = getattr(record, name, _ABSENT)
    return getattr(record, f"{name}_", _ABSENT) if found is _ABSENT else found


_Shown = Iterator[tuple[Path, Any]]


def _shown(field: Field, value: Any, path: Path, asked: frozenset[Path]) -> _Shown:
    if field.schema is None:
        yield path, _meaning(field, value)
    elif field.many:
        yield from _shown_rows(field, value, path, asked)
    elif value is None:
        yield path, None
        yield from ((below, GONE) for below in _below(path, asked))
    else:
        yield from _shown_record(field, value, path, asked)


def _below(path: Path, asked: frozenset[Path]) -> Iterator[Path]:
    return (one for one in asked if len(one) > len(path) and one[: len(path)] == path)


def _shown_record(field: Field, value: Any, path: Path, asked: frozenset[Path]) -> _Shown:
    number = _held(value, "id")
    if number is not _ABSENT:
        yield path, _identity(number)
    collections = registry.collections_of(field.schema or "")
    # A record of its own is changed elsewhere, under its own tag; what has no place of its own is changed here alone.
    part = not collections or (path not in asked and any(True for _ in _below(path, asked)))
    yield from _shown_within(field.schema or "", value, path, asked, part=part, typed=len(collections) > 1)


def _shown_rows(field: Field, value: Any, path: Path, asked: frozenset[Path]) -> _Shown:
    rows = () if value is None else value
    if not is_array(rows):
        return
    by_key = {_key(field, _held(row, "id"), _held(row, "type")): row for row in rows}
    if _ABSENT in by_key:  # which rows these are cannot be told
        return
    yield (*path, ALL), frozenset(by_key)
    for key, row in by_key.items():
        yield (*path, Row(key)), True
        yield from _shown_within(field.schema or "", row, (*path, Row(key)), asked, part=True, typed=False)
    shown: set[Any] = set(by_key)
    for key, numbered in _untyped(path, asked, by_key):
        shown.add(key)
        if len(numbered) == 1:
            yield (*path, Row(key)), True
            yield from _shown_within(field.schema or "", numbered[0], (*path, Row(key)), asked, part=True, typed=False)
    for below in _below(path, asked):
        within = below[len(path)]
        if isinstance(within, Row) and within != ALL and within.id not in shown:
            yield below, False if len(below) == len(path) + 1 else GONE


def _untyped(path: Path, asked: frozenset[Path], by_key: Mapping[Any, Any]) -> Iterator[tuple[Any, list[Any]]]:
    """Yield the keys that rows were sent under without their type, and the rows that they may be, if there is any."""
    within = {below[len(path)] for below in _below(path, asked)}
    for row in within:
        sent: Any = row.id if isinstance(row, Row) and row != ALL else None
        if is_array(sent) and sent[1] == _UNTYPED:
            numbered = [found for key, found in by_key.items() if key[0] == sent[0]]
            if numbered:
                yield sent, numbered


def _shown_within(schema: str, value: Any, path: Path, asked: frozenset[Path], *, part: bool, typed: bool) -> _Shown:
    for name, field in registry.schema(full(schema)).fields.items():
        within = (*path, name)
        if name == "id" or not (
            within in asked
            or any(True for _ in _below(within, asked))
            or (typed and name == "type")
            or (part and name not in _NO_DECISION and not field.derived)
        ):
            continue
        held = _held(value, name)
        if held is not _ABSENT and name == "type" and _is_mixed(schema):
            yield within, _meaning(field, _kind(held))
        elif held is not _ABSENT:
            yield from _shown(field, held, within, asked)


# -- what one value means -----------------------------------------------------------------------------------------


def _key(field: Field, number: Any, kind: Any) -> Any:
    """Return what a row is known by: its id, and its type where records of several types may stand."""
    if number is _ABSENT:
        return _ABSENT
    if not _is_mixed(field.schema or ""):
        return _identity(number)
    return _ABSENT if kind is _ABSENT else (_identity(number), _kind(kind))


def _is_mixed(schema: str) -> bool:
    """Whether records of several types stand under a schema, so that an id alone names none."""
    return len(registry.collections_of(schema)) > 1


def _kind(value: Any) -> Any:
    """Return the type of an associated record. A person is a contact, and so is a company: their ids are of one row."""
    kind = plain(value)
    return "Contact" if kind in _CONTACTS else kind


def _identity(value: Any) -> Any:
    """Return an id as one value, whether it came as a number or as its text."""
    return int(value) if isinstance(value, str) and value.isascii() and value.isdecimal() else plain(value)


def _meaning(field: Field, value: Any) -> Any:
    if field.many and is_array(value):
        return tuple([_one(field, item) for item in value])
    return _one(field, value)


def _one(field: Field, value: Any) -> Any:
    value = value.value if isinstance(value, Enum) else value
    if isinstance(value, dt.timedelta) and field.unit:
        value = durations.amount(value, field.unit)
    if isinstance(value, str) and field.enum:
        return value.casefold()
    read = _READ.get(field.kind)
    if read is None or value is None:
        return plain(value)
    try:
        return read(value)
    except (ValueError, TypeError, ArithmeticError):
        return plain(value)


def _quantity(value: Any) -> Decimal:
    try:
        return Decimal(value) if isinstance(value, str) else number(value)
    except InvalidOperation:
        raise ValueError("not a number") from None


_READ: Mapping[str, Callable[[Any], Any]] = {
    "datetime": instant,
    "date": day,
    "decimal": _quantity,
    "integer": _quantity,
}


def plain(value: Any) -> Any:
    """Return a JSON value as something that compares by value: numbers exactly, and never equal to true or false."""
    value = value.value if isinstance(value, Enum) else value
    if is_mapping(value):
        return frozenset((str(key), plain(item)) for key, item in value.items())
    if is_array(value):
        return tuple([plain(item) for item in value])
    if isinstance(value, bool):
        return ("truth", value)
    return number(value) if isinstance(value, int | float) else value
