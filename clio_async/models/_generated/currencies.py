# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of currencies."""

from __future__ import annotations

import datetime as dt

from ..record import Record, RecordETag


class Currency(Record, init=False):
    """Clio's Currency."""

    __schema__ = "Currency"

    id: int
    etag: RecordETag
    code: str | None
    sign: str | None
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
