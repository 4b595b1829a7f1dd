# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of billable matters."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from ..record import Record

if TYPE_CHECKING:
    from .contacts import Contact


class BillableMatter(Record, init=False):
    """Clio's BillableMatter.

    Derived from other records, and not covered by the etag: unbilled_hours, unbilled_amount, amount_in_trust.
    """

    __schema__ = "BillableMatter"

    currency_code: str | None
    currency_id: int | None
    id: int
    unbilled_hours: Decimal | None
    unbilled_amount: Decimal | None
    amount_in_trust: Decimal | None
    display_number: str | None
    client: Contact | None
