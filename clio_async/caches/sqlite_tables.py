"""What `SQLiteCache` keeps in its file, as statements over an open connection.

A mark is something that was outdated, and has the number that was next then. The generation of a read is the epoch of
the file, which is random, and the greatest number of its marks. The oldest marks are forgotten into a floor, below
which no number is: forgetting can refuse, and never allow.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from sqlite3 import Connection
from typing import Any, NamedTuple

from .sqlite_names import BOOT, marks_of

__all__ = [
    "APPLICATION",
    "SCHEMA",
    "VERSION",
    "New",
    "Room",
    "Row",
    "Tables",
    "TooMuch",
    "begin_anew",
    "latest_of",
    "look",
]

APPLICATION = 0x436C696F
VERSION = 1
"""Of the tables. A file of a later one is refused; an earlier one is set aside."""

_EPOCH = BOOT + 16  # bytes
_SLICE = 256  # part of the room that is used before it is measured again: other processes use it too

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


def begin_anew(connection: Connection, boot: bytes, random: Callable[[int], bytes]) -> None:
    """Forget everything, and begin an epoch that never was."""
    connection.execute("DELETE FROM entries")
    connection.execute("DELETE FROM marks")
    epoch = boot + random(_EPOCH - BOOT)
    connection.execute("INSERT OR REPLACE INTO state (id, epoch, floor, latest) VALUES (1, ?, 0, 0)", (epoch,))


class TooMuch(Exception):
    """A step would take longer than it may where it is."""


@lru_cache(64)
def _look(count: int, value: str) -> str:
    # One look-up for each mark: that is twice as fast as a list of them.
    numbers = ", ifnull((SELECT number FROM marks WHERE mark = ?), 0)" * count
    return (
        f"SELECT s.epoch, max(s.floor{numbers}), e.number, e.validated, e.stamp, {value}"  # noqa: S608 - no text of anybody's
        " FROM state s LEFT JOIN entries e ON e.place = ? WHERE s.id = 1"
    )


@lru_cache(64)
def _keep(count: int) -> str:
    # The epoch and the number are those of the read that the answer is of. What is there already stays if it is later.
    numbers = ", ifnull((SELECT number FROM marks WHERE mark = ?), 0)" * count
    return (
        "INSERT INTO entries (place, principal, number, stamp, validated, expires, size, value)"  # noqa: S608 - as above
        " SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8 FROM state s"
        f" WHERE s.id = 1 AND s.epoch = ?9 AND ?3 = max(s.floor{numbers})"
        " ON CONFLICT (place) DO UPDATE SET principal = excluded.principal, number = excluded.number,"
        " stamp = excluded.stamp, validated = excluded.validated, expires = excluded.expires, size = excluded.size,"
        " value = excluded.value WHERE entries.number <> excluded.number OR entries.validated <= excluded.validated"
    )


class New(NamedTuple):
    """An entry to be written, with its times on the clock that all processes share."""

    value: bytes | None
    """None: it is too large to be kept."""
    stamp: int
    validated: float
    expires: float


class Tables:
    """The statements that write. Each is one step within a transaction of the caller.

    While `is_prompt`, a step that would walk over entries or marks raises `TooMuch` instead. Unless it `keeps`, no
    entry is written.
    """

    def __init__(self, connection: Connection, room: Room) -> None:
        self.connection = connection
        self._room = room
        self._left = 0  # bytes that may be used before the file is measured again
        self.is_prompt = False
        self.keeps = True
        self.has_outdated = False
        """Whether a step of this transaction has outdated something."""
        self._page = int(connection.execute("PRAGMA page_size").fetchone()[0])

    def epoch(self) -> object:
        """Return what the file says is its epoch."""
        return self.connection.execute("SELECT max(epoch) FROM state WHERE id = 1").fetchone()[0]

    def commit(self, principal: str, place: int, marks: Sequence[int], generation: tuple[bytes, int], new: New) -> bool:
        """Keep an entry, unless the generation is another or a later answer is held under it."""
        if self.keep(principal, place, marks, generation, new):
            return True
        row = self.connection.execute(_look(len(marks), "NULL"), (*marks, place)).fetchone()
        epoch, number, held, validated, _, _ = row
        if (epoch, number) != generation:
            return False
        if held == number and validated > new.validated:
            return False
        if new.value is None:
            self.connection.execute("DELETE FROM entries WHERE place = ?", (place,))
            return False
        if not self.keeps or not self._make_room(len(new.value), new.validated):
            return False
        return self.keep(principal, place, marks, generation, new)

    def keep(self, principal: str, place: int, marks: Sequence[int], generation: tuple[bytes, int], new: New) -> bool:
        """Keep an entry if nothing is in its way, which one statement both checks and does. False: `commit` knows why.

        What `commit` does is a transaction. This is one by itself where there is none.
        """
        value = new.value
        if value is None or not self.keeps:
            return False
        size = len(value)
        if self._left < size + self._page:
            return False
        epoch, number = generation
        whose = marks_of(principal)[0]
        row = (place, whose, number, new.stamp, new.validated, new.expires, size, value, epoch, *marks)
        if self.connection.execute(_keep(len(marks)), row).rowcount != 1:
            return False
        self._left -= size + self._page
        return True

    def freshen(self, place: int, stamp: int, again: Callable[[bytes, int], New]) -> int | None:
        """Replace the entry of a stamp by what a 304 has made of it, under the generation that it has.

        Return its new stamp; None if it is not there any more.
        """
        if not self.keeps:
            return None
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
        self.has_outdated = True
        self.connection.execute("UPDATE state SET latest = latest + ? WHERE id = 1", (len(marks),))
        self.connection.executemany(
            "INSERT OR REPLACE INTO marks (mark, number) SELECT ?, latest FROM state WHERE id = 1",
            [(mark,) for mark in marks],
        )
        if self._may_be_many(len(marks)):
            self._walks()
            (count,) = self.connection.execute("SELECT count(*) FROM marks").fetchone()
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
        free = self._room.bytes - self._used()
        if free < needed:
            self._walks()
            self.shrink(now, self._room.bytes - self._room.bytes // 16 - needed)
            free = self._room.bytes - self._used()
        if free < needed:
            return False
        self._left = min(free, max(needed, self._room.bytes // _SLICE))
        return True

    def _walks(self) -> None:
        """Say that what comes next takes the time of many steps."""
        if self.is_prompt:
            raise TooMuch

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
    statement = _look(len(marks), "CASE WHEN e.stamp = ? THEN NULL ELSE e.value END")
    row: Any = connection.execute(statement, (*marks, stamp, place)).fetchone()
    if row is None or not isinstance(row[0], bytes) or not isinstance(row[1], int):
        return None
    return Row(*row)


def latest_of(connection: Connection) -> tuple[int, bytes]:
    """Return the number of what was outdated last, and the epoch."""
    found: tuple[int, bytes] = connection.execute("SELECT latest, epoch FROM state WHERE id = 1").fetchone()
    return found


def _size_of(item: tuple[int, int]) -> int:
    return item[1]
