# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of interest_charges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, overload

from ...changes import Changes
from ...pages import Pages
from ..base import ExtraQuery, Fields, Names, ResourceBase
from ..many import GetsMany

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
        ids: Iterable[int | HasId]
        updated_since: dt.datetime


class InterestCharges(GetsMany["InterestCharge"], ResourceBase):
    """Clio's ``/interest_charges``.

    Without ``fields=`` its records are read with id, etag, date, description, total, created_at, updated_at, bill{id,
    type}.
    To be asked for: balances, matters.
    """

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
            prefetch: int = 0,
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
            prefetch: int = 0,
            extra_query: ExtraQuery | None = None,
            **filters: Unpack[InterestChargeFilters],
        ) -> Pages[InterestCharge]: ...

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

        Filters: bill_id, created_since, exclude_ids, ids, updated_since.
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
            **filters: Unpack[InterestChargeFilters],
        ) -> Changes[T]: ...
        @overload
        def iter_changes(
            self,
            since: dt.datetime | str,
            *,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            **filters: Unpack[InterestChargeFilters],
        ) -> Changes[InterestCharge]: ...

    def iter_changes(
        self, since: dt.datetime | str, *, fields: Fields = None, extra_query: ExtraQuery | None = None, **filters: Any
    ) -> Changes[Any]:
        """Walk what has changed since an instant, or a mark of `Changes.mark`. Deletions cannot be seen.

        It takes the filters of `list`.
        """
        return self._changes((), since, fields, filters, extra_query)

    async def delete(self, id: int | HasId, /, *, extra_query: ExtraQuery | None = None) -> None:
        """Delete one."""
        await self._write("delete", (id,), None, None, extra_query)
