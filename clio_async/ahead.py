"""`Ahead`: something that is read before it is asked for, while its reader is busy with what came before."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Generic, TypeVar

import anyio
from anyio.lowlevel import current_token

from .detached import Job, Keep

__all__ = ["Ahead"]

T = TypeVar("T")


class Ahead(Generic[T]):
    """One reading that has begun. It runs in a task of its own, so that a cancelled reader may come back for it.

    Whoever drops the object ends the reading. What it raised is kept for the reader, and lost with the object.
    """

    __slots__ = ("_home", "_slot")

    def __init__(self, read: Callable[[], Awaitable[T]], detach: Callable[[Job], None]) -> None:
        self._home = current_token()
        self._slot: _Slot[T] = _Slot()
        detach(partial(_fill, self._slot, read))  # the job does not know this object, so that it can be dropped

    async def result(self) -> T | None:
        """Wait for the end of the reading, and return what was read. None if it was cut short.

        It is cut short when the client is closed, or when the event loop ends that it began in.

        :raises Exception: what the reading raised.
        """
        slot = self._slot
        if not slot.done.is_set():
            if self._home != current_token():
                return None
            await slot.done.wait()
        if slot.error is not None:
            raise slot.error
        return slot.found

    def __del__(self) -> None:
        # Only the thread of its event loop may cancel it. From elsewhere it is left to end by itself.
        try:
            if self._home == current_token():
                self._slot.scope.cancel()
        except Exception:  # noqa: S110 - no event loop runs here
            pass


class _Slot(Generic[T]):
    __slots__ = ("done", "error", "found", "scope")

    def __init__(self) -> None:
        self.done = anyio.Event()
        self.scope = anyio.CancelScope()
        self.found: T | None = None
        self.error: Exception | None = None


async def _fill(slot: _Slot[Any], read: Callable[[], Awaitable[Any]], _keep: Keep) -> None:
    try:
        with slot.scope:
            if not slot.scope.cancel_called:  # else it could get as far as sending before it is cancelled
                slot.found = await read()
    except Exception as error:
        slot.error = error
    finally:
        slot.done.set()
