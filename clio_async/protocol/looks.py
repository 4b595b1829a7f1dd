"""When to look at a webhook that is to be kept, and when to renew it. Moments are seconds since the epoch."""

from __future__ import annotations

from typing import Final

from .hook_gaps import GIVEN_UP

__all__ = ["SOONEST", "next_look", "renewal", "watched"]

SOONEST: Final = 1_200.0
"""Seconds until what was renewed just now is renewed again at the earliest, whatever Clio has made of it."""


def renewal(expires_at: float, now: float, chance: float) -> float:
    """Return when to renew what expires then: at a random moment in the last third of its life, but not at its end.

    Never at once: an end that Clio does not put off is not asked for again and again. `chance` is a number from 0 up to
    1: so that many that were made together are not renewed together.
    """
    life = max(expires_at - now, 0.0)
    return max(expires_at - life / 3 * (0.25 + 0.75 * chance), now + SOONEST)


def watched(every: float) -> float:
    """Return for how many seconds nobody may have looked for a webhook that is looked at so often to be watched.

    Never so long that an event may have been given up meanwhile, with nobody there to receive it.
    """
    return min(2 * every, GIVEN_UP)


def next_look(pending: float | None, renew_at: float | None, now: float, every: float, chance: float) -> float:
    """Return when to look at a webhook again: after `every` seconds or so, or to renew it.

    One that is `pending` for some seconds is looked at soon, and the less often the longer it has been.
    """
    if pending is not None:
        return now + (15.0 + max(pending, 0.0) / 2) * (0.75 + chance / 2)
    looked = now + every * (0.9 + 0.2 * chance)
    return looked if renew_at is None else max(min(looked, renew_at), now + 1.0)
