"""`SQLiteCache` keeps the contract, in a bounded file, for tasks, threads and event loops."""

from __future__ import annotations

import gc
import itertools
import os
import sqlite3
import stat
import threading
import time
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
from clio_async.caches.sqlite_file import CacheUnusable
from clio_async.caches.sqlite_tables import Room, Tables, begin_anew, look, marks_of, place_of
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
            with store._worker._writing:
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
        with store._worker._writing:
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
        with store._worker._writing:
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
        store._worker._writing.acquire()
        with anyio.move_on_after(0):
            await store.delete_tags(TAGS)

    anyio.run(leave)
    store._worker._writing.release()

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


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["write", "own", "purge", "keep"]), st.integers(0, 30)), max_size=120))
def test_forgetting_marks_never_brings_a_generation_back(steps):
    """With room for eight marks the oldest go all the time: no generation comes back, no outdated entry is found."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    for statement in sqlite_tables.SCHEMA:
        connection.execute(statement)
    begin_anew(connection, bytes(8), os.urandom)
    tables = Tables(connection, Room(1 << 30, 8))
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
