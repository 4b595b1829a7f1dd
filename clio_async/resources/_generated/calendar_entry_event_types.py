# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of calendar_entry_event_types."""

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

    from ...models._generated.calendar_entry_event_types import CalendarEntryEventType
    from ...models.record import RecordETag
    from ..base import HasETag, HasId, OnConflict
    from ..edits.edit import Edit

    T = TypeVar("T")

    # fmt: off
    Color: TypeAlias = Literal[
        "#367B9C", "#FFA5A4", "#83D17F", "#FFAC7B", "#8E3F64", "#C75300", "#009CEC", "#62D6B1", "#9EEDCB", "#F9A2C4",
        "#616161", "#BBDA81", "#DFD3F8", "#D6C4A5", "#FFD478", "#6AC9DE", "#EABBB0", "#BFC2E1", "#DADADA", "#CDE2F5"
    ]
    # fmt: on

    class CalendarEntryEventTypeFilters(TypedDict, total=False):
        created_since: dt.datetime
        ids: Iterable[int | HasId]
        updated_since: dt.datetime

    class NewCalendarEntryEventType(TypedDict, total=False):
        color: Color | str | None
        name: Required[str]

    class CalendarEntryEventTypeChanges(TypedDict, total=False):
        color: Color | str | None
        name: str | None

    class CalendarEntryEventTypeEdit(Edit[T]):
        def set(self, **changes: Unpack[CalendarEntryEventTypeChanges]) -> None: ...


class CalendarEntryEventTypes(
    EditsRecords, GetsMany["CalendarEntryEventType"], GetsIfChanged["CalendarEntryEventType"], ResourceBase
):
    """Clio's ``/calendar_entry_event_types``.

    Without ``fields=`` its records are read with id, etag, created_at, updated_at, color, name.
    """

    __slots__ = ()
    _name = "calendar_entry_event_types"

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
            **filters: Unpack[CalendarEntryEventTypeFilters],
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
            **filters: Unpack[CalendarEntryEventTypeFilters],
        ) -> Pages[CalendarEntryEventType]: ...

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

        Filters: created_since, ids, updated_since.
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
            **filters: Unpack[CalendarEntryEventTypeFilters],
        ) -> Changes[T]: ...
        @overload
        def iter_changes(
            self,
            since: dt.datetime | str,
            *,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            **filters: Unpack[CalendarEntryEventTypeFilters],
        ) -> Changes[CalendarEntryEventType]: ...

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
            **values: Unpack[NewCalendarEntryEventType],
        ) -> T: ...
        @overload
        async def create(
            self,
            *,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            extra_json: ExtraJson | None = None,
            **values: Unpack[NewCalendarEntryEventType],
        ) -> CalendarEntryEventType: ...

    async def create(
        self,
        *,
        fields: Fields = None,
        extra_query: ExtraQuery | None = None,
        extra_json: ExtraJson | None = None,
        **values: Any,
    ) -> Any:
        """Create one.

        Takes: color (#367B9C, …), name (required).
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
        ) -> CalendarEntryEventType: ...

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
            **changes: Unpack[CalendarEntryEventTypeChanges],
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
            **changes: Unpack[CalendarEntryEventTypeChanges],
        ) -> CalendarEntryEventType: ...

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

        Takes: color (#367B9C, …), name.
        """
        writing = self._update(target, fields, if_match, changes, extra_query, extra_json, on_conflict)
        del changes, extra_json  # a traceback may show it
        return await writing

    async def delete(self, id: int | HasId, /, *, extra_query: ExtraQuery | None = None) -> None:
        """Delete one."""
        await self._write("delete", (id,), None, None, extra_query)

    if TYPE_CHECKING:

        @overload
        def edit(self, target: int | HasId, /, *, fields: type[T]) -> CalendarEntryEventTypeEdit[T]: ...
        @overload
        def edit(
            self, target: int | HasId, /, *, fields: Names = None
        ) -> CalendarEntryEventTypeEdit[CalendarEntryEventType]: ...
        @overload
        def edit(
            self,
            target: int | HasId,
            change: Callable[[T], CalendarEntryEventTypeChanges | Mapping[str, Any]],
            /,
            *,
            fields: type[T],
            attempts: int = 20,
        ) -> Awaitable[T]: ...
        @overload
        def edit(
            self,
            target: int | HasId,
            change: Callable[[CalendarEntryEventType], CalendarEntryEventTypeChanges | Mapping[str, Any]],
            /,
            *,
            fields: Names = None,
            attempts: int = 20,
        ) -> Awaitable[CalendarEntryEventType]: ...
        def edit(self, *given: Any, **options: Any) -> Any: ...
