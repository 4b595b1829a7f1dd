# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of reminders."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Literal

from ..record import Record, RecordETag

if TYPE_CHECKING:
    from .shared import NotificationMethod, PolymorphicObject


class Reminder(Record, init=False):
    """Clio's Reminder."""

    __schema__ = "Reminder"

    id: int
    etag: RecordETag
    duration: int | None
    next_delivery_at: dt.datetime | None
    state: (
        Literal[
            "initializing",
            "scheduling",
            "rescheduling",
            "scheduled",
            "attempting_delivery",
            "delivery_failed",
            "delivered",
            "delivery_skipped",
            "invalid_user",
        ]
        | str
        | None
    )
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    notification_method: NotificationMethod | None
    subject: PolymorphicObject | None
