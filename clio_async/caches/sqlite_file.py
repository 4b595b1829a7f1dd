"""The file of a `SQLiteCache`: made and opened, checked, and set aside if it is not whole.

Beside `cache.db` are SQLite's own `cache.db-wal` (its log) and `cache.db-shm` (the index of the log, in which processes
also lock each other out), and `cache.db-lock`. While this process has the file open by SQLite it opens it in no other
way: to close it once more would end the locks that SQLite has on it.
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from .sqlite_lock import SAFE, CacheUnusable, Ledger, Record, check_file, locked
from .sqlite_names import boot_mark
from .sqlite_tables import APPLICATION, SCHEMA, VERSION, begin_anew, latest_of, look

__all__ = ["CacheFile", "Identity", "Opened", "is_broken", "primary_code", "start_of_machine"]

_SIDES = ("-wal", "-shm")
_LOG_BYTES = 4 * 1024 * 1024
_BUSY = 0.1  # seconds for which opening waits for other processes
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_HEADER = 100  # bytes
_SCHEMA_AT = 40  # in the header: how often tables were made
_APPLICATION_AT = 68


class Identity(NamedTuple):
    """What was opened: inodes, and the device of the file."""

    device: int
    inode: int
    shared: int
    """Of the index of the log, by which processes hear of what others write."""
    log: int


class Opened(NamedTuple):
    """What belongs to an open file."""

    writer: sqlite3.Connection
    reader: sqlite3.Connection
    ledger: Ledger
    identity: Identity
    aside: Path | None = None
    """The new name of what was there before, if that was broken."""


class _Broken(Exception):
    """The file is not whole."""


def start_of_machine() -> str | None:
    """Return a name of this start of the machine; None where the system has none."""
    try:
        return _BOOT_ID.read_text().strip()
    except OSError:
        return None


def primary_code(error: BaseException) -> int:
    """Return what SQLite says has happened, without the details; 0 where it does not say."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def is_broken(error: BaseException) -> bool:
    """Say whether an error means that a file is no cache, or not a whole one."""
    return primary_code(error) in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR}


class CacheFile:
    """A place for a cache in the file system. Its methods wait for the disk, and shortly for other processes."""

    def __init__(
        self, path: Path, pages: Callable[[int], int], boot: str | None, random: Callable[[int], bytes]
    ) -> None:
        self.path = path
        self._text = str(path)
        self._log, self._index = (f"{path}{side}" for side in _SIDES)
        self._pages = pages
        self._random = random
        self.boot = boot_mark("" if boot is None else boot)
        self.forgets = boot is not None
        """Whether what a power cut may undo is forgotten with it. Otherwise each transaction waits for the disk."""

    def is_at(self, identity: Identity) -> bool:
        """Say whether what was opened is there still, and shared with whoever opens it."""
        try:
            file, index = os.lstat(self._text), os.lstat(self._index)
        except OSError:
            return False
        return file.st_ino == identity.inode and index.st_ino == identity.shared and file.st_dev == identity.device

    def log_of(self, identity: Identity) -> int | None:
        """Return the size of the log. None: it is not there any more.

        Only what is written since then depends on it: what was read before is as true as it was.
        """
        try:
            log = os.lstat(self._log)
        except OSError:
            return None
        return log.st_size if log.st_ino == identity.log else None

    def open(self) -> Opened:
        """Open the file, make it if it is missing, begin anew if it is broken, or an older copy.

        :raises CacheUnusable: if it cannot be used.
        :raises OSError: if the file system fails.
        :raises sqlite3.Error: if SQLite fails.
        """
        with locked(self.path) as lock:
            try:
                return self._open(lock)
            except (_Broken, sqlite3.DatabaseError) as error:
                if not isinstance(error, _Broken) and not is_broken(error):
                    raise
            aside = self._rename()
            return self._open(lock)._replace(aside=aside)

    def set_aside(self, identity: Identity) -> Path | None:
        """Rename the file and what belongs to it, unless it is another file by now. Return the new name."""
        with locked(self.path), suppress(FileNotFoundError):
            found = os.lstat(self._text)
            if (found.st_dev, found.st_ino) == (identity.device, identity.inode):
                return self._rename()
        return None

    def _rename(self) -> Path:
        name = f"{self.path.name}.broken-"
        older = re.compile(re.escape(name) + r"[0-9a-f]{12}(-wal|-shm)?", re.DOTALL)
        for found in [file for file in self.path.parent.iterdir() if older.fullmatch(file.name)]:
            with suppress(FileNotFoundError):  # it holds answers: only the newest stays
                found.unlink()
        aside = self.path.with_name(name + self._random(6).hex())
        for side in _SIDES:  # before the file: a new one must not find them
            with suppress(FileNotFoundError):
                Path(f"{self.path}{side}").rename(f"{aside}{side}")
        self.path.rename(aside)
        return aside

    def _open(self, lock: int) -> Opened:
        ledger = Ledger(os.dup(lock))
        writer: sqlite3.Connection | None = None
        try:
            found = self._made(ledger.read())
            writer = self._connected()
            self._set_up(writer, ledger, found.st_ino)
            return self._complete(writer, ledger, found)
        except BaseException:
            if writer is not None:
                writer.close()
            ledger.close()
            raise

    def _complete(self, writer: sqlite3.Connection, ledger: Ledger, found: os.stat_result) -> Opened:
        """Add another connection, which has opened the log already: later it may be another file's."""
        reader = self._connected()
        try:
            reader.execute("PRAGMA query_only = ON")
            look(reader, 0, [0], 0)
            reader.execute("PRAGMA busy_timeout = 0")
            index, log = os.lstat(self._index).st_ino, os.lstat(self._log).st_ino
        except BaseException:
            reader.close()
            raise
        return Opened(writer, reader, ledger, Identity(found.st_dev, found.st_ino, index, log))

    def _made(self, record: Record | None) -> os.stat_result:
        """See to it that a file is there that is ours alone, with no log but its own."""
        try:
            found = os.lstat(self.path)
        except FileNotFoundError:
            self._remove_sides()  # of a file that was deleted: a new one must not read them
            _create(self.path)
            found = os.lstat(self.path)
        check_file(self.path, found)
        if record is not None and record.inode != found.st_ino and self._has_side():
            self._check_program()
            raise _Broken  # the log is of the file that this one has replaced: SQLite would write it into this one
        self._check_log()
        return found

    def _has_side(self) -> bool:
        return os.path.lexists(self._log) or os.path.lexists(self._index)

    def _remove_sides(self) -> None:
        for side in (self._log, self._index):
            with suppress(FileNotFoundError):
                Path(side).unlink()

    def _check_program(self) -> None:
        """Refuse a file that another program has put here, before SQLite gets to see it."""
        file = os.open(self.path, os.O_RDONLY | SAFE)
        try:
            header = os.read(file, _HEADER)
        finally:
            os.close(file)
        has_tables = any(header[_SCHEMA_AT : _SCHEMA_AT + 4])
        application = int.from_bytes(header[_APPLICATION_AT : _APPLICATION_AT + 4], "big")
        if header.startswith(b"SQLite format 3\0") and has_tables and application != APPLICATION:
            self._refuse_program()

    def _refuse_program(self) -> None:
        raise CacheUnusable(f"{self.path} is the database of another program: name another file for the cache.")

    def _check_log(self) -> None:
        """See to it that who has the file open has the very log that we shall have.

        Where one of its files was deleted under them, they go on with what nobody else can find.
        """
        if os.path.lexists(self._log) and os.path.lexists(self._index):
            return
        alone = self._connected()
        try:
            alone.execute("PRAGMA locking_mode = EXCLUSIVE")
            alone.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        except sqlite3.OperationalError as error:
            raise (_Broken if primary_code(error) == sqlite3.SQLITE_BUSY else error) from None
        finally:
            alone.close()

    def _connected(self) -> sqlite3.Connection:
        return sqlite3.connect(self._text, timeout=_BUSY, isolation_level=None, check_same_thread=False)

    def _set_up(self, writer: sqlite3.Connection, ledger: Ledger, inode: int) -> None:
        for pragma in ("trusted_schema = OFF", "cell_size_check = ON", f"journal_size_limit = {_LOG_BYTES}"):
            writer.execute(f"PRAGMA {pragma}")
        (application,) = writer.execute("PRAGMA application_id").fetchone()
        (version,) = writer.execute("PRAGMA user_version").fetchone()
        (tables,) = writer.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        if tables and application != APPLICATION:
            self._refuse_program()
        if version > VERSION:
            raise CacheUnusable(f"{self.path} is of a later version of clio_async: name another file for the cache.")
        if tables and version < VERSION:
            raise _Broken
        if writer.execute("PRAGMA journal_mode = WAL").fetchone() != ("wal",):
            raise CacheUnusable(f"{self.path} cannot have a log (WAL): name a file on a disk of this machine.")
        writer.execute(f"PRAGMA synchronous = {'NORMAL' if self.forgets else 'FULL'}")
        (page,) = writer.execute("PRAGMA page_size").fetchone()
        writer.execute(f"PRAGMA max_page_count = {self._pages(page)}")
        self._settle(writer, ledger, inode, not tables)
        writer.execute("PRAGMA busy_timeout = 0")

    def _settle(self, writer: sqlite3.Connection, ledger: Ledger, inode: int, is_new: bool) -> None:
        """Make the tables, and begin an epoch unless the one that is there goes on."""
        writer.execute("BEGIN IMMEDIATE")  # also to see whether it can be written
        try:
            if is_new:
                for statement in SCHEMA:
                    writer.execute(statement)
                writer.execute(f"PRAGMA application_id = {APPLICATION}")
                writer.execute(f"PRAGMA user_version = {VERSION}")
            if not self._goes_on(writer, ledger.read(), inode):
                begin_anew(writer, self.boot, self._random)
            ledger.write(Record(inode, *latest_of(writer)))
            writer.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                writer.execute("ROLLBACK")
            raise

    def _goes_on(self, writer: sqlite3.Connection, record: Record | None, inode: int) -> bool:
        """Say whether a file is of this start of the machine, and the very one that the record is of, or a later state.

        A copy that was put back has another inode, or knows less of what was outdated.
        """
        row = look(writer, 0, [0], 0)
        if row is None or row.epoch[: len(self.boot)] != self.boot or record is None:
            return False
        latest, epoch = latest_of(writer)
        return record.inode == inode and record.epoch == epoch and record.latest <= latest


def _create(path: Path) -> None:
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | SAFE, 0o600)
    try:
        os.fchmod(file, 0o600)  # a umask may have taken our own rights
    finally:
        os.close(file)
