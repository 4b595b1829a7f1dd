"""Call an ASGI application as a server would, without a socket."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeAlias
from urllib.parse import unquote, urlsplit

import anyio

from ..messages import Headers, Request, Response

__all__ = ["ASGIApp", "asgi"]

_Message: TypeAlias = MutableMapping[str, Any]
ASGIApp: TypeAlias = Callable[
    [MutableMapping[str, Any], Callable[[], Awaitable[_Message]], Callable[[_Message], Awaitable[None]]],
    Awaitable[None],
]


def asgi(app: ASGIApp) -> Callable[[Request], Awaitable[Response]]:
    """Return what sends a request to an application, and its answer back: for `deliver_due`, or a `MemoryTransport`.

    An application that raises, or ends without an answer, has answered 500, as behind a server. There is no lifespan.
    See https://asgi.readthedocs.io/en/latest/specs/www.html.
    """

    async def send(request: Request) -> Response:
        call = _Call(request)
        try:
            await app(call.scope, call.receive, call.send)
        except Exception:  # a server goes on, whatever an application does
            return Response(500)
        return call.response()

    return send


class _Call:
    """One request on its way through an application."""

    def __init__(self, request: Request) -> None:
        self._body = request.body or b""
        self._asked = False
        self._done = anyio.Event()
        self._status = 500
        self._headers: list[tuple[str, str]] = []
        self._sent = bytearray()
        self.scope = _scope(request)

    async def receive(self) -> _Message:
        """Give the whole body at once; after that, the client leaves when it has its answer."""
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": self._body, "more_body": False}
        await self._done.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: _Message) -> None:
        """Take in a part of the answer."""
        if message["type"] == "http.response.start":
            self._status = message["status"]
            found = message.get("headers", ())
            self._headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in found]
        elif message["type"] == "http.response.body":
            self._sent += message.get("body", b"")
            if not message.get("more_body"):
                self._done.set()

    def response(self) -> Response:
        """Return the answer."""
        return (
            Response(self._status, Headers(self._headers), bytes(self._sent)) if self._done.is_set() else Response(500)
        )


def _scope(request: Request) -> dict[str, Any]:
    address = urlsplit(request.url)
    fields = [("host", address.netloc), ("content-length", str(len(request.body or b"")))]
    fields += [(name.lower(), value) for name, value in request.headers.pairs]
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": address.scheme,
        "path": unquote(address.path) or "/",
        "raw_path": address.path.encode() or b"/",
        "query_string": address.query.encode(),
        "root_path": "",
        "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in fields],
        "client": ("127.0.0.1", 1),
        "server": (address.hostname, address.port or (443 if address.scheme == "https" else 80)),
    }
