"""`Gaps`: an event that was sent away, or not handled, may be lost: so its subscription has a gap."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

import anyio
from attrs import evolve

from ..logs import write
from ..protocol.hook_gaps import RETRIED
from .subscriptions import Subscription, SubscriptionStore

__all__ = ["Gaps", "widened"]

_PERIOD: Final = 60.0
"""Seconds. Clio's first pause is twice as long: what is not noted at once is noted when it has come again."""
_PATIENCE: Final = 5.0
_ATTEMPTS: Final = 5


class Gaps:
    """Notes gaps in a store, once a minute for each subscription at most."""

    def __init__(self, subscriptions: SubscriptionStore, wall_clock: Callable[[], float]) -> None:
        self._subscriptions = subscriptions
        self._wall_clock = wall_clock
        self._noted: dict[str, float] = {}

    async def note(self, key: str) -> None:
        """Note that an event of a subscription may be lost. What the store fails with is logged."""
        now = self._wall_clock()
        self._noted = {one: moment for one, moment in self._noted.items() if 0 <= now - moment < _PERIOD}
        if key in self._noted:
            return
        self._noted[key] = now
        try:
            with anyio.move_on_after(_PATIENCE):
                await self._note(key, now)
        except Exception as error:
            write(logging.ERROR, "webhook", outcome="gap", error=type(error).__name__)

    async def _note(self, key: str, now: float) -> None:
        for _ in range(_ATTEMPTS):
            found = await self._subscriptions.get(key)
            if found is None or await self._subscriptions.replace(found, widened(found, now)):
                return


def widened(subscription: Subscription, now: float) -> Subscription:
    """Return a subscription of which an event may be lost, now: of a change that is as old as an event can be.

    A gap that goes on stays as it is. One whose walk may have passed the record already lasts until now.
    """
    if subscription.covered_from is None:
        return evolve(subscription, covered_from=now - RETRIED, covered_until=now)
    until = subscription.covered_until
    return subscription if until is None else evolve(subscription, covered_until=max(until, now))
