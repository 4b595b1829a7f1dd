"""What an entry of a store takes as there are more of them: memory, and the time of a hit and of a put.

Each number of entries is measured in a process of its own, which begins without any. An entry is a small answer: one
header field and a body of 200 bytes, of one of 100 users. In memory they are measured twice: with a bound that holds
all of them, and with one that holds half, so that every put pushes something out. A dict of the same objects is told
beside, for what is left there is the processor's: the more memory, the less of it is near. In a file of SQLite a hit is
the first one, which reads and decodes.
"""

from __future__ import annotations

import asyncio
import gc
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

from benchmarks.heap import steady_heap
from benchmarks.measure import Curve, Effort
from clio_async import Headers, MemoryCache, SQLiteCache
from clio_async.caches.base import CacheStore, Entry

SIZES = (100, 1_000, 10_000, 100_000, 1_000_000)
IN_FILE = 100_000
"""As many at most in a file."""
USERS = 100
OPERATIONS = 10_000
TOGETHER = 10_000
"""As many entries at least are there when memory is measured: of several stores, if one has fewer."""
ALL, HALF, DICT, FILE = "all are held", "half are held", "dict", "SQLite"
KINDS = (ALL, HALF, DICT, FILE)
_BASE = "https://app.clio.com/api/v4/matters"


def entry(number: int) -> tuple[str, str, Entry]:
    """Return a user, a key, and an answer as it is kept."""
    key = f"{_BASE}/{number}.json?fields=id,etag"
    head = Headers([("ETag", f'"{number}"')])
    body = b'{"data":{"id":%d,"etag":"' % number + b"x" * 170 + b'"}}'
    now = time.monotonic()
    return f"user {number % USERS}", key, Entry(key, head, body, ("If-None-Match", f'"{number}"'), (), now, now + 3600)


class Dict:
    """The same objects in a dict, behind the same methods."""

    def __init__(self) -> None:
        self.held: dict[tuple[str, str], Entry] = {}

    async def put(self, number: int) -> None:
        who, key, found = entry(number)
        self.held[who, key] = found

    async def get(self, number: int) -> bool:
        return self.held.get((f"user {number % USERS}", f"{_BASE}/{number}.json?fields=id,etag")) is not None


class Store:
    """A store, and what is kept there."""

    def __init__(self, cache: CacheStore) -> None:
        self.cache = cache

    async def put(self, number: int) -> None:
        who, key, found = entry(number)
        tags = (f"{_BASE}/{number}", _BASE)
        await self.cache.commit(who, key, tags, (await self.cache.begin(who, key, tags)).generation, found)

    async def get(self, number: int) -> bool:
        who, key = f"user {number % USERS}", f"{_BASE}/{number}.json?fields=id,etag"
        return (await self.cache.begin(who, key, (f"{_BASE}/{number}", _BASE))).entry is not None


def resident() -> int:
    """Return how many bytes of memory this process has, as far as the system tells."""
    file = Path("/proc/self/statm")
    return int(file.read_text().split()[1]) * 4096 if file.exists() else 0


async def reckoned(size: int) -> int:
    """Return what the store in memory reckons that so many entries cost."""
    store = MemoryCache()
    await Store(store).put(size)
    return store.size * size


async def made(kind: str, size: int, folder: str) -> Dict | Store:
    """Return a store for so many entries."""
    if kind == DICT:
        return Dict()
    if kind == FILE:
        return Store(SQLiteCache(Path(folder, "cache.db"), max_bytes=1 << 30))
    return Store(MemoryCache(max_bytes=1 << 40 if kind == ALL else await reckoned(size) // 2, max_entry_bytes=1 << 20))


async def spent(numbers: list[int], step: Callable[[int], Awaitable[object]]) -> float:
    """Return microseconds of processor time for one step."""
    began = time.process_time()
    for number in numbers:
        await step(number)
    return (time.process_time() - began) / len(numbers) * 1e6


async def measured(kind: str, size: int, operations: int, folder: str) -> dict[str, float]:
    """Fill a store, and measure: bytes of an entry, and microseconds of a hit and of a put."""
    many = 1 if kind == FILE else max(1, TOGETHER // size)
    gc.collect()
    before = resident()
    stores = [await made(kind, size, folder) for _ in range(many)]
    for store in stores:
        for number in range(size):
            await store.put(number)
    gc.collect()
    used = resident() - before
    store = stores[-1]
    cache = store.cache if isinstance(store, Store) else None
    held = len(cache) if isinstance(cache, MemoryCache) else size
    chance = random.Random(1)
    last = [number for number in range(size - max(1, held // 2), size) if await store.get(number)]
    numbers = chance.choices(last, k=operations)
    if isinstance(cache, SQLiteCache):
        numbers = list(dict.fromkeys(numbers))
        cache._recent.forget()
    found = {"bytes": used / (held * many), "hit": await spent(numbers, store.get)}
    new = list(range(size, size + operations)) if kind == HALF else numbers
    making = await spent(new, _only_make)
    found["put"] = await spent(new, store.put) - making
    if isinstance(cache, SQLiteCache):
        await cache.aclose()
        found["bytes"] = _file_size(folder) / size
    return found


def _file_size(folder: str) -> int:
    return Path(folder, "cache.db").stat().st_size


async def _only_make(number: int) -> None:
    entry(number)


def alone(kind: str, size: int, operations: int) -> dict[str, float]:
    """Measure in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.entries", kind, str(size), str(operations)]
    done = subprocess.run(command, cwd=Path(__file__).parent.parent, check=True, capture_output=True, text=True)
    return {name: float(value) for name, value in json.loads(done.stdout).items()}


def run(effort: Effort) -> Iterator[Curve]:
    """Measure all numbers of entries, and draw the curves."""
    seen: dict[str, dict[str, list[tuple[float, float]]]] = {"bytes": {}, "hit": {}, "put": {}}
    for size in [size for size in SIZES if size <= effort.times(SIZES[-1])]:
        for kind in KINDS:
            if kind != FILE or size <= IN_FILE:
                for what, value in alone(kind, size, effort.times(OPERATIONS, 100)).items():
                    seen[what].setdefault(kind, []).append((size, value))
    for what, name, unit in (
        ("bytes", "memory of an entry, or its part of the file", "bytes"),
        ("hit", "a hit", "µs of CPU"),
        ("put", "a put, with the read that finds nothing current before it", "µs of CPU"),
    ):
        lines = {kind: tuple(line) for kind, line in seen[what].items()}
        yield Curve(name, "entries", unit, lines, logarithmic=True)


if __name__ == "__main__":
    steady_heap()
    with tempfile.TemporaryDirectory() as place:
        print(json.dumps(asyncio.run(measured(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), place))))
