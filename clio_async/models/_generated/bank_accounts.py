# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of bank accounts."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from ..record import Record, RecordETag

if TYPE_CHECKING:
    from .users import User


class BankAccount(Record, init=False):
    """Clio's BankAccount.

    Derived from other records, and not covered by the etag: balance, bank_transactions_count.
    """

    __schema__ = "BankAccount"

    account_number: str | None
    balance: Decimal | None
    bank_transactions_count: int | None
    clio_payment_page_link: str | None
    clio_payment_page_qr_code: str | None
    clio_payments_enabled: bool | None
    controlled_account: bool | None
    created_at: dt.datetime | None
    currency: str | None
    currency_symbol: str | None
    currency_id: int | None
    default_account: bool | None
    domicile_branch: str | None
    etag: RecordETag
    general_ledger_number: str | None
    holder: str | None
    id: int
    institution: str | None
    name: str | None
    swift: str | None
    transit_number: str | None
    type: Literal["Operating", "Trust"] | str | None
    updated_at: dt.datetime | None
    user: User | None
