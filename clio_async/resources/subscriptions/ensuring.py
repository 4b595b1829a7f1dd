"""`Ensuring`: one webhook, created, adopted, renewed or repaired, whatever is cut short and whoever else does the same.

What is asked of Clio is noted in the store before it is asked, under a key that stands in the address: so a webhook
whose creation was not acknowledged is found again, and an event for it can be told from a forged one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...errors import SubscriptionStoreError
from ...protocol import subscriptions as rules
from ...protocol.hook_gaps import SLACK
from ...protocol.looks import watched
from ...protocol.subscriptions import Plan
from ...webhooks.subscriptions import Subscription
from .adopting import Adopting
from .creating import POLL, Creating
from .ensured import Did, Ensured
from .noting import Notes
from .showing import shown_of
from .slot import Slot
from .updating import Patience, Updating
from .wanted import Kind

if TYPE_CHECKING:
    from ...models._generated.webhooks import Webhook

__all__ = ["Ensuring"]

_ROUNDS = 50
_LOOKS = int(2 * (rules.LEASE + SLACK) / POLL)


class Ensuring:
    """Sees to it that there is one webhook, once."""

    def __init__(self, slot: Slot, kind: Kind, every: float) -> None:
        self._slot = slot
        self._watched = watched(every)
        self._notes = Notes(slot.hooks, slot.caller, slot.store, kind, slot.wanted, every)
        self._creating = Creating(slot, self._notes)
        self._patience = Patience(slot.wanted.model)
        self._updating = Updating(slot, self._patience)
        self._adopting = Adopting(slot, self._patience)

    async def ensure(self) -> Ensured:
        """Do what has to be done. Raises what `Webhooks.ensure` raises."""
        did: Did | None = None
        for _ in range(_ROUNDS):
            held = await self._slot.held()
            records = {record.id: record async for record in self._slot.shown() if "id" in record}
            shown = [shown_of(record, self._adopting.strangers) for record in records.values()]
            plan = rules.decide(self._slot.wanted, shown, held, self._slot.caller.wall_clock(), self._watched)
            ended: Ensured | None = None
            if plan.held is not None and plan.act == "wait":
                await self._wait(plan.held)
            elif plan.shown is None:
                ended = await self._creating.create(plan, held)
            elif plan.held is None:
                did = "adopted" if await self._adopting.adopt(plan, records[plan.shown.id]) else did
            else:
                ended = await self._living(plan, plan.held, records[plan.shown.id], did)
            if ended is not None:
                return ended
        raise SubscriptionStoreError(
            f"The webhook for {self._slot.wanted.model} could not be settled: others change it, or the store, all the "
            "time. See whether two applications with stores of their own use one address."
        )

    async def _wait(self, given: Subscription) -> None:
        """Wait until somebody else has created the webhook of a claim, or had the time to."""
        claim: Subscription | None = given
        for _ in range(_LOOKS):
            if claim is None or not rules.is_claim(claim, self._slot.caller.wall_clock()):
                return
            await self._slot.caller.pause(POLL)
            claim = await self._slot.store.get(claim.key)

    async def _living(
        self, plan: Plan[Subscription], held: Subscription, record: Webhook, did: Did | None
    ) -> Ensured | None:
        """Renew or change a webhook, or keep it. None: it has to be looked at once more."""
        if plan.act == "update":
            updated = await self._updating.update(plan, record)
            if updated is None:
                await self._slot.caller.pause(POLL)
                return None
            record = updated
        settled = await self._notes.settled(held, record, plan.covered_from if plan.lost else None)
        if settled is None:
            return None
        return await self._notes.done(plan, did or self._updating.did, *settled)
