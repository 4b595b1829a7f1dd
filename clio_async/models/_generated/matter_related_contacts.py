# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of matter related contacts."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Literal

from ..record import Record

if TYPE_CHECKING:
    from .contact_email_addresses import EmailAddress
    from .contact_phone_numbers import PhoneNumber
    from .contacts import Contact
    from .relationships import Relationship
    from .shared import Address, Avatar, CustomFieldValue, WebSite


class RelatedContacts(Record, init=False):
    """Clio's RelatedContacts.

    Derived from other records, and not covered by the etag: is_matter_client.
    """

    __schema__ = "RelatedContacts"

    id: int
    contact_id: int | None
    name: str | None
    first_name: str | None
    middle_name: str | None
    last_name: str | None
    type: Literal["Company", "Person"] | str | None
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    prefix: str | None
    title: str | None
    initials: str | None
    is_matter_client: bool | None
    primary_email_address: str | None
    primary_phone_number: str | None
    client_connect_user_id: int | None
    avatar: Avatar | None
    company: Contact | None
    primary_address: Address | None
    primary_web_site: WebSite | None
    secondary_address: Address | None
    secondary_web_site: WebSite | None
    addresses: tuple[Address, ...] | None
    custom_field_values: tuple[CustomFieldValue, ...] | None
    email_addresses: tuple[EmailAddress, ...] | None
    phone_numbers: tuple[PhoneNumber, ...] | None
    web_sites: tuple[WebSite, ...] | None
    relationship: Relationship | None
