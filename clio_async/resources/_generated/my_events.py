# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of my_events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, overload

from ...pages import Pages
from ..base import ExtraJson, ExtraQuery, Fields, Names, ResourceBase

if TYPE_CHECKING:
    from typing import TypedDict, Unpack

    from ...models._generated.my_events import MyEvent
    from ...models.record import RecordETag
    from ..base import HasETag, HasId, OnConflict

    T = TypeVar("T")

    class MyEventChanges(TypedDict, total=False):
        marked_as_read: bool | None


class MyEvents(ResourceBase):
    """Clio's ``/internal_notifications/my_events``.

    Without ``fields=`` its records are read with event{id}.
    """

    __slots__ = ()
    _name = "my_events"

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
        ) -> Pages[MyEvent]: ...

    def list(
        self,
        *,
        fields: Fields = None,
        limit: int | None = None,
        resume: str | None = None,
        prefetch: int = 0,
        extra_query: ExtraQuery | None = None,
    ) -> Pages[Any]:
        """List them. `limit` is the size of a page, at most 200; `resume` a token of `Pages.resume_token`."""
        return self._list("list", (), fields, limit, resume, prefetch, {}, extra_query)

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
            **changes: Unpack[MyEventChanges],
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
            **changes: Unpack[MyEventChanges],
        ) -> MyEvent: ...

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

        Takes: marked_as_read.
        """
        writing = self._update(target, fields, if_match, changes, extra_query, extra_json, on_conflict)
        del changes, extra_json  # a traceback may show it
        return await writing

    async def delete(self, id: int | HasId, /, *, extra_query: ExtraQuery | None = None) -> None:
        """Delete one."""
        await self._write("delete", (id,), None, None, extra_query)
