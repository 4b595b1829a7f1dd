"""A whole client on a Redis that comes to harm: no call fails, and nothing stale is given, fresh answers included."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable, Sequence

import pytest
import redis

from clio_async.caches.base import Begun, Entry, Generation
from clio_async.caches.guard import GuardedStore
from clio_async.caches.redis import RedisCache
from clio_async.client import Clio
from clio_async.options import Policy
from clio_async.redis import RedisServer
from clio_async.testing.simulator import Simulator
from clio_async.transport.memory import MemoryTransport
from tests.redis_server import RedisProcess

FRESH = Policy(fresh_for={"matters": 1e9})
PAUSE = 5.5  # seconds after which the breaker lets a call through


class Time:
    """A monotonic clock that can be put on."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self.ahead


class Harmed(RedisCache):
    """Lets harm come to the server at the moment an operation begins, once."""

    harm: tuple[str, Callable[[], object]] = ("", int)

    def _comes(self, operation: str) -> None:
        if self.harm[0] == operation:
            (_, harm), self.harm = self.harm, ("", int)
            harm()

    async def begin(self, principal: str, key: str, tags: Sequence[str]) -> Begun:
        self._comes("begin")
        return await super().begin(principal, key, tags)

    async def commit(self, principal: str, key: str, tags: Sequence[str], generation: Generation, entry: Entry) -> bool:
        self._comes("commit")
        return await super().commit(principal, key, tags, generation, entry)

    async def delete_tags(self, tags: Sequence[str], *, principal: str | None = None) -> None:
        self._comes("delete_tags")
        await super().delete_tags(tags, principal=principal)


def flush(process: RedisProcess) -> None:
    with process.client() as client:
        client.flushall()


def snapshot_and_stop(process: RedisProcess) -> None:
    with process.client() as client:
        client.save()
    process.stop()


def be_busy(process: RedisProcess) -> None:
    with process.client() as client:
        client.config_set("lua-time-limit", 1)
    with socket.create_connection(("127.0.0.1", process.port)) as line:
        line.sendall(b'EVAL "while true do end" 0\r\n')
        process.busy = line.dup()  # type: ignore[attr-defined]


def be_idle(process: RedisProcess) -> None:
    with process.client() as client:
        while True:
            try:
                client.script_kill()
                break
            except redis.ResponseError:  # it has not begun
                continue
    process.busy.close()  # type: ignore[attr-defined]


def be_replica(process: RedisProcess) -> None:
    with process.client() as client:
        client.replicaof("127.0.0.1", 1)


def be_first(process: RedisProcess) -> None:
    with process.client() as client:
        client.replicaof("NO", "ONE")


def limit(memory: int) -> Callable[[RedisProcess], None]:
    def set_it(process: RedisProcess) -> None:
        with process.client() as client:
            client.config_set("maxmemory", memory)

    return set_it


def nothing(process: RedisProcess) -> None: ...


HARMS: dict[str, tuple[Callable[[RedisProcess], None], Callable[[RedisProcess], object]]] = {
    "frozen": (RedisProcess.freeze, RedisProcess.thaw),
    "stopped": (RedisProcess.stop, RedisProcess.start),
    "old snapshot": (snapshot_and_stop, RedisProcess.start),
    "flushed": (flush, nothing),
    "busy": (be_busy, be_idle),
    "replica": (be_replica, be_first),
    "full": (limit(1), limit(0)),
}


async def told(clio: Clio) -> str | None:
    return (await clio.matters.get(1, fields=("id", "description"))).description


async def used_again(clio: Clio, clock: Time) -> None:
    """Read until the store answers. On a busy machine an operation may be cut short, and the breaker wait."""
    fresh = clio.stats.fresh
    while clio.stats.fresh == fresh:
        clock.ahead += PAUSE  # to the store it is as if the clock of the server were put back: the first read is a miss
        await told(clio)
        await told(clio)


async def recorded(clio: Clio, clock: Time) -> None:
    """Read until all that was outdated meanwhile is recorded, as a client does in the course of its calls."""
    store = clio._core.store
    assert isinstance(store, GuardedStore)
    while store._dirty:
        clock.ahead += PAUSE
        await told(clio)


class Patient(RedisCache):
    """Has no time budget around it."""

    in_process = True


@pytest.mark.parametrize("moment", ["begin", "commit", "delete_tags"])
@pytest.mark.parametrize("harm", HARMS)
async def test_whatever_happens_no_call_fails_and_nothing_is_stale(
    harm: str, moment: str, redis_process: RedisProcess
) -> None:
    """F46, F48: who writes always reads what it wrote; the others do once the store is back and the writer has called
    again."""
    (begins, ends), simulator, clock = HARMS[harm], Simulator(), Time()
    cache, another = Harmed(redis_process.url, clock=clock), RedisCache(redis_process.url, clock=clock)
    mine = simulator.client(cache=cache, policy=FRESH, clock=clock)
    other = simulator.client(cache=another, policy=FRESH, clock=clock)
    async with cache, another, mine, other:
        for clio in (mine, other):
            await used_again(clio, clock)
        cache.harm = moment, lambda: begins(redis_process)
        for text in ("one", "two", "three"):
            await mine.matters.update(1, description=text, if_match=None)
            assert [text, text] == [await told(mine), await told(mine)]
        ends(redis_process)
        clock.ahead += PAUSE
        assert "three" == await told(mine)
        await recorded(mine, clock)
        assert ["three"] * 4 == [await told(clio) for clio in (mine, other, mine, other)]
        for clio in (mine, other):
            await used_again(clio, clock)


@pytest.mark.parametrize("is_listening", [True, False], ids=["silent", "refused"])
async def test_a_server_that_is_not_there_is_asked_no_more_than_a_few_times(is_listening: bool) -> None:
    """F46: every call is answered, the breaker opens after five failures, and one call looks again."""
    asked: list[object] = []

    async def never_answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(writer)
        await reader.read()
        await reader.read()
        writer.close()

    class Counting(RedisCache):
        async def begin(self, principal: str, key: str, tags: Sequence[str]) -> Begun:
            operations.append("begin")
            return await super().begin(principal, key, tags)

    operations: list[str] = []
    now = 0.0
    async with await asyncio.start_server(never_answer, "127.0.0.1", 0) as listening:
        port = listening.sockets[0].getsockname()[1]
        if not is_listening:
            listening.close()
        cache = Counting(f"redis://127.0.0.1:{port}", clock=lambda: now)
        async with cache, Simulator().client(cache=cache, policy=FRESH, clock=lambda: now) as clio:
            for _ in range(12):
                await told(clio)
            assert 5 == len(operations)
            now += PAUSE
            for _ in range(3):
                await told(clio)
            assert 6 == len(operations)
        assert (6 if is_listening else 0) == len(asked)


async def test_the_breaker_closes_when_the_server_is_back(redis_process: RedisProcess) -> None:
    """F48: after the pause one call finds it, and what is kept then is given to others without asking."""
    simulator, clock = Simulator(), Time()
    redis_process.stop()
    cache = RedisCache(redis_process.url, clock=clock)
    async with cache, simulator.client(cache=cache, policy=FRESH, clock=clock) as clio:
        for _ in range(6):
            await told(clio)
        redis_process.start()
        await told(clio)
        assert 0 == clio.stats.fresh
        await used_again(clio, clock)


async def test_two_clients_share_what_they_read_and_outdate(redis_url: str) -> None:
    """What one has read the other need not ask for; what one writes the other reads anew; who is who is kept apart."""
    simulator, where = Simulator(), f"test-share-{time.time_ns()}"
    transport = MemoryTransport(simulator.handler)
    async with RedisServer(redis_url, timeout=10.0) as server:

        def client(token: str) -> Clio:
            cache = Patient(server, prefix=where)
            return Clio(token, cache=cache, policy=FRESH, transport=transport, wall_clock=simulator.clock.now)

        token = simulator.token(user=1)
        one, two, third = client(token), client(token), client(simulator.token(user=2))
        async with one, two, third:
            assert await told(one) == await told(two)
            assert (0, 1) == (one.stats.fresh, two.stats.fresh)
            await told(third)
            assert 0 == third.stats.fresh
            await one.matters.update(1, description="new", if_match=None)
            assert ["new"] * 3 == [await told(clio) for clio in (two, third, one)]
            assert (1, 1, 0) == (one.stats.fresh, two.stats.fresh, third.stats.fresh)


async def test_no_token_is_in_the_server(redis_process: RedisProcess) -> None:
    """What a client keeps there holds neither its token nor the header that it goes in."""
    simulator = Simulator()
    cache = Patient(RedisServer(redis_process.url, timeout=10.0))
    async with cache._server, simulator.client(cache=cache, policy=FRESH) as clio:
        await told(clio)
        await clio.matters.list(limit=3).collect()
        await told(clio)
        token = simulator.token(user=1)
    with redis_process.client() as client:
        names = [*client.scan_iter()]
        held = [client.hgetall(name) for name in names if client.type(name) == b"hash"]
    assert len(held) > 0
    everything = b" ".join([*names, *[value for each in held for value in each.values()]])
    assert token.encode() not in everything
    assert b"bearer" not in everything.lower()
