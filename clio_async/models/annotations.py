"""What the annotations of a class want to hold."""

from __future__ import annotations

import types
from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Annotated, Any, Final, Literal, NewType, TypeVar, Union, get_args, get_origin, get_type_hints

import attrs
from attrs import frozen

from ..errors import InvalidArgument

__all__ = ["CONTAINERS", "Wanted", "hints_of", "wanted"]

CONTAINERS = frozenset({tuple, Sequence, list, frozenset, set})
_UNIONS = frozenset({Union, types.UnionType})
Bound = Mapping[Any, Any]
"""Type variables, with what stands for them."""


@frozen
class Wanted:
    """What an annotation asks for."""

    one: Any
    """The type of the value, or of each item; Any when it says nothing."""
    container: Any = None
    nullable: bool = False
    choices: tuple[Any, ...] = ()
    """The types that it leaves open, where there are several."""


def wanted(hint: Any, bound: Bound = types.MappingProxyType({})) -> Wanted:
    """Take an annotation apart: ``tuple[Ref, ...] | None`` wants many, of `Ref`, or null.

    :raises ValueError: for what is no type, and for a tuple of a fixed length.
    """
    choices = dict.fromkeys(_choices(hint, bound))
    rest = [choice for choice in choices if choice is not type(None) and choice is not None]
    nullable = len(rest) < len(choices) or Any in choices
    if len(rest) != 1:
        return Wanted(Any, None, nullable, () if Any in rest else tuple(rest))
    (only,) = rest
    origin = get_origin(only) or only
    if origin not in CONTAINERS:
        return Wanted(only, None, nullable)
    items = get_args(only)
    if origin is tuple and items and items[1:] != (...,):
        raise ValueError("a tuple of any length is written tuple[…, ...]")
    inner = wanted(items[0] if items else Any, bound)
    return Wanted(inner.one, origin, nullable, inner.choices)


def _choices(hint: Any, bound: Bound) -> Iterator[Any]:
    """Yield the types that an annotation allows, looking through NewType, Annotated, Final, Literal and aliases."""
    origin = get_origin(hint)
    if isinstance(hint, NewType):
        yield from _choices(hint.__supertype__, bound)
    elif isinstance(hint, TypeVar):
        yield from _choices(bound.get(hint, hint.__bound__ or Any), bound)
    elif type(hint).__name__ == "TypeAliasType":  # of Python 3.12, or its backport
        yield from _choices(hint.__value__, bound)
    elif origin is Annotated or origin is Final:
        yield from _choices(get_args(hint)[0], bound)
    elif origin in _UNIONS:
        for choice in get_args(hint):
            yield from _choices(choice, bound)
    elif origin is Literal:
        yield from (type(value) for value in get_args(hint))
    elif isinstance(hint, Hashable):
        yield Any if hint is object else hint
    else:
        raise ValueError("its annotation is no type")


def hints_of(cls: type[Any]) -> dict[str, Wanted]:
    """Return what each attribute of an attrs class wants.

    :raises InvalidArgument: if an annotation cannot be resolved.
    """
    try:
        hints = get_type_hints(cls, include_extras=True)
    except Exception as error:  # an annotation that is a text is code, which may raise anything
        raise InvalidArgument(
            f"An annotation of {cls.__name__} cannot be resolved: {error}. What it names has to be at module level, "
            "and imported at run time."
        ) from error
    bound = dict(_bound(cls))
    found: dict[str, Wanted] = {}
    for attribute in attrs.fields(cls):
        try:
            found[attribute.name] = wanted(hints.get(attribute.name, attribute.type or Any), bound)
        except ValueError as error:
            raise InvalidArgument(f"{cls.__name__}.{attribute.name}: {error}.") from None
    return found


def _bound(cls: type[Any]) -> Iterator[tuple[Any, Any]]:
    """Yield what a class and its bases have put in the place of type variables."""
    for base in cls.__mro__:
        for generic in base.__dict__.get("__orig_bases__", ()):
            yield from zip(getattr(get_origin(generic), "__parameters__", ()), get_args(generic), strict=False)
