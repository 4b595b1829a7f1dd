"""`Held`: a file of this machine that is opened, read and closed here."""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import IO

from ...errors import InvalidArgument

__all__ = ["Held"]

# Without waiting: to open a pipe would take until somebody writes to it, and nobody could end that.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


class Held:
    """A file that threads open and read.

    It can be closed at any time, without waiting. What a thread does with it then is seen to its end, and it is closed
    after that: a number that was given back must not be read from, as it may be another file's by then.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[bytes] | None = None
        self._is_over = False
        self._lock = Lock()

    def open(self) -> os.stat_result:
        """Open it, and return what it is.

        :raises OSError: if it cannot be opened.
        :raises InvalidArgument: if it is no regular file.
        """
        with self._using():
            number = os.open(self._path, _FLAGS)
            try:
                found = self._checked(os.fstat(number))
                self._file = io.FileIO(number)  # the number is its own from here on
            except BaseException:
                os.close(number)
                raise
            return found

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        with self._using() as file:
            return file.seek(offset, whence)

    def read(self, size: int, /) -> bytes:
        with self._using() as file:
            return file.read(size)

    def close(self) -> None:
        """Close it, now or when the thread that reads it has done so."""
        self._is_over = True
        self._settle()

    def _checked(self, found: os.stat_result) -> os.stat_result:
        if not stat.S_ISREG(found.st_mode):
            raise InvalidArgument(
                f"{self._path} is no regular file: give an async iterable of what comes from it, or the file that you "
                "have opened."
            )
        return found

    @contextmanager
    def _using(self) -> Generator[IO[bytes]]:
        try:
            with self._lock:
                if self._is_over:
                    raise ValueError("The file was closed.")
                yield self._file  # type: ignore[misc]  # it is there when it has been opened
        finally:
            self._settle()

    def _settle(self) -> None:
        # Whoever has the lock comes here when it is free.
        if self._is_over and self._file is not None and self._lock.acquire(blocking=False):
            try:
                self._file.close()
            finally:
                self._lock.release()
