"""Python values in Clio's query syntax, which puts operators inside values and lists inside names.

Every function takes the name of the filter for its messages, and raises `InvalidArgument` for a value that Clio would
refuse or, worse, ignore.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from urllib.parse import quote

from ..errors import InvalidArgument
from .shapes import is_array, is_mapping

__all__ = ["OPERATORS", "comparisons", "condition", "encode", "items", "scalar", "text"]

OPERATORS = (">=", "<=", "=", ">", "<")


def text(name: str, value: str) -> str:
    """Check a text for what cannot stand in a URL: control characters, and halves of surrogate pairs."""
    if any(character < " " or character == "\x7f" for character in value):
        raise InvalidArgument(f"{name} holds a control character.")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise InvalidArgument(f"{name} holds half of a surrogate pair, which is no text.") from None
    return value


def scalar(name: str, kind: str, value: Any, *, nullable: bool = False) -> str:
    """Write one value. None is the word ``null``, where Clio takes it; a record stands for its id."""
    if value is None:
        if not nullable:
            raise InvalidArgument(f"{name} cannot be null.")
        return "null"
    if isinstance(value, Enum):
        value = value.value
    match kind:
        case "integer":
            return _integer(name, value)
        case "boolean":
            return _boolean(name, value)
        case "date":
            return _date(name, value)
        case "datetime":
            return _datetime(name, value)
        case "string" if not isinstance(value, str):
            raise InvalidArgument(f"{name} is a text, not {value!r}.")
        case _:
            return anything(name, value)


def _integer(name: str, value: Any) -> str:
    found = value if isinstance(value, int) else getattr(value, "id", value)
    if isinstance(found, bool) or not isinstance(found, int):
        raise InvalidArgument(f"{name} is an integer, not {value!r}.")
    if found <= 0 and name.endswith(("_id", "ids")):
        raise InvalidArgument(f"{name} takes ids, which are positive, not {value!r}.")
    return str(int(found))


def _boolean(name: str, value: Any) -> str:
    if not isinstance(value, bool):
        raise InvalidArgument(f"{name} is True or False, not {value!r}.")
    return "true" if value else "false"


def _date(name: str, value: Any) -> str:
    if isinstance(value, datetime):
        raise InvalidArgument(f"{name} is a date, and {value!r} an instant. Say which day it is: value.date().")
    if isinstance(value, str):
        value = _read(name, value, date.fromisoformat, "a date: YYYY-MM-DD")
    if not isinstance(value, date):
        raise InvalidArgument(f"{name} is a date, not {value!r}.")
    return value.isoformat()


def _datetime(name: str, value: Any) -> str:
    if isinstance(value, str):
        value = _read(name, value, datetime.fromisoformat, "a timestamp in ISO 8601")
    if not isinstance(value, datetime):
        raise InvalidArgument(f"{name} is an instant, not {value!r}.")
    if value.tzinfo is None:
        raise InvalidArgument(f"{name} has no time zone. Say which: for example datetime.now(UTC).")
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _read(name: str, value: str, parse: Any, what: str) -> Any:
    try:
        return parse(value)
    except ValueError:
        raise InvalidArgument(f"{name} is {what}, not {value!r}.") from None


def anything(name: str, value: Any) -> str:
    """Write a value by its own type."""
    match value:
        case bool():
            return _boolean(name, value)
        case int():
            return str(int(value))
        case str():
            return text(name, value)
        case float() | Decimal():
            exact = Decimal(repr(value)) if isinstance(value, float) else value
            if not exact.is_finite():
                raise InvalidArgument(f"{name} is not finite.")
            return f"{exact:f}"
        case datetime():
            return _datetime(name, value)
        case date():
            return value.isoformat()
        case _:
            raise InvalidArgument(f"{name} cannot be {value!r}.")


def items(name: str, value: Any) -> list[Any]:
    """Return the values of a filter that takes several.

    An empty list is refused: Clio would take it for no filter and list everything.
    """
    if isinstance(value, str) or not isinstance(value, Iterable):
        return [value]
    found: list[Any] = [*value]
    if not found:
        raise InvalidArgument(f"{name} is empty. Clio would ignore it and list everything.")
    return found


def comparisons(name: str, kind: str, value: Any) -> list[str]:
    """Write a compared filter: each condition is one repetition of it, and all have to hold.

    A plain value means equality, ``{">=": a, "<": b}`` what it says, and a pair ``(a, b)`` the range from a to b, both
    included, open where one is None. A text may hold its operator: ``">=2020-01-01"``.
    """
    if is_mapping(value):
        found = [condition(name, kind, operator, operand) for operator, operand in value.items()]
    elif is_array(value) and isinstance(value, tuple):
        found = _range(name, kind, value)
    elif is_array(value):
        found = [written for one in value for written in comparisons(name, kind, one)]
    elif isinstance(value, str) and value.startswith(("<", ">", "=")):
        operator = next(known for known in OPERATORS if value.startswith(known))
        found = [condition(name, kind, operator, value.removeprefix(operator))]
    else:
        found = [condition(name, kind, "=", value)]
    if not found:
        raise InvalidArgument(f"{name} is empty. Clio would ignore it and list everything.")
    return found


def condition(name: str, kind: str, operator: str, value: Any) -> str:
    """Write one condition, its operator before its value."""
    if operator not in OPERATORS:
        raise InvalidArgument(f"{name} is compared by {', '.join(OPERATORS)}, not by {operator!r}.")
    return f"{operator}{scalar(name, kind, value)}"


def _range(name: str, kind: str, value: tuple[Any, ...]) -> list[str]:
    if len(value) != 2:
        raise InvalidArgument(f"{name} takes a pair for a range, from and to; None where it is open.")
    bounds = zip((">=", "<="), value, strict=True)
    return [condition(name, kind, operator, bound) for operator, bound in bounds if bound is not None]


def encode(pairs: Iterable[tuple[str, str]]) -> str:
    """Write a query, sorted by name. Commas, braces and parentheses stay literal, as Clio's own links have them."""
    ordered = sorted(pairs, key=lambda pair: pair[0])
    return "&".join(f"{quote(name, safe='')}={quote(value, safe=_LITERAL)}" for name, value in ordered)


_LITERAL = "{},():/*-._~"
