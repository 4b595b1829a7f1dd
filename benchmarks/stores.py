"""What a store outside the process costs, beside its bare driver: SQLite, and Redis at 50 in flight.

Entries are answers of 3 KB. The driver of SQLite works in the thread that asks, with the same settings and the same
table with its index, and writes the values that this package writes: one transaction for each. `anysqlite` and
`aiosqlite` do what the driver does, through a thread. The storage of hishel keeps an answer in its own way, and each
put of it adds one, so that a read finds one that was put once. Redis has a core of its own, and each contender 50
connections.

A read at first: the entry is found, its digest checked, and decoded. A read again: nobody has written since. Processor
time is that of all threads of this process.
"""

from __future__ import annotations

import asyncio
import os
import random
import sqlite3
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, ExitStack
from itertools import count
from typing import Any, TypeAlias

import aiosqlite
import anysqlite
import hishel
import redis.asyncio
from attrs import evolve

from benchmarks.measure import Case, Effort, Goal, Watch, case_of, race
from clio_async import Headers, RedisCache, RedisServer, SQLiteCache
from clio_async.caches.base import Entry
from clio_async.caches.sqlite_names import place_of
from clio_async.caches.sqlite_tables import SCHEMA
from clio_async.caches.stored import packed
from tests.redis_server import RedisProcess, running

KEYS = 300
WIDTH = 50
READS = 2_000
URL = "https://app.clio.com/api/v4/matters/42?fields=id,etag"
TAGS = ("https://app.clio.com/api/v4/matters/42", "https://app.clio.com/api/v4/matters")
BODY = b"x" * 3_000
GET = "SELECT value FROM entries WHERE place = ?"
PUT = "INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
SLOW = {"anysqlite": 0.5, "aiosqlite": 0.5, "hishel": 0.2}
"""Those who take long do a part of it in a round."""
DRIVER = "sqlite3"
HEAD = Headers([("ETag", '"1"')])

Step: TypeAlias = Callable[[str], Awaitable[None]]


def entry(key: str) -> Entry:
    """Return an answer as it is kept."""
    now = time.monotonic()
    return Entry(key, HEAD, BODY, ("If-None-Match", '"1"'), (), now, now + 3600)


def row(key: str, value: bytes) -> tuple[Any, ...]:
    """Return what the driver writes."""
    now = time.time()
    return place_of("ann", key), 1, 0, random.getrandbits(63), now, now + 3600, len(value), value


class Ours:
    """Entries in a `SQLiteCache`."""

    def __init__(self, cache: SQLiteCache, keys: list[str]) -> None:
        self._cache = cache
        self._entries = {key: entry(key) for key in keys}

    async def get(self, key: str) -> None:
        assert (await self._cache.begin("ann", key, TAGS)).entry is not None

    async def put(self, key: str) -> None:
        await self._keep(key, self.generation)

    async def miss_and_put(self, key: str) -> None:
        await self._keep(key, (await self._cache.begin("ann", key, TAGS)).generation)

    async def begin(self) -> None:
        """Learn under what answers may be kept."""
        self.generation = (await self._cache.begin("ann", URL, TAGS)).generation

    def forget(self) -> None:
        """Have the next read of each be the first one."""
        self._cache._recent.forget()

    async def _keep(self, key: str, generation: Any) -> None:
        found = self._entries[key]
        found.validated_at = time.monotonic()
        assert await self._cache.commit("ann", key, TAGS, generation, found)


class Driver:
    """Values in a table, by the driver or by what puts a thread before it."""

    def __init__(self, connection: Any, values: Mapping[str, bytes], *, waits: bool) -> None:
        self._connection = connection
        self._values = values
        self._waits = waits

    async def get(self, key: str) -> None:
        found = self._connection.execute(GET, (place_of("ann", key),))
        if self._waits:
            cursor = await found
            assert await cursor.fetchone() is not None
            await cursor.close()
        else:
            assert found.fetchone() is not None

    async def put(self, key: str) -> None:
        done = self._connection.execute(PUT, row(key, self._values[key]))
        if self._waits:
            await (await done).close()

    async def get_and_put(self, key: str) -> None:
        await self.get(key)
        await self.put(key)


class Hishel:
    """Answers in the storage of hishel."""

    def __init__(self, storage: hishel.AsyncSqliteStorage) -> None:
        self._storage = storage
        self._number = count()

    async def get(self, key: str) -> None:
        (found,) = await self._storage.get_entries(key)
        stream: Any = found.response.stream
        assert sum([len(chunk) async for chunk in stream]) == len(BODY)

    async def put(self, key: str) -> None:
        await self.keep(f"{key} {next(self._number)}")

    async def keep(self, key: str) -> None:
        """Keep one answer."""
        headers = hishel.Headers({"ETag": '"1"', "Cache-Control": "max-age=3600"})
        answer = hishel.Response(status_code=200, headers=headers, stream=_whole())
        made = await self._storage.create_entry(hishel.Request("GET", URL), answer, key)
        stream: Any = made.response.stream
        async for _ in stream:
            pass


async def _whole() -> AsyncIterator[bytes]:
    yield BODY


async def drivers(stack: AsyncExitStack, path: str, values: Mapping[str, bytes]) -> dict[str, Driver]:
    """Open the drivers, each with a file of its own."""
    bare = sqlite3.connect(f"{path}/driver.db", isolation_level=None)
    stack.callback(bare.close)
    found = {DRIVER: Driver(bare, values, waits=False)}
    for name, opening in (("anysqlite", anysqlite.connect), ("aiosqlite", aiosqlite.connect)):
        connection = await opening(f"{path}/{name}.db", isolation_level=None)
        stack.push_async_callback(connection.close)
        found[name] = Driver(connection, values, waits=True)
    for driver in found.values():
        for statement in ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = NORMAL", *SCHEMA):
            done = driver._connection.execute(statement)
            if driver._waits:
                await (await done).close()
    return found


async def of_sqlite(effort: Effort, path: str) -> AsyncIterator[Case]:
    """Race the stores in files."""
    keys = [f"https://app.clio.com/api/v4/matters/{number + 1}?fields=id,etag" for number in range(KEYS)]
    values = {key: packed("ann", entry(key), offset=0.0) for key in keys}
    async with AsyncExitStack() as stack:
        ours = Ours(await stack.enter_async_context(SQLiteCache(f"{path}/cache.db")), keys)
        await ours.begin()
        bare = await drivers(stack, path, values)
        theirs = Hishel(hishel.AsyncSqliteStorage(database_path=f"{path}/hishel.db"))
        stack.push_async_callback(theirs._storage.close)
        for key in keys:
            for put in (ours.put, *(driver.put for driver in bare.values()), theirs.keep):
                await put(key)
        gets: dict[str, Step] = {**{name: driver.get for name, driver in bare.items()}, "hishel": theirs.get}
        puts: dict[str, Step] = {**{name: driver.put for name, driver in bare.items()}, "hishel": theirs.put}
        goals = [Goal(f"cpu/{DRIVER}", 1.5)]
        for name, steps, first in (
            ("SQLite, get 3 KB, again", {"clio_async": ours.get, **gets}, None),
            ("SQLite, get 3 KB, at first", {"clio_async": ours.get, DRIVER: gets[DRIVER]}, ours.forget),
            ("SQLite, put 3 KB", {"clio_async": ours.put, **puts}, None),
            ("SQLite, miss and put 3 KB", {"clio_async": ours.miss_and_put, DRIVER: bare[DRIVER].get_and_put}, None),
        ):
            for key in keys:  # what was there before is current, and what was read is held
                await ours.get(key)
            seen = await _raced(steps, keys, effort, first)
            yield case_of(name, seen, DRIVER, goals=goals)


async def _raced(
    steps: Mapping[str, Step], keys: list[str], effort: Effort, first: Callable[[], None] | None
) -> dict[str, list[tuple[float, float]]]:
    number = {who: effort.times(int(KEYS * SLOW.get(who, 1)), 3) for who in steps}

    def works(who: str) -> Callable[[], Awaitable[None]]:
        async def work() -> None:
            if first is not None:
                first()
            step = steps[who]
            for key in keys[: number[who]]:
                await step(key)

        return work

    return await race({who: works(who) for who in steps}, number, effort.rounds)


async def of_redis(effort: Effort, server: RedisProcess) -> Case:
    """Race a read that finds its entry against GET of the same driver."""
    pid = server._process.pid if server._process is not None else None
    if pid is not None and hasattr(os, "sched_setaffinity") and (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(pid, {1})
    options: dict[str, Any] = {"max_connections": WIDTH, "protocol": 2, "timeout": 10}
    pool = redis.asyncio.BlockingConnectionPool.from_url(server.url, **options)
    async with RedisServer(server.url, prefix="benchmark", timeout=10.0, connections=WIDTH) as shared:
        cache, driver = RedisCache(shared), redis.asyncio.Redis(connection_pool=pool)
        generation = (await cache.begin("ann", URL, TAGS)).generation
        assert await cache.commit("ann", URL, TAGS, generation, evolve(entry(URL), body=BODY))
        await driver.set("benchmark:value", packed("ann", entry(URL), offset=0.0))

        async def ours() -> None:
            assert (await cache.begin("ann", URL, TAGS)).entry is not None

        async def bare() -> None:
            assert await driver.get("benchmark:value") is not None

        each = max(1, effort.times(READS) // WIDTH)

        def crowd(call: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[object]]:
            async def work() -> None:
                for _ in range(each):
                    await call()

            async def all_of_it() -> None:
                await asyncio.gather(*[work() for _ in range(WIDTH)])

            return all_of_it

        steps = {"clio_async": crowd(ours), "redis.asyncio": crowd(bare)}
        for step in steps.values():
            await step()  # connections are open from here on
        watch = Watch(pid)
        seen = await race(steps, each * WIDTH, effort.rounds, watch)
        await driver.aclose()
        await pool.aclose()
    goals = [Goal("cpu/redis.asyncio", 1.5)]
    return case_of(f"Redis, get 3 KB, {WIDTH} in flight", seen, "redis.asyncio", goals=goals, server=watch.share)


async def run(effort: Effort) -> AsyncIterator[Case]:
    """Measure the stores."""
    with tempfile.TemporaryDirectory() as path:
        async for case in of_sqlite(effort, path):
            yield case
    with ExitStack() as stack:
        yield await of_redis(effort, stack.enter_context(running()))
