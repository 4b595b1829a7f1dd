"""One event loop in a thread of its own, which does the work of all synchronous clients of a process.

This is the one place of the package where something belongs to the process: a loop for each client would be a thread, a
pool of connections and a limiter for each. It starts with the first call, and ends when the last client was closed.
"""

from __future__ import annotations

import asyncio
import atexit
import os
import sys
from _thread import allocate_lock, get_ident
from collections import deque
from collections.abc import Coroutine
from contextlib import suppress
from functools import partial
from threading import Thread
from types import TracebackType
from typing import Any, Final

from ..errors import ClientClosed, SyncInAsync, UsageError
from .calls import Call, Errand, Guest
from .surroundings import check_process, in_trio, refuse_in_loop

__all__ = ["LoopThread", "check_thread", "closed_error", "joined", "left", "perform", "taken"]

_GRACE: Final = 0.1
"""For how many seconds calls may go on that a closed transport has ended, until they are cut short."""
_PATIENCE: Final = 0.5
"""For how many seconds a fork waits for the loop to stand still."""

_running_loop = asyncio._get_running_loop  # noqa: SLF001  # that which raises where there is none costs ten times more


def closed_error() -> ClientClosed:
    """Return what a call ends with whose client is closed."""
    return ClientClosed("The client is closed: build a new one, or call before close().")


def check_thread() -> None:
    """Check that this thread may wait.

    :raises SyncInAsync: if an event loop runs in it.
    """
    running = _running_loop()
    if running is not None:
        thread = _process.thread
        refuse_in_loop(thread is not None and thread.loop is running)
    if "trio" in sys.modules and in_trio():
        refuse_in_loop(False)


class LoopThread:
    """An event loop in a thread of its own, for as long as it has guests."""

    def __init__(self) -> None:
        self.pid = os.getpid()
        self.guests: set[Guest] = set()
        self.over = False
        self._calls: deque[Call] = deque()
        self._awake = False
        self._running: set[Call] = set()
        self._closing: dict[Guest, asyncio.Task[None]] = {}
        self.loop = asyncio.new_event_loop()
        self._end = self.loop.create_future()
        self._thread = Thread(target=self._live, name="clio-async", daemon=True)
        try:
            self._thread.start()
        except RuntimeError as error:  # the interpreter is shutting down, or there are too many threads
            self.loop.close()
            raise SyncInAsync(f"No thread could be started for the event loop of SyncClio: {error}.") from error

    # -- in the thread of a caller ------------------------------------------------------------------------------------

    def carry(self, call: Call) -> None:
        """Have a call carried out, and wait for its end.

        What is raised in this thread meanwhile, such as `KeyboardInterrupt`, cancels the call and waits for its end; a
        second one ends that wait, too.
        """
        try:
            self._calls.append(call)
            if not self._awake:
                self._awake = True
                self._wake()
            if self.over:
                self._give_up_calls()
            call.news.acquire()
            while call.errands or not call.done:
                call.run_errands()
                if not call.done:
                    call.news.acquire()
        except BaseException as interruption:
            self._interrupt(call)
            if _is_carried_out(call):
                interruption.add_note(f"The call that this interrupted had ended by then: {_ending(call)}.")
            raise

    def _wake(self) -> None:
        with suppress(RuntimeError):  # it is over
            self.loop.call_soon_threadsafe(self._take)

    def _interrupt(self, call: Call) -> None:
        """Cancel a call, and wait for its end."""
        if call.done:
            return
        try:
            self.loop.call_soon_threadsafe(self._cancel, call)
        except RuntimeError:
            call.give_up(closed_error())
        while not call.done:
            call.news.acquire()

    def stop(self) -> None:
        """End the loop, when what it was told before is done."""
        with suppress(RuntimeError):
            self.loop.call_soon_threadsafe(self._finish)

    def join(self) -> None:
        """Wait until the thread has ended, unless it is this one."""
        if self._thread.ident != get_ident():
            self._thread.join()

    def see_off(self, guest: Guest) -> None:
        """Close on behalf of a guest that nobody holds any more. Garbage collection calls this, in any thread."""
        if self.pid == os.getpid():
            with suppress(RuntimeError):
                self.loop.call_soon_threadsafe(self._see_off, guest)

    def stand_still(self, pause: _Pause) -> None:
        """Have the loop stand still between two steps until the pause ends. What takes too long is not waited for."""
        if not self.over and self._thread.ident != get_ident():
            with suppress(RuntimeError):
                self.loop.call_soon_threadsafe(pause.stand)
                pause.reached.acquire(timeout=_PATIENCE)

    def tasks(self) -> set[asyncio.Task[Any]]:
        """Return the tasks that have not ended."""
        with suppress(RuntimeError):  # others make some just now
            return asyncio.all_tasks(self.loop)
        return set()

    # -- in the thread of the loop ------------------------------------------------------------------------------------

    def _live(self) -> None:
        try:
            with asyncio.Runner(loop_factory=lambda: self.loop) as runner:
                runner.run(self._until_the_end())
        finally:
            _process.forget(self)
            self.over = True
            self._give_up_calls()

    async def _until_the_end(self) -> None:
        await self._end

    def _finish(self) -> None:
        if not self._end.done():
            self._end.set_result(None)

    def _take(self) -> None:
        """Begin all calls that have come."""
        self._awake = False  # whoever comes from now on wakes the loop again
        calls, create = self._calls, self.loop.create_task
        while calls:
            call = calls.popleft()
            if call.guest is not None and call.guest.closed:
                call.give_up(closed_error())
            else:
                self._running.add(call)
                call.task = create(self._carry(call), context=call.context)

    async def _carry(self, call: Call) -> None:
        coroutine = call.coroutine
        error: BaseException | None = None
        call.begun, call.start = True, partial(self._sent_out, call)
        try:
            if call.cancelled or coroutine is None:
                call.begun = False
                call.give_up(closed_error())
            else:
                call.result = await coroutine
        except BaseException as raised:
            error = raised.with_traceback(_below(raised.__traceback__))  # without this frame: it would be a cycle
        finally:
            self._running.discard(call)
            call.task = call.start = call.coroutine = None
            call.end(error)
            error = None

    def _sent_out(self, call: Call, errand: Errand) -> asyncio.Future[Any]:
        """Give the waiting thread an errand, and return what waits for its end."""
        future: asyncio.Future[Any] = self.loop.create_future()
        if call.cancelled:  # nobody runs errands any more
            future.cancel()
            return future

        def tell(found: Any, error: BaseException | None) -> None:
            with suppress(RuntimeError):
                self.loop.call_soon_threadsafe(_settle, future, found, error)

        errand.tell = tell
        call.add(errand)
        return future

    def _cancel(self, call: Call) -> None:
        self._take()  # it may be among those that have come
        call.cancelled = True
        if call.begun and call.task is not None:
            call.task.cancel()
        elif call.task is None:  # the interruption came before it was handed over, or after it had ended
            call.give_up(closed_error())

    def _give_up_calls(self) -> None:
        """End what nobody carries any more."""
        for calls in (self._calls, self._running):
            while calls:
                calls.pop().give_up(closed_error())

    # -- guests that leave --------------------------------------------------------------------------------------------

    async def close(self, guest: Guest) -> None:
        """Close what a guest has opened here, and end its calls. Several callers wait for the same end."""
        guest.closed = True
        closing = self._closing.get(guest)
        if closing is None:
            closing = self._closing[guest] = self.loop.create_task(self._close(guest))
        await asyncio.shield(closing)

    async def _close(self, guest: Guest) -> None:
        self._take()
        try:
            await guest.aclose()
        finally:
            await self._end_calls(guest)

    async def _end_calls(self, guest: Guest) -> None:
        """Wait a little for calls that know already that they have failed, and cancel the others."""
        left = [call.task for call in self._running if call.guest is guest]
        if left:
            await asyncio.wait(left, timeout=_GRACE)
        left = [call for call in self._running if call.guest is guest]
        for call in left:
            self._cancel(call)
        if tasks := [call.task for call in left if call.task is not None]:
            await asyncio.wait(tasks)

    def _see_off(self, guest: Guest) -> None:
        task = self._closing[guest] = self.loop.create_task(self._close(guest))
        guest.closed = True
        task.add_done_callback(lambda done: self._seen_off(guest, done))

    def _seen_off(self, guest: Guest, done: asyncio.Task[None]) -> None:
        _ = done.cancelled() or done.exception()  # nobody is there to be told
        left(self, guest)


class _Pause:
    """A moment in which an event loop stands still, and nobody starts or stops one."""

    def __init__(self) -> None:
        self.locked = False
        self.reached = allocate_lock()
        self.reached.acquire()
        self._over = allocate_lock()
        self._over.acquire()

    def stand(self) -> None:
        self.reached.release()
        self._over.acquire()

    def end(self) -> None:
        self._over.release()


class _Process:
    """What belongs to this process: its thread with the loop, if there is one."""

    def __init__(self) -> None:
        self.lock = allocate_lock()
        self.thread: LoopThread | None = None
        self.exiting = False
        self._hooked = False
        self._pauses: dict[int, _Pause] = {}
        self._inherited: list[object] = []
        """What is the parent's. It is never touched nor finalised: descriptors and selectors are the same there."""

    def forget(self, thread: LoopThread) -> None:
        if self.thread is thread:
            self.thread = None

    def hook(self) -> None:
        """Have forks and the end of the interpreter go through here, once."""
        if not self._hooked:
            self._hooked = True
            atexit.register(self.exit)
            if hasattr(os, "register_at_fork"):
                os.register_at_fork(before=self.fork, after_in_parent=self.forked, after_in_child=self.born)

    def fork(self) -> None:
        """Let the loop stand still, and nobody start or stop one, so that a child finds nothing half done."""
        thread = self.thread
        pause = self._pauses[get_ident()] = _Pause()
        if thread is not None:
            thread.stand_still(pause)
        pause.locked = self.lock.acquire(timeout=_PATIENCE)

    def forked(self) -> None:
        """Let the parent go on."""
        pause = self._pauses.pop(get_ident())
        if pause.locked:
            self.lock.release()
        pause.end()

    def born(self) -> None:
        """Leave in the child what is the parent's."""
        thread = self.thread
        if thread is not None:
            self._inherited += [thread, thread.tasks(), self._pauses]
        self.lock, self.thread, self._pauses = allocate_lock(), None, {}

    def exit(self) -> None:
        """Close every client that is open, at the end of the interpreter."""
        self.exiting = True
        thread = self.thread
        if thread is None or thread.pid != os.getpid():
            return
        for guest in [*thread.guests]:
            with suppress(Exception):
                perform(thread, thread.close(guest))
            left(thread, guest)
        thread.stop()
        thread.join()


_process = _Process()


def joined(guest: Guest) -> LoopThread:
    """Return the loop of this process, which works for this guest from now on, until it has `left`.

    :raises SyncInAsync: if none can run here.
    """
    thread = _process.thread
    if thread is None or thread.pid != os.getpid():
        check_process(over=_process.exiting)
    with _process.lock:
        thread = _process.thread
        if thread is None or thread.over or thread.pid != os.getpid():
            _process.hook()
            thread = _process.thread = LoopThread()
        thread.guests.add(guest)
        return thread


def left(thread: LoopThread, guest: Guest) -> None:
    """Let a guest leave. The last one ends the loop, and waits until its thread has ended."""
    with _process.lock:
        thread.guests.discard(guest)
        is_last = not thread.guests
        if is_last:
            _process.forget(thread)
    if is_last:
        thread.stop()
        thread.join()


def perform(thread: LoopThread, coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Have a coroutine carried out that belongs to no guest, and wait for it."""
    call = Call()
    call.coroutine = coroutine
    thread.carry(call)
    if call.error is not None:
        raise taken(call)
    return call.result


def taken(call: Call) -> BaseException:
    """Return what a call has raised, and let the call forget it: together they would be a cycle."""
    error, call.error = call.error, None
    if error is None or isinstance(error, asyncio.CancelledError):
        return closed_error()
    return error


def _below(trace: TracebackType | None) -> TracebackType | None:
    return None if trace is None else trace.tb_next


def _settle(future: asyncio.Future[Any], found: Any, error: BaseException | None) -> None:
    if not future.done():
        if error is None:
            future.set_result(found)
        else:
            future.set_exception(error)


def _is_carried_out(call: Call) -> bool:
    return call.done and not isinstance(call.error, asyncio.CancelledError | UsageError)


def _ending(call: Call) -> str:
    return f"it returned {_kind(call.result)}" if call.error is None else f"it raised {type(call.error).__name__}"


def _kind(value: object) -> str:
    return "nothing" if value is None else f"a value of type {type(value).__name__}"
