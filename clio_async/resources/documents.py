"""Documents: the generated verbs, and those that move bytes."""

from __future__ import annotations

import os
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload

from ..transfers import OnProgress, UploadHandle
from ._generated.documents import Documents as GeneratedDocuments
from .base import ExtraJson, Fields, HasId, Names

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from typing import TypedDict, Unpack

    from ..models._generated.documents import Document
    from ._generated.documents import NewDocumentExternalProperties, NewDocumentParent
    from .base import Associated
    from .downloads import Download
    from .uploads import Source

    T = TypeVar("T")

    class UploadedDocument(TypedDict, total=False):
        communication_id: int | None
        content_type: str | None
        document_category: Associated | None
        external_properties: Sequence[NewDocumentExternalProperties] | None
        filename: str | None
        received_at: dt.datetime | None


__all__ = ["Documents"]

_PART_SIZE = 8 * 1024 * 1024


class Documents(GeneratedDocuments):
    __doc__ = GeneratedDocuments.__doc__

    __slots__ = ()

    if TYPE_CHECKING:

        @overload
        async def upload(
            self,
            source: Source,
            /,
            *,
            parent: NewDocumentParent | HasId | None = None,
            name: str | None = None,
            size: int | None = None,
            part_size: int = _PART_SIZE,
            parallel: int = 4,
            resume: UploadHandle | str | None = None,
            progress: OnProgress | None = None,
            fields: type[T],
            extra_json: ExtraJson | None = None,
            **values: Unpack[UploadedDocument],
        ) -> T: ...
        @overload
        async def upload(
            self,
            source: Source,
            /,
            *,
            parent: NewDocumentParent | HasId | None = None,
            name: str | None = None,
            size: int | None = None,
            part_size: int = _PART_SIZE,
            parallel: int = 4,
            resume: UploadHandle | str | None = None,
            progress: OnProgress | None = None,
            fields: Names = None,
            extra_json: ExtraJson | None = None,
            **values: Unpack[UploadedDocument],
        ) -> Document: ...

    async def upload(
        self,
        source: Source,
        /,
        *,
        parent: Any = None,
        name: str | None = None,
        size: int | None = None,
        part_size: int = _PART_SIZE,
        parallel: int = 4,
        resume: UploadHandle | str | None = None,
        progress: OnProgress | None = None,
        fields: Fields = None,
        extra_json: ExtraJson | None = None,
        **values: Any,
    ) -> Any:
        """Upload a file as a new document, or as a new version of one, and return the document.

            document = await clio.documents.upload("brief.pdf", parent=matter)
            await clio.documents.upload(content, parent=document)  # a new version

        `source` is the path of a regular file, bytes, an open binary file, or an async iterable of bytes, of which
        `size` is how many.
        `parent` is a matter, contact or folder, or the document that gets a new version; `name` that of the document,
        unless given that of the file. A file of more than `part_size` bytes (5 MB at least) is sent in parts,
        `parallel` at a time, in constant memory. There are 10,000 parts at most: where the size is known they are cut
        larger if need be, so for a long stream pass `size`. `progress` is called as they arrive. What it raises ends
        the upload; at the end, when the document is there, it comes through with a note that names that.

        What ended early is continued by `resume`, the handle of the error or of a `Progress`: in another process, too,
        from the same file, and without parent and name. Another file is told by its size, and by the parts that had
        arrived: before the first of them by its size alone. A handle is of no use once the upload is done. See
        https://docs.developers.clio.com/api-reference/ (Documents).

        :raises IncompleteUpload: if it was begun and not finished; its `handle` continues it, or is for `abandon`.
        :raises SourceChanged: if the file changed while it was read, or is not the one that the upload had begun with.
        :raises OutcomeUnknown: if it is not known whether a document was begun.
        :raises InvalidArgument: if it cannot be uploaded as it is asked for. Nothing was begun.
        :raises OSError: if the file cannot be opened, or read. Nothing was begun.
        """
        from .uploads import upload  # for a few calls alone

        uploading = upload(
            self,
            source,
            parent=parent,
            name=name,
            size=size,
            part_size=part_size,
            parallel=parallel,
            resume=resume,
            progress=progress,
            fields=fields,
            extra_json=extra_json,
            **values,
        )
        del source, values, extra_json  # a traceback may show it
        return await uploading

    async def abandon(self, handle: UploadHandle | str, /) -> Literal["deleted", "gone", "hidden", "finished"]:
        """Take away what an upload has begun and not finished, and say what became of it.

        "deleted": a document that was new, and has no bytes. "gone": there was none any more, or it was in the trash.
        "hidden": a version that never got its bytes, of a document that stays. Clio shows such a version to nobody,
        and takes none away. "finished": it has its bytes, or the new document got some of another version: nothing was
        taken away. That is read first, and the deletion guarded by the document's etag: one that is finished meanwhile
        stays, where Clio heeds that. (A deleted document is in Clio's trash for 30 days.)

        :raises InvalidArgument: if another principal began it.
        :raises PreconditionFailed: if others change the document all the time. It was not deleted.
        """
        from .uploads import abandon  # for a few calls alone

        return await abandon(self, handle)

    def download(
        self,
        id: int | HasId,
        /,
        *,
        document_version_id: int | HasId | None = None,
        resume: str | None = None,
        progress: OnProgress | None = None,
    ) -> AbstractAsyncContextManager[Download]:
        """Receive the file of a document, as it comes; of a version of it, if one is named.

            async with clio.documents.download(42) as download:
                async for piece in download:
                    ...

        The size that Clio names is compared. A record that has it (``latest_document_version{id,size}``, or `size`)
        saves the request for it. `resume` is that of an `IncompleteDownload`, or of a `Download` that was left early:
        what is still missing comes, from ``download.first`` on, unless the file has changed. `progress` is called as
        the bytes come. They come from where Clio keeps files, without the token, and no time but silence ends them.
        See https://docs.developers.clio.com/api-reference/ (Documents).

        A service hands a file on as it comes. With FastAPI (from 0.118 on the block stays open until it was sent)::

            async def opened(id: int):
                async with clio.documents.download(id) as download:
                    yield download

            @app.get("/files/{id}")
            async def file(download: Annotated[Download, Depends(opened)]):
                length = {} if download.size is None else {"Content-Length": str(download.size)}
                return StreamingResponse(download, media_type=download.content_type, headers=length)

        :raises IncompleteDownload: if fewer or more bytes come than the file has, or it has changed meanwhile.
        :raises StorageRefused: if the place where files are kept refuses.
        :raises UnexpectedContent: if Clio names no place where the file is, or another page of its own.
        """
        from .downloads import download  # for a few calls alone

        return download(self, id, resume=resume, progress=progress, document_version_id=document_version_id)

    async def download_to(
        self,
        id: int | HasId,
        path: str | os.PathLike[str],
        /,
        *,
        document_version_id: int | HasId | None = None,
        overwrite: bool = True,
        progress: OnProgress | None = None,
    ) -> Path:
        """Receive the file of a document into one of this machine, whole or not at all, and return its path.

        It is written beside the target, readable for this user alone, and replaces it when it is complete. It has the
        size that Clio names: a record that has it saves the request for it, as with `download`. A connection that
        breaks is taken up where it broke. The name is the caller's: `safe_filename` makes one of a name that comes
        from Clio. With ``overwrite=False`` nothing is replaced, whenever it came there.

        :raises IncompleteDownload: if the file did not come whole. What was at `path` is still there.
        :raises StorageRefused: if the place where files are kept refuses.
        :raises FileExistsError: if something is there that may not be overwritten.
        :raises OSError: if it cannot be written.
        """
        from .downloads import download_to  # for a few calls alone

        return await download_to(
            self, id, path, overwrite=overwrite, progress=progress, document_version_id=document_version_id
        )
