"""A client whose cache file fails in each of the ways that SQLite knows: every call is answered, and rightly (F47)."""

from __future__ import annotations

import os
import sqlite3
import warnings
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from pathlib import Path

import pytest

from clio_async import Clio, ClioWarning, Policy
from clio_async.caches import sqlite, sqlite_worker
from clio_async.caches.guard import GuardedStore
from clio_async.caches.sqlite import SQLiteCache
from clio_async.testing import Simulator

FRESH = Policy(fresh_for={"matters": 1e9})
LONG = "x" * 3000
PAUSE = 60.0
"""Seconds: longer than the guard leaves a store alone."""


class Time:
    """A clock that stands still until it is told otherwise."""

    now = 10_000.0

    def __call__(self) -> float:
        return self.now


class Bare(SQLiteCache):
    """The control: a store that nobody guards."""

    in_process = True


def saying(harm: str, end: str) -> Callable[[SQLiteCache, Path], AbstractAsyncContextManager[None]]:
    """Let SQLite itself refuse what the store writes."""

    @asynccontextmanager
    async def harmed(store: SQLiteCache, _: Path) -> AsyncGenerator[None, None]:
        await store._worker.do(lambda tables: tables.connection.execute(harm))
        yield
        await store._worker.do(lambda tables: tables.connection.execute(end))

    return harmed


@asynccontextmanager
async def locked(_: SQLiteCache, path: Path) -> AsyncGenerator[None, None]:
    """Let another connection write, and not come to an end."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield
    other.execute("ROLLBACK")
    other.close()


def overwritten(spoil: Callable[[Path], object]) -> Callable[[SQLiteCache, Path], AbstractAsyncContextManager[None]]:
    """Let somebody write over the file while it is open."""

    @asynccontextmanager
    async def harmed(_: SQLiteCache, path: Path) -> AsyncGenerator[None, None]:
        spoil(path)
        yield

    return harmed


def zero(path: Path) -> None:
    raw = path.read_bytes()
    path.write_bytes(raw[:4096] + bytes(len(raw) - 4096))


HARMS = {
    "SQLITE_FULL": saying("PRAGMA max_page_count = 1", "PRAGMA max_page_count = 100000"),
    "SQLITE_READONLY": saying("PRAGMA query_only = 1", "PRAGMA query_only = 0"),
    "SQLITE_BUSY": locked,
    "SQLITE_CORRUPT": overwritten(zero),
    "SQLITE_CORRUPT, cut": overwritten(lambda path: os.truncate(path, 8192)),
    "SQLITE_NOTADB": overwritten(lambda path: path.write_bytes(b"garbage" * 1000)),
}


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A lock that lasts is given up soon; a machine that is busy with other tests may take its time to open a file."""
    monkeypatch.setattr(sqlite_worker, "_TRIES", 2)
    monkeypatch.setattr(sqlite, "_OPENING", 60)


async def described(clio: Clio, id: int = 1) -> str | None:
    return (await clio.matters.get(id, fields="id,etag,description")).description


async def read_and_write(clio: Clio) -> None:
    """Fill the pages that have room, too."""
    for number in range(1, 100):
        await clio.matters.update(number, description=LONG, if_match=None)
        await described(clio, number)


@pytest.mark.parametrize("harm", HARMS)
async def test_whatever_sqlite_says_no_call_fails_and_no_answer_is_wrong(harm: str, tmp_path: Path) -> None:
    """F47: before, meanwhile and afterwards every read has what was written last; and the cache is of use again."""
    path, simulator, time = tmp_path / "cache.db", Simulator(matters=100), Time()
    async with Bare(path, clock=time) as store, simulator.client(cache=store, policy=FRESH, clock=time) as clio:
        await read_and_write(clio)  # so that there is something in the file, and not in its log alone
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        async with SQLiteCache(path, clock=time) as store:
            clio = simulator.client(cache=store, policy=FRESH, clock=time)
            assert [LONG] * 3 == [await described(clio) for _ in range(3)]
            async with HARMS[harm](store, path):
                for text in (LONG + "1", LONG + "2", LONG + "3"):
                    await clio.matters.update(1, description=text, if_match=None)
                    assert [text] * 3 == [await described(clio) for _ in range(3)]
                    assert [LONG] * 2 == [await described(clio, number) for number in (50, 60)]
            guard = clio._core.store
            assert isinstance(guard, GuardedStore)
            fresh = clio.stats.fresh
            while clio.stats.fresh == fresh or guard._dirty:
                time.now += PAUSE
                assert [LONG + "3"] * 2 == [await described(clio) for _ in range(2)]
            await clio.aclose()
    assert {ClioWarning} == {one.category for one in seen}, "it did happen"


@pytest.mark.parametrize("harm", ["SQLITE_FULL", "SQLITE_READONLY", "SQLITE_BUSY"])
async def test_without_a_guard_the_caller_is_told_of_sqlite(harm: str, tmp_path: Path) -> None:
    """The control of F47: what SQLite says of the file is what a caller gets who wanted a matter."""
    path, simulator = tmp_path / "cache.db", Simulator(matters=100)
    async with Bare(path) as store:
        clio = simulator.client(cache=store, policy=FRESH)
        assert await described(clio) is not None
        async with HARMS[harm](store, path):
            with pytest.raises(sqlite3.OperationalError):
                await read_and_write(clio)
        await clio.aclose()


async def test_what_the_event_loop_asks_sqlite_waits_for_no_lock(tmp_path: Path) -> None:
    """F75: the connections that are used where the loop runs give up at once; the control is one as Python opens it."""
    async with SQLiteCache(tmp_path / "cache.db") as store:
        await store.delete_tags(["x"])
        held, reader = store._connections._held, store._connections._reader
        assert held is not None
        assert reader is not None
        for connection in (reader, held[1].connection):
            assert (0,) == connection.execute("PRAGMA busy_timeout").fetchone()
    with closing(sqlite3.connect(tmp_path / "other.db")) as plain:
        assert (5000,) == plain.execute("PRAGMA busy_timeout").fetchone()
