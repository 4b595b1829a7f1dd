"""A token that somebody else looks after."""

from __future__ import annotations

import re

from ..errors import InvalidArgument
from ..principal import Auth, Channel, Principal
from ..secrets import Secret

__all__ = ["StaticToken", "auth_of", "hidden"]

_TOKEN = re.compile(r"[\x21-\x7e]+")


def _fault(secret: Secret) -> str | None:
    text = secret.reveal()
    if not isinstance(text, str) or not text:
        return "The access token is empty. Get one with OAuth, or from the developer portal."
    if not _TOKEN.fullmatch(text):
        return "The access token holds a space, a control or a non-ASCII character."
    return None


class StaticToken:
    """Authorize with one access token, as it is, for as long as the client lives.

    Without `principal`, the identity is derived from the token: another token is somebody else. Give one if you know
    who the token speaks for, so that answers are kept when it is replaced.
    """

    __slots__ = ("_principal", "_token")

    def __init__(self, token: str | Secret, *, principal: Principal | None = None) -> None:
        secret = token if isinstance(token, Secret) else Secret(token)
        del token  # what is refused may be shown with the locals of this frame
        fault = _fault(secret)
        if fault is not None:
            raise InvalidArgument(fault)
        self._token = secret
        self._principal = principal

    def principal(self, base: str, /) -> Principal:
        """Return who the token speaks for at `base`.

        :raises InvalidArgument: if the token was said to belong elsewhere.
        """
        if self._principal is None:
            return Principal(base, grant=f"token:{self._token.digest()}")
        if self._principal.origin != base:
            raise InvalidArgument(f"The token belongs to {self._principal.origin}, not to {base}: check region=.")
        return self._principal

    async def access_token(self, channel: Channel, /, *, deadline: float | None = None) -> Secret:
        """Return the token."""
        return self._token

    async def rejected(
        self, token: Secret, channel: Channel, /, *, again: bool = False, deadline: float | None = None
    ) -> bool:
        """Say no: there is no other token."""
        return False

    def __repr__(self) -> str:
        return "StaticToken(***)"


def hidden(auth: str | Secret | Auth) -> Secret | Auth:
    """Hide the text of a token before anything can raise: a traceback may show what the frames hold."""
    return Secret(auth) if isinstance(auth, str) else auth


def auth_of(auth: Secret | Auth) -> Auth:
    """Return what authorizes, given a token or what does so already.

    :raises InvalidArgument: if it is neither.
    """
    if isinstance(auth, Secret):
        return StaticToken(auth)
    if isinstance(auth, type) or not callable(getattr(auth, "access_token", None)):
        raise InvalidArgument("auth is an access token or an Auth; an OAuthApp opens one: await app.open(store, key).")
    return auth
