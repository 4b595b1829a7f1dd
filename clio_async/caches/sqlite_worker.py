"""The connections of a `SQLiteCache` in this process: reads in the caller's thread, writes in one thread behind.

Nothing of SQLite goes through a fork: before one, this process lets go of its file, so that a child inherits neither
connections nor the locks that SQLite believes to have.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import weakref
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import anyio
from anyio.lowlevel import current_token

from ..notices import notify
from .sqlite_file import CacheFile, CacheUnusable, Identity, is_broken, primary_code
from .sqlite_tables import Room, Row, Tables, look

__all__ = ["Worker"]

_GROUP = 256  # orders of one transaction
_WAITING = 10_000  # orders; more are refused
_MOVES = 3  # times that the file may be replaced during one transaction
_TRIES = 50
_PAUSE = 0.02  # seconds between two tries of a file that another process has locked
_LONGEST = 3.0  # seconds for which the end waits for the thread


def _nothing(_: Tables) -> None: ...


class _Order:
    """A step of the writing thread, and whoever waits for it."""

    __slots__ = ("error", "event", "home", "is_left", "must", "result", "step")

    def __init__(self, step: Callable[[Tables], Any] = _nothing, must: bool = True) -> None:
        self.step = step
        self.must = must
        self.home: Any = getattr(token := current_token(), "native_token", token)  # newer versions of anyio wrap it
        self.event = anyio.Event()
        self.is_left = False
        self.result: Any = None
        self.error: Exception | None = None


class Worker:
    """Two connections to one file, and the thread that writes. Any thread and any event loop may use it."""

    def __init__(self, file: CacheFile, room: Room) -> None:
        self._file = file
        self._room = room
        self._reader: sqlite3.Connection | None = None
        self._writer: sqlite3.Connection | None = None
        self._identity: Identity | None = None
        self._pid = 0
        self.reading = threading.Lock()
        """Held for some microseconds, and never by a child that has not taken it."""
        self._writing = threading.Lock()
        self._orders: deque[_Order] = deque()
        self._awake = threading.Condition(threading.Lock())
        self._thread: threading.Thread | None = None
        self._era = 0
        self._farewells: list[_Order] = []
        self._stops = False
        self._is_suspect = False
        self._told = False
        _let_go_before_forks(self)

    @property
    def path(self) -> Path:
        return self._file.path

    def version(self) -> int | None:
        """Return a number that changes with whatever any process writes. None: the file has to be opened first."""
        with self.reading:
            reader = self._reader
            if reader is None or self._is_suspect or self._file.identity() != self._identity:
                return None
            self._check_process()
            (changes,) = reader.execute("PRAGMA data_version").fetchone()
        return int(self._era + changes)

    def look(self, place: int, marks: Sequence[int], stamp: int) -> Row | None:
        """Return what a read begins with, without waiting. None: the file has to be opened first.

        :raises CacheUnusable: if another machine uses the file, or a fork that Python has not seen has copied it.
        :raises sqlite3.Error: if SQLite fails, or would have to wait.
        """
        with self.reading:
            reader = self._reader
            if reader is None or self._is_suspect or self._file.identity() != self._identity:
                return None
            self._check_process()
            try:
                row = look(reader, place, marks, stamp)
            except sqlite3.Error as error:
                if primary_code(error) == sqlite3.SQLITE_BUSY:
                    raise
                row = None
            if row is None:
                self._is_suspect = True  # the thread opens it again, and finds out
                return None
        self._check_machine(row)
        return row

    async def do(self, step: Callable[[Tables], Any], *, must: bool = False) -> Any:
        """Let the thread do a step and return its result, once it is committed.

        Whoever is cancelled leaves the step undone, unless it `must` be done. What it raises comes from here.

        :raises CacheUnusable: if the file cannot be used, or too much is waiting for it.
        """
        order = _Order(step, must)
        with self._awake:
            self._put(order)
        try:
            await order.event.wait()
        finally:
            order.is_left = True
        if order.error is not None:
            raise order.error
        return order.result

    async def aclose(self) -> None:
        """Do what is waiting, and let go of the file and the thread."""
        with self._awake:
            thread = self._thread
            if thread is None:
                return
            farewell = _Order()
            self._farewells.append(farewell)
            self._awake.notify()
        with anyio.CancelScope(shield=True), anyio.move_on_after(_LONGEST):
            await farewell.event.wait()
            thread.join()  # it has nothing left to do

    def end(self) -> None:
        """Let go of the file and the thread. Wait for a moment for what is being written."""
        with self._awake:
            self._stops, thread = True, self._thread
            self._awake.notify()
        if thread is not None and thread is not threading.current_thread():
            thread.join(_LONGEST)

    def _put(self, order: _Order) -> None:
        self._check_process()
        if len(self._orders) >= _WAITING:
            raise CacheUnusable("Too much is waiting to be written to the cache.")
        self._orders.append(order)
        if self._thread is None:
            self._stops = False
            self._thread = threading.Thread(target=self._work, name="clio_async cache", daemon=True)
            self._thread.start()
        else:
            self._awake.notify()

    def _work(self) -> None:
        while (orders := self._taken()) is not None:
            try:
                self._perform(orders)
            except Exception as error:  # whoever waits gets it
                for order in orders:
                    order.error = error
            _wake(orders)

    def _taken(self) -> list[_Order] | None:
        """Wait for orders and take some. None: the thread has to end, and nothing is left of it."""
        with self._awake:
            while not (self._orders or self._farewells or self._stops):
                self._awake.wait()
            if self._orders:
                return [self._orders.popleft() for _ in range(min(_GROUP, len(self._orders)))]
            self._let_go()  # no fork comes in between: it would hold what is held here
            self._thread = None
            farewells, self._farewells = self._farewells, []
        _wake(farewells)
        return None

    def _perform(self, orders: Sequence[_Order]) -> None:
        """Do the steps in one transaction; if that fails, in one for each."""
        try:
            self._transact(orders)
        except (sqlite3.Error, OSError, CacheUnusable) as error:
            if len(orders) == 1 or not _may_be_of_one(error):
                raise
            for order in orders:
                self._perform_alone(order)

    def _perform_alone(self, order: _Order) -> None:
        try:
            self._transact([order])
        except Exception as error:
            order.error = error

    def _transact(self, orders: Sequence[_Order]) -> None:
        """Do the steps in one transaction, as soon as no other process is writing, and in a file that is whole."""
        tries, was_broken = _TRIES, False
        while True:
            with self._writing:
                try:
                    self._do(orders)
                except Exception as error:
                    self._recover(error)
                    is_busy, tries = primary_code(error) == sqlite3.SQLITE_BUSY, tries - 1
                    if not (tries if is_busy else is_broken(error) and not was_broken):
                        raise
                else:
                    return
            was_broken = was_broken or not is_busy
            threading.Event().wait(_PAUSE if is_busy and not self._stops else 0)

    def _do(self, orders: Sequence[_Order]) -> None:
        """Do the steps, and again if the file was replaced meanwhile. What was in it is not there any more."""
        for _ in range(_MOVES):
            writer = self._opened()
            writer.execute("BEGIN IMMEDIATE")
            try:
                self._check_machine(look(writer, 0, [0], 0))
                tables = Tables(writer, self._room)
                for order in orders:
                    if order.must or not order.is_left:
                        order.result = order.step(tables)
                writer.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    writer.execute("ROLLBACK")
                raise
            if self._file.identity() == self._identity:
                return
        raise CacheUnusable(f"{self.path} is replaced all the time.")

    def _check_machine(self, row: Row | None) -> None:
        if row is None or not row.epoch.startswith(self._file.boot):
            raise CacheUnusable(f"{self.path} is used from another machine: give each one a file of its own.")

    def _opened(self) -> sqlite3.Connection:
        """Return the connection that writes, to the file that is there now."""
        self._check_process()
        writer = self._writer
        if writer is not None and not self._is_suspect and self._file.identity() == self._identity:
            return writer
        self._let_go()
        writer, reader, identity, aside = self._file.open()
        with self.reading:
            self._writer, self._reader, self._identity, self._pid = writer, reader, identity, os.getpid()
            self._is_suspect = False
            self._era += 1 << 32
        self._tell(aside)
        return writer

    def _recover(self, error: Exception) -> None:
        """Let go of a file that has failed, and set it aside if it is not whole."""
        if primary_code(error) in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_BUSY}:
            return
        identity = self._identity
        self._let_go()
        if is_broken(error) and identity is not None:
            self._tell(self._file.set_aside(identity))

    def _tell(self, aside: object) -> None:
        if aside is not None and not self._told:
            self._told = True
            notify(f"The cache {self._file.path} was not whole: it was renamed to {aside}, and a new one begun.")

    def _let_go(self) -> None:
        with self.reading:
            held, self._writer, self._reader, self._identity = (self._writer, self._reader), None, None, None
            for connection in held:
                if connection is not None:
                    with suppress(sqlite3.Error):
                        connection.close()

    def _check_process(self) -> None:
        """Refuse connections that a fork has copied behind Python's back: they, and their locks, are the parent's."""
        if self._reader is not None and self._pid != os.getpid():
            raise CacheUnusable(
                "This process was forked, by other means than os.fork(), while the cache was open: use it after the "
                "fork only."
            )

    def before_fork(self) -> None:
        """Let go of the file, and hold everybody off."""
        self._awake.acquire()
        self._writing.acquire()
        self._let_go()
        self.reading.acquire()

    def after_fork(self, *, is_child: bool) -> None:
        """Let everybody on. What was waiting is done by the parent."""
        if is_child:
            self._orders.clear()
            self._farewells.clear()
            self._thread = None
            self._awake = threading.Condition(threading.Lock())
        else:
            self._awake.release()
        self._writing.release()
        self.reading.release()


def _let_go_before_forks(worker: Worker) -> None:
    held = weakref.ref(worker)

    def before() -> None:
        if (worker := held()) is not None:
            worker.before_fork()

    def after(is_child: bool) -> None:
        if (worker := held()) is not None:
            worker.after_fork(is_child=is_child)

    os.register_at_fork(before=before, after_in_parent=lambda: after(False), after_in_child=lambda: after(True))


def _may_be_of_one(error: Exception) -> bool:
    """Say whether others of a group may succeed where it has failed."""
    return primary_code(error) in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_TOOBIG}


def _wake(orders: Iterable[_Order]) -> None:
    """Tell those who wait, with one call for each event loop."""
    homes: dict[int, tuple[Any, list[anyio.Event]]] = {}
    for order in orders:
        homes.setdefault(id(order.home), (order.home, []))[1].append(order.event)
    for home, events in homes.values():
        call = getattr(home, "call_soon_threadsafe", None) or home.run_sync_soon
        with suppress(RuntimeError):  # that event loop has ended
            call(_set, events)


def _set(events: Iterable[anyio.Event]) -> None:
    for event in events:
        event.set()
