"""What a store outside the process costs, as a ratio to its bare driver in the same run: `python -m benchmarks.stores`.

A read that finds its entry, at 50 in flight, against what the driver takes to get as many bytes. Rounds are
interleaved. Told are the processor time of this process and the time that passed, medians of the rounds' ratios.
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable

import redis.asyncio
from attrs import evolve

from clio_async import Headers, RedisCache, RedisServer, SQLiteCache
from clio_async.caches.base import Entry
from clio_async.caches.sqlite_names import place_of
from clio_async.caches.sqlite_tables import SCHEMA
from clio_async.caches.stored import packed
from tests.redis_server import any_server

READS = 3_000
WIDTH = 50
ROUNDS = 9
URL = "https://app.clio.com/api/v4/matters/42?fields=id,etag"
TAGS = ("https://app.clio.com/api/v4/matters/42", "https://app.clio.com/api/v4/matters")
BODY = b"x" * 1_500


def entry() -> Entry:
    """Return an answer as it is kept."""
    now = time.monotonic()
    return Entry(URL, Headers([("ETag", '"1"')]), BODY, ("If-None-Match", '"1"'), (), now, now + 3600)


async def spread(call: Callable[[], Awaitable[object]]) -> tuple[float, float]:
    """Return the seconds that some calls take, of this processor and in all."""

    async def work() -> None:
        for _ in range(READS // WIDTH):
            await call()

    used, began = time.process_time(), time.perf_counter()
    await asyncio.gather(*[work() for _ in range(WIDTH)])
    return time.process_time() - used, time.perf_counter() - began


async def of_redis(url: str) -> list[tuple[float, float]]:
    """Return the ratios of `RedisCache` to GET of the same driver, with as many connections."""
    pool = redis.asyncio.BlockingConnectionPool.from_url(url, max_connections=WIDTH, protocol=2, timeout=10)
    async with RedisServer(url, prefix="benchmark", timeout=10.0, connections=WIDTH) as server:
        cache, driver = RedisCache(server), redis.asyncio.Redis(connection_pool=pool)
        await cache.commit("ann", URL, TAGS, (await cache.begin("ann", URL, TAGS)).generation, entry())
        await driver.set("benchmark:value", BODY)

        async def ours() -> None:
            assert (await cache.begin("ann", URL, TAGS)).entry is not None

        async def bare() -> None:
            assert await driver.get("benchmark:value") is not None

        await spread(ours), await spread(bare)  # connections are open from here on
        pairs = [(await spread(ours), await spread(bare)) for _ in range(ROUNDS)]
        await driver.aclose()
        await pool.aclose()
        return [(mine[0] / theirs[0], mine[1] / theirs[1]) for mine, theirs in pairs]


async def of_sqlite(path: str) -> dict[str, list[float]]:
    """Return the ratios of `SQLiteCache`, in processor time of all threads, to the bare driver in the same thread.

    The driver has the same settings, the same table with its index, and one transaction for each put; the values are
    those that the cache writes. Kept: a put alone. Missed and kept: a read that finds nothing current, and a put,
    against a get and a put. A hit again: nothing was written since. A hit at first: the entry is read, its digest
    checked, and decoded. Answers have 3 KB.
    """
    keys = [f"{URL}&page={number}" for number in range(300)]
    driver = sqlite3.connect(f"{path}/driver.db", isolation_level=None)
    driver.execute("PRAGMA journal_mode = WAL")
    driver.execute("PRAGMA synchronous = NORMAL")
    for statement in SCHEMA:
        driver.execute(statement)
    entries = {key: evolve(entry(), key=key, body=BODY * 2) for key in keys}
    values = {key: packed("ann", entries[key], offset=0.0) for key in keys}
    async with SQLiteCache(f"{path}/cache.db") as cache:
        generation = (await cache.begin("ann", URL, TAGS)).generation

        def answered(key: str) -> Entry:
            entries[key].validated_at = time.monotonic()
            return entries[key]

        async def keep(key: str) -> None:
            assert await cache.commit("ann", key, TAGS, generation, answered(key))

        async def keep_all(width: int) -> None:
            for first in range(0, len(keys), width):
                await asyncio.gather(*[keep(key) for key in keys[first : first + width]])

        async def keep_each() -> None:
            for key in keys:
                assert await cache.commit("ann", key, TAGS, generation, answered(key))

        async def begin_and_keep() -> None:
            for key in keys:
                found = (await cache.begin("ann", key, TAGS)).generation
                assert await cache.commit("ann", key, TAGS, found, answered(key))

        async def begin_all() -> None:
            for key in keys:
                assert (await cache.begin("ann", key, TAGS)).entry is not None

        async def get() -> None:
            for key in keys:
                statement = "SELECT value FROM entries WHERE place = ?"
                assert driver.execute(statement, (place_of("ann", key),)).fetchone() is not None

        async def put() -> None:
            for key in keys:
                place, value, now = place_of("ann", key), values[key], time.time()
                row = place, 1, 0, random.getrandbits(63), now, now + 3600, len(value), value
                driver.execute("INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)

        async def used(step: Callable[[], Awaitable[None]]) -> float:
            began = time.process_time()
            await step()
            return time.process_time() - began

        ratios: dict[str, list[float]] = {}
        for _ in range(ROUNDS):
            bare_put = await used(put)
            ratios.setdefault("kept, one at a time", []).append(await used(keep_each) / bare_put)
            ratios.setdefault(f"kept, {WIDTH} at once", []).append(await used(lambda: keep_all(WIDTH)) / bare_put)
            bare_get = await used(get)
            ratios.setdefault("missed and kept", []).append(await used(begin_and_keep) / (bare_get + bare_put))
            cache._recent.forget()
            ratios.setdefault("a hit at first", []).append(await used(begin_all) / bare_get)
            await begin_all()
            ratios.setdefault("a hit again", []).append(await used(begin_all) / bare_get)
    driver.close()
    return ratios


def main() -> None:
    """Print the ratios."""
    with tempfile.TemporaryDirectory() as path:
        for name, values in asyncio.run(of_sqlite(path)).items():
            print(f"SQLiteCache, {name}: {statistics.median(values):.2f} times the driver's in processor time")
    with any_server() as url:
        ratios = asyncio.run(of_redis(url))
    used, passed = (statistics.median(column) for column in zip(*ratios, strict=True))
    print(f"RedisCache, a hit: {used:.2f} times the driver's GET in processor time, {passed:.2f} times in time")


if __name__ == "__main__":
    main()
