"""Connections of httpcore that hear an answer while a body is written. By itself it reads when all is written."""

# ruff: noqa: ASYNC109  (the timeouts are httpcore's)

from __future__ import annotations

import ssl
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import Any, TypeVar

import anyio
import httpcore2
from anyio.lowlevel import checkpoint

__all__ = ["Hearing", "Patience"]

T = TypeVar("T")
_MOST = 64 * 1024


class Patience(float):
    """The time for a write, in seconds, of a request that an early answer is to end. It learns where that is."""

    _stream: _Stream | None = None

    async def beside(self, work: Callable[[], Awaitable[T]]) -> T:
        """Do some work while the connection is listened to.

        :raises WriteError: if an answer has come, or comes meanwhile. httpcore takes that for a broken connection, goes
            on to read what there is, and does not use the connection again.
        """
        stream = self._stream
        return await work() if stream is None else await stream.beside(work)

    def follow(self, stream: _Stream) -> None:
        """Listen to this connection."""
        self._stream = stream


class Hearing(httpcore2.AsyncNetworkBackend):
    """Make connections that hear."""

    def __init__(self, backend: httpcore2.AsyncNetworkBackend) -> None:
        self._backend = backend

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        return _Stream(await self._backend.connect_tcp(host, port, timeout, local_address, socket_options))


class _Stream(httpcore2.AsyncNetworkStream):
    """A connection. What is heard while it writes is what it reads next."""

    def __init__(self, stream: httpcore2.AsyncNetworkStream) -> None:
        self._stream = stream
        self._heard: bytes | Exception | None = None

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        heard, self._heard = self._heard, None
        if heard is None:
            return await self._stream.read(max_bytes, timeout)
        if isinstance(heard, Exception):
            raise heard
        return heard

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        if not buffer or not isinstance(timeout, Patience):
            await self._stream.write(buffer, timeout)
            return
        timeout.follow(self)
        await self.beside(partial(self._stream.write, buffer, timeout))

    async def beside(self, work: Callable[[], Awaitable[T]]) -> T:
        """Do some work, as `Patience.beside` has it."""
        if self._heard is not None:
            raise httpcore2.WriteError
        done: list[T] = []
        failure: BaseException | None = None
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._hear, tasks.cancel_scope)
            while self._heard is None and self.get_extra_info("is_readable"):
                await checkpoint()  # What has come in is heard first. (Over TLS, it may be no answer.)
            try:
                done.append(await work())
            except anyio.get_cancelled_exc_class():
                raise
            except BaseException as error:
                failure = error  # A group would wrap it.
            tasks.cancel_scope.cancel()
        if failure is not None:
            try:
                raise failure
            finally:
                del failure  # it would be a cycle of references
        if not done:
            raise httpcore2.WriteError
        return done[0]

    async def _hear(self, work: anyio.CancelScope) -> None:
        try:
            self._heard = await self._stream.read(_MOST)
        except Exception as error:
            self._heard = error
        work.cancel()

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.AsyncNetworkStream:
        stream = await self._stream.start_tls(ssl_context, server_hostname, timeout)
        # In HTTP/2 what comes in belongs to any of the requests that share the connection.
        tls = stream.get_extra_info("ssl_object")
        return stream if tls.selected_alpn_protocol() == "h2" else _Stream(stream)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
