# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of clio_payments_payments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, overload

from ...pages import Pages
from ..base import ExtraQuery, Fields, GetsIfChanged, Names, ResourceBase
from ..many import GetsMany

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Literal, TypeAlias, TypedDict, Unpack

    from ...models._generated.clio_payments_payments import ClioPaymentsPayment
    from ..base import HasId

    T = TypeVar("T")

    # fmt: off
    State: TypeAlias = Literal[
        "pending", "authorized", "completed", "voided", "failed", "canceled", "requires_confirmation",
        "completed_requiring_allocation"
    ]
    # fmt: on

    class ClioPaymentsPaymentFilters(TypedDict, total=False):
        bill_id: int | HasId
        contact_id: int | HasId
        ids: Iterable[int | HasId]
        state: State | str


class ClioPaymentsPayments(GetsMany["ClioPaymentsPayment"], GetsIfChanged["ClioPaymentsPayment"], ResourceBase):
    """Clio's ``/clio_payments/payments``.

    Without ``fields=`` its records are read with id, amount, confirmation_number, created_at, currency,
    deposit_as_revenue, description, email_address, state, updated_at, bank_transaction{id, type},
    clio_payments_link{id}, contact{id, type}, destination_account{id, type}, user{id}.
    To be asked for: allocations, bills, matters.
    """

    __slots__ = ()
    _name = "clio_payments_payments"

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
            **filters: Unpack[ClioPaymentsPaymentFilters],
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
            **filters: Unpack[ClioPaymentsPaymentFilters],
        ) -> Pages[ClioPaymentsPayment]: ...

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

        Filters: bill_id, contact_id, ids, state (pending, authorized, completed, voided, failed, canceled,
        requires_confirmation, completed_requiring_allocation).
        """
        return self._list("list", (), fields, limit, resume, prefetch, filters, extra_query)

    if TYPE_CHECKING:

        @overload
        async def get(self, id: int | HasId, /, *, fields: type[T], extra_query: ExtraQuery | None = None) -> T: ...
        @overload
        async def get(
            self, id: int | HasId, /, *, fields: Names = None, extra_query: ExtraQuery | None = None
        ) -> ClioPaymentsPayment: ...

    async def get(self, id: int | HasId, /, *, fields: Fields = None, extra_query: ExtraQuery | None = None) -> Any:
        """Read one."""
        return await self._read("get", (id,), fields, {}, extra_query)
