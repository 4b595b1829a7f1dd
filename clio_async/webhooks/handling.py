"""`Handling`: events whose origin is proved are handled, one of a record at a time, and not too many at once."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Final, TypeAlias

import anyio
from attrs import evolve

from ..errors import UsageError
from ..protocol import webhooks as decide
from ..transport.gate import Gate
from ..turns import Turns
from .event import Event
from .lines import Lines, Waiting
from .refusals import Refusals
from .reply import Reply
from .room import Room
from .seen import Claim, Seen

__all__ = ["Handling", "OnEvent", "place_of"]

OnEvent: TypeAlias = Callable[[Event], Awaitable[object]]

_DONE: Final = Reply(200)
_FAILED: Final = Reply(500)
_BUSY: Final = Reply(503, (("Retry-After", "60"),))
_CLEARING: Final = 5.0  # seconds for a store to note how a handler ended


class Handling:
    """Calls a handler for events, `parallel` at once, while `waiting` more may wait."""

    def __init__(
        self,
        on_event: OnEvent,
        invalidate: OnEvent | None,
        seen: Seen,
        refusals: Refusals,
        *,
        timeout: float | None,
        parallel: int,
        waiting: int,
    ) -> None:
        self._on_event = on_event
        self._invalidate = invalidate
        self._seen = seen
        self._refusals = refusals
        self._timeout = timeout
        self._turns = Turns()
        self._slots = Gate(parallel)
        self._room = Room(parallel + waiting)
        self._lines = Lines(max(2, (parallel + waiting) // 8))
        self._tasks: set[int] = set()

    async def reply_to(self, event: Event, key: str) -> Reply:
        """Handle an event when those of its record that came before have been handled."""
        whose = event.principal
        waiting = self._lines.join(event, key)
        if waiting is None:
            return self._sent_away(event)
        try:
            if not self._room.takes(whose):
                return self._sent_away(event)
            try:
                return await self._settled(waiting)
            finally:
                self._room.leave(whose)
        except Exception as error:
            return self._refusals.failed(error)
        finally:
            self._lines.leave(waiting)

    async def deliver(self, event: Event) -> None:
        """Handle an event that Clio did not send, in turn with the others of its record.

        Raises what the handler raises.
        """
        place = place_of(event)
        async with self._turn(event), self._slot(event.principal):
            await self._handle(event)
            await self._seen.release(f"{place}:{event.kind}", place, handled=True)

    def _sent_away(self, event: Event) -> Reply:
        self._refusals.write(503, resource=event.model, principal=event.principal[:8])
        return _BUSY

    async def _settled(self, waiting: Waiting) -> Reply:
        """Return the answer to a delivery: handle it, unless it was with one that came before."""
        event = waiting.event
        async with self._turn(event):
            if waiting.reply is not None:
                return waiting.reply
            async with self._slot(event.principal):
                together = self._lines.together(waiting)
                try:
                    return await self._once(together)
                except Exception:
                    for one in together:
                        one.reply = _FAILED
                    raise

    def _turn(self, event: Event) -> AbstractAsyncContextManager[None]:
        """Wait until those of the same record, as its principal sees it, have been handled.

        :raises UsageError: if this task handles an event, and may wait for itself.
        """
        if anyio.get_current_task().id in self._tasks:
            raise UsageError(
                "on_event has called its own receiver, which may wait until on_event is done: for the same record, or "
                "where all places are taken. Let another task deliver the event, and do not wait for it."
            )
        return self._turns.of(f"{event.model}/{event.id}", event.principal)

    @asynccontextmanager
    async def _slot(self, whose: str) -> AsyncGenerator[None]:
        await self._slots.enter(whose)
        try:
            yield
        finally:
            self._slots.leave(whose)

    async def _once(self, together: Sequence[Waiting]) -> Reply:
        """Handle deliveries of one record, of one kind, by one call; return the answer to the first of them."""
        place = place_of(together[0].event)
        claims: dict[str, Claim] = {}
        due: dict[str, Event] = {}
        handled = False
        try:
            for one in together:
                if one.key not in claims:
                    # Without a tag, two changes of a record are told in the same bytes.
                    claims[one.key] = await self._seen.claim(one.key, place, always=one.event.etag is None)
                    if claims[one.key] in {"new", "again"}:
                        due[one.key] = evolve(one.event, repeated=claims[one.key] == "again")
            if due:
                with anyio.fail_after(self._timeout):
                    await self._handle([*due.values()][-1])
            handled = True
        finally:
            if due:
                with anyio.move_on_after(_CLEARING, shield=True):
                    for key in due:
                        await self._seen.release(key, place, handled=handled)
        for one in together:
            one.reply = _BUSY if claims[one.key] == "busy" else _DONE
        return _BUSY if claims[together[0].key] == "busy" else _DONE

    async def _handle(self, event: Event) -> None:
        task = anyio.get_current_task().id
        self._tasks.add(task)
        try:
            if event.resource is not None and self._invalidate is not None:
                await self._invalidate(event)
            await self._on_event(event)
        finally:
            self._tasks.discard(task)


def place_of(event: Event) -> str:
    """Return what stands for the record of an event, as its subscription tells of it."""
    return decide.place(event.principal, event.subscription, event.webhook_id, event.id)
