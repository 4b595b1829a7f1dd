"""Put the access token on a request, below everything that keeps or compares requests."""

from __future__ import annotations

from ..messages import Request, Response
from .base import Handler

__all__ = ["Authorize"]


class Authorize:
    """Send the bearer token of `request.auth` (RFC 6750 §2.1); on 401 try once more if there is a newer one."""

    async def __call__(self, request: Request, call_next: Handler, /) -> Response:
        auth = request.auth
        if auth is None:
            return await call_next(request)
        token = await auth.access_token(deadline=request.deadline)
        response = await call_next(request.having("Authorization", f"Bearer {token.reveal()}"))
        if response.status != 401 or not await auth.rejected(token, deadline=request.deadline):
            return response
        token = await auth.access_token(deadline=request.deadline)
        return await call_next(request.having("Authorization", f"Bearer {token.reveal()}"))
