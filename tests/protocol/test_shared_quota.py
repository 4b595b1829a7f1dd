"""What a process decides about its part in a shared budget, without a server."""

from __future__ import annotations

from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from clio_async.protocol.rules import Rules
from clio_async.protocol.shared_quota import Answer, Away, SharedBudget

ANSWER = Answer(
    granted=0,
    grant=7,
    born=1.0,
    tied=0,
    wait=(-1.0, -1.0),
    limit=50,
    free=40,
    opens=30.0,
    window=60.0,
    pause=0.0,
    processes=4,
    refusals=0,
    needed=False,
)
HELD, GROWN, TIED, LOST, REPORT, REFUSED, BORN = 0, 3, 4, 5, slice(7, 12), 13, -1


def budget(**changes: Any) -> SharedBudget:
    """Return one that was answered at 100 seconds."""
    made = SharedBudget(Rules(), 4)
    made.told(made.question(1, 0, 100.0), evolve(ANSWER, **changes), 100.0, 0.5)
    return made


def asked(made: SharedBudget, wanted: int = 1, now: float = 101.0) -> tuple[Any, ...]:
    return made.question(wanted, 0, now).arguments


def test_nothing_may_be_sent_before_the_server_has_granted_it() -> None:
    """Not even the first request."""
    made = SharedBudget(Rules(), 4)
    assert made.ready(False, 5.0) > 5.0
    assert made.asks(False, 5.0)


def test_a_request_that_was_not_sent_gives_its_permit_back() -> None:
    """To the next one of this process, for as long as the permit lives."""
    made = budget(granted=1)
    number = made.sent(False, 100.0)
    assert made.ready(False, 100.0) > 100.0
    made.withdrawn(number)
    assert (100.0, 0) == (made.ready(False, 100.0), made.in_flight)
    assert 1 == asked(made)[HELD]
    assert 0 == asked(made, now=105.0)[HELD]
    assert made.ready(False, 105.0) > 105.0


def test_permits_are_given_back_when_nobody_waits() -> None:
    """Whoever held them does not hold them for ever by asking again and again."""
    made = budget(granted=3)
    made.sent(False, 100.0)
    assert 3 == asked(made, 1)[HELD]
    assert 1 == asked(made, 0)[HELD]
    assert made.ready(False, 101.0) > 101.0


def test_a_request_withdrawn_while_the_server_is_away_leaves_nothing() -> None:
    """It had no permit."""
    made = budget()
    made.away(100.0)
    number = made.sent(False, 100.0)
    made.withdrawn(number)
    assert 0 == asked(made, now=102.0)[HELD]
    assert made.ready(False, 102.0) > 102.0


def test_who_has_a_permit_does_not_wait() -> None:
    """As many as there are permits."""
    made = budget(granted=2)
    assert 0.0 == made.wait(1, False, 100.0)
    assert 0.0 < made.wait(2, False, 100.0) < 1.0


@pytest.mark.parametrize(
    ("position", "batch", "seconds"),
    [(0, False, 0.0), (12, False, 30.0), (24, False, 90.0), (9, True, 0.0), (10, True, 30.0), (20, True, 90.0)],
)
def test_the_wait_is_told_by_this_process_s_part_of_each_window(position: int, batch: bool, seconds: float) -> None:
    """Twelve of fifty with four processes, ten of them for a batch that leaves a fifth."""
    made = SharedBudget(Rules(reserve=0.2), 4)
    made.told(made.question(1, 0, 100.0), evolve(ANSWER, free=0, wait=(0.0, 0.0)), 100.0, 0.5)
    assert seconds == made.wait(position, batch, 100.0)


def test_the_wait_in_a_pause_begins_with_the_pause() -> None:
    """And then goes on by windows."""
    made = budget(pause=20.0, free=0)
    assert 20.0 == made.wait(0, False, 100.0)
    assert 80.0 == made.wait(12, False, 100.0)


def test_it_is_idle_when_nothing_would_be_lost() -> None:
    """No permit, no question, no request, and no pause."""
    made = budget(opens=0.0)
    assert made.idle(101.0)
    made.asker = object()
    assert not made.idle(101.0)
    assert not budget(opens=0.0, granted=1).idle(101.0)
    assert not budget(opens=0.0, pause=9.0).idle(101.0)


def test_a_refusal_that_comes_while_a_question_is_under_way_is_told_with_the_next() -> None:
    """The answer does not know of it."""
    made = budget(granted=2)
    first, second = made.sent(False, 100.0), made.sent(False, 100.0)
    question = made.question(1, 0, 100.0)
    assert "" == question.arguments[REFUSED]
    made.limited(first, 101.0, pause=5.0, chance=0.5)
    made.told(question, ANSWER, 101.0, 0.5)
    assert made.is_due(True, 101.0)
    question = made.question(1, 0, 101.0)
    assert (7, ("",) * 5) == (question.arguments[REFUSED], question.arguments[REPORT])
    made.limited(second, 101.0, pause=9.0, chance=0.5, limit=50, reset=60, until=9.0)
    made.told(question, ANSWER, 101.0, 0.5)
    assert (7, 0, 50, 60, 9.0) == asked(made)[REPORT]


def test_a_report_that_comes_while_a_question_is_under_way_is_told_with_the_next() -> None:
    """So are answers that count for the leash, but not of requests from before it."""
    made = budget(granted=3)
    numbers = [made.sent(False, 100.0) for _ in range(3)]
    made.reported(numbers[0], 100.0, limit=50, remaining=39)
    question = made.question(1, 0, 100.0)
    assert (7, 39, 50) == question.arguments[REPORT][:3]
    made.reported(numbers[1], 101.0, limit=50, remaining=38)
    made.told(question, evolve(ANSWER, grant=9), 101.0, 0.5)
    question = made.question(1, 0, 101.0)
    assert (1, 2, (7, 38, 50)) == (question.arguments[HELD], question.arguments[GROWN], question.arguments[REPORT][:3])
    made.reported(numbers[2], 101.0, limit=50, remaining=37)
    made.told(question, evolve(ANSWER, tied=9), 101.0, 0.5)
    assert (2, 9) == (asked(made)[GROWN], asked(made)[TIED])


def test_what_was_told_in_vain_is_due_again() -> None:
    """Others may still wait for it."""
    made = budget(granted=1, needed=True)
    made.reported(made.sent(False, 100.0), 101.0, limit=50, remaining=39)
    made.question(0, 0, 101.0)  # whoever asked is gone when the answer comes
    assert made.is_due(False, 101.0)
    made.told(made.question(0, 0, 101.0), ANSWER, 101.0, 0.5)
    assert not made.is_due(False, 101.0)


def test_a_server_that_has_lost_a_pause_is_told_of_it() -> None:
    """By whoever has heard of it."""
    made = budget(granted=1)
    made.limited(made.sent(False, 100.0), 100.0, pause=30.0, chance=0.5)
    made.told(made.question(0, 0, 100.0), evolve(ANSWER, pause=30.0), 100.0, 0.5)
    assert not made.is_due(False, 101.0)
    made.told(made.question(0, 0, 101.0), evolve(ANSWER, born=2.0), 101.0, 0.5)
    assert made.is_due(False, 101.0)
    assert (0, 29.0, 2.0) == (asked(made)[REFUSED], asked(made)[REFUSED + 1], asked(made)[BORN])


def test_what_a_server_has_granted_that_forgot_it_since_is_not_used() -> None:
    """And it proves nothing of what was granted later."""
    made = budget(granted=2)
    number = made.sent(False, 100.0)
    made.told(made.question(1, 0, 100.0), evolve(ANSWER, born=2.0), 100.0, 0.5)
    assert made.ready(False, 100.0) > 100.0
    made.reported(number, 100.0, limit=50, remaining=3)
    assert (0, 3) == asked(made)[REPORT][:2]


def test_a_late_answer_of_an_overtaken_question_changes_nothing() -> None:
    """The later one has told all."""
    made = budget(granted=1)
    made.reported(made.sent(False, 100.0), 100.0, limit=50, remaining=39)
    made.told(made.question(1, 0, 100.0), None, 100.0, 0.5)
    assert (7, 39) == asked(made)[REPORT][:2]


def test_what_has_ended_without_an_answer_is_told_as_a_sum() -> None:
    """It can be told twice, and counts once."""
    made = budget(granted=2)
    made.lost(made.sent(False, 100.0), 101.0)
    assert (0, 1) == (asked(made, 0)[HELD], asked(made, 0)[LOST])
    made = budget(granted=1)
    made.answered(made.sent(False, 100.0), 101.0, telling=True)
    assert [1, 1] == [asked(made)[LOST], asked(made)[LOST]]


def test_a_server_that_stays_away_is_left_alone_for_longer() -> None:
    """Up to a quarter of a minute; once it has answered, for a second again."""
    made, now, rests = budget(), 200.0, []
    for _ in range(6):
        made.away(now)
        rests.append(made._away.until - now)
        now = made._away.until
    assert [1.0, 2.0, 4.0, 8.0, 15.0, 15.0] == rests
    made.told(made.question(0, 0, now), ANSWER, now, 0.5)
    made.away(now)
    assert 1.0 == made._away.until - now


SAID = [b"2", b"7", b"1.0", b"0", b"-1", b"-1", b"50", b"40", b"30.0", b"60.0", b"0", b"4", b"0", b"0", b"1"]
ODD = st.sampled_from([b"nan", b"inf", b"-inf", b"1e300", b"-5", b"", b"x", b"9" * 6000, 1, None, [], "1", 0.5])


def test_a_reply_is_read() -> None:
    """As the script has written it."""
    assert evolve(ANSWER, granted=2) == Answer.of(SAID)


@given(st.integers(0, 14), ODD, st.sampled_from([SAID, SAID[:14], [*SAID, b"1"], [], 5, None, b"hello", {}]))
def test_what_is_no_reply_is_none(place: int, odd: object, reply: Any) -> None:
    """Whatever comes it raises nothing; what it takes for an answer holds numbers that can be reckoned with."""
    if isinstance(reply, list) and len(reply) == len(SAID):
        reply = [*reply[:place], odd, *reply[place + 1 :]]
        answer = Answer.of(reply)
        may_be_negative = place in {2, 3, 4, 5, 6, 7, 13, 14}
        assert (answer is not None) == (odd == b"-5" and may_be_negative)
        budget().told(budget().question(1, 0, 100.0), answer, 100.0, 0.5)
    else:
        assert Answer.of(reply) is None


def test_what_is_no_answer_leaves_the_server_alone() -> None:
    """It is as if it were away: no question after the other."""
    made = budget()
    made.told(made.question(1, 0, 101.0), None, 101.0, 0.5)
    assert (True, False) == (made.is_alone(101.9), made.asks(False, 101.9))


def test_one_server_is_left_alone_by_all_its_budgets() -> None:
    """Those who had asked at once and failed at once are one failure."""
    away = Away()
    first, second = SharedBudget(Rules(), 4, away=away), SharedBudget(Rules(), 4, away=away)
    first.away(100.0)
    second.away(100.1)
    assert (True, False) == (second.is_alone(100.9), second.is_alone(101.0))


def test_after_it_was_told_only_those_who_wait_are_told_again() -> None:
    """So an answered call is kept for one exchange, unless somebody waits."""
    for needed in (False, True):
        made = budget(granted=9, needed=needed)
        for number in [made.sent(False, 100.0) for _ in range(9)]:
            made.reported(number, 100.0, limit=50, remaining=40)
        assert (True, needed) == (made.is_due(False, 100.0), made.is_due(False, 100.0, again=True))
