# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of calendars."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Literal

from ..record import Record, RecordETag

if TYPE_CHECKING:
    from .users import User


class Calendar(Record, init=False):
    """Clio's Calendar.

    Derived from other records, and not covered by the etag: permission, visible.
    """

    __schema__ = "Calendar"

    id: int
    etag: RecordETag
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
    court_rules_default_calendar: bool | None
    name: str | None
    permission: Literal["owner", "editor", "viewer", "limited_viewer", "none"] | str | None
    type: Literal["AccountCalendar", "AdhocCalendar", "UserCalendar"] | str | None
    visible: bool | None
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    source: Literal["web", "mobile"] | str | None
    creator: User | None
