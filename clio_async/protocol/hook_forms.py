"""What webhooks send and watch, however that is written."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .subscriptions import Wanted

__all__ = ["differs", "form_of", "names_of"]


def differs(wanted: Wanted, events: Iterable[str], fields: str) -> bool:
    """Say whether these events and fields are not those that are wanted, in whatever order they stand."""
    return form_of(wanted.events, wanted.fields) != form_of(events, fields)


def form_of(events: Iterable[str], fields: str) -> str:
    """Return the form that all ways to write these events and fields have in common."""
    return f"{','.join(sorted({*events}))} {','.join(sorted(names_of(fields)))}"


def names_of(fields: str) -> frozenset[str]:
    """Return the names in a selection, each with those that lead to it: ``a{b}`` is ``a`` and ``a/b``."""
    found: set[str] = set()
    path, name = list[str](), ""
    for char in f"{fields},":
        if char not in ",{}":
            name += char.strip()
            continue
        if name:
            found.add("/".join([*path, name]))
        if char == "{":
            path.append(name)
        elif char == "}":
            del path[-1:]
        name = ""
    return frozenset(found)
