# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of documents, for synchronous callers."""

import datetime as dt
import io
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import IO, Any, Literal, TypeAlias, TypeVar, Unpack, overload

from ...batches import Many
from ...models._generated.documents import Document
from ...models.record import RecordETag, ResponseETag, Validators
from ...models.selection import Unchecked
from ...refreshed import Refreshed
from ...resources._generated.documents import (
    CopyDocument,
    DocumentChanges,
    DocumentDownloadQuery,
    DocumentFilters,
    NewDocument,
    NewDocumentParent,
)
from ...resources.base import ExtraJson, ExtraQuery, HasETag, HasId, Names, OnConflict
from ...resources.documents import UploadedDocument
from ...secrets import Secret
from ...transfers import OnProgress, UploadHandle
from ..downloads import SyncDownload
from ..edits import SyncEdit
from ..pages import SyncChanges, SyncPages

Source: TypeAlias = str | os.PathLike[str] | bytes | bytearray | memoryview | IO[bytes] | io.RawIOBase | Iterable[bytes]

T = TypeVar("T")

class DocumentEdit(SyncEdit[T]):
    def set(self, **changes: Unpack[DocumentChanges]) -> None: ...

K = TypeVar("K", bound=HasId)

class Documents:
    """Clio's ``/documents``.

    Without ``fields=`` its records are read with id, etag, created_at, updated_at, deleted_at, type, locked, name,
    received_at, filename, size, content_type, parent{id, type}, matter{id}, contact{id, type},
    document_category{id}, creator{id, type}, latest_document_version{id}, group{id, type}.
    To be asked for: external_properties.
    """

    @overload
    def upload(
        self,
        source: Source,
        /,
        *,
        parent: NewDocumentParent | HasId | None = None,
        name: str | None = None,
        size: int | None = None,
        part_size: int = 8388608,
        parallel: int = 4,
        resume: UploadHandle | str | None = None,
        progress: OnProgress | None = None,
        fields: type[T],
        extra_json: ExtraJson | None = None,
        **values: Unpack[UploadedDocument],
    ) -> T:
        """Upload a file as a new document, or as a new version of one, and return the document.

            document = clio.documents.upload("brief.pdf", parent=matter)
            clio.documents.upload(content, parent=document)  # a new version

        `source` is the path of a regular file, bytes, an open binary file, or an iterable of bytes, of which
        `size` is how many.
        `parent` is a matter, contact or folder, or the document that gets a new version; `name` that of the
        document, unless given that of the file. A file of more than `part_size` bytes (5 MB at least) is sent in
        parts, `parallel` at a time, in constant memory. There are 10,000 parts at most: where the size is known they
        are cut larger if need be, so for a long stream pass `size`. `progress` is called as they arrive. What it
        raises ends the upload; at the end, when the document is there, it comes through with a note that names that.

        What ended early is continued by `resume`, the handle of the error or of a `Progress`: in another process,
        too, from the same file, and without parent and name. Another file is told by its size, and by the parts that
        had arrived: before the first of them by its size alone. A handle is of no use once the upload is done. See
        https://docs.developers.clio.com/api-reference/ (Documents).

        :raises IncompleteUpload: if it was begun and not finished; its `handle` continues it, or is for `abandon`.
        :raises SourceChanged: if the file changed while it was read, or is not the one that the upload had begun
        with.
        :raises OutcomeUnknown: if it is not known whether a document was begun.
        :raises InvalidArgument: if it cannot be uploaded as it is asked for. Nothing was begun.
        :raises OSError: if the file cannot be opened, or read. Nothing was begun.
        """

    @overload
    def upload(
        self,
        source: Source,
        /,
        *,
        parent: NewDocumentParent | HasId | None = None,
        name: str | None = None,
        size: int | None = None,
        part_size: int = 8388608,
        parallel: int = 4,
        resume: UploadHandle | str | None = None,
        progress: OnProgress | None = None,
        fields: Names = None,
        extra_json: ExtraJson | None = None,
        **values: Unpack[UploadedDocument],
    ) -> Document: ...
    def abandon(self, handle: UploadHandle | str, /) -> Literal["deleted", "gone", "hidden", "finished"]:
        """Take away what an upload has begun and not finished, and say what became of it.

        "deleted": a document that was new, and has no bytes. "gone": there was none any more, or it was in the
        trash. "hidden": a version that never got its bytes, of a document that stays. Clio shows such a version to
        nobody, and takes none away. "finished": it has its bytes, or the new document got some of another version:
        nothing was taken away. That is read first, and the deletion guarded by the document's etag: one that is
        finished meanwhile stays, where Clio heeds that. (A deleted document is in Clio's trash for 30 days.)

        :raises InvalidArgument: if another principal began it.
        :raises PreconditionFailed: if others change the document all the time. It was not deleted.
        """

    def download(
        self,
        id: int | HasId,
        /,
        *,
        document_version_id: int | HasId | None = None,
        resume: str | None = None,
        progress: OnProgress | None = None,
    ) -> AbstractContextManager[SyncDownload]:
        """Receive the file of a document, as it comes; of a version of it, if one is named.

            with clio.documents.download(42) as download:
                for piece in download:
                    ...

        The size that Clio names is compared. A record that has it (``latest_document_version{id,size}``, or `size`)
        saves the request for it. `resume` is that of an `IncompleteDownload`, or of a `SyncDownload` that was left
        early: what is still missing comes, from ``download.first`` on, unless the file has changed. `progress` is
        called as the bytes come. They come from where Clio keeps files, without the token, and no time but silence
        ends them. See https://docs.developers.clio.com/api-reference/ (Documents).

        A service hands a file on as it comes. With FastAPI (from 0.118 on the block stays open until it was sent)::

            def opened(id: int):
                with clio.documents.download(id) as download:
                    yield download

            @app.get("/files/{id}")
            def file(download: Annotated[SyncDownload, Depends(opened)]):
                length = {} if download.size is None else {"Content-Length": str(download.size)}
                return StreamingResponse(download, media_type=download.content_type, headers=length)

        :raises IncompleteDownload: if fewer or more bytes come than the file has, or it has changed meanwhile.
        :raises StorageRefused: if the place where files are kept refuses.
        :raises UnexpectedContent: if Clio names no place where the file is, or another page of its own.
        """

    def download_to(
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

        It is written beside the target, readable for this user alone, and replaces it when it is complete. It has
        the size that Clio names: a record that has it saves the request for it, as with `download`. A connection
        that breaks is taken up where it broke. The name is the caller's: `safe_filename` makes one of a name that
        comes from Clio. With ``overwrite=False`` nothing is replaced, whenever it came there.

        :raises IncompleteDownload: if the file did not come whole. What was at `path` is still there.
        :raises StorageRefused: if the place where files are kept refuses.
        :raises FileExistsError: if something is there that may not be overwritten.
        :raises OSError: if it cannot be written.
        """

    def download_url(
        self, id: int | HasId, /, *, extra_query: ExtraQuery | None = None, **filters: Unpack[DocumentDownloadQuery]
    ) -> Secret:
        """Return the signed address that it can be had at for some minutes, without a token.

        Filters: document_version_id.
        """

    @overload
    def copy(
        self,
        id: int | HasId,
        /,
        *,
        fields: type[T],
        extra_query: ExtraQuery | None = None,
        extra_json: ExtraJson | None = None,
        **values: Unpack[CopyDocument],
    ) -> T:
        """Copy one.

        Takes: communication_id, document_category, external_properties (rows), filename, name, parent (required),
        received_at.
        """

    @overload
    def copy(
        self,
        id: int | HasId,
        /,
        *,
        fields: Names = None,
        extra_query: ExtraQuery | None = None,
        extra_json: ExtraJson | None = None,
        **values: Unpack[CopyDocument],
    ) -> Document: ...
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
    ) -> SyncPages[T]:
        """List them. `limit` is the size of a page, at most 200; `resume` a token of `SyncPages.resume_token`.

        Filters: contact_id, created_since, document_category_id, external_property_name, external_property_value,
        ids, include_deleted, locked, matter_id, order, parent_id, query, scope (descendants, children),
        show_uncompleted, updated_since.

        Orders, each with (asc) or (desc): created_at, document_number, id, name, received_at, updated_at.
        """

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
    ) -> SyncPages[Document]: ...
    @overload
    def iter_changes(
        self,
        since: dt.datetime | str,
        *,
        fields: type[T],
        extra_query: ExtraQuery | None = None,
        **filters: Unpack[DocumentFilters],
    ) -> SyncChanges[T]:
        """Walk what has changed since an instant, or a mark of `SyncChanges.mark`. What is in the trash comes, too.

        It takes the filters of `list`.
        """

    @overload
    def iter_changes(
        self,
        since: dt.datetime | str,
        *,
        fields: Names = None,
        extra_query: ExtraQuery | None = None,
        **filters: Unpack[DocumentFilters],
    ) -> SyncChanges[Document]: ...
    @overload
    def create(
        self,
        *,
        fields: type[T],
        extra_query: ExtraQuery | None = None,
        extra_json: ExtraJson | None = None,
        **values: Unpack[NewDocument],
    ) -> T:
        """Create one.

        Takes: communication_id, content_type, document_category, external_properties (rows), filename, multiparts
        (rows), name (required), parent (required), received_at.
        """

    @overload
    def create(
        self,
        *,
        fields: Names = None,
        extra_query: ExtraQuery | None = None,
        extra_json: ExtraJson | None = None,
        **values: Unpack[NewDocument],
    ) -> Document: ...
    @overload
    def get(self, id: int | HasId, /, *, fields: type[T], extra_query: ExtraQuery | None = None) -> T:
        """Read one."""

    @overload
    def get(self, id: int | HasId, /, *, fields: Names = None, extra_query: ExtraQuery | None = None) -> Document: ...
    @overload
    def update(
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
    ) -> T:
        """Change one. A record is guarded by its etag; a bare id overwrites whatever is there.

        `if_match` is the etag that the record had, if not the one of the record that is given. Where somebody else
        has changed the record since, ``on_conflict="merge"`` writes all the same what collides with none of that.
        Rows are merged only where the tag of the record moves with them, which is not known of Clio: use `edit` for
        rows.

        Takes: communication_id, copy_version, document_category, external_properties (rows), fully_uploaded,
        multiparts (rows), name, parent, received_at, restore, uuid.
        """

    @overload
    def update(
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
    def delete(self, id: int | HasId, /, *, extra_query: ExtraQuery | None = None) -> None:
        """Delete one."""

    @overload
    def edit(self, target: int | HasId, /, *, fields: type[T]) -> DocumentEdit[T]:
        """Read one, change it, and write what was changed, guarded by its etag.

            with clio.matters.edit(42) as edit:
                edit.set(location=f"{edit.record.location} (moved)")
            clio.matters.edit(42, lambda matter: {"location": f"{matter.location} (moved)"})

        `edit.set`, and what the function returns, take what `update` does. Nothing is sent where nothing is
        changed, and nothing if the block or the function raises. `edit.result`, and what the second form returns,
        is the record as it was written. Where `fields` is a class it is one of that class, as `get` gives it; where
        `fields` are names, it holds them, and may show more.

        Somebody else may change the record meanwhile. The block is not repeated: what was set is merged with what
        they have changed, unless they have changed the same, or what belongs together with it. The function is
        called again with the record as it is then: up to `attempts` times, 20 by default. It is not async, so that
        nobody in this process has to wait for it for long.

        ``If-Match`` is known to guard the own attributes of a record. Rows of its collections are records of their
        own, and may change under the same tag. The block reads all that it may change when it begins, and a
        collection that is set once more just before it is written: only what comes between that and the write may
        go unseen.

        :raises EditConflict: if somebody else has changed the same, or changes it each time.
        :raises MissingETag: if the answer has no etag that could guard the write.
        :raises InvalidArgument: if the function is async, or returns no mapping.
        """

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
    ) -> T: ...
    @overload
    def edit(
        self,
        target: int | HasId,
        change: Callable[[Document], DocumentChanges | Mapping[str, Any]],
        /,
        *,
        fields: Names = None,
        attempts: int = 20,
    ) -> Document: ...
    @overload
    def get_many(
        self, ids: Iterable[int | str | HasId], /, *, fields: type[T], extra_query: ExtraQuery | None = None
    ) -> Many[T]:
        """Read records by their ids, in their order, up to 200 in a request, one request after the other.

        A repeated id gives its record at each of its places. What there is no record for, or none that this user may
        see, stands in `missing`. How many ids the server takes in a request is found out, and remembered while the
        client lives. An error loses what was read before it: to keep that, ask for a few hundred at a time.

        An id that is not answered is asked for once more with others of its kind, until this server was seen to
        answer as many ids in full: it may have read some of them only, or given some of the records.

        `ids` are read through by the call itself, in the thread that calls.

        :raises InvalidArgument: if one of the ids can be none, before anything is sent.
        :raises FilterIgnored: if the server answers with records that were not asked for.
        :raises SchemaError: if it answers with a record that has no id.
        """

    @overload
    def get_many(
        self, ids: Iterable[int | str | HasId], /, *, fields: Names = None, extra_query: ExtraQuery | None = None
    ) -> Many[Document]: ...
    @overload
    def get_if_changed(
        self,
        id: int | HasId,
        etag: ResponseETag | RecordETag | Validators | str,
        /,
        *,
        fields: type[T],
        extra_query: ExtraQuery | None = None,
    ) -> T | None:
        """Read one unless it is unchanged since `etag` was its tag: then return None.

        `etag` is the `etag` of a record or the tag of an answer, with its quotes, or ``record.validators``. Where
        those hold no tag, their `Last-Modified` is asked about: it has a resolution of a second, so that a change in
        the second of the copy goes unseen.

        A tag names the record: its own attributes, and which records it is associated with. What is nested or
        derived may change under it. With a selection that holds such (the default one of `bills`, say), and where
        this server's tags were seen to be wrong, the record is read in full and returned, unless `Policy.tag_scope`
        says that the tag names the representation. What a change of permissions has shown or hidden since is no
        change of the record.

        :raises InvalidArgument: if `etag` is no tag, or several.
        """

    @overload
    def get_if_changed(
        self,
        id: int | HasId,
        etag: ResponseETag | RecordETag | Validators | str,
        /,
        *,
        fields: Names = None,
        extra_query: ExtraQuery | None = None,
    ) -> Document | None: ...
    @overload
    def refresh(
        self,
        records: Iterable[K],
        /,
        *,
        fields: None = None,
        since: dt.datetime | None = None,
        confirm: bool = False,
        extra_query: ExtraQuery | None = None,
    ) -> Refreshed[K, K]:
        """Bring records that the caller keeps copies of up to date, in few requests: up to 200 records in each.

        `records` are records of this resource, objects of classes that are selections (see `fields=` of `list`), or,
        with `fields`, any objects with `id` and `etag`. Of several with one id the first counts. A record that has
        changed comes back with what the given one holds, or with `fields`: with the same class if they are of one,
        else with all that any of them holds. What a record does not hold is not compared, unless `fields` asks for
        it: then a record that lacks it has changed, but for what its own tag covers. Say `fields` where they may
        lack something that you want: the inside of an association that is null or withheld of all, or what is
        `extra`.

        Where their tags tell whether records have changed, pages of tags are read, and then what has changed in
        full. A tag covers the own attributes of its record alone, so keep the `etag` of each association whose
        attributes you keep, as in ``client{id,etag,name}``. What no tag covers is read in full: derived attributes,
        collections, whatever is withheld or came without its tag. So is everything where that takes fewer requests.

        `since` is when all copies were known to be current. Then a list of what has changed since may tell more with
        fewer requests, and less about deletions: see `Refreshed.unlisted`.

        With `confirm` each id that is missing is asked for alone, one request for each. `extra_query` goes with each
        request for many, and what it leaves out is missing. A filter that the list needs is taken from the records.

        The requests wait for quota as those of a batch do, and nothing of them is cached. Of what has changed, or is
        not there, no kept answer is given without asking from then on (`Policy.fresh_for`). Where they need more
        than a minute's quota, a client of ``options(timeout=None)`` has the patience. An error loses what was found
        before it: to keep that, refresh a few thousand at a time. `records` are read through by the call itself, in
        the thread that calls.

        :raises InvalidArgument: if one of the records can be none, or nothing says what to read of it; if `since`,
            `confirm` or `extra_query` asks for what the resource does not have; if `since` is yet to come. Nothing
        is
            sent then, unless it is the clock of the server that `since` is ahead of.
        :raises FilterIgnored: if the server answers with records that were not asked for.
        :raises SchemaError: if it answers with a record that has no id.
        """

    @overload
    def refresh(
        self,
        records: Iterable[K],
        /,
        *,
        fields: type[T],
        since: dt.datetime | None = None,
        confirm: bool = False,
        extra_query: ExtraQuery | None = None,
    ) -> Refreshed[T, K]: ...
    @overload
    def refresh(
        self,
        records: Iterable[K],
        /,
        *,
        fields: str | Sequence[str | Unchecked],
        since: dt.datetime | None = None,
        confirm: bool = False,
        extra_query: ExtraQuery | None = None,
    ) -> Refreshed[Document, K]: ...
