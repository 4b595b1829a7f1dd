"""A `Receiver` as a handler of aiohttp's server."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Final, TypeAlias

import anyio

from ..errors import InvalidArgument
from ..messages import Headers
from .bodies import CODED, GONE, whole
from .receiver import Receiver
from .reply import Reply

if TYPE_CHECKING:
    from aiohttp import StreamReader, web

    AiohttpHandler: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]

__all__ = ["handler"]

_LINGERS: Final = 5.0  # seconds


def handler(receiver: Receiver) -> AiohttpHandler:
    """Return what answers the requests of one route, which `router.add_post` takes.

    aiohttp decodes a body that came with a `Content-Encoding` before anybody has seen it, so that such a one cannot be
    proved: it is refused with 415. Clio sends none.

    What the handler of an event fails with is raised for aiohttp to log, and to answer with 500.
    """
    from aiohttp import web  # whoever has another framework has no need of it

    if not isinstance(receiver, Receiver):
        raise InvalidArgument(f"handler() takes a Receiver, not {type(receiver).__name__}.")
    broken = (web.RequestPayloadError, ConnectionError)

    async def answer(request: web.Request) -> web.StreamResponse:
        headers = Headers.from_raw(request.raw_headers)
        read = partial(_body, request.content, headers, receiver, broken)
        reply = await receiver.answer(request.method, request.raw_path, headers, read)
        if reply.error is not None:
            raise reply.error
        response = web.Response(status=reply.status, headers=reply.headers, body=reply.body)
        if not request.content.is_eof() and not (reply is not GONE and await _ended(request, response, broken)):
            request.protocol.force_close()
        return response

    return answer


async def _body(
    content: StreamReader, headers: Headers, bounds: Receiver, broken: tuple[type[Exception], ...]
) -> bytes | Reply:
    """Read a body as it came."""
    if (headers.get("content-encoding") or "identity").strip().lower() != "identity":
        return CODED

    async def part() -> bytes | None:
        return await content.readany() or None

    try:
        return await whole(part, bounds.max_body, bounds.body_timeout)
    except broken:
        return GONE


async def _ended(request: web.Request, response: web.Response, broken: tuple[type[Exception], ...]) -> bool:
    """Send an answer to what has not come whole, and pass over the rest, so that it is read by whoever still sends.

    aiohttp does so too, but logs an error, with its traceback, for whatever anybody sends that is broken. False: the
    rest does not come, or is broken.
    """
    with suppress(*broken), anyio.move_on_after(_LINGERS):
        await response.prepare(request)
        await response.write_eof()
        while not request.content.is_eof():
            await request.content.readany()
        return True
    return False
