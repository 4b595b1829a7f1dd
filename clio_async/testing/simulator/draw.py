"""Chance that can be repeated: every value is a function of a key."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from hashlib import blake2b
from typing import TypeVar

from .clock import EPOCH

__all__ = ["FIRST_DAY", "Draw", "hexadecimal"]

T = TypeVar("T")

FIRST_DAY = EPOCH - 3 * 365 * 86_400
"""The firm was founded then (seconds since the epoch)."""


def hexadecimal(key: str) -> str:
    """Return 32 hexadecimal digits for a key."""
    return blake2b(key.encode(), digest_size=16).hexdigest()


class Draw:
    """Values for one record: the same key and name give the same value, in any order, at any time."""

    __slots__ = ("key",)

    def __init__(self, key: str) -> None:
        self.key = key

    def number(self, name: str, below: int) -> int:
        """Return a number in [0, below)."""
        return int.from_bytes(blake2b(f"{self.key}/{name}".encode(), digest_size=8).digest()) % below

    def choice(self, name: str, options: Sequence[T]) -> T:
        """Return one of `options`."""
        return options[self.number(name, len(options))]

    def once_in(self, name: str, times: int) -> bool:
        """Be true once in so many times."""
        return self.number(name, times) == 0

    def money(self, name: str, below: int) -> Decimal:
        """Return an amount with two decimals."""
        return Decimal(self.number(name, below * 100)) / 100

    def day(self, name: str) -> date:
        """Return a day of the firm's life."""
        return datetime.fromtimestamp(FIRST_DAY, UTC).date() + timedelta(days=self.number(name, 3 * 365))

    def moment(self, name: str) -> datetime:
        """Return a moment of the firm's life."""
        return datetime.fromtimestamp(FIRST_DAY + self.number(name, 3 * 365 * 86_400), UTC)
