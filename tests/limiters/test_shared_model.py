"""The shared budget step by step: the script on a real Redis, processes, and a server that counts what is used.

Time passes only where a step says so, and questions, answers and requests overtake each other as the steps have it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
import redis
from attrs import Factory, define, field
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from clio_async.limiters.script import SHARE
from clio_async.protocol.rules import Rules
from clio_async.protocol.shared_quota import Answer, Question, SharedBudget
from clio_async.testing.simulator.limits import window

WINDOW, PROCESSES = 10.0, 3
LONGEST = 8.0  # seconds for which a request is under way: less than the server waits before it gives a process up
EPOCH = 1_700_000_000.25


@define
class Sent:
    """A request under way."""

    process: int
    number: int
    since: float
    told: tuple[bool, int, int] | None = None
    """What the server answered, once it has come there: whether it was served, what is left, and when the window ends.
    """


@define
class Model:
    """Three processes, one token, one API with windows of ten seconds that nobody is told of but by its answers."""

    store: Any
    limit: int
    key: str = "model"
    now: float = 3.0
    turn: int = 0
    lives: int = 0
    names: list[str] = Factory(list)
    budgets: list[SharedBudget] = Factory(list)
    sent: list[Sent] = Factory(list)
    foreign: int = 0
    refused: int = 0
    served: int = 0
    lost: int = 0
    quota: Any = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.quota = window(self.limit, WINDOW, "fixed")
        for place in range(PROCESSES):
            self.names.append("")
            self.budgets.append(SharedBudget(Rules(reserve=0.0), PROCESSES))
            self.begin(place)

    def begin(self, place: int) -> None:
        self.lives += 1
        self.names[place] = f"{place}-{self.lives}"
        self.budgets[place] = SharedBudget(Rules(reserve=0.0), PROCESSES)

    # -- steps

    def put(self, place: int, wanted: int) -> tuple[int, Question]:
        """Put a question, as the limiter does: whoever has permits, or has to wait, only tells."""
        self.turn += 1
        budget = self.budgets[place]
        return self.turn, budget.question(wanted if budget.asks(False, self.now) else 0, 0, self.now)

    def run(self, place: int, turn: int, question: Question) -> Answer | None:
        arguments = (EPOCH + self.now, self.names[place], turn, *question.arguments)
        return Answer.of(self.store.eval(SHARE.source, 1, self.key, *arguments))

    def ask(self, place: int, wanted: int) -> int:
        turn, question = self.put(place, wanted)
        answer = self.run(place, turn, question)
        assert answer is not None
        assert 0 <= answer.granted <= wanted
        self.budgets[place].told(question, answer, self.now, 0.5)
        return answer.granted

    def unheard(self, place: int, wanted: int) -> None:
        """Ask, and be gone when the answer comes."""
        self.run(place, *self.put(place, wanted))

    def overtaken(self, place: int, wanted: int) -> None:
        """Ask, be cancelled, and let a later question come first: nobody reads what is said to the earlier one."""
        late = self.put(place, wanted)
        self.ask(place, wanted)
        assert self.run(place, *late) is None

    def send(self, place: int, count: int) -> None:
        budget = self.budgets[place]
        while count and budget.ready(False, self.now) <= self.now:
            self.sent.append(Sent(place, budget.sent(False, self.now), self.now))
            count -= 1

    def arrive(self, place: int, count: int) -> None:
        for each in [each for each in self.sent if each.told is None and each.process == place][:count]:
            self.reach(each)

    def reach(self, each: Sent) -> None:
        quota = self.quota
        there = quota.remaining(self.now) > 0
        if there:
            quota.spend(self.now)
        self.served += there
        self.refused += not there
        each.told = there, quota.remaining(self.now), math.ceil(quota.reset(self.now))

    def answer(self, place: int, count: int) -> None:
        """Let answers come home: the latest first."""
        for each in [each for each in reversed(self.sent) if each.told and each.process == place][:count]:
            self.land(each)

    def land(self, each: Sent) -> None:
        if each.told is None:
            self.reach(each)
        assert each.told is not None
        self.sent.remove(each)
        served, remaining, reset = each.told
        until = max(0.0, reset - math.floor(self.now))
        budget, told = self.budgets[each.process], {"limit": self.limit, "reset": reset, "until": until}
        if served:
            budget.reported(each.number, self.now, remaining=remaining, **told)  # type: ignore[arg-type]
        else:
            budget.limited(each.number, self.now, pause=until + 1, chance=0.5, **told)  # type: ignore[arg-type]

    def lose(self, place: int, count: int) -> None:
        """Let answers be lost, to requests that have come there and such that have not."""
        for each in [each for each in self.sent if each.process == place][:count]:
            self.sent.remove(each)
            self.budgets[place].lost(each.number, self.now)
            self.lost += 1

    def withdraw(self, place: int, count: int) -> None:
        for each in [each for each in self.sent if each.process == place and each.told is None][:count]:
            self.sent.remove(each)
            self.budgets[place].withdrawn(each.number)

    def die(self, place: int, count: int) -> None:
        """End without a word, when some of what was sent has come there, and begin anew under another name."""
        self.arrive(place, count)
        self.sent = [each for each in self.sent if each.process != place]
        self.begin(place)

    def rival(self, _place: int, count: int) -> None:
        """Let somebody else use the token."""
        for _ in range(count):
            if self.quota.remaining(self.now) > 0:
                self.quota.spend(self.now)
                self.foreign += 1

    def forget(self, _place: int, _count: int) -> None:
        """Let the server lose everything."""
        self.store.delete(self.key)

    def wait(self, place: int, count: int) -> None:
        """Let a moment pass, or a second, or two. What would take too long is answered before."""
        self.now += (0.001, 0.3, 1.0, 2.0, 1.0)[place + count % 3]
        for each in [each for each in self.sent if self.now - each.since > LONGEST]:
            self.land(each)

    # -- what must hold

    def held(self) -> dict[str, int]:
        """Return what each process holds, as the server has it."""
        kept = self.store.hgetall(self.key)
        kept.pop(b"budget", None)
        return {name.decode(): int(unpacked(value)["held"]) for name, value in kept.items()}

    def check(self) -> None:
        held = self.held()
        for name, budget in zip(self.names, self.budgets, strict=True):
            has = budget.in_flight + (budget._stock if budget._has(self.now) else 0)
            assert has <= held.get(name, 0), "a permit that somebody has is free for others"

    def settle(self) -> None:
        """Let all come to its end: then nothing is held, and a process alone gets a window whole."""
        for each in list(self.sent):
            self.land(each)
        for place in range(PROCESSES):
            self.ask(place, 0)
        for _ in range(11):
            self.now += 1.0
            self.ask(0, 0)
        for place in range(PROCESSES):
            self.ask(place, 0)
        assert 0 == sum(self.held().values())
        before, ends = 0, self.now + 4 * WINDOW
        while True:
            start = int(self.now // WINDOW)
            before = self.served
            while int(self.now // WINDOW) == start:
                self.ask(0, self.limit)
                self.send(0, self.limit)
                self.answer_all()
                self.now += 0.25
            if self.served - before == self.limit:
                return
            assert self.now < ends, "a part of the window is lost for ever"

    def answer_all(self) -> None:
        for each in list(self.sent):
            self.land(each)


def unpacked(value: bytes) -> dict[str, float]:
    said: dict[str, float] = msgspec.msgpack.decode(value)
    return said


@pytest.fixture(scope="module")
def store(redis_url: str) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(redis_url) as opened:
        yield opened


CALM = ("ask", "ask", "send", "send", "arrive", "answer", "answer", "wait", "wait", "unheard", "overtaken", "withdraw")


def steps(*kinds: str) -> st.SearchStrategy[list[tuple[str, int, int]]]:
    step = st.tuples(st.sampled_from(kinds), st.integers(0, PROCESSES - 1), st.integers(1, 12))
    return st.lists(step, max_size=50)


def played(store: redis.Redis, limit: int, path: list[tuple[str, int, int]], *, whole: bool = True) -> Model:
    """Play the steps, after one request has told of the quota."""
    model = Model(store, limit)
    store.delete(model.key)
    model.ask(0, 1)
    model.send(0, 1)
    model.answer_all()
    model.ask(0, 0)
    for kind, place, count in path:
        getattr(model, kind)(place, count)
        if whole:
            model.check()
    model.settle()
    return model


KEPT = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@KEPT
@given(limit=st.integers(4, 20), path=steps(*CALM))
@example(5, [("ask", 0, 5), ("ask", 1, 5), ("send", 0, 5), ("send", 1, 5), ("arrive", 1, 5), ("arrive", 0, 5)])
def test_no_more_is_sent_than_a_window_has(store: redis.Redis, limit: int, path: list[tuple[str, int, int]]) -> None:
    """Nobody is ever refused, no permit is given twice, and none is lost."""
    assert 0 == played(store, limit, path).refused


@KEPT
@given(limit=st.integers(4, 20), path=steps(*CALM, "rival", "lose", "die"))
def test_no_more_are_refused_than_others_have_used(
    store: redis.Redis, limit: int, path: list[tuple[str, int, int]]
) -> None:
    """Of which nobody could know. What was lost, and what the dead had, counts as used until that is told."""
    model = played(store, limit, path)
    assert model.refused <= model.foreign + model.lost


@KEPT
@given(limit=st.integers(4, 20), path=steps(*CALM, "rival", "lose", "die", "forget"))
def test_nothing_is_lost_for_ever_though_the_server_forgets(
    store: redis.Redis, limit: int, path: list[tuple[str, int, int]]
) -> None:
    """Once all have told what they have, a window is used whole again."""
    played(store, limit, path, whole=False)


def test_a_report_from_before_the_server_forgot_can_only_lower_what_is_known(store: redis.Redis) -> None:
    """Its permit is numbered higher than any that was given since, which says nothing of its age."""
    model = Model(store, 50)
    store.delete(model.key)
    for place in (0, 1):
        model.ask(place, 2)
        model.send(place, 1)
    model.forget(0, 0)
    model.now += 0.5
    for place, remaining in ((0, 3), (1, 40)):
        budget = model.budgets[place]
        budget.reported(model.sent[place].number, model.now, limit=50, remaining=remaining, reset=10, until=7.0)
        answer = model.run(place, *model.put(place, 0))
        assert answer is not None
        assert (3, 50) == (answer.free, answer.limit)


def test_a_pause_is_the_longest_that_anybody_was_told(store: redis.Redis) -> None:
    """A shorter one that is told later does not end it."""
    model = Model(store, 50)
    store.delete(model.key)
    for place in (0, 1):
        model.ask(place, 1)
        model.send(place, 1)
    for place, pause in ((0, 30.0), (1, 5.0)):
        model.budgets[place].limited(model.sent[place].number, model.now, pause=pause, chance=0.5)
        answer = model.run(place, *model.put(place, 1))
        assert answer is not None
        assert (0, 30.0) == (answer.granted, answer.pause)
