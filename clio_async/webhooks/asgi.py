"""A `Receiver` as an ASGI application, for uvicorn, hypercorn and the frameworks upon ASGI."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from functools import partial
from typing import Any, TypeAlias

from ..errors import InvalidArgument
from ..messages import Headers
from .bodies import GONE, TOO_LARGE, whole
from .receiver import Receiver
from .reply import Reply

__all__ = ["WebhookApp"]

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]


class WebhookApp:
    """An ASGI 3 application that answers the webhooks of one `Receiver`, at whatever path it is put.

    In Starlette and FastAPI give it to a route: ``app.router.routes.append(Route("/hooks", WebhookApp(receiver)))``. A
    mount (``app.mount``) answers an address without its last slash with a redirect, which Clio takes for success: the
    event would be lost.

    What the handler of an event fails with is raised when the answer (500) was sent, for the server to log.
    """

    def __init__(self, receiver: Receiver) -> None:
        if not isinstance(receiver, Receiver):
            raise InvalidArgument(f"A WebhookApp takes a Receiver, not {type(receiver).__name__}.")
        self._receiver = receiver

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one connection of an ASGI server."""
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["type"] == "http":
            answering = self._answer(scope, receive, send)
            del scope  # a traceback may show it
            await answering
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1000})
        else:
            raise NotImplementedError(f"ASGI has a scope {scope['type']!r} that is not known here.")

    async def _answer(self, scope: Message, receive: Receive, send: Send) -> None:
        method, target = scope["method"], f"?{scope.get('query_string', b'').decode('latin-1')}"
        headers = Headers.from_raw(scope["headers"])
        read = partial(_body, headers.single("content-length") or "", receive, self._receiver)
        answering = self._receiver.answer(method, target, headers, read)
        del scope, target, headers, read, receive  # a traceback may show them
        reply = await answering
        if reply is not GONE:
            await _send(reply, send)
        if reply.error is not None:
            raise reply.error


class _GoneError(Exception):
    """Whoever asked has hung up."""


async def _live(receive: Receive, send: Send) -> None:
    while True:
        stage = (await receive())["type"]
        await send({"type": f"{stage}.complete"})
        if stage == "lifespan.shutdown":
            return


async def _body(said: str, receive: Receive, bounds: Receiver) -> bytes | Reply:
    """Read a body, whatever length it is said to have."""
    if said.isdecimal() and (len(said) > 18 or int(said) > bounds.max_body):
        return TOO_LARGE
    more = True

    async def part() -> bytes | None:
        nonlocal more
        if not more:
            return None
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _GoneError
        more = message.get("more_body", False)
        return bytes(message.get("body", b""))

    try:
        return await whole(part, bounds.max_body, bounds.body_timeout)
    except _GoneError:
        return GONE


async def _send(reply: Reply, send: Send) -> None:
    fields = [*reply.headers, ("Content-Length", str(len(reply.body)))]
    raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in fields]
    await send({"type": "http.response.start", "status": reply.status, "headers": raw})
    await send({"type": "http.response.body", "body": reply.body})
