"""A server, or a client with a store, as a process: `python -m tests.caches.client_process serve`, `… client …`.

Each says what it has done, line by line, and does what it is told on its standard input.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Sequence

import anyio
import anyio.to_thread

from clio_async import Clio, core
from clio_async.caches import sqlite as sqlite_module
from clio_async.caches.base import CacheStore, Entry, Generation
from clio_async.caches.guard import GuardedStore
from clio_async.caches.redis import RedisCache
from clio_async.caches.sqlite import SQLiteCache
from clio_async.messages import Request, Response
from clio_async.options import Policy
from clio_async.redis import RedisServer
from clio_async.testing.simulator import Simulator, serve
from clio_async.transport.aiohttp import AiohttpTransport

from .sqlite_worker import Careless, say


class CarelessRedis(RedisCache):
    """The control: keeps whatever comes, under the generation that is current then."""

    async def commit(self, principal: str, key: str, tags: Sequence[str], generation: Generation, entry: Entry) -> bool:
        now = await self.begin(principal, key, tags)
        return await super().commit(principal, key, tags, now.generation, entry)


class Slow(AiohttpTransport):
    """Hold the first answer to a GET back, once it is here, until it is let on."""

    def __init__(self) -> None:
        super().__init__()
        self.first = True
        self.let_on = anyio.Event()

    async def send(self, request: Request) -> Response:
        response = await super().send(request)
        if request.method == "GET" and self.first:
            self.first = False
            say("held")
            await self.let_on.wait()
        return response


async def heard() -> str:
    return (await anyio.to_thread.run_sync(sys.stdin.readline)).strip()


async def server() -> None:
    simulator = Simulator()
    async with serve(simulator) as address:
        say(f"{address.url}/api/v4", simulator.token())
        await heard()


def store_of(kind: str, where: str, prefix: str) -> CacheStore:
    if kind == "sqlite":
        return (Careless if prefix.startswith("careless") else SQLiteCache)(where)
    made = CarelessRedis if prefix.startswith("careless") else RedisCache
    return made(RedisServer(where, timeout=60.0), prefix=prefix)


async def client(url: str, token: str, kind: str, where: str, prefix: str) -> None:
    sqlite_module._OPENING = 60.0  # a busy machine is no slow store
    core.GuardedStore = functools.partial(GuardedStore, budget=60.0)
    transport, cache = Slow(), store_of(kind, where, prefix)
    fresh = Policy(fresh_for={"matters": 3600})
    async with (
        Clio(token, base_url=url, transport=transport, cache=cache, policy=fresh) as clio,
        anyio.create_task_group() as tasks,
    ):

        async def read() -> None:
            say("read", (await clio.matters.get(42)).description)

        while (word := await heard()) != "end":
            if word == "read":
                tasks.start_soon(read)
            elif word == "go on":
                transport.let_on.set()
            else:
                await clio.matters.update(await clio.matters.get(42), description=word)
                say("written")
    await cache.aclose()
    if isinstance(cache, RedisCache):
        await cache._server.aclose()
    await transport.aclose()


if __name__ == "__main__":
    anyio.run({"serve": server, "client": client}[sys.argv[1]], *sys.argv[2:])
