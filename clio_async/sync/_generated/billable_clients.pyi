# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of billable_clients, for synchronous callers."""

from typing import TypeVar, Unpack, overload

from ...models._generated.billable_clients import BillableClient
from ...resources._generated.billable_clients import BillableClientFilters
from ...resources.base import ExtraQuery, Names
from ..pages import SyncPages

T = TypeVar("T")

class BillableClients:
    """Clio's ``/billable_clients``.

    Without ``fields=`` its records are read with id, unbilled_hours, unbilled_amount, amount_in_trust, name,
    billable_matters_count.
    To be asked for: billable_matters.
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
        **filters: Unpack[BillableClientFilters],
    ) -> SyncPages[T]:
        """List them. `limit` is the size of a page, at most 25; `resume` a token of `SyncPages.resume_token`.

        Filters: client_id, custom_field_values, end_date, matter_id, originating_attorney_id, query,
        responsible_attorney_id, start_date.
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
        **filters: Unpack[BillableClientFilters],
    ) -> SyncPages[BillableClient]: ...
