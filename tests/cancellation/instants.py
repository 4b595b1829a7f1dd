"""Cancel a call at the n-th instant at which any task that takes part in it suspends.

A call suspends where it gives the event loop back. Nothing else can cancel it, so that these instants are all there
are. They are counted by whatever awaits the coroutines: the call itself, and every task that it starts.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Generator
from contextvars import ContextVar
from typing import Any, Literal, TypeAlias

import anyio
from attrs import define, field

How: TypeAlias = Literal["task", "late", "scope"]
"""task: `Task.cancel`, as it suspends. late: the same, when what it waits for has come, and before it goes on. scope: a
cancel scope of the caller's, which goes on cancelling for as long as the call waits for something."""

HOWS: tuple[How, ...] = ("task", "late", "scope")

_STRIKE: ContextVar[Strike | None] = ContextVar("strike", default=None)


@define(eq=False)
class Strike:
    """One cancellation: of the instant with that number, the first of which is 1."""

    number: int
    how: How
    instants: int = 0
    where: str = ""
    """What was suspended when the cancellation came; empty if the call had ended by then."""
    after: list[str] = field(factory=list)
    """Where the call itself suspended later."""
    outcome: Literal["", "cancelled", "returned", "raised"] = ""
    error: BaseException | None = None
    value: Any = None
    lasted: float = 0.0
    """Seconds from the cancellation to the end of the call, of the loop's time."""
    instead: Callable[[], object] | None = None
    """What is done in the place of a cancellation."""
    _began: float = 0.0
    _cancel: Callable[[], object] = field(default=lambda: None)
    _due: bool = False

    @property
    def struck(self) -> bool:
        """Whether the call went on for that long."""
        return bool(self.where)

    @property
    def cancelled(self) -> bool:
        """Whether the call was cancelled. What it waited for in another task may come after its end."""
        return self._due

    async def run(self, call: Callable[[], Awaitable[object]]) -> None:
        """Make a call, and cancel it. What becomes of it is told by `outcome`."""
        token = _STRIKE.set(self)
        try:
            if self.how == "scope":
                await self._in_scope(call)
            else:
                await self._as_task(call)
        finally:
            _STRIKE.reset(token)
        self.lasted = anyio.current_time() - self._began if self._due else 0.0

    async def _in_scope(self, call: Callable[[], Awaitable[object]]) -> None:
        with anyio.CancelScope() as scope:
            self._cancel = scope.cancel
            await self._followed(call)
        if scope.cancelled_caught:
            self.outcome = "cancelled"

    async def _as_task(self, call: Callable[[], Awaitable[object]]) -> None:
        task = asyncio.get_running_loop().create_task(self._followed(call))
        self._cancel = task.cancel
        await asyncio.wait([task])
        if task.cancelled():
            self.outcome = "cancelled"
        else:
            task.result()

    async def _followed(self, call: Callable[[], Awaitable[object]]) -> None:
        try:
            self.value = await Stepped(_awaited(call), self, main=True)
            self.outcome = "returned"
        except Exception as error:
            self.outcome, self.error = "raised", error

    def suspended(self, waited: Any, stack: Callable[[], str], *, main: bool) -> None:
        """Note that a task of the call is about to suspend, waiting for that."""
        if self._due or self.outcome:
            if main:
                self.after.append(stack())
            return
        self.instants += 1
        if self.instants != self.number:
            return
        self.where = stack()
        if self.how == "late" and isinstance(waited, asyncio.Future):
            waited.add_done_callback(lambda _: self._now())
        else:
            self._now()

    def _now(self) -> None:
        if not self.outcome:
            self._due, self._began = True, anyio.current_time()
            (self.instead or self._cancel)()


class Stepped:
    """Await a coroutine, and tell each time that it suspends."""

    def __init__(self, coroutine: Coroutine[Any, Any, Any], strike: Strike, *, main: bool) -> None:
        self._coroutine = coroutine
        self._strike = strike
        self._main = main

    def __await__(self) -> Generator[Any, Any, Any]:
        coroutine = self._coroutine
        give: Callable[[Any], Any] = coroutine.send
        value: Any = None
        try:
            while True:
                try:
                    waited = give(value)
                except StopIteration as end:
                    return end.value
                self._strike.suspended(waited, lambda: stack_of(coroutine), main=self._main)
                try:
                    value = yield waited
                    give = coroutine.send
                except BaseException as error:
                    value, give = error, coroutine.throw
        finally:
            del give, value  # an error leads to this frame: together they would be a cycle
            coroutine.close()


def stack_of(coroutine: Any) -> str:
    """Return the names of what is suspended, the outermost first: those of this package and of its tests."""
    names: list[str] = []
    while coroutine is not None:
        frame = getattr(coroutine, "cr_frame", None) or getattr(coroutine, "ag_frame", None)
        if frame is not None and "clio_async" in frame.f_code.co_filename:
            names.append(f"{frame.f_code.co_qualname}:{frame.f_lineno}")
        coroutine = getattr(coroutine, "cr_await", None) or getattr(coroutine, "ag_await", None)
    return " > ".join(names) or "?"


def followed(loop: asyncio.AbstractEventLoop, coroutine: Any, **more: Any) -> asyncio.Task[Any]:
    """Make a task that counts for the call which starts it: a task factory."""
    strike = _STRIKE.get()
    # What `Strike` runs itself counts already.
    if strike is not None and coroutine.cr_code is not Strike._followed.__code__:
        stepped = Stepped(coroutine, strike, main=False)
        task = asyncio.Task(_awaited(lambda: stepped), loop=loop, **more)
        task.add_done_callback(lambda _: coroutine.close())  # one that was cancelled before it began
        return task
    return asyncio.Task(coroutine, loop=loop, **more)


async def _awaited(call: Callable[[], Awaitable[Any]]) -> Any:
    return await call()
