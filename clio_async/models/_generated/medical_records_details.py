# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of medical records details."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Literal

from ..record import Record, RecordETag

if TYPE_CHECKING:
    from .contacts import Contact
    from .matters import Matter
    from .medical_bills import MedicalBill
    from .medical_records import MedicalRecord


class MedicalRecordsRequest(Record, init=False):
    """Clio's MedicalRecordsRequest."""

    __schema__ = "MedicalRecordsRequest"

    id: int
    etag: RecordETag
    bills_follow_up_date: dt.datetime | None
    bills_request_date: dt.datetime | None
    bills_status: Literal["not_yet_requested", "requested", "received", "incomplete", "certified"] | str | None
    description: str | None
    in_treatment: bool | None
    records_follow_up_date: dt.datetime | None
    records_request_date: dt.datetime | None
    records_status: Literal["not_yet_requested", "requested", "received", "incomplete", "certified"] | str | None
    treatment_end_date: dt.datetime | None
    treatment_start_date: dt.datetime | None
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    matter: Matter | None
    medical_provider: Contact | None
    medical_bills: tuple[MedicalBill, ...] | None
    medical_records: tuple[MedicalRecord, ...] | None
