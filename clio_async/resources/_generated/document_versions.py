# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of document_versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, overload

from ...pages import Pages
from ..base import ExtraJson, ExtraQuery, Fields, Names, ResourceBase

if TYPE_CHECKING:
    from typing import TypedDict, Unpack

    from ...models._generated.document_versions import DocumentVersion
    from ..base import HasId

    T = TypeVar("T")

    class DocumentVersionFilters(TypedDict, total=False):
        fully_uploaded: bool


class DocumentVersions(ResourceBase):
    """Clio's ``/documents/{id}/versions``.

    Without ``fields=`` its records are read with id, etag, document_id, uuid, created_at, updated_at, filename, size,
    version_number, content_type, received_at, put_url, fully_uploaded, creator{id, type}.
    To be asked for: put_headers, multiparts.
    """

    __slots__ = ()
    _name = "document_versions"

    async def save_as_latest_version(
        self,
        id: int | HasId,
        document_version_id: int | HasId,
        /,
        *,
        extra_query: ExtraQuery | None = None,
        extra_json: ExtraJson | None = None,
    ) -> None:
        """Make an older version the latest one."""
        writing = self._write("save_as_latest_version", (id, document_version_id), None, None, extra_query, extra_json)
        del extra_json  # a traceback may show it
        await writing

    if TYPE_CHECKING:

        @overload
        def list(
            self,
            id: int | HasId,
            /,
            *,
            fields: type[T],
            limit: int | None = None,
            resume: str | None = None,
            prefetch: int = 0,
            extra_query: ExtraQuery | None = None,
            **filters: Unpack[DocumentVersionFilters],
        ) -> Pages[T]: ...
        @overload
        def list(
            self,
            id: int | HasId,
            /,
            *,
            fields: Names = None,
            limit: int | None = None,
            resume: str | None = None,
            prefetch: int = 0,
            extra_query: ExtraQuery | None = None,
            **filters: Unpack[DocumentVersionFilters],
        ) -> Pages[DocumentVersion]: ...

    def list(
        self,
        id: int | HasId,
        /,
        *,
        fields: Fields = None,
        limit: int | None = None,
        resume: str | None = None,
        prefetch: int = 0,
        extra_query: ExtraQuery | None = None,
        **filters: Any,
    ) -> Pages[Any]:
        """List them. `limit` is the size of a page, at most 200; `resume` a token of `Pages.resume_token`.

        Filters: fully_uploaded.
        """
        return self._list("list", (id,), fields, limit, resume, prefetch, filters, extra_query)
