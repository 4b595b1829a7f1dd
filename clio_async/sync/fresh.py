"""Fresh answers in the thread that asks: where freshness was opted into, what is held is given without a hop.

The verb runs in that thread, over a core that has nothing but what is held; when it asks for more, it is given up, and
the loop runs it from its beginning. Nothing was sent by then.
"""

from __future__ import annotations

from _thread import get_ident
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, Final, NoReturn

from attrs import evolve

from ..stats import Stats

if TYPE_CHECKING:
    from ..caches.base import Entry
    from ..client import Clio
    from ..core import Core
    from ..messages import Headers

__all__ = ["MISSED", "Fresh"]

MISSED: Final[Any] = object()
"""There is no fresh answer."""


class _Missed(BaseException):
    """What is held does not answer. No handler of errors is to see this."""


class Fresh:
    """What is held, and fresh, for any thread; and the counts of what was given."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._counting: dict[int, Stats] = {}
        """One for each thread, which counts by itself: a lock could be held by the same thread, or before a fork."""
        self.clock = core.clock
        self.learned = core.learned
        self.fresh_for = core.fresh_for
        self.watch = core.watch
        self.tell = core.tell

    @property
    def resources(self) -> frozenset[str]:
        """Those whose answers may be fresh."""
        return frozenset() if self.watch else frozenset(self.fresh_for)

    def client(self, clio: Clio) -> Clio:
        """Return a client that is answered with what is held alone."""
        found = clio._derive()  # noqa: SLF001
        found._core = self  # type: ignore[assignment]  # noqa: SLF001 - as much of a core as a read needs that is answered
        return found

    def held(self, principal: str, key: str, tags: tuple[str, ...], seconds: float, headers: Headers) -> Entry | None:
        """Return what `Core.held` does; the counts of the core are those of one thread."""
        stats = self._counting.get(get_ident())
        if stats is None:
            stats = self._counting.setdefault(get_ident(), Stats())
        return self._core.held(principal, key, tags, seconds, headers, stats)

    async def exchange(self, *_: Any, **__: Any) -> NoReturn:
        """Give the read up."""
        raise _Missed

    def counted(self, stats: Stats) -> Stats:
        """Return what a core has counted, and what was given here."""
        own = self._counting.copy().values()
        return evolve(
            stats,
            calls=stats.calls + sum(one.calls for one in own),
            fresh=stats.fresh + sum(one.fresh for one in own),
            bytes_saved=stats.bytes_saved + sum(one.bytes_saved for one in own),
        )


def answered(begin: Callable[..., Coroutine[Any, Any, Any]], resource: Any, args: Any, kwargs: Any) -> Any:
    """Return what a verb answers without waiting for anything, `MISSED` if it cannot.

    :raises InvalidArgument: if it is asked for what cannot be.
    """
    coroutine = begin(resource, *args, **kwargs)
    try:
        coroutine.send(None)
    except StopIteration as done:
        return done.value
    except _Missed:
        return MISSED
    coroutine.close()
    return MISSED
