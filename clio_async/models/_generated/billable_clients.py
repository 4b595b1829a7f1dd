# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of billable clients."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from ..record import Record

if TYPE_CHECKING:
    from .billable_matters import BillableMatter


class BillableClient(Record, init=False):
    """Clio's BillableClient.

    Derived from other records, and not covered by the etag: unbilled_hours, unbilled_amount, amount_in_trust,
    billable_matters_count.
    """

    __schema__ = "BillableClient"

    id: int
    unbilled_hours: Decimal | None
    unbilled_amount: Decimal | None
    amount_in_trust: Decimal | None
    name: str | None
    billable_matters_count: int | None
    billable_matters: tuple[BillableMatter, ...] | None
