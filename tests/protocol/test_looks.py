"""When to look at a webhook, and when to renew it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clio_async.protocol.looks import SOONEST, next_look, renewal, watched
from clio_async.protocol.subscriptions import DAY

NOW = 1_000_000.0
HOUR = 3_600.0


@given(st.floats(1, 31 * DAY), st.floats(0, 1, exclude_max=True))
def test_renewals_are_in_the_last_third_and_not_at_the_end(life: float, chance: float) -> None:
    """At least a twelfth of the life is left, if that is some hours; it is never at once."""
    at = renewal(NOW + life, NOW, chance) - NOW
    assert max(life * 2 / 3, SOONEST) - 1e-3 <= at <= max(life * 11 / 12, SOONEST) + 1e-3


def test_what_has_ended_is_not_renewed_at_once() -> None:
    """A life that is over is none; a clock that is wrong does not make for one request after the other."""
    assert NOW + SOONEST == renewal(NOW - 5, NOW, 0.5)


@pytest.mark.parametrize(
    ("pending", "renew_at", "chance", "expected"),
    [
        (None, None, 0.5, HOUR),
        (None, None, 0.0, 0.9 * HOUR),
        (None, None, 1.0, 1.1 * HOUR),
        (None, NOW + 9 * HOUR, 0.5, HOUR),
        (None, NOW + 60, 0.5, 60),
        (None, NOW - 60, 0.5, 1),
        (0.0, None, 0.5, 15),
        (0.0, None, 0.0, 11.25),
        (-9.0, None, 0.5, 15),
        (100.0, NOW + 5, 0.5, 65),
    ],
)
def test_when_to_look_again(pending: float | None, renew_at: float | None, chance: float, expected: float) -> None:
    """Soon while it is pending, and less and less; else now and then, and in time to renew."""
    assert pytest.approx(NOW + expected) == next_look(pending, renew_at, NOW, HOUR, chance)


@pytest.mark.parametrize(("every", "expected"), [(600.0, 1200.0), (1800.0, 3600.0), (DAY, 3720.0)])
def test_how_long_nobody_may_have_looked(every: float, expected: float) -> None:
    """Twice as long as there is between two looks, and never so long that Clio may have given up an event."""
    assert expected == watched(every)
