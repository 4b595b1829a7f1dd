# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of jurisdiction_triggers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, overload

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
        ids: Iterable[int]
        is_requirements_required: bool
        is_served: bool
        order: Literal["description(asc)", "description(desc)", "id(asc)", "id(desc)"] | str
        query: str
        updated_since: dt.datetime


class JurisdictionTriggers(ResourceBase):
    """Clio's ``/court_rules/jurisdictions/{jurisdiction_id}/triggers``."""

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
        extra_query: ExtraQuery | None = None,
        **filters: Any,
    ) -> Pages[Any]:
        """List them. `limit` is the size of a page, at most 1000; `resume` a token of `Pages.resume_token`."""
        return self._list("list", (jurisdiction_id,), fields, limit, resume, filters, extra_query)

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
        return await self._read(
            "get",
            (
                jurisdiction_id,
                id,
            ),
            fields,
            {},
            extra_query,
        )
