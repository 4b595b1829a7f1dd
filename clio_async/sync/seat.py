"""`Seat`: the place of one client, and all that are derived from it, in the event loop of its process."""

from __future__ import annotations

from collections.abc import Coroutine
from os import getpid
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar
from weakref import finalize

from ..errors import ClientClosed
from .calls import Call
from .loop import LoopThread, closed_error, perform, taken
from .process import check_thread, host, joined, left, seen_off, watch_forks

if TYPE_CHECKING:
    from ..client import Clio
    from ..core import Core

__all__ = ["Seat", "once", "uncopied"]

T = TypeVar("T")


def uncopied(self: object, _protocol: object) -> NoReturn:
    """Refuse to copy or pickle something that works for one client.

    :raises TypeError: always.
    """
    raise TypeError(
        f"A {type(self).__name__} is neither copied nor pickled: it has connections and calls under way. Build a "
        "client where it is needed, from what it is made of; options() and with_auth() derive one that shares them."
    )


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
        watch_forks()  # before the first import that a call needs
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
        guest = self._guest
        if guest.closed:
            raise closed_error()
        if self._farewell is None:  # before the first call: an interruption must not leave a guest that nobody sees off
            self._farewell = finalize(self, seen_off, guest)
            self._farewell.atexit = False  # the process closes everything by itself
        thread = self._thread = joined(guest)
        if guest.closed:  # by another thread, which found nothing to be closed
            thread.see_off(guest)
            raise closed_error()
        return thread

    def close(self) -> None:
        """Close the client, end its calls, and the loop if nobody else uses it.

        In the thread of the loop, where garbage collection may run a finaliser that calls this, it waits for nothing.
        """
        guest = self._guest
        thread = host(guest)
        if thread is None:
            # Nothing was opened in this process. What the parent has opened is left alone.
            guest.closed = self.core.closed = True
            thread = host(guest)
            if thread is None:  # else it was opened just now
                return
        if not thread.has_begun():  # the first call was interrupted before there was a loop
            guest.closed = True
            left(thread, guest)
            return
        if thread.is_here():
            guest.closed = True
            thread.see_off(guest)
            return
        check_thread()
        call = Call()
        call.coroutine = thread.close(guest)
        try:
            thread.carry(call)
            left(thread, guest)
        except BaseException:  # it was interrupted: what closes goes on, a token that is being renewed is waited for
            thread.see_off(guest)
            raise
        if call.error is not None:
            error = taken(call)
            try:
                if not isinstance(error, ClientClosed):  # another thread has ended the loop behind this client
                    raise error
            finally:
                del error  # it leads to this frame: together they would be a cycle

    __reduce_ex__ = uncopied


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
    watch_forks()
    guest = _Passing()
    try:
        try:
            check_thread()
            thread = joined(guest)
        except BaseException:
            coroutine.close()
            raise
        found: T = perform(thread, coroutine)
        return found
    finally:
        here = host(guest)
        if here is not None:
            left(here, guest)
