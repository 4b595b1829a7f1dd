# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of lauk_criminal_controlled_rates, for synchronous callers."""

from typing import TypeVar, Unpack, overload

from ...models._generated.lauk_criminal_controlled_rates import LaukCriminalControlledRate
from ...resources._generated.lauk_criminal_controlled_rates import LaukCriminalControlledRateFilters
from ...resources.base import ExtraQuery, Names
from ..pages import SyncPages

T = TypeVar("T")

class LaukCriminalControlledRates:
    """Clio's ``/lauk_criminal_controlled_rates``.

    Without ``fields=`` its records are read with id, etag, activity, activity_type, category_of_law, counsel, court,
    created_at, exceptional, fee, fee_scheme, post_nov_24_exceptional, post_nov_24_fee, post_sept_22_exceptional,
    post_sept_22_fee, post_dec25_exceptional, post_dec25_fee, key, rate_type, region, solicitor_type, updated_at.
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
        **filters: Unpack[LaukCriminalControlledRateFilters],
    ) -> SyncPages[T]:
        """List them. `limit` is the size of a page, at most 200; `resume` a token of `SyncPages.resume_token`.

        Filters: activity, category_of_law, counsel, court, key, rate_type, region, solicitor_type,
        standard_fee_category.
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
        **filters: Unpack[LaukCriminalControlledRateFilters],
    ) -> SyncPages[LaukCriminalControlledRate]: ...
