"""One at a time, by name: who is to write one record waits for those of this process who write it now."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import anyio
import anyio.lowlevel

__all__ = ["Turns"]


class Turns:
    """A queue for each name, in the order of arrival. Nothing is kept of a name for which nobody waits."""

    def __init__(self) -> None:
        self._locks: dict[tuple[object, str], tuple[anyio.Lock, list[None]]] = {}

    def __len__(self) -> int:
        return len(self._locks)

    @asynccontextmanager
    async def of(self, name: str) -> AsyncGenerator[None]:
        """Wait for the turn. Nobody in another event loop is waited for."""
        key = (_home(), name)
        queue = self._locks.get(key)
        if queue is None:
            queue = self._locks[key] = (anyio.Lock(), [])
        lock, users = queue
        users.append(None)
        try:
            async with lock:
                yield
        finally:
            users.pop()
            if not users:
                del self._locks[key]


def _home() -> object:
    token = anyio.lowlevel.current_token()  # newer versions of anyio wrap what a backend has
    return getattr(token, "native_token", token)
