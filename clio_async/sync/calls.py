"""`Call`: one coroutine that a thread waits for, and what it runs for that meanwhile."""

from __future__ import annotations

from _thread import allocate_lock
from collections import deque
from collections.abc import Callable, Coroutine
from contextvars import copy_context
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from ..turns import held, within

if TYPE_CHECKING:
    from contextvars import Context

__all__ = ["Call", "Errand", "Guest", "Heard"]


class Guest(Protocol):
    """On whose behalf an event loop works: it is told to close what it has opened there."""

    closed: bool

    async def aclose(self) -> None: ...


class Errand:
    """A function that the waiting thread is to run. `tell` is told what became of it, unless nobody waits for that."""

    __slots__ = ("arguments", "function", "tell")

    def __init__(
        self,
        function: Callable[..., Any],
        arguments: tuple[Any, ...],
        tell: Callable[[Any, BaseException | None], None] | None,
    ) -> None:
        self.function = function
        self.arguments = arguments
        self.tell = tell


class Call:
    """One coroutine, run by an event loop in a copy of the context of the thread that waits for it.

    `news` is a lock that is free when there is something to see: it is let go in the thread of the loop alone, and
    taken by the waiting one.

    A turn that the call has (`Turns`) is that of a function, too, which the waiting thread runs for it.
    """

    __slots__ = (
        "begun", "cancelled", "context", "coroutine", "done", "errands", "error", "guest", "news", "result", "start",
        "task",
    )  # fmt: skip

    def __init__(self, guest: Guest | None = None) -> None:
        self.guest = guest
        self.news = allocate_lock()
        self.news.acquire()
        self.coroutine: Coroutine[Any, Any, Any] | None = None
        self.context: Context = copy_context()
        self.errands: deque[Errand] | None = None
        self.start: Callable[[Errand], Any] | None = None
        """Makes what waits for an errand. It is there while the call runs."""
        self.task: Any = None
        self.begun = self.cancelled = self.done = False
        self.result: Any = None
        self.error: BaseException | None = None

    def tell(self) -> None:
        """Wake the waiting thread. Two threads may do so at once: that of the loop, and one that finds it ended."""
        try:
            if self.news.locked():
                self.news.release()
        except RuntimeError:  # another thread was faster: there are news
            pass

    def end(self, error: BaseException | None) -> None:
        """Say that it has ended, in whatever way. What ended first counts."""
        if not self.done:
            self.error, self.done = error, True
            self.tell()

    def give_up(self, error: BaseException) -> None:
        """End a call that its event loop does not carry, or not any more."""
        coroutine, self.coroutine = self.coroutine, None
        if coroutine is not None and not self.begun:
            coroutine.close()
        self.end(error)

    async def ask(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Have the waiting thread run a function, and return what that returns. What it raises is raised here."""
        assert self.start is not None  # noqa: S101  # a call that runs can ask
        return await self.start(Errand(partial(within, held(), function), arguments, None))

    def post(self, function: Callable[..., Any], *arguments: Any) -> None:
        """Have the waiting thread run a function, before the call returns at the latest, and wait for nothing."""
        self.add(Errand(function, arguments, None))

    def add(self, errand: Errand) -> None:
        """Give the waiting thread an errand."""
        if self.errands is None:
            self.errands = deque()
        self.errands.append(errand)
        self.tell()

    def run_errands(self) -> None:
        """Run what was asked for, in the waiting thread."""
        errands = self.errands
        while errands:
            errand = errands.popleft()
            if errand.tell is None:
                errand.function(*errand.arguments)
            elif not self.done:
                _run(errand)


def _run(errand: Errand) -> None:
    assert errand.tell is not None  # noqa: S101  # somebody waits for it
    try:
        found = errand.function(*errand.arguments)
    except (StopIteration, StopAsyncIteration) as error:  # these would end somebody's iteration, as in a generator
        told = RuntimeError(f"The function raised {type(error).__name__}.")
        told.__cause__ = error
        errand.tell(None, told)
        del told  # it leads to this frame: together they would be a cycle
    except Exception as error:
        errand.tell(None, error)
    else:
        errand.tell(found, None)


class Heard:
    """A function that is to hear how a call goes on, in the thread that waits for the call.

    It is called from within the call, and returns at once. What the function raises ends the call when it would hear
    next, or is raised by the thread that waited if it heard nothing more.
    """

    __slots__ = ("_call", "_function", "raised")

    def __init__(self, call: Call, function: Callable[[Any], object]) -> None:
        self._call = call
        self._function = function
        self.raised: Exception | None = None

    def __call__(self, news: Any) -> None:
        self.check()
        self._call.post(self._hear, news)

    def check(self) -> None:
        """Raise what the function has raised, once."""
        raised, self.raised = self.raised, None
        if raised is not None:
            try:
                raise raised
            finally:
                del raised  # it leads to this frame: together they would be a cycle

    def _hear(self, news: Any) -> None:
        if self.raised is None:
            try:
                self._function(news)
            except Exception as error:
                self.raised = error
