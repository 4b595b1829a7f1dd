# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of bills."""

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
    from typing import Literal, TypeAlias, TypedDict, Unpack

    from ...models._generated.bills import Bill
    from ...models.record import RecordETag
    from ..base import Associated, HasETag, HasId, Number, OnConflict
    from ..edits.edit import Edit

    T = TypeVar("T")

    # fmt: off
    Order: TypeAlias = Literal[
        "id(asc)", "id(desc)", "due_at(asc)", "due_at(desc)", "issued_at(asc)", "issued_at(desc)", "paid_at(asc)",
        "paid_at(desc)", "last_sent_at(asc)", "last_sent_at(desc)", "client_name(asc)", "client_name(desc)",
        "matter_display_number(asc)", "matter_display_number(desc)", "balance(asc)", "balance(desc)", "number(asc)",
        "number(desc)"
    ]
    State: TypeAlias = Literal["draft", "awaiting_approval", "awaiting_payment", "paid", "void", "deleted"]
    # fmt: on

    class BillFilters(TypedDict, total=False):
        bill_number: str
        client_id: int | HasId
        created_since: dt.datetime
        currency_id: int | HasId
        custom_field_values: Mapping[int, Any]
        due_after: dt.date
        due_at: dt.date
        due_before: dt.date
        ids: Iterable[int | HasId]
        issued_after: dt.date
        issued_before: dt.date
        last_sent_end_date: dt.date
        last_sent_start_date: dt.date
        matter_id: int | HasId | None
        order: Order | str
        originating_attorney_id: int | HasId | None
        overdue_only: bool
        query: str
        responsible_attorney_id: int | HasId | None
        state: State | str
        status: Literal["all", "overdue"] | str
        type: Literal["revenue", "trust"] | str
        updated_since: dt.datetime

    class BillQuery(TypedDict, total=False):
        navigation_next: int
        navigation_previous: int

    class BillChangesDiscount(TypedDict, total=False):
        rate: Number | None
        type: Literal["percentage", "money"] | str | None
        note: str | None

    class BillChangesInterest(TypedDict, total=False):
        rate: Number | None
        type: Literal["simple", "compound"] | str | None
        period: int | None

    class BillChanges(TypedDict, total=False):
        bill_theme: Associated | None
        currency_id: int | None
        discount: BillChangesDiscount | None
        due_at: dt.date | None
        interest: BillChangesInterest | None
        issued_at: dt.date | None
        memo: str | None
        number: str | None
        purchase_order: str | None
        secondary_tax_rate: Number | None
        state: State | str | None
        subject: str | None
        tax_rate: Number | None
        use_grace_period: bool | None

    class BillEdit(Edit[T]):
        def set(self, **changes: Unpack[BillChanges]) -> None: ...


class Bills(EditsRecords, GetsMany["Bill"], GetsIfChanged["Bill"], ResourceBase):
    """Clio's ``/bills``.

    Without ``fields=`` its records are read with id, etag, number, issued_at, created_at, due_at, tax_rate,
    secondary_tax_rate, updated_at, subject, purchase_order, type, memo, start_at, end_at, balance, state, kind,
    total, paid, paid_at, pending, due, discount_services_only, can_update, credits_issued, shared, last_sent_at,
    services_secondary_tax, services_sub_total, services_tax, services_taxable_sub_total,
    services_secondary_taxable_sub_total, taxable_sub_total, secondary_taxable_sub_total, sub_total, tax_sum,
    secondary_tax_sum, total_tax, available_state_transitions, user{id}, client{id, type}, group{id, type},
    bill_theme{id}, original_bill{id, type}, destination_account{id, type}, currency{id}, billing_setting{id},
    legal_aid_uk_bill{id}, split_invoice{id}.
    To be asked for: discount, interest, matters, balances, matter_totals, client_addresses.
    """

    __slots__ = ()
    _name = "bills"

    async def preview(self, id: int | HasId, /, *, extra_query: ExtraQuery | None = None) -> str:
        """Return it as an HTML document."""
        return await self._text("preview", (id,), {}, extra_query)

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
            **filters: Unpack[BillFilters],
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
            **filters: Unpack[BillFilters],
        ) -> Pages[Bill]: ...

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

        Filters: bill_number, client_id, created_since, currency_id, custom_field_values, due_after, due_at,
        due_before, ids, issued_after, issued_before, last_sent_end_date, last_sent_start_date, matter_id, order,
        originating_attorney_id, overdue_only, query, responsible_attorney_id, state (draft, awaiting_approval,
        awaiting_payment, paid, void, deleted), status (all, overdue), type (revenue, trust), updated_since.

        Orders, each with (asc) or (desc): id, due_at, issued_at, paid_at, last_sent_at, client_name,
        matter_display_number, balance, number.
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
            **filters: Unpack[BillFilters],
        ) -> Changes[T]: ...
        @overload
        def iter_changes(
            self,
            since: dt.datetime | str,
            *,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            **filters: Unpack[BillFilters],
        ) -> Changes[Bill]: ...

    def iter_changes(
        self, since: dt.datetime | str, *, fields: Fields = None, extra_query: ExtraQuery | None = None, **filters: Any
    ) -> Changes[Any]:
        """Walk what has changed since an instant, or a mark of `Changes.mark`. Deletions cannot be seen.

        It takes the filters of `list`.
        """
        return self._changes((), since, fields, filters, extra_query)

    if TYPE_CHECKING:

        @overload
        async def get(
            self,
            id: int | HasId,
            /,
            *,
            fields: type[T],
            extra_query: ExtraQuery | None = None,
            **filters: Unpack[BillQuery],
        ) -> T: ...
        @overload
        async def get(
            self,
            id: int | HasId,
            /,
            *,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            **filters: Unpack[BillQuery],
        ) -> Bill: ...

    async def get(
        self, id: int | HasId, /, *, fields: Fields = None, extra_query: ExtraQuery | None = None, **filters: Any
    ) -> Any:
        """Read one.

        Filters: navigation_next, navigation_previous.
        """
        return await self._read("get", (id,), fields, filters, extra_query)

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
            **changes: Unpack[BillChanges],
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
            **changes: Unpack[BillChanges],
        ) -> Bill: ...

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

        Takes: bill_theme, currency_id, discount, due_at, interest, issued_at, memo, number, purchase_order,
        secondary_tax_rate, state (draft, awaiting_approval, awaiting_payment, paid, void, deleted), subject,
        tax_rate, use_grace_period.
        """
        writing = self._update(target, fields, if_match, changes, extra_query, extra_json, on_conflict)
        del changes, extra_json  # a traceback may show it
        return await writing

    async def delete(self, id: int | HasId, /, *, extra_query: ExtraQuery | None = None) -> None:
        """Delete one."""
        await self._write("delete", (id,), None, None, extra_query)

    if TYPE_CHECKING:

        @overload
        def edit(self, target: int | HasId, /, *, fields: type[T]) -> BillEdit[T]: ...
        @overload
        def edit(self, target: int | HasId, /, *, fields: Names = None) -> BillEdit[Bill]: ...
        @overload
        def edit(
            self,
            target: int | HasId,
            change: Callable[[T], BillChanges | Mapping[str, Any]],
            /,
            *,
            fields: type[T],
            attempts: int = 20,
        ) -> Awaitable[T]: ...
        @overload
        def edit(
            self,
            target: int | HasId,
            change: Callable[[Bill], BillChanges | Mapping[str, Any]],
            /,
            *,
            fields: Names = None,
            attempts: int = 20,
        ) -> Awaitable[Bill]: ...
        def edit(self, *given: Any, **options: Any) -> Any: ...
