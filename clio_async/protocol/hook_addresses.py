"""Addresses that Clio calls: the key in them, and when two are one.

See https://docs.developers.clio.com/guides/clio-manage/webhooks/.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

__all__ = ["canonical", "keyed", "split_key"]

_NAME: Final = "subscription"
_QUOTED = re.compile("%[0-9A-Fa-f]{2}")
_UNRESERVED: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


def split_key(url: str) -> tuple[str, str | None]:
    """Return an address without its key, and the key."""
    target, mark, query = url.partition("?")
    pairs = query.split("&") if mark else []
    keys = [pair.partition("=")[2] for pair in pairs if pair.partition("=")[0] == _NAME]
    rest = "&".join(pair for pair in pairs if pair.partition("=")[0] != _NAME)
    return (f"{target}?{rest}" if rest else target), (keys[0] or None if keys else None)


def keyed(url: str, key: str) -> str:
    """Return an address with a key, behind whatever query it has. A key is of characters that need no quoting."""
    return f"{url}{'&' if '?' in url else '?'}{_NAME}={key}"


def canonical(url: str) -> str:
    """Return the form that all ways to write one address have in common (RFC 3986 §6.2.2, §6.2.3).

    What is no address at all comes back as it is.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return url
    scheme, host = parts.scheme.lower(), (parts.hostname or "").lower()
    place = host if port in {None, 443} else f"{host}:{port}"
    query = f"?{_QUOTED.sub(_plain, parts.query)}" if parts.query else ""
    return f"{scheme}://{place}{_QUOTED.sub(_plain, parts.path) or '/'}{query}"


def _plain(quoted: re.Match[str]) -> str:
    char = chr(int(quoted[0][1:], 16))
    return char if char in _UNRESERVED else quoted[0].upper()
