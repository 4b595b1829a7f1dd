# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of line items."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from .. import derived
from ..record import Record, RecordETag

if TYPE_CHECKING:
    from .activities import Activity
    from .bills import Bill
    from .matters import Matter
    from .shared import Discount
    from .users import User


class LineItem(Record, init=False):
    """Clio's LineItem."""

    __schema__ = "LineItem"

    id: int
    etag: RecordETag
    type: Literal["ActivityLineItem", "LineItem", "NoChargeLineItem", "SummaryLineItem"] | str | None
    description: str | None
    date: dt.date | None
    price: Decimal | None
    taxable: bool | None
    kind: Literal["Service", "Expense"] | str | None
    note: str | None
    secondary_taxable: bool | None
    total: Decimal | None
    tax: Decimal | None
    secondary_tax: Decimal | None
    sub_total: Decimal | None
    quantity: Decimal | None
    group_ordering: int | None
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    bill: Bill | None
    activity: Activity | None
    matter: Matter | None
    user: User | None
    discount: Discount | None
    included_line_item_totals: LineItemTotals | None

    @property
    def duration(self) -> dt.timedelta | None:
        """`quantity` of a service, as a `timedelta`."""
        return derived.duration(self)


class LineItemTotals(Record, init=False):
    """Clio's LineItemTotals."""

    __schema__ = "LineItemTotals"

    quantity: Decimal | None
    price: Decimal | None
    discount_percent: Decimal | None
    total: Decimal | None
    sub_total: Decimal | None
