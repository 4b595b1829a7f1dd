"""What records hold: the selection that reads as much of them again, and whether an answer still says the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from ...models import registry
from ...models.plans import full
from ...models.record import Record
from ...models.schema import Field
from ...models.selection import both
from ...protocol.shapes import is_array

__all__ = ["Tree", "carried", "entire", "held", "same", "union"]

Tree: TypeAlias = Mapping[str, tuple[str, ...] | None]

_ABSENT: Any = object()


def carried(record: Record) -> dict[str, tuple[str, ...] | None]:
    """Return the selection that a record holds. Of what is null, empty or withheld it knows no more."""
    fields = registry.schema(full(record.__schema__)).fields
    return {name: _inside(value) if fields[name].schema is not None else None for name, value in held(record).items()}


def held(record: Record) -> dict[str, Any]:
    """Return the attributes that a record holds."""
    return dict(record._present())  # noqa: SLF001 - of each, `in` would look at all


def _inside(value: Any) -> tuple[str, ...] | None:
    """Return what associated records show; None where nothing was there to be seen."""
    rows = [row for row in (value if is_array(value) else (value,)) if isinstance(row, Record) and not row.redacted]
    return tuple(dict.fromkeys(name for row in rows for name in held(row))) or None


def union(schema: str, trees: Iterable[Tree]) -> dict[str, tuple[str, ...] | None]:
    """Return all that selections name. What no record shows the inside of is read with its `id` and `type`.

    Of a collection it is what Clio answers of it by default.
    """
    fields = registry.schema(schema).fields
    found: dict[str, tuple[str, ...] | None] = {}
    for tree in trees:
        for name, inner in tree.items():
            known = found.get(name)
            found[name] = both(fields[name], known, inner) if known and inner else known or inner
    return {name: inner or _reference(fields[name]) for name, inner in found.items()}


def _reference(field: Field) -> tuple[str, ...] | None:
    if field.schema is None or field.many:
        return None
    known = registry.schema(full(field.schema)).fields
    return tuple(key for key in ("id", "type") if key in known) or None


def entire(schema: str, tree: Tree) -> Tree:
    """Return a selection with what Clio answers by default in the braces that it leaves out."""
    fields = registry.schema(schema).fields
    return {
        name: registry.default_fields(of) if inner is None and (of := fields[name].schema) is not None else inner
        for name, inner in tree.items()
    }


def same(old: Any, new: Any, tree: Tree | None) -> bool:
    """Say whether a record shows all that an older one of its kind shows, as far as both were to show it.

    `tree` is what was asked for of the new one; None for whatever it shows.
    """
    if not isinstance(old, Record) or not isinstance(new, Record):
        if is_array(old) and is_array(new):
            return len(old) == len(new) and all(same(one, other, tree) for one, other in zip(old, new, strict=True))
        return bool(old == new)
    if old.redacted != new.redacted:
        return False
    shown = held(new)
    for name, value in held(old).items():
        if tree is None or name in tree:
            inner = None if tree is None else tree[name]
            if not same(value, shown.get(name, _ABSENT), None if inner is None else dict.fromkeys(inner)):
                return False
    return True
