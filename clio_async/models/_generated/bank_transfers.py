# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of bank transfers."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

from ..record import Record, RecordETag

if TYPE_CHECKING:
    from .bank_accounts import BankAccount
    from .contacts import Contact
    from .matters import Matter


class BankTransfer(Record, init=False):
    """Clio's BankTransfer."""

    __schema__ = "BankTransfer"

    id: int
    etag: RecordETag
    amount: Decimal | None
    date: dt.datetime | None
    description: str | None
    primary_authorizer: str | None
    secondary_authorizer: str | None
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    client: Contact | None
    destination_account: BankAccount | None
    matter: Matter | None
    source_account: BankAccount | None
