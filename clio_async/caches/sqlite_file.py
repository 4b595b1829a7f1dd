"""The file of a `SQLiteCache`: made and opened, checked, and set aside if it is not whole.

Beside `cache.db` are SQLite's own `cache.db-wal` and `cache.db-shm`, and the empty `cache.db-lock`, which whoever opens
the file or sets it aside has to hold. While this process has the file open by SQLite it opens it in no other way: to
close it once more would end the locks that SQLite has on it.
"""

from __future__ import annotations

import os
import sqlite3
import stat
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeAlias

from ..errors import ClioError
from .sqlite_tables import APPLICATION, SCHEMA, VERSION, begin_anew, boot_mark, look

try:
    import fcntl
except ImportError:  # pragma: no cover - there is no such system among those that are tested
    fcntl = None  # type: ignore[assignment]

__all__ = ["CacheFile", "CacheUnusable", "Identity", "is_broken", "primary_code", "start_of_machine"]

Identity: TypeAlias = tuple[int, int]
"""Device and inode."""

_SIDES = ("-wal", "-shm")
_SAFE = os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NOCTTY | os.O_NONBLOCK
_LOG_BYTES = 4 * 1024 * 1024
_BUSY = 0.1  # seconds for which opening waits for other processes
_TRIES = 50
_PAUSE = 0.01  # seconds
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class CacheUnusable(ClioError):
    """The file of a cache cannot be used as it is."""


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
        self._pages = pages
        self._boot = boot
        self._random = random
        self.boot = boot_mark("" if boot is None else boot)

    def identity(self) -> Identity | None:
        """Return what file is there now."""
        try:
            found = os.lstat(self._text)
        except OSError:
            return None
        return found.st_dev, found.st_ino

    def open(self) -> tuple[sqlite3.Connection, sqlite3.Connection, Identity, Path | None]:
        """Open the file, make it if it is missing, begin anew if it is broken.

        Return a connection that writes, one that reads, and what file it is; and the new name of the broken one.

        :raises CacheUnusable: if it cannot be used.
        :raises OSError: if the file system fails.
        :raises sqlite3.Error: if SQLite fails.
        """
        with self._locked():
            try:
                return *self._open(), None
            except (_Broken, sqlite3.DatabaseError) as error:
                if not isinstance(error, _Broken) and not is_broken(error):
                    raise
            aside = self._rename()
            return *self._open(), aside

    def set_aside(self, identity: Identity) -> Path | None:
        """Rename the file and what belongs to it, unless it is another file by now. Return the new name."""
        with self._locked():
            return self._rename() if self.identity() == identity else None

    def _rename(self) -> Path:
        aside = self.path.with_name(f"{self.path.name}.broken-{self._random(6).hex()}")
        for side in _SIDES:  # before the file: a new one must not find them
            with suppress(FileNotFoundError):
                Path(f"{self.path}{side}").rename(f"{aside}{side}")
        self.path.rename(aside)
        return aside

    def _open(self) -> tuple[sqlite3.Connection, sqlite3.Connection, Identity]:
        identity = self._made()
        writer = self._connected()
        try:
            self._set_up(writer)
            return writer, self._reading(), identity
        except BaseException:
            writer.close()
            raise

    def _reading(self) -> sqlite3.Connection:
        """Return another connection, which has opened the log already: later it may be another file's."""
        reader = self._connected()
        try:
            reader.execute("PRAGMA query_only = ON")
            look(reader, 0, [0], 0)
            reader.execute("PRAGMA busy_timeout = 0")
        except BaseException:
            reader.close()
            raise
        return reader

    def _made(self) -> Identity:
        """See to it that a file is there that is ours alone."""
        try:
            found = os.lstat(self.path)
        except FileNotFoundError:
            for side in _SIDES:  # of a file that was deleted: a new one must not read them
                with suppress(FileNotFoundError):
                    Path(f"{self.path}{side}").unlink()
            _create(self.path)
            found = os.lstat(self.path)
        _check(self.path, found)
        return found.st_dev, found.st_ino

    def _connected(self) -> sqlite3.Connection:
        return sqlite3.connect(self._text, timeout=_BUSY, isolation_level=None, check_same_thread=False)

    def _set_up(self, writer: sqlite3.Connection) -> None:
        for pragma in ("trusted_schema = OFF", "cell_size_check = ON", f"journal_size_limit = {_LOG_BYTES}"):
            writer.execute(f"PRAGMA {pragma}")
        (application,) = writer.execute("PRAGMA application_id").fetchone()
        (version,) = writer.execute("PRAGMA user_version").fetchone()
        (tables,) = writer.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        if tables and application != APPLICATION:
            raise CacheUnusable(f"{self.path} is the database of another program: name another file for the cache.")
        if version > VERSION:
            raise CacheUnusable(f"{self.path} is of a later version of clio_async: name another file for the cache.")
        if tables and version < VERSION:
            raise _Broken
        if writer.execute("PRAGMA journal_mode = WAL").fetchone() != ("wal",):
            raise CacheUnusable(f"{self.path} cannot have a log (WAL): name a file on a disk of this machine.")
        # Where a start of the machine has a name, what a power cut may undo is forgotten with it.
        writer.execute(f"PRAGMA synchronous = {'FULL' if self._boot is None else 'NORMAL'}")
        (page,) = writer.execute("PRAGMA page_size").fetchone()
        writer.execute(f"PRAGMA max_page_count = {self._pages(page)}")
        self._settle(writer, not tables)
        writer.execute("PRAGMA busy_timeout = 0")

    def _settle(self, writer: sqlite3.Connection, is_new: bool) -> None:
        """Make the tables, and begin an epoch unless the one that is there is of this start of the machine."""
        writer.execute("BEGIN IMMEDIATE")  # also to see whether it can be written
        try:
            if is_new:
                for statement in SCHEMA:
                    writer.execute(statement)
                writer.execute(f"PRAGMA application_id = {APPLICATION}")
                writer.execute(f"PRAGMA user_version = {VERSION}")
            row = look(writer, 0, [0], 0)
            if row is None or row.epoch[: len(self.boot)] != self.boot:
                begin_anew(writer, self.boot, self._random)
            writer.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                writer.execute("ROLLBACK")
            raise

    @contextmanager
    def _locked(self) -> Generator[None, None, None]:
        """Be the only one, on this machine, who opens or sets aside. A process that ends leaves no lock."""
        if fcntl is None:  # pragma: no cover
            raise CacheUnusable("SQLiteCache needs a POSIX system.")
        _check_directory(self.path.parent)
        path = Path(f"{self.path}-lock")
        file = os.open(path, os.O_RDWR | os.O_CREAT | _SAFE, 0o600)
        try:
            _check(path, os.fstat(file))
            os.fchmod(file, 0o600)  # a umask may have taken our own rights
            for _ in range(_TRIES):
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    threading.Event().wait(_PAUSE)
            else:
                raise CacheUnusable(f"Another process has been opening {self.path} for too long.")
            try:
                yield
            finally:
                fcntl.flock(file, fcntl.LOCK_UN)  # also for a copy that a child got by a fork
        finally:
            os.close(file)


def _create(path: Path) -> None:
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | _SAFE, 0o600)
    try:
        os.fchmod(file, 0o600)  # a umask may have taken our own rights
    finally:
        os.close(file)


def _check_directory(path: Path) -> None:
    try:
        info = path.stat()
    except FileNotFoundError:
        raise CacheUnusable(f"{path} does not exist: make the directory that is to hold the cache.") from None
    if info.st_uid != os.geteuid() or info.st_mode & 0o022:
        raise CacheUnusable(
            f"{path} belongs to another user, or others may write to it: chmod 700 it, or name another."
        )


def _check(path: Path, info: os.stat_result) -> None:
    if not stat.S_ISREG(info.st_mode):
        fault = "is not a regular file: remove it."
    elif info.st_uid != os.geteuid():
        fault = "belongs to another user, who may have read or written it: remove it."
    elif info.st_mode & 0o077:
        fault = "can be read or written by others: remove it, or chmod 600 it if nobody has."
    elif info.st_nlink > 1:
        fault = "is a file that has another name too (a hard link): remove it."
    else:
        return
    raise CacheUnusable(f"{path} {fault}")
