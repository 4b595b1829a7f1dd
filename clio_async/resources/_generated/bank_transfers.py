# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of bank_transfers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, overload

from ..base import ExtraQuery, Fields, GetsIfChanged, Names, ResourceBase

if TYPE_CHECKING:
    from ...models._generated.bank_transfers import BankTransfer
    from ..base import HasId

    T = TypeVar("T")


class BankTransfers(GetsIfChanged["BankTransfer"], ResourceBase):
    """Clio's ``/bank_transfers``.

    Without ``fields=`` its records are read with id, etag, amount, date, description, primary_authorizer,
    secondary_authorizer, created_at, updated_at, client{id, type}, destination_account{id, type}, matter{id},
    source_account{id, type}.
    """

    __slots__ = ()
    _name = "bank_transfers"

    if TYPE_CHECKING:

        @overload
        async def get(self, id: int | HasId, /, *, fields: type[T], extra_query: ExtraQuery | None = None) -> T: ...
        @overload
        async def get(
            self, id: int | HasId, /, *, fields: Names = None, extra_query: ExtraQuery | None = None
        ) -> BankTransfer: ...

    async def get(self, id: int | HasId, /, *, fields: Fields = None, extra_query: ExtraQuery | None = None) -> Any:
        """Read one."""
        return await self._read("get", (id,), fields, {}, extra_query)
