# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of service types."""

from __future__ import annotations

import datetime as dt

from ..record import Record, RecordETag


class ServiceType(Record, init=False):
    """Clio's ServiceType."""

    __schema__ = "ServiceType"

    id: int
    etag: RecordETag
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    system_id: int | None
    description: str | None
    default: bool | None
