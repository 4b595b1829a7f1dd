"""`MemoryCache.peek`: fresh hits from other threads than the one that the cache belongs to."""

from __future__ import annotations

import sys
import threading

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clio_async.caches.base import Entry
from clio_async.caches.memory import Generations, MemoryCache
from clio_async.messages import Headers

TAGS = ("matter:1", "matters")


def entry(number: int) -> Entry:
    return Entry(
        key="k",
        headers=Headers(),
        body=b"%d" % number,
        validator=("If-None-Match", '"1"'),
        vary=(),
        validated_at=float(number),
        expires_at=1e9,
    )


async def put(cache: MemoryCache, number: int, key: str = "k", principal: str = "p") -> bool:
    begun = await cache.begin(principal, key, TAGS)
    return await cache.commit(principal, key, TAGS, begun.generation, entry(number))


@given(st.lists(st.sampled_from(["put", "other", "delete", "mine", "purge", "forget"]), max_size=30))
def test_it_finds_what_look_finds(steps: list[str]) -> None:
    """And changes nothing by it."""
    cache = MemoryCache()
    cache._generations = Generations(limit=4)

    async def go_through() -> None:
        for number, step in enumerate(steps):
            if step == "put":
                await put(cache, number)
            elif step == "other":
                await put(cache, number, "other")
            elif step == "delete":
                await cache.delete_tags(TAGS)
            elif step == "mine":
                await cache.delete_tags(TAGS[:1], principal="p")
            elif step == "purge":
                await cache.purge("p")
            else:
                await cache.delete_tags([f"x:{number}:{each}" for each in range(5)])
            for key in ("k", "other"):
                size = cache.size
                peeked = cache.peek("p", key, TAGS)
                assert size == cache.size
                assert cache.look("p", key, TAGS).entry is peeked

    anyio.run(go_through)


async def test_what_was_peeked_at_counts_as_used() -> None:
    """When room is made, what other threads read goes last, as if the cache's own had read it."""
    cache = MemoryCache()
    for key in ("old", "new"):
        await put(cache, 1, key)
    await put(cache, 1, "gone")
    assert cache.peek("p", "old", TAGS) is not None
    assert cache.peek("p", "gone", TAGS) is not None
    cache._remove("p", cache._shelves["p"], "gone")
    cache._max = cache.size
    await put(cache, 2, "third")
    assert cache.look("p", "old", TAGS).entry is not None
    assert cache.look("p", "new", TAGS).entry is None
    cache._max *= 10
    await put(cache, 1, "alone", principal="q")
    assert cache.peek("q", "alone", TAGS) is not None
    await cache.purge("q")
    cache._heed()
    assert 0 == len(cache._peeked)


class Forgetting(Generations):
    """Generations that are outdated and forgotten while somebody looks."""

    def __init__(self) -> None:
        super().__init__(limit=8)
        self.forgets = False

    def of(self, principal: str, tags: object) -> int:
        if self.forgets:
            self.forgets = False
            self.replace([f"x:{number}" for number in range(20)])
            return 0  # what the floor was before
        return super().of(principal, tags)  # type: ignore[arg-type]


async def test_what_is_forgotten_during_a_look_is_not_found() -> None:
    """The number of an invalidation may be dropped below the floor while another thread has read the old floor."""
    cache = MemoryCache()
    generations = cache._generations = Forgetting()
    await put(cache, 1)
    await cache.delete_tags(TAGS)
    generations.forgets = True
    assert cache.peek("p", "k", TAGS) is None


def test_the_floor_rises_before_a_number_is_forgotten() -> None:
    """So that whoever misses the number sees that the floor has changed."""
    generations = Generations(limit=4)
    seen: list[bool] = []

    class Watched(type(generations._written)):  # type: ignore[misc]
        def __delitem__(self, mark: object) -> None:
            seen.append(generations.floor >= self[mark])
            super().__delitem__(mark)

    generations._written = Watched()
    generations.replace(["a", "b", "c", "d", "e"])
    assert [True, True] == seen


@pytest.mark.parametrize("threads", [4])
def test_an_invalidation_that_has_returned_is_obeyed_by_every_thread(threads: int) -> None:
    """Threads look while the cache's own writes, invalidates and makes room: none fails, and none is given what was
    outdated before it looked."""
    cache = MemoryCache(max_bytes=200_000)
    outdated, over, faults, found = [0], threading.Event(), [], [0]
    started = threading.Barrier(threads + 1)

    def look() -> None:
        started.wait()
        try:
            while not over.is_set():
                least = outdated[0]
                seen = cache.peek("p", "k", TAGS)
                if seen is not None:
                    found[0] += 1
                    if int(seen.body) < least:
                        faults.append((least, seen.body))
        except Exception as error:
            faults.append(error)

    async def write() -> None:
        cache._generations = Generations(limit=16)
        started.wait()
        for number in range(1, 4_000):
            await cache.delete_tags(TAGS)
            outdated[0] = number
            await put(cache, number)
            await put(cache, number, f"other-{number}", principal=f"q{number % 7}")
            await cache.delete_tags([f"x:{number}"])

    looking = [threading.Thread(target=look) for _ in range(threads)]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for thread in looking:
            thread.start()
        anyio.run(write)
    finally:
        over.set()
        for thread in looking:
            thread.join()
        sys.setswitchinterval(interval)
    assert [] == faults
    assert found[0] > 0
