# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of timer."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

from ..record import Record, RecordETag

if TYPE_CHECKING:
    from .activities import Activity


class Timer(Record, init=False):
    """Clio's Timer.

    Derived from other records, and not covered by the etag: elapsed_time.
    """

    __schema__ = "Timer"

    id: int
    etag: RecordETag
    start_time: dt.datetime | None
    elapsed_time: Decimal | None
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    activity: Activity | None
