"""What numbers count under older versions of the API.

The quantity of an activity is a number of seconds since version 4.0.4, and was one of hours before: see
https://docs.developers.clio.com/api-docs/api-changelog.
"""

from __future__ import annotations

from functools import lru_cache

from attrs import evolve

from ..models.schema import Operation
from ..notices import notify
from .caller import Caller

__all__ = ["as_of", "counts_hours", "tell"]

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


def tell(caller: Caller) -> None:
    """Warn once, among clients that share a core, of a version in which activities count hours: no record shows it."""
    version = caller.api_version
    if not counts_hours(version) or version in caller.learned.told:
        return
    caller.learned.told.add(str(version))
    notify(
        f"In version {version} of the API activities count hours: so do quantity and rounded_quantity of records, "
        "while duration and rounded_duration take them for seconds. Do not use these two, nor timedelta for them in a "
        "class of your own. A timedelta that is written is converted to hours."
    )
