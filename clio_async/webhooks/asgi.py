"""A `Receiver` as an ASGI application, for uvicorn, hypercorn and the frameworks upon ASGI."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final, TypeAlias

from ..errors import InvalidArgument
from ..messages import Headers
from .receiver import Receiver
from .reply import Reply

__all__ = ["WebhookApp"]

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]

_TOO_LARGE: Final = Reply(413, (("Connection", "close"),))  # the rest of the body was not read


class WebhookApp:
    """An ASGI 3 application that answers the webhooks of one `Receiver`, at whatever path it is put.

    In Starlette and FastAPI give it to a route: ``app.add_route("/clio/webhooks", WebhookApp(receiver))``. A mount
    (``app.mount``) answers an address without its last slash with a redirect, which Clio takes for success: the event
    would be lost.

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
        del scope  # a traceback may show it
        body: bytes | None = b""
        if method == "POST":
            try:
                body = await _body(headers, receive, self._receiver.max_body)
            except _GoneError:
                return
        answering = self._receiver.receive(method, target, headers, body) if body is not None else None
        del body, headers, target
        reply = _TOO_LARGE if answering is None else await answering
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


async def _body(headers: Headers, receive: Receive, most: int) -> bytes | None:
    """Read a body. None if it is longer than `most` bytes, whatever length it was said to have.

    :raises _GoneError: if it does not come whole.
    """
    said = headers.single("content-length") or ""
    if said.isdecimal() and (len(said) > 18 or int(said) > most):
        return None
    read = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _GoneError
        read += message.get("body", b"")
        if len(read) > most:
            return None
        if not message.get("more_body", False):
            return bytes(read)


async def _send(reply: Reply, send: Send) -> None:
    fields = [*reply.headers, ("Content-Length", str(len(reply.body)))]
    raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in fields]
    await send({"type": "http.response.start", "status": reply.status, "headers": raw})
    await send({"type": "http.response.body", "body": reply.body})
