"""A transport over httpx2: for trio, and where httpx2 is at home. Needs the extra ``clio-async[httpx2]``.

It uses httpx2's own transport, below the client: that one has no redirects, cookies, decoding or environment.
"""

from __future__ import annotations

import math
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, asynccontextmanager, suppress
from copy import copy
from ssl import SSLContext
from typing import Any, Self

import anyio

try:
    import httpx2
except ImportError as error:
    raise ImportError("httpx2 is not installed: pip install 'clio-async[httpx2]'", name=error.name) from error

from ..ending import ending
from ..errors import ClioError
from ..home import Home, abandon
from ..messages import Content, Headers, Request, Response
from .base import MAX_BODY, StreamedResponse, Transport, check_settings
from .exchange import Exchange, Exchanges
from .gate import Gate, whose
from .httpx2_hearing import Hearing, Patience
from .outcome import Outcome
from .outgoing import exactly
from .streamed import Streamed, collected
from .wire import Framing, Unframed, check_whole, framing_of

__all__ = ["Httpx2Transport"]

_KEEP_ALIVE = 15.0
"""Seconds for which an idle connection is kept; the default of aiohttp too."""

# What happened, most specific first. No text of httpx2 is repeated.
_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (httpx2.ConnectTimeout, "the connection took too long"),
    (httpx2.PoolTimeout, "no connection was free in time"),
    (httpx2.ReadTimeout, "the server was silent for too long"),
    (httpx2.WriteTimeout, "the server took the request too slowly"),
    (httpx2.ConnectError, "no connection could be made, or TLS could not be established"),
    (httpx2.NetworkError, "the connection broke"),
    (httpx2.LocalProtocolError, "the request does not fit the protocol"),
    (httpx2.RemoteProtocolError, "the server closed the connection or broke the protocol"),
    (httpx2.TimeoutException, "it took too long"),
    (httpx2.TransportError, "the exchange failed"),
)


class Httpx2Transport(Transport):
    """Send requests over httpx2's connections, on asyncio, uvloop or trio. The options are those of `AiohttpTransport`.

    `http2` offers HTTP/2 to servers that speak it over TLS; that needs the package ``h2``. Requests that share a
    connection then count one by one towards `limit`, too.
    """

    def __init__(
        self,
        *,
        max_body: int = MAX_BODY,
        limit: int = 100,
        ssl: SSLContext | None = None,
        http2: bool = False,
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
        self._limits = httpx2.Limits(
            max_connections=limit, max_keepalive_connections=limit, keepalive_expiry=_KEEP_ALIVE
        )
        self._ssl = ssl
        self._http2 = http2
        self._allow_unframed = allow_unframed
        self._connect_timeout = connect_timeout
        self._read_timeout = read_timeout
        self._clock = clock
        self._exchanges = Exchanges(clock)
        self._pool: _Pool | None = None

    def sibling(self) -> Self:
        """Return a transport with the same settings, open, with a pool of its own. Whoever asks for it closes it."""
        other = copy(self)
        other._exchanges, other._pool = Exchanges(self._clock), None  # noqa: SLF001
        return other

    async def send(self, request: Request) -> Response:
        exchange = self._exchanges.begin(request, _translated)
        pool = self._current() or await self._opened()
        with exchange:
            idle = self._read_timeout if request.deadline is None else None
            answer = await self._answered(exchange, pool, idle, "accept" if self._allow_unframed else "json")
            async with aclosing(answer):
                body, wire_bytes = await collected(
                    answer.status, answer.headers, answer.length, self._max_body, answer.more
                )
            if answer.framing == "json":
                check_whole(answer.status, body)
            return Response(answer.status, answer.headers, body, wire_bytes=wire_bytes)
        raise exchange.error()

    @asynccontextmanager
    async def stream(self, request: Request) -> AsyncGenerator[StreamedResponse]:
        exchange = self._exchanges.begin(request, _translated)
        pool = self._current() or await self._opened()
        answer: _Answer | None = None
        with exchange:
            unframed: Unframed = "accept" if self._allow_unframed else "refuse"
            answer = await self._answered(exchange, pool, self._read_timeout, unframed)
        if answer is None:
            raise exchange.error()
        async with aclosing(answer):
            yield Streamed(answer.status, answer.headers, exchange, answer.more)

    async def _answered(self, exchange: Exchange, pool: _Pool, idle: float | None, unframed: Unframed) -> _Answer:
        whom = whose(exchange.request)
        if not pool.gate.passes(whom):
            await pool.gate.enter(whom)
        try:
            content = exchange.request.content
            if content is None:
                body = httpx2.ByteStream(exchange.request.body or b"")
                response = await pool.transport.handle_async_request(self._built(exchange, body, idle, idle))
            else:
                response = await self._uploaded(exchange, content, pool, idle)
            exchange.outcome.status = response.status_code
            answer = _Answer(exchange, response, pool.gate, whom)
        except BaseException:
            pool.gate.leave(whom)
            raise
        try:
            answer.delimit(unframed)
        except BaseException:
            await answer.aclose()
            raise
        if answer.framing == "dropped":
            await answer.aclose()
        return answer

    async def _uploaded(self, exchange: Exchange, content: Content, pool: _Pool, idle: float | None) -> httpx2.Response:
        """Exchange a request whose body is produced meanwhile. Its source is closed when this returns."""
        kept: list[httpx2.Response] = []
        try:
            await self._upload(exchange, content, pool, idle, kept)
        except BaseException:
            with anyio.CancelScope(shield=True):
                for response in kept:
                    await response.aclose()
            raise
        return kept[0]

    async def _upload(
        self, exchange: Exchange, content: Content, pool: _Pool, idle: float | None, kept: list[httpx2.Response]
    ) -> None:
        failure: BaseException | None = None
        async with aclosing(exactly(content)) as pieces, anyio.create_task_group() as tasks:
            patience = Patience(math.inf if idle is None else idle, tasks)
            try:
                body = _Body(content.length, await anext(pieces), pieces, patience)
                kept.append(await pool.transport.handle_async_request(self._built(exchange, body, idle, patience)))
                exchange.outcome.status = kept[0].status_code
                failure = None if body.is_whole else exchange.outcome.premature()
            except anyio.get_cancelled_exc_class():
                raise
            except BaseException as error:
                failure = error  # A group would wrap it.
            tasks.cancel_scope.cancel()
        try:
            if failure is not None:
                raise failure
        finally:
            del failure  # it would be a cycle of references

    def _built(
        self, exchange: Exchange, body: httpx2.AsyncByteStream, idle: float | None, patience: float | None
    ) -> httpx2.Request:
        async def trace(event: str, _: dict[str, Any]) -> None:
            if event.endswith(".send_request_headers.started"):
                exchange.outcome.sent = True

        target = exchange.target
        timeout = {"connect": self._connect_timeout, "read": idle, "write": patience, "pool": None}
        return httpx2.Request(
            exchange.request.method,
            target.origin,
            headers=[(name.encode("latin-1"), value.encode("latin-1")) for name, value in exchange.fields],
            stream=body,
            extensions={"target": target.path.encode("ascii"), "timeout": timeout, "trace": trace},
        )

    def _current(self) -> _Pool | None:
        """Return the pool if it belongs to this event loop and process."""
        pool = self._pool
        return pool if pool is not None and pool.home.is_here() else None

    async def _opened(self) -> _Pool:
        old = self._pool
        if old is not None:
            old.home.check()
        if self._ssl is None:  # once for all event loops: it reads many files
            self._ssl = httpx2.create_ssl_context(verify=True, trust_env=False)
        pool = self._pool = _Pool(
            httpx2.AsyncHTTPTransport(
                verify=self._ssl, trust_env=False, http2=self._http2, limits=self._limits, retries=0
            ),
            Gate(self._limit),
        )
        pool.ending = await ending(pool.transport.aclose)  # it waits for nothing
        if old is not None:
            old.leave(self._exchanges)
        return pool

    async def aclose(self) -> None:
        """Close all connections.

        A request in flight ends as `ClientClosed` if nothing of it was sent, else as `MaybeSent` or `ResponseBroken`.
        """
        pool = self._pool
        if pool is not None:
            pool.home.check()
        self._pool = None
        if pool is not None and not pool.home.is_here():
            pool.leave(self._exchanges)
            pool = None
        self._exchanges.close()
        if pool is not None:
            await pool.aclose()


class _Pool:
    """The connections of one event loop in one process."""

    def __init__(self, transport: httpx2.AsyncHTTPTransport, gate: Gate) -> None:
        self.home = Home()
        self.transport = transport
        # Private too, and read before it is set: should it move, this fails at once.
        connections: Any = transport._pool  # noqa: SLF001
        connections._network_backend = Hearing(connections._network_backend)  # noqa: SLF001
        self.gate = gate  # httpx2's own pool would give its connections in the order of the requests
        self.ending: AsyncGenerator[None]  # whoever opens it sets this before it waits for anything

    def leave(self, exchanges: Exchanges) -> None:
        """Leave the connections alone, since their event loop cannot close them, and forget who uses them."""
        if self.home.is_inherited():
            abandon((self, exchanges.under_way()))
        exchanges.forget()

    async def aclose(self) -> None:
        try:
            await self.transport.aclose()
        finally:
            await self.ending.aclose()

    def __del__(self) -> None:
        if self.home.is_inherited():
            abandon(self)


class _Body(httpx2.AsyncByteStream):
    """So many bytes in pieces, of which the first is there already."""

    def __init__(self, length: int, first: memoryview, rest: AsyncGenerator[memoryview], patience: Patience) -> None:
        self.is_whole = False
        """Whether all of it has left."""
        self._length = length
        self._first = first
        self._rest = rest
        self._patience = patience

    async def __aiter__(self) -> AsyncGenerator[bytes]:
        yield bytes(self._first)
        left = self._length - len(self._first)
        while left:
            piece = await self._patience.beside(self._rest.__anext__)
            left -= len(piece)
            yield bytes(piece)
        self.is_whole = True


class _Answer:
    """An answer whose body is still coming in."""

    def __init__(self, exchange: Exchange, response: httpx2.Response, gate: Gate, whom: str) -> None:
        self.status = response.status_code
        self.headers = Headers.from_raw(response.headers.raw)
        self.framing: Framing = "none"
        self.length = 0
        self._exchange = exchange
        self._gate: Gate | None = gate
        self._whom = whom
        self._version: bytes = response.extensions["http_version"]
        stream: Any = response.stream
        self._stream = stream
        self._pieces: AsyncGenerator[bytes] = aiter(stream)

    def delimit(self, unframed: Unframed) -> None:
        """Find out what delimits the body."""
        self.framing, self.length = framing_of(
            self._exchange.request,
            self.status,
            self.headers,
            old=self._version == b"HTTP/1.0",
            unframed=unframed,
        )

    async def more(self) -> bytes:
        """Return the next piece of the body, or nothing at its end."""
        piece = await anext(self._pieces, b"")
        if not piece and self._version != b"HTTP/2":
            # The parser keeps what came behind the answer, and would read it as the next one. Where the parser is, is
            # private: should it move, this fails at once, which is better than an answer to another's request.
            parser = self._stream._httpcore_stream._stream._connection._h11_state  # noqa: SLF001
            if parser.trailing_data[0]:
                parser.send_failed()  # A connection whose parser failed is not kept.
        return piece

    async def aclose(self) -> None:
        """Give the connection back, once. It is closed if more is to come."""
        gate, self._gate = self._gate, None
        if gate is None:
            return
        try:
            with anyio.CancelScope(shield=True):
                await self._stream.aclose()
                with suppress(Exception):  # The generators of httpcore end properly where they meet the closed one.
                    while await anext(self._pieces, b""):
                        pass
        finally:
            gate.leave(self._whom)


def _translated(error: Exception, outcome: Outcome) -> ClioError:
    """Say in our words what httpx2 reports."""
    reason = next(
        (text for kind, text in _REASONS if isinstance(error, kind)), f"of an unexpected {type(error).__name__}"
    )
    cause = error.__cause__
    if isinstance(error, httpx2.RemoteProtocolError) and cause is not None and cause.__context__ is not None:
        # The parser of httpcore refused something. Else httpcore itself met the end of the connection.
        return outcome.malformed("the answer is not valid HTTP")
    return outcome.timed_out(reason) if isinstance(error, httpx2.TimeoutException) else outcome.failed(reason)
