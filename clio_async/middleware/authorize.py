"""Put the access token on a request, below everything that keeps or compares requests."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from attrs import evolve

from ..errors import ReauthRequired
from ..messages import Request, Response
from ..principal import Auth, Channel
from ..secrets import Secret
from .base import Handler

__all__ = ["Authorize"]


class Authorize:
    """Send the bearer token of `request.auth` (RFC 6750 §2.1).

    A 401 for which there is a newer token gets the verdict ``"again"``. When a grant turns out to be gone, what is kept
    of its principal is purged.
    """

    def __init__(self, channel: Channel, purge: Callable[[str], Awaitable[None]]) -> None:
        self._channel = channel
        self._purge = purge

    async def __call__(self, request: Request, call_next: Handler, /) -> Response:
        auth = request.auth
        if auth is None:
            return await call_next(request)
        try:
            token = await auth.access_token(self._channel, deadline=request.deadline)
            response = await call_next(request.having("Authorization", f"Bearer {token.reveal()}"))
            if response.status != 401:
                return response
            return await self._refused(request, auth, token, response)
        except ReauthRequired as error:
            if request.principal is not None:
                error.principal = request.principal
                await self._purge(request.principal.fingerprint)
            raise

    async def _refused(self, request: Request, auth: Auth, token: Secret, response: Response) -> Response:
        again = request.renewed
        if await auth.rejected(token, self._channel, again=again, deadline=request.deadline) and not again:
            return evolve(response, verdict="again")
        return response
