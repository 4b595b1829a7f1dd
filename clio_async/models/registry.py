"""Look up what Clio's API offers: resources, operations, schemas.

The tables are text, generated, and read on first use, one resource or schema at a time. Their lines:

    name kind[] ~ ! unit : a|b   a field: kind, many, derived, never null, documented values
    name -> Schema               an association with one record, => with many
    Id action METHOD path status answer Schema flags limit=N        an operation
    ?name kind wire=name[] flags : a|b                              a filter of the operation above
    =name kind[] ! flags : a|b   an attribute of its body, ! when required; == is inside of the = above it
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from types import MappingProxyType
from typing import cast

from ..errors import InvalidArgument
from ._generated import operations, schemas
from .schema import Answer, Attribute, Field, Filter, Kind, Null, Operation, Resource, Schema, Unit

__all__ = [
    "all_collections",
    "atoms",
    "collections_named",
    "collections_of",
    "default_fields",
    "defaults",
    "is_state_machine",
    "match",
    "never_merged",
    "own_keys",
    "parse_resource",
    "parse_schema",
    "read_in_full",
    "resource",
    "resource_names",
    "schema",
    "schema_names",
]


@cache
def resource(name: str) -> Resource:
    """Return the resource of that name.

    :raises InvalidArgument: if there is none.
    """
    try:
        return parse_resource(name, operations.RESOURCES[name])
    except KeyError:
        raise InvalidArgument(f"{name!r} is not a resource of Clio's API.") from None


def resource_names() -> tuple[str, ...]:
    """Return the names of all resources, sorted."""
    return tuple(operations.RESOURCES)


@cache
def schema(name: str) -> Schema:
    """Return the schema of that name, as in the document: ``Matter`` or ``Matter_base``.

    :raises InvalidArgument: if there is none.
    """
    try:
        return parse_schema(name, schemas.SCHEMAS[name])
    except KeyError:
        raise InvalidArgument(f"{name!r} is not a schema of Clio's API.") from None


def schema_names() -> tuple[str, ...]:
    """Return the names of all schemas of records, sorted."""
    return tuple(schemas.SCHEMAS)


def match(method: str, path: str) -> tuple[Resource, Operation, dict[str, str]] | None:
    """Find the operation that a request is, with the values of its placeholders.

    `path` is relative to the API root, with or without ``.json``, and without a query.
    """
    segments = path.removesuffix(".json").split("/")
    for mask in _masks().get(len(segments), ()):
        shape = "/".join("{}" if index in mask else segment for index, segment in enumerate(segments))
        place = operations.PATHS.get(f"{method} {shape}")
        if place is not None:
            found = resource(place[0])
            operation = found.operations[place[1]]
            names = [part[1:-1] for part in operation.path.removesuffix(".json").split("/") if part.startswith("{")]
            return found, operation, dict(zip(names, [segments[index] for index in mask], strict=True))
    return None


@cache
def _masks() -> dict[int, tuple[tuple[int, ...], ...]]:
    """By number of segments: at which places the known paths have placeholders, none before some."""
    found: dict[int, set[tuple[int, ...]]] = {}
    for shape in operations.PATHS:
        segments = shape.split("/")
        found.setdefault(len(segments), set()).add(tuple(index for index, part in enumerate(segments) if part == "{}"))
    return {count: tuple(sorted(masks, key=lambda mask: (len(mask), mask))) for count, masks in found.items()}


def defaults(name: str) -> tuple[str, ...]:
    """Return the fields that Clio answers for a resource when none are asked for.

    See https://docs.developers.clio.com/api-docs/fields.
    """
    of = resource(name).schema
    return () if of is None else default_fields(of)


def default_fields(schema_name: str) -> tuple[str, ...]:
    """Return the fields that Clio answers for records of a schema when none are asked for."""
    fields = schema(schema_name).fields
    more = schemas.DEFAULTS.get(schema_name.removesuffix("_base"), ())
    return tuple(name for name in ("id", "etag", *more) if name in fields)


def own_keys(schema_name: str) -> tuple[str, ...]:
    """Return the fields by which a record is known and guarded: ``id`` and ``etag``, where it has them."""
    return tuple(name for name in ("id", "etag") if name in schema(schema_name).fields)


def read_in_full(schema_name: str) -> bool:
    """Whether the default selection of these records holds what is derived, too."""
    return schema_name.removesuffix("_base") in schemas.READ_IN_FULL


def collections_of(schema_name: str) -> tuple[str, ...]:
    """Return the paths of the collections whose records a schema shows: several for a polymorphic one."""
    return schemas.COLLECTIONS.get(schema_name.removesuffix("_base"), ())


def all_collections() -> frozenset[str]:
    """Return the paths of all collections whose records a schema shows."""
    return frozenset(path for paths in schemas.COLLECTIONS.values() for path in paths)


def collections_named(association: str) -> frozenset[str]:
    """Return the collections that associations of a name lead to, in any schema; none if one of them is not known."""
    found: set[str] = set()
    for text in schemas.SCHEMAS.values():
        for line in text.splitlines():
            name, word, *rest = line.split(" ", 2)
            if name == association and word in {"->", "=>"}:
                paths = collections_of(rest[0])
                if not paths:
                    return frozenset()
                found.update(paths)
    return frozenset(found)


def atoms(schema_name: str) -> tuple[frozenset[str], ...]:
    """Return the groups of fields that belong together: who changes one of a group has decided on all of it."""
    return tuple(frozenset(group) for group in schemas.ATOMS.get(schema_name.removesuffix("_base"), ()))


def never_merged(schema_name: str) -> frozenset[str]:
    """Return the fields that are set by whoever has seen the whole record: rates, and the states of bills."""
    return frozenset(schemas.NEVER_MERGED.get(schema_name.removesuffix("_base"), ()))


def is_state_machine(operation: Operation) -> bool:
    """Whether a DELETE moves its record through states, so that a second one is another act."""
    return operation.id in operations.STATE_MACHINE_DELETES


# -- reading the tables -------------------------------------------------------------------------------------------


def parse_schema(name: str, text: str) -> Schema:
    """Read the table of a schema."""
    return Schema(name, MappingProxyType({found.name: found for found in map(_parse_field, text.splitlines())}))


def _split(line: str) -> tuple[list[str], tuple[str, ...]]:
    words, _, values = line.partition(" : ")
    return words.split(), tuple(values.split("|")) if values else ()


def _kind(word: str) -> tuple[Kind, bool]:
    return cast("Kind", word.removesuffix("[]")), word.endswith("[]")


def _parse_field(line: str) -> Field:
    (name, word, *flags), enum = _split(line)
    if word in {"->", "=>"}:
        return Field(name, "object", flags[0], word == "=>")
    kind, many = _kind(word)
    return Field(name, kind, None, many, enum, "~" in flags, "!" in flags, _unit(flags))


def _unit(flags: list[str]) -> Unit:
    return "seconds" if "seconds" in flags else "hours" if "hours" in flags else ""


def parse_resource(name: str, text: str) -> Resource:
    """Read the table of a resource."""
    head, *lines = text.splitlines()
    path, schema_name = head.split()
    starts = [index for index, line in enumerate(lines) if line[0] not in "?="]
    blocks = [lines[start:end] for start, end in pairwise([*starts, len(lines)])]
    found = [_parse_operation(name, block) for block in blocks]
    by_action = MappingProxyType({operation.action: operation for operation in found})
    return Resource(name, path, _none(schema_name), by_action)


def _none(word: str) -> str | None:
    return None if word == "-" else word


def _parse_operation(resource_name: str, lines: list[str]) -> Operation:
    identity, action, method, path, status, answer, schema_name, *flags = lines[0].split()
    filters = [_parse_filter(line) for line in lines[1:] if line[0] == "?"]
    return Operation(
        id=identity,
        resource=resource_name,
        action=action,
        method=method,
        path=path,
        filters=MappingProxyType({found.name: found for found in filters}),
        attributes=_parse_attributes([line for line in lines if line[0] == "="], 1),
        schema=_none(schema_name),
        answer=cast("Answer", answer),
        status=int(status),
        versioned="versioned" in flags,
        conditional="conditional" in flags,
        if_match="if_match" in flags,
        fields="fields" in flags,
        paged="paged" in flags,
        offset="offset" in flags,
        max_limit=next((int(flag.removeprefix("limit=")) for flag in flags if flag.startswith("limit=")), 0),
    )


def _parse_filter(line: str) -> Filter:
    (word, kind, *flags), enum = _split(line)
    name = word[1:]
    return Filter(
        name=name,
        wire=next((flag.removeprefix("wire=") for flag in flags if flag.startswith("wire=")), name),
        kind=_kind(kind)[0],
        enum=enum,
        many="many" in flags,
        comma="comma" in flags,
        required="required" in flags,
        comparison="comparison" in flags,
        nullable="nullable" in flags,
    )


def _parse_attributes(lines: list[str], depth: int) -> Mapping[str, Attribute]:
    found: dict[str, Attribute] = {}
    starts = [index for index, line in enumerate(lines) if line[depth] != "="]
    for start, end in pairwise([*starts, len(lines)]):
        (name, word, *flags), enum = _split(lines[start][depth:])
        kind, many = _kind(word)
        inner = _parse_attributes(lines[start + 1 : end], depth + 1)
        null: Null = "never" if "never-null" in flags else "by_id" if "null-by-id" in flags else ""
        found[name] = Attribute(name, kind, many, enum, "!" in flags, inner, null, _unit(flags), "ignored" in flags)
    return MappingProxyType(found)
