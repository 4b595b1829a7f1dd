"""The seam of the quota: `Limiter`, and the `Quota` that it can tell of."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable

from attrs import frozen

from ..errors import RateLimited
from ..messages import Request, Response
from ..options import Lane
from ..principal import Principal

__all__ = ["Limiter", "Quota"]


@frozen
class Quota:
    """What is known of a principal's quota (https://docs.developers.clio.com/api-docs/rate-limits)."""

    limit: int | None
    """Requests in a window. None: the server has not said."""
    remaining: int | None
    """How many more may be sent before the window ends, those under way taken off. None: the server has not said."""
    reset_at: float | None
    """When the window ends, or the pause: seconds since the epoch. None: unknown, or past."""
    in_flight: int
    """Requests under way."""
    waiting: int
    """Calls that wait for quota, in both lanes."""
    paused: bool
    """Whether the server has asked for a pause that is not over (429)."""
    eta: float
    """Seconds for which an interactive call made now would wait, as far as can be known."""
    batch_eta: float
    """Seconds for which a call of a batch made now would wait, as far as can be known."""
    pause: float = 0.0
    """Seconds that are left of the pause."""


class Limiter(ABC):
    """Decide when a request may be sent, from what the answers say of the quota.

    One limiter serves many principals, each on its own. A request that was let pass, by `passes` or `turn`, ends with
    `answered` or `failed`, once. All but `turn` and `settle` return at once: a budget that is shared by several
    processes is asked and told in these two.
    """

    @abstractmethod
    def passes(self, request: Request) -> bool:
        """Let a request pass if there is quota and nobody waits for it: the way that costs nothing."""

    @abstractmethod
    async def turn(self, request: Request) -> None:
        """Wait until the request may be sent.

        The waits of a request and of those that repeat it add up.

        :raises RateLimited: at once, if the wait would be longer than `Options.patience` or the deadline allows, or
            when it becomes so.
        :raises NotSentTimeout: if the deadline passes.
        """

    @abstractmethod
    def answered(self, request: Request, response: Response) -> Response:
        """Learn from an answer. Return it, with the verdict ``"again"`` if it says that the quota is used up (429)."""

    @abstractmethod
    def failed(self, request: Request, *, sent: bool = True) -> None:
        """Note that no answer came. `sent` is False if the request certainly did not leave."""

    async def settle(self, request: Request) -> None:  # noqa: B027 - most have nobody to tell
        """Tell other processes what they wait for, after `answered`. It may take a moment, and must not fail.

        The limiter of one process has nobody to tell: this one does nothing, and is then not called at all.
        """

    @abstractmethod
    def promote(self, request: Request, lane: Lane) -> None:
        """Let a request wait in `lane` if that is the better one: now if it waits, else when it has to be repeated."""

    @abstractmethod
    def waits_until(self, request: Request) -> float | None:
        """Return when a waiting request, or one that repeats it, is expected to be sent, on the monotonic clock.

        None: it does not wait for quota.
        """

    @abstractmethod
    def waited(self, request: Request) -> float:
        """Return for how many seconds a request, and those that repeat it, have waited for quota so far."""

    @abstractmethod
    def watch(self, request: Request, told: Callable[[], object] | None) -> None:
        """Call `told` when a request, or one that repeats it, begins to wait, and when it has to wait notably longer.

        It must return at once. None ends the watch, which whoever began it has to do.
        """

    @abstractmethod
    def refusal(self, request: Request, until: float, awaited: Request | None = None) -> RateLimited:
        """Return the error for a request that may not wait `until` (on the monotonic clock).

        `awaited` is the request whose answer it waits for, if that is another one.
        """

    @abstractmethod
    def quota(self, principal: Principal) -> Quota:
        """Return what is known of a principal's quota."""
