"""`Creating`: a webhook is made once, whatever is cut short and whoever else makes the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from ...errors import APIError, AuthError, ClioError, InvalidArgument, NotSent
from ...protocol import subscriptions as rules
from ...protocol.hook_addresses import keyed, split_key
from ...protocol.subscriptions import Plan
from ...webhooks.subscriptions import Subscription
from .ensured import Ensured
from .noting import FIELDS, Notes
from .slot import Slot

if TYPE_CHECKING:
    from ...models._generated.webhooks import Webhook

__all__ = ["POLL", "Creating"]

POLL = 2.0
"""Seconds, at most, until one looks what became of what somebody else does."""
_NOTHING_DONE = (AuthError, InvalidArgument, NotSent)


class Creating:
    """Creates a webhook."""

    def __init__(self, slot: Slot, notes: Notes) -> None:
        self._slot = slot
        self._notes = notes

    async def create(self, plan: Plan[Subscription], held: list[Subscription]) -> Ensured | None:
        """Create a webhook. None: somebody else is about to, or was quicker."""
        claim = await self._claimed(plan, held)
        if claim is None:
            await self._slot.caller.pause(POLL)
            return None
        try:
            record = await self._posted(claim)
        except ClioError as error:
            if isinstance(error, _NOTHING_DONE) or (isinstance(error, APIError) and error.status < 500):
                await self._slot.store.replace(claim, None)
                raise
            found = await self._found(claim.key)
            if found is None:
                raise
            record = found
        settled = await self._notes.settled(claim, record)
        if settled is None:
            return None
        return await self._notes.done(plan, "repaired" if plan.repairs else "created", *settled)

    async def _claimed(self, plan: Plan[Subscription], held: list[Subscription]) -> Subscription | None:
        """Note that a webhook is about to be created, if nobody else has.

        Whoever notes it looks afterwards whether others have: of two that do so at once one sees the other, or both
        do, and step back.
        """
        now, old = self._slot.caller.wall_clock(), plan.held
        claim = Subscription(
            old.key if old is not None else self._slot.key(),
            self._slot.principal,
            self._slot.wanted.model,
            self._slot.wanted.url,
            self._slot.wanted.fields,
            tuple(sorted(self._slot.wanted.events)),
            awaited_until=now + rules.AWAITED,
            covered_from=plan.covered_from,
            walk=plan.walk,
            made_at=now,
        )
        if not await self._slot.store.replace(old, claim):
            return None
        if {one.key for one in await self._slot.held()} - {one.key for one in held} - {claim.key}:
            await self._slot.store.replace(claim, None)
            return None
        return claim

    async def _posted(self, claim: Subscription) -> Webhook:
        url = keyed(claim.url, claim.key)
        made = await self._slot.until(
            lambda end: self._slot.hooks.create(
                fields=FIELDS,
                url=url,
                model=claim.model,
                fields_=claim.fields,
                events=claim.events,
                expires_at=end,
            )
        )
        return cast("Webhook", made)

    async def _found(self, key: str) -> Webhook | None:
        """Return the webhook of a key, if Clio has one."""
        async for record in self._slot.shown():
            if split_key(getattr(record, "url", None) or "")[1] == key:
                return record
        return None
