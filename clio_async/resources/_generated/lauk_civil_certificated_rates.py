# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of lauk_civil_certificated_rates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, overload

from ...pages import Pages
from ..base import ExtraQuery, Fields, Names, ResourceBase

if TYPE_CHECKING:
    from typing import TypedDict, Unpack

    from ...models._generated.lauk_civil_certificated_rates import LaukCivilCertificatedRate

    T = TypeVar("T")

    class LaukCivilCertificatedRateFilters(TypedDict, total=False):
        activity: str
        activity_sub_category: str
        attended_several_hearings_for_multiple_clients: bool
        category_of_law: str
        change_of_solicitor: bool
        court: str
        eligible_for_sqm: bool
        fee_scheme: str
        first_conducting_solicitor: bool
        key: str
        number_of_clients: str
        party: str
        post_transfer_clients_represented: str
        rate_type: str
        region: str
        session_type: str
        user_type: str


class LaukCivilCertificatedRates(ResourceBase):
    """Clio's ``/lauk_civil_certificated_rates``.

    Without ``fields=`` its records are read with id, etag, activity, activity_sub_category, activity_type,
    attended_several_hearings_for_multiple_clients, category_of_law, created_at, change_of_solicitor, court,
    eligible_for_sqm, exceptional, exceptional_warning, fee, fee_scheme, first_conducting_solicitor, key,
    number_of_clients, party, post_transfer_clients_represented, rate_type, region, session_type, user_type,
    updated_at.
    """

    __slots__ = ()
    _name = "lauk_civil_certificated_rates"

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
            **filters: Unpack[LaukCivilCertificatedRateFilters],
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
            **filters: Unpack[LaukCivilCertificatedRateFilters],
        ) -> Pages[LaukCivilCertificatedRate]: ...

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

        Filters: activity, activity_sub_category, attended_several_hearings_for_multiple_clients, category_of_law,
        change_of_solicitor, court, eligible_for_sqm, fee_scheme, first_conducting_solicitor, key, number_of_clients,
        party, post_transfer_clients_represented, rate_type, region, session_type, user_type.
        """
        return self._list("list", (), fields, limit, resume, prefetch, filters, extra_query)
