"""A long list, in the middle of which something goes wrong, or which never ends."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

import pytest

from clio_async import Clio, ClioError, Pages, PaginationLoop
from clio_async.models import Matter
from clio_async.protocol.paging import Position
from clio_async.protocol.walks import Progress
from clio_async.testing import Fault, Faults, Simulator
from tests.virtual import VirtualLoop

MATTERS, PAGES = 1_000, 5
MISHAPS: dict[str, Callable[[], Fault]] = {
    "429": lambda: Fault.status(429, retry_after="2"),
    "503": lambda: Fault.status(503),
    "HTML": lambda: Fault.status(502, html=True),
    "refused": Fault.refused,
    "reset": Fault.lost_before,
    "reset after": Fault.lost_after,
    "cut": lambda: Fault.truncated(100),
}


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, object]]:
    """Pauses cost nothing."""
    return "asyncio", {"loop_factory": VirtualLoop}


@asynccontextmanager
async def firm(**options: object) -> AsyncGenerator[tuple[Simulator, Clio]]:
    """A firm of which each page takes a request."""
    simulator = Simulator(matters=MATTERS)
    async with simulator.client(random=lambda: 0.5, **options) as clio:  # type: ignore[arg-type]
        await clio.users.who_am_i(fields="id")
        yield simulator, clio


def asked(simulator: Simulator) -> int:
    """How many pages reached the firm, or were refused in its place."""
    return sum(entry.path.startswith("/api/v4/matters.json") for entry in simulator.entries())


async def drain(pages: Pages[Matter], seen: list[int]) -> None:
    """Read on, and keep what came."""
    async for matter in pages:
        assert matter.id is not None
        seen.append(matter.id)


@pytest.mark.parametrize("at", range(PAGES))
@pytest.mark.parametrize("mishap", MISHAPS)
async def test_one_page_is_asked_for_again(mishap: str, at: int) -> None:
    """F58: whatever becomes of a page in the middle, it alone is asked for again, and each record comes once."""
    async with firm() as (simulator, clio):
        simulator.faults = Faults.scripted({at: MISHAPS[mishap]()})
        ids = [matter.id async for matter in clio.matters.list(fields="id")]
        assert [*range(1, MATTERS + 1)] == ids
        # What was refused before it was sent is in the log, too: it is the same request of the client.
        assert asked(simulator) <= PAGES + 1
        assert PAGES + 2 == clio.stats.requests


@pytest.mark.parametrize("at", range(PAGES))
async def test_a_walk_that_ended_goes_on_at_its_page(at: int) -> None:
    """F58: where nothing is tried again, the token leads to the rest, and no page that came is read twice."""
    seen: list[int] = []
    async with firm(retry=None) as (simulator, clio):
        simulator.faults = Faults.scripted({at: Fault.lost_after()})
        pages = clio.matters.list(fields="id")
        with pytest.raises(ClioError):
            await drain(pages, seen)
        assert 200 * at == len(seen)
        simulator.faults = Faults.none
        await drain(clio.matters.list(fields="id", resume=pages.resume_token), seen)
        assert [*range(1, MATTERS + 1)] == seen
        assert PAGES + 1 == asked(simulator)


async def test_who_begins_anew_reads_everything_again() -> None:
    """The control of F58: without the token, what was read before the error is read once more."""
    async with firm(retry=None) as (simulator, clio):
        simulator.faults = Faults.scripted({PAGES - 1: Fault.lost_after()})
        with pytest.raises(ClioError):
            await clio.matters.list(fields="id").collect()
        assert MATTERS == len(await clio.matters.list(fields="id").collect())
        assert 2 * PAGES == asked(simulator)


def test_a_hundred_thousand_pages_are_remembered_as_one() -> None:
    """F56: while ids ascend, a walk holds the page before, however long the list is; then the one that leads back is
    found all the same."""
    walk = Progress("/matters.json", "cursor", Position("start"))
    for number in range(100_000):
        ids = [2 * number, 2 * number + 1]
        assert [True, True] == walk.fresh(ids, ids)
        walk.passed(f"page {number}", ids, ids, [True, True])
        walk.lead(f"page {number}", f"page {number + 1}")
    assert 2 == len(walk._before) + len(walk._keys) + len(walk._queries)
    with pytest.raises(PaginationLoop):
        walk.fresh([5, 6], [5, 6])
