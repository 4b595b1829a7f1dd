# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of outstanding client balances."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

from ..record import Record, RecordETag

if TYPE_CHECKING:
    from .bills import Bill
    from .contacts import Contact
    from .currencies import Currency


class OutstandingClientBalance(Record, init=False):
    """Clio's OutstandingClientBalance.

    Derived from other records, and not covered by the etag: associated_matter_ids, last_payment_date,
    last_shared_date, newest_issued_bill_due_date, pending_payments_total, reminders_enabled,
    total_outstanding_balance.
    """

    __schema__ = "OutstandingClientBalance"

    associated_matter_ids: tuple[int, ...] | None
    etag: RecordETag
    id: int
    last_payment_date: dt.date | None
    last_shared_date: dt.date | None
    newest_issued_bill_due_date: dt.date | None
    pending_payments_total: Decimal | None
    reminders_enabled: bool | None
    total_outstanding_balance: Decimal | None
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    outstanding_bills: tuple[Bill, ...] | None
    contact: Contact | None
    currency: Currency | None
