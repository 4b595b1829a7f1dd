# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of document_archives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, overload

from ..base import ExtraJson, ExtraQuery, Fields, GetsIfChanged, Names, ResourceBase

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Literal, Required, TypedDict, Unpack

    from ...models._generated.document_archives import DocumentArchive
    from ...secrets import Secret
    from ..base import HasId

    T = TypeVar("T")

    class NewDocumentArchiveItems(TypedDict, total=False):
        id: Required[int]
        type: Required[Literal["Document", "Folder"] | str]

    class NewDocumentArchive(TypedDict, total=False):
        items: Required[Sequence[NewDocumentArchiveItems | HasId]]


class DocumentArchives(GetsIfChanged["DocumentArchive"], ResourceBase):
    """Clio's ``/document_archives``.

    Without ``fields=`` its records are read with id, etag, created_at, updated_at, size, progress, state, message.
    """

    __slots__ = ()
    _name = "document_archives"

    async def download_url(self, id: int | HasId, /, *, extra_query: ExtraQuery | None = None) -> Secret:
        """Return the signed address that it can be had at for some minutes, without a token."""
        return await self._redirect("download", (id,), {}, extra_query)

    if TYPE_CHECKING:

        @overload
        async def create(
            self,
            *,
            fields: type[T],
            extra_query: ExtraQuery | None = None,
            extra_json: ExtraJson | None = None,
            **values: Unpack[NewDocumentArchive],
        ) -> T: ...
        @overload
        async def create(
            self,
            *,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            extra_json: ExtraJson | None = None,
            **values: Unpack[NewDocumentArchive],
        ) -> DocumentArchive: ...

    async def create(
        self,
        *,
        fields: Fields = None,
        extra_query: ExtraQuery | None = None,
        extra_json: ExtraJson | None = None,
        **values: Any,
    ) -> Any:
        """Create one.

        Takes: items (required; rows).
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
        ) -> DocumentArchive: ...

    async def get(self, id: int | HasId, /, *, fields: Fields = None, extra_query: ExtraQuery | None = None) -> Any:
        """Read one."""
        return await self._read("get", (id,), fields, {}, extra_query)
