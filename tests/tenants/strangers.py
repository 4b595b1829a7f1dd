"""A hundred users of one firm's application, a server that names whom it answers, and the stores that they share.

Everybody has the same paths, the same ids, and the same tag for everything: whoever is given what is another's, or asks
by what is another's, gets an answer that names the other.
"""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import redis
from attrs import define, field

from clio_async import CacheStore, Clio, MemoryCache, MemoryTransport, RedisCache, SQLiteCache, SyncClio
from clio_async.caches.base import Begun, Entry, Generation
from clio_async.messages import Headers, Request, Response
from tests.origin import BASE

PRINCIPALS = 100
TOKENS = [f"user-{number}" for number in range(PRINCIPALS)]
PATHS = ("/matters/1", "/matters/2", "/users/who_am_i")
TAG = '"1"'
KINDS = ("memory", "sqlite", "redis")

Wrap = Callable[[CacheStore], CacheStore]


@define
class Origin:
    """The server. It has told everything to `told`, as long as it answers in one process."""

    told: set[tuple[str, str]] = field(factory=set)
    confirmed: int = 0
    problems: list[str] = field(factory=list)

    async def __call__(self, request: Request) -> Response:
        token = request.headers["authorization"].removeprefix("Bearer ")
        path = request.url.removeprefix(BASE)
        if request.method == "GET" and request.headers.get("If-None-Match") == TAG:
            if (token, path) not in self.told:
                self.problems.append(f"{token} asked about an answer at {path} that it was never given")
            self.confirmed += 1
            return Response(304, Headers({"ETag": TAG}))
        self.told.add((token, path))
        body = json.dumps({"data": {"id": 1, "etag": TAG, "display_number": token, "owner": token}}).encode()
        return Response(200, Headers({"ETag": TAG}), body, wire_bytes=len(body))


class ByUrl(CacheStore):
    """The control: any store, keyed by the URL alone."""

    def __init__(self, store: CacheStore) -> None:
        self._store = store

    async def begin(self, principal: str, key: str, tags: Sequence[str]) -> Begun:
        return await self._store.begin("", key, tags)

    async def commit(self, principal: str, key: str, tags: Sequence[str], generation: Generation, entry: Entry) -> bool:
        return await self._store.commit("", key, tags, generation, entry)

    async def touch(self, principal: str, key: str, entry: Entry) -> None:
        await self._store.touch("", key, entry)

    async def delete_tags(self, tags: Sequence[str], *, principal: str | None = None) -> None:
        await self._store.delete_tags(tags, principal=principal and "")

    async def purge(self, principal: str) -> None:
        await self._store.purge("")

    async def aclose(self) -> None:
        await self._store.aclose()


@define
class Place:
    """Where a kind of store keeps what it is given: a file, or a prefix in a server."""

    kind: str
    path: str
    url: str
    prefix: str

    def opened(self, key: bytes | None = None) -> CacheStore:
        """Open a handle."""
        if self.kind == "memory":
            return MemoryCache()
        if self.kind == "sqlite":
            return SQLiteCache(self.path, key=key)
        return RedisCache(self.url, prefix=self.prefix, key=key)

    def swap(self) -> int:
        """Give each stored value to another place, and return how many there are."""
        return _swap_rows(Path(self.path)) if self.kind == "sqlite" else _swap_keys(self.url, self.prefix)


def _swap_rows(path: Path) -> int:
    connection = sqlite3.connect(path)
    with connection:
        rows = connection.execute("SELECT place, value FROM entries ORDER BY place").fetchall()
        for (place, _), (_, value) in zip(rows, rows[1:] + rows[:1], strict=True):
            connection.execute("UPDATE entries SET value = ? WHERE place = ?", (value, place))
    connection.close()
    return len(rows)


def _swap_keys(url: str, prefix: str) -> int:
    with redis.Redis.from_url(url) as client:
        keys = [key for key in client.scan_iter(f"clio_async:{prefix}:*") if client.type(key) == b"hash"]
        values: list[Any] = [client.hmget(key, "d", "v") for key in keys]
        for key, (digest, value) in zip(keys, values[1:] + values[:1], strict=True):
            client.hset(key, mapping={"d": digest, "v": value})
    return len(keys)


def clients(origin: Origin, store: CacheStore) -> dict[str, Clio]:
    """Make the client of each user: they share transport and store."""
    root = Clio("root", base_url=BASE, transport=MemoryTransport(origin), cache=store, limiter=None)
    return {token: root.with_auth(token, base_url=BASE) for token in TOKENS}


def sync_clients(origin: Origin, store: CacheStore) -> tuple[SyncClio, dict[str, SyncClio]]:
    """Make the same for threads."""
    root = SyncClio("root", base_url=BASE, transport=MemoryTransport(origin), cache=store, limiter=None)
    return root, {token: root.with_auth(token, base_url=BASE) for token in TOKENS}


def calls(seed: int, rounds: int) -> list[tuple[str, str]]:
    """Return what is done by whom, in some order: all read all paths so many times, and a few write."""
    found = [(token, path) for token in TOKENS for path in PATHS for _ in range(rounds)]
    found += [(token, "write") for token in TOKENS[::10]]
    random.Random(seed).shuffle(found)
    return found


async def operate(clio: Clio, token: str, what: str) -> list[str]:
    """Make a call, and return what is wrong with its answer."""
    if what == "write":
        return wrong(token, (await clio.request("PATCH", "/matters/1", json={"data": {}})).body)
    if what == "/matters/1":
        owner = (await clio.matters.get(1, fields="id,etag,display_number")).display_number
        return [] if owner == token else [f"{token} got the record of {owner}"]
    return wrong(token, (await clio.request("GET", what)).body)


def operate_here(clio: SyncClio, token: str, what: str) -> list[str]:
    """Make a call from a thread, and return what is wrong with its answer."""
    if what == "write":
        return wrong(token, clio.request("PATCH", "/matters/1", json={"data": {}}).body)
    if what == "/matters/1":
        owner = clio.matters.get(1, fields="id,etag,display_number").display_number
        return [] if owner == token else [f"{token} got the record of {owner}"]
    return wrong(token, clio.request("GET", what).body)


def wrong(token: str, body: bytes) -> list[str]:
    owner = json.loads(body)["data"]["owner"]
    return [] if owner == token else [f"{token} got the answer of {owner}"]


async def operate_all(of: dict[str, Clio], work: Iterable[tuple[str, str]]) -> list[str]:
    """Make calls one after the other, and return what was wrong."""
    return [problem for token, what in work for problem in await operate(of[token], token, what)]
