"""Whole clients of several firms, with all faults at once, in virtual time; what they were told is judged afterwards.

`make soak` plays more seeds, `make replay SEED=…` one of them.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter

import pytest

from clio_async.middleware import version
from clio_async.testing.simulator.regime import _OTHER_ANSWERS
from tests.simulation.checks import problems, there
from tests.simulation.plans import _EVENTS, _OUT, drawn
from tests.simulation.world import played

LOTS, LOT = 10, 16


@pytest.mark.parametrize("lot", range(LOTS))
def test_no_fault_makes_a_client_wrong(lot: int) -> None:
    """Of each seed of the lot, all checks hold: see `tests.simulation.checks`.

    The seeds combine F1, F3 to F5, F9, F14, F15, F17 to F19, F27, F29 to F32, F34, F35, F39, F44 to F46, F48, F50, F51,
    F53, F58, F59, F61, F68, F71, F72 and F76.
    """
    found: list[str] = []
    for seed in range(lot * LOT, (lot + 1) * LOT):
        wrong = problems(played(seed))
        found += [f"{wrong[0]}; again: make replay SEED={seed}"] if wrong else []
    assert [] == found


def test_a_410_that_nobody_could_ask_about_says_nothing_of_a_record(monkeypatch: pytest.MonkeyPatch) -> None:
    """F53: the version is gone, and the time is over before that is known: `refresh` calls no record missing.

    As a control it does where such a 410 is taken for the record's.
    """
    assert [] == [*there(played(94))]
    monkeypatch.setattr(version, "_UNKNOWN", None)
    assert [*there(played(94))]


def test_the_plans_hold_every_answer_and_every_event() -> None:
    """The control of the draw: the seeds above leave no unknown of Clio, no event and no kind of store out."""
    plans = [drawn(seed) for seed in range(LOTS * LOT)]
    assert _OTHER_ANSWERS.keys() - _OUT == {name for plan in plans for name in plan.chosen} - _OUT
    assert {*_EVENTS, "revoke"} == {event.what for plan in plans for event in plan.events}
    assert {"own", "shared", "shaky"} == {plan.store for plan in plans}
    assert {True, False} == {plan.fresh for plan in plans} == {plan.tokens_shared for plan in plans}


ENDS = {
    "done",
    "cancelled",
    "OutcomeUnknown",
    "RateLimited",
    "ServerError",
    "ReauthRequired",
    "ClientClosed",
    "ApiVersionGone",
    "NotFound",
    "UnexpectedRedirect",
}


def test_calls_end_in_every_way_that_there_is() -> None:
    """The control of the runs: some calls are done, most of them, and some end in each of the ways that users meet."""
    ends: Counter[str] = Counter()
    calls: Counter[str] = Counter()
    for seed in range(18):
        history = played(seed)
        ends.update(act.outcome for act in history.acts)
        calls.update(act.kind for act in history.acts if act.outcome == "done")
    assert ENDS <= ends.keys()
    assert ends["done"] > ends.total() / 2
    assert 15 == len(calls)


@pytest.mark.parametrize("seed", [2, 5, 8, 11])
def test_a_seed_plays_the_same_again(seed: int) -> None:
    """Byte for byte, in this process and in another one where hashes of texts are others."""
    digests = {played(seed).digest(), played(seed).digest()}
    for salt in ("0", "4711"):
        command = [sys.executable, "-m", "tests.simulation", "--seed", str(seed), "--digest"]
        environment = {**os.environ, "PYTHONHASHSEED": salt}
        ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=120)
        digests.add(ran.stdout.strip())
    assert 1 == len(digests)


def test_other_seeds_play_otherwise() -> None:
    """The control of the digest."""
    assert 5 == len({played(seed).digest() for seed in range(5)})
