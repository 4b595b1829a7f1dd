"""Where a command writes a file: never over another one unless it is told to, and never where a server's name leads."""

from __future__ import annotations

import os
from pathlib import Path

from ..errors import InvalidArgument
from ..protocol.filenames import safe_filename

__all__ = ["free", "named"]


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
        raise InvalidArgument(f"{path} is there already: --force replaces it.")
    return path
