"""Send a request once more, where that can do no harm."""

from __future__ import annotations

from collections.abc import Callable

import anyio
from attrs import evolve

from ..errors import ClioError, RateLimited, TransportError
from ..messages import Request, Response
from ..protocol import retry as decide
from ..protocol import urls
from ..protocol.budgets import RetryBudget
from ..protocol.responses import SAFE, add_answer
from .base import Handler

__all__ = ["Retry"]


class Retry:
    """Repeat what failed, by the table of `protocol.retry`, within `Options.retry`, the deadline and a budget.

    A 401 for which there is a newer token by now is repeated once. A 429 is repeated while the limiter lets it, since
    that waits until there is quota, or raises if that would take too long: the error tells of the 429 then. Neither
    counts as an attempt that failed.
    """

    def __init__(
        self,
        budget: RetryBudget,
        clock: Callable[[], float],
        wall_clock: Callable[[], float],
        random: Callable[[], float],
    ) -> None:
        self._budget = budget
        self._clock = clock
        self._wall_clock = wall_clock
        self._random = random

    async def __call__(self, request: Request, call_next: Handler, /) -> Response:
        if self._budget.owed:
            self._budget.earn(*_payers(request))
        came: decide.Came
        try:
            came = await call_next(request)
            if came.status < 400:
                return came
        except TransportError as error:
            came = error
        try:
            return await self._go_on(_Series(request), came, call_next)
        finally:
            del came  # an error leads to this frame: together they would be a cycle

    async def _go_on(self, series: _Series, came: decide.Came, call_next: Handler) -> Response:
        """Make further attempts, while there may be one."""
        try:
            while (pause := self._pause(series, came)) is not None:
                series.note(came)
                if pause:
                    await anyio.sleep(pause)
                try:
                    came = await call_next(series.repetition())
                except ClioError as error:
                    came = series.explained(error)
                except Exception as error:
                    if series.doubt is None:
                        raise
                    raise decide.unheard(series.doubt) from error
            came = series.told(came)
            if isinstance(came, Response):
                return came
            raise came
        finally:
            del came, series

    def _pause(self, series: _Series, came: decide.Came) -> float | None:
        """Return for how many seconds to wait before the next attempt. None: there is none."""
        if isinstance(came, Response) and came.verdict == "again":
            return 0.0 if series.may_resend(came) else None
        request = series.request
        policy = None if request.options is None else request.options.retry
        series.failures += 1
        if policy is None or series.failures >= policy.attempts or not series.may_repeat(came):
            return None
        pause = decide.pause(policy, series.failures, came, chance=self._random(), now=self._wall_clock())
        if pause is None or self._is_late(request, pause) or not self._budget.take(*_payers(request)):
            return None
        return pause

    def _is_late(self, request: Request, pause: float) -> bool:
        return request.deadline is not None and self._clock() + pause + decide.LEAST > request.deadline


class _Series:
    """The attempts of one call, the first of which failed."""

    __slots__ = ("_last", "_refusals", "doubt", "failures", "request")

    def __init__(self, request: Request) -> None:
        self.request = request
        self.failures = 0
        self.doubt: decide.Came | None = None  # an attempt of a write that may have been applied
        self._last: decide.Came | None = None  # the attempt that is to be repeated
        self._refusals: dict[int, int] = {}  # by status, how often the request was not acted on

    def may_resend(self, refusal: Response) -> bool:
        """Say whether the call may wait for quota, or for another token, once more."""
        times = self._refusals[refusal.status] = self._refusals.get(refusal.status, 0) + 1
        return decide.may_resend(refusal.status, times)

    def may_repeat(self, came: decide.Came) -> bool:
        """Say whether the table lets the call have another attempt after one that ended so."""
        ending = decide.ending_of(came)
        if ending == "final":
            return False
        return decide.may_repeat(ending, decide.care_of(self.request, moves_states=_moves_states(self.request)))

    def note(self, came: decide.Came) -> None:
        """Note an attempt that is to be repeated."""
        self._last = came
        if self.doubt is None and self.request.method not in SAFE and decide.ending_of(came) == "open":
            self.doubt = came

    def repetition(self) -> Request:
        """Return the request of the next attempt. What a redirect has led to counts as a part of what was asked."""
        return self.request.replace(resent=self.request.resent or self.request, renewed=401 in self._refusals)

    def explained(self, error: ClioError) -> ClioError:
        """Tell in the error of a repetition that may not wait for quota of the 429 before it."""
        last = self._last if isinstance(error, RateLimited) and error.response is None else None
        if isinstance(error, RateLimited) and isinstance(last, Response) and last.status == 429:
            add_answer(error, self.request, last)
        return error

    def told(self, came: decide.Came) -> decide.Came:
        """Return what the caller is told."""
        if isinstance(came, Response) and came.verdict == "again":
            came = evolve(came, verdict=None)
        if self.doubt is None:
            return came
        return decide.told(self.request, came, self.doubt, moves_states=_moves_states(self.request))


def _payers(request: Request) -> tuple[str, str]:
    """Return who pays for repetitions: a principal, and all of those of its server."""
    principal = request.principal
    if principal is None:
        return "", "/".join(request.url.split("/", 3)[:3])
    return principal.fingerprint, principal.origin


def _moves_states(request: Request) -> bool:
    """Say whether a DELETE does not only remove its record: then a second one is another act."""
    if request.method != "DELETE" or request.resource is None or request.principal is None:
        return False
    from ..models import registry  # loaded with the resource, unless the request was written by hand

    found = registry.match("DELETE", urls.resource_path(request.principal.origin, request.url))
    return found is not None and registry.is_state_machine(found[1])
