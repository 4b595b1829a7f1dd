"""The connections of a `SQLiteCache` in this process: one that reads, one that writes, and what they are of.

Whatever has happened to the file is found out by who uses it next, who then has nothing: the writing thread opens it
again.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from ..notices import notify
from .sqlite_file import CacheFile, Opened, is_broken, primary_code
from .sqlite_lock import CacheUnusable, Record
from .sqlite_tables import Room, Row, Tables, latest_of, look

__all__ = ["Connections"]

_LOG_MOST = 16 * 1024 * 1024  # bytes; while a longer log cannot be begun again, nothing is kept
_DRAIN = 20  # milliseconds


class Connections:
    """Two connections to one file. Any thread may read, in its turn; who writes has to hold `writing`."""

    def __init__(self, file: CacheFile, room: Room) -> None:
        self.file = file
        self._room = room
        self._held: tuple[Opened, Tables] | None = None
        self._reader: sqlite3.Connection | None = None
        self._pid = 0
        self._era = 0
        self._moves_log = True
        self._is_suspect = False
        self._told = False
        self.reading = threading.Lock()
        """Held for some microseconds, and never by a child that has not taken it."""
        self.writing = threading.Lock()

    def version(self) -> int | None:
        """Return a number that changes with whatever any process writes. None: the file has to be opened first."""
        with self.reading:
            held, reader = self._held, self._reader
            if reader is None or held is None or self._is_suspect or not self.file.is_at(held[0].identity):
                return None
            if self._pid != os.getpid():
                self.check_process()
            return self._era + next(reader.execute("PRAGMA data_version"))[0]  # type: ignore[no-any-return]

    def look(self, place: int, marks: Sequence[int], stamp: int, *, is_current: bool = False) -> Row | None:
        """Return what a read begins with, without waiting. None: the file has to be opened first.

        `is_current` says that what is open has just been found to be there.

        :raises CacheUnusable: if another machine uses the file, or a fork that Python has not seen has copied it.
        :raises sqlite3.Error: if SQLite fails, or would have to wait.
        """
        with self.reading:
            held, reader = self._held, self._reader
            if reader is None or held is None or not (is_current or self.is_current()):
                return None
            if self.file.log_of(held[0].identity) is None:
                return None
            self.check_process()
            try:
                row = look(reader, place, marks, stamp)
            except sqlite3.Error as error:
                if primary_code(error) == sqlite3.SQLITE_BUSY:
                    raise
                row = None
            if row is None:
                self._is_suspect = True  # the thread opens it again, and finds out
                return None
        self._check_machine(row.epoch)
        return row

    def done_at_once(
        self, step: Callable[[Tables], Any], first: Callable[[Tables], bool] | None = None
    ) -> tuple[Any] | None:
        """Do a step here, without waiting for the disk. None: it is for the thread. The caller is `writing`.

        `first` keeps an entry in one statement, and is true if it has: then nothing else is to be done. If the file is
        replaced meanwhile, that is gone with it, as it would be if it were replaced a moment later.
        """
        held, log = self._held, self._log()
        if held is None or log is None or log > _LOG_MOST:
            return None
        self.check_process()
        _, tables = held
        tables.is_prompt = tables.keeps = True
        try:
            if self._moves_log:
                self._move_log(tables, False)
            if first is not None and first(tables):
                return (True,)
            done = (self._one_transaction(*held, step),)
        except Exception:  # the thread finds out whether it fails there too
            return None
        finally:
            tables.is_prompt = False
        return done if self.is_current() else None

    def do(self, steps: Callable[[Tables], Any]) -> bool:
        """Do steps in one transaction. Return whether it is in the file that is there now. The caller is `writing`."""
        opened, tables = self._opened()
        self._move_log(tables, True)
        tables.keeps = (self._log() or 0) <= _LOG_MOST or _is_begun_again(tables.connection)
        self._one_transaction(opened, tables, steps)
        return self.is_current()

    def is_current(self) -> bool:
        """Say whether what is open is there still."""
        held = self._held
        return held is not None and not self._is_suspect and self.file.is_at(held[0].identity)

    def recover(self, error: Exception) -> None:
        """Let go of a file that has failed, and set it aside if it is not whole."""
        if primary_code(error) in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_BUSY}:
            return
        held = self._held
        self.let_go()
        if is_broken(error) and held is not None:
            self._tell(self.file.set_aside(held[0].identity))

    def let_go(self) -> None:
        """Close what is open. Nobody who reads waits for it: the last one to close moves what the log holds."""
        with self.reading:
            held, self._held, self._reader = self._held, None, None
        if held is not None:
            opened, _ = held
            for connection in (opened.writer, opened.reader):
                with suppress(sqlite3.Error):
                    connection.close()
            opened.ledger.close()

    def check_process(self) -> None:
        """Refuse connections that a fork has copied behind Python's back: they, and their locks, are the parent's."""
        if self._reader is not None and self._pid != os.getpid():
            raise CacheUnusable(
                "This process was forked, by other means than os.fork(), while the cache was open: use it after the "
                "fork only."
            )

    def _log(self) -> int | None:
        """Return the size of the log. None: the file has to be opened first."""
        held = self._held
        return None if held is None or not self.is_current() else self.file.log_of(held[0].identity)

    def _opened(self) -> tuple[Opened, Tables]:
        """Return what writes to the file that is there now."""
        self.check_process()
        held = self._held
        if held is not None and self._log() is not None:
            return held
        if held is not None and not self._is_suspect:
            self._tell(self.file.set_aside(held[0].identity))  # unless it was replaced, what belongs to it was
        self.let_go()
        new = self.file.open()
        held = new, Tables(new.writer, self._room)
        with self.reading:
            self._held, self._reader, self._pid = held, new.reader, os.getpid()
            self._moves_log, self._is_suspect = True, False
            self._era += 1 << 32
        self._tell(new.aside)
        return held

    def _move_log(self, tables: Tables, moves: bool) -> None:
        """Say whether a transaction may move to the file what the log holds, which waits for the disk."""
        if self._moves_log != moves:
            tables.connection.execute(f"PRAGMA wal_autocheckpoint = {1000 if moves else 0}")
            self._moves_log = moves

    def _one_transaction(self, opened: Opened, tables: Tables, steps: Callable[[Tables], Any]) -> Any:
        connection = tables.connection
        tables.has_outdated = False
        connection.execute("BEGIN IMMEDIATE")
        try:
            self._check_machine(tables.epoch())
            result = steps(tables)
            if tables.has_outdated:
                opened.ledger.advance(Record(opened.identity.inode, *latest_of(connection)))
            connection.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
            raise
        return result

    def _check_machine(self, epoch: object) -> None:
        if not isinstance(epoch, bytes) or not epoch.startswith(self.file.boot):
            raise CacheUnusable(f"{self.file.path} is used from another machine: give each one a file of its own.")

    def _tell(self, aside: object) -> None:
        if aside is not None and not self._told:
            self._told = True
            notify(
                f"The cache {self.file.path} was not whole, or its log (-wal, -shm) not its own: it was renamed to "
                f"{aside}, and a new one begun. The renamed file holds answers; the next one replaces it."
            )


def _is_begun_again(connection: sqlite3.Connection) -> bool:
    """Move all that the log holds, and empty it. False: somebody stays in a read of it."""
    _, written, moved = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    if moved < written:
        return False
    connection.execute(f"PRAGMA busy_timeout = {_DRAIN}")  # who reads now soon ends; who begins reads the file
    (is_busy, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    connection.execute("PRAGMA busy_timeout = 0")
    return not is_busy
