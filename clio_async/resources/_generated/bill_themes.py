# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of bill_themes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, overload

from ...changes import Changes
from ...pages import Pages
from ..base import ExtraJson, ExtraQuery, Fields, Names, ResourceBase
from ..many import GetsMany

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable
    from typing import TypedDict, Unpack

    from ...models._generated.bill_themes import BillTheme
    from ...models.record import RecordETag
    from ..base import HasETag, HasId, OnConflict

    T = TypeVar("T")

    class BillThemeFilters(TypedDict, total=False):
        created_since: dt.datetime
        ids: Iterable[int | HasId]
        updated_since: dt.datetime

    class BillThemeChanges(TypedDict, total=False):
        config: str | None
        name: str | None


class BillThemes(GetsMany["BillTheme"], ResourceBase):
    """Clio's ``/bill_themes``.

    Without ``fields=`` its records are read with id, etag, created_at, updated_at, account_id, default, name, config.
    """

    __slots__ = ()
    _name = "bill_themes"

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
            **filters: Unpack[BillThemeFilters],
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
            **filters: Unpack[BillThemeFilters],
        ) -> Pages[BillTheme]: ...

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

        Filters: created_since, ids, updated_since.
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
            **filters: Unpack[BillThemeFilters],
        ) -> Changes[T]: ...
        @overload
        def iter_changes(
            self,
            since: dt.datetime | str,
            *,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            **filters: Unpack[BillThemeFilters],
        ) -> Changes[BillTheme]: ...

    def iter_changes(
        self, since: dt.datetime | str, *, fields: Fields = None, extra_query: ExtraQuery | None = None, **filters: Any
    ) -> Changes[Any]:
        """Walk what has changed since an instant, or a mark of `Changes.mark`. Deletions cannot be seen.

        It takes the filters of `list`.
        """
        return self._changes((), since, fields, filters, extra_query)

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
            **changes: Unpack[BillThemeChanges],
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
            **changes: Unpack[BillThemeChanges],
        ) -> BillTheme: ...

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

        Takes: config, name.
        """
        writing = self._update(target, fields, if_match, changes, extra_query, extra_json, on_conflict)
        del changes, extra_json  # a traceback may show it
        return await writing
