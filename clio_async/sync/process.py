"""What of the synchronous clients belongs to the process: its event loop, and what forks and its end do to that."""

from __future__ import annotations

import atexit
import os
import sys
from _thread import RLock, get_ident
from contextlib import suppress
from typing import Final

from ..home import abandon
from .calls import Guest
from .imports import see_imports_through
from .loop import LoopThread, Pause, running_loop
from .surroundings import check_process, in_trio, refuse_in_loop

__all__ = ["check_thread", "host", "joined", "left", "seen_off", "watch_forks"]

_UNDISTURBED: Final = 0.5
"""For how many seconds no other thread takes over while a fork goes on."""


class _Process:
    """What belongs to this process: its thread with the loop, if there is one.

    A loop for each client would be a thread, a pool of connections and a limiter for each. It starts with the first
    call, and ends when the last client was closed.

    `lock` is held for moments in which nothing is called: so no handler of a signal, and no finaliser, runs in them.
    """

    def __init__(self) -> None:
        self.lock = RLock()
        self.thread: LoopThread | None = None
        self.threads: dict[LoopThread, None] = {}
        """Those that have not ended. All but `thread` are about to."""
        self.exiting = False
        self._hooked = False
        self._pauses: dict[int, list[list[Pause]]] = {}
        self._interval = sys.getswitchinterval()
        self._inherited: list[object] = []
        """What is the parent's. It is never touched nor finalised: descriptors and selectors are the same there."""

    def forget(self, thread: LoopThread) -> None:
        with self.lock:
            if self.thread is thread:
                self.thread = None
            if thread in self.threads:
                del self.threads[thread]

    def hook(self) -> None:
        """Have forks and the end of the interpreter go through here, once."""
        if not self._hooked:
            if hasattr(os, "register_at_fork"):
                os.register_at_fork(before=self.fork, after_in_parent=self.forked, after_in_child=self.born)
            atexit.register(self.exit)
            abandon(None)  # what that needs is imported by now: a child should import nothing
            self._hooked = True

    def fork(self) -> None:
        """Let the loop stand still, and imports come to their end, so that a child finds nothing half done.

        A loop that is held up, by a hook that blocks it, is not waited for: what that hook has half done, and a store
        in memory, are in the child as they are then.
        """
        under_way = self._pauses.setdefault(get_ident(), [])
        pauses: list[Pause] = []
        under_way.append(pauses)
        if len(under_way) == 1:  # else this is the handler of a signal, within a fork
            for thread in [*self.threads]:
                pauses.append(Pause())
                thread.stand_still(pauses[-1])
            see_imports_through()
            self._interval = min(sys.getswitchinterval(), self._interval)
            sys.setswitchinterval(_UNDISTURBED)  # no other thread gets to begin one more

    def forked(self) -> None:
        """Let the parent go on."""
        under_way = self._pauses.get(get_ident(), [])
        for pause in under_way.pop() if under_way else ():
            pause.end()
        if not under_way:
            sys.setswitchinterval(self._interval)
            self._pauses.pop(get_ident(), None)

    def born(self) -> None:
        """Leave in the child what is the parent's."""
        threads = [*self.threads]
        if threads:
            self._inherited += [*threads, [thread.tasks() for thread in threads], self._pauses]
            abandon(self._inherited)
        for thread in threads:
            thread.disown()
        sys.setswitchinterval(self._interval)
        self.lock, self.thread, self.threads, self._pauses = RLock(), None, {}, {}

    def exit(self) -> None:
        """Close every client that is open, at the end of the interpreter. It waits for half a minute, or for Ctrl-C."""
        self.exiting = True
        with suppress(KeyboardInterrupt):
            for thread in [*self.threads]:
                if thread.pid == os.getpid():
                    thread.wind_up()


_process = _Process()


def check_thread() -> None:
    """Check that this thread may wait.

    :raises SyncInAsync: if an event loop runs in it.
    """
    running = running_loop()
    if running is not None:
        thread = _process.thread
        refuse_in_loop(thread is not None and thread.loop is running)
    if "trio" in sys.modules and in_trio():
        refuse_in_loop(False)


def watch_forks() -> None:
    """Have forks of this process, from now on, leave nothing half done to a child."""
    _process.hook()


def joined(guest: Guest) -> LoopThread:
    """Return the loop of this process, which works for this guest from now on, until it has `left`.

    :raises SyncInAsync: if none can run here.
    """
    pid, new = os.getpid(), LoopThread(left, _process.forget)
    thread = _process.thread
    if thread is None or thread.pid != pid:
        check_process(over=_process.exiting)
    with _process.lock:
        thread = _process.thread
        if thread is None or thread.over or thread.pid != pid:
            thread = _process.thread = new
            _process.threads[thread] = None
        thread.guests[guest] = None
    try:
        thread.start()
    except BaseException:
        if _is_left(thread, guest):
            thread.stop()
        raise
    return thread


def host(guest: Guest) -> LoopThread | None:
    """Return the loop that works for a guest, None if none does."""
    thread = _process.thread
    if thread is None or guest not in thread.guests or thread.over or thread.pid != os.getpid():
        return None
    return thread


def left(thread: LoopThread, guest: Guest) -> None:
    """Let a guest leave. The last one ends the loop, and waits until its thread has ended."""
    if _is_left(thread, guest):
        thread.stop()
        thread.join()


def _is_left(thread: LoopThread, guest: Guest) -> bool:
    """Let a guest leave, and say whether it was the last one."""
    with _process.lock:
        if guest in thread.guests:
            del thread.guests[guest]
        is_last = not thread.guests
        if is_last and _process.thread is thread:
            _process.thread = None
    return is_last


def seen_off(guest: Guest) -> None:
    """Close on behalf of a guest that nobody holds any more. Garbage collection calls this, in any thread."""
    thread = host(guest)
    if thread is not None:
        thread.see_off(guest)
