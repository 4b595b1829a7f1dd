# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of notes."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Literal

from ..record import Record, RecordETag

if TYPE_CHECKING:
    from .activities import Activity
    from .contacts import Contact
    from .matters import Matter
    from .shared import NotificationEventSubscriber
    from .users import User


class Note(Record, init=False):
    """Clio's Note.

    Derived from other records, and not covered by the etag: time_entries_count.
    """

    __schema__ = "Note"

    id: int
    etag: RecordETag
    type: Literal["Matter", "Contact"] | str | None
    subject: str | None
    detail: str | None
    detail_text_type: Literal["plain_text", "rich_text"] | str | None
    date: dt.date | None
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    time_entries_count: int | None
    matter: Matter | None
    contact: Contact | None
    author: User | None
    time_entries: tuple[Activity, ...] | None
    notification_event_subscribers: tuple[NotificationEventSubscriber, ...] | None
