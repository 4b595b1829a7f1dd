"""Webhooks: what proves that an event is Clio's, what receives it, and what is known of our subscriptions.

`Receiver` needs no framework; ``clio_async.webhooks.asgi`` and ``clio_async.webhooks.aiohttp`` plug it into one.
``clio.webhooks.ensure`` makes the subscriptions, and keeps them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..protocol.webhooks import verify
    from .event import Event
    from .files import FileSubscriptions
    from .receiver import Receiver
    from .reply import Reply
    from .seen import MemorySeen, Seen
    from .subscriptions import MemorySubscriptions, Subscription, SubscriptionStore

_HOMES = {
    "Event": ".event",
    "FileSubscriptions": ".files",
    "MemorySeen": ".seen",
    "MemorySubscriptions": ".subscriptions",
    "Receiver": ".receiver",
    "Reply": ".reply",
    "Seen": ".seen",
    "Subscription": ".subscriptions",
    "SubscriptionStore": ".subscriptions",
    "verify": "..protocol.webhooks",
}

__all__ = [
    "Event",
    "FileSubscriptions",
    "MemorySeen",
    "MemorySubscriptions",
    "Receiver",
    "Reply",
    "Seen",
    "Subscription",
    "SubscriptionStore",
    "verify",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(_HOMES[name], __name__), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return __all__
