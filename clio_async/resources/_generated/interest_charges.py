# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of interest_charges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, overload

from ...pages import Pages
from ..base import ExtraQuery, Fields, Names, ResourceBase

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable
    from typing import TypedDict, Unpack

    from ...models._generated.interest_charges import InterestCharge
    from ..base import HasId

    T = TypeVar("T")

    class InterestChargeFilters(TypedDict, total=False):
        bill_id: int | HasId
        created_since: dt.datetime
        exclude_ids: Iterable[int]
        ids: Iterable[int]
        updated_since: dt.datetime


class InterestCharges(ResourceBase):
    """Clio's ``/interest_charges``."""

    __slots__ = ()
    _name = "interest_charges"

    if TYPE_CHECKING:

        @overload
        def list(
            self,
            *,
            fields: type[T],
            limit: int | None = None,
            resume: str | None = None,
            extra_query: ExtraQuery | None = None,
            **filters: Unpack[InterestChargeFilters],
        ) -> Pages[T]: ...
        @overload
        def list(
            self,
            *,
            fields: Names = None,
            limit: int | None = None,
            resume: str | None = None,
            extra_query: ExtraQuery | None = None,
            **filters: Unpack[InterestChargeFilters],
        ) -> Pages[InterestCharge]: ...

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

    async def delete(self, id: int | HasId, /, *, extra_query: ExtraQuery | None = None) -> None:
        """Delete one."""
        await self._write("delete", (id,), None, None, extra_query)
