# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of lauk_civil_certificated_rates, for synchronous callers."""

from typing import TypeVar, Unpack, overload

from ...models._generated.lauk_civil_certificated_rates import LaukCivilCertificatedRate
from ...resources._generated.lauk_civil_certificated_rates import LaukCivilCertificatedRateFilters
from ...resources.base import ExtraQuery, Names
from ..pages import SyncPages

T = TypeVar("T")

class LaukCivilCertificatedRates:
    """Clio's ``/lauk_civil_certificated_rates``.

    Without ``fields=`` its records are read with id, etag, activity, activity_sub_category, activity_type,
    attended_several_hearings_for_multiple_clients, category_of_law, created_at, change_of_solicitor, court,
    eligible_for_sqm, exceptional, exceptional_warning, fee, fee_scheme, first_conducting_solicitor, key,
    number_of_clients, party, post_transfer_clients_represented, rate_type, region, session_type, user_type,
    updated_at.
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
        **filters: Unpack[LaukCivilCertificatedRateFilters],
    ) -> SyncPages[T]:
        """List them. `limit` is the size of a page, at most 200; `resume` a token of `SyncPages.resume_token`.

        Filters: activity, activity_sub_category, attended_several_hearings_for_multiple_clients, category_of_law,
        change_of_solicitor, court, eligible_for_sqm, fee_scheme, first_conducting_solicitor, key, number_of_clients,
        party, post_transfer_clients_represented, rate_type, region, session_type, user_type.
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
        **filters: Unpack[LaukCivilCertificatedRateFilters],
    ) -> SyncPages[LaukCivilCertificatedRate]: ...
