# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of calendar entry event types."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from ..record import Record, RecordETag


class CalendarEntryEventType(Record, init=False):
    """Clio's CalendarEntryEventType."""

    __schema__ = "CalendarEntryEventType"

    id: int
    etag: RecordETag
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    color: (
        Literal[
            "#367B9C",
            "#FFA5A4",
            "#83D17F",
            "#FFAC7B",
            "#8E3F64",
            "#C75300",
            "#009CEC",
            "#62D6B1",
            "#9EEDCB",
            "#F9A2C4",
            "#616161",
            "#BBDA81",
            "#DFD3F8",
            "#D6C4A5",
            "#FFD478",
            "#6AC9DE",
            "#EABBB0",
            "#BFC2E1",
            "#DADADA",
            "#CDE2F5",
        ]
        | str
        | None
    )
    name: str | None
