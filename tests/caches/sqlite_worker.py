"""What other processes do with a cache file: `python -m tests.caches.sqlite_worker COMMAND PATH …`.

Each says "ready" and waits for a line, so that all start at once.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Sequence
from random import Random
from typing import Any

import anyio

from clio_async.caches import sqlite as sqlite_module
from clio_async.caches.base import CacheStore, Entry, Generation
from clio_async.caches.sqlite import SQLiteCache
from clio_async.messages import Headers

KEY = "v application/json None https://h/matters/1?fields=id"
TAGS = ("https://h/matters/1", "https://h/matters")
CLOCK = 10_000.0


def say(*words: object) -> None:
    print(*words, flush=True)


def hear() -> str:
    return sys.stdin.readline().strip()


def opened(path: object, **options: Any) -> SQLiteCache:
    return SQLiteCache(str(path), clock=lambda: CLOCK, wall_clock=lambda: 1.7e9, **options)


def answer(body: bytes = b"old", key: str = KEY, **changes: Any) -> Entry:
    entry = Entry(key, Headers([("ETag", '"1"')]), body, ("If-None-Match", '"1"'), (), 1000.0, 4600.0)
    for name, value in changes.items():
        setattr(entry, name, value)
    return entry


async def keep(
    store: CacheStore,
    body: bytes = b"old",
    principal: str = "ann",
    key: str = KEY,
    tags: Sequence[str] = TAGS,
    **c: Any,
) -> bool:
    _, generation = await store.begin(principal, key, tags)
    return await store.commit(principal, key, tags, generation, answer(body, key, **c))


async def found(store: CacheStore, principal: str = "ann", key: str = KEY, tags: Sequence[str] = TAGS) -> bytes | None:
    entry = (await store.begin(principal, key, tags)).entry
    return entry and entry.body


async def churn(path: str) -> None:
    """Keep and outdate until the end, and say which invalidation was acknowledged."""
    store, random = opened(path), Random()
    for number in range(10**9):
        key = f"{KEY}{random.randrange(50)}"
        await keep(store, random.randbytes(3000), key=key, tags=(key,))
        await store.delete_tags([f"{path}/{number}"])
        say(number)


async def write(path: str) -> None:
    """Write as a client does, on request: outdate, change, outdate, say what is the version now."""
    async with opened(path) as store:
        while (line := hear()) != "end":
            await store.delete_tags(TAGS[:1])
            await store.delete_tags(TAGS[:1])
            say(line)


async def race(path: str, principal: str) -> None:
    """Open the file with all others at once, and keep an answer."""
    async with opened(path) as store:
        kept = await keep(store, principal.encode(), principal)
        say(kept, await found(store, principal) == principal.encode())


async def lock(path: str) -> None:
    """Have the file locked until told otherwise."""
    with_file = sqlite3.connect(path, isolation_level=None)
    with_file.execute("BEGIN IMMEDIATE")
    say("locked")
    hear()
    with_file.execute("ROLLBACK")
    with_file.close()
    say("free")


async def join(path: str) -> None:
    """Outdate in a file whose log another program has made anew."""
    program = sqlite3.connect(path)
    program.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    async with opened(path) as store:
        await store.delete_tags(TAGS)
        say("outdated", await found(store))
        hear()
    program.close()
    say("left")


async def leave(path: str) -> None:
    """End without a word to the store, after an invalidation was acknowledged."""
    store = opened(path)
    await keep(store)
    await store.delete_tags(TAGS)
    await keep(store, b"new")
    say("left")
    globals()["kept_until_the_end"] = store


class Careless(SQLiteCache):
    """The control: keeps whatever comes, under the generation that is current then."""

    async def commit(self, principal: str, key: str, tags: Sequence[str], generation: Generation, entry: Entry) -> bool:
        now = await self.begin(principal, key, tags)
        return await super().commit(principal, key, tags, now.generation, entry)


COMMANDS = {"churn": churn, "write": write, "race": race, "lock": lock, "join": join, "leave": leave}


if __name__ == "__main__":
    command, *rest = sys.argv[1:]
    sqlite_module._OPENING = 60.0  # a busy machine is no slow store
    say("ready")
    hear()
    anyio.run(COMMANDS[command], *rest)
