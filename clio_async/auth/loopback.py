"""Receive one OAuth callback on 127.0.0.1 (RFC 8252 §7.3): `loopback`.

Whatever runs in a browser can send requests to this port. So the Host must be the loopback's own (else a name that was
rebound to 127.0.0.1 would do), and a callback counts only with the state of the approval that is waited for.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from urllib.parse import parse_qsl

import anyio
from anyio.abc import SocketAttribute, SocketStream
from attrs import frozen

from ..errors import ApprovalTimeout, AuthError, AuthorizationDeclined, InvalidArgument
from ..secrets import Secret

__all__ = ["Receiver", "check", "loopback"]

_HEAD_LIMIT = 32_768  # bytes; browsers send along the cookies of every other server on 127.0.0.1
_PATIENCE = 10.0  # seconds for a connection to say what it wants
_CROWD = 64  # connections that have not said it yet
_GOODBYE = 2.0  # seconds for the last page to leave
_GONE = (anyio.BrokenResourceError, anyio.ClosedResourceError, anyio.EndOfStream, OSError)

_PATH = re.compile(r"/[A-Za-z0-9._~/-]*")
_REQUEST_LINE = re.compile(rb"([A-Z]{1,20}) (/[\x21-\x7e]*) HTTP/1\.1")
_FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t\x20-\x7e\x80-\xff]*)")


@frozen
class _Page:
    """What a browser is told. Nothing in it comes from a request."""

    status: str
    title: str = ""
    text: str = ""
    extra: tuple[str, ...] = ()

    def response(self) -> bytes:
        body = (
            f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>{self.title}</title>
</head><body><h1>{self.title}</h1><p>{self.text}</p></body></html>
"""
            if self.title
            else ""
        ).encode()
        fields = (*_FIELDS, *self.extra, f"Content-Length: {len(body)}")
        return "\r\n".join((f"HTTP/1.1 {self.status}", *fields, "", "")).encode() + body


_FIELDS = (
    "Content-Type: text/html; charset=utf-8",
    "Content-Security-Policy: default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cache-Control: no-store",
    "Referrer-Policy: no-referrer",
    "X-Content-Type-Options: nosniff",
    "Connection: close",
)
_DONE = _Page("200 OK", "The app is connected", "You may close this window.")
_DECLINED = _Page("200 OK", "The app was not approved", "Nothing was stored. You may close this window.")
_FAILED = _Page("200 OK", "The login failed", "The program that began it says why. You may close this window.")
_IGNORED = _Page(
    "400 Bad Request",
    "This answer was ignored",
    "It does not belong to the login that is waiting: its state is another one. If you have just approved the app, "
    "open the address again that the program shows.",
)
_BAD_REQUEST = _Page("400 Bad Request", "Bad request", "This is no request that a browser sends here.")
_WRONG_HOST = _Page("403 Forbidden", "Forbidden", "This server answers to its own address only.")
_NOT_FOUND = _Page("404 Not Found", "Not found", "There is nothing here.")
_NOT_ALLOWED = _Page("405 Method Not Allowed", extra=("Allow: GET",))  # no body: it may answer a HEAD
_TOO_LARGE = _Page("431 Request Header Fields Too Large", "Too large", "The request is longer than a browser's.")


@asynccontextmanager
async def loopback(*, port: int, path: str = "/callback") -> AsyncGenerator[Receiver, None]:
    """Listen on a port of 127.0.0.1 while the block lasts.

    Register `redirect_uri` with the app as it is, port and path included: Clio compares the whole of it
    (https://docs.developers.clio.com/api-docs/authorization). Port 0 takes a free one.

    The browser is answered when the block ends: that the app is connected, or, if an exception ends it, that the
    app was not approved or the login has failed. So exchange the code inside the block, and do little else there.

    :raises InvalidArgument: for a port or path that cannot be.
    :raises AuthError: if the port cannot be listened on.
    """
    check(port, path)
    try:
        listener = await anyio.create_tcp_listener(local_host="127.0.0.1", local_port=port)
    except OSError as error:
        reason = error.strerror or "no reason given"
        raise AuthError(
            f"Port {port} of 127.0.0.1 cannot be listened on ({reason}). If another login waits there, end it; else "
            "register a redirect URI with another port."
        ) from None
    receiver = Receiver(listener.extra(SocketAttribute.local_port), path)  # noqa: S610 - anyio's, not Django's
    page, raised = _FAILED, None
    async with listener, anyio.create_task_group() as tasks:
        tasks.start_soon(listener.serve, receiver._serve)  # noqa: SLF001 - of the same module
        try:
            yield receiver
            page = _DONE
        except Exception as error:  # it is the caller's, and no group of errors
            page, raised = _DECLINED if isinstance(error, AuthorizationDeclined) else _FAILED, error
        finally:
            receiver._end(page)  # noqa: SLF001
            tasks.cancel_scope.cancel()
    if raised is not None:
        raise raised


def check(port: int, path: str) -> None:
    """Refuse what `loopback` cannot listen at.

    :raises InvalidArgument: for a port or path that cannot be.
    """
    if not isinstance(port, int) or isinstance(port, bool) or not 0 <= port <= 65_535:
        raise InvalidArgument("port must be an integer from 0 to 65535.")
    if not isinstance(path, str) or not _PATH.fullmatch(path):
        raise InvalidArgument("path must begin with a slash, and hold letters, digits and . _ ~ / - alone.")


class Receiver:
    """Waits for the callback: see `loopback`."""

    def __init__(self, port: int, path: str) -> None:
        self.redirect_uri = f"http://127.0.0.1:{port}{path}"
        """Where the authorization server must send the browser."""
        self.ignored = 0
        """How many callbacks with another state came."""
        self._path = path
        self._hosts = {f"127.0.0.1:{port}".encode(), f"localhost:{port}".encode()}
        if port == 80:
            self._hosts |= {b"127.0.0.1", b"localhost"}
        self._state: Secret | None = None
        self._arrived = anyio.Event()
        self._url = Secret("")
        self._reading: dict[anyio.CancelScope, None] = {}  # in order of arrival
        self._over = anyio.Event()
        self._last = _FAILED

    async def callback(self, state: str | Secret, *, timeout: float | None = 300.0) -> str:  # noqa: ASYNC109
        """Wait for the callback that bears `state`, and return its URL: with a code, or with an error.

        Callbacks with another state are told so, and counted in `ignored`: a forged one does not end the login. The URL
        is a secret until the code in it was exchanged. Call it once. `timeout` is in seconds; None waits for ever.

        :raises AuthError: if none comes in time.
        """
        self._state = state if isinstance(state, Secret) else Secret(state)
        del state
        if not self._state:
            raise InvalidArgument("Without a state, a forged callback could not be told from the right one.")
        with anyio.move_on_after(timeout):
            await self._arrived.wait()
        if not self._url:
            raise ApprovalTimeout(
                f"No answer came within {timeout:g} s{self._hint()}. Nothing was stored: try again. "
                f"If the browser showed an error, check that {self.redirect_uri} is registered with the app."
            )
        return self._url.reveal()

    def _hint(self) -> str:
        return f" ({self.ignored} with another state, ignored)" if self.ignored else ""

    async def _serve(self, stream: SocketStream) -> None:
        """Answer the one request of a connection, as long as it comes in time."""
        with anyio.move_on_after(_PATIENCE) as scope:
            try:
                async with stream:
                    self._admit(scope)
                    await self._answer(stream)
            except _GONE:
                pass
            finally:
                self._reading.pop(scope, None)

    def _admit(self, scope: anyio.CancelScope) -> None:
        """Make room for a connection: a page may open any number, and the one silent for longest is worth least."""
        if len(self._reading) >= _CROWD:
            oldest = next(iter(self._reading))
            del self._reading[oldest]
            oldest.cancel()
        self._reading[scope] = None

    async def _answer(self, stream: SocketStream) -> None:
        asked = _asked(await _head(stream), self._hosts)
        page = self._received(asked) if isinstance(asked, Secret) else asked
        if page is None:  # the right one: what became of it is known when the block ends, also if it is cancelled
            with anyio.CancelScope(shield=True):
                await self._over.wait()
            with anyio.move_on_after(_GOODBYE, shield=True):
                await stream.send(self._last.response())
            return
        await stream.send(page.response())
        await stream.send_eof()
        while True:  # closing before all was read would reset the connection, and with it the answer
            await stream.receive()

    def _received(self, target: Secret) -> _Page | None:
        """Take a callback, unless it is none: return what to say then."""
        path, _, query = target.reveal().partition("?")
        if path != self._path:
            return _NOT_FOUND
        if not _bears(query, self._state):
            self.ignored += 1
            return _IGNORED
        if not self._url:  # reloading the page changes nothing
            self._url = Secret(f"{self.redirect_uri}?{query}")
            self._arrived.set()
        return None

    def _end(self, page: _Page) -> None:
        """Let those go that wait for what became of the login."""
        self._last = page
        self._over.set()


async def _head(stream: SocketStream) -> bytes | None:
    """Read a request up to the blank line; None if it is too long."""
    data = bytearray()
    while (end := data.find(b"\r\n\r\n")) < 0 and len(data) <= _HEAD_LIMIT:
        data += await stream.receive()
    return bytes(data[:end]) if 0 <= end <= _HEAD_LIMIT else None


def _asked(head: bytes | None, hosts: set[bytes]) -> Secret | _Page:
    """Return the target of a well-formed GET to one of `hosts`, else the page that refuses it."""
    if head is None:
        return _TOO_LARGE
    first, *rest = head.split(b"\r\n")
    line, fields = _REQUEST_LINE.fullmatch(first), [_FIELD.fullmatch(field) for field in rest]
    named = [(field[1].lower(), field[2].strip(b" \t")) for field in fields if field]
    if line is None or len(named) < len(fields):
        return _BAD_REQUEST
    if line[1] != b"GET":
        return _NOT_ALLOWED
    if [value.lower() in hosts for name, value in named if name == b"host"] != [True]:
        return _WRONG_HOST
    if any(name in {b"content-length", b"transfer-encoding"} for name, _ in named):
        return _BAD_REQUEST
    return Secret(line[2].decode())


def _bears(query: str, state: Secret | None) -> bool:
    """Say whether a query has one state, and it is the right one."""
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=32)
    except ValueError:  # too many
        return False
    states = [value.encode() for name, value in pairs if name == "state"]
    expected = None if state is None else state.reveal().encode("utf-8", "surrogatepass")
    return expected is not None and len(states) == 1 and hmac.compare_digest(states[0], expected)
