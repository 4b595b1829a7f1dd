"""What was found out of a write whose answer was lost: `Outcome`."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

from attrs import frozen

__all__ = ["Outcome", "State"]

State: TypeAlias = Literal["applied", "not_applied", "unknown"]


@frozen
class Outcome:
    """What reading has found out of a write, at the moment of reading.

    "applied": all that was sent is there. "not_applied": the record is as it was before, or nothing of the kind was
    created; a request that is still on its way would change that. "unknown": neither can be told, since somebody else
    may have written meanwhile.
    """

    state: State
    record: Any = None
    """The record that was changed as it is now, or the one that was created; None if it is not there."""
    candidates: tuple[Any, ...] = ()
    """For a creation: the records created since that hold what was sent. Several: it may be any of them, or none."""
