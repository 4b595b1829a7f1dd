# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of lauk expense categories."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from ..record import Record, RecordETag


class LaukExpenseCategory(Record, init=False):
    """Clio's LaukExpenseCategory."""

    __schema__ = "LaukExpenseCategory"

    certificated: bool | None
    civil: bool | None
    created_at: dt.datetime | None
    criminal: bool | None
    etag: RecordETag
    id: int
    key: str | None
    name: str | None
    rate: Decimal | None
    updated_at: dt.datetime | None
