"""Where files are kept: `FileStorage` exchanges bytes with it, under signed addresses and without a token.

It is another server than Clio's. Nothing of what a client sends to Clio goes there: no token, no cookie, no version.
"""

from __future__ import annotations

import math
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import TYPE_CHECKING, Protocol

import anyio

from .errors import ResponseBroken, StorageRefused, TransportError, UnexpectedContent
from .events import Attempt
from .messages import Content, Headers, Request, Response
from .protocol import retry as decide
from .protocol import storage as protocol
from .protocol import urls
from .protocol.rate_limit import number
from .secrets import Secret

if TYPE_CHECKING:
    from .events import Watch
    from .options import RetryPolicy
    from .principal import Principal
    from .stats import Stats
    from .transport.base import StreamedResponse, Transport

__all__ = ["FileStorage", "StoredFile"]

_IDENTITY = ("Accept-Encoding", "identity")
_NO_ADDRESS = "Clio gave an address of a file that is none, or not an https one: it is not used."


class StoredFile(Protocol):
    """A file, or the rest of one, that is being received."""

    status: int
    headers: Headers
    first: int
    """The offset of the first byte that comes."""
    size: int | None
    """Bytes of the whole file, if the answer says so."""
    validator: str | None
    """A strong ETag, fit for `If-Range`."""

    def chunks(self) -> AsyncIterator[bytes]:
        """Yield the bytes as they arrive. Raises `TransportError` if they end before the answer is whole."""
        ...


class FileStorage:
    """Exchange bytes with the place where files are kept, on behalf of one principal."""

    __slots__ = ("_clock", "_principal", "_random", "_retry", "_stats", "_transport", "_watch")

    def __init__(
        self,
        transport: Transport,
        principal: Principal,
        retry: RetryPolicy | None,
        stats: Stats,
        watch: Watch,
        clock: Callable[[], float],
        random: Callable[[], float],
    ) -> None:
        self._transport = transport
        self._principal = principal
        self._retry = retry
        self._stats = stats
        self._watch = watch
        self._clock = clock
        self._random = random

    async def put(self, address: Secret, headers: Iterable[tuple[str, str]], content: Content) -> None:
        """Store bytes at a signed address, with exactly these header fields besides what HTTP needs.

        It is repeated as the retry policy has it where that may help; twice the same bytes are stored once.

        :raises StorageRefused: if the storage refuses. 403: the address has expired, or is none. 400 with the code
            ``BadDigest``: other bytes arrived than were announced.
        :raises TransportError: if no complete answer came, also to the last attempt.
        :raises UnexpectedContent: if nothing may be sent to that address, or not with these header fields. Nothing was.
        """
        counted = _Counted(content, self._stats)
        fields = protocol.put_fields(headers, content.length, _authority(address.reveal()))
        del headers  # they hold signatures, and a traceback may show the locals of this frame
        if isinstance(fields, str):
            raise UnexpectedContent(f"The header fields that Clio gave for an upload hold {fields}. Nothing was sent.")
        request = self._request("PUT", address, fields, counted)
        del fields
        if request is None:
            raise UnexpectedContent(_NO_ADDRESS)
        async with AsyncExitStack() as stack:
            exchange = await self._answered(stack, request)
            with suppress(TransportError):  # its status is what counts
                await exchange.rest()

    @asynccontextmanager
    async def get(self, address: Secret, *, first: int = 0, validator: str | None = None) -> AsyncGenerator[StoredFile]:
        """Receive a file, from the byte at offset `first` on if it is still the one of that validator (`If-Range`).

        Where it is not, or where ranges are not served, the file comes from its beginning: `StoredFile.first` says so.
        Less than the rest may come. Asking is repeated as the retry policy has it, receiving is not.

        :raises StorageRefused: if the storage refuses. 403: the address has expired, or is none. 416: the file has no
            byte at that offset.
        :raises TransportError: if no answer came, or one of other bytes than were asked for.
        :raises UnexpectedContent: if nothing may be fetched from that address, or the bytes are not those of the file.
        """
        fields = [] if not first else [("Range", f"bytes={first}-")]
        if first and validator is not None:
            fields.append(("If-Range", validator))
        request = self._request("GET", address, [*fields, _IDENTITY], None)
        if request is None:
            raise UnexpectedContent(_NO_ADDRESS)
        async with AsyncExitStack() as stack:
            yield _received(await self._answered(stack, request), first, self._stats)

    async def again(self, times: int, came: Response | TransportError) -> bool:
        """Wait before the `times`-th repetition of what failed like that. False: there is none."""
        if self._retry is None or times >= self._retry.attempts:
            return False
        # Without a date of its own, an answer that asks for a pause until a date says nothing.
        pause = decide.pause(self._retry, times, came, chance=self._random(), now=math.inf)
        if pause is None:
            return False
        await anyio.sleep(pause)
        return True

    def _request(
        self, method: str, address: Secret, fields: Iterable[tuple[str, str]], content: Content | None
    ) -> Request | None:
        """Return the request, None if nothing may be exchanged with that address."""
        url = urls.absolute_address(self._principal.origin, address.reveal())
        if url is None:
            return None
        return Request(method, url.partition("#")[0], Headers(fields), content=content, principal=self._principal)

    async def _answered(self, stack: AsyncExitStack, request: Request) -> _Exchange:
        """Return an answer that is no error, to be read within `stack`."""
        times = 0
        while True:
            times += 1
            came: Response | TransportError
            code: str | None = None
            async with AsyncExitStack() as attempt:
                try:
                    exchange = await attempt.enter_async_context(self._exchange(request))
                    if exchange.is_good():
                        stack.push_async_exit(attempt.pop_all())
                        return exchange
                    code = await exchange.code()
                    came = Response(exchange.status, exchange.headers)
                except TransportError as error:
                    came = error
            try:
                final = isinstance(came, Response) and protocol.meaning(came.status, code) != "again"
                if not final and await self.again(times, came):
                    continue
                if isinstance(came, Response):
                    raise _refused(came.status, code)
                raise came
            finally:
                del came  # an error leads to this frame: together they would be a cycle

    @asynccontextmanager
    async def _exchange(self, request: Request) -> AsyncGenerator[_Exchange]:
        """Exchange one request, count it, and tell the hooks of it."""
        self._stats.storage_requests += 1
        started = self._clock()
        exchange = _Exchange(request)
        try:
            async with self._transport.stream(request) as answer:
                exchange.begin(answer)
                yield exchange
        except BaseException as error:
            exchange.failure = exchange.failure or type(error).__name__
            raise
        finally:
            if self._watch:
                self._tell(exchange, started)

    def _tell(self, exchange: _Exchange, started: float) -> None:
        request = exchange.request
        self._watch.attempted(
            Attempt(
                request.method,
                urls.origin(request.url),
                None,
                self._principal.fingerprint,
                exchange.status or None,
                exchange.failure,
                started,
                self._clock(),
                exchange.received,
            )
        )


def _authority(url: str) -> str:
    return urls.origin(url).partition("://")[2]


def _refused(status: int, code: str | None) -> StorageRefused:
    reason = f"{status}" if code is None else f"{status} ({code})"
    return StorageRefused(f"The place where files are kept answered {reason}.", status=status, code=code)


class _Exchange:
    """A request to the storage, and what has come of its answer."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.status = 0
        self.headers = Headers()
        self.received = 0
        self.failure: str | None = None
        """The class of the error that ended it."""
        self._pieces: AsyncIterator[bytes] | None = None

    def begin(self, answer: StreamedResponse) -> None:
        self.status, self.headers = answer.status, answer.headers
        self._pieces = answer.chunks()

    def is_good(self) -> bool:
        """Say whether it is no error.

        :raises ResponseBroken: if the storage thanks for bytes that were not sent yet.
        """
        content = self.request.content
        if content is None:
            return self.status in {200, 206}
        good = protocol.meaning(self.status) == "stored"
        if good and isinstance(content, _Counted) and content.sent < content.length:
            raise ResponseBroken("The storage answered before all bytes were sent.", status=self.status)
        return good

    async def more(self) -> bytes:
        """Return the next bytes, or nothing at their end.

        :raises ResponseBroken: after the wait for some was cut short: what is left of the answer would look whole.
        """
        assert self._pieces is not None  # noqa: S101  # it has begun
        if self.failure is not None:
            raise ResponseBroken("The answer of the storage was left before its end.", status=self.status)
        try:
            piece = await anext(self._pieces, b"")
        except BaseException as error:
            self.failure = type(error).__name__
            raise
        self.received += len(piece)
        return piece

    async def rest(self) -> bytes:
        """Return what is left of a short answer, and no more than a few thousand bytes of a long one."""
        found = b""
        while len(found) < protocol.LONGEST_ERROR and (piece := await self.more()):
            found += piece
        return found[: protocol.LONGEST_ERROR]

    async def code(self) -> str | None:
        """Return the word that an error gives for itself."""
        found = b""
        with suppress(TransportError):  # its status is what counts
            found = await self.rest()
        return protocol.code_of(found)


class _Received:
    """A `StoredFile`. The pieces come from an object, so that a loop over them can be left at any time."""

    def __init__(self, exchange: _Exchange, part: protocol.Part | None, size: int | None, stats: Stats) -> None:
        self.status = exchange.status
        self.headers = exchange.headers
        self.first = 0 if part is None else part.first
        self.size = size
        self.validator = protocol.strong_tag(exchange.headers)
        self._left = size if part is None else part.last - part.first + 1
        self._exchange = exchange
        self._stats = stats

    def chunks(self) -> _Received:
        return self

    def __aiter__(self) -> _Received:
        return self

    async def __anext__(self) -> bytes:
        piece = await self._exchange.more()
        if self._left is not None:
            self._left -= len(piece)
            if self._left < 0 or (self._left and not piece):
                raise ResponseBroken("More or fewer bytes came than the answer had announced.", status=self.status)
        if not piece:
            raise StopAsyncIteration
        self._stats.bytes_downloaded += len(piece)
        return piece


def _received(exchange: _Exchange, first: int, stats: Stats) -> _Received:
    """Return what an answer holds of a file of which the bytes from `first` on were asked for."""
    headers, status = exchange.headers, exchange.status
    if protocol.coded(headers):
        raise UnexpectedContent("The storage sent an encoding of the file (Content-Encoding), and not its bytes.")
    if status == 200:
        return _Received(exchange, None, number(headers, "content-length"), stats)
    part = protocol.part_of(headers)
    if part is None or not first or part.first != first:
        raise ResponseBroken("The storage sent another part of the file than was asked for.", status=status)
    return _Received(exchange, part, part.size, stats)


class _Counted:
    """Content, and how much of it was taken."""

    def __init__(self, content: Content, stats: Stats) -> None:
        self._content = content
        self._stats = stats
        self.length = content.length
        self.sent = 0

    def chunks(self) -> AsyncIterator[bytes]:
        self.sent = 0
        return self._counting(self._content.chunks())

    async def _counting(self, pieces: AsyncIterator[bytes]) -> AsyncGenerator[bytes]:
        try:
            async for piece in pieces:
                self.sent += len(piece)
                self._stats.bytes_uploaded += len(piece)
                yield piece
        finally:
            close = getattr(pieces, "aclose", None)
            if close is not None:
                await close()
