# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The verbs of matter_contacts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, overload

from ...pages import Pages
from ..base import ExtraQuery, Fields, Names, ResourceBase

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Literal, TypedDict, Unpack

    from ...models._generated.matter_contacts import MatterContacts
    from ..base import HasId

    T = TypeVar("T")

    class MatterContactsFilters(TypedDict, total=False):
        custom_field_ids: Iterable[int]
        order: Literal["is_client(asc)", "is_client(desc)", "id(asc)", "id(desc)"] | str


class MatterContactsResource(ResourceBase):
    """Clio's ``/matters/{matter_id}/contacts``.

    Without ``fields=`` its records are read with id, etag, contact_created_at, contact_updated_at, created_at,
    description, first_name, initials, last_name, matter_id, matter_number, middle_name, name, prefix,
    primary_email_address, primary_phone_number, relationship_name, secondary_email_address, secondary_phone_number,
    title, type, updated_at, client_connect_user_id, avatar{id}, company{id, type}, primary_address{id},
    primary_web_site{id}, secondary_address{id}, secondary_web_site{id}, relationship{id}.
    To be asked for: is_client, addresses, custom_field_values, email_addresses, phone_numbers, web_sites.
    """

    __slots__ = ()
    _name = "matter_contacts"

    if TYPE_CHECKING:

        @overload
        def list(
            self,
            matter_id: int | HasId,
            /,
            *,
            fields: type[T],
            limit: int | None = None,
            resume: str | None = None,
            prefetch: int = 0,
            extra_query: ExtraQuery | None = None,
            **filters: Unpack[MatterContactsFilters],
        ) -> Pages[T]: ...
        @overload
        def list(
            self,
            matter_id: int | HasId,
            /,
            *,
            fields: Names = None,
            limit: int | None = None,
            resume: str | None = None,
            prefetch: int = 0,
            extra_query: ExtraQuery | None = None,
            **filters: Unpack[MatterContactsFilters],
        ) -> Pages[MatterContacts]: ...

    def list(
        self,
        matter_id: int | HasId,
        /,
        *,
        fields: Fields = None,
        limit: int | None = None,
        resume: str | None = None,
        prefetch: int = 0,
        extra_query: ExtraQuery | None = None,
        **filters: Any,
    ) -> Pages[Any]:
        """List them. `limit` is the size of a page, at most 200; `resume` a token of `Pages.resume_token`.

        Filters: custom_field_ids, order.

        Orders, each with (asc) or (desc): is_client, id.
        """
        return self._list("list", (matter_id,), fields, limit, resume, prefetch, filters, extra_query)
