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
    created; a request that is still on its way would change that, and what was deleted since is not there either.
    "unknown": neither can be told, since somebody else may have written meanwhile.

    A creation is "applied" only where records name their maker (activities, comments, documents …): if one record, and
    one alone, holds all that was sent, was made by the user of this client, and answered no other call of it. An equal
    record that another process of the same user has made in these seconds looks the same.

    What was created may not read as it was sent: a text may be trimmed, a number or a time rounded. So a creation is
    "not_applied" only if no record was created since, by anybody, with the associated records that were sent. The
    clocks of those who sent, who read and of the server may differ by five minutes, and be set right by as much
    meanwhile: what was created up to five minutes before counts, too. By more, that is wrong.
    """

    state: State
    record: Any = None
    """The record that was changed as it is now, or the one that was created; None if it is not there."""
    candidates: tuple[Any, ...] = ()
    """For a creation: the records created since that hold what was sent; if there are none, those with the same
    associated records. It may be any of them, or none."""
