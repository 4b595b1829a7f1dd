"""Deliveries as Clio makes them, and a receiver for them."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Awaitable, Callable
from typing import Any

from attrs import define, field

from clio_async.secrets import Secret
from clio_async.webhooks.event import Event
from clio_async.webhooks.receiver import Receiver
from clio_async.webhooks.reply import Reply
from clio_async.webhooks.subscriptions import MemorySubscriptions, Subscription, SubscriptionStore

SECRET = "canary-of-the-shared-secret-0123456789"
KEY = "key-0123456789abcdef"
PRINCIPAL = "p" * 32


def delivery(
    id: Any = 42, event: str = "updated", *, webhook_id: Any = 7, etag: str | None = '"t1"', **data: Any
) -> bytes:
    """The body of an event, with what was asked for of the record."""
    told = {"id": id, "etag": etag, **data} if etag is not None else {"id": id, **data}
    return json.dumps({"data": told, "meta": {"event": event, "webhook_id": webhook_id}}).encode()


def sign(body: bytes, secret: str = SECRET) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def signed(body: bytes, secret: str = SECRET) -> dict[str, str]:
    return {"Content-Type": "application/json", "X-Hook-Signature": sign(body, secret)}


def handshake(webhook_id: Any = 7) -> bytes:
    return json.dumps({"data": {"webhook_id": webhook_id}}).encode()


def subscription(**given: Any) -> Subscription:
    values: dict[str, Any] = {
        "key": KEY,
        "principal": PRINCIPAL,
        "model": "matter",
        "url": "https://hooks.example/clio",
        "fields": "id,etag",
        "events": ("created", "updated", "deleted"),
        "webhook_id": 7,
        "secret": Secret(SECRET),
    }
    return Subscription(**{**values, **given})


def pending(**given: Any) -> Subscription:
    """A subscription that is being created: Clio has not told its number yet."""
    return subscription(**{"webhook_id": None, "secret": None, "awaited_until": 100.0, **given})


async def store_of(*subscriptions: Subscription) -> MemorySubscriptions:
    store = MemorySubscriptions()
    for one in subscriptions:
        assert await store.replace(None, one)
    return store


@define
class Desk:
    """A receiver, and what it was asked to handle."""

    store: SubscriptionStore
    handled: list[Event] = field(factory=list)
    outdated: list[tuple[str, int]] = field(factory=list)
    receiver: Receiver = field(init=False)

    async def note(self, event: Event) -> None:
        self.handled.append(event)

    async def outdate(self, event: Event) -> None:
        self.outdated.append((event.resource or "", event.id))

    async def post(
        self, body: bytes, headers: dict[str, str] | None = None, *, target: str = f"?subscription={KEY}"
    ) -> Reply:
        return await self.receiver.receive("POST", target, signed(body) if headers is None else headers, body)


def desk_of(
    store: SubscriptionStore, on_event: Callable[[Event], Awaitable[object]] | None = None, **given: Any
) -> Desk:
    desk = Desk(store)
    options = {"invalidate": desk.outdate, "wall_clock": lambda: 50.0, **given}
    desk.receiver = Receiver(store, on_event or desk.note, **options)
    return desk
