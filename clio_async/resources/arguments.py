"""Arguments to requests: paths, queries and bodies, checked against the registry before anything is sent."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from keyword import iskeyword
from typing import Any
from urllib.parse import quote

from ..codec.encode import dump, plain
from ..errors import InvalidArgument, MissingETag, UnknownAttribute, UnknownFilter
from ..models import registry
from ..models.plans import full
from ..models.record import Record, Ref
from ..models.schema import Attribute, Filter, Operation
from ..models.selection import Selection
from ..protocol import filters
from ..protocol.shapes import is_array, is_dict, is_list, is_mapping
from .names import RESERVED, STRING_IDS

__all__ = ["body", "etag_of", "id_of", "path", "query", "query_pairs", "split"]


# -- paths --------------------------------------------------------------------------------------------------------


def id_of(operation: Operation, given: object, name: str = "id") -> str:
    """Return the id of a record, or of anything that has one, as it stands in a path.

    :raises InvalidArgument: if it cannot be an id of this resource.
    """
    if type(given) is int and given > 0:
        return str(given)
    found = given if isinstance(given, int | str) else getattr(given, "id", None)
    if isinstance(found, int) and not isinstance(found, bool) and found > 0:
        return str(int(found))
    texts = name == "id" and operation.resource in STRING_IDS
    if texts and isinstance(found, str) and filters.text(name, found).strip("."):
        return quote(found, safe="")
    raise InvalidArgument(f"{name} is a positive integer, or a record that has one, not {given!r}.")


def path(operation: Operation, ids: tuple[object, ...]) -> str:
    """Fill the placeholders of an operation's path, in order."""
    form, names = _form(operation.path)
    if len(ids) == 1 and type(ids[0]) is int and ids[0] > 0:  # most reads
        return form % ids
    return form % tuple([id_of(operation, given, name) for given, name in zip(ids, names, strict=True)])


@cache
def _form(path: str) -> tuple[str, tuple[str, ...]]:
    """Return a path as a format, and the names of its placeholders."""
    return re.sub(r"\{\w+\}", "%s", path), tuple(re.findall(r"\{(\w+)\}", path))


# -- queries ------------------------------------------------------------------------------------------------------


def query_pairs(
    operation: Operation, given: Mapping[str, Any], extra: Mapping[str, Any] | None
) -> list[tuple[str, str]]:
    """Return the names and values of a query, unencoded.

    :raises UnknownFilter: if a filter is none of the operation's. Clio would ignore it.
    :raises InvalidArgument: if a value cannot be sent, or a required one is absent.
    """
    pairs: list[tuple[str, str]] = []
    for name, value in given.items():
        found = operation.filters.get(name)
        if found is None:
            where = f"{operation.resource}.{operation.action}"
            known = [*operation.filters, "fields", "limit", "resume", "extra_query"]
            raise UnknownFilter(name, known, where=where, hint="For one that Clio has added since, use extra_query=.")
        pairs += _written(found, value)
    for name, found in operation.filters.items():
        if found.required and name not in given and found.wire not in _mapping("extra_query", extra):
            raise InvalidArgument(f"{operation.resource}.{operation.action} needs {name}=.")
    for name, value in _mapping("extra_query", extra).items():
        values = filters.items(name, value)
        pairs += [(filters.text("extra_query", name), filters.anything(name, one)) for one in values]
    return pairs


def _mapping(name: str, given: Mapping[str, Any] | None) -> Mapping[str, Any]:
    if given is not None and not isinstance(given, Mapping):
        raise InvalidArgument(f"{name} is a mapping of names on the wire to values.")
    return given or {}


def _written(found: Filter, value: Any) -> list[tuple[str, str]]:
    name, wire, kind = found.name, found.wire, found.kind
    if wire.endswith("[{}]"):
        return [*_keyed(found, value)]
    if found.comparison:
        return [(wire, one) for one in filters.comparisons(name, kind, value)]
    if found.many:
        return [(wire, filters.scalar(name, kind, one, nullable=found.nullable)) for one in filters.items(name, value)]
    if found.comma:
        return [(wire, ",".join(filters.scalar(name, kind, one) for one in filters.items(name, value)))]
    return [(wire, filters.scalar(name, kind, value, nullable=found.nullable))]


def _keyed(found: Filter, value: Any) -> Iterator[tuple[str, str]]:
    """Write conditions on custom fields, by the ids of their definitions."""
    if not is_mapping(value) or not value:
        raise InvalidArgument(f"{found.name} maps ids of custom fields to values or conditions.")
    for key, wanted in value.items():
        number = filters.scalar(found.name, "integer", key)
        if isinstance(wanted, Mapping | tuple):
            written = filters.comparisons(found.name, found.kind, wanted)
            text = written[0] if len(written) == 1 else f"[{', '.join(written)}]"
        else:
            text = filters.scalar(found.name, found.kind, wanted)
        yield found.wire.format(number), text


def query(
    operation: Operation,
    selection: Selection[Any] | None,
    given: Mapping[str, Any],
    extra: Mapping[str, Any] | None,
    more: Iterable[tuple[str, str]] = (),
) -> str:
    """Return an encoded query: the selection, filters, and what the caller adds."""
    pairs = [*query_pairs(operation, given, extra), *more]
    if selection is None or not operation.fields:
        return filters.encode(pairs)
    return filters.encode([*pairs, ("fields", selection.text)]) if pairs else selection.query


# -- bodies -------------------------------------------------------------------------------------------------------


def split(operation: Operation, given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Tell the keyword arguments of a write that belong into its query from those of its body."""
    filters = {name: given[name] for name in given if name in operation.filters and name not in operation.attributes}
    return filters, {name: given[name] for name in given if name not in filters}


def body(
    operation: Operation, given: Mapping[str, Any], extra: Mapping[str, Any] | None
) -> tuple[bytes, tuple[str, ...]]:
    """Return the body of a write, and the paths of the records that it names.

    :raises UnknownAttribute: if an attribute is none that the operation takes. Clio would drop it.
    :raises InvalidArgument: if a value cannot be sent, or a required one is absent.
    """
    where = f"{operation.resource}.{operation.action}"
    data = _object(operation.attributes, {_wire_name(operation, name): given[name] for name in given}, where)
    for key, value in _mapping("extra_json", extra).items():
        data[key] = plain(value, f"extra_json[{key!r}]")
    for name, attribute in operation.attributes.items():
        if attribute.required and name not in data:
            raise InvalidArgument(f"{where} needs {name}=.")
    named = _named(operation.schema, data) if operation.schema is not None else ()
    return dump({"data": data}), tuple(dict.fromkeys(named))


def _wire_name(operation: Operation, name: str) -> str:
    stripped = name.removesuffix("_")
    return stripped if stripped in operation.attributes and (iskeyword(stripped) or stripped in RESERVED) else name


def _object(attributes: Mapping[str, Attribute], given: Mapping[Any, Any], where: str) -> dict[str, Any]:
    written: dict[str, Any] = {}
    for name, value in given.items():
        attribute = attributes.get(name)
        if attribute is None:
            raise UnknownAttribute(
                name, attributes, where=where, hint="For one that Clio has added since, use extra_json=."
            )
        written[name] = _value(attribute, value, f"{where}: {name}")
    return written


def _value(attribute: Attribute, value: Any, place: str) -> Any:
    if value is None:
        return None
    if not attribute.many:
        return _one(attribute, value, place)
    if not is_array(value):
        raise InvalidArgument(f"{place} is a list.")
    return [_one(attribute, item, f"{place}[{index}]") for index, item in enumerate(value)]


def _one(attribute: Attribute, value: Any, place: str) -> Any:
    if attribute.kind != "object":
        return _scalar(attribute, value, place)
    if isinstance(value, Record | Ref):
        return {"id": _required_id(value, place)}
    if not is_mapping(value):
        raise InvalidArgument(f"{place} is an object, such as {{'id': 1}}, or a record.")
    return _object(attribute.attributes, value, place) if attribute.attributes else plain(value, place)


def _required_id(value: Record | Ref, place: str) -> Any:
    found = getattr(value, "id", None)
    if found is None:
        raise InvalidArgument(f"{place} is a record without an id.")
    return found


_SCALARS = {"integer": "an integer", "boolean": "True or False", "string": "a text"}


def _scalar(attribute: Attribute, value: Any, place: str) -> Any:
    """Write a scalar as JSON: the kinds that JSON has as they are, the others as their texts."""
    if attribute.kind in {"date", "datetime"}:
        return filters.scalar(place, attribute.kind, value)
    found = plain(value, place)
    fits = {
        "integer": isinstance(found, int) and not isinstance(found, bool),
        "boolean": isinstance(found, bool),
        "string": isinstance(found, str),
        "decimal": not isinstance(found, bool | str | dict | list),
    }
    if not fits.get(attribute.kind, True):
        raise InvalidArgument(f"{place} is {_SCALARS.get(attribute.kind, 'a number')}, not {value!r}.")
    if attribute.name == "id" and isinstance(found, int) and found <= 0:
        raise InvalidArgument(f"{place} is an id, which is positive, not {value!r}.")
    return found


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


# -- preconditions ------------------------------------------------------------------------------------------------


def etag_of(given: object, if_match: str | None) -> str | None:
    """Return what `If-Match` is to hold: what was passed, or the record's own tag; None for a bare id.

    :raises MissingETag: if a record was given whose tag is absent or weak. A weak tag cannot guard a write (RFC 9110
        §13.1.1).
    """
    if if_match is None and isinstance(given, int | str):
        return None
    tag = if_match if if_match is not None else getattr(given, "etag", None)
    if not isinstance(tag, str) or not tag:
        raise MissingETag(
            "The record has no etag: ask for it with fields=, or pass its id to write whatever is there now."
        )
    if tag.startswith("W/"):
        raise MissingETag("A weak etag cannot guard a write. Use the etag attribute of the record.")
    if not all("\x21" <= character <= "\x7e" for character in tag):
        raise InvalidArgument("if_match holds characters that no etag has.")
    return tag
