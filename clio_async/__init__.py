"""An SDK for the Clio Manage API v4: validated reads, truthful writes, nothing wasted.

    from clio_async import Clio

    async with Clio("ACCESS-TOKEN", region="us") as clio:
        matter = await clio.matters.get(42)

Names are imported when they are first used: importing the package imports no HTTP client and no model.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from attrs import frozen

    from ._version import __version__
    from .auth.loopback import loopback
    from .auth.oauth import Approval, OAuthApp, OAuthGrant
    from .auth.redis import RedisTokenStore
    from .auth.static import StaticToken
    from .auth.stores import FileTokenStore, MemoryTokenStore
    from .auth.tokens import Token, TokenStore
    from .batches import Many
    from .caches.base import Begun, CacheStore, Entry, Generation
    from .caches.memory import MemoryCache
    from .caches.redis import RedisCache
    from .caches.sqlite import SQLiteCache
    from .changes import Changes
    from .client import Clio
    from .codec.ledger import ContradictionWarning
    from .errors import (
        AmbiguousCustomField,
        APIError,
        ApiVersionGone,
        ApiVersionMismatch,
        ApprovalTimeout,
        AuthError,
        AuthorizationDeclined,
        BadRequest,
        BadSignature,
        ChangeIgnored,
        ClientClosed,
        ClioError,
        ClioWarning,
        Conflict,
        DecodeError,
        EditConflict,
        FieldNotRequested,
        FieldsRefused,
        FilterIgnored,
        Forbidden,
        Gone,
        HandshakeRefused,
        IncompleteDownload,
        IncompleteUpload,
        InvalidArgument,
        JobEmpty,
        JobError,
        JobFailed,
        JobTimeout,
        MalformedEvent,
        MaybeSent,
        MaybeSentTimeout,
        MissingETag,
        NotFound,
        NotSent,
        NotSentTimeout,
        OffsetLimit,
        OffsetLimitWarning,
        OutcomeUnknown,
        OutcomeUnknownServerError,
        OutcomeUnknownTimeout,
        PaginationError,
        PaginationLoop,
        PreconditionFailed,
        PreconditionUnusable,
        RateLimited,
        ReauthRequired,
        RedisUnavailable,
        ResponseBroken,
        ResponseTimeout,
        ResponseTooLarge,
        SchemaError,
        ServerError,
        SourceChanged,
        StateMismatch,
        StorageRefused,
        SubscriptionStoreError,
        SyncInAsync,
        TokenStoreError,
        TransferError,
        TransportError,
        Unauthorized,
        UnexpectedContent,
        UnexpectedRedirect,
        UnknownAttribute,
        UnknownCustomField,
        UnknownField,
        UnknownFilter,
        UnknownOption,
        UnknownPicklistOption,
        UnprocessableEntity,
        UntrustedLink,
        UsageError,
        WebhookError,
        WrongEventLoop,
    )
    from .events import Attempt, Exchange, Hooks, QuotaPause, QuotaWait, RateLimit, RefreshOutcome, TokenRefresh
    from .headers import Headers
    from .limiters.base import Limiter, Quota
    from .limiters.local import LocalLimiter
    from .limiters.redis import RedisLimiter
    from .messages import Content, Request, Response
    from .middleware.base import Handler, Middleware
    from .middleware.observe import capture_responses
    from .models.custom_fields import CUSTOM_FIELDS, CustomFieldsView
    from .models.record import Record, RecordETag, Ref, ResponseETag, Validators
    from .models.selection import Selection, unchecked
    from .options import Options, Policy, RetryPolicy
    from .outcomes import Outcome
    from .pages import Pages
    from .principal import Auth, Channel, Principal
    from .protocol.filenames import safe_filename
    from .protocol.version_history import KNOWN_VERSIONS, ApiVersion
    from .protocol.version_status import VersionStatus
    from .protocol.versions import PINNED
    from .redis import RedisServer
    from .refreshed import Refreshed
    from .resources.downloads.download import Download
    from .resources.edits.edit import Edit
    from .secrets import Secret
    from .stats import Stats
    from .sync.client import SyncClio
    from .sync.downloads import SyncDownload
    from .sync.edits import SyncEdit
    from .sync.oauth import SyncOAuthApp
    from .sync.pages import SyncChanges, SyncPages
    from .transfers import OnProgress, Progress, UploadHandle
    from .transport.aiohttp import AiohttpTransport
    from .transport.base import StreamedResponse, Transport
    from .transport.httpx2 import Httpx2Transport
    from .transport.memory import MemoryTransport

_HOMES = {
    "SyncChanges": "sync.pages",
    "SyncDownload": "sync.downloads",
    "SyncEdit": "sync.edits",
    "AiohttpTransport": "transport.aiohttp",
    "ApiVersion": "protocol.version_history",
    "Approval": "auth.oauth",
    "Attempt": "events",
    "Auth": "principal",
    "Begun": "caches.base",
    "CUSTOM_FIELDS": "models.custom_fields",
    "CacheStore": "caches.base",
    "Changes": "changes",
    "Channel": "principal",
    "Clio": "client",
    "Content": "messages",
    "ContradictionWarning": "codec.ledger",
    "CustomFieldsView": "models.custom_fields",
    "Download": "resources.downloads.download",
    "Edit": "resources.edits.edit",
    "Entry": "caches.base",
    "Exchange": "events",
    "FileTokenStore": "auth.stores",
    "Generation": "caches.base",
    "Handler": "middleware.base",
    "Headers": "headers",
    "Hooks": "events",
    "Httpx2Transport": "transport.httpx2",
    "KNOWN_VERSIONS": "protocol.version_history",
    "Limiter": "limiters.base",
    "LocalLimiter": "limiters.local",
    "Many": "batches",
    "MemoryCache": "caches.memory",
    "MemoryTokenStore": "auth.stores",
    "MemoryTransport": "transport.memory",
    "Middleware": "middleware.base",
    "OAuthApp": "auth.oauth",
    "OAuthGrant": "auth.oauth",
    "OnProgress": "transfers",
    "Options": "options",
    "Outcome": "outcomes",
    "PINNED": "protocol.versions",
    "Pages": "pages",
    "Policy": "options",
    "Principal": "principal",
    "Progress": "transfers",
    "Quota": "limiters.base",
    "QuotaPause": "events",
    "QuotaWait": "events",
    "RateLimit": "events",
    "Record": "models.record",
    "RecordETag": "models.record",
    "Ref": "models.record",
    "RefreshOutcome": "events",
    "Request": "messages",
    "Response": "messages",
    "ResponseETag": "models.record",
    "RetryPolicy": "options",
    "Secret": "secrets",
    "Selection": "models.selection",
    "StaticToken": "auth.static",
    "Stats": "stats",
    "StreamedResponse": "transport.base",
    "Token": "auth.tokens",
    "TokenRefresh": "events",
    "TokenStore": "auth.tokens",
    "Transport": "transport.base",
    "UploadHandle": "transfers",
    "Validators": "models.record",
    "VersionStatus": "protocol.version_status",
    "__version__": "_version",
    "safe_filename": "protocol.filenames",
    "capture_responses": "middleware.observe",
    "loopback": "auth.loopback",
    "unchecked": "models.selection",
    "SyncClio": "sync.client",
    "SyncPages": "sync.pages",
    "SyncOAuthApp": "sync.oauth",
    "SQLiteCache": "caches.sqlite",
    "RedisCache": "caches.redis",
    "RedisLimiter": "limiters.redis",
    "RedisTokenStore": "auth.redis",
    "RedisServer": "redis",
    "Refreshed": "refreshed",
}

__all__ = [
    "CUSTOM_FIELDS",
    "KNOWN_VERSIONS",
    "PINNED",
    "APIError",
    "AiohttpTransport",
    "AmbiguousCustomField",
    "ApiVersion",
    "ApiVersionGone",
    "ApiVersionMismatch",
    "Approval",
    "ApprovalTimeout",
    "Attempt",
    "Auth",
    "AuthError",
    "AuthorizationDeclined",
    "BadRequest",
    "BadSignature",
    "Begun",
    "CacheStore",
    "ChangeIgnored",
    "Changes",
    "Channel",
    "ClientClosed",
    "Clio",
    "ClioError",
    "ClioWarning",
    "Conflict",
    "Content",
    "ContradictionWarning",
    "CustomFieldsView",
    "DecodeError",
    "Download",
    "Edit",
    "EditConflict",
    "Entry",
    "Exchange",
    "FieldNotRequested",
    "FieldsRefused",
    "FileTokenStore",
    "FilterIgnored",
    "Forbidden",
    "Generation",
    "Gone",
    "Handler",
    "HandshakeRefused",
    "Headers",
    "Hooks",
    "Httpx2Transport",
    "IncompleteDownload",
    "IncompleteUpload",
    "InvalidArgument",
    "JobEmpty",
    "JobError",
    "JobFailed",
    "JobTimeout",
    "Limiter",
    "LocalLimiter",
    "MalformedEvent",
    "Many",
    "MaybeSent",
    "MaybeSentTimeout",
    "MemoryCache",
    "MemoryTokenStore",
    "MemoryTransport",
    "Middleware",
    "MissingETag",
    "NotFound",
    "NotSent",
    "NotSentTimeout",
    "OAuthApp",
    "OAuthGrant",
    "OffsetLimit",
    "OffsetLimitWarning",
    "OnProgress",
    "Options",
    "Outcome",
    "OutcomeUnknown",
    "OutcomeUnknownServerError",
    "OutcomeUnknownTimeout",
    "Pages",
    "PaginationError",
    "PaginationLoop",
    "Policy",
    "PreconditionFailed",
    "PreconditionUnusable",
    "Principal",
    "Progress",
    "Quota",
    "QuotaPause",
    "QuotaWait",
    "RateLimit",
    "RateLimited",
    "ReauthRequired",
    "Record",
    "RecordETag",
    "RedisCache",
    "RedisLimiter",
    "RedisServer",
    "RedisTokenStore",
    "RedisUnavailable",
    "Ref",
    "RefreshOutcome",
    "Refreshed",
    "Request",
    "Response",
    "ResponseBroken",
    "ResponseETag",
    "ResponseTimeout",
    "ResponseTooLarge",
    "RetryPolicy",
    "SQLiteCache",
    "SchemaError",
    "Secret",
    "Selection",
    "ServerError",
    "SourceChanged",
    "StateMismatch",
    "StaticToken",
    "Stats",
    "StorageRefused",
    "StreamedResponse",
    "SubscriptionStoreError",
    "SyncChanges",
    "SyncClio",
    "SyncDownload",
    "SyncEdit",
    "SyncInAsync",
    "SyncOAuthApp",
    "SyncPages",
    "Token",
    "TokenRefresh",
    "TokenStore",
    "TokenStoreError",
    "TransferError",
    "Transport",
    "TransportError",
    "Unauthorized",
    "UnexpectedContent",
    "UnexpectedRedirect",
    "UnknownAttribute",
    "UnknownCustomField",
    "UnknownField",
    "UnknownFilter",
    "UnknownOption",
    "UnknownPicklistOption",
    "UnprocessableEntity",
    "UntrustedLink",
    "UploadHandle",
    "UsageError",
    "Validators",
    "VersionStatus",
    "WebhookError",
    "WrongEventLoop",
    "__version__",
    "capture_responses",
    "frozen",
    "loopback",
    "safe_filename",
    "unchecked",
]


def _leave_out(name: str, *, unless: str) -> None:
    """Take a name away that `from clio_async import *` could not import without an extra. It is a name all the same."""
    if find_spec(unless) is None:
        __all__.remove(name)


_leave_out("Httpx2Transport", unless="httpx2")


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
