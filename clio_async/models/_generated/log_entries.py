# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of log entries."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Literal

from ..record import Record, RecordETag

if TYPE_CHECKING:
    from .shared import PolymorphicObject
    from .users import User


class LogEntry(Record, init=False):
    """Clio's LogEntry."""

    __schema__ = "LogEntry"

    id: int
    etag: RecordETag
    type: (
        Literal[
            "MatterLogEntry",
            "ContactLogEntry",
            "DocumentLogEntry",
            "CalendarEntryLogEntry",
            "NoteLogEntry",
            "CommunicationLogEntry",
            "ConversationLogEntry",
            "SMSConversationLogEntry",
        ]
        | str
        | None
    )
    accessed_at: dt.datetime | None
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    item: PolymorphicObject | None
    user: User | None
