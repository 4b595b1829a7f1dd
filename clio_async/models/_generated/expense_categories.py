# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of expense categories."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

from ..record import Record, RecordETag

if TYPE_CHECKING:
    from .currencies import Currency
    from .groups import Group
    from .utbms_codes import UtbmsCode


class ExpenseCategory(Record, init=False):
    """Clio's ExpenseCategory."""

    __schema__ = "ExpenseCategory"

    id: int
    etag: RecordETag
    name: str | None
    rate: Decimal | None
    entry_type: str | None
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    xero_expense_code: str | None
    accessible_to_user: bool | None
    tax_setting: str | None
    currency: Currency | None
    groups: tuple[Group, ...] | None
    utbms_code: UtbmsCode | None
