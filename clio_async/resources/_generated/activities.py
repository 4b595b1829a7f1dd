# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of activities."""

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

    from ...models._generated.activities import Activity
    from ...models.record import RecordETag
    from ..base import Associated, HasETag, HasId, Number, OnConflict
    from ..edits.edit import Edit

    T = TypeVar("T")

    # fmt: off
    Order: TypeAlias = Literal[
        "id(asc)", "id(desc)", "display_number(asc)", "display_number(desc)", "user.name(asc)", "user.name(desc)",
        "price(asc)", "price(desc)", "total(asc)", "total(desc)", "type(asc)", "type(desc)", "date(asc)",
        "date(desc)", "note(asc)", "note(desc)", "updated_at(asc)", "updated_at(desc)", "vendor.name(asc)",
        "vendor.name(desc)", "expense_category.name(asc)", "expense_category.name(desc)", "non_billable(asc)",
        "non_billable(desc)", "non_billable_total(asc)", "non_billable_total(desc)"
    ]
    Status: TypeAlias = Literal["billed", "draft", "unbilled", "non_billable", "billable", "written_off"]
    # fmt: on

    class ActivityFilters(TypedDict, total=False):
        activity_description_id: int | HasId | None
        calendar_entry_id: int | HasId | None
        communication_id: int | HasId | None
        contact_note_id: int | HasId | None
        created_since: dt.datetime
        end_date: dt.date
        expense_category_id: int | HasId | None
        flat_rate: bool
        grant_id: int | HasId | None
        ids: Iterable[int | HasId]
        matter_id: int | HasId | None
        matter_note_id: int | HasId | None
        only_unaccounted_for: bool
        order: Order | str
        query: str
        start_date: dt.date
        status: Status | str
        task_id: int | HasId | None
        type: Literal["TimeEntry", "ExpenseEntry", "HardCostEntry", "SoftCostEntry"] | str
        updated_since: dt.datetime
        user_id: int | HasId | None

    class NewActivityActivityDescription(TypedDict, total=False):
        id: int
        utbms_task_id: int
        utbms_activity_id: int

    class NewActivityCalendarEntry(TypedDict, total=False):
        id: Any

    class NewActivity(TypedDict, total=False):
        activity_description: NewActivityActivityDescription | HasId
        calendar_entry: NewActivityCalendarEntry | HasId
        client_portal: Associated
        communication: Associated
        contact_note: Associated
        date: dt.date | None
        expense_category: Associated | None
        matter: Associated
        matter_note: Associated
        no_charge: bool | None
        non_billable: bool | None
        note: str | None
        price: Number | None
        quantity: Number | dt.timedelta | None
        reference: str | None
        start_timer: bool | None
        task: Associated
        tax_setting: Literal["no_tax", "tax_1_only", "tax_2_only", "tax_1_and_tax_2"] | str | None
        text_message_conversation: Associated
        type: Required[Literal["TimeEntry", "ExpenseEntry", "HardCostEntry", "SoftCostEntry"] | str]
        user: Associated | None
        utbms_expense: Associated
        vendor: Associated | None

    class ActivityChanges(TypedDict, total=False):
        activity_description: NewActivityActivityDescription | HasId
        calendar_entry: NewActivityCalendarEntry | HasId
        client_portal: Associated
        communication: Associated
        contact_note: Associated
        date: dt.date | None
        expense_category: Associated | None
        matter: Associated
        matter_note: Associated
        no_charge: bool | None
        non_billable: bool | None
        note: str | None
        price: Number | None
        quantity: Number | dt.timedelta | None
        reference: str | None
        start_timer: bool | None
        task: Associated
        tax_setting: Literal["no_tax", "tax_1_only", "tax_2_only", "tax_1_and_tax_2"] | str | None
        text_message_conversation: Associated
        type: Literal["TimeEntry", "ExpenseEntry", "HardCostEntry", "SoftCostEntry"] | str | None
        user: Associated | None
        utbms_expense: Associated
        vendor: Associated | None

    class ActivityEdit(Edit[T]):
        def set(self, **changes: Unpack[ActivityChanges]) -> None: ...


class Activities(EditsRecords, GetsMany["Activity"], GetsIfChanged["Activity"], ResourceBase):
    """Clio's ``/activities``.

    Without ``fields=`` its records are read with id, etag, type, date, quantity_in_hours, rounded_quantity_in_hours,
    quantity, rounded_quantity, price, note, flat_rate, total, contingency_fee, created_at, updated_at, reference,
    non_billable, non_billable_total, no_charge, tax_setting, currency{id}, activity_description{id, type},
    expense_category{id}, bill{id, type}, communication{id, type}, client_portal{id}, matter{id}, matter_note{id,
    type}, contact_note{id, type}, subject{id, type}, timer{id}, user{id}, utbms_expense{id, type}, vendor{id, type},
    calendar_entry{id}, task{id}, text_message_conversation{id}, document_version{id}, legal_aid_uk_activity{id}.
    To be asked for: quantity_redacted, billed, on_bill.
    """

    __slots__ = ()
    _name = "activities"

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
            **filters: Unpack[ActivityFilters],
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
            **filters: Unpack[ActivityFilters],
        ) -> Pages[Activity]: ...

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

        Filters: activity_description_id, calendar_entry_id, communication_id, contact_note_id, created_since,
        end_date, expense_category_id, flat_rate, grant_id, ids, matter_id, matter_note_id, only_unaccounted_for,
        order, query, start_date, status (billed, draft, unbilled, non_billable, billable, written_off), task_id, type
        (TimeEntry, ExpenseEntry, HardCostEntry, SoftCostEntry), updated_since, user_id.

        Orders, each with (asc) or (desc): id, display_number, user.name, price, total, type, date, note, updated_at,
        vendor.name, expense_category.name, non_billable, non_billable_total.
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
            **filters: Unpack[ActivityFilters],
        ) -> Changes[T]: ...
        @overload
        def iter_changes(
            self,
            since: dt.datetime | str,
            *,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            **filters: Unpack[ActivityFilters],
        ) -> Changes[Activity]: ...

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
            **values: Unpack[NewActivity],
        ) -> T: ...
        @overload
        async def create(
            self,
            *,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            extra_json: ExtraJson | None = None,
            **values: Unpack[NewActivity],
        ) -> Activity: ...

    async def create(
        self,
        *,
        fields: Fields = None,
        extra_query: ExtraQuery | None = None,
        extra_json: ExtraJson | None = None,
        **values: Any,
    ) -> Any:
        """Create one.

        Takes: activity_description, calendar_entry, client_portal, communication, contact_note, date,
        expense_category, matter, matter_note, no_charge, non_billable, note, price, quantity (seconds, or a
        timedelta), reference, start_timer, task, tax_setting (no_tax, tax_1_only, tax_2_only, tax_1_and_tax_2),
        text_message_conversation, type (required; TimeEntry, ExpenseEntry, HardCostEntry, SoftCostEntry), user,
        utbms_expense, vendor.
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
        ) -> Activity: ...

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
            **changes: Unpack[ActivityChanges],
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
            **changes: Unpack[ActivityChanges],
        ) -> Activity: ...

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

        Takes: activity_description, calendar_entry, client_portal, communication, contact_note, date,
        expense_category, matter, matter_note, no_charge, non_billable, note, price, quantity (seconds, or a
        timedelta), reference, start_timer, task, tax_setting (no_tax, tax_1_only, tax_2_only, tax_1_and_tax_2),
        text_message_conversation, type (TimeEntry, ExpenseEntry, HardCostEntry, SoftCostEntry), user, utbms_expense,
        vendor.
        """
        writing = self._update(target, fields, if_match, changes, extra_query, extra_json, on_conflict)
        del changes, extra_json  # a traceback may show it
        return await writing

    async def delete(self, id: int | HasId, /, *, extra_query: ExtraQuery | None = None) -> None:
        """Delete one."""
        await self._write("delete", (id,), None, None, extra_query)

    if TYPE_CHECKING:

        @overload
        def edit(self, target: int | HasId, /, *, fields: type[T]) -> ActivityEdit[T]: ...
        @overload
        def edit(self, target: int | HasId, /, *, fields: Names = None) -> ActivityEdit[Activity]: ...
        @overload
        def edit(
            self,
            target: int | HasId,
            change: Callable[[T], ActivityChanges | Mapping[str, Any]],
            /,
            *,
            fields: type[T],
            attempts: int = 20,
        ) -> Awaitable[T]: ...
        @overload
        def edit(
            self,
            target: int | HasId,
            change: Callable[[Activity], ActivityChanges | Mapping[str, Any]],
            /,
            *,
            fields: Names = None,
            attempts: int = 20,
        ) -> Awaitable[Activity]: ...
        def edit(self, *given: Any, **options: Any) -> Any: ...
