"""F45: of tasks that share an answer, one is cancelled at every instant, and the others get theirs."""

from __future__ import annotations

import asyncio
from itertools import count
from pathlib import Path

import anyio
import pytest

from clio_async.models import Matter
from tests.virtual import VirtualLoop

from .faulted import granted
from .instants import HOWS, How, Strike, followed
from .world import World


async def _shared(strike: Strike, path: Path, *, leads: bool, renews: bool) -> int:
    """Have three tasks read one record, the one that is cancelled first or second. Return how many were sent."""
    world = World(path)
    if renews:
        await granted(world)
        world.simulator.expire_all()
    began = len(world.pool.seen)
    clio, results = world.clio, list[Matter]()

    async def reads(delay: float) -> None:
        await anyio.sleep(delay)
        results.append(await clio.matters.get(1))

    others = [asyncio.create_task(reads(0.002 + 0.002 * number if leads else 0.003 * number)) for number in (0, 1)]

    async def cancelled() -> None:
        await anyio.sleep(0.0 if leads else 0.001)
        await clio.matters.get(1)

    asyncio.get_running_loop().set_task_factory(followed)
    await strike.run(cancelled)
    asyncio.get_running_loop().set_task_factory(None)
    await asyncio.gather(*others)
    assert strike.outcome == ("cancelled" if strike.struck else "returned")
    assert 2 == len(results)
    assert results[0] == await world.stranger().matters.get(1)
    await anyio.sleep(60)
    assert [] == world.left()
    reads_sent = [one for one in world.pool.seen[began:] if "/matters/1" in one.url]
    assert (1 if renews else 0) >= len([one for one in world.pool.seen[began:] if "/oauth/token" in one.url])
    await clio.aclose()
    return len(reads_sent)


@pytest.mark.parametrize("renews", [False, True], ids=["", "401"])
@pytest.mark.parametrize("leads", [True, False], ids=["leader", "follower"])
@pytest.mark.parametrize("how", HOWS)
def test_others_get_their_answer(how: How, leads: bool, renews: bool, tmp_path: Path) -> None:
    """F45, F71: two requests at most, and one more for each that a token was refused; one renewal, whoever began it."""
    for number in count(1):
        strike = Strike(number, how)

        async def played(strike: Strike = strike) -> int:
            return await _shared(strike, tmp_path, leads=leads, renews=renews)

        sent = anyio.run(played, backend_options={"loop_factory": VirtualLoop})
        assert sent <= (1 + leads * strike.struck) * (2 if renews else 1), (number, strike.where)
        if not strike.struck:
            return
