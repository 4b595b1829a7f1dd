"""Read the operations of a document: what requests may hold, and what they are answered by."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from keyword import iskeyword
from typing import Any

from ..models.schema import Answer, Attribute, Filter, Kind, Null, Operation
from . import overlay
from .corrections import Corrections
from .fields import REF, kind_of, values_of
from .unreadable import reading

__all__ = ["SPECIAL", "argument", "collection", "read_operations"]

SPECIAL = frozenset({"fields", "limit", "page_token"})


def read_operations(paths: Mapping[str, Any], said: Corrections) -> Iterator[Operation]:
    """Yield the operations in the order of the document."""
    for path, methods in paths.items():
        for method, document in methods.items():
            with reading(f"{method.upper()} {path}"):
                found = _operation(path, method.upper(), document, said)
            yield found


def collection(path: str, verb: str) -> str:
    """Return the path of the collection that an operation belongs to."""
    path = path.removesuffix(".json")
    if verb not in overlay.ACTIONS:
        path = path.removesuffix(f"/{verb}")
    return re.sub(r"/\{\w+\}$", "", path)


def _operation(path: str, method: str, document: Mapping[str, Any], said: Corrections) -> Operation:
    name = document["operationId"]
    verb = name.partition("#")[2]
    parameters = {(found["in"], found["name"]) for found in document["parameters"]}
    status, answer, schema = _answer(name, document["responses"], said)
    paged = ("query", "page_token") in parameters
    return Operation(
        id=name,
        resource=_resource_name(path, verb),
        action=_action(name, verb),
        method=method,
        path=path,
        filters=_filters(name, document["parameters"], said),
        attributes=_body(name, document, said),
        schema=schema,
        answer=answer,
        status=status,
        versioned=("header", "X-API-VERSION") in parameters,
        conditional=("header", "IF-NONE-MATCH") in parameters,
        if_match=("header", "IF-MATCH") in parameters,
        fields=("query", "fields") in parameters,
        paged=paged,
        offset=paged and name not in overlay.WITHOUT_OFFSET,
        max_limit=_max_limit(document["parameters"]),
    )


def _action(name: str, verb: str) -> str:
    regular: str = overlay.ACTIONS.get(verb, verb)
    return overlay.OPERATION_ACTIONS.get(name, regular)


def _resource_name(path: str, verb: str) -> str:
    of = collection(path, verb)
    return overlay.RESOURCE_NAMES.get(of, "_".join(re.findall(r"/(\w+)", of)))


def _answer(name: str, responses: Mapping[str, Any], said: Corrections) -> tuple[int, Answer, str | None]:
    status = min(code for code in responses if code < "304")
    content = responses[status].get("content", {}).values()
    reference = next((found["schema"]["$ref"] for found in content if "$ref" in found["schema"]), "").removeprefix(REF)
    schema = reference.removesuffix("_List").removesuffix("_Show") or None
    by_rule: Answer = (
        "redirect" if status == "303" else "list" if reference.endswith("_List") else "record" if schema else "empty"
    )
    answer = said.answer(name, by_rule)
    return int(status), answer, schema if answer in {"record", "list"} else None


def _max_limit(parameters: Iterable[Mapping[str, Any]]) -> int:
    for parameter in parameters:
        if parameter["name"] == "limit":
            bound = re.search(r"between 1 and (\d+)", parameter["description"])
            return int(bound[1]) if bound else 200
    return 0


# -- queries ------------------------------------------------------------------------------------------------------


def _filters(operation: str, parameters: Iterable[Mapping[str, Any]], said: Corrections) -> dict[str, Filter]:
    found: dict[str, Filter] = {}
    for parameter in sorted(parameters, key=lambda found: found["name"]):
        wire = parameter["name"]
        if parameter["in"] == "query" and wire not in SPECIAL and not said.dropped(operation, wire):
            made = _filter(operation, wire, parameter, said)
            other = found.setdefault(made.name, made)
            if other is not made:
                raise ValueError(f"{operation} has two filters that would be {made.name}: see DROPPED_PARAMETERS")
    return found


def argument(wire: str) -> str:
    """Return the name of a keyword argument: ``ids[]`` becomes ``ids``, and ``from`` ``from_``."""
    name = re.sub(r"\W+", "_", wire).strip("_")
    return f"{name}_" if iskeyword(name) else name


def _kind(place: str, document: Mapping[str, Any]) -> Kind:
    with reading(place):
        return kind_of(document)


def _filter(operation: str, wire: str, parameter: Mapping[str, Any], said: Corrections) -> Filter:
    name = argument(wire)
    place = f"{operation}.{name}"
    compared = said.compared(place)
    return Filter(
        name=name,
        wire=f"{wire}[{{}}]" if name == "custom_field_values" else wire,
        kind=said.filter_kind(place, _kind(place, parameter["schema"])),
        enum=() if compared else said.enum(place, values_of(parameter["schema"])),
        many=wire.endswith("[]"),
        comma=place in overlay.COMMA_LISTS,
        required=parameter.get("required", False) and said.required(place),
        comparison=compared,
        nullable="Use the keyword `null`" in parameter.get("description", ""),
    )


# -- bodies -------------------------------------------------------------------------------------------------------


def _body(operation: str, document: Mapping[str, Any], said: Corrections) -> dict[str, Attribute]:
    content = document.get("requestBody", {}).get("content", {})
    if "application/json" not in content:
        return {}
    return _attributes(operation, content["application/json"]["schema"]["properties"]["data"], said)


def _attributes(place: str, document: Mapping[str, Any], said: Corrections) -> dict[str, Attribute]:
    required = document.get("required", ())
    properties = document.get("properties", {})
    return {name: _attribute(f"{place}.{name}", properties[name], name in required, said) for name in properties}


def _attribute(place: str, document: Mapping[str, Any], required: bool, said: Corrections) -> Attribute:
    many = document.get("type") == "array"
    inner = document["items"] if many else document
    attributes = _attributes(place, inner, said)
    return Attribute(
        place.rpartition(".")[2],
        said.attribute_kind(place, _kind(place, inner)),
        many,
        said.enum(place, values_of(inner)),
        required and said.required(place),
        attributes,
        "never" if said.never_cleared(place) else _null(document, attributes),
        said.unit_of_write(place),
        said.may_be_ignored(place),
    )


_NO_NULL = re.compile(r"keyword `?null`? is not valid", re.IGNORECASE)
_NULL = re.compile(r"use the keyword `?null`? to specify no association", re.IGNORECASE)


def _null(document: Mapping[str, Any], attributes: Mapping[str, Attribute]) -> Null:
    """Return what the document says of null: by itself, or by the id of the record that an association names."""
    text = document.get("description", "")
    if _NO_NULL.search(text):
        return "never"
    if _NULL.search(text):
        return "by_id"
    associated = attributes.get("id")
    return associated.null if associated is not None and document.get("type") != "array" else ""
