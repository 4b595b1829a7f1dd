"""`Ensured`: what became of a webhook that was to be there."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, cast

from attrs import evolve, field, frozen

from ...changes import Changes
from ...models.selection import Fields
from ...webhooks.event import Event

if TYPE_CHECKING:
    from ...models._generated.webhooks import Webhook
    from ...webhooks.subscriptions import Subscription, SubscriptionStore
    from ..caller import Caller
    from .closing import Closing
    from .telling import OnMissed, Tell
    from .wanted import Kind

__all__ = ["Did", "Ensured"]

Did: TypeAlias = Literal["created", "adopted", "renewed", "changed", "repaired", "kept"]
"""What was done: ``repaired`` created one in the place of one that was suspended, had expired, or was gone."""


@frozen
class Ensured:
    """A webhook that is there, and since when changes may have been missed.

    After a gap: `close` it. Or do it by yourself: walk `missed`, do what an event would have done about each record,
    then call `covered`.
    """

    webhook: Webhook = field(repr=lambda webhook: f"<Webhook {webhook.id} {getattr(webhook, 'status', '')}>")
    """As Clio shows it. Its `url` has the key in it."""
    did: Did
    next_at: dt.datetime
    """When to call `ensure` again: soon while the webhook is pending."""
    missed_since: dt.datetime | None
    """What changed since then may never have been told. None: there is no gap. A gap stays until `covered` is called.

    A webhook that is new has one that begins a few minutes before it was made; what was before that, it was not to
    tell. One that was adopted has one that begins when it was made: nobody knows what became of its events.
    """
    _kind: Kind = field(repr=False, eq=False)
    _caller: Caller = field(repr=False, eq=False)
    _store: SubscriptionStore = field(repr=False, eq=False)
    _held: Subscription = field(repr=False, eq=False)

    @property
    def enabled(self) -> bool:
        """Whether Clio sends events that can be proved. While it does not, what is missed goes on: close it later."""
        return self._held.secret is not None and getattr(self.webhook, "status", "") not in ("pending", "suspended")

    @property
    def unseen(self) -> str | None:
        """What `missed` cannot find of the gap, in a sentence; None if there is no gap, or it finds all."""
        if self.missed_since is None:
            return None
        if not self._lists:
            return f"Clio lists no {self._kind.resource} by the time of a change: compare all of them with your own."
        if self._kind.resource in _TRASHED:
            return None
        return f"Which {self._kind.resource} were deleted cannot be seen: ask for the ids that you know by get_many."

    @property
    def _lists(self) -> bool:
        return hasattr(getattr(self._caller, self._kind.resource), "iter_changes")

    def missed(self, *, fields: Fields = None) -> Changes[Any] | None:
        """Return the walk over all records that changed in the gap, as `iter_changes` of their resource.

        None if there is no gap, or no such walk: see `unseen`.
        """
        if self.missed_since is None or not self._lists:
            return None
        resource: Any = getattr(self._caller, self._kind.resource)
        return cast("Changes[Any]", resource.iter_changes(self.missed_since, fields=fields))

    def event(self, id: int, etag: str | None = None) -> Event:
        """Return what tells a handler of events that a record may have changed. Its kind is ``"missed"``."""
        held = self._held
        return Event("missed", held.model, id, etag, self.webhook.id, held.principal, held.key)

    async def close(self, on_missed: OnMissed, /, *, until: dt.datetime | None = None) -> bool:
        """Tell of what was missed, record by record, and say whether there is no gap any more.

        This is one pass of what `Webhooks.keep` does, for a program that runs from time to time, and for tests. Each
        record comes to `on_missed`, a `Receiver` or a coroutine function, as an event of the kind ``"missed"``. How far
        that has come is noted in the store, so that the next pass goes on behind it, also in another process; after a
        crash, what was told within the last ten seconds is told again.

        What `on_missed` raises (or takes ten minutes for) is logged at ERROR once for each record. The others are told,
        then that one again, in this pass and in each that follows: the gap stays until all have succeeded. The pass
        ends early after five failures in a row, after one that says that Clio cannot be reached, and while a hundred
        records wait to be told again. For quota it waits, as long as Clio says. It also ends when `until` is over.

        False where the gap could not be walked: see `unseen`, and `enabled`.

        :raises ClioError: what the walk fails with. The next pass goes on where it was.
        :raises ReauthRequired: if the user has revoked the app, also where `on_missed` was told so.
        :raises SubscriptionStoreError: if it cannot be noted how far it has come: some may be told again.
        """
        from .telling import delivery

        tell = delivery(on_missed)
        if self.missed_since is None:
            return True
        end = None if until is None else until.timestamp()
        return self.enabled and await self.closing(tell, end).close() == "closed"

    def closing(self, tell: Tell, until: float | None) -> Closing:
        """Return one pass over the gap, which ends at `until`: for `close` and `keep` alone."""
        from .closing import Closing

        resource, since = self._kind.resource, self.missed_since
        walk: Any = getattr(getattr(self._caller, resource), "iter_changes", None)

        def changes(mark: str | None) -> Changes[Any]:
            return cast("Changes[Any]", walk(mark or since, fields="id,etag"))

        def address(id: int) -> str:
            return f"{self._caller.base_url}/{resource}/{id}"

        known = None if walk is None else changes
        return Closing(self._caller, self._store, self._held.key, known, self.event, tell, address, until)

    async def covered(self) -> bool:
        """Note that the gap is closed, and say whether it still was this one: a later one is not forgotten with it.

        :raises SubscriptionStoreError: if that cannot be noted: the gap stays.
        """
        held = self._held
        if held.covered_from is None:
            return True
        gap = held.covered_from, held.covered_until
        while (found := await self._store.get(held.key)) is not None and gap == (
            found.covered_from,
            found.covered_until,
        ):
            if await self._store.replace(found, evolve(found, covered_from=None, covered_until=None, walk=None)):
                return True
        return False


_TRASHED = frozenset({"documents", "folders"})
"""What a walk sees after it was deleted."""
