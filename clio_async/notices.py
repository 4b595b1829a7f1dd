"""Warnings that never stand in the way of an answer."""

from __future__ import annotations

import logging
import warnings

from .errors import ClioWarning

__all__ = ["notify"]

_log = logging.getLogger("clio_async")


def notify(message: str, category: type[ClioWarning] = ClioWarning) -> None:
    """Give a warning. Where warnings are errors it is logged instead: the write it is about may have landed."""
    try:
        warnings.warn(message, category, stacklevel=3)
    except ClioWarning:
        _log.warning("%s", message)
