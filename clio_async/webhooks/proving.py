"""`proved`: a delivery is an event of the subscription with whose secret it is signed."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import BadSignature, MalformedEvent
from ..messages import Headers
from ..protocol import webhooks as decide
from .event import Event
from .subscriptions import Subscription

__all__ = ["proved"]


def proved(found: Sequence[Subscription], fields: Headers, body: bytes) -> Event:
    """Return the event that a request tells of, if it is signed with the secret of one of the subscriptions.

    :raises BadSignature: if it is not.
    :raises MalformedEvent: if it is no event, or of another webhook.
    """
    signature = fields.single(decide.SIGNATURE)
    for one in found:
        if one.secret is not None and decide.verify(body, signature, one.secret):
            told = decide.read_event(body)
            if one.webhook_id not in {None, told.webhook_id}:
                raise MalformedEvent("A delivery came that is of another webhook than the subscription.")
            return Event(told.kind, one.model, told.id, told.etag, told.webhook_id, one.principal, one.key)
    raise BadSignature("A delivery came that is not signed with the secret of its subscription.")
