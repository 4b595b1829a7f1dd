"""How a `SQLiteCache` writes: small things in the caller's thread while nobody is in the way, all else in one thread
behind, in groups.

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
from typing import Any

import anyio

from .sqlite_connections import Connections
from .sqlite_file import is_broken, primary_code
from .sqlite_lock import CacheUnusable
from .sqlite_orders import Order, wake
from .sqlite_tables import Tables

__all__ = ["Worker"]

_GROUP = 256  # orders of one transaction
_WAITING = 10_000  # orders; more are refused
_MOVES = 3  # times that the file may be replaced during one transaction
_TRIES = 50
_PAUSE = 0.02  # seconds between two tries of a file that another process has locked
_LONGEST = 3.0  # seconds for which the end waits for the thread
_AT_ONCE = 900  # pages of small writes; then two are the thread's: it moves what the log holds, and begins it again
_PAGE = 4096
_LEAST = 3  # pages of a write: of the table, and of its index


class Worker:
    """The thread that writes to one file. Any thread and any event loop may use it."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._logged = 0  # pages, about
        self._moves = False
        self._orders: deque[Order] = deque()
        self._awake = threading.Condition(threading.Lock())
        self._thread: threading.Thread | None = None
        self._farewells: list[Order] = []
        self._stops = False
        _FORKS.add(self)

    async def do(self, step: Callable[[Tables], Any], *, must: bool = False, is_small: bool = False) -> Any:
        """Do a step and return its result, once it is committed.

        It is done by the thread, unless it `is_small` and nothing is in its way: to hand it over takes longer than it
        does. Whoever is cancelled leaves the step undone, unless it `must` be done. What it raises comes from here.

        :raises CacheUnusable: if the file cannot be used, or too much is waiting for it.
        """
        if is_small and (done := self.done_at_once(step)) is not None:
            return done[0]
        order = Order(step, must)
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
            farewell = Order()
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

    def done_at_once(
        self, step: Callable[[Tables], Any], first: Callable[[Tables], bool] | None = None, size: int = 0
    ) -> tuple[Any] | None:
        """Do a step here, without waiting for anybody, nor for the disk. None: it is for the thread.

        `first` keeps an entry of `size` bytes in one statement, and is true if it has: then the step is not needed.
        """
        self._logged += _LEAST + size // _PAGE
        if self._logged > _AT_ONCE:
            self._logged, self._moves = (0, False) if self._moves else (_AT_ONCE, True)
            return None
        held = self._connections
        if not held.file.forgets or not held.writing.acquire(blocking=False):
            return None
        try:
            return None if self._orders else held.done_at_once(step, first)
        finally:
            held.writing.release()

    def _put(self, order: Order) -> None:
        self._connections.check_process()
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
            wake(orders)

    def _taken(self) -> list[Order] | None:
        """Wait for orders and take some. None: the thread has to end, and nothing is left of it."""
        while True:
            with self._awake:
                while not (self._orders or self._farewells or self._stops):
                    self._awake.wait()
                if self._orders:
                    return [self._orders.popleft() for _ in range(min(_GROUP, len(self._orders)))]
            with self._connections.writing:  # and nothing else: nobody in an event loop waits for that
                self._connections.let_go()
            with self._awake:
                if self._orders:
                    continue
                self._thread = None
                farewells, self._farewells = self._farewells, []
            wake(farewells)
            return None

    def _perform(self, orders: Sequence[Order]) -> None:
        """Do the steps in one transaction; if that fails, in one for each."""
        try:
            self._transact(orders)
        except (sqlite3.Error, OSError, CacheUnusable) as error:
            if len(orders) == 1 or not _may_be_of_one(error):
                raise
            for order in orders:
                self._perform_alone(order)

    def _perform_alone(self, order: Order) -> None:
        try:
            self._transact([order])
        except Exception as error:
            order.error = error

    def _transact(self, orders: Sequence[Order]) -> None:
        """Do the steps in one transaction, as soon as no other process is writing, and in a file that is whole."""
        tries, was_broken = _TRIES, False
        while True:
            with self._connections.writing:
                try:
                    self._do(orders)
                except Exception as error:
                    self._connections.recover(error)
                    is_busy, tries = primary_code(error) == sqlite3.SQLITE_BUSY, tries - 1
                    if not (tries if is_busy else is_broken(error) and not was_broken):
                        raise
                else:
                    return
            was_broken = was_broken or not is_busy
            threading.Event().wait(_PAUSE if is_busy and not self._stops else 0)

    def _do(self, orders: Sequence[Order]) -> None:
        """Do the steps, and again if the file was replaced meanwhile. What was in it is not there any more."""
        for _ in range(_MOVES):
            if self._connections.do(lambda tables: _do_all(orders, tables)):
                return
        raise CacheUnusable(f"{self._connections.file.path} is replaced all the time.")

    def before_fork(self) -> None:
        """Let go of the file, and hold everybody off."""
        self._awake.acquire()
        self._connections.writing.acquire()
        self._connections.let_go()
        self._connections.reading.acquire()

    def after_fork(self, *, is_child: bool) -> None:
        """Let everybody on. What was waiting is done by the parent."""
        if is_child:
            self._orders.clear()
            self._farewells.clear()
            self._thread = None
            self._awake = threading.Condition(threading.Lock())
        else:
            self._awake.release()
        self._connections.writing.release()
        self._connections.reading.release()


class _Forks:
    """All writers of this process: each lets go before a fork."""

    def __init__(self) -> None:
        self._workers: weakref.WeakSet[Worker] = weakref.WeakSet()
        self._lock = threading.Lock()
        self._held: list[Worker] = []

    def add(self, worker: Worker) -> None:
        with self._lock:
            self._workers.add(worker)

    def before(self) -> None:
        self._lock.acquire()
        self._held = list(self._workers)
        for worker in self._held:
            worker.before_fork()

    def after(self, *, is_child: bool) -> None:
        held, self._held = self._held, []
        for worker in held:
            worker.after_fork(is_child=is_child)
        self._lock.release()


_FORKS = _Forks()
os.register_at_fork(
    before=_FORKS.before,
    after_in_parent=lambda: _FORKS.after(is_child=False),
    after_in_child=lambda: _FORKS.after(is_child=True),
)


def _do_all(orders: Iterable[Order], tables: Tables) -> None:
    for order in orders:
        if order.must or not order.is_left:
            order.result = order.step(tables)


def _may_be_of_one(error: Exception) -> bool:
    """Say whether others of a group may succeed where it has failed."""
    return primary_code(error) in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_TOOBIG}
