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
    from .wanted import Kind

__all__ = ["Did", "Ensured"]

Did: TypeAlias = Literal["created", "adopted", "renewed", "changed", "repaired", "kept"]
"""What was done: ``repaired`` created one in the place of one that was suspended, had expired, or was gone."""


@frozen
class Ensured:
    """A webhook that is there, and since when changes may have been missed.

    After a gap: walk `missed`, do what an event would have done about each record, then call `covered`.
    """

    webhook: Webhook = field(repr=lambda webhook: f"<Webhook {webhook.id} {webhook.status}>")
    """As Clio shows it. Its `url` has the key in it."""
    did: Did
    next_at: dt.datetime
    """When to call `ensure` again: soon while the webhook is pending."""
    missed_since: dt.datetime | None
    """What changed since then may never have been told. None: there is no gap. A gap stays until `covered` is called.

    A webhook that is new has one that begins a few minutes before it was made; what was before that, it was not to
    tell.
    """
    _kind: Kind = field(repr=False, eq=False)
    _caller: Caller = field(repr=False, eq=False)
    _store: SubscriptionStore = field(repr=False, eq=False)
    _held: Subscription = field(repr=False, eq=False)

    @property
    def enabled(self) -> bool:
        """Whether Clio sends events. While it does not, what is missed goes on: close the gap later."""
        return self.webhook.status not in ("pending", "suspended")

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

    async def covered(self) -> bool:
        """Note that the gap is closed, and say whether it still was this one: a later one is not forgotten with it.

        :raises SubscriptionStoreError: if that cannot be noted: the gap stays.
        """
        began = self._held.covered_from
        if began is None:
            return True
        while (found := await self._store.get(self._held.key)) is not None and found.covered_from == began:
            if await self._store.replace(found, evolve(found, covered_from=None)):
                return True
        return False


_TRASHED = frozenset({"documents", "folders"})
"""What a walk sees after it was deleted."""
