"""Nobody sees what is another's: 100 principals upon each store, in tasks, threads and children, and where somebody has
exchanged what is stored (F39, F49, F74).
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import anyio
import pytest

from clio_async import CacheStore
from clio_async.caches import stored

from .strangers import (
    KINDS,
    PATHS,
    PRINCIPALS,
    TOKENS,
    ByUrl,
    Origin,
    Place,
    calls,
    clients,
    operate,
    operate_all,
    operate_here,
    sync_clients,
)

ROOT = Path(__file__).parent.parent.parent
TASKS = 20
THREADS = 8
KEY = b"0123456789abcdef"
READS = [(token, path) for token in TOKENS for path in PATHS]


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest, tmp_path: Path, redis_url: str) -> Place:
    """One kind of store, of this test alone."""
    return Place(request.param, str(tmp_path / "cache.db"), redis_url, f"strangers-{uuid4().hex}")


@pytest.fixture(params=["sqlite", "redis"])
def outside(request: pytest.FixtureRequest, tmp_path: Path, redis_url: str) -> Place:
    """A kind of store to which others may write."""
    return Place(request.param, str(tmp_path / "cache.db"), redis_url, f"strangers-{uuid4().hex}")


async def tasks(store: CacheStore) -> tuple[Origin, list[str]]:
    """Let many tasks call at once."""
    origin, problems = Origin(), []
    of, work = clients(origin, store), calls(1, 3)

    async def some() -> None:
        while work:
            token, what = work.pop()
            problems.extend(await operate(of[token], token, what))

    async with anyio.create_task_group() as group:
        for _ in range(TASKS):
            group.start_soon(some)
    await next(iter(of.values())).aclose()
    await store.aclose()
    return origin, problems


async def test_tasks_see_nothing_of_anothers(place: Place) -> None:
    """Every answer names who asked, and nobody asks by a tag that it was never given."""
    origin, problems = await tasks(place.opened())
    assert ([], []) == (problems, origin.problems)
    assert origin.confirmed > 0  # the store was used


async def test_tasks_upon_a_store_by_url_do(place: Place) -> None:
    """The control: where a store does not know the principal, answers of others are found."""
    origin, problems = await tasks(ByUrl(place.opened()))
    assert problems
    assert origin.problems


def threads(store: CacheStore) -> tuple[Origin, list[str]]:
    """Let many threads call at once."""
    origin = Origin()
    root, of = sync_clients(origin, store)
    with root, ThreadPoolExecutor(THREADS) as pool:
        found = pool.map(lambda call: operate_here(of[call[0]], *call), calls(2, 3))
        problems = [problem for each in found for problem in each]
        root._seat.run(store.aclose())  # in the loop that has its connections
    return origin, problems


def test_threads_see_nothing_of_anothers(place: Place) -> None:
    """So it is for threads, which share one event loop."""
    origin, problems = threads(place.opened())
    assert ([], []) == (problems, origin.problems)
    assert origin.confirmed > 0


def test_threads_upon_a_store_by_url_do(place: Place) -> None:
    """The control, in threads."""
    origin, problems = threads(ByUrl(place.opened()))
    assert problems
    assert origin.problems


def forked(place: Place, keyed: str) -> tuple[int, list[str]]:
    command = [sys.executable, "-W", "error", "-m", "tests.tenants.forked", place.kind, place.path, place.url]
    done = subprocess.run(
        [*command, place.prefix, keyed], cwd=ROOT, stdout=subprocess.PIPE, text=True, timeout=60, check=True
    )
    *problems, confirmed = done.stdout.split("\n")[:-1]
    return int(confirmed), [problem for problem in problems if problem]


def test_children_see_nothing_of_anothers(place: Place) -> None:
    """So it is for a parent and its children, which go on with warm clients at the same time."""
    confirmed, problems = forked(place, "right")
    assert [] == problems
    assert confirmed > 0


def test_children_upon_a_store_by_url_do() -> None:
    """The control, over forks."""
    assert forked(Place("memory", "", "", ""), "by url")[1]


async def swapped(place: Place, key: bytes | None, again: Callable[[CacheStore], CacheStore]) -> tuple[int, list[str]]:
    """Warm a store, exchange all values in it, and read everything with a handle. Return what was used of it."""
    origin, store = Origin(), place.opened(key)
    of = clients(origin, store)
    assert [] == await operate_all(of, READS)
    assert place.swap() > PRINCIPALS
    handle = again(store)
    others = of if handle is store else clients(origin, handle)
    problems = await operate_all(others, READS)
    confirmed = origin.confirmed
    for each in (store, handle):
        await each.aclose()
    return confirmed, problems


@pytest.mark.parametrize("key", [None, KEY], ids=["plain", "keyed"])
async def test_values_that_were_exchanged_are_not_there(key: bytes | None, outside: Place) -> None:
    """Whoever gives the stored answers of one to another, in the file or the server, makes them read in full."""
    confirmed, problems = await swapped(outside, key, lambda _: outside.opened(key))
    assert ([], 0) == (problems, confirmed)


async def test_values_that_were_exchanged_under_a_warm_handle_are_harmless(outside: Place) -> None:
    """A process that has them in memory as well gives nobody another's."""
    _, problems = await swapped(outside, None, lambda store: store)
    assert [] == problems


async def test_exchanged_values_that_are_not_looked_at_are_anothers(
    outside: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: it is the digest of principal and key that keeps them out."""
    monkeypatch.setattr(stored.hmac, "compare_digest", lambda *_: True)
    confirmed, problems = await swapped(outside, None, lambda _: outside.opened())
    assert confirmed > 0
    assert problems
