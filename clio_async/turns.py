"""One at a time, by name: who is to write one record waits for those of this process who write it now."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any, TypeAlias, TypeVar

import anyio
import anyio.lowlevel

from .errors import NotSentTimeout, UsageError

__all__ = ["Turns", "held", "within"]

T = TypeVar("T")


class _Turn:
    __slots__ = ("lock", "over")

    def __init__(self, lock: anyio.Lock) -> None:
        self.lock = lock
        self.over = False


Held: TypeAlias = tuple[_Turn, ...]

_HELD: ContextVar[Held] = ContextVar("clio_async_turns_held", default=())
_LENT: ContextVar[Held] = ContextVar("clio_async_turns_lent", default=())
"""Those of a task elsewhere that waits for what is done here. A task that is only begun in a turn waits for its own."""


def held() -> Held:
    """Return the turns that this task has, and those of tasks that wait for it."""
    return _HELD.get() + _LENT.get()


def within(turns: Held, function: Callable[..., T], /, *arguments: Any) -> T:
    """Call a function on behalf of a task that has these turns, and waits for it: in another thread."""
    token = _LENT.set(turns)
    try:
        return function(*arguments)
    finally:
        _LENT.reset(token)


def _is_waited_for(lock: anyio.Lock) -> bool:
    if not lock.locked():
        return False
    own = lock.statistics().owner == anyio.get_current_task()
    return own or any(turn.lock is lock and not turn.over for turn in _LENT.get())


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
        :raises UsageError: if the same task has it, or one that waits for this: it would wait for itself.
        """
        key = (_home(), whose, name)
        queue = self._locks.get(key)
        if queue is None:
            queue = self._locks[key] = (anyio.Lock(), [])
        lock, users = queue
        if _is_waited_for(lock):
            raise UsageError(
                f"{name} is being written by an edit from within which this one was begun: it would wait for itself. "
                "Within an edit (in its function, a middleware or a hook) return what is to be changed, or write the "
                "record with update()."
            )
        users.append(None)
        try:
            await _acquire(lock, name, seconds)
            turn = _Turn(lock)
            before = _HELD.get()
            _HELD.set((*before, turn))
            try:
                yield
            finally:
                turn.over = True
                _HELD.set(before)
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
