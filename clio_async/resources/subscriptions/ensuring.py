"""`Ensuring`: one webhook, created, adopted, renewed or repaired, whatever is cut short and whoever else does the same.

What is asked of Clio is noted in the store before it is asked, under a key that stands in the address: so a webhook
whose creation was not acknowledged is found again, and an event for it can be told from a forged one.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from attrs import evolve

from ...errors import (
    APIError,
    AuthError,
    ClioError,
    Forbidden,
    InvalidArgument,
    NotFound,
    NotSent,
    OutcomeUnknown,
    PreconditionFailed,
    SubscriptionStoreError,
    UnprocessableEntity,
)
from ...protocol import subscriptions as rules
from ...protocol.subscriptions import Plan, Shown, Wanted
from ...webhooks.subscriptions import Subscription, SubscriptionStore
from .ensured import Did, Ensured
from .noting import FIELDS, Notes, moment, told_by
from .wanted import Kind

if TYPE_CHECKING:
    from ...models._generated.webhooks import Webhook
    from ..caller import Caller
    from ..webhooks import Webhooks

__all__ = ["Ensuring", "new_key"]

_ROUNDS = 50
_POLL = 2.0
_NOTHING_DONE = (AuthError, InvalidArgument, NotSent)


def new_key() -> str:
    """Return a key that nobody can guess."""
    return secrets.token_urlsafe(24)


class Ensuring:
    """Sees to it that there is one webhook, once."""

    def __init__(
        self,
        hooks: Webhooks,
        caller: Caller,
        store: SubscriptionStore,
        kind: Kind,
        wanted: Wanted,
        life: float,
        every: float,
        key: Callable[[], str] = new_key,
    ) -> None:
        self._hooks = hooks
        self._caller = caller
        self._store = store
        self._kind = kind
        self._wanted = wanted
        self._life = life
        self._every = every
        self._key = key
        self._notes = Notes(hooks, caller, store, kind, wanted, every)
        self._principal = caller.scope.partition(" ")[0]
        self._user: int | None = None
        self._strangers: frozenset[int] = frozenset()

    async def ensure(self) -> Ensured:
        """Do what has to be done. Raises what `Webhooks.ensure` raises."""
        did: Did | None = None
        for _ in range(_ROUNDS):
            held = await self._held()
            records = {record.id: record async for record in self._hooks.list(fields=FIELDS)}
            shown = [self._shown(record) for record in records.values()]
            plan = rules.decide(self._wanted, shown, held, self._caller.wall_clock(), 2 * self._every)
            ended: Ensured | None = None
            if plan.held is not None and plan.act == "wait":
                await self._wait(plan.held)
            elif plan.shown is None:
                ended = await self._create(plan, held)
            elif plan.held is None:
                did = "adopted" if await self._adopt(plan, records[plan.shown.id]) else did
            else:
                ended = await self._living(plan, plan.held, records[plan.shown.id], did)
            if ended is not None:
                return ended
        raise SubscriptionStoreError(
            f"The webhook for {self._kind.model} could not be settled: others change it, or the store, all the time. "
            "See whether two applications with stores of their own use one address."
        )

    async def _held(self) -> list[Subscription]:
        """Return what the store has of this webhook."""
        found = [one for one in await self._store.all() if one.principal == self._principal]
        slot = (self._wanted.model, self._wanted.url)
        return sorted(
            (one for one in found if (one.model, one.url) == slot), key=lambda one: (one.made_at or 0, one.key)
        )

    def _shown(self, record: Webhook) -> Shown:
        url, key = rules.split_key(record.url or "")
        return Shown(
            record.id,
            url,
            key,
            str(record.model),
            frozenset(map(str, record.events or ())),
            "".join((record.fields or "").split()),
            str(record.status),
            None if record.expires_at is None else record.expires_at.timestamp(),
            record.id not in self._strangers,
            bool(told_by(record)),
        )

    async def _wait(self, given: Subscription) -> None:
        """Wait until somebody else has created the webhook of a claim, or had the time to."""
        claim: Subscription | None = given
        while claim is not None and rules.is_claim(claim, self._caller.wall_clock()):
            await self._caller.pause(_POLL)
            claim = await self._store.get(claim.key)

    # -- creating ---------------------------------------------------------------------------------------------------

    async def _create(self, plan: Plan[Subscription], held: list[Subscription]) -> Ensured | None:
        """Create a webhook. None: somebody else is about to, or was quicker."""
        claim = await self._claimed(plan, held)
        if claim is None:
            await self._caller.pause(_POLL)
            return None
        try:
            record = await self._posted(claim)
        except ClioError as error:
            if isinstance(error, _NOTHING_DONE) or (isinstance(error, APIError) and error.status < 500):
                await self._store.replace(claim, None)
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
        now, old = self._caller.wall_clock(), plan.held
        claim = Subscription(
            old.key if old is not None else self._key(),
            self._principal,
            self._wanted.model,
            self._wanted.url,
            self._wanted.fields,
            tuple(sorted(self._wanted.events)),
            awaited_until=now + rules.AWAITED,
            covered_from=plan.covered_from,
            made_at=now,
        )
        if not await self._store.replace(old, claim):
            return None
        if {one.key for one in await self._held()} - {one.key for one in held} - {claim.key}:
            await self._store.replace(claim, None)
            return None
        return claim

    async def _posted(self, claim: Subscription) -> Webhook:
        url = rules.keyed(claim.url, claim.key)
        made = await self._until(
            lambda end: self._hooks.create(
                fields=FIELDS,
                url=url,
                model=claim.model,
                fields_=claim.fields,
                events=claim.events,
                expires_at=end,
            )
        )
        return cast("Webhook", made)

    async def _until(self, ask: Callable[[dt.datetime], Any]) -> Any:
        """Ask for the longest life that Clio grants: its clock is not ours, and its limit may change."""
        lives = sorted({self._life, 0.9 * self._life, min(self._life, rules.SHORTEST)}, reverse=True)
        for life in lives[:-1]:
            try:
                return await ask(moment(self._caller.wall_clock() + life))
            except UnprocessableEntity as refused:
                if "expires" not in str(refused.message):
                    raise
        return await ask(moment(self._caller.wall_clock() + lives[-1]))

    async def _found(self, key: str) -> Webhook | None:
        """Return the webhook of a key, if Clio has one."""
        async for record in self._hooks.list(fields=FIELDS):
            if rules.split_key(record.url or "")[1] == key:
                return record
        return None

    # -- what is there ----------------------------------------------------------------------------------------------

    async def _adopt(self, plan: Plan[Subscription], record: Webhook) -> bool:
        """Make a webhook ours that we did not create, or of whose creation nothing is known any more.

        One that has a key, and whose secret Clio tells, is left as it is; any other is given a key, which Clio answers
        with a new handshake.
        """
        now, key = self._caller.wall_clock(), rules.split_key(record.url or "")[1]
        theirs = None if key is None else await self._store.get(key)
        if not await self._is_mine(record, unless_told=theirs is None):
            self._strangers |= {record.id}
            return False
        if theirs is not None:  # the user has approved the app anew, which makes another principal
            return await self._store.replace(theirs, evolve(theirs, principal=self._principal))
        known = key is not None and told_by(record) is not None
        adopted = Subscription(
            key if key is not None and known else self._key(),
            self._principal,
            self._wanted.model,
            self._wanted.url,
            self._wanted.fields,
            tuple(sorted(self._wanted.events)),
            webhook_id=record.id,
            secret=told_by(record) if known else None,
            awaited_until=now + rules.AWAITED,
            covered_from=plan.covered_from,
            made_at=now,
        )
        if not await self._store.replace(None, adopted):
            return False
        if not known:
            try:
                await self._hooks.update(record, url=rules.keyed(adopted.url, adopted.key), fields="id")
            except (PreconditionFailed, NotFound):
                await self._store.replace(adopted, None)
                return False
        return True

    async def _is_mine(self, record: Webhook, *, unless_told: bool) -> bool:
        """Say whether a webhook is of the user who asks: the events of others are not for this principal.

        `unless_told` is the answer where Clio does not say whose it is.
        """
        owner = None if record.user is None else record.user.id
        if owner is None:
            return unless_told
        if self._user is None:
            users: Any = getattr(self._caller, "users")  # noqa: B009 - a caller is a client, which has resources
            try:
                self._user = (await users.who_am_i(fields="id")).id
            except Forbidden:
                return False
        return owner == self._user

    async def _living(
        self, plan: Plan[Subscription], held: Subscription, record: Webhook, did: Did | None
    ) -> Ensured | None:
        """Renew or change a webhook, or keep it. None: somebody else has changed it meanwhile."""
        if plan.act == "update":
            try:
                record = await self._updated(plan, record)
            except (PreconditionFailed, NotFound, OutcomeUnknown):
                await self._caller.pause(_POLL)
                return None
        settled = await self._notes.settled(held, record, plan.covered_from)
        if settled is None:
            return None
        done: Did = "changed" if plan.changes else "renewed" if plan.renews else "kept"
        return await self._notes.done(plan, did or done, *settled)

    async def _updated(self, plan: Plan[Subscription], record: Webhook) -> Webhook:
        changes: dict[str, Any] = {}
        if plan.changes:
            changes |= {"events": sorted(self._wanted.events), "fields_": self._wanted.fields}
        if not plan.renews:
            return await self._hooks.update(record, fields=FIELDS, **changes)
        renewed = await self._until(lambda end: self._hooks.update(record, fields=FIELDS, expires_at=end, **changes))
        return cast("Webhook", renewed)
