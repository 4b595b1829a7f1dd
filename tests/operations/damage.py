"""Answers that contradict Clio's OpenAPI document, or hold more than it says (F10)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from clio_async.models import registry

from .answers import associated, in_full
from .document import Document, Schema

__all__ = ["NEW", "WRONG", "Leaf", "Place", "grown", "kind_of", "leaves", "never_null", "nulled", "places", "spoiled"]

NEW: Mapping[str, Any] = {"brand_new": {"deep": [{"brand_new": 1}], "redacted": None}}
"""What Clio may add to any object."""

WRONG: Mapping[str, list[Any]] = {
    "integer": ["7", 1.5, True, {"id": 7}, [7]],
    "string": [7, True, {"id": "x"}, ["x"], 1.5],
    "date": ["yesterday", "2025-02-30", "2025-03-30T00:00:00Z", "20250330", "", 20250330, {}],
    "date-time": ["yesterday", "2025-03-30T01:59:59", "2025-03-30", "2025-02-30T01:59:59Z", "", 7, ["x"]],
    "number": ["12.50", "", True, {"amount": 1}, []],
    "boolean": ["true", "", 1, 0, {}],
    "record": ["x", 7, True, [{"id": 7}], [], ""],
    "array": [{"id": 7}, {}, "x", 7, True],
}
"""What cannot stand for each kind of value. (Every JSON value is some object that the document says nothing of.)"""


class Place(NamedTuple):
    """Where a value stands in a record, and what is to be known of it."""

    path: str
    """As errors tell it, behind ``data``: ``.client.id``, ``.reminders[0]``."""
    owner: str
    """The schema of the object that holds it."""
    field: str
    kind: str
    record: Callable[[Any], dict[str, Any]]
    """Return a record that holds nothing but a value in this place."""
    find: Callable[[Any], Any]
    """Return what stands there in a decoded record."""


def kind_of(document: Document, schema: Schema) -> str | None:
    """Return the kind of a value, None for an object without a schema, which may be anything."""
    if schema["type"] == "array":
        return "array"
    if associated(document, schema) is not None:
        return "record"
    form: str = schema.get("format", schema["type"])
    if schema["type"] == "object":
        return None
    return schema["type"] if schema["type"] in {"integer", "number"} else form


def places(document: Document, schema: Schema, depth: int = 2) -> Iterator[Place]:
    """Yield every place of a record where a value may contradict the document; `depth` levels of records."""
    for name, said in document.properties(schema).items():
        kind = kind_of(document, said)
        if kind is not None:
            yield Place(f".{name}", _owner(schema), name, kind, _holder(name), _finder(name))
        many = said["type"] == "array"
        item = document.resolve(said["items"]) if many else said
        if many and (inner := kind_of(document, item)) is not None:
            yield Place(f".{name}[0]", _owner(schema), name, inner, _row_holder(name), _row_finder(name))
        of = associated(document, item)
        if of is not None and depth > 1:
            for place in places(document, of, depth - 1):
                yield _within(name, place, many)


def _owner(schema: Schema) -> str:
    return str(schema["title"])


def _holder(name: str) -> Callable[[Any], dict[str, Any]]:
    return lambda value: {name: value}


def _row_holder(name: str) -> Callable[[Any], dict[str, Any]]:
    return lambda value: {name: [value]}


def _finder(name: str) -> Callable[[Any], Any]:
    return lambda record: getattr(record, name)


def _row_finder(name: str) -> Callable[[Any], Any]:
    return lambda record: getattr(record, name)[0]


def _within(name: str, place: Place, many: bool) -> Place:
    """Return a place of a record in another one."""
    hold, find = (_row_holder(name), _row_finder(name)) if many else (_holder(name), _finder(name))
    return place._replace(
        path=f".{name}{'[0]' * many}{place.path}",
        record=lambda value: hold(place.record(value)),
        find=lambda record: place.find(find(record)),
    )


# -- whole records ------------------------------------------------------------------------------------------------


class Leaf(NamedTuple):
    """A value of a record, or of one that it leads to, that holds no other record."""

    path: str
    owner: str
    field: str
    kind: str | None
    """Records of which nothing is known count as values; so do lists of them."""

    @property
    def name(self) -> str:
        """As warnings tell it."""
        return f"{self.owner}.{self.field}"


def leaves(document: Document, schema: Schema, tree: Any, before: str = "") -> Iterator[Leaf]:
    """Yield the values of a record."""
    known = document.properties(schema)
    for name, value in tree.items():
        of = _inner(document, known[name])
        if of is None:
            kind = "record" if associated(document, known[name]) is not None else kind_of(document, known[name])
            yield Leaf(f"{before}.{name}", _owner(schema), name, kind)
        elif isinstance(value, list):
            for index, item in enumerate(value):
                yield from leaves(document, of, item, f"{before}.{name}[{index}]")
        else:
            yield from leaves(document, of, value, f"{before}.{name}")


def _inner(document: Document, said: Schema) -> Schema | None:
    """Return the schema of the records that a field leads to, if anything is known of them."""
    of = associated(document, said)
    return of if of is not None and document.properties(of) else None


def _rebuilt(document: Document, schema: Schema, tree: Any, leaf: Callable[[Schema, int], Any]) -> Any:
    """Return a record with every value replaced by what `leaf` makes of its schema, given its number."""
    known = document.properties(schema)
    found: dict[str, Any] = {}
    for index, (name, value) in enumerate(tree.items()):
        of = _inner(document, known[name])
        if of is None:
            found[name] = leaf(known[name], index)
        elif isinstance(value, list):
            found[name] = [_rebuilt(document, of, item, leaf) for item in value]
        else:
            found[name] = _rebuilt(document, of, value, leaf)
    return found


def spoiled(document: Document, schema: Schema, number: int) -> dict[str, Any]:
    """Return a record in which every value is wrong, in the way of that number; those of other records, too."""

    def wrong(said: Schema, index: int) -> Any:
        kind = kind_of(document, said)
        choices = WRONG[kind] if kind is not None else [{}]
        return choices[(number + index) % len(choices)]

    found: dict[str, Any] = _rebuilt(document, schema, in_full(document, schema), wrong)
    return found


def nulled(document: Document, schema: Schema) -> dict[str, Any]:
    """Return a record full of nulls; those of other records, too."""
    found: dict[str, Any] = _rebuilt(document, schema, in_full(document, schema), lambda *_: None)
    return found


def grown(tree: Any) -> Any:
    """Return a record in which every object holds more than is documented."""
    if isinstance(tree, dict):
        return {name: grown(value) for name, value in tree.items()} | NEW
    return [grown(item) for item in tree] if isinstance(tree, list) else tree


def never_null(owner: str, field: str) -> bool:
    """Whether the package takes a null there for a contradiction. The document does not know any null."""
    return registry.schema(owner).fields[field].never_null
