"""`SyncOAuthApp`: an app of Clio's developer portal, for threads."""

from __future__ import annotations

import random as _random
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..auth.oauth import Approval, OAuthApp, OAuthGrant
from .seat import once

if TYPE_CHECKING:
    from ..auth.tokens import TokenStore
    from ..secrets import Secret
    from ..transport.base import Transport

__all__ = ["SyncOAuthApp"]


class SyncOAuthApp:
    """An app as it is registered in Clio's developer portal, for one region: `OAuthApp`, for threads.

    It has nothing to close, and takes what `OAuthApp` takes. The grants that it returns are for `SyncClio` and `Clio`.
    """

    __slots__ = ("_app",)

    def __init__(
        self,
        client_id: str,
        client_secret: str | Secret,
        *,
        redirect_uri: str,
        region: str = "us",
        base_url: str | None = None,
        pkce: bool = True,
        transport: Transport | None = None,
        clock: Callable[[], float] = time.monotonic,
        wall_clock: Callable[[], float] = time.time,
        random: Callable[[], float] = _random.random,
        token: Callable[[], str] | None = None,
    ) -> None:
        named: dict[str, Any] = {} if token is None else {"token": token}
        self._app = OAuthApp(
            client_id,
            client_secret,
            redirect_uri=redirect_uri,
            region=region,
            base_url=base_url,
            pkce=pkce,
            transport=transport,
            clock=clock,
            wall_clock=wall_clock,
            random=random,
            **named,
        )
        del client_secret  # a traceback may show the locals of this frame

    @staticmethod
    def approval_page(region: str = "us", base_url: str | None = None) -> str:
        """Return the redirect URI of apps without a server: a page of Clio's that shows the code."""
        return OAuthApp.approval_page(region, base_url)

    @property
    def origin(self) -> str:
        """Scheme, host and port of the region's server."""
        return self._app.origin

    @property
    def approval_uri(self) -> str:
        """The redirect URI of apps without a server, in this app's region."""
        return self._app.approval_uri

    def authorize(self, *, redirect_on_decline: bool = True) -> Approval:
        """Ask for an approval: send the user to its `url`, and give it to `exchange` when the user is back."""
        return self._app.authorize(redirect_on_decline=redirect_on_decline)

    def exchange(
        self, callback: str, approval: Approval, store: TokenStore, key: str, *, account: str = "", user: str = ""
    ) -> OAuthGrant:
        """Exchange what the user came back with for a token, save it under `key`, and return the grant.

        See `OAuthApp.exchange`.

        :raises StateMismatch: if it does not belong to `approval`. It may be forged; nothing was exchanged.
        :raises AuthorizationDeclined: if the user said no.
        :raises AuthError: if there is no token for it.
        :raises TokenStoreError: if the store fails.
        """
        exchanging = self._app.exchange(callback, approval, store, key, account=account, user=user)
        del callback  # it holds the code
        return once(exchanging)

    def open(self, store: TokenStore, key: str) -> OAuthGrant:
        """Return the grant that `exchange` has saved under `key`. While somebody holds it, it is the same object.

        :raises ReauthRequired: if there is none, or the server has refused to renew it: the user has to approve.
        :raises InvalidArgument: if it belongs to another app or region. It is never sent there.
        :raises TokenStoreError: if the store fails.
        """
        return once(self._app.open(store, key))

    def deauthorize(self, store: TokenStore, key: str) -> None:
        """Have Clio end the access token stored under `key`, and forget the grant: see `OAuthApp.deauthorize`.

        :raises AuthError: if the server could not be told. The grant is kept then.
        :raises InvalidArgument: if it belongs to another app or region.
        :raises TokenStoreError: if the store fails.
        """
        once(self._app.deauthorize(store, key))

    def __repr__(self) -> str:
        return f"<Sync{repr(self._app)[1:]}" if hasattr(self, "_app") else "<SyncOAuthApp>"
