"""Whether a record shows what was sent in another way: trimmed, rounded, or written as another kind of JSON value."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Context, Decimal, InvalidOperation
from typing import Any

from .comparing import field_of, seen, wants

__all__ = ["different", "is_alike", "is_rounded"]

_CENT = Decimal("0.01")
_PARTS = (Decimal("0.1"), Decimal(360))
"""Six minutes, in hours and in seconds: what bills count time in."""


def different(schema: str, sent: Mapping[str, Any], record: Any, earlier: Any = None) -> tuple[str, ...]:
    """Return the names of `sent` that the record shows with another value, which is not the same in another form.

    `earlier` is the record before the write, if it is known: what shows neither that nor what was sent is not told of.
    """
    found = wants(schema, sent)
    shown = seen(schema, found, record)
    before = {} if earlier is None else seen(schema, found, earlier)
    names = [
        one.name
        for one in found
        if one.path in shown
        and not is_alike(one.meaning, shown[one.path], timed=_is_timed(schema, one.name))
        and bool(before.get(one.path, shown[one.path]) == shown[one.path])
    ]
    return tuple(dict.fromkeys(names))


def _is_timed(schema: str, name: str) -> bool:
    field = field_of(schema, name)
    return field is not None and bool(field.unit)


def is_alike(sent: Any, shown: Any, *, timed: bool = False) -> bool:
    """Whether two values, as `comparing` has them, may be one and the same. `timed`: they may be amounts of time."""
    one, other = _bare(sent), _bare(shown)
    if one == other:
        return True
    if isinstance(one, dt.datetime) and isinstance(other, dt.datetime):
        return (one.tzinfo is None) == (other.tzinfo is None) and abs(one - other) < dt.timedelta(seconds=1)
    if isinstance(one, Decimal) and isinstance(other, Decimal):
        return is_rounded(one, other, timed=timed)
    return _as_text(one, other) or _as_text(other, one)


def _bare(value: Any) -> Any:
    """Return a text without what the server may trim, and nothing for an empty one."""
    return " ".join(value.split()) or None if isinstance(value, str) else value


def _as_text(text: Any, value: Any) -> bool:
    """Whether a text may stand for another kind of value, or for the same number. Of a text beside a number, nothing
    follows: it may name what the number is the id of.
    """
    if not isinstance(text, str):
        return bool(value == ("truth", text == 1)) if isinstance(text, Decimal) and text in {0, 1} else False
    if value in {("truth", True), ("truth", False)}:
        return text.casefold() == str(value[1]).casefold()
    first, second = _number(text), _number(value) if isinstance(value, str) else value
    if isinstance(second, Decimal):
        return first == second or (first is None and not isinstance(value, str))
    return False


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def is_rounded(sent: Decimal, shown: Decimal, *, timed: bool) -> bool:
    """Whether rounding explains that one number is shown for another: to a cent, or of time to six minutes.

    They may be of any size, and nothing fails.
    """
    exact = Context(prec=60, traps=[])  # the context of the thread may round, or trap
    difference = exact.subtract(sent, shown).copy_abs()
    if difference.is_nan():
        return False
    if difference < _CENT:
        return True
    if not timed or not shown:
        return False
    return any(difference < part and exact.remainder(shown, part) == 0 for part in _PARTS)
