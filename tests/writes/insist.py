"""What many HTTP clients do, for the controls: send again whatever failed."""

from __future__ import annotations

from clio_async import MaybeSent, Request, Response, ResponseBroken
from clio_async.middleware.base import Handler

__all__ = ["Insist"]


class Insist:
    """A layer that sends every failed request once more, a write, too."""

    async def __call__(self, request: Request, call_next: Handler, /) -> Response:
        try:
            return await call_next(request)
        except (MaybeSent, ResponseBroken):
            return await call_next(request)
