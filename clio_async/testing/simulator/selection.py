"""The `fields` parameter, read as Clio reads it: https://docs.developers.clio.com/api-docs/fields."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, TypeAlias

from attrs import frozen

from ...models import registry
from ...models.schema import Field, Schema
from .answers import Refusal
from .firm import tables_of
from .older import NEWEST, Age, schema_of
from .things import family

__all__ = ["REDACTED", "Choice", "Selection", "UnknownField", "default_selection", "selected"]

REDACTED = Field("redacted", "boolean")
"""It can be asked for on every schema, and stands in none."""

_NAME = re.compile(r"[a-z0-9_]+")


@frozen
class Choice:
    """One selected field; `inner` is what is selected of an association."""

    field: Field
    inner: Selection | None = None


Selection: TypeAlias = tuple[Choice, ...]


class UnknownField(Refusal):
    """A field that there is not, or braces where Clio takes none."""

    def __init__(self, what: str) -> None:
        super().__init__(400, "InvalidFields", f"{what} is not a valid field")
        self.what = what

    def said(self, form: str) -> Refusal:
        """Return the refusal in one of the forms of a `Regime`."""
        texts = {"list": f"Invalid fields: {self.what}", "bare": "The fields parameter is invalid"}
        return Refusal(self.status, self.type, texts.get(form, self.message))


def _invalid(what: str) -> UnknownField:
    return UnknownField(what)


@lru_cache(maxsize=1024)
def selected(text: str, schema: Schema, age: Age = NEWEST) -> Selection:
    """Return what a `fields` value selects of a schema, as that was.

    :raises Refusal: 400, for an unknown field, or braces where Clio takes none.
    """
    schema = schema_of(schema, age)
    chosen: dict[str, Choice] = {}
    for item in _items(text):
        name, brace, rest = item.partition("{")
        if brace and not rest.endswith("}"):
            raise _invalid(item)
        choice = _choice(name, rest[:-1] if brace else None, schema, age)
        chosen[name] = choice
    return tuple(chosen.values())


def _items(text: str) -> list[str]:
    """Split at the commas outside of braces."""
    items: list[str] = []
    depth, start = 0, 0
    for index, character in enumerate(f"{text},"):
        depth += (character == "{") - (character == "}")
        if character == "," and depth == 0:
            items.append(text[start:index].strip())
            start = index + 1
    if depth:
        raise _invalid(text)
    return items


def _choice(name: str, inside: str | None, schema: Schema, age: Age) -> Choice:
    field = REDACTED if name == "redacted" else schema.fields.get(name)
    if field is None or not _NAME.fullmatch(name) or (inside is not None and field.schema is None):
        raise _invalid(name or "(nothing)")
    if field.schema is None:
        return Choice(field)
    inner = schema_of(_whole(field.schema), age)
    return Choice(field, _default(inner) if inside is None else _inner(inside, inner, age))


@lru_cache(maxsize=512)
def _whole(name: str) -> Schema:
    """Return the schema with its associations: they may be named at the second level, though the document is silent."""
    whole = family(name)
    return registry.schema(whole if whole in registry.schema_names() else name)


def _inner(text: str, schema: Schema, age: Age) -> Selection:
    if "{" in text:
        raise _invalid(text[text.index("{") + 1 :])
    names = [name.strip() for name in text.split(",")]
    return tuple(_choice(name, None, schema, age) for name in dict.fromkeys(names))


@lru_cache(maxsize=1024)
def _default(schema: Schema) -> Selection:
    """What an association shows without braces: the defaults of its resource, or of its kind."""
    tables = tables_of(schema.name)
    names = registry.defaults(tables[0]) if tables else ("id", "etag")
    own = [field for field in schema.own.values() if field.name in names]
    shown = tuple(Choice(field) for field in (own or schema.own.values()))
    more = [schema.fields[name] for name in _BESIDES.get(schema.name, ())]
    return (*shown, *[Choice(field, _default(registry.schema(field.schema or ""))) for field in more])


_BESIDES: Final = {"Multipart": ("put_headers",)}
"""Associations that defaults show: the address of a part is of no use without the header fields that belong to it."""


def default_selection(resource: str, schema: Schema) -> Selection:
    """Return what a resource answers without `fields`."""
    return tuple(Choice(schema.fields[name]) for name in registry.defaults(resource)) or _default(schema)
