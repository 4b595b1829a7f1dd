"""The budget of one token, played against servers of every kind (rows F50 and F51 of the fault table)."""

from __future__ import annotations

import heapq
import math
import random
from collections.abc import Callable
from typing import Literal

import pytest
from attrs import define, field
from hypothesis import example, given, settings
from hypothesis import strategies as st

from clio_async.protocol.quota import Budget, Rules
from clio_async.testing.simulator.limits import window

Kind = Literal["fixed", "sliding", "first"]


@define
class Server:
    """What the server is like, and the way to it."""

    kind: Kind
    limit: int
    seconds: float
    used: int
    """Requests that others made just before the start, of the first window."""
    rounding: Callable[[float], int]
    latency: float
    """The longest time of one way, in seconds."""
    losses: float
    """The chance that an answer is lost."""
    seed: int


@define
class Play:
    """What happened."""

    refused: list[tuple[float, bool]] = field(factory=list)
    """When a request was refused, and whether it was one that was sent to find out."""
    paused_sends: int = 0
    found_out: int = 0
    """How many were sent to find out."""
    sent: list[float] = field(factory=list)
    ended: float = 0.0


def play(server: Server, wishes: list[float], budget: Budget, offset: float = 0.0) -> Play:
    """Send a request for each wish (a moment) as soon as the budget lets it, until all are done.

    `offset` is where the server's windows stand when the client begins.
    """
    dice = random.Random(server.seed)
    quota = window(server.limit, server.seconds, server.kind)
    for _ in range(server.used):
        quota.spend(offset)
    events: list[tuple[float, int, Callable[[float], None]]] = []
    result, waiting, order = Play(), 0, 0
    pauses, looks = [-1.0], [-1.0]

    def at(moment: float, happens: Callable[[float], None]) -> None:
        nonlocal order
        order += 1
        heapq.heappush(events, (moment, order, happens))

    def wish(now: float) -> None:
        nonlocal waiting
        waiting += 1
        go(now)

    def go(now: float) -> None:
        nonlocal waiting
        while waiting and budget.ready(False, now) <= now:
            waiting -= 1
            finds_out = budget.bound is None or budget.bound <= budget.in_flight
            result.found_out += finds_out
            number = budget.sent(False, now)
            result.sent.append(now)
            result.paused_sends += now < pauses[-1]
            at(now + dice.uniform(0, server.latency), lambda now, number=number, it=finds_out: serve(now, number, it))
        if waiting and (looks[0] <= now or budget.ready(False, now) < looks[0]):
            looks[0] = max(budget.ready(False, now), now + 1e-6)
            at(looks[0], go)

    def serve(now: float, number: int, finds_out: bool) -> None:
        there = now + offset
        home = now + dice.uniform(0, server.latency)
        if quota.remaining(there) <= 0:
            result.refused.append((now, finds_out))
            pause = max(1, math.ceil(quota.reset(there) - there))
            at(home, lambda now: limited(now, number, pause))
            return
        quota.spend(there)
        reset = server.rounding(quota.reset(there))
        told = (quota.remaining(there), reset, max(0.0, reset - math.floor(there)))
        if dice.random() < server.losses:
            at(home, lambda now: lost(now, number))
        else:
            at(home, lambda now: reported(now, number, *told))

    def reported(now: float, number: int, remaining: int, reset: int, until: float) -> None:
        known = reset == budget.reset and now < budget.opens_at
        budget.reported(
            number, now, limit=server.limit, remaining=remaining, reset=reset, until=None if known else until
        )
        go(now)

    def limited(now: float, number: int, pause: int) -> None:
        nonlocal waiting
        waiting += 1
        pauses.append(now + pause)
        budget.limited(number, now, pause=pause, chance=dice.random())
        go(now)

    def lost(now: float, number: int) -> None:
        budget.lost(number, now)
        go(now)

    for moment in wishes:
        at(moment, wish)
    while events:
        now, _, happens = heapq.heappop(events)
        happens(now)
        result.ended = now
        assert len(result.sent) < 20 * len(wishes) + 1000, "it does not end"
    assert (0, 0) == (waiting, budget.in_flight)
    return result


servers = st.builds(
    Server,
    kind=st.sampled_from(["fixed", "sliding", "first"]),
    limit=st.one_of(st.integers(1, 12), st.integers(13, 300)),
    seconds=st.sampled_from([5.0, 10.0, 60.0]),
    used=st.integers(0, 10),
    rounding=st.sampled_from([math.ceil, math.floor]),
    latency=st.sampled_from([0.0, 0.05, 0.4, 2.0, 20.0]),
    losses=st.sampled_from([0.0, 0.0, 0.2]),
    seed=st.integers(0, 10_000),
)
wishes = st.one_of(
    st.integers(1, 400).map(lambda count: [0.0] * count),
    st.lists(st.floats(0, 100), min_size=1, max_size=150),
)


@settings(max_examples=300, deadline=None)
@given(server=servers, wishes=wishes, offset=st.floats(0, 100))
@example(Server("sliding", 3, 5.0, 2, math.floor, 2.0, 0.2, 1), [0.0] * 40, 3.7)
def test_no_more_is_sent_than_is_granted_but_what_is_sent_to_find_out(
    server: Server, wishes: list[float], offset: float
) -> None:
    """Whatever the windows, the latency, the order of the answers, and whichever of them are lost."""
    result = play(server, wishes, Budget(Rules()), offset)
    assert len(result.refused) <= result.found_out
    if server.latency < 0.5:  # else one that finds out may overtake another, and take its place
        assert [] == [when for when, finds_out in result.refused if not finds_out]
        assert server.losses or result.found_out <= 5 + result.ended  # at most one a second
    assert 0 == result.paused_sends
    # What was lost is not repeated here; each window gives what it has, but for the time in which it is found out.
    windows = 2 + len(wishes) / server.limit
    slowness = 2.5 + 4 * server.latency
    assert result.ended <= max(wishes) + (windows + len(result.refused)) * (server.seconds + slowness)


@pytest.mark.parametrize("kind", ["fixed", "sliding", "first"])
@pytest.mark.parametrize("rounding", [math.ceil, math.floor])
def test_a_server_with_an_untouched_window_never_refuses(kind: Kind, rounding: Callable[[float], int]) -> None:
    """Answers that come within a second, nobody else, no loss: not one 429, and every window is used."""
    server = Server(kind, 50, 60.0, 0, rounding, 0.2, 0.0, 7)
    result = play(server, [0.0] * 500, Budget(Rules()))
    assert [] == result.refused
    assert result.ended < 10 * 62


class Trusting(Budget):
    """The control: it believes every report, and does not take off what is under way."""

    def reported(self, number: int, now: float, **report: object) -> None:  # type: ignore[override]
        self._heard = 0
        super().reported(number, now, **report)  # type: ignore[arg-type]

    def _free(self, batch: bool) -> int:
        return self.bound or 0


class Eager(Budget):
    """The control: it takes what is left of a window for granted, whatever a request came to that is not answered."""

    def _doubt(self) -> None:
        return


@pytest.mark.parametrize("budget", [Trusting, Eager])
def test_a_budget_that_trusts_more_is_refused_more(budget: type[Budget]) -> None:
    """The controls of F50: without what is under way, or what was lost, the same play ends in 429s."""
    refusals = 0
    for seed in range(20):
        server = Server("fixed", 20, 10.0, 5, math.ceil, 2.0, 0.3, seed)
        result = play(server, [seed / 20] * 200, budget(Rules()), offset=seed / 2)
        refusals += sum(not finds_out for _, finds_out in result.refused)
    assert refusals > 0


# -- one thing at a time -----------------------------------------------------------------------------------------------


def sends(budget: Budget, now: float, wanted: int = 1000, batch: bool = False) -> list[int]:
    """Send as many as may go now."""
    numbers = []
    while len(numbers) < wanted and budget.ready(batch, now) <= now:
        numbers.append(budget.sent(batch, now))
    return numbers


def known(remaining: int = 10, limit: int = 10, rules: Rules | None = None, until: float = 60.0) -> Budget:
    """A budget that has heard one report, at 0."""
    budget = Budget(rules or Rules())
    budget.reported(budget.sent(False, 0.0), 0.0, limit=limit, remaining=remaining, reset=1000, until=until)
    return budget


def test_four_go_before_anything_is_known_and_more_with_each_second() -> None:
    """A cold start is a small burst, and cannot stand still."""
    budget = Budget(Rules())
    assert 4 == len(sends(budget, 0.0))
    assert 1.0 == budget.ready(False, 0.5)
    assert [4, 8, 16] == [len(sends(budget, now)) for now in (1.0, 2.0, 3.0)]


@pytest.mark.parametrize(("telling", "expected"), [(True, 1000), (False, 2)])
def test_a_server_that_says_nothing_is_not_slowed_after_its_first_answer(telling: bool, expected: int) -> None:
    """An answer that proves nothing (a gateway's, or to a refused token) lets one more go."""
    budget = Budget(Rules())
    first = sends(budget, 0.0)[0]
    budget.answered(first, 0.1, telling=telling)
    assert expected == len(sends(budget, 0.1))
    assert telling == budget.plenty(True)


def test_the_leash_ends_when_as_many_answers_came_as_a_window_may_hold() -> None:
    """Answers that prove nothing by themselves prove something in the end."""
    budget = Budget(Rules())
    numbers = sends(budget, 0.0)
    for _ in range(300):
        budget.answered(numbers.pop(), 0.1, telling=False)
        numbers += sends(budget, 0.1, 2)
    assert budget.plenty(False)


def test_what_is_under_way_is_taken_off_what_is_left() -> None:
    """Nobody knows whether the last report counted it."""
    budget = Budget(Rules())
    numbers = sends(budget, 0.0)
    budget.reported(numbers[0], 0.1, limit=50, remaining=46, reset=1000, until=60.0)
    assert 43 == len(sends(budget, 0.1))
    assert 61.1 == pytest.approx(budget.ready(False, 0.1))


def test_reports_that_were_overtaken_do_not_raise_what_is_known() -> None:
    """Of two reports of one window the lower one holds, unless one was asked for after the other came."""
    budget = known(10)
    first, second, third = sends(budget, 1.0, 3)
    budget.reported(second, 2.0, limit=10, remaining=7, reset=1000)
    budget.reported(first, 2.1, limit=10, remaining=8, reset=1000)
    assert 7 == budget.bound
    budget.reported(third, 2.2, limit=10, remaining=9, reset=1001)
    assert 7 == budget.bound
    later = budget.sent(False, 3.0)
    budget.reported(later, 3.1, limit=10, remaining=9, reset=1001)
    assert 9 == budget.bound


def test_a_report_of_an_older_window_is_ignored_and_one_of_a_newer_replaces() -> None:
    """By its reset; a second's difference is rounding."""
    budget = known(10)
    old, new = sends(budget, 1.0, 2)
    budget.reported(new, 61.0, limit=20, remaining=19, reset=1060, until=59.0)
    budget.reported(old, 61.1, limit=10, remaining=1, reset=1000)
    assert (19, 20, 121.0) == (budget.bound, budget.limit, budget.opens_at)


def test_a_lower_report_makes_those_sent_before_it_came_no_later_than_it() -> None:
    """What replaced what is known must have been asked for after everything that was heard."""
    budget = known(10)
    first = budget.sent(False, 0.5)
    budget.reported(budget.sent(False, 1.0), 1.1, limit=10, remaining=8, reset=1000)
    second = budget.sent(False, 1.2)
    budget.reported(first, 1.3, limit=10, remaining=6, reset=1000)
    budget.reported(second, 1.4, limit=10, remaining=7, reset=1000)
    assert 6 == budget.bound


def test_what_is_left_holds_beyond_the_window_and_then_one_finds_out() -> None:
    """A window that ends can only add to it."""
    budget = known(3)
    assert 3 == len(sends(budget, 100.0, 3))
    assert budget._leash is None
    assert 1 == len(sends(budget, 100.0))


def test_one_finds_out_and_one_more_when_no_answer_comes() -> None:
    """After a second one more goes, and twice as many with each further second, up to the limit."""
    budget = known(0)
    assert 61.0 == budget.ready(False, 10.0)
    counts = [len(sends(budget, now)) for now in (60.9, 61.0, 61.5, 62.0, 63.0, 64.0, 65.0, 66.0)]
    assert [0, 1, 0, 1, 2, 4, 2, 0] == counts
    assert 67.0 == budget.ready(False, 66.0)


def test_what_was_found_out_is_used_in_one_burst() -> None:
    """There is no reason to feel for what is known."""
    budget = known(0)
    probe = sends(budget, 61.0)
    budget.reported(*probe, 61.1, limit=10, remaining=9, reset=1060, until=59.0)
    assert 9 == len(sends(budget, 61.1))


def test_a_server_that_reports_no_more_is_not_slowed_for_ever() -> None:
    """Each answer without a report lets one more go, until it is clear that there is no quota any more."""
    budget = known(0)
    numbers = sends(budget, 61.0)
    for _ in range(255):
        budget.answered(numbers.pop(0), 61.0, telling=True)
        numbers += sends(budget, 61.0, 2)
    assert budget.bound is None
    assert budget.plenty(False)


def test_a_window_without_a_reset_is_asked_about_after_a_second() -> None:
    """The answer may be a 429, and that says how long."""
    budget = Budget(Rules())
    budget.reported(budget.sent(False, 0.0), 0.0, limit=10, remaining=0)
    assert 1.0 == budget.ready(False, 0.5)


def test_a_reset_beyond_the_cap_is_cut() -> None:
    """F50: no wait is longer than the cap."""
    assert 301.0 == known(0, until=1e15).ready(False, 0.0)


@pytest.mark.parametrize(("sent_before", "expected"), [(True, 7), (False, 8)])
def test_an_answer_that_is_lost_may_have_been_counted(sent_before: bool, expected: int) -> None:
    """It is taken off until somebody reports who was sent later."""
    budget = known(10)
    lost = budget.sent(False, 1.0)
    other = budget.sent(False, 1.0) if sent_before else 0
    budget.lost(lost, 2.0)
    assert 9 == budget.bound
    other = other or budget.sent(False, 2.5)
    budget.reported(other, 3.0, limit=10, remaining=8, reset=1000)
    assert expected == budget.bound
    assert [] == budget._lost


def test_what_is_lost_while_others_are_under_way_is_remembered_for_them_alone() -> None:
    """Whoever was sent after the loss reports what includes it."""
    budget = known(10)
    first, lost = sends(budget, 1.0, 2)
    budget.lost(lost, 2.0)
    later = budget.sent(False, 3.0)
    budget.reported(later, 4.0, limit=10, remaining=7, reset=1000)
    assert (7, 1) == (budget.bound, budget.in_flight)
    budget.reported(first, 5.0, limit=10, remaining=9, reset=1000)
    assert 7 == budget.bound


def test_what_was_not_sent_was_not_counted() -> None:
    """Nothing is taken off for it, also on the leash and of a share."""
    budget = known(10)
    budget.withdrawn(budget.sent(False, 1.0))
    assert (10, 0) == (budget.bound, budget.in_flight)
    cold = Budget(Rules(share=0.5))
    for number in sends(cold, 0.0):
        cold.withdrawn(number)
    numbers = sends(cold, 0.0)
    assert 4 == len(numbers)
    cold.reported(numbers[0], 0.1, limit=12, remaining=11, reset=1000, until=60.0)
    assert 2 == len(sends(cold, 0.1))


# -- pauses ------------------------------------------------------------------------------------------------------------


def test_nothing_goes_in_a_pause_and_one_after_it() -> None:
    """F51: then one more for each answer, until the limit is reached."""
    budget = known(50, limit=20)
    first, second = sends(budget, 1.0, 2)
    budget.limited(first, 2.0, pause=30.0, chance=0.5)
    budget.reported(second, 3.0, limit=20, remaining=15, reset=1060, until=50.0)
    assert ([], 32.0) == (sends(budget, 31.9), budget.ready(False, 3.0))
    rounds = []
    numbers = sends(budget, 32.0)
    while len(rounds) < 6:
        rounds.append(len(numbers))
        for number in numbers:
            budget.reported(number, 33.0, limit=20, remaining=1000, reset=1060)
        numbers = sends(budget, 33.0, 100)
    assert [1, 2, 4, 8, 16, 100] == rounds


def test_an_answer_that_a_refusal_overtook_says_nothing_of_what_is_left() -> None:
    """F51: it may be from before."""
    budget = known(50)
    first, second = sends(budget, 1.0, 2)
    budget.limited(first, 2.0, pause=30.0, chance=0.5)
    budget.reported(second, 2.1, limit=10, remaining=5, reset=1000)
    assert 0 == budget.bound


@pytest.mark.parametrize("grown", [1, 5])
def test_one_finds_out_also_while_the_leash_after_a_pause_is_long(grown: int) -> None:
    """What the leash would allow is not what there is."""
    budget = known(50, limit=20)
    budget.limited(budget.sent(False, 1.0), 1.0, pause=10.0, chance=0.5)
    for _ in range(grown):
        budget.reported(budget.sent(False, 11.0), 11.0, limit=20, remaining=2, reset=1000, until=5.0)
    assert (2, 17.0) == (len(sends(budget, 11.0)), budget.ready(False, 11.0))
    assert 1 == len(sends(budget, 17.0))


def test_nobody_who_is_under_way_delays_the_one_that_finds_out() -> None:
    """Not those either who are on the leash after a pause."""
    budget = known(50, limit=20)
    budget.limited(budget.sent(False, 1.0), 1.0, pause=10.0, chance=0.5)
    budget.reported(budget.sent(False, 11.0), 11.0, limit=20, remaining=2, reset=1000, until=0.0)
    assert 2 == len(sends(budget, 11.9))
    assert 1 == len(sends(budget, 12.0))


def test_late_refusals_prolong_a_pause_only_as_far_as_they_say() -> None:
    """F51: a burst that is refused is one refusal."""
    budget = known(50)
    numbers = sends(budget, 1.0, 4)
    budget.limited(numbers[0], 2.0, pause=30.0, chance=0.5)
    budget.limited(numbers[1], 2.5, pause=30.0, chance=0.5)
    assert 32.5 == budget.paused_until
    budget.limited(numbers[2], 3.0, pause=5.0, chance=0.5)
    budget.limited(numbers[3], 3.0, pause=None, chance=0.5)
    assert 32.5 == budget.paused_until
    assert (0, 1) == (budget.in_flight, budget._refusals)


def test_pauses_that_are_not_named_double_up_to_a_minute() -> None:
    """F50: from one second, with jitter; an answer ends the series."""
    budget = Budget(Rules())
    now, pauses = 0.0, []
    for _ in range(9):
        budget.limited(budget.sent(False, now), now, pause=None, chance=1.0)
        pauses.append((budget.paused_until or 0.0) - now)
        now = budget.ready(False, now)
    assert [1, 2, 4, 8, 16, 32, 60, 60, 60] == pauses
    budget.answered(budget.sent(False, now), now, telling=True)
    budget.limited(budget.sent(False, now), now, pause=None, chance=0.0)
    assert now + 0.5 == budget.paused_until


def test_a_server_that_says_at_once_again_and_again_is_not_believed() -> None:
    """F51: the second time in a row it is slower."""
    budget = Budget(Rules())
    budget.limited(budget.sent(False, 0.0), 0.0, pause=0.0, chance=1.0)
    assert 0.0 == budget.ready(False, 0.0)
    budget.limited(budget.sent(False, 0.0), 0.0, pause=0.0, chance=1.0)
    assert 2.0 == budget.ready(False, 0.0)


def test_a_server_that_names_a_short_pause_again_and_again_is_not_believed() -> None:
    """F51: what it says is a lower bound, from the second refusal in a row on. An answer ends the series."""
    budget = Budget(Rules())
    now, pauses = 0.0, []
    for asked in (3.0, 3.0, 3.0, 3.0, 3.0, 100.0, 3.0):
        budget.limited(budget.sent(False, now), now, pause=asked, chance=1.0)
        pauses.append((budget.paused_until or 0.0) - now)
        now = budget.ready(False, now)
    assert [3, 3, 4, 8, 16, 100, 60] == pauses
    budget.answered(budget.sent(False, now), now, telling=True)
    budget.limited(budget.sent(False, now), now, pause=3.0, chance=1.0)
    assert now + 3.0 == budget.paused_until


def test_a_late_refusal_does_not_hide_the_next() -> None:
    """F51: those of one burst come one after the other, and what is sent between them is refused in its own right."""
    budget = Budget(Rules())
    now, sent = 0.0, 0
    numbers = sends(budget, now)
    while numbers and now < 0.5:
        now += 0.01
        sent += 1
        budget.limited(numbers.pop(0), now, pause=0.0, chance=1.0)
        numbers += sends(budget, now)
    assert (5, []) == (sent, numbers)
    assert now + 2.0 == budget.paused_until


@pytest.mark.parametrize(("asked", "expected"), [(1e15, 300.0), (-5.0, 0.0)])
def test_a_pause_is_within_its_bounds(asked: float, expected: float) -> None:
    """F50."""
    budget = Budget(Rules())
    budget.limited(budget.sent(False, 0.0), 0.0, pause=asked, chance=0.5)
    assert expected == budget.ready(False, 0.0)


def test_a_refusal_that_tells_the_limit_makes_it_known() -> None:
    """Also if it is the first answer."""
    budget = Budget(Rules())
    budget.limited(budget.sent(False, 0.0), 0.0, pause=10.0, chance=0.5, limit=50, reset=1000, until=10.0)
    assert (50, 0, 10.0) == (budget.limit, budget.bound, budget.window)
    probe = sends(budget, 10.0)
    assert 1 == len(probe)
    budget.reported(*probe, 10.1, limit=50, remaining=49, reset=1060, until=59.0)
    assert 2 == len(sends(budget, 10.1))


# -- shares, reserves, paces -------------------------------------------------------------------------------------------


def test_a_share_of_each_window_is_used_and_no_more() -> None:
    """The rest is for others, though it is left."""
    budget = Budget(Rules(share=0.3))
    first = budget.sent(False, 0.0)
    budget.reported(first, 0.1, limit=10, remaining=9, reset=1000, until=60.0)
    assert (2, 61.0) == (len(sends(budget, 1.0)), budget.ready(False, 1.0))
    assert (1, 62.0) == (len(sends(budget, 61.0)), budget.ready(False, 61.0))


def test_a_share_is_at_least_one() -> None:
    """Else nothing would ever be sent."""
    budget = Budget(Rules(share=0.01))
    budget.reported(budget.sent(False, 0.0), 0.0, limit=10, remaining=9, reset=1000, until=60.0)
    assert [0, 1] == [len(sends(budget, 60.0)), len(sends(budget, 61.0))]


def test_a_share_of_an_unknown_limit_is_all() -> None:
    """There is nothing of which it could be a part."""
    budget = Budget(Rules(share=0.5))
    budget.answered(budget.sent(False, 0.0), 0.0, telling=True)
    assert 1000 == len(sends(budget, 0.0))


def test_a_batch_leaves_the_reserve_and_finds_out_when_the_window_is_over() -> None:
    """Interactive calls go meanwhile."""
    budget = attended(known(10, rules=Rules(reserve=0.3)))
    assert (7, 61.0) == (len(sends(budget, 1.0, batch=True)), budget.ready(True, 1.0))
    assert not budget.plenty(True)
    assert budget.plenty(False)
    assert 1 == len(sends(budget, 61.0, batch=True))
    assert 2 == len(sends(budget, 61.0))


def attended(budget: Budget) -> Budget:
    """Make an interactive call."""
    budget.reserve.attend()
    return budget


def opened(budget: Budget, now: float, window: int) -> int:
    """Open a window of ten requests with one of a batch. Return how many more the batch may send, and does."""
    number = budget.sent(True, now)
    budget.reported(number, now, limit=10, remaining=9, reset=1000 + 60 * window, until=59.0)
    numbers = sends(budget, now, batch=True)
    for number in numbers:
        budget.reported(number, now, limit=10, remaining=9 - len(numbers), reset=1000 + 60 * window)
    return len(numbers)


def test_a_batch_alone_leaves_nothing() -> None:
    """Nobody would use it."""
    budget = known(10, rules=Rules(reserve=0.3))
    assert budget.plenty(True)
    assert [9, 9] == [opened(budget, 61.0 * window, window) for window in (1, 2)]


def test_the_reserve_binds_to_the_end_of_the_window_after_an_interactive_call() -> None:
    """Also if the call came when the batch had taken all, and again after the next one."""
    budget = known(10, rules=Rules(reserve=0.3))
    assert 9 == opened(budget, 1.0, 0)
    attended(budget)
    assert [6, 9, 9] == [opened(budget, 61.0 * window, window) for window in (1, 2, 3)]
    attended(budget)
    assert [6, 9] == [opened(budget, 61.0 * window, window) for window in (4, 5)]


def test_the_reserve_binds_as_soon_as_there_is_an_interactive_call() -> None:
    """And by the size of the window, also if that is told later."""
    budget = known(10, rules=Rules(reserve=0.3))
    assert 2 == len(sends(budget, 1.0, 2, batch=True))
    assert 5 == len(sends(attended(budget), 1.0, batch=True))
    cold = attended(Budget(Rules(reserve=0.3)))
    cold.reported(cold.sent(False, 0.0), 0.0, limit=20, remaining=19, reset=1000, until=60.0)
    assert 13 == len(sends(cold, 0.0, batch=True))


def test_what_interactive_calls_take_is_taken_off_the_reserve() -> None:
    """It is a part of each window, not of what is left, as far as windows can be told apart."""
    budget = attended(known(10, rules=Rules(reserve=0.3)))
    assert 2 == len(sends(budget, 1.0, 2))
    assert 7 == len(sends(budget, 1.0, batch=True))
    assert 1 == len(sends(budget, 1.0))
    counts = []
    for moved in (0, 10):
        budget.reported(budget.sent(True, 1.0), 1.0, limit=10, remaining=10, reset=1000 + moved)
        counts.append(budget.reserve.held)
    assert [0, 3] == counts


def test_a_sliding_window_has_the_reserve_for_as_long() -> None:
    """Its reset moves with every answer: a later one is no other window."""
    budget = attended(known(10, rules=Rules(reserve=0.3)))
    counts = []
    for moved in (2, 30, 58, 64, 90):
        number = budget.sent(True, float(moved))
        budget.reported(number, float(moved), limit=10, remaining=9, reset=1000 + moved, until=60.0)
        counts.append(budget._free(True))
    assert [6, 6, 6, 9, 9] == counts


def test_a_window_of_unknown_length_is_taken_for_a_minute() -> None:
    """A server need not tell of a reset."""
    budget = attended(Budget(Rules(reserve=0.3)))
    counts = []
    for now in (0.0, 30.0, 59.0, 61.0):
        budget.reported(budget.sent(True, now), now, limit=10, remaining=9)
        counts.append(budget._free(True))
    assert [6, 6, 6, 9] == counts
    stops = attended(known(10, rules=Rules(reserve=0.3)))
    stops.reported(stops.sent(True, 1.0), 1.0, limit=10, remaining=9)
    assert 6 == stops._free(True)


def test_a_batch_leaves_the_reserve_of_a_share() -> None:
    """Though more is left of the window."""
    budget = attended(Budget(Rules(share=0.5, reserve=0.4)))
    budget.reported(budget.sent(False, 0.0), 0.0, limit=10, remaining=9, reset=1000, until=60.0)
    assert (2, 61.0) == (len(sends(budget, 1.0, batch=True)), budget.ready(True, 1.0))
    assert 61.0 == 1.0 + budget.wait(0, True, 1.0)
    assert (2, 61.0) == (len(sends(budget, 2.0)), budget.ready(False, 2.0))


def test_a_batch_that_has_taken_its_whole_share_waits_until_the_reserve_is_free_again() -> None:
    """For an interactive call that came late."""
    budget = Budget(Rules(share=0.5, reserve=0.4))
    budget.reported(budget.sent(True, 0.0), 0.0, limit=10, remaining=9, reset=1000, until=60.0)
    assert [1] * 4 == [len(sends(budget, now, 1, batch=True)) for now in (1.0, 2.0, 3.0, 4.0)]
    assert (61.0, 63.0) == (budget.ready(True, 5.0), attended(budget).ready(True, 5.0))
    assert 61.0 == budget.ready(False, 5.0)


def test_a_paced_batch_is_spread_over_the_window() -> None:
    """Interactive calls go at once, and the batch goes on with what they leave."""
    budget = known(10, rules=Rules(paced=True), until=59.0)
    moments, now = [], 0.0
    while now < 60:
        now = budget.ready(True, now)
        moments.append(now)
        if now < 60:
            budget.sent(True, now)
    assert 11 == len(moments)
    assert [6.0 * step for step in range(10)] == pytest.approx(moments[:10])
    assert not budget.plenty(True)


def test_a_paced_batch_learns_of_more() -> None:
    """A new window ends a wait that was made for the old one."""
    budget = known(1, limit=50, rules=Rules(paced=True), until=59.0)
    number = budget.sent(True, 0.0)
    assert 60.0 == budget._next
    budget.reported(number, 1.0, limit=50, remaining=49, reset=1060, until=48.0)
    assert 2.0 == budget.ready(True, 1.0)
    other = known(5, limit=50, rules=Rules(paced=True), until=50.0)
    sends(other, 100.0, 1, batch=True)
    assert 101.0 == other.ready(True, 100.0)


def test_a_paced_batch_of_an_unknown_limit_goes_on_when_the_window_is_over() -> None:
    """Nothing says how long the next one is."""
    budget = Budget(Rules(paced=True))
    budget.reported(budget.sent(True, 0.0), 0.0, limit=None, remaining=3, reset=1000, until=10.0)
    assert 3 == len(sends(budget, 20.0, 3, batch=True))


# -- estimates ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("position", "expected"), [(0, 0), (4, 0), (5, 60), (14, 60), (15, 119), (25, 178)], ids=str)
def test_an_estimate_is_the_position_in_windows(position: int, expected: int) -> None:
    """What is left goes at once, the rest window by window."""
    assert expected == known(5, until=59.0).wait(position, False, 0.0)


@pytest.mark.parametrize(
    ("rules", "batch", "position", "expected"),
    [
        (Rules(reserve=0.2), True, 3, 60),
        (Rules(reserve=0.2), True, 11, 119),
        (Rules(share=0.5), False, 3, 0),
        (Rules(share=0.5), False, 4, 60),
        (Rules(paced=True), True, 3, 36),
        (Rules(paced=True), False, 3, 0),
    ],
    ids=str,
)
def test_an_estimate_knows_the_rules(rules: Rules, batch: bool, position: int, expected: int) -> None:
    """Reserve, share and pace."""
    assert expected == attended(known(5, rules=rules, until=59.0)).wait(position, batch, 0.0)


def test_an_estimate_knows_a_pause() -> None:
    """And what may come after it."""
    budget = known(10, until=59.0)
    budget.limited(budget.sent(False, 1.0), 1.0, pause=20.0, chance=0.0)
    assert [20.0, 20.0, 79.0] == [budget.wait(position, False, 1.0) for position in (0, 9, 10)]
    cold = Budget(Rules())
    assert 0.0 == cold.wait(1000, False, 0.0)
    cold.limited(cold.sent(False, 1.0), 1.0, pause=20.0, chance=0.0)
    assert 20.0 == cold.wait(1000, False, 1.0)


def test_a_budget_in_use_is_not_idle() -> None:
    """Neither one with requests under way, nor one that waits, nor one whose window is not over."""
    budget = Budget(Rules())
    assert budget.idle(0.0)
    number = budget.sent(False, 0.0)
    assert not budget.idle(0.0)
    budget.limited(number, 0.0, pause=5.0, chance=0.0)
    assert [False, True] == [budget.idle(4.0), budget.idle(5.0)]
    assert [False, True] == [known().idle(60.0), known().idle(61.0)]
