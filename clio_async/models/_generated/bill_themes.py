# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of bill themes."""

from __future__ import annotations

import datetime as dt

from ..record import Record, RecordETag


class BillTheme(Record, init=False):
    """Clio's BillTheme."""

    __schema__ = "BillTheme"

    id: int
    etag: RecordETag
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    account_id: int | None
    default: bool | None
    name: str | None
    config: str | None
