# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of matter contacts."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Literal

from ..record import Record, RecordETag

if TYPE_CHECKING:
    from .contact_email_addresses import EmailAddress
    from .contact_phone_numbers import PhoneNumber
    from .contacts import Contact
    from .relationships import Relationship
    from .shared import Address, Avatar, CustomFieldValue, WebSite


class MatterContacts(Record, init=False):
    """Clio's MatterContacts.

    Derived from other records, and not covered by the etag: is_client.
    """

    __schema__ = "MatterContacts"

    contact_created_at: dt.datetime | None
    contact_updated_at: dt.datetime | None
    created_at: dt.datetime | None
    description: str | None
    etag: RecordETag
    first_name: str | None
    id: int
    initials: str | None
    is_client: bool | None
    last_name: str | None
    matter_id: int | None
    matter_number: str | None
    middle_name: str | None
    name: str | None
    prefix: str | None
    primary_email_address: str | None
    primary_phone_number: str | None
    relationship_name: str | None
    secondary_email_address: str | None
    secondary_phone_number: str | None
    title: str | None
    type: Literal["Company", "Person"] | str | None
    updated_at: dt.datetime | None
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
