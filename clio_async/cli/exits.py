"""How every command may end, besides its own ways. The numbers of the statuses are those of sysexits.h."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NoReturn

from ..errors import ClioError, InvalidArgument

__all__ = ["CANCELLED", "UNAVAILABLE", "USAGE", "as_typed", "exit_status", "printable", "stop"]

USAGE: Final = 64
"""A mistake in the arguments."""
UNAVAILABLE: Final = 69
"""A library that the command line needs is not installed."""
CANCELLED: Final = 130
"""Ctrl-C."""


def stop(status: int, text: str) -> NoReturn:
    """End the process with a status, and say why."""
    sys.stderr.write(f"clio-async: {printable(text)}\n")
    raise SystemExit(status) from None


@contextmanager
def exit_status() -> Generator[None, None, None]:
    """End the process with a sentence and a status where an error would."""
    try:
        yield
    except InvalidArgument as error:
        stop(USAGE, str(error))
    except (ClioError, OSError) as error:
        stop(1, str(error))
    except KeyboardInterrupt:
        stop(CANCELLED, "Cancelled.")


def printable(text: str) -> str:
    """Replace what could steer a terminal: names come from the server."""
    return "".join(character if character.isprintable() or character == "\n" else "\ufffd" for character in text)


def as_typed(path: Path) -> str:
    """Return a path as it is typed into a shell: one word, which is no option."""
    text = str(path)
    return shlex.quote(f"./{text}" if text.startswith("-") else text)
