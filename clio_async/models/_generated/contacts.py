# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of contacts."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from .. import derived
from ..record import Record, RecordETag

if TYPE_CHECKING:
    from ..custom_fields import CustomFieldsView
    from .activity_rates import ActivityRate
    from .contact_email_addresses import EmailAddress
    from .contact_phone_numbers import PhoneNumber
    from .currencies import Currency
    from .folders import Folder
    from .shared import (
        AccountBalance,
        Address,
        Avatar,
        CustomFieldSetAssociation,
        CustomFieldValue,
        KycFieldValue,
        NotificationMethod,
        WebSite,
    )


class Contact(Record, init=False):
    """Clio's Contact.

    Derived from other records, and not covered by the etag: primary_email_address, secondary_email_address,
    primary_phone_number, secondary_phone_number, is_client, is_clio_for_client_user, is_co_counsel,
    is_bill_recipient.
    """

    __schema__ = "Contact"

    id: int
    etag: RecordETag
    name: str | None
    first_name: str | None
    middle_name: str | None
    last_name: str | None
    date_of_birth: dt.date | None
    type: Literal["Company", "Person"] | str
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    prefix: str | None
    title: str | None
    initials: str | None
    clio_connect_email: str | None
    locked_clio_connect_email: bool | None
    client_connect_user_id: int | None
    primary_email_address: str | None
    secondary_email_address: str | None
    primary_phone_number: str | None
    secondary_phone_number: str | None
    ledes_client_id: str | None
    has_clio_for_clients_permission: bool | None
    is_client: bool | None
    is_clio_for_client_user: bool | None
    is_co_counsel: bool | None
    is_bill_recipient: bool | None
    sales_tax_number: str | None
    currency: Currency | None
    activity_rates: tuple[ActivityRate, ...] | None
    addresses: tuple[Address, ...] | None
    custom_field_values: tuple[CustomFieldValue, ...] | None
    custom_field_set_associations: tuple[CustomFieldSetAssociation, ...] | None
    email_addresses: tuple[EmailAddress, ...] | None
    instant_messengers: tuple[InstantMessenger, ...] | None
    phone_numbers: tuple[PhoneNumber, ...] | None
    web_sites: tuple[WebSite, ...] | None
    notification_methods: tuple[NotificationMethod, ...] | None
    account_balances: tuple[AccountBalance, ...] | None
    related_contacts: tuple[Contact, ...] | None
    kyc_field_values: tuple[KycFieldValue, ...] | None
    primary_work_address: Address | None
    primary_address: Address | None
    secondary_address: Address | None
    company: Contact | None
    avatar: Avatar | None
    payment_profile: PaymentProfile | None
    folder: Folder | None
    co_counsel_rate: ActivityRate | None
    primary_web_site: WebSite | None
    legal_aid_uk_contact: LegalAidUkContact | None

    @property
    def custom_fields(self) -> CustomFieldsView:
        """Its custom fields, by their names."""
        return derived.custom_fields(self)


class InstantMessenger(Record, init=False):
    """Clio's InstantMessenger."""

    __schema__ = "InstantMessenger"

    id: int
    etag: RecordETag
    address: str | None
    name: Literal["Work", "Personal", "Other"] | str | None
    created_at: dt.datetime | None
    updated_at: dt.datetime | None


class LegalAidUkContact(Record, init=False):
    """Clio's LegalAidUkContact."""

    __schema__ = "LegalAidUkContact"

    id: int
    disability: int | None
    disability_code: str | None
    ethnicity: int | None
    ethnicity_title: str | None
    financially_eligible: bool | None
    gender: int | None
    gender_title: str | None
    national_insurance_number: str | None


class PaymentProfile(Record, init=False):
    """Clio's PaymentProfile."""

    __schema__ = "PaymentProfile"

    id: int
    etag: RecordETag
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    billing_setting_id: int | None
    name: str | None
    terms: int | None
    discount_rate: Decimal | None
    discount_period: int | None
    interest_rate: Decimal | None
    interest_period: int | None
    interest_type: Literal["simple", "compound"] | str | None
