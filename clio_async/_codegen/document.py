"""Read an OpenAPI document, corrected by the overlay, into the values of the registry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from attrs import frozen

from ..models.schema import Operation, Resource, Schema
from . import overlay
from .corrections import CORRECTED, Corrections
from .details import Detail, details, servers
from .fields import plain, read_schemas
from .operations import collection, read_operations
from .unreadable import Unreadable, reading

__all__ = ["Api", "plain", "read"]


@frozen
class Api:
    """The whole API, as the generator writes it down."""

    schemas: Mapping[str, Schema]
    resources: Mapping[str, Resource]
    collections: Mapping[str, tuple[str, ...]]
    """For each schema, without ``_base``, the collections whose records it shows."""
    details: Mapping[str, Detail]
    """What else is said, by place."""
    servers: tuple[str, ...]


def read(document: Mapping[str, Any], said: Corrections = CORRECTED) -> Api:
    """Make sense of a parsed OpenAPI 3.0 document of Clio's API.

    :raises Unreadable: if that is impossible; it says where.
    """
    with reading("the document"):
        return _read(document, said)


def _read(document: Mapping[str, Any], said: Corrections) -> Api:
    schemas = read_schemas(document["components"]["schemas"], said)
    operations: dict[str, list[Operation]] = {}
    ids: set[str] = set()
    for operation in read_operations(document["paths"], said):
        if operation.id in ids:
            raise Unreadable(f"{operation.method} {operation.path}: another operation is {operation.id}, too")
        ids.add(operation.id)
        operations.setdefault(operation.resource, []).append(operation)
    for extra in said.extra_operations():
        others = operations.get(extra["resource"], [])
        if all(extra["id"] != operation.id for operation in others):  # the document may have learned of it
            others.append(_extra(extra))
    resources = {name: _resource(name, found) for name, found in sorted(operations.items())}
    _check_references(schemas)
    return Api(schemas, resources, _collections(schemas, resources), details(document), servers(document))


def _check_references(schemas: Mapping[str, Schema]) -> None:
    for name, schema in schemas.items():
        for field in schema.associations.values():
            if field.schema not in schemas:
                raise Unreadable(f"field {plain(name)}.{field.name}: there is no schema {field.schema}")


def _extra(given: Mapping[str, Any]) -> Operation:
    flags = ("versioned", "conditional", "if_match", "fields", "paged", "offset")
    values: dict[str, Any] = {"filters": {}, "attributes": {}, "schema": None, "max_limit": 0}
    values.update(dict.fromkeys(flags, False), **given)
    return Operation(**values)


def _resource(name: str, operations: Iterable[Operation]) -> Resource:
    found: dict[str, Operation] = {}
    for operation in operations:
        other = found.setdefault(operation.action, operation)
        if other is not operation:
            raise ValueError(f"{other.id} and {operation.id} are both {name}.{operation.action}: see OPERATION_ACTIONS")
    first = next(iter(found[action] for action in ("list", "get", "create", "update") if action in found), None)
    if first is None:
        raise ValueError(f"no regular operation names the collection of {name!r}")
    verb = next((verb for verb, action in overlay.ACTIONS.items() if action == first.action), first.action)
    return Resource(name, collection(first.path, verb), first.schema, found)


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
