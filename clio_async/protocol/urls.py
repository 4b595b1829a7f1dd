"""URLs: regions, the base URL, targets under it, and the names by which answers depend on records.

Everything here follows RFC 3986. Braces and commas of a selection stay literal, as Clio prefers them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TypeAlias, cast
from urllib.parse import quote, unquote, urljoin, urlsplit

from ..errors import InvalidArgument, UnknownOption

__all__ = [
    "REGIONS",
    "AskedOnce",
    "Params",
    "absolute_address",
    "base_url",
    "encode_query",
    "is_read_again",
    "join",
    "origin",
    "read_tags",
    "resolved",
    "resource_path",
    "signed_address",
    "write_tags",
]

REGIONS = {
    "us": "https://app.clio.com",
    "eu": "https://eu.app.clio.com",
    "ca": "https://ca.app.clio.com",
    "au": "https://au.app.clio.com",
}
"""Hosts by region (https://docs.developers.clio.com/api-docs/). Tokens and accounts belong to one of them."""

Params: TypeAlias = Mapping[str, object] | Iterable[tuple[str, object]]

_HOST = re.compile(r"(?:[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*\.?|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
_LOOPBACK = re.compile(r"127(?:\.[0-9]{1,3}){3}|\[::1\]|localhost")
# Reserved names (RFC 6761) and single labels do not lead out of a private network, so http is no downgrade. A label
# that begins with a digit may be an address in disguise: 134744072 is 8.8.8.8.
_PRIVATE_NAME = re.compile(r"[a-z_][a-z0-9_-]*|[a-z0-9_.-]+\.(?:localhost|test|example|invalid)")
_UNPRINTABLE = re.compile(r"[\x00-\x20\x7f\\]")
_SLASH = re.compile(r"[/\\]")
_AUTHORITY_END = re.compile(r"[/?#]")
# A scheme without a host, or slashes without one: some readers take the host of the base, others the next segment.
_HOSTLESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?!//[^/?#])|//(?:[/?#]|$)")
_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_PATH_SAFE = "/%!$&'()*+,;=:@~"
_QUERY_SAFE = "{},:/@!$*()~"
_RAW_QUERY_SAFE = _QUERY_SAFE + "%&=+;?'[]"


def base_url(region: str, override: str | None = None) -> str:
    """Return scheme, host and prefix of the API, without a slash at the end.

    :raises InvalidArgument: for an unknown region, or an override that is not an http(s) URL without user, query and
        fragment, or that would send a token in plain text to a public host.
    """
    if override is None:
        if not isinstance(region, str) or region not in REGIONS:
            raise UnknownOption(str(region), REGIONS, where="region", hint="Regions: us, eu, ca, au.")
        return f"{REGIONS[region]}/api/v4"
    if not isinstance(override, str) or _UNPRINTABLE.search(override) or not override.isascii():
        raise InvalidArgument("base_url holds a character that no URL may hold.")
    try:
        parts = urlsplit(override)
        valid = parts.port is None or parts.port > 0
    except ValueError:
        raise InvalidArgument("base_url is not a URL.") from None
    if parts.scheme not in {"http", "https"} or not valid or not _HOST.fullmatch(parts.netloc):
        raise InvalidArgument("base_url must be an http or https URL with a host, and without a user.")
    if parts.query or parts.fragment or override.endswith(("?", "#")):
        raise InvalidArgument("base_url must not have a query or a fragment.")
    netloc = parts.netloc.lower()
    host = netloc.rsplit(":", 1)[0] if parts.port is not None else netloc
    if parts.scheme == "http" and not (_LOOPBACK.fullmatch(host) or _PRIVATE_NAME.fullmatch(host)):
        raise InvalidArgument(
            "base_url must be https: a token would be readable on its way. Plain http is for loopback."
        )
    return f"{parts.scheme}://{netloc}{_checked_path(parts.path)}".rstrip("/")


def origin(url: str) -> str:
    """Return scheme, host and port of an absolute URL."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{_AUTHORITY_END.split(rest, maxsplit=1)[0]}"


def join(base: str, path: str, params: Params | None = None) -> str:
    """Return the URL of `path` under `base`. What is already percent-encoded stays as it is.

    :raises InvalidArgument: if the path is absolute, leaves the base (dot segments), or holds a fragment, a backslash
        or a control character. The message does not repeat it.
    """
    if not isinstance(path, str):
        raise InvalidArgument("A path must be a string.")
    if "#" in path:
        raise InvalidArgument("A path must not have a fragment.")
    if "://" in path.partition("?")[0]:
        raise InvalidArgument("Give a path under the base URL, not a URL; with_auth and base_url lead elsewhere.")
    path, question, query = path.partition("?")
    url = base + _checked_path(path if path.startswith("/") else f"/{path}")
    if question:
        if _ESCAPE.search(_printable(query, "The query")):
            raise InvalidArgument("The query holds an incomplete percent-encoding: a percent sign itself is %25.")
        query = quote(query, safe=_RAW_QUERY_SAFE)
    extra = encode_query(params) if params else ""
    joined = "&".join(part for part in (query, extra) if part)
    return f"{url}?{joined}" if joined else url


def _printable(text: str, what: str) -> str:
    if re.search(r"[\x00-\x1f\x7f]", text):
        raise InvalidArgument(f"{what} holds a control character.")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise InvalidArgument(f"{what} holds a lone surrogate.") from None
    return text


def _checked_path(path: str) -> str:
    _printable(path, "The path")
    if "\\" in path or _ESCAPE.search(path):
        raise InvalidArgument("The path holds a backslash or an incomplete percent-encoding.")
    if any(segment in {".", ".."} for segment in _SLASH.split(unquote(path))):  # also behind an encoded slash
        raise InvalidArgument("The path holds a dot segment, which could lead out of the base URL.")
    return quote(path, safe=_PATH_SAFE)


def encode_query(params: Params) -> str:
    """Return `params` as a query string, in their order. A sequence repeats its name; None is left out.

    :raises InvalidArgument: for a value that is neither string, number, boolean nor a sequence of them.
    """
    return "&".join(f"{quote(name, safe='')}={quote(value, safe=_QUERY_SAFE)}" for name, value in _flat(_pairs(params)))


def _pairs(params: Params) -> Iterable[tuple[str, object]]:
    if isinstance(params, Mapping):
        return cast("Mapping[str, object]", params).items()
    if isinstance(params, str) or not isinstance(params, Iterable):
        raise InvalidArgument("Parameters are a mapping of names to values, or pairs of them.")
    pairs = [*params]
    if not all(isinstance(pair, tuple) and len(pair) == 2 for pair in pairs):
        raise InvalidArgument("Parameters that are no mapping must be pairs: (name, value).")
    return pairs


def _flat(pairs: Iterable[tuple[str, object]]) -> Iterable[tuple[str, str]]:
    for name, value in pairs:
        if not isinstance(name, str):
            raise InvalidArgument("The name of a parameter must be a string.")
        _printable(name, "The name of a parameter")
        if value is None:
            continue
        values = cast("Iterable[object]", value) if isinstance(value, list | tuple) else (value,)
        for one in values:
            yield name, _printable(_text(name, one), f"Parameter {name!r}")


_TOO_LONG = 10**100  # str() itself refuses some thousand digits


def _text(name: str, value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    if isinstance(value, int) and abs(value) < _TOO_LONG:
        return str(int(value))
    raise InvalidArgument(f"Parameter {name!r} must be a string, an integer or a boolean, not {type(value).__name__}.")


def resource_path(base: str, url: str) -> str:
    """Return the path under `base`, in one spelling: escapes, doubled slashes and `.json` name nothing else."""
    path = url[len(base) :].partition("?")[0]
    if "%" in path:
        path = unquote(path)
    if "//" in path:
        path = _SLASHES.sub("/", path)
    return path.rstrip("/").removesuffix(".json").rstrip("/")


_SLASHES = re.compile("//+")
_LONGEST = 1024  # characters; the fields that are read by default take two thirds of it at most


class AskedOnce(Exception):
    """What a memo raises that is not to hold something. `lru_cache` keeps no errors, and a hit costs nothing more."""


def is_read_again(url: str) -> bool:
    """Say whether a URL may come again and again, so that what was found out about it is worth remembering.

    It names a path, and fields at most. The URL of a page is asked once and may be long, and its filters are the texts
    of users, which outlive no client.
    """
    return len(url) <= _LONGEST and "&" not in url and ("?fields=" in url or "?" not in url)


def read_tags(base: str, url: str) -> tuple[str, ...]:
    """Return what the answer to a GET of `url` depends on: its own path, and the record it lies under.

    `/matters/42/client` depends on itself and on `/matters/42`; `/matters/42` on itself alone.
    """
    own = resource_path(base, url)
    segments = own.split("/")
    if len(segments) > 3:
        return base + own, f"{base}/{segments[1]}/{segments[2]}"
    return (base + own,)


def resolved(base: str, url: str, reference: str) -> str:
    """Return the URL that a reference in an answer to `url` means (RFC 3986 §5); `url` if that is not under `base`."""
    try:
        target, prefix = _normalized(urljoin(url, reference)), _normalized(base)
    except ValueError:
        return url
    return base + target[len(prefix) :] if target.startswith(f"{prefix}/") else url


def _normalized(url: str) -> str:
    """Write a URL without fragment, user and default port, its scheme and host in lower case (RFC 3986 §6.2)."""
    parts = urlsplit(url)
    port = "" if parts.port in {None, _DEFAULT_PORTS.get(parts.scheme)} else f":{parts.port}"
    return f"{parts.scheme}://{parts.hostname}{port}{parts.path}{f'?{parts.query}' if parts.query else ''}"


def signed_address(url: str, location: str | None) -> str | None:
    """Return the absolute URL that a redirect of `url` leads to, None if that is nothing that may be fetched.

    It is https; plain http only where `url` is, too. It names no user, and holds no character that a URL cannot.
    """
    if location is None or _UNPRINTABLE.search(location) or not location.isascii() or _HOSTLESS.match(location):
        return None
    try:
        target = urljoin(url, location)
        parts = urlsplit(target)
        valid = parts.port is None or parts.port > 0
    except ValueError:
        return None
    safe = parts.scheme == "https" or (parts.scheme == "http" and url.startswith("http:"))
    if not (safe and valid and _HOST.fullmatch(parts.netloc)):
        return None
    return parts.scheme + target[len(parts.scheme) :]  # in lower case


def absolute_address(base: str, url: str) -> str | None:
    """Return an absolute URL that came from the API under `base`, as it is sent. None for another. See above."""
    return signed_address(base, url) if _ABSOLUTE.match(url) else None


_ABSOLUTE = re.compile("https?://", re.IGNORECASE)
_DEFAULT_PORTS = {"http": 80, "https": 443}


def write_tags(base: str, url: str) -> tuple[str, ...]:
    """Return what a write to `url` may have changed: its own path and every path above it, up to the base.

    The target itself is what RFC 9111 §4.4 asks for; the paths above it are the record and the lists it stands in.
    """
    own = resource_path(base, url)
    tags = [base + own]
    while own := own.rpartition("/")[0]:
        tags.append(base + own)
    return tuple(tags)
