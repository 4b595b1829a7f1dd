"""Bodies of writes: Python values as the JSON that Clio takes, checked against the registry before anything is sent.

No message repeats a value: bodies hold what is confidential.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from enum import Enum
from keyword import iskeyword
from typing import Any
from uuid import UUID

from ..codec.encode import dump, plain
from ..errors import InvalidArgument, UnknownAttribute
from ..models import durations, registry
from ..models.plans import full
from ..models.record import Record
from ..models.schema import Attribute, Kind, Operation
from ..protocol import filters
from ..protocol.shapes import is_array, is_dict, is_list, is_mapping
from .kinds import refuse_other_named
from .names import RESERVED

__all__ = ["body", "check_times", "completed", "encoded", "mapping", "split", "written"]


def split(operation: Operation, given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Tell the keyword arguments of a write that belong into its query from those of its body."""
    query = {name: given[name] for name in given if name in operation.filters and name not in operation.attributes}
    return query, {name: given[name] for name in given if name not in query}


def mapping(name: str, given: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """Check what is to be sent by its names on the wire."""
    if given is None:
        return {}
    if not is_mapping(given) or not all(isinstance(key, str) for key in given):
        raise InvalidArgument(f"{name} is a mapping of names on the wire to values.")
    return given


def body(
    operation: Operation, given: Mapping[str, Any], extra: Mapping[str, Any] | None
) -> tuple[bytes, tuple[str, ...]]:
    """Return the body of a write, and the paths of the records that it names.

    :raises UnknownAttribute: if an attribute is none that the operation takes. Clio would drop it.
    :raises InvalidArgument: if a value cannot be sent, or a required one is absent.
    """
    return encoded(operation, completed(operation, given, extra))


def completed(operation: Operation, given: Mapping[str, Any], extra: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return what a body says, as JSON values by their names on the wire. See `body`."""
    data = written(operation, given, extra)
    _complete(operation.attributes, data, f"{operation.resource}.{operation.action}", top=True)
    return data


def encoded(operation: Operation, data: Mapping[str, Any]) -> tuple[bytes, tuple[str, ...]]:
    """Return a body that says that, and the paths of the records that it names."""
    named = _named(operation.schema, data) if operation.schema is not None else ()
    return dump({"data": data}), tuple(dict.fromkeys(named))


def written(operation: Operation, given: Mapping[str, Any], extra: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return what a body is to say, as JSON values."""
    where = f"{operation.resource}.{operation.action}"
    check_times(operation, given)
    for name in given:
        if _wire_name(operation, name) not in operation.attributes:
            _refuse_unknown(operation, name, where)
    data = _object(operation.attributes, {_wire_name(operation, name): given[name] for name in given}, where)
    for key, value in mapping("extra_json", extra).items():
        if key in data:
            raise InvalidArgument(f"{where}: {key} is given twice, as an argument and in extra_json=.")
        data[key] = plain(value, f"extra_json[{key!r}]")
    return data


def _refuse_unknown(operation: Operation, name: str, where: str) -> None:
    shown = operation.schema is not None and name in registry.schema(full(operation.schema)).fields
    if name == "custom_fields" and "custom_field_values" in operation.attributes:
        hint = (
            "Within async with ….edit(…) as edit, edit.set_custom_fields({name: value}) sets them. Elsewhere "
            "custom_field_values= takes what custom_field_changes() returns."
        )
    elif shown:
        hint = "Records show it, and Clio takes it in no write."
    else:
        hint = "For one that Clio has added since, use extra_json=."
    raise UnknownAttribute(name, operation.attributes, where=where, hint=hint)


def check_times(operation: Operation, given: Mapping[str, Any], target: object = None) -> None:
    """Refuse a time for a record that counts no time, and hours where seconds count, as far as the type is told."""
    for name, value in given.items():
        decides = durations.decider(operation.schema or "", name)
        if decides is None:
            continue
        found = given.get(decides.name, getattr(target, decides.name, None))
        if found is None:
            continue
        times = decides.counts_time(found)
        if isinstance(value, dt.timedelta) and not times:
            raise InvalidArgument(f"{name} counts time in a {decides.value} alone: elsewhere it is a number.")
        if times and operation.attributes[name].unit == "seconds" and _looks_like_hours(value):
            raise InvalidArgument(f"{name} of a {decides.value} is in seconds. For hours write timedelta(hours=1.5).")


def _looks_like_hours(seconds: object) -> bool:
    return isinstance(seconds, float | Decimal) and 0 < seconds < 60 and seconds % 1 != 0


def _wire_name(operation: Operation, name: str) -> str:
    stripped = name.removesuffix("_")
    return stripped if stripped in operation.attributes and (iskeyword(stripped) or stripped in RESERVED) else name


def _complete(attributes: Mapping[str, Attribute], data: Mapping[str, Any], where: str, *, top: bool = False) -> None:
    for name, attribute in attributes.items():
        if attribute.required and name not in data:
            renamed = f"{name}_" if top and (iskeyword(name) or name in RESERVED) else name
            more = f" {name}= says what the answer is to hold." if renamed != name and name == "fields" else ""
            raise InvalidArgument(f"{where} needs {renamed}=.{more}")


# -- values -------------------------------------------------------------------------------------------------------


def _object(attributes: Mapping[str, Attribute], given: Mapping[Any, Any], where: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in given.items():
        if not isinstance(name, str):
            raise InvalidArgument(f"{where} has {filters.told(name)} as a name; names are texts.")
        attribute = attributes.get(name)
        if attribute is None:
            raise UnknownAttribute(
                name, attributes, where=where, hint="For one that Clio has added since, use extra_json=."
            )
        found[name] = _value(attribute, value, f"{where}: {name}")
    return found


def _value(attribute: Attribute, value: Any, place: str) -> Any:
    value = value.value if isinstance(value, Enum) else value
    if value is None:
        return _null(attribute, place)
    if not attribute.many:
        return _one(attribute, value, place)
    if not is_array(value):
        raise InvalidArgument(f"{place} is a list.")
    removal = next((name for name in ("_destroy", "_deleted") if name in attribute.attributes), None)
    if not value and removal is not None:
        raise InvalidArgument(
            f"{place} is empty, which changes nothing: what is not named stays. "
            f"A row is removed by {{'id': …, '{removal}': True}}."
        )
    return [_one(attribute, item, f"{place}[{index}]") for index, item in enumerate(value)]


def _null(attribute: Attribute, place: str) -> Any:
    if attribute.required:
        raise InvalidArgument(f"{place} is needed, and cannot be null.")
    if attribute.null == "never":
        # Seen of the attorneys of a matter: https://docs.developers.clio.com/api-reference/ calls null invalid there.
        raise InvalidArgument(
            f"{place} cannot be null. Clio refuses it, or answers 200 and changes nothing, as it does for the "
            "attorneys of a matter. extra_json= sends it all the same."
        )
    return {"id": None} if attribute.null == "by_id" and attribute.kind == "object" else None


def _one(attribute: Attribute, value: Any, place: str) -> Any:
    if attribute.kind != "object":
        return _scalar(attribute, value.value if isinstance(value, Enum) else value, place)
    if not is_mapping(value):
        return _reference(attribute, value, place)
    if not value:
        raise InvalidArgument(f"{place} is empty. Clio would answer 200 and change nothing.")
    if not attribute.attributes:
        return plain(value, place)
    found = _object(attribute.attributes, value, place)
    if found.get("_destroy") is True:
        if "id" in attribute.attributes and "id" not in found:
            raise InvalidArgument(f"{place} is to be removed, and has no id.")
    else:
        _complete(attribute.attributes, found, place)
    return found


def _scalar(attribute: Attribute, value: Any, place: str) -> Any:
    """Write a scalar as JSON: the kinds that JSON has as they are, the others as their texts."""
    if isinstance(value, dt.timedelta) and attribute.unit:
        if value < dt.timedelta(0):
            raise InvalidArgument(f"{place} is less than no time.")
        return durations.amount(value, attribute.unit)
    if attribute.kind in {"date", "datetime"}:
        return filters.scalar(place, attribute.kind, value)
    expected, types = _SCALARS.get(attribute.kind, ("", object))
    if not isinstance(value, types) or (isinstance(value, bool) and types is not bool and types is not object):
        raise InvalidArgument(f"{place} is {expected}, not {filters.told(value)}.")
    if attribute.kind == "integer" and isinstance(value, int) and value.bit_length() > 63:
        raise InvalidArgument(f"{place} is an integer of 64 bits, and a longer one was given.")
    if f"_{attribute.name}".endswith(("_id", "_ids")) and not _may_be_id(attribute.kind, value):
        raise InvalidArgument(f"{place} is an id, which is positive, not {filters.told(value)}.")
    return plain(value, place)


def _may_be_id(kind: Kind, value: Any) -> bool:
    if isinstance(value, int) and kind != "string":
        return filters.identity(value) is not None
    return isinstance(value, str | UUID) and kind != "integer"


_SCALARS: Mapping[str, tuple[str, Any]] = {
    "integer": ("an integer", int),
    "boolean": ("True or False", bool),
    "string": ("a text", (str, UUID)),
    "decimal": ("a number", (int, float, Decimal)),
}


# -- records ------------------------------------------------------------------------------------------------------


def _reference(attribute: Attribute, record: Any, place: str) -> dict[str, Any]:
    """Write a record as its id, and as its type, too, where those of several types may stand."""
    known = attribute.attributes
    if known and "id" not in known:
        raise InvalidArgument(f"{place} is an object with any of {', '.join(known)}, not {filters.told(record)}.")
    if isinstance(record, int | str) or not hasattr(record, "id"):
        raise InvalidArgument(
            f"{place} is an object, such as {{'id': 1}}, or a record that has an id, not {filters.told(record)}."
        )
    if "type" not in known:
        refuse_other_named(record, attribute.name, place)
    found = _id_of(known["id"].kind if known else "integer", record)
    if not found:
        raise InvalidArgument(f"{place} is a record without an id.")
    return {"id": found, "type": _type_of(known["type"], record, place)} if "type" in known else {"id": found}


def _id_of(kind: Kind, record: Any) -> int | str | None:
    """Return the id of a record as an attribute of that kind takes it: `json` are numbers, and texts where need be."""
    number = filters.identity(record) if kind != "string" else None
    return record.id if number is None and kind != "integer" and isinstance(record.id, str) else number


def _type_of(attribute: Attribute, record: Any, place: str) -> str:
    name = getattr(record, "type", None)
    name = name.value if isinstance(name, Enum) else name
    if isinstance(record, Record) and name not in attribute.enum:
        name = type(record).__name__
    known = name in attribute.enum if attribute.enum else isinstance(record, Record)
    if not isinstance(name, str) or not known:
        choice = f", which is {' or '.join(attribute.enum)}" if attribute.enum else ""
        raise InvalidArgument(f"{place} may be of several types: pass {{'id': …, 'type': …}} to say of which{choice}.")
    return name


def _named(schema: str, data: Mapping[str, Any]) -> Iterator[str]:
    """Yield the paths of the records that a body names as associations."""
    fields = registry.schema(full(schema)).associations
    for name, value in data.items():
        of = fields[name].schema if name in fields else None
        for item in value if is_list(value) else [value]:
            if of is None or not is_dict(item):
                continue
            if type(item.get("id")) is int:
                yield from (f"{collection}/{item['id']}" for collection in registry.collections_of(of))
            yield from _named(of, item)
