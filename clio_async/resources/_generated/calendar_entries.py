# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of calendar_entries."""

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
    from typing import Literal, Required, TypedDict, Unpack

    from ...models._generated.calendar_entries import CalendarEntry
    from ...models.record import RecordETag
    from ..base import Associated, HasETag, HasId, OnConflict
    from ..edits.edit import Edit

    T = TypeVar("T")

    class CalendarEntryFilters(TypedDict, total=False):
        calendar_id: int | HasId
        created_since: dt.datetime
        expanded: bool
        external_property_name: str
        external_property_value: str
        from_: dt.datetime
        has_court_rule: bool
        ids: Iterable[int | str | HasId]
        is_all_day: bool
        matter_id: int | HasId | None
        owner_entries_across_all_users: bool
        query: str
        source: Literal["web", "mobile"] | str
        to: dt.datetime
        updated_since: dt.datetime
        visible: bool

    class NewCalendarEntryAttendees(TypedDict, total=False):
        id: int
        type: str | None
        _destroy: bool | None

    class NewCalendarEntryConferenceMeeting(TypedDict, total=False):
        type: Literal["zoom"] | str | None

    class NewCalendarEntryExternalProperties(TypedDict, total=False):
        name: str | None
        value: str | None

    class NewCalendarEntry(TypedDict, total=False):
        _deleted: Literal["single", "future"] | str | None
        all_day: bool | None
        attendees: Sequence[NewCalendarEntryAttendees | HasId] | None
        calendar_entry_event_type: Associated | None
        calendar_owner: Required[Associated]
        conference_meeting: NewCalendarEntryConferenceMeeting | None
        description: str | None
        end_at: Required[dt.datetime]
        external_properties: Sequence[NewCalendarEntryExternalProperties] | None
        location: str | None
        matter: Associated | None
        recurrence_rule: str | None
        send_email_notification: bool | None
        start_at: Required[dt.datetime]
        summary: Required[str]

    class CalendarEntryChangesExternalProperties(TypedDict, total=False):
        id: int
        name: str | None
        value: str | None
        _destroy: bool | None

    class CalendarEntryChanges(TypedDict, total=False):
        _deleted: Literal["single", "future"] | str | None
        all_day: bool | None
        attendees: Sequence[NewCalendarEntryAttendees | HasId] | None
        calendar_entry_event_type: Associated | None
        calendar_owner: Associated
        conference_meeting: NewCalendarEntryConferenceMeeting | None
        description: str | None
        end_at: dt.datetime | None
        external_properties: Sequence[CalendarEntryChangesExternalProperties | HasId] | None
        location: str | None
        matter: Associated | None
        recurrence_rule: str | None
        send_email_notification: bool | None
        start_at: dt.datetime | None
        summary: str | None

    class CalendarEntryEdit(Edit[T]):
        def set(self, **changes: Unpack[CalendarEntryChanges]) -> None: ...


class CalendarEntries(EditsRecords, GetsMany["CalendarEntry"], GetsIfChanged["CalendarEntry"], ResourceBase):
    """Clio's ``/calendar_entries``.

    Without ``fields=`` its records are read with id, etag, summary, description, location, start_at, start_date,
    start_time, end_at, end_date, end_time, all_day, recurrence_rule, parent_calendar_entry_id, court_rule,
    created_at, updated_at, calendar_owner_id, start_at_time_zone, conference_meeting{id, type}, matter{id},
    matter_docket{id}, calendar_owner{id, type}, parent_calendar_entry{id}, calendar_entry_event_type{id}.
    To be asked for: permission, time_entries_count, time_entries, attendees, calendars, reminders,
    external_properties.
    """

    __slots__ = ()
    _name = "calendar_entries"

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
            **filters: Unpack[CalendarEntryFilters],
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
            **filters: Unpack[CalendarEntryFilters],
        ) -> Pages[CalendarEntry]: ...

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

        Filters: calendar_id, created_since, expanded, external_property_name, external_property_value, from_,
        has_court_rule, ids, is_all_day, matter_id, owner_entries_across_all_users, query, source (web, mobile), to,
        updated_since, visible.
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
            **filters: Unpack[CalendarEntryFilters],
        ) -> Changes[T]: ...
        @overload
        def iter_changes(
            self,
            since: dt.datetime | str,
            *,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            **filters: Unpack[CalendarEntryFilters],
        ) -> Changes[CalendarEntry]: ...

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
            **values: Unpack[NewCalendarEntry],
        ) -> T: ...
        @overload
        async def create(
            self,
            *,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            extra_json: ExtraJson | None = None,
            **values: Unpack[NewCalendarEntry],
        ) -> CalendarEntry: ...

    async def create(
        self,
        *,
        fields: Fields = None,
        extra_query: ExtraQuery | None = None,
        extra_json: ExtraJson | None = None,
        **values: Any,
    ) -> Any:
        """Create one.

        Takes: _deleted (single, future), all_day, attendees (rows), calendar_entry_event_type, calendar_owner
        (required), conference_meeting, description, end_at (required), external_properties (rows), location, matter,
        recurrence_rule, send_email_notification, start_at (required), summary (required).
        """
        writing = self._write("create", (), fields, values, extra_query, extra_json)
        del values, extra_json  # a traceback may show it
        return await writing

    if TYPE_CHECKING:

        @overload
        async def get(
            self, id: int | str | HasId, /, *, fields: type[T], extra_query: ExtraQuery | None = None
        ) -> T: ...
        @overload
        async def get(
            self, id: int | str | HasId, /, *, fields: Names = None, extra_query: ExtraQuery | None = None
        ) -> CalendarEntry: ...

    async def get(
        self, id: int | str | HasId, /, *, fields: Fields = None, extra_query: ExtraQuery | None = None
    ) -> Any:
        """Read one."""
        return await self._read("get", (id,), fields, {}, extra_query)

    if TYPE_CHECKING:

        @overload
        async def update(
            self,
            target: int | str | HasETag,
            /,
            *,
            if_match: RecordETag | None = None,
            on_conflict: OnConflict = "raise",
            fields: type[T],
            extra_query: ExtraQuery | None = None,
            extra_json: ExtraJson | None = None,
            **changes: Unpack[CalendarEntryChanges],
        ) -> T: ...
        @overload
        async def update(
            self,
            target: int | str | HasETag,
            /,
            *,
            if_match: RecordETag | None = None,
            on_conflict: OnConflict = "raise",
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            extra_json: ExtraJson | None = None,
            **changes: Unpack[CalendarEntryChanges],
        ) -> CalendarEntry: ...

    async def update(
        self,
        target: int | str | HasETag,
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

        Takes: _deleted (single, future), all_day, attendees (rows), calendar_entry_event_type, calendar_owner,
        conference_meeting, description, end_at, external_properties (rows), location, matter, recurrence_rule,
        send_email_notification, start_at, summary.
        """
        writing = self._update(target, fields, if_match, changes, extra_query, extra_json, on_conflict)
        del changes, extra_json  # a traceback may show it
        return await writing

    async def delete(self, id: int | str | HasId, /, *, extra_query: ExtraQuery | None = None) -> None:
        """Delete one."""
        await self._write("delete", (id,), None, None, extra_query)

    if TYPE_CHECKING:

        @overload
        def edit(self, target: int | str | HasId, /, *, fields: type[T]) -> CalendarEntryEdit[T]: ...
        @overload
        def edit(self, target: int | str | HasId, /, *, fields: Names = None) -> CalendarEntryEdit[CalendarEntry]: ...
        @overload
        def edit(
            self,
            target: int | str | HasId,
            change: Callable[[T], CalendarEntryChanges | Mapping[str, Any]],
            /,
            *,
            fields: type[T],
            attempts: int = 20,
        ) -> Awaitable[T]: ...
        @overload
        def edit(
            self,
            target: int | str | HasId,
            change: Callable[[CalendarEntry], CalendarEntryChanges | Mapping[str, Any]],
            /,
            *,
            fields: Names = None,
            attempts: int = 20,
        ) -> Awaitable[CalendarEntry]: ...
        def edit(self, *given: Any, **options: Any) -> Any: ...
