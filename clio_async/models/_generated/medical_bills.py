# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of medical bills."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from ..record import Record, RecordETag

if TYPE_CHECKING:
    from .matters import Matter


class Lien(Record, init=False):
    """Clio's Lien."""

    __schema__ = "Lien"

    id: int
    amount: Decimal | None
    description: str | None
    etag: RecordETag
    lien_type: Literal["general", "medical_payer", "medical_provider"] | str | None
    mark_as_lien: bool | None
    created_at: dt.datetime | None
    updated_at: dt.datetime | None


class MedicalBill(Record, init=False):
    """Clio's MedicalBill."""

    __schema__ = "MedicalBill"

    id: int
    adjustment: Decimal | None
    amount: Decimal | None
    bill_date: dt.date | None
    bill_received_date: dt.date | None
    damage_type: str | None
    document_id: int | None
    etag: RecordETag
    name: str | None
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    matter: Matter | None
    liens: tuple[Lien, ...] | None
