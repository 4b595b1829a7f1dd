"""`RedisTokenStore` on a real server: the contract, what the server holds, and what becomes of faults there."""

from __future__ import annotations

import asyncio
import pickle
import traceback
from contextlib import aclosing
from functools import partial
from uuid import uuid4

import anyio
import pytest
import redis
from anyio.lowlevel import checkpoint

from clio_async import RedisCache, RedisLimiter, RedisServer, RedisTokenStore, Secret
from clio_async.auth.redis import _LEASES
from clio_async.auth.redis_lease import LITTER, saving
from clio_async.errors import ClioWarning, InvalidArgument, TokenStoreError, UsageError
from clio_async.redis import Reply
from clio_async.testing import check_token_store
from clio_async.testing._tokens import ALONE, FAILING, FENCED, SHARED
from clio_async.testing._tokens.expect import ANN, BEN, CANARY, token
from tests.redis_server import RedisProcess


def sealed(content: bytes) -> bytes:
    """A cipher for tests: it hides what it is given, and knows its own."""
    return b"sealed " + bytes(byte ^ 0x5A for byte in content)


def unsealed(content: bytes) -> bytes:
    if not content.startswith(b"sealed "):
        raise ValueError(f"no seal: {content!r}")
    return bytes(byte ^ 0x5A for byte in content.removeprefix(b"sealed "))


def shown(error: BaseException) -> str:
    """Return all that a report of an error may show, with the locals of each frame but the test's own."""
    assert error.__traceback__ is not None
    inner = error.__traceback__.tb_next
    found = traceback.TracebackException(type(error), error, inner, capture_locals=True)
    return "".join(found.format())


SEALS = {"plain": {}, "sealed": {"seal": sealed, "unseal": unsealed}}


async def expire(store: RedisTokenStore) -> None:
    """Let all leases of a store run out, as they do for a process that was stopped."""
    with redis.Redis.from_url(store.url) as client:  # type: ignore[attr-defined]
        for key in client.scan_iter(f"clio_async:{store._prefix}:*"):
            if client.hexists(key, "until"):
                client.hset(key, "until", 1)


def opening(url: str, **options: object) -> partial[RedisTokenStore]:
    class Store(RedisTokenStore):
        pass

    Store.url = url  # type: ignore[attr-defined]
    return partial(Store, url, prefix=f"t-{uuid4().hex}", **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("check", [*ALONE, *SHARED, *FENCED])
@pytest.mark.parametrize("seals", SEALS)
async def test_the_store_keeps_the_contract(seals, check, redis_url):
    """All checks pass, those of locks that are lost included, with tokens in clear text and with sealed ones (F30)."""
    open_store = opening(redis_url, **SEALS[seals])
    await check_token_store(check, open_store, open_store, expire)


@pytest.fixture
def frozen(redis_process: RedisProcess):
    redis_process.freeze()
    yield redis_process
    redis_process.thaw()


@pytest.mark.parametrize("check", FAILING)
@pytest.mark.parametrize("seals", SEALS)
async def test_a_server_that_is_not_there_is_said_so(seals, check):
    """No server at the address: typed, pickled, and without a secret in any frame (F37)."""
    await check_token_store(check, partial(RedisTokenStore, "redis://:canary-4711@127.0.0.1:1/0", **SEALS[seals]))


@pytest.mark.parametrize("check", FAILING)
async def test_a_frozen_server_is_given_up_on(check, frozen):
    """One that takes connections and answers nothing costs its small budget, and is a store that fails (F46)."""
    servers = []

    def opened():
        servers.append(RedisServer(frozen.url, timeout=0.05))
        return RedisTokenStore(servers[-1])

    await check_token_store(check, opened)
    await servers[0].aclose()


@pytest.mark.parametrize("check", FAILING)
async def test_what_is_of_another_kind_is_refused(check, redis_process):
    """Whatever else stands under the name of a key is an error, and not shown (F48)."""
    async with aclosing(RedisTokenStore(redis_process.url)) as store:
        await store.save(ANN, token(), previous=None)
    (place,) = dump(redis_process)
    with redis_process.client() as client:
        client.delete(place)
        client.set(place, CANARY)
    await check_token_store(check, partial(RedisTokenStore, redis_process.url))


@pytest.fixture
async def store(redis_process: RedisProcess):
    async with aclosing(RedisTokenStore(redis_process.url)) as made:
        yield made


def dump(process: RedisProcess) -> dict[bytes, dict[bytes, bytes]]:
    with process.client() as client:
        return {key: client.hgetall(key) for key in client.keys("*")}


async def test_names_in_the_server_show_nothing(store, redis_process):
    """Of a key there is a digest; of the token its revision, and the rest in clear text."""
    await store.save(ANN, token(revision="r"), previous=None)
    ((name, values),) = dump(redis_process).items()
    assert (b"clio_async:tokens:", 64) == (name[:18], len(name[18:]))
    assert b"ann" not in name
    assert {b"revision", b"token"} == {*values}
    assert CANARY.encode() in values[b"token"]


async def test_what_is_sealed_shows_nothing(redis_process):
    """With the functions of the application there is no secret in the server, and no key either (F37)."""
    async with aclosing(RedisTokenStore(redis_process.url, **SEALS["sealed"])) as store:
        kept = token()
        await store.save(ANN, kept, previous=None)
        everything = repr(dump(redis_process))
        assert kept == await store.load(ANN)
    assert CANARY not in everything
    assert "ann" not in everything


@pytest.mark.parametrize("seals", SEALS)
async def test_a_token_of_another_key_is_refused(seals, redis_process):
    """Whoever exchanges in the server what is stored for two firms gets neither's token used for the other (F39)."""
    async with aclosing(RedisTokenStore(redis_process.url, **SEALS[seals])) as store:
        await store.save(ANN, token(), previous=None)
        await store.save(BEN, token(), previous=None)
        (one, ones), (other, others) = dump(redis_process).items()
        with redis_process.client() as client:
            client.hset(one, mapping=others)
            client.hset(other, mapping=ones)
        for key in (ANN, BEN):
            with pytest.raises(TokenStoreError, match="no whole token of this key"):
                await store.load(key)


@pytest.mark.parametrize(
    "change",
    [
        {"token": b"garbage"},
        {"token": b""},
        {"revision": b"=another"},
        {"token": None},
        {"revision": None},
        {"token": b'"firm-1/ann"\n{"access_token":"canary-4711"}'},
    ],
)
async def test_what_is_no_token_is_refused(change, store, redis_process):
    """Half a token, or one with another's revision, is an error that shows nothing of it (F48)."""
    await store.save(ANN, token(revision="r"), previous=None)
    (place,) = dump(redis_process)
    with redis_process.client() as client:
        for name, value in change.items():
            if value is None:
                client.hdel(place, name)
            else:
                client.hset(place, name, value)
    with pytest.raises(TokenStoreError) as caught:
        await store.load(ANN)
    assert CANARY not in shown(caught.value)
    assert str(caught.value) == str(pickle.loads(pickle.dumps(caught.value)))


def broken_seal(content: bytes) -> bytes:
    raise RuntimeError(f"the key is away: {content!r}")


async def test_a_seal_that_fails_saves_nothing(redis_process):
    """What the application's functions raise may hold the token: it is not shown, and nothing is stored (F37)."""
    async with aclosing(RedisTokenStore(redis_process.url, seal=broken_seal, unseal=unsealed)) as store:
        with pytest.raises(TokenStoreError) as caught:
            await store.save(ANN, token(), previous=None)
    assert CANARY not in shown(caught.value)
    assert "seal" in str(caught.value)
    assert {} == dump(redis_process)


async def test_a_token_that_was_sealed_otherwise_is_refused(redis_process):
    """Neither a store without the functions nor one with other functions takes it for a token."""
    async with aclosing(RedisTokenStore(redis_process.url, **SEALS["sealed"])) as store:
        await store.save(ANN, token(), previous=None)
    for options in ({}, {"seal": sealed, "unseal": broken_seal}):
        async with aclosing(RedisTokenStore(redis_process.url, **options)) as store:
            with pytest.raises(TokenStoreError, match="sealed otherwise"):
                await store.load(ANN)


async def test_no_token_has_an_end_in_time(store, redis_process):
    """What is left behind has one: the note that a token was removed, and a lease without a token."""
    kept = token()
    with redis_process.client() as client:
        async with store.lock(ANN):
            (place,) = client.keys("*")
            assert client.pttl(place) > 0
            await store.save(ANN, kept, previous=None)
            assert -1 == client.pttl(place)
        assert {b"revision", b"token", b"holder"} == {*client.hgetall(place)}
        await store.save(ANN, None, previous=kept)
        assert {b"removed", b"holder"} == {*client.hgetall(place)}
        assert client.pttl(place) > 80 * 86_400_000
        await store.save(ANN, kept, previous=None)
        assert -1 == client.pttl(place)
        assert {b"revision", b"token", b"holder"} == {*client.hgetall(place)}


async def test_a_lock_leaves_nothing(store, redis_process):
    """After the last one has given back the lock of a key without a token, nothing of it is there."""
    async with store.lock(ANN):
        assert 1 == len(dump(redis_process))
    assert {} == dump(redis_process)


async def test_what_the_server_has_lost_is_put_back(store, redis_process):
    """A server that comes back empty is given the token again, once, and not over another."""
    first, other = token(), token()
    await store.save(ANN, first, previous=None)
    with redis_process.client() as client:
        client.flushall()
    assert first == await store.restore(ANN, first, found=None)
    assert first == await store.restore(ANN, other, found=None)
    assert first == await store.load(ANN)


async def test_an_older_state_of_the_server_is_replaced(store, redis_process):
    """A server that comes back with an older token is given the newer one, if it still holds the older."""
    first, second, third = token(), token(renewals=1), token(renewals=2)
    await store.save(ANN, first, previous=None)
    assert second == await store.restore(ANN, second, found=first)
    assert second == await store.restore(ANN, third, found=first)
    assert second == await store.load(ANN)


async def test_the_lease_is_lent_again_while_it_is_held(redis_process):
    """However long the holder takes, nobody else gets the lock; what the server says is heard by the holder alone."""
    async with aclosing(RedisTokenStore(redis_process.url, lease=0.03)) as store:
        with redis_process.client() as client:
            async with store.lock(ANN):
                (place,) = client.keys("*")
                seen = set()
                while len(seen) < 5:
                    seen.add(client.hget(place, "until"))
                    await checkpoint()  # the holder's own task goes on
                holder = client.hget(place, "holder")
                assert await store.save(ANN, token(), previous=None)
            assert (None, holder) == (client.hget(place, "until"), client.hget(place, "holder"))


async def test_a_lease_that_was_given_back_is_not_lent_again(store, redis_process):
    """What its holder has asked before, and the server hears late, keeps nobody off."""
    await store.save(ANN, token(), previous=None)
    async with store.lock(ANN):
        holder = saving((store, ANN))
    assert 0 == await store._call(_LEASES["extend"], ANN, (holder, 10_000, LITTER))
    async with store.lock(ANN):
        assert 0 == await store._call(_LEASES["extend"], ANN, (holder, 10_000, LITTER))
        assert 1 == await store._call(_LEASES["extend"], ANN, (saving((store, ANN)), 10_000, LITTER))


async def test_whose_process_died_holds_up_others_for_the_lease(redis_process):
    """A lease that nobody lends again runs out by itself, and one that was lent for longer than it can be is none."""
    async with aclosing(RedisTokenStore(redis_process.url, lease=0.05)) as store:
        await store.save(ANN, token(), previous=None)
        (place,) = dump(redis_process)
        with redis_process.client() as client:
            now = client.time()
            milliseconds = now[0] * 1000 + now[1] // 1000
            for until in (milliseconds + 60, milliseconds + 10_000_000):  # the clock of the server was set back
                client.hset(place, mapping={"holder": "dead", "until": until, "lent": 1000})
                with anyio.fail_after(5):
                    async with store.lock(ANN):
                        assert b"dead" != client.hget(place, "holder")


async def test_who_lends_the_server_closes_it(redis_process):
    """A `RedisServer` that was given stays open; connections for a URL are closed with the store."""
    server = RedisServer(redis_process.url)
    lent, own = RedisTokenStore(server), RedisTokenStore(Secret(redis_process.url))
    with redis_process.client() as client:
        others = len(client.client_list())
        for store in (lent, own):
            assert await store.load(ANN) is None
        assert others + 2 == len(client.client_list())
        await lent.aclose()
        await own.aclose()
        while others + 1 < len(client.client_list()):
            await checkpoint()
        await server.aclose()
        while others < len(client.client_list()):
            await checkpoint()


async def test_a_server_that_is_away_is_said_aloud_once():
    """Each call fails with its own error; the warning comes once for each store."""
    store = RedisTokenStore("redis://127.0.0.1:1/0")

    async def load() -> None:
        for _ in range(3):
            with pytest.raises(TokenStoreError, match="could not be used"):
                await store.load(ANN)

    with pytest.warns(ClioWarning, match="Redis server of the token store failed") as caught:
        await load()
    assert 1 == len(caught)


@pytest.mark.parametrize("anyio_backend", ["trio"])
async def test_it_needs_asyncio():
    """Elsewhere the error is that of the server, and shows nothing of what was to be saved."""
    store = RedisTokenStore("redis://127.0.0.1:1/0")
    with pytest.raises(UsageError, match="asyncio") as caught:
        await store.save(ANN, token(), previous=None)
    assert CANARY not in shown(caught.value)
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"seal": sealed}, "belong together"),
        ({"unseal": unsealed}, "belong together"),
        ({"lease": 0}, "lease is"),
        ({"lease": float("nan")}, "lease is"),
        ({"lease": 3601}, "lease is"),
    ],
)
def test_arguments_that_cannot_be_are_refused(options, said):
    """One of two functions alone, or a lease that is none."""
    with pytest.raises(InvalidArgument, match=said):
        RedisTokenStore("redis://127.0.0.1:1/0", **options)


@pytest.mark.parametrize("kind", [RedisTokenStore, RedisCache, RedisLimiter])
def test_a_bad_url_is_refused_and_not_shown(kind):
    """The error is the server's, and no frame of ours holds what was given."""
    with pytest.raises(InvalidArgument) as caught:
        kind(f"gopher://{CANARY}")
    assert CANARY not in str(caught.value) + shown(caught.value)


@pytest.mark.parametrize("reply", [5, None, b"hello", [], [b"x"] * 3, [[], []], {}])
async def test_an_odd_reply_is_an_error_of_the_store(reply, store, monkeypatch):
    """Whatever the server answers, the error is typed, and nobody believes to have the lock."""

    async def call(*_):
        return Reply(reply, "run")

    monkeypatch.setattr(store._server, "call", call)
    with pytest.raises(TokenStoreError):
        await store.load(ANN)
    with pytest.raises(TokenStoreError):
        await store.save(ANN, token(), previous=None)
    with pytest.raises(TokenStoreError):
        async with store.lock(ANN):
            pass


FAR = 9_999_999_999_999


@pytest.mark.parametrize(
    "lease",
    [{"until": FAR, "lent": "x"}, {"until": FAR}, {"until": "nan", "lent": "nan"}, {"until": 1e300, "lent": 1e300}],
)
async def test_a_lease_that_cannot_be_is_none(lease, store, redis_process):
    """What somebody has planted holds up nobody, and needs nobody to delete it."""
    async with store.lock(ANN):
        (place,) = dump(redis_process)
    with redis_process.client() as client:
        client.hset(place, mapping={**lease, "holder": "somebody"})
    with anyio.fail_after(5):
        async with store.lock(ANN):
            pass


async def test_a_server_that_was_made_a_replica_tells_no_token(store, redis_process):
    """Not on a connection that stands, either: what it holds may have been replaced elsewhere."""
    await store.save(ANN, token(), previous=None)
    with redis_process.client() as client:
        client.replicaof("127.0.0.1", 1)
    loop = asyncio.get_running_loop()
    before = loop.time
    loop.time = lambda: before() + 1.0
    with pytest.raises(TokenStoreError, match="is a replica"):
        await store.load(ANN)
