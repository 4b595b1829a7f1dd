"""One exchange on any backend: what may end it early, and the error that says so."""

from __future__ import annotations

import math
from collections.abc import Callable
from types import TracebackType

import anyio

from ..errors import ClientClosed
from ..messages import Request
from .outcome import Guarded, Outcome, Translate
from .outgoing import SourceFailed
from .wire import Target, fields_of, locate

__all__ = ["Exchange", "Exchanges"]


class Exchanges:
    """The exchanges of one transport that are under way. Closing it ends them."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.closed = False
        self._clock = clock
        self._waiting: set[Exchange] = set()

    def begin(self, request: Request, translate: Translate | None = None) -> Exchange:
        """Check a request and start its clock. Nothing has been done yet when this raises.

        `translate` makes our error of a foreign one; without it, foreign errors pass.
        """
        if self.closed:
            raise ClientClosed("The transport is closed. Nothing was sent.")
        remaining = math.inf if request.deadline is None else request.deadline - self._clock()
        exchange = Exchange(request, self._waiting, anyio.current_time() + remaining, translate)
        if remaining <= 0:
            raise exchange.outcome.timed_out()
        return exchange

    def close(self) -> None:
        """Let nothing begin any more, and end what is under way."""
        self.closed = True
        for exchange in [*self._waiting]:
            exchange.close()

    def under_way(self) -> list[Exchange]:
        """Return those that have not ended."""
        return [*self._waiting]

    def forget(self) -> None:
        """Leave those alone that an event loop, or a process, has left behind."""
        self._waiting.clear()


class Exchange(Guarded):
    """A request, how far it got, and when it has to end.

    As a context manager it guards one stretch of waiting. The caller raises `error()` after the block, outside of any
    handler, if the block was cut short.
    """

    __slots__ = ("_closed", "_scope", "_translate", "_waiting", "_when", "fields", "request", "target")

    def __init__(self, request: Request, waiting: set[Exchange], when: float, translate: Translate | None) -> None:
        self.request = request
        self.target: Target = locate(request)
        self.fields = fields_of(request, self.target)
        super().__init__(Outcome(self.target))
        self._waiting = waiting
        self._when = when
        self._translate = translate
        self._closed = False

    def __enter__(self) -> None:
        self._waiting.add(self)
        self._scope = anyio.CancelScope(deadline=self._when)
        self._scope.__enter__()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        self._waiting.discard(self)
        failure = error if isinstance(error, Exception) else None
        # Of a block without an error, a scope on trio says that it has swallowed it.
        swallowed = self._scope.__exit__(kind, error, trace) and kind is not None
        if swallowed or (self._closed and failure):
            self._error = self.outcome.closed() if self._closed else self.outcome.timed_out()
        elif isinstance(failure, SourceFailed):
            self._error = failure.reason
        elif self._translate is not None and failure is not None:
            self.hold(failure, self._translate)
        return self._error is not None

    def close(self) -> None:
        """End the wait because the transport is closed."""
        self._closed = True
        self._scope.cancel()
