"""HTTP/1.1 as a server speaks it: bytes in, requests out, without a socket (RFC 9112)."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

from attrs import frozen

from ...messages import Headers, Request, Response
from .contents import Intake
from .storage import Body

__all__ = ["LAST_CHUNK", "BadMessage", "Reader", "Received", "compressed", "head", "in_chunk", "response_bytes"]

MAX_HEAD: Final = 64 * 1024
MAX_BODY: Final = 8 * 1024 * 1024
MAX_FILE: Final = 5 * 1024 * 1024 * 1024
_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE: Final = re.compile(r"[\t\x20-\x7e\x80-\xff]*")
_TARGET: Final = re.compile(r"/[\x21-\x7e]*")
_HOST: Final = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:[0-9]+)?")
_CHUNK: Final = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?")
LAST_CHUNK: Final = b"0\r\n\r\n"
_NO_BODY: Final = frozenset({204, 304})
_REASONS: Final = {
    200: "OK", 201: "Created", 204: "No Content", 206: "Partial Content", 302: "Found", 303: "See Other",
    304: "Not Modified", 307: "Temporary Redirect", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden",
    404: "Not Found", 409: "Conflict", 410: "Gone", 411: "Length Required", 412: "Precondition Failed",
    413: "Content Too Large", 414: "URI Too Long", 416: "Range Not Satisfiable", 422: "Unprocessable Content",
    428: "Precondition Required", 429: "Too Many Requests", 431: "Request Header Fields Too Large",
    500: "Internal Server Error", 501: "Not Implemented", 502: "Bad Gateway", 503: "Service Unavailable",
    504: "Gateway Timeout", 505: "HTTP Version Not Supported",
}  # fmt: skip


class BadMessage(Exception):  # answered, then the connection ends
    """The bytes are not a request that can be answered in order."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


@frozen
class Received:
    """A request, and whether the connection may live on."""

    request: Request
    keep_alive: bool
    unread: bool = False
    """Whether its body was left where it is."""


@frozen
class _Head:
    method: str
    target: str
    headers: Headers
    keep_alive: bool
    length: int
    """Bytes of the body; -1 for chunks."""


class Reader:
    """Collect bytes until a request is whole. Pipelined requests come out one after the other.

    Where files are put there is an `intake` for each: the body is not collected then, and may be as long as a file.
    """

    def __init__(self, authority: str, intake: Callable[[], Intake] | None = None) -> None:
        self._authority = authority
        self._intake = intake
        self._file: Intake | None = None
        self._buffer = bytearray()
        self._head: _Head | None = None
        self.expects_continue = False
        """Whether the client waits for a 100 before it sends the body. Whoever sends it sets this back."""

    @property
    def started(self) -> bool:
        """Whether part of a request is there."""
        return bool(self._buffer) or self._head is not None

    @property
    def incoming(self) -> tuple[Request, int] | None:
        """The file that is on its way: its request, without a body, and how many bytes are there."""
        if self._head is None or self._file is None:
            return None
        return self._request(self._head), self._file.length

    def feed(self, piece: bytes) -> None:
        """Take in what arrived."""
        self._buffer += piece

    def next(self) -> Received | None:
        """Return the next whole request, None while there is none.

        :raises BadMessage: if the bytes cannot become one.
        """
        if self._head is None:
            self._head = self._read_head()
            if self._head is None:
                return None
        if self._intake is not None and self._head.method == "PUT":
            return self._next_file(self._head, self._intake)
        body = self._chunks() if self._head.length < 0 else self._plain(self._head.length)
        if body is None:
            return None
        found = self._ended(self._head)
        return Received(self._request(found, body or None), found.keep_alive)

    def _ended(self, found: _Head) -> _Head:
        self._head, self._file, self.expects_continue = None, None, False
        return found

    def _request(self, found: _Head, body: bytes | None = None, content: Body | None = None) -> Request:
        url = f"http://{found.headers.get('host', self._authority)}{found.target}"
        return Request(found.method, url, found.headers, body, content=content)

    def _next_file(self, found: _Head, intake: Callable[[], Intake]) -> Received | None:
        """Return the next request, whose body is a file; in chunks it is not read."""
        if found.length < 0:
            return Received(self._request(self._ended(found)), keep_alive=False, unread=True)
        if self._file is None:
            self._file = intake()
        piece = bytes(self._buffer[: found.length - self._file.length])
        del self._buffer[: len(piece)]
        self._file.feed(piece)
        if self._file.length < found.length:
            return None
        request = self._request(found, content=Body(self._file.file()))
        return Received(request, self._ended(found).keep_alive)

    def _read_head(self) -> _Head | None:
        while self._buffer.startswith(b"\r\n"):  # tolerated before a request line (RFC 9112 §2.2)
            del self._buffer[:2]
        end = self._buffer.find(b"\r\n\r\n", 0, MAX_HEAD)
        if end < 0:
            if len(self._buffer) >= MAX_HEAD:
                raise BadMessage(431, "the head is too large")
            return None
        lines = self._buffer[:end].decode("latin-1").split("\r\n")
        del self._buffer[: end + 4]
        found = _parsed(lines, MAX_BODY if self._intake is None else MAX_FILE)
        self.expects_continue = "100-continue" in found.headers.get("expect", "").lower() and found.length != 0
        return found

    def _plain(self, length: int) -> bytes | None:
        if len(self._buffer) < length:
            return None
        body = bytes(self._buffer[:length])
        del self._buffer[:length]
        return body

    def _chunks(self) -> bytes | None:
        """Read a chunked body, from its start each time: bodies of requests are small."""
        body, place = bytearray(), 0
        while True:
            end = self._buffer.find(b"\r\n", place)
            if end < 0:
                self._bounded(place)
                return None
            size = _chunk_size(bytes(self._buffer[place:end]))
            if not size:
                return self._after_trailer(bytes(body), end)
            place = end + 2 + size + 2
            if len(body) + size > MAX_BODY:
                raise BadMessage(413, "the body is too large")
            if len(self._buffer) < place:
                return None
            if not self._buffer.startswith(b"\r\n", place - 2):
                raise BadMessage(400, "a chunk is longer than it says")
            body += self._buffer[end + 2 : place - 2]

    def _bounded(self, place: int) -> None:
        if len(self._buffer) - place > MAX_HEAD:
            raise BadMessage(400, "a chunk has no size")

    def _after_trailer(self, body: bytes, end: int) -> bytes | None:
        """Drop the trailer section, which ends with an empty line."""
        done = self._buffer.find(b"\r\n\r\n", end)
        if done < 0:
            self._bounded(end)
            return None
        del self._buffer[: done + 4]
        return body


def _chunk_size(line: bytes) -> int:
    found = _CHUNK.fullmatch(line)
    if found is None:
        raise BadMessage(400, "a chunk has no valid size")
    return int(found[1], 16)


def _parsed(lines: list[str], most: int) -> _Head:
    method, target, version = _request_line(lines[0])
    headers = Headers([_field(line) for line in lines[1:]])
    hosts = headers.values_of("host")
    if len(hosts) > 1 or (version == "HTTP/1.1" and not hosts) or not all(map(_is_authority, hosts)):
        raise BadMessage(400, "there must be one valid Host")
    options = {option.strip().lower() for option in headers.get("connection", "").split(",")}
    keep_alive = "close" not in options if version == "HTTP/1.1" else "keep-alive" in options
    return _Head(method, target, headers, keep_alive, _length(headers, most))


def _is_authority(text: str) -> bool:
    try:
        urlsplit(f"http://{text}/").port  # noqa: B018 - reading the port is what checks it
    except ValueError:
        return False
    return bool(_HOST.fullmatch(text))


def _request_line(line: str) -> tuple[str, str, str]:
    parts = line.split(" ")
    if len(parts) != 3 or not _TOKEN.fullmatch(parts[0]):
        raise BadMessage(400, "the request line is malformed")
    method, target, version = parts
    if version not in {"HTTP/1.0", "HTTP/1.1"}:
        raise BadMessage(505 if version.startswith("HTTP/") else 400, "HTTP/1.1 is spoken here")
    if not _TARGET.fullmatch(target):
        raise BadMessage(400, "the target is not a path")
    return method, target, version


def _field(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    value = value.strip(" \t")
    if not colon or not _TOKEN.fullmatch(name) or not _VALUE.fullmatch(value):
        raise BadMessage(400, "a header field is malformed")
    return name, value


def _length(headers: Headers, most: int) -> int:
    """Return the length of the body, -1 for chunks. What could be read in two ways is refused (RFC 9112 §6.3)."""
    lengths = set(headers.values_of("content-length"))
    coding = headers.get("transfer-encoding")
    if coding is not None:
        if lengths or coding.strip().lower() != "chunked":
            raise BadMessage(400, "the length of the body is ambiguous")
        return -1
    if not lengths:
        return 0
    text = lengths.pop()
    if lengths or not (text.isascii() and text.isdigit() and len(text) < 20):
        raise BadMessage(400, "the length of the body is ambiguous")
    if int(text) > most:
        raise BadMessage(413, "the body is too large")
    return int(text)


# -- answering ----------------------------------------------------------------------------------------------------


def compressed(response: Response, request: Request) -> Response:
    """Return the response in gzip if it is worth it and accepted."""
    accepted = request.headers.get("accept-encoding", "")
    if len(response.body) < 256 or not re.search(r"\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))", accepted):
        return response
    body = gzip.compress(response.body, 1, mtime=0)
    headers = response.headers.having("Content-Encoding", "gzip").having("Vary", "Accept-Encoding")
    return Response(response.status, headers, body, wire_bytes=len(body))


def head(response: Response, *, framing: tuple[str, str] | None, keep_alive: bool) -> bytes:
    """Return the status line and the header section."""
    lines = [f"HTTP/1.1 {response.status} {_REASONS.get(response.status, '')}"]
    lines += [f"{name}: {value}" for name, value in response.headers.pairs]
    if framing is not None:
        lines.append(f"{framing[0]}: {framing[1]}")
    if not keep_alive:
        lines.append("Connection: close")
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def response_bytes(
    response: Response, *, keep_alive: bool, chunked: bool = False, bodiless: bool = False
) -> tuple[bytes, bytes]:
    """Return (head, body) as they go over the wire. `bodiless`: it answers a HEAD."""
    if response.status in _NO_BODY:
        return head(response, framing=None, keep_alive=keep_alive), b""
    framing: tuple[str, str] | None
    framing = ("Transfer-Encoding", "chunked") if chunked else ("Content-Length", str(len(response.body)))
    if "content-length" in response.headers or "transfer-encoding" in response.headers:
        framing, chunked = None, "transfer-encoding" in response.headers
    body = _in_chunks(response.body) if chunked else response.body
    return head(response, framing=framing, keep_alive=keep_alive), b"" if bodiless else body


def _in_chunks(body: bytes, size: int = 16_384) -> bytes:
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(map(in_chunk, pieces)) + LAST_CHUNK


def in_chunk(piece: bytes) -> bytes:
    """Return a piece, of at least one byte, as a chunk."""
    return b"%x\r\n%b\r\n" % (len(piece), piece)
