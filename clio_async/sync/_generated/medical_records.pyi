# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of medical_records, for synchronous callers."""

from typing import TypeVar, Unpack, overload

from ...models._generated.medical_records import MedicalRecord
from ...models.record import RecordETag
from ...resources._generated.medical_records import MedicalRecordChanges
from ...resources.base import ExtraJson, ExtraQuery, HasETag, HasId, Names, OnConflict

T = TypeVar("T")

class MedicalRecords:
    """Clio's ``/medical_records``.

    Without ``fields=`` its records are read with id, etag, document_id, end_date, start_date, created_at,
    updated_at, matter{id}.
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
        **changes: Unpack[MedicalRecordChanges],
    ) -> T:
        """Change one. A record is guarded by its etag; a bare id overwrites whatever is there.

        `if_match` is the etag that the record had, if not the one of the record that is given. Where somebody else
        has changed the record since, ``on_conflict="merge"`` writes all the same what collides with none of that.

        Takes: end_date, start_date.
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
        **changes: Unpack[MedicalRecordChanges],
    ) -> MedicalRecord: ...
    def delete(self, id: int | HasId, /, *, extra_query: ExtraQuery | None = None) -> None:
        """Delete one."""
