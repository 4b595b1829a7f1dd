"""How records are decoded: plans made of schemas."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar

from ..codec.ledger import Ledger
from ..codec.plan import Plan, Slot
from ..codec.structure import structure
from . import _generated as records
from . import registry
from .record import Record, blank_of
from .schema import Field

__all__ = ["Tree", "from_dict", "full", "record_class", "record_plan", "slot_for"]

R = TypeVar("R", bound=Record)

Tree = Mapping[str, tuple[str, ...] | None]
"""A selection: names, with those in their braces."""


def full(schema: str) -> str:
    """Return the name of the schema that has the associations of a ``_base``, too."""
    plain = schema.removesuffix("_base")
    return plain if plain in registry.schema_names() else schema


@cache
def record_class(schema: str) -> type[Record]:
    """Return the class that holds records of a schema."""
    found: type[Record] = getattr(records, records.CLASSES[schema.removesuffix("_base")])
    return found


def record_plan(schema: str, tree: Tree) -> Plan:
    """Return the plan for records that are expected to hold what `tree` names."""
    name = full(schema)
    fields = registry.schema(name).fields
    slots = tuple([slot_for(fields[key], inner) for key, inner in tree.items() if key in fields])
    build = record_class(schema)
    return Plan(name, build, slots, _Known(name), blank=blank_of(build))


def slot_for(field: Field, inner: tuple[str, ...] | None) -> Slot:
    """Return the slot of a field; `inner` names what stands in its braces, None for Clio's defaults."""
    plan = None
    if field.schema is not None:
        names = inner if inner is not None else registry.default_fields(field.schema)
        plan = record_plan(field.schema, dict.fromkeys(names))
    return Slot(field.name, field.kind, field.many, plan, nullable=not field.never_null)


class _Known:
    """Finds the slot of a key that came unasked, in every field of a schema."""

    def __init__(self, schema: str) -> None:
        self._schema = schema

    def __call__(self, key: str) -> Slot | None:
        field = registry.schema(self._schema).fields.get(key)
        if field is None:
            return None
        plan = _loose(field.schema) if field.schema is not None else None
        return Slot(key, field.kind, field.many, plan, nullable=not field.never_null)


@cache
def _loose(schema: str) -> Plan:
    return record_plan(schema, {})


def from_dict(cls: type[R], values: Mapping[str, Any]) -> R:
    """Make a record of plain values, wherever they are from.

    :raises SchemaError: if a value contradicts the schema.
    """
    found: R = structure(_loose(cls.__schema__), dict(values), cls.__name__, Ledger(strict=True))
    return found
