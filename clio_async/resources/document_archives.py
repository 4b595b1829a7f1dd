"""Archives of documents: the generated verbs, and one that waits until an archive is there."""

# ruff: noqa: ASYNC109 - a job goes on without us, and the error says which
from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, overload

from ..transfers import OnProgress
from ._generated.document_archives import DocumentArchives as GeneratedDocumentArchives
from .base import ExtraJson, ExtraQuery, Fields, Names
from .files import DownloadsFiles
from .jobs import PATIENCE, WaitsForJobs

if TYPE_CHECKING:
    from typing import Unpack

    from ..models._generated.document_archives import DocumentArchive
    from ._generated.document_archives import NewDocumentArchive

    T = TypeVar("T")

__all__ = ["DocumentArchives"]


class DocumentArchives(DownloadsFiles, WaitsForJobs["DocumentArchive"], GeneratedDocumentArchives):
    __doc__ = GeneratedDocumentArchives.__doc__

    __slots__ = ()

    if TYPE_CHECKING:

        @overload
        async def run(
            self,
            *,
            fields: type[T],
            timeout: float | None = PATIENCE,
            progress: OnProgress | None = None,
            extra_query: ExtraQuery | None = None,
            extra_json: ExtraJson | None = None,
            **values: Unpack[NewDocumentArchive],
        ) -> T: ...
        @overload
        async def run(
            self,
            *,
            fields: Names = None,
            timeout: float | None = PATIENCE,
            progress: OnProgress | None = None,
            extra_query: ExtraQuery | None = None,
            extra_json: ExtraJson | None = None,
            **values: Unpack[NewDocumentArchive],
        ) -> DocumentArchive: ...

    async def run(
        self,
        *,
        fields: Fields = None,
        timeout: float | None = PATIENCE,
        progress: OnProgress | None = None,
        extra_query: ExtraQuery | None = None,
        extra_json: ExtraJson | None = None,
        **values: Any,
    ) -> Any:
        """Have documents and folders put into an archive, and wait until it is there. `download_to` fetches it then.

            archive = await clio.document_archives.run(items=[document, {"id": 7, "type": "Folder"}])
            await clio.document_archives.download_to(archive, "matter.zip")

        It takes what `create` takes, and `wait` says how it waits and what it raises. `timeout` begins when Clio has
        begun. See https://docs.developers.clio.com/api-reference/ (Document Archives).

        :raises OutcomeUnknown: if it is not known whether one was begun. None is waited for then.
        """
        running = self._run(values, fields, timeout, progress, extra_query, extra_json)
        del values, extra_json  # a traceback may show it
        return await running
