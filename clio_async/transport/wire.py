"""What every transport decides alike, without I/O: which requests are fit to send, and how an answer is delimited."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal, TypeAlias

from attrs import frozen
from msgspec import DecodeError, json

from ..errors import InvalidArgument, ResponseBroken
from ..messages import Content, Headers, Request
from ..protocol.urls import AskedOnce, is_read_again

__all__ = [
    "Framing",
    "Target",
    "Unframed",
    "check_whole",
    "coding_of",
    "encoded",
    "fields_of",
    "framing_of",
    "locate",
]

Framing: TypeAlias = Literal["none", "length", "chunked", "close", "json", "dropped"]

_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
# RFC 9110 §5.5: visible characters, space, tab, and obs-text. Text is ISO-8859-1, so nothing above U+00FF has a byte.
_NOT_IN_VALUES = re.compile(r"[^\t\x20-\x7e\x80-\xff]")
_URL = re.compile(
    r"(?P<scheme>https?)://"
    r"(?P<authority>(?:[0-9A-Za-z._~%!$&'()*+,;=-]+|\[[0-9A-Fa-f:.]+\])(?::(?P<port>[0-9]{1,5}))?)"
    r"(?P<path>/[\x21\x22\x24-\x3e\x40-\x7e]*)?(?P<query>\?[\x21\x22\x24-\x7e]*)?"
)
# RFC 9112 §6 and RFC 9110 §7.6.1: these say how a message travels over one connection.
_OWN_FIELDS = frozenset(
    {"connection", "content-length", "host", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding"}
    | {"upgrade", "expect"}
)
_EMPTY_STATUSES = frozenset({204, 304})
# RFC 9110 §8.6: a request whose method anticipates content says so even when there is none.
_METHODS_WITH_CONTENT = frozenset({"PATCH", "POST", "PUT"})


@frozen
class Target:
    """Where a request goes."""

    origin: str
    """Scheme and authority, as a URL."""
    authority: str
    """Host and port as they were written: the `Host` field."""
    path: str
    """Path and query as they were written: the request target."""


def locate(request: Request) -> Target:
    """Split the URL of a request, which is percent-encoded already. Nothing is quoted, unquoted or normalized.

    :raises InvalidArgument: unless it is an absolute http or https URL of visible ASCII characters, without user name
        and fragment. The message does not repeat it.
    """
    try:
        target = _known(request.url)
    except AskedOnce:
        target = _parsed(request.url)
    if target is None:
        raise InvalidArgument(
            "The URL of a request must be an absolute http or https URL with a valid port, percent-encoded, without "
            "spaces, user name or fragment. Nothing was sent."
        )
    return target


def _parsed(url: str) -> Target | None:
    match = _URL.fullmatch(url)
    if match is None:
        return None
    if not 0 < int(match["port"] or 80) < 65536:
        return None
    path = (match["path"] or "/") + (match["query"] or "")
    return Target(f"{match['scheme']}://{match['authority']}", match["authority"], path)


@lru_cache(maxsize=4096)
def _known(url: str) -> Target | None:
    if not is_read_again(url):
        raise AskedOnce
    return _parsed(url)


def fields_of(request: Request, target: Target) -> list[tuple[str, str]]:
    """Return the header fields to send: those of the request, and what HTTP/1.1 needs besides.

    :raises InvalidArgument: if the request cannot be put on the wire as it is. The message repeats no value.
    """
    _check(_method_fault(request.method) or _fault(request.headers.pairs))
    return [("Host", target.authority), *request.headers.pairs, *_fields_besides(request)]


def _fields_besides(request: Request) -> list[tuple[str, str]]:
    fields: list[tuple[str, str]] = []
    if request.content is None and request.headers.lookup("accept-encoding") is None:
        fields.append(("Accept-Encoding", "gzip, deflate"))
    if request.content is not None:
        fields.append(("Content-Length", str(_announced(request, request.content))))
    elif request.body is not None:
        fields.append(("Content-Length", str(len(request.body))))
    elif request.method in _METHODS_WITH_CONTENT:
        fields.append(("Content-Length", "0"))
    return fields


def _announced(request: Request, content: Content) -> int:
    length: object = content.length
    if request.body is not None:
        raise InvalidArgument("A request has a body or a content, not both. Nothing was sent.")
    if isinstance(length, bool) or not isinstance(length, int) or length < 0:
        raise InvalidArgument("The length of a content is the number of its bytes. Nothing was sent.")
    return length


def encoded(request: Request, target: Target) -> bytes:
    """Return the head of an HTTP/1.1 request, byte for byte. Raises as `fields_of` does."""
    method = request.method
    _check(_method_fault(method))
    lines, besides = _lines(request.headers), _written(_fields_besides(request))
    return f"{method} {target.path} HTTP/1.1\r\nHost: {target.authority}\r\n{lines}{besides}\r\n".encode("latin-1")


def _lines(headers: Headers) -> str:
    """Return header lines, checked. Headers that stand alone keep theirs; what was added per request is not kept."""
    if headers.lines is not None:
        return headers.lines
    _check(_fault(headers.added))
    if headers.base is not None:
        return _lines(headers.base) + _written(headers.added)
    headers.lines = _written(headers.added)
    return headers.lines


def _written(fields: Iterable[tuple[str, str]]) -> str:
    return "".join([f"{name}: {value}\r\n" for name, value in fields])


def _check(fault: str | None) -> None:
    if fault is not None:
        raise InvalidArgument(f"{fault} Nothing was sent.")


@lru_cache(maxsize=64)
def _method_fault(method: str) -> str | None:
    if method != method.upper() or _TOKEN.fullmatch(method) is None or method == "CONNECT":
        return "The method of a request must be an upper-case token."
    return None


def _fault(fields: Iterable[tuple[str, str]]) -> str | None:
    # Values live in this frame alone and an error is raised in another, so that no traceback shows a secret.
    for name, value in fields:
        fault = _name_fault(name)
        if fault is not None:
            return fault
        if not (value.isascii() and value.isprintable()) and _NOT_IN_VALUES.search(value):
            return f"The header field {name} has a character that is not allowed (a control, or none of ISO-8859-1)."
        if value != value.strip(" \t"):
            return f"The header field {name} begins or ends with white space, which does not survive the transfer."
    return None


@lru_cache(maxsize=1024)
def _name_fault(name: str) -> str | None:
    if _TOKEN.fullmatch(name) is None:
        return "The name of a header field must be a token: visible ASCII without separators."
    if name.lower() in _OWN_FIELDS:
        return f"The header field {name} is set by the transport; leave it out."
    return None


Unframed: TypeAlias = Literal["accept", "json", "refuse"]
"""What becomes of a good answer that only the end of its connection delimits. "json": it is accepted if it is a
complete JSON object or array, since a truncated one cannot be read as such."""


def framing_of(
    request: Request, status: int, headers: Headers, *, old: bool, unframed: Unframed
) -> tuple[Framing, int]:
    """Say what delimits the body of an answer, and its length if that is declared (else 0). `old` means HTTP/1.0.

    "dropped" stands for the body of an error that nothing delimits: it may be incomplete, so it is not read. "json" is
    to be judged by `check_whole` when it is there.

    :raises ResponseBroken: if the fields contradict each other, so that where the answer ends is a guess; if nothing
        but the end of the connection delimits a good answer; if the server switches protocols unasked.
    """
    if status in _EMPTY_STATUSES or (request.method == "HEAD" and status >= 200):
        return "none", 0
    if status < 200:
        raise ResponseBroken("The server switched to another protocol unasked.", status=status)
    transfer = headers.lookup("transfer-encoding")
    lengths = headers.lookup("content-length")
    if transfer is not None:
        # RFC 9112 §6.1, §6.3: both at once is an attack or an error, and HTTP/1.0 knows no transfer coding.
        if transfer.lower() != "chunked" or lengths is not None or old:
            raise ResponseBroken("The Transfer-Encoding of the answer contradicts the rest of it.", status=status)
        return "chunked", 0
    if lengths is not None:
        return "length", _length(lengths, status)
    if unframed == "accept":
        return "close", 0
    if status >= 300:
        return "dropped", 0
    if unframed == "json" and "json" in (headers.lookup("content-type") or "").lower():
        return "json", 0
    # A complete gzip trailer would not help: members may follow each other (RFC 1952 §2.2), so that a cut between two
    # of them looks whole.
    raise _endless(status)


def check_whole(status: int, body: bytes) -> None:
    """Accept a body that only the end of its connection delimited if it is a JSON object or array.

    :raises ResponseBroken: if it is not, or not whole.
    """
    try:
        if type(json.decode(body)) in {dict, list}:
            return
    except (DecodeError, RecursionError, UnicodeDecodeError):
        pass
    raise _endless(status)


def _endless(status: int) -> ResponseBroken:
    return ResponseBroken(
        "Only the end of the connection delimits this answer, so it cannot be told from a truncated one. Give the "
        "transport allow_unframed=True to accept such answers.",
        status=status,
    )


def _length(lengths: str, status: int) -> int:
    distinct = {length.strip(" \t") for length in lengths.split(",")}
    length = distinct.pop()
    if distinct or not (length.isascii() and length.isdigit() and len(length) <= 18):
        raise ResponseBroken("The Content-Length of the answer is malformed or contradicts itself.", status=status)
    return int(length)


def coding_of(status: int, headers: Headers) -> str:
    """Return ``"identity"``, ``"gzip"`` or ``"deflate"``.

    :raises ResponseBroken: for any other coding, and for more than one.
    """
    coding = headers.lookup("content-encoding")
    if coding is None:
        return "identity"
    name = coding.strip(" \t").lower().removeprefix("x-") or "identity"
    if name not in {"identity", "gzip", "deflate"}:
        raise ResponseBroken("The answer has a content coding that was not asked for, or more than one.", status=status)
    return name
