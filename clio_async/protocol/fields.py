"""The grammar of Clio's `fields` parameter: names, and names in one level of braces.

See https://docs.developers.clio.com/api-docs/fields.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeAlias

from ..errors import InvalidArgument

__all__ = ["FieldTree", "format_fields", "parse_fields"]

FieldTree: TypeAlias = Mapping[str, tuple[str, ...] | None]
"""The selected names, each with the names in its braces; None when it has no braces."""

_WORD = re.compile(r"\s*([A-Za-z_]\w*|[{},])\s*", re.ASCII)


def parse_fields(text: str) -> dict[str, tuple[str, ...] | None]:
    """Read a selection such as ``id,client{id,name}``. Names that occur twice are one.

    :raises InvalidArgument: if it is not of that form, or has braces within braces, which Clio refuses.
    """
    if not text.strip():
        raise InvalidArgument("fields= is empty: leave it out for the default selection.")
    tree: dict[str, tuple[str, ...] | None] = {}
    outer: str | None = None  # the association whose braces are open
    previous = ","
    for word in _words(text):
        if word == "{":
            if outer is not None:
                raise InvalidArgument(
                    f"{text!r} has braces within braces. Clio takes one level; name the inner one only."
                )
            outer = _expected(previous, text)
            tree[outer] = tree[outer] or ()
        elif word == "}":
            _expected(previous, text)
            if outer is None:
                raise InvalidArgument(f"{text!r} closes a brace that is not open.")
            outer = None
        elif word == ",":
            if previous != "}":
                _expected(previous, text)
        elif previous not in {",", "{"}:
            raise InvalidArgument(f"A comma is missing before {word!r} in {text!r}.")
        elif outer is None:
            tree.setdefault(word, None)
        else:
            inner = tree[outer] or ()
            tree[outer] = inner if word in inner else (*inner, word)
        previous = word
    if outer is not None:
        raise InvalidArgument(f"{text!r} leaves a brace open.")
    if previous != "}":
        _expected(previous, text)
    return tree


def _words(text: str) -> list[str]:
    found: list[str] = []
    place = 0
    while place < len(text):
        match = _WORD.match(text, place)
        if match is None:
            advice = " Names behind a name stand in braces: client{name}." if text[place] == "." else ""
            raise InvalidArgument(f"{text!r} has {text[place]!r} where a name was expected.{advice}")
        found.append(match[1])
        place = match.end()
    return found


def _expected(previous: str, text: str) -> str:
    if previous in {",", "{", "}"}:
        raise InvalidArgument(f"{text!r} lacks a name after {previous!r}.")
    return previous


def format_fields(tree: FieldTree) -> str:
    """Write a selection. `parse_fields` reads it back."""
    return ",".join(name if inner is None else f"{name}{{{','.join(inner)}}}" for name, inner in tree.items())
