"""What `SQLiteCache` keeps in its file, as statements over an open connection.

Entries and marks are found by 63 bits of a digest. Two entries that meet there push each other out, since a value says
whose it is; two marks that meet outdate a little more than they must.

A mark is something that was outdated, and has the number that was next then. The generation of a read is the epoch of
the file, which is random, and the greatest number of its marks. The oldest marks are forgotten into a floor, below
which no number is: forgetting can refuse, and never allow.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from functools import lru_cache
from sqlite3 import Connection
from typing import Any, NamedTuple

__all__ = [
    "APPLICATION",
    "SCHEMA",
    "VERSION",
    "New",
    "Room",
    "Row",
    "Tables",
    "begin_anew",
    "boot_mark",
    "look",
    "marks_of",
    "place_of",
]

APPLICATION = 0x436C696F
VERSION = 1
"""Of the tables. A file of a later one is refused; an earlier one is set aside."""

_BOOT = 8
_EPOCH = _BOOT + 16

SCHEMA = (
    "CREATE TABLE state (id INTEGER PRIMARY KEY, epoch BLOB NOT NULL, floor INTEGER NOT NULL, latest INTEGER NOT NULL)",
    "CREATE TABLE marks (mark INTEGER PRIMARY KEY, number INTEGER NOT NULL)",
    "CREATE INDEX marks_by_number ON marks (number)",
    "CREATE TABLE entries (place INTEGER PRIMARY KEY, principal INTEGER NOT NULL, number INTEGER NOT NULL,"
    " stamp INTEGER NOT NULL, validated REAL NOT NULL, expires REAL NOT NULL, size INTEGER NOT NULL,"
    " value BLOB NOT NULL)",
    "CREATE INDEX shelves ON entries (principal, validated, expires, size)",
)


class Row(NamedTuple):
    """What the file says when a read begins."""

    epoch: bytes
    number: int
    held: int | None
    """The number under which the entry was kept; None where there is none."""
    validated: float | None
    stamp: int | None
    """A number of this very writing of the entry."""
    value: bytes | None
    """None where the stamp is the one that was asked about."""


class Room(NamedTuple):
    """The bounds of a file."""

    bytes: int
    marks: int


@lru_cache(4096)
def _digest(*parts: str) -> int:
    raw = [part.encode("utf-8", "surrogatepass") for part in parts]
    whole = b"".join([b"%d " % len(part) for part in raw] + raw)
    return int.from_bytes(hashlib.blake2b(whole, digest_size=8).digest(), "big") >> 1


def place_of(principal: str, key: str) -> int:
    """Return where the entry of a principal and a key is."""
    return _digest(principal, "entry", key)


def marks_of(principal: str | None, tags: Sequence[str] = ()) -> list[int]:
    """Return the marks of tags: of all principals, or of one. Without tags: the mark of all that a principal has."""
    if principal is None:
        return [_digest(tag) for tag in tags]
    return [_digest(principal, tag) for tag in tags] if tags else [_digest(principal, "", "", "")]


def boot_mark(boot: str) -> bytes:
    """Return what the epoch of a file begins with that is used since that start of the machine."""
    return hashlib.sha256(boot.encode()).digest()[:_BOOT]


def begin_anew(connection: Connection, boot: bytes, random: Callable[[int], bytes]) -> None:
    """Forget everything, and begin an epoch that never was."""
    connection.execute("DELETE FROM entries")
    connection.execute("DELETE FROM marks")
    epoch = boot + random(_EPOCH - _BOOT)
    connection.execute("INSERT OR REPLACE INTO state (id, epoch, floor, latest) VALUES (1, ?, 0, 0)", (epoch,))


@lru_cache(64)
def _look(count: int) -> str:
    # One look-up for each mark: that is twice as fast as a list of them.
    numbers = ", ifnull((SELECT number FROM marks WHERE mark = ?), 0)" * count
    return (
        f"SELECT s.epoch, max(s.floor{numbers}), e.number, e.validated, e.stamp,"  # noqa: S608 - no text of anybody's
        " CASE WHEN e.stamp = ? THEN NULL ELSE e.value END"
        " FROM state s LEFT JOIN entries e ON e.place = ? WHERE s.id = 1"
    )


class New(NamedTuple):
    """An entry to be written, with its times on the clock that all processes share."""

    value: bytes | None
    """None: it is too large to be kept."""
    stamp: int
    validated: float
    expires: float


class Tables:
    """The statements that write. Each is one step within a transaction of the caller."""

    def __init__(self, connection: Connection, room: Room) -> None:
        self.connection = connection
        self._room = room
        self._left = 0  # bytes that may be used at least
        self._page = int(connection.execute("PRAGMA page_size").fetchone()[0])

    def commit(self, principal: str, place: int, marks: Sequence[int], generation: object, entry: New) -> bool:
        """Keep an entry, unless the generation is another or a later answer is held under it."""
        row = look(self.connection, place, marks, 0)
        if row is None or (row.epoch, row.number) != generation:
            return False
        if row.held == row.number and (row.validated or 0) > entry.validated:
            return False
        if entry.value is None:
            self.connection.execute("DELETE FROM entries WHERE place = ?", (place,))
            return False
        if not self._make_room(len(entry.value), entry.validated):
            return False
        self.connection.execute(
            "INSERT OR REPLACE INTO entries (place, principal, number, stamp, validated, expires, size, value)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                place,
                marks_of(principal)[0],
                row.number,
                entry.stamp,
                entry.validated,
                entry.expires,
                len(entry.value),
                entry.value,
            ),
        )
        return True

    def freshen(self, place: int, stamp: int, again: Callable[[bytes, int], New]) -> int | None:
        """Replace the entry of a stamp by what a 304 has made of it, under the generation that it has.

        Return its new stamp; None if it is not there any more.
        """
        found = self.connection.execute(
            "SELECT s.epoch, e.number FROM state s JOIN entries e ON e.place = ? AND e.stamp = ? WHERE s.id = 1",
            (place, stamp),
        ).fetchone()
        new = None if found is None else again(*found)
        if new is None or new.value is None:
            return None
        self.connection.execute(
            "UPDATE entries SET stamp = ?, validated = ?, expires = ?, size = ?, value = ? WHERE place = ?",
            (new.stamp, new.validated, new.expires, len(new.value), new.value, place),
        )
        return new.stamp

    def outdate(self, marks: Sequence[int]) -> None:
        """Give marks the next number."""
        self.connection.execute("UPDATE state SET latest = latest + ? WHERE id = 1", (len(marks),))
        self.connection.executemany(
            "INSERT OR REPLACE INTO marks (mark, number) SELECT ?, latest FROM state WHERE id = 1",
            [(mark,) for mark in marks],
        )
        (count,) = (
            self.connection.execute("SELECT count(*) FROM marks").fetchone() if self._may_be_many(len(marks)) else (0,)
        )
        if count > self._room.marks:
            self._forget(count - self._room.marks * 3 // 4)

    def purge(self, principal: str) -> None:
        """Outdate and delete all of a principal."""
        marks = marks_of(principal)
        self.outdate(marks)
        self.connection.execute("DELETE FROM entries WHERE principal = ?", marks)

    def _may_be_many(self, added: int) -> bool:
        """Count now and then only: it takes the time of a walk over all marks."""
        latest: int = self.connection.execute("SELECT latest FROM state WHERE id = 1").fetchone()[0]
        step = max(1, self._room.marks // 64)
        return latest // step != (latest - added) // step

    def _forget(self, count: int) -> None:
        """Raise the floor to the number of the last of the `count` oldest marks."""
        (floor,) = self.connection.execute(
            "SELECT number FROM marks ORDER BY number LIMIT 1 OFFSET ?", (count - 1,)
        ).fetchone()
        self.connection.execute("DELETE FROM marks WHERE number <= ?", (floor,))
        self.connection.execute("UPDATE state SET floor = ? WHERE id = 1", (floor,))

    def _make_room(self, size: int, now: float) -> bool:
        """See to it that `size` bytes more fit into the file. `now` is on the clock of the entries."""
        needed = size + self._page
        if self._left < needed:
            self._left = self._room.bytes - self._used()
        if self._left < needed:
            self.shrink(now, self._room.bytes - self._room.bytes // 16 - needed)
            self._left = self._room.bytes - self._used()
        if self._left < needed:
            return False
        self._left -= needed
        return True

    def _used(self) -> int:
        pages: int = self.connection.execute("PRAGMA page_count").fetchone()[0]
        free: int = self.connection.execute("PRAGMA freelist_count").fetchone()[0]
        return (pages - free) * self._page

    def shrink(self, now: float, target: int) -> None:
        """Free pages until `target` bytes are in use: what has expired, then the oldest of those who hold most.

        Only what lies above a fair share is taken, so that nobody pushes another out.
        """
        self.connection.execute("DELETE FROM entries WHERE expires <= ?", (now,))
        used = self._used()
        shelves = self.connection.execute("SELECT principal, sum(size) FROM entries GROUP BY principal").fetchall()
        total = sum(size for _, size in shelves)
        if used <= target or not total:
            return
        # What an entry takes beside its value is spread evenly: so much of the values has to go.
        allowed = max(0, total - (used - target) * total // used - 1)
        fair = allowed // len(shelves)
        for principal, size in sorted(shelves, key=_size_of, reverse=True):
            if total <= allowed:
                break
            total -= self._take(principal, min(size - fair, total - allowed))

    def _take(self, principal: int, size: int) -> int:
        """Delete the oldest entries of a principal, `size` bytes at least. Return how many bytes they had."""
        taken, places = 0, list[tuple[int]]()
        rows: Any = self.connection.execute(
            "SELECT place, size FROM entries WHERE principal = ? ORDER BY validated", (principal,)
        )
        for place, bytes_ in rows.fetchall():
            if taken < size:
                taken += bytes_
                places.append((place,))
        self.connection.executemany("DELETE FROM entries WHERE place = ?", places)
        return taken


def look(connection: Connection, place: int, marks: Sequence[int], stamp: int) -> Row | None:
    """Return what a read begins with, in one statement. None: the file says nothing of its state."""
    row: Any = connection.execute(_look(len(marks)), (*marks, stamp, place)).fetchone()
    if row is None or not isinstance(row[0], bytes) or not isinstance(row[1], int):
        return None
    return Row(*row)


def _size_of(item: tuple[int, int]) -> int:
    return item[1]
