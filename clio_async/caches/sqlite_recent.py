"""What a `SQLiteCache` has read or kept lately, so that it is not read and decoded again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence

from .base import Begun, Entry

__all__ = ["NONE", "Item", "Recent"]

NONE = -1
"""No stamp, and no version."""

_NOTHING = Begun(None, None)
_FACTOR = 5
_OVERHEAD = 2_000


class Item:
    """An entry that was read or kept, and what the file said then."""

    __slots__ = ("begun", "cost", "entry", "stamp", "tags", "version")

    def __init__(self, stamp: int, entry: Entry, cost: int) -> None:
        self.stamp = stamp
        self.entry = entry
        self.cost = cost
        self.version = NONE
        """Of the file that holds what follows."""
        self.tags: Sequence[str] = ()
        self.begun = _NOTHING


class Recent:
    """Entries that were read or kept lately, each with the stamp of its writing: what the file still has is not read
    and decoded again. Nothing is given from here that the file does not name as current.
    """

    __slots__ = ("_bytes", "_entries", "_lock", "_most")

    def __init__(self, lock: threading.Lock, most: int) -> None:
        self._entries: OrderedDict[tuple[str, str], Item] = OrderedDict()
        self._lock = lock
        self._most = most
        self._bytes = 0

    def get(self, place: tuple[str, str]) -> Item | None:
        return self._entries.get(place)

    def put(self, place: tuple[str, str], stamp: int, entry: Entry) -> None:
        cost = _OVERHEAD + 2 * len(place[1]) + _FACTOR * len(entry.body)
        item = Item(stamp, entry, cost)
        with self._lock:
            found = self._entries.pop(place, None)
            self._entries[place] = item
            self._bytes += cost if found is None else cost - found.cost
            while self._bytes > self._most:
                self._drop(next(iter(self._entries)))

    def forget(self, principal: str | None = None) -> None:
        """Forget everything, or all of a principal."""
        with self._lock:
            for place in [place for place in self._entries if principal in (None, place[0])]:
                self._drop(place)

    def _drop(self, place: tuple[str, str]) -> None:
        self._bytes -= self._entries.pop(place).cost
