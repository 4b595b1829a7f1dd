# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of outstanding_client_balances, for synchronous callers."""

from typing import TypeVar, Unpack, overload

from ...models._generated.outstanding_client_balances import OutstandingClientBalance
from ...resources._generated.outstanding_client_balances import OutstandingClientBalanceFilters
from ...resources.base import ExtraQuery, Names
from ..pages import SyncPages

T = TypeVar("T")

class OutstandingClientBalances:
    """Clio's ``/outstanding_client_balances``.

    Without ``fields=`` its records are read with id, etag, associated_matter_ids, last_payment_date,
    last_shared_date, newest_issued_bill_due_date, pending_payments_total, reminders_enabled,
    total_outstanding_balance, created_at, updated_at, contact{id, type}, currency{id}.
    To be asked for: outstanding_bills.
    """

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
    ) -> SyncPages[T]:
        """List them. `limit` is the size of a page, at most 200; `resume` a token of `SyncPages.resume_token`.

        Filters: contact_id, last_paid_end_date, last_paid_start_date, newest_bill_due_end_date,
        newest_bill_due_start_date, originating_attorney_id, responsible_attorney_id.
        """

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
    ) -> SyncPages[OutstandingClientBalance]: ...
