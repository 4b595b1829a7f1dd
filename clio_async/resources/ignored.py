"""Changes that Clio answers with 200 and does not make: see what the answer shows, and report it.

Seen of amounts on lines of bills that stand for an activity, and of activities that are billed. See
https://docs.developers.clio.com/api-reference/ (Line Items, Activities).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Context, Decimal
from functools import cache
from typing import Any

from attrs import evolve, frozen

from ..codec import parse
from ..codec.values import number
from ..errors import ChangeIgnored
from ..models import durations, registry
from ..models.likeness import is_rounded
from ..models.record import Record
from ..models.schema import Operation, Unit
from ..models.selection import Selection
from ..protocol.shapes import is_dict
from . import bodies

__all__ = ["Watch", "bare", "watch"]


@frozen
class _Steps:
    """How far apart two numbers are that tell of something."""

    rounding: Decimal
    """What is sent and what is shown: less is explained by rounding, to six minutes of billing or to a cent."""
    change: Decimal
    """What was and what is sent: less is no change that would show."""
    timed: bool


_STEPS: Mapping[Unit, _Steps] = {
    "seconds": _Steps(Decimal(360), Decimal(1), timed=True),
    "hours": _Steps(Decimal("0.1"), Decimal("0.01"), timed=True),
    "": _Steps(Decimal("0.01"), Decimal("0.01"), timed=False),
}


@frozen(repr=False)
class Watch:
    """What one update sent under names whose change Clio may ignore, and what the record showed before."""

    sent: Mapping[str, Decimal]
    earlier: Mapping[str, Decimal]
    steps: Mapping[str, _Steps]

    @property
    def names(self) -> tuple[str, ...]:
        """What the answer has to show."""
        return tuple(self.sent)

    def over(self, selection: Selection[Any]) -> Selection[Any]:
        """Return a selection whose answers `checked` can read: a class of the caller may not show what is watched."""
        if issubclass(selection.record_type, Record):
            return selection

        def decode(body: bytes) -> _Seen:
            return _Seen(selection.decode(body), _shown(body))

        return evolve(selection, decode=decode)

    def checked(self, answer: Any) -> Any:
        """Return the record of an answer.

        :raises ChangeIgnored: if it shows that a change was not made.
        """
        seen = answer if isinstance(answer, _Seen) else _Seen(answer, answer)
        ignored = tuple(name for name in self.sent if self._is_ignored(name, seen.number(name)))
        if ignored:
            raise ChangeIgnored(_told(ignored), fields=ignored, record=seen.record)
        return seen.record

    def _is_ignored(self, name: str, shown: Decimal | None) -> bool:
        if shown is None:  # not in the answer, or withheld: nothing can be said
            return False
        sent, earlier, steps = self.sent[name], self.earlier.get(name), self.steps[name]
        if earlier is not None:
            changed = shown == earlier and _apart(sent, earlier, steps.change)
            # Time is rounded up: what was and what is sent may both come to what is shown.
            return changed and not (sent < shown and is_rounded(sent, shown, timed=steps.timed))
        return _apart(shown, sent, steps.rounding)


def _apart(one: Decimal, other: Decimal, step: Decimal) -> bool:
    """Whether two numbers differ by a step or more. They may be of any size: the write is done, nothing may fail."""
    # A context of its own, as the caller's may round; without traps a difference beyond all bounds is infinite.
    difference = Context(prec=60, traps=[]).subtract(one, other).copy_abs()
    return not difference.is_nan() and difference >= step


@frozen
class _Seen:
    """The record of an answer, and where its numbers can be read."""

    record: Any
    shown: Any

    def number(self, name: str) -> Decimal | None:
        found = self.shown.get(name) if is_dict(self.shown) else getattr(self.shown, name, None)
        return _number(found, "")


def bare(answer: Any) -> Any:
    """Return the record of an answer, as the caller is given it."""
    return answer.record if isinstance(answer, _Seen) else answer


def _shown(body: bytes) -> Any:
    tree = parse(body)
    return tree.get("data") if is_dict(tree) else None


def _number(value: Any, unit: Unit) -> Decimal | None:
    try:
        return number(durations.amount(value, unit) if isinstance(value, dt.timedelta) else value)
    except ValueError:
        return None


def watch(
    operation: Operation, target: object, changes: Mapping[str, Any], extra: Mapping[str, Any] | None
) -> Watch | None:
    """Return what to watch in the answer to an update; None for nearly all of them.

    :raises InvalidArgument: if a value that would be watched cannot be sent.
    """
    known = _ignorable(operation.resource)
    unchecked = bodies.mapping("extra_json", extra)
    if known.isdisjoint(changes) and known.isdisjoint(unchecked):
        return None
    given = {name: value for name, value in changes.items() if name in known}
    more = {name: value for name, value in unchecked.items() if name in known}
    written = bodies.written(operation, given, more)
    sent = {name: _number(value, "") for name, value in written.items()}
    units: dict[str, Unit] = {name: operation.attributes[name].unit for name in written}
    earlier = {name: _number(getattr(target, name, None), units[name]) for name in written}
    return Watch(
        {name: value for name, value in sent.items() if value is not None},
        {name: value for name, value in earlier.items() if value is not None},
        {name: _STEPS[unit] for name, unit in units.items()},
    )


@cache
def _ignorable(resource: str) -> frozenset[str]:
    """Return the attributes of a resource whose change Clio may ignore."""
    attributes = registry.resource(resource).operations["update"].attributes
    return frozenset(name for name, found in attributes.items() if found.may_be_ignored)


def _told(names: tuple[str, ...]) -> str:
    listed = " and ".join(names)
    return (
        f"Clio answered 200, and the record shows another {listed} than was sent: that change was not made. "
        "Nothing else of the write is in doubt. It happens to what is on a bill: change it before it is billed, or "
        "take it off the bill first."
    )
