"""The grammar of Clio's `fields` parameter: names, and names in one level of braces.

See https://docs.developers.clio.com/api-docs/fields.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import TypeAlias
from urllib.parse import unquote_plus

from ..errors import InvalidArgument

__all__ = ["FieldTree", "format_fields", "parse_fields", "refused", "with_selection", "without"]

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


# -- what a server refuses of a selection ---------------------------------------------------------------------------

_REFUSES = re.compile(r"(?:is not a|are not) valid field", re.IGNORECASE)
_LISTS = re.compile(r"invalid fields?:([\s\w{},'\"`]*)", re.IGNORECASE | re.ASCII)
_LISTED = re.compile(r"\w+(?:\{[\w\s,]*\})?", re.ASCII)
_NO_NAME = re.compile(r"[^\w{},]+", re.ASCII)
_QUOTES = " \t'\"`"
_LONGEST = 20_000  # characters of a message that are looked at: it may repeat the whole selection


def refused(message: str, tree: FieldTree) -> frozenset[str]:
    """Return what an error message refuses of a selection: ``client``, or ``client{name}`` for what stands in braces.

    Clio says ``name is not a valid field``, where the name may be the end of a longer piece of the selection; others
    say ``Invalid fields: name, client{name}``. A name without braces is refused wherever it stands. Nothing is returned
    if the record's own `id` or `etag` may be meant.
    """
    *subjects, rest = _REFUSES.split(message[:_LONGEST])
    ends = [_NO_NAME.split(subject.rstrip(_QUOTES))[-1] for subject in subjects]
    if not subjects:
        ends = [name for listed in _LISTS.findall(rest) for name in _LISTED.findall(listed)]
    found = frozenset(name for end in ends for name in _meant(end, tree))
    return frozenset() if found & {"id", "etag"} else found


def _meant(end: str, tree: FieldTree) -> Iterator[str]:
    """Yield the places in a selection that the end of a piece of it may mean."""
    closed = end.endswith("}")
    if not closed:
        end = end.rpartition("}")[2]  # what was closed before is not meant
    before, brace, inside = end.removesuffix("}").rpartition("{")
    *others, name = inside.split(",")
    outer = before.split(",")[-1]
    if not brace:
        if not closed and name in tree:
            yield name
        yield from (f"{found}{{{name}}}" for found, inner in tree.items() if name in (inner or ()))
    elif closed and others:  # all of an association is quoted, and it is not said what of it
        if outer in tree:
            yield outer
    elif name in (tree.get(outer) or ()):
        yield f"{outer}{{{name}}}"


def without(tree: FieldTree, names: Collection[str]) -> dict[str, tuple[str, ...] | None]:
    """Return a selection without some of its names, written as `refused` does. Braces that are left empty go, too."""
    kept: dict[str, tuple[str, ...] | None] = {}
    for name, inner in tree.items():
        left = None if inner is None else tuple(key for key in inner if f"{name}{{{key}}}" not in names)
        if name not in names and left != ():
            kept[name] = left
    return kept


def with_selection(query: str, selection: str) -> str:
    """Return an encoded query with another selection (``fields=…``, encoded) in the place of its own."""
    pairs = query.split("&")
    return "&".join(selection if unquote_plus(pair.partition("=")[0]) == "fields" else pair for pair in pairs)
