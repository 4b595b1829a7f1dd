# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of clio payments links."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

from ..record import Record, RecordETag

if TYPE_CHECKING:
    from .bank_accounts import BankAccount
    from .bills import Bill
    from .clio_payments_payments import ClioPaymentsPayment
    from .contacts import Contact


class ClioPaymentsLink(Record, init=False):
    """Clio's ClioPaymentsLink."""

    __schema__ = "ClioPaymentsLink"

    active: bool | None
    amount: Decimal | None
    created_at: dt.datetime | None
    currency: str | None
    description: str | None
    email_address: str | None
    etag: RecordETag
    expires_at: dt.datetime | None
    id: int
    is_allocated_as_revenue: bool | None
    redirect_url: str | None
    url: str | None
    bank_account: BankAccount | None
    bill: Bill | None
    clio_payments_payment: ClioPaymentsPayment | None
    contact: Contact | None
    destination_account: BankAccount | None
    destination_contact: Contact | None
