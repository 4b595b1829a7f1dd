"""A transport that answers from a function in this process: for tests, simulators and demonstrations."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from inspect import isawaitable
from typing import TypeAlias

from anyio.lowlevel import checkpoint

from ..messages import Request, Response
from ..protocol.content_coding import too_large
from .base import MAX_BODY, StreamedResponse, Transport
from .exchange import Exchange, Exchanges
from .streamed import Streamed

__all__ = ["Answerer", "MemoryTransport"]

Answerer: TypeAlias = Callable[[Request], Awaitable[Response] | Response]

_CHUNK = 64 * 1024


class MemoryTransport(Transport):
    """Answer requests by calling `handler`, on any backend, from any event loop.

    Requests are checked as if they were sent, a body above `max_body` bytes is refused, and the deadline is kept
    (measured on `clock`, which has to be that of the client). An exception of the handler passes through as it is:
    raise `NotSent`, `MaybeSent` or `ResponseBroken` to play a broken connection. For everything else the request counts
    as sent once the handler was called.
    """

    def __init__(
        self, handler: Answerer, *, max_body: int = MAX_BODY, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._handler = handler
        self._max_body = max_body
        self._exchanges = Exchanges(clock)

    async def send(self, request: Request) -> Response:
        response = await self._answered(self._exchanges.begin(request))
        if len(response.body) > self._max_body:
            raise too_large(response.status, self._max_body)
        return response

    @asynccontextmanager
    async def stream(self, request: Request) -> AsyncGenerator[StreamedResponse]:
        exchange = self._exchanges.begin(request)
        response = await self._answered(exchange)
        yield Streamed(response.status, response.headers, exchange, _reader(response.body))

    async def _answered(self, exchange: Exchange) -> Response:
        exchange.outcome.sent = True
        answer = self._handler(exchange.request)
        if not isawaitable(answer):
            return answer
        with exchange:
            return await answer
        raise exchange.error()

    async def aclose(self) -> None:
        """Close. Requests whose handler is still at work end as `MaybeSent`."""
        self._exchanges.close()


def _reader(body: bytes) -> Callable[[], Awaitable[bytes]]:
    pieces = iter([body[start : start + _CHUNK] for start in range(0, len(body), _CHUNK)])

    async def read() -> bytes:
        await checkpoint()
        return next(pieces, b"")

    return read
