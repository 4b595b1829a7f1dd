"""A body that is produced while it is sent, over a connection of aiohttp, beside the wait for its answer."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from contextlib import aclosing
from typing import Any

import aiohttp
import anyio
from aiohttp.client_proto import ResponseHandler

from ..messages import Content
from .gate import is_silent
from .outgoing import exactly

__all__ = ["Sender"]

_OPTION: int | None = getattr(socket, "TCP_NOTSENT_LOWAT", None)
_UNSENT = 128 * 1024
"""How many bytes the kernel may hold back. Its own bound is megabytes: while these leave on a slow line, it looks as if
nothing went on."""


class Sender:
    """Send a body piece by piece, in a task of its own, while the answer is waited for.

    `begin` writes the head of the request and the first piece, in one. `idle` bounds the time in which the server takes
    nothing, and then that in which it says nothing, in seconds; the time that the source takes does not count.
    """

    def __init__(
        self, protocol: ResponseHandler, content: Content, begin: Callable[[memoryview], None], idle: float | None
    ) -> None:
        self._protocol = protocol
        self._content = content
        self._begin: Callable[[memoryview], None] | None = begin
        self._idle = idle
        self._scope = anyio.CancelScope()
        self._fault: BaseException | None = None
        self._is_written = False

    @property
    def is_whole(self) -> bool:
        """Whether all of the body has left."""
        return self._is_written and not self._protocol.writing_paused

    async def exchange(self) -> Any:
        """Return the head of the answer and what its body is read from. No more is sent, and the source is closed.

        :raises SourceFailed: if the source raised an `Exception`; others pass as they are.
        :raises TransferError: if it produced more or fewer bytes than its length.
        """
        self._watch(None)
        task = asyncio.get_running_loop().create_task(self._send())
        failure: Exception | None = None
        answer: Any = None
        try:
            answer = await self._protocol.read()
            while answer[0].code < 200 and answer[0].code != 101:
                answer = await self._protocol.read()
        except Exception as error:
            failure = error
        except BaseException:
            await self._stop(task)
            raise
        await self._stop(task)
        fault, self._fault = failure if self._fault is None else self._fault, None
        try:
            if fault is not None:
                raise fault
        finally:
            del fault, failure  # they would be cycles of references
        if not self.is_whole:
            self._watch(self._idle)
        return answer

    def _watch(self, seconds: float | None) -> None:
        """Let the server be silent for so long from now on."""
        self._protocol.read_timeout = seconds
        self._protocol.start_timeout()

    async def _stop(self, task: asyncio.Task[None]) -> None:
        """Let the task end, also if this one is cancelled meanwhile."""
        self._scope.cancel()
        cancelled: asyncio.CancelledError | None = None
        while not task.done():
            try:
                await asyncio.wait((task,))
            except asyncio.CancelledError as error:
                cancelled = error
        if cancelled is not None:
            raise cancelled

    async def _send(self) -> None:
        try:
            with self._scope:
                left = self._content.length
                async with aclosing(exactly(self._content)) as pieces:
                    async for piece in pieces:
                        await self._hand_over(piece)
                        left -= len(piece)
                        if not left:
                            self._hold_nothing_back()
                        await self._flow()
                self._open().set_write_buffer_limits()
                self._watch(self._idle)
        except ConnectionError:
            pass  # Whoever waits for the answer gets it, or learns how the connection ended.
        except BaseException as fault:
            self._fault = fault  # It is raised where the answer is waited for, and ends the wait.
            self._protocol.set_exception(aiohttp.ClientConnectionError())

    async def _hand_over(self, piece: memoryview) -> None:
        transport = self._open()
        sock: Any = transport.get_extra_info("socket")
        if self._begin is not None:
            if sock is not None and _OPTION is not None:
                sock.setsockopt(socket.IPPROTO_TCP, _OPTION, _UNSENT)
            begin, self._begin = self._begin, None
            begin(piece)
            return
        await asyncio.sleep(0)
        while sock is not None and self._open() and not is_silent(sock.fileno()):  # noqa: ASYNC110
            # What has come in is read first: should it end the connection, a write would lose what came before the end.
            await asyncio.sleep(0)
        self._open().write(piece)

    def _hold_nothing_back(self) -> None:
        """Count the body as written. From now on the writing is paused while a byte of it has not left.

        It still is when the connection is lost meanwhile.
        """
        transport = self._open()
        # TLS pauses at its limit, TCP above it.
        transport.set_write_buffer_limits(0 if transport.get_extra_info("sslcontext") is None else 1, 0)
        self._is_written = True

    def _open(self) -> asyncio.Transport:
        """Return what is written to, if it may be."""
        transport = self._protocol.transport
        if transport is None or transport.is_closing() or self._scope.cancel_called:
            raise ConnectionAbortedError
        return transport

    async def _flow(self) -> None:
        """Wait until what was written has left, but for a little."""
        if self._protocol.writing_paused:
            self._watch(self._idle)
            await self._protocol._drain_helper()  # noqa: SLF001
            self._watch(None)
