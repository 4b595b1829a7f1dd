"""Read an OpenAPI document, corrected by the overlay, into the values of the registry."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from keyword import iskeyword
from typing import Any

from attrs import frozen

from ..models.schema import Answer, Attribute, Field, Filter, Kind, Operation, Resource, Schema
from . import overlay

__all__ = ["Api", "read"]

_SPECIAL = frozenset({"fields", "limit", "page_token"})
_REF = "#/components/schemas/"


@frozen
class Api:
    """The whole API, as the generator writes it down."""

    schemas: Mapping[str, Schema]
    resources: Mapping[str, Resource]
    collections: Mapping[str, tuple[str, ...]]
    """For each schema, without ``_base``, the collections whose records it shows."""


def read(document: Mapping[str, Any]) -> Api:
    """Make sense of a parsed OpenAPI 3.0 document of Clio's API."""
    schemas = dict(_schemas(document["components"]["schemas"]))
    operations: dict[str, list[Operation]] = {}
    for operation in _operations(document["paths"]):
        operations.setdefault(operation.resource, []).append(operation)
    for extra in overlay.EXTRA_OPERATIONS:
        operations.get(extra["resource"], []).append(_extra(**extra))
    resources = {name: _resource(name, found) for name, found in sorted(operations.items())}
    return Api(schemas, resources, _collections(schemas, resources))


def plain(schema: str) -> str:
    """Return the name of a schema without the suffix of its own attributes."""
    return schema.removesuffix("_base")


def _matches(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def _looked_up(name: str, table: Mapping[str, Any], otherwise: Any) -> Any:
    return next((value for pattern, value in table.items() if fnmatchcase(name, pattern)), otherwise)


# -- schemas ------------------------------------------------------------------------------------------------------


def _schemas(documents: Mapping[str, Any]) -> Iterator[tuple[str, Schema]]:
    for name in sorted(documents):
        # Envelopes, errors and bare lists are not records.
        if name.endswith(("_List", "_Show")) or name in {"Error", "ErrorDetail", "IdsResponse"}:
            continue
        fields = {field.name: field for field in _fields(name, documents[name], documents)}
        own = {key: field for key, field in fields.items() if field.schema is None}
        yield name, Schema(name, own | {key: field for key, field in fields.items() if field.schema is not None})


def _fields(name: str, document: Mapping[str, Any], documents: Mapping[str, Any]) -> Iterator[Field]:
    for part in document.get("allOf", ()):
        found = documents[part["$ref"].removeprefix(_REF)] if "$ref" in part else part
        yield from _fields(name, found, documents)
    for key, value in document.get("properties", {}).items():
        yield _field(plain(name), key, value)


def _field(owner: str, name: str, document: Mapping[str, Any]) -> Field:
    place = f"{owner}.{name}"
    many = document.get("type") == "array"
    inner: Mapping[str, Any] = document["items"] if many else document
    reference = inner.get("$ref")
    derived = _matches(place, overlay.DERIVED) and not _matches(place, overlay.NOT_DERIVED)
    if reference is not None:
        return Field(name, "object", reference.removeprefix(_REF), many)
    return Field(
        name,
        "etag" if name == "etag" else _looked_up(place, overlay.KINDS, _kind(inner)),
        many=many,
        enum=_enum(inner),
        derived=derived,
        never_null=_matches(place, overlay.NEVER_NULL) and not _matches(place, overlay.MAYBE_NULL),
    )


def _kind(document: Mapping[str, Any]) -> Kind:
    match document.get("type"), document.get("format"):
        case "integer", _:
            return "integer"
        case "number", _:
            return "decimal"
        case "boolean", _:
            return "boolean"
        case "string", "date":
            return "date"
        case "string", "date-time":
            return "datetime"
        case "string", _:
            return "string"
        case "object", _:
            return "object"
        case unknown:
            raise ValueError(f"the document holds a type that the generator does not know: {unknown}")


def _enum(document: Mapping[str, Any]) -> tuple[str, ...]:
    # One list of the document carries its own commas.
    return tuple(str(value).rstrip(",") for value in document.get("enum", ()))


def _collections(schemas: Mapping[str, Schema], resources: Mapping[str, Resource]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {
        plain(resource.schema): (resource.path,)
        for resource in resources.values()
        if resource.schema is not None and "{" not in resource.path
    }
    found |= {name: (path,) for name, path in overlay.COLLECTIONS.items()}
    for name, schema in schemas.items():
        kinds = schema.fields["type"].enum if "type" in schema.fields else ()
        shown = [overlay.KIND_ALIASES.get(kind, kind) for kind in kinds]
        paths = tuple(dict.fromkeys(path for kind in shown for path in found.get(kind, ())))
        if paths:
            found.setdefault(plain(name), paths)
    return {name: found[name] for name in sorted(found) if name in schemas or f"{name}_base" in schemas}


# -- operations ---------------------------------------------------------------------------------------------------


def _operations(paths: Mapping[str, Any]) -> Iterator[Operation]:
    for path, methods in paths.items():
        for method, document in methods.items():
            yield _operation(path, method.upper(), document)


def _operation(path: str, method: str, document: Mapping[str, Any]) -> Operation:
    name = document["operationId"]
    verb = name.partition("#")[2]
    parameters = {(found["in"], found["name"]) for found in document["parameters"]}
    status, answer, schema = _answer(name, document["responses"])
    paged = ("query", "page_token") in parameters
    return Operation(
        id=name,
        resource=_resource_name(path, verb),
        action=_action(name, verb),
        method=method,
        path=path,
        filters={found.name: found for found in _filters(name, document["parameters"])},
        attributes=_body(name, document),
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


def _extra(**given: Any) -> Operation:
    flags = ("versioned", "conditional", "if_match", "fields", "paged", "offset")
    values: dict[str, Any] = {"filters": {}, "attributes": {}, "schema": None, "max_limit": 0}
    values.update(dict.fromkeys(flags, False), **given)
    return Operation(**values)


def _resource_name(path: str, verb: str) -> str:
    collection = _collection(path, verb)
    return overlay.RESOURCE_NAMES.get(collection, "_".join(re.findall(r"/(\w+)", collection)))


def _collection(path: str, verb: str) -> str:
    """Return the path of the collection that an operation belongs to."""
    path = path.removesuffix(".json")
    if verb not in overlay.ACTIONS:
        path = path.removesuffix(f"/{verb}")
    return re.sub(r"/\{\w+\}$", "", path)


def _answer(name: str, responses: Mapping[str, Any]) -> tuple[int, Answer, str | None]:
    status = min(code for code in responses if code < "304")
    content = responses[status].get("content", {}).values()
    reference = next((found["schema"]["$ref"] for found in content if "$ref" in found["schema"]), "").removeprefix(_REF)
    schema = reference.removesuffix("_List").removesuffix("_Show") or None
    by_rule: Answer = (
        "redirect" if status == "303" else "list" if reference.endswith("_List") else "record" if schema else "empty"
    )
    answer = overlay.ANSWERS.get(name, by_rule)
    return int(status), answer, schema if answer in {"record", "list"} else None


def _max_limit(parameters: Iterable[Mapping[str, Any]]) -> int:
    for parameter in parameters:
        if parameter["name"] == "limit":
            bound = re.search(r"between 1 and (\d+)", parameter["description"])
            return int(bound[1]) if bound else 200
    return 0


def _filters(operation: str, parameters: Iterable[Mapping[str, Any]]) -> Iterator[Filter]:
    for parameter in sorted(parameters, key=lambda found: found["name"]):
        wire = parameter["name"]
        dropped = wire in _SPECIAL or wire in overlay.DROPPED_PARAMETERS.get(operation, ())
        if parameter["in"] == "query" and not dropped:
            yield _filter(operation, wire, parameter)


def _filter(operation: str, wire: str, parameter: Mapping[str, Any]) -> Filter:
    name = re.sub(r"\W+", "_", wire).strip("_")
    name = f"{name}_" if iskeyword(name) else name
    place = f"{operation}.{name}"
    comparison = _matches(place, overlay.COMPARISONS)
    return Filter(
        name=name,
        wire=f"{wire}[{{}}]" if name == "custom_field_values" else wire,
        kind=_looked_up(place, overlay.FILTER_KINDS, _kind(parameter["schema"])),
        enum=() if comparison else _enum(parameter["schema"]),
        many=wire.endswith("[]"),
        comma=place in overlay.COMMA_LISTS,
        required=parameter.get("required", False),
        comparison=comparison,
        nullable="Use the keyword `null`" in parameter.get("description", ""),
    )


def _body(operation: str, document: Mapping[str, Any]) -> dict[str, Attribute]:
    content = document.get("requestBody", {}).get("content", {})
    if "application/json" not in content:
        return {}
    return _attributes(operation, operation, content["application/json"]["schema"]["properties"]["data"])


def _attributes(operation: str, place: str, document: Mapping[str, Any]) -> dict[str, Attribute]:
    optional = overlay.OPTIONAL_ATTRIBUTES.get(place, ())
    required = set(document.get("required", ())) - set(optional)
    properties = document.get("properties", {})
    return {name: _attribute(operation, f"{place}.{name}", properties[name], name in required) for name in properties}


def _attribute(operation: str, place: str, document: Mapping[str, Any], required: bool) -> Attribute:
    many = document.get("type") == "array"
    inner = document["items"] if many else document
    kind = _looked_up(place, overlay.BODY_KINDS, _kind(inner))
    name = place.rpartition(".")[2]
    return Attribute(name, kind, many, _enum(inner), required, _attributes(operation, place, inner))


def _resource(name: str, operations: Iterable[Operation]) -> Resource:
    found = {operation.action: operation for operation in operations}
    first = next(iter(found[action] for action in ("list", "get", "create", "update") if action in found), None)
    if first is None:
        raise ValueError(f"no regular operation names the collection of {name!r}")
    verb = next((verb for verb, action in overlay.ACTIONS.items() if action == first.action), first.action)
    return Resource(name, _collection(first.path, verb), first.schema, found)
