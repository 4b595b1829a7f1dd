# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of activity rates."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

from ..record import Record, RecordETag

if TYPE_CHECKING:
    from .groups import Group
    from .users import User


class ActivityRate(Record, init=False):
    """Clio's ActivityRate."""

    __schema__ = "ActivityRate"

    id: int
    etag: RecordETag
    rate: Decimal | None
    flat_rate: bool | None
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    contact_id: int | None
    co_counsel_contact_id: int | None
    user: User | None
    group: Group | None
