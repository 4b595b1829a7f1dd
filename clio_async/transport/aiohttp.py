"""The default transport: aiohttp's connection pool and parser, without its session.

`aiohttp.ClientSession` resends a request when a kept connection breaks (the switch is private), follows redirects,
keeps cookies, writes header text as UTF-8, and cannot say whether a byte of the request left. What lies under it does
none of this: `aiohttp.TCPConnector` makes and keeps connections, and the protocol object of each parses answers. So the
exchange is written here: one write, one answer. It also costs a third less than a session.
"""

from __future__ import annotations

import asyncio
import math
import os
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from copy import copy
from functools import partial
from ssl import SSLContext
from types import TracebackType
from typing import Any, Literal, Self
from weakref import ReferenceType, WeakKeyDictionary, ref

import aiohttp
from aiohttp.client_proto import ResponseHandler
from aiohttp.connector import Connection
from aiohttp.http_exceptions import HttpProcessingError
from yarl import URL

from ..ending import ending
from ..errors import ClientClosed, ClioError, WrongEventLoop
from ..home import Home, abandon
from ..messages import Headers, Request, Response
from .aiohttp_sender import Sender
from .base import MAX_BODY, StreamedResponse, Transport, check_settings
from .gate import Ear, Gate, whose
from .outcome import Guarded, Outcome
from .streamed import Streamed, collected
from .wire import Target, Unframed, check_whole, encoded, framing_of, locate

__all__ = ["AiohttpTransport"]

_LONGEST_FIELD = 64 * 1024
_MOST_FIELDS = 1_000
_JOINED = 64 * 1024
"""Up to this size a body is copied behind its head, so that both leave in one write."""

# What happened, most specific first. No text of aiohttp is repeated: it may hold URLs and header fields.
_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (aiohttp.ClientConnectorDNSError, "the host name could not be resolved"),
    (aiohttp.ClientConnectorCertificateError, "the server's certificate is not valid for this host"),
    (aiohttp.ClientConnectorSSLError, "TLS could not be established"),
    (aiohttp.ServerFingerprintMismatch, "the server's certificate is not the expected one"),
    (aiohttp.ClientConnectorError, "no connection could be made"),
    (aiohttp.SocketTimeoutError, "the server was silent for too long"),
    (aiohttp.ServerDisconnectedError, "the server closed the connection"),
    (aiohttp.ClientPayloadError, "the body is malformed, or ended before it was whole"),
    (HttpProcessingError, "the answer is not valid HTTP"),
    (TimeoutError, "the connection took too long"),
    (OSError, "the connection broke"),
    (aiohttp.ClientError, "the connection was closed"),
)


class AiohttpTransport(Transport):
    """Send requests over aiohttp's connections, on asyncio or uvloop.

    `max_body` caps a decoded body (bytes), `limit` the number of connections. Principals share these: of several, one
    gets half of them at most, and less while others are busy. `ssl` replaces the default context; there is no other way
    to relax verification. `connector_factory` makes the connector, inside the event loop; the transport closes it.
    `clock` is the clock of `Request.deadline`. `connect_timeout` bounds TCP and TLS together, `read_timeout` the
    silence between two reads where no deadline does (seconds, None: unbounded). `allow_unframed` accepts a good answer
    that only the end of its connection delimits.

    Close it when done; what is open when its event loop ends (`asyncio.run`) is closed by then, and it opens anew in
    another one. In a forked child it leaves the connections of the parent alone and opens its own.
    """

    def __init__(
        self,
        *,
        max_body: int = MAX_BODY,
        limit: int = 100,
        ssl: SSLContext | None = None,
        connector_factory: Callable[[], aiohttp.BaseConnector] | None = None,
        clock: Callable[[], float] = time.monotonic,
        allow_unframed: bool = False,
        connect_timeout: float | None = 10.0,
        read_timeout: float | None = 60.0,
    ) -> None:
        check_settings(
            limit=limit, max_body=max_body, ssl=ssl, connect_timeout=connect_timeout, read_timeout=read_timeout
        )
        self._max_body = max_body
        self._limit = limit
        self._ssl = ssl
        self._connector_factory = connector_factory
        self._clock = clock
        self._allow_unframed = allow_unframed
        self._timeouts = aiohttp.ClientTimeout(total=None, connect=None, sock_connect=connect_timeout)
        self._read_timeout = read_timeout
        self._pool: _Pool | None = None
        self._closed = False

    def _connector(self) -> aiohttp.BaseConnector:
        # The gate of the pool counts instead: a waiter of the connector that is cancelled in the moment it is woken
        # takes the wake-up with it, and those behind it wait although a connection is free.
        return _Connector(limit=0, ssl=self._ssl or True)

    def sibling(self) -> Self:
        """Return a transport with the same settings, open, with a pool of its own. Whoever asks for it closes it."""
        other = copy(self)
        other._pool, other._closed = None, False  # noqa: SLF001
        return other

    async def send(self, request: Request) -> Response:
        exchange = _Exchange(request, self._current() or await self._opened(), self._clock)
        with exchange:
            idle = self._read_timeout if request.deadline is None else None
            await exchange.open(idle, "accept" if self._allow_unframed else "json")
            status, headers = exchange.outcome.status, exchange.headers
            body, wire_bytes = b"", 0
            try:
                if exchange.has_body:
                    body, wire_bytes = await collected(status, headers, exchange.length, self._max_body, exchange.read)
                    if exchange.framing == "json":
                        check_whole(status, body)
            except BaseException:
                exchange.drop()
                raise
            exchange.keep()
            return Response(status, headers, body, wire_bytes=wire_bytes)
        raise exchange.error()

    @asynccontextmanager
    async def stream(self, request: Request) -> AsyncGenerator[StreamedResponse]:
        exchange = _Exchange(request, self._current() or await self._opened(), self._clock)
        is_open = False
        with exchange:
            await exchange.open(self._read_timeout, "accept" if self._allow_unframed else "refuse")
            is_open = True
        if not is_open:
            raise exchange.error()
        try:
            read = exchange.read if exchange.has_body else None
            yield Streamed(exchange.outcome.status, exchange.headers, exchange, read)
        finally:
            exchange.keep()  # aiohttp closes a connection whose answer was not read to its end.

    def _current(self) -> _Pool | None:
        """Return the pool if it belongs to this event loop and process."""
        if self._closed:
            raise ClientClosed("The transport is closed. Nothing was sent.")
        pool, loop = self._pool, self.here()
        return pool if pool is not None and pool.loop is loop and pool.pid == os.getpid() else None

    def here(self) -> asyncio.AbstractEventLoop:
        try:
            return asyncio.get_running_loop()
        except RuntimeError:
            raise WrongEventLoop("AiohttpTransport runs on asyncio. On trio, give Httpx2Transport().") from None

    async def _opened(self) -> _Pool:
        old = self._pool
        if old is not None:
            old.home.check()
        pool = self._pool = _Pool((self._connector_factory or self._connector)(), Gate(self._limit), self._timeouts)
        pool.ending = await ending(partial(pool.connector.close, abort_ssl=True))  # it waits for nothing
        if old is not None:
            await old.leave()
        return pool

    async def aclose(self) -> None:
        """Close all connections.

        A request in flight ends as `ClientClosed` if nothing of it was sent, else as `MaybeSent` or `ResponseBroken`.
        """
        pool = self._pool
        if pool is not None:
            pool.home.check()
        self._closed, self._pool = True, None
        if pool is not None:
            for exchange in [*pool.waiting] if pool.home.is_here() else ():
                exchange.interrupt("closed")
            await pool.leave()


class _Connector(aiohttp.TCPConnector):
    """A connector that is let go of in silence: what a pool has opened ends by its `ending`, and what it has inherited
    is not to be touched.
    """

    def __del__(self, *nothing: Any) -> None:
        pass


class _Pool:
    """What belongs to one event loop in one process."""

    def __init__(self, connector: aiohttp.BaseConnector, gate: Gate, timeouts: aiohttp.ClientTimeout) -> None:
        self.loop = asyncio.get_running_loop()
        self.home = Home()
        self.pid = os.getpid()
        self.connector = connector
        self.gate = gate
        self._timeouts = timeouts
        self.waiting: set[_Exchange] = set()
        self._timer: asyncio.Handle | None = None  # one for all deadlines: most exchanges end before theirs
        self._rings_at = math.inf  # of a timer that is about to ring, uvloop cannot tell when
        self._weak: ReferenceType[_Pool] = ref(self)  # the loop keeps what a timer calls: not a pool that nobody has
        self.ears: WeakKeyDictionary[ResponseHandler, Ear] = WeakKeyDictionary()  # of connections that were used
        self._leads: dict[str, aiohttp.ClientRequest] = {}
        self.ending: AsyncGenerator[None]  # whoever opens it sets this before it waits for anything

    def begins(self, exchange: _Exchange) -> None:
        """Note that an exchange waits, and end it at its deadline if it still does."""
        self.waiting.add(exchange)
        when, timer = exchange.when, self._timer
        if when is not None and (timer is None or when < self._rings_at):
            if timer is not None:
                timer.cancel()
            self._wind(when)

    def _wind(self, when: float) -> None:
        self._rings_at, self._timer = when, self.loop.call_at(when, _rung, self._weak)

    def ring(self) -> None:
        """End all that is overdue, and wait for the next deadline. A timer may ring a little early."""
        self._timer = None
        due, later = max(self._rings_at, self.loop.time()), math.inf
        for exchange in [*self.waiting]:
            when = math.inf if exchange.when is None else exchange.when
            if when <= due:
                exchange.interrupt("deadline")
            else:
                later = min(later, when)
        if later < math.inf:
            self._wind(later)

    async def leave(self) -> None:
        """Close the connections. Those of a parent process are not touched."""
        if self.home.is_inherited():
            abandon(self)
            return
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        try:
            await self.connector.close()
        finally:
            await self.ending.aclose()

    def __del__(self) -> None:
        if self.home.is_inherited():
            abandon(self)

    async def connect(self, target: Target) -> Connection:
        """Return a connection that is fresh, or silent since its last answer."""
        lead = self._leads.get(target.origin)
        if lead is None:
            if len(self._leads) >= 64:
                self._leads.clear()
            # The connector wants to be shown a request; it reads where that goes, and nothing else.
            url = URL(target.origin, encoded=True)
            lead = self._leads[target.origin] = aiohttp.ClientRequest("GET", url, loop=self.loop)
        while True:
            connection = await self.connector.connect(lead, [], self._timeouts)
            protocol = connection.protocol
            ear = None if protocol is None else self.ears.get(protocol)
            if protocol is None or ear is None or _is_reusable(protocol, ear):
                return connection
            connection.close()


def _rung(weak: ReferenceType[_Pool]) -> None:
    pool = weak()
    if pool is not None:
        pool.ring()


class _Exchange(Guarded):
    """One request and its answer: how far it got, what may end it early, and what went wrong.

    As a context manager it guards one stretch of waiting. It catches every error; the caller then raises `error()`,
    outside of any handler, so that nothing hangs on it that holds header fields (as errors of aiohttp do).
    """

    __slots__ = (
        "_before", "_connection", "_cut", "_head", "_is_cut_short", "_payload", "_protocol", "_task", "_whose",
        "framing", "has_body", "headers", "length", "pool", "request", "target", "when",
    )  # fmt: skip

    def __init__(self, request: Request, pool: _Pool, clock: Callable[[], float]) -> None:
        remaining = None if request.deadline is None else request.deadline - clock()
        self.request = request
        self.pool = pool
        self.target = locate(request)
        super().__init__(Outcome(self.target))
        self._whose = whose(request)
        self._head = encoded(request, self.target)
        self.when = None if remaining is None else pool.loop.time() + remaining
        self._cut: Literal["deadline", "closed"] | None = None
        self._is_cut_short = False
        self.has_body = False
        if remaining is not None and remaining <= 0:
            raise self.outcome.timed_out()

    def __enter__(self) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101  # a coroutine of asyncio always runs in a task
        self._task = task
        self._before = task.cancelling()
        self.pool.begins(self)

    def interrupt(self, cut: Literal["deadline", "closed"]) -> None:
        """End the wait. Whoever waits sees `error()`."""
        if self._cut is None:
            self._cut = cut
            self._task.cancel()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> bool:
        self.pool.waiting.discard(self)
        if self._cut is not None and self._task.uncancel() <= self._before and kind is asyncio.CancelledError:
            self._error = self.outcome.timed_out() if self._cut == "deadline" else self.outcome.closed()
            return True
        if isinstance(error, Exception):
            self.hold(error, _translated)
            return True
        return False

    async def open(self, idle: float | None, unframed: Unframed) -> None:
        """Wait for a connection, write the request, and wait for the head of its answer."""
        if not self.pool.gate.passes(self._whose):
            await self.pool.gate.enter(self._whose)
        connection: Connection | None = None
        try:
            connection = self._connection = await self.pool.connect(self.target)
            await self._ask(connection, idle, unframed)
        except BaseException:
            if connection is not None:
                _close(connection)
            self.pool.gate.leave(self._whose)
            raise

    async def _ask(self, connection: Connection, idle: float | None, unframed: Unframed) -> None:
        protocol = connection.protocol
        if protocol is None:
            raise ConnectionResetError
        protocol.set_response_params(
            skip_payload=self.request.method == "HEAD",
            read_until_eof=True,
            auto_decompress=False,
            read_timeout=idle,
            max_line_size=_LONGEST_FIELD,
            max_field_size=_LONGEST_FIELD,
            max_headers=_MOST_FIELDS,
        )
        content = self.request.content
        if content is None:
            self._write(protocol, self.request.body or b"")
            if idle is not None:
                protocol.start_timeout()
            message, payload = await protocol.read()
            while message.code < 200 and message.code != 101:
                message, payload = await protocol.read()
        else:
            sender = Sender(protocol, content, partial(self._write, protocol), idle)
            message, payload = await sender.exchange()
            self._is_cut_short = not sender.is_whole
        status = self.outcome.status = message.code
        headers = self.headers = Headers.from_raw(message.raw_headers, message.headers)
        if self._is_cut_short and (premature := self.outcome.premature()):
            raise premature
        old = message.version < aiohttp.HttpVersion11
        self.framing, self.length = framing_of(self.request, status, headers, old=old, unframed=unframed)
        if self.framing not in ("none", "dropped"):
            self.has_body, self._protocol, self._payload = True, protocol, payload

    def _write(self, protocol: ResponseHandler, body: bytes | memoryview) -> None:
        transport = protocol.transport
        if transport is None or transport.is_closing():
            raise ConnectionResetError
        head, self._head = self._head, b""
        joined = len(body) <= _JOINED
        if protocol not in self.pool.ears:
            sock = transport.get_extra_info("socket")
            self.pool.ears[protocol] = Ear(None if sock is None else sock.fileno())
        self.outcome.sent = True
        transport.write(head + body if joined else head)
        # A transport hands the first write to the kernel at once, and closes if that took nothing of it. (TLS writes
        # in several steps, so there it proves nothing.)
        if transport.is_closing() and transport.get_extra_info("sslcontext") is None:
            self.outcome.sent = False
            raise ConnectionResetError
        if not joined:
            transport.write(body)

    async def read(self) -> bytes:
        """Return the next piece of the body, nothing at its end."""
        chunk = await self._payload.readany()
        if (
            chunk
            or self.framing not in ("close", "json")
            or isinstance(self._protocol.exception(), aiohttp.ServerDisconnectedError)
        ):
            return chunk
        raise self.outcome.failed("the connection broke")  # The peer did not close it in order.

    def keep(self) -> None:
        """Give the connection back. It is closed instead if more comes in, or if the request has not left entirely."""
        sent = self.request.body or self.request.content is not None
        if sent and (self._is_cut_short or _unsent(self._connection)):
            _close(self._connection)
        self._connection.release()
        self.pool.gate.leave(self._whose)

    def drop(self) -> None:
        """Close the connection."""
        _close(self._connection)
        self.pool.gate.leave(self._whose)


def _unsent(connection: Connection) -> int:
    """Return how many bytes of a request have not left."""
    transport = connection.transport
    return 0 if transport is None else transport.get_write_buffer_size()


def _close(connection: Connection) -> None:
    """Close a connection. What has not left does not leave any more: nothing is done behind the caller's back."""
    protocol = connection.protocol
    if protocol is not None and _unsent(connection):
        protocol.abort()
    connection.close()


def _is_reusable(protocol: ResponseHandler, ear: Ear) -> bool:
    """Whether nothing came in on a kept connection that would be read as the next answer."""
    return protocol.transport is not None and not protocol.should_close and ear.is_silent()


def _translated(error: Exception, outcome: Outcome) -> ClioError:
    """Say in our words what aiohttp reports."""
    reason = next(
        (text for kind, text in _REASONS if isinstance(error, kind)), f"of an unexpected {type(error).__name__}"
    )
    if isinstance(error, HttpProcessingError):
        return outcome.malformed(reason)
    if isinstance(error, aiohttp.ServerDisconnectedError):
        # When the end came inside the head of the answer, what had been read of it hangs on the error.
        code = getattr(getattr(error, "message", None), "code", 0)
        outcome.status = outcome.status or (code if code >= 200 else 0)
    failure = outcome.timed_out(reason) if isinstance(error, TimeoutError) else outcome.failed(reason)
    if isinstance(error, OSError) and error.errno is not None:
        failure.__cause__ = OSError(error.errno, os.strerror(error.errno))
    return failure
