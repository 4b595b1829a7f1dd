"""What a store that is slow or down costs the calls of a client, in virtual time (F46)."""

from __future__ import annotations

import anyio
import pytest

from clio_async.caches.base import CacheStore
from clio_async.testing import Simulator
from tests.virtual import VirtualLoop

from .stores import SmallStore
from .test_guard import Flaky

pytestmark = pytest.mark.filterwarnings("ignore::clio_async.errors.ClioWarning")
BUDGET, CALLS = 0.1, 1_000
"""Seconds that the guard of a client gives to one operation, and calls of which one in a hundred may take longer."""


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, object]]:
    """A wait costs nothing, and the clock shows exactly how long it was."""
    return "asyncio", {"loop_factory": VirtualLoop}


class Slow(SmallStore):
    """The control: a store that takes a second for each operation, and that nobody guards."""

    in_process = True

    async def begin(self, *given: object) -> object:  # type: ignore[override]
        await anyio.sleep(1.0)
        return await super().begin(*given)  # type: ignore[arg-type]


async def added(store: CacheStore, every: float, *, writes: bool = False) -> list[float]:
    """Make calls, one after the other; return what each took, in order of size. The server itself takes no time."""
    simulator, took = Simulator(matters=50), list[float]()
    clio = simulator.client(cache=store, limiter=None, clock=anyio.current_time)
    for number in range(CALLS):
        began, text = anyio.current_time(), f"{number}"
        if writes and number % 4 == 0:
            assert text == (await clio.matters.update(1, description=text, if_match=None)).description
            known = text
        elif writes:
            assert known == (await clio.matters.get(1, fields="id,etag,description")).description
        else:
            assert number % 50 + 1 == (await clio.matters.get(number % 50 + 1, fields="id,etag")).id
        took.append(anyio.current_time() - began)
        await anyio.sleep(every)
    await clio.aclose()
    return sorted(took)


@pytest.mark.parametrize("every", [0.0, 0.1])
@pytest.mark.parametrize(("mode", "budgets"), [("hangs", 1), ("down", 1), ("slow", 2)])
@pytest.mark.parametrize("writes", [False, True], ids=["reads", "and writes"])
async def test_a_hundredth_of_the_calls_takes_longer_at_most(
    mode: str, budgets: int, every: float, writes: bool
) -> None:
    """F46: the p99 of what a store that is away adds is within the budget of one operation, and of two where it does
    answer, but slowly: a read looks, and keeps. Nothing that is read is out of date."""
    store = Flaky()
    store.modes["all"] = mode
    took = await added(store, every, writes=writes)
    assert took[CALLS * 99 // 100] <= budgets * BUDGET + 0.001  # the loop counts in microseconds
    assert took[-1] <= 4 * BUDGET  # a write outdates before and after it, and is kept


async def test_without_a_guard_every_call_takes_longer() -> None:
    """The control of F46: what a store takes, each call takes."""
    assert (await added(Slow(), 0.0))[CALLS // 100] >= 1.0
