# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of clio payments payments."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from ..record import Record

if TYPE_CHECKING:
    from .allocations import Allocation
    from .bank_accounts import BankAccount
    from .bank_transactions import BankTransaction
    from .bills import Bill
    from .clio_payments_links import ClioPaymentsLink
    from .contacts import Contact
    from .matters import Matter
    from .users import User


class ClioPaymentsPayment(Record, init=False):
    """Clio's ClioPaymentsPayment."""

    __schema__ = "ClioPaymentsPayment"

    amount: Decimal | None
    confirmation_number: str | None
    created_at: dt.datetime | None
    currency: str | None
    deposit_as_revenue: bool | None
    description: str | None
    email_address: str | None
    id: int
    state: (
        Literal[
            "pending",
            "authorized",
            "completed",
            "voided",
            "failed",
            "canceled",
            "requires_confirmation",
            "completed_requiring_allocation",
        ]
        | str
        | None
    )
    updated_at: dt.datetime | None
    bank_transaction: BankTransaction | None
    clio_payments_link: ClioPaymentsLink | None
    contact: Contact | None
    destination_account: BankAccount | None
    user: User | None
    allocations: tuple[Allocation, ...] | None
    bills: tuple[Bill, ...] | None
    matters: tuple[Matter, ...] | None
