"""From a status to an exception, in one place."""

from __future__ import annotations

from typing import Any, cast

import msgspec

from ..errors import (
    APIError,
    ApiVersionGone,
    BadRequest,
    ClioError,
    Conflict,
    Forbidden,
    Gone,
    MaybeSent,
    NotFound,
    NotSent,
    OutcomeUnknown,
    OutcomeUnknownServerError,
    OutcomeUnknownTimeout,
    PreconditionFailed,
    RateLimited,
    ResponseBroken,
    ResponseTooLarge,
    ServerError,
    TransportError,
    Unauthorized,
    UnexpectedRedirect,
    UnprocessableEntity,
)
from ..messages import Request, Response
from .rate_limit import asked_pause, retry_at
from .redirects import hindrance

__all__ = ["SAFE", "add_answer", "error_of", "shown", "unread", "untold"]

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
"""Methods that change nothing (RFC 9110 §9.2.1)."""

_CLASSES: dict[int, type[APIError]] = {
    400: BadRequest,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    410: Gone,
    412: PreconditionFailed,
    422: UnprocessableEntity,
}

_ADVICE = {
    400: "Check the fields and filters against the API version in use.",
    403: "The app needs the permission, and the user the role.",
    404: "The record does not exist, or this user may not see it.",
    409: "Read the record again: its state does not allow this now.",
    412: "The record has another tag than the one that was sent: it has changed since it was read (perhaps by this "
    "program: update() returns the newer record). Read it again, and decide on what it holds now.",
    428: "The server takes this write under a condition alone: pass the record as it was read, or if_match=.",
    429: "Wait until retry_at.",
}

_REASONS = {
    "expired": "The token has expired: refresh it, or get a new one.",
    "revoked": "The token was revoked: the user has to approve the app again.",
    "unknown": "The server does not know the token: it may be of another region (check region=), or revoked.",
}

_NEXT = {
    True: "The write was applied: read the record for what it is now.",
    False: "The write may have been applied: read the record before writing again.",
}
"""What to do, by whether a write is known to be applied."""
_DELETED = "The deletion was applied: the record is deleted (a bill that was issued is void)."
_UNDECIDED = (
    "Whether it is the record that is gone or the API version could not be found out: take neither for gone, and ask "
    "again later."
)

_SHOWN = 200  # characters of a server's message that go into ours


def error_of(
    request: Request, response: Response, *, sent_at: float | None = None, now: float | None = None
) -> ClioError:
    """Return the exception for an answer of 300 or above. `sent_at` and `now` are seconds since the epoch.

    A 5xx in answer to a write says nothing of what happened behind the gateway that sent it: it is an
    `OutcomeUnknownServerError`. A refusal with the verdict ``"ambiguous"`` says nothing, either: it may be the doing of
    an earlier attempt. A 410 with the verdict ``"version-unknown"`` is no `Gone`: that would speak of the record.
    """
    status = response.status
    if response.verdict == "ambiguous" and status < 500:
        text = f"{_said(request, status, *_envelope(response.body))}, after an attempt whose own answer is not known."
        return unread(request, text, sent_at=sent_at)
    if status < 400:
        return _redirect_of(request, response, sent_at)
    kind, message = _envelope(response.body)
    details: dict[str, Any] = {
        "status": status,
        "type": kind,
        "message": message,
        "request": request,
        "response": response,
        "api_version": response.headers.lookup("x-api-version"),
    }
    text = _text(request, status, kind, message)
    if response.verdict == "version-gone":
        return ApiVersionGone(f"{text} The API version sent is not served: move to a newer one.", **details)
    if response.verdict == "version-unknown":
        return APIError(f"{text} {_UNDECIDED}", **details)
    if status >= 500:
        asked = None if now is None else asked_pause(response.headers, now)
        details["retry_at"] = None if now is None or asked is None else now + asked
        if request.method in SAFE:
            return ServerError(text, **details)
        unknown = f"{text} {_NEXT[False]}"
        return OutcomeUnknownServerError(unknown, sent_at=sent_at, etag=request.headers.lookup("if-match"), **details)
    if status == 429:
        return RateLimited(text, retry_at=None if now is None else retry_at(response.headers, now), **details)
    if status == 401:
        from .oauth import reason_of  # which hardly anybody needs to load

        reason = reason_of(response)
        return Unauthorized(f"{text} {_REASONS[reason]}", reason=reason, **details)
    return _CLASSES.get(status, APIError)(text, **details)


def _redirect_of(request: Request, response: Response, sent_at: float | None) -> ClioError:
    """Return the exception for a redirect.

    307 and 308 say that the request was not acted on (RFC 9110 §15.4); after another one, a write may have been.
    """
    status = response.status
    text = f"{request.method} {request.url.partition('?')[0]} was answered {status}, a redirect, which is not followed."
    text = f"{text} {hindrance(request, response)}"
    if request.method in SAFE or status in {307, 308}:
        advised = f"{text} Check base_url and the path."
        return UnexpectedRedirect(advised, status=status, request=request, response=response)
    return unread(request, text, sent_at=sent_at)


def unread(
    request: Request, text: str, *, sent_at: float | None, accepted: bool = False, late: bool = False
) -> OutcomeUnknown:
    """Return the exception for a write whose answer does not say what became of it.

    `accepted`: the answer said at least that it was applied. `late`: the time was over.
    """
    etag = request.headers.lookup("if-match")
    made = OutcomeUnknownTimeout if late else OutcomeUnknown
    advice = _DELETED if accepted and request.method == "DELETE" else _NEXT[accepted]
    return made(f"{text} {advice}", request=request, sent_at=sent_at, etag=etag, accepted=accepted)


def add_answer(error: RateLimited, request: Request, response: Response) -> None:
    """Tell in the error for a request that may not wait to be sent again what it was answered (429)."""
    error.type, error.message = kind, message = _envelope(response.body)
    error.response, error.api_version = response, response.headers.lookup("x-api-version")
    reason = str(error).removeprefix(f"{request.method} {request.url.partition('?')[0]} ")
    error.args = (f"{_said(request, response.status, kind, message)}. It {reason}",)


def _text(request: Request, status: int, kind: str | None, message: str | None) -> str:
    text, advice = _said(request, status, kind, message), _ADVICE.get(status)
    if status == 404 and _is_unprefixed(request):
        advice = f"base_url has no path, and usually ends in /api/v4: check that first. Else: {advice}"
    if status == 412 and request.headers.lookup("if-match") is None:  # no tag was sent
        advice = "Nothing was written: read what there is, and decide on that."
    return f"{text}. {advice}" if advice else f"{text}."


def _is_unprefixed(request: Request) -> bool:
    """Whether a request was made under a base URL that is a host alone."""
    base = "" if request.principal is None else request.principal.origin
    return base.count("/") == 2 and request.url.startswith(f"{base}/")


def _said(request: Request, status: int, kind: str | None, message: str | None) -> str:
    said = ": ".join(shown(part) for part in (kind, message) if part)
    path = request.url.partition("?")[0]
    return f"{request.method} {path} was answered {status}{f' ({said})' if said else ''}"


def shown(text: str) -> str:
    """Return the start of a server's text on one line, fit for a log: no control character of its own survives."""
    return "".join(char if char.isprintable() else " " for char in text[:_SHOWN])


def _envelope(body: bytes) -> tuple[str | None, str | None]:
    """Return type and message of an error body: Clio's envelope, OAuth's two strings, or nothing readable."""
    try:
        content: object = msgspec.json.decode(body) if body else None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None, None
    envelope = _object(content)
    inner = _object(envelope.get("error"))
    if inner:
        return _string(inner.get("type")), _string(inner.get("message"))
    return _string(envelope.get("error")), _string(envelope.get("error_description"))


def _object(value: object) -> dict[str, object]:
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}


def _string(value: object) -> str | None:
    return value if isinstance(value, str) else None


def untold(request: Request, error: TransportError, *, sent_at: float) -> ClioError:
    """Return what a failed exchange means to the caller: the error itself, or `OutcomeUnknown` for a write.

    A write of which no byte left was not done; of any other it is unknown whether the server acted on it.
    """
    if request.method in SAFE or isinstance(error, NotSent):
        return error
    if isinstance(error, ResponseBroken | ResponseTooLarge) and error.status is not None and 400 <= error.status < 500:
        return error
    status = error.status if isinstance(error, ResponseBroken | ResponseTooLarge) else None
    when = "no status came back" if isinstance(error, MaybeSent) else "its answer did not arrive whole"
    return unread(
        request,
        f"{request.method} {request.url.partition('?')[0]} was sent and {when}.",
        sent_at=sent_at,
        accepted=status is not None and 200 <= status < 300 and status != 202,
        late=isinstance(error, TimeoutError),
    )
