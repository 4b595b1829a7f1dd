"""Answers in Clio's shapes: success, `Refusal`, and the bodies of errors."""

from __future__ import annotations

from decimal import Decimal
from email.utils import formatdate
from html import escape
from typing import TYPE_CHECKING, Any

import msgspec

from ...messages import Headers, Response

if TYPE_CHECKING:
    from .regime import Regime

__all__ = [
    "JSON_TYPE",
    "Refusal",
    "bearer_challenge",
    "decoded",
    "encoded",
    "error_body",
    "http_date",
    "page",
    "refused",
    "respond",
    "token_refused",
]

JSON_TYPE = "application/json; charset=utf-8"
HTML_TYPE = "text/html; charset=utf-8"

_encode = msgspec.json.Encoder(decimal_format="number").encode
_decode = msgspec.json.Decoder(float_hook=Decimal).decode


class Refusal(Exception):  # an answer, not a defect
    """A request is answered with an error status. `type` and `message` fill Clio's envelope."""

    def __init__(self, status: int, type: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.type = type
        self.message = message


def encoded(value: Any) -> bytes:
    """Return compact JSON; decimals are numbers."""
    return _encode(value)


def decoded(body: bytes) -> Any:
    """Return what JSON says; fractions are decimals.

    :raises Refusal: 400, if it is not JSON.
    """
    try:
        return _decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise Refusal(400, "BadRequest", f"The body is not JSON: {error}") from error


def http_date(moment: float) -> str:
    """Return an IMF-fixdate."""
    return formatdate(int(moment), usegmt=True)


def respond(
    status: int, body: bytes = b"", fields: tuple[tuple[str, str], ...] = (), *, type: str = JSON_TYPE
) -> Response:
    """Return an answer; one without a body has no content type."""
    headers = (("Content-Type", type), *fields) if body else fields
    return Response(status, Headers(headers), body, wire_bytes=len(body))


def error_body(refusal: Refusal, form: str = "envelope") -> tuple[bytes, str]:
    """Return (body, content type) of a refusal in one of the forms of a `Regime`."""
    match form:
        case "html":
            page = f"<!DOCTYPE html><title>{refusal.status}</title><h1>{refusal.type}</h1>"
            return page.encode(), HTML_TYPE
        case "oauth":
            return encoded({"error": refusal.type, "error_description": refusal.message}), JSON_TYPE
        case "empty":
            return b"", JSON_TYPE
        case _:
            return encoded({"error": {"type": refusal.type, "message": refusal.message}}), JSON_TYPE


def refused(refusal: Refusal, regime: Regime) -> Response:
    """Return the answer that is a refusal, in the form that the regime has for its status."""
    form = regime.gone_body if refusal.status == 410 else "envelope"
    if refusal.status in {409, 412, 422}:
        form = regime.error_body
    body, kind = error_body(refusal, form)
    return respond(refusal.status, body, type=kind)


_TEXTS = {
    "expired": "The access token expired",
    "revoked": "The access token was revoked",
    "invalid": "The access token is invalid",
    "generic": "The access token is expired, revoked, or otherwise invalid",
}


def token_refused(cause: str, form: str = "cause") -> Response:
    """Return a 401 as the OAuth layer writes it (RFC 6750 §3), or in another of the forms of a `Regime`."""
    message = _TEXTS[cause if form == "cause" else "generic"]
    refusal = Refusal(401, "invalid_token", message)
    challenge = bearer_challenge(refusal)
    return respond(401, error_body(refusal, "envelope" if form == "envelope" else "oauth")[0], (challenge,))


def bearer_challenge(refusal: Refusal) -> tuple[str, str]:
    """Return the header field of a 401 that says why."""
    return (
        "WWW-Authenticate",
        f'Bearer realm="Clio", error="{refusal.type}", error_description="{refusal.message}"',
    )


def page(status: int, title: str) -> Response:
    """Return a page for a person, who is told `title`."""
    text = escape(title)
    return respond(
        status, f"<!DOCTYPE html><title>{text}</title><h1>{text}</h1>".encode(errors="replace"), type=HTML_TYPE
    )
