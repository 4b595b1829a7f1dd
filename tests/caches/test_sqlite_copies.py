"""What is put in the place of a cache file, or taken from beside it, gives no outdated answer (F44, F47)."""

from __future__ import annotations

import os
import shutil
import sqlite3
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from clio_async.caches import sqlite as sqlite_module
from clio_async.caches import sqlite_connections, sqlite_file
from clio_async.caches.sqlite_lock import CacheUnusable, Ledger, Record
from clio_async.errors import ClioWarning

from .sqlite_worker import KEY, TAGS, answer, found, keep, opened

SIDES = ("-wal", "-shm")


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that is busy with other tests may take its time to open a file."""
    monkeypatch.setattr(sqlite_module, "_OPENING", 60)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cache.db"


@contextmanager
def one_warning() -> Iterator[None]:
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        yield
    assert [True] == ["renamed" in str(warning.message) for warning in seen]


def side(path: Path, what: str) -> Path:
    return path.with_name(path.name + what)


@pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])
@pytest.mark.parametrize("missing", [("-wal",), ("-wal", "-shm"), ("-shm",)])
@pytest.mark.parametrize("first", ["read", "small write", "write"])
async def test_a_log_that_is_deleted_is_found_out_by_who_has_it_open(missing, first, path):
    """Others may share another one by now: the next use of any kind begins anew."""
    async with opened(path) as store:
        await keep(store)
        await keep(store)
        store._recent.forget()
        for what in missing:
            side(path, what).unlink()
        with one_warning():
            if first == "small write":
                await store.delete_tags(["https://h/other"])
            elif first == "write":
                await store.purge("ben")
            assert None is await found(store)
            assert await keep(store, b"new")
            async with opened(path) as other:
                assert b"new" == await found(other)


async def test_an_index_that_is_deleted_ends_what_is_remembered(path):
    """Through it a process hears that another has written: without it nothing is current, however often it was read."""
    async with opened(path) as store:
        await keep(store)
        for _ in range(3):
            assert b"old" == await found(store)
        side(path, "-shm").unlink()
        with one_warning():
            assert None is await found(store)


async def test_a_log_that_is_another_by_now_is_not_read(path):
    """The index may say that something is there which only the other one has."""
    async with opened(path) as store:
        await keep(store)
        store._recent.forget()
        side(path, "-wal").rename(side(path, "-kept"))
        side(path, "-wal").touch(0o600)
        with one_warning():
            assert None is await found(store)
            assert await keep(store, b"new")


def older(path: Path) -> Path:
    return path.with_name("older")


def over(path: Path) -> None:
    path.write_bytes(older(path).read_bytes())


def renamed(path: Path) -> None:
    older(path).replace(path)


def anew(path: Path) -> None:
    path.unlink()
    over(path)
    path.chmod(0o600)


def alone(path: Path) -> None:
    for what in SIDES:
        side(path, what).unlink()
    renamed(path)


async def copied(path: Path) -> None:
    async with opened(path) as store:
        await keep(store)
        await keep(store, b"other", key=KEY + "&x", tags=())
    shutil.copy2(path, older(path))


@pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])
@pytest.mark.parametrize("put_back", [over, renamed, anew])
@pytest.mark.parametrize("how", ["outdated", "purged"])
async def test_an_older_copy_that_is_put_back_is_emptied(how, put_back, path):
    """It knows nothing of what was outdated since: nothing of it is found, and a slow GET of before is not kept."""
    await copied(path)
    async with opened(path) as store:
        await (store.delete_tags(TAGS) if how == "outdated" else store.purge("ann"))
        generation = (await store.begin("ann", KEY, TAGS)).generation
    put_back(path)
    async with opened(path) as store:
        await store.delete_tags(TAGS)
        assert not await store.commit("ann", KEY, TAGS, generation, answer())
        assert [None, None] == [await found(store), await found(store, key=KEY + "&x", tags=())]
        assert await keep(store, b"new")
    async with opened(path) as store:
        assert b"new" == await found(store), "it goes on from there"


@pytest.mark.parametrize("put_back", [renamed, alone])
async def test_an_older_copy_that_is_put_back_under_an_open_store_is_emptied(put_back, path):
    """Numbers are not given a second time under one epoch: a slow GET of before the write is not kept after it."""
    await copied(path)
    async with opened(path) as store:
        await store.delete_tags(TAGS)
        generation = (await store.begin("ann", KEY, TAGS)).generation
        put_back(path)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ClioWarning)
            await store.delete_tags(TAGS)
            assert not await store.commit("ann", KEY, TAGS, generation, answer())
            assert [None, None] == [await found(store), await found(store, key=KEY + "&x", tags=())]


async def test_a_copy_that_knows_all_that_was_outdated_may_be_put_back(path):
    """Nothing in it is wrong."""
    await copied(path)
    async with opened(path) as store:
        assert await keep(store, b"new")
    over(path)
    async with opened(path) as store:
        assert b"old" == await found(store)


async def test_another_file_is_not_the_one_that_is_recorded(path):
    """What came by another way is taken for a copy, whatever it says of itself."""
    await copied(path)
    renamed(path)
    async with opened(path) as store:
        assert None is await found(store)


async def test_a_copy_of_an_earlier_epoch_is_emptied(path):
    """Numbers of two epochs say nothing of each other."""
    async with opened(path) as store:
        await store.delete_tags(TAGS)
    await copied(path)
    side(path, "-lock").unlink()
    async with opened(path) as store:
        assert None is await found(store)
    over(path)
    async with opened(path) as store:
        assert None is await found(store)


async def test_without_its_record_a_cache_is_emptied(path):
    """Nobody can say whether it is an older copy."""
    await copied(path)
    side(path, "-lock").unlink()
    async with opened(path) as store:
        assert None is await found(store)


async def test_of_a_write_that_may_not_have_been_done_nothing_older_is_left(path, monkeypatch):
    """The record is written before the file: an end in between costs the entries, and no more."""
    await copied(path)

    async with opened(path) as store:
        await store.begin("ann", KEY, TAGS)
        ledger = store._connections._held[0].ledger
        record = ledger.read()
        ledger.write(record._replace(latest=record.latest + 1))
    async with opened(path) as store:
        assert None is await found(store)


def test_a_record_of_another_file_stays(tmp_path):
    """Who writes to a file that was replaced meanwhile does not speak for the new one."""
    ledger = Ledger(os.open(tmp_path / "lock", os.O_RDWR | os.O_CREAT))
    assert None is ledger.read()
    ledger.advance(Record(1, 5, bytes(24)))
    ledger.advance(Record(2, 9, bytes(24)))
    assert Record(1, 5, bytes(24)) == ledger.read()
    ledger.advance(Record(1, 6, bytes(24)))
    assert Record(1, 6, bytes(24)) == ledger.read()
    ledger.close()


async def left_with_its_log(path: Path) -> None:
    """Make a cache whose processes have ended without closing it."""
    async with opened(path) as store:
        await keep(store)
        for what in SIDES:
            shutil.copy2(side(path, what), side(path, what + ".kept"))
    for what in SIDES:
        side(path, what + ".kept").replace(side(path, what))


async def test_the_log_of_a_replaced_file_is_not_written_into_another(path):
    """SQLite does not know whose log it finds: what was put there is renamed as it is, with the log."""
    await copied(path)
    await left_with_its_log(path)
    before = older(path).read_bytes()
    renamed(path)
    with one_warning():
        async with opened(path) as store:
            assert None is await found(store)
            assert await keep(store, b"new")
    (aside,) = [file for file in path.parent.glob("*.broken-*") if not file.name.endswith(SIDES)]
    assert before == aside.read_bytes()


async def test_another_program_that_has_taken_the_place_is_left_alone(path):
    """Its database is not touched, by no log of ours."""
    await left_with_its_log(path)
    with closing(sqlite3.connect(older(path))) as program, program:
        program.execute("CREATE TABLE accounts (id)")
    program.close()
    older(path).chmod(0o600)
    before = older(path).read_bytes()
    renamed(path)
    async with opened(path) as store:
        with pytest.raises(CacheUnusable, match="another program"):
            await store.begin("ann", KEY, TAGS)
    assert before == path.read_bytes()
    assert side(path, "-wal").stat().st_size


async def test_of_what_is_renamed_only_the_newest_stays(path):
    """It holds confidential answers; what only looks alike is not ours to remove."""
    alike = [path.with_name(f"{path.name}.broken-{name}") for name in ("notes", "0123456789ab-old")]
    alike.append(path.with_name("other.db.broken-0123456789ab"))
    for file in alike:
        file.touch()
    side(path, ".broken-0123456789ab-wal").touch()
    for number in range(3):
        async with opened(path) as store:
            await keep(store, b"%d" % number)
        path.write_bytes(b"garbage %d" % number * 1000)
        with pytest.warns(ClioWarning, match="holds answers"):
            async with opened(path) as store:
                assert None is await found(store)
    (aside,) = {*path.parent.glob("*.broken-*")} - {*alike}
    assert b"garbage 2" * 1000 == aside.read_bytes()


@pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])
async def test_the_log_is_bounded_while_somebody_stays_in_a_read(path, monkeypatch):
    """Then nothing is kept, what is outdated is written, and afterwards all goes on, with a short log."""
    bound = 1 << 20
    monkeypatch.setattr(sqlite_connections, "_LOG_MOST", bound)
    async with opened(path) as store:
        await keep(store)
        program = sqlite3.connect(path, isolation_level=None)
        program.execute("BEGIN")
        program.execute("SELECT count(*) FROM entries").fetchone()
        kept = [await keep(store, b"x" * 100_000, key=f"{KEY}{number}", tags=()) for number in range(30)]
        assert {True, False} == {*kept}
        assert [True] * kept.count(True) == kept[: kept.count(True)], "once it is too long, it stays so"
        assert side(path, "-wal").stat().st_size < bound + 200_000
        entry = (await store.begin("ann", KEY, TAGS)).entry
        before = side(path, "-wal").stat().st_size
        await store.touch("ann", KEY, entry)
        assert not await keep(store, b"small")
        assert before == side(path, "-wal").stat().st_size
        await store.delete_tags(TAGS)
        assert None is await found(store)
        program.close()
        assert await keep(store, b"new")
        assert b"new" == await found(store)
        assert side(path, "-wal").stat().st_size < 100_000


async def test_a_log_that_was_moved_but_is_read_is_not_begun_again(path, monkeypatch):
    """Somebody reads the newest state: for some milliseconds that is waited for, and then nothing is kept."""
    async with opened(path) as store:
        await keep(store, b"x" * 100_000)
        monkeypatch.setattr(sqlite_connections, "_LOG_MOST", 1000)
        monkeypatch.setattr(sqlite_connections, "_DRAIN", 1)
        program = sqlite3.connect(path, isolation_level=None)
        program.execute("BEGIN")
        program.execute("SELECT count(*) FROM entries").fetchone()
        assert not await keep(store, b"new", key=KEY + "&x")
        program.close()
        assert await keep(store, b"new", key=KEY + "&x")


def test_the_header_of_a_file_says_whose_it_is(path):
    """The places in the header are SQLite's."""
    with closing(sqlite3.connect(path)) as program, program:
        program.execute(f"PRAGMA application_id = {sqlite_file.APPLICATION}")
        program.execute("CREATE TABLE any (id)")
    program.close()
    header = path.read_bytes()[:100]
    assert sqlite_file.APPLICATION == int.from_bytes(header[sqlite_file._APPLICATION_AT :][:4], "big")
    assert 1 == int.from_bytes(header[sqlite_file._SCHEMA_AT :][:4], "big")
