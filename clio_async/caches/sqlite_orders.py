"""What the writing thread of a `SQLiteCache` has to do, and how it tells whoever waits for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

import anyio
from anyio.lowlevel import current_token

from .sqlite_tables import Tables

__all__ = ["Order", "wake"]


def _nothing(_: Tables) -> None: ...


class Order:
    """A step of the writing thread, and whoever waits for it."""

    __slots__ = ("error", "event", "home", "is_left", "must", "result", "step")

    def __init__(self, step: Callable[[Tables], Any] = _nothing, must: bool = True) -> None:
        self.step = step
        self.must = must
        self.home: Any = getattr(token := current_token(), "native_token", token)  # newer versions of anyio wrap it
        self.event = anyio.Event()
        self.is_left = False
        self.result: Any = None
        self.error: Exception | None = None


def wake(orders: Iterable[Order]) -> None:
    """Tell those who wait, with one call for each event loop."""
    homes: dict[int, tuple[Any, list[anyio.Event]]] = {}
    for order in orders:
        homes.setdefault(id(order.home), (order.home, []))[1].append(order.event)
    for home, events in homes.values():
        call = getattr(home, "call_soon_threadsafe", None) or home.run_sync_soon
        with suppress(RuntimeError):  # that event loop has ended
            call(_set, events)


def _set(events: Iterable[anyio.Event]) -> None:
    for event in events:
        event.set()
