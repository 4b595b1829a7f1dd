"""`RedisCache` on a real server: the contract, what the server holds, and what is not believed."""

from __future__ import annotations

import itertools
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import redis
from anyio.lowlevel import checkpoint
from hypothesis import given, settings
from hypothesis import strategies as st

from clio_async.caches.base import Entry, Generation
from clio_async.caches.redis import RedisCache
from clio_async.errors import InvalidArgument, RedisUnavailable
from clio_async.messages import Headers
from clio_async.redis import RedisServer, Reply
from clio_async.secrets import Secret
from clio_async.testing.check_cache import CACHE_CHECKS, SHARED_CACHE_CHECKS, check_cache
from tests.caches.redis_writer import TAG
from tests.canaries import Canaries
from tests.redis_server import RedisProcess, running

_STARTED = time.monotonic()
_NUMBERS = itertools.count()
ANN, BEN = "ann-of-the-firm", "ben-of-the-firm"
URL = f"{TAG}?fields=id"
TAGS = (TAG, "https://app.clio.com/api/v4/matters")
SECRET = b"sixteen bytes or more"


def prefix() -> str:
    return f"test-cache-{time.time_ns()}-{next(_NUMBERS)}"


def clock() -> float:
    """A clock that stands where the entries of the checks are current."""
    return 2000.0 + time.monotonic() - _STARTED


def answer(body: bytes = b"body", key: str = URL, *, at: float | None = None, life: float = 3600.0) -> Entry:
    now = clock() if at is None else at
    return Entry(key, Headers([("ETag", '"1"')]), body, ("If-None-Match", '"1"'), (), now, now + life)


async def keep(store: RedisCache, entry: Entry, principal: str = ANN) -> bool:
    generation = (await store.begin(principal, entry.key, TAGS)).generation
    return await store.commit(principal, entry.key, TAGS, generation, entry)


async def found(store: RedisCache, principal: str = ANN, key: str = URL) -> bytes | None:
    entry = (await store.begin(principal, key, TAGS)).entry
    return None if entry is None else entry.body


def open_store(server: str | RedisServer, where: str = "cache", **settings: object) -> RedisCache:
    return RedisCache(server, prefix=where, clock=clock, **settings)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", CACHE_CHECKS)
@pytest.mark.parametrize("key", [None, SECRET], ids=["digest", "key"])
async def test_redis_keeps_the_contract(name: str, key: bytes | None, redis_url: str) -> None:
    """Every check for a store holds."""
    async with RedisServer(redis_url, timeout=10.0) as server:
        await check_cache(name, lambda: open_store(server, prefix(), key=key))


@pytest.mark.parametrize("name", SHARED_CACHE_CHECKS)
async def test_redis_keeps_the_shared_contract(name: str, redis_url: str) -> None:
    """Every check for a store that processes share holds."""
    where = prefix()
    async with RedisServer(redis_url, timeout=10.0) as first, RedisServer(redis_url, timeout=10.0) as second:
        await check_cache(name, lambda: open_store(first, where), lambda: open_store(second, where))


async def test_a_server_that_was_given_stays_open(redis_process: RedisProcess) -> None:
    """Closing the store closes a server that it made of a URL, and no other."""

    def connections() -> int:
        with redis_process.client() as client:
            return len(client.client_list()) - 1

    async with RedisServer(redis_process.url, timeout=10.0) as server:
        store = open_store(server)
        await found(store)
        await store.aclose()
        assert 1 == connections()
    async with open_store(redis_process.url) as store:
        await found(store)
    while connections():
        pass


async def test_one_operation_is_one_round_trip(redis_process: RedisProcess) -> None:
    """The server is called once for each, but for many thousand marks at once."""
    async with RedisServer(redis_process.url, timeout=10.0) as server:
        store = open_store(server)
        await keep(store, answer())
        await store.delete_tags(TAGS)
        await store.touch(ANN, URL, answer())
        with redis_process.client() as client:

            def calls() -> int:
                stats = client.info("commandstats")
                return sum(
                    stats[f"cmdstat_{name}"]["calls"] for name in ("evalsha", "eval") if f"cmdstat_{name}" in stats
                )

            before = calls()
            generation = (await store.begin(ANN, URL, TAGS)).generation
            await store.commit(ANN, URL, TAGS, generation, answer())
            entry = (await store.begin(ANN, URL, TAGS)).entry
            assert entry is not None
            await store.touch(ANN, URL, entry)
            await store.delete_tags(TAGS)
            await store.delete_tags(())
            await store.purge(ANN)
            await store.delete_tags([str(number) for number in range(2001)])
            assert 1 + 1 + 1 + 2 + 1 + 1 + 3 == calls() - before  # the first touch is not known yet: it is sent whole


async def test_many_marks_are_all_outdated(redis_url: str) -> None:
    """However many tags are named at once, none is left out."""
    tags = [f"{TAG}/{number}" for number in range(2001)]
    async with RedisServer(redis_url, timeout=10.0) as server:
        store = open_store(server, prefix())
        for tag in (tags[0], tags[999], tags[1000], tags[2000]):
            generation = (await store.begin(ANN, URL, (tag,))).generation
            await store.delete_tags(tags)
            assert not await store.commit(ANN, URL, (tag,), generation, answer())


async def test_names_of_keys_tell_nothing_and_values_no_credential(redis_process: RedisProcess) -> None:
    """No record, query or user can be read in a name, and with a key nobody can try them out."""
    canaries = Canaries(
        query="the-query-CANARY-of-a-read", principal="the-principal-CANARY-here", tag="the-tag-CANARY-of-a-record"
    )
    query, principal, tag = canaries.secrets.values()
    names: list[set[bytes]] = []
    with redis_process.client() as client:
        for key in (None, SECRET, Secret(SECRET.decode())):
            async with open_store(redis_process.url, key=key) as store:
                generation = (await store.begin(principal, query, (tag,))).generation
                assert await store.commit(principal, query, (tag,), generation, answer(key=query))
                await store.touch(principal, query, (await store.begin(principal, query, (tag,))).entry or answer())
            names.append(set(client.keys()))
            everything = b" ".join(
                [*client.keys(), *[b" ".join(client.hgetall(name).values()) for name in entries(client)]]
            )
            assert [] == canaries.in_text("the server", everything)
        assert [5, 9, 9] == [len(each) for each in names]
        assert all(name.startswith(b"clio_async:cache:1:") for name in names[-1])


def entries(client: redis.Redis) -> list[bytes]:
    return [name for name in client.scan_iter() if client.type(name) == b"hash"]


async def test_what_expires_at_the_client_expires_in_the_server(redis_process: RedisProcess) -> None:
    """Entries live as long as they may be used, marks for a day; what has no time left is not kept."""
    async with open_store(redis_process.url) as store:
        assert not await keep(store, answer(life=0.0))
        assert await keep(store, answer(life=100.0))
        with redis_process.client() as client:
            (entry,) = entries(client)
            lives = [client.ttl(name) for name in client.scan_iter() if name != entry]
            assert 90 <= client.ttl(entry) <= 100
            assert all(86_000 < life <= 86_400 for life in lives)
        assert await keep(store, answer(life=float("1e300")))


async def test_machines_need_no_common_clock(redis_url: str) -> None:
    """An entry has the same age for a client whose clock shows another time."""
    where, ahead = prefix(), 5e6
    async with RedisServer(redis_url, timeout=10.0) as server:
        here = open_store(server, where)
        there = RedisCache(server, prefix=where, clock=lambda: clock() + ahead)
        assert await keep(here, answer(at=clock() - 100.0))
        entry = (await there.begin(ANN, URL, TAGS)).entry
        assert entry is not None
        assert 99.0 < clock() + ahead - entry.validated_at < 110.0
        assert 3480.0 < entry.expires_at - clock() - ahead < 3510.0


async def test_an_answer_from_the_future_is_not_there_and_is_replaced(redis_url: str) -> None:
    """A clock that was put back makes nothing look fresh, nor keeps a newer answer out."""
    async with RedisServer(redis_url, timeout=10.0) as server:
        store = open_store(server, prefix())
        assert await keep(store, answer(b"later", at=clock() + 1000.0))
        assert await found(store) is None
        assert await keep(store, answer(b"now"))
        assert b"now" == await found(store)


async def test_what_was_kept_before_a_clock_was_put_back_is_not_found(redis_url: str) -> None:
    """It would look younger than it is, to every process: whoever sees the server go back has it forgotten."""
    where, ahead = prefix(), 0.0
    async with RedisServer(redis_url, timeout=10.0) as server:
        mine = RedisCache(server, prefix=where, clock=lambda: clock() + ahead)
        others = open_store(server, where)
        assert await keep(others, answer())
        assert b"body" == await found(mine)
        ahead = 1.5  # to this process it is as if the server's clock went back
        assert None is await found(mine)
        assert None is await found(others)
        assert await keep(others, answer())
        assert b"body" == await found(mine)


async def test_a_clock_that_was_put_back_is_told_until_the_server_has_heard_it(redis_process: RedisProcess) -> None:
    """A call that fails has told nothing."""
    ahead = 0.0
    async with RedisServer(redis_process.url, timeout=10.0) as server:
        store = RedisCache(server, clock=lambda: clock() + ahead)
        others = open_store(server)
        assert await keep(others, answer())
        await found(store)
        ahead = 900.0
        outdate, store._outdate = store._outdate, lost  # type: ignore[method-assign]
        with pytest.raises(RedisUnavailable):
            await found(store)
        store._outdate = outdate  # type: ignore[method-assign]
        assert b"body" == await found(others)
        assert None is await found(store)
        assert None is await found(others)


async def lost(marks: list[str]) -> Reply:
    raise RedisUnavailable("It does not answer.")


def test_clocks_come_apart_slowly() -> None:
    """What two clocks differ by after a night is no clock that was put back."""
    store = RedisCache("redis://localhost")
    store._offset_of("run", 10.0, 10.1, 0.0)
    store._offset_of("run", 0.0, 0.1, 30_000.0)
    assert not store._put_back
    store._offset_of("run", -2.0, -1.9, 30_000.0)
    assert store._put_back


async def test_of_two_answers_the_later_one_is_kept(redis_url: str) -> None:
    """What was asked for earlier does not replace what was asked for later, by however little (F44)."""
    now = clock()
    async with RedisServer(redis_url, timeout=10.0) as server:
        store = open_store(server, prefix())
        assert await keep(store, answer(b"later", at=now))
        run, offset, more = store._offset
        store._offset = run, offset + 0.2, more  # as if a quicker answer had disproved the reckoning
        assert not await keep(store, answer(b"earlier", at=now - 0.001))
        assert b"later" == await found(store)
        assert await keep(store, answer(b"at once", at=now))


async def test_two_clients_reckon_the_order_only_as_well_as_they_can(redis_url: str) -> None:
    """What may have been asked for later is kept; what another has certainly asked for earlier is not."""
    now, where = clock(), prefix()
    async with RedisServer(redis_url, timeout=10.0) as server:
        one, two = open_store(server, where), open_store(server, where)
        assert await keep(one, answer(b"one", at=now))
        begun = (await two.begin(ANN, URL, TAGS)).generation
        run, offset, _ = two._offset
        two._offset = run, offset - 0.5, 1.0  # as after a slow answer
        assert not await two.commit(ANN, URL, TAGS, begun, answer(b"earlier", at=now - 5.0))
        assert await two.commit(ANN, URL, TAGS, begun, answer(b"two", at=now))
        assert b"two" == await found(one)


async def test_a_touch_confirms_no_other_answer(redis_url: str) -> None:
    """What was kept in the meantime under the same generation stays."""
    async with RedisServer(redis_url, timeout=10.0) as server:
        store = open_store(server, prefix())
        assert await keep(store, answer(b"one"))
        entry = (await store.begin(ANN, URL, TAGS)).entry
        assert entry is not None
        assert await keep(store, answer(b"two"))
        entry.validated_at = clock()
        await store.touch(ANN, URL, entry)
        assert b"two" == await found(store)


bounds = st.tuples(st.floats(-100, 100), st.floats(0, 10)).map(lambda pair: (pair[0], pair[0] + pair[1]))


@settings(deadline=None, max_examples=50)
@given(st.lists(bounds, min_size=1, max_size=8))
def test_the_reckoning_of_clocks_moves_only_when_it_must(seen: list[tuple[float, float]]) -> None:
    """It agrees with the last answer, and stays as it was where that allows."""
    store = RedisCache("redis://localhost")
    before = store._offset_of("run", *seen[0], 0.0)
    for least, most in seen:
        offset = store._offset_of("run", least, most, 0.0)
        assert least <= offset <= most
        assert offset == before or not least <= before <= most
        before = offset
    assert -1000.0 == store._offset_of("another", -1000.0, 1000.0, 0.0)


async def test_what_is_too_large_is_not_kept_and_takes_the_older_one_away(redis_url: str) -> None:
    """An answer that cannot be kept leaves none in its place that it has replaced; a touch changes nothing then."""
    async with RedisServer(redis_url, timeout=10.0) as server:
        store = open_store(server, prefix(), max_entry_bytes=1000)
        assert await keep(store, answer(b"small"))
        entry = (await store.begin(ANN, URL, TAGS)).entry
        assert entry is not None
        entry.headers = Headers([("ETag", '"1"'), ("X-Long", "x" * 1000)])
        await store.touch(ANN, URL, entry)
        assert b"small" == await found(store)
        assert not await keep(store, answer(b"x" * 1000))
        assert await found(store) is None


@pytest.mark.parametrize("bound", [-1, 1.5, None])
def test_the_bound_is_a_number_of_bytes(bound: object) -> None:
    """Nothing else can be meant."""
    with pytest.raises(InvalidArgument, match="numbers of bytes"):
        RedisCache("redis://localhost", max_entry_bytes=bound)  # type: ignore[arg-type]


async def test_a_generation_of_another_store_keeps_nothing(redis_url: str) -> None:
    """Nor does one of a server that this handle has never heard of."""
    async with RedisServer(redis_url, timeout=10.0) as server:
        store, where = open_store(server, prefix()), prefix()
        assert not await store.commit(ANN, URL, TAGS, 7, answer())
        generation = (await store.begin(ANN, URL, TAGS)).generation
        assert not await open_store(server, where).commit(ANN, URL, TAGS, generation, answer())
        assert not await store.commit(ANN, URL, (*TAGS, "another"), generation, answer())


async def test_values_that_were_swapped_or_changed_are_not_there(redis_process: RedisProcess) -> None:
    """Of another principal, record, generation or version of the package, cut or changed: a miss (F39, F49)."""
    other = f"{URL},etag"
    async with open_store(redis_process.url, key=SECRET) as store:
        with redis_process.client() as client:

            async def name_of(principal: str, key: str) -> bytes:
                before = set(client.keys())
                assert await keep(store, answer(f"{principal} {key}".encode(), key), principal)
                (name,) = (name for name in set(client.keys()) - before if client.type(name) == b"hash")
                return name

            mine, bens, others = await name_of(ANN, URL), await name_of(BEN, URL), await name_of(ANN, other)
            right: dict[bytes, bytes] = client.hgetall(mine)
            form = right[b"v"]
            for wrong in (
                client.hgetall(bens),
                {**right, b"v": client.hget(bens, "v")},
                {**right, b"v": client.hget(others, "v")},
                {**right, b"v": b""},
                {**right, b"v": b"\x02" + form[1:]},
                {**right, b"v": form[:-1]},
                {**right, b"v": form.replace(b"ann", b"bob")},
                {**right, b"g": b"0" * 40},
                {b"g": right[b"g"]},
                {b"x": b"y"},
            ):
                client.delete(mine)
                client.hset(mine, mapping=wrong)
                assert await found(store) is None
                client.delete(mine)
                client.hset(mine, mapping=right)
                assert f"{ANN} {URL}".encode() == await found(store)
            await store.delete_tags(TAGS)
            client.hset(mine, mapping={**right, b"g": (await generation_of(store))})
            assert await found(store) is None  # an old value under the new generation
    async with open_store(redis_process.url) as store:
        assert await found(store) is None  # without the key, it has names of its own


async def generation_of(store: RedisCache) -> bytes:
    generation: Generation = (await store.begin(ANN, URL, TAGS)).generation
    return generation.marks  # type: ignore[attr-defined, no-any-return]


@pytest.mark.parametrize("plant", ["rpush", "set", "hset", "sadd"])
async def test_keys_of_another_type_are_misses_and_heal(plant: str, redis_process: RedisProcess) -> None:
    """Whatever stands where an entry or a mark should: nothing is found, and the next answer is kept (F48)."""
    async with open_store(redis_process.url) as store:
        assert await keep(store, answer(b"old"))
        generation = (await store.begin(ANN, URL, TAGS)).generation
        with redis_process.client() as client:
            for name in [*client.scan_iter()]:
                client.delete(name)
                client.execute_command(plant, name, *(("x", "y") if plant == "hset" else ("x",)))
        assert not await store.commit(ANN, URL, TAGS, generation, answer(b"old"))
        await store.touch(ANN, URL, answer(b"old"))
        assert await found(store) is None
        assert await keep(store, answer(b"new"))
        assert b"new" == await found(store)


async def test_whatever_is_evicted_is_a_miss(redis_process: RedisProcess) -> None:
    """Each key alone may go at any moment: nothing is found, and what began before is refused (F48)."""
    async with open_store(redis_process.url) as store:
        with redis_process.client() as client:
            assert await keep(store, answer())
            names = client.keys()
            assert 7 == len(names)
            for name in names:
                assert await keep(store, answer())
                is_entry = client.type(name) == b"hash"
                generation = (await store.begin(ANN, URL, TAGS)).generation
                client.delete(name)
                assert is_entry == await store.commit(ANN, URL, TAGS, generation, answer(b"late"))
                assert is_entry == (b"late" == await found(store))


async def test_a_flush_between_reading_and_keeping_refuses(redis_process: RedisProcess) -> None:
    """What was known before is forgotten, and equals nothing that comes afterwards (F48)."""
    async with open_store(redis_process.url) as store:
        generation = (await store.begin(ANN, URL, TAGS)).generation
        with redis_process.client() as client:
            client.flushall()
            assert not await store.commit(ANN, URL, TAGS, generation, answer())
            assert generation != (await store.begin(ANN, URL, TAGS)).generation
            assert not await store.commit(ANN, URL, TAGS, generation, answer())


async def noticed(server: RedisServer) -> None:
    """Wait until the event loop has seen that the connections are closed."""
    (pool,) = server._pools
    while any(line.is_silent() for line in pool._idle):
        await checkpoint()


async def test_an_old_snapshot_gives_nothing_back(redis_process: RedisProcess) -> None:
    """F48: a server that is back with what it held before a write was recorded finds nothing stale, and keeps none."""
    async with RedisServer(redis_process.url, timeout=10.0) as server:
        store = open_store(server)
        assert await keep(store, answer(b"old"))
        begun, entry = (await store.begin(ANN, URL, TAGS)).generation, (await store.begin(ANN, URL, TAGS)).entry
        with redis_process.client() as client:
            client.save()
            (name,) = entries(client)
        await store.delete_tags(TAGS)
        redis_process.stop()
        await noticed(server)
        redis_process.start()
        with redis_process.client() as client:
            assert client.hget(name, "v") is not None  # it is there, under marks that are as they were
        assert entry is not None
        await store.touch(ANN, URL, entry)
        assert not await store.commit(ANN, URL, TAGS, begun, answer(b"old"))
        assert await found(store) is None
        assert not await store.commit(ANN, URL, TAGS, begun, answer(b"old"))
        assert await keep(store, answer(b"new"))
        assert b"new" == await found(store)


async def test_a_full_server_outdates_all_the_same(redis_process: RedisProcess) -> None:
    """One that evicts nothing refuses to keep, and forgets when it is told to: that needs no memory (F48)."""
    async with RedisServer(redis_process.url, timeout=10.0) as server:
        store = open_store(server)
        assert await keep(store, answer(b"old"))
        generation = (await store.begin(ANN, URL, TAGS)).generation
        with redis_process.client() as client:
            client.config_set("maxmemory", 1)
            assert b"old" == await found(store)
            with pytest.raises(RedisUnavailable):
                await store.commit(ANN, URL, TAGS, generation, answer(b"new"))
            await store.delete_tags(TAGS)
            with pytest.raises(RedisUnavailable):
                await found(store)
            client.config_set("maxmemory", 0)
        assert await found(store) is None


async def test_eviction_under_load_costs_answers_and_never_their_truth() -> None:
    """With little memory and random eviction, marks included, nobody finds what a write has outdated (F48)."""
    with running("--maxmemory", "2mb", "--maxmemory-policy", "allkeys-random") as process:
        async with RedisServer(process.url, timeout=10.0) as server:
            store, kept, stale = open_store(server), 0, []
            versions = dict.fromkeys(range(150), 0)
            late: list[tuple[int, Generation, int]] = []
            for step in range(1200):
                record = step * 7 % 150
                key, tags = f"{URL}/{record}", (f"{TAG}/{record}",)
                entry, generation = await store.begin(ANN, key, tags)
                if entry is not None:
                    kept += 1
                    stale += [entry.body] * (int(entry.body[:4]) != versions[record])
                late.append((record, generation, versions[record]))
                if step % 3 == 0:
                    await store.delete_tags(tags[:1])
                    versions[record] += 1
                if len(late) > 20:
                    old, of, version = late.pop(0)
                    body = b"%04d" % version + b"x" * 20_000
                    await store.commit(ANN, f"{URL}/{old}", (f"{TAG}/{old}",), of, answer(body, f"{URL}/{old}"))
            assert [] == stale
            assert kept > 0
            with process.client() as client:
                assert client.info("stats")["evicted_keys"] > 100


class WithoutGenerations(RedisCache):
    """The control: keeps an answer under the generation of now, not of when it was asked for."""

    async def commit(self, principal: str, key: str, tags: Sequence[str], generation: Generation, entry: Entry) -> bool:
        return await super().commit(principal, key, tags, (await self.begin(principal, key, tags)).generation, entry)


def writing(*arguments: object) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.caches.redis_writer", *map(str, arguments)]
    return subprocess.Popen(command, cwd=Path(__file__).parents[2])


async def stale_reads(kind: Callable[..., RedisCache], url: str, writes: int) -> tuple[int, int]:
    """Read what another process writes. Return how many answers were found, and how many of them were too old."""
    where = prefix()
    hits, stale, told = 0, 0, 0
    with redis.Redis.from_url(url) as origin, writing(url, where, writes) as writer:
        async with RedisServer(url, timeout=10.0) as server:
            store = kind(server, prefix=where, clock=clock)
            for turn in itertools.count():
                told = int(origin.get(f"{where}-told") or 0)
                entry, generation = await store.begin(ANN, URL, (TAG,))
                if entry is not None:
                    hits += 1
                    origin.set(f"{where}-read", told)
                    stale += int(entry.body) < told
                if told == writes:
                    break
                if entry is None:
                    body = origin.get(f"{where}-server") or b"0"
                    while turn % 3 and int(body) % 5 and int(origin.get(f"{where}-told") or 0) <= int(body):
                        pass  # a slow GET: a write overtakes it
                    await store.commit(ANN, URL, (TAG,), generation, answer(body))
        assert 0 == writer.wait()
    return hits, stale


async def test_a_reader_finds_nothing_older_than_a_write_of_another_process(redis_url: str) -> None:
    """Once a write was acknowledged nobody finds what was before, also if a slow GET brings it afterwards (F44)."""
    hits, stale = await stale_reads(RedisCache, redis_url, 250)
    assert 0 == stale
    assert hits > 20


async def test_without_generations_a_slow_read_brings_back_what_was(redis_url: str) -> None:
    """The control of F44."""
    _, stale = await stale_reads(WithoutGenerations, redis_url, 250)
    assert stale > 0
