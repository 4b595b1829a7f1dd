"""Lists that change while they are walked, under every answer to what is not known of Clio's paging."""

from __future__ import annotations

import random
from typing import Any

import pytest
from attrs import evolve

from clio_async import Clio, MemoryTransport, OffsetLimit, UntrustedLink
from clio_async.testing import Regime, Simulator
from clio_async.testing.simulator.lists import CEILING

BASE = "http://localhost/api/v4"
ORDERS = [None, "id(desc)", "updated_at(desc)", "updated_at(asc)"]
PAGING = (
    "implicit_cursor",
    "cursor_stable",
    "next_carries",
    "next_suffix",
    "public_origin",
    "limit_overflow",
    "records",
)
REGIMES = {name: regime for name, regime in Regime.every() if name == "default" or name.startswith(PAGING)}


def made(regime: Regime, **counts: int) -> tuple[Simulator, Clio]:
    simulator = Simulator(regime=regime, counts={"matters": 30, **counts})
    return simulator, Clio(simulator.token(), base_url=BASE, transport=MemoryTransport(simulator.handler))


@pytest.fixture(params=REGIMES, ids=str)
def regime(request: pytest.FixtureRequest) -> Regime:
    return REGIMES[request.param]


async def walked(regime: Regime, order: str | None, seed: int, prefetch: int = 0) -> tuple[list[int], set[int]]:
    """Walk 30 matters, five to a page, with changes between the pages; return ids as they came, and who stayed."""
    simulator, clio = made(regime)
    dice = random.Random(seed)
    came: list[int] = []
    stayed = {*range(1, 31)}
    number = 30
    more: dict[str, Any] = {} if order is None else {"order": order}
    async for page in clio.matters.list(fields="id", limit=5, prefetch=prefetch, **more).by_page():
        came += [matter.id for matter in page]
        for _ in range(dice.randrange(4) if number < 60 else 0):
            match dice.randrange(3):
                case 0:
                    gone = dice.choice(sorted(stayed))
                    simulator.delete("matters", gone)
                    stayed.discard(gone)
                case 1:
                    simulator.change("matters", dice.choice(sorted(stayed)), description=f"moved {number}")
                case _:
                    await clio.matters.create(client={"id": 1}, description="new")
                    number += 1
    return came, stayed


@pytest.mark.parametrize("prefetch", [0, 1])
async def test_a_cursor_neither_misses_nor_repeats(regime: Regime, prefetch: int) -> None:
    """F57: in the default order records that exist throughout come exactly once; ids ascend. Where a cursor counts
    records, one can be missed for each that is deleted in front of it, and still none comes twice.
    """
    for seed in range(20):
        came, stayed = await walked(regime, None, seed, prefetch)
        assert sorted({*came}) == came
        if regime.cursor_stable:
            assert stayed <= {*came}


async def test_a_counting_cursor_is_whole_while_nothing_is_deleted() -> None:
    """Additions come at the end, changes move nothing."""
    simulator, clio = made(evolve(Regime(), cursor_stable=False))
    came: list[int] = []
    async for page in clio.matters.list(fields="id", limit=7).by_page():
        came += [matter.id for matter in page]
        simulator.change("matters", came[0], description="changed")
        if len(came) < 20:
            await clio.matters.create(client={"id": 1}, description="new")
    assert [*range(1, 33)] == came


async def test_a_counting_cursor_repeats_what_was_shown_again_and_the_walk_does_not() -> None:
    """A record that becomes visible pushes the last one of a page to the next (F57)."""
    simulator, clio = made(evolve(Regime(), cursor_stable=False))
    simulator.hide("matters", 3, user=1)
    came: list[int] = []
    async for page in clio.matters.list(fields="id", limit=7).by_page():
        came += [matter.id for matter in page]
        simulator.hide("matters", 3, user=1, hidden=False)
    assert [1, 2, *range(4, 31)] == came


@pytest.mark.parametrize("order", ORDERS[1:])
async def test_by_offset_none_comes_twice(regime: Regime, order: str) -> None:
    """F57: what was given once is not given again, wherever it moves."""
    for seed in range(10):
        came, _ = await walked(regime, order, seed)
        assert len(came) == len({*came})


async def test_by_offset_some_are_missed() -> None:
    """The control of F57: what the walk cannot know of it cannot give. The documents warn of it."""
    missed = [
        stayed - {*came} for seed in range(10) for came, stayed in [await walked(Regime(), "updated_at(asc)", seed)]
    ]
    assert any(missed)


@pytest.mark.parametrize("order", ORDERS)
async def test_a_quiet_list_is_whole_in_any_order(regime: Regime, order: str | None) -> None:
    """Each record once, however its pages are linked and counted; a total is the whole length or is not told."""
    simulator, clio = made(regime)
    more: dict[str, Any] = {} if order is None else {"order": order}
    pages = clio.matters.list(fields="id", limit=4, **more)
    assert [*range(1, 31)] == sorted([matter.id async for matter in pages])
    assert pages.total == (30 if regime.records == "total" else None)
    assert all(entry.path.startswith("/api/v4/matters") for entry in simulator.entries())
    assert 8 == len(simulator.entries())


async def test_a_page_of_the_whole_list_has_its_length(regime: Regime) -> None:
    """Whatever the count is of."""
    _, clio = made(regime)
    pages = clio.matters.list(fields="id")
    assert 30 == len(await pages.collect())
    assert pages.total == (None if regime.records == "absent" else 30)


@pytest.mark.parametrize("name", ["default", "next_carries=offset", "records=page", "records=absent"])
async def test_the_ceiling_is_told_before_it_is_hit(name: str) -> None:
    """The request that Clio would answer with 422 is never sent; where the list says its length, nor is any other."""
    regime = REGIMES[name]
    simulator, clio = made(regime, matters=CEILING + 100)
    pages = clio.matters.list(fields="id", order="id(desc)")
    with pytest.raises(OffsetLimit):
        await pages.collect()
    statuses = [entry.status for entry in simulator.entries()]
    assert [200] * (1 if regime.records == "total" else CEILING // 200) == statuses


@pytest.mark.parametrize("name", ["default", "implicit_cursor=False"])
async def test_a_list_without_an_order_comes_to_its_end_or_is_told(name: str) -> None:
    """By cursor it is whole; by offset what Clio refuses is told as what it is."""
    regime = REGIMES[name]
    simulator, clio = made(regime, line_items=CEILING + 100)
    listed = clio.line_items.list(fields="id")
    if regime.implicit_cursor:
        assert CEILING + 100 == len(await listed.collect())
        return
    with pytest.raises(OffsetLimit):
        await listed.collect()
    assert [200] * (CEILING // 200) + [422] == [entry.status for entry in simulator.entries()]


async def test_a_link_to_an_origin_that_is_not_clios_is_refused() -> None:
    """The control of the regime with Clio's own origin in its links (F55)."""
    simulator, clio = made(Regime(public_origin="https://clio.example"))
    with pytest.raises(UntrustedLink):
        await clio.matters.list(limit=5).collect()
    assert 1 == len(simulator.entries())
