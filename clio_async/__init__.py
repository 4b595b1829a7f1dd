"""An SDK for the Clio Manage API v4: validated reads, truthful writes, nothing wasted.

    from clio_async import Clio

    async with Clio("ACCESS-TOKEN", region="us") as clio:
        matter = await clio.matters.get(42)

Names are imported when they are first used: importing the package imports no HTTP client and no model.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from attrs import frozen

    from .auth.static import StaticToken
    from .caches.base import Begun, CacheStore, Entry, Generation
    from .caches.memory import MemoryCache
    from .client import Clio
    from .codec.ledger import ContradictionWarning
    from .errors import (
        APIError,
        ApiVersionGone,
        ApiVersionMismatch,
        AuthError,
        BadRequest,
        ClientClosed,
        ClioError,
        ClioWarning,
        Conflict,
        DecodeError,
        FieldNotRequested,
        Forbidden,
        Gone,
        InvalidArgument,
        MaybeSent,
        MaybeSentTimeout,
        MissingETag,
        NotFound,
        NotSent,
        NotSentTimeout,
        OutcomeUnknown,
        OutcomeUnknownServerError,
        OutcomeUnknownTimeout,
        PaginationError,
        PaginationLoop,
        PreconditionFailed,
        RateLimited,
        ReauthRequired,
        ResponseBroken,
        ResponseTimeout,
        ResponseTooLarge,
        SchemaError,
        ServerError,
        TransportError,
        Unauthorized,
        UnexpectedContent,
        UnexpectedRedirect,
        UnknownAttribute,
        UnknownField,
        UnknownFilter,
        UnknownOption,
        UnprocessableEntity,
        UntrustedLink,
        UsageError,
        WrongEventLoop,
    )
    from .messages import Headers, Request, Response
    from .middleware.base import Handler, Middleware
    from .middleware.observe import Exchange, capture_responses
    from .models.record import Record, RecordETag, Ref, ResponseETag, Validators
    from .models.selection import Selection, unchecked
    from .options import Options, Policy
    from .pages import Pages
    from .principal import Auth, Principal
    from .protocol.versions import PINNED
    from .secrets import Secret
    from .stats import Stats
    from .transport.aiohttp import AiohttpTransport
    from .transport.base import StreamedResponse, Transport
    from .transport.httpx2 import Httpx2Transport
    from .transport.memory import MemoryTransport

_HOMES = {
    "AiohttpTransport": "transport.aiohttp",
    "Auth": "principal",
    "Begun": "caches.base",
    "CacheStore": "caches.base",
    "Clio": "client",
    "ContradictionWarning": "codec.ledger",
    "Entry": "caches.base",
    "Exchange": "middleware.observe",
    "Generation": "caches.base",
    "Handler": "middleware.base",
    "Headers": "messages",
    "Httpx2Transport": "transport.httpx2",
    "MemoryCache": "caches.memory",
    "MemoryTransport": "transport.memory",
    "Middleware": "middleware.base",
    "Options": "options",
    "PINNED": "protocol.versions",
    "Pages": "pages",
    "Policy": "options",
    "Principal": "principal",
    "Record": "models.record",
    "RecordETag": "models.record",
    "Ref": "models.record",
    "Request": "messages",
    "Response": "messages",
    "ResponseETag": "models.record",
    "Secret": "secrets",
    "Selection": "models.selection",
    "StaticToken": "auth.static",
    "Stats": "stats",
    "StreamedResponse": "transport.base",
    "Transport": "transport.base",
    "Validators": "models.record",
    "capture_responses": "middleware.observe",
    "unchecked": "models.selection",
}

__all__ = [
    "PINNED",
    "APIError",
    "AiohttpTransport",
    "ApiVersionGone",
    "ApiVersionMismatch",
    "Auth",
    "AuthError",
    "BadRequest",
    "Begun",
    "CacheStore",
    "ClientClosed",
    "Clio",
    "ClioError",
    "ClioWarning",
    "Conflict",
    "ContradictionWarning",
    "DecodeError",
    "Entry",
    "Exchange",
    "FieldNotRequested",
    "Forbidden",
    "Generation",
    "Gone",
    "Handler",
    "Headers",
    "Httpx2Transport",
    "InvalidArgument",
    "MaybeSent",
    "MaybeSentTimeout",
    "MemoryCache",
    "MemoryTransport",
    "Middleware",
    "MissingETag",
    "NotFound",
    "NotSent",
    "NotSentTimeout",
    "Options",
    "OutcomeUnknown",
    "OutcomeUnknownServerError",
    "OutcomeUnknownTimeout",
    "Pages",
    "PaginationError",
    "PaginationLoop",
    "Policy",
    "PreconditionFailed",
    "Principal",
    "RateLimited",
    "ReauthRequired",
    "Record",
    "RecordETag",
    "Ref",
    "Request",
    "Response",
    "ResponseBroken",
    "ResponseETag",
    "ResponseTimeout",
    "ResponseTooLarge",
    "SchemaError",
    "Secret",
    "Selection",
    "ServerError",
    "StaticToken",
    "Stats",
    "StreamedResponse",
    "Transport",
    "TransportError",
    "Unauthorized",
    "UnexpectedContent",
    "UnexpectedRedirect",
    "UnknownAttribute",
    "UnknownField",
    "UnknownFilter",
    "UnknownOption",
    "UnprocessableEntity",
    "UntrustedLink",
    "UsageError",
    "Validators",
    "WrongEventLoop",
    "capture_responses",
    "frozen",
    "unchecked",
]


def __getattr__(name: str) -> Any:
    if name == "frozen":
        found = import_module("attrs").frozen
    elif name in _HOMES:
        found = getattr(import_module(f".{_HOMES[name]}", __name__), name)
    elif name in __all__:
        found = getattr(import_module(".errors", __name__), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return __all__
