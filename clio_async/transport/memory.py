"""A transport that answers from a function in this process: for tests, simulators and demonstrations."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeAlias

from anyio import CancelScope
from anyio.lowlevel import checkpoint
from attrs import evolve, field, frozen

from ..messages import Content, Request, Response
from ..protocol.content_coding import too_large
from .base import MAX_BODY, StreamedResponse, Transport
from .exchange import Exchange, Exchanges
from .outgoing import exactly
from .streamed import Streamed

__all__ = ["Answerer", "MemoryTransport", "PiecewiseResponse"]

Answerer: TypeAlias = Callable[[Request], Awaitable[Response] | Response]

_CHUNK = 64 * 1024


@frozen(eq=False)
class PiecewiseResponse(Response):
    """What a handler returns in the place of a response with a `body`, if that is too large, or ends early.

    What the pieces raise passes through: `ResponseBroken` plays a connection that ends before the body is whole. Where
    they can be closed (`aclose`), they are, at the latest when the stream is left; the deadline counts for them too.
    """

    pieces: Callable[[], AsyncIterator[bytes]] = field(kw_only=True, repr=False)


class MemoryTransport(Transport):
    """Answer requests by calling `handler`, on any backend, from any event loop.

    Requests are checked as if they were sent, a body above `max_body` bytes is refused, and the deadline is kept
    (measured on `clock`, which has to be that of the client). An exception of the handler passes through as it is:
    raise `NotSent`, `MaybeSent` or `ResponseBroken` to play a broken connection. For everything else the request counts
    as sent once the handler was called. It sees no `Request.content`: what that produces is the `body` of its request.
    """

    def __init__(
        self, handler: Answerer, *, max_body: int = MAX_BODY, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._handler = handler
        self._max_body = max_body
        self._exchanges = Exchanges(clock)

    async def send(self, request: Request) -> Response:
        exchange = self._exchanges.begin(request)
        response = await self._answered(exchange)
        if isinstance(response, PiecewiseResponse):
            response = await self._whole(exchange, response)
        if len(response.body) > self._max_body:
            raise too_large(response.status, self._max_body)
        return response

    @asynccontextmanager
    async def stream(self, request: Request) -> AsyncGenerator[StreamedResponse]:
        exchange = self._exchanges.begin(request)
        response = await self._answered(exchange)
        if not isinstance(response, PiecewiseResponse):
            yield Streamed(response.status, response.headers, exchange, _cut(response.body))
            return
        async with _closing(response.pieces()) as pieces:
            yield Streamed(response.status, response.headers, exchange, _next_of(pieces))

    async def _answered(self, exchange: Exchange) -> Response:
        content = exchange.request.content
        request = exchange.request if content is None else await _with_body(exchange, content)
        exchange.outcome.sent = True
        answer = self._handler(request)
        response = answer if isinstance(answer, Response) else await _awaited(exchange, answer)
        exchange.outcome.status = response.status
        return response

    async def _whole(self, exchange: Exchange, response: PiecewiseResponse) -> Response:
        with exchange:
            body = bytearray()
            async with _closing(response.pieces()) as pieces:
                async for piece in pieces:
                    body += piece
                    if len(body) > self._max_body:
                        raise too_large(response.status, self._max_body)
            return Response(response.status, response.headers, bytes(body), wire_bytes=len(body))
        raise exchange.error()

    async def aclose(self) -> None:
        """Close. Requests whose handler is still at work end as `MaybeSent`."""
        self._exchanges.close()


async def _with_body(exchange: Exchange, content: Content) -> Request:
    """Return the request with all that its content produces."""
    body: bytes | None = None
    with exchange:
        body = b"".join([piece async for piece in exactly(content)])
    if body is None:
        raise exchange.error()
    request: Request = evolve(exchange.request, body=body, content=None)
    return request


async def _awaited(exchange: Exchange, answer: Awaitable[Response]) -> Response:
    with exchange:
        return await answer
    raise exchange.error()


@asynccontextmanager
async def _closing(pieces: AsyncIterator[bytes]) -> AsyncGenerator[AsyncIterator[bytes]]:
    try:
        yield pieces
    finally:
        close = getattr(pieces, "aclose", None)
        if close is not None:
            with CancelScope(shield=True):
                await close()


def _cut(body: bytes) -> Callable[[], Awaitable[bytes]]:
    pieces = iter([body[start : start + _CHUNK] for start in range(0, len(body), _CHUNK)])

    async def read() -> bytes:
        await checkpoint()
        return next(pieces, b"")

    return read


def _next_of(pieces: AsyncIterator[bytes]) -> Callable[[], Awaitable[bytes]]:
    async def read() -> bytes:
        await checkpoint()
        return await anext(pieces, b"")

    return read
