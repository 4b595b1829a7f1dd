# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of allocations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, overload

from ...pages import Pages
from ..base import ExtraQuery, Fields, Names, ResourceBase

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable
    from typing import Literal, TypedDict, Unpack

    from ...models._generated.allocations import Allocation
    from ..base import HasId

    T = TypeVar("T")

    class AllocationFilters(TypedDict, total=False):
        bill_id: int | HasId
        contact_id: int | HasId
        created_since: dt.datetime
        ids: Iterable[int]
        matter_id: int | HasId
        order: Literal["id(asc)", "id(desc)", "date(asc)", "date(desc)"] | str
        parent_id: int | HasId
        parent_type: int
        status: Literal["valid", "invalid"] | str
        updated_since: dt.datetime


class Allocations(ResourceBase):
    """Clio's ``/allocations``."""

    __slots__ = ()
    _name = "allocations"

    if TYPE_CHECKING:

        @overload
        def list(
            self,
            *,
            fields: type[T],
            limit: int | None = None,
            resume: str | None = None,
            extra_query: ExtraQuery | None = None,
            **filters: Unpack[AllocationFilters],
        ) -> Pages[T]: ...
        @overload
        def list(
            self,
            *,
            fields: Names = None,
            limit: int | None = None,
            resume: str | None = None,
            extra_query: ExtraQuery | None = None,
            **filters: Unpack[AllocationFilters],
        ) -> Pages[Allocation]: ...

    def list(
        self,
        *,
        fields: Fields = None,
        limit: int | None = None,
        resume: str | None = None,
        extra_query: ExtraQuery | None = None,
        **filters: Any,
    ) -> Pages[Any]:
        """List them. `limit` is the size of a page, at most 200; `resume` a token of `Pages.resume_token`."""
        return self._list("list", (), fields, limit, resume, filters, extra_query)

    if TYPE_CHECKING:

        @overload
        async def get(self, id: int | HasId, /, *, fields: type[T], extra_query: ExtraQuery | None = None) -> T: ...
        @overload
        async def get(
            self, id: int | HasId, /, *, fields: Names = None, extra_query: ExtraQuery | None = None
        ) -> Allocation: ...

    async def get(self, id: int | HasId, /, *, fields: Fields = None, extra_query: ExtraQuery | None = None) -> Any:
        """Read one."""
        return await self._read("get", (id,), fields, {}, extra_query)
