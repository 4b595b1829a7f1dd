# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, overload

from ...changes import Changes
from ...pages import Pages
from ..base import ExtraJson, ExtraQuery, Fields, GetsIfChanged, Names, ResourceBase
from ..many import GetsMany

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable
    from typing import Literal, Required, TypeAlias, TypedDict, Unpack

    from ...models._generated.reports import Report
    from ...secrets import Secret
    from ..base import Associated, HasId

    T = TypeVar("T")

    # fmt: off
    Kind: TypeAlias = Literal[
        "accounts_receivable", "accounts_receivable_aging", "bank_account_activity", "billing_history",
        "billing_rate", "client_activity", "client_ledger", "clio_payments_deposit", "clio_payments_ledger",
        "clio_payments_monthly_statement", "clio_payments_sales_tax", "clio_payments_transaction",
        "contact_information", "currency_conversion_gain_loss", "disbursement_payment", "fee_allocation",
        "general_ledger", "grant_matters", "invoice_payments_v2", "law_society_of_alberta",
        "law_society_of_alberta_al", "law_society_of_alberta_bar", "law_society_of_alberta_tl",
        "law_society_of_alberta_tt", "matter", "matter_balance_summary", "matter_ledger_full",
        "matter_productivity_by_user", "matters_by_responsible_attorney", "originating_attorney_revenue",
        "other_revenue", "potential_trust_to_office", "productivity_by_client", "productivity_by_user", "revenue",
        "task_productivity_by_user", "task_progress_by_user", "trust_ledger", "trust_ledger_nsw", "trust_listing",
        "trust_management", "work_in_progress"
    ]
    Format: TypeAlias = Literal["csv", "html", "json", "pdf", "xlsx", "zip"]
    # fmt: on

    class ReportFilters(TypedDict, total=False):
        category: str
        created_before: dt.date
        created_since: dt.datetime
        ids: Iterable[int | HasId]
        kind: Kind | str
        output_format: str
        query: str
        source: str
        state: str
        updated_since: dt.datetime

    class NewReport(TypedDict, total=False):
        client: Associated
        end_date: dt.date | None
        format: Required[Format | str]
        kind: Required[Kind | str]
        matter: Associated
        originating_attorney: Associated
        practice_area: Associated
        responsible_attorney: Associated
        start_date: dt.date | None
        user: Associated
        year: str | None


class Reports(GetsMany["Report"], GetsIfChanged["Report"], ResourceBase):
    """Clio's ``/reports``.

    Without ``fields=`` its records are read with id, etag, name, state, kind, format, progress, created_at,
    updated_at, category, source.
    """

    __slots__ = ()
    _name = "reports"

    async def download_url(self, id: int | HasId, /, *, extra_query: ExtraQuery | None = None) -> Secret:
        """Return the signed address that it can be had at for some minutes, without a token."""
        return await self._redirect("download", (id,), {}, extra_query)

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
            **filters: Unpack[ReportFilters],
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
            **filters: Unpack[ReportFilters],
        ) -> Pages[Report]: ...

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

        Filters: category, created_before, created_since, ids, kind (accounts_receivable, …), output_format, query,
        source, state, updated_since.
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
            **filters: Unpack[ReportFilters],
        ) -> Changes[T]: ...
        @overload
        def iter_changes(
            self,
            since: dt.datetime | str,
            *,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            **filters: Unpack[ReportFilters],
        ) -> Changes[Report]: ...

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
            **values: Unpack[NewReport],
        ) -> T: ...
        @overload
        async def create(
            self,
            *,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            extra_json: ExtraJson | None = None,
            **values: Unpack[NewReport],
        ) -> Report: ...

    async def create(
        self,
        *,
        fields: Fields = None,
        extra_query: ExtraQuery | None = None,
        extra_json: ExtraJson | None = None,
        **values: Any,
    ) -> Any:
        """Create one.

        Takes: client, end_date, format (required; csv, html, json, pdf, xlsx, zip), kind (required;
        accounts_receivable, …), matter, originating_attorney, practice_area, responsible_attorney, start_date, user,
        year.
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
        ) -> Report: ...

    async def get(self, id: int | HasId, /, *, fields: Fields = None, extra_query: ExtraQuery | None = None) -> Any:
        """Read one."""
        return await self._read("get", (id,), fields, {}, extra_query)
