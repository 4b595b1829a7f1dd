"""Redirects: which are followed, and to which URL (RFC 9110 §15.4, RFC 3986 §5)."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import quote, unquote, urlsplit

from attrs import evolve

from ..messages import Headers, Request, Response
from .urls import resolved, signed_address, write_tags

__all__ = ["MOST", "STATUSES", "file_address", "hindrance", "hop", "is_unasked_304", "target"]

STATUSES = frozenset({301, 302, 303, 307, 308})

MOST = 3
"""Redirects that are followed in one call."""

_READS = frozenset({"GET", "HEAD"})

_MOVED_WRITES = frozenset({"practice_areas"})
"""Resources whose writes may be sent on: accounts differ in which of two paths serves practice areas, and the other one
answers 307 to any method (https://developers.support.clio.com/hc/en-us/articles/5650128005403-API-Changelog)."""

_OWN_CONDITIONS = frozenset({"if-none-match", "if-modified-since"})

# Narrower than the grammar of RFC 3986 §3.2 on purpose: what readers of URLs take for different hosts matches nowhere.
_REFERENCE = re.compile(r"(?:(?:([A-Za-z]+):)?//([^/?#]+))?([^?#]*)(\?[^#]*)?(?:#.*)?")
_AUTHORITY = re.compile(r"([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::([0-9]{0,5}))?")
_UNSAFE = re.compile(r"[^\x21-\x7e]|\\|%(?![0-9A-Fa-f]{2})")
_PATH_SAFE = "/%!$&'()*+,;=:@~"
_QUERY_SAFE = "?{},:/@!$*()~%&=+;'[]"
_DEFAULT_PORTS = {"http": 80, "https": 443}


class _Parts(NamedTuple):
    """A URL or a reference to one, without its fragment. Scheme and authority may be empty."""

    scheme: str
    authority: str
    path: str
    query: str
    """With its question mark."""


def hop(request: Request, response: Response) -> Request | None:
    """Return the request that a redirect asks for, None if it is not followed.

    It is the same request under another URL of the same origin, but for the condition of a cache of ours: that is about
    what is kept of the first URL. Reads are sent on, and the documented writes after a 307. A redirect of a write that
    may have been applied before is no news of that: it is not followed.
    """
    if response.verdict is not None or not _may_follow(request, response.status):
        return None
    url = target(request.url, response.headers.single("location"))
    if url is None:
        return None
    if request.method in _READS:
        headers = _without_conditions(request.headers) if request.validates else request.headers
        return evolve(request, url=url, headers=headers, resent=request.resent or request, validates=False)
    return evolve(request, url=url, tags=_tags(request, url), resent=request.resent or request)


def _may_follow(request: Request, status: int) -> bool:
    if status not in STATUSES or not request.follows:
        return False
    return request.method in _READS or (status == 307 and request.resource in _MOVED_WRITES)


def _without_conditions(headers: Headers) -> Headers:
    return Headers([pair for pair in headers.pairs if pair[0].lower() not in _OWN_CONDITIONS])


def _tags(request: Request, url: str) -> tuple[str, ...]:
    """Return what a write that is sent on may change: under the first path, and under the other."""
    if request.principal is None:
        return request.tags
    base = request.principal.origin
    return *request.tags, *write_tags(base, resolved(base, request.url, url))


def is_unasked_304(request: Request, response: Response) -> bool:
    """Say whether an answer confirms something that was not asked about."""
    return response.status == 304 and request.method in _READS and not request.headers.has_any(_OWN_CONDITIONS)


def target(url: str, location: str | None) -> str | None:
    """Return the URL that `location`, in an answer to `url`, refers to, None if that is not of the same origin.

    The result has the scheme and the authority of `url` itself, and no fragment: nothing that the server says can lead
    to another origin. None, too, for what is no reference, names a user, or is read in more than one way.
    """
    reference, own = _parsed(location), _parsed(url)
    home = None if own is None else _origin(own.scheme, own.authority)
    if reference is None or own is None or home is None:
        return None
    scheme, authority, path, query = reference
    if authority:
        if _origin(scheme or own.scheme, authority) != home:
            return None
    elif not path:
        if not query:
            return None  # itself: the answer would be the same
        path = own.path
    elif not path.startswith("/"):
        path = f"{own.path.rpartition('/')[0]}/{path}"
    path = quote(_without_dots(path), safe=_PATH_SAFE)
    return f"{own.scheme}://{own.authority}{path}{quote(query, safe=_QUERY_SAFE)}"


def file_address(base: str, url: str, response: Response) -> str | None:
    """Return where a file is that was asked for at `url`, None if the answer leads to none.

    A 303 is what Clio answers (https://docs.developers.clio.com/api-reference/, Documents). It may lead anywhere but
    into the API. Every other redirect counts only if it leads away from Clio: within, it is to another page, such as
    the one to sign in on, which would be taken for the file.
    """
    address = signed_address(url, response.headers.single("location") or None)
    if address is None or response.status not in STATUSES:
        return None
    own, other = urlsplit(base), urlsplit(address)
    is_own = _place(base) == _place(address)
    if response.status == 303:
        prefix = f"{own.path}/"
        return None if is_own and own.path and f"{unquote(other.path)}/".startswith(prefix) else address
    return None if is_own or f".{other.hostname}".rstrip(".").endswith(".clio.com") else address


def _place(url: str) -> tuple[str, int | None]:
    """Return host and port. http and https on their own ports are one place: the other is where a server sends to."""
    parts = urlsplit(url)
    port = None if parts.port == _DEFAULT_PORTS[parts.scheme] else parts.port
    return (parts.hostname or "").rstrip("."), port


def _parsed(reference: str | None) -> _Parts | None:
    """Take a reference apart (RFC 3986 §4.1), None if it is none, or not an http(s) one."""
    if reference is None or _UNSAFE.search(reference):
        return None
    scheme, authority, path, query = _REFERENCE.findall(reference)[0]
    if path.startswith("//") and not authority:
        return None  # an authority that is empty
    if not authority and not path.startswith("/") and ":" in path.partition("/")[0]:
        return None  # a scheme without an authority
    return _Parts(scheme.lower(), authority, path, query)


def _origin(scheme: str, authority: str) -> tuple[str, str, int] | None:
    """Return scheme, host and port (RFC 6454 §4), None if there is no such http(s) origin."""
    found = _AUTHORITY.fullmatch(authority)
    if found is None or scheme not in _DEFAULT_PORTS:
        return None
    host, port = found.groups()
    return scheme, host.lower(), int(port) if port else _DEFAULT_PORTS[scheme]


def _without_dots(path: str) -> str:
    """Return a path without its dot segments (RFC 3986 §5.2.4)."""
    kept: list[str] = []
    for segment in path.split("/")[1:]:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if path.endswith(("/.", "/..")):
        kept.append("")
    return f"/{'/'.join(kept)}"


def hindrance(request: Request, response: Response) -> str:
    """Return why a redirect was not followed, in a sentence for the message of an error."""
    if not _may_follow(request, response.status):
        return "Only reads of records are sent on."
    if target(request.url, response.headers.single("location")) is None:
        return "It names no place of the same origin, and nothing is sent to another."
    return f"It came after {MOST} redirects that were followed."
