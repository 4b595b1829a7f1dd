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

__all__ = [
    "OPERATORS",
    "an_id",
    "anything",
    "comparisons",
    "condition",
    "day",
    "documented",
    "encode",
    "identity",
    "instant",
    "items",
    "scalar",
    "text",
    "told",
    "utc",
]

OPERATORS = (">=", "<=", "=", ">", "<")


def told(value: object) -> str:
    """Say what a value is, for a message, without repeating what it holds: it may be confidential."""
    if value is None or (isinstance(value, int) and abs(value) < _LARGEST):
        return repr(value)
    name = type(value).__name__
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"


_LARGEST = 2**63
"""Clio's integers have 64 bits, one of them for the sign."""


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
    if isinstance(value, Enum):
        value = value.value
    if value is None:
        if not nullable:
            raise InvalidArgument(f"{name} cannot be null.")
        return "null"
    match kind:
        case "integer":
            return _integer(name, value)
        case "boolean":
            return _boolean(name, value)
        case "date":
            return day(name, value)
        case "datetime":
            return instant(name, value)
        case "string":
            return _text(name, value)
        case _:
            return anything(name, value)


def identity(value: object) -> int | None:
    """Return the id that something is, or has: an integer, or a record. None if it is none of 1 to 2⁶³ - 1."""
    found = value
    if not isinstance(value, int | str):
        found = getattr(value, "id", None)
        if isinstance(found, str) and found.isascii() and found.isdecimal() and len(found) < _DIGITS:
            found = int(found)  # calendar entries have ids of digits in texts
    return int(found) if type(found) is not bool and isinstance(found, int) and 0 < found < _LARGEST else None


_DIGITS = len(str(_LARGEST))


def an_id(name: str, value: Any) -> str:
    """Write an id, or that of a record."""
    found = identity(value)
    if found is None:
        raise InvalidArgument(f"{name} takes ids, which are positive integers, or records, not {told(value)}.")
    return str(found)


def _integer(name: str, value: Any) -> str:
    return an_id(name, value) if name.endswith(("_id", "ids")) else _whole(name, value)


def _whole(name: str, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= _LARGEST:
        raise InvalidArgument(f"{name} is an integer of 64 bits, not {told(value)}.")
    return str(int(value))


def _boolean(name: str, value: Any) -> str:
    if not isinstance(value, bool):
        raise InvalidArgument(f"{name} is True or False, not {told(value)}.")
    return "true" if value else "false"


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise InvalidArgument(f"{name} is a text, not {told(value)}.")
    if not value.strip():
        raise InvalidArgument(f"{name} is empty. Clio would ignore it and list everything: leave it out.")
    return text(name, value)


def day(name: str, value: Any) -> str:
    """Write a date, given as one or as a text that is one in ISO 8601. A datetime is refused: its day depends."""
    if isinstance(value, datetime):
        raise InvalidArgument(f"{name} is a date, and a datetime was given. Say which day it is: value.date().")
    if isinstance(value, str):
        value = _read(name, value, _date, "a date: YYYY-MM-DD")
    if not isinstance(value, date):
        raise InvalidArgument(f"{name} is a date, not {told(value)}.")
    return value.isoformat()


def _date(text: str) -> date:
    # Python also reads "20250101" and "2025-W01-1".
    if len(text) != 10 or text[7] != "-":
        raise ValueError
    return date.fromisoformat(text)


def instant(name: str, value: Any) -> str:
    """Write an instant in UTC, given as an aware datetime or as a text with its offset in ISO 8601."""
    if isinstance(value, str):
        value = _read(name, value, datetime.fromisoformat, "a timestamp in ISO 8601")
    if not isinstance(value, datetime):
        raise InvalidArgument(f"{name} is an instant, a datetime with a time zone, not {told(value)}.")
    return utc(name, value)


def utc(name: str, moment: datetime) -> str:
    """Write an aware datetime in UTC. A naive one would be another instant on every machine."""
    if moment.utcoffset() is None:  # a time zone that does not know its offset is none, either
        raise InvalidArgument(f"{name} has no time zone. Say which: for example datetime.now(UTC).")
    try:
        return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
    except OverflowError:
        raise InvalidArgument(f"{name} is in no year from 1 to 9999 of UTC.") from None


def _read(name: str, value: str, parse: Any, what: str) -> Any:
    try:
        return parse(value)
    except ValueError:
        raise InvalidArgument(f"{name} is {what}. The text that was given is none.") from None


def anything(name: str, value: Any) -> str:
    """Write a value by its own type; a record stands for its id."""
    match value:
        case Enum():
            return anything(name, value.value)
        case bool():
            return _boolean(name, value)
        case int():
            return _whole(name, value)
        case str():
            return text(name, value)
        case float() | Decimal():
            return _number(name, value)
        case datetime():
            return utc(name, value)
        case date():
            return value.isoformat()
        case _ if (found := identity(value)) is not None:
            return str(found)
        case _:
            raise InvalidArgument(f"{name} cannot be {told(value)}.")


def _number(name: str, value: float | Decimal) -> str:
    exact = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
    if not exact.is_finite() or abs(exact.adjusted()) > _MAGNITUDE:
        raise InvalidArgument(f"{name} is not finite, or of no size that a number of Clio's has.")
    return f"{exact:f}"


_MAGNITUDE = 308
"""Powers of ten that a double goes up to. Written out, a Decimal can be of any length."""


def documented(value: str, known: Iterable[str]) -> str:
    """Return the documented spelling of a value that differs from it by case alone, any other value as it is.

    Records say ``Open`` where filters say ``open``; the other spelling may well list nothing, or everything.
    """
    folded = {one.casefold(): one for one in known}
    return folded.get(value.casefold(), value)


def items(name: str, value: Any) -> list[Any]:
    """Return the values of a filter that takes several.

    An empty list is refused: Clio would take it for no filter and list everything.
    """
    if isinstance(value, bytes | bytearray):
        raise InvalidArgument(f"{name} is a list, not {told(value)}.")
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
        raise InvalidArgument(f"{name} is compared by {', '.join(OPERATORS)}, not by {told(operator)}.")
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
