"""Every order in which up to three operations can happen (rows F44, F45, F71 of the fault table)."""

from __future__ import annotations

from itertools import combinations_with_replacement

import pytest

from clio_async.caches.base import Begun
from clio_async.caches.memory import MemoryCache
from tests.simulation.interleavings import KINDS, Kind, explore


def _worth_running(kinds: tuple[Kind, ...]) -> bool:
    """Without a read nothing is seen; and the two users are alike, so the other one reads only beside the first."""
    reads_of_first = {"get", "fail", "cancel"}.intersection(kinds)
    return ("get" in kinds) or ("get-other" in kinds and bool(reads_of_first))


TRIPLES = [kinds for kinds in combinations_with_replacement(KINDS, 3) if _worth_running(kinds)]
PAIRS = [*combinations_with_replacement(KINDS, 2), *[(kind,) for kind in KINDS]]


@pytest.mark.parametrize("fresh", [False, True], ids=["validated", "fresh"])
@pytest.mark.parametrize("warm", [False, True], ids=["empty", "warm"])
async def test_no_order_of_two_operations_gives_a_stale_or_foreign_read(fresh: bool, warm: bool) -> None:
    """F44, F45: from an empty and from a filled cache, with and without opted-in freshness."""
    runs, found = 0, []
    for kinds in PAIRS:
        more, problems = await explore(kinds, fresh=fresh, warm=warm)
        runs, found = runs + more, found + problems
    assert [] == found
    assert runs > len(PAIRS)


@pytest.mark.parametrize("kinds", TRIPLES, ids="+".join)
async def test_no_order_of_three_operations_gives_a_stale_or_foreign_read(kinds: tuple[Kind, ...]) -> None:
    """F44, F45: from a filled cache with opted-in freshness, where every invalidation counts."""
    runs, found = await explore(kinds, fresh=True, warm=True)
    assert [] == found
    assert runs > 1


class Forgetful(MemoryCache):
    """The control: a cache whose generations never change."""

    async def begin(self, principal: str, key: str, tags: object) -> Begun:  # type: ignore[override]
        return await super().begin(principal, key, ())

    async def commit(self, principal: str, key: str, tags: object, *rest: object) -> bool:  # type: ignore[override]
        return await super().commit(principal, key, (), *rest)  # type: ignore[arg-type]


@pytest.mark.parametrize("fresh", [False, True], ids=["validated", "fresh"])
async def test_without_generations_the_same_run_finds_stale_reads(fresh: bool) -> None:
    """The control of F44 and F45: joining an older flight, or being given what an older flight stored."""
    _, found = await explore(("get", "patch", "get"), make_cache=Forgetful, fresh=fresh)
    assert any("was acknowledged" in problem for problem in found)
