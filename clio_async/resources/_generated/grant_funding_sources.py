# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of grant_funding_sources."""

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

    from ...models._generated.grant_funding_sources import GrantFundingSource
    from ...models.record import RecordETag
    from ..base import HasETag, HasId, OnConflict

    T = TypeVar("T")

    class GrantFundingSourceFilters(TypedDict, total=False):
        created_since: dt.datetime
        ids: Iterable[int | HasId]
        name: str
        updated_since: dt.datetime

    class NewGrantFundingSource(TypedDict, total=False):
        name: str | None

    class GrantFundingSourceChanges(TypedDict, total=False):
        name: str | None

    class DeleteGrantFundingSource(TypedDict, total=False):
        name: str | None


class GrantFundingSources(GetsMany["GrantFundingSource"], ResourceBase):
    """Clio's ``/grant_funding_sources``.

    Without ``fields=`` its records are read with id, etag, name, created_at, updated_at.
    To be asked for: grants.
    """

    __slots__ = ()
    _name = "grant_funding_sources"

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
            **filters: Unpack[GrantFundingSourceFilters],
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
            **filters: Unpack[GrantFundingSourceFilters],
        ) -> Pages[GrantFundingSource]: ...

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

        Filters: created_since, ids, name, updated_since.
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
            **filters: Unpack[GrantFundingSourceFilters],
        ) -> Changes[T]: ...
        @overload
        def iter_changes(
            self,
            since: dt.datetime | str,
            *,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            **filters: Unpack[GrantFundingSourceFilters],
        ) -> Changes[GrantFundingSource]: ...

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
            **values: Unpack[NewGrantFundingSource],
        ) -> T: ...
        @overload
        async def create(
            self,
            *,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            extra_json: ExtraJson | None = None,
            **values: Unpack[NewGrantFundingSource],
        ) -> GrantFundingSource: ...

    async def create(
        self,
        *,
        fields: Fields = None,
        extra_query: ExtraQuery | None = None,
        extra_json: ExtraJson | None = None,
        **values: Any,
    ) -> Any:
        """Create one.

        Takes: name.
        """
        writing = self._write("create", (), fields, values, extra_query, extra_json)
        del values, extra_json  # a traceback may show it
        return await writing

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
            **changes: Unpack[GrantFundingSourceChanges],
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
            **changes: Unpack[GrantFundingSourceChanges],
        ) -> GrantFundingSource: ...

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

        Takes: name.
        """
        writing = self._update(target, fields, if_match, changes, extra_query, extra_json, on_conflict)
        del changes, extra_json  # a traceback may show it
        return await writing

    if TYPE_CHECKING:

        @overload
        async def delete(
            self,
            id: int | HasId,
            /,
            *,
            if_match: RecordETag | None = None,
            fields: type[T],
            extra_query: ExtraQuery | None = None,
            **values: Unpack[DeleteGrantFundingSource],
        ) -> T: ...
        @overload
        async def delete(
            self,
            id: int | HasId,
            /,
            *,
            if_match: RecordETag | None = None,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            **values: Unpack[DeleteGrantFundingSource],
        ) -> GrantFundingSource: ...

    async def delete(
        self,
        id: int | HasId,
        /,
        *,
        if_match: RecordETag | None = None,
        fields: Fields = None,
        extra_query: ExtraQuery | None = None,
        **values: Any,
    ) -> Any:
        """Delete one.

        Takes: name.
        """
        writing = self._write("delete", (id,), fields, values, extra_query, None, if_match)
        del values  # a traceback may show it
        return await writing
