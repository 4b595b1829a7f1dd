"""`Lines`: the events that wait, record by record, and which of them one call of a handler is for."""

from __future__ import annotations

from itertools import takewhile

from attrs import define, field

from .event import Event
from .reply import Reply

__all__ = ["Lines", "Waiting"]


@define(eq=False)
class Waiting:
    """A delivery that waits for its turn."""

    event: Event
    key: str
    """What tells it from other deliveries."""
    reply: Reply | None = field(default=None)
    """Set when it was handled together with one that came before it."""


class Lines:
    """A line for each record, as its principal sees it, of at most `most`. Nothing is kept of a record without one."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lines: dict[tuple[str, str, int], list[Waiting]] = {}

    def __len__(self) -> int:
        return len(self._lines)

    def join(self, event: Event, key: str) -> Waiting | None:
        """Put a delivery at the end of the line of its record. None if that is full."""
        line = self._lines.setdefault(_name(event), [])
        if len(line) >= self._most:
            return None
        waiting = Waiting(event, key)
        line.append(waiting)
        return waiting

    def leave(self, waiting: Waiting) -> None:
        """Take one out, whether it was handled or not."""
        line = self._lines[_name(waiting.event)]
        line.remove(waiting)
        if not line:
            del self._lines[_name(waiting.event)]

    def together(self, first: Waiting) -> list[Waiting]:
        """Return what one call is for: `first`, and what follows of the same kind, up to what is of another.

        So nothing overtakes anything: what was created, then deleted, then created again is told three times.
        """
        line = self._lines[_name(first.event)]
        return [*takewhile(lambda one: _sort(one) == _sort(first), line[line.index(first) :])]


def _name(event: Event) -> tuple[str, str, int]:
    return event.principal, event.model, event.id


def _sort(one: Waiting) -> tuple[str, str, int | None]:
    return one.event.kind, one.event.subscription, one.event.webhook_id
