# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of utbms codes."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from ..record import Record, RecordETag


class UtbmsCode(Record, init=False):
    """Clio's UtbmsCode."""

    __schema__ = "UtbmsCode"

    id: int
    etag: RecordETag
    name: str | None
    code: str | None
    description: str | None
    type: Literal["UtbmsTask", "UtbmsExpense", "UtbmsActivity"] | str | None
    utbms_set_id: int | None
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
