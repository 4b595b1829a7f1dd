"""Projections: an attrs class of the caller says what to read and what to build."""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal, NewType, Union, get_args, get_origin, get_type_hints

import attrs
from attrs import NOTHING, frozen

from ..codec.plan import Plan, Slot
from ..errors import InvalidArgument, UnknownField
from . import registry
from .plans import full, record_class, slot_for
from .record import Record, Ref
from .schema import Field, Kind

__all__ = ["is_immutable", "is_projection", "projection_plan", "projection_tree"]

_TYPES: dict[Kind, type[Any]] = {
    "integer": int,
    "string": str,
    "etag": str,
    "boolean": bool,
    "decimal": Decimal,
    "date": date,
    "datetime": datetime,
}
_SCALARS = frozenset({int, str, bool, Decimal, date, datetime, float, bytes, complex})
_CONTAINERS: dict[Any, Callable[[Any], Any] | None] = {
    tuple: None,
    Sequence: None,
    list: list,
    frozenset: frozenset,
    set: set,
}


def is_projection(cls: type[Any]) -> bool:
    """Whether a class can be filled from an answer: an attrs class that is no record."""
    return attrs.has(cls) and not issubclass(cls, Record)


@frozen
class _Wanted:
    """What an annotation asks for."""

    one: Any
    """The type of the value, or of each item; Any when it says nothing."""
    container: Any = None
    nullable: bool = False


def _wanted(hint: Any) -> _Wanted:
    """Take an annotation apart: ``tuple[Ref, ...] | None`` wants many, of `Ref`, or null."""
    hint = _bare(hint)
    if get_origin(hint) in {Union, types.UnionType}:
        rest = [_bare(choice) for choice in get_args(hint) if choice is not type(None)]
        nullable = len(rest) < len(get_args(hint))
        merged = str if all(choice is str for choice in rest) else rest[0] if len(rest) == 1 else Any
        inner = _wanted(merged)
        return _Wanted(inner.one, inner.container, nullable)
    origin = get_origin(hint)
    if origin in _CONTAINERS:
        return _Wanted(_wanted(get_args(hint)[0]).one, origin)
    return _Wanted(hint, nullable=hint is Any)


def _bare(hint: Any) -> Any:
    """Look through NewType, Annotated and Literal."""
    while True:
        if isinstance(hint, NewType):
            hint = hint.__supertype__
        elif get_origin(hint) is Annotated:
            hint = get_args(hint)[0]
        elif get_origin(hint) is Literal:
            kinds: set[Any] = {type(value) for value in get_args(hint)}
            return kinds.pop() if len(kinds) == 1 else Any
        else:
            return Any if hint is object else hint


@frozen
class _Attribute:
    """One attribute of a projection, matched with the field that it shows."""

    key: str
    argument: str
    field: Field
    wanted: _Wanted
    place: str
    has_default: bool


def _attributes(schema: str, cls: type[Any]) -> list[_Attribute]:
    fields = registry.schema(schema).fields
    hints = _hints(cls)
    found: list[_Attribute] = []
    for attribute in attrs.fields(cls):
        if not attribute.init:
            continue
        key = attribute.name if attribute.name in fields else attribute.name.rstrip("_")
        if key not in fields:
            if cls is Ref:
                continue
            raise UnknownField(key, fields, where=f"{schema} (asked for by {cls.__name__})")
        place = f"{cls.__name__}.{attribute.name}"
        wanted = _wanted(hints.get(attribute.name, Any))
        has_default = attribute.default is not NOTHING
        found.append(_Attribute(key, attribute.alias or key, fields[key], wanted, place, has_default))
    return _reference(schema, found) if cls is Ref else found


def _hints(cls: type[Any]) -> dict[str, Any]:
    try:
        return get_type_hints(cls, include_extras=True)
    except NameError as error:
        raise InvalidArgument(
            f"An annotation of {cls.__name__} cannot be resolved: {error}. Its classes have to be at module level."
        ) from error


def _reference(schema: str, found: list[_Attribute]) -> list[_Attribute]:
    # `type` tells records of different collections apart; elsewhere it would only be carried along.
    polymorphic = len(registry.collections_of(schema)) > 1
    return [attribute for attribute in found if attribute.key != "type" or polymorphic]


def projection_tree(schema: str, cls: type[Any]) -> dict[str, tuple[str, ...] | None]:
    """Return what a class selects.

    :raises UnknownField: if an attribute is not a field of the schema.
    :raises InvalidArgument: if an annotation cannot hold what the field holds.
    """
    return {found.key: _inner(found) for found in _attributes(schema, cls)}


def _inner(found: _Attribute) -> tuple[str, ...] | None:
    """Return what stands in the braces of an attribute."""
    of = found.field.schema
    _check_container(found)
    if of is None:
        return None
    one = found.wanted.one
    if one is Any:
        return None
    if not isinstance(one, type) or not attrs.has(one):
        raise InvalidArgument(
            f"{found.place} is a {_name(one)}, and Clio's {found.key} a record: use Ref or an attrs class."
        )
    if issubclass(one, Record):
        if one is not record_class(of):
            raise InvalidArgument(
                f"{found.place} is a {_name(one)}, and Clio's {found.key} a {record_class(of).__name__}."
            )
        own = registry.schema(of).own
        return tuple(name for name in own if not own[name].derived)
    inner = _attributes(full(of), one)
    for nested in inner:
        if nested.field.schema is not None:
            _check_by_name(nested)
    return tuple(nested.key for nested in inner)


def _check_container(found: _Attribute) -> None:
    if found.wanted.one is Any and found.wanted.container is None:
        return
    if found.field.many and found.wanted.container is None:
        raise InvalidArgument(f"{found.place} is for one value, and Clio's {found.key} is a list: use tuple[…, ...].")
    if found.wanted.container is not None and not found.field.many and found.field.kind != "json":
        raise InvalidArgument(f"{found.place} is for a list, and Clio's {found.key} is one value.")


def _check_by_name(nested: _Attribute) -> None:
    # Clio takes no braces within braces: what is named there comes with its defaults, as a record.
    if nested.wanted.one is not Any and nested.wanted.one is not record_class(nested.field.schema or ""):
        raise InvalidArgument(
            f"{nested.place} would need braces within braces, which Clio refuses. "
            f"Annotate it as {record_class(nested.field.schema or '').__name__}: it comes with its defaults."
        )


def projection_plan(schema: str, cls: type[Any]) -> Plan:
    """Return the plan that fills a class.

    :raises InvalidArgument: if an annotation cannot hold what the field holds.
    """
    found = _attributes(schema, cls)
    return Plan(
        schema,
        cls,
        tuple([_slot(attribute) for attribute in found]),
        names={attribute.key: attribute.argument for attribute in found},
        defaults=frozenset(attribute.key for attribute in found if attribute.has_default),
        keeps_extra=False,
    )


def _slot(found: _Attribute) -> Slot:
    container = _CONTAINERS.get(found.wanted.container)
    inner = _inner(found)
    of = found.field.schema
    one = found.wanted.one
    if of is None:
        convert = _both(_scalar(found), container)
        return Slot(found.key, found.field.kind, found.field.many, None, convert, found.wanted.nullable)
    if one is Any or issubclass(one, Record):
        plan = slot_for(found.field, inner).plan
    else:
        plan = projection_plan(full(of), one)
    return Slot(found.key, "object", found.field.many, plan, container, found.wanted.nullable)


def _scalar(found: _Attribute) -> Callable[[Any], Any] | None:
    """Return what turns the decoded value, or each item, into the type that is wanted; None when it is that already."""
    one = found.wanted.one
    expected = _TYPES.get(found.field.kind)
    if one is Any or one is expected or (expected is None and one in {dict, Mapping}):
        return None
    if one in _SCALARS and expected is not None:
        raise InvalidArgument(f"{found.place} is a {_name(one)}, and Clio's {found.key} a {expected.__name__}.")
    convert = one if isinstance(one, type) and issubclass(one, Enum) else _from_cattrs(found, one)
    return _each(convert) if found.field.many else convert


def _each(convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda items: tuple([convert(item) for item in items])


def _both(first: Callable[[Any], Any] | None, then: Callable[[Any], Any] | None) -> Callable[[Any], Any] | None:
    if first is None or then is None:
        return first or then
    return lambda value: then(first(value))


def _from_cattrs(found: _Attribute, one: Any) -> Callable[[Any], Any]:
    from .converter import structure_hook

    try:
        return structure_hook(one)
    except LookupError as error:
        raise InvalidArgument(
            f"{found.place} is a {_name(one)}, and nothing makes one of Clio's {found.key}."
        ) from error


def _name(hint: Any) -> str:
    return getattr(hint, "__name__", None) or str(hint)


def is_immutable(plan: Plan) -> bool:
    """Whether what a plan builds cannot be changed: records, and frozen classes that hold nothing mutable."""
    if not plan.keeps_extra:
        setter = getattr(plan.build, "__setattr__", None)
        if getattr(setter, "__name__", "") != "_frozen_setattrs":
            return False
        if any(slot.convert is not None and not _is_enum(slot.convert) for slot in plan.slots):
            return False
    return all(slot.plan is None or is_immutable(slot.plan) for slot in plan.slots)


def _is_enum(convert: Callable[[Any], Any]) -> bool:
    return convert is frozenset or (isinstance(convert, type) and issubclass(convert, Enum))
