"""What a write carries, read as values: each is taken, refused with 422, or left alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final, TypeGuard, cast

from ...models.schema import Field
from .answers import Refusal
from .firm import Firm, tables_of
from .things import Ref, Row, Thing

__all__ = ["KEEP", "argument_error", "coerced", "instant", "is_list", "is_object", "whole"]

KEEP: Final = object()
"""The write says nothing about the field."""
_LARGEST: Final = Decimal("1e100")
"""No number is as large: what is computed of several can be computed exactly."""


def argument_error(what: str) -> Refusal:
    """Return a 422 in the words that Clio has for it."""
    return Refusal(422, "ArgumentError", f"An invalid argument was supplied: {what}")


def coerced(thing: Thing, field: Field, value: Any) -> Any:
    """Return the value that `field` of `thing` shall have, or KEEP.

    :raises Refusal: 422, if it cannot have that value.
    """
    if field.schema is not None:
        return _rows(thing, field, value) if field.many else _one(thing, field, value)
    if value is None:
        if field.never_null:
            raise argument_error(f"'{field.name}' can't be blank")
        return None
    read = _member if field.enum else _READERS[field.kind]
    return [read(field, each) for each in _listed(field, value)] if field.many else read(field, value)


def _listed(field: Field, value: Any) -> list[Any]:
    return value if is_list(value) else _wrong(field, value)


def is_list(value: object) -> TypeGuard[list[Any]]:
    """Say whether a JSON value is a list."""
    return isinstance(value, list)


def is_object(value: object) -> TypeGuard[dict[str, Any]]:
    """Say whether a JSON value is an object."""
    return isinstance(value, dict)


def _wrong(field: Field, value: Any) -> Any:
    raise argument_error(f"{str(value)[:40]!r} is not a valid {field.name}")


def _member(field: Field, value: Any) -> str:
    """Writes say `open` where answers say `Open`."""
    for known in field.enum:
        if str(value).casefold() == known.casefold():
            return known
    return cast("str", _wrong(field, value))


def _integer(field: Field, value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | str):
        return _wrong(field, value)
    number = value if isinstance(value, int) else whole(value.removeprefix("-"))
    if number is None or abs(number) >= 2**63:
        return _wrong(field, value)
    return -number if isinstance(value, str) and value.startswith("-") else number


def whole(text: str) -> int | None:
    """Read an id or a count: ASCII digits, below 2⁶³. None if it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _decimal(field: Field, value: Any) -> Any:
    if isinstance(value, bool | list | dict):
        return _wrong(field, value)
    try:
        number = Decimal(value)
    except InvalidOperation:
        return _wrong(field, value)
    return number if number.is_finite() and number.copy_abs() < _LARGEST else _wrong(field, value)


def _boolean(field: Field, value: Any) -> Any:
    if isinstance(value, bool):
        return value
    return value == "true" if value in ("true", "false") else _wrong(field, value)


def _string(field: Field, value: Any) -> Any:
    return _wrong(field, value) if isinstance(value, list | dict | bool) else str(value)


def _day(field: Field, value: Any) -> Any:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return _wrong(field, value)


def instant(text: str) -> datetime | None:
    """Read an ISO 8601 timestamp; without an offset it is UTC. None if it is none, or before 1900."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if not 1900 <= moment.year < 2200:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def _moment(field: Field, value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    return (instant(value) if isinstance(value, str) else None) or _wrong(field, value)


def _anything(_: Field, value: Any) -> Any:
    return value


_READERS: Final[dict[str, Callable[[Field, Any], Any]]] = {
    "integer": _integer,
    "decimal": _decimal,
    "boolean": _boolean,
    "string": _string,
    "date": _day,
    "datetime": _moment,
    "etag": _string,
    "object": _anything,
    "json": _anything,
}


def _one(thing: Thing, field: Field, value: Any) -> Any:
    """Set an association. A null or an empty object is accepted and changes nothing."""
    if not is_object(value) or not value:
        return KEEP if value in (None, {}) else _wrong(field, value)
    if "id" in value:
        found = _referred(thing.firm, field, value)
        if found is not None:
            return found
        if tables_of(field.schema or ""):
            return _wrong(field, value["id"])
    return _written(thing.row(field, 0, blank=True), value)


def _referred(firm: Firm, field: Field, item: Mapping[str, Any]) -> Ref | None:
    """Return the record that ``{"id": 1}`` means, or ``{"id": 1, "type": "User"}`` where there are several kinds."""
    given = item["id"]
    number = whole(given) if isinstance(given, str) else given
    if not isinstance(number, int):
        return _wrong(field, given) if given is None else None
    tables = [firm.table(name) for name in tables_of(field.schema or "")]
    for table in tables:
        wanted = item.get("type") if len(tables) > 1 else None
        if table.get(number) is not None and wanted in (None, table.family):
            return Ref(table.name, number)
    return None


def _written(row: Row, item: Mapping[str, Any]) -> Row:
    for name, value in item.items():
        field = row.schema.fields.get(name)
        made = KEEP if field is None or name in {"id", "etag"} else coerced(row, field, value)
        if made is not KEEP:
            row.written[name] = made
    return row


def _rows(thing: Thing, field: Field, value: Any) -> Any:
    """Change a collection: rows with an id are updated or destroyed, those without are created, others stay."""
    rows = {_id_of(row): row for row in thing.value(field)}
    for item in _listed(field, value):
        _put(thing, field, item if is_object(item) else _wrong(field, item), rows)
    return tuple(rows.values())


def _id_of(row: Thing | Ref) -> int | str:
    return row.id if isinstance(row, Ref) else row.get("id") if "id" in row.schema.fields else row.number


def _put(thing: Thing, field: Field, item: dict[str, Any], rows: dict[int | str, Any]) -> None:
    named = item.get("id")
    if named is None:
        row = thing.firm.new_row(thing, field)
        rows[_id_of(_written(row, item))] = row
    elif named in rows:
        _change(rows, named, item)
    else:
        found = _referred(thing.firm, field, item)
        rows[named] = found if found is not None else _wrong(field, named)


def _change(rows: dict[int | str, Any], id: int | str, item: dict[str, Any]) -> None:
    if item.get("_destroy", item.get("_deleted")) in (True, "true", 1, "1"):
        del rows[id]
    elif isinstance(rows[id], Row):
        rows[id] = _written(rows[id].copy(), item)
        rows[id].version += 1
