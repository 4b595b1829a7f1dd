"""Decisions of conditional requests (RFC 9110 §13, RFC 9111 §4.3): what may be sent, kept, and freshened."""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import TypeAlias

from ..messages import Headers
from . import etags
from .urls import AskedOnce, is_read_again

__all__ = [
    "DROPPING",
    "NO_STORE",
    "Validator",
    "Vary",
    "age",
    "aged",
    "cache_directives",
    "delivered",
    "freshened",
    "has_own_condition",
    "is_plain",
    "kept",
    "key",
    "names_other",
    "of_version",
    "storable",
    "traits",
    "validator",
    "vary",
    "vary_matches",
]

Validator: TypeAlias = tuple[str, str]
"""A header field ready to be sent: its name, and the server's own text."""

Vary: TypeAlias = tuple[tuple[str, str | None], ...]
"""Names of request fields that an answer was chosen by, with the values they had."""

NO_STORE = "no-store"

DROPPING = frozenset({401, 403, 404, 410})
"""Statuses of a read after which nothing of the record is kept for that principal."""

_NONE: frozenset[str] = frozenset()
_CONDITIONS = frozenset({"if-none-match", "if-modified-since", "if-match", "if-unmodified-since", "if-range", "range"})

_SPECIAL = _CONDITIONS | {"cache-control"}

# Fields about the transfer of one message: never kept (RFC 9111 §3.1, RFC 9110 §7.6.1).
_HOP_BY_HOP = frozenset({"connection", "keep-alive", "proxy-authenticate", "proxy-authentication-info",
                         "proxy-authorization", "proxy-connection", "te", "trailer", "transfer-encoding",
                         "upgrade"})  # fmt: skip
# A 304 describes the stored answer, except for the fields that the stored body was read by (RFC 9111 §3.2; the prefix
# `Content-` alone means nothing there). The tag that was confirmed is kept in the form in which it was confirmed.
_NOT_UPDATED = _HOP_BY_HOP | {"content-encoding", "content-length", "content-range", "content-type", "etag"}
# Fields that differ in every answer and on which no decision rests: a change of these alone is not worth a write.
_VOLATILE = frozenset({"age", "date", "set-cookie", "server-timing", "x-request-id", "x-runtime", "x-ratelimit-limit",
                       "x-ratelimit-remaining", "x-ratelimit-reset"})  # fmt: skip
_UNIMPORTANT = _VOLATILE | _NOT_UPDATED


def key(url: str, headers: Headers) -> str:
    """Return what an answer is kept under, beside its principal.

    Entries never cross API versions: what counts is the version that is sent, if one is. Media type and language are in
    the key whether or not a server says `Vary`.
    """
    head = traits(headers)[0]
    try:
        return _known(head, url)
    except AskedOnce:
        return f"{head} {url}"


@lru_cache(4096)  # of one string the hash is reckoned once, and it equals itself without being read
def _known(head: str, url: str) -> str:
    if not is_read_again(url):
        raise AskedOnce
    return f"{head} {url}"


def is_plain(headers: Headers) -> bool:
    """Say whether a request says nothing about conditions, ranges or caching, as most do."""
    return traits(headers)[1]


def traits(headers: Headers) -> tuple[str, bool]:
    """Return how the key of an answer begins to a request with these headers, and whether they are plain.

    They remember it: the headers of a client are the same in every call.
    """
    if headers.traits is None:
        version, languages = headers.lookup("x-api-version"), headers.lookup("accept-language")
        # As literals: what is in quotes ends where they do, and a field that is absent is in none.
        head = f"{version!r} {headers.lookup('accept')!r} {languages!r}"
        headers.traits = head, not headers.has_any(_SPECIAL)
    return headers.traits


def has_own_condition(headers: Headers) -> bool:
    """Say whether the caller made the request conditional or partial, so that no cache may meddle with it."""
    return headers.has_any(_CONDITIONS)


def cache_directives(headers: Headers) -> frozenset[str]:
    """Return the names of the `Cache-Control` directives, in lower case (RFC 9111 §5.2)."""
    value = headers.lookup("cache-control")
    return _NONE if value is None else _directives(value)


@lru_cache(64)  # a server says the same in every answer
def _directives(value: str) -> frozenset[str]:
    return frozenset(part.partition("=")[0].strip().lower() for part in _split_list(value))


def _split_list(value: str) -> list[str]:
    """Split a list field at its commas, not at those inside quoted strings (RFC 9110 §5.6)."""
    if '"' not in value:
        return value.split(",")
    parts = [""]
    quoted = escaped = False
    for char in value:
        if char == "," and not quoted:
            parts.append("")
            continue
        if char == '"' and not escaped:
            quoted = not quoted
        escaped = quoted and char == "\\" and not escaped
        parts[-1] += char
    return value.split(",") if quoted else parts  # a quote that is never closed hides nothing


def age(headers: Headers) -> int:
    """Return for how many seconds an answer had been held by a cache on its way (RFC 9111 §5.1)."""
    value = headers.single("age")
    return int(value) if value is not None and value.isascii() and value.isdigit() and len(value) < 10 else 0


def validator(headers: Headers) -> Validator | None:
    """Return the field that asks whether an answer with these headers is still current, or None.

    The `ETag`, byte for byte; `Last-Modified` only where there is no `ETag` and it is a strong validator because the
    answer's `Date` was at least two seconds later (RFC 9110 §8.8.2.2). Never both.
    """
    if headers.lookup("etag") is not None:
        tag = headers.single("etag")
        return ("If-None-Match", tag) if tag is not None and etags.sendable(tag) else None
    modified, date = headers.single("last-modified"), headers.single("date")
    if modified is None or date is None:
        return None
    try:
        age = (parsedate_to_datetime(date) - parsedate_to_datetime(modified)).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return None
    return ("If-Modified-Since", modified) if age >= 2 else None


def vary(request: Headers, response: Headers) -> Vary | None:
    """Return what the answer was chosen by, None if it cannot be known (`Vary: *`, RFC 9110 §12.5.5)."""
    value = response.lookup("vary")
    if value is None:
        return ()
    names = sorted({name.strip().lower() for name in value.split(",")} - {""})
    if "*" in names:
        return None
    return tuple((name, request.lookup(name)) for name in names)


def vary_matches(stored: Vary, request: Headers) -> bool:
    """Say whether a request would have been answered with the stored variant (RFC 9111 §4.1)."""
    return not stored or all(request.lookup(name) == value for name, value in stored)


def storable(status: int, request: Headers, response: Headers) -> bool:
    """Say whether the answer to a GET may be kept at all (RFC 9111 §3): whole, not forbidden, and not `Vary: *`."""
    return (
        status == 200
        and NO_STORE not in cache_directives(response)
        and NO_STORE not in cache_directives(request)
        and response.lookup("content-range") is None
        and vary(request, response) is not None
    )


def kept(headers: Headers) -> Headers:
    """Return the fields of an answer that may be kept: all but those about its transfer (RFC 9111 §3.1), its age, and
    cookies.

    They hold on to nothing of the message that they came in.
    """
    dropped = _HOP_BY_HOP | _nominated(headers) | {"age", "set-cookie"}
    return Headers([(name, value) for name, value in headers.pairs if name.lower() not in dropped])


def names_other(sent: Validator, headers: Headers, *, stored: bool = True) -> bool:
    """Say whether a 304 speaks of another representation than the one it was asked about.

    Tags compare weakly: a gzip front end weakens the tag of a 200 and not that of its 304. A 304 without a validator
    answers the one that was sent (RFC 9111 §4.3.4). What is `stored` by date alone came without a tag, so a tag is of
    something else; of a copy that a caller keeps by date, the tag is not known.
    """
    field, text = sent
    if field == "If-None-Match":
        tag = headers.lookup("etag")
        if tag is None or tag == text:
            return False
        return any(not etags.weakly_equal(tag, text) for tag in headers.values_of("etag"))
    modified = headers.lookup("last-modified")
    tagged = stored and headers.lookup("etag") is not None
    return tagged or (modified is not None and modified != text)


def of_version(asked: Headers, answered: Headers) -> bool:
    """Say whether the version that answered is the one that was asked for, as far as both are named."""
    sent, said = asked.lookup("x-api-version"), answered.lookup("x-api-version")
    if said != sent:
        said = answered.single("x-api-version") or said  # it may be said twice
    return sent is None or said is None or sent == said


def freshened(stored: Headers, update: Headers) -> Headers:
    """Return the stored headers updated by those of a 304, and `stored` itself if nothing that matters changed."""
    if update.differs(stored.index, _UNIMPORTANT):
        return _merged(stored, update, _changed(stored, update) - {"age", "set-cookie"})
    return stored


def delivered(stored: Headers, update: Headers) -> Headers:
    """Return the headers of the answer that a 304 confirmed, with all that the 304 said. Merged when first read."""
    return _Delivered(stored, update)


def aged(stored: Headers, seconds: float) -> Headers:
    """Return the headers of an answer that is given again after so long (RFC 9111 §5.1)."""
    return _Aged(stored, seconds)


class _Aged(Headers):
    __slots__ = ("_seconds", "_stored")

    def __init__(self, stored: Headers, seconds: float) -> None:
        self._begin(None)
        self._stored = stored
        self._seconds = seconds

    def _late_pairs(self) -> tuple[tuple[str, str], ...]:
        return delivered(self._stored, Headers([("Age", str(max(0, int(self._seconds))))])).pairs


class _Delivered(Headers):
    __slots__ = ("_stored", "_update")

    def __init__(self, stored: Headers, update: Headers) -> None:
        self._begin(None)
        self._stored = stored
        self._update = update

    def _late_pairs(self) -> tuple[tuple[str, str], ...]:
        return _merged(self._stored, self._update, _changed(self._stored, self._update)).pairs


def _changed(stored: Headers, update: Headers) -> set[str]:
    """Return the names of the fields that a 304 gives another value, or for the first time."""
    held = stored.index
    different = [name for name, value in update.index.items() if held.get(name) != value]
    return {name for name in different if name not in _NOT_UPDATED} - _nominated(update)


def _nominated(headers: Headers) -> frozenset[str]:
    """Return the names of the fields that `Connection` makes hop-by-hop, too (RFC 9110 §7.6.1)."""
    value = headers.lookup("connection")
    return _NONE if value is None else frozenset(name.strip().lower() for name in value.split(","))


def _merged(stored: Headers, update: Headers, changed: set[str]) -> Headers:
    kept = [(name, value) for name, value in stored.pairs if name.lower() not in changed]
    return Headers([*kept, *((name, value) for name, value in update.pairs if name.lower() in changed)])
