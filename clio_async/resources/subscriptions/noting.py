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
from ...protocol.hook_forms import differs, form_of
from ...protocol.hook_gaps import earliest, lost_at
from ...protocol.looks import next_look, renewal
from ...protocol.subscriptions import SHORTEST, Plan, Wanted
from ...secrets import Secret
from ...webhooks.subscriptions import Subscription, SubscriptionStore
from .ensured import Did, Ensured
from .wanted import Kind

if TYPE_CHECKING:
    from ...models._generated.webhooks import Webhook
    from ..caller import Caller
    from ..webhooks import Webhooks

__all__ = ["FIELDS", "Notes", "moment", "seconds_of", "status_of", "told_by", "unkept"]

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
        """Note what Clio says of a webhook, and activate it if it still waits. None: it was forgotten meanwhile.

        `missed` is since when something may have been missed up to now that was not known; None: nothing may.
        """
        noted = await self._noted(held.key, record, missed)
        if noted is None or status_of(record) != "pending" or noted.secret is None:
            return None if noted is None else (noted, record)
        try:
            await self._hooks.activate(record.id, noted.secret)
            record = await unkept(self._hooks, self._caller).get(record.id, fields=FIELDS)
        except (APIError, OutcomeUnknown) as error:
            write(WARNING, "webhook", resource="webhooks", outcome="pending", error=type(error).__name__)
            return noted, record
        noted = await self._noted(held.key, record, missed)
        return None if noted is None else (noted, record)

    async def _noted(self, key: str, record: Webhook, missed: float | None) -> Subscription | None:
        while (found := await self._store.get(key)) is not None:
            new = self._with(found, record, missed)
            if new == found or await self._store.replace(found, new):
                if found.secret is not None and found.secret != new.secret:
                    write(WARNING, "webhook", resource="webhooks", outcome="other_secret")
                if new.taken is not None and new.taken != found.taken:
                    write(WARNING, "webhook", resource="webhooks", outcome="not_taken")
                return new
        return None

    def _with(self, held: Subscription, record: Webhook, missed: float | None) -> Subscription:
        now, secret = self._caller.wall_clock(), told_by(record) or held.secret
        well = secret is not None and status_of(record) not in ("pending", "suspended")
        if held.secret is not None and held.secret != secret:  # what was signed with the other one, we have refused
            missed = earliest(missed, lost_at(held, seconds_of(record, "created_at"), now))
        since = earliest(missed, held.covered_from)
        again = now if missed is not None or held.covered_until is None else held.covered_until
        lower = held.covered_from is not None and since != held.covered_from
        events, fields = getattr(record, "events", None) or (), getattr(record, "fields", None) or ""
        expires = seconds_of(record, "expires_at")
        return evolve(
            held,
            webhook_id=record.id,
            secret=secret,
            fields=self._wanted.fields,
            events=tuple(sorted(self._wanted.events)),
            taken=form_of(events, fields) if differs(self._wanted, events, fields) else None,
            awaited_until=None if well else held.awaited_until,
            covered_from=since,
            covered_until=again if well and since is not None else None,
            walk=None if lower else held.walk,
            seen_at=now if well else held.seen_at,
            expires_at=expires,
            renew_at=self._renewal(held, expires, now),
        )

    def _renewal(self, held: Subscription, expires: float | None, now: float) -> float:
        """Return when to renew: drawn anew if the end is another, or was asked to be and is not."""
        if held.renew_at is not None and held.renew_at > now and expires == held.expires_at:
            return held.renew_at
        end = now + SHORTEST if expires is None else expires  # where Clio does not tell it, what it gives by itself
        return renewal(end, now, self._caller.random())

    async def done(self, plan: Plan[Subscription], did: Did, held: Subscription, record: Webhook) -> Ensured:
        left = {one for one in plan.superfluous if not await self._deleted(one)}
        for one in plan.spent:
            if one.webhook_id not in left:
                await self._store.replace(one, None)
        now = self._caller.wall_clock()
        mute = held.secret is None or status_of(record) == "pending"
        pending = now - (held.made_at or now) if mute else None
        again = next_look(pending, held.renew_at, now, self._every, self._caller.random())
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


def unkept(hooks: Webhooks, caller: Caller) -> Webhooks:
    """Return what reads webhooks as they are now. What it is told, secrets among it, is not kept."""
    return type(hooks)(caller.unhurried(None))


def told_by(record: Webhook) -> Secret | None:
    """Return the secret of a webhook, if Clio tells it."""
    text = getattr(record, "shared_secret", None)
    return Secret(text) if text else None


def status_of(record: Webhook) -> str:
    """Return the status of a webhook; "" if Clio does not tell it."""
    return getattr(record, "status", None) or ""


def seconds_of(record: Webhook, name: str) -> float | None:
    """Return a moment of a webhook, if Clio tells it."""
    found: dt.datetime | None = getattr(record, name, None)
    return None if found is None else found.timestamp()


def moment(seconds: float) -> dt.datetime:
    return dt.datetime.fromtimestamp(seconds, dt.UTC)
