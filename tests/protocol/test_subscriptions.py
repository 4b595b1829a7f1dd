"""What has to be done about webhooks that are to be kept, as tables."""

from __future__ import annotations

from typing import Any

import pytest
from attrs import evolve, frozen

from clio_async.protocol.hook_forms import form_of
from clio_async.protocol.hook_gaps import RETRIED, SLACK
from clio_async.protocol.subscriptions import (
    AWAITED,
    DAY,
    LEASE,
    Plan,
    Shown,
    Wanted,
    decide,
    is_claim,
    lives,
)

NOW = 1_000_000.0
HOUR = 3_600.0
WANTED = Wanted("https://x.test/", "matter", frozenset({"created"}), "id")


@frozen
class One:
    """What is known of a subscription."""

    key: str = "k"
    webhook_id: int | None = 1
    made_at: float | None = NOW - 10 * DAY
    seen_at: float | None = NOW - HOUR
    renew_at: float | None = NOW + DAY
    covered_from: float | None = None
    walk: str | None = None
    secret: object | None = "known"
    fields: str = "id"
    events: tuple[str, ...] = ("created",)
    taken: str | None = None
    expires_at: float | None = NOW + 20 * DAY


HELD = One()
SHOWN = Shown(
    1, "https://x.test/", "k", "matter", frozenset({"created"}), "id", "enabled", NOW + 20 * DAY, made_at=NOW - 15 * DAY
)
LAST = NOW - HOUR - RETRIED
FUTURE = NOW + 20 * DAY
SINCE_LAST: dict[str, Any] = {"covered_from": LAST}
LONG: dict[str, Any] = {"lost": True, "covered_from": NOW - 15 * DAY}
LESS: dict[str, Any] = {"changes": True, "lost": True, "covered_from": LAST}
MORE: dict[str, Any] = {"changes": True}
AHEAD = One(made_at=FUTURE, seen_at=FUTURE)
CLAIM = One(webhook_id=None, made_at=NOW - 10, seen_at=None, renew_at=None, covered_from=NOW - 310)


def plan(shown: list[Shown], held: list[One], wanted: Wanted = WANTED) -> Plan[One]:
    return decide(wanted, shown, held, NOW, 2 * HOUR)


def shown(**changes: Any) -> Shown:
    return evolve(SHOWN, **changes)


def known(**changes: Any) -> One:
    return evolve(HELD, **changes)


@pytest.mark.parametrize(
    ("held", "there", "act", "details"),
    [
        # there, and well
        ([HELD], [SHOWN], "keep", {}),
        ([HELD], [shown(status="a new word")], "keep", {}),
        ([HELD], [shown(expires_at=None)], "keep", {}),
        ([known(renew_at=None)], [SHOWN], "keep", {}),
        ([known(renew_at=NOW)], [SHOWN], "update", {"renews": True}),
        ([HELD], [shown(fields="id,etag")], "update", {"changes": True}),
        ([known(renew_at=NOW)], [shown(fields="id{x}")], "update", {"renews": True, "changes": True}),
        ([known(renew_at=NOW)], [shown(expires_at=NOW + 21 * DAY)], "keep", {}),
        ([known(renew_at=NOW)], [shown(expires_at=NOW + 19 * DAY)], "update", {"renews": True}),
        ([known(renew_at=NOW)], [shown(expires_at=None)], "update", {"renews": True}),
        ([known(renew_at=NOW, expires_at=None)], [SHOWN], "update", {"renews": True}),
        # somebody else has narrowed it
        ([HELD], [shown(events=frozenset())], "update", {"changes": True, "lost": True, "covered_from": LAST}),
        ([HELD], [shown(fields="x")], "update", {"changes": True, "lost": True, "covered_from": LAST}),
        ([known(seen_at=None)], [shown(fields="x")], "update", {"changes": True}),
        ([known(events=())], [shown(fields="id,x", events=frozenset())], "update", {"changes": True}),
        # Clio has made something else of it
        ([known(taken=form_of((), "x"))], [shown(fields="x", events=frozenset())], "keep", {}),
        ([known(taken=form_of((), "x"))], [shown(events=frozenset())], "update", LESS),
        ([known(taken=form_of((), "x"), fields="y")], [shown(fields="x", events=frozenset())], "update", MORE),
        # known by its key, however the rest of its address is written; or by its id, if that is not told
        ([HELD], [shown(url="https://other.test/", model="")], "keep", {}),
        ([HELD], [shown(url="", key=None)], "keep", {}),
        ([HELD], [shown(model="task")], "create", {"repairs": True, "covered_from": LAST}),
        ([HELD], [shown(url="", key=None, id=2)], "create", {"repairs": True, "covered_from": LAST}),
        ([HELD], [shown(key=None)], "adopt", {"covered_from": LAST}),
        # nobody knows its secret
        ([known(secret=None)], [SHOWN], "keep", {}),
        ([known(secret=None, made_at=NOW - AWAITED + 1)], [shown(tells=False)], "keep", {}),
        ([known(secret=None)], [shown(tells=False)], "create", {"repairs": True, "superfluous": (1,)} | SINCE_LAST),
        # a clock was ahead
        ([known(seen_at=NOW + SLACK)], [SHOWN], "keep", {}),
        ([known(seen_at=NOW + SLACK + 1)], [SHOWN], "keep", {"lost": True, "covered_from": NOW - 10 * DAY - SLACK}),
        ([AHEAD], [SHOWN], "keep", {"lost": True, "covered_from": NOW - 15 * DAY}),
        ([AHEAD], [shown(made_at=None)], "keep", {"lost": True, "covered_from": 0.0}),
        ([evolve(AHEAD, covered_from=NOW - 16 * DAY)], [SHOWN], "keep", {"lost": True, "covered_from": NOW - 16 * DAY}),
        ([evolve(AHEAD, seen_at=NOW)], [SHOWN], "keep", {}),
        ([evolve(AHEAD, seen_at=NOW, covered_from=FUTURE)], [SHOWN], "keep", LONG),
        ([evolve(AHEAD, seen_at=None, covered_from=FUTURE)], [SHOWN], "keep", LONG),
        (
            [evolve(AHEAD, seen_at=NOW)],
            [shown(status="suspended", made_at=NOW - HOUR)],
            "create",
            {"repairs": True, "superfluous": (1,), "covered_from": NOW - HOUR},
        ),
        ([AHEAD], [], "create", {"repairs": True, "covered_from": 0.0}),
        (
            [known(made_at=FUTURE, seen_at=None, covered_from=7.0)],
            [shown(status="pending")],
            "create",
            {"repairs": True, "superfluous": (1,), "covered_from": 7.0},
        ),
        ([known(covered_from=5.0)], [SHOWN], "keep", {"covered_from": 5.0}),
        # pending
        ([known(made_at=NOW - AWAITED + 1, seen_at=None)], [shown(status="pending")], "keep", {}),
        (
            [known(made_at=NOW - AWAITED, seen_at=None, covered_from=7.0)],
            [shown(status="pending")],
            "create",
            {"repairs": True, "superfluous": (1,), "covered_from": 7.0},
        ),
        (
            [known(made_at=None, seen_at=None)],
            [shown(status="pending")],
            "create",
            {"repairs": True, "superfluous": (1,), "covered_from": NOW - 300},
        ),
        # nobody has looked for long
        ([known(seen_at=NOW - 2 * HOUR)], [SHOWN], "keep", {}),
        ([known(seen_at=NOW - 3 * HOUR)], [SHOWN], "keep", {"lost": True, "covered_from": NOW - 3 * HOUR - RETRIED}),
        ([known(seen_at=NOW - 3 * HOUR, covered_from=5.0)], [SHOWN], "keep", {"lost": True, "covered_from": 5.0}),
        # lost
        (
            [HELD],
            [shown(status="suspended")],
            "create",
            {"repairs": True, "superfluous": (1,), "covered_from": NOW - HOUR - RETRIED},
        ),
        (
            [HELD],
            [shown(expires_at=NOW)],
            "create",
            {"repairs": True, "superfluous": (1,), "covered_from": NOW - HOUR - RETRIED},
        ),
        ([HELD], [], "create", {"repairs": True, "covered_from": NOW - HOUR - RETRIED}),
        ([HELD], [shown(key="other", mine=False)], "create", {"repairs": True, "covered_from": NOW - HOUR - RETRIED}),
        ([known(made_at=NOW - HOUR)], [], "create", {"repairs": True, "covered_from": NOW - HOUR - 300}),
        # never there
        ([], [], "create", {"covered_from": NOW - 300}),
        ([], [shown(model="task"), shown(url="https://y.test/")], "create", {"covered_from": NOW - 300}),
        ([], [shown(status="suspended")], "create", {"covered_from": NOW - 15 * DAY}),
        ([], [shown(status="suspended", made_at=NOW)], "create", {"covered_from": NOW - 300}),
        ([], [shown(status="suspended", mine=False)], "create", {"covered_from": NOW - 300}),
        # there, and not known
        ([], [SHOWN], "adopt", {"shown": SHOWN, "covered_from": NOW - 15 * DAY}),
        ([], [shown(url="HTTPS://X.test:443")], "adopt", {"covered_from": NOW - 15 * DAY}),
        ([], [shown(made_at=None)], "adopt", {"covered_from": 0.0}),
        ([CLAIM], [shown(key="l")], "wait", {"held": CLAIM}),
        ([evolve(CLAIM, made_at=NOW - LEASE)], [shown(key="l")], "adopt", {"covered_from": NOW - 15 * DAY}),
        ([], [shown(key=None, status="pending")], "adopt", {"covered_from": NOW - 15 * DAY}),
        ([], [shown(mine=False)], "create", {"covered_from": NOW - 300}),
        ([], [shown(expires_at=NOW)], "create", {"covered_from": NOW - 15 * DAY}),
        # somebody is creating it
        ([CLAIM], [], "wait", {"held": CLAIM}),
        ([evolve(CLAIM, made_at=NOW - LEASE)], [], "create", {"covered_from": NOW - 310}),
        ([evolve(CLAIM, made_at=NOW - LEASE), evolve(CLAIM, key="l")], [], "wait", {}),
    ],
)
def test_what_is_to_be_done(held: list[One], there: list[Shown], act: str, details: dict[str, Any]) -> None:
    """By what the store has and what Clio shows; all that is not named is left alone."""
    found = plan(there, held)
    expected: dict[str, Any] = {
        "renews": False, "changes": False, "repairs": False, "superfluous": (), "covered_from": None, "lost": False,
    } | details  # fmt: skip
    assert act == found.act
    assert expected == {name: getattr(found, name) for name in expected}


def test_a_claim_that_was_left_is_taken_over() -> None:
    """Under its own key; it is not among what is forgotten, and everything else that is dead is."""
    claim = evolve(CLAIM, key="l", made_at=NOW - LEASE)
    found = plan([shown(status="suspended")], [HELD, claim])
    assert ("create", claim, (HELD,), (1,)) == (found.act, found.held, found.spent, found.superfluous)


def test_a_claim_that_has_landed_is_an_ordinary_webhook() -> None:
    """It is found by its key, whoever has made it."""
    found = plan([SHOWN], [CLAIM])
    assert ("keep", CLAIM, SHOWN) == (found.act, found.held, found.shown)


def test_of_several_the_best_stays() -> None:
    """One that sends before one that is pending, and the one that lives longest; the rest is superfluous."""
    held = [known(key=key) for key in "abcd"]
    there = [
        shown(id=1, key="a", status="suspended"),
        shown(id=2, key="b", expires_at=NOW + DAY),
        shown(id=3, key="c", expires_at=NOW + 2 * DAY),
        shown(id=4, key="d", status="pending", expires_at=NOW + 9 * DAY),
        shown(id=5, key="e"),
    ]
    held[3] = evolve(held[3], made_at=NOW)
    found = plan(there, held)
    assert (there[2], held[2], (1, 2, 4)) == (found.shown, found.held, found.superfluous)
    assert (held[0], held[1], held[3]) == found.spent


def test_what_is_being_created_is_not_forgotten() -> None:
    """A replacement that somebody else has begun is left to them."""
    claim = evolve(CLAIM, key="l")
    assert () == plan([SHOWN], [HELD, claim]).spent
    assert (evolve(claim, made_at=None),) == plan([SHOWN], [HELD, evolve(claim, made_at=None)]).spent


def test_one_that_is_adopted_is_the_best() -> None:
    """One that sends before a pending one, one with a key before one without, then the oldest."""
    there = [
        shown(id=1, key=None, status="pending"),
        shown(id=2, key=None),
        shown(id=4, key="x"),
        shown(id=3, key="y"),
    ]
    for best in (3, 4, 2, 1):
        found = plan(there, [])
        assert ("adopt", best) == (found.act, found.shown and found.shown.id)
        there = [one for one in there if one.id != best]


def test_what_is_lost_is_forgotten_when_another_is_adopted() -> None:
    """Its gap goes on."""
    found = plan([shown(id=2, key="x"), shown(status="suspended")], [HELD])
    assert ("adopt", (HELD,), (1,), NOW - HOUR - RETRIED) == (
        found.act,
        found.spent,
        found.superfluous,
        found.covered_from,
    )


def test_what_lives_and_what_is_claimed() -> None:
    """The moments themselves are over."""
    assert not lives(shown(expires_at=NOW), HELD, NOW)
    assert lives(shown(status="pending"), None, NOW)
    assert is_claim(evolve(CLAIM, made_at=NOW - LEASE + 1), NOW)
    assert not is_claim(evolve(CLAIM, made_at=NOW - LEASE), NOW)
    assert not is_claim(evolve(CLAIM, webhook_id=1), NOW)
    assert is_claim(evolve(CLAIM, made_at=NOW + SLACK), NOW)
    assert not is_claim(evolve(CLAIM, made_at=NOW + SLACK + 1), NOW)
    assert lives(shown(status="pending"), known(made_at=NOW + SLACK), NOW)
    assert not lives(shown(status="pending"), known(made_at=NOW + SLACK + 1), NOW)


def test_one_whose_secret_is_known_is_better_than_one_that_lives_longer() -> None:
    """The events of the other would all be refused."""
    held = [known(key="a"), known(key="b", secret=None, made_at=NOW)]
    there = [shown(id=1, key="a", tells=False), shown(id=2, key="b", tells=False, expires_at=NOW + 30 * DAY)]
    assert (there[0], (2,)) == (plan(there, held).shown, plan(there, held).superfluous)
