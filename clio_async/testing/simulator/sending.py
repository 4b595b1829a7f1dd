"""The driver of deliveries: it sends what is due, by whatever means it is given."""

from __future__ import annotations

import math
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, TypeAlias

import anyio

from ...errors import TransportError
from ...messages import Request, Response
from .deliveries import Deliveries, Delivery
from .tokens import origin_of

if TYPE_CHECKING:
    from .core import Simulator

__all__ = ["Send", "deliver_all", "deliver_due", "delivering", "greet", "towards"]

Send: TypeAlias = Callable[[Request], Awaitable[Response]]
"""Sends a request to the address of a webhook: the `send` of a transport, or `asgi(app)`."""


async def deliver_due(simulator: Simulator, send: Send) -> int:
    """Send what is due by the simulator's clock, one after the other. Return how many attempts were made."""
    made = 0
    while (delivery := simulator.deliveries.take()) is not None:
        await _attempt(simulator.deliveries, delivery, send)
        made += 1
    return made


async def deliver_all(simulator: Simulator, send: Send, *, within: float = 7_200.0) -> int:
    """Send what is due, let time pass until more is, and so on; return how many attempts were made.

    It ends when nothing is left to be sent, or not `within` so many seconds, which have passed then. It is for a clock
    that stands still.
    """
    left, made = within, await deliver_due(simulator, send)
    while (pause := simulator.deliveries.pause()) is not None and pause <= left:
        simulator.clock.advance(pause)
        left -= pause
        made += await deliver_due(simulator, send)
    if pause is not None:
        simulator.clock.advance(left)
    return made


@asynccontextmanager
async def delivering(simulator: Simulator, send: Send) -> AsyncGenerator[None, None]:
    """Send whatever becomes due while the block runs, several at once, as Clio does.

    A clock that stands still has to be advanced by somebody. What is under way at the end counts as not answered.
    """
    deliveries, alarm = simulator.deliveries, _Alarm()
    before = deliveries.sender
    deliveries.sender = send
    deliveries.watchers.append(alarm.ring)
    simulator.clock.watchers.append(alarm.ring)
    raised: Exception | None = None
    try:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(_keep_sending, deliveries, send, alarm)
            try:
                yield
            except Exception as error:  # it is the caller's, and no group of errors
                raised = error
            tasks.cancel_scope.cancel()
    finally:
        deliveries.sender = before
        deliveries.watchers.remove(alarm.ring)
        simulator.clock.watchers.remove(alarm.ring)
    if raised is not None:
        raise raised


def towards(origin: str, send: Send) -> Send:
    """Return what sends everything to one origin, ``http://127.0.0.1:8000``, with the path and query that it has.

    Webhooks are for https alone, and a service under development has none.
    """
    base = origin.rstrip("/")

    def turned(request: Request) -> Awaitable[Response]:
        url = base + request.url.removeprefix(origin_of(request.url))
        return send(Request(request.method, url, request.headers, request.body))

    return turned


async def greet(deliveries: Deliveries) -> None:
    """Carry out the handshakes that come before the answer to the request they belong to."""
    while deliveries.greetings and deliveries.sender is not None:
        await _attempt(deliveries, deliveries.greetings.popleft(), deliveries.sender)


class _Alarm:
    """What wakes the sender before the time for which it went to sleep."""

    def __init__(self) -> None:
        self.rung = anyio.Event()

    def ring(self) -> None:
        self.rung.set()


async def _keep_sending(deliveries: Deliveries, send: Send, alarm: _Alarm) -> None:
    async with anyio.create_task_group() as tasks:
        while True:
            alarm.rung = anyio.Event()
            while (delivery := deliveries.take()) is not None:
                tasks.start_soon(_attempt, deliveries, delivery, send)
            pause = deliveries.pause()
            with anyio.move_on_after(math.inf if pause is None else pause):
                await alarm.rung.wait()


async def _attempt(deliveries: Deliveries, delivery: Delivery, send: Send) -> None:
    """Send one, and tell the queue what came of it: no answer, if it is cancelled."""
    response: Response | None = None
    try:
        with anyio.move_on_after(deliveries.patience):
            response = await send(deliveries.request(delivery))
    except (TransportError, OSError):
        pass
    finally:
        deliveries.ended(delivery, response)
