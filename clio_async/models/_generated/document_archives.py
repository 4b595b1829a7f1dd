# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of document archives."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Literal

from ..record import Record, RecordETag


class DocumentArchive(Record, init=False):
    """Clio's DocumentArchive.

    Derived from other records, and not covered by the etag: progress, state.
    """

    __schema__ = "DocumentArchive"

    id: int
    etag: RecordETag
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    size: int | None
    progress: Decimal | None
    state: Literal["not_started", "queued", "in_progress", "completed", "failed"] | str | None
    message: str | None
