"""OAuth 2.0 as Clio speaks it (RFC 6749; https://docs.developers.clio.com/api-docs/authorization): what is said, what
the answers mean, and when a token is due.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from base64 import urlsafe_b64encode
from functools import lru_cache
from hmac import compare_digest
from typing import NamedTuple, cast
from urllib.parse import parse_qsl, quote, urlencode

from attrs import frozen

from ..errors import AuthError, AuthorizationDeclined, StateMismatch
from ..messages import Headers, Request, Response
from ..secrets import Secret
from . import rate_limit, requests

__all__ = [
    "NEVER",
    "Callback",
    "Granted",
    "Life",
    "Refused",
    "Registration",
    "authorize_url",
    "backoff",
    "code_of",
    "code_request",
    "deauthorize_request",
    "life",
    "read_answer",
    "read_callback",
    "reason_of",
    "refresh_request",
    "visible",
]

_VISIBLE = re.compile(r"[\x20-\x7e]+")  # VSCHAR of RFC 6749, appendix A
_BEARER = re.compile(r"[\x21-\x7e]+")  # fits into a header field
_CODE = re.compile(r"[a-z][a-z_]{0,39}")  # an error code; nothing that looks like this is a secret
_REASON = re.compile(r"(?<![a-z])(?:expired|revoked)(?![a-z])")
_PREFIX = 2000  # as much is read of what an answer says of itself
_LARGEST = 65536  # bytes of an answer that holds a token
_LONGEST = 1e9  # seconds: thirty years, which nobody means


@frozen
class Registration:
    """An app as it is registered in Clio's developer portal."""

    origin: str
    """Scheme, host and port of the region's server."""
    client_id: str
    client_secret: Secret
    redirect_uri: str

    @property
    def approval_uri(self) -> str:
        """The redirect URI of an app that has no server: a page of Clio's own, which shows the code."""
        return f"{self.origin}/oauth/approval"


def visible(text: object) -> bool:
    """Say whether `text` is what RFC 6749 lets an identifier or a secret be: printable ASCII, and not empty."""
    return isinstance(text, str) and _VISIBLE.fullmatch(text) is not None


# What is said.


def authorize_url(app: Registration, state: str, verifier: Secret | None, *, redirect_on_decline: bool) -> str:
    """Return where to send the user (https://docs.developers.clio.com/api-docs/authorization).

    Clio has no `scope`: the permissions are those that are ticked in the portal. `redirect_on_decline` has Clio send
    the user back also if the answer is no. With a verifier, its challenge is sent (S256, RFC 7636 §4.2).
    """
    fields = {
        "response_type": "code",
        "client_id": app.client_id,
        "redirect_uri": app.redirect_uri,
        "state": state,
        "redirect_on_decline": "true" if redirect_on_decline else "false",
    }
    if verifier is not None:
        digest = hashlib.sha256(verifier.reveal().encode("ascii")).digest()
        fields["code_challenge"] = urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")
        fields["code_challenge_method"] = "S256"
    return f"{app.origin}/oauth/authorize?{urlencode(fields, quote_via=quote)}"


@lru_cache(1)
def _headers() -> Headers:
    return requests.base_headers(None).having("Content-Type", "application/x-www-form-urlencoded")


def code_request(app: Registration, code: Secret, verifier: Secret | None, deadline: float | None) -> Request:
    """Return the request for the first token (RFC 6749 §4.1.3)."""
    fields = {"grant_type": "authorization_code", "redirect_uri": app.redirect_uri}
    secrets = {"code": code} if verifier is None else {"code": code, "code_verifier": verifier}
    return _token_request(app, fields, secrets, deadline)


def refresh_request(app: Registration, refresh_token: Secret, deadline: float | None) -> Request:
    """Return the request for the next token (RFC 6749 §6)."""
    return _token_request(app, {"grant_type": "refresh_token"}, {"refresh_token": refresh_token}, deadline)


def _token_request(
    app: Registration, fields: dict[str, str], secrets: dict[str, Secret], deadline: float | None
) -> Request:
    fields = {**fields, "client_id": app.client_id}
    body = _form(fields, {**secrets, "client_secret": app.client_secret})
    return Request("POST", f"{app.origin}/oauth/token", _headers(), body, deadline)


def deauthorize_request(app: Registration, access_token: Secret, deadline: float | None) -> Request:
    """Return the request that ends an access token (https://docs.developers.clio.com/api-docs/authorization)."""
    headers = _headers().having("Authorization", f"Bearer {access_token.reveal()}")
    return Request("POST", f"{app.origin}/oauth/deauthorize", headers, _form({}, {"token": access_token}), deadline)


def _form(fields: dict[str, str], secrets: dict[str, Secret]) -> bytes:
    return urlencode([*fields.items(), *((name, secret.reveal()) for name, secret in secrets.items())]).encode()


# What comes back by way of the user.


@frozen
class Callback:
    """What the server sent the user back with."""

    code: Secret | None = None
    state: str | None = None
    error: str | None = None
    repeated: bool = False
    """Whether a parameter stood more than once, which none may (RFC 6749 §3.1)."""


def read_callback(text: object) -> Callback:
    """Read a callback: its URL, its query, or what the approval page shows (``Success code=…``, or the code alone).

    It never raises, so that no traceback shows the code.
    """
    if not isinstance(text, str):
        return Callback()
    pairs = _pairs(text.strip())
    names = [name for name, _ in pairs]
    values = dict(pairs)
    code = values.get("code")
    error = values.get("error")
    return Callback(
        Secret(code) if code is not None and visible(code) else None,
        values.get("state"),
        None if error is None else error if _CODE.fullmatch(error) else "unknown",
        any(names.count(name) > 1 for name in ("code", "state", "error")),
    )


def _pairs(text: str) -> list[tuple[str, str]]:
    word, _, rest = text.partition(" ")
    if word.lower() in {"success", "failure"}:  # the title of a page is not encoded
        named = [part.partition("=") for part in rest.strip().split("&")]
        return [(name, value) for name, _, value in named]
    if "?" in text:
        text = text.partition("?")[2].partition("#")[0]
    elif "=" not in text and "://" not in text:
        return [("code", text)]
    try:
        return parse_qsl(text, keep_blank_values=True, max_num_fields=50)
    except ValueError:
        return []


def code_of(callback: Callback, state: str, *, stateless: bool) -> Secret:
    """Return the code, if the callback belongs to the approval that was asked for under `state`.

    `stateless` says that the code reached us by hand, from the approval page, so that the state may be missing. One
    that is there must be right anyhow. It is compared in constant time.

    :raises StateMismatch: if it does not belong to it.
    :raises AuthorizationDeclined: if it says that there is no approval.
    :raises AuthError: if it says neither.
    """
    given = callback.state
    known = stateless if given is None else compare_digest(given.encode("utf-8", "replace"), state.encode())
    if not known or callback.repeated:
        raise StateMismatch(
            "The callback does not belong to this approval: its state is missing, another one, or ambiguous. It may be "
            "forged, so nothing was exchanged. Begin again with authorize(), and keep the Approval in the session."
        )
    if callback.error is not None:
        text = f"There is no approval ({callback.error}). Ask the user, and begin again with authorize()."
        raise AuthorizationDeclined(text, error=callback.error)
    if callback.code is None:
        raise AuthError("The callback holds no code: pass the whole URL that the user came back with, or its query.")
    return callback.code


# What the server answers.


@frozen
class Granted:
    """A token (RFC 6749 §5.1)."""

    access_token: Secret
    refresh_token: Secret | None
    """None: the one that was used still holds."""
    expires_in: float | None
    """Seconds. None: the server did not say, or nothing that can be meant."""


@frozen
class Refused:
    """No token."""

    reason: str
    """What happened, for a message. It repeats nothing that was sent."""
    error: str | None = None
    """The code of RFC 6749 §5.2."""
    status: int | None = None
    retry_after: float | None = None
    """Seconds."""
    lost: bool = False
    """Whether one more try at once may go better: the reply was lost, or a gateway failed."""

    @property
    def gone(self) -> bool:
        """Whether the grant itself is refused."""
        return self.error == "invalid_grant"


def read_answer(response: Response, now: float) -> Granted | Refused:
    """Return what an answer of the token endpoint says. `now` is in seconds since the epoch. It never raises."""
    status = response.status
    content = _object(response.body)
    if 200 <= status < 300:
        granted = _granted(content)
        return (
            Refused(f"the server answered {status}, but with no token", status=status) if granted is None else granted
        )
    error = content.get("error") if status in {400, 401} else None
    if isinstance(error, str):
        error = error if _CODE.fullmatch(error) else "unknown"
        return Refused(f"the server answered {status} ({error})", error, status)
    at = rate_limit.retry_at(response.headers, now)
    after = None if at is None else at - now
    return Refused(f"the server answered {status}", None, status, after, status >= 500)


def _object(body: bytes) -> dict[str, object]:
    try:  # not the codec's parser: NaN is no reason to lose a token
        content = json.loads(body) if len(body) <= _LARGEST else None
    except (ValueError, RecursionError):
        return {}
    return cast("dict[str, object]", content) if isinstance(content, dict) else {}


def _granted(content: dict[str, object]) -> Granted | None:
    kind, access, refresh = (content.get(name) for name in ("token_type", "access_token", "refresh_token"))
    if kind is not None and (not isinstance(kind, str) or kind.lower() != "bearer"):
        return None
    if not isinstance(access, str) or not _BEARER.fullmatch(access):
        return None
    # Of a good answer as much is used as can be read: the token that it was given for may be used up.
    renewing = Secret(cast("str", refresh)) if visible(refresh) else None
    return Granted(Secret(access), renewing, _seconds(content.get("expires_in")))


def _seconds(value: object) -> float | None:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 16:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= _LONGEST:
        return None
    return float(value)


# Times.


class Life(NamedTuple):
    """The moments of a token, on one clock. They are infinite if nobody knows when it expires."""

    advisory: float
    """From here on it is renewed, and still used meanwhile."""
    mandatory: float
    """From here on it is not used any more."""


NEVER = Life(math.inf, math.inf)


def life(remaining: float | None, lifetime: float, now: float, *, renewable: bool = True) -> Life:
    """Return the moments of a token that lives for `remaining` of its `lifetime` seconds from `now` on.

    It is renewed in the last tenth of its life, at most five minutes; all wait for that in the last fiftieth, at most
    half a minute. One that nothing renews is used to its end.
    """
    if remaining is None:
        return NEVER
    end = now + remaining
    if not renewable:
        return Life(end, end)
    return Life(end - min(300.0, lifetime * 0.1), end - min(30.0, lifetime * 0.02))


def backoff(failures: int, dice: float, retry_after: float | None = None) -> float:
    """Return for how many seconds to leave the server alone after so many failures in a row.

    One second, doubling to a minute, less up to a half by `dice` (0 to 1). What the server asks for is respected, up
    to ten minutes.
    """
    seconds = min(60.0, 2.0 ** min(failures - 1, 6)) * (1.0 - dice / 2)
    return max(seconds, min(retry_after or 0.0, 600.0))


def reason_of(response: Response) -> str:
    """Return why a token was refused (401), as far as the answer says: "expired", "revoked" or "unknown".

    The challenge (RFC 6750 §3) or, if that is silent, the body says it. One that names both reasons names none.
    """
    challenge = response.headers.get("www-authenticate", "")[:_PREFIX]
    for text in (challenge, response.body[:_PREFIX].decode("latin-1")):
        reasons = {*_REASON.findall(text.lower())}
        if reasons:
            return reasons.pop() if len(reasons) == 1 else "unknown"
    return "unknown"
