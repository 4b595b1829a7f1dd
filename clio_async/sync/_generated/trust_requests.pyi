# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of trust_requests, for synchronous callers."""

from typing import TypeVar, Unpack, overload

from ...models._generated.trust_requests import TrustRequest
from ...resources._generated.trust_requests import NewTrustRequest
from ...resources.base import ExtraJson, ExtraQuery, Names

T = TypeVar("T")

class TrustRequests:
    """Clio's ``/trust_requests``.

    Without ``fields=`` its records are read with id, etag, created_at, updated_at.
    """

    @overload
    def create(
        self,
        *,
        fields: type[T],
        extra_query: ExtraQuery | None = None,
        extra_json: ExtraJson | None = None,
        **values: Unpack[NewTrustRequest],
    ) -> T:
        """Create one.

        Takes: approved, client_id, currency_id, due_date, issue_date, matter (rows), note, trust_amount, trust_type
        (client, matter).
        """

    @overload
    def create(
        self,
        *,
        fields: Names = None,
        extra_query: ExtraQuery | None = None,
        extra_json: ExtraJson | None = None,
        **values: Unpack[NewTrustRequest],
    ) -> TrustRequest: ...
