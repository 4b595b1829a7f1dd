"""What is kept of a grant: `Token`, and the `TokenStore` that keeps it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Any

import msgspec
from attrs import frozen

from ..errors import TokenStoreError
from ..secrets import Secret

__all__ = ["Token", "TokenStore"]


@frozen(kw_only=True)
class Token:
    """An access token, what renews it, and whom it speaks for (RFC 6749 §5.1)."""

    access_token: Secret
    refresh_token: Secret | None
    """What renews it. None: nothing does."""
    expires_at: float | None
    """Seconds since the epoch. None: the server did not say."""
    obtained_at: float
    """Seconds since the epoch."""
    origin: str
    """Scheme, host and port of the region's server: the token is sent nowhere else."""
    client_id: str
    grant: str
    """Names the approval by the user, for as long as it lasts. A new approval gets a new name."""
    account: str = ""
    user: str = ""
    revision: str
    """Names this token among those that came before and after it."""
    renewals: int = 0
    """How many of this approval came before it."""
    revoked: bool = False
    """Whether the authorization server has refused to renew it: the user has to approve the app again."""

    def to_json(self) -> str:
        """Return everything as JSON, **with the secrets in clear text**: for a store, and for nothing else."""
        return msgspec.json.encode(
            {
                "access_token": self.access_token.reveal(),
                "refresh_token": None if self.refresh_token is None else self.refresh_token.reveal(),
                "expires_at": self.expires_at,
                "obtained_at": self.obtained_at,
                "origin": self.origin,
                "client_id": self.client_id,
                "grant": self.grant,
                "account": self.account,
                "user": self.user,
                "revision": self.revision,
                "renewals": self.renewals,
                "revoked": self.revoked,
            }
        ).decode()

    @classmethod
    def from_json(cls, text: str | bytes) -> Token:
        """Read what `to_json` has written. Members that are not known are left out.

        :raises TokenStoreError: if it is something else. The message shows nothing of it.
        """
        token = _read(text)
        del text  # it holds secrets, and a traceback may show the locals of this frame
        if token is None:
            raise TokenStoreError("What is stored is not a token: let the user approve the app again.")
        return token


class _Stored(msgspec.Struct):
    access_token: str
    refresh_token: str | None
    expires_at: float | None
    obtained_at: float
    origin: str
    client_id: str
    grant: str
    revision: str
    account: str = ""
    user: str = ""
    renewals: int = 0
    revoked: bool = False


def _read(text: str | bytes) -> Token | None:
    try:
        stored = msgspec.json.decode(text, type=_Stored)
    except (msgspec.DecodeError, UnicodeError, RecursionError, TypeError):
        return None
    values: dict[str, Any] = {name: getattr(stored, name) for name in _Stored.__struct_fields__}
    values["access_token"] = Secret(stored.access_token)
    values["refresh_token"] = None if stored.refresh_token is None else Secret(stored.refresh_token)
    return Token(**values)


class TokenStore(ABC):
    """Keep one token per key. Keys are the application's: a firm, a user.

    Two processes that renew the same token must not overwrite each other: `save` compares first. Where a refresh token
    works only once, `lock` keeps the second from trying at all.
    """

    @abstractmethod
    async def load(self, key: str) -> Token | None:
        """Return the token of a key, None if there is none.

        :raises TokenStoreError: if the store fails, or holds something else.
        """

    @abstractmethod
    async def save(self, key: str, token: Token | None, *, previous: Token | None) -> bool:
        """Replace `previous` (None: nothing) by `token` (None: nothing), if it is still what is stored.

        Tokens are compared by `revision`. Comparing and replacing are one step, also for other processes, and what was
        saved survives the end of this one.

        :returns: whether it was replaced.
        :raises TokenStoreError: if the store fails.
        """

    async def restore(self, key: str, token: Token, *, found: Token | None) -> Token | None:
        """Put back a token that the store has lost, or that it holds an older one of (`found`).

        Optional: for a store that may lose what it was given, such as a server that was restarted. What somebody has
        removed is not put back. This one changes nothing.

        :returns: what is stored now.
        :raises TokenStoreError: if the store fails.
        """
        return found

    def lock(self, key: str) -> AbstractAsyncContextManager[object]:
        """Keep others, in other processes too, from renewing the token of a key for as long as the context lasts.

        Optional: this one keeps nobody off. A lock ends with the process that holds it, or some time after it. Where it
        may be lost while it is held, `save` replaces nothing for whoever has lost it, once another has had it.
        """
        return nullcontext()
