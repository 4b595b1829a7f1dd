"""What has to be done about webhooks that are to be kept, as tables."""

from __future__ import annotations

from typing import Any

import pytest
from attrs import evolve, frozen
from hypothesis import given
from hypothesis import strategies as st

from clio_async.protocol.subscriptions import (
    AWAITED,
    DAY,
    LEASE,
    RETRIED,
    Plan,
    Shown,
    Wanted,
    decide,
    is_claim,
    keyed,
    lives,
    next_look,
    renewal,
    split_key,
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


HELD = One()
SHOWN = Shown(1, "https://x.test/", "k", "matter", frozenset({"created"}), "id", "enabled", NOW + 20 * DAY)
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
        ([HELD], [shown(events=frozenset())], "update", {"changes": True}),
        ([HELD], [shown(fields="id,etag")], "update", {"changes": True}),
        ([known(renew_at=NOW)], [shown(fields="x")], "update", {"renews": True, "changes": True}),
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
        ([known(seen_at=NOW - 3 * HOUR)], [SHOWN], "keep", {"covered_from": NOW - 3 * HOUR - RETRIED}),
        ([known(seen_at=NOW - 3 * HOUR, covered_from=5.0)], [SHOWN], "keep", {"covered_from": 5.0}),
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
        ([], [shown(status="suspended")], "create", {"covered_from": NOW - 300}),
        # there, and not known
        ([], [SHOWN], "adopt", {"shown": SHOWN, "covered_from": NOW - 300}),
        ([], [shown(key=None, status="pending")], "adopt", {"covered_from": NOW - 300}),
        ([], [shown(mine=False)], "create", {"covered_from": NOW - 300}),
        ([], [shown(expires_at=NOW)], "create", {"covered_from": NOW - 300}),
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
        "renews": False, "changes": False, "repairs": False, "superfluous": (), "covered_from": None,
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


@pytest.mark.parametrize(
    ("url", "rest", "key"),
    [
        ("https://x.test/", "https://x.test/", None),
        ("https://x.test/?subscription=k", "https://x.test/", "k"),
        ("https://x.test/?a=1&subscription=k", "https://x.test/?a=1", "k"),
        ("https://x.test/?subscription=k&a=1", "https://x.test/?a=1", "k"),
        ("https://x.test/?subscription=", "https://x.test/", None),
        ("https://x.test/?subscription", "https://x.test/", None),
        ("https://x.test/?subscription=k&subscription=l", "https://x.test/", "k"),
        ("https://x.test/?subscriptions=k", "https://x.test/?subscriptions=k", None),
        ("", "", None),
    ],
)
def test_a_key_is_taken_from_an_address(url: str, rest: str, key: str | None) -> None:
    """Wherever it stands; the rest of the query stays byte for byte."""
    assert (rest, key) == split_key(url)


@given(st.text(alphabet="ab=&%/-", max_size=12), st.text(alphabet="abcXYZ019_-", min_size=1, max_size=32))
def test_a_key_is_found_where_it_was_put(query: str, key: str) -> None:
    """Under any query."""
    url = f"https://x.test/?{query}" if query else "https://x.test/"
    assert (url, key) == split_key(keyed(url, key))


@given(st.floats(1, 31 * DAY), st.floats(0, 1, exclude_max=True))
def test_renewals_are_in_the_last_third_and_not_at_the_end(life: float, chance: float) -> None:
    """At least a twelfth of the life is left."""
    at = renewal(NOW + life, NOW, chance) - NOW
    assert life * 2 / 3 - 1e-3 <= at <= life * 11 / 12 + 1e-3


def test_what_has_ended_is_renewed_at_once() -> None:
    """A life that is over is none."""
    assert NOW - 5 == renewal(NOW - 5, NOW, 0.5)


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


def test_what_lives_and_what_is_claimed() -> None:
    """The moments themselves are over."""
    assert not lives(shown(expires_at=NOW), HELD, NOW)
    assert lives(shown(status="pending"), None, NOW)
    assert is_claim(evolve(CLAIM, made_at=NOW - LEASE + 1), NOW)
    assert not is_claim(evolve(CLAIM, made_at=NOW - LEASE), NOW)
    assert not is_claim(evolve(CLAIM, webhook_id=1), NOW)
