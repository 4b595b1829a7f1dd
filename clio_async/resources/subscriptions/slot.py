"""`Slot`: the place of one webhook, at Clio and in the store."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from ...errors import UnprocessableEntity
from ...protocol import subscriptions as rules
from ...protocol.hook_addresses import canonical
from ...protocol.subscriptions import Wanted
from ...webhooks.subscriptions import Subscription, SubscriptionStore
from .noting import FIELDS, moment, unkept

if TYPE_CHECKING:
    from ...models._generated.webhooks import Webhook
    from ..caller import Caller
    from ..webhooks import Webhooks

__all__ = ["Slot"]


def _new_key() -> str:
    """Return a key that nobody can guess."""
    return secrets.token_urlsafe(24)


@frozen
class Slot:
    """What one `ensure` is about, and what it needs for that."""

    hooks: Webhooks
    caller: Caller
    store: SubscriptionStore
    wanted: Wanted
    life: float
    """Seconds that a webhook is to live unless it is renewed."""
    key: Callable[[], str] = field(default=_new_key)
    """Makes a key."""

    @property
    def principal(self) -> str:
        """The fingerprint of the principal."""
        return self.caller.scope.partition(" ")[0]

    async def held(self) -> list[Subscription]:
        """Return what the store has of this webhook."""
        found = [one for one in await self.store.all() if one.principal == self.principal]
        slot = (self.wanted.model, canonical(self.wanted.url))
        ours = [one for one in found if (one.model, canonical(one.url)) == slot]
        return sorted(ours, key=lambda one: (one.made_at or 0, one.key))

    def shown(self) -> AsyncIterator[Webhook]:
        """Ask Clio for all webhooks."""
        return aiter(unkept(self.hooks, self.caller).list(fields=FIELDS))

    async def until(self, ask: Callable[[dt.datetime], Any]) -> Any:
        """Ask for the longest life that Clio grants: its clock is not ours, and its limit may change.

        Whatever the refusal of a long life says, a short one is asked for before it is raised.
        """
        shortest = min(self.life, rules.SHORTEST)
        lives = [life for life in (self.life, 0.9 * self.life) if life > shortest]
        while lives:
            try:
                return await ask(moment(self.caller.wall_clock() + lives.pop(0)))
            except UnprocessableEntity as refused:
                if "expires" not in str(refused.message):
                    break
        return await ask(moment(self.caller.wall_clock() + shortest))
