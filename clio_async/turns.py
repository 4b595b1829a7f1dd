"""One at a time, by name: who is to write one record waits for those of this process who write it now."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import anyio
import anyio.lowlevel

from .errors import NotSentTimeout, UsageError

__all__ = ["Turns"]


class Turns:
    """A queue for each name, in the order of arrival. Nothing is kept of a name for which nobody waits."""

    def __init__(self) -> None:
        self._locks: dict[tuple[object, str, str], tuple[anyio.Lock, list[None]]] = {}

    def __len__(self) -> int:
        return len(self._locks)

    @asynccontextmanager
    async def of(self, name: str, whose: str = "", seconds: float | None = None) -> AsyncGenerator[None]:
        """Wait for the turn, for so many seconds at most. Nobody in another event loop is waited for.

        Those who are not the same (`whose`) do not wait for each other.

        :raises NotSentTimeout: if it does not come in time.
        :raises UsageError: if the same task has it: it would wait for itself.
        """
        key = (_home(), whose, name)
        queue = self._locks.get(key)
        if queue is None:
            queue = self._locks[key] = (anyio.Lock(), [])
        lock, users = queue
        if lock.locked() and lock.statistics().owner == anyio.get_current_task():
            raise UsageError(
                f"{name} is being written by an edit of this same task, which would wait for itself. Within it (in a "
                "middleware, or a hook) write the record with update()."
            )
        users.append(None)
        try:
            await _acquire(lock, name, seconds)
            try:
                yield
            finally:
                lock.release()
        finally:
            users.pop()
            if not users:
                del self._locks[key]


async def _acquire(lock: anyio.Lock, name: str, seconds: float | None) -> None:
    acquired = False
    with anyio.move_on_after(seconds):
        await lock.acquire()
        acquired = True
    if not acquired:
        raise NotSentTimeout(
            f"{name} is being written by other edits of this process, one after the other, and the time was over "
            "before it was this one's turn. It has sent no write. Try again, with more timeout=, or with fewer edits "
            "of one record at a time."
        )


def _home() -> object:
    token = anyio.lowlevel.current_token()  # newer versions of anyio wrap what a backend has
    return getattr(token, "native_token", token)
