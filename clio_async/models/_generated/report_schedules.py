# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of report schedules."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from ..record import Record, RecordETag


class ReportSchedule(Record, init=False):
    """Clio's ReportSchedule."""

    __schema__ = "ReportSchedule"

    id: int
    etag: RecordETag
    time_of_day: dt.datetime | None
    frequency: Literal["daily", "weekly", "monthly"] | str | None
    days_of_week: tuple[int, ...] | None
    day_of_month: int | None
    status: Literal["initial", "queued", "processing", "failed", "completed"] | str | None
    status_updated_at: dt.datetime | None
    next_scheduled_date: dt.datetime | None
    time_zone: str | None
    report_preset_id: int | None
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    every_no_of_months: int | None
    effective_from: dt.date | None
