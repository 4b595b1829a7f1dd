# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of conversation_messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, overload

from ...changes import Changes
from ...pages import Pages
from ..base import ExtraJson, ExtraQuery, Fields, GetsIfChanged, Names, ResourceBase
from ..many import GetsMany

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence
    from typing import Literal, Required, TypedDict, Unpack

    from ...models._generated.conversation_messages import ConversationMessage
    from ..base import Associated, HasId

    T = TypeVar("T")

    class ConversationMessageFilters(TypedDict, total=False):
        conversation_id: Required[int | HasId | None]
        created_since: dt.datetime
        ids: Iterable[int | HasId]
        order: Literal["id(asc)", "id(desc)"] | str
        query: str
        updated_since: dt.datetime

    class NewConversationMessageAttachment(TypedDict, total=False):
        document_id: int | None
        document_version_id: int | None

    class NewConversationMessageReceivers(TypedDict, total=False):
        id: Required[int]
        type: Literal["Contact", "User"] | str | None

    class NewConversationMessage(TypedDict, total=False):
        attachment: NewConversationMessageAttachment | None
        body: str | None
        conversation: Associated | None
        matter: Associated
        receivers: Sequence[NewConversationMessageReceivers | HasId] | None
        subject: str | None


class ConversationMessages(GetsMany["ConversationMessage"], GetsIfChanged["ConversationMessage"], ResourceBase):
    """Clio's ``/conversation_messages``.

    Without ``fields=`` its records are read with id, etag, date, body, created_at, updated_at, document{id, type},
    conversation{id}.
    To be asked for: sender, receivers.
    """

    __slots__ = ()
    _name = "conversation_messages"

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
            **filters: Unpack[ConversationMessageFilters],
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
            **filters: Unpack[ConversationMessageFilters],
        ) -> Pages[ConversationMessage]: ...

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

        Filters: conversation_id (required), created_since, ids, order, query, updated_since.

        Orders, each with (asc) or (desc): id.
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
            **filters: Unpack[ConversationMessageFilters],
        ) -> Changes[T]: ...
        @overload
        def iter_changes(
            self,
            since: dt.datetime | str,
            *,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            **filters: Unpack[ConversationMessageFilters],
        ) -> Changes[ConversationMessage]: ...

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
            **values: Unpack[NewConversationMessage],
        ) -> T: ...
        @overload
        async def create(
            self,
            *,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            extra_json: ExtraJson | None = None,
            **values: Unpack[NewConversationMessage],
        ) -> ConversationMessage: ...

    async def create(
        self,
        *,
        fields: Fields = None,
        extra_query: ExtraQuery | None = None,
        extra_json: ExtraJson | None = None,
        **values: Any,
    ) -> Any:
        """Create one.

        Takes: attachment, body, conversation, matter, receivers (rows), subject.
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
        ) -> ConversationMessage: ...

    async def get(self, id: int | HasId, /, *, fields: Fields = None, extra_query: ExtraQuery | None = None) -> Any:
        """Read one."""
        return await self._read("get", (id,), fields, {}, extra_query)
