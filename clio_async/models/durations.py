"""Amounts of time: numbers of seconds or of hours, as Clio has them, and `timedelta`.

Activities count seconds, lines of bills hours, both under the name ``quantity``; and both count pieces under that name
when they stand for an expense (https://docs.developers.clio.com/api-reference/).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal
from enum import Enum
from typing import Any, NamedTuple

from attrs import frozen

from .schema import Unit

__all__ = ["AsTime", "Decider", "Timed", "amount", "decider", "duration", "made_of"]

_MICROSECONDS = {"seconds": 10**6, "hours": 3600 * 10**6}
_MICROSECOND = timedelta(microseconds=1)
_LONGEST = Decimal(timedelta.max // timedelta(seconds=1) + 1)
"""No number of seconds or hours that is larger is a `timedelta`, and it may have any number of digits."""
_PLACES = 10
"""Decimals of hours. One is a third of a microsecond: what is written reads back as the same `timedelta`."""


class Decider(NamedTuple):
    """The attribute that says whether a record counts time, and its value where it does."""

    name: str
    value: str

    def counts_time(self, found: object) -> bool:
        """Whether a record counts time whose attribute is that."""
        return (found.value if isinstance(found, Enum) else found) == self.value


_DECIDERS: Mapping[tuple[str, str], Decider] = {
    ("Activity", name): Decider("type", "TimeEntry")
    for name in ("quantity", "rounded_quantity", "quantity_in_hours", "rounded_quantity_in_hours")
} | {("LineItem", "quantity"): Decider("kind", "Service")}


def decider(schema: str, name: str) -> Decider | None:
    """Return what decides whether a number with a unit counts time in a record; None where all of them do."""
    return _DECIDERS.get((schema.removesuffix("_base"), name))


_NUMBERS: Mapping[str, str] = {"duration": "quantity", "rounded_duration": "rounded_quantity"}


def made_of(schema: str, name: str) -> tuple[str, ...]:
    """Return the attributes that a property of records is made of: ``("type", "quantity")``; none for any other name.

    Clio knows nothing of the property: it is these that have to be asked for.
    """
    number = _NUMBERS.get(name, "")
    decides = decider(schema, number)
    return () if decides is None else (decides.name, number)


def amount(time: timedelta, unit: Unit) -> int | Decimal:
    """Return the number of seconds or hours that a time is, which is not negative.

    Seconds are exact. Hours are rounded to ten decimals, a third of a microsecond: 20 minutes are 0.3333333333.
    """
    count = time // _MICROSECOND
    if unit == "seconds":
        return _number(count, 6)
    hours, rest = divmod(count * 10**_PLACES, _MICROSECONDS["hours"])
    return _number(hours + (2 * rest > _MICROSECONDS["hours"]), _PLACES)


def _number(count: int, places: int) -> int | Decimal:
    """Return a count of fractions, exactly, with no more digits than it takes."""
    whole, rest = divmod(count, 10**places)
    return Decimal(f"{whole}.{rest:0{places}d}".rstrip("0")) if rest else whole


def duration(number: Any, unit: Unit) -> timedelta:
    """Return the time that a number of seconds or hours is, to the nearest microsecond.

    :raises ValueError: if it is no number, or larger than a `timedelta` can be.
    """
    if isinstance(number, bool) or not isinstance(number, Decimal | int | float):
        raise ValueError("not a number")  # noqa: TRY004 - a contradiction like any other
    exact = Decimal(repr(number)) if isinstance(number, float) else Decimal(number)
    if not exact.is_finite() or exact.copy_abs() > _LONGEST:
        raise ValueError("not a number of a time that can be told")
    # A context of its own: the caller's may round.
    counted = Context(prec=60).multiply(exact, Decimal(_MICROSECONDS[unit]))
    try:
        return timedelta(microseconds=int(counted.to_integral_value(ROUND_HALF_EVEN)))
    except OverflowError:
        raise ValueError("not a number of a time that can be told") from None


@frozen
class AsTime:
    """Turns the numbers of an attribute, which always count time, into times."""

    unit: Unit

    def __call__(self, number: Any) -> timedelta:
        return duration(number, self.unit)


@frozen
class Timed:
    """Makes objects of a class of the caller, with times where the record counts time, and None where it does not."""

    made: Callable[..., Any]
    times: Mapping[str, tuple[Unit, str, Decider]]
    """By keyword argument: what its number counts, and the argument that decides whether it does."""

    @property
    def __name__(self) -> str:
        return self.made.__name__

    def __call__(self, **given: Any) -> Any:
        for name, (unit, deciding, decides) in self.times.items():
            number = given.get(name)
            if not decides.counts_time(given.get(deciding)):
                given[name] = None
            elif isinstance(number, Decimal):  # anything else is null, or was found to contradict the schema
                given[name] = duration(number, unit)
        return self.made(**given)
