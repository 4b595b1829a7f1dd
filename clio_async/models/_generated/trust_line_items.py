# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of trust line items."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

from ..record import Record, RecordETag

if TYPE_CHECKING:
    from .bills import Bill
    from .contacts import Contact
    from .matters import Matter


class TrustLineItem(Record, init=False):
    """Clio's TrustLineItem."""

    __schema__ = "TrustLineItem"

    id: int
    etag: RecordETag
    date: dt.date | None
    total: Decimal | None
    note: str | None
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    bill: Bill | None
    matter: Matter | None
    client: Contact | None
