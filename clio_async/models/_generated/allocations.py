# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of allocations."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

from ..record import Record, RecordETag

if TYPE_CHECKING:
    from .bank_accounts import BankAccount
    from .bills import Bill
    from .contacts import Contact
    from .matters import Matter
    from .shared import PolymorphicObject


class Allocation(Record, init=False):
    """Clio's Allocation.

    Derived from other records, and not covered by the etag: has_online_payment.
    """

    __schema__ = "Allocation"

    id: int
    etag: RecordETag
    date: dt.date | None
    amount: Decimal | None
    interest: bool | None
    voided_at: dt.datetime | None
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    description: str | None
    has_online_payment: bool | None
    destroyable: bool | None
    payment_type: str | None
    bill: Bill | None
    source_bank_account: BankAccount | None
    destination_bank_account: BankAccount | None
    matter: Matter | None
    contact: Contact | None
    parent: PolymorphicObject | None
