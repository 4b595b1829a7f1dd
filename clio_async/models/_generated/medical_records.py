# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of medical records."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from ..record import Record, RecordETag

if TYPE_CHECKING:
    from .matters import Matter


class MedicalRecord(Record, init=False):
    """Clio's MedicalRecord."""

    __schema__ = "MedicalRecord"

    id: int
    document_id: int | None
    etag: RecordETag
    end_date: dt.datetime | None
    start_date: dt.datetime | None
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    matter: Matter | None
