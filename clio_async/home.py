"""Where connections belong: one event loop, in one process."""

from __future__ import annotations

import os
from functools import cache
from threading import Lock
from typing import Any

import anyio.lowlevel

from .errors import WrongEventLoop

__all__ = ["Home", "Residence", "abandon", "here"]


class Home:
    """The event loop and the process in which it was made."""

    __slots__ = ("_pid", "_token")

    def __init__(self) -> None:
        self._token = here()
        self._pid = os.getpid()
        _grip()  # a process that ends imports nothing any more

    def is_inherited(self) -> bool:
        """Whether this is a child of the process: its connections are the parent's, and must not be touched."""
        return self._pid != os.getpid()

    def is_here(self) -> bool:
        """Whether this is the place."""
        return self._token is here() and not self.is_inherited()

    def is_gone(self) -> bool:
        """Whether its event loop has ended, or is the parent's."""
        if self.is_inherited():
            return True
        if hasattr(self._token, "is_closed"):
            return bool(self._token.is_closed())
        try:
            self._token.run_sync_soon(_nothing)
        except RuntimeError:  # trio.RunFinishedError
            return True
        return False

    def check(self, whose: str = "The transport has connections") -> None:
        """Refuse to go on in another event loop while this one lives.

        :raises WrongEventLoop: in that case.
        """
        if not self.is_here() and not self.is_gone():
            raise WrongEventLoop(
                f"{whose} in another event loop, which has not ended. Close it there first, or make one for each loop; "
                "threads without a loop share a SyncClio."
            )


class Residence:
    """Where something with a state is at home. It moves when that event loop has ended, and in a child process."""

    __slots__ = ("_home", "_moving")

    def __init__(self) -> None:
        self._home: Home | None = None
        self._moving: dict[
            int, Lock
        ] = {}  # by process: one that is held during a fork is never given back in the child

    def take(self, whose: str) -> Home | None:
        """Be at home here from now on. Return the home that was left, if there was another one.

        Of several threads that come at once, one gets it.

        :raises WrongEventLoop: if that is an event loop that has not ended.
        """
        with self._moving.setdefault(os.getpid(), Lock()):
            left = self._home
            if left is not None:
                if left.is_here():
                    return None
                left.check(whose)
            self._home = Home()
            return left

    def is_inherited(self) -> bool:
        """Whether it was at home in a parent of this process, and nowhere since."""
        return self._home is not None and self._home.is_inherited()


def here() -> Any:
    """Return what stands for the event loop that runs here, by identity."""
    # The loop itself on asyncio, a TrioToken on trio; newer versions of anyio wrap them.
    token = anyio.lowlevel.current_token()
    return getattr(token, "native_token", token)


def abandon(thing: object) -> None:
    """Keep what a child has inherited, and all that it holds, as it is until the process ends.

    No finaliser runs, not even in the end. One that closes a connection takes it out of the selector that the child
    shares with its parent, one that ends a task runs what only the parent may do.
    """
    grip = _grip()
    if grip is not None:
        hold, boxed = grip
        hold(boxed(thing))


@cache
def _grip() -> Any:
    """Return what takes a reference that is never given back, None where Python has no such thing."""
    try:
        from ctypes import py_object, pythonapi
    except ImportError:
        return None
    return pythonapi.Py_IncRef, py_object


def _nothing() -> None: ...
