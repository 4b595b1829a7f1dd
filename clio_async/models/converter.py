"""A cattrs converter that knows Clio's values and records."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

import cattrs
from cattrs.errors import StructureHandlerNotFoundError

from ..codec.values import day, instant, number
from .record import Record

__all__ = ["configure", "make_converter", "structure_hook"]


def configure(converter: cattrs.Converter) -> None:
    """Teach a converter what Clio's JSON holds: exact numbers, dates, aware timestamps, and whole records."""
    converter.register_structure_hook(datetime, lambda value, _: instant(value))
    converter.register_structure_hook(date, lambda value, _: day(value))
    converter.register_structure_hook(Decimal, lambda value, _: number(value))
    converter.register_structure_hook_func(_is_record, lambda value, cls: cls.from_dict(value))
    converter.register_unstructure_hook_func(_is_record, lambda record: record.to_dict())


def _is_record(cls: Any) -> bool:
    return isinstance(cls, type) and issubclass(cls, Record)


def make_converter() -> cattrs.Converter:
    """Return a new converter that is configured for Clio."""
    converter = cattrs.Converter()
    configure(converter)
    return converter


@cache
def _own() -> cattrs.Converter:
    return make_converter()


def structure_hook(cls: Any) -> Callable[[Any], Any]:
    """Return what makes a `cls` of a decoded value.

    :raises LookupError: if cattrs does not know how.
    """
    try:
        hook = _own().get_structure_hook(cls)
    except StructureHandlerNotFoundError as error:
        raise LookupError(str(error)) from error
    return lambda value: hook(value, cls)
