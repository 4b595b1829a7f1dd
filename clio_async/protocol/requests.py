"""From arguments to a request: everything is checked here, before anything is sent."""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Collection, Iterable, Mapping
from datetime import date, time
from decimal import Decimal
from enum import Enum
from types import NoneType
from typing import Any, cast, get_args
from uuid import UUID

import msgspec

from .._version import __version__
from ..errors import InvalidArgument, UnknownOption
from ..messages import Headers
from ..options import CacheMode, Lane, Options, Policy, RetryPolicy, TagScope, check_seconds
from . import versions

__all__ = ["base_headers", "checked_method", "checked_options", "checked_policy", "encoded", "own_headers", "with_own"]

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110 §5.6.2
_VALUE = re.compile(r"(?:[\x21-\x7e\x80-\xff](?:[\t\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?)?")  # RFC 9110 §5.5

# Fields that only a layer or the transport may set: whose they are decides what may be shared and where it goes.
_OURS = {
    "authorization": "Use with_auth().",
    "cookie": "No cookies are sent.",
    "host": "Use base_url=.",
    "x-api-version": "Use options(api_version=…).",
    "proxy-authorization": "Give it to the transport.",
    **dict.fromkeys(
        ("connection", "content-length", "expect", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade"),
        "The transport sets it.",
    ),
}

# The encoder would also write sets (in no order), bytes (as base64) and objects (whatever they hold).
_SPEAKABLE = (str, int, float, Decimal, date, time, Enum, UUID, NoneType)

_encoder = msgspec.json.Encoder(decimal_format="number")


def _product() -> str:
    return f"clio_async/{__version__} Python/{sys.version_info.major}.{sys.version_info.minor}"


def base_headers(api_version: str | None) -> Headers:
    """Return the fields that every request of a client carries."""
    pairs = [("Accept", "application/json"), ("User-Agent", _product())]
    if api_version is not None:
        pairs.append((versions.HEADER, api_version))
    return Headers(pairs)


def own_headers(headers: Mapping[str, str] | None) -> dict[str, str]:
    """Return the caller's own fields as a new dict.

    :raises InvalidArgument: if they are no mapping.
    """
    if headers is None:
        return {}
    if not isinstance(headers, Mapping):
        raise InvalidArgument("headers is a mapping of names to values.")
    return dict(headers)


def with_own(base: Headers, own: Mapping[str, str]) -> Headers:
    """Return `base` with the caller's own fields, which replace ours of the same name.

    :raises InvalidArgument: for a name or value that is not one (RFC 9110 §5), and for fields that are not the
        caller's to set. The message does not repeat a value.
    """
    for name, value in own.items():
        if not isinstance(name, str) or not _TOKEN.fullmatch(name):
            raise InvalidArgument("The name of a header field holds a character that it may not hold.")
        if name.lower() in _OURS:
            raise InvalidArgument(f"The header field {name} is not set by hand. {_OURS[name.lower()]}")
        if not isinstance(value, str) or not _VALUE.fullmatch(value):
            raise InvalidArgument(f"The value of {name} is not one line of ISO-8859-1 text.")
    replaced = {name.lower() for name in own}
    return Headers([*(pair for pair in base.pairs if pair[0].lower() not in replaced), *own.items()])


def checked_method(method: str) -> str:
    """Return the method in the case it was given in: methods are case-sensitive (RFC 9110 §9.1).

    :raises InvalidArgument: if it is not a token in upper case, or is CONNECT.
    """
    if not isinstance(method, str) or not _TOKEN.fullmatch(method) or method != method.upper() or method == "CONNECT":
        raise InvalidArgument("The method must be a token in upper case, such as GET or PATCH.")
    return method


def encoded(content: object) -> bytes:
    """Return `content` as JSON. A Decimal is written as the number it is.

    Dates and times are written in ISO 8601, members of an enumeration by their value.

    :raises InvalidArgument: for what JSON cannot say: other types, other keys than strings, NaN, infinities, lone
        surrogates.
    """
    _refuse_unspeakable(content, 0)
    try:
        return _encoder.encode(content)
    except (TypeError, ValueError, OverflowError, RecursionError, UnicodeEncodeError) as error:
        raise InvalidArgument(f"The body is not JSON: {error}") from None


def _refuse_unspeakable(content: object, depth: int) -> None:
    if depth > 100:
        raise InvalidArgument("The body is nested more than 100 levels deep.")
    if isinstance(content, Mapping):
        for name, value in cast("Mapping[object, object]", content).items():
            if not isinstance(name, str):
                raise InvalidArgument(f"The body holds a key that is no string but {type(name).__name__}.")
            _refuse_unspeakable(value, depth + 1)
    elif isinstance(content, list | tuple):
        for value in cast("Iterable[object]", content):
            _refuse_unspeakable(value, depth + 1)
    elif not isinstance(content, _SPEAKABLE):
        raise InvalidArgument(f"The body is not JSON: it holds a {type(content).__name__}.")
    elif not _is_finite(content):
        raise InvalidArgument("The body holds a number that is not finite.")


def _is_finite(content: object) -> bool:
    value = content.value if isinstance(content, Enum) else content
    if isinstance(value, Decimal):
        return value.is_finite()  # math.isfinite goes through a float, which 1E+400 does not fit
    return not isinstance(value, float) or math.isfinite(value)


def checked_options(options: Options) -> Options:
    """Return `options` if every value can be one.

    :raises InvalidArgument: if one cannot.
    """
    versions.checked(options.api_version)
    check_seconds("timeout", options.timeout)
    if options.max_wait is not ... and options.max_wait != 0:
        check_seconds("max_wait", options.max_wait, least="zero or a positive number")
    _one_of("cache", options.cache, get_args(CacheMode))
    _one_of("lane", options.lane, get_args(Lane))
    for name in ("strict", "idempotent", "verify"):
        if not isinstance(getattr(options, name), bool):
            raise InvalidArgument(f"{name} is True or False.")
    _check_retry(options.retry)
    return options


def _check_retry(policy: object) -> None:
    if policy is not None and not isinstance(policy, RetryPolicy):
        raise InvalidArgument("retry is a RetryPolicy: RetryPolicy(attempts=3); None for no second attempt.")


def checked_policy(policy: Policy, resources: Collection[str]) -> Policy:
    """Return `policy` if it can be followed. `resources` are the names that exist.

    :raises UnknownOption: for a resource or a tag scope that does not exist.
    :raises InvalidArgument: for what is no policy, and times that are none.
    """
    if not isinstance(policy, Policy):
        raise InvalidArgument("policy is a Policy: Policy(fresh_for={…}, tag_scope={…}, max_age=…).")
    for what, named in (("fresh_for", policy.fresh_for), ("tag_scope", policy.tag_scope)):
        if not isinstance(named, Mapping):
            raise InvalidArgument(f"policy.{what} maps names of resources to what holds for them.")
        for name in named:
            _one_of(f"policy.{what}", name, resources)
    for name, seconds in policy.fresh_for.items():
        check_seconds(f"policy.fresh_for[{name!r}]", seconds, optional=False)
    for name, scope in policy.tag_scope.items():
        _one_of(f"policy.tag_scope[{name!r}]", scope, get_args(TagScope))
    check_seconds("policy.max_age", policy.max_age, optional=False)
    return policy


def _one_of(name: str, value: Any, known: Collection[str]) -> None:
    if value not in known:
        hint = f"Known: {', '.join(known)}." if len(known) < 10 else ""
        raise UnknownOption(str(value), known, where=name, hint=hint)
