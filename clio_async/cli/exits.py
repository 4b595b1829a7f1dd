"""The statuses that every command may end with, besides its own. The numbers are those of sysexits.h."""

from __future__ import annotations

from typing import Final

__all__ = ["CANCELLED", "UNAVAILABLE", "USAGE"]

USAGE: Final = 64
"""A mistake in the arguments."""
UNAVAILABLE: Final = 69
"""A library that the command line needs is not installed."""
CANCELLED: Final = 130
"""Ctrl-C."""
