# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of conversation_messages, for synchronous callers."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TypeVar, Unpack, overload

from ...batches import Many
from ...models._generated.conversation_messages import ConversationMessage
from ...models.record import RecordETag, ResponseETag, Validators
from ...models.selection import Unchecked
from ...refreshed import Refreshed
from ...resources._generated.conversation_messages import ConversationMessageFilters, NewConversationMessage
from ...resources.base import ExtraJson, ExtraQuery, HasId, Names
from ..pages import SyncChanges, SyncPages

T = TypeVar("T")

K = TypeVar("K", bound=HasId)

class ConversationMessages:
    """Clio's ``/conversation_messages``.

    Without ``fields=`` its records are read with id, etag, date, body, created_at, updated_at, document{id, type},
    conversation{id}.
    To be asked for: sender, receivers.
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
        **filters: Unpack[ConversationMessageFilters],
    ) -> SyncPages[T]:
        """List them. `limit` is the size of a page, at most 200; `resume` a token of `SyncPages.resume_token`.

        Filters: conversation_id (required), created_since, ids, order, query, updated_since.

        Orders, each with (asc) or (desc): id.
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
        **filters: Unpack[ConversationMessageFilters],
    ) -> SyncPages[ConversationMessage]: ...
    @overload
    def iter_changes(
        self,
        since: dt.datetime | str,
        *,
        fields: type[T],
        extra_query: ExtraQuery | None = None,
        **filters: Unpack[ConversationMessageFilters],
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
        **filters: Unpack[ConversationMessageFilters],
    ) -> SyncChanges[ConversationMessage]: ...
    @overload
    def create(
        self,
        *,
        fields: type[T],
        extra_query: ExtraQuery | None = None,
        extra_json: ExtraJson | None = None,
        **values: Unpack[NewConversationMessage],
    ) -> T:
        """Create one.

        Takes: attachment, body, conversation, matter, receivers (rows), subject.
        """

    @overload
    def create(
        self,
        *,
        fields: Names = None,
        extra_query: ExtraQuery | None = None,
        extra_json: ExtraJson | None = None,
        **values: Unpack[NewConversationMessage],
    ) -> ConversationMessage: ...
    @overload
    def get(self, id: int | HasId, /, *, fields: type[T], extra_query: ExtraQuery | None = None) -> T:
        """Read one."""

    @overload
    def get(
        self, id: int | HasId, /, *, fields: Names = None, extra_query: ExtraQuery | None = None
    ) -> ConversationMessage: ...
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
    ) -> Many[ConversationMessage]: ...
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
    ) -> ConversationMessage | None: ...
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
    ) -> Refreshed[ConversationMessage, K]: ...
