# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of custom_fields."""

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

    from ...models._generated.custom_fields import CustomField
    from ...models.record import RecordETag
    from ..base import HasETag, HasId, OnConflict
    from ..edits.edit import Edit

    T = TypeVar("T")

    # fmt: off
    FieldType: TypeAlias = Literal[
        "checkbox", "contact", "currency", "date", "time", "email", "matter", "numeric", "picklist", "text_area",
        "text_line", "url"
    ]
    Order: TypeAlias = Literal[
        "id(asc)", "id(desc)", "name(asc)", "name(desc)", "display_order(asc)", "display_order(desc)"
    ]
    # fmt: on

    class CustomFieldFilters(TypedDict, total=False):
        created_since: dt.datetime
        deleted: bool
        field_type: FieldType | str
        ids: Iterable[int | HasId]
        order: Order | str
        parent_type: Literal["matter", "contact"] | str
        query: str
        updated_since: dt.datetime
        visible_and_required: bool

    class NewCustomFieldPicklistOptions(TypedDict, total=False):
        id: int
        option: str | None
        _deleted: bool | None

    class NewCustomField(TypedDict, total=False):
        display_order: int | None
        displayed: bool | None
        field_type: Required[FieldType | str]
        name: Required[str]
        parent_type: Required[Literal["Contact", "Matter"] | str]
        picklist_options: Sequence[NewCustomFieldPicklistOptions | HasId] | None
        required: bool | None

    class CustomFieldChanges(TypedDict, total=False):
        display_order: int | None
        displayed: bool | None
        name: str | None
        picklist_options: Sequence[NewCustomFieldPicklistOptions | HasId] | None
        required: bool | None

    class CustomFieldEdit(Edit[T]):
        def set(self, **changes: Unpack[CustomFieldChanges]) -> None: ...


class CustomFields(EditsRecords, GetsMany["CustomField"], GetsIfChanged["CustomField"], ResourceBase):
    """Clio's ``/custom_fields``.

    Without ``fields=`` its records are read with id, etag, created_at, updated_at, name, parent_type, field_type,
    displayed, deleted, required, display_order.
    To be asked for: picklist_options.
    """

    __slots__ = ()
    _name = "custom_fields"

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
            **filters: Unpack[CustomFieldFilters],
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
            **filters: Unpack[CustomFieldFilters],
        ) -> Pages[CustomField]: ...

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

        Filters: created_since, deleted, field_type (checkbox, contact, currency, date, time, email, matter, numeric,
        picklist, text_area, text_line, url), ids, order, parent_type (matter, contact), query, updated_since,
        visible_and_required.

        Orders, each with (asc) or (desc): id, name, display_order.
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
            **filters: Unpack[CustomFieldFilters],
        ) -> Changes[T]: ...
        @overload
        def iter_changes(
            self,
            since: dt.datetime | str,
            *,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            **filters: Unpack[CustomFieldFilters],
        ) -> Changes[CustomField]: ...

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
            **values: Unpack[NewCustomField],
        ) -> T: ...
        @overload
        async def create(
            self,
            *,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            extra_json: ExtraJson | None = None,
            **values: Unpack[NewCustomField],
        ) -> CustomField: ...

    async def create(
        self,
        *,
        fields: Fields = None,
        extra_query: ExtraQuery | None = None,
        extra_json: ExtraJson | None = None,
        **values: Any,
    ) -> Any:
        """Create one.

        Takes: display_order, displayed, field_type (required; checkbox, contact, currency, date, time, email, matter,
        numeric, picklist, text_area, text_line, url), name (required), parent_type (required; Contact, Matter),
        picklist_options (rows), required.
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
        ) -> CustomField: ...

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
            **changes: Unpack[CustomFieldChanges],
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
            **changes: Unpack[CustomFieldChanges],
        ) -> CustomField: ...

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

        Takes: display_order, displayed, name, picklist_options (rows), required.
        """
        writing = self._update(target, fields, if_match, changes, extra_query, extra_json, on_conflict)
        del changes, extra_json  # a traceback may show it
        return await writing

    async def delete(self, id: int | HasId, /, *, extra_query: ExtraQuery | None = None) -> None:
        """Delete one."""
        await self._write("delete", (id,), None, None, extra_query)

    if TYPE_CHECKING:

        @overload
        def edit(self, target: int | HasId, /, *, fields: type[T]) -> CustomFieldEdit[T]: ...
        @overload
        def edit(self, target: int | HasId, /, *, fields: Names = None) -> CustomFieldEdit[CustomField]: ...
        @overload
        def edit(
            self,
            target: int | HasId,
            change: Callable[[T], CustomFieldChanges | Mapping[str, Any]],
            /,
            *,
            fields: type[T],
            attempts: int = 20,
        ) -> Awaitable[T]: ...
        @overload
        def edit(
            self,
            target: int | HasId,
            change: Callable[[CustomField], CustomFieldChanges | Mapping[str, Any]],
            /,
            *,
            fields: Names = None,
            attempts: int = 20,
        ) -> Awaitable[CustomField]: ...
        def edit(self, *given: Any, **options: Any) -> Any: ...
