"""`LoopThread`: an event loop in a thread of its own, which carries out the calls of other threads."""

from __future__ import annotations

import asyncio
import os
from _thread import allocate_lock, get_ident, start_new_thread
from collections import deque
from collections.abc import Callable, Coroutine
from contextlib import suppress
from functools import partial
from threading import Thread
from types import TracebackType
from typing import Any, Final

from ..errors import ClientClosed, ClioError, NotSent, SyncInAsync, UsageError
from .calls import Call, Errand, Guest

__all__ = ["LoopThread", "Pause", "closed_error", "perform", "running_loop", "taken"]

_GRACE: Final = 0.1
"""For how many seconds calls may go on that a closed transport has ended, until they are cut short."""
_PATIENCE: Final = 2.0
"""For how many seconds a fork waits for the loop to stand still."""
_STANDING: Final = 10.0
"""For how many seconds the loop stands still for a fork of which it hears no end."""
_UNSEEN: Final = 1.0
"""After how many seconds a call that nobody has begun wakes the loop again."""
_LAST: Final = 30.0
"""For how many seconds the end waits for what closes: as long as for a token that is being renewed."""

running_loop = asyncio._get_running_loop  # noqa: SLF001  # that which raises where there is none costs ten times more


def closed_error() -> ClientClosed:
    """Return what a call ends with whose client is closed."""
    return ClientClosed("The client is closed: build a new one, or call before close().")


def _nothing(*_: object) -> None: ...


class LoopThread:
    """An event loop in a thread of its own, for as long as it has guests.

    To make one starts nothing, and holds nothing. The loop is made in its own thread, where no signal interrupts.
    """

    def __init__(
        self,
        left: Callable[[LoopThread, Guest], object] = _nothing,
        ended: Callable[[LoopThread], object] = _nothing,
    ) -> None:
        self.pid = os.getpid()
        self._left = left  # to be told of a guest that was seen off,
        self._ended = ended  # and of the end
        self.guests: dict[Guest, None] = {}
        self.over = False
        self.loop: asyncio.AbstractEventLoop | None = None
        self._claim = [None]
        """Whoever takes it runs the loop, or sees to it that nobody does."""
        self._threads: list[Thread] = []
        self._failure: Callable[[], ClioError] = closed_error
        """Makes what calls end with that are not carried any more: each thread gets one of its own."""
        self._calls: deque[Call] = deque()
        self._orders: deque[Callable[[], object]] = deque()
        self._awake = 0
        """The thread that wakes the loop, or has woken it, since it last looked; 0 for none."""
        self._running: set[Call] = set()
        self._closing: dict[Guest, asyncio.Task[None]] = {}
        self._end: asyncio.Future[None]

    # -- in the thread of a caller ------------------------------------------------------------------------------------

    def start(self) -> None:
        """Have it run, unless it does. Any number of threads may try, also within each other.

        :raises SyncInAsync: if no thread can be started: the interpreter is shutting down, or there are too many.
        """
        if self.has_begun():
            return
        try:
            # One that only starts the other: what `Thread` does must not be interrupted by a signal half way.
            start_new_thread(self._begin, ())
        except RuntimeError as error:
            if "new thread" not in str(error):  # it was raised by the handler of a signal
                raise
            raise _no_thread(str(error)) from error

    def carry(self, call: Call) -> None:
        """Have a call carried out, and wait for its end.

        What is raised in this thread meanwhile, such as `KeyboardInterrupt`, cancels the call and waits for its end; a
        second one ends that wait, too.
        """
        try:
            self._calls.append(call)
            awake, own = self._awake, get_ident()
            if not awake or awake == own:  # its own: this is the handler of a signal that came before it could wake
                self._awake = own
                self._wake()
            if self.over:
                self._give_up_calls()
            if not call.news.acquire(True, _UNSEEN) and not call.begun:
                self._wake()  # whoever was to do it was interrupted, or waits for this
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
        loop = self.loop
        if loop is None:  # it looks as it begins
            return
        try:
            loop.call_soon_threadsafe(self._look)
        except RuntimeError:
            if not loop.is_closed():  # it was raised by the handler of a signal
                raise
            self.over = True

    def _tell(self, order: Callable[[], object]) -> None:
        """Have something done by the loop, behind the calls that have come. Nothing is, when it is over."""
        self._orders.append(order)
        self._wake()

    def _interrupt(self, call: Call) -> None:
        """Cancel a call, and wait for its end."""
        if call.done:
            return
        self._tell(partial(self._cancel, call))
        while not call.done:
            if self.over:
                call.give_up(closed_error())
            else:
                call.news.acquire(True, _UNSEEN)

    def is_here(self) -> bool:
        """Whether this is its thread."""
        return self.loop is not None and self.loop is running_loop()

    def has_begun(self) -> bool:
        """Whether any call may have run. Until then nobody has anything open here."""
        return not self._claim

    def stop(self) -> None:
        """End the loop, when what it was told before is done."""
        if self._claimed():  # it has never begun
            self._leave_off()
        else:
            self._tell(self._finish)

    def join(self, seconds: float | None = None) -> None:
        """Wait until the thread has ended, unless it is this one."""
        for thread in self._threads:
            if thread.ident != get_ident() and thread.is_alive():
                thread.join(seconds)

    def see_off(self, guest: Guest, told: Callable[[], object] | None = None) -> None:
        """Close on behalf of a guest, and let it leave, without waiting for that. Any thread may, its own too."""
        if self.pid == os.getpid():
            self._tell(partial(self._see_off, guest, told))

    def wind_up(self) -> None:
        """See all guests off, and wait for the end; not for a loop that is held up: it dies with the process."""
        closed: list[Any] = []
        for guest in [*self.guests]:
            closed.append(allocate_lock())
            closed[-1].acquire()
            self.see_off(guest, closed[-1].release)
        if self.has_begun() and not all(one.acquire(True, _LAST) for one in closed):
            return
        self.stop()
        self.join(_LAST)

    def stand_still(self, pause: Pause) -> None:
        """Have the loop stand still between two steps until the pause ends. What takes too long is not waited for."""
        if not self.over and self.has_begun() and not any(thread.ident == get_ident() for thread in self._threads):
            self._tell(pause.stand)
            pause.reached.acquire(timeout=_PATIENCE)

    def tasks(self) -> set[asyncio.Task[Any]]:
        """Return the tasks that have not ended."""
        with suppress(RuntimeError):  # others make some just now
            return set() if self.loop is None else asyncio.all_tasks(self.loop)
        return set()

    def disown(self) -> None:
        """End, in a child of the process, the calls of the thread that has forked. The parent's is not touched."""
        for call in [*self._running, *self._calls]:
            call.end(UsageError("The process has forked during this call, which goes on in its parent alone."))

    # -- in the thread of the loop ------------------------------------------------------------------------------------

    def _claimed(self) -> bool:
        with suppress(IndexError):
            self._claim.pop()
            return True
        return False

    def _begin(self) -> None:
        thread = Thread(target=self._live, name="clio-async", daemon=True)
        self._threads.append(thread)
        try:
            thread.start()
        except RuntimeError as error:
            if self._claimed():
                self._failure = partial(_no_thread, str(error))
                self._leave_off()

    def _live(self) -> None:
        if not self._claimed():
            return
        try:
            self._run()
        finally:
            self._leave_off()

    def _run(self) -> None:
        try:
            _check_descriptors()
            loop = asyncio.new_event_loop()
        except OSError as error:
            self._failure = partial(_no_loop, error.strerror or "the system refuses")
            return
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            self._end = loop.create_future()
            self.loop = loop
            runner.run(self._until_the_end(self._end))

    async def _until_the_end(self, end: asyncio.Future[None]) -> None:
        self._look()  # at what came before there was a loop
        await end
        if self._closing:  # nobody waits for these any more: a token may be under renewal
            await asyncio.wait([*self._closing.values()], timeout=_LAST)

    def _leave_off(self) -> None:
        self._ended(self)
        self.over = True
        self._give_up_calls()

    def _finish(self) -> None:
        if not self._end.done():
            self._end.set_result(None)

    def _look(self) -> None:
        """Begin all calls that have come, then do what was ordered."""
        self._take()
        orders = self._orders
        while orders:
            orders.popleft()()

    def _take(self) -> None:
        self._awake = 0  # whoever comes from now on wakes the loop again
        calls, create = self._calls, asyncio.get_running_loop().create_task
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
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        if call.cancelled:  # nobody runs errands any more
            future.cancel()
            return future

        def tell(found: Any, error: BaseException | None) -> None:
            if not call.done:  # it may have ended meanwhile, or be that of a parent of this process
                self._tell(partial(_settle, future, found, error))

        errand.tell = tell
        call.add(errand)
        return future

    def _cancel(self, call: Call) -> None:
        call.cancelled = True
        if call.begun and call.task is not None:
            call.task.cancel()
        elif call.task is None:  # the interruption came before it was handed over, or after it had ended
            call.give_up(closed_error())

    def _give_up_calls(self) -> None:
        """End what nobody carries any more. Several threads may do so at once."""
        for calls in (self._calls, self._running):
            with suppress(IndexError, KeyError):  # the last one was another's
                while calls:
                    calls.pop().give_up(self._failure())

    # -- guests that leave --------------------------------------------------------------------------------------------

    async def close(self, guest: Guest) -> None:
        """Close what a guest has opened here, and end its calls. Several callers wait for the same end."""
        await asyncio.shield(self._closing_of(guest))

    def _closing_of(self, guest: Guest) -> asyncio.Task[None]:
        """Return what closes on behalf of a guest. It goes on when nobody waits for it."""
        guest.closed = True
        closing = self._closing.get(guest)
        if closing is None:
            closing = self._closing[guest] = asyncio.get_running_loop().create_task(self._close(guest))
            closing.add_done_callback(partial(self._closed, guest))
        return closing

    def _closed(self, guest: Guest, done: asyncio.Task[None]) -> None:
        _ = done.cancelled() or done.exception()  # perhaps nobody is there to be told
        self._closing.pop(guest, None)

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

    def _see_off(self, guest: Guest, told: Callable[[], object] | None) -> None:
        closing = self._closing_of(guest)
        if told is not None:
            closing.add_done_callback(lambda _: told())
        closing.add_done_callback(lambda _: self._left(self, guest))


class Pause:
    """A moment in which an event loop stands still."""

    def __init__(self) -> None:
        self.reached = allocate_lock()
        self.reached.acquire()
        self._over = allocate_lock()
        self._over.acquire()

    def stand(self) -> None:
        self.reached.release()
        self._over.acquire(timeout=_STANDING)

    def end(self) -> None:
        self._over.release()


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


def _no_thread(reason: str) -> SyncInAsync:
    return SyncInAsync(f"No thread could be started for the event loop of SyncClio: {reason}.")


def _no_loop(reason: str) -> NotSent:
    return NotSent(
        f"The event loop of SyncClio could not be made: {reason}. Nothing was sent. Close files and connections that "
        "are not needed, or let the process have more (ulimit -n); then call again."
    )


def _check_descriptors() -> None:
    """Check that there are as many as a loop needs: one that is made by half complains as it goes."""
    opened: list[int] = []
    try:
        while len(opened) < 4:
            opened.append(os.open(os.devnull, os.O_RDONLY))
    finally:
        for one in opened:
            os.close(one)


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
