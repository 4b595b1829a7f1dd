# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of tasks."""

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

    from ...models._generated.tasks import Task
    from ...models.record import RecordETag
    from ..base import Associated, HasETag, HasId, OnConflict
    from ..edits.edit import Edit

    T = TypeVar("T")

    # fmt: off
    Order: TypeAlias = Literal[
        "name(asc)", "name(desc)", "task_type.name(asc)", "task_type.name(desc)", "id(asc)", "id(desc)",
        "priority(asc)", "priority(desc)", "matter.display_number(asc)", "matter.display_number(desc)", "due_at(asc)",
        "due_at(desc)", "due_at_strict(asc)", "due_at_strict(desc)", "completed_at(asc)", "completed_at(desc)"
    ]
    Status: TypeAlias = Literal["pending", "in_progress", "in_review", "complete", "draft"]
    CascadingOffsetType: TypeAlias = Literal[
        "CalendarDays", "CalendarWeeks", "CalendarMonths", "CalendarYears", "BusinessDays"
    ]
    # fmt: on

    class TaskFilters(TypedDict, total=False):
        assignee_id: int | HasId | None
        assignee_type: Literal["user", "contact"] | str
        assigner_id: int | HasId | None
        cascading_source_id: int | HasId
        client_id: int | HasId | None
        complete: bool
        created_since: dt.datetime
        due_at_from: dt.date
        due_at_present: bool
        due_at_to: dt.date
        ids: Iterable[int | HasId]
        matter_id: int | HasId | None
        order: Order | str
        permission: Literal["private", "public"] | str
        priority: Literal["high", "normal", "low"] | str
        query: str
        responsible_attorney_id: int | HasId
        status: Status | str
        statuses: Iterable[Status | str]
        statute_of_limitations: bool
        task_type_id: int | HasId | None
        time_entries_present: bool
        updated_since: dt.datetime

    class NewTaskAssignee(TypedDict, total=False):
        id: Required[int]
        type: Required[Literal["User", "Contact"] | str]

    class NewTask(TypedDict, total=False):
        assignee: NewTaskAssignee | HasId
        cascading: bool | None
        cascading_offset: int | None
        cascading_offset_polarity: Literal["Before", "After"] | str | None
        cascading_offset_type: CascadingOffsetType | str | None
        cascading_source: int | None
        description: Required[str]
        description_text_type: Literal["plain_text", "rich_text"] | str | None
        due_at: dt.date | None
        matter: Associated
        name: Required[str]
        notify_assignee: bool | None
        notify_completion: bool | None
        permission: Literal["private", "public"] | str | None
        priority: Literal["High", "Normal", "Low"] | str | None
        status: Status | str | None
        statute_of_limitations: bool | None
        task_type: Associated
        time_estimated: int | None

    class TaskChangesAssignee(TypedDict, total=False):
        id: int
        type: Literal["User", "Contact"] | str | None

    class TaskChanges(TypedDict, total=False):
        assignee: TaskChangesAssignee | HasId
        cascading: bool | None
        cascading_offset: int | None
        cascading_offset_polarity: Literal["Before", "After"] | str | None
        cascading_offset_type: CascadingOffsetType | str | None
        cascading_source: int | None
        description: str | None
        description_text_type: Literal["plain_text", "rich_text"] | str | None
        due_at: dt.date | None
        matter: Associated
        name: str | None
        notify_assignee: bool | None
        notify_completion: bool | None
        permission: Literal["private", "public"] | str | None
        priority: Literal["High", "Normal", "Low"] | str | None
        status: Status | str | None
        task_type: Associated
        time_estimated: int | None

    class TaskEdit(Edit[T]):
        def set(self, **changes: Unpack[TaskChanges]) -> None: ...


class Tasks(EditsRecords, GetsMany["Task"], GetsIfChanged["Task"], ResourceBase):
    """Clio's ``/tasks``.

    Without ``fields=`` its records are read with id, etag, name, status, description, description_text_type,
    priority, due_at, permission, completed_at, notify_completion, statute_of_limitations, time_estimated, created_at,
    updated_at, task_type{id}, assigner{id}, matter{id}, assignee{id, type}.
    To be asked for: time_entries_count, time_entries, reminders.
    """

    __slots__ = ()
    _name = "tasks"

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
            **filters: Unpack[TaskFilters],
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
            **filters: Unpack[TaskFilters],
        ) -> Pages[Task]: ...

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

        Filters: assignee_id, assignee_type (user, contact), assigner_id, cascading_source_id, client_id, complete,
        created_since, due_at_from, due_at_present, due_at_to, ids, matter_id, order, permission (private, public),
        priority (high, normal, low), query, responsible_attorney_id, status (pending, in_progress, in_review,
        complete, draft), statuses (pending, in_progress, in_review, complete, draft), statute_of_limitations,
        task_type_id, time_entries_present, updated_since.

        Orders, each with (asc) or (desc): name, task_type.name, id, priority, matter.display_number, due_at,
        due_at_strict, completed_at.
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
            **filters: Unpack[TaskFilters],
        ) -> Changes[T]: ...
        @overload
        def iter_changes(
            self,
            since: dt.datetime | str,
            *,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            **filters: Unpack[TaskFilters],
        ) -> Changes[Task]: ...

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
            **values: Unpack[NewTask],
        ) -> T: ...
        @overload
        async def create(
            self,
            *,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            extra_json: ExtraJson | None = None,
            **values: Unpack[NewTask],
        ) -> Task: ...

    async def create(
        self,
        *,
        fields: Fields = None,
        extra_query: ExtraQuery | None = None,
        extra_json: ExtraJson | None = None,
        **values: Any,
    ) -> Any:
        """Create one.

        Takes: assignee, cascading, cascading_offset, cascading_offset_polarity (Before, After), cascading_offset_type
        (CalendarDays, CalendarWeeks, CalendarMonths, CalendarYears, BusinessDays), cascading_source, description
        (required), description_text_type (plain_text, rich_text), due_at, matter, name (required), notify_assignee,
        notify_completion, permission (private, public), priority (High, Normal, Low), status (pending, in_progress,
        in_review, complete, draft), statute_of_limitations, task_type, time_estimated.
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
        ) -> Task: ...

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
            **changes: Unpack[TaskChanges],
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
            **changes: Unpack[TaskChanges],
        ) -> Task: ...

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

        Takes: assignee, cascading, cascading_offset, cascading_offset_polarity (Before, After), cascading_offset_type
        (CalendarDays, CalendarWeeks, CalendarMonths, CalendarYears, BusinessDays), cascading_source, description,
        description_text_type (plain_text, rich_text), due_at, matter, name, notify_assignee, notify_completion,
        permission (private, public), priority (High, Normal, Low), status (pending, in_progress, in_review, complete,
        draft), task_type, time_estimated.
        """
        writing = self._update(target, fields, if_match, changes, extra_query, extra_json, on_conflict)
        del changes, extra_json  # a traceback may show it
        return await writing

    async def delete(self, id: int | HasId, /, *, extra_query: ExtraQuery | None = None) -> None:
        """Delete one."""
        await self._write("delete", (id,), None, None, extra_query)

    if TYPE_CHECKING:

        @overload
        def edit(self, target: int | HasId, /, *, fields: type[T]) -> TaskEdit[T]: ...
        @overload
        def edit(self, target: int | HasId, /, *, fields: Names = None) -> TaskEdit[Task]: ...
        @overload
        def edit(
            self,
            target: int | HasId,
            change: Callable[[T], TaskChanges | Mapping[str, Any]],
            /,
            *,
            fields: type[T],
            attempts: int = 20,
        ) -> Awaitable[T]: ...
        @overload
        def edit(
            self,
            target: int | HasId,
            change: Callable[[Task], TaskChanges | Mapping[str, Any]],
            /,
            *,
            fields: Names = None,
            attempts: int = 20,
        ) -> Awaitable[Task]: ...
        def edit(self, *given: Any, **options: Any) -> Any: ...
