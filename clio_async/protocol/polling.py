"""How often a job is looked at that goes on at Clio, and what its states mean."""

from __future__ import annotations

from typing import Any, Final, Literal, TypeAlias

__all__ = ["FIRST_PAUSE", "LONGEST_PAUSE", "MOST_PER_MINUTE", "State", "next_pause", "percent_of", "state_of"]

State: TypeAlias = Literal["running", "completed", "empty", "failed"]

FIRST_PAUSE: Final = 1.0
LONGEST_PAUSE: Final = 15.0
MOST_PER_MINUTE: Final = 15
"""Reads of one job in any minute, at most: Clio allows a token some 50 requests in that time."""

_SHARE = 0.6  # of the time that has passed: few reads of a long job, and a short one is not seen late
_SOONER = 0.7
_SPREAD = 0.2


def next_pause(elapsed: float, percent: int | None, random: float) -> float:
    """Return for how many seconds to leave a job alone that was begun `elapsed` seconds ago.

    The pause grows with the time that has passed. Where the progress of the job lets its end be foreseen, the pause is
    up to that, and a little shorter at most. `random`, from 0 to 1, shortens it by up to a fifth, so that jobs which
    were begun together are not looked at together.
    """
    pause = min(max(elapsed * _SHARE, FIRST_PAUSE), LONGEST_PAUSE)
    if percent:
        left = elapsed * (100 - percent) / percent
        pause = max(min(pause, left), pause * _SOONER)
    return max(pause * (1 - _SPREAD * random), FIRST_PAUSE * (1 - _SPREAD))


def state_of(state: object) -> State:
    """Return what the word for a state means. One that nobody knows is taken for a job that goes on.

    The words: https://docs.developers.clio.com/api-reference/ (Reports, Document Archives, Document Automations).
    """
    if state == "completed":
        return "completed"
    if state == "empty":
        return "empty"
    return "failed" if state == "failed" else "running"


def percent_of(progress: Any) -> int | None:
    """Return a progress as a whole number from 0 to 100; None if it is none."""
    try:
        return min(max(int(progress), 0), 100)
    except (TypeError, ValueError, OverflowError):
        return None
