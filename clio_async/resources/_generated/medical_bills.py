# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of medical_bills."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, overload

from ..base import ExtraJson, ExtraQuery, Fields, Names, ResourceBase

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from typing import Literal, TypedDict, Unpack

    from ...models._generated.medical_bills import MedicalBill
    from ...models.record import RecordETag
    from ..base import HasETag, HasId, Number, OnConflict

    T = TypeVar("T")

    class MedicalBillChangesPayers(TypedDict, total=False):
        amount: Number | None
        holder_id: int | None
        mark_as_lien: bool | None

    class MedicalBillChanges(TypedDict, total=False):
        adjustment: Number | None
        amount: Number | None
        balance: Number | None
        bill_date: dt.date | None
        bill_received_date: dt.date | None
        mark_balance_type_as: Literal["lien", "outstanding_balance", "neither"] | str | None
        name: str | None
        payers: Sequence[MedicalBillChangesPayers] | None


class MedicalBills(ResourceBase):
    """Clio's ``/medical_bills``.

    Without ``fields=`` its records are read with id, etag, adjustment, amount, bill_date, bill_received_date,
    damage_type, document_id, name, created_at, updated_at, matter{id}.
    To be asked for: liens.
    """

    __slots__ = ()
    _name = "medical_bills"

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
            **changes: Unpack[MedicalBillChanges],
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
            **changes: Unpack[MedicalBillChanges],
        ) -> MedicalBill: ...

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

        Takes: adjustment, amount, balance, bill_date, bill_received_date, mark_balance_type_as (lien,
        outstanding_balance, neither), name, payers (rows).
        """
        writing = self._update(target, fields, if_match, changes, extra_query, extra_json, on_conflict)
        del changes, extra_json  # a traceback may show it
        return await writing

    async def delete(self, id: int | HasId, /, *, extra_query: ExtraQuery | None = None) -> None:
        """Delete one."""
        await self._write("delete", (id,), None, None, extra_query)
