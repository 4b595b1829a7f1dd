"""Where files are: an origin of its own, which asks for a signature in the address and for no token.

Clio answers a download with 303 and such an address: https://docs.developers.clio.com/api-reference/ (Documents).
"""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape
from typing import Final
from urllib.parse import parse_qs, urlsplit

from attrs import define, field

from ...messages import Request, Response
from .answers import respond
from .draw import hexadecimal
from .tokens import origin_of

__all__ = ["LIFE", "ORIGIN", "SIGNED", "Storage"]

ORIGIN: Final = "https://clio-files.storage.example"
LIFE: Final = 600
"""Seconds that a signed address works."""
SIGNED: Final = "X-Amz-Signature="
_STAMP: Final = "%Y%m%dT%H%M%SZ"


@define
class Storage:
    """Files by path, handed out and taken in under signed addresses.

    A file that nobody put there is made up: its text is its path.
    """

    seed: int
    origin: str = ORIGIN
    files: dict[str, bytes] = field(factory=dict[str, bytes])

    def signed(self, method: str, path: str, now: float) -> str:
        """Return the address at which one file can be had (GET) or put (PUT) for `LIFE` seconds."""
        stamp = datetime.fromtimestamp(now, UTC).strftime(_STAMP)
        seal = self._seal(method, path, stamp)
        return f"{self.origin}{path}?X-Amz-Date={stamp}&X-Amz-Expires={LIFE}&{SIGNED}{seal}"

    def _seal(self, method: str, path: str, stamp: str) -> str:
        return hexadecimal(f"{self.seed}/{method}/{path}/{stamp}") * 2

    def concerns(self, request: Request) -> bool:
        """Say whether a request is for this origin."""
        return origin_of(request.url) == self.origin

    def answer(self, request: Request, now: float) -> Response:
        """Answer a request with a file, or with an error in XML."""
        address = urlsplit(request.url)
        query = {name: values[-1] for name, values in parse_qs(address.query).items()}
        if "authorization" in request.headers:
            return _refused(400, "InvalidArgument", "Only one auth mechanism allowed")
        stamp = query.get("X-Amz-Date", "")
        if query.get("X-Amz-Signature") != self._seal(request.method, address.path, stamp):
            return _refused(403, "SignatureDoesNotMatch", "The signature is not that of the request")
        if now >= datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC).timestamp() + LIFE:
            return _refused(403, "AccessDenied", "Request has expired")
        if request.method == "PUT":
            self.files[address.path] = request.body or b""
            return respond(200)
        return respond(200, self.content(address.path), type="application/octet-stream")

    def content(self, path: str) -> bytes:
        """Return the bytes of a file."""
        return self.files.get(path, f"{path}\n".encode())


def _refused(status: int, code: str, message: str) -> Response:
    text = (
        f"<?xml version='1.0' encoding='UTF-8'?><Error><Code>{code}</Code><Message>{escape(message)}</Message></Error>"
    )
    return respond(status, text.encode(), type="application/xml")
