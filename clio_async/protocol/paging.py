"""Walking a list: links to the next page, and tokens to resume a walk.

See https://docs.developers.clio.com/api-docs/paging.
"""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from typing import Any
from urllib.parse import SplitResult, parse_qsl, quote, urljoin, urlsplit

from attrs import frozen

from ..errors import InvalidArgument, UntrustedLink
from .urls import REGIONS

__all__ = ["Position", "next_query", "number", "read_resume_token", "write_resume_token"]


@frozen
class Position:
    """Where a walk stands: which page is to be read next, and what came before it."""

    query: str
    received: int = 0
    """How many records the pages before it had."""
    after: int | None = None
    """The greatest id on the pages before it, where ids ascend."""


# -- links --------------------------------------------------------------------------------------------------------

_UNSAFE = re.compile(r"[^\x21-\x7e]|\\")
_SAFE = "%!$&'()*+,;=:@/?{}[]-._~"
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}
_CLIO = frozenset(REGIONS.values())
_PREFIX = "/api/v4"


def next_query(link: str, base_url: str, path: str, query: str, *, redirected: bool = False) -> str:
    """Return the query of the page that `link` leads to.

    The link contributes its query only: the request goes to our own origin and path, and what our own `query` said
    and the link does not repeat is added. So where the base URL is not Clio's (a gateway, a server for tests), a link
    to the same path of Clio's own API is taken, too. A relative link is one from our own URL (RFC 3986 §5). A page that
    came from where a redirect had led may name the path that it came from: any one of the same origin.

    :raises UntrustedLink: if it leads anywhere else than to `path` under `base_url`.
    """
    if _UNSAFE.search(link):
        raise UntrustedLink("The link to the next page holds characters that no URL has.")
    try:
        parts = urlsplit(link)
        if not parts.scheme and not link.startswith("//"):
            parts = urlsplit(urljoin(base_url + path, link))
    except ValueError as error:
        raise UntrustedLink(f"The link to the next page is no URL: {error}") from None
    if not _is_own(parts, urlsplit(base_url), None if redirected else path):
        target = f"{parts.scheme}://{parts.hostname}{parts.path}"
        raise UntrustedLink(f"The link to the next page leads to {target}, not to {base_url}{path}.")
    given = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    pairs = [pair for pair in query.split("&") if pair]
    missing = [pair for pair in pairs if _name(pair) not in given and _name(pair) not in {"page_token", "offset"}]
    return "&".join([quote(parts.query, safe=_SAFE), *missing] if parts.query else missing)


def _is_own(link: SplitResult, base: SplitResult, path: str | None) -> bool:
    """Say whether a link leads to a path of ours: to that one, if one is given."""
    origin, place = _origin(link), _unsuffixed(link.path)
    if path is None:
        return origin == _origin(base) or (origin in _CLIO and _origin(base) not in _CLIO)
    if origin == _origin(base):
        return place == _unsuffixed(base.path.rstrip("/") + path)
    return origin in _CLIO and _origin(base) not in _CLIO and place == _unsuffixed(_PREFIX + path)


def _origin(parts: SplitResult) -> str:
    """Return scheme, host and port, as they stand: a link that names a user is of no origin that we know."""
    netloc = parts.netloc.lower().removesuffix(_DEFAULT_PORTS.get(parts.scheme, ":"))
    return f"{parts.scheme}://{netloc}"


def _unsuffixed(path: str) -> str:
    return path.removesuffix(".json")


def _name(pair: str) -> str:
    return parse_qsl(pair, keep_blank_values=True)[0][0]


_NUMBER = re.compile(r"[0-9]{1,15}")


def number(query: str, name: str) -> int | None:
    """Return what a query says under a name, the last time that it does, if that is a number."""
    found = [value for key, value in parse_qsl(query, keep_blank_values=True) if key == name]
    return int(found[-1]) if found and _NUMBER.fullmatch(found[-1]) else None


# -- tokens -------------------------------------------------------------------------------------------------------


def write_resume_token(operation: str, scope: str, query: str, position: Position) -> str:
    """Write where a walk stands; `query` is that of the first page.

    The token is bound to the operation, to `scope` (on whose behalf, in which version), and to what was asked for. It
    holds the filters in plain text, and nothing secret.
    """
    content = {
        "v": 1,
        "bound": _digest(operation, scope, query),
        "at": position.query,
        "received": position.received,
        "after": position.after,
    }
    return urlsafe_b64encode(json.dumps(content, separators=(",", ":")).encode()).rstrip(b"=").decode()


def read_resume_token(token: str, operation: str, scope: str, query: str) -> Position:
    """Return where the walk stands that a token was written for.

    :raises InvalidArgument: if the token is malformed, or was made for another walk.
    """
    try:
        content: dict[str, Any] = json.loads(urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        version, bound = content["v"], content["bound"]
        position = Position(content["at"], content["received"], content["after"])
    except (ValueError, KeyError, TypeError, RecursionError):
        raise InvalidArgument(
            "This is not a resume token: pass what Pages.resume_token was, or leave resume= out."
        ) from None
    if version != 1 or not _is_sound(position):
        raise InvalidArgument("This is not a resume token of this version of the package: walk from the beginning.")
    if bound != _digest(operation, scope, query):
        raise InvalidArgument(
            "This resume token was made for another list: of another resource, principal, version, selection, filter or"
            " size of page. Pass the arguments that it was made with."
        )
    return position


def _is_sound(position: Position) -> bool:
    query, received, after = position.query, position.received, position.after
    return (
        isinstance(query, str)
        and quote(query, safe=_SAFE) == query
        and type(received) is int
        and received >= 0
        and (after is None or type(after) is int)
    )


def _digest(*parts: str) -> str:
    return sha256(json.dumps(parts).encode()).hexdigest()[:32]
