"""What numbers count under older versions of the API.

The quantity of an activity is a number of seconds since version 4.0.4, and was one of hours before: see
https://docs.developers.clio.com/api-docs/api-changelog.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, TypeVar, cast

from attrs import evolve

from ..models.schema import Operation
from ..notices import notify
from .caller import Caller

__all__ = ["as_of", "caller_of", "check_class", "counted", "counts_hours"]

T = TypeVar("T")

_SECONDS_SINCE = (4, 0, 4)


@lru_cache(64)
def counts_hours(version: str | None) -> bool:
    """Whether activities count hours in a version of the API; None is the one that the server chooses."""
    return version is not None and tuple(map(int, version.split("."))) < _SECONDS_SINCE


def as_of(operation: Operation, version: str | None) -> Operation:
    """Return an operation as it is in a version: a `timedelta` is written as what its numbers count there."""
    return _in_hours(operation) if counts_hours(version) else operation


@lru_cache(64)
def _in_hours(operation: Operation) -> Operation:
    if all(found.unit != "seconds" for found in operation.attributes.values()):
        return operation
    attributes = {
        name: evolve(found, unit="hours") if found.unit == "seconds" else found
        for name, found in operation.attributes.items()
    }
    return evolve(operation, attributes=attributes)


def caller_of(caller: Caller) -> Caller:
    """Return the caller of a resource: where activities count hours, one whose records know that, after a warning.

    Clients that share a core warn once.
    """
    version = caller.api_version
    if not counts_hours(version):
        return caller
    if version not in caller.learned.told:
        caller.learned.told.add(str(version))
        notify(
            f"In version {version} of the API activities count hours: so do quantity and rounded_quantity of records. "
            "Their duration and rounded_duration are right, but not those of a record that was made by from_dict. A "
            "timedelta that is written is converted to hours; one in a class of your own is refused."
        )
    from .in_hours import InHours  # for a few versions alone

    return cast("Caller", InHours(caller))


def counted(found: T, version: str | None) -> T:
    """Return what was read otherwise than by a caller of `caller_of`: its records know what they count."""
    if counts_hours(version):
        from ..models.hours import count_hours

        count_hours(found)
    return found


def check_class(schema: str, fields: Any, version: str | None) -> None:
    """Check that a class has no time that would be made of hours as if they were seconds.

    :raises InvalidArgument: if it has.
    """
    if counts_hours(version):
        from . import in_hours

        in_hours.check_class(schema, fields, version)
