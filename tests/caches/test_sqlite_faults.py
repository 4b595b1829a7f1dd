"""A cache file that is broken, locked, full, replaced or not ours costs a miss, and never a stale answer (F47)."""

from __future__ import annotations

import os
import sqlite3
import stat
import warnings
from contextlib import closing
from pathlib import Path

import anyio
import pytest

from clio_async.caches import sqlite as sqlite_module
from clio_async.caches import sqlite_file, sqlite_lock, sqlite_worker
from clio_async.caches.base import Begun
from clio_async.caches.guard import GuardedStore
from clio_async.caches.sqlite import SQLiteCache
from clio_async.caches.sqlite_file import CacheFile, Identity
from clio_async.caches.sqlite_lock import CacheUnusable
from clio_async.errors import ClioWarning

from .sqlite_worker import KEY, TAGS, answer, found, keep, opened

PAGE = 4096
SHORT = sqlite_module._OPENING


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that is busy with other tests may take its time to open a file."""
    monkeypatch.setattr(sqlite_module, "_OPENING", 60)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cache.db"


async def filled(path: Path) -> None:
    async with opened(path) as store:
        for number in range(40):
            await keep(store, b"x" * 3000, key=f"{KEY}{number}")
        await keep(store)


def zeroed(path: Path) -> None:
    raw = path.read_bytes()
    path.write_bytes(raw[:PAGE] + bytes(len(raw) - PAGE))


def versioned(number: int, application: int | None = None):
    def change(path: Path) -> None:
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute(f"PRAGMA user_version = {number}")
            if application is not None:
                connection.execute(f"PRAGMA application_id = {application}")
        connection.close()

    return change


def without_tables(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DROP TABLE marks")
    connection.close()


BROKEN = {
    "garbage": lambda path: path.write_bytes(b"garbage" * 1000),
    "zeroed pages": zeroed,
    "truncated": lambda path: os.truncate(path, PAGE * 2),
    "a broken header": lambda path: path.write_bytes(b"SQLite format 3\0" + b"\xff" * 5000),
    "an earlier version": versioned(0),
    "a table is missing": without_tables,
}


@pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])
@pytest.mark.parametrize("fault", BROKEN)
async def test_a_broken_file_is_set_aside_and_a_new_one_begun(fault, path):
    """It gets another name, nothing of it is found, one warning is given, and the store works (F47)."""
    await filled(path)
    BROKEN[fault](path)
    raw = path.read_bytes()
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        async with opened(path) as store:
            assert None is await found(store)
            assert await keep(store, b"new")
            assert b"new" == await found(store)
    (aside,) = path.parent.glob("cache.db.broken-*")
    assert raw == aside.read_bytes()
    assert [ClioWarning] == [warning.category for warning in seen]
    assert str(aside) in str(seen[0].message)


@pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])
@pytest.mark.parametrize("fault", ["garbage", "zeroed pages", "truncated"])
async def test_a_file_that_breaks_while_it_is_open_is_replaced(fault, path):
    """F47: the next read or write finds out; what was kept is not found, what is outdated is never found again."""
    await filled(path)
    store, second = opened(path), opened(path)
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        for handle in (store, second):
            assert b"x" * 3000 == await found(handle, key=f"{KEY}3")
        BROKEN[fault](path)
        for number in range(40):
            for handle in (store, second):
                assert await found(handle, key=f"{KEY}{number}") in (None, b"x" * 3000)
        for handle in (store, second):
            await handle.delete_tags(TAGS)
            for number in range(40):
                assert None is await found(handle, key=f"{KEY}{number}")
            assert await keep(handle, b"new")
            assert b"new" == await found(second)
        await store.aclose()
        await second.aclose()
    assert 1 == len({name.name.split("-")[1] for name in path.parent.glob("*broken*")}), "the new one was left alone"
    assert 1 >= len([warning for warning in seen if "renamed" in str(warning.message)])


async def test_a_write_that_finds_the_file_broken_is_done_in_a_new_one(path):
    """What SQLite says in the middle of a transaction sets the file aside, and the step is done again."""
    async with opened(path) as store:
        await keep(store)
        error = sqlite3.DatabaseError("database disk image is malformed")
        error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        errors = iter([error])

        def step(tables):
            for found_out in errors:
                raise found_out
            tables.outdate([1])

        with pytest.warns(ClioWarning, match="renamed"):
            await store._worker.do(step)
        assert None is await found(store)
        assert await keep(store, b"new")
    assert 1 == len([*path.parent.glob("cache.db.broken-*")])


def closed(file: CacheFile) -> Identity:
    opened = file.open()
    for part in (opened.writer, opened.reader, opened.ledger):
        part.close()
    return opened.identity


async def test_what_is_set_aside_is_not_set_aside_twice(path):
    """Whoever comes later finds another file there, and leaves it alone."""
    file = CacheFile(path, lambda page: 100, "boot", os.urandom)
    old = closed(file)
    assert file.set_aside(old) is not None
    assert not path.exists()
    assert None is file.set_aside(old), "there is nothing"
    path.with_name("taken").touch()  # so that the number of the old file is not given to the new one
    closed(file)
    assert None is file.set_aside(old)
    assert path.exists()


async def test_what_closes_late_takes_nothing_of_the_new_file_along(path):
    """A process that still has the broken file open closes it: the log of the new one stays."""
    late, quick = opened(path), opened(path)
    await keep(late)
    await keep(quick)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ClioWarning)
        quick._connections.file.set_aside(quick._connections._held[0].identity)
        assert await keep(quick, b"new")
        await late._worker.aclose()
    assert path.with_name("cache.db-wal").exists()
    assert b"new" == await found(quick)
    async with opened(path) as third:
        assert b"new" == await found(third)
    await quick.aclose()


@pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])
@pytest.mark.parametrize("how", ["deleted", "deleted with its log", "replaced", "replaced by a copy"])
async def test_a_file_that_is_replaced_while_it_is_open_is_opened_again(how, path):
    """No reader goes on with what nobody else sees: two files would be two truths."""
    one, other = opened(path), opened(path)
    await keep(one)
    assert b"old" == await found(other)
    if how == "replaced":
        path.replace(path.with_name("gone"))
    elif how == "replaced by a copy":
        copy = path.with_name("copy")
        copy.write_bytes(path.read_bytes())
        copy.chmod(0o600)
        copy.replace(path)
    else:
        path.unlink()
    if how == "deleted with its log":
        for side in ("-wal", "-shm"):
            path.with_name(f"cache.db{side}").unlink()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ClioWarning)
        await one.delete_tags(TAGS)
        assert None is await found(other)
        assert await keep(one, b"new")
        assert b"new" == await found(other)
        for store in (one, other):
            await store.aclose()


async def test_a_file_that_is_replaced_during_a_write_is_written_again(path, monkeypatch):
    """What was committed to a file that is gone by then is not acknowledged."""
    async with opened(path) as store, opened(path) as other:
        await keep(store)
        moves = iter([True])

        def step(tables):
            if next(moves, False):
                path.unlink()
            tables.outdate([1])

        await store._worker.do(step)
        before = (await other.begin("ann", KEY, TAGS)).generation
        assert 1 == await store._worker.do(
            lambda tables: tables.connection.execute("SELECT latest FROM state").fetchone()[0]
        )
        assert before[0] == (await store.begin("ann", KEY, TAGS)).generation[0]
        with pytest.raises(CacheUnusable, match="replaced all the time"):
            await store._worker.do(lambda tables: path.unlink())


def other_program(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE accounts (id)")
    connection.close()
    path.chmod(0o600)


def linked(path: Path) -> None:
    other_program(path.with_name("real"))
    path.symlink_to("real")


def hard_linked(path: Path) -> None:
    path.touch(0o600)
    path.with_name("second").hardlink_to(path)


NOT_OURS = {
    "another program's": (other_program, "another program"),
    "a later version": (versioned(2, sqlite_file.APPLICATION), "later version"),
    "open to others": (lambda path: path.touch(0o644), "by others"),
    "a symbolic link": (linked, "not a regular file"),
    "a hard link": (hard_linked, "another name"),
    "a directory": (lambda path: path.mkdir(0o700), "not a regular file"),
    "a directory open to others": (lambda path: path.parent.chmod(0o777), "others may write"),
    "no directory": (lambda path: path.parent.rmdir(), "does not exist"),
}


@pytest.mark.parametrize("what", NOT_OURS)
async def test_what_is_not_ours_is_refused_and_left_alone(what, path):
    """The store fails with advice, nothing is renamed, and through the guard it is a miss and one warning."""
    make, says = NOT_OURS[what]
    if what == "a later version":
        await filled(path)
    make(path)
    before = path.stat().st_size if path.is_file() else None
    async with opened(path) as store:
        for _ in range(2):
            with pytest.raises(CacheUnusable, match=says):
                await store.begin("ann", KEY, TAGS)
        with pytest.raises(CacheUnusable, match=says):
            await store.delete_tags(TAGS)
        guard = GuardedStore(store, clock=anyio.current_time)
        with pytest.warns(ClioWarning, match=says):
            assert Begun(None, None) == await guard.begin("ann", KEY, TAGS)
        await guard.delete_tags(TAGS)
        assert Begun(None, None) == await guard.begin("ann", KEY, TAGS)
    assert before == (path.stat().st_size if path.is_file() else None)
    assert [] == [*path.parent.glob("*broken*")]


async def test_a_file_of_another_user_is_refused(path, monkeypatch):
    """Somebody else may have written it."""
    await filled(path)
    monkeypatch.setattr(sqlite_lock.os, "geteuid", lambda: os.getuid() + 1)
    with pytest.raises(CacheUnusable, match="another user"):
        sqlite_lock.check_file(path, path.stat())
    with pytest.raises(CacheUnusable, match="another user"):
        sqlite_lock._check_directory(path.parent)


async def test_a_database_without_a_log_is_refused(path, monkeypatch):
    """On a disk where SQLite cannot have one, several processes cannot share a file."""

    class Connection(sqlite3.Connection):
        def execute(self, statement, *arguments):
            if "journal_mode" in statement:
                statement = "SELECT 'delete'"
            return super().execute(statement, *arguments)

    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *a, **options: connect(*a, factory=Connection, **options))
    async with opened(path) as store:
        with pytest.raises(CacheUnusable, match="WAL"):
            await store.begin("ann", KEY, TAGS)


async def test_a_reader_that_cannot_open_leaves_no_connection(path, monkeypatch):
    """What was opened is closed again; warnings of lost connections would be errors."""
    looks = iter([sqlite_file.look])

    def look(*arguments):
        return next(looks, fail)(*arguments)

    def fail(*arguments):
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(sqlite_file, "look", look)
    async with opened(path) as store:
        with pytest.raises(sqlite3.OperationalError):
            await store.begin("ann", KEY, TAGS)


async def test_a_reader_that_fails_is_opened_again(path):
    """An error that says nothing of the file costs a connection, and no answer."""
    async with opened(path) as store:
        await keep(store)
        store._connections._reader.close()
        store._recent.forget()
        with pytest.raises(sqlite3.ProgrammingError):
            store._connections.version()
        assert b"old" == await found(store)
        assert store._connections.version()


async def test_a_reader_that_would_have_to_wait_does_not(path):
    """A file that another has for itself alone is no reason to stop the event loop (F75)."""
    async with opened(path) as store:
        await keep(store)
        store._recent.forget()

        class Busy:
            def execute(self, *arguments):
                error = sqlite3.OperationalError("database is locked")
                error.sqlite_errorcode = sqlite3.SQLITE_BUSY
                raise error

        reader, store._connections._reader = store._connections._reader, Busy()
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            await store.begin("ann", KEY, TAGS)
        store._connections._reader = reader
        assert b"old" == await found(store)


async def test_a_file_that_opens_slowly_is_a_failure_and_tried_again(path, monkeypatch):
    """Reads wait for a tenth of a second at most: through the guard it is a miss, and after its pause all is well."""
    assert 0.1 == SHORT
    monkeypatch.setattr(sqlite_module, "_OPENING", 0)
    now = [0.0]
    async with opened(path) as store:
        guard = GuardedStore(store, clock=lambda: now[0], failures=2, pause=5.0)
        with store._connections.writing, warnings.catch_warnings(record=True) as seen:
            warnings.simplefilter("always")
            for _ in range(3):
                assert Begun(None, None) == await guard.begin("ann", KEY, TAGS)
        assert ["(TimeoutError)" in str(warning.message) for warning in seen] == [True]
        assert 2 >= len(store._worker._orders), "the third one did not try"
        monkeypatch.setattr(sqlite_module, "_OPENING", 60)
        assert Begun(None, None) == await guard.begin("ann", KEY, TAGS)
        now[0] = 6.0
        assert await keep(guard)
        assert b"old" == await found(guard)


@pytest.mark.parametrize("missing", [("-wal",), ("-wal", "-shm"), ("-shm",)])
async def test_a_log_that_is_deleted_alone_is_found_out_by_who_opens_next(missing, path):
    """Those who have it open share it still; who comes next would have another: so all begin anew."""
    one = opened(path)
    await keep(one)
    assert b"old" == await found(one)
    for side in missing:
        path.with_name(f"cache.db{side}").unlink()
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        async with opened(path) as other:
            await other.delete_tags(TAGS)
            assert None is await found(one)
            assert await keep(one, b"new")
            assert b"new" == await found(other)
    await one.aclose()
    assert [True] == ["renamed" in str(warning.message) for warning in seen]


async def test_a_log_that_nobody_has_open_may_be_missing(path):
    """A file that was closed has none: it is opened as it is."""
    await filled(path)
    assert not path.with_name("cache.db-wal").exists()
    async with opened(path) as store:
        assert b"old" == await found(store)
    assert [] == [*path.parent.glob("*broken*")]


async def test_another_who_opens_for_too_long_is_not_waited_for(path, monkeypatch):
    """The lock of opening is tried for a while, and the store fails then."""
    monkeypatch.setattr(sqlite_lock, "_TRIES", 2)
    async with opened(path) as store:
        with sqlite_lock.locked(path), pytest.raises(CacheUnusable, match="opening"):
            await store.begin("ann", KEY, TAGS)
        assert await keep(store)


async def test_a_lock_that_lasts_fails_the_write(path, monkeypatch):
    """Another connection writes for too long (F47): the write fails, reads go on, and afterwards all is well."""
    monkeypatch.setattr(sqlite_worker, "_TRIES", 2)
    async with opened(path) as store:
        await keep(store)
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            await store.delete_tags(TAGS)
        assert b"old" == await found(store)
        other.execute("ROLLBACK")
        other.close()
        await store.delete_tags(TAGS)
        assert None is await found(store)


@pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])
async def test_a_tag_that_could_not_be_outdated_is_not_read_until_it_is(path, monkeypatch):
    """The file is locked: through the guard the old answer is not found, then the file is told (F46)."""
    monkeypatch.setattr(sqlite_worker, "_TRIES", 2)
    async with opened(path) as store:
        guard = GuardedStore(store, clock=anyio.current_time, budget=5.0)
        await keep(guard)
        assert b"old" == await found(guard)
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.warns(ClioWarning, match="OperationalError"):
            await guard.delete_tags(TAGS)
        assert b"old" == await found(store), "the file still has it"
        assert None is await found(guard)
        other.execute("ROLLBACK")
        other.close()
        assert None is await found(guard)
        assert None is await found(store), "now it was told"
        assert await keep(guard, b"new")
        assert b"new" == await found(guard)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write to what is read-only")
async def test_a_file_that_cannot_be_written_is_not_used(path):  # pragma: no cover
    """Neither by writes nor by reads: what is outdated could not be recorded (F47)."""
    await filled(path)
    path.chmod(stat.S_IRUSR)
    async with opened(path) as store:
        with pytest.raises((CacheUnusable, sqlite3.OperationalError, OSError)):
            await store.begin("ann", KEY, TAGS)


async def test_a_full_disk_harms_nothing(path):
    """Where no page is left (F47) an entry is not kept, what is there is found, and nothing is broken."""
    async with opened(path) as store:
        await keep(store)
        await store._worker.do(lambda tables: tables.connection.execute("PRAGMA max_page_count = 1"))
        with pytest.raises(sqlite3.OperationalError, match="full"):
            await keep(store, b"x" * 50_000, key=KEY + "&x")
        assert b"old" == await found(store)
        assert None is await found(store, key=KEY + "&x")
    with closing(sqlite3.connect(path)) as connection:
        assert "ok" == connection.execute("PRAGMA integrity_check").fetchone()[0]


async def test_a_fork_that_python_does_not_see_is_refused(path):
    """A server in C may fork without telling: inherited connections are left alone, and the store says what to do."""
    async with opened(path) as store:
        await keep(store)
        store._connections._pid -= 1
        for step in (found(store), store.delete_tags(TAGS), keep(store)):
            with pytest.raises(CacheUnusable, match="fork"):
                await step
        store._connections._pid += 1
        assert b"old" == await found(store)


async def test_a_swapped_value_is_not_there(path):
    """Values changed places in the file, by whoever may write to it: neither finds the other's answer (F39, F49)."""
    async with opened(path) as store:
        for principal in ("ann", "ben"):
            await keep(store, principal.encode(), principal)
        store._recent.forget()
        with closing(sqlite3.connect(path)) as other, other:
            rows = other.execute("SELECT place, value FROM entries").fetchall()
            for (place, _), (_, value) in zip(rows, rows[::-1], strict=True):
                other.execute("UPDATE entries SET value = ? WHERE place = ?", (value, place))
        other.close()
        assert [None, None] == [await found(store), await found(store, "ben")]


@pytest.mark.parametrize("state", ["NULL", "7", "'text'"])
async def test_a_state_that_is_none_is_no_state(state, path):
    """Columns of other types than ours are found out, and the file is begun anew."""
    async with opened(path) as store:
        await keep(store)
        with closing(sqlite3.connect(path)) as other, other:
            other.execute("DROP TABLE state")
            other.execute("CREATE TABLE state (id INTEGER PRIMARY KEY, epoch, floor, latest)")
            other.execute(f"INSERT INTO state VALUES (1, {state}, 0, 0)")
        other.close()
        assert None is await found(store)
        assert await keep(store, b"new")
        assert b"new" == await found(store)


def test_a_system_without_names_for_its_starts_has_none(monkeypatch, tmp_path):
    """Only some say which start of the machine it is."""
    monkeypatch.setattr(sqlite_file, "_BOOT_ID", tmp_path / "missing")
    assert None is sqlite_file.start_of_machine()


def test_answers_are_kept_for_the_very_client(path):
    """It can be given to a client as it is."""
    assert SQLiteCache(path).answers_promptly
    assert not SQLiteCache(path).in_process
    assert answer() is not None
