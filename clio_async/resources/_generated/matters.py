# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of matters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, overload

from ...changes import Changes
from ...pages import Pages
from ..base import ExtraJson, ExtraQuery, Fields, GetsIfChanged, Names, ResourceBase
from ..custom_field_values import SetsCustomFields
from ..edits import EditsRecords
from ..many import GetsMany

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
    from typing import Literal, Required, TypeAlias, TypedDict, Unpack

    from ...models._generated.matters import Matter
    from ...models.record import RecordETag
    from ..base import Associated, Compared, HasETag, HasId, Number, OnConflict
    from ..edits.edit import Edit

    T = TypeVar("T")

    # fmt: off
    Order: TypeAlias = Literal[
        "display_number(asc)", "display_number(desc)", "custom_number(asc)", "custom_number(desc)", "id(asc)",
        "id(desc)", "client.name(asc)", "client.name(desc)", "clients(asc)", "clients(desc)", "open_date(asc)",
        "open_date(desc)", "practice_area.name(asc)", "practice_area.name(desc)", "matter_stage.name(asc)",
        "matter_stage.name(desc)", "responsible_attorney.name(asc)", "responsible_attorney.name(desc)",
        "close_date(asc)", "close_date(desc)", "pending_date(asc)", "pending_date(desc)", "updated_at(asc)",
        "updated_at(desc)", "created_at(asc)", "created_at(desc)", "statute_of_limitations.due_at(asc)",
        "statute_of_limitations.due_at(desc)", "originating_attorney.name(asc)", "originating_attorney.name(desc)",
        "grants(asc)", "grants(desc)", "matter_stage_updated_at(asc)", "matter_stage_updated_at(desc)"
    ]
    Status: TypeAlias = Literal["pending", "in_progress", "in_review", "complete", "draft"]
    # fmt: on

    class MatterFilters(TypedDict, total=False):
        billable: bool
        client_id: int | HasId
        close_date: Compared[dt.date]
        created_since: dt.datetime
        currency_id: int | HasId
        custom_field_ids: Iterable[int]
        custom_field_values: Mapping[int, Any]
        grant_id: int | HasId | None
        group_id: int | HasId
        ids: Iterable[int | HasId]
        notification_event_subscriber_user_id: int | HasId | None
        open_date: Compared[dt.date]
        order: Order | str
        originating_attorney_id: int | HasId | None
        pending_date: Compared[dt.date]
        practice_area_id: int | HasId
        query: str
        responsible_attorney_id: int | HasId | None
        responsible_staff_id: int | HasId | None
        status: Literal["open", "closed", "pending"] | str | Iterable[Literal["open", "closed", "pending"] | str]
        subscriber_user_id: int | HasId | None
        updated_since: dt.datetime

    class NewMatterCustomFieldSetAssociations(TypedDict, total=False):
        display_order: int | None
        custom_field_set: Associated

    class NewMatterCustomFieldValues(TypedDict, total=False):
        value: Any
        custom_field: Required[Associated]

    class NewMatterCustomRateRates(TypedDict, total=False):
        user: Associated
        award: Number | None
        note: str | None
        date: dt.date | None
        rate: Number | None
        activity_description: Associated
        group: Associated

    class NewMatterCustomRate(TypedDict, total=False):
        type: Literal["FlatRate", "HourlyRate", "ContingencyFee"] | str | None
        rates: Sequence[NewMatterCustomRateRates] | None

    class NewMatterEvergreenRetainerRecipients(TypedDict, total=False):
        id: int | None
        _destroy: bool | None

    class NewMatterEvergreenRetainer(TypedDict, total=False):
        minimum_threshold: Number | None
        recipients: Sequence[NewMatterEvergreenRetainerRecipients | HasId] | None

    class NewMatterKycFieldValues(TypedDict, total=False):
        field_name: str | None
        field_type: Literal["date", "text", "picklist"] | str | None
        field_value: str | None

    class NewMatterMatterBudget(TypedDict, total=False):
        _destroy: bool | None
        budget: Number | None
        include_expenses: bool | None
        notification_threshold: int | None
        notify_users: bool | None

    class NewMatterRelationships(TypedDict, total=False):
        description: str | None
        contact: Required[Associated]

    class NewMatterSplitInvoicePayers(TypedDict, total=False):
        contact_id: int | None
        send_to_bill_recipients: bool | None
        split_portion: Number | None

    class NewMatterStatuteOfLimitationsReminders(TypedDict, total=False):
        duration_value: int | None
        duration_unit: str | None
        notification_method: Associated

    class NewMatterStatuteOfLimitations(TypedDict, total=False):
        status: Status | str | None
        due_at: dt.date | None
        reminders: Sequence[NewMatterStatuteOfLimitationsReminders] | None

    class NewMatterTaskTemplateListInstances(TypedDict, total=False):
        task_template_list: Associated
        assignee_id: int | None
        notify_assignees: bool | None
        due_at: dt.date | None

    class NewMatter(TypedDict, total=False):
        custom_field_ids: Iterable[int]
        billable: bool | None
        client: Required[Associated]
        client_reference: str | None
        close_date: dt.date | None
        currency: Mapping[str, Any] | None
        custom_field_set_associations: Sequence[NewMatterCustomFieldSetAssociations] | None
        custom_field_values: Sequence[NewMatterCustomFieldValues] | None
        custom_rate: NewMatterCustomRate | None
        description: Required[str]
        display_number: str | None
        evergreen_retainer: NewMatterEvergreenRetainer | None
        group: Associated | None
        kyc_field_values: Sequence[NewMatterKycFieldValues] | None
        location: str | None
        matter_budget: NewMatterMatterBudget | None
        matter_stage: Associated | None
        open_date: dt.date | None
        originating_attorney: Associated
        pending_date: dt.date | None
        practice_area: Associated | None
        relationships: Sequence[NewMatterRelationships] | None
        reset_matter_number: bool | None
        responsible_attorney: Associated
        responsible_staff: Associated
        split_invoice_payers: Sequence[NewMatterSplitInvoicePayers] | None
        status: Literal["open", "closed", "pending"] | str | None
        statute_of_limitations: NewMatterStatuteOfLimitations | None
        task_template_list_instances: Sequence[NewMatterTaskTemplateListInstances] | None

    class MatterQuery(TypedDict, total=False):
        custom_field_ids: Iterable[int]

    class MatterChangesCustomFieldSetAssociations(TypedDict, total=False):
        id: int
        display_order: int | None
        custom_field_set: Associated
        _destroy: bool | None

    class MatterChangesCustomFieldValues(TypedDict, total=False):
        value: Any
        custom_field: Associated
        id: str
        _destroy: bool | None

    class MatterChangesCustomRateRates(TypedDict, total=False):
        user: Associated
        award: Number | None
        note: str | None
        date: dt.date | None
        rate: Number | None
        id: int
        _destroy: bool | None
        activity_description: Associated
        group: Associated

    class MatterChangesCustomRate(TypedDict, total=False):
        type: Literal["FlatRate", "HourlyRate", "ContingencyFee"] | str | None
        rates: Sequence[MatterChangesCustomRateRates | HasId] | None

    class MatterChangesEvergreenRetainer(TypedDict, total=False):
        minimum_threshold: Number | None
        _destroy: bool | None
        recipients: Sequence[NewMatterEvergreenRetainerRecipients | HasId] | None

    class MatterChangesKycFieldValues(TypedDict, total=False):
        id: int
        field_name: str | None
        field_type: Literal["date", "text", "picklist"] | str | None
        field_value: str | None

    class MatterChangesRelationships(TypedDict, total=False):
        description: str | None
        contact: Associated
        id: int
        _destroy: bool | None

    class MatterChangesSplitInvoicePayers(TypedDict, total=False):
        contact_id: int | None
        id: int | None
        send_to_bill_recipients: bool | None
        split_portion: Number | None
        _destroy: bool | None

    class MatterChangesStatuteOfLimitationsReminders(TypedDict, total=False):
        duration_value: int | None
        duration_unit: str | None
        notification_method: Associated
        id: int
        _destroy: bool | None

    class MatterChangesStatuteOfLimitations(TypedDict, total=False):
        status: Status | str | None
        due_at: dt.date | None
        reminders: Sequence[MatterChangesStatuteOfLimitationsReminders | HasId] | None

    class MatterChanges(TypedDict, total=False):
        custom_field_ids: Iterable[int]
        billable: bool | None
        client: Associated
        client_reference: str | None
        close_date: dt.date | None
        currency: Mapping[str, Any] | None
        custom_field_set_associations: Sequence[MatterChangesCustomFieldSetAssociations | HasId] | None
        custom_field_values: Sequence[MatterChangesCustomFieldValues | HasId] | None
        custom_rate: MatterChangesCustomRate | None
        description: str | None
        display_number: str | None
        evergreen_retainer: MatterChangesEvergreenRetainer | None
        group: Associated | None
        kyc_field_values: Sequence[MatterChangesKycFieldValues | HasId] | None
        location: str | None
        matter_budget: NewMatterMatterBudget | None
        matter_stage: Associated | None
        open_date: dt.date | None
        originating_attorney: Associated
        pending_date: dt.date | None
        practice_area: Associated | None
        relationships: Sequence[MatterChangesRelationships | HasId] | None
        reset_matter_number: bool | None
        responsible_attorney: Associated
        responsible_staff: Associated
        split_invoice_payers: Sequence[MatterChangesSplitInvoicePayers | HasId] | None
        status: Literal["open", "closed", "pending"] | str | None
        statute_of_limitations: MatterChangesStatuteOfLimitations | None
        task_template_list_instances: Sequence[NewMatterTaskTemplateListInstances] | None

    class MatterEdit(Edit[T]):
        def set(self, **changes: Unpack[MatterChanges]) -> None: ...
        def set_custom_fields(self, values: Mapping[Any, Any], /) -> None: ...


class Matters(SetsCustomFields, EditsRecords, GetsMany["Matter"], GetsIfChanged["Matter"], ResourceBase):
    """Clio's ``/matters``.

    Without ``fields=`` its records are read with id, etag, number, display_number, custom_number, description,
    status, location, client_reference, client_id, billable, maildrop_address, billing_method, open_date, close_date,
    pending_date, created_at, updated_at, shared, matter_stage_updated_at, currency{id}, client{id, type},
    contingency_fee{id}, evergreen_retainer{id}, folder{id, type}, group{id, type}, matter_budget{id},
    matter_stage{id}, originating_attorney{id}, practice_area{id}, responsible_attorney{id}, responsible_staff{id},
    statute_of_limitations{id}, user{id}, legal_aid_uk_matter{id}, attorney_allocation{id}.
    To be asked for: has_tasks, last_activity_date, custom_rate, account_balances, custom_field_values,
    custom_field_set_associations, matter_bill_recipients, relationships, task_template_list_instances,
    kyc_field_values, split_invoice_payers.
    """

    __slots__ = ()
    _name = "matters"

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
            **filters: Unpack[MatterFilters],
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
            **filters: Unpack[MatterFilters],
        ) -> Pages[Matter]: ...

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

        Filters: billable, client_id, close_date, created_since, currency_id, custom_field_ids, custom_field_values,
        grant_id, group_id, ids, notification_event_subscriber_user_id, open_date, order, originating_attorney_id,
        pending_date, practice_area_id, query, responsible_attorney_id, responsible_staff_id, status (open, closed,
        pending), subscriber_user_id, updated_since.

        Orders, each with (asc) or (desc): display_number, custom_number, id, client.name, clients, open_date,
        practice_area.name, matter_stage.name, responsible_attorney.name, close_date, pending_date, updated_at,
        created_at, statute_of_limitations.due_at, originating_attorney.name, grants, matter_stage_updated_at.
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
            **filters: Unpack[MatterFilters],
        ) -> Changes[T]: ...
        @overload
        def iter_changes(
            self,
            since: dt.datetime | str,
            *,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            **filters: Unpack[MatterFilters],
        ) -> Changes[Matter]: ...

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
            **values: Unpack[NewMatter],
        ) -> T: ...
        @overload
        async def create(
            self,
            *,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            extra_json: ExtraJson | None = None,
            **values: Unpack[NewMatter],
        ) -> Matter: ...

    async def create(
        self,
        *,
        fields: Fields = None,
        extra_query: ExtraQuery | None = None,
        extra_json: ExtraJson | None = None,
        **values: Any,
    ) -> Any:
        """Create one.

        Filters: custom_field_ids.

        Takes: billable, client (required), client_reference, close_date, currency, custom_field_set_associations
        (rows), custom_field_values (rows), custom_rate, description (required), display_number, evergreen_retainer,
        group, kyc_field_values (rows), location, matter_budget, matter_stage, open_date, originating_attorney,
        pending_date, practice_area, relationships (rows), reset_matter_number, responsible_attorney,
        responsible_staff, split_invoice_payers (rows), status (open, closed, pending), statute_of_limitations,
        task_template_list_instances (rows).
        """
        writing = self._write("create", (), fields, values, extra_query, extra_json)
        del values, extra_json  # a traceback may show it
        return await writing

    if TYPE_CHECKING:

        @overload
        async def get(
            self,
            id: int | HasId,
            /,
            *,
            fields: type[T],
            extra_query: ExtraQuery | None = None,
            **filters: Unpack[MatterQuery],
        ) -> T: ...
        @overload
        async def get(
            self,
            id: int | HasId,
            /,
            *,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            **filters: Unpack[MatterQuery],
        ) -> Matter: ...

    async def get(
        self, id: int | HasId, /, *, fields: Fields = None, extra_query: ExtraQuery | None = None, **filters: Any
    ) -> Any:
        """Read one.

        Filters: custom_field_ids.
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
            **changes: Unpack[MatterChanges],
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
            **changes: Unpack[MatterChanges],
        ) -> Matter: ...

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
        Rows are merged only where the tag of the record moves with them, which is not known of Clio: use `edit` for
        rows.

        Filters: custom_field_ids.

        Takes: billable, client, client_reference, close_date, currency, custom_field_set_associations (rows),
        custom_field_values (rows), custom_rate, description, display_number, evergreen_retainer, group,
        kyc_field_values (rows), location, matter_budget, matter_stage, open_date, originating_attorney, pending_date,
        practice_area, relationships (rows), reset_matter_number, responsible_attorney, responsible_staff,
        split_invoice_payers (rows), status (open, closed, pending), statute_of_limitations,
        task_template_list_instances (rows).
        """
        writing = self._update(target, fields, if_match, changes, extra_query, extra_json, on_conflict)
        del changes, extra_json  # a traceback may show it
        return await writing

    async def delete(self, id: int | HasId, /, *, extra_query: ExtraQuery | None = None) -> None:
        """Delete one."""
        await self._write("delete", (id,), None, None, extra_query)

    if TYPE_CHECKING:

        @overload
        def edit(self, target: int | HasId, /, *, fields: type[T]) -> MatterEdit[T]: ...
        @overload
        def edit(self, target: int | HasId, /, *, fields: Names = None) -> MatterEdit[Matter]: ...
        @overload
        def edit(
            self,
            target: int | HasId,
            change: Callable[[T], MatterChanges | Mapping[str, Any]],
            /,
            *,
            fields: type[T],
            attempts: int = 20,
        ) -> Awaitable[T]: ...
        @overload
        def edit(
            self,
            target: int | HasId,
            change: Callable[[Matter], MatterChanges | Mapping[str, Any]],
            /,
            *,
            fields: Names = None,
            attempts: int = 20,
        ) -> Awaitable[Matter]: ...
        def edit(self, *given: Any, **options: Any) -> Any: ...
