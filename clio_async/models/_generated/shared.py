# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records that are part of several others."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from ..record import Record, RecordETag

if TYPE_CHECKING:
    from .allocations import Allocation
    from .bank_accounts import BankAccount
    from .contacts import Contact
    from .custom_fields import CustomField
    from .document_categories import DocumentCategory
    from .document_versions import DocumentVersion
    from .groups import Group
    from .matters import Matter
    from .users import User


class AccountBalance(Record, init=False):
    """Clio's AccountBalance.

    Derived from other records, and not covered by the etag: balance.
    """

    __schema__ = "AccountBalance"

    id: int
    balance: Decimal | None
    type: str | None
    name: str | None
    currency_id: int | None


class Address(Record, init=False):
    """Clio's Address."""

    __schema__ = "Address"

    id: int
    etag: RecordETag
    street: str | None
    city: str | None
    province: str | None
    postal_code: str | None
    country: str | None
    name: Literal["Work", "Home", "Billing", "Other"] | str | None
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    primary: bool | None


class Avatar(Record, init=False):
    """Clio's Avatar."""

    __schema__ = "Avatar"

    id: int
    etag: RecordETag
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    url: str | None
    _destroy: bool | None


class Balance(Record, init=False):
    """Clio's Balance."""

    __schema__ = "Balance"

    id: int
    amount: Decimal | None
    type: Literal["Matter", "Client"] | str | None
    interest_amount: Decimal | None
    due: Decimal | None


class BillRecipient(Record, init=False):
    """Clio's BillRecipient."""

    __schema__ = "BillRecipient"

    created_at: dt.datetime | None
    etag: RecordETag
    id: int
    on_all_matters: bool | None
    updated_at: dt.datetime | None
    recipient: BillRecipientContact | None


class BillRecipientContact(Record, init=False):
    """Clio's BillRecipient_Contact."""

    __schema__ = "BillRecipient_Contact"

    id: int
    name: str | None
    first_name: str | None
    middle_name: str | None
    last_name: str | None
    type: Literal["Company", "Person"] | str | None
    primary_email_address: str | None


class CascadingTask(Record, init=False):
    """Clio's CascadingTask."""

    __schema__ = "CascadingTask"


class ClioCreator(Record, init=False):
    """Clio's ClioCreator."""

    __schema__ = "ClioCreator"

    account_owner: bool | None
    clio_connect: bool | None
    court_rules_default_attendee: bool | None
    default_calendar_id: int | None
    email: str | None
    enabled: bool | None
    etag: RecordETag
    id: int
    type: Literal["ManageUser", "ClientUser"] | str | None
    initials: str | None
    first_name: str | None
    last_name: str | None
    name: str | None
    phone_number: str | None
    rate: Decimal | None
    subscription_type: Literal["Attorney", "NonAttorney"] | str | None
    time_zone: str | None
    roles: tuple[str, ...] | None
    created_at: dt.datetime | None
    updated_at: dt.datetime | None


class CustomFieldMatterSelection(Record, init=False):
    """Clio's CustomFieldMatterSelection."""

    __schema__ = "CustomFieldMatterSelection"

    id: int
    display_number: str | None


class CustomFieldSetAssociation(Record, init=False):
    """Clio's CustomFieldSetAssociation."""

    __schema__ = "CustomFieldSetAssociation"

    id: int
    etag: RecordETag
    display_order: int | None
    created_at: dt.datetime | None
    updated_at: dt.datetime | None


class CustomFieldValue(Record, init=False):
    """Clio's CustomFieldValue."""

    __schema__ = "CustomFieldValue"

    id: str | None
    etag: RecordETag
    field_name: str | None
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    field_type: (
        Literal[
            "checkbox",
            "contact",
            "currency",
            "date",
            "time",
            "email",
            "matter",
            "numeric",
            "picklist",
            "text_area",
            "text_line",
            "url",
        ]
        | str
        | None
    )
    field_required: bool | None
    field_displayed: bool | None
    field_display_order: int | None
    value: Any
    soft_deleted: bool | None
    custom_field: CustomField | None
    picklist_option: PicklistOption | None
    matter: CustomFieldMatterSelection | None
    contact: Contact | None


class Discount(Record, init=False):
    """Clio's Discount."""

    __schema__ = "Discount"

    rate: Decimal | None
    type: Literal["percentage", "money"] | str | None
    note: str | None
    early_payment_rate: int | None
    early_payment_period: int | None


class ExternalProperty(Record, init=False):
    """Clio's ExternalProperty."""

    __schema__ = "ExternalProperty"

    id: int
    etag: RecordETag
    name: str | None
    value: str | None
    created_at: dt.datetime | None
    updated_at: dt.datetime | None


class Item(Record, init=False):
    """Clio's Item."""

    __schema__ = "Item"

    id: int
    etag: RecordETag
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    deleted_at: dt.datetime | None
    type: Literal["Document", "Folder"] | str | None
    locked: bool | None
    name: str | None
    parent: LinkedFolder | None
    matter: Matter | None
    contact: Contact | None
    document_category: DocumentCategory | None
    creator: ClioCreator | None
    latest_document_version: DocumentVersion | None
    group: Group | None
    external_properties: tuple[ExternalProperty, ...] | None


class KycFieldValue(Record, init=False):
    """Clio's KycFieldValue."""

    __schema__ = "KycFieldValue"

    id: int
    etag: RecordETag
    field_name: str | None
    field_label: str | None
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    field_type: Literal["date", "picklist", "text"] | str | None
    field_value: str | None
    field_possible_values: tuple[str, ...] | None
    group: str | None


class LinkedFolder(Record, init=False):
    """Clio's LinkedFolder."""

    __schema__ = "LinkedFolder"

    id: int
    etag: RecordETag
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    deleted_at: dt.datetime | None
    type: Literal["Folder"] | str | None
    locked: bool | None
    name: str | None
    root: bool | None


class NotificationEventSubscriber(Record, init=False):
    """Clio's NotificationEventSubscriber."""

    __schema__ = "NotificationEventSubscriber"

    id: int
    etag: RecordETag
    user_id: int | None
    name: str | None
    created_at: dt.datetime | None
    updated_at: dt.datetime | None


class NotificationMethod(Record, init=False):
    """Clio's NotificationMethod."""

    __schema__ = "NotificationMethod"

    id: int
    etag: RecordETag
    type: Literal["Email", "Popup", "SMS"] | str | None
    email_address: str | None
    is_default_email_address: bool | None
    created_at: dt.datetime | None
    updated_at: dt.datetime | None


class Participant(Record, init=False):
    """Clio's Participant."""

    __schema__ = "Participant"

    id: int
    etag: RecordETag
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    type: Literal["Person", "Company", "User"] | str | None
    identifier: str | None
    secondary_identifier: str | None
    enabled: bool | None
    name: str | None
    initials: str | None
    job_title_name: str | None
    avatar: Avatar | None


class Payment(Record, init=False):
    """Clio's Payment."""

    __schema__ = "Payment"

    id: int
    etag: RecordETag
    description: str | None
    reference: str | None
    amount: Decimal | None
    date: dt.date | None
    source_fund_type: Literal["Client", "Matter"] | str | None
    payment_source_type: (
        Literal[
            "bank_account",
            "credit_card",
            "echeck",
            "direct_payment",
            "check",
            "cash",
            "interac_etransfer",
            "wire_transfer",
            "ach",
            "eft",
            "lawpay",
            "paypal",
            "cash_app",
            "zelle",
            "venmo",
            "other",
        ]
        | str
        | None
    )
    voided_at: dt.datetime | None
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    contact: Contact | None
    user: User | None
    source_bank_account: BankAccount | None
    destination_bank_account: BankAccount | None
    allocations: tuple[Allocation, ...] | None


class PicklistOption(Record, init=False):
    """Clio's PicklistOption."""

    __schema__ = "PicklistOption"

    id: int
    etag: RecordETag
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    option: str | None
    deleted_at: dt.datetime | None


class PolymorphicObject(Record, init=False):
    """Clio's PolymorphicObject."""

    __schema__ = "PolymorphicObject"

    id: int
    type: (
        Literal[
            "Task",
            "CalendarEntry",
            "MatterNote",
            "ContactNote",
            "Matter",
            "Contact",
            "User",
            "CreditMemo",
            "Payment",
            "Document",
            "Communication",
            "Conversation",
            "TextMessageConversation",
        ]
        | str
        | None
    )
    identifier: str | None
    secondary_identifier: str | None
    tertiary_identifier: str | None


class UnredactedParticipant(Record, init=False):
    """Clio's UnredactedParticipant."""

    __schema__ = "UnredactedParticipant"


class WebSite(Record, init=False):
    """Clio's WebSite."""

    __schema__ = "WebSite"

    id: int
    etag: RecordETag
    address: str | None
    name: Literal["Work", "Personal", "Twitter", "Facebook", "LinkedIn", "Instant Messenger", "Other"] | str | None
    default_web_site: bool | None
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
