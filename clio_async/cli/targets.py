"""Where a command writes a file: never over another one unless it is told to, and never where a server's name leads."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from ..errors import InvalidArgument
from ..protocol.filenames import safe_filename

__all__ = ["free", "named", "unreplaced"]


def named(folder: Path | None, name: str | None, *, force: bool) -> Path:
    """Return the path of a file with that name, as far as it is one for a file, in a folder or in this one.

    :raises InvalidArgument: if something is there, and `force` does not allow to replace it.
    """
    return free((folder or Path()) / safe_filename(name), force=force)


def free(path: Path, *, force: bool) -> Path:
    """Return the path if nothing is there, or may be replaced.

    :raises InvalidArgument: if something is.
    """
    if not force and os.path.lexists(path):
        raise _occupied(path)
    return path


@contextmanager
def unreplaced(path: Path) -> Generator[None, None, None]:
    """Say what to do about a file that has come to a path while another one was on its way there.

    :raises InvalidArgument: if one has.
    """
    try:
        yield
    except FileExistsError:
        raise _occupied(path) from None


def _occupied(path: Path) -> InvalidArgument:
    return InvalidArgument(f"{path} is there already: --force replaces it.")
