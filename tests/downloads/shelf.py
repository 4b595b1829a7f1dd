"""Clio and the place where it keeps files, as two servers on real sockets, and a client of them."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from urllib.parse import parse_qsl, urlsplit

from attrs import define, field

from clio_async import AiohttpTransport, Clio, RetryPolicy
from clio_async.testing.wire import Answer, Received, WireServer, serve
from clio_async.transport.base import Transport

from ..faults.loopback import transport

TOKEN = "token-which-no-storage-may-ever-see-4711"
SIGNATURE = "f00dfacef00dfacef00dfacef00dface"
BODY = bytes(range(256)) * 2
TAG = '"one"'
LOGIN = b"<html>Who are you?"

Step = Callable[["Shelf", Received], Answer]


@define
class Shelf:
    """One file, of document 42, and what goes wrong with it: `plan` is how the next requests are answered."""

    body: bytes = BODY
    tag: str | None = TAG
    size: int | None = len(BODY)
    """What Clio says."""
    versions: dict[int, int] = field(factory=dict)
    """Sizes of versions, as Clio says."""
    plan: list[Step] = field(factory=list, converter=list)
    expired: set[int] = field(factory=set)
    """Addresses, by number, that work no longer."""
    issued: int = 0
    redirect: tuple[str, str | None] = ("303 See Other", None)
    """The status of the answer to a download, and where it leads unless to the file."""
    clio: WireServer | None = field(default=None, repr=False)
    storage: WireServer | None = field(default=None, repr=False)

    # -- Clio ------------------------------------------------------------------------------------------------------

    def answer_as_clio(self, request: Received) -> Answer:
        address = urlsplit(request.target)
        path = address.path.removeprefix("/api/v4").removesuffix(".json")
        if path.endswith("/download"):
            assert self.storage is not None
            self.issued += 1
            status, elsewhere = self.redirect
            location = (
                elsewhere or f"{self.storage.url}/files/secret-path?n={self.issued}&X-Amz-Signature={SIGNATURE}#top"
            )
            return Answer(head(status, location=location, content_length=0))
        if path.endswith("/versions"):
            return json_answer([{"id": one, "size": size} for one, size in self.versions.items()])
        if path == "/login":
            return Answer(head("200 OK", content_type="text/html", content_length=len(LOGIN)) + LOGIN)
        if "latest_document_version" in dict(parse_qsl(address.query)).get("fields", ""):
            return json_answer({"id": 42, "latest_document_version": {"id": 1, "size": self.size}})
        return json_answer({"id": 42, "size": self.size})

    @property
    def asked(self) -> list[str]:
        """The paths that Clio was asked for."""
        assert self.clio is not None
        paths = [urlsplit(request.target).path for request in self.clio.received]
        return [path.removeprefix("/api/v4").removesuffix(".json") for path in paths]

    # -- the storage -----------------------------------------------------------------------------------------------

    def answer_as_storage(self, request: Received) -> Answer:
        number = int(dict(parse_qsl(urlsplit(request.target).query)).get("n", "0"))
        if number in self.expired:
            return refusal(403, "AccessDenied")
        step = self.plan.pop(0) if self.plan else file
        return step(self, request)

    @property
    def fetched(self) -> list[tuple[str, ...]]:
        """`Range` and `If-Range` of each request to the storage."""
        assert self.storage is not None
        return [(*request.values_of("range"), *request.values_of("if-range")) for request in self.storage.received]


def head(status: str, **fields: object) -> bytes:
    lines = [f"HTTP/1.1 {status}", *(f"{name.replace('_', '-')}: {value}" for name, value in fields.items()), "", ""]
    return "\r\n".join(lines).encode()


def json_answer(content: object) -> Answer:
    body = json.dumps({"data": content}).encode()
    return Answer(head("200 OK", content_type="application/json", content_length=len(body)) + body)


def refusal(status: int, code: str, **fields: object) -> Answer:
    body = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>{SIGNATURE}</Message></Error>".encode()
    return Answer(head(f"{status} No", content_type="application/xml", content_length=len(body), **fields) + body)


def refuses(status: int, code: str = "Nope", **fields: object) -> Step:
    return lambda _, __: refusal(status, code, **fields)


def file(shelf: Shelf, request: Received) -> Answer:
    """Send the file, or the part of it that was asked for, if it is still the one that was asked for (RFC 9110 §14)."""
    tag = {} if shelf.tag is None else {"etag": shelf.tag}
    asked = re.fullmatch(r"bytes=([0-9]+)-", next(iter(request.values_of("range")), ""))
    unchanged = request.values_of("if-range") in ([], [shelf.tag])
    if asked is None or not unchanged:
        shown = {"content_length": len(shelf.body), "content_type": "text/plain", **tag}
        return Answer(head("200 OK", **shown) + shelf.body)
    first, size = int(asked[1]), len(shelf.body)
    if first >= size:
        return refusal(416, "InvalidRange", content_range=f"bytes */{size}")
    part = shelf.body[first:]
    shown = {"content_range": f"bytes {first}-{size - 1}/{size}", "content_length": len(part), **tag}
    return Answer(head("206 Partial Content", **shown) + part)


def cut(at: int, then: str = "reset") -> Step:
    """Send the file up to a byte, counted from the first one of its head (from the end, if negative)."""

    def step(shelf: Shelf, request: Received) -> Answer:
        whole = file(shelf, request).data
        assert isinstance(whole, bytes)
        return Answer(whole[:at], then)  # type: ignore[arg-type]

    return step


def changes(body: bytes, tag: str | None) -> Step:
    """Let another file be there, and send what is to be sent then."""

    def step(shelf: Shelf, request: Received) -> Answer:
        shelf.body, shelf.tag, shelf.size = body, tag, len(body)
        return file(shelf, request)

    return step


def chunked(*pieces: bytes, status: str = "200 OK", **fields: object) -> Step:
    """Send these bytes, without a length."""
    coded = b"".join(f"{len(piece):x}\r\n".encode() + piece + b"\r\n" for piece in [*pieces, b""])
    return lambda _, __: Answer(head(status, transfer_encoding="chunked", **fields) + coded)


def raw(status: str, body: bytes = b"", **fields: object) -> Step:
    return lambda _, __: Answer(head(status, **{"content_length": len(body), **fields}) + body)


def opened(way: str) -> Transport:
    """Open a transport. "lenient" takes answers that only the end of their connection delimits."""
    if way == "lenient":
        return AiohttpTransport(allow_unframed=True)
    return transport("aiohttp" if way == "aiohttp" else "httpx2")


def unframed(body: bytes, **fields: object) -> Step:
    """Send bytes that only the end of the connection delimits."""
    return lambda _, __: Answer(head("200 OK", **fields) + body, "close")


@asynccontextmanager
async def running(shelf: Shelf, way: str, **options: object) -> AsyncGenerator[Clio]:
    """Yield a client of a running shelf. It makes no pauses."""
    settings: dict[str, object] = {"retry": RetryPolicy(first_pause=0.0), **options}
    async with serve(shelf.answer_as_clio) as clio, serve(shelf.answer_as_storage) as storage, opened(way) as wire:
        shelf.clio, shelf.storage = clio, storage
        async with Clio(TOKEN, base_url=f"{clio.url}/api/v4", transport=wire, **settings) as client:  # type: ignore[arg-type]
            yield client
