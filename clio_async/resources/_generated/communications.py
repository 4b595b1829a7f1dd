# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of communications."""

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

    from ...models._generated.communications import Communication
    from ...models.record import RecordETag
    from ..base import Associated, HasETag, HasId, OnConflict
    from ..edits.edit import Edit

    T = TypeVar("T")

    # fmt: off
    Order: TypeAlias = Literal[
        "id(asc)", "id(desc)", "date(asc)", "date(desc)", "received_at(asc)", "received_at(desc)", "matter(asc)",
        "matter(desc)"
    ]
    # fmt: on

    class CommunicationFilters(TypedDict, total=False):
        contact_id: int | HasId
        created_since: dt.datetime
        date: dt.date
        external_property_name: str
        external_property_value: str
        having_time_entries: bool
        ids: Iterable[int | HasId]
        matter_id: int | HasId | None
        order: Order | str
        query: str
        received_at: dt.datetime
        received_before: dt.date
        received_since: dt.date
        type: Literal["EmailCommunication", "PhoneCommunication"] | str
        updated_since: dt.datetime
        user_id: int | HasId

    class NewCommunicationExternalProperties(TypedDict, total=False):
        name: str | None
        value: str | None

    class NewCommunicationNotificationEventSubscribers(TypedDict, total=False):
        user_id: int | None

    class NewCommunicationReceivers(TypedDict, total=False):
        _deleted: bool | None
        id: int | None
        type: Literal["User", "Contact"] | str | None

    class NewCommunication(TypedDict, total=False):
        body: str | None
        external_properties: Sequence[NewCommunicationExternalProperties] | None
        matter: Associated
        notification_event_subscribers: Sequence[NewCommunicationNotificationEventSubscribers] | None
        received_at: Required[dt.datetime]
        receivers: Sequence[NewCommunicationReceivers | HasId] | None
        senders: Sequence[NewCommunicationReceivers | HasId] | None
        subject: str | None
        type: Literal["PhoneCommunication", "EmailCommunication"] | str | None

    class CommunicationChangesExternalProperties(TypedDict, total=False):
        id: int
        name: str | None
        value: str | None
        _destroy: bool | None

    class CommunicationChangesNotificationEventSubscribers(TypedDict, total=False):
        user_id: int | None
        id: int | None
        _destroy: bool | None

    class CommunicationChanges(TypedDict, total=False):
        body: str | None
        external_properties: Sequence[CommunicationChangesExternalProperties | HasId] | None
        matter: Associated
        notification_event_subscribers: Sequence[CommunicationChangesNotificationEventSubscribers | HasId] | None
        received_at: dt.datetime | None
        receivers: Sequence[NewCommunicationReceivers | HasId] | None
        senders: Sequence[NewCommunicationReceivers | HasId] | None
        subject: str | None
        type: Literal["PhoneCommunication", "EmailCommunication"] | str | None

    class CommunicationEdit(Edit[T]):
        def set(self, **changes: Unpack[CommunicationChanges]) -> None: ...


class Communications(EditsRecords, GetsMany["Communication"], GetsIfChanged["Communication"], ResourceBase):
    """Clio's ``/communications``.

    Without ``fields=`` its records are read with id, etag, subject, body, type, date, created_at, updated_at,
    received_at, user{id}, matter{id}, communication_eml_file{id}.
    To be asked for: time_entries_count, senders, receivers, external_properties, time_entries, documents,
    notification_event_subscribers.
    """

    __slots__ = ()
    _name = "communications"

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
            **filters: Unpack[CommunicationFilters],
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
            **filters: Unpack[CommunicationFilters],
        ) -> Pages[Communication]: ...

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

        Filters: contact_id, created_since, date, external_property_name, external_property_value,
        having_time_entries, ids, matter_id, order, query, received_at, received_before, received_since, type
        (EmailCommunication, PhoneCommunication), updated_since, user_id.

        Orders, each with (asc) or (desc): id, date, received_at, matter.
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
            **filters: Unpack[CommunicationFilters],
        ) -> Changes[T]: ...
        @overload
        def iter_changes(
            self,
            since: dt.datetime | str,
            *,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            **filters: Unpack[CommunicationFilters],
        ) -> Changes[Communication]: ...

    def iter_changes(
        self, since: dt.datetime | str, *, fields: Fields = None, extra_query: ExtraQuery | None = None, **filters: Any
    ) -> Changes[Any]:
        """Walk what has changed since an instant, or a mark of `Changes.mark`. Deletions cannot be seen.

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
            **values: Unpack[NewCommunication],
        ) -> T: ...
        @overload
        async def create(
            self,
            *,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            extra_json: ExtraJson | None = None,
            **values: Unpack[NewCommunication],
        ) -> Communication: ...

    async def create(
        self,
        *,
        fields: Fields = None,
        extra_query: ExtraQuery | None = None,
        extra_json: ExtraJson | None = None,
        **values: Any,
    ) -> Any:
        """Create one.

        Takes: body, external_properties (rows), matter, notification_event_subscribers (rows), received_at
        (required), receivers (rows), senders (rows), subject, type (PhoneCommunication, EmailCommunication).
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
        ) -> Communication: ...

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
            **changes: Unpack[CommunicationChanges],
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
            **changes: Unpack[CommunicationChanges],
        ) -> Communication: ...

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

        Takes: body, external_properties (rows), matter, notification_event_subscribers (rows), received_at, receivers
        (rows), senders (rows), subject, type (PhoneCommunication, EmailCommunication).
        """
        writing = self._update(target, fields, if_match, changes, extra_query, extra_json, on_conflict)
        del changes, extra_json  # a traceback may show it
        return await writing

    async def delete(self, id: int | HasId, /, *, extra_query: ExtraQuery | None = None) -> None:
        """Delete one."""
        await self._write("delete", (id,), None, None, extra_query)

    if TYPE_CHECKING:

        @overload
        def edit(self, target: int | HasId, /, *, fields: type[T]) -> CommunicationEdit[T]: ...
        @overload
        def edit(self, target: int | HasId, /, *, fields: Names = None) -> CommunicationEdit[Communication]: ...
        @overload
        def edit(
            self,
            target: int | HasId,
            change: Callable[[T], CommunicationChanges | Mapping[str, Any]],
            /,
            *,
            fields: type[T],
            attempts: int = 20,
        ) -> Awaitable[T]: ...
        @overload
        def edit(
            self,
            target: int | HasId,
            change: Callable[[Communication], CommunicationChanges | Mapping[str, Any]],
            /,
            *,
            fields: Names = None,
            attempts: int = 20,
        ) -> Awaitable[Communication]: ...
        def edit(self, *given: Any, **options: Any) -> Any: ...
