# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of lauk_expense_categories, for synchronous callers."""

from typing import TypeVar, Unpack, overload

from ...models._generated.lauk_expense_categories import LaukExpenseCategory
from ...resources._generated.lauk_expense_categories import LaukExpenseCategoryFilters
from ...resources.base import ExtraQuery, Names
from ..pages import SyncPages

T = TypeVar("T")

class LaukExpenseCategories:
    """Clio's ``/lauk_expense_categories``.

    Without ``fields=`` its records are read with id, etag, certificated, civil, created_at, criminal, key, name,
    rate, updated_at.
    """

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
    ) -> SyncPages[T]:
        """List them. `limit` is the size of a page, at most 200; `resume` a token of `SyncPages.resume_token`.

        Filters: key, name, practice_area, region (required).
        """

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
    ) -> SyncPages[LaukExpenseCategory]: ...
