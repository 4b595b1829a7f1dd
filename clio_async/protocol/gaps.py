"""Gaps: how far the walk over what was missed has come, as a text that outlives the process.

Moments are seconds since the epoch.
"""

from __future__ import annotations

import json
from typing import Any, Final

from attrs import evolve, frozen

__all__ = ["IN_A_ROW", "MOST", "Standing", "failed", "gone_on", "read_standing", "told", "write_standing"]

MOST: Final = 100
"""How many records may have been told in vain before the walk waits for some of them to succeed."""
IN_A_ROW: Final = 5
"""How many records may fail one after the other before all is left for later."""


@frozen
class Standing:
    """How far the walk over a gap has come."""

    began: float
    """What was changed before this moment, the walk sees."""
    mark: str | None = None
    """The mark of the page at which it is, or of its end. None: it has not read a page yet."""
    told: tuple[int, ...] = ()
    """The records of that page that were told, also those in vain, by their ids."""
    failed: tuple[int, ...] = ()
    """What is to be told again."""
    over: bool = False
    """Whether only `failed` is left."""


def gone_on(text: str | None, until: float, now: float) -> Standing:
    """Return where the walk over a gap goes on. `until` is the end of the gap: what was missed was before that.

    One that was begun before the gap ended sees the rest by another walk, from its mark on.
    """
    begun = max(now, until)  # whoever noted the end may have another clock, and had seen it before
    known = read_standing(text)
    if known is None:
        return Standing(begun)
    if known.began >= until:
        return known
    if known.over:
        return evolve(known, began=begun, over=False)
    return evolve(known, told=())  # its page is read again, where those that were told may have changed since


def told(standing: Standing, id: int) -> Standing:
    """Return a walk that has told of a record."""
    left = tuple(one for one in standing.failed if one != id)
    return evolve(standing, told=standing.told if standing.over else (*standing.told, id), failed=left)


def failed(standing: Standing, id: int) -> Standing:
    """Return a walk that has told of a record in vain: it comes again, after the others."""
    done = told(standing, id)
    return evolve(done, failed=(*done.failed, id))


def write_standing(standing: Standing) -> str:
    """Write it as a text. It holds nothing secret: ids, and what is in a mark."""
    return json.dumps(
        {
            "v": 1,
            "began": standing.began,
            "mark": standing.mark,
            "told": standing.told,
            "failed": standing.failed,
            "over": standing.over,
        },
        separators=(",", ":"),
    )


def read_standing(text: str | None) -> Standing | None:
    """Read it. None if it is none, or of another version of the package: then the walk begins anew."""
    try:
        given: Any = json.loads(text or "")
        mark, began, over = given["mark"], given["began"], given["over"]
        ids = [*given["told"], *given["failed"]]
        if given["v"] != 1 or not isinstance(mark, str | None) or not all(type(one) is int for one in ids):
            return None
        return Standing(float(began), mark, tuple(given["told"]), tuple(given["failed"]), bool(over))
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return None
