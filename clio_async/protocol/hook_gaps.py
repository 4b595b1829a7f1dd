"""Since when events of webhooks may have been missed. Moments are seconds since the epoch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from .hook_forms import form_of, names_of

if TYPE_CHECKING:
    from .subscriptions import Held, Shown

__all__ = ["GIVEN_UP", "RETRIED", "SLACK", "earliest", "is_lost", "lost_at", "lost_since"]

RETRIED: Final = 5_400.0
"""Seconds for which an event is on its way at most. Clio gives it up after about an hour of retries, so one that was
lost may be so much older than the moment at which its webhook was seen to be well."""
GIVEN_UP: Final = 3_720.0
"""Seconds after which Clio gives up an event at the earliest: it tries again after 2, 4, 8, 16 and 32 minutes."""
SLACK: Final = 300.0
"""How far our clock may be ahead of Clio's."""


def is_lost(held: Held, shown: Shown, now: float, watched: float) -> bool:
    """Say whether something may have been missed since a webhook was seen to be well.

    Nobody has looked for too long, or the clock was ahead when somebody did, or somebody else has narrowed what it
    sends.
    """
    if any(moment is not None and moment > now + SLACK for moment in (held.seen_at, held.covered_from)):
        return True
    if held.seen_at is None:
        return False
    less = not {*held.events} <= shown.events or not names_of(held.fields) <= names_of(shown.fields)
    narrowed = less and held.taken != form_of(shown.events, shown.fields)
    return narrowed or now - held.seen_at > watched


def lost_since(pairs: Sequence[tuple[Held, Shown]], others: Sequence[Shown], held: Sequence[Held], now: float) -> float:
    """Return since when something may have been missed, if none of what is held lives.

    Where nothing is held that was ever well, what else calls the address may be ours, of a store that is lost: then
    nothing is known since it was made. Where there is none of that either, it begins now.
    """
    made = {own.key: one.made_at for own, one in pairs}
    known = any(one.seen_at is not None for one in held)
    traces = [] if known else [one.made_at or 0.0 for one in others]
    return earliest(now - SLACK, *traces, *[lost_at(one, made.get(one.key), now) for one in held]) or 0.0


def lost_at(held: Held, made_at: float | None, now: float) -> float | None:
    """Return since when events of a webhook may be lost: since it was seen to be well last, and a little before.

    It may have been suspended soon after that, or its receiver have been down until it expired. What never was well has
    missed what it was made to tell; of what was before it was made, it had nothing to tell.

    Moments that are to come were noted by a clock that was ahead: in their place stands `made_at`, when Clio says that
    it was made. If that is not known either, nothing is.
    """
    made = held.made_at - SLACK if held.made_at is not None and held.made_at <= now + SLACK else None
    first = next((moment for moment in (made, made_at) if moment is not None), 0.0)
    noted = held.covered_from if held.covered_from is None or held.covered_from <= now + SLACK else first
    if held.seen_at is None:
        return noted
    if held.seen_at > now + SLACK:
        return earliest(noted, first)
    return earliest(noted, max(held.seen_at - RETRIED, first))


def earliest(first: float | None, *others: float | None) -> float | None:
    return min((moment for moment in (first, *others) if moment is not None), default=None)
