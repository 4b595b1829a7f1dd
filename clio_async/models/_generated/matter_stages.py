# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of matter stages."""

from __future__ import annotations

import datetime as dt

from ..record import Record, RecordETag


class MatterStage(Record, init=False):
    """Clio's MatterStage."""

    __schema__ = "MatterStage"

    id: int
    etag: RecordETag
    practice_area_id: str | None
    name: str | None
    order: int | None
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
