"""What somebody else has put into a store is read as text: whatever it would make a careless reader do (F49)."""

from __future__ import annotations

import marshal
import os
import pickle
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import aclosing, closing, suppress
from pathlib import Path
from typing import Any

import pytest

from clio_async import ClioError
from clio_async.auth.redis import RedisTokenStore
from clio_async.auth.stores import FileTokenStore
from clio_async.auth.tokens import Token
from clio_async.caches.redis import RedisCache
from clio_async.caches.stored import packed, unpacked
from clio_async.protocol.downloads import read_resume
from clio_async.protocol.paging import read_resume_token
from clio_async.testing._tokens.expect import token
from clio_async.transfers import UploadHandle
from clio_async.webhooks import FileSubscriptions
from tests.caches import sqlite_worker, test_redis
from tests.redis_server import RedisProcess


class Bomb:
    """Makes a directory in whoever unpickles it."""

    def __init__(self, path: Path) -> None:
        self.path = str(path)

    def __reduce__(self) -> tuple[Callable[..., None], tuple[str]]:
        return os.mkdir, (self.path,)


def charges(path: Path) -> list[bytes]:
    """Return values that make this directory where they are unpickled, evaluated, or read as YAML with its tags."""
    return [
        *(pickle.dumps(Bomb(path), protocol) for protocol in range(pickle.HIGHEST_PROTOCOL + 1)),
        f"__import__('os').mkdir({str(path)!r})".encode(),
        f"!!python/object/apply:os.mkdir [{str(path)!r}]".encode(),
        marshal.dumps(compile(f"import os\nos.mkdir({str(path)!r})", "x", "exec")),
        b'{"py/reduce": [{"py/function": "os.mkdir"}, {"py/tuple": ["%b"]}]}' % str(path).encode(),
    ]


async def in_sqlite(charge: bytes, folder: Path, _: RedisProcess) -> None:
    path = folder / "cache.db"
    async with sqlite_worker.opened(path) as store:
        assert await sqlite_worker.keep(store)
    async with sqlite_worker.opened(path) as store:
        assert b"old" == await sqlite_worker.found(store)  # a new one would find it
        with closing(sqlite3.connect(path)) as connection, connection:
            assert 1 == connection.execute("UPDATE entries SET value = ?, stamp = stamp + 1", (charge,)).rowcount
    async with sqlite_worker.opened(path) as store:
        assert await sqlite_worker.found(store) is None


async def in_redis(charge: bytes, _: Path, server: RedisProcess) -> None:
    async with test_redis.open_store(server.url) as store:
        assert isinstance(store, RedisCache)
        assert await test_redis.keep(store, test_redis.answer())
        with server.client() as client:
            (name,) = (name for name in client.keys("*") if client.type(name) == b"hash")
            client.hset(name, "v", charge)
        assert await test_redis.found(store) is None


async def in_a_token_file(charge: bytes, folder: Path, _: RedisProcess) -> None:
    store = FileTokenStore(folder / "tokens")
    assert await store.save("firm", token(), previous=None)
    (kept,) = (folder / "tokens").glob("*.token")
    kept.write_bytes(charge)
    await store.load("firm")


async def in_a_token_of_redis(charge: bytes, _: Path, server: RedisProcess) -> None:
    async with aclosing(RedisTokenStore(server.url)) as store:
        assert await store.save("firm", token(), previous=None)
        with server.client() as client:
            (name,) = client.keys("*")
            client.hset(name, "token", charge)
        await store.load("firm")


async def in_a_file_of_subscriptions(charge: bytes, folder: Path, _: RedisProcess) -> None:
    path = folder / "hooks.json"
    path.touch(0o600)
    path.write_bytes(charge)
    await FileSubscriptions(path).all()


async def in_a_value_under_its_digest(charge: bytes, *_: object) -> None:
    """As one writes it who knows the format, but has no key."""
    whole = packed("ann", sqlite_worker.answer(), bound=b"", offset=0.0)
    place: dict[str, Any] = {"bound": b"", "offset": 0.0, "now": 1000.0}
    assert unpacked(whole, "ann", sqlite_worker.KEY, **place) is not None
    for value in (charge, whole[:9] + charge, whole + charge):
        assert unpacked(value, "ann", sqlite_worker.KEY, **place) is None


def reading(read: Callable[[str], object]) -> Callable[..., Awaitable[None]]:
    async def in_a_text(charge: bytes, *_: object) -> None:
        read(charge.decode("latin-1"))

    return in_a_text


STORES: dict[str, Callable[..., Awaitable[None]]] = {
    "SQLiteCache": in_sqlite,
    "RedisCache": in_redis,
    "FileTokenStore": in_a_token_file,
    "RedisTokenStore": in_a_token_of_redis,
    "FileSubscriptions": in_a_file_of_subscriptions,
    "a stored answer": in_a_value_under_its_digest,
    "a token's text": reading(Token.from_json),
    "an upload's handle": reading(UploadHandle.from_json),
    "a resume token": reading(lambda text: read_resume_token(text, "Matter#index", "me", "q")),
    "where a download stands": reading(lambda text: read_resume(text, "me")),
}
MISSES = {"SQLiteCache", "RedisCache", "a stored answer"}
"""What finds nothing there. All else raises an error of ours."""


@pytest.mark.parametrize("number", range(len(charges(Path("x")))))
@pytest.mark.parametrize("store", STORES)
async def test_what_a_store_holds_runs_nothing(
    store: str, number: int, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """F49: whatever was put there by somebody else is a miss or a typed error, and nothing of it is done."""
    server = request.getfixturevalue("redis_process") if "Redis" in store else None
    charge = charges(tmp_path / "bang")[number]
    if store in MISSES:
        await STORES[store](charge, tmp_path, server)
    else:
        with pytest.raises(ClioError):
            await STORES[store](charge, tmp_path, server)
    assert not (tmp_path / "bang").exists()


def test_the_charges_are_live(tmp_path: Path) -> None:
    """The control of F49: a reader that unpickles, or evaluates, does what they say."""
    bang = tmp_path / "bang"
    readers: list[Callable[[bytes], object]] = [pickle.loads, eval, lambda charge: exec(marshal.loads(charge))]
    done = 0
    for charge in charges(bang):
        for read in readers:
            with suppress(Exception):
                read(charge)
            if bang.exists():
                done += 1
                bang.rmdir()
    assert done >= 8
