# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of expense_categories."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, overload

from ...changes import Changes
from ...pages import Pages
from ..base import ExtraJson, ExtraQuery, Fields, GetsIfChanged, Names, ResourceBase
from ..edits import EditsRecords

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from typing import Literal, Required, TypeAlias, TypedDict, Unpack

    from ...models._generated.expense_categories import ExpenseCategory
    from ...models.record import RecordETag
    from ..base import Associated, HasETag, HasId, Number, OnConflict
    from ..edits.edit import Edit

    T = TypeVar("T")

    # fmt: off
    Order: TypeAlias = Literal[
        "id(asc)", "id(desc)", "name(asc)", "name(desc)", "rate(asc)", "rate(desc)", "entry_type(asc)",
        "entry_type(desc)"
    ]
    # fmt: on

    class ExpenseCategoryFilters(TypedDict, total=False):
        created_since: dt.datetime
        entry_type: Literal["hard_cost", "soft_cost", "unassociated"] | str
        order: Order | str
        query: str
        updated_since: dt.datetime

    class NewExpenseCategoryGroups(TypedDict, total=False):
        id: int
        _deleted: bool | None

    class NewExpenseCategory(TypedDict, total=False):
        currency: Mapping[str, Any] | None
        entry_type: Literal["hard_cost", "soft_cost", "unassociated"] | str | None
        groups: Sequence[NewExpenseCategoryGroups | HasId] | None
        name: Required[str]
        rate: Number | None
        utbms_code: Associated

    class ExpenseCategoryChanges(TypedDict, total=False):
        currency: Mapping[str, Any] | None
        entry_type: Literal["hard_cost", "soft_cost", "unassociated"] | str | None
        groups: Sequence[NewExpenseCategoryGroups | HasId] | None
        name: str | None
        rate: Number | None
        utbms_code: Associated

    class ExpenseCategoryEdit(Edit[T]):
        def set(self, **changes: Unpack[ExpenseCategoryChanges]) -> None: ...


class ExpenseCategories(EditsRecords, GetsIfChanged["ExpenseCategory"], ResourceBase):
    """Clio's ``/expense_categories``.

    Without ``fields=`` its records are read with id, etag, name, rate, entry_type, created_at, updated_at,
    xero_expense_code, accessible_to_user, tax_setting, currency{id}, utbms_code{id, type}.
    To be asked for: groups.
    """

    __slots__ = ()
    _name = "expense_categories"

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
            **filters: Unpack[ExpenseCategoryFilters],
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
            **filters: Unpack[ExpenseCategoryFilters],
        ) -> Pages[ExpenseCategory]: ...

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

        Filters: created_since, entry_type (hard_cost, soft_cost, unassociated), order, query, updated_since.

        Orders, each with (asc) or (desc): id, name, rate, entry_type.
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
            **filters: Unpack[ExpenseCategoryFilters],
        ) -> Changes[T]: ...
        @overload
        def iter_changes(
            self,
            since: dt.datetime | str,
            *,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            **filters: Unpack[ExpenseCategoryFilters],
        ) -> Changes[ExpenseCategory]: ...

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
            **values: Unpack[NewExpenseCategory],
        ) -> T: ...
        @overload
        async def create(
            self,
            *,
            fields: Names = None,
            extra_query: ExtraQuery | None = None,
            extra_json: ExtraJson | None = None,
            **values: Unpack[NewExpenseCategory],
        ) -> ExpenseCategory: ...

    async def create(
        self,
        *,
        fields: Fields = None,
        extra_query: ExtraQuery | None = None,
        extra_json: ExtraJson | None = None,
        **values: Any,
    ) -> Any:
        """Create one.

        Takes: currency, entry_type (hard_cost, soft_cost, unassociated), groups (rows), name (required), rate,
        utbms_code.
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
        ) -> ExpenseCategory: ...

    async def get(self, id: int | HasId, /, *, fields: Fields = None, extra_query: ExtraQuery | None = None) -> Any:
        """Read one."""
        return await self._read("get", (id,), fields, {}, extra_query)

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
            **changes: Unpack[ExpenseCategoryChanges],
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
            **changes: Unpack[ExpenseCategoryChanges],
        ) -> ExpenseCategory: ...

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
        Rows are merged only where the tag of the record moves with them, which is not known of Clio: use `edit` for
        rows.

        Takes: currency, entry_type (hard_cost, soft_cost, unassociated), groups (rows), name, rate, utbms_code.
        """
        writing = self._update(target, fields, if_match, changes, extra_query, extra_json, on_conflict)
        del changes, extra_json  # a traceback may show it
        return await writing

    async def delete(self, id: int | HasId, /, *, extra_query: ExtraQuery | None = None) -> None:
        """Delete one."""
        await self._write("delete", (id,), None, None, extra_query)

    if TYPE_CHECKING:

        @overload
        def edit(self, target: int | HasId, /, *, fields: type[T]) -> ExpenseCategoryEdit[T]: ...
        @overload
        def edit(self, target: int | HasId, /, *, fields: Names = None) -> ExpenseCategoryEdit[ExpenseCategory]: ...
        @overload
        def edit(
            self,
            target: int | HasId,
            change: Callable[[T], ExpenseCategoryChanges | Mapping[str, Any]],
            /,
            *,
            fields: type[T],
            attempts: int = 20,
        ) -> Awaitable[T]: ...
        @overload
        def edit(
            self,
            target: int | HasId,
            change: Callable[[ExpenseCategory], ExpenseCategoryChanges | Mapping[str, Any]],
            /,
            *,
            fields: Names = None,
            attempts: int = 20,
        ) -> Awaitable[ExpenseCategory]: ...
        def edit(self, *given: Any, **options: Any) -> Any: ...
