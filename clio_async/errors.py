"""Every exception that reaches a caller, in one tree.

    ClioError
    ├─ InvalidArgument (ValueError)            refused before anything was sent
    │  ├─ UnknownField · UnknownFilter · UnknownAttribute · UnknownOption (TypeError)
    │  ├─ UnknownCustomField (KeyError) · UnknownPicklistOption · AmbiguousCustomField
    │  └─ MissingETag
    ├─ FieldNotRequested (AttributeError)      the record does not hold what was not asked for
    ├─ TransportError
    │  ├─ NotSent          └─ NotSentTimeout (TimeoutError)
    │  ├─ MaybeSent        └─ MaybeSentTimeout (TimeoutError)
    │  ├─ ResponseBroken   └─ ResponseTimeout (TimeoutError)
    │  └─ ResponseTooLarge
    ├─ APIError                                Clio answered, and refused
    │  ├─ UnexpectedRedirect 3xx
    │  ├─ BadRequest 400 · Unauthorized 401 · Forbidden 403 · NotFound 404 · Conflict 409
    │  ├─ Gone 410         └─ ApiVersionGone
    │  ├─ PreconditionFailed 412
    │  │  └─ EditConflict
    │  ├─ UnprocessableEntity 422
    │  ├─ RateLimited 429
    │  └─ ServerError 5xx
    ├─ OutcomeUnknown                          a write that may or may not have been applied
    │  ├─ OutcomeUnknownTimeout (TimeoutError)
    │  └─ OutcomeUnknownServerError (ServerError)
    ├─ PreconditionUnusable                    no form of a tag that the server takes for If-Match is known
    ├─ ChangeIgnored                           Clio answered 200 and left as it was what was to be changed
    ├─ DecodeError                             an answer that is not what its content type says
    │  ├─ UnexpectedContent · SchemaError
    ├─ FilterIgnored                           a list held records that its filter excludes
    ├─ PaginationError
    │  ├─ PaginationLoop · UntrustedLink · OffsetLimit
    ├─ TransferError                           a file that was not transferred whole
    │  ├─ IncompleteUpload └─ SourceChanged
    │  ├─ IncompleteDownload
    │  └─ StorageRefused                       the place where files are kept answered, and refused
    ├─ JobError                                a report or an archive that is not there to be had
    │  ├─ JobFailed · JobEmpty · JobTimeout (TimeoutError)
    ├─ WebhookError                            a request to a webhook that is not Clio's, or not to be understood
    │  ├─ BadSignature · HandshakeRefused · MalformedEvent
    ├─ SubscriptionStoreError                  the store of webhooks' secrets failed
    ├─ RedisUnavailable                        a Redis or Valkey server could not be used
    ├─ AuthError                               no access token could be had
    │  ├─ ReauthRequired · AuthorizationDeclined · StateMismatch · ApprovalTimeout (TimeoutError)
    │  └─ TokenStoreError
    └─ UsageError
       ├─ ClientClosed · WrongEventLoop · SyncInAsync

    ClioWarning (UserWarning)                  something was found that the caller should know, once
    ├─ ApiVersionMismatch · FieldsRefused
    └─ OffsetLimitWarning

All of them pickle, none holds a secret, and every message says what to do next.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Awaitable
    from typing import Protocol

    from .messages import Request, Response
    from .outcomes import Outcome
    from .principal import Principal
    from .transfers import UploadHandle

    class _Client(Protocol):
        def reconcile(self, error: OutcomeUnknown) -> Awaitable[Outcome]: ...


__all__ = [
    "APIError",
    "AmbiguousCustomField",
    "ApiVersionGone",
    "ApiVersionMismatch",
    "ApprovalTimeout",
    "AuthError",
    "AuthorizationDeclined",
    "BadRequest",
    "BadSignature",
    "ChangeIgnored",
    "ClientClosed",
    "ClioError",
    "ClioWarning",
    "Conflict",
    "DecodeError",
    "EditConflict",
    "FieldNotRequested",
    "FieldsRefused",
    "FilterIgnored",
    "Forbidden",
    "Gone",
    "HandshakeRefused",
    "IncompleteDownload",
    "IncompleteUpload",
    "InvalidArgument",
    "JobEmpty",
    "JobError",
    "JobFailed",
    "JobTimeout",
    "MalformedEvent",
    "MaybeSent",
    "MaybeSentTimeout",
    "MissingETag",
    "NotFound",
    "NotSent",
    "NotSentTimeout",
    "OffsetLimit",
    "OffsetLimitWarning",
    "OutcomeUnknown",
    "OutcomeUnknownServerError",
    "OutcomeUnknownTimeout",
    "PaginationError",
    "PaginationLoop",
    "PreconditionFailed",
    "PreconditionUnusable",
    "RateLimited",
    "ReauthRequired",
    "RedisUnavailable",
    "ResponseBroken",
    "ResponseTimeout",
    "ResponseTooLarge",
    "SchemaError",
    "ServerError",
    "SourceChanged",
    "StateMismatch",
    "StorageRefused",
    "SubscriptionStoreError",
    "SyncInAsync",
    "TokenStoreError",
    "TransferError",
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
    "UsageError",
    "WebhookError",
    "WrongEventLoop",
]


class ClioError(Exception):
    """The root. Catch it to catch everything that this package raises."""

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.args, self.__dict__)


def _rebuild(cls: type[ClioError], args: tuple[Any, ...], state: dict[str, Any]) -> ClioError:
    # The constructors of subclasses take other arguments than the message, so unpickling must not call them.
    error = cls.__new__(cls, *args)
    error.args = args
    error.__dict__.update(state)
    return error


class ClioWarning(UserWarning):
    """Something was found that did no harm yet, and that the caller should know. Each is given once."""


class ApiVersionMismatch(ClioWarning):
    """The server answered in another API version than the one that was asked for."""


class FieldsRefused(ClioWarning):
    """The server refused fields of a selection that the SDK had chosen. They are left out from now on."""


class OffsetLimitWarning(ClioWarning):
    """The list is longer than Clio gives in this order: the walk will end in `OffsetLimit`."""


class InvalidArgument(ClioError, ValueError):
    """An argument that cannot be right. Nothing was sent."""


class _UnknownName(InvalidArgument):
    _kind: ClassVar[str] = "name"

    def __init__(self, name: str, known: Iterable[str], *, where: str = "", hint: str = "") -> None:
        self.name = name
        from difflib import get_close_matches  # for a mistake alone

        self.near = tuple(get_close_matches(name, [each for each in known if each != name], n=3, cutoff=0.5))
        """The nearest right names, best first."""
        place = f" of {where}" if where else ""
        advice = f" Did you mean {' or '.join(repr(near) for near in self.near)}?" if self.near else ""
        super().__init__(f"{name!r} is not a known {self._kind}{place}.{advice}{f' {hint}' if hint else ''}")


class UnknownField(_UnknownName):
    """A selection names a field that the resource does not have."""

    _kind = "field"


class UnknownFilter(_UnknownName):
    """A list was given a filter that it does not have. Clio would have ignored it and listed everything."""

    _kind = "filter"


class UnknownAttribute(_UnknownName):
    """A write was given an attribute that the resource does not take. Clio would have dropped it."""

    _kind = "attribute"


class UnknownOption(_UnknownName, TypeError):
    """A client was given an option that does not exist."""

    _kind = "option"


class UnknownCustomField(_UnknownName, KeyError):
    """No custom field of that name is there: on the record that was read, or among the definitions of the firm."""

    _kind = "custom field"

    def __str__(self) -> str:
        return str(self.args[0])  # a KeyError would show the quoted form


class UnknownPicklistOption(InvalidArgument):
    """A picklist was to be set to a label or an id that none of its options has.

    `name` is that of the custom field, `near` the nearest right labels. What was given is confidential, and not kept.
    """

    def __init__(self, message: str, *, name: str = "", near: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.name = name
        self.near = tuple(near)


class AmbiguousCustomField(InvalidArgument):
    """A name, or an id, leads to more than one custom field or value. `ids` are those of the definitions."""

    def __init__(self, message: str, *, name: str | int = "", ids: Iterable[int] = ()) -> None:
        super().__init__(message)
        self.name = name
        self.ids = tuple(ids)


class MissingETag(InvalidArgument):
    """A write should be guarded by `If-Match`, and no strong tag of the record is known."""


class FieldNotRequested(ClioError, AttributeError):
    """An attribute was read that the answer did not contain because it was not asked for."""


class TransportError(ClioError):
    """The exchange did not yield a complete answer."""


class NotSent(TransportError):
    """No byte of the request left: it can be sent again, whatever its method."""


class NotSentTimeout(NotSent, TimeoutError):
    """The time was over before anything was sent."""


class MaybeSent(TransportError):
    """Bytes of the request left and no status came back: the server may have acted on it."""


class MaybeSentTimeout(MaybeSent, TimeoutError):
    """The time was over while waiting for a status."""


class ResponseBroken(TransportError):
    """An answer began and did not arrive whole, or was not HTTP. The server has acted on the request.

    `status` is the status code if it was readable.
    """

    def __init__(self, message: str, *, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class ResponseTimeout(ResponseBroken, TimeoutError):
    """The time was over while the body was arriving."""


class ResponseTooLarge(TransportError):
    """The body, decoded, is larger than the transport's cap (bytes). Raise `max_body` if it is meant to be."""

    def __init__(self, message: str, *, status: int | None = None, limit: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.limit = limit


class APIError(ClioError):
    """Clio answered with an error status.

    `type` and `message` are those of Clio's envelope (or of OAuth's, for a 401), `request` and `response` what was
    exchanged, `api_version` the version that answered.
    """

    def __init__(
        self,
        text: str,
        *,
        status: int,
        type: str | None = None,
        message: str | None = None,
        request: Request | None = None,
        response: Response | None = None,
        api_version: str | None = None,
    ) -> None:
        super().__init__(text)
        self.status = status
        self.type = type
        self.message = message
        self.request = request
        self.response = response
        self.api_version = api_version


class UnexpectedRedirect(APIError):
    """3xx: the server sends the caller where this request may not follow. Nothing was done here."""


class BadRequest(APIError):
    """400: the request is malformed; a field of the selection may be unknown to this API version."""


class Unauthorized(APIError):
    """401: the token is expired, revoked, or of another region.

    `reason` says which of them, as far as the server does: ``"expired"``, ``"revoked"``, or ``"unknown"``, which is
    also what a token of another region is.
    """

    def __init__(self, text: str, *, reason: str = "unknown", **details: Any) -> None:
        super().__init__(text, **details)
        self.reason = reason


class Forbidden(APIError):
    """403: the app or its user may not do this."""


class NotFound(APIError):
    """404: there is no such record, or the user may not see it."""


class Conflict(APIError):
    """409: the record is in a state that does not allow this."""


class Gone(APIError):
    """410: the record is gone for good."""


class ApiVersionGone(Gone):
    """410: the API version that was sent is not served, or not any more."""


class PreconditionFailed(APIError):
    """412: the record was changed since it was read. Nothing was written.

    It may be this program that has changed it: `update` returns the newer record, which the next update takes.
    `current` is the record as it was read after that, so that somebody can decide; None if it could not be read.
    """

    def __init__(self, text: str, *, current: Any = None, **details: Any) -> None:
        super().__init__(text, **details)
        self.current = current


class EditConflict(PreconditionFailed):
    """412: what this edit changes was changed since it was read. Nothing of it was written.

    It was somebody else, or this program, if it has written the record and edits what it had read before that.
    `fields` are the names that collide. `base` is the record as it was when the edit began, `mine` what it was to
    become, by name, `theirs` the record as it is now (which is also `current`).
    """

    def __init__(
        self,
        text: str,
        *,
        base: Any = None,
        mine: Mapping[str, Any] | None = None,
        theirs: Any = None,
        fields: tuple[str, ...] = (),
        **details: Any,
    ) -> None:
        super().__init__(text, current=theirs, **details)
        self.base = base
        self.mine = dict(mine or {})
        self.theirs = theirs
        self.fields = fields


class UnprocessableEntity(APIError):
    """422: Clio understood the request and refuses its values."""


class RateLimited(APIError):
    """429: the token's quota is used up, or waiting for it would take longer than `max_wait`.

    `retry_at` is the moment of the next try, in seconds since the epoch, None when unknown.
    """

    def __init__(self, text: str, *, retry_at: float | None = None, **details: Any) -> None:
        super().__init__(text, **details)
        self.retry_at = retry_at


class ServerError(APIError):
    """5xx: Clio, or a gateway before it, failed.

    `retry_at` is the moment of the next try if the server names one, in seconds since the epoch.
    """

    def __init__(self, text: str, *, retry_at: float | None = None, **details: Any) -> None:
        super().__init__(text, **details)
        self.retry_at = retry_at


class OutcomeUnknown(ClioError):
    """A write that may or may not have been applied. Read the record before you write again.

    `request` is what was sent, `sent_at` when (seconds since the epoch), `etag` the tag it was guarded by, `current`
    the record as it was read afterwards, if it was. `accepted` says that a status of 2xx came: the write was applied,
    and only what the record is now is not known. `fields` are the names of what was to be set, where they are known;
    the values are in the body of the request, which no pickle holds. `claimed` is the id of the record that `reconcile`
    has found to be what was created.
    """

    fields: tuple[str, ...] = ()
    claimed: Any = None

    def __init__(
        self,
        text: str,
        *,
        request: Request | None = None,
        sent_at: float | None = None,
        etag: str | None = None,
        current: Any = None,
        accepted: bool = False,
    ) -> None:
        super().__init__(text)
        self.request = request
        self.sent_at = sent_at
        self.etag = etag
        self.current = current
        self.accepted = accepted

    async def reconcile(self, clio: _Client) -> Outcome:
        """Find out, by reading, what became of the write. See `Outcome`.

        `clio` is a client of the same principal. What is still on its way to the server cannot be seen: it is for
        later, when the answer would have come.
        """
        return await clio.reconcile(self)


class OutcomeUnknownTimeout(OutcomeUnknown, TimeoutError):
    """The time was over before a write was answered."""


class OutcomeUnknownServerError(OutcomeUnknown, ServerError):
    """A write was answered with 5xx: a gateway's word says nothing of what happened behind it."""

    def __init__(
        self,
        text: str,
        *,
        sent_at: float | None = None,
        etag: str | None = None,
        current: Any = None,
        retry_at: float | None = None,
        **details: Any,
    ) -> None:
        ServerError.__init__(self, text, retry_at=retry_at, **details)
        self.sent_at = sent_at
        self.etag = etag
        self.current = current
        self.accepted = False


class PreconditionUnusable(ClioError):
    """A write was answered 412 although the record still has the tag that was sent. Nothing was written.

    No form of the tag that the server takes for `If-Match` is known: neither the `etag` of the record nor a strong ETag
    header. `current` is the record as it was read after that.
    """

    def __init__(self, text: str, *, request: Request | None = None, current: Any = None) -> None:
        super().__init__(text)
        self.request = request
        self.current = current


class ChangeIgnored(ClioError):
    """Clio answered a write with 200, and the record shows that a part of it was not done. The rest of it was.

    `fields` are the names of what was left as it was, `record` is what the answer showed.
    """

    def __init__(self, text: str, *, fields: tuple[str, ...] = (), record: object = None) -> None:
        super().__init__(text)
        self.fields = fields
        self.record = record


class DecodeError(ClioError):
    """The body of an answer is not well-formed."""


class UnexpectedContent(DecodeError):
    """The answer is of another content type than asked for (a login page, a maintenance page)."""


class SchemaError(DecodeError):
    """A value contradicts the schema. `path` leads to it, as in ``data.client.id``."""

    def __init__(self, message: str, *, path: str = "") -> None:
        super().__init__(message)
        self.path = path


class FilterIgnored(ClioError):
    """A list was answered with records that its filter excludes: the server does not know it. None was delivered."""


class PaginationError(ClioError):
    """A list could not be walked to its end. `resume_token` continues where it stopped."""

    def __init__(self, message: str, *, resume_token: str | None = None) -> None:
        super().__init__(message)
        self.resume_token = resume_token


class PaginationLoop(PaginationError):
    """A page pointed back to one that was already read, or made no progress."""


class UntrustedLink(PaginationError):
    """The link to the next page leads to another origin or path. It was not followed."""


class OffsetLimit(PaginationError):
    """The list is longer than Clio gives in this order. The request that it would refuse was not sent."""


class TransferError(ClioError):
    """A file was not transferred whole."""


class IncompleteUpload(TransferError):
    """An upload was begun and not finished: Clio holds a document, or a version, without bytes, and hides it.

    `handle` continues it: ``documents.upload(source, resume=error.handle)``; or ``documents.abandon(error.handle)``
    takes away what was begun. The cause (``__cause__``) says why it ended.
    """

    def __init__(self, message: str, *, handle: UploadHandle) -> None:
        super().__init__(message)
        self.handle = handle


class SourceChanged(IncompleteUpload):
    """What was to be uploaded changed while it was read, or is not what an earlier upload had begun with."""


class IncompleteDownload(TransferError):
    """A download ended before the file was whole, or is not of the size that Clio names.

    `received` is how many bytes came, `size` how many there should have been, if that is known (bytes both). `resume`
    continues it, if the file can be asked for in parts: ``documents.download(id, resume=error.resume)``.
    """

    def __init__(self, message: str, *, received: int = 0, size: int | None = None, resume: str | None = None) -> None:
        super().__init__(message)
        self.received = received
        self.size = size
        self.resume = resume


class StorageRefused(TransferError):
    """The place where files are kept refused a request. `code` is the word that it gave for it (``AccessDenied``)."""

    def __init__(self, message: str, *, status: int = 0, code: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


class JobError(ClioError):
    """What was asked for is not there to be had. `record` is the report or archive as it was last seen."""

    def __init__(self, message: str, *, record: Any = None) -> None:
        super().__init__(message)
        self.record = record


class JobFailed(JobError):
    """Clio could not make it."""


class JobEmpty(JobError):
    """It is finished and has no file, since there was nothing to put into it."""


class JobTimeout(JobError, TimeoutError):
    """It was not finished in time. It goes on at Clio: wait for it again."""


class WebhookError(ClioError):
    """A request came to a webhook that is not from Clio, or not to be understood. Nothing was done about it."""


class BadSignature(WebhookError):
    """The signature is not that of the body under the secret of the subscription: somebody else sent it."""


class HandshakeRefused(WebhookError):
    """A handshake came that no subscription of ours waits for."""


class MalformedEvent(WebhookError):
    """The body was signed, and is no event."""


class SubscriptionStoreError(ClioError):
    """The store of subscriptions failed, or refused what it found. The secrets of webhooks are in it."""


class AuthError(ClioError):
    """No valid access token could be had. Of the request that needed one, nothing was sent, or it was refused (401).

    `error` is the code of the authorization server (RFC 6749 §5.2), `status` the status of its answer, `retry_at` when
    to try again, in seconds since the epoch; each None if there is none.
    """

    def __init__(
        self, message: str, *, error: str | None = None, status: int | None = None, retry_at: float | None = None
    ) -> None:
        super().__init__(message)
        self.error = error
        self.status = status
        self.retry_at = retry_at


class ReauthRequired(AuthError):
    """The grant is gone: the user has to approve the app again. `principal` says who."""

    def __init__(self, message: str, *, principal: Principal | None = None, **details: Any) -> None:
        super().__init__(message, **details)
        self.principal = principal


class AuthorizationDeclined(AuthError):
    """The user, or the server, declined the approval."""


class ApprovalTimeout(AuthError, TimeoutError):
    """The user did not come back in time."""


class StateMismatch(AuthError):
    """A callback that does not belong to the approval that was asked for. It may be forged: nothing was exchanged."""


class TokenStoreError(AuthError):
    """The store of tokens failed, or refused what it found."""


class RedisUnavailable(ClioError):
    """A Redis or Valkey server did not answer in time, or refused. What was to be done there was done, or was not."""


class UsageError(ClioError):
    """The client is used in a way that cannot work."""


class ClientClosed(UsageError):
    """The client or transport was closed."""


class WrongEventLoop(UsageError):
    """The client was used from another event loop or thread than the one its connections belong to."""


class SyncInAsync(UsageError):
    """The synchronous client was called where waiting would stop an event loop, or where it cannot work at all."""
