# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of billable_clients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, overload

from ...pages import Pages
from ..base import ExtraQuery, Fields, Names, ResourceBase

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from typing import TypedDict, Unpack

    from ...models._generated.billable_clients import BillableClient
    from ..base import HasId

    T = TypeVar("T")

    class BillableClientFilters(TypedDict, total=False):
        client_id: int | HasId
        custom_field_values: Mapping[int, Any]
        end_date: dt.date
        matter_id: int | HasId
        originating_attorney_id: int | HasId | None
        query: str
        responsible_attorney_id: int | HasId | None
        start_date: dt.date


class BillableClients(ResourceBase):
    """Clio's ``/billable_clients``.

    Without ``fields=`` its records are read with id, unbilled_hours, unbilled_amount, amount_in_trust, name,
    billable_matters_count.
    To be asked for: billable_matters.
    """

    __slots__ = ()
    _name = "billable_clients"

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
            **filters: Unpack[BillableClientFilters],
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
            **filters: Unpack[BillableClientFilters],
        ) -> Pages[BillableClient]: ...

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
        """List them. `limit` is the size of a page, at most 25; `resume` a token of `Pages.resume_token`.

        Filters: client_id, custom_field_values, end_date, matter_id, originating_attorney_id, query,
        responsible_attorney_id, start_date.
        """
        return self._list("list", (), fields, limit, resume, prefetch, filters, extra_query)
