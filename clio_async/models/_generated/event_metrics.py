# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of event metrics."""

from __future__ import annotations

from ..record import Record


class EventMetrics(Record, init=False):
    """Clio's EventMetrics.

    Derived from other records, and not covered by the etag: unread_mobile_events, unread_web_events,
    unread_secure_messages, unread_client_portal_messages, unread_text_messages.
    """

    __schema__ = "EventMetrics"

    unread_mobile_events: int | None
    unread_web_events: int | None
    unread_secure_messages: int | None
    unread_client_portal_messages: int | None
    unread_text_messages: int | None
