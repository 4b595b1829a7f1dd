# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of matter_dockets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, overload

from ...changes import Changes
from ...pages import Pages
from ..base import ExtraJson, ExtraQuery, Fields, GetsIfChanged, Names, ResourceBase
from ..many import GetsMany

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable
    from typing import Literal, Required, TypedDict, Unpack

    from ...models._generated.matter_dockets import MatterDocket
    from ...secrets import Secret
    from ..base import Associated, HasId

    T = TypeVar("T")

    class MatterDocketPreviewQuery(TypedDict, total=False):
        event_prefix: str
        jurisdiction_id: Required[int | HasId]
        service_type_id: Required[int | HasId]
        start_date: Required[dt.date]
        start_time: Required[dt.datetime]
        trigger_id: Required[int | HasId]

    class MatterDocketFilters(TypedDict, total=False):
        created_since: dt.datetime
        ids: Iterable[int | HasId]
        matter_id: int | HasId
        matter_status: Literal["open", "closed", "pending"] | str
        order: Literal["id(asc)", "id(desc)", "date(asc)", "date(desc)"] | str
        query: str
        service_type_id: int | HasId | None
        status: Literal["not_started", "in_progress", "failed", "completed"] | str
        updated_since: dt.datetime

    class NewMatterDocket(TypedDict, total=False):
        jurisdiction: Associated
        name: Required[str]
        start_date: dt.date | None
        start_time: dt.datetime | None
        trigger: Associated


class MatterDockets(GetsMany["MatterDocket"], GetsIfChanged["MatterDocket"], ResourceBase):
    """Clio's ``/court_rules/matter_dockets``.

    Without ``fields=`` its records are read with id, etag, name, start_date, start_time, status, created_at,
    updated_at, deleted_at, matter{id}, jurisdiction{id}, trigger{id}, service_type{id}.
    To be asked for: calendar_entries.
    """

    __slots__ = ()
    _name = "matter_dockets"

    async def preview_url(
        self, *, extra_query: ExtraQuery | None = None, **filters: Unpack[MatterDocketPreviewQuery]
    ) -> Secret:
        """Return the signed address that it can be had at for some minutes, without a token.

        Filters: event_prefix, jurisdiction_id (required), service_type_id (required), start_date (required),
        start_time (required), trigger_id (required).
        """
        return await self._redirect("preview", (), filters, extra_query)

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
            **filters: Unpack[MatterDocketFilters],
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
            **filters: Unpack[MatterDocketFilters],
        ) -> Pages[MatterDocket]: ...

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

        Filters: created_since, ids, matter_id, matter_status (open, closed, pending), order, query, service_type_id,
        status (not_started, in_progress, failed, completed), updated_since.

        Orders, each with (asc) or (desc): id, date.
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
            **filters: Unpack[MatterDocketFilters],
        ) -> Changes[T]: ...
        @overload
        def iter_changes(
            self,
            since: dt.datetime | str,
            *,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            **filters: Unpack[MatterDocketFilters],
        ) -> Changes[MatterDocket]: ...

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
            **values: Unpack[NewMatterDocket],
        ) -> T: ...
        @overload
        async def create(
            self,
            *,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            extra_json: ExtraJson | None = None,
            **values: Unpack[NewMatterDocket],
        ) -> MatterDocket: ...

    async def create(
        self,
        *,
        fields: Fields = None,
        extra_query: ExtraQuery | None = None,
        extra_json: ExtraJson | None = None,
        **values: Any,
    ) -> Any:
        """Create one.

        Takes: jurisdiction, name (required), start_date, start_time, trigger.
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
        ) -> MatterDocket: ...

    async def get(self, id: int | HasId, /, *, fields: Fields = None, extra_query: ExtraQuery | None = None) -> Any:
        """Read one."""
        return await self._read("get", (id,), fields, {}, extra_query)

    async def delete(self, id: int | HasId, /, *, extra_query: ExtraQuery | None = None) -> None:
        """Delete one."""
        await self._write("delete", (id,), None, None, extra_query)
