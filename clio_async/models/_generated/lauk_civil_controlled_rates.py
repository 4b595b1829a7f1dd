# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of lauk civil controlled rates."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from ..record import Record, RecordETag


class LaukCivilControlledRate(Record, init=False):
    """Clio's LaukCivilControlledRate."""

    __schema__ = "LaukCivilControlledRate"

    id: int
    activity: str | None
    activity_type: str | None
    category_of_law: str | None
    created_at: dt.datetime | None
    etag: RecordETag
    exceptional: Decimal | None
    fee: Decimal | None
    fee_scheme: str | None
    key: str | None
    matter_type_1: int | None
    matter_type_2: int | None
    post_dec25_exceptional: Decimal | None
    post_dec25_fee: Decimal | None
    rate_type: str | None
    region: str | None
    updated_at: dt.datetime | None
