"""What an answer means for a budget."""

from __future__ import annotations

from collections.abc import Callable

from attrs import evolve

from ..messages import Response
from ..protocol.quota import MARGIN, Budget
from ..protocol.rate_limit import WRAPPED_PAUSE, asked_pause, number, seconds_until, wrapped

__all__ = ["learn"]


def learn(
    budget: Budget,
    sent: int,
    response: Response,
    now: float,
    wall_clock: Callable[[], float],
    random: Callable[[], float],
) -> Response:
    """Tell a budget of the answer to the request that was `sent` under this number.

    Return the answer, as a 429 with the verdict ``"again"`` if it says that the quota is used up.
    """
    headers, said = response.headers, wrapped(response.body)
    if response.status == 429 or said is not None:
        return _limited(budget, sent, response, said, now, wall_clock(), random())
    remaining = number(headers, "x-ratelimit-remaining")
    if remaining is None:
        budget.answered(sent, now, telling=response.status < 500 and response.status != 401)
        return response
    limit, reset, until = number(headers, "x-ratelimit-limit"), number(headers, "x-ratelimit-reset"), None
    if reset is not None and (reset != budget.reset or now >= budget.opens_at or budget.dates):
        until = seconds_until(headers, reset, wall_clock())
    budget.reported(sent, now, limit=limit, remaining=remaining, reset=reset, until=until)
    return response


def _limited(
    budget: Budget, sent: int, response: Response, said: bytes | None, now: float, wall: float, chance: float
) -> Response:
    headers = response.headers
    limit, reset = number(headers, "x-ratelimit-limit"), number(headers, "x-ratelimit-reset")
    until = None if reset is None else seconds_until(headers, reset, wall)
    pause = asked_pause(headers, wall)
    if pause is None and until is not None:
        pause = until + MARGIN
    if said is not None:
        if pause is None:
            pause = WRAPPED_PAUSE
            headers = headers.having("Retry-After", str(int(pause)))
        response = Response(429, headers, said, response.source, wire_bytes=response.wire_bytes)
    budget.limited(sent, now, pause=pause, chance=chance, limit=limit, reset=reset, until=until)
    return evolve(response, verdict="again")
