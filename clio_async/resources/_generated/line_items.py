# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of line_items."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, overload

from ...changes import Changes
from ...pages import Pages
from ..base import ExtraJson, ExtraQuery, Fields, Names, ResourceBase
from ..many import GetsMany

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable
    from typing import Literal, TypedDict, Unpack

    from ...models._generated.line_items import LineItem
    from ...models.record import RecordETag
    from ..base import Associated, HasETag, HasId, Number, OnConflict

    T = TypeVar("T")

    class LineItemFilters(TypedDict, total=False):
        activity_id: int | HasId | None
        bill_id: int | HasId
        created_since: dt.datetime
        display: bool
        exclude_ids: Iterable[int]
        group_ordering: int
        ids: Iterable[int | HasId]
        kind: str
        matter_id: int | HasId | None
        query: str
        updated_since: dt.datetime

    class LineItemChangesDiscount(TypedDict, total=False):
        rate: Number | None
        type: str | None

    class LineItemChanges(TypedDict, total=False):
        activity: Associated
        bill: Associated
        date: dt.date | None
        description: str | None
        discount: LineItemChangesDiscount | None
        group_ordering: int | None
        kind: Literal["Expense", "Service", "Product"] | str | None
        matter: Associated
        note: str | None
        price: Number | None
        quantity: Number | dt.timedelta | None
        secondary_taxable: bool | None
        taxable: bool | None
        update_original_record: bool | None


class LineItems(GetsMany["LineItem"], ResourceBase):
    """Clio's ``/line_items``.

    Without ``fields=`` its records are read with id, etag, type, description, date, price, taxable, kind, note,
    secondary_taxable, total, tax, secondary_tax, sub_total, quantity, group_ordering, created_at, updated_at,
    bill{id, type}, activity{id, type}, matter{id}, user{id}.
    To be asked for: discount, included_line_item_totals.
    """

    __slots__ = ()
    _name = "line_items"

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
            **filters: Unpack[LineItemFilters],
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
            **filters: Unpack[LineItemFilters],
        ) -> Pages[LineItem]: ...

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

        Filters: activity_id, bill_id, created_since, display, exclude_ids, group_ordering, ids, kind, matter_id,
        query, updated_since.
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
            **filters: Unpack[LineItemFilters],
        ) -> Changes[T]: ...
        @overload
        def iter_changes(
            self,
            since: dt.datetime | str,
            *,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            **filters: Unpack[LineItemFilters],
        ) -> Changes[LineItem]: ...

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
            **changes: Unpack[LineItemChanges],
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
            **changes: Unpack[LineItemChanges],
        ) -> LineItem: ...

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

        Takes: activity, bill, date, description, discount, group_ordering, kind (Expense, Service, Product), matter,
        note, price, quantity (hours, or a timedelta), secondary_taxable, taxable, update_original_record.
        """
        writing = self._update(target, fields, if_match, changes, extra_query, extra_json, on_conflict)
        del changes, extra_json  # a traceback may show it
        return await writing

    async def delete(self, id: int | HasId, /, *, extra_query: ExtraQuery | None = None) -> None:
        """Delete one."""
        await self._write("delete", (id,), None, None, extra_query)
