"""An origin server in memory, and a transport that lets a test decide when things happen."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager

import anyio
from attrs import define, field

from clio_async.client import Clio
from clio_async.messages import Headers, Request, Response
from clio_async.transport.base import StreamedResponse, Transport

BASE = "http://localhost/api/v4"
LONG_AGO = "Thu, 01 Jan 2026 00:00:00 GMT"
NOW = "Sat, 21 Nov 2026 12:00:00 GMT"


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: float = 1000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@define
class Origin:
    """Records by path, each with a version number that is its ETag. Speaks RFC 9110, and nothing more."""

    bodies: dict[str, bytes] = field(factory=dict)
    versions: dict[str, int] = field(factory=dict)
    extra: dict[str, str] = field(factory=dict)
    """Header fields of every answer."""
    weak: bool = False
    tags: bool = True
    modified: bool = False

    def put(self, path: str, body: bytes) -> None:
        self.bodies[path] = body
        self.versions[path] = self.versions.get(path, 0) + 1

    def tag(self, path: str) -> str:
        return f'{"W/" if self.weak else ""}"{path}-{self.versions[path]}"'

    def answer(self, request: Request) -> Response:
        path = request.url.removeprefix(BASE).partition("?")[0].removesuffix(".json")
        if request.method == "POST":
            return Response(201, Headers(self.extra), b"{}")
        if path not in self.bodies:
            return Response(404, Headers(self.extra), b'{"error":{"type":"NotFoundError","message":"Not Found"}}')
        if request.method == "PATCH":
            self.put(path, request.body or b"")
        elif request.method == "DELETE":
            del self.bodies[path]
            return Response(204, Headers(self.extra))
        headers = {"Date": NOW, **self.extra}
        if self.tags:
            headers["ETag"] = self.tag(path)
        if self.modified:
            headers["Last-Modified"] = LONG_AGO
        unchanged = self.tags and request.headers.get("If-None-Match") == self.tag(path)
        if request.headers.get("If-None-Match") is None and self.modified:
            unchanged = request.headers.get("If-Modified-Since") == LONG_AGO
        if request.method == "GET" and unchanged:
            return Response(304, Headers(headers))
        return Response(200, Headers(headers), self.bodies[path], wire_bytes=len(self.bodies[path]))


Answer = Callable[[Request], Response | Awaitable[Response]]


class Wire(Transport):
    """Hand every request to `answer`, and remember it."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.seen: list[Request] = []
        self.closed = False

    async def send(self, request: Request) -> Response:
        self.seen.append(request)
        answer = self.answer(request)
        return answer if isinstance(answer, Response) else await answer

    def stream(self, request: Request) -> AbstractAsyncContextManager[StreamedResponse]:
        raise AssertionError("nothing here streams")

    async def aclose(self) -> None:
        self.closed = True

    def sent(self, name: str) -> list[str | None]:
        """The values of a header field in all requests, in order."""
        return [request.headers.get(name) for request in self.seen]


def script(*answers: Response | Exception) -> Answer:
    """Answer with these, one after the other."""
    left = list(answers)

    def answer(_: Request) -> Response:
        step = left.pop(0)
        if isinstance(step, Exception):
            raise step
        return step

    return answer


def ok(body: bytes = b"{}", **headers: str) -> Response:
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(200, Headers(fields), body, wire_bytes=len(body))


def not_modified(**headers: str) -> Response:
    return Response(304, Headers({name.replace("_", "-"): value for name, value in headers.items()}))


def client(wire: Transport, *, token: str = "token-a", **options: object) -> Clio:
    """A client of the origin. Nothing jitters."""
    settings: dict[str, object] = {"random": lambda: 0.5, "timeout": None, **options}
    return Clio(token, base_url=BASE, transport=wire, **settings)  # type: ignore[arg-type]


class Gate:
    """Hold requests until the test lets them on."""

    def __init__(self, answer: Callable[[Request], Response]) -> None:
        self._answer = answer
        self.waiting: list[anyio.Event] = []

    async def __call__(self, request: Request) -> Response:
        response = self._answer(request)
        event = anyio.Event()
        self.waiting.append(event)
        await event.wait()
        return response


async def pages(source: AsyncIterator[object]) -> list[object]:
    return [item async for item in source]
