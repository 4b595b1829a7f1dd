"""What the docstring of a verb says of its keyword arguments: types are for checkers, and `help()` shows none."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import wrap

from ..models.schema import Attribute, Filter, Operation
from .hints import argument

__all__ = ["told"]

_INDENT = " " * 8


def told(first: str, operation: Operation) -> str:
    """Add the filters of an operation, and what its body takes, to the first line of a docstring."""
    parts = [first]
    if operation.filters:
        parts.append(_listed("Filters", map(_filter, operation.filters.values())))
    if operation.attributes:
        parts.append(_listed("Takes", map(_attribute, operation.attributes.values())))
    return first if len(parts) == 1 else "\n\n".join(parts) + f"\n{_INDENT}"


def _listed(what: str, names: Iterable[str]) -> str:
    text = f"{what}: {', '.join(names)}."
    return "\n".join(wrap(text, 118, initial_indent=_INDENT, subsequent_indent=_INDENT, break_on_hyphens=False))


def _filter(found: Filter) -> str:
    return f"{argument(found.name)} (required)" if found.required else found.name


def _attribute(found: Attribute) -> str:
    notes = ["required"] * found.required + [f"{found.unit}, or a timedelta"] * bool(found.unit)
    notes += ["rows"] if found.many and found.attributes else []
    name = argument(found.name)
    return f"{name} ({'; '.join(notes)})" if notes else name
