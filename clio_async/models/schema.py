"""What the registry says about Clio's API: values without behaviour.

Names are those of the OpenAPI document: `Matter_base` holds the own attributes of a matter, `Matter` also its
associations.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Literal, TypeAlias

from attrs import define, field, frozen

__all__ = [
    "Action",
    "Answer",
    "Attribute",
    "Field",
    "Filter",
    "Kind",
    "Null",
    "Operation",
    "Resource",
    "Schema",
    "Unit",
    "default_tree",
]

Kind: TypeAlias = Literal["integer", "string", "boolean", "decimal", "date", "datetime", "etag", "object", "json"]
"""`json` is any JSON value, `object` a record of the schema it names, or any JSON object when it names none."""

Unit: TypeAlias = Literal["", "seconds", "hours"]
"""What a number of time counts."""

Null: TypeAlias = Literal["", "never", "by_id"]
"""Whether a write may say null: nothing is known; Clio refuses or ignores it; by the id, as in ``{"id": null}``."""

Action: TypeAlias = str
"""``list``, ``get``, ``create``, ``update``, ``delete``, or Clio's own name of an irregular action."""

Answer: TypeAlias = Literal["record", "list", "ids", "empty", "redirect", "text"]
"""What a success carries: one record, a page of records, a page of bare ids, nothing, a `Location`, or HTML."""


@frozen
class Field:
    """An attribute or association that an answer may hold."""

    name: str
    kind: Kind
    schema: str | None = None
    """The schema of an association."""
    many: bool = False
    enum: tuple[str, ...] = ()
    """The documented values. Clio adds to them without notice."""
    derived: bool = False
    """It changes although the record's etag may stay: a balance, a count, elapsed time."""
    never_null: bool = False
    unit: Unit = ""


@define(frozen=True, slots=False)
class Schema:
    """The fields of a record, own attributes first."""

    name: str
    fields: Mapping[str, Field] = field(hash=False)

    @cached_property
    def own(self) -> Mapping[str, Field]:
        """The attributes of the record itself."""
        return MappingProxyType({name: found for name, found in self.fields.items() if found.schema is None})

    @cached_property
    def associations(self) -> Mapping[str, Field]:
        """The fields that hold other records."""
        return MappingProxyType({name: found for name, found in self.fields.items() if found.schema is not None})


def default_tree(schema: Schema, find: Callable[[str], Schema], *, whole: bool) -> dict[str, tuple[str, ...] | None]:
    """Return what is read when nothing else is asked for; `find` looks up the schemas of associated records.

    All own attributes but the derived ones, and the `id` (and `type`) of each associated record. Records that are
    hardly of use without what is derived have it all (`whole`).
    """
    tree: dict[str, tuple[str, ...] | None] = {}
    for name, own in schema.own.items():
        if whole or not own.derived:
            tree[name] = None
    for name, association in schema.associations.items():
        known = find(association.schema or "").fields
        inner = tuple(key for key in ("id", "type") if key in known)
        if not association.many and "id" in inner:
            tree[name] = inner
    return tree


@frozen
class Filter:
    """A query parameter of an operation, other than `fields`, `limit`, `page_token` and `offset`."""

    name: str
    """The keyword argument: a Python identifier."""
    wire: str
    """The name on the wire, as in ``ids[]``; ``custom_field_values[{}]`` takes an id in its braces."""
    kind: Kind
    enum: tuple[str, ...] = ()
    many: bool = False
    """It may be repeated, as ``name[]``."""
    comma: bool = False
    """It takes several values, separated by commas."""
    required: bool = False
    comparison: bool = False
    """An operator stands inside the value: ``open_date=>=2020-01-01``."""
    nullable: bool = False
    """The word ``null`` is a legal value."""


@frozen
class Attribute:
    """What a write may carry under one name."""

    name: str
    kind: Kind
    many: bool
    enum: tuple[str, ...]
    required: bool
    attributes: Mapping[str, Attribute] = field(hash=False)
    """What an object holds; empty when the document does not say."""
    null: Null = ""
    unit: Unit = ""
    may_be_ignored: bool = False
    """Clio was seen to answer 200 to a change of it, and to leave it as it was."""


@frozen
class Operation:
    """One of Clio's operations."""

    id: str
    """As in the document: ``Matter#index``."""
    resource: str
    """The name of its resource."""
    action: Action
    method: str
    path: str
    """Relative to the API root, with its placeholders: ``/matters/{id}.json``."""
    filters: Mapping[str, Filter] = field(hash=False)
    """By keyword argument."""
    attributes: Mapping[str, Attribute] = field(hash=False)
    """What the ``data`` of the body may hold, by name on the wire."""
    schema: str | None
    """The schema of the records in the answer."""
    answer: Answer
    status: int
    """The status of a success."""
    versioned: bool
    """It declares `X-API-VERSION`."""
    conditional: bool
    """It declares `If-None-Match`."""
    if_match: bool
    """It declares `If-Match`."""
    fields: bool
    """It takes `fields`."""
    paged: bool
    """It takes `page_token`."""
    offset: bool
    """It takes `offset`, which the document does not declare anywhere."""
    max_limit: int
    """The largest `limit`, 0 when it takes none."""

    @property
    def many(self) -> bool:
        """Whether the answer is a page."""
        return self.answer in {"list", "ids"}


@frozen
class Resource:
    """A group of operations on one kind of record."""

    name: str
    """The attribute of the client: ``matters``."""
    path: str
    """The collection, without ``.json``: ``/matters``; with placeholders where it is nested."""
    schema: str | None
    operations: Mapping[str, Operation] = field(hash=False)
    """By action."""
