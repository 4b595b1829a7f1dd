# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of folders."""

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

    from ...models._generated.folders import Folder
    from ...models._generated.shared import Item
    from ...models.record import RecordETag
    from ..base import Associated, HasETag, HasId, OnConflict
    from ..edits.edit import Edit

    T = TypeVar("T")

    # fmt: off
    Order: TypeAlias = Literal[
        "id(asc)", "id(desc)", "document_number(asc)", "document_number(desc)", "name(asc)", "name(desc)",
        "updated_at(asc)", "updated_at(desc)", "created_at(asc)", "created_at(desc)", "received_at(asc)",
        "received_at(desc)"
    ]
    FolderFiltersOrder: TypeAlias = Literal[
        "id(asc)", "id(desc)", "name(asc)", "name(desc)", "updated_at(asc)", "updated_at(desc)"
    ]
    # fmt: on

    class ItemListItemsFilters(TypedDict, total=False):
        contact_id: int | HasId | None
        created_since: dt.datetime
        document_category_id: int | HasId | None
        external_property_name: str
        external_property_value: str
        ids: Iterable[int | HasId]
        include_deleted: bool
        matter_id: int | HasId | None
        order: Order | str
        parent_id: int | HasId
        query: str
        scope: Literal["descendants", "children"] | str
        show_uncompleted: bool
        updated_since: dt.datetime

    class FolderFilters(TypedDict, total=False):
        contact_id: int | HasId | None
        created_since: dt.datetime
        document_category_id: int | HasId | None
        external_property_name: str
        external_property_value: str
        ids: Iterable[int | HasId]
        include_deleted: bool
        matter_id: int | HasId | None
        order: FolderFiltersOrder | str
        parent_id: int | HasId
        query: str
        scope: Literal["descendants", "children"] | str
        updated_since: dt.datetime

    class NewFolderExternalProperties(TypedDict, total=False):
        name: str | None
        value: str | None

    class NewFolderParent(TypedDict, total=False):
        id: Required[int]
        type: Required[Literal["Folder", "Contact", "Matter"] | str]

    class NewFolder(TypedDict, total=False):
        document_category: Associated | None
        external_properties: Sequence[NewFolderExternalProperties] | None
        name: Required[str]
        parent: Required[NewFolderParent | HasId]
        restore: bool | None

    class FolderChangesExternalProperties(TypedDict, total=False):
        id: int
        name: str | None
        value: str | None
        _destroy: bool | None

    class FolderChangesParent(TypedDict, total=False):
        id: int | None
        type: Literal["Folder", "Contact", "Matter"] | str | None

    class FolderChanges(TypedDict, total=False):
        document_category: Associated | None
        external_properties: Sequence[FolderChangesExternalProperties | HasId] | None
        name: str | None
        parent: FolderChangesParent | HasId | None
        restore: bool | None

    class FolderEdit(Edit[T]):
        def set(self, **changes: Unpack[FolderChanges]) -> None: ...


class Folders(EditsRecords, GetsMany["Folder"], GetsIfChanged["Folder"], ResourceBase):
    """Clio's ``/folders``.

    Without ``fields=`` its records are read with id, etag, created_at, updated_at, deleted_at, type, locked, name,
    root, parent{id, type}, matter{id}, contact{id, type}, document_category{id}, creator{id, type},
    latest_document_version{id}, group{id, type}.
    To be asked for: external_properties.
    """

    __slots__ = ()
    _name = "folders"

    if TYPE_CHECKING:

        @overload
        def list_items(
            self,
            *,
            fields: type[T],
            limit: int | None = None,
            resume: str | None = None,
            prefetch: int = 0,
            extra_query: ExtraQuery | None = None,
            **filters: Unpack[ItemListItemsFilters],
        ) -> Pages[T]: ...
        @overload
        def list_items(
            self,
            *,
            fields: Names = None,
            limit: int | None = None,
            resume: str | None = None,
            prefetch: int = 0,
            extra_query: ExtraQuery | None = None,
            **filters: Unpack[ItemListItemsFilters],
        ) -> Pages[Item]: ...

    def list_items(
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

        Filters: contact_id, created_since, document_category_id, external_property_name, external_property_value,
        ids, include_deleted, matter_id, order, parent_id, query, scope (descendants, children), show_uncompleted,
        updated_since.

        Orders, each with (asc) or (desc): id, document_number, name, updated_at, created_at, received_at.
        """
        return self._list("list_items", (), fields, limit, resume, prefetch, filters, extra_query)

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
            **filters: Unpack[FolderFilters],
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
            **filters: Unpack[FolderFilters],
        ) -> Pages[Folder]: ...

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

        Filters: contact_id, created_since, document_category_id, external_property_name, external_property_value,
        ids, include_deleted, matter_id, order, parent_id, query, scope (descendants, children), updated_since.

        Orders, each with (asc) or (desc): id, name, updated_at.
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
            **filters: Unpack[FolderFilters],
        ) -> Changes[T]: ...
        @overload
        def iter_changes(
            self,
            since: dt.datetime | str,
            *,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            **filters: Unpack[FolderFilters],
        ) -> Changes[Folder]: ...

    def iter_changes(
        self, since: dt.datetime | str, *, fields: Fields = None, extra_query: ExtraQuery | None = None, **filters: Any
    ) -> Changes[Any]:
        """Walk what has changed since an instant, or a mark of `Changes.mark`. What is in the trash comes, too.

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
            **values: Unpack[NewFolder],
        ) -> T: ...
        @overload
        async def create(
            self,
            *,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            extra_json: ExtraJson | None = None,
            **values: Unpack[NewFolder],
        ) -> Folder: ...

    async def create(
        self,
        *,
        fields: Fields = None,
        extra_query: ExtraQuery | None = None,
        extra_json: ExtraJson | None = None,
        **values: Any,
    ) -> Any:
        """Create one.

        Takes: document_category, external_properties (rows), name (required), parent (required), restore.
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
        ) -> Folder: ...

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
            **changes: Unpack[FolderChanges],
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
            **changes: Unpack[FolderChanges],
        ) -> Folder: ...

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

        Takes: document_category, external_properties (rows), name, parent, restore.
        """
        writing = self._update(target, fields, if_match, changes, extra_query, extra_json, on_conflict)
        del changes, extra_json  # a traceback may show it
        return await writing

    async def delete(self, id: int | HasId, /, *, extra_query: ExtraQuery | None = None) -> None:
        """Delete one."""
        await self._write("delete", (id,), None, None, extra_query)

    if TYPE_CHECKING:

        @overload
        def edit(self, target: int | HasId, /, *, fields: type[T]) -> FolderEdit[T]: ...
        @overload
        def edit(self, target: int | HasId, /, *, fields: Names = None) -> FolderEdit[Folder]: ...
        @overload
        def edit(
            self,
            target: int | HasId,
            change: Callable[[T], FolderChanges | Mapping[str, Any]],
            /,
            *,
            fields: type[T],
            attempts: int = 20,
        ) -> Awaitable[T]: ...
        @overload
        def edit(
            self,
            target: int | HasId,
            change: Callable[[Folder], FolderChanges | Mapping[str, Any]],
            /,
            *,
            fields: Names = None,
            attempts: int = 20,
        ) -> Awaitable[Folder]: ...
        def edit(self, *given: Any, **options: Any) -> Any: ...
