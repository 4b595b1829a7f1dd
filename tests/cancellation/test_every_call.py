"""F71: wherever a public call is cancelled, it ends at once, leaves nothing, and the client goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

from .calls import CASES
from .faulted import FAULTED
from .instants import HOWS, How
from .parts import PARTS
from .roster import public_calls
from .seeds import cancelled
from .sweep import Case, swept
from .wired import COVERED, LOOPBACK

ALL = {**CASES, **FAULTED, **PARTS}
PROMPT = {
    "invalidate",
    "purge",
    "versions_published",
    "webhook_covered",
    "open_grant",
    "static_token",
    "subscriptions",
    "cache",
    "client_closed",
}
"""Calls that nothing in memory lets wait. Where a store is slow, they wait for that: see `faulted`, and the files."""
ON_TRIO = (
    "get_cold",
    "walk",
    "update_guarded",
    "edit_conflicting",
    "upload",
    "download",
    "report_run",
    "webhook_ensure",
    "access_token",
    "exchange",
    "receive",
    "limiter_turn",
    "update, slow store",
    "update, expired token",
    "get_cold, quota used up",
)
"""One of each kind."""

EXCEPTIONS = {
    "the way that every verb goes, which is no API": {
        f"Calls.{name}" for name in ("locate", "outdate", "pause", "read", "read_page", "read_text", "turn", "write")
    },
    "cancelled on a real Redis": {
        f"{cls}.{name}"
        for cls, names in {
            "RedisCache": ("begin", "commit", "touch", "delete_tags", "purge", "aclose"),
            "RedisLimiter": ("settle", "aclose"),
            "RedisServer": ("call", "aclose"),
            "RedisTokenStore": ("load", "save", "restore", "lock", "aclose"),
        }.items()
        for name in names
    },
    "for tests: whoever ends one ends its test": {
        "Simulator.handler",
        "check_cache",
        "check_subscriptions",
        "check_token_store",
        "check_transport",
        "deliver_all",
        "deliver_due",
        "delivering",
        "serve",
    },
}
"""Public calls that no case here is for, by the reason."""


@pytest.mark.parametrize("how", HOWS)
@pytest.mark.parametrize("case", ALL.values(), ids=[*ALL])
def test_a_call_is_cancelled_at_every_instant(case: Case, how: How, tmp_path: Path) -> None:
    """F71: it ends without waiting; nothing is held, runs or waits any more; what is read is true; it works again."""
    assert (swept(case, how, tmp_path) == 0) == (case.name in PROMPT)


@pytest.mark.parametrize("name", ON_TRIO)
def test_a_call_is_cancelled_at_every_instant_on_trio(name: str, tmp_path: Path) -> None:
    """F71: the same for a scope of trio's."""
    assert swept(ALL[name], "scope", tmp_path, backend="trio")


def test_no_public_call_is_forgotten() -> None:
    """F71: each is in a case, or named with the reason why not; and nothing is named that there is not."""
    covered = {call for case in (*ALL.values(), LOOPBACK) for call in case.covers}
    covered |= {call for calls in COVERED.values() for call in calls}
    excepted = {call for calls in EXCEPTIONS.values() for call in calls}
    assert public_calls() == covered | excepted
    assert not covered & excepted


@pytest.mark.parametrize("seed", range(5))
def test_a_seed_draws_a_cancellation(seed: int, tmp_path: Path) -> None:
    """It finds nothing wrong: the entry for long runs."""
    assert [] == cancelled(seed, tmp_path)
