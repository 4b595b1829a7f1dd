# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of reminders."""

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

    from ...models._generated.reminders import Reminder
    from ...models.record import RecordETag
    from ..base import Associated, HasETag, HasId, OnConflict
    from ..edits.edit import Edit

    T = TypeVar("T")

    # fmt: off
    State: TypeAlias = Literal[
        "initializing", "scheduling", "rescheduling", "scheduled", "attempting_delivery", "delivery_failed",
        "delivered", "delivery_skipped", "invalid_user"
    ]
    # fmt: on

    class ReminderFilters(TypedDict, total=False):
        created_since: dt.datetime
        ids: Iterable[int | HasId]
        notification_method_id: int | HasId
        order: Literal["next_delivery_at(asc)", "next_delivery_at(desc)", "id(asc)", "id(desc)"] | str
        state: State | str
        subject_id: int | HasId
        subject_type: Literal["calendar_entry", "task"] | str
        updated_since: dt.datetime
        user_id: int | HasId

    class NewReminderSubject(TypedDict, total=False):
        id: Required[int]
        type: Required[Literal["CalendarEntry", "Task"] | str]

    class NewReminder(TypedDict, total=False):
        duration_unit: Literal["weeks", "days", "hours", "minutes"] | str | None
        duration_value: int | None
        notification_method: Associated
        subject: Required[NewReminderSubject | HasId]

    class ReminderChanges(TypedDict, total=False):
        duration_unit: Literal["weeks", "days", "hours", "minutes"] | str | None
        duration_value: int | None
        notification_method: Associated

    class ReminderEdit(Edit[T]):
        def set(self, **changes: Unpack[ReminderChanges]) -> None: ...


class Reminders(EditsRecords, GetsMany["Reminder"], GetsIfChanged["Reminder"], ResourceBase):
    """Clio's ``/reminders``.

    Without ``fields=`` its records are read with id, etag, duration, next_delivery_at, state, created_at, updated_at,
    notification_method{id, type}, subject{id, type}.
    """

    __slots__ = ()
    _name = "reminders"

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
            **filters: Unpack[ReminderFilters],
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
            **filters: Unpack[ReminderFilters],
        ) -> Pages[Reminder]: ...

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

        Filters: created_since, ids, notification_method_id, order, state (initializing, scheduling, rescheduling,
        scheduled, attempting_delivery, delivery_failed, delivered, delivery_skipped, invalid_user), subject_id,
        subject_type (calendar_entry, task), updated_since, user_id.

        Orders, each with (asc) or (desc): next_delivery_at, id.
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
            **filters: Unpack[ReminderFilters],
        ) -> Changes[T]: ...
        @overload
        def iter_changes(
            self,
            since: dt.datetime | str,
            *,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            **filters: Unpack[ReminderFilters],
        ) -> Changes[Reminder]: ...

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
            **values: Unpack[NewReminder],
        ) -> T: ...
        @overload
        async def create(
            self,
            *,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            extra_json: ExtraJson | None = None,
            **values: Unpack[NewReminder],
        ) -> Reminder: ...

    async def create(
        self,
        *,
        fields: Fields = None,
        extra_query: ExtraQuery | None = None,
        extra_json: ExtraJson | None = None,
        **values: Any,
    ) -> Any:
        """Create one.

        Takes: duration_unit (weeks, days, hours, minutes), duration_value, notification_method, subject (required).
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
        ) -> Reminder: ...

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
            **changes: Unpack[ReminderChanges],
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
            **changes: Unpack[ReminderChanges],
        ) -> Reminder: ...

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

        Takes: duration_unit (weeks, days, hours, minutes), duration_value, notification_method.
        """
        writing = self._update(target, fields, if_match, changes, extra_query, extra_json, on_conflict)
        del changes, extra_json  # a traceback may show it
        return await writing

    async def delete(self, id: int | HasId, /, *, extra_query: ExtraQuery | None = None) -> None:
        """Delete one."""
        await self._write("delete", (id,), None, None, extra_query)

    if TYPE_CHECKING:

        @overload
        def edit(self, target: int | HasId, /, *, fields: type[T]) -> ReminderEdit[T]: ...
        @overload
        def edit(self, target: int | HasId, /, *, fields: Names = None) -> ReminderEdit[Reminder]: ...
        @overload
        def edit(
            self,
            target: int | HasId,
            change: Callable[[T], ReminderChanges | Mapping[str, Any]],
            /,
            *,
            fields: type[T],
            attempts: int = 20,
        ) -> Awaitable[T]: ...
        @overload
        def edit(
            self,
            target: int | HasId,
            change: Callable[[Reminder], ReminderChanges | Mapping[str, Any]],
            /,
            *,
            fields: Names = None,
            attempts: int = 20,
        ) -> Awaitable[Reminder]: ...
        def edit(self, *given: Any, **options: Any) -> Any: ...
