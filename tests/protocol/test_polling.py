"""How often a job is looked at: soon at first, then less often, and never so often that it takes the quota."""

from __future__ import annotations

from decimal import Decimal
from itertools import accumulate
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clio_async.protocol.polling import LONGEST_PAUSE, MOST_PER_MINUTE, next_pause, percent_of, state_of

FRACTIONS = st.floats(0, 1)
PERCENT = st.none() | st.integers(0, 100)


@given(st.integers(), st.sampled_from([None, 1, 50, 99, 100, "any"]), st.sampled_from([0.0, 1.0, "any"]))
def test_no_minute_has_more_reads_than_a_third_of_the_quota(seed: int, percent: object, random: object) -> None:
    """Whatever progress a job shows, and however the dice fall."""
    dice = Random(seed)
    times = [0.0]
    while times[-1] < 200:
        shown = dice.randint(0, 100) if percent == "any" else percent
        thrown = dice.random() if random == "any" else random
        times.append(times[-1] + next_pause(times[-1], shown, thrown))  # type: ignore[arg-type]
    assert MOST_PER_MINUTE >= max(sum(at <= later < at + 60 for later in times[1:]) for at in times[1:])
    assert MOST_PER_MINUTE * 3 <= 50


@given(st.floats(0, 1e9), PERCENT, FRACTIONS)
def test_a_pause_has_its_bounds(elapsed: float, percent: int | None, random: float) -> None:
    """Never none, and never longer than a quarter of a minute."""
    assert 0.8 <= next_pause(elapsed, percent, random) <= LONGEST_PAUSE


@given(st.floats(0, 1e6), st.floats(0, 1e6), FRACTIONS)
def test_pauses_grow_with_time(elapsed: float, more: float, random: float) -> None:
    """A job that takes long is looked at less often."""
    assert next_pause(elapsed, None, random) <= next_pause(elapsed + more, None, random)


def test_the_first_look_is_soon_and_the_last_ones_far_apart() -> None:
    """Without progress and without dice: a second, then six tenths of the time that has passed."""
    pauses = [1.0, 1.0, 1.2, 1.92, 3.072, 4.9152, 7.86432, 12.582912, 15.0]
    elapsed = [0.0, *accumulate(pauses[:-1])]
    assert pytest.approx(pauses) == [next_pause(at, None, 0.0) for at in elapsed]


@pytest.mark.parametrize(
    ("percent", "pause"), [(None, 12.0), (0, 12.0), (10, 12.0), (66, 20 * 34 / 66), (80, 8.4), (99, 8.4), (100, 8.4)]
)
def test_an_end_that_is_foreseen_is_waited_for(percent: int | None, pause: float) -> None:
    """After 20 seconds: up to the end that the progress lets expect, and seven tenths of the pause at least."""
    assert pytest.approx(pause) == next_pause(20.0, percent, 0.0)


def test_dice_shorten_a_pause_by_a_fifth_at_most() -> None:
    """Jobs that were begun together are not looked at together."""
    assert pytest.approx([12.0, 10.8, 9.6]) == [next_pause(20.0, None, random) for random in (0.0, 0.5, 1.0)]


@pytest.mark.parametrize(
    ("word", "meaning"),
    [
        *((word, word) for word in ("completed", "empty", "failed")),
        *((word, "running") for word in ("not_started", "queued", "in_progress", "Completed", "brewing", "", None, 3)),
    ],
)
def test_a_word_that_nobody_knows_is_a_job_that_goes_on(word: object, meaning: str) -> None:
    """Only the three that end a job do."""
    assert meaning == state_of(word)


@pytest.mark.parametrize(
    ("progress", "percent"),
    [
        *((0, 0), (42, 42), (100, 100), (-1, 0), (250, 100), (Decimal("99.9"), 99), (99.9, 99), ("7", 7)),
        *((None, None), ("x", None), ([], None), (float("nan"), None), (float("inf"), None)),
    ],
)
def test_a_progress_is_a_percentage_or_none(progress: object, percent: int | None) -> None:
    """The three jobs type it differently, and a server may say anything."""
    assert percent == percent_of(progress)
