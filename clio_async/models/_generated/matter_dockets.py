# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of matter dockets."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from ..record import Record, RecordETag

if TYPE_CHECKING:
    from .calendar_entries import CalendarEntry
    from .jurisdiction_triggers import JurisdictionsToTrigger
    from .jurisdictions import Jurisdiction
    from .matters import Matter
    from .service_types import ServiceType


class MatterDocket(Record, init=False):
    """Clio's MatterDocket."""

    __schema__ = "MatterDocket"

    id: int
    etag: RecordETag
    name: str | None
    start_date: dt.date | None
    start_time: dt.datetime | None
    status: str | None
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    deleted_at: dt.datetime | None
    matter: Matter | None
    jurisdiction: Jurisdiction | None
    trigger: JurisdictionsToTrigger | None
    service_type: ServiceType | None
    calendar_entries: tuple[CalendarEntry, ...] | None
