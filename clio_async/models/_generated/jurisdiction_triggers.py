# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of jurisdiction triggers."""

from __future__ import annotations

import datetime as dt

from ..record import Record, RecordETag


class JurisdictionsToTrigger(Record, init=False):
    """Clio's JurisdictionsToTrigger."""

    __schema__ = "JurisdictionsToTrigger"

    id: int
    etag: RecordETag
    system_id: int | None
    description: str | None
    do_not_recalculate: bool | None
    is_served: bool | None
    is_requirements_required: bool | None
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
