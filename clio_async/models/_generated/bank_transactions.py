# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of bank transactions."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

from ..record import Record, RecordETag

if TYPE_CHECKING:
    from .allocations import Allocation
    from .bank_accounts import BankAccount
    from .bills import Bill
    from .contacts import Contact
    from .matters import Matter


class BankTransaction(Record, init=False):
    """Clio's BankTransaction.

    Derived from other records, and not covered by the etag: current_account_balance.
    """

    __schema__ = "BankTransaction"

    id: int
    type: str | None
    etag: RecordETag
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    bank_account_id: int | None
    source: str | None
    confirmation: str | None
    date: dt.date | None
    amount: Decimal | None
    currency: str | None
    currency_id: int | None
    description: str | None
    exchange_rate: Decimal | None
    transaction_type: str | None
    funds_in: Decimal | None
    funds_out: Decimal | None
    clio_payments_transaction: bool | None
    current_account_balance: Decimal | None
    read_only_confirmation: bool | None
    client: Contact | None
    matter: Matter | None
    bank_account: BankAccount | None
    bill: Bill | None
    allocation: Allocation | None
