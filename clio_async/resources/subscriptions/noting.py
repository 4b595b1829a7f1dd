"""`Notes`: what Clio says of a webhook is noted in the store, and what has become superfluous is cleared away.

What Clio itself answers wins over what a handshake said, which anybody may have sent.
"""

from __future__ import annotations

import datetime as dt
from logging import WARNING
from typing import TYPE_CHECKING

from attrs import evolve

from ...errors import APIError, ClioError, NotFound, OutcomeUnknown
from ...logs import write
from ...protocol import subscriptions as rules
from ...protocol.subscriptions import Plan, Wanted
from ...secrets import Secret
from ...webhooks.subscriptions import Subscription, SubscriptionStore
from .ensured import Did, Ensured
from .wanted import Kind

if TYPE_CHECKING:
    from ...models._generated.webhooks import Webhook
    from ..caller import Caller
    from ..webhooks import Webhooks

__all__ = ["FIELDS", "Notes", "moment", "told_by"]

FIELDS = "id,etag,url,model,status,events,fields,expires_at,created_at,shared_secret,user{id}"
"""What is asked for of a webhook."""


class Notes:
    """Notes what is known of one webhook."""

    def __init__(
        self, hooks: Webhooks, caller: Caller, store: SubscriptionStore, kind: Kind, wanted: Wanted, every: float
    ) -> None:
        self._hooks = hooks
        self._caller = caller
        self._store = store
        self._kind = kind
        self._wanted = wanted
        self._every = every

    async def settled(
        self, held: Subscription, record: Webhook, missed: float | None = None
    ) -> tuple[Subscription, Webhook] | None:
        """Note what Clio says of a webhook, and activate it if it still waits. None: it was forgotten meanwhile."""
        noted = await self._noted(held.key, record, missed)
        if noted is None or record.status != "pending" or noted.secret is None:
            return None if noted is None else (noted, record)
        try:
            await self._hooks.activate(record.id, noted.secret)
            record = await self._hooks.get(record.id, fields=FIELDS)
        except (APIError, OutcomeUnknown) as error:
            write(WARNING, "webhook", resource="webhooks", outcome="pending", error=type(error).__name__)
            return noted, record
        noted = await self._noted(held.key, record, missed)
        return None if noted is None else (noted, record)

    async def _noted(self, key: str, record: Webhook, missed: float | None) -> Subscription | None:
        while (found := await self._store.get(key)) is not None:
            new = self._with(found, record, missed)
            if new == found or await self._store.replace(found, new):
                return new
        return None

    def _with(self, held: Subscription, record: Webhook, missed: float | None) -> Subscription:
        now, told = self._caller.wall_clock(), told_by(record)
        enabled = record.status not in ("pending", "suspended")
        if told is not None and held.secret is not None and told != held.secret:
            write(WARNING, "webhook", resource="webhooks", outcome="other_secret")
        expires = None if record.expires_at is None else record.expires_at.timestamp()
        renew_at = held.renew_at
        if expires != held.expires_at or (expires is not None and renew_at is None):
            renew_at = None if expires is None else rules.renewal(expires, now, self._caller.random())
        return evolve(
            held,
            webhook_id=record.id,
            secret=told or held.secret,
            fields=self._wanted.fields,
            events=tuple(sorted(self._wanted.events)),
            awaited_until=None if enabled else held.awaited_until,
            covered_from=missed if held.covered_from is None else held.covered_from,
            seen_at=now if enabled else held.seen_at,
            expires_at=expires,
            renew_at=renew_at,
        )

    async def done(self, plan: Plan[Subscription], did: Did, held: Subscription, record: Webhook) -> Ensured:
        left = {one for one in plan.superfluous if not await self._deleted(one)}
        for one in plan.spent:
            if one.webhook_id not in left:
                await self._store.replace(one, None)
        now = self._caller.wall_clock()
        pending = now - (held.made_at or now) if record.status == "pending" else None
        again = rules.next_look(pending, held.renew_at, now, self._every, self._caller.random())
        since = None if held.covered_from is None else moment(held.covered_from)
        return Ensured(record, did, moment(again), since, self._kind, self._caller, self._store, held)

    async def _deleted(self, id: int) -> bool:
        """Delete a webhook of ours that another has taken the place of. If that fails, the next `ensure` does it."""
        try:
            await self._hooks.delete(id)
        except NotFound:
            return True
        except ClioError as error:
            write(WARNING, "webhook", resource="webhooks", outcome="left", error=type(error).__name__)
            return False
        return True


def told_by(record: Webhook) -> Secret | None:
    """Return the secret of a webhook, if Clio tells it."""
    return Secret(record.shared_secret) if "shared_secret" in record and record.shared_secret else None


def moment(seconds: float) -> dt.datetime:
    return dt.datetime.fromtimestamp(seconds, dt.UTC)
