# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of event_metrics, for synchronous callers."""

from typing import TypeVar, overload

from ...models._generated.event_metrics import EventMetrics
from ...resources.base import ExtraQuery, Names

T = TypeVar("T")

class EventMetricsResource:
    """Clio's ``/internal_notifications/event_metrics``.

    Without ``fields=`` its records are read with unread_mobile_events, unread_web_events, unread_secure_messages,
    unread_client_portal_messages, unread_text_messages.
    """

    @overload
    def list(self, *, fields: type[T], extra_query: ExtraQuery | None = None) -> T:
        """Read one."""

    @overload
    def list(self, *, fields: Names = None, extra_query: ExtraQuery | None = None) -> EventMetrics: ...
