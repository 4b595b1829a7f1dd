"""Lists that change while they are walked."""

from __future__ import annotations

import pytest

from clio_async import Clio, MemoryTransport
from clio_async.testing import Simulator


async def walked(order: str | None) -> tuple[list[int], set[int]]:
    """Walk 30 matters, five to a page, with changes between the pages; return ids as they came, and who stayed."""
    simulator = Simulator(matters=30)
    transport = MemoryTransport(simulator.handler)
    clio = Clio(simulator.token(), base_url="http://localhost/api/v4", transport=transport)
    came: list[int] = []
    number = 0
    default = clio.matters.list(fields="id", limit=5)
    pages = default if order is None else clio.matters.list(fields="id", limit=5, order=order)
    async for page in pages.by_page():
        came += [matter.id for matter in page]
        number += 1
        if number <= 3:
            simulator.delete("matters", number)  # one that was given out already
            simulator.change("matters", 31 - number, description="moved to the front or the end")
            await clio.matters.create(client={"id": 1}, description="new")
    return came, set(range(4, 31))


async def test_a_cursor_neither_misses_nor_repeats() -> None:
    """F57: in the default order, records that exist throughout come exactly once."""
    came, stayed = await walked(None)
    assert len(came) == len(set(came))
    assert stayed <= set(came)


@pytest.mark.parametrize("order", ["updated_at(desc)", "updated_at(asc)"])
async def test_offsets_miss_or_repeat(order: str) -> None:
    """The control of F57: in an order that moves, some come twice or not at all."""
    came, stayed = await walked(order)
    assert len(came) > len(set(came)) or not stayed <= set(came)
