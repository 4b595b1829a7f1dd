"""The seam below the chain: `Transport`.

A transport turns a `Request` into a `Response` and knows nothing of Clio, caching or retrying.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from anyio.abc import AsyncResource

from ..messages import Headers, Request, Response

__all__ = ["MAX_BODY", "StreamedResponse", "Transport"]

MAX_BODY = 32 * 1024 * 1024
"""The default cap of a decoded body in bytes."""


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
    """

    @abstractmethod
    async def send(self, request: Request) -> Response:
        """Exchange `request` for a complete answer. Any status is a value, not an error.

        The body of the answer is whole and decoded (gzip and deflate, one coding at most).

        :raises NotSent: if no byte of the request left.
        :raises MaybeSent: if bytes left and no status came back.
        :raises ResponseBroken: if the answer is incomplete or malformed. An answer that only the end of the connection
            delimits cannot be told from a truncated one: with a 2xx status it is broken, with another status its body
            is dropped.
        :raises ResponseTooLarge: if the decoded body exceeds the cap.
        :raises InvalidArgument: if the request cannot be put on the wire as it is. Nothing was sent.
        :raises ClientClosed: after `aclose`.
        :raises WrongEventLoop: if used from another event loop than before.

        Each of the first three has a variant that is a `TimeoutError`, raised when `request.deadline` passes.
        """

    @abstractmethod
    def stream(self, request: Request) -> AbstractAsyncContextManager[StreamedResponse]:
        """Exchange `request` for an answer whose body the caller reads. Same errors as `send`; nothing is capped."""
