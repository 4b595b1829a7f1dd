"""What tags tell: the selection of tags that stands for another one, and what a record shows of it.

The tag of a record is one of its own attributes, and of which records it is associated with; what is nested has tags of
its own (https://docs.developers.clio.com/api-docs/etags).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import attrgetter, itemgetter
from typing import Any, TypeAlias

from attrs import Factory, field, frozen

from ...models import registry
from ...models.plans import full
from ...models.record import Record
from ...models.schema import Field
from ...models.selection import Selection
from ...protocol.fields import format_fields
from ...protocol.shapes import is_mapping
from .carried import ABSENT, Tree, shown

__all__ = ["Facts", "Tags", "agree", "facts_of", "facts_shown", "tags_for"]

Facts: TypeAlias = Mapping[str, Any]
"""By field: the `etag` of a record, and the `id` and `etag` of each record that it is associated with."""

_Read: TypeAlias = Callable[[Any], Any]
_Nested: TypeAlias = tuple[str, _Read, _Read]
"""A field, and what reads all tags below it: of a record, and of a JSON object."""

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


@frozen(eq=False)
class Tags:
    """Reads a selection of tags: of what callers hold, and of what was answered.

    What is as expected, which is nearly all, is read in few steps. With any surprise, `facts_of` and `facts_shown` say
    what it means.
    """

    tree: Tree
    _nested: tuple[_Nested, ...] = field(init=False, default=Factory(lambda tags: _readers(tags.tree), takes_self=True))

    def of(self, record: object, *, wanted: bool = False) -> Facts | None:
        """Return what an object shows of tags, as `facts_of` does."""
        found = self._of_record(record, wanted) if isinstance(record, Record) else None
        return facts_of(record, self.tree, wanted=wanted) if found is None else found

    def _of_record(self, record: Record, wanted: bool) -> Facts | None:
        slots = super(type(record), record)
        tag = getattr(slots, "etag", None)
        if type(tag) is not str or not tag or hasattr(slots, "_extra"):
            return None
        found: dict[str, Any] = {"etag": tag}
        for name, read, _ in self._nested:
            value = getattr(slots, name, ABSENT)
            if value is None:
                found[name] = None
            elif isinstance(value, Record):
                inside = super(type(value), value)
                try:
                    found[name] = read(inside)
                except AttributeError:
                    return None
                if None in found[name] or hasattr(inside, "_extra"):
                    return None
            elif wanted or value is not ABSENT:
                return None
        return found

    def shown(self, document: Mapping[str, Any]) -> Facts | None:
        """Return what a record that is given as a JSON object shows of tags, as `facts_shown` does."""
        found = self._of_document(document)
        return facts_shown(document, self.tree) if found is None else found

    def _of_document(self, document: Mapping[str, Any]) -> Facts | None:
        tag = document.get("etag")
        if type(tag) is not str or not tag or "redacted" in document:
            return None
        found: dict[str, Any] = {"etag": tag}
        for name, _, read in self._nested:
            value = document.get(name, ABSENT)
            if value is None:
                found[name] = None
            elif value is not ABSENT:
                try:
                    found[name] = read(value)
                except (KeyError, TypeError):
                    return None
                if None in found[name] or "redacted" in value:
                    return None
        return found


def _readers(tree: Tree) -> tuple[_Nested, ...]:
    below = [(name, inner) for name, inner in tree.items() if inner is not None]
    return tuple([(name, _several(attrgetter, inner), _several(itemgetter, inner)) for name, inner in below])


def _several(getter: Callable[..., _Read], names: tuple[str, ...]) -> _Read:
    """Return what reads all names: as a tuple, of one, too."""
    read = getter(*names)
    return read if len(names) > 1 else lambda held: (read(held),)


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
