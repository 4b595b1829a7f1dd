"""Follow redirects, within the origin that was asked."""

from __future__ import annotations

from attrs import evolve

from ..errors import ResponseBroken
from ..messages import Request, Response
from ..protocol import redirects
from ..protocol.responses import SAFE
from .base import Handler, Middleware

__all__ = ["Redirect"]


class Redirect:
    """Send a request on to where a redirect leads, at most three times. Which are followed: see `protocol.redirects`.

    Each hop is a request of its own to the layers below, with the same principal and deadline. What another URL than
    the one that was asked has answered gets the verdict ``"redirected"``. A write that is sent on passes `outdate`, the
    layer that keeps answers, once more: it changes what is kept of the other path, too.
    """

    def __init__(self, outdate: Middleware) -> None:
        self._outdate = outdate

    async def __call__(self, request: Request, call_next: Handler, /) -> Response:
        response = await call_next(request)
        if response.status not in redirects.STATUSES:
            return response
        return await self._followed(request, response, call_next)

    async def _followed(self, request: Request, response: Response, call_next: Handler) -> Response:
        asked = request
        for _ in range(redirects.MOST):
            hop = redirects.hop(asked, response)
            if hop is None:
                break
            asked, response = hop, await self._send(hop, call_next)
        if asked is request or response.verdict is not None:
            return response
        return evolve(response, verdict="redirected")

    async def _send(self, hop: Request, call_next: Handler) -> Response:
        if hop.method not in SAFE:
            return await self._outdate(hop, call_next)
        response = await call_next(hop)
        if redirects.is_unasked_304(hop, response):
            raise ResponseBroken("The server answered 304 to a request without a condition.", status=304)
        return response
