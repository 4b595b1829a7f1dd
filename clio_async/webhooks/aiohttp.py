"""A `Receiver` as a handler of aiohttp's server."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeAlias

from ..errors import InvalidArgument
from ..messages import Headers
from .receiver import Receiver

if TYPE_CHECKING:
    from aiohttp import web

    AiohttpHandler: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]

__all__ = ["handler"]

_CHUNK = 65_536


def handler(receiver: Receiver) -> AiohttpHandler:
    """Return what answers the requests of one route, which `router.add_post` takes.

    What the handler of an event fails with is raised for aiohttp to log, and to answer with 500.
    """
    from aiohttp import web  # whoever has another framework has no need of it

    if not isinstance(receiver, Receiver):
        raise InvalidArgument(f"handler() takes a Receiver, not {type(receiver).__name__}.")

    async def answer(request: web.Request) -> web.StreamResponse:
        body = await _body(request, receiver.max_body) if request.method == "POST" else b""
        if body is None:
            return web.Response(status=413, headers={"Connection": "close"})
        headers = Headers.from_raw(request.raw_headers)
        reply = await receiver.receive(request.method, request.raw_path, headers, body)
        if reply.error is not None:
            raise reply.error
        return web.Response(status=reply.status, headers=reply.headers, body=reply.body)

    return answer


async def _body(request: web.Request, most: int) -> bytes | None:
    """Read a body as it came; None if it is longer than `most` bytes."""
    read = bytearray()
    async for chunk in request.content.iter_chunked(_CHUNK):
        read += chunk
        if len(read) > most:
            return None
    return bytes(read)
