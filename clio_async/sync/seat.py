"""`Seat`: the place of one client, and all that are derived from it, in the event loop of its process."""

from __future__ import annotations

from collections.abc import Coroutine
from os import getpid
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import finalize

from .calls import Call
from .loop import LoopThread, check_thread, closed_error, joined, left, perform, taken

if TYPE_CHECKING:
    from ..client import Clio
    from ..core import Core

__all__ = ["Seat", "once"]

T = TypeVar("T")


class _Guest:
    """What the loop keeps of a client: enough to close it when nobody holds it any more."""

    __slots__ = ("clio", "closed")

    def __init__(self, clio: Clio) -> None:
        self.clio = clio
        self.closed = False

    async def aclose(self) -> None:
        await self.clio.aclose()


class Seat:
    """Runs the calls of a client in the event loop of this process, whichever process that is."""

    __slots__ = ("__weakref__", "_farewell", "_guest", "_thread", "clio")

    def __init__(self, clio: Clio) -> None:
        self.clio = clio
        self._guest = _Guest(clio)
        self._thread: LoopThread | None = None
        self._farewell: finalize[Any, Any] | None = None

    @property
    def core(self) -> Core:
        """What the client shares with those that are derived from it."""
        return self.clio._core  # noqa: SLF001 - it is the client of this seat alone

    def call(self) -> Call:
        """Return a call of this client, which can be asked to run something in the thread that waits for it."""
        return Call(self._guest)

    def run(self, coroutine: Coroutine[Any, Any, T], call: Call | None = None) -> T:
        """Have a coroutine run by the loop, and wait for its end.

        :raises SyncInAsync: if this thread must not wait.
        :raises ClientClosed: if the client is closed, also meanwhile.
        """
        try:
            check_thread()
            thread = self._thread
            if thread is None or thread.over or thread.pid != getpid() or self._guest.closed:
                thread = self._joined()
            if call is None:
                call = Call(self._guest)
            call.coroutine = coroutine
        except BaseException:
            coroutine.close()
            raise
        thread.carry(call)
        if call.error is None:
            found: T = call.result
            return found
        raise taken(call)

    def _joined(self) -> LoopThread:
        if self._guest.closed:
            raise closed_error()
        thread = self._thread = joined(self._guest)
        if self._farewell is not None:
            self._farewell.detach()
        self._farewell = finalize(self, thread.see_off, self._guest)
        self._farewell.atexit = False  # the process closes everything by itself
        return thread

    def close(self) -> None:
        """Close the client, end its calls, and the loop if nobody else uses it."""
        thread, farewell = self._thread, self._farewell
        if thread is None or farewell is None or thread.over or thread.pid != getpid():
            # Nothing was opened in this process. What the parent has opened is left alone.
            self._guest.closed = True
            self.core.closed = True
            return
        check_thread()
        farewell.detach()
        try:
            perform(thread, thread.close(self._guest))
        finally:
            left(thread, self._guest)


class _Passing:
    """A guest for one call."""

    __slots__ = ("closed",)

    def __init__(self) -> None:
        self.closed = False

    async def aclose(self) -> None: ...


def once(coroutine: Coroutine[Any, Any, T]) -> T:
    """Have a coroutine run by the loop of this process, which is started for it if there is none.

    :raises SyncInAsync: if this thread must not wait.
    """
    guest = _Passing()
    try:
        check_thread()
        thread = joined(guest)
    except BaseException:
        coroutine.close()
        raise
    try:
        found: T = perform(thread, coroutine)
        return found
    finally:
        left(thread, guest)
