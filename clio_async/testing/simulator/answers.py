"""Answers in Clio's shapes: success, `Refusal`, and the bodies of errors."""

from __future__ import annotations

from decimal import Decimal
from email.utils import formatdate
from typing import Any

import msgspec

from ...messages import Headers, Response

__all__ = ["JSON_TYPE", "Refusal", "decoded", "encoded", "error_body", "http_date", "oauth_error", "respond"]

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


def oauth_error(message: str) -> Response:
    """Return a 401 as the OAuth layer writes it: `error` is a string."""
    body = encoded({"error": "invalid_token", "error_description": message})
    return respond(
        401, body, (("WWW-Authenticate", f'Bearer realm="Clio", error="invalid_token", error_description="{message}"'),)
    )
