# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of event_metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, overload

from ..base import ExtraQuery, Fields, Names, ResourceBase

if TYPE_CHECKING:
    from ...models._generated.event_metrics import EventMetrics

    T = TypeVar("T")


class EventMetricsResource(ResourceBase):
    """Clio's ``/internal_notifications/event_metrics``.

    Without ``fields=`` its records are read with unread_mobile_events, unread_web_events, unread_secure_messages,
    unread_client_portal_messages, unread_text_messages.
    """

    __slots__ = ()
    _name = "event_metrics"

    if TYPE_CHECKING:

        @overload
        async def list(self, *, fields: type[T], extra_query: ExtraQuery | None = None) -> T: ...
        @overload
        async def list(self, *, fields: Names = None, extra_query: ExtraQuery | None = None) -> EventMetrics: ...

    async def list(self, *, fields: Fields = None, extra_query: ExtraQuery | None = None) -> Any:
        """Read one."""
        return await self._read("list", (), fields, {}, extra_query)
