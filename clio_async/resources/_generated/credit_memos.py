# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of credit_memos."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, overload

from ...changes import Changes
from ...pages import Pages
from ..base import ExtraQuery, Fields, GetsIfChanged, Names, ResourceBase
from ..many import GetsMany

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable
    from typing import Literal, TypedDict, Unpack

    from ...models._generated.credit_memos import CreditMemo
    from ..base import HasId

    T = TypeVar("T")

    class CreditMemoFilters(TypedDict, total=False):
        contact_id: int | HasId
        created_since: dt.datetime
        ids: Iterable[int | HasId]
        order: Literal["id(asc)", "id(desc)", "date(asc)", "date(desc)"] | str
        updated_since: dt.datetime


class CreditMemos(GetsMany["CreditMemo"], GetsIfChanged["CreditMemo"], ResourceBase):
    """Clio's ``/credit_memos``.

    Without ``fields=`` its records are read with id, etag, date, amount, description, discount, voided_at,
    created_at, updated_at, user{id}, contact{id, type}.
    To be asked for: allocations.
    """

    __slots__ = ()
    _name = "credit_memos"

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
            **filters: Unpack[CreditMemoFilters],
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
            **filters: Unpack[CreditMemoFilters],
        ) -> Pages[CreditMemo]: ...

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

        Filters: contact_id, created_since, ids, order, updated_since.

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
            **filters: Unpack[CreditMemoFilters],
        ) -> Changes[T]: ...
        @overload
        def iter_changes(
            self,
            since: dt.datetime | str,
            *,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            **filters: Unpack[CreditMemoFilters],
        ) -> Changes[CreditMemo]: ...

    def iter_changes(
        self, since: dt.datetime | str, *, fields: Fields = None, extra_query: ExtraQuery | None = None, **filters: Any
    ) -> Changes[Any]:
        """Walk what has changed since an instant, or a mark of `Changes.mark`. Deletions cannot be seen.

        It takes the filters of `list`.
        """
        return self._changes((), since, fields, filters, extra_query)

    if TYPE_CHECKING:

        @overload
        async def get(self, id: int | HasId, /, *, fields: type[T], extra_query: ExtraQuery | None = None) -> T: ...
        @overload
        async def get(
            self, id: int | HasId, /, *, fields: Names = None, extra_query: ExtraQuery | None = None
        ) -> CreditMemo: ...

    async def get(self, id: int | HasId, /, *, fields: Fields = None, extra_query: ExtraQuery | None = None) -> Any:
        """Read one."""
        return await self._read("get", (id,), fields, {}, extra_query)
