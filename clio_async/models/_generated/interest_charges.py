# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of interest charges."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

from ..record import Record, RecordETag

if TYPE_CHECKING:
    from .bills import Bill
    from .matters import Matter
    from .shared import Balance


class InterestCharge(Record, init=False):
    """Clio's InterestCharge.

    Derived from other records, and not covered by the etag: total.
    """

    __schema__ = "InterestCharge"

    id: int
    etag: RecordETag
    date: dt.date | None
    description: str | None
    total: Decimal | None
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    bill: Bill | None
    balances: tuple[Balance, ...] | None
    matters: tuple[Matter, ...] | None
