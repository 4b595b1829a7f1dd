# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of webhooks."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Literal

from ..record import Record, RecordETag

if TYPE_CHECKING:
    from .users import User


class Webhook(Record, init=False):
    """Clio's Webhook."""

    __schema__ = "Webhook"

    id: int
    etag: RecordETag
    url: str | None
    fields: str | None
    shared_secret: str | None
    model: (
        Literal[
            "activity",
            "bill",
            "calendar_entry",
            "clio_payments_payment",
            "communication",
            "contact",
            "document",
            "folder",
            "matter",
            "task",
        ]
        | str
        | None
    )
    status: Literal["pending", "enabled", "suspended"] | str | None
    events: (
        tuple[Literal["created", "updated", "deleted", "matter_opened", "matter_pended", "matter_closed"] | str, ...]
        | None
    )
    expires_at: dt.datetime | None
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    user: User | None
