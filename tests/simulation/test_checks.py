"""The checks see what they are there for: in a history that was doctored, and where a defence was taken out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy
from functools import cache
from typing import Any, TypeAlias

import anyio
import pytest
from attrs import evolve

from clio_async import MaybeSent, Request, Response
from clio_async.caches.base import Begun
from clio_async.caches.memory import MemoryCache
from clio_async.middleware.base import Handler
from clio_async.testing import Regime
from tests.simulation import checks
from tests.simulation.history import Act, Applied, Happened, History
from tests.simulation.plans import Event, Plan
from tests.simulation.world import played

CALM = Plan(seed=3, rate=0.1, workers=4, acts=15, regime=Regime(token_lifetime=600), processes=1)


@cache
def calm() -> History:
    """Return the history of a run in which all is well."""
    events = tuple(Event(5.0 * number, what, number) for number, what in enumerate(("change", "tell", "add", "expire")))
    return played(3, evolve(CALM, events=events))


def test_where_all_is_well_no_check_finds_anything() -> None:
    assert [] == checks.problems(calm())


Doctor: TypeAlias = Callable[[History], None]


def an(history: History, kind: str, outcome: str = "done") -> Act:
    return next(act for act in history.acts if act.kind == kind and act.outcome == outcome and (act.seen or act.sent))


def untyped(history: History) -> None:
    act = an(history, "get")
    act.outcome, act.typed = "KeyError()", False


def foreign(history: History) -> None:
    act = an(history, "get")
    act.seen[0] = (act.seen[0][0], "us9|i1|*")


def elsewhere(history: History) -> None:
    next(sent for sent in history.sent if sent.owner == "us1").owner = "eu1"


def stale(history: History) -> None:
    """Show the first version to the last read."""
    act = [act for act in history.acts if act.kind == "walk" and act.home == "us1" and act.process == "p0"][-1]
    line = next(line for key, line in history.timelines().items() if key[:2] == act.seen[0][0][:2] and len(line) > 1)
    act.seen.append((line[0].key, line[0].value))


def vanished(history: History) -> None:
    act = an(history, "get")
    act.seen = [(act.seen[0][0], None)]


def left_out(history: History) -> None:
    del an(history, "walk").seen[0]


def in_sight(history: History) -> None:
    act = an(history, "walk")
    history.happened.append(Happened(act.began - 1, 0.0, "hide", (act.who, act.seen[0][0])))


def lost(history: History) -> None:
    act = an(history, "by_edit")
    history.applied = [change for change in history.applied if not checks._is_of(change, act)]


def doubled(history: History) -> None:
    act = an(history, "by_id")
    history.applied += [change for change in history.applied if checks._is_of(change, act)]


def refused_and_done(history: History) -> None:
    an(history, "create").outcome = "RateLimited"


def overwritten(history: History) -> None:
    place = next(n for n, change in enumerate(history.applied) if change.value and not change.value.endswith("|*"))
    change = history.applied[place]
    history.applied.insert(place, Applied(change.step, change.key, f"{change.key[0]}|x|*"))


def belied(history: History) -> None:
    act = an(history, "by_id")
    after = Act(9_999, "reconcile", act.who, act.home, act.process, of=act.number, told="not_applied", ended=10**9)
    after.began = history.steps
    history.acts.append(after)


def impatient(history: History) -> None:
    first = next(sent for sent in history.sent if sent.who not in {"oauth", "storage"})
    first.came, first.pause, first.came_at = "429", 60.0, first.at


def wasteful(history: History) -> None:
    first = next(sent for sent in history.sent if sent.first and sent.who not in {"oauth", "storage"})
    history.sent += [evolve(first, first=False, came="502") for _ in range(99)]


def renewed_twice(history: History) -> None:
    first = next(sent for sent in history.sent if sent.who == "oauth" and sent.about)
    history.sent.append(evolve(first, step=first.step + 1, at=first.at + 1.0, came_at=first.at + 2.0, came="200"))
    first.came, first.came_at = "200", first.at + 0.5


def renewed_at_a_time(history: History) -> None:
    first = next(sent for sent in history.sent if sent.who == "oauth" and sent.about)
    history.sent.append(evolve(first, step=first.step + 1))


def shown_after_all(history: History) -> None:
    acts = [act for act in history.acts if act.who == "us1/1" and act.process == "p0"]
    history.happened.append(Happened(acts[0].began - 1, 0.0, "revoke", "us1/1"))
    acts[0].outcome = "ReauthRequired"


def late(history: History) -> None:
    act = next(act for act in history.acts if act.kind == "get" and act.timeout is not None)
    act.ended_at = act.began_at + (act.timeout or 0.0) + 0.06


def stubborn(history: History) -> None:
    an(history, "get").cancel_at = an(history, "get").ended_at - 0.06


def missed(history: History) -> None:
    for act in history.acts:
        if act.kind == "changes" and act.home == "us2":
            act.seen = []


def left(history: History) -> None:
    history.left.append("1 flights left")


DOCTORED: Sequence[tuple[checks.Check, Doctor]] = [
    (checks.typed, untyped),
    (checks.isolated, foreign),
    (checks.isolated, elsewhere),
    (checks.fresh, stale),
    (checks.there, vanished),
    (checks.there, left_out),
    (checks.kept_from, in_sight),
    (checks.truthful, lost),
    (checks.truthful, doubled),
    (checks.truthful, refused_and_done),
    (checks.guarded, overwritten),
    (checks.reconciled, belied),
    (checks.unhurried, impatient),
    (checks.frugal, wasteful),
    (checks.renewed_once, renewed_twice),
    (checks.renewed_once, renewed_at_a_time),
    (checks.withdrawn, shown_after_all),
    (checks.in_time, late),
    (checks.in_time, stubborn),
    (checks.followed, missed),
    (checks.conserved, left),
]


@pytest.mark.parametrize(("check", "doctor"), DOCTORED, ids=[doctor.__name__ for _, doctor in DOCTORED])
def test_each_check_finds_what_was_put_into_a_history(check: checks.Check, doctor: Doctor) -> None:
    """Of the same run, with one thing in it that must not be."""
    history = deepcopy(calm())
    doctor(history)
    assert checks.problems(history, [check])


def test_every_check_was_shown_something() -> None:
    assert {*checks.CHECKS} == {check for check, _ in DOCTORED}


# -- defences taken out -----------------------------------------------------------------------------------------------


class Forgetful(MemoryCache):
    """A cache whose generations never change."""

    async def begin(self, principal: str, key: str, tags: object) -> Begun:  # type: ignore[override]
        return await super().begin(principal, key, ())

    async def commit(self, principal: str, key: str, tags: object, *rest: object) -> bool:  # type: ignore[override]
        return await super().commit(principal, key, (), *rest)  # type: ignore[arg-type]


class OneForAll(MemoryCache):
    """A cache that does not ask on whose behalf it is read."""

    async def begin(self, principal: str, *rest: Any) -> Begun:
        return await super().begin("", *rest)

    async def commit(self, principal: str, *rest: Any) -> bool:
        return await super().commit("", *rest)


async def twice(request: Request, call_next: Handler) -> Response:
    """Take a lost answer for a lost request."""
    try:
        return await call_next(request)
    except MaybeSent:
        return await call_next(request)


async def lingering(request: Request, call_next: Handler) -> Response:
    """Go on when the time is over."""
    try:
        return await call_next(request)
    finally:
        with anyio.CancelScope(shield=True):
            await anyio.sleep(0.2)


async def careless(request: Request, call_next: Handler) -> Response:
    """Let an error of another kind through."""
    response = await call_next(request)
    return response if response.status < 500 else {}["status"]  # type: ignore[misc,return-value]


HARD = evolve(CALM, rate=0.3, workers=10, acts=12, pause=0.3)
TIGHT = Regime(rate_limit=(10, 60.0))

WITHOUT: dict[str, tuple[checks.Check, Plan, dict[str, Any]]] = {
    "generations": (checks.fresh, evolve(HARD, rate=0.0, fresh=True), {"cache": Forgetful}),
    "principals": (checks.isolated, evolve(HARD, rate=0.0, fresh=True), {"cache": OneForAll}),
    "the retry table": (checks.truthful, HARD, {"middleware": [twice]}),
    "a limiter": (checks.unhurried, evolve(HARD, rate=0.0, regime=TIGHT), {"limiter": None}),
    "an end": (checks.in_time, HARD, {"middleware": [lingering]}),
    "types": (checks.typed, HARD, {"middleware": [careless]}),
}


@pytest.mark.parametrize("defence", WITHOUT)
def test_without_a_defence_the_same_runs_are_found_wrong(defence: str) -> None:
    """The control of F5, F18, F39, F44 and F50: and with it they are not."""
    check, plan, parts = WITHOUT[defence]
    seeds = range(4)
    assert any(checks.problems(played(seed, evolve(plan, seed=seed), **parts), [check]) for seed in seeds)
    assert not any(checks.problems(played(seed, evolve(plan, seed=seed)), [check]) for seed in seeds)


def test_without_if_match_writes_are_overwritten() -> None:
    """The control of F15: the server takes no notice of it, and what a run then shows is what the check finds."""
    found: list[str] = []
    for seed in range(6):
        history = played(seed, evolve(HARD, seed=seed, processes=3, rate=0.0, regime=Regime(if_match="ignored")))
        history.guards = True
        found += checks.problems(history, [checks.guarded])
    assert found
