"""`SQLiteCache` keeps the contract, in a bounded file, for tasks, threads and event loops."""

from __future__ import annotations

import gc
import itertools
import os
import sqlite3
import stat
import threading
import time
import weakref
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clio_async.caches import sqlite as sqlite_module
from clio_async.caches import sqlite_tables, sqlite_worker
from clio_async.caches.sqlite import SQLiteCache
from clio_async.caches.sqlite_lock import CacheUnusable
from clio_async.caches.sqlite_names import marks_of, place_of
from clio_async.caches.sqlite_tables import New, Room, Tables, begin_anew, look
from clio_async.errors import InvalidArgument
from clio_async.testing.check_cache import CACHE_CHECKS, SHARED_CACHE_CHECKS, check_cache

from .sqlite_worker import KEY, TAGS, answer, found, keep, opened

SECRET = b"0123456789abcdef"


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that is busy with other tests may take its time to open a file."""
    monkeypatch.setattr(sqlite_module, "_OPENING", 60)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cache.db"


VARIANTS: dict[str, dict[str, Any]] = {"": {}, "tiny": {"max_bytes": 1 << 21, "max_entry_bytes": 1 << 20}}


@pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])
@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("check", CACHE_CHECKS)
async def test_it_keeps_the_contract(check, variant, path):
    """One handle; also one that evicts all the time."""
    await check_cache(check, lambda: opened(path, **VARIANTS[variant]))


@pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])
@pytest.mark.parametrize("check", SHARED_CACHE_CHECKS)
async def test_two_handles_keep_the_contract(check, path):
    """Two handles on one file, with values that are authenticated."""
    await check_cache(check, lambda: opened(path, key=SECRET), lambda: opened(path, key=SECRET))


WRONG = [
    {"path": ""},
    {"path": ":memory:"},
    {"path": "a\0b"},
    {"path": b"cache.db"},
    {"max_bytes": -1},
    {"max_bytes": 1.5},
    {"max_entry_bytes": -1},
    {"key": b"short"},
]


@pytest.mark.parametrize("wrong", WRONG, ids=repr)
def test_wrong_arguments_are_refused(wrong):
    """What cannot be right is said before anything is opened."""
    with pytest.raises(InvalidArgument):
        SQLiteCache(**{"path": "cache.db", **wrong})


async def test_making_one_opens_nothing(path):
    """The file comes with the first use, so that a cache can be made before a fork; its repr shows no key."""
    store = SQLiteCache(path, key=SECRET)
    assert f"SQLiteCache({str(path)!r})" == repr(store)
    await store.aclose()
    assert [] == [*path.parent.iterdir()]


@pytest.mark.parametrize("umask", [0o000, 0o777])
async def test_its_files_are_readable_by_nobody_else(umask, path):
    """File, log, index and lock have mode 0600 whatever the umask is (F37)."""
    before = os.umask(umask)
    try:
        async with opened(path) as store:
            await keep(store)
            modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    finally:
        os.umask(before)
    assert {f"cache.db{side}": 0o600 for side in ("", "-wal", "-shm", "-lock")} == modes


async def test_what_is_kept_stays_for_the_next_process(path):
    """A store that is closed and opened again has what it had, and obeys what was outdated."""
    async with opened(path) as store:
        await keep(store)
        await keep(store, b"other", key=KEY + "&x")
        generation = (await store.begin("ann", KEY, TAGS)).generation
    async with opened(path) as store:
        assert b"old" == await found(store)
        await store.delete_tags(TAGS)
    async with opened(path) as store:
        assert None is await found(store)
        assert not await store.commit("ann", KEY, TAGS, generation, answer())


async def test_a_closed_store_opens_again(path):
    """`aclose` gives back file and thread; the next use opens them."""
    before = threading.active_count()
    store = opened(path)
    assert await keep(store)
    assert before + 1 == threading.active_count()
    for _ in range(3):
        await store.aclose()
        assert before == threading.active_count()
        assert b"old" == await found(store)
    await store.aclose()


async def test_after_a_restart_of_the_machine_nothing_is_found(path, monkeypatch):
    """A power cut may have undone an acknowledged invalidation: so nothing from before it is current."""
    async with opened(path) as store:
        await keep(store)
        generation = (await store.begin("ann", KEY, TAGS)).generation
    monkeypatch.setattr(sqlite_module, "start_of_machine", lambda: "another")
    async with opened(path) as store:
        assert None is await found(store)
        assert not await store.commit("ann", KEY, TAGS, generation, answer())
        assert await keep(store, b"new")
        assert b"new" == await found(store)


async def test_where_starts_have_no_name_writes_are_made_safe(path, monkeypatch):
    """Then what is acknowledged is on the disk, and the file outlives the restart."""
    monkeypatch.setattr(sqlite_module, "start_of_machine", lambda: None)
    for number in range(2):
        async with opened(path) as store:
            await keep(store, key=KEY + str(number))
            mode = await store._worker.do(lambda tables: tables.connection.execute("PRAGMA synchronous").fetchone())
            assert (2,) == mode
            assert b"old" == await found(store, key=KEY + "0")


async def test_two_machines_do_not_share_a_file(path, monkeypatch):
    """Where another start of a machine has taken the file over, this one goes without it, and says so."""
    async with opened(path) as store:
        await keep(store)
        monkeypatch.setattr(sqlite_module, "start_of_machine", lambda: "another")
        async with opened(path) as second:
            assert None is await found(second)
            with pytest.raises(CacheUnusable, match="another machine"):
                await found(store)
            with pytest.raises(CacheUnusable, match="another machine"):
                await store.delete_tags(TAGS)


def test_where_entries_are_of_one_start_nobody_can_set_their_clock():
    """Times count from the start of the machine where it has a name, and are the time of day elsewhere (F76)."""
    since_start = sqlite_module._shared_clock("boot")
    assert time.clock_gettime(time.CLOCK_BOOTTIME) <= since_start() <= time.clock_gettime(time.CLOCK_BOOTTIME)
    assert time.time is sqlite_module._shared_clock(None)


async def test_another_process_with_another_clock_finds_the_same_age(path):
    """Times are kept on a clock that processes share: each reads them on its own."""
    wall = lambda: 1.7e9  # noqa: E731
    async with SQLiteCache(path, clock=lambda: 5000.0, wall_clock=wall) as one:
        await keep(one, validated_at=4990.0, expires_at=8000.0)
    async with SQLiteCache(path, clock=lambda: 70.0, wall_clock=wall) as other:
        entry = (await other.begin("ann", KEY, TAGS)).entry
        assert (60.0, 3070.0) == (entry.validated_at, entry.expires_at)
    async with SQLiteCache(path, clock=lambda: 70.0, wall_clock=lambda: 1.7e9 - 12) as put_back:
        assert None is await found(put_back), "it would be of the future"


async def test_what_is_still_in_the_file_is_not_decoded_again(path):
    """Decoded records stay with an entry as long as the file has it; a change by any process ends that."""
    async with opened(path) as store, opened(path) as elsewhere:
        await keep(store)
        first = (await store.begin("ann", KEY, TAGS)).entry
        for _ in range(3):
            assert first is (await store.begin("ann", KEY, TAGS)).entry
        await elsewhere.delete_tags(["https://h/other"])
        assert first is (await store.begin("ann", KEY, TAGS)).entry
        await keep(elsewhere, b"new")
        assert b"new" == await found(store)
        await elsewhere.delete_tags(TAGS[1:])
        assert None is await found(store)


async def test_what_is_remembered_is_remembered_for_its_tags(path):
    """The quick answer is for the very tags that it was made for."""
    async with opened(path) as store:
        await keep(store, tags=TAGS[:1])
        await store.delete_tags(TAGS[1:])
        assert b"old" == await found(store, tags=TAGS[:1])
        assert b"old" == await found(store, tags=TAGS[:1])
        assert None is await found(store, tags=TAGS)


async def test_what_was_read_lately_is_bounded(path, monkeypatch):
    """Entries of this process take a bounded part of its memory, and a purge takes those of a principal."""
    async with opened(path, max_bytes=1 << 20) as store:
        for number in range(100):
            await keep(store, b"x" * 2000, key=KEY + str(number))
            assert store._recent._bytes <= 1 << 18
        assert store._recent._entries
        await keep(store, principal="ben")
        await store.purge("ann")
        assert [("ben", KEY)] == [*store._recent._entries]
        await store.aclose()
        assert 0 == store._recent._bytes


async def test_a_touch_of_what_is_not_held_is_nothing(path):
    """A 304 to an entry that the file no longer has, or has anew, writes nothing."""
    async with opened(path) as store, opened(path) as elsewhere:
        await keep(store)
        entry = (await store.begin("ann", KEY, TAGS)).entry
        await store.touch("ann", KEY, answer())
        await keep(elsewhere, b"new")
        await store.touch("ann", KEY, entry)
        assert b"new" == await found(store)


async def test_a_touch_keeps_what_was_decoded(path):
    """What a 304 has freshened is the same object afterwards, and the file has its times."""
    async with opened(path) as store, opened(path) as elsewhere:
        await keep(store)
        entry = (await store.begin("ann", KEY, TAGS)).entry
        entry.validated_at = 1500.0
        await store.touch("ann", KEY, entry)
        assert entry is (await store.begin("ann", KEY, TAGS)).entry
        assert abs(1500.0 - (await elsewhere.begin("ann", KEY, TAGS)).entry.validated_at) < 0.01


async def test_a_touch_may_come_too_late_for_what_is_remembered(path):
    """Two at once: the entry that another task has put in its place meanwhile is not taken for the old one."""
    async with opened(path) as store:
        await keep(store)
        entry = (await store.begin("ann", KEY, TAGS)).entry
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(store.touch, "ann", KEY, entry)
            tasks.start_soon(keep, store, b"new")
        assert b"new" == await found(store)


async def test_a_slow_answer_does_not_replace_a_later_one(path):
    """Of two answers under one generation the one to the later request is kept."""
    async with opened(path) as store:
        generation = (await store.begin("ann", KEY, TAGS)).generation
        assert await store.commit("ann", KEY, TAGS, generation, answer(b"later", validated_at=1001.0))
        assert not await store.commit("ann", KEY, TAGS, generation, answer(b"slow", validated_at=1000.5))
        assert b"later" == await found(store)


@pytest.mark.parametrize("pause", [0.005, 0.05])
async def test_a_reading_that_takes_long_moves_no_entry(pause, path):
    """Something comes between two readings of clocks: of two answers the later one is kept, by however little."""
    now, pauses = [5000.0], [0.0]

    def clock() -> float:
        now[0] += pauses.pop() if pauses else 0.0
        return now[0]

    def shared() -> float:
        return now[0] + 1.7e9

    async with SQLiteCache(path, clock=clock, wall_clock=shared) as store:
        generation = (await store.begin("ann", KEY, TAGS)).generation
        for late, early in (([pause, 0.0], [0.0]), ([0.0], [pause, 0.0])):
            at = now[0]
            pauses[:] = late
            assert await store.commit("ann", KEY, TAGS, generation, answer(b"later", validated_at=at))
            pauses[:] = early
            assert not await store.commit("ann", KEY, TAGS, generation, answer(b"earlier", validated_at=at - 0.002))


async def test_clocks_that_tremble_move_no_entry(path):
    """Two clocks that differ by half a millisecond now and then put no two answers in the wrong order."""
    trembles = itertools.cycle([0.0, 0.0, 0.0, 0.0005, 0.0005])
    shared = lambda: 1.7e9 + next(trembles)  # noqa: E731
    async with SQLiteCache(path, clock=lambda: 5000.0, wall_clock=shared) as store:
        generation = (await store.begin("ann", KEY, TAGS)).generation
        for number in range(10):
            at = 1000.0 + number
            assert await store.commit("ann", KEY, TAGS, generation, answer(b"later", validated_at=at))
            assert not await store.commit("ann", KEY, TAGS, generation, answer(b"earlier", validated_at=at - 0.0002))


async def test_a_clock_that_is_set_is_reckoned_anew(path):
    """What is shown to be wrong is not kept up: ages are right again at once."""
    ahead = [1.7e9]
    async with SQLiteCache(path, clock=lambda: 5000.0, wall_clock=lambda: 5000.0 + ahead[0]) as store:
        await keep(store, validated_at=4990.0, expires_at=8000.0)
        ahead[0] += 3600.0
        store._recent.forget()
        assert abs(1390.0 - (await store.begin("ann", KEY, TAGS)).entry.validated_at) < 1e-3


async def test_clocks_that_never_agree_are_not_read_for_ever(path):
    """A machine that is busy all the time gets the reckoning that it can have."""
    now = [5000.0]

    def clock() -> float:
        now[0] += 0.01
        return now[0]

    async with SQLiteCache(path, clock=clock, wall_clock=lambda: now[0] + 1.7e9) as store:
        assert await keep(store, validated_at=4990.0, expires_at=8000.0)
        assert b"old" == await found(store)


async def test_what_is_too_large_is_not_kept_and_ends_what_is_older(path):
    """An older answer must not outlive a newer one that does not fit."""
    async with opened(path, max_entry_bytes=5000) as store:
        assert await keep(store)
        assert not await keep(store, b"x" * 5001)
        assert None is await found(store)
        assert not await keep(store, b"x" * 4990), "with its head it is too large"
        entry = answer(b"x")
        assert await keep(store, b"x")
        entry = (await store.begin("ann", KEY, TAGS)).entry
        entry.body = b"x" * 9000
        await store.touch("ann", KEY, entry)
        async with opened(path) as elsewhere:
            assert b"x" == await found(elsewhere)


async def test_the_file_never_outgrows_its_bound(path):
    """However much is kept, the file stays within `max_bytes`; the newest answer is there."""
    bound = 1 << 20
    async with opened(path, max_bytes=bound) as store:
        for number in range(600):
            assert await keep(store, b"x" * 5000, key=KEY + str(number), validated_at=1000.0 + number)
        assert path.stat().st_size <= bound
        assert b"x" * 5000 == await found(store, key=KEY + "599")
        assert None is await found(store, key=KEY + "0")


async def test_a_bound_of_nothing_keeps_nothing_and_remembers_writes(path):
    """Then the file is for invalidations alone."""
    async with opened(path, max_bytes=0) as store:
        generation = (await store.begin("ann", KEY, TAGS)).generation
        assert not await keep(store)
        await store.delete_tags(TAGS)
        assert generation != (await store.begin("ann", KEY, TAGS)).generation
    async with opened(path, max_bytes=0, max_entry_bytes=10_000) as store:
        assert not await keep(store)


async def test_nobody_pushes_another_below_a_fair_share(path):
    """Where the file is full, the one who holds most loses most (F77)."""
    async with opened(path, max_bytes=1 << 20) as store:
        for number in range(40):
            await keep(store, b"x" * 3000, "ben", KEY + str(number))
        for number in range(600):
            await keep(store, b"x" * 3000, "ann", KEY + str(number), validated_at=2000.0 + number)
        kept = [await found(store, "ben", KEY + str(number)) is not None for number in range(40)]
        assert all(kept)
        assert await found(store, "ann", KEY + "599") is not None


async def test_what_has_expired_goes_first(path):
    """An entry that nobody may use any more is taken before one that is older and current."""
    async with opened(path, max_bytes=1 << 20) as store:
        await keep(store, b"x" * 3000, key=KEY + "old", validated_at=1000.0, expires_at=9e8)
        for number in range(150):
            await keep(store, b"x" * 3000, key=f"{KEY}{number}", validated_at=2000.0, expires_at=2500.0)
        for number in range(150, 290):
            await keep(store, b"x" * 3000, key=f"{KEY}{number}", validated_at=3000.0, expires_at=9e8)
        assert await found(store, key=KEY + "old") is not None
        assert None is await found(store, key=KEY + "0")


async def test_a_step_that_finds_no_room_makes_some(path, monkeypatch):
    """A file that is as large as it may be takes an invalidation in the place of entries."""
    async with opened(path, max_bytes=1 << 20) as store:
        for number in range(30):
            await keep(store, b"x" * 3000, key=f"{KEY}{number}")

        def fill(tables: Tables) -> None:
            (pages,) = tables.connection.execute("PRAGMA page_count").fetchone()
            tables.connection.execute(f"PRAGMA max_page_count = {pages}")

        await store._worker.do(fill)
        with pytest.raises(sqlite3.OperationalError, match="full"):
            await store._worker.do(lambda tables: [tables.outdate(range(n * 500, n * 500 + 500)) for n in range(40)])
        assert b"x" * 3000 == await found(store, key=f"{KEY}1")
        await store.delete_tags(TAGS)
        assert None is await found(store, key=f"{KEY}1")


async def test_one_step_that_fails_leaves_the_others_of_its_group(path):
    """Steps of one transaction that cannot all be done are done alone; each gets its own result."""
    async with opened(path) as store:
        await keep(store)
        results: list[Any] = []

        def full(tables: Tables) -> None:
            tables.outdate([1])
            error = sqlite3.OperationalError("database or disk is full")
            error.sqlite_errorcode = sqlite3.SQLITE_FULL
            raise error

        async def step(do: Any) -> None:
            try:
                results.append(await store._worker.do(do))
            except sqlite3.OperationalError as error:
                results.append(type(error))

        async with anyio.create_task_group() as tasks:
            with store._connections.writing:
                for do in (lambda _: 1, full, lambda _: 2):
                    tasks.start_soon(step, do)
                await anyio.wait_all_tasks_blocked()
        assert {1, 2, sqlite3.OperationalError} == {*results}
        assert b"old" == await found(store)


async def test_a_step_that_fails_in_our_own_way_fails_for_its_caller(path):
    """An error that is no error of SQLite's comes back too, and the store goes on."""
    async with opened(path) as store:
        with pytest.raises(ZeroDivisionError):
            await store._worker.do(lambda _: 1 / 0)
        assert await keep(store)


async def test_a_step_of_one_who_was_cancelled_is_left_out(path):
    """Nobody waits for it: an entry is not kept, an invalidation is recorded nevertheless (F71)."""
    async with opened(path) as store:
        await keep(store)
        generation = (await store.begin("ann", KEY, TAGS)).generation
        with store._connections.writing:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(store.commit, "ann", KEY + "&x", (), generation, answer(key=KEY + "&x"))
                tasks.start_soon(store.delete_tags, TAGS)
                await anyio.wait_all_tasks_blocked()
                tasks.cancel_scope.cancel()
        await store.delete_tags(["https://h/other"])
        assert [None, None] == [await found(store), await found(store, key=KEY + "&x", tags=())]


async def test_too_much_that_waits_is_refused(path, monkeypatch):
    """The queue is bounded."""
    monkeypatch.setattr(sqlite_worker, "_WAITING", 2)
    async with opened(path) as store:
        await keep(store)
        with store._connections.writing:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(store.delete_tags, TAGS)
                await anyio.wait_all_tasks_blocked()
                while store._worker._orders:  # the thread takes it
                    await anyio.lowlevel.checkpoint()
                for _ in range(2):
                    tasks.start_soon(store.delete_tags, TAGS)
                await anyio.wait_all_tasks_blocked()
                with pytest.raises(CacheUnusable, match="waiting"):
                    await store.purge("ann")
                tasks.cancel_scope.cancel()


@pytest.mark.parametrize("backends", [("asyncio", "trio"), ("trio", "asyncio")])
def test_any_event_loop_may_use_it(backends, path):
    """One store in one event loop after the other, and in several threads at once (F73)."""
    store = opened(path)

    async def use(name: str) -> None:
        for number in range(30):
            assert await keep(store, name.encode(), principal=name, key=f"{KEY}{number % 5}")
            assert name.encode() == await found(store, name, f"{KEY}{number % 5}")
            if number % 10 == 0:
                await store.delete_tags([f"https://h/{name}"])

    for backend in backends:
        anyio.run(use, backend, backend=backend)
    errors: list[BaseException] = []

    def run(name: str) -> None:
        try:
            anyio.run(use, name, backend=backends[0])
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(f"p{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [] == errors
    anyio.run(store.aclose)


def test_an_event_loop_that_has_ended_holds_nobody_up(path):
    """What an event loop left behind when it ended is done, and no other loop waits for it."""
    store = opened(path)

    async def leave() -> None:
        await keep(store)
        store._connections.writing.acquire()
        with anyio.move_on_after(0):
            await store.delete_tags(TAGS)

    anyio.run(leave)
    store._connections.writing.release()

    async def later() -> None:
        await store.delete_tags(["https://h/other"])
        assert None is await found(store)
        await store.aclose()

    anyio.run(later)


def test_a_store_that_is_forgotten_leaves_no_thread(path):
    """Without `aclose`, the thread ends and the connections are closed when nobody has the store any more."""
    before = threading.active_count()
    store = opened(path)
    anyio.run(keep, store)
    assert before + 1 == threading.active_count()
    del store
    gc.collect()
    assert before == threading.active_count()
    assert ["cache.db", "cache.db-lock"] == sorted(file.name for file in path.parent.iterdir()), (
        "the last connection takes its log along"
    )


class Slow:
    """A connection that takes its time to close."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.closes = threading.Event()
        self.goes_on = threading.Event()
        self.was_told = False

    def close(self) -> None:
        self.closes.set()
        self.was_told = self.goes_on.wait(5)  # a defect fails the test, and does not hang it
        self.connection.close()


@pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])
async def test_what_closes_stops_no_event_loop(path, monkeypatch):
    """To move what a long log holds may take a second: whoever reads or writes meanwhile is not held up by a lock."""
    async with opened(path) as store:
        await keep(store)
        connections = store._connections
        before, tables = connections._held
        slow = Slow(before.writer)
        connections._held = before._replace(writer=slow), tables
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(store.aclose)
            await anyio.to_thread.run_sync(slow.closes.wait)
            monkeypatch.setattr(sqlite_module, "_OPENING", 0)
            with pytest.raises(TimeoutError):
                await store.begin("ann", KEY, TAGS)
            tasks.start_soon(store.delete_tags, TAGS)
            await anyio.wait_all_tasks_blocked()
            slow.goes_on.set()
        monkeypatch.setattr(sqlite_module, "_OPENING", 60)
        assert slow.was_told
        assert None is await found(store), "it was outdated meanwhile"


async def test_closing_does_not_wait_for_ever(path, monkeypatch):
    """Where the thread hangs, `aclose` goes on after a bound."""
    monkeypatch.setattr(sqlite_worker, "_LONGEST", 0.01)
    store, hangs = opened(path), threading.Event()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(store._worker.do, lambda _: hangs.wait())
        await anyio.wait_all_tasks_blocked()
        await store.aclose()
        store._worker.end()
        hangs.set()
    await store.aclose()


def tables_for(marks: int) -> Tables:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    for statement in sqlite_tables.SCHEMA:
        connection.execute(statement)
    begin_anew(connection, bytes(8), os.urandom)
    tables = Tables(connection, Room(1 << 30, marks))
    weakref.finalize(tables, connection.close)
    return tables


@pytest.mark.parametrize("whose", [None, "ann"])
def test_what_was_forgotten_refuses(whose):
    """More is outdated than there is room for: an early generation keeps nothing, and its entry is not found."""
    tables = tables_for(8)
    connection, place = tables.connection, place_of("ann", KEY)
    marks = sqlite_module._marks("ann", TAGS)
    early = look(connection, place, marks, -1)
    entry = New(b"old", 1, 1000.0, 4600.0)
    assert tables.commit("ann", place, marks, (early.epoch, early.number), entry)
    tables.outdate(marks_of(whose, TAGS[:1]))
    tables.outdate(marks_of(None, [f"other {number}" for number in range(20)]))
    (left,) = connection.execute("SELECT count(*) FROM marks WHERE mark = ?", marks_of(whose, TAGS[:1])).fetchone()
    assert 0 == left, "the mark is forgotten"
    later = look(connection, place, marks, -1)
    assert later.held == early.number != later.number, "the entry is there, and not current"
    assert not tables.commit("ann", place, marks, (early.epoch, early.number), entry)
    assert tables.commit("ann", place, marks, (later.epoch, later.number), entry)
    connection.close()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["write", "own", "purge", "keep"]), st.integers(0, 30)), min_size=12, max_size=90
    )
)
def test_forgetting_marks_never_brings_a_generation_back(steps):
    """With room for four marks the oldest go all the time: no generation comes back, no outdated entry is found."""
    tables = tables_for(4)
    connection = tables.connection
    numbers = itertools.count(1)
    written: dict[Any, int] = {}
    outdated: dict[int, set[tuple[int, int]]] = {}
    for what, which in steps:
        tag = f"t{which}"
        if what == "write":
            tables.outdate(marks_of(None, [tag]))
            written[tag] = next(numbers)
        elif what == "own":
            tables.outdate(marks_of("ann", [tag]))
            written[tag] = next(numbers)
        elif what == "purge":
            tables.purge("ann")
            written = dict.fromkeys([f"t{number}" for number in range(31)], next(numbers))
        for other in range(8):
            marks = sqlite_module._marks("ann", (f"t{other}", "list"))
            now = written.get(f"t{other}", 0), look(connection, place_of("ann", tag), marks, -1).number
            seen = outdated.setdefault(other, set())
            assert all(version == now[0] or number != now[1] for version, number in seen), "a generation came back"
            seen.add(now)
    connection.close()


@pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])
async def test_a_small_write_is_done_at_once(path, monkeypatch):
    """While nobody is in the way, entries, freshened times and invalidations take no other thread."""
    monkeypatch.setattr(sqlite_worker, "_AT_ONCE", 10_000)
    async with opened(path) as store:
        await keep(store)
        await keep(store)
        entry = (await store.begin("ann", KEY, TAGS)).entry
        monkeypatch.setattr(sqlite_worker.Worker, "_put", None)
        assert await keep(store, b"new", validated_at=1001.0)
        await store.touch("ann", KEY, (await store.begin("ann", KEY, TAGS)).entry)
        assert b"new" == await found(store)
        await store.delete_tags(TAGS)
        assert None is await found(store)
        monkeypatch.undo()
        assert entry is not None


async def test_what_takes_longer_is_done_by_the_thread(path, monkeypatch):
    """Large entries, many tags, a walk over entries or marks, and what waits for the disk do not stop the loop."""
    handed: list[bool] = []
    put = sqlite_worker.Worker._put

    def seen(worker: Any, order: Any) -> None:
        handed.append(True)
        put(worker, order)

    monkeypatch.setattr(sqlite_worker, "_AT_ONCE", 10_000)
    async with opened(path, max_bytes=1 << 20, max_entry_bytes=1 << 19) as store:
        await keep(store)
        await keep(store)
        monkeypatch.setattr(sqlite_worker.Worker, "_put", seen)
        assert await keep(store, b"x" * 17_000)
        assert [True] == handed
        await store.delete_tags([f"{KEY}/{number}" for number in range(33)])
        assert [True] * 2 == handed
        await store.purge("ann")
        assert [True] * 3 == handed
        for number in range(300):
            assert await keep(store, b"x" * 3000, key=f"{KEY}{number}")
        full = len(handed)
        assert 3 < full < 30, "only for what makes room"
        for number in range(100):
            await store.delete_tags([f"{KEY}/{number}"])
        assert full < len(handed) < full + 30, "only for what counts marks"


async def test_a_small_write_to_a_file_that_is_replaced_meanwhile_is_done_again(path, monkeypatch):
    """What was written to a file that is gone by then is not acknowledged."""
    monkeypatch.setattr(sqlite_worker, "_AT_ONCE", 10_000)
    async with opened(path) as store:
        await keep(store)
        await keep(store)
        steps: list[int] = []

        def step(tables: Tables) -> None:
            if not steps:
                path.unlink()
            steps.append(1)
            tables.outdate([1])

        await store._worker.do(step, is_small=True)
        assert [1, 1] == steps
        async with opened(path) as other:
            assert (
                1 == (await other._worker.do(lambda t: t.connection.execute("SELECT latest FROM state").fetchone()))[0]
            )


async def test_where_a_write_waits_for_the_disk_the_thread_waits(path, monkeypatch):
    """Without a name for the start of the machine nothing is written in the loop."""
    monkeypatch.setattr(sqlite_module, "start_of_machine", lambda: None)
    monkeypatch.setattr(sqlite_worker, "_AT_ONCE", 10_000)
    async with opened(path) as store:
        await keep(store)
        await keep(store)
        here = await store._worker.do(lambda _: threading.get_ident(), is_small=True)
        assert threading.get_ident() != here


def test_two_who_write_share_one_room():
    """Each measures the file now and then: together they stay within the bound, but for a small part."""
    first = tables_for(64)
    room = first._used() + (4 << 20)
    both = [Tables(first.connection, Room(room, 64)) for _ in range(2)]
    for number in range(1500):
        epoch, floor, *_ = look(first.connection, number, [0], -1)
        entry = New(b"x" * 3000, number, 1000.0 + number, 9e9)
        assert both[number % 2].commit("ann", number, [0], (epoch, floor), entry)
        assert first._used() <= room + room // 64
    first.connection.close()


async def test_the_log_does_not_grow_by_small_writes(path):
    """Now and then the thread moves to the file what the log holds; in between the loop never does."""
    async with opened(path) as store:
        for number in range(1500):
            await keep(store, b"x" * 3000, key=f"{KEY}{number % 50}", validated_at=1000.0 + number)
        assert path.with_name("cache.db-wal").stat().st_size < 6 << 20
        moves = await store._worker.do(lambda tables: tables.connection.execute("PRAGMA wal_autocheckpoint").fetchone())
        assert (1000,) == moves
        await keep(store, validated_at=9000.0)
        await keep(store, validated_at=9001.0)
        connection = store._connections._held[1].connection
        assert (0,) == connection.execute("PRAGMA wal_autocheckpoint").fetchone()


async def test_a_file_full_of_entries_takes_invalidations(path):
    """Marks have room of their own: where entries fill the file, as many as it may remember can be outdated."""
    async with opened(path, max_bytes=1 << 20) as store:
        for number in range(400):
            await keep(store, b"x" * 3000, key=f"{KEY}{number}")
        for number in range(12):
            await store.delete_tags([f"{KEY}/{number}/{tag}" for tag in range(400)])
        (marks,) = await store._worker.do(
            lambda tables: tables.connection.execute("SELECT count(*) FROM marks").fetchone()
        )
    assert 1000 < marks <= (1 << 20) // 8 // 64
