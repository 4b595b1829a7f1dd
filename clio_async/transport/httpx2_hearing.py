"""Connections of httpcore that hear an answer while a body is written. By itself it reads when all is written."""

# ruff: noqa: ASYNC109  (the timeouts are httpcore's)

from __future__ import annotations

import re
import ssl
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import Any, TypeVar

import anyio
import httpcore2
from anyio.abc import TaskGroup
from anyio.lowlevel import checkpoint

__all__ = ["Hearing", "Patience"]

T = TypeVar("T")
_MOST = 64 * 1024
_INTERIM = b"HTTP/1.1 1"
_HEADS = re.compile(rb"\r?\n\r?\n")


class Patience(float):
    """The time for a write, in seconds, of a request that an early answer is to end.

    With its first write, a task of `tasks` begins to listen. It ends with what httpcore reads next.
    """

    _ear: _Ear | None = None

    def __new__(cls, seconds: float, tasks: TaskGroup) -> Patience:
        patience = super().__new__(cls, seconds)
        patience._tasks = tasks
        return patience

    _tasks: TaskGroup

    async def beside(self, work: Callable[[], Awaitable[T]]) -> T:
        """Do some work while the connection is listened to.

        :raises WriteError: if an answer has come, or comes meanwhile. httpcore takes that for a broken connection, goes
            on to read what there is, and does not use the connection again.
        """
        return await work() if self._ear is None else await self._ear.beside(work)

    def follow(self, ear: _Ear) -> None:
        """Listen with this ear."""
        self._ear = ear
        self._tasks.start_soon(ear.listen)


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
        self._ear: _Ear | None = None

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        ear = self._ear
        if ear is None:
            return await self._stream.read(max_bytes, timeout)
        heard = await ear.heard(timeout)
        self._ear = None
        try:
            if isinstance(heard, Exception):
                raise heard
            return heard
        finally:
            del heard  # raised, it would be a cycle of references

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        if not buffer or not isinstance(timeout, Patience):
            await self._stream.write(buffer, timeout)
            return
        if self._ear is None:
            self._ear = _Ear(self._stream)
            timeout.follow(self._ear)
        await self._ear.beside(partial(self._stream.write, buffer, timeout))

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


class _Ear:
    """It reads a connection once, whatever happens beside, and ends that when something has come."""

    def __init__(self, stream: httpcore2.AsyncNetworkStream) -> None:
        self._stream = stream
        self._heard: bytes | Exception | None = None
        self._has_heard = anyio.Event()
        self._work: anyio.CancelScope | None = None

    async def listen(self) -> None:
        try:
            self._heard = await self._answer()
        except Exception as error:
            self._heard = error
        self._has_heard.set()
        # A write that has handed its last byte over waits for nothing that could be cancelled: an answer to it, which
        # comes after that, does not make it look cut.
        if self._work is not None:
            self._work.cancel()

    async def _answer(self) -> bytes:
        """Return how an answer begins, and the interim ones before it."""
        heard = piece = await self._stream.read(_MOST)
        while piece and _is_interim(heard) and len(heard) < _MOST:
            piece = await self._stream.read(_MOST)
            heard += piece
        return heard

    async def heard(self, timeout: float | None) -> bytes | Exception:
        """Return what came, or what kept it from coming."""
        with anyio.move_on_after(timeout):
            await self._has_heard.wait()
        heard, self._heard = self._heard, None
        if heard is None:
            raise httpcore2.ReadTimeout
        return heard

    async def beside(self, work: Callable[[], Awaitable[T]]) -> T:
        """Do some work, as `Patience.beside` has it."""
        while self._heard is None and self._stream.get_extra_info("is_readable"):
            await checkpoint()  # What has come in is heard first. (Over TLS, it may be no answer.)
        if self._heard is not None:
            raise httpcore2.WriteError
        done: list[T] = []
        try:
            with anyio.CancelScope() as self._work:
                done.append(await work())
        finally:
            self._work = None
        if not done:
            raise httpcore2.WriteError
        return done[0]


def _is_interim(heard: bytes) -> bool:
    """Whether only interim answers came, of which the last may be incomplete. (RFC 9110 §15.2; they have no body.)"""
    return all(head[:10] == _INTERIM[: len(head)] and head[9:12] != b"101" for head in _HEADS.split(heard))
