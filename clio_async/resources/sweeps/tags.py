"""What tags tell: the selection of tags that stands for another one, and what a record shows of it.

The tag of a record is one of its own attributes, and of which records it is associated with; what is nested has tags of
its own (https://docs.developers.clio.com/api-docs/etags).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from ...models import registry
from ...models.plans import full
from ...models.record import Record
from ...models.schema import Field
from ...models.selection import Selection
from ...protocol.fields import format_fields
from ...protocol.shapes import is_mapping
from .carried import ABSENT, Tree, shown

__all__ = ["Facts", "agree", "facts_of", "facts_shown", "tags_for"]

Facts: TypeAlias = Mapping[str, Any]
"""By field: the `etag` of a record, and the `id` and `etag` of each record that it is associated with."""

_REFERENCE = frozenset({"id", "type"})


def tags_for(schema: str, selection: Selection[Any]) -> dict[str, tuple[str, ...] | None] | None:
    """Return the selection of tags that tell whether anything has changed of what a selection reads.

    None if none do: it holds what is derived, collections, what has no tag of its own, or what is not known here.
    """
    fields = registry.schema(schema).fields
    if "etag" not in fields or selection.text != format_fields(selection.tree):
        return None
    found: dict[str, tuple[str, ...] | None] = {"id": None, "etag": None}
    for name, inner in selection.tree.items():
        if fields[name].schema is None:
            if fields[name].derived:
                return None
            continue
        below = _below(fields[name], inner)
        if below is None:
            return None
        found[name] = below
    return found


def _below(field: Field, inner: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """Return the tags of an associated record. What is known of it by its place alone has none to be asked for."""
    of = registry.schema(full(field.schema or "")).fields
    names = registry.default_fields(field.schema or "") if inner is None else inner
    if field.many or "id" not in of or any(of[name].derived or of[name].schema is not None for name in names):
        return None
    typed = ("type",) if "type" in names and len(registry.collections_of(field.schema or "")) > 1 else ()
    if _REFERENCE.issuperset(names):
        return ("id", *typed)
    return ("id", "etag", *typed) if "etag" in of else None


def facts_of(record: object, tree: Tree, *, wanted: bool = False) -> Facts | None:
    """Return what an object shows of tags. None if it does not show them, or something was withheld of it.

    If they are `wanted`, all of them, then what it lacks tells nothing; else that is passed over.
    """
    return _facts(record, tree, _attribute, wanted)


def facts_shown(document: Mapping[str, Any], tree: Tree) -> Facts | None:
    """Return what a record that is given as a JSON object shows of tags. See `facts_of`."""
    return _facts(document, tree, _key, wanted=False)


def agree(held: Facts | None, found: Facts | None) -> bool:
    """Say whether an answer shows all that an object shows of tags, and as it does."""
    if held is None or found is None:
        return False
    return all(found.get(name, ABSENT) == value for name, value in held.items())


_Get: TypeAlias = Callable[[Any, str], Any]


def _attribute(held: object, name: str) -> Any:
    if isinstance(held, Record):
        return held.redacted if name == "redacted" else shown(held, name)
    found = getattr(held, name, ABSENT)
    return getattr(held, f"{name}_", ABSENT) if found is ABSENT else found


def _key(held: object, name: str) -> Any:
    return held.get(name, ABSENT) if is_mapping(held) else ABSENT


def _facts(held: object, tree: Tree, get: _Get, wanted: bool) -> Facts | None:
    tag = get(held, "etag")
    if not isinstance(tag, str) or not tag or get(held, "redacted") is True:
        return None
    found: dict[str, Any] = {"etag": tag}
    for name, inner in tree.items():
        value = None if inner is None else get(held, name)
        if value is ABSENT and wanted:
            return None
        if inner is None or value is ABSENT:
            continue
        found[name] = None if value is None else tuple([get(value, key) for key in inner])
        if value is not None and (
            get(value, "redacted") is True or any(each is ABSENT or each is None for each in found[name])
        ):
            return None
    return found
