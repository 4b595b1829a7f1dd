"""What is given that Clio's document does not name: it may be new, and it may be a mistake. Only a refusal tells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..errors import APIError
from ..models.schema import Filter, Operation
from ..protocol.shapes import is_array

__all__ = ["explain", "unusual", "unusual_filters"]

_FEW, _MANY = 12, 60
"""So many documented values are all named; so many at most where none resembles what was given."""


def unusual(operation: Operation, data: Mapping[str, Any]) -> tuple[str, ...]:
    """Return a sentence for each text of a body that is none of the documented ones, for the case that Clio refuses it.

    It names documented values alone, not what was given.
    """
    found: tuple[str, ...] = ()
    for name, value in data.items():
        attribute = operation.attributes.get(name)
        if attribute is not None and attribute.enum and isinstance(value, str) and value not in attribute.enum:
            found = (*found, _sentence(name, value, attribute.enum))
    return found


def unusual_filters(operation: Operation, given: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for each filter of a list that Clio has refused, if none of its documented values was given."""
    for name, value in given.items():
        found = operation.filters.get(name)
        other = None if found is None else next(_others(found, value), None)
        if found is not None and other is not None:
            yield _sentence(name, other, found.enum)


def explain(error: APIError, sentences: Iterable[str]) -> None:
    """Say in the message of an error what else is known."""
    error.args = (" ".join([str(error), *sentences]),)


def _others(found: Filter, value: object) -> Iterator[str]:
    for one in value if is_array(value) else (value,):
        if found.enum and isinstance(one, str) and not {*(one.split(",") if found.comma else [one])} <= {*found.enum}:
            yield one


def _sentence(name: str, value: str, known: tuple[str, ...]) -> str:
    from difflib import get_close_matches  # for what is hardly ever there

    said = f"What was given as {name!r} is none of the documented values."
    near = get_close_matches(value, known, n=3, cutoff=0.5) if len(known) > _FEW else []
    if near:
        return f"{said} Did you mean {' or '.join(repr(each) for each in near)}?"
    return f"{said} They are {', '.join(known)}." if len(known) <= _MANY else said
