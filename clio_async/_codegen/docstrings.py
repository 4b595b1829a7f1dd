"""What the docstring of a verb says of its keyword arguments: types are for checkers, and `help()` shows none."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import wrap

from ..models.schema import Attribute, Filter, Operation
from .hints import argument

__all__ = ["told"]

_INDENT = " " * 8
_FEW = 12
"""So many documented values are named; of more, that there are some."""


def told(first: str, operation: Operation) -> str:
    """Add the filters of an operation, its orders, and what its body takes, to the first line of a docstring.

    The documented values of each are in parentheses. Clio adds to them without notice: nothing is checked by them.
    """
    parts = [first]
    if operation.filters:
        parts.append(_listed("Filters", map(_filter, operation.filters.values())))
    if ordered := _ordered(operation.filters.get("order")):
        parts.append(_listed("Orders, each with (asc) or (desc)", ordered))
    if operation.attributes:
        parts.append(_listed("Takes", map(_attribute, operation.attributes.values())))
    return first if len(parts) == 1 else "\n\n".join(parts) + f"\n{_INDENT}"


def _listed(what: str, names: Iterable[str]) -> str:
    text = f"{what}: {', '.join(names)}."
    return "\n".join(wrap(text, 118, initial_indent=_INDENT, subsequent_indent=_INDENT, break_on_hyphens=False))


def _filter(found: Filter) -> str:
    notes = ["required"] * found.required
    return _noted(argument(found.name), notes + _values(() if _ordered(found) else found.enum))


def _attribute(found: Attribute) -> str:
    notes = ["required"] * found.required + [f"{found.unit}, or a timedelta"] * bool(found.unit)
    notes += ["rows"] if found.many and found.attributes else []
    return _noted(argument(found.name), notes + _values(found.enum))


def _noted(name: str, notes: list[str]) -> str:
    return f"{name} ({'; '.join(notes)})" if notes else name


def _values(values: tuple[str, ...]) -> list[str]:
    """Return the documented values as a note: all of them, or the first one where there are many."""
    if not values:
        return []
    return [", ".join(values) if len(values) <= _FEW else f"{values[0]}, \N{HORIZONTAL ELLIPSIS}"]


def _ordered(found: Filter | None) -> list[str]:
    """Return what lists can be ordered by: nothing where an order is not spelled with a direction."""
    parts = [value.rpartition("(") for value in found.enum] if found is not None and found.name == "order" else []
    by = [of for of, _, direction in parts if direction in {"asc)", "desc)"}]
    return [*dict.fromkeys(by)] if len(by) == len(parts) else []
