# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of document_versions, for synchronous callers."""

from typing import TypeVar, Unpack, overload

from ...models._generated.document_versions import DocumentVersion
from ...resources._generated.document_versions import DocumentVersionFilters
from ...resources.base import ExtraJson, ExtraQuery, HasId, Names
from ..pages import SyncPages

T = TypeVar("T")

class DocumentVersions:
    """Clio's ``/documents/{id}/versions``.

    Without ``fields=`` its records are read with id, etag, document_id, uuid, created_at, updated_at, filename,
    size, version_number, content_type, received_at, put_url, fully_uploaded, creator{id, type}.
    To be asked for: put_headers, multiparts.
    """

    def save_as_latest_version(
        self,
        id: int | HasId,
        document_version_id: int | HasId,
        /,
        *,
        extra_query: ExtraQuery | None = None,
        extra_json: ExtraJson | None = None,
    ) -> None:
        """Make an older version the latest one."""

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
    ) -> SyncPages[T]:
        """List them. `limit` is the size of a page, at most 200; `resume` a token of `SyncPages.resume_token`.

        Filters: fully_uploaded.
        """

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
    ) -> SyncPages[DocumentVersion]: ...
