"""An entry is kept in a `SQLiteCache` by one statement where nothing is in its way: by the same rules as otherwise."""

from __future__ import annotations

import os
import sqlite3
import threading
import weakref
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clio_async.caches import sqlite as sqlite_module
from clio_async.caches import sqlite_tables, sqlite_worker
from clio_async.caches.sqlite_names import marks_of, place_of
from clio_async.caches.sqlite_tables import New, Room, Tables, begin_anew, look

from .sqlite_worker import KEY, TAGS, answer, found, keep, opened

ROOM = 1 << 30


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that is busy with other tests may take its time to open a file."""
    monkeypatch.setattr(sqlite_module, "_OPENING", 60)


def tables() -> Tables:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    for statement in sqlite_tables.SCHEMA:
        connection.execute(statement)
    begin_anew(connection, bytes(8), os.urandom)
    made = Tables(connection, Room(ROOM, 64))
    weakref.finalize(made, connection.close)
    made._make_room(1, 0.0)
    return made


STEPS = st.one_of(
    st.tuples(st.just("outdate"), st.sampled_from([None, "ann", "ben"]), st.integers(0, 3)),
    st.tuples(
        st.just("keep"), st.sampled_from(["ann", "ben"]), st.integers(0, 3), st.integers(0, 5), st.integers(0, 4)
    ),
)


@given(st.lists(STEPS, max_size=25))
def test_one_statement_keeps_what_may_be_kept_and_nothing_else(steps):
    """Under the generation of now alone, and never in the place of a later answer under the same one."""
    kept = tables()
    for number, (what, whose, which, *rest) in enumerate(steps):
        tags = (f"record {which}", "list")
        if what == "outdate":
            kept.outdate(marks_of(whose, tags[:1]))
            continue
        at, behind = rest
        marks = [*marks_of(whose), *marks_of(None, tags), *marks_of(whose, tags)]
        place = place_of(whose, f"key {which}")
        before = look(kept.connection, place, marks, -1)
        later = before.held == before.number and before.validated > at
        done = kept.keep(whose, place, marks, (before.epoch, before.number - behind), New(b"v", number, at, 9e9))
        assert done == (behind == 0 and not later)
        after = look(kept.connection, place, marks, -1)
        assert (number if done else before.stamp) == after.stamp


def test_another_epoch_keeps_nothing():
    """A file that was begun anew has the same numbers, and is another one."""
    kept = tables()
    place, marks = place_of("ann", KEY), sqlite_module._marks("ann", TAGS)
    before = look(kept.connection, place, marks, -1)
    begin_anew(kept.connection, bytes(8), os.urandom)
    entry = New(b"v", 1, 1.0, 9e9)
    assert not kept.keep("ann", place, marks, (before.epoch, before.number), entry)
    assert not kept.commit("ann", place, marks, (before.epoch, before.number), entry)


def test_what_has_no_room_yet_is_not_kept_by_one_statement():
    """The room is measured first: that is no longer one statement."""
    kept = tables()
    kept._left = 0
    place, marks = place_of("ann", KEY), sqlite_module._marks("ann", TAGS)
    row = look(kept.connection, place, marks, -1)
    entry = New(b"v", 1, 1.0, 9e9)
    assert not kept.keep("ann", place, marks, (row.epoch, row.number), entry)
    assert kept.commit("ann", place, marks, (row.epoch, row.number), entry)
    assert 0 < kept._left < ROOM


async def test_a_small_entry_is_one_statement_in_the_thread_that_asks(tmp_path: Path):
    """No transaction is begun for it, and nothing is handed over."""
    async with opened(tmp_path / "cache.db") as store:
        await keep(store)
        seen: list[str] = []
        connection = store._connections._held[1].connection
        connection.set_trace_callback(lambda words: seen.append(f"{words.split()[0]} {threading.get_ident()}"))
        await keep(store, validated_at=2000.0)
        await keep(store, validated_at=3000.0)
        connection.set_trace_callback(None)
        assert f"INSERT {threading.get_ident()}" == seen[-1]
        assert not [words for words in seen if words.startswith("BEGIN")]
        assert await found(store)


async def test_what_one_statement_refuses_is_looked_into(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A read that began before its record was written keeps nothing, and is told so without the other thread."""
    async with opened(tmp_path / "cache.db") as store:
        await keep(store)
        early = (await store.begin("ann", KEY, TAGS)).generation
        await store.delete_tags(TAGS[:1])
        assert not await found(store)
        with monkeypatch.context() as alone:
            alone.setattr(sqlite_worker.Worker, "_put", None)
            assert not await store.commit("ann", KEY, TAGS, early, answer(validated_at=3000.0))
            assert await keep(store, validated_at=4000.0)
        assert await found(store)


async def test_two_writes_in_a_row_are_the_threads_when_the_log_has_grown(tmp_path: Path, monkeypatch):
    """One moves what the log holds, the next begins it again; then small writes are made here once more."""
    monkeypatch.setattr(sqlite_worker, "_AT_ONCE", 10)
    async with opened(tmp_path / "cache.db") as store:
        await keep(store)
        worker, here = store._worker, []
        for _ in range(12):
            here.append(worker.done_at_once(lambda _: True, None, 4096) is not None)
        assert [True, False, False, True, True, False, False, True, True] == here[:9]
