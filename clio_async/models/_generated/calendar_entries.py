# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of calendar entries."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Literal

from ..record import Record, RecordETag

if TYPE_CHECKING:
    from .activities import Activity
    from .calendar_entry_event_types import CalendarEntryEventType
    from .calendars import Calendar
    from .matter_dockets import MatterDocket
    from .matters import Matter
    from .reminders import Reminder
    from .shared import ExternalProperty


class Attendee(Record, init=False):
    """Clio's Attendee."""

    __schema__ = "Attendee"

    id: int
    etag: RecordETag
    type: Literal["Contact", "Calendar"] | str | None
    name: str | None
    enabled: bool | None
    email: str | None
    created_at: dt.datetime | None
    updated_at: dt.datetime | None


class CalendarEntry(Record, init=False):
    """Clio's CalendarEntry.

    Derived from other records, and not covered by the etag: permission, time_entries_count.
    """

    __schema__ = "CalendarEntry"

    id: str
    etag: RecordETag
    summary: str | None
    description: str | None
    location: str | None
    start_at: dt.datetime | None
    start_date: dt.date | None
    start_time: str | None
    end_at: dt.datetime | None
    end_date: dt.date | None
    end_time: str | None
    all_day: bool | None
    recurrence_rule: str | None
    parent_calendar_entry_id: int | None
    court_rule: bool | None
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    permission: str | None
    calendar_owner_id: int | None
    start_at_time_zone: str | None
    time_entries_count: int | None
    time_entries: tuple[Activity, ...] | None
    conference_meeting: ConferenceMeeting | None
    matter: Matter | None
    matter_docket: MatterDocket | None
    calendar_owner: Calendar | None
    parent_calendar_entry: CalendarEntry | None
    calendar_entry_event_type: CalendarEntryEventType | None
    attendees: tuple[Attendee, ...] | None
    calendars: tuple[Calendar, ...] | None
    reminders: tuple[Reminder, ...] | None
    external_properties: tuple[ExternalProperty, ...] | None


class ConferenceMeeting(Record, init=False):
    """Clio's ConferenceMeeting."""

    __schema__ = "ConferenceMeeting"

    conference_id: int | None
    conference_password: str | None
    created_at: dt.datetime | None
    etag: RecordETag
    id: int
    join_url: str | None
    type: str | None
    source_id: int | None
    updated_at: dt.datetime | None
