"""Webhooks as Clio sends them (https://docs.developers.clio.com/guides/clio-manage/webhooks/): what proves that a
request is Clio's, and what is read of it.

The signature is the HMAC-SHA256 of the raw body under the secret of the subscription. How it is written is not said;
Clio has been seen to write hex.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import b64encode
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Final, NamedTuple, TypeAlias
from urllib.parse import parse_qsl

import msgspec

from ..errors import HandshakeRefused, InvalidArgument, MalformedEvent
from ..messages import Headers
from ..secrets import Secret

__all__ = [
    "HANDSHAKE",
    "PARAMETER",
    "RESOURCES",
    "SIGNATURE",
    "Told",
    "digest",
    "key_of",
    "offered_secret",
    "place",
    "read_event",
    "read_handshake",
    "secret_text",
    "verify",
    "webhook_of",
]

SIGNATURE: Final = "x-hook-signature"
HANDSHAKE: Final = "x-hook-secret"
PARAMETER: Final = "subscription"
"""The parameter of the address that names the subscription."""

RESOURCES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "matter": "matters",
        "activity": "activities",
        "bill": "bills",
        "calendar_entry": "calendar_entries",
        "communication": "communications",
        "contact": "contacts",
        "task": "tasks",
        "document": "documents",
        "folder": "folders",
        "clio_payments_payment": "clio_payments_payments",
    }
)
"""The resources whose records the models of webhooks are."""

_HEX: Final = 64
_BASE64: Final = 43  # characters, without the padding
_SECRET = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]{0,510}[\x21-\x7e])?")  # fits into a header field, both ways
_MOST_PARAMETERS: Final = 20


def verify(body: bytes | bytearray | memoryview, signature: str | bytes | None, secret: str | Secret) -> bool:
    """Say whether `signature` (the field ``X-Hook-Signature``) is that of `body` under `secret`.

    `body` is what came, byte for byte, before anything has parsed it. Hex is taken in either case, and base64 in either
    alphabet, padded or not. Two texts of one length are compared in constant time.

    :raises InvalidArgument: for a body that is not bytes, or a secret that is not a text, or empty.
    """
    if not isinstance(body, bytes | bytearray | memoryview):
        raise InvalidArgument(
            f"The body is the raw bytes of the request, before any parser had them, not {type(body).__name__}: written "
            "again, the same values are other bytes."
        )
    whole = bytes(body) if isinstance(body, memoryview) else body  # a view may be of bytes that lie apart
    made = hmac.new(secret_text(secret).encode(), whole, hashlib.sha256)
    given = _ascii(signature)
    if len(given) == _HEX:
        return hmac.compare_digest(made.hexdigest().encode(), given.lower())
    if len(given) == _BASE64 + 1 and given.endswith(b"="):
        given = given[:-1]
    if len(given) == _BASE64:
        return hmac.compare_digest(b64encode(made.digest())[:-1], given.translate(_STANDARD))
    return False


_STANDARD: Final = bytes.maketrans(b"-_", b"+/")


def _ascii(signature: object) -> bytes:
    """Return a signature as bytes; none, if it is nothing that a signature could be."""
    if isinstance(signature, bytes):
        return signature
    return signature.encode() if isinstance(signature, str) and signature.isascii() else b""


def secret_text(secret: object) -> str:
    """Return the text of a secret.

    :raises InvalidArgument: if it is none, or empty: everybody can sign with that.
    """
    text = secret.reveal() if isinstance(secret, Secret) else secret
    whole = isinstance(text, str) and bool(text.strip()) and not any("\ud800" <= char <= "\udfff" for char in text)
    if isinstance(text, str) and whole:
        return text
    del secret, text  # a traceback may show it
    raise InvalidArgument("The secret is the shared_secret of the webhook: a text, and never an empty one.")


# -- what a request says of itself --------------------------------------------------------------------------------


def key_of(target: str) -> str | None:
    """Return which subscription a target (path and query, or the query alone) names; "" if it does so twice.

    None if it names none.
    """
    query = target.partition("?")[2] if "?" in target else target
    try:
        fields = parse_qsl(query, keep_blank_values=True, max_num_fields=_MOST_PARAMETERS)
    except ValueError:
        return ""
    found = [value for name, value in fields if name == PARAMETER]
    return None if not found else found[0] if len(found) == 1 else ""


def offered_secret(headers: Headers) -> Secret:
    """Return the secret that a handshake offers.

    :raises HandshakeRefused: if it is none that could be given back in a header field.
    """
    text = headers.single(HANDSHAKE)
    offered = Secret(text) if text is not None and _SECRET.fullmatch(text) else None
    del text  # a traceback may show it
    if offered is None:
        raise HandshakeRefused("A handshake came whose X-Hook-Secret is empty, repeated or too long.")
    return offered


_Id: TypeAlias = Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]
_Word: TypeAlias = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]


class _Meta(msgspec.Struct, frozen=True):
    event: _Word
    webhook_id: _Id


class _Data(msgspec.Struct, frozen=True):
    id: _Id
    etag: Annotated[str, msgspec.Meta(max_length=500)] | None = None


class _Delivery(msgspec.Struct, frozen=True):
    data: _Data
    meta: _Meta


class _Source(msgspec.Struct, frozen=True):
    webhook_id: _Id | None = None


class _Signed(msgspec.Struct, frozen=True):
    meta: _Source


class _Handshake(msgspec.Struct, frozen=True):
    data: _Source = _Source()
    meta: _Source = _Source()


_deliveries = msgspec.json.Decoder(_Delivery)
_signed = msgspec.json.Decoder(_Signed)
_handshakes = msgspec.json.Decoder(_Handshake)
_UNREADABLE: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


class Told(NamedTuple):
    """All that is read of an event: of which record, and what happened. The rest is asked of Clio."""

    kind: str
    id: int
    etag: str | None
    webhook_id: int


def read_event(body: bytes) -> Told:
    """Read an event whose signature is right. What it says of the record's fields is passed over.

    :raises MalformedEvent: if it is none.
    """
    try:
        found = _deliveries.decode(body)
    except _UNREADABLE:
        raise MalformedEvent("A signed delivery came that is no event: it has no id, event and webhook_id.") from None
    return Told(found.meta.event, found.data.id, found.data.etag, found.meta.webhook_id)


def webhook_of(body: bytes) -> int | None:
    """Return the webhook that a delivery says it is of, before anything is proved; None if it does not say."""
    try:
        return _signed.decode(body).meta.webhook_id
    except _UNREADABLE:
        return None


def read_handshake(body: bytes) -> int:
    """Return the webhook that a handshake is for.

    :raises HandshakeRefused: if it does not say.
    """
    try:
        found = _handshakes.decode(body)
    except _UNREADABLE:
        found = _Handshake()
    webhook_id = found.data.webhook_id or found.meta.webhook_id
    if webhook_id is None:
        raise HandshakeRefused("A handshake came that does not say which webhook it is for.")
    return webhook_id


def place(principal: str, subscription: str, webhook_id: int | None, id: int) -> str:
    """Return what stands for a record, as a subscription tells of it.

    Each region of Clio has numbers of its own. The key of a subscription is not to be read from it: whoever keeps
    places need not know any.
    """
    whose = hashlib.sha256(f"{principal}/{subscription}".encode()).hexdigest()
    return f"{whose[:16]}:{webhook_id or 0}:{id}"


def digest(place: str, body: bytes) -> str:
    """Return what tells two deliveries to a place apart: none of them has an id or a time."""
    return f"{place}:{hashlib.sha256(body).hexdigest()}"
