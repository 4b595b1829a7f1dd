"""Python values to JSON text, numbers exact."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import msgspec

from ..errors import InvalidArgument
from ..protocol import filters
from ..protocol.shapes import is_array, is_mapping
from .frozen import DEEPEST

__all__ = ["dump", "plain"]

_WRITER = msgspec.json.Encoder(decimal_format="number")


def dump(value: Any) -> bytes:
    """Write JSON text. `plain` says which values can be written, and how.

    :raises InvalidArgument: if a value cannot be.
    """
    return _WRITER.encode(plain(value))


def plain(value: Any, place: str = "the value", depth: int = 0) -> Any:
    """Return a value as the JSON writer takes it.

    Decimals and floats must be finite, datetimes aware (they are written in UTC); members of an enumeration stand for
    their values; mappings need texts as keys.

    :raises InvalidArgument: if it has no exact form in JSON; `place` says where it stands.
    """
    if value is None or value is True or value is False:
        return value
    if isinstance(value, Enum):
        return plain(value.value, place, depth)
    if isinstance(value, str):
        return _text(value, place)
    if isinstance(value, int | float | Decimal):
        return _number(value, place)
    if isinstance(value, datetime):
        return filters.utc(place, value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    return _collection(value, place, depth)


def _text(value: str, place: str) -> str:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise InvalidArgument(f"{place} holds half of a surrogate pair, which is no text.") from None
    return str(value)


def _number(value: float | Decimal, place: str) -> Any:
    exact = value if isinstance(value, Decimal | int) else Decimal(repr(float(value)))
    if isinstance(exact, int):
        if exact.bit_length() > _WIDEST:
            raise InvalidArgument(f"{place} is an integer of more than {_WIDEST} bits, which nobody reads.")
        return int(exact)
    if not exact.is_finite():
        raise InvalidArgument(f"{place} is {value}, which JSON cannot say.")
    return exact


_WIDEST = 4096
"""Python writes no integers of more than 4300 digits."""


def _collection(value: Any, place: str, depth: int) -> Any:
    if depth >= DEEPEST:
        raise InvalidArgument(f"{place} is nested deeper than {DEEPEST} levels.")
    if is_mapping(value):
        for key in value:
            if type(key) is not str:
                raise InvalidArgument(f"{place} has {filters.told(key)} as a key; keys of JSON objects are texts.")
        return {_text(key, place): plain(item, f"{place}.{key}", depth + 1) for key, item in value.items()}
    if is_array(value):
        return [plain(item, f"{place}[{index}]", depth + 1) for index, item in enumerate(value)]
    if isinstance(value, timedelta):
        raise InvalidArgument(
            f"{place} is a timedelta, and what it takes is no time that is counted in hours or seconds."
        )
    raise InvalidArgument(f"{place} is {filters.told(value)}, which has no form in JSON.")
