"""Where files are: an origin of its own, which asks for a signature in the address and for no token.

Clio answers a download with 303 and such an address: https://docs.developers.clio.com/api-reference/ (Documents).
"""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import AsyncIterator, Iterable, Iterator
from html import escape
from typing import Final
from urllib.parse import urlsplit

from attrs import define, field, frozen

from ...messages import Headers, Request, Response
from .answers import http_date, respond
from .clock import EPOCH
from .contents import (
    Counted,
    File,
    Joined,
    Made,
    digest_of,
    joined,
    length_of,
    made_up,
    pieces_of,
    tag_of,
    tag_of_parts,
)
from .ranges import Chosen, chosen
from .signing import SIGNED, Denied, signed, verify
from .tokens import origin_of

__all__ = ["LIFE", "ORIGIN", "SIGNED", "Body", "FileResponse", "Storage", "StorageRequest", "storage_error"]

ORIGIN: Final = "https://clio-files.storage.example"
LIFE: Final = 600
"""Seconds that a signed address works, unless another time is asked for."""
SMALLEST_PART: Final = 5 * 1024 * 1024
KEPT: Final = 64 * 1024 * 1024
BODY: Final = 1024 * 1024
"""An answer of more bytes than this is made piece by piece."""


@frozen
class StorageRequest:
    """What a request to the storage carried; no value of a header field is in it, for it may be secret."""

    method: str
    path: str
    status: int
    fields: tuple[str, ...]
    """Names of header fields, in lower case and sorted."""
    length: int
    """Bytes of its body."""


@frozen(eq=False)
class Body:
    """The body of a request, received: it takes the place of `Request.content`."""

    file: bytes | Counted = field(repr=False)

    @property
    def length(self) -> int:
        """Its bytes."""
        return length_of(self.file)

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield what was kept of it."""
        if isinstance(self.file, bytes):
            yield self.file


@frozen(eq=False)
class FileResponse(Response):
    """An answer with a file, or a part of one, that is too large for `body`."""

    file: Made = field(kw_only=True, repr=False)
    first: int = field(kw_only=True)
    end: int = field(kw_only=True)

    def pieces(self) -> Iterator[bytes]:
        """Yield its bytes."""
        return pieces_of(self.file, self.first, self.end)


@define
class Storage:
    """Files by path, handed out and taken in under signed addresses.

    A file that nobody put there is made up: its text is its path.
    """

    seed: int
    origin: str = ORIGIN
    files: dict[str, File] = field(factory=dict[str, File])
    """What is there by path. Bytes can be set, and the next answer is of those."""
    requests: list[StorageRequest] = field(factory=list[StorageRequest])
    """What it was asked, oldest first."""
    smallest_part: int = SMALLEST_PART
    """Bytes that each part of an upload has at least, but for the last."""
    kept: int = KEPT
    """Bytes of a file that are kept when it is put here. Of a larger one its length and digest are noted: it cannot be
    had. 0 keeps nothing."""
    _facts: dict[str, tuple[File, str, str, float]] = field(factory=dict[str, tuple[File, str, str, float]])
    _missing: set[str] = field(factory=set[str])

    def signed(
        self, method: str, path: str, now: float, *, life: int = LIFE, fields: Iterable[tuple[str, str]] = ()
    ) -> str:
        """Return the address at which one file can be had (GET, HEAD) or put (PUT) for `life` seconds.

        A request has to carry exactly these header fields: no other that has a meaning to the storage, and each with
        this value. ``("Content-Length", "5")`` is about the length of the body. A path at which a file can be put has
        none before.
        """
        if method == "PUT" and path not in self.files:
            self._missing.add(path)
        return self.origin + signed(self.seed, method, path, now, life, fields)

    def make(self, path: str, size: int) -> Made:
        """Put a file of so many bytes there, which takes no memory."""
        made = Made(f"{self.seed}{path}", size)
        self.files[path] = made
        return made

    def offer(self, path: str, content: bytes, type: str) -> None:
        """Put a file there, unless one was put or removed; whatever is there is of that content type."""
        if path not in self._missing:
            file = self.files.setdefault(path, content)
            tag, _, changed = self._about(path, file)
            self._facts[path] = (file, tag, type, changed)

    def remove(self, path: str) -> None:
        """Remove a file: 404 from now on."""
        self.files.pop(path, None)
        self._missing.add(path)

    def file(self, path: str) -> File | None:
        """Return what is at a path, None if there is nothing."""
        found = self.files.get(path)
        return made_up(path) if found is None and path not in self._missing else found

    def copy(self, source: str, target: str) -> None:
        """Put what is at one path at another one too."""
        found = self.file(source)
        if found is not None:
            self.files[target] = found
            self._facts[target] = (found, *self._about(source, found))

    def join(self, path: str, parts: Iterable[str], now: float, *, type: str) -> int:
        """Put files together, which are then no longer there themselves; return how many bytes there are."""
        whole = [part for part in map(self.files.pop, parts) if isinstance(part, bytes | Counted)]
        self.files[path] = made = joined(whole)
        self._facts[path] = (made, tag_of_parts(whole), type, now)
        return length_of(made)

    def concerns(self, request: Request) -> bool:
        """Say whether a request is for this origin."""
        return origin_of(request.url) == self.origin

    def answer(self, request: Request, now: float) -> Response:
        """Answer a request with a file, or with an error in XML."""
        taken = request.content
        body = taken.file if isinstance(taken, Body) else request.body or b""
        path = urlsplit(request.url).path
        try:
            verify(self.seed, request, length_of(body), now)
            response = self._put(request, path, body, now) if request.method == "PUT" else self._get(request, path)
        except Denied as denied:
            response = storage_error(denied.status, denied.code, denied.message)
        names = tuple(sorted({name.lower() for name, _ in request.headers.pairs}))
        self.requests.append(StorageRequest(request.method, path, response.status, names, length_of(body)))
        return response

    def _put(self, request: Request, path: str, body: bytes | Counted, now: float) -> Response:
        if "transfer-encoding" in request.headers:
            raise Denied(411, "MissingContentLength", "You must provide the Content-Length HTTP header.")
        announced = request.headers.get("content-md5")
        if announced is not None and _digest(announced) != digest_of(body):
            raise Denied(400, "BadDigest", "The Content-MD5 you specified did not match what we received.")
        tag, kind = tag_of(body), request.headers.get("content-type", "binary/octet-stream")
        kept = body if length_of(body) <= self.kept else Counted(length_of(body), digest_of(body))
        self.files[path] = kept
        self._facts[path] = (kept, tag, kind, now)
        return respond(200, fields=(("ETag", tag),))

    def _about(self, path: str, file: File) -> tuple[str, str, float]:
        """Return the tag, type and time of a file: what was noted, unless another file was set meanwhile."""
        noted = self._facts.get(path)
        if noted is None or noted[0] is not file:
            noted = (file, tag_of(file), "application/octet-stream", EPOCH)
            self._facts[path] = noted
        return noted[1:]

    def _get(self, request: Request, path: str) -> Response:
        file = self.file(path)
        if file is None:
            raise Denied(404, "NoSuchKey", "The specified key does not exist.")
        tag, kind, changed = self._about(path, file)
        length = length_of(file)
        shown = chosen(request.method, request.headers, length=length, tag=tag, modified=int(changed))
        if shown.status == 412:
            raise Denied(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold")
        fields = [("Accept-Ranges", "bytes"), ("ETag", tag), ("Last-Modified", http_date(changed))]
        if shown.status == 416:
            refusal = storage_error(416, "InvalidRange", "The requested range is not satisfiable")
            return _having(refusal, [*fields, ("Content-Range", f"bytes */{length}")])
        if shown.status == 304:
            return respond(304, fields=tuple(fields))
        fields += [("Content-Type", kind), ("Content-Length", str(shown.end - shown.first))]
        if shown.status == 206:
            fields.append(("Content-Range", f"bytes {shown.first}-{shown.end - 1}/{length}"))
        return _bytes(shown, Headers(fields), b"" if request.method == "HEAD" else file)


def _bytes(shown: Chosen, headers: Headers, file: File) -> Response:
    if isinstance(file, Counted | Joined):
        raise Denied(501, "NotImplemented", "The bytes were counted and not kept")
    if isinstance(file, Made) and shown.end - shown.first > BODY:
        return FileResponse(shown.status, headers, file=file, first=shown.first, end=shown.end)
    body = b"".join(pieces_of(file, shown.first, shown.end))
    return Response(shown.status, headers, body, wire_bytes=len(body))


def _digest(text: str) -> bytes:
    try:
        found = b64decode(text, validate=True)
    except (NotBase64, ValueError):
        found = b""
    if len(found) != 16:
        raise Denied(400, "InvalidDigest", "The Content-MD5 you specified is not valid.")
    return found


def storage_error(status: int, code: str, message: str) -> Response:
    """Return a refusal of the storage, in XML."""
    text = (
        f"<?xml version='1.0' encoding='UTF-8'?><Error><Code>{code}</Code><Message>{escape(message)}</Message></Error>"
    )
    return respond(status, text.encode(), type="application/xml")


def _having(response: Response, fields: Iterable[tuple[str, str]]) -> Response:
    headers = Headers((*response.headers.pairs, *fields))
    return Response(response.status, headers, response.body, wire_bytes=response.wire_bytes)
