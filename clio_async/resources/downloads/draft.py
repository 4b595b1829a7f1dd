"""A file that takes the place of another when it is complete, and is gone if it is not. For worker threads."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from errno import EEXIST
from pathlib import Path
from secrets import token_hex
from threading import Lock
from typing import BinaryIO

from ...errors import InvalidArgument

__all__ = ["Draft", "target_of"]

_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


def target_of(path: str | os.PathLike[str], overwrite: bool = True) -> Path:
    """Return the path of a file, made absolute.

    :raises InvalidArgument: if no file can be there: a directory or a device is, or its folder is missing.
    :raises FileExistsError: if something is there, and may not be overwritten.
    """
    text = os.fspath(path) if isinstance(path, str | os.PathLike) else None
    if not isinstance(text, str) or not text or "\0" in text or text.endswith((os.sep, os.altsep or os.sep)):
        raise InvalidArgument("path is that of the file to be written: a text or a Path, and no folder.")
    place = Path(text).absolute()
    if place.name in {"", ".."} or place.is_dir():
        raise InvalidArgument("path is a folder: add the name of a file to it, such as safe_filename(name).")
    if not place.parent.is_dir():
        raise InvalidArgument("path is in a folder that does not exist: make it first.")
    with suppress(FileNotFoundError):
        mode = place.lstat().st_mode
        if not (stat.S_ISREG(mode) or stat.S_ISLNK(mode)):
            raise InvalidArgument("path is a device, a pipe or a socket, which no file may replace.")
        if not overwrite:
            raise FileExistsError(EEXIST, os.strerror(EEXIST), str(place))
    return place


class Draft:
    """A file beside `target`, readable for this user alone, under a name that nobody can guess.

    Its methods may run in threads that outlive whoever called them: after `discard` none of them does anything.
    """

    def __init__(self, target: Path, overwrite: bool = True) -> None:
        self._target = target
        self._overwrites = overwrite
        self._path = target.with_name(f".clio-{token_hex(12)}.part")
        self._file: BinaryIO | None = None
        self._lock = Lock()
        self._is_over = False

    def open(self) -> None:
        """Make it. What already has its name, a link too, is left alone, and an error."""
        with self._lock:
            if not self._is_over:
                self._file = os.fdopen(os.open(self._path, _FLAGS, 0o600), "wb", buffering=0)

    def write(self, pieces: Iterable[bytes]) -> None:
        """Append pieces."""
        with self._lock:
            if self._file is not None:
                for piece in pieces:
                    rest = memoryview(piece)
                    while rest:
                        rest = rest[self._file.write(rest) :]

    def empty(self) -> None:
        """Begin anew."""
        with self._lock:
            if self._file is not None:
                self._file.seek(0)
                self._file.truncate()

    def finish(self) -> None:
        """Put it in its place, so that it stays there if the machine loses its power now.

        :raises FileExistsError: if something is there, and may not be overwritten.
        """
        with self._lock:
            if self._file is not None:
                os.fsync(self._file.fileno())
                self._file.close()
                if self._overwrites:
                    os.replace(self._path, self._target)  # noqa: PTH105 - a link is replaced, not followed
                else:
                    _place_new(self._path, self._target)
                self._file, self._is_over = None, True
                _sync_folder(self._target.parent)

    def discard(self) -> None:
        """Take it away, unless it is in its place."""
        with self._lock:
            file, self._file = self._file, None
            self._is_over = True
            if file is not None:
                file.close()
                self._path.unlink(missing_ok=True)


def _place_new(path: Path, target: Path) -> None:
    """Give a file a name that nothing has.

    :raises FileExistsError: if something has it.
    """
    try:
        os.link(path, target)
    except FileExistsError:
        raise
    except (OSError, NotImplementedError):  # no second names for a file here: an empty one takes the name first
        os.close(os.open(target, _FLAGS, 0o600))
        path.replace(target)
    else:
        path.unlink()


def _sync_folder(folder: Path) -> None:
    """Make the names in a folder last, where the system can (Windows cannot open one)."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
