# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of task_templates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, overload

from ...changes import Changes
from ...pages import Pages
from ..base import ExtraJson, ExtraQuery, Fields, GetsIfChanged, Names, ResourceBase
from ..edits import EditsRecords
from ..many import GetsMany

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
    from typing import Literal, Required, TypeAlias, TypedDict, Unpack

    from ...models._generated.task_templates import TaskTemplate
    from ...models.record import RecordETag
    from ..base import Associated, HasETag, HasId, OnConflict
    from ..edits.edit import Edit

    T = TypeVar("T")

    # fmt: off
    Order: TypeAlias = Literal[
        "assignee.name(asc)", "assignee.name(desc)", "days_from_assignment(asc)", "days_from_assignment(desc)",
        "id(asc)", "id(desc)", "name(asc)", "name(desc)", "permission(asc)", "permission(desc)", "priority(asc)",
        "priority(desc)"
    ]
    CascadingOffsetType: TypeAlias = Literal[
        "CalendarDays", "CalendarWeeks", "CalendarMonths", "CalendarYears", "BusinessDays"
    ]
    # fmt: on

    class TaskTemplateFilters(TypedDict, total=False):
        created_since: dt.datetime
        ids: Iterable[int | HasId]
        order: Order | str
        priority: Literal["high", "normal", "low"] | str
        query: str
        task_template_list_id: int | HasId
        updated_since: dt.datetime

    class NewTaskTemplateReminderTemplates(TypedDict, total=False):
        duration_value: int | None
        duration_unit: str | None
        notification_type: Literal["Email", "Popup"] | str | None

    class NewTaskTemplate(TypedDict, total=False):
        cascading: bool | None
        cascading_offset: int | None
        cascading_offset_polarity: Literal["Before", "After"] | str | None
        cascading_offset_type: CascadingOffsetType | str | None
        cascading_source: Associated
        description: str | None
        description_text_type: Literal["plain_text", "rich_text"] | str | None
        name: Required[str]
        priority: Literal["High", "Normal", "Low"] | str | None
        private: bool | None
        reminder_templates: Sequence[NewTaskTemplateReminderTemplates] | None
        task_template_list: Associated

    class TaskTemplateChangesReminderTemplates(TypedDict, total=False):
        duration_value: int | None
        duration_unit: str | None
        notification_type: Literal["Email", "Popup"] | str | None
        id: int
        _destroy: bool | None

    class TaskTemplateChanges(TypedDict, total=False):
        cascading: bool | None
        cascading_offset: int | None
        cascading_offset_polarity: Literal["Before", "After"] | str | None
        cascading_offset_type: CascadingOffsetType | str | None
        cascading_source: Associated
        description: str | None
        description_text_type: Literal["plain_text", "rich_text"] | str | None
        name: str | None
        priority: Literal["High", "Normal", "Low"] | str | None
        private: bool | None
        reminder_templates: Sequence[TaskTemplateChangesReminderTemplates | HasId] | None

    class TaskTemplateEdit(Edit[T]):
        def set(self, **changes: Unpack[TaskTemplateChanges]) -> None: ...


class TaskTemplates(EditsRecords, GetsMany["TaskTemplate"], GetsIfChanged["TaskTemplate"], ResourceBase):
    """Clio's ``/task_templates``.

    Without ``fields=`` its records are read with id, etag, name, description, description_text_type, priority,
    private, created_at, updated_at, cascading_source{id}, assignee{id}, task_template_list{id}, task_type{id},
    template_creator{id}.
    To be asked for: reminder_templates.
    """

    __slots__ = ()
    _name = "task_templates"

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
            **filters: Unpack[TaskTemplateFilters],
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
            **filters: Unpack[TaskTemplateFilters],
        ) -> Pages[TaskTemplate]: ...

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

        Filters: created_since, ids, order, priority (high, normal, low), query, task_template_list_id, updated_since.

        Orders, each with (asc) or (desc): assignee.name, days_from_assignment, id, name, permission, priority.
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
            **filters: Unpack[TaskTemplateFilters],
        ) -> Changes[T]: ...
        @overload
        def iter_changes(
            self,
            since: dt.datetime | str,
            *,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            **filters: Unpack[TaskTemplateFilters],
        ) -> Changes[TaskTemplate]: ...

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
            **values: Unpack[NewTaskTemplate],
        ) -> T: ...
        @overload
        async def create(
            self,
            *,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            extra_json: ExtraJson | None = None,
            **values: Unpack[NewTaskTemplate],
        ) -> TaskTemplate: ...

    async def create(
        self,
        *,
        fields: Fields = None,
        extra_query: ExtraQuery | None = None,
        extra_json: ExtraJson | None = None,
        **values: Any,
    ) -> Any:
        """Create one.

        Takes: cascading, cascading_offset, cascading_offset_polarity (Before, After), cascading_offset_type
        (CalendarDays, CalendarWeeks, CalendarMonths, CalendarYears, BusinessDays), cascading_source, description,
        description_text_type (plain_text, rich_text), name (required), priority (High, Normal, Low), private,
        reminder_templates (rows), task_template_list.
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
        ) -> TaskTemplate: ...

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
            **changes: Unpack[TaskTemplateChanges],
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
            **changes: Unpack[TaskTemplateChanges],
        ) -> TaskTemplate: ...

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

        Takes: cascading, cascading_offset, cascading_offset_polarity (Before, After), cascading_offset_type
        (CalendarDays, CalendarWeeks, CalendarMonths, CalendarYears, BusinessDays), cascading_source, description,
        description_text_type (plain_text, rich_text), name, priority (High, Normal, Low), private, reminder_templates
        (rows).
        """
        writing = self._update(target, fields, if_match, changes, extra_query, extra_json, on_conflict)
        del changes, extra_json  # a traceback may show it
        return await writing

    async def delete(self, id: int | HasId, /, *, extra_query: ExtraQuery | None = None) -> None:
        """Delete one."""
        await self._write("delete", (id,), None, None, extra_query)

    if TYPE_CHECKING:

        @overload
        def edit(self, target: int | HasId, /, *, fields: type[T]) -> TaskTemplateEdit[T]: ...
        @overload
        def edit(self, target: int | HasId, /, *, fields: Names = None) -> TaskTemplateEdit[TaskTemplate]: ...
        @overload
        def edit(
            self,
            target: int | HasId,
            change: Callable[[T], TaskTemplateChanges | Mapping[str, Any]],
            /,
            *,
            fields: type[T],
            attempts: int = 20,
        ) -> Awaitable[T]: ...
        @overload
        def edit(
            self,
            target: int | HasId,
            change: Callable[[TaskTemplate], TaskTemplateChanges | Mapping[str, Any]],
            /,
            *,
            fields: Names = None,
            attempts: int = 20,
        ) -> Awaitable[TaskTemplate]: ...
        def edit(self, *given: Any, **options: Any) -> Any: ...
