"""Every order of reads, writes, and changes of others that an event tells of (row F68 of the fault table)."""

from __future__ import annotations

from itertools import combinations_with_replacement

import pytest

from tests.simulation.interleavings import Kind, explore

OTHERS: tuple[Kind, ...] = ("get", "get-other", "patch", "told", "cancel", "evict")
TRIPLES: list[tuple[Kind, ...]] = [
    (first, second, "told") for first, second in combinations_with_replacement(OTHERS, 2) if "get" in first + second
]


@pytest.mark.parametrize("fresh", [False, True], ids=["validated", "fresh"])
@pytest.mark.parametrize("kinds", TRIPLES, ids="+".join)
async def test_no_read_that_begins_after_an_invalidation_is_older_than_it(kinds: tuple[Kind, ...], fresh: bool) -> None:
    """Neither from what is held nor from a read that is under way, for no principal, in no order."""
    runs, found = await explore(kinds, fresh=fresh, warm=True)
    assert [] == found
    assert runs > 1


@pytest.mark.parametrize("fresh", [False, True], ids=["validated", "fresh"])
async def test_without_it_the_same_run_finds_older_reads(fresh: bool) -> None:
    """The control: a read joins one that began before the change, or is given what is held."""
    _, found = await explore(("get", "get", "untold"), fresh=fresh, warm=True)
    assert any("was acknowledged" in problem for problem in found)
