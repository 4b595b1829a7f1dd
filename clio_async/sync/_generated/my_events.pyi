# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of my_events, for synchronous callers."""

from typing import TypeVar, Unpack, overload

from ...models._generated.my_events import MyEvent
from ...models.record import RecordETag
from ...resources._generated.my_events import MyEventChanges
from ...resources.base import ExtraJson, ExtraQuery, HasETag, HasId, Names, OnConflict
from ..pages import SyncPages

T = TypeVar("T")

class MyEvents:
    """Clio's ``/internal_notifications/my_events``.

    Without ``fields=`` its records are read with event{id}.
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
    ) -> SyncPages[T]:
        """List them. `limit` is the size of a page, at most 200; `resume` a token of `SyncPages.resume_token`."""

    @overload
    def list(
        self,
        *,
        fields: Names = None,
        limit: int | None = None,
        resume: str | None = None,
        prefetch: int = 0,
        extra_query: ExtraQuery | None = None,
    ) -> SyncPages[MyEvent]: ...
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
        **changes: Unpack[MyEventChanges],
    ) -> T:
        """Change one. A record is guarded by its etag; a bare id overwrites whatever is there.

        `if_match` is the etag that the record had, if not the one of the record that is given. Where somebody else
        has changed the record since, ``on_conflict="merge"`` writes all the same what collides with none of that.

        Takes: marked_as_read.
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
        **changes: Unpack[MyEventChanges],
    ) -> MyEvent: ...
    def delete(self, id: int | HasId, /, *, extra_query: ExtraQuery | None = None) -> None:
        """Delete one."""
