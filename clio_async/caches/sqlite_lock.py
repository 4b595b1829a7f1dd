"""The small file beside that of a `SQLiteCache`, `cache.db-lock`: whoever opens or sets aside has to hold it.

It also says how far the cache has come. An older copy of the cache that is put back knows of less, and is found out.
"""

from __future__ import annotations

import os
import stat
import struct
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from ..errors import ClioError

try:
    import fcntl
except ImportError:  # pragma: no cover - there is no such system among those that are tested
    fcntl = None  # type: ignore[assignment]

__all__ = ["SAFE", "CacheUnusable", "Ledger", "Record", "check_file", "locked"]

SAFE = os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NOCTTY | os.O_NONBLOCK
"""With these flags nothing is opened but a file, and no program that is started inherits it."""

_TRIES = 50
_PAUSE = 0.01  # seconds
_RECORD = struct.Struct(">QQ24s")


class CacheUnusable(ClioError):
    """The file of a cache cannot be used as it is."""


class Record(NamedTuple):
    """How far a cache has come."""

    inode: int
    """Of its file."""
    latest: int
    """The number of what was outdated last."""
    epoch: bytes


class Ledger:
    """The record of a cache, open to be written. It is written within the transactions of the cache."""

    def __init__(self, file: int) -> None:
        self._file = file

    def read(self) -> Record | None:
        """Return the record. None: there is none."""
        raw = os.pread(self._file, _RECORD.size, 0)
        return Record(*_RECORD.unpack(raw)) if len(raw) == _RECORD.size else None

    def write(self, record: Record) -> None:
        """Replace the record.

        :raises OSError: if it cannot be written.
        """
        os.pwrite(self._file, _RECORD.pack(*record), 0)

    def advance(self, record: Record) -> None:
        """Replace the record, if it is of the same file: whoever has another one by now finds out elsewhere."""
        found = self.read()
        if found is None or found.inode == record.inode:
            self.write(record)

    def close(self) -> None:
        os.close(self._file)


@contextmanager
def locked(cache: Path) -> Generator[int, None, None]:
    """Be the only one, on this machine, who opens or sets aside. A process that ends leaves no lock.

    :raises CacheUnusable: if others may write there, or another process holds it for too long.
    """
    if fcntl is None:  # pragma: no cover
        raise CacheUnusable("SQLiteCache needs a POSIX system.")
    _check_directory(cache.parent)
    path = Path(f"{cache}-lock")
    file = os.open(path, os.O_RDWR | os.O_CREAT | SAFE, 0o600)
    try:
        check_file(path, os.fstat(file))
        os.fchmod(file, 0o600)  # a umask may have taken our own rights
        for _ in range(_TRIES):
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                threading.Event().wait(_PAUSE)
        else:
            raise CacheUnusable(f"Another process has been opening {cache} for too long.")
        try:
            yield file
        finally:
            fcntl.flock(file, fcntl.LOCK_UN)  # also for a copy: the ledger's, or one that a child got by a fork
    finally:
        os.close(file)


def check_file(path: Path, info: os.stat_result) -> None:
    """See to it that a file is ours alone.

    :raises CacheUnusable: if it is not.
    """
    if not stat.S_ISREG(info.st_mode):
        fault = "is not a regular file: name one that is, or that does not exist yet."
    elif info.st_uid != os.geteuid():
        fault = "belongs to another user, who may have read or written it: remove it."
    elif info.st_mode & 0o077:
        fault = "can be read or written by others: remove it, or chmod 600 it if nobody has."
    elif info.st_nlink > 1:
        fault = "is a file that has another name too (a hard link): remove it."
    else:
        return
    raise CacheUnusable(f"{path} {fault}")


def _check_directory(path: Path) -> None:
    try:
        info = path.stat()
    except FileNotFoundError:
        raise CacheUnusable(f"{path} does not exist: make the directory that is to hold the cache.") from None
    if info.st_uid != os.geteuid() or info.st_mode & 0o022:
        raise CacheUnusable(
            f"{path} belongs to another user, or others may write to it: chmod 700 it, or name another."
        )
