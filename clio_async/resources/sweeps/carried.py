"""What records show: the selection that reads as much of them again, and whether an answer still says the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, TypeAlias

from ...models import registry
from ...models.comparing import plain
from ...models.plans import full
from ...models.record import Record
from ...models.schema import Field
from ...models.selection import both
from ...protocol.shapes import is_array

__all__ = ["ABSENT", "Tree", "associations", "entire", "held", "same", "shown", "union", "within"]

Tree: TypeAlias = Mapping[str, tuple[str, ...] | None]

ABSENT: Any = object()
"""Stands for what an object does not show."""


@cache
def associations(schema: str) -> frozenset[str]:
    """Return the names of the attributes of a schema that are records."""
    return frozenset(name for name, field in registry.schema(full(schema)).fields.items() if field.schema is not None)


def held(record: Record) -> dict[str, Any]:
    """Return the attributes that a record holds."""
    return dict(record._present())  # noqa: SLF001 - of each, `in` would look at all


def shown(record: Record, name: str) -> Any:
    """Return what a record shows under a name; `ABSENT` if nothing."""
    return getattr(super(type(record), record), name, ABSENT)  # past what makes an error of it, with its advice


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


def same(old: Any, new: Any, tree: Tree | None, *, wanted: bool = False) -> bool:
    """Say whether a record shows all that an older one of its kind shows, as far as both were to show it.

    `tree` is what was asked for of the new one; None for whatever it shows. If it was `wanted` of the older one, too,
    then what that lacks of it is a change; but its own attributes have not changed while its tag has not.
    """
    if not isinstance(old, Record) or not isinstance(new, Record):
        if is_array(old) and is_array(new):
            pairs = zip(old, new, strict=False)
            return len(old) == len(new) and all(same(*pair, tree, wanted=wanted) for pair in pairs)
        return bool(old == new) or bool(plain(old) == plain(new))
    if old.redacted != new.redacted:
        return False
    names = dict.fromkeys(held(old)) if tree is None else tree
    return all(_same_field(old, new, name, inner, wanted) for name, inner in names.items())


def _same_field(old: Record, new: Record, name: str, inner: tuple[str, ...] | None, wanted: bool) -> bool:
    was, now = shown(old, name), shown(new, name)
    if was is ABSENT:
        return not wanted or now is ABSENT or _covered(old, new, name)
    return now is not ABSENT and same(was, now, None if inner is None else dict.fromkeys(inner), wanted=wanted)


def _covered(old: Record, new: Record, name: str) -> bool:
    """Whether an attribute is one of those that a tag tells of, and the tag is as it was."""
    field = registry.schema(full(new.__schema__)).fields.get(name)
    own = field is not None and field.schema is None and not field.derived
    tag = shown(new, "etag")
    return own and isinstance(tag, str) and tag != "" and shown(old, "etag") == tag


def within(record: Record, name: str) -> Any:
    """Return what a record shows under a name that may be unknown to this version of the package, to be compared."""
    found = shown(record, name) if name in record.__fields__ else ABSENT
    return plain(record.extra.get(name, ABSENT) if found is ABSENT else found)
