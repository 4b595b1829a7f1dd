"""What is said of a document that has not the form of Clio's."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

__all__ = ["Unreadable", "reading"]


class Unreadable(ValueError):
    """A document cannot be read. The text is one line, and names the place."""


@contextmanager
def reading(place: str) -> Generator[None, None, None]:
    """Say where it is that something cannot be read; the innermost place counts.

    :raises Unreadable: for whatever goes wrong at an object that is not of the form that is expected.
    """
    try:
        yield
    except Unreadable:
        raise
    except (LookupError, TypeError, AttributeError, ValueError, RecursionError) as error:
        raise Unreadable(f"{place}: {' '.join(_told(error).split())}") from error


def _told(error: Exception) -> str:
    match error:
        case KeyError():
            return f"it has no {error.args[0]!r}"
        case RecursionError():
            return "it is nested too deep, or in itself"
        case ValueError():
            return str(error)
        case _:
            return "it is not of the form that such things have in Clio's documents"
