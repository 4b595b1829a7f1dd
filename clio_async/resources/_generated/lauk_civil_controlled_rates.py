# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of lauk_civil_controlled_rates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, overload

from ...pages import Pages
from ..base import ExtraQuery, Fields, Names, ResourceBase

if TYPE_CHECKING:
    from typing import TypedDict, Unpack

    from ...models._generated.lauk_civil_controlled_rates import LaukCivilControlledRate

    T = TypeVar("T")

    class LaukCivilControlledRateFilters(TypedDict, total=False):
        activity: str
        category_of_law: str
        key: str
        matter_type_1: int
        matter_type_2: int
        rate_type: str
        region: str


class LaukCivilControlledRates(ResourceBase):
    """Clio's ``/lauk_civil_controlled_rates``.

    Without ``fields=`` its records are read with id, etag, activity, activity_type, category_of_law, created_at,
    exceptional, fee, fee_scheme, key, matter_type_1, matter_type_2, post_dec25_exceptional, post_dec25_fee,
    rate_type, region, updated_at.
    """

    __slots__ = ()
    _name = "lauk_civil_controlled_rates"

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
            **filters: Unpack[LaukCivilControlledRateFilters],
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
            **filters: Unpack[LaukCivilControlledRateFilters],
        ) -> Pages[LaukCivilControlledRate]: ...

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

        Filters: activity, category_of_law, key, matter_type_1, matter_type_2, rate_type, region.
        """
        return self._list("list", (), fields, limit, resume, prefetch, filters, extra_query)
