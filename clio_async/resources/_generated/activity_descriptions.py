# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of activity_descriptions."""

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

    from ...models._generated.activity_descriptions import ActivityDescription
    from ...models.record import RecordETag
    from ..base import Associated, HasETag, HasId, Number, OnConflict
    from ..edits.edit import Edit

    T = TypeVar("T")

    class ActivityDescriptionFilters(TypedDict, total=False):
        created_since: dt.datetime
        flat_rate: bool
        ids: Iterable[int | HasId]
        rate_for_matter_id: int | HasId
        rate_for_user_id: int | HasId
        type: Literal["utbms", "clio"] | str
        updated_since: dt.datetime
        user_id: int | HasId

    class NewActivityDescriptionRate(TypedDict, total=False):
        amount: Number | None
        non_billable_amount: Number | None
        type: Literal["User", "FlatRate", "Custom"] | str | None

    class NewActivityDescription(TypedDict, total=False):
        currency: Mapping[str, Any] | None
        default: bool | None
        groups: Sequence[Associated] | None
        name: Required[str]
        rate: NewActivityDescriptionRate | None
        visible_to_co_counsel: bool | None

    class ActivityDescriptionChangesGroups(TypedDict, total=False):
        id: int
        _deleted: bool | None

    class ActivityDescriptionChanges(TypedDict, total=False):
        currency: Mapping[str, Any] | None
        default: bool | None
        groups: Sequence[ActivityDescriptionChangesGroups | HasId] | None
        name: str | None
        rate: NewActivityDescriptionRate | None
        visible_to_co_counsel: bool | None

    class ActivityDescriptionEdit(Edit[T]):
        def set(self, **changes: Unpack[ActivityDescriptionChanges]) -> None: ...


class ActivityDescriptions(
    EditsRecords, GetsMany["ActivityDescription"], GetsIfChanged["ActivityDescription"], ResourceBase
):
    """Clio's ``/activity_descriptions``.

    Without ``fields=`` its records are read with id, etag, name, visible_to_co_counsel, created_at, updated_at,
    default, type, utbms_activity_id, utbms_task_name, utbms_task_id, xero_service_code, accessible_to_user,
    category_type, currency{id}, utbms_task{id, type}, utbms_activity{id, type}.
    To be asked for: groups, rate.
    """

    __slots__ = ()
    _name = "activity_descriptions"

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
            **filters: Unpack[ActivityDescriptionFilters],
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
            **filters: Unpack[ActivityDescriptionFilters],
        ) -> Pages[ActivityDescription]: ...

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

        Filters: created_since, flat_rate, ids, rate_for_matter_id, rate_for_user_id, type (utbms, clio),
        updated_since, user_id.
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
            **filters: Unpack[ActivityDescriptionFilters],
        ) -> Changes[T]: ...
        @overload
        def iter_changes(
            self,
            since: dt.datetime | str,
            *,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            **filters: Unpack[ActivityDescriptionFilters],
        ) -> Changes[ActivityDescription]: ...

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
            **values: Unpack[NewActivityDescription],
        ) -> T: ...
        @overload
        async def create(
            self,
            *,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            extra_json: ExtraJson | None = None,
            **values: Unpack[NewActivityDescription],
        ) -> ActivityDescription: ...

    async def create(
        self,
        *,
        fields: Fields = None,
        extra_query: ExtraQuery | None = None,
        extra_json: ExtraJson | None = None,
        **values: Any,
    ) -> Any:
        """Create one.

        Takes: currency, default, groups (rows), name (required), rate, visible_to_co_counsel.
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
        ) -> ActivityDescription: ...

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
            **changes: Unpack[ActivityDescriptionChanges],
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
            **changes: Unpack[ActivityDescriptionChanges],
        ) -> ActivityDescription: ...

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

        Takes: currency, default, groups (rows), name, rate, visible_to_co_counsel.
        """
        writing = self._update(target, fields, if_match, changes, extra_query, extra_json, on_conflict)
        del changes, extra_json  # a traceback may show it
        return await writing

    async def delete(self, id: int | HasId, /, *, extra_query: ExtraQuery | None = None) -> None:
        """Delete one."""
        await self._write("delete", (id,), None, None, extra_query)

    if TYPE_CHECKING:

        @overload
        def edit(self, target: int | HasId, /, *, fields: type[T]) -> ActivityDescriptionEdit[T]: ...
        @overload
        def edit(
            self, target: int | HasId, /, *, fields: Names = None
        ) -> ActivityDescriptionEdit[ActivityDescription]: ...
        @overload
        def edit(
            self,
            target: int | HasId,
            change: Callable[[T], ActivityDescriptionChanges | Mapping[str, Any]],
            /,
            *,
            fields: type[T],
            attempts: int = 20,
        ) -> Awaitable[T]: ...
        @overload
        def edit(
            self,
            target: int | HasId,
            change: Callable[[ActivityDescription], ActivityDescriptionChanges | Mapping[str, Any]],
            /,
            *,
            fields: Names = None,
            attempts: int = 20,
        ) -> Awaitable[ActivityDescription]: ...
        def edit(self, *given: Any, **options: Any) -> Any: ...
