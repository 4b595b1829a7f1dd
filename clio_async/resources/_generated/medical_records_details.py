# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of medical_records_details."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, overload

from ...changes import Changes
from ...pages import Pages
from ..base import ExtraJson, ExtraQuery, Fields, GetsIfChanged, Names, ResourceBase
from ..edits import EditsRecords
from ..many import GetsMany

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
    from typing import Literal, TypeAlias, TypedDict, Unpack

    from ...models._generated.medical_records_details import MedicalRecordsRequest
    from ...models.record import RecordETag
    from ..base import HasETag, HasId, Number, OnConflict
    from ..edits.edit import Edit

    T = TypeVar("T")

    # fmt: off
    BillsStatus: TypeAlias = Literal["not_yet_requested", "requested", "received", "incomplete", "certified"]
    # fmt: on

    class MedicalRecordsRequestFilters(TypedDict, total=False):
        created_since: dt.datetime
        ids: Iterable[int | HasId]
        treatment_end_date: dt.date
        treatment_start_date: dt.date
        updated_since: dt.datetime

    class NewMedicalRecordsRequestMedicalBillsPayers(TypedDict, total=False):
        amount: Number | None
        holder_id: int
        mark_as_lien: bool | None

    class NewMedicalRecordsRequestMedicalBills(TypedDict, total=False):
        adjustment: Number | None
        amount: Number | None
        balance: Number | None
        bill_date: dt.date | None
        bill_received_date: dt.date | None
        document_id: int
        name: str | None
        mark_balance_type_as: Literal["lien", "outstanding_balance", "neither"] | str | None
        payers: Sequence[NewMedicalRecordsRequestMedicalBillsPayers] | None

    class NewMedicalRecordsRequestMedicalRecords(TypedDict, total=False):
        document_id: int
        end_date: dt.datetime | None
        start_date: dt.datetime | None

    class NewMedicalRecordsRequest(TypedDict, total=False):
        bills_follow_up_date: dt.datetime | None
        bills_request_date: dt.datetime | None
        bills_status: BillsStatus | str | None
        description: str | None
        in_treatment: bool | None
        matter_id: int | None
        medical_bills: Sequence[NewMedicalRecordsRequestMedicalBills] | None
        medical_provider_id: int | None
        medical_records: Sequence[NewMedicalRecordsRequestMedicalRecords] | None
        records_follow_up_date: dt.datetime | None
        records_request_date: dt.datetime | None
        records_status: BillsStatus | str | None
        treatment_end_date: dt.datetime | None
        treatment_start_date: dt.datetime | None

    class MedicalRecordsRequestChanges(TypedDict, total=False):
        bills_follow_up_date: dt.datetime | None
        bills_request_date: dt.datetime | None
        bills_status: BillsStatus | str | None
        description: str | None
        in_treatment: bool | None
        medical_bills: Sequence[NewMedicalRecordsRequestMedicalBills] | None
        medical_provider_id: int | None
        medical_records: Sequence[NewMedicalRecordsRequestMedicalRecords] | None
        records_follow_up_date: dt.datetime | None
        records_request_date: dt.datetime | None
        records_status: BillsStatus | str | None
        treatment_end_date: dt.datetime | None
        treatment_start_date: dt.datetime | None

    class MedicalRecordsRequestEdit(Edit[T]):
        def set(self, **changes: Unpack[MedicalRecordsRequestChanges]) -> None: ...


class MedicalRecordsDetails(
    EditsRecords, GetsMany["MedicalRecordsRequest"], GetsIfChanged["MedicalRecordsRequest"], ResourceBase
):
    """Clio's ``/medical_records_details``.

    Without ``fields=`` its records are read with id, etag, bills_follow_up_date, bills_request_date, bills_status,
    description, in_treatment, records_follow_up_date, records_request_date, records_status, treatment_end_date,
    treatment_start_date, created_at, updated_at, matter{id}, medical_provider{id, type}.
    To be asked for: medical_bills, medical_records.
    """

    __slots__ = ()
    _name = "medical_records_details"

    if TYPE_CHECKING:

        @overload
        def list(
            self,
            *,
            fields: type[T],
            limit: int | None = None,
            resume: str | None = None,
            prefetch: int = 0,
            extra_query: ExtraQuery | None = None,
            **filters: Unpack[MedicalRecordsRequestFilters],
        ) -> Pages[T]: ...
        @overload
        def list(
            self,
            *,
            fields: Names = None,
            limit: int | None = None,
            resume: str | None = None,
            prefetch: int = 0,
            extra_query: ExtraQuery | None = None,
            **filters: Unpack[MedicalRecordsRequestFilters],
        ) -> Pages[MedicalRecordsRequest]: ...

    def list(
        self,
        *,
        fields: Fields = None,
        limit: int | None = None,
        resume: str | None = None,
        prefetch: int = 0,
        extra_query: ExtraQuery | None = None,
        **filters: Any,
    ) -> Pages[Any]:
        """List them. `limit` is the size of a page, at most 200; `resume` a token of `Pages.resume_token`.

        Filters: created_since, ids, treatment_end_date, treatment_start_date, updated_since.
        """
        return self._list("list", (), fields, limit, resume, prefetch, filters, extra_query)

    if TYPE_CHECKING:

        @overload
        def iter_changes(
            self,
            since: dt.datetime | str,
            *,
            fields: type[T],
            extra_query: ExtraQuery | None = None,
            **filters: Unpack[MedicalRecordsRequestFilters],
        ) -> Changes[T]: ...
        @overload
        def iter_changes(
            self,
            since: dt.datetime | str,
            *,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            **filters: Unpack[MedicalRecordsRequestFilters],
        ) -> Changes[MedicalRecordsRequest]: ...

    def iter_changes(
        self, since: dt.datetime | str, *, fields: Fields = None, extra_query: ExtraQuery | None = None, **filters: Any
    ) -> Changes[Any]:
        """Walk what has changed since an instant, or a mark of `Changes.mark`. Deletions cannot be seen.

        It takes the filters of `list`.
        """
        return self._changes((), since, fields, filters, extra_query)

    if TYPE_CHECKING:

        @overload
        async def create(
            self,
            *,
            fields: type[T],
            extra_query: ExtraQuery | None = None,
            extra_json: ExtraJson | None = None,
            **values: Unpack[NewMedicalRecordsRequest],
        ) -> T: ...
        @overload
        async def create(
            self,
            *,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            extra_json: ExtraJson | None = None,
            **values: Unpack[NewMedicalRecordsRequest],
        ) -> MedicalRecordsRequest: ...

    async def create(
        self,
        *,
        fields: Fields = None,
        extra_query: ExtraQuery | None = None,
        extra_json: ExtraJson | None = None,
        **values: Any,
    ) -> Any:
        """Create one.

        Takes: bills_follow_up_date, bills_request_date, bills_status (not_yet_requested, requested, received,
        incomplete, certified), description, in_treatment, matter_id, medical_bills (rows), medical_provider_id,
        medical_records (rows), records_follow_up_date, records_request_date, records_status (not_yet_requested,
        requested, received, incomplete, certified), treatment_end_date, treatment_start_date.
        """
        writing = self._write("create", (), fields, values, extra_query, extra_json)
        del values, extra_json  # a traceback may show it
        return await writing

    if TYPE_CHECKING:

        @overload
        async def get(self, id: int | HasId, /, *, fields: type[T], extra_query: ExtraQuery | None = None) -> T: ...
        @overload
        async def get(
            self, id: int | HasId, /, *, fields: Names = None, extra_query: ExtraQuery | None = None
        ) -> MedicalRecordsRequest: ...

    async def get(self, id: int | HasId, /, *, fields: Fields = None, extra_query: ExtraQuery | None = None) -> Any:
        """Read one."""
        return await self._read("get", (id,), fields, {}, extra_query)

    if TYPE_CHECKING:

        @overload
        async def update(
            self,
            target: int | HasETag,
            /,
            *,
            if_match: RecordETag | None = None,
            on_conflict: OnConflict = "raise",
            fields: type[T],
            extra_query: ExtraQuery | None = None,
            extra_json: ExtraJson | None = None,
            **changes: Unpack[MedicalRecordsRequestChanges],
        ) -> T: ...
        @overload
        async def update(
            self,
            target: int | HasETag,
            /,
            *,
            if_match: RecordETag | None = None,
            on_conflict: OnConflict = "raise",
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            extra_json: ExtraJson | None = None,
            **changes: Unpack[MedicalRecordsRequestChanges],
        ) -> MedicalRecordsRequest: ...

    async def update(
        self,
        target: int | HasETag,
        /,
        *,
        if_match: RecordETag | None = None,
        on_conflict: OnConflict = "raise",
        fields: Fields = None,
        extra_query: ExtraQuery | None = None,
        extra_json: ExtraJson | None = None,
        **changes: Any,
    ) -> Any:
        """Change one. A record is guarded by its etag; a bare id overwrites whatever is there.

        `if_match` is the etag that the record had, if not the one of the record that is given. Where somebody else has
        changed the record since, ``on_conflict="merge"`` writes all the same what collides with none of that.

        Takes: bills_follow_up_date, bills_request_date, bills_status (not_yet_requested, requested, received,
        incomplete, certified), description, in_treatment, medical_bills (rows), medical_provider_id, medical_records
        (rows), records_follow_up_date, records_request_date, records_status (not_yet_requested, requested, received,
        incomplete, certified), treatment_end_date, treatment_start_date.
        """
        writing = self._update(target, fields, if_match, changes, extra_query, extra_json, on_conflict)
        del changes, extra_json  # a traceback may show it
        return await writing

    async def delete(self, id: int | HasId, /, *, extra_query: ExtraQuery | None = None) -> None:
        """Delete one."""
        await self._write("delete", (id,), None, None, extra_query)

    if TYPE_CHECKING:

        @overload
        def edit(self, target: int | HasId, /, *, fields: type[T]) -> MedicalRecordsRequestEdit[T]: ...
        @overload
        def edit(
            self, target: int | HasId, /, *, fields: Names = None
        ) -> MedicalRecordsRequestEdit[MedicalRecordsRequest]: ...
        @overload
        def edit(
            self,
            target: int | HasId,
            change: Callable[[T], MedicalRecordsRequestChanges | Mapping[str, Any]],
            /,
            *,
            fields: type[T],
            attempts: int = 20,
        ) -> Awaitable[T]: ...
        @overload
        def edit(
            self,
            target: int | HasId,
            change: Callable[[MedicalRecordsRequest], MedicalRecordsRequestChanges | Mapping[str, Any]],
            /,
            *,
            fields: Names = None,
            attempts: int = 20,
        ) -> Awaitable[MedicalRecordsRequest]: ...
        def edit(self, *given: Any, **options: Any) -> Any: ...
