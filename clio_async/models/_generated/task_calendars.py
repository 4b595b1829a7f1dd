# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of task calendars."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from ..record import Record, RecordETag


class CalendarVisibility(Record, init=False):
    """Clio's CalendarVisibility.

    Derived from other records, and not covered by the etag: color, light_color, visible.
    """

    __schema__ = "CalendarVisibility"

    id: int
    etag: RecordETag
    color: (
        Literal[
            "#658CDA",
            "#DA6666",
            "#49B050",
            "#E7804C",
            "#8C66DA",
            "#C4A882",
            "#64AD88",
            "#84AAA5",
            "#56BFB3",
            "#E77399",
            "#BFBF4B",
            "#8BBF3C",
            "#B473B4",
            "#A7A77D",
            "#F2A53D",
            "#658CB3",
            "#BE9494",
            "#A992A9",
            "#8897A5",
            "#93A2BE",
        ]
        | str
        | None
    )
    light_color: (
        Literal[
            "#5DA5C7",
            "#F95957",
            "#209412",
            "#FF7715",
            "#DE649D",
            "#FF6B02",
            "#56C4FC",
            "#00B177",
            "#50D19B",
            "#F14A8C",
            "#A3A2A2",
            "#84AB3B",
            "#B091EE",
            "#BD9E69",
            "#F2A000",
            "#00A5CA",
            "#CB5A3D",
            "#959CD0",
            "#B0B0B0",
            "#7BA6CD",
        ]
        | str
        | None
    )
    visible: bool | None
    name: str | None
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
