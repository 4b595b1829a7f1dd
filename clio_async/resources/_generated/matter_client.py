# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of matter_client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, overload

from ..base import ExtraQuery, Fields, GetsIfChanged, Names, ResourceBase

if TYPE_CHECKING:
    from ...models._generated.matter_client import Client
    from ..base import HasId

    T = TypeVar("T")


class MatterClient(GetsIfChanged["Client"], ResourceBase):
    """Clio's ``/matters/{matter_id}/client``.

    Without ``fields=`` its records are read with id, name, first_name, middle_name, last_name, type, created_at,
    updated_at, prefix, title, initials, primary_email_address, primary_phone_number, client_connect_user_id,
    date_of_birth, avatar{id}, company{id, type}.
    To be asked for: is_matter_client, addresses, email_addresses, phone_numbers, web_sites.
    """

    __slots__ = ()
    _name = "matter_client"

    if TYPE_CHECKING:

        @overload
        async def get(
            self, matter_id: int | HasId, /, *, fields: type[T], extra_query: ExtraQuery | None = None
        ) -> T: ...
        @overload
        async def get(
            self, matter_id: int | HasId, /, *, fields: Names = None, extra_query: ExtraQuery | None = None
        ) -> Client: ...

    async def get(
        self, matter_id: int | HasId, /, *, fields: Fields = None, extra_query: ExtraQuery | None = None
    ) -> Any:
        """Read one."""
        return await self._read("get", (matter_id,), fields, {}, extra_query)
