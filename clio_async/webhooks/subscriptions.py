"""What is known of our own subscriptions, shared by whoever keeps them up and whoever receives their events."""

from __future__ import annotations

from abc import ABC, abstractmethod

from attrs import field, frozen

from ..errors import InvalidArgument
from ..secrets import Secret

__all__ = ["MemorySubscriptions", "Subscription", "SubscriptionStore", "replaced"]


@frozen
class Subscription:
    """A webhook that we have created or adopted, or are about to create.

    `key` is random and stands in the address that Clio calls (``?subscription=…``): it says which subscription a
    request is for, and nobody else knows it.
    """

    key: str = field(repr=False)
    principal: str
    """The fingerprint of the principal whose webhook it is: its events may be shown to nobody else."""
    model: str
    url: str
    """The address as the application gave it."""
    fields: str
    events: tuple[str, ...]
    webhook_id: int | None = None
    """None until Clio has told it."""
    secret: Secret | None = field(default=None, repr=False)
    """What Clio signs with. None until the handshake, or an answer of Clio, has told it."""
    awaited_until: float | None = None
    """Until when a handshake is accepted, in seconds since the epoch. None: none is. One handshake sets it to None."""
    covered_from: float | None = None
    """What changed since this moment (seconds since the epoch) may have been missed; None if nothing may have been."""
    covered_until: float | None = None
    """When Clio sent events again: what was missed, changed before. None where nothing was, or where that goes on."""
    walk: str | None = field(default=None, repr=False)
    """How far the walk over what was missed has come, for `ensure` and `keep` alone: a text of some kilobytes, without
    secrets."""
    made_at: float | None = None
    """When its webhook was asked for. This, and what follows, is in seconds since the epoch, and for `ensure` alone."""
    seen_at: float | None = None
    """When Clio last said that it sends events."""
    expires_at: float | None = None
    """When it ends, as Clio has it."""
    renew_at: float | None = None
    """When that end is to be put off."""
    taken: str | None = None
    """What Clio made of `events` and `fields` when it was asked for them, where that is something else."""


class SubscriptionStore(ABC):
    """Keeps subscriptions, of all principals. What one process has written another must see, if both are to serve one
    application: with a store that only one of them sees, the other refuses what Clio sends.

    It holds secrets: whoever can read it can forge events. `testing.check_subscriptions` checks an implementation.
    All methods raise `SubscriptionStoreError` if it fails; then nothing is known about what it holds.
    """

    @abstractmethod
    async def get(self, key: str) -> Subscription | None:
        """Return the subscription of a key, None if there is none. The key may come from anybody: it is any text."""

    @abstractmethod
    async def all(self) -> tuple[Subscription, ...]:
        """Return all of them, in any order. What a `replace` that has returned has put there is among them."""

    @abstractmethod
    async def replace(self, old: Subscription | None, new: Subscription | None) -> bool:
        """Put `new` in the place of `old`, in one step; say whether that was done: not if `old` is no longer there.

        None for `old` adds, None for `new` takes away. Both have one key. What is there is compared as a whole: of two
        who replace the same at once, one is told that it was not done. If this is cancelled, it was done or not.
        """


class MemorySubscriptions(SubscriptionStore):
    """Keeps them in this process, for as long as it lives.

    `ensure` adopts what an earlier process has left behind. Nothing is known of it then, so what it may have missed
    begins when it was made: a long walk. Where Clio has nothing left of it, what was missed is not known at all.
    """

    def __init__(self) -> None:
        self._kept: dict[str, Subscription] = {}

    async def get(self, key: str) -> Subscription | None:
        return self._kept.get(key)

    async def all(self) -> tuple[Subscription, ...]:
        return tuple(self._kept.values())

    async def replace(self, old: Subscription | None, new: Subscription | None) -> bool:
        return replaced(self._kept, old, new)


def replaced(kept: dict[str, Subscription], old: Subscription | None, new: Subscription | None) -> bool:
    """Replace one by another in a dictionary by keys, if the old one is there; say whether it was.

    :raises InvalidArgument: if they have two keys, or there is neither.
    """
    keys = {one.key for one in (old, new) if one is not None}
    if len(keys) != 1:
        raise InvalidArgument("replace takes an old subscription, a new one, or both, of one key.")
    (key,) = keys
    if kept.get(key) != old:
        return False
    if new is None:
        del kept[key]
    else:
        kept[key] = new
    return True
