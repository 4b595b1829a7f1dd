"""A store in one file, for all processes of one machine: `SQLiteCache`."""

from __future__ import annotations

import math
import os
import time
import weakref
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import anyio

from ..errors import InvalidArgument
from ..secrets import Secret
from .base import Begun, CacheStore, Entry, Generation
from .sqlite_connections import Connections
from .sqlite_file import CacheFile, start_of_machine
from .sqlite_names import marks_of, place_of
from .sqlite_recent import NONE, Recent
from .sqlite_tables import New, Room, Row, Tables, look
from .sqlite_worker import Worker
from .stored import packed, secret_of, unpacked

__all__ = ["SQLiteCache"]

_OPENING = 0.1  # seconds for which a read waits until the thread has opened the file; then it has failed
_MARKS = 100_000
_MARK_BYTES = 64  # in table and index; an eighth of the file is left to marks, so that one can always be made
_RECENT_BYTES = 8 * 1024 * 1024  # of entries that were read, with what was decoded from them
_SMALL = 16 * 1024  # bytes of a value that is written in the caller's thread
_STEADY = 0.001  # seconds by which two clocks may drift apart before their difference is reckoned again
_READINGS = 10
_FEW = 32  # tags that are outdated there


def _shared_clock(boot: str | None) -> Callable[[], float]:
    """Return a clock that all processes of a machine have in common.

    Where entries are of one start of the machine only, it is the time since then, which nobody can set.
    """
    if boot is None or not hasattr(time, "CLOCK_BOOTTIME"):
        return time.time
    return lambda: time.clock_gettime(time.CLOCK_BOOTTIME)


class _Generation(NamedTuple):
    epoch: bytes
    number: int

    def bound(self) -> bytes:
        return b"%b %d" % (self.epoch, self.number)


class SQLiteCache(CacheStore):
    """Keep entries in a file of this machine, for all processes that name it.

    It belongs to the user of the process alone (0600), and its directory must be writable by no other. Do not put it
    on a disk of the network. `max_bytes` bounds the file; where it is full, what has expired goes first, then the
    oldest entries of the principals that hold most. SQLite's log beside it takes some 4 MiB more, or 16 MiB while
    somebody stays in a read of the file: then nothing more is kept, and only what is outdated is written. `key`
    authenticates what is stored (HMAC-SHA256), so that who can write to the file, but has not the key, cannot make up
    an answer.

    A read is made in the thread of the caller and takes some microseconds, and so is a small write if nobody else is
    writing. Other writes are made by one thread in groups, and are waited for.

    A file that is broken, or whose log (`-wal`, `-shm`) was removed or is another file's, is renamed to `.broken-…`,
    and a new one begun, with one warning. It holds the same confidential data; only the newest of them stays. An older
    copy that is put back is found out when it is opened, and emptied: the `-lock` beside it says how far the cache has
    come. What is not found out: a copy that is written over the file while a process has it open, one that is put back
    together with its `-lock`, in place of the same files, and a snapshot of the whole machine. After a restart of the
    machine the cache is empty: what a power cut has undone there can never be found.

    It may be opened anywhere, also before a fork: the child has connections of its own. `aclose` gives back the file
    and the thread; after it, the store opens again when it is used.
    """

    answers_promptly = True

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        max_bytes: int = 256 * 1024 * 1024,
        max_entry_bytes: int | None = None,
        key: bytes | Secret | None = None,
        clock: Callable[[], float] = time.monotonic,
        wall_clock: Callable[[], float] | None = None,
        random: Callable[[int], bytes] = os.urandom,
    ) -> None:
        for bound in (max_bytes, 0 if max_entry_bytes is None else max_entry_bytes):
            if not isinstance(bound, int) or bound < 0:
                raise InvalidArgument("The bounds of a cache are numbers of bytes, zero or more.")
        place = os.fspath(path)
        if not isinstance(place, str) or not place or "\0" in place or place == ":memory:":
            raise InvalidArgument("The path of a SQLiteCache is that of a file.")
        boot = start_of_machine()
        self._secret = secret_of(key)
        self._max_entry = max_bytes // 4 if max_entry_bytes is None else max_entry_bytes
        self._clock = clock
        self._shared_clock = _shared_clock(boot) if wall_clock is None else wall_clock
        self._random = random
        self._offset = math.nan
        """By how much the shared clock is ahead of this one (seconds)."""
        marks = max(64, min(_MARKS, max_bytes // 8 // _MARK_BYTES))
        file = CacheFile(Path(place).absolute(), lambda page: max(64, max_bytes // page), boot, random)
        self._connections = Connections(file, Room(max_bytes - max_bytes // 8, marks))
        self._worker = Worker(self._connections)
        self._recent = Recent(self._connections.reading, min(_RECENT_BYTES, max_bytes // 4))
        weakref.finalize(self, self._worker.end)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({os.fspath(self._connections.file.path)!r})"

    async def begin(self, principal: str, key: str, tags: Sequence[str]) -> Begun:
        held = self._recent.get((principal, key))
        version = None if held is None else self._connections.version()
        if held is not None and held.version == version and held.tags == tags:
            return held.begun
        place, marks = place_of(principal, key), _marks(principal, (*tags,))
        stamp = NONE if held is None else held.stamp
        row = self._connections.look(place, marks, stamp, is_current=version is not None)
        if row is None:
            row = await self._late(place, marks)
        generation = _Generation(row.epoch, row.number)
        if row.held != row.number:
            return Begun(None, generation)
        if held is None or held.stamp != row.stamp:
            return Begun(self._unpacked(principal, key, generation, row), generation)
        begun = Begun(held.entry, generation)
        if version is not None:
            held.version, held.tags, held.begun = NONE, tags, begun
            held.version = version  # last: another thread may look meanwhile
        return begun

    async def commit(self, principal: str, key: str, tags: Sequence[str], generation: Generation, entry: Entry) -> bool:
        if not isinstance(generation, _Generation):
            return False
        new = self._new(principal, entry, generation)
        given = (principal, place_of(principal, key), _marks(principal, (*tags,)), generation, new)
        done = None
        size = len(entry.body)
        if size <= _SMALL:
            is_ours = generation.epoch.startswith(self._connections.file.boot)  # else the step tells what is wrong
            first: Callable[[Tables], bool] | None = (lambda tables: tables.keep(*given)) if is_ours else None
            done = self._worker.done_at_once(lambda tables: tables.commit(*given), first, size)
        kept = await self._worker.do(lambda tables: tables.commit(*given)) if done is None else done[0]
        if kept:
            self._recent.put((principal, key), new.stamp, entry)
        return bool(kept)

    async def touch(self, principal: str, key: str, entry: Entry) -> None:
        """Write the entry again, if it is the one that the file has. Otherwise nothing is lost but some time."""
        held = self._recent.get((principal, key))
        if held is None or held.entry is not entry:
            return
        place = place_of(principal, key)

        def again(epoch: bytes, number: int) -> New:
            return self._new(principal, entry, _Generation(epoch, number))

        stamp = await self._worker.do(
            lambda tables: tables.freshen(place, held.stamp, again), is_small=_is_small(entry)
        )
        if stamp is not None and self._recent.get((principal, key)) is held:
            self._recent.put((principal, key), stamp, entry)

    async def delete_tags(self, tags: Sequence[str], *, principal: str | None = None) -> None:
        if tags:
            marks = marks_of(principal, tags)
            await self._worker.do(lambda tables: tables.outdate(marks), must=True, is_small=len(marks) <= _FEW)

    async def purge(self, principal: str) -> None:
        self._recent.forget(principal)
        await self._worker.do(lambda tables: tables.purge(principal), must=True)

    async def aclose(self) -> None:
        """Give back the file and the thread. The store stays usable."""
        self._recent.forget()
        await self._worker.aclose()

    async def _late(self, place: int, marks: Sequence[int]) -> Row:
        """Let the thread open the file, and read there."""
        with anyio.fail_after(_OPENING):
            row: Row = await self._worker.do(lambda tables: look(tables.connection, place, marks, NONE))
        return row

    def _offset_at(self, before: float) -> float:
        """Return by how much the shared clock is ahead: as before, unless that is disproved.

        A reckoning that moved with every reading would put two requests in the wrong order.
        """
        shared, after = self._shared_clock(), self._clock()
        offset = self._offset
        if not shared - after - _STEADY <= offset <= shared - before + _STEADY:
            offset = self._offset = self._reckoned()
        return offset

    def _reckoned(self) -> float:
        """Read both clocks, until nothing comes between the readings."""
        for _ in range(_READINGS - 1):
            before, shared, after = self._clock(), self._shared_clock(), self._clock()
            if after - before < _STEADY:
                return shared - after
        return self._shared_clock() - self._clock()

    def _new(self, principal: str, entry: Entry, generation: _Generation) -> New:
        """Return the entry as it is written."""
        offset = self._offset_at(self._clock())
        value = None
        if len(entry.body) <= self._max_entry:
            value = packed(principal, entry, bound=generation.bound(), offset=offset, secret=self._secret)
            if len(value) > self._max_entry:
                value = None
        stamp = int.from_bytes(self._random(8), "big") >> 1
        return New(value, stamp, entry.validated_at + offset, entry.expires_at + offset)

    def _unpacked(self, principal: str, key: str, generation: _Generation, row: Row) -> Entry | None:
        now = self._clock()
        offset = self._offset_at(now)
        entry = unpacked(
            row.value, principal, key, bound=generation.bound(), offset=offset, now=now, secret=self._secret
        )
        if entry is not None and row.stamp is not None:
            self._recent.put((principal, key), row.stamp, entry)
        return entry


def _is_small(entry: Entry) -> bool:
    return len(entry.body) <= _SMALL


@lru_cache(4096)
def _marks(principal: str, tags: tuple[str, ...]) -> list[int]:
    """Return all that a read depends on. Nobody changes the list."""
    marks = marks_of(principal)
    return marks + marks_of(None, tags) + marks_of(principal, tags) if tags else marks
