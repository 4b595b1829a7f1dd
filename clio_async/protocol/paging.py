"""Walking a list: links to the next page, and tokens to resume a walk.

See https://docs.developers.clio.com/api-docs/paging.
"""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from urllib.parse import parse_qsl, quote, urlsplit

from ..errors import InvalidArgument, UntrustedLink

__all__ = ["next_query", "read_resume_token", "write_resume_token"]

_UNSAFE = re.compile(r"[^\x21-\x7e]|\\")


def next_query(link: str, base_url: str, path: str, query: str) -> str:
    """Return the query of the page that `link` leads to.

    The link contributes its query only: the request goes to our own origin and path, and what our own `query` said
    and the link does not repeat is added.

    :raises UntrustedLink: if it leads anywhere else than to `path` under `base_url`.
    """
    if _UNSAFE.search(link):
        raise UntrustedLink("The link to the next page holds characters that no URL has.")
    try:
        parts = urlsplit(link)
        place = (parts.scheme, parts.netloc.lower(), _unsuffixed(parts.path))
    except ValueError as error:
        raise UntrustedLink(f"The link to the next page is no URL: {error}") from None
    own = urlsplit(base_url)
    if place != (own.scheme, own.netloc.lower(), _unsuffixed(own.path.rstrip("/") + path)):
        raise UntrustedLink(f"The link to the next page leads to {parts.scheme}://{parts.hostname}{parts.path}.")
    given = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    pairs = [pair for pair in query.split("&") if pair]
    missing = [pair for pair in pairs if _name(pair) not in given and _name(pair) not in {"page_token", "offset"}]
    return "&".join([quote(parts.query, safe=_SAFE), *missing] if parts.query else missing)


_SAFE = "%!$&'()*+,;=:@/?{}[]-._~"


def _unsuffixed(path: str) -> str:
    return path.removesuffix(".json")


def _name(pair: str) -> str:
    return parse_qsl(pair, keep_blank_values=True)[0][0]


def write_resume_token(operation: str, scope: str, query: str, position: str) -> str:
    """Write where a walk stands: `position` is the query of the page to be read next, `query` that of the first.

    The token is bound to the operation, to `scope` (on whose behalf, in which version), and to what was asked for. It
    holds the filters in plain text, and nothing secret.
    """
    content = {"v": 1, "bound": _digest(operation, scope, query), "at": position}
    return urlsafe_b64encode(json.dumps(content, separators=(",", ":")).encode()).rstrip(b"=").decode()


def read_resume_token(token: str, operation: str, scope: str, query: str) -> str:
    """Return the query of the page to be read next.

    :raises InvalidArgument: if the token is malformed, or was made for another walk.
    """
    try:
        content = json.loads(urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        version, bound, position = content["v"], content["bound"], content["at"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise InvalidArgument("This is not a resume token.") from None
    if version != 1 or not isinstance(position, str) or _UNSAFE.search(position):
        raise InvalidArgument("This is not a resume token of this version of the package.")
    if bound != _digest(operation, scope, query):
        raise InvalidArgument(
            "This resume token was made for another list: of another resource, principal, version, selection or filter."
        )
    return position


def _digest(*parts: str) -> str:
    return sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
