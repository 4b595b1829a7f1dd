# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of jurisdiction_triggers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, overload

from ...changes import Changes
from ...pages import Pages
from ..base import ExtraQuery, Fields, Names, ResourceBase

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable
    from typing import Literal, TypedDict, Unpack

    from ...models._generated.jurisdiction_triggers import JurisdictionsToTrigger
    from ..base import HasId

    T = TypeVar("T")

    class JurisdictionsToTriggerFilters(TypedDict, total=False):
        created_since: dt.datetime
        ids: Iterable[int | HasId]
        is_requirements_required: bool
        is_served: bool
        order: Literal["description(asc)", "description(desc)", "id(asc)", "id(desc)"] | str
        query: str
        updated_since: dt.datetime


class JurisdictionTriggers(ResourceBase):
    """Clio's ``/court_rules/jurisdictions/{jurisdiction_id}/triggers``.

    Without ``fields=`` its records are read with id, etag, system_id, description, do_not_recalculate, is_served,
    is_requirements_required, created_at, updated_at.
    """

    __slots__ = ()
    _name = "jurisdiction_triggers"

    if TYPE_CHECKING:

        @overload
        def list(
            self,
            jurisdiction_id: int | HasId,
            /,
            *,
            fields: type[T],
            limit: int | None = None,
            resume: str | None = None,
            prefetch: int = 0,
            extra_query: ExtraQuery | None = None,
            **filters: Unpack[JurisdictionsToTriggerFilters],
        ) -> Pages[T]: ...
        @overload
        def list(
            self,
            jurisdiction_id: int | HasId,
            /,
            *,
            fields: Names = None,
            limit: int | None = None,
            resume: str | None = None,
            prefetch: int = 0,
            extra_query: ExtraQuery | None = None,
            **filters: Unpack[JurisdictionsToTriggerFilters],
        ) -> Pages[JurisdictionsToTrigger]: ...

    def list(
        self,
        jurisdiction_id: int | HasId,
        /,
        *,
        fields: Fields = None,
        limit: int | None = None,
        resume: str | None = None,
        prefetch: int = 0,
        extra_query: ExtraQuery | None = None,
        **filters: Any,
    ) -> Pages[Any]:
        """List them. `limit` is the size of a page, at most 1000; `resume` a token of `Pages.resume_token`.

        Filters: created_since, ids, is_requirements_required, is_served, order, query, updated_since.

        Orders, each with (asc) or (desc): description, id.
        """
        return self._list("list", (jurisdiction_id,), fields, limit, resume, prefetch, filters, extra_query)

    if TYPE_CHECKING:

        @overload
        def iter_changes(
            self,
            jurisdiction_id: int | HasId,
            /,
            since: dt.datetime | str,
            *,
            fields: type[T],
            extra_query: ExtraQuery | None = None,
            **filters: Unpack[JurisdictionsToTriggerFilters],
        ) -> Changes[T]: ...
        @overload
        def iter_changes(
            self,
            jurisdiction_id: int | HasId,
            /,
            since: dt.datetime | str,
            *,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            **filters: Unpack[JurisdictionsToTriggerFilters],
        ) -> Changes[JurisdictionsToTrigger]: ...

    def iter_changes(
        self,
        jurisdiction_id: int | HasId,
        /,
        since: dt.datetime | str,
        *,
        fields: Fields = None,
        extra_query: ExtraQuery | None = None,
        **filters: Any,
    ) -> Changes[Any]:
        """Walk what has changed since an instant, or a mark of `Changes.mark`. Deletions cannot be seen.

        It takes the filters of `list`.
        """
        return self._changes((jurisdiction_id,), since, fields, filters, extra_query)

    if TYPE_CHECKING:

        @overload
        async def get(
            self,
            jurisdiction_id: int | HasId,
            id: int | HasId,
            /,
            *,
            fields: type[T],
            extra_query: ExtraQuery | None = None,
        ) -> T: ...
        @overload
        async def get(
            self,
            jurisdiction_id: int | HasId,
            id: int | HasId,
            /,
            *,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
        ) -> JurisdictionsToTrigger: ...

    async def get(
        self,
        jurisdiction_id: int | HasId,
        id: int | HasId,
        /,
        *,
        fields: Fields = None,
        extra_query: ExtraQuery | None = None,
    ) -> Any:
        """Read one."""
        return await self._read("get", (jurisdiction_id, id), fields, {}, extra_query)
