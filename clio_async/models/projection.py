"""Projections: an attrs class of the caller says what to read and what to build."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import is_dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any, cast

import attrs
from attrs import NOTHING, evolve, frozen

from ..codec.plan import Plan, Slot
from ..errors import InvalidArgument, UnknownField
from . import registry
from .annotations import Wanted, hints_of, wanted
from .durations import AsTime, Decider, Timed, decider
from .plans import full, record_class, slot_for
from .record import Record, Ref
from .schema import Field, Kind, Unit

__all__ = ["is_projection", "made_class", "projection_plan", "projection_tree"]

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
class _Attribute:
    """One attribute of a projection, matched with the field that it shows."""

    key: str
    argument: str
    field: Field
    wanted: Wanted
    place: str
    has_default: bool
    decides: Decider | None
    """Where a time is wanted: what says whether the record counts time."""


def _attributes(schema: str, cls: type[Any]) -> list[_Attribute]:
    fields = registry.schema(schema).fields
    hints = hints_of(cls)
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
        hint = hints[attribute.name]
        if attribute.converter is not None and fields[key].schema is None:
            hint = _ANYTHING  # the annotation says what the converter makes of it
        has_default = attribute.default is not NOTHING
        decides = decider(schema, key) if hint.one is timedelta else None
        found.append(_Attribute(key, attribute.alias or key, fields[key], hint, place, has_default, decides))
    _check_once(cls, [attribute.key for attribute in found])
    return _reference(schema, found) if cls is Ref else found


_ANYTHING = wanted(Any)


def _check_once(cls: type[Any], keys: list[str]) -> None:
    for key in keys:
        if keys.count(key) > 1:
            raise InvalidArgument(f"{cls.__name__} has two attributes for Clio's {key}.")


def _reference(schema: str, found: list[_Attribute]) -> list[_Attribute]:
    # `type` tells records of different collections apart; elsewhere it would only be carried along.
    polymorphic = len(registry.collections_of(schema)) > 1
    return [attribute for attribute in found if attribute.key != "type" or polymorphic]


def projection_tree(schema: str, cls: type[Any]) -> dict[str, tuple[str, ...] | None]:
    """Return what a class selects.

    :raises UnknownField: if an attribute is not a field of the schema.
    :raises InvalidArgument: if an annotation cannot hold what the field holds, or if nothing is selected.
    """
    tree = {found.key: _inner(found) for found in _attributes(schema, cls)}
    if not tree:
        raise InvalidArgument(f"{cls.__name__} has no attribute that could be asked for.")
    return tree


def _inner(found: _Attribute) -> tuple[str, ...] | None:
    """Return what stands in the braces of an attribute."""
    of = found.field.schema
    _check_container(found)
    if of is None:
        return None
    one = found.wanted.one
    if found.wanted.choices:
        raise InvalidArgument(f"{found.place} allows several types, and Clio's {found.key} is a record: choose one.")
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
    if not inner:
        raise InvalidArgument(f"{found.place} is a {_name(one)}, which shows nothing of what Clio's {found.key} has.")
    return tuple(nested.key for nested in inner)


def _check_container(found: _Attribute) -> None:
    if found.wanted.one is Any and found.wanted.container is None:
        return  # several types are checked one by one
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


def projection_plan(schema: str, cls: type[Any], unused: frozenset[str] = frozenset()) -> Plan:
    """Return the plan that fills a class. `unused` keys are expected in the answer, too, and not shown.

    :raises InvalidArgument: if an annotation cannot hold what the field holds.
    """
    found = _attributes(schema, cls)
    return Plan(
        schema,
        _build(cls, found),
        tuple([_slot(attribute) for attribute in found]),
        names={attribute.key: attribute.argument for attribute in found},
        defaults=frozenset(attribute.key for attribute in found if attribute.has_default),
        keeps_extra=False,
        unused=unused,
    )


def _build(cls: type[Any], found: list[_Attribute]) -> type[Any]:
    """Return what makes a class: something around it where an amount of time depends on another attribute."""
    shown = {attribute.key: attribute.argument for attribute in found}
    times: dict[str, tuple[Unit, str, Decider]] = {}
    for attribute in found:
        if attribute.decides is None:
            continue
        name, value = attribute.decides
        if name not in shown or not attribute.wanted.nullable:
            raise InvalidArgument(
                f"{attribute.place} counts time in a {value} alone: annotate it as timedelta | None, None where the "
                f"record is of another {name}, and give {cls.__name__} an attribute {name}."
            )
        times[attribute.argument] = (attribute.field.unit, shown[name], attribute.decides)
    return cast("type[Any]", Timed(cls, times)) if times else cls


def made_class(plan: Plan) -> type[Any]:
    """Return the class of what a plan builds."""
    build: Any = plan.build
    return cast("type[Any]", build.made if isinstance(build, Timed) else build)


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
    if found.wanted.choices and expected is not None:
        _check_choices(found)
        return None
    if one is timedelta and found.field.unit:
        return AsTime(found.field.unit) if found.decides is None else None
    if one is Any or one is expected or (expected is None and one in {dict, Mapping}):
        return None
    if one in _SCALARS and expected is not None:
        raise InvalidArgument(f"{found.place} is a {_name(one)}, and Clio's {found.key} a {expected.__name__}.")
    _check_exact(found)
    if expected is not None:
        _check_wraps(found, expected)
    convert = one if isinstance(one, type) and issubclass(one, Enum) else _from_cattrs(found, one)
    return _each(convert) if found.field.many else convert


def _check_choices(found: _Attribute) -> None:
    """Check that one of several types is that of the value, which is then given as it is."""
    for choice in found.wanted.choices:
        alone = evolve(found, wanted=wanted(choice))
        if found.wanted.container is not None:  # of its items
            alone = evolve(alone, wanted=evolve(alone.wanted, container=found.wanted.container))
        elif alone.wanted.container not in {None, tuple, Sequence}:
            continue
        try:
            _check_container(alone)
            if _scalar(alone) is None:
                return
        except InvalidArgument:
            continue
    names = " and ".join(_name(choice) for choice in found.wanted.choices)
    raise InvalidArgument(f"{found.place} allows {names}, and Clio's {found.key} is none of them.")


_EXACT = (Decimal, date, datetime)


def _check_exact(found: _Attribute) -> None:
    """Refuse a class upon one of those whose values are given as they are: they would not be of that class."""
    one = found.wanted.one
    if isinstance(one, type) and one not in _EXACT and issubclass(one, _EXACT) and not issubclass(one, Enum):
        plain = next(base for base in one.__mro__ if base in _EXACT)
        raise InvalidArgument(
            f"{found.place} is a {_name(one)}, and values of Clio's {found.key} are plain: annotate it as "
            f"{_name(plain)}, and make a {_name(one)} of it with a converter (attrs.field(converter=...))."
        )


def _check_wraps(found: _Attribute, expected: type[Any]) -> None:
    """Refuse a type that cannot be made of one plain value."""
    one = found.wanted.one
    if isinstance(one, type) and issubclass(one, Enum):
        if not all(isinstance(member.value, expected) for member in one):
            raise InvalidArgument(
                f"{found.place} is a {_name(one)}, whose values are not all of them {expected.__name__} as Clio's "
                f"{found.key} is."
            )
    elif not isinstance(one, type) or (
        not issubclass(one, expected) and (attrs.has(one) or is_dataclass(one) or issubclass(one, Iterable))
    ):
        raise InvalidArgument(f"{found.place} is a {_name(one)}, and Clio's {found.key} a {expected.__name__}.")


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
