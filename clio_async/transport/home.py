"""Where connections belong: one event loop, in one process."""

from __future__ import annotations

import os
from typing import Any

import anyio.lowlevel

from ..errors import WrongEventLoop

__all__ = ["Home"]


class Home:
    """The event loop and the process in which it was made."""

    __slots__ = ("_pid", "_token")

    def __init__(self) -> None:
        self._token = _token()
        self._pid = os.getpid()

    def is_inherited(self) -> bool:
        """Whether this is a child of the process: its connections are the parent's, and must not be touched."""
        return self._pid != os.getpid()

    def is_here(self) -> bool:
        """Whether this is the place."""
        return self._token is _token() and not self.is_inherited()

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

    def check(self) -> None:
        """Refuse to go on in another event loop while this one lives.

        :raises WrongEventLoop: in that case.
        """
        if not self.is_here() and not self.is_gone():
            raise WrongEventLoop(
                "The transport has connections in another event loop. Close it there first, or make one for each loop."
            )


def _token() -> Any:
    # The loop itself on asyncio, a TrioToken on trio; newer versions of anyio wrap them.
    token = anyio.lowlevel.current_token()
    return getattr(token, "native_token", token)


def _nothing() -> None: ...
