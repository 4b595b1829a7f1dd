"""`OAuthApp`: an app of Clio's developer portal, and what it does to get a firm's grant and to give it back."""

from __future__ import annotations

import random as _random
import secrets
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

import anyio
import msgspec
from attrs import field, frozen

from ..detached import Detached, Keep
from ..errors import AuthError, InvalidArgument, NotSent, ReauthRequired, TokenStoreError, TransportError
from ..messages import Request, Response
from ..protocol import oauth, urls
from ..protocol.oauth import Granted, Refused, Registration
from ..secrets import Secret
from .grants import OAuthGrant
from .issuer import Issuer
from .renewal import SECONDS
from .tokens import Token, TokenStore

if TYPE_CHECKING:
    from ..transport.base import Transport

__all__ = ["Approval", "OAuthApp", "OAuthGrant"]

_ROUNDS = 10  # in which somebody else may be faster


@frozen
class Approval:
    """An approval that was asked for. Keep it in the user's session until the user comes back."""

    url: str
    """Where to send the user."""
    state: str = field(repr=False)
    """What the callback has to repeat."""
    verifier: Secret | None = None
    """What proves that the code was asked for here (PKCE, RFC 7636)."""

    def to_json(self) -> str:
        """Return everything as JSON, **with the verifier in clear text**: for a session on the server."""
        verifier = None if self.verifier is None else self.verifier.reveal()
        return msgspec.json.encode({"url": self.url, "state": self.state, "verifier": verifier}).decode()

    @classmethod
    def from_json(cls, text: str | bytes) -> Approval:
        """Read what `to_json` has written.

        :raises InvalidArgument: if it is something else. The message shows nothing of it.
        """
        approval = _approval(text)
        del text  # it holds a secret, and a traceback may show the locals of this frame
        if approval is None:
            raise InvalidArgument("This is no Approval: begin again with authorize().")
        return approval


class _Kept(msgspec.Struct):
    url: str
    state: str
    verifier: str | None


def _approval(text: str | bytes) -> Approval | None:
    try:
        kept = msgspec.json.decode(text, type=_Kept)
    except (msgspec.DecodeError, UnicodeError, RecursionError, TypeError):
        return None
    if not oauth.visible(kept.state) or not (kept.verifier is None or oauth.visible(kept.verifier)):
        return None
    return Approval(kept.url, kept.state, None if kept.verifier is None else Secret(kept.verifier))


def _name() -> str:
    return secrets.token_urlsafe(32)


class OAuthApp:
    """An app as it is registered in Clio's developer portal, for one region; all its firms share it.

    It has nothing to close. `redirect_uri` is one of the registered ones, character by character. An app without a
    server of its own registers and gives `OAuthApp.approval_page(region)`, and has the user paste what Clio shows there
    (https://docs.developers.clio.com/api-docs/authorization).

    `transport` is used for `exchange` and `deauthorize`, and stays yours; without one, each of them opens one of its
    own. Tokens are renewed over the transport of the client that needs them.
    """

    __slots__ = ("_detached", "_grants", "_issuer", "_pkce", "_transport")

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
        token: Callable[[], str] = _name,
    ) -> None:
        secret = client_secret if isinstance(client_secret, Secret) else Secret(client_secret)
        del client_secret  # what is refused may be shown with the locals of this frame
        if not oauth.visible(client_id) or not oauth.visible(secret.reveal()):
            raise InvalidArgument("client_id and client_secret are those of the app in Clio's developer portal.")
        if not oauth.visible(redirect_uri) or ":" not in redirect_uri or set("# ") & set(redirect_uri):
            raise InvalidArgument("redirect_uri is an absolute URI without a fragment, as it is registered.")
        if transport is not None and not callable(getattr(transport, "send", None)):
            raise InvalidArgument("transport is a Transport, such as AiohttpTransport(); None for one per exchange.")
        base = urls.base_url(region, base_url)
        app = Registration(urls.origin(base), client_id, secret, redirect_uri)
        self._issuer = Issuer(app, base, clock, wall_clock, random, token)
        self._pkce = pkce
        self._transport = transport
        self._detached = Detached()
        self._grants: WeakValueDictionary[tuple[int, str, str], OAuthGrant] = WeakValueDictionary()

    @staticmethod
    def approval_page(region: str = "us", base_url: str | None = None) -> str:
        """Return the redirect URI of apps without a server: a page of Clio's that shows the code."""
        return f"{urls.origin(urls.base_url(region, base_url))}/oauth/approval"

    @property
    def origin(self) -> str:
        """Scheme, host and port of the region's server."""
        return self._issuer.app.origin

    @property
    def approval_uri(self) -> str:
        """The redirect URI of apps without a server, in this app's region."""
        return self._issuer.app.approval_uri

    def authorize(self, *, redirect_on_decline: bool = True) -> Approval:
        """Ask for an approval: send the user to its `url`, and give it to `exchange` when the user is back.

        Without `redirect_on_decline`, Clio shows a page of its own to a user who says no.
        """
        state = self._issuer.name()
        verifier = Secret(self._issuer.name()) if self._pkce else None
        url = oauth.authorize_url(self._issuer.app, state, verifier, redirect_on_decline=redirect_on_decline)
        return Approval(url, state, verifier)

    async def exchange(
        self, callback: str, approval: Approval, store: TokenStore, key: str, *, account: str = "", user: str = ""
    ) -> OAuthGrant:
        """Exchange what the user came back with for a token, save it under `key`, and return the grant.

        `callback` is the whole URL or its query; from the approval page also its title (``Success code=…``) or the code
        alone. A code works once, for ten minutes. What was stored under `key` is replaced.

        :raises StateMismatch: if it does not belong to `approval`. It may be forged; nothing was exchanged.
        :raises AuthorizationDeclined: if the user said no.
        :raises AuthError: if there is no token for it.
        :raises TokenStoreError: if the store fails.
        """
        given = oauth.read_callback(callback)
        del callback  # it holds the code
        if not isinstance(approval, Approval):
            raise InvalidArgument("approval is the Approval that authorize() returned.")
        app = self._issuer.app
        code = oauth.code_of(given, approval.state, stateless=app.redirect_uri == app.approval_uri)
        request = oauth.code_request(app, code, approval.verifier, self._issuer.clock() + SECONDS)
        since, now = self._issuer.clock(), self._issuer.wall_clock()
        answer = await self._answer(request)
        if isinstance(answer, Refused):
            raise _refusal(answer)
        token = self._issuer.first(answer, now, account, user)
        await self._finished(partial(_replace, store, key, token))  # the code is used up
        return self._grant(store, key, token, since)

    async def open(self, store: TokenStore, key: str) -> OAuthGrant:
        """Return the grant that `exchange` has saved under `key`. While somebody holds it, it is the same object.

        :raises ReauthRequired: if there is none, or the server has refused to renew it: the user has to approve.
        :raises InvalidArgument: if it belongs to another app or region. It is never sent there.
        :raises TokenStoreError: if the store fails.
        """
        token = self._checked(await store.load(key), key)
        if token is None:
            raise ReauthRequired(f"Nothing is stored under {key!r}: let the user approve the app with authorize().")
        if token.revoked:
            raise ReauthRequired(
                f"The grant under {key!r} was withdrawn: let the user approve the app again with authorize().",
                principal=self._issuer.principal(token),
                error="invalid_grant",
            )
        return self._grant(store, key, token, None)

    async def deauthorize(self, store: TokenStore, key: str) -> None:
        """Have Clio end the access token stored under `key`, and forget the grant. Nothing happens if there is none.

        Clio ends that token alone (https://docs.developers.clio.com/api-docs/authorization). The refresh token is
        thrown away here; it ends when the user removes the app in Clio.

        :raises AuthError: if the server could not be told. The grant is kept then.
        :raises InvalidArgument: if it belongs to another app or region.
        :raises TokenStoreError: if the store fails.
        """
        async with store.lock(key):
            for _ in range(_ROUNDS):
                token = self._checked(await store.load(key), key)
                if token is None:
                    return
                if not token.revoked:
                    await self._end(token)
                if await self._finished(partial(store.save, key, None, previous=token)):
                    break
            else:
                raise _contended(key)
        grant = self._grants.get((id(store), key, token.grant))
        if grant is not None:
            grant.forget()

    def __repr__(self) -> str:
        app: object = getattr(self, "_issuer", None)  # a traceback may show an app whose arguments were refused
        return f"<OAuthApp at {self.origin}>" if app else "<OAuthApp>"

    def _grant(self, store: TokenStore, key: str, token: Token, since: float | None) -> OAuthGrant:
        """Return the one object for a grant. `since` is when its token was asked for, None for one that was stored."""
        life = self._issuer.life(token) if since is None else self._issuer.life_since(token, since)
        name = (id(store), key, token.grant)  # the grant keeps the store alive, so that its id is not another's
        grant = self._grants.get(name)
        if grant is None:
            grant = self._grants[name] = OAuthGrant(self._issuer, store, key, token, life)
        else:
            grant.meet(token, life)
        return grant

    def _checked(self, token: Token | None, key: str) -> Token | None:
        if token is None:
            return None
        if not self._issuer.issued(token):
            raise InvalidArgument(
                f"The token under {key!r} is of {token.origin} and app {token.client_id}, not of {self.origin} and app "
                f"{self._issuer.app.client_id}: check region= and client_id, or use another key."
            )
        return self._issuer.own(token)

    async def _end(self, token: Token) -> None:
        request = oauth.deauthorize_request(self._issuer.app, token.access_token, self._issuer.clock() + SECONDS)
        response = await self._sent(request)
        if isinstance(response, Response) and (response.status < 300 or response.status == 401):
            return  # it is no longer valid: by this, or since before
        reason = response.reason if isinstance(response, Refused) else f"the server answered {response.status}"
        raise AuthError(f"The grant could not be given back: {reason}. It is still stored: try again.")

    async def _finished(self, step: Callable[[], Awaitable[bool]]) -> bool:
        """Let a step of the store come to its end, whatever becomes of the caller."""
        ended = anyio.Event()
        results: list[bool | Exception] = []

        async def job(keep: Keep) -> None:
            keep()
            try:
                with anyio.fail_after(SECONDS):
                    results.append(await step())
            except TimeoutError:
                results.append(TokenStoreError("The token store took too long: see what keeps it."))
            except Exception as error:
                results.append(error)
            finally:
                ended.set()

        self._detached.run(job)
        with anyio.CancelScope(shield=True):  # asyncio's own way to cancel ends the wait, and not the job
            await ended.wait()
        for result in results:
            if isinstance(result, Exception):
                raise result
            return result
        raise TokenStoreError("What is to be stored was cut short: begin again with authorize().")

    async def _answer(self, request: Request) -> Granted | Refused:
        response = await self._sent(request)
        if isinstance(response, Refused) and response.lost:
            response = await self._sent(request)
        return response if isinstance(response, Refused) else oauth.read_answer(response, self._issuer.wall_clock())

    async def _sent(self, request: Request) -> Response | Refused:
        """Send a request. A code may be sent twice only if it did not leave at first."""
        try:
            return await self._send(request)
        except TransportError as error:
            return Refused(f"no complete answer came ({type(error).__name__})", lost=isinstance(error, NotSent))

    async def _send(self, request: Request) -> Response:
        if self._transport is not None:
            return await self._transport.send(request)
        from ..transport.aiohttp import AiohttpTransport

        async with AiohttpTransport(clock=self._issuer.clock) as transport:
            return await transport.send(request)


async def _replace(store: TokenStore, key: str, token: Token) -> bool:
    for _ in range(_ROUNDS):
        if await store.save(key, token, previous=await store.load(key)):
            return True
    raise _contended(key)


def _contended(key: str) -> AuthError:
    return TokenStoreError(f"What is stored under {key!r} changes all the time: see who else writes there.")


def _refusal(refused: Refused) -> AuthError:
    advice = {
        "invalid_grant": "The code is used up, older than ten minutes, or of another redirect_uri: begin again.",
        "invalid_client": "Check client_id, client_secret and region: the server does not know the app by them.",
    }.get(refused.error or "", "Begin again with authorize().")
    return AuthError(
        f"There is no token for the code: {refused.reason}. {advice}", error=refused.error, status=refused.status
    )
