"""What the commands print: all of it at once, so that a reader who has gone away is noticed."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from contextlib import suppress

from rich.console import Console

__all__ = ["rendered", "write_bytes", "write_out"]


def rendered(show: Callable[[Console], None]) -> str:
    """Return what is shown on a console as wide, and as colourful, as standard output."""
    is_terminal = sys.stdout is not None and sys.stdout.isatty()
    console = Console(file=io.StringIO(), force_terminal=is_terminal, highlight=False, markup=False)
    with console.capture() as captured:
        show(console)
    return captured.get()


def write_out(text: str) -> None:
    """Write to standard output.

    :raises OSError: if that does not take it: a closed pipe, a full disk.
    """
    if sys.stdout is None:
        raise OSError("standard output is closed")
    try:
        encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
        sys.stdout.write(text.encode(encoding, "replace").decode(encoding))
        sys.stdout.flush()
    except OSError:
        _let_go()
        raise


def write_bytes(piece: bytes) -> None:
    """Write bytes to standard output, as they are.

    :raises OSError: if that does not take them.
    """
    if sys.stdout is None:
        raise OSError("standard output is closed")
    try:
        sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()
    except OSError:
        _let_go()
        raise


def _let_go() -> None:
    """Have what is left in the buffer go nowhere: the interpreter would write it at its end, and fail again."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
