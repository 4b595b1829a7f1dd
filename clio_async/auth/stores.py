"""Where tokens are kept: in the memory of one process, or in files that several share."""

from __future__ import annotations

import os
import random as _random
import threading
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import anyio
from anyio.lowlevel import RunVar
from anyio.to_thread import run_sync

from ..errors import TokenStoreError, UsageError
from .tokens import Token, TokenStore

if TYPE_CHECKING:
    from .files import Directory

__all__ = ["FileTokenStore", "MemoryTokenStore"]

T = TypeVar("T")

# Of each event loop. Its own threads, since a caller that waits for a token in a thread may have taken the last one.
_THREADS: RunVar[anyio.CapacityLimiter] = RunVar("clio_async token threads")
_WRITERS: RunVar[anyio.CapacityLimiter] = RunVar("clio_async token writers")


class MemoryTokenStore(TokenStore):
    """Keep tokens for as long as the process lives. Threads and event loops may share it, processes do not."""

    def __init__(self, *, random: Callable[[], float] = _random.random) -> None:
        self._tokens: dict[str, Token] = {}
        self._locked: dict[str, int] = {}  # key → process: what a parent has locked does not bind its child
        self._guards: dict[int, threading.Lock] = {}
        self._random = random

    @property
    def _changing(self) -> threading.Lock:
        # One for each process: what a thread of the parent held during a fork is never given back in the child.
        return self._guards.setdefault(os.getpid(), threading.Lock())

    async def load(self, key: str) -> Token | None:
        """Return the token of a key, None if there is none."""
        return self._tokens.get(key)

    async def save(self, key: str, token: Token | None, *, previous: Token | None) -> bool:
        """Replace `previous` by `token`, if it is still what is stored."""
        with self._changing:
            found = self._tokens.get(key)
            if (found and found.revision) != (previous and previous.revision):
                return False
            if token is not None:
                self._tokens[key] = token
            else:
                self._tokens.pop(key, None)
            return True

    @asynccontextmanager
    async def lock(self, key: str) -> AsyncGenerator[None, None]:
        """Keep other tasks and threads from renewing the token of a key for as long as the context lasts."""
        pauses = _pauses(self._random)
        while not self._take(key):  # noqa: ASYNC110 - an event would belong to one event loop
            await anyio.sleep(next(pauses))
        taken_by = os.getpid()
        try:
            yield
        finally:
            if taken_by == os.getpid():  # in a child it may end what the parent began
                del self._locked[key]

    def _take(self, key: str) -> bool:
        with self._changing:
            here = os.getpid()
            if self._locked.get(key) == here:
                return False
            self._locked[key] = here
            return True


class FileTokenStore(TokenStore):
    """Keep tokens in the files of one directory, which the processes of one user share. POSIX only.

    `directory` is made if it is missing (0700); what is above it must exist. Each token is a file that its owner alone
    can read (0600), **with the secrets in clear text**: whoever can read the files of this user has them. A file is
    refused if it is a symbolic or hard link, belongs to somebody else or is open to others; so is a directory that
    others can write to. A file is replaced as a whole, and is on the disk when `save` returns.

    The directory must be on a file system whose `flock` reaches all the processes: a local one does, a network file
    system may not. Files are read and written in worker threads. A `save` that is cancelled has replaced the token,
    or not; never half of it.

    `patience` is how long a save waits for another process that is writing, in seconds: one that was stopped in the
    middle would hold up all others.

    :raises UsageError: if the system has no file locks (Windows).
    """

    def __init__(
        self,
        directory: str | os.PathLike[str],
        *,
        patience: float = 10.0,
        random: Callable[[], float] = _random.random,
    ) -> None:
        try:
            from .files import Directory
        except ImportError:
            raise UsageError("FileTokenStore needs POSIX file locks: give a TokenStore of your own here.") from None
        self._files: Directory = Directory(
            Path(directory).absolute()
        )  # without a slash at its end, which follows links
        self._patience = patience
        self._random = random

    async def load(self, key: str) -> Token | None:
        """Return the token of a key, None if there is none.

        :raises TokenStoreError: if the file cannot be read, is refused, or holds something else.
        """
        return await _in_thread(lambda: self._files.load(key))

    async def save(self, key: str, token: Token | None, *, previous: Token | None) -> bool:
        """Replace `previous` by `token`, if it is still what is stored.

        :raises TokenStoreError: if files cannot be written or are refused, or another process does not stop writing.
        """
        waited, pauses = 0.0, _pauses(self._random)
        async with _limiter(_WRITERS, 1):  # so that one task of this process contends with others, not all of them
            while (saved := await _in_thread(lambda: self._files.replace(key, token, previous))) is None:
                if waited >= self._patience:
                    raise TokenStoreError(
                        f"Another process has been writing in {self._files.path} for {self._patience} s: "
                        "see whether it was stopped. The token was not saved."
                    )
                pause = next(pauses)
                waited += pause
                await anyio.sleep(pause)
        return saved

    @asynccontextmanager
    async def lock(self, key: str) -> AsyncGenerator[None, None]:
        """Keep other processes, threads and tasks from renewing the token of a key for as long as the context lasts.

        It waits without end: put a deadline around it. The system gives the lock back when the process ends.

        :raises TokenStoreError: if the lock file cannot be made, or is refused.
        """
        from .files import Lease

        lease, pauses = Lease(self._files, key), _pauses(self._random)
        try:
            while not await _in_thread(lease.take):  # noqa: ASYNC110 - other processes tell us nothing
                await anyio.sleep(next(pauses))
            yield
        finally:
            lease.release()  # two system calls that wait for nothing

    def __repr__(self) -> str:
        return f"FileTokenStore({str(self._files.path)!r})"


def _pauses(random: Callable[[], float]) -> Iterator[float]:
    """Yield how long to wait before each new try, in seconds: 1 ms at first, 50 ms in the end, varied by a half."""
    pause = 0.001
    while True:
        yield pause * (0.5 + random())
        pause = min(pause * 1.5, 0.05)


def _limiter(limiters: RunVar[anyio.CapacityLimiter], total: int) -> anyio.CapacityLimiter:
    limiter = limiters.get(None)
    if limiter is None:
        limiter = anyio.CapacityLimiter(total)
        limiters.set(limiter)
    return limiter


async def _in_thread(call: Callable[[], T]) -> T:
    return await run_sync(call, limiter=_limiter(_THREADS, 8))
