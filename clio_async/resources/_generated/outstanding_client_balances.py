# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of outstanding_client_balances."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, overload

from ...pages import Pages
from ..base import ExtraQuery, Fields, Names, ResourceBase

if TYPE_CHECKING:
    import datetime as dt
    from typing import TypedDict, Unpack

    from ...models._generated.outstanding_client_balances import OutstandingClientBalance
    from ..base import HasId

    T = TypeVar("T")

    class OutstandingClientBalanceFilters(TypedDict, total=False):
        contact_id: int | HasId | None
        last_paid_end_date: dt.date
        last_paid_start_date: dt.date
        newest_bill_due_end_date: dt.date
        newest_bill_due_start_date: dt.date
        originating_attorney_id: int | HasId
        responsible_attorney_id: int | HasId


class OutstandingClientBalances(ResourceBase):
    """Clio's ``/outstanding_client_balances``.

    Without ``fields=`` its records are read with id, etag, associated_matter_ids, last_payment_date,
    last_shared_date, newest_issued_bill_due_date, pending_payments_total, reminders_enabled,
    total_outstanding_balance, created_at, updated_at, contact{id, type}, currency{id}.
    To be asked for: outstanding_bills.
    """

    __slots__ = ()
    _name = "outstanding_client_balances"

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
            **filters: Unpack[OutstandingClientBalanceFilters],
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
            **filters: Unpack[OutstandingClientBalanceFilters],
        ) -> Pages[OutstandingClientBalance]: ...

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

        Filters: contact_id, last_paid_end_date, last_paid_start_date, newest_bill_due_end_date,
        newest_bill_due_start_date, originating_attorney_id, responsible_attorney_id.
        """
        return self._list("list", (), fields, limit, resume, prefetch, filters, extra_query)
