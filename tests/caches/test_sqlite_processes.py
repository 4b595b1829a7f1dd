"""Real processes on one cache file: they obey each other, and may be killed or forked at any time (F44, F47, F74)."""

from __future__ import annotations

import gc
import os
import select
import signal
import sqlite3
import subprocess
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import anyio
import pytest

from clio_async.caches import sqlite as sqlite_module
from clio_async.caches import sqlite_worker
from clio_async.caches.sqlite import SQLiteCache
from clio_async.errors import ClioWarning
from clio_async.options import Policy
from clio_async.testing import Simulator
from tests.origin import Clock, Gate, Origin, Wire, client

from .sqlite_worker import KEY, TAGS, Careless, answer, found, keep, opened

ROOT = Path(__file__).parent.parent.parent
MATTER = "/matters/42"


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that is busy with other tests may take its time to open a file."""
    monkeypatch.setattr(sqlite_module, "_OPENING", 60)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cache.db"


class Worker:
    """One process, and what it says."""

    def __init__(self, *arguments: object) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.caches.sqlite_worker", *map(str, arguments)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def hear(self) -> str:
        return self.process.stdout.readline().strip()

    def tell(self, word: str = "go") -> None:
        self.process.stdin.write(f"{word}\n")
        self.process.stdin.flush()

    def rest(self) -> list[str]:
        said = self.process.stdout.read().splitlines()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()
        return said


@contextmanager
def crew(size: int, *arguments: object) -> Iterator[list[Worker]]:
    """Start some processes at once, and end those that are left."""
    workers = [Worker(*arguments, *([f"p{number}"] if arguments[0] == "race" else [])) for number in range(size)]
    try:
        for worker in workers:
            assert "ready" == worker.hear()
        for worker in workers:
            worker.tell()
        yield workers
    finally:
        for worker in workers:
            if not worker.process.stdout.closed:
                worker.process.kill()
                worker.rest()


async def test_a_reader_that_starts_after_a_write_is_never_stale(path):
    """One process writes, another reads: nothing from before an acknowledged write is found or kept (F44)."""
    with crew(1, "write", path) as (writer,):
        async with opened(path) as store:
            stale = refused = 0
            for number in range(40):
                await keep(store, b"%d" % number)
                slow = (await store.begin("ann", KEY, TAGS)).generation
                writer.tell(str(number))
                assert str(number) == writer.hear()
                stale += await found(store) is not None
                refused += not await store.commit("ann", KEY, TAGS, slow, answer())
            assert (0, 40) == (stale, refused)
        writer.tell("end")
        assert [] == writer.rest()


async def test_four_processes_open_one_file_at_once(path):
    """Whether it is missing or broken, they agree upon one file, and each finds its answer."""
    for number, content in enumerate((None, b"garbage" * 900)):
        if content is not None:
            path.write_bytes(content)
        with crew(4, "race", path) as workers:
            said = [worker.rest() for worker in workers]
        assert [["True True"]] * 4 == said
        assert [0] * 4 == [worker.process.returncode for worker in workers]
        assert number == len([*path.parent.glob("cache.db.broken-*")])
        async with opened(path) as store:
            assert [b"p0", b"p3"] == [await found(store, "p0"), await found(store, "p3")]


async def test_a_process_may_be_killed_at_any_time(path):
    """Thirty are killed in the middle of writes: the file stays whole, and what was acknowledged stays so (F47)."""
    async with opened(path) as store:
        await keep(store)
        for _ in range(10):
            with crew(3, "churn", path) as workers:
                generations = set()
                for number, worker in enumerate(workers):
                    for _ in range(1 + number * 3):
                        assert worker.hear().isdigit()
                    worker.process.send_signal(signal.SIGKILL)
                    worker.rest()
                    await store.delete_tags([KEY + str(number)])
                    generations.add((await store.begin("ann", KEY, (KEY + str(number),))).generation)
            assert len(workers) == len(generations)
        assert b"old" == await found(store)
        connection = sqlite3.connect(path)
        assert ("ok",) == connection.execute("PRAGMA integrity_check").fetchone()
        connection.close()
    assert [] == [*path.parent.glob("*broken*")]


async def test_a_lock_of_another_process_is_waited_for(path):
    """A process that writes for long delays our write, and no read."""
    async with opened(path) as store:
        await keep(store)
        with crew(1, "lock", path) as (worker,):
            assert "locked" == worker.hear()
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(store.delete_tags, TAGS)
                await anyio.wait_all_tasks_blocked()
                assert b"old" == await found(store)
                worker.tell()
            assert "free" == worker.hear()
            assert [] == worker.rest()
        assert None is await found(store)


async def test_a_process_that_ends_without_closing_loses_nothing(path):
    """It does not hang at its end, and what was acknowledged is in the file; no warning is given."""
    with crew(1, "leave", path) as (worker,):
        assert ["left"] == worker.rest()
        assert 0 == worker.process.returncode
    async with opened(path) as store:
        assert b"new" == await found(store)


def ended(child: int) -> int:
    """Return how a child has ended. What hangs is killed, and seen."""
    watch = os.pidfd_open(child)
    try:
        if not select.select([watch], [], [], 60)[0]:
            os.kill(child, signal.SIGKILL)
        return os.waitpid(child, 0)[1]
    finally:
        os.close(watch)


async def in_child(store: SQLiteCache, number: int) -> bool:
    mine = b"child %d" % number
    kept = await keep(store, mine, f"c{number}") and await found(store, f"c{number}") == mine
    await store.delete_tags([f"{KEY}/{number}"])
    await store.aclose()
    return kept


def test_a_child_has_connections_of_its_own(path):
    """Forked from a store that was used, parent and children go on, find their own answers, and close alone (F74)."""
    store = opened(path)
    anyio.run(keep, store)
    for number in range(20):
        child = os.fork()
        if not child:
            code = 1
            try:
                code = 0 if anyio.run(in_child, store, number) else 2
            finally:
                os._exit(code)
        assert anyio.run(keep, store, b"parent %d" % number, "parent")
        assert 0 == ended(child)
        assert b"parent %d" % number == anyio.run(found, store, "parent")
        assert b"child %d" % number == anyio.run(found, store, f"c{number}")
    anyio.run(store.aclose)
    connection = sqlite3.connect(path)
    assert ("ok",) == connection.execute("PRAGMA integrity_check").fetchone()
    connection.close()


@pytest.mark.parametrize("missing", [("-wal", "-shm"), ("-shm",)])
async def test_a_log_that_another_program_has_made_anew_is_not_ours(missing, path):
    """Both files are there again when the next process comes: what it outdates is not found by who came first."""
    async with opened(path) as store:
        await keep(store)
        for _ in range(3):
            assert b"old" == await found(store)
        for side in missing:
            path.with_name(f"cache.db{side}").unlink()
        with crew(1, "join", path) as (joiner,):
            assert joiner.hear().startswith("outdated")
            with pytest.warns(ClioWarning, match="renamed"):
                assert None is await found(store)
            assert await keep(store, b"new")
            joiner.tell()
            assert ["left"] == joiner.rest()
        async with opened(path) as other:
            assert b"new" == await found(other)


def test_making_stores_adds_no_hooks(path, monkeypatch):
    """There is one for the process: a store that is gone leaves nothing to be called at each fork."""
    hooks: list[object] = []
    monkeypatch.setattr(os, "register_at_fork", lambda **which: hooks.append(which))
    before = len(sqlite_worker._FORKS._workers)
    stores = [opened(path) for _ in range(3)]
    assert before + 3 == len(sqlite_worker._FORKS._workers)
    del stores
    gc.collect()
    assert before >= len(sqlite_worker._FORKS._workers)
    assert [] == hooks


def test_before_a_fork_nothing_is_held(path):
    """What a child would inherit is closed first; whoever forgot the store is not asked."""
    store = opened(path)
    anyio.run(keep, store)
    worker = store._worker
    worker.before_fork()
    assert [None, None] == [store._connections._reader, store._connections._held]
    worker.after_fork(is_child=False)
    assert b"old" == anyio.run(found, store)
    anyio.run(store.aclose)
    worker.before_fork()
    worker.after_fork(is_child=True)
    assert (None, 0) == (worker._thread, len(worker._orders))
    assert b"old" == anyio.run(found, store)
    anyio.run(store.aclose)


@pytest.mark.parametrize("careful", [True, False])
async def test_a_slow_get_of_one_client_is_not_kept_over_the_write_of_another(careful, path):
    """Two clients as two processes have them: the answer that was on its way during the write is not found after it
    (F44). The control keeps it."""
    origin, clock = Origin(), Clock(10_000.0)
    origin.put(MATTER, b'{"data":{"id":42,"description":"old"}}')
    slow = Gate(origin.answer)
    made = SQLiteCache if careful else Careless
    first, second = (made(path, clock=clock) for _ in range(2))
    fresh = Policy(fresh_for={"matters": 300})
    reader = client(Wire(slow), cache=first, clock=clock, policy=fresh)
    writer = client(Wire(origin.answer), cache=second, clock=clock, policy=fresh)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(reader.request, "GET", MATTER)
        while not slow.waiting:  # the store's thread opens the file meanwhile
            await anyio.lowlevel.checkpoint()
        await writer.request("PATCH", MATTER, json={"data": {"description": "new"}})
        slow.waiting[0].set()
    later = client(Wire(origin.answer), cache=second, clock=clock, policy=fresh)
    assert careful == (b"new" in (await later.request("GET", MATTER)).body)
    for store in (first, second):
        await store.aclose()


async def test_two_clients_share_what_one_has_read(path):
    """The second asks with the validator of the first; a write of either is seen by both; the file has no token."""
    simulator = Simulator()
    token = simulator.token()
    words = token.encode(), b"authorization"
    stores = [SQLiteCache(path), SQLiteCache(path)]
    one, other = (simulator.client(cache=store, auth=token) for store in stores)
    with warnings.catch_warnings():
        warnings.simplefilter("error", ClioWarning)
        async with one, other:
            matter = await one.matters.get(42)
            assert matter == await other.matters.get(42)
            assert 1 == other.stats.revalidated
            changed = await other.matters.update(matter, description="changed")
            assert "changed" == changed.description == (await one.matters.get(42)).description
            assert "changed" == (await other.matters.get(42)).description
        found_in_files = [word in file.read_bytes() for file in path.parent.iterdir() for word in words]
    for store in stores:
        await store.aclose()
    assert [False] * 8 == found_in_files
    assert b"changed" in path.read_bytes(), "the control: what is looked for would be found"
