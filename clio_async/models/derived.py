"""What records say of themselves beyond their attributes."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ..errors import FieldNotRequested, SchemaError
from . import durations, registry
from .custom_fields import CustomFieldsView, not_requested

__all__ = ["custom_fields", "duration", "rounded_duration"]


def duration(record: Any) -> dt.timedelta | None:
    """Return the `quantity` of a record as a time. None if it counts no time, or Clio withholds it.

    :raises FieldNotRequested: if the answer lacks it, or what says whether it counts time.
    :raises SchemaError: if it is no amount of time.
    """
    return _time(record, "duration", "quantity")


def rounded_duration(record: Any) -> dt.timedelta | None:
    """Return the `rounded_quantity` of a record as a time. See `duration`."""
    return _time(record, "rounded_duration", "rounded_quantity")


def _time(record: Any, made: str, name: str) -> dt.timedelta | None:
    schema = record.__schema__
    decides = durations.decider(schema, name)
    if decides is not None and not decides.counts_time(_held(record, made, decides.name)):
        return None
    if name not in record and _withheld(record):
        return None
    number = _held(record, made, name)
    if number is None:
        return None
    unit = registry.schema(schema).fields[name].unit
    try:
        return durations.duration(number, "hours" if record._counts_hours else unit)  # noqa: SLF001 - of this folder
    except ValueError:
        raise SchemaError(f"{schema}.{name} is no amount of time.", path=name) from None


def _held(record: Any, made: str, name: str) -> Any:
    """Return one of the attributes that a property is made of; if it is absent, say which ones that are."""
    try:
        return getattr(record, name)
    except FieldNotRequested:
        cls, needed = type(record).__name__, durations.made_of(record.__schema__, made)
        raise FieldNotRequested(
            f"{cls}.{name} was not in the answer, and {made} is made of {' and '.join(needed)}. Ask for both with "
            f"fields=: by their names if the {cls} itself is read, in braces if another record leads to it."
        ) from None


def _withheld(record: Any) -> bool:
    """Whether Clio leaves hours out because the user may not see them.

    See https://docs.developers.clio.com/api-docs/permissions.
    """
    return record.redacted or ("quantity_redacted" in record and record.quantity_redacted is True)


def custom_fields(record: Any) -> CustomFieldsView:
    """Return the custom fields of a record.

    :raises FieldNotRequested: if its `custom_field_values` were not in the answer.
    """
    try:
        return CustomFieldsView(record.custom_field_values)
    except FieldNotRequested:
        raise not_requested(type(record).__name__, "custom_field_values") from None
