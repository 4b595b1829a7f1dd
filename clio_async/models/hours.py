"""Records of older versions of the API, in which activities count hours: the same attributes mean something else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, TypeVar, cast

import attrs

from . import registry
from .plans import full
from .projection import _attributes, is_projection
from .record import Record

__all__ = ["count_hours", "times_in_seconds"]

T = TypeVar("T")


def count_hours(found: T) -> T:
    """Have every record that counts seconds, in whatever is given, count hours. Return what was given."""
    for record in _records(found):
        if _counts_seconds(record.__schema__):
            object.__setattr__(record, "_counts_hours", True)
    return found


def _records(found: Any) -> Iterator[Record]:
    """Yield the records in something that was read, and those that they hold."""
    cls: Any = found.__class__
    if isinstance(found, Record):
        yield found
        held = [value for _, value in found._present()]  # noqa: SLF001 - of this folder
    elif isinstance(found, tuple | list | set | frozenset):
        held = [*cast("Iterable[Any]", found)]
    elif attrs.has(cls):
        held = [getattr(found, attribute.name, None) for attribute in attrs.fields(cls)]
    else:
        return
    for value in held:
        yield from _records(value)


@lru_cache(64)
def _counts_seconds(schema: str) -> bool:
    fields = registry.schema(full(f"{schema}_base")).fields  # of some there is no other
    return any(field.unit == "seconds" for field in fields.values())


def times_in_seconds(schema: str, cls: type[Any]) -> tuple[str, ...]:
    """Return the attributes of a class of the caller's that are times, made of what is known to be seconds."""
    return tuple(_times(schema, cls)) if is_projection(cls) else ()


def _times(schema: str, cls: type[Any]) -> Iterator[str]:
    for found in _attributes(schema, cls):
        inner = found.wanted.one
        if found.decides is not None and found.field.unit == "seconds":
            yield found.place
        elif found.field.schema is not None and isinstance(inner, type) and is_projection(inner):
            yield from _times(full(found.field.schema), inner)
