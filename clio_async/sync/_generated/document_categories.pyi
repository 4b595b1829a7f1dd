# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of document_categories, for synchronous callers."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar, Unpack, overload

from ...batches import Many
from ...models._generated.document_categories import DocumentCategory
from ...models.record import RecordETag, ResponseETag, Validators
from ...models.selection import Unchecked
from ...refreshed import Refreshed
from ...resources._generated.document_categories import (
    DocumentCategoryChanges,
    DocumentCategoryFilters,
    NewDocumentCategory,
)
from ...resources.base import ExtraJson, ExtraQuery, HasETag, HasId, Names, OnConflict
from ..edits import SyncEdit
from ..pages import SyncChanges, SyncPages

T = TypeVar("T")

class DocumentCategoryEdit(SyncEdit[T]):
    def set(self, **changes: Unpack[DocumentCategoryChanges]) -> None: ...

K = TypeVar("K", bound=HasId)

class DocumentCategories:
    """Clio's ``/document_categories``.

    Without ``fields=`` its records are read with id, etag, name, created_at, updated_at.
    """

    @overload
    def list(
        self,
        *,
        fields: type[T],
        limit: int | None = None,
        resume: str | None = None,
        prefetch: int = 0,
        extra_query: ExtraQuery | None = None,
        **filters: Unpack[DocumentCategoryFilters],
    ) -> SyncPages[T]:
        """List them. `limit` is the size of a page, at most 200; `resume` a token of `SyncPages.resume_token`.

        Filters: created_since, ids, order, query (name), updated_since.

        Orders, each with (asc) or (desc): id, name.
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
        **filters: Unpack[DocumentCategoryFilters],
    ) -> SyncPages[DocumentCategory]: ...
    @overload
    def iter_changes(
        self,
        since: dt.datetime | str,
        *,
        fields: type[T],
        extra_query: ExtraQuery | None = None,
        **filters: Unpack[DocumentCategoryFilters],
    ) -> SyncChanges[T]:
        """Walk what has changed since an instant, or a mark of `SyncChanges.mark`. Deletions cannot be seen.

        It takes the filters of `list`.
        """

    @overload
    def iter_changes(
        self,
        since: dt.datetime | str,
        *,
        fields: Names = None,
        extra_query: ExtraQuery | None = None,
        **filters: Unpack[DocumentCategoryFilters],
    ) -> SyncChanges[DocumentCategory]: ...
    @overload
    def create(
        self,
        *,
        fields: type[T],
        extra_query: ExtraQuery | None = None,
        extra_json: ExtraJson | None = None,
        **values: Unpack[NewDocumentCategory],
    ) -> T:
        """Create one.

        Takes: name (required).
        """

    @overload
    def create(
        self,
        *,
        fields: Names = None,
        extra_query: ExtraQuery | None = None,
        extra_json: ExtraJson | None = None,
        **values: Unpack[NewDocumentCategory],
    ) -> DocumentCategory: ...
    @overload
    def get(self, id: int | HasId, /, *, fields: type[T], extra_query: ExtraQuery | None = None) -> T:
        """Read one."""

    @overload
    def get(
        self, id: int | HasId, /, *, fields: Names = None, extra_query: ExtraQuery | None = None
    ) -> DocumentCategory: ...
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
        **changes: Unpack[DocumentCategoryChanges],
    ) -> T:
        """Change one. A record is guarded by its etag; a bare id overwrites whatever is there.

        `if_match` is the etag that the record had, if not the one of the record that is given. Where somebody else
        has changed the record since, ``on_conflict="merge"`` writes all the same what collides with none of that.

        Takes: name.
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
        **changes: Unpack[DocumentCategoryChanges],
    ) -> DocumentCategory: ...
    def delete(self, id: int | HasId, /, *, extra_query: ExtraQuery | None = None) -> None:
        """Delete one."""

    @overload
    def edit(self, target: int | HasId, /, *, fields: type[T]) -> DocumentCategoryEdit[T]:
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
    def edit(self, target: int | HasId, /, *, fields: Names = None) -> DocumentCategoryEdit[DocumentCategory]: ...
    @overload
    def edit(
        self,
        target: int | HasId,
        change: Callable[[T], DocumentCategoryChanges | Mapping[str, Any]],
        /,
        *,
        fields: type[T],
        attempts: int = 20,
    ) -> T: ...
    @overload
    def edit(
        self,
        target: int | HasId,
        change: Callable[[DocumentCategory], DocumentCategoryChanges | Mapping[str, Any]],
        /,
        *,
        fields: Names = None,
        attempts: int = 20,
    ) -> DocumentCategory: ...
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
    ) -> Many[DocumentCategory]: ...
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
    ) -> DocumentCategory | None: ...
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
    ) -> Refreshed[DocumentCategory, K]: ...
