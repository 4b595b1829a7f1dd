# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of my events."""

from __future__ import annotations

import datetime as dt

from ..record import Record, RecordETag


class Event(Record, init=False):
    """Clio's Event."""

    __schema__ = "Event"

    id: int
    etag: RecordETag
    message: str | None
    icon: str | None
    title: str | None
    title_url: str | None
    description: str | None
    description_url: str | None
    primary_detail: str | None
    primary_detail_url: str | None
    secondary_detail: str | None
    secondary_detail_url: str | None
    occurred_at: dt.datetime | None
    mobile_icon: str | None
    subject_type: str | None
    subject_id: int | None


class MyEvent(Record, init=False):
    """Clio's MyEvent."""

    __schema__ = "MyEvent"

    event: Event | None
