"""`FileSubscriptions`: subscriptions in one file, which the processes of one user share. POSIX only."""

from __future__ import annotations

import os
import random as _random
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

import anyio
from anyio.lowlevel import RunVar
from anyio.to_thread import run_sync

from ..errors import SubscriptionStoreError, UsageError
from .subscriptions import Subscription, SubscriptionStore

if TYPE_CHECKING:
    from .disk import SubscriptionFile

__all__ = ["FileSubscriptions"]

T = TypeVar("T")

_THREADS: RunVar[anyio.CapacityLimiter] = RunVar("clio_async subscription threads")
_MOST: Final = 4


class FileSubscriptions(SubscriptionStore):
    """Keep subscriptions in one file of JSON (0600), **with the secrets of the webhooks in clear text**.

    Its directory must exist, and be one that nobody else can write to. Beside the file there are ``<name>.lock``, which
    whoever writes holds, and for a moment ``<name>.new``. The file is replaced as a whole, and is on the disk when
    `replace` returns. It is written as a whole, and read as a whole when it has changed, in a few worker threads of its
    own: it is for hundreds of subscriptions, not more.

    The directory must be on a file system whose `flock` reaches all the processes. `patience` is how long a `replace`
    waits for another process that is writing, in seconds.

    :raises UsageError: if the system has no file locks (Windows).
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        patience: float = 10.0,
        random: Callable[[], float] = _random.random,
    ) -> None:
        try:
            from .disk import SubscriptionFile
        except ImportError:
            raise UsageError(
                "FileSubscriptions needs POSIX file locks: give a SubscriptionStore of your own."
            ) from None
        self._file: SubscriptionFile = SubscriptionFile(Path(path).absolute())
        self._patience = patience
        self._random = random

    def __repr__(self) -> str:
        return f"FileSubscriptions({str(self._file.path)!r})"

    async def get(self, key: str) -> Subscription | None:
        """Return the subscription of a key, None if there is none.

        :raises SubscriptionStoreError: if the file cannot be read, is refused, or holds something else.
        """
        return (await _in_thread(self._file.read)).get(key)

    async def all(self) -> tuple[Subscription, ...]:
        """Return all of them. Raises what `get` raises."""
        return tuple((await _in_thread(self._file.read)).values())

    async def replace(self, old: Subscription | None, new: Subscription | None) -> bool:
        """Put `new` in the place of `old`, if that is still there.

        :raises SubscriptionStoreError: if the file cannot be read or written, is refused, or another process does not
            stop writing.
        """
        file = self._file
        async with self._locked():
            return await _in_thread(lambda: file.replace(old, new))

    @asynccontextmanager
    async def _locked(self) -> AsyncGenerator[None, None]:
        waited, pause = 0.0, 0.001
        lease = self._file.lease()
        try:
            while not await _in_thread(lease.take):
                if waited >= self._patience:
                    raise SubscriptionStoreError(
                        f"Another process has been writing {self._file.path} for {self._patience} s: see whether "
                        "it was stopped. Nothing was changed."
                    )
                waited += pause
                await anyio.sleep(pause * (0.5 + self._random()))
                pause = min(pause * 1.5, 0.05)
            yield
        finally:
            lease.release()


async def _in_thread(call: Callable[[], T]) -> T:
    """Call what waits for the disk where nobody else waits: whoever knocks here does not keep the rest of a program."""
    limiter = _THREADS.get(None)
    if limiter is None:
        limiter = anyio.CapacityLimiter(_MOST)
        _THREADS.set(limiter)
    return await run_sync(call, limiter=limiter)
