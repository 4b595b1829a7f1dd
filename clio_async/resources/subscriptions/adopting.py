"""`Adopting`: a webhook that is there already becomes one of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import evolve

from ...errors import Forbidden, NotFound, PreconditionFailed
from ...protocol import subscriptions as rules
from ...protocol.hook_addresses import keyed, split_key
from ...protocol.subscriptions import Plan
from ...webhooks.subscriptions import Subscription
from .creating import POLL
from .noting import told_by
from .slot import Slot
from .updating import Patience, guarded

if TYPE_CHECKING:
    from ...models._generated.webhooks import Webhook

__all__ = ["Adopting"]


class Adopting:
    """Adopts webhooks, unless they are of other users."""

    def __init__(self, slot: Slot, patience: Patience) -> None:
        self._slot = slot
        self._patience = patience
        self._user: int | None = None
        self.strangers: frozenset[int] = frozenset()
        """Webhooks that are of others, by their ids."""

    async def adopt(self, plan: Plan[Subscription], record: Webhook) -> bool:
        """Make a webhook ours that we did not create, or of whose creation nothing is known any more.

        One that has a key, and whose secret Clio tells, is left as it is; any other is given a key, which Clio answers
        with a new handshake.
        """
        now, key = self._slot.caller.wall_clock(), split_key(getattr(record, "url", None) or "")[1]
        theirs = None if key is None else await self._slot.store.get(key)
        if not await self._is_mine(record, unless_told=theirs is None):
            self.strangers |= {record.id}
            return False
        if theirs is not None:  # the user has approved the app anew, which makes another principal
            return await self._slot.store.replace(theirs, evolve(theirs, principal=self._slot.principal, walk=None))
        known = key is not None and told_by(record) is not None
        adopted = Subscription(
            key if key is not None and known else self._slot.key(),
            self._slot.principal,
            self._slot.wanted.model,
            self._slot.wanted.url,
            self._slot.wanted.fields,
            tuple(sorted(self._slot.wanted.events)),
            webhook_id=record.id,
            secret=told_by(record) if known else None,
            awaited_until=now + rules.AWAITED,
            covered_from=plan.covered_from,
            walk=plan.walk,
            made_at=now,
        )
        if not await self._slot.store.replace(None, adopted):
            return False
        if not known:
            try:
                await self._slot.hooks.update(guarded(record), url=keyed(adopted.url, adopted.key), fields="id")
            except (PreconditionFailed, NotFound) as error:
                await self._slot.store.replace(adopted, None)
                self._patience.refused(error)
                await self._slot.caller.pause(POLL)
                return False
        return True

    async def _is_mine(self, record: Webhook, *, unless_told: bool) -> bool:
        """Say whether a webhook is of the user who asks: the events of others are not for this principal.

        `unless_told` is the answer where Clio does not say whose it is.
        """
        owner: int | None = getattr(getattr(record, "user", None), "id", None)
        if owner is None:
            return unless_told
        if self._user is None:
            users: Any = getattr(self._slot.caller, "users")  # noqa: B009 - a caller is a client, which has resources
            try:
                self._user = (await users.who_am_i(fields="id")).id
            except Forbidden:
                return False
        return owner == self._user
