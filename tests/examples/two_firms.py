"""One receiver that serves several firms, also of several regions: each event is read by the client of its firm."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from clio_async import Clio
from clio_async.webhooks import Event, Receiver, SubscriptionStore

log = logging.getLogger(__name__)


class Firms:
    """The clients of all firms, by whom they read for. `copies` is what they read: by principal and id."""

    def __init__(self, clients: Iterable[Clio]) -> None:
        self._clients = {clio.principal.fingerprint: clio for clio in clients}
        self.copies: dict[tuple[str, int], dict[str, object]] = {}

    def receiver(self, subscriptions: SubscriptionStore) -> Receiver:
        """Return what receives the events of all. Run ``clio.webhooks.keep(receiver, …)`` for each firm."""
        return Receiver(subscriptions, self.on_event)

    async def on_event(self, event: Event) -> None:
        """Read what an event is about, on behalf of whom it was sent to. Two regions may use one id for two records."""
        clio = self._clients.get(event.principal)
        if clio is None:  # a firm that has left, or approved the app anew: its old webhook goes on until it expires
            log.warning("An event came for a firm that is not known: %s.", event.principal[:8])
            return
        matter = await event.read(clio, fields="id,description")  # this also outdates what the client holds of it
        if matter is None:
            self.copies.pop((event.principal, event.id), None)
        else:
            self.copies[event.principal, event.id] = matter.to_dict()
