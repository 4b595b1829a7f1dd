# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of bills."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, overload

from ...pages import Pages
from ..base import ExtraJson, ExtraQuery, Fields, Names, ResourceBase

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping
    from typing import Literal, TypedDict, Unpack

    from ...models._generated.bills import Bill
    from ..base import Associated, HasETag, HasId, Number

    T = TypeVar("T")

    class BillFilters(TypedDict, total=False):
        bill_number: str
        client_id: int | HasId
        created_since: dt.datetime
        currency_id: int | HasId
        custom_field_values: Mapping[int, Any]
        due_after: dt.date
        due_at: dt.date
        due_before: dt.date
        ids: Iterable[int]
        issued_after: dt.date
        issued_before: dt.date
        last_sent_end_date: dt.date
        last_sent_start_date: dt.date
        matter_id: int | HasId | None
        order: (
            Literal[
                "id(asc)",
                "id(desc)",
                "due_at(asc)",
                "due_at(desc)",
                "issued_at(asc)",
                "issued_at(desc)",
                "paid_at(asc)",
                "paid_at(desc)",
                "last_sent_at(asc)",
                "last_sent_at(desc)",
                "client_name(asc)",
                "client_name(desc)",
                "matter_display_number(asc)",
                "matter_display_number(desc)",
                "balance(asc)",
                "balance(desc)",
                "number(asc)",
                "number(desc)",
            ]
            | str
        )
        originating_attorney_id: int | HasId | None
        overdue_only: bool
        query: str
        responsible_attorney_id: int | HasId | None
        state: Literal["draft", "awaiting_approval", "awaiting_payment", "paid", "void", "deleted"] | str
        status: Literal["all", "overdue"] | str
        type: Literal["revenue", "trust"] | str
        updated_since: dt.datetime

    class BillGetQuery(TypedDict, total=False):
        navigation_next: int
        navigation_previous: int

    class BillChangesDiscount(TypedDict, total=False):
        rate: Number | None
        type: Literal["percentage", "money"] | str | None
        note: str | None

    class BillChangesInterest(TypedDict, total=False):
        rate: Number | None
        type: Literal["simple", "compound"] | str | None
        period: int | None

    class BillChanges(TypedDict, total=False):
        bill_theme: Associated | None
        currency_id: int | None
        discount: BillChangesDiscount | None
        due_at: dt.date | None
        interest: BillChangesInterest | None
        issued_at: dt.date | None
        memo: str | None
        number: str | None
        purchase_order: str | None
        secondary_tax_rate: Number | None
        state: Literal["draft", "awaiting_approval", "awaiting_payment", "paid", "void", "deleted"] | str | None
        subject: str | None
        tax_rate: Number | None
        use_grace_period: bool | None


class Bills(ResourceBase):
    """Clio's ``/bills``."""

    __slots__ = ()
    _name = "bills"

    if TYPE_CHECKING:

        @overload
        def list(
            self,
            *,
            fields: type[T],
            limit: int | None = None,
            resume: str | None = None,
            extra_query: ExtraQuery | None = None,
            **filters: Unpack[BillFilters],
        ) -> Pages[T]: ...
        @overload
        def list(
            self,
            *,
            fields: Names = None,
            limit: int | None = None,
            resume: str | None = None,
            extra_query: ExtraQuery | None = None,
            **filters: Unpack[BillFilters],
        ) -> Pages[Bill]: ...

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
        async def get(
            self,
            id: int | HasId,
            /,
            *,
            fields: type[T],
            extra_query: ExtraQuery | None = None,
            **filters: Unpack[BillGetQuery],
        ) -> T: ...
        @overload
        async def get(
            self,
            id: int | HasId,
            /,
            *,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            **filters: Unpack[BillGetQuery],
        ) -> Bill: ...

    async def get(
        self, id: int | HasId, /, *, fields: Fields = None, extra_query: ExtraQuery | None = None, **filters: Any
    ) -> Any:
        """Read one."""
        return await self._read("get", (id,), fields, filters, extra_query)

    if TYPE_CHECKING:

        @overload
        async def update(
            self,
            target: int | HasETag,
            /,
            *,
            if_match: str | None = None,
            fields: type[T],
            extra_query: ExtraQuery | None = None,
            extra_json: ExtraJson | None = None,
            **changes: Unpack[BillChanges],
        ) -> T: ...
        @overload
        async def update(
            self,
            target: int | HasETag,
            /,
            *,
            if_match: str | None = None,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            extra_json: ExtraJson | None = None,
            **changes: Unpack[BillChanges],
        ) -> Bill: ...

    async def update(
        self,
        target: int | HasETag,
        /,
        *,
        if_match: str | None = None,
        fields: Fields = None,
        extra_query: ExtraQuery | None = None,
        extra_json: ExtraJson | None = None,
        **changes: Any,
    ) -> Any:
        """Change one. A record is guarded by its etag; a bare id overwrites whatever is there."""
        writing = self._update(target, fields, if_match, changes, extra_query, extra_json)
        del changes, extra_json  # a traceback may show them
        return await writing

    async def delete(self, id: int | HasId, /, *, extra_query: ExtraQuery | None = None) -> None:
        """Delete one."""
        await self._write("delete", (id,), None, None, extra_query)
