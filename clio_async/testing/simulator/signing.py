"""Addresses that are worth a signature: for one file, one method, some header fields, and a time.

They look like those of S3: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Final
from urllib.parse import parse_qs, quote, urlsplit

from ...messages import Headers, Request
from .draw import hexadecimal

__all__ = ["SIGNED", "Denied", "signed", "verify"]

SIGNED: Final = "X-Amz-Signature="
_STAMP: Final = "%Y%m%dT%H%M%SZ"
_MARKED: Final = ("content-md5", "content-type", "content-encoding")


class Denied(Exception):  # an answer, not a defect
    """The storage refuses, with a status and a code."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


def signed(seed: int, method: str, path: str, now: float, life: int, fields: Iterable[tuple[str, str]] = ()) -> str:
    """Return path and query of an address that works for `life` seconds, with exactly those header fields."""
    stamp = datetime.fromtimestamp(now, UTC).strftime(_STAMP)
    values = {name.lower(): value for name, value in fields}
    names = ";".join(sorted({"host", *values}))
    seal = _seal(seed, method, path, stamp, str(life), names, values)
    return f"{path}?X-Amz-Date={stamp}&X-Amz-Expires={life}&X-Amz-SignedHeaders={quote(names)}&{SIGNED}{seal}"


def verify(seed: int, request: Request, length: int, now: float) -> None:
    """Check that the address of a request was handed out for it, and is not too old.

    :raises Denied: if it was not, or is.
    """
    if "authorization" in request.headers:
        raise Denied(400, "InvalidArgument", "Only one auth mechanism allowed")
    address = urlsplit(request.url)
    query = {name: values[-1] for name, values in parse_qs(address.query).items()}
    stamp, life, names = (query.get(f"X-Amz-{name}", "") for name in ("Date", "Expires", "SignedHeaders"))
    values = _values(request.headers, length)
    seal = _seal(seed, request.method, address.path, stamp, life, names, values)
    if query.get("X-Amz-Signature") != seal or _unsigned(request, names.split(";")):
        raise Denied(403, "SignatureDoesNotMatch", "The signature is not that of the request")
    if now >= datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC).timestamp() + int(life):
        raise Denied(403, "AccessDenied", "Request has expired")


def _values(headers: Headers, length: int) -> dict[str, str]:
    """Return the values of header fields, each with all that were sent under its name."""
    sent = {name: ",".join(headers.values_of(name)) for name in {name.lower() for name, _ in headers.pairs}}
    return {**sent, "content-length": str(length)}


def _seal(seed: int, method: str, path: str, stamp: str, life: str, names: str, values: Mapping[str, str]) -> str:
    shown = [f"{name}:{values.get(name)}" for name in names.split(";") if name != "host"]
    return hexadecimal("\n".join([f"{seed}/{method}/{path}/{stamp}/{life}", *shown])) * 2


def _unsigned(request: Request, names: list[str]) -> bool:
    """Say whether a field was sent that has a meaning to the storage and is not under the signature."""
    sent = {name.lower() for name, _ in request.headers.pairs}
    marked = {name for name in sent if name.startswith("x-amz-") or (request.method == "PUT" and name in _MARKED)}
    return not marked <= set(names)
