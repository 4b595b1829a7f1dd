"""Send a request once more, where that can do no harm."""

from __future__ import annotations

from attrs import evolve

from ..errors import RateLimited
from ..messages import Request, Response
from ..protocol.responses import add_answer
from ..protocol.retry import may_resend
from .base import Handler

__all__ = ["Retry"]


class Retry:
    """Repeat a request that a lower layer found worth repeating (the verdict ``"again"``).

    A 401 for which there is a newer token by now is repeated once. A 429 is repeated while the limiter lets it, since
    that waits until there is quota, or raises if that would take too long: the error tells of the 429 then.
    """

    async def __call__(self, request: Request, call_next: Handler, /) -> Response:
        response = await call_next(request)
        if response.verdict != "again":
            return response
        counts: dict[int, int] = {}
        while response.verdict == "again":
            counts[response.status] = counts.get(response.status, 0) + 1
            if not may_resend(response.status, counts[response.status]):
                return evolve(response, verdict=None)
            try:
                response = await call_next(request.replace(resent=request))
            except RateLimited as error:
                if response.status == 429 and error.response is None:
                    add_answer(error, request, response)
                raise
        return response
