"""When a handshake is accepted: what a subscription becomes by it."""

from __future__ import annotations

from attrs import evolve

from ..errors import HandshakeRefused
from ..secrets import Secret
from .subscriptions import Subscription

__all__ = ["shaken"]


def shaken(subscription: Subscription, secret: Secret, webhook_id: int, now: float) -> Subscription:
    """Return a subscription as a handshake leaves it; the same object if that is the one it has had already.

    Clio repeats a handshake whose answer was lost: with the secret that is known, it is answered as before. Any other
    secret is taken only while one is awaited, and none is known. `now` is seconds since the epoch.

    :raises HandshakeRefused: if it is not awaited.
    """
    if subscription.webhook_id not in {None, webhook_id}:
        raise HandshakeRefused("A handshake came for another webhook than the subscription's.")
    if subscription.secret is not None:
        if subscription.webhook_id == webhook_id and subscription.secret == secret:
            return subscription if subscription.awaited_until is None else evolve(subscription, awaited_until=None)
        raise HandshakeRefused("A handshake came with another secret than the subscription has.")
    if subscription.awaited_until is None or not now < subscription.awaited_until:
        raise HandshakeRefused("A handshake came that no subscription of ours waits for.")
    return evolve(subscription, webhook_id=webhook_id, secret=secret, awaited_until=None)
