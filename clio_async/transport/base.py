"""The seam below the chain: `Transport`.

A transport turns a `Request` into a `Response` and knows nothing of Clio, caching or retrying.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from math import inf
from ssl import SSLContext
from typing import Protocol

from anyio.abc import AsyncResource

from ..errors import InvalidArgument
from ..home import here
from ..messages import Headers, Request, Response

__all__ = ["MAX_BODY", "StreamedResponse", "Transport", "check_settings"]

MAX_BODY = 32 * 1024 * 1024
"""The default cap of a decoded body in bytes."""


def check_settings(*, limit: object, max_body: object, ssl: object, **seconds: object) -> None:
    """Refuse settings that no transport can follow.

    :raises InvalidArgument: for a bound that is no positive number, and for an `ssl` that is no `SSLContext`: there is
        no other way to relax the verification of certificates.
    """
    for name, bound in (("limit", limit), ("max_body", max_body)):
        if isinstance(bound, bool) or not isinstance(bound, int) or bound < 1:
            raise InvalidArgument(f"{name} is a positive number, not {bound!r}.")
    for name, time in seconds.items():
        if time is not None and (isinstance(time, bool) or not isinstance(time, int | float) or not 0 < time < inf):
            raise InvalidArgument(f"{name} is a positive number of seconds, or None for no bound, not {time!r}.")
    if ssl is not None and not isinstance(ssl, SSLContext):
        raise InvalidArgument("ssl is an SSLContext, or None for the default one. Certificates are always verified.")


class StreamedResponse(Protocol):
    """An answer whose body is read piece by piece, with its content coding left as it is on the wire."""

    @property
    def status(self) -> int: ...
    @property
    def headers(self) -> Headers: ...

    def chunks(self) -> AsyncIterator[bytes]:
        """Yield the body as it arrives.

        :raises ResponseBroken: if it ends before it is whole.
        """
        ...


class Transport(AsyncResource):
    """Send requests over some HTTP client.

    An implementation opens its connections at first use, so that it can be built outside an event loop. It does not
    follow redirects, retry, resend, keep cookies, or read the environment (proxies, netrc). TLS is verified.

    Where requests have to wait for one another, it shares places fairly between principals: one that is slow, or asks
    for much, does not keep the others out. It uses `Request.principal` for nothing else.
    """

    @abstractmethod
    async def send(self, request: Request) -> Response:
        """Exchange `request` for a complete answer. Any status is a value, not an error.

        The body of the answer is whole and decoded (gzip and deflate, one coding at most).

        `Request.content` is sent as it is produced, under its length, with at most a few hundred KiB in between, and
        its generator is closed before this returns. The last bytes leave when the generator has ended: a content that
        is too long, too short, or raises at its end never makes a complete request. An answer that comes earlier is the
        answer, unless it is a success, which cannot speak of bytes that never left: that is broken. The rest is not
        produced and not sent, and the connection is not used again. Besides the fields of a request with a content, its
        host and its length are sent, and no others. While no `deadline` does,
        silence bounds the exchange in both directions; the time that the content itself takes does not count.

        :raises TransferError: if the content produces more or fewer bytes than its length.
        :raises BaseException: what the content raises, as it is. The connection is closed.
        :raises NotSent: if no byte of the request left.
        :raises MaybeSent: if bytes left and no status came back.
        :raises ResponseBroken: if the answer is incomplete or malformed. An answer that only the end of the connection
            delimits cannot be told from a truncated one: with a 2xx status it is broken unless it is a complete JSON
            object or array, with another status its body is dropped.
        :raises ResponseTooLarge: if the decoded body exceeds the cap.
        :raises InvalidArgument: if the request cannot be put on the wire as it is. Nothing was sent.
        :raises ClientClosed: after `aclose`.
        :raises WrongEventLoop: if used from another event loop than before.

        Each of the first three has a variant that is a `TimeoutError`, raised when `request.deadline` passes.
        """

    @abstractmethod
    def stream(self, request: Request) -> AbstractAsyncContextManager[StreamedResponse]:
        """Exchange `request` for an answer whose body the caller reads. Same errors as `send`; nothing is capped.

        No more is read ahead than a few hundred KiB. A stream that is left before its end closes its connection.
        """

    def here(self) -> object:
        """Return what stands for the event loop that runs here, by identity.

        :raises WrongEventLoop: if it is of a kind that the transport does not run on.
        """
        return here()

    def sibling(self) -> Transport:
        """Return a transport with the same settings and connections of its own, for another server.

        Whoever asks for it closes it; closing either leaves the other open. One that has no connections may return
        itself; it is then not closed.
        """
        return self
