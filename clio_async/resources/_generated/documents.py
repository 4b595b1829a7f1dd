# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of documents."""

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

    from ...models._generated.documents import Document
    from ...models.record import RecordETag
    from ...secrets import Secret
    from ..base import Associated, HasETag, HasId, OnConflict
    from ..edits.edit import Edit

    T = TypeVar("T")

    # fmt: off
    Order: TypeAlias = Literal[
        "created_at(asc)", "created_at(desc)", "document_number(asc)", "document_number(desc)", "id(asc)", "id(desc)",
        "name(asc)", "name(desc)", "received_at(asc)", "received_at(desc)", "updated_at(asc)", "updated_at(desc)"
    ]
    # fmt: on

    class DocumentDownloadQuery(TypedDict, total=False):
        document_version_id: int | HasId

    class CopyDocumentExternalProperties(TypedDict, total=False):
        id: int
        name: str | None
        value: str | None
        _destroy: bool | None

    class CopyDocumentParent(TypedDict, total=False):
        id: int | None
        type: Required[Literal["Document", "Folder", "Contact", "Matter"] | str]

    class CopyDocument(TypedDict, total=False):
        communication_id: int | None
        document_category: Associated | None
        external_properties: Sequence[CopyDocumentExternalProperties | HasId] | None
        filename: str | None
        name: str | None
        parent: Required[CopyDocumentParent | HasId]
        received_at: dt.datetime | None

    class DocumentFilters(TypedDict, total=False):
        contact_id: int | HasId | None
        created_since: dt.datetime
        document_category_id: int | HasId | None
        external_property_name: str
        external_property_value: str
        ids: Iterable[int | HasId]
        include_deleted: bool
        locked: bool
        matter_id: int | HasId | None
        order: Order | str
        parent_id: int | HasId | None
        query: str
        scope: Literal["descendants", "children"] | str
        show_uncompleted: bool
        updated_since: dt.datetime

    class NewDocumentExternalProperties(TypedDict, total=False):
        name: str | None
        value: str | None

    class NewDocumentMultiparts(TypedDict, total=False):
        part_number: int | None
        content_length: str | None
        content_md5: str | None

    class NewDocumentParent(TypedDict, total=False):
        id: Required[int]
        type: Required[Literal["Document", "Folder", "Contact", "Matter"] | str]

    class NewDocument(TypedDict, total=False):
        communication_id: int | None
        content_type: str | None
        document_category: Associated | None
        external_properties: Sequence[NewDocumentExternalProperties] | None
        filename: str | None
        multiparts: Sequence[NewDocumentMultiparts] | None
        name: Required[str]
        parent: Required[NewDocumentParent | HasId]
        received_at: dt.datetime | None

    class DocumentChangesParent(TypedDict, total=False):
        id: int | None
        type: Literal["Document", "Folder", "Contact", "Matter"] | str | None

    class DocumentChanges(TypedDict, total=False):
        communication_id: int | None
        copy_version: bool | None
        document_category: Associated | None
        external_properties: Sequence[CopyDocumentExternalProperties | HasId] | None
        fully_uploaded: bool | None
        multiparts: Sequence[NewDocumentMultiparts] | None
        name: str | None
        parent: DocumentChangesParent | HasId | None
        received_at: dt.datetime | None
        restore: bool | None
        uuid: str | None

    class DocumentEdit(Edit[T]):
        def set(self, **changes: Unpack[DocumentChanges]) -> None: ...


class Documents(EditsRecords, GetsMany["Document"], GetsIfChanged["Document"], ResourceBase):
    """Clio's ``/documents``.

    Without ``fields=`` its records are read with id, etag, created_at, updated_at, deleted_at, type, locked, name,
    received_at, filename, size, content_type, parent{id, type}, matter{id}, contact{id, type}, document_category{id},
    creator{id, type}, latest_document_version{id}, group{id, type}.
    To be asked for: external_properties.
    """

    __slots__ = ()
    _name = "documents"

    async def download_url(
        self, id: int | HasId, /, *, extra_query: ExtraQuery | None = None, **filters: Unpack[DocumentDownloadQuery]
    ) -> Secret:
        """Return the signed address that it can be had at for some minutes, without a token.

        Filters: document_version_id.
        """
        return await self._redirect("download", (id,), filters, extra_query)

    if TYPE_CHECKING:

        @overload
        async def copy(
            self,
            id: int | HasId,
            /,
            *,
            fields: type[T],
            extra_query: ExtraQuery | None = None,
            extra_json: ExtraJson | None = None,
            **values: Unpack[CopyDocument],
        ) -> T: ...
        @overload
        async def copy(
            self,
            id: int | HasId,
            /,
            *,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            extra_json: ExtraJson | None = None,
            **values: Unpack[CopyDocument],
        ) -> Document: ...

    async def copy(
        self,
        id: int | HasId,
        /,
        *,
        fields: Fields = None,
        extra_query: ExtraQuery | None = None,
        extra_json: ExtraJson | None = None,
        **values: Any,
    ) -> Any:
        """Copy one.

        Takes: communication_id, document_category, external_properties (rows), filename, name, parent (required),
        received_at.
        """
        writing = self._write("copy", (id,), fields, values, extra_query, extra_json)
        del values, extra_json  # a traceback may show it
        return await writing

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
            **filters: Unpack[DocumentFilters],
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
            **filters: Unpack[DocumentFilters],
        ) -> Pages[Document]: ...

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
        ids, include_deleted, locked, matter_id, order, parent_id, query, scope (descendants, children),
        show_uncompleted, updated_since.

        Orders, each with (asc) or (desc): created_at, document_number, id, name, received_at, updated_at.
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
            **filters: Unpack[DocumentFilters],
        ) -> Changes[T]: ...
        @overload
        def iter_changes(
            self,
            since: dt.datetime | str,
            *,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            **filters: Unpack[DocumentFilters],
        ) -> Changes[Document]: ...

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
            **values: Unpack[NewDocument],
        ) -> T: ...
        @overload
        async def create(
            self,
            *,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            extra_json: ExtraJson | None = None,
            **values: Unpack[NewDocument],
        ) -> Document: ...

    async def create(
        self,
        *,
        fields: Fields = None,
        extra_query: ExtraQuery | None = None,
        extra_json: ExtraJson | None = None,
        **values: Any,
    ) -> Any:
        """Create one.

        Takes: communication_id, content_type, document_category, external_properties (rows), filename, multiparts
        (rows), name (required), parent (required), received_at.
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
        ) -> Document: ...

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
            **changes: Unpack[DocumentChanges],
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
            **changes: Unpack[DocumentChanges],
        ) -> Document: ...

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

        Takes: communication_id, copy_version, document_category, external_properties (rows), fully_uploaded,
        multiparts (rows), name, parent, received_at, restore, uuid.
        """
        writing = self._update(target, fields, if_match, changes, extra_query, extra_json, on_conflict)
        del changes, extra_json  # a traceback may show it
        return await writing

    async def delete(self, id: int | HasId, /, *, extra_query: ExtraQuery | None = None) -> None:
        """Delete one."""
        await self._write("delete", (id,), None, None, extra_query)

    if TYPE_CHECKING:

        @overload
        def edit(self, target: int | HasId, /, *, fields: type[T]) -> DocumentEdit[T]: ...
        @overload
        def edit(self, target: int | HasId, /, *, fields: Names = None) -> DocumentEdit[Document]: ...
        @overload
        def edit(
            self,
            target: int | HasId,
            change: Callable[[T], DocumentChanges | Mapping[str, Any]],
            /,
            *,
            fields: type[T],
            attempts: int = 20,
        ) -> Awaitable[T]: ...
        @overload
        def edit(
            self,
            target: int | HasId,
            change: Callable[[Document], DocumentChanges | Mapping[str, Any]],
            /,
            *,
            fields: Names = None,
            attempts: int = 20,
        ) -> Awaitable[Document]: ...
        def edit(self, *given: Any, **options: Any) -> Any: ...
