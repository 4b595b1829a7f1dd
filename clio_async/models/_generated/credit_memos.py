# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of credit memos."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

from ..record import Record, RecordETag

if TYPE_CHECKING:
    from .allocations import Allocation
    from .contacts import Contact
    from .users import User


class CreditMemo(Record, init=False):
    """Clio's CreditMemo."""

    __schema__ = "CreditMemo"

    id: int
    etag: RecordETag
    date: dt.date | None
    amount: Decimal | None
    description: str | None
    discount: bool | None
    voided_at: dt.datetime | None
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    user: User | None
    contact: Contact | None
    allocations: tuple[Allocation, ...] | None
