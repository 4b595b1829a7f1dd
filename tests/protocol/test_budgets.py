"""`protocol.budgets`: repetitions are a tenth of the calls, and a few (F51, F52)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from clio_async.protocol.budgets import RetryBudget

ORIGIN = "https://app.clio.com/api/v4"


def granted(budget: RetryBudget, principal: str, *, wanted: int, calls: int = 0) -> int:
    """Make calls, then ask for so many repetitions; return how many there may be."""
    for _ in range(calls):
        budget.earn(principal, ORIGIN)
    return sum(budget.take(principal, ORIGIN) for _ in range(wanted))


def test_a_principal_has_ten_and_earns_one_with_ten_calls() -> None:
    """No less, no more."""
    budget = RetryBudget()
    assert 10 == granted(budget, "a", wanted=50)
    assert [0, 1, 0, 2] == [granted(budget, "a", wanted=50, calls=calls) for calls in (9, 1, 0, 20)]


def test_a_server_has_a_hundred_for_all_of_its_principals() -> None:
    """F51: many principals in one outage are one storm."""
    budget = RetryBudget()
    assert [10] * 10 + [0] * 5 == [granted(budget, str(number), wanted=11) for number in range(15)]
    assert budget.take("other", "https://eu.app.clio.com/api/v4")
    assert 1 == granted(budget, "late", wanted=50, calls=10)


def test_the_outage_of_one_principal_is_not_that_of_others() -> None:
    """F52: whatever one asks for, the others have theirs."""
    budget = RetryBudget()
    assert 10 == granted(budget, "a", wanted=10_000)
    assert 10 == granted(budget, "b", wanted=10)


def test_what_is_paid_back_is_forgotten() -> None:
    """Then a call has nothing to look up; and nobody saves up more than there was at first."""
    budget = RetryBudget()
    granted(budget, "a", wanted=2)
    assert 0 == granted(budget, "a", wanted=0, calls=19)
    assert {"a": 1, ORIGIN: 1} == dict(budget.owed)
    granted(budget, "a", wanted=0, calls=1)
    assert not budget.owed
    assert 10 == granted(budget, "a", wanted=50, calls=1000)


def test_what_is_refused_costs_nothing() -> None:
    """A principal that has nothing left does not take from the server's."""
    budget = RetryBudget()
    granted(budget, "a", wanted=1000)
    assert 100 == budget.owed[ORIGIN]


def test_debts_are_bounded_and_the_oldest_go() -> None:
    """A server that is asked again and again is never the oldest."""
    budget = RetryBudget(kept=5)
    for number in range(9):
        assert budget.take(str(number), ORIGIN)
    assert {"5", "6", "7", "8", ORIGIN} == budget.owed.keys()
    assert 90 == budget.owed[ORIGIN]
    for principal in ("5", "a", "b", "c"):
        assert budget.take(principal, ORIGIN)
    assert {"5": 20, "a": 10, "b": 10, "c": 10, ORIGIN: 130} == dict(budget.owed)


@given(st.lists(st.tuples(st.sampled_from("abcdefghijklmnop"), st.integers(0, 3)), max_size=300))
def test_repetitions_are_at_most_a_tenth_of_the_calls_and_what_there_was_at_first(
    calls: list[tuple[str, int]],
) -> None:
    """F51: for each principal and for the server, in every order of calls that fail or do not."""
    budget = RetryBudget()
    made: dict[str, list[int]] = {}
    for principal, wanted in calls:
        counts = made.setdefault(principal, [0, 0])
        counts[0] += 1
        counts[1] += granted(budget, principal, wanted=wanted, calls=1)
        assert counts[1] <= 10 + counts[0] / 10
        assert sum(repeated for _, repeated in made.values()) <= 100 + sum(made_ for made_, _ in made.values()) / 10
