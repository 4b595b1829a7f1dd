"""Warnings that never stand in the way of an answer."""

from __future__ import annotations

import logging
import warnings

from .errors import ClioWarning

__all__ = ["notify"]

_log = logging.getLogger("clio_async")


_LONGEST = 500


def notify(message: str, category: type[ClioWarning] = ClioWarning) -> None:
    """Give a warning. Where warnings are errors it is logged instead: the write it is about may have landed.

    It is given as one line: it may repeat a word of the server's.
    """
    line = "".join(char if char.isprintable() else " " for char in message[:_LONGEST])
    try:
        warnings.warn(line, category, stacklevel=3)
    except ClioWarning:
        _log.warning("%s", line)
