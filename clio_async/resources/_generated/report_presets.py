# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of report_presets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, overload

from ...changes import Changes
from ...pages import Pages
from ..base import ExtraJson, ExtraQuery, Fields, GetsIfChanged, Names, ResourceBase
from ..edits import EditsRecords
from ..many import GetsMany

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Awaitable, Callable, Iterable, Mapping
    from typing import Literal, Required, TypeAlias, TypedDict, Unpack

    from ...models._generated.report_presets import ReportPreset
    from ...models._generated.reports import Report
    from ...models.record import RecordETag
    from ..base import HasETag, HasId, OnConflict
    from ..edits.edit import Edit

    T = TypeVar("T")

    # fmt: off
    Category: TypeAlias = Literal[
        "billing", "client", "compliance", "financial", "matter", "online_payments", "productivity", "revenue", "task"
    ]
    Order: TypeAlias = Literal[
        "created_at(asc)", "created_at(desc)", "last_generated_at(asc)", "last_generated_at(desc)",
        "last_modified_at(asc)", "last_modified_at(desc)", "name(asc)", "name(desc)", "next_scheduled_date(asc)",
        "next_scheduled_date(desc)"
    ]
    Format: TypeAlias = Literal["csv", "html", "json", "pdf", "xlsx", "zip"]
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
    # fmt: on

    class ReportPresetFilters(TypedDict, total=False):
        category: Category | str
        created_since: dt.datetime
        has_schedule: bool
        ids: Iterable[int | HasId]
        order: Order | str
        output_format: str
        query: str
        schedule_frequency: Literal["daily", "weekly", "monthly"] | str
        updated_since: dt.datetime

    class NewReportPreset(TypedDict, total=False):
        format: Required[Format | str]
        kind: Required[Kind | str]
        name: Required[str]
        options: str | None

    class ReportPresetChanges(TypedDict, total=False):
        format: Format | str | None
        kind: Kind | str | None
        name: str | None
        options: str | None

    class ReportPresetEdit(Edit[T]):
        def set(self, **changes: Unpack[ReportPresetChanges]) -> None: ...


class ReportPresets(EditsRecords, GetsMany["ReportPreset"], GetsIfChanged["ReportPreset"], ResourceBase):
    """Clio's ``/report_presets``.

    Without ``fields=`` its records are read with id, etag, name, kind, format, created_at, updated_at, category,
    options, report_schedule{id}.
    To be asked for: last_generated_at.
    """

    __slots__ = ()
    _name = "report_presets"

    async def generate_report(
        self, id: int | HasId, /, *, extra_query: ExtraQuery | None = None, extra_json: ExtraJson | None = None
    ) -> Report:
        """Begin a report as the preset has it."""
        writing = self._write("generate_report", (id,), None, None, extra_query, extra_json)
        del extra_json  # a traceback may show it
        found: Report = await writing
        return found

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
            **filters: Unpack[ReportPresetFilters],
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
            **filters: Unpack[ReportPresetFilters],
        ) -> Pages[ReportPreset]: ...

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

        Filters: category (billing, client, compliance, financial, matter, online_payments, productivity, revenue,
        task), created_since, has_schedule, ids, order, output_format, query, schedule_frequency (daily, weekly,
        monthly), updated_since.

        Orders, each with (asc) or (desc): created_at, last_generated_at, last_modified_at, name, next_scheduled_date.
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
            **filters: Unpack[ReportPresetFilters],
        ) -> Changes[T]: ...
        @overload
        def iter_changes(
            self,
            since: dt.datetime | str,
            *,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            **filters: Unpack[ReportPresetFilters],
        ) -> Changes[ReportPreset]: ...

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
            **values: Unpack[NewReportPreset],
        ) -> T: ...
        @overload
        async def create(
            self,
            *,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            extra_json: ExtraJson | None = None,
            **values: Unpack[NewReportPreset],
        ) -> ReportPreset: ...

    async def create(
        self,
        *,
        fields: Fields = None,
        extra_query: ExtraQuery | None = None,
        extra_json: ExtraJson | None = None,
        **values: Any,
    ) -> Any:
        """Create one.

        Takes: format (required; csv, html, json, pdf, xlsx, zip), kind (required; accounts_receivable, …), name
        (required), options.
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
        ) -> ReportPreset: ...

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
            **changes: Unpack[ReportPresetChanges],
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
            **changes: Unpack[ReportPresetChanges],
        ) -> ReportPreset: ...

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

        Takes: format (csv, html, json, pdf, xlsx, zip), kind (accounts_receivable, …), name, options.
        """
        writing = self._update(target, fields, if_match, changes, extra_query, extra_json, on_conflict)
        del changes, extra_json  # a traceback may show it
        return await writing

    async def delete(self, id: int | HasId, /, *, extra_query: ExtraQuery | None = None) -> None:
        """Delete one."""
        await self._write("delete", (id,), None, None, extra_query)

    if TYPE_CHECKING:

        @overload
        def edit(self, target: int | HasId, /, *, fields: type[T]) -> ReportPresetEdit[T]: ...
        @overload
        def edit(self, target: int | HasId, /, *, fields: Names = None) -> ReportPresetEdit[ReportPreset]: ...
        @overload
        def edit(
            self,
            target: int | HasId,
            change: Callable[[T], ReportPresetChanges | Mapping[str, Any]],
            /,
            *,
            fields: type[T],
            attempts: int = 20,
        ) -> Awaitable[T]: ...
        @overload
        def edit(
            self,
            target: int | HasId,
            change: Callable[[ReportPreset], ReportPresetChanges | Mapping[str, Any]],
            /,
            *,
            fields: Names = None,
            attempts: int = 20,
        ) -> Awaitable[ReportPreset]: ...
        def edit(self, *given: Any, **options: Any) -> Any: ...
