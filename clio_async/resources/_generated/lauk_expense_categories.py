# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of lauk_expense_categories."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, overload

from ...pages import Pages
from ..base import ExtraQuery, Fields, Names, ResourceBase

if TYPE_CHECKING:
    from typing import Required, TypedDict, Unpack

    from ...models._generated.lauk_expense_categories import LaukExpenseCategory

    T = TypeVar("T")

    class LaukExpenseCategoryFilters(TypedDict, total=False):
        key: str
        name: str
        practice_area: str
        region: Required[str]


class LaukExpenseCategories(ResourceBase):
    """Clio's ``/lauk_expense_categories``.

    Without ``fields=`` its records are read with id, etag, certificated, civil, created_at, criminal, key, name,
    rate, updated_at.
    """

    __slots__ = ()
    _name = "lauk_expense_categories"

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
            **filters: Unpack[LaukExpenseCategoryFilters],
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
            **filters: Unpack[LaukExpenseCategoryFilters],
        ) -> Pages[LaukExpenseCategory]: ...

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

        Filters: key, name, practice_area, region (required).
        """
        return self._list("list", (), fields, limit, resume, prefetch, filters, extra_query)
