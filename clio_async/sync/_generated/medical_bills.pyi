# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of medical_bills, for synchronous callers."""

from typing import TypeVar, Unpack, overload

from ...models._generated.medical_bills import MedicalBill
from ...models.record import RecordETag
from ...resources._generated.medical_bills import MedicalBillChanges
from ...resources.base import ExtraJson, ExtraQuery, HasETag, HasId, Names, OnConflict

T = TypeVar("T")

class MedicalBills:
    """Clio's ``/medical_bills``.

    Without ``fields=`` its records are read with id, etag, adjustment, amount, bill_date, bill_received_date,
    damage_type, document_id, name, created_at, updated_at, matter{id}.
    To be asked for: liens.
    """

    @overload
    def update(
        self,
        target: int | HasETag,
        /,
        *,
        if_match: RecordETag | None = None,
        on_conflict: OnConflict = "raise",
        fields: type[T],
        extra_query: ExtraQuery | None = None,
        extra_json: ExtraJson | None = None,
        **changes: Unpack[MedicalBillChanges],
    ) -> T:
        """Change one. A record is guarded by its etag; a bare id overwrites whatever is there.

        `if_match` is the etag that the record had, if not the one of the record that is given. Where somebody else
        has changed the record since, ``on_conflict="merge"`` writes all the same what collides with none of that.

        Takes: adjustment, amount, balance, bill_date, bill_received_date, mark_balance_type_as (lien,
        outstanding_balance, neither), name, payers (rows).
        """

    @overload
    def update(
        self,
        target: int | HasETag,
        /,
        *,
        if_match: RecordETag | None = None,
        on_conflict: OnConflict = "raise",
        fields: Names = None,
        extra_query: ExtraQuery | None = None,
        extra_json: ExtraJson | None = None,
        **changes: Unpack[MedicalBillChanges],
    ) -> MedicalBill: ...
    def delete(self, id: int | HasId, /, *, extra_query: ExtraQuery | None = None) -> None:
        """Delete one."""
