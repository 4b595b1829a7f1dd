# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of activities."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from .. import derived
from ..record import Record, RecordETag

if TYPE_CHECKING:
    from .activity_descriptions import ActivityDescription
    from .bills import Bill
    from .communications import Communication
    from .contacts import Contact
    from .currencies import Currency
    from .document_versions import DocumentVersion
    from .expense_categories import ExpenseCategory
    from .matters import Matter
    from .notes import Note
    from .shared import PolymorphicObject
    from .timer import Timer
    from .users import User
    from .utbms_codes import UtbmsCode


class Activity(Record, init=False):
    """Clio's Activity.

    Derived from other records, and not covered by the etag: quantity_redacted, billed, on_bill.
    """

    __schema__ = "Activity"

    id: int
    etag: RecordETag
    type: Literal["TimeEntry", "ExpenseEntry", "HardCostEntry", "SoftCostEntry"] | str | None
    date: dt.date | None
    quantity_in_hours: Decimal | None
    rounded_quantity_in_hours: Decimal | None
    quantity: Decimal | None
    rounded_quantity: Decimal | None
    quantity_redacted: bool | None
    price: Decimal | None
    note: str | None
    flat_rate: bool | None
    billed: bool | None
    on_bill: bool | None
    total: Decimal | None
    contingency_fee: bool | None
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    reference: str | None
    non_billable: bool | None
    non_billable_total: Decimal | None
    no_charge: bool | None
    tax_setting: Literal["no_tax", "tax_1_only", "tax_2_only", "tax_1_and_tax_2"] | str | None
    currency: Currency | None
    activity_description: ActivityDescription | None
    expense_category: ExpenseCategory | None
    bill: Bill | None
    communication: Communication | None
    client_portal: ClientPortal | None
    matter: Matter | None
    matter_note: Note | None
    contact_note: Note | None
    subject: PolymorphicObject | None
    timer: Timer | None
    user: User | None
    utbms_expense: UtbmsCode | None
    vendor: Contact | None
    calendar_entry: ActivityCalendarEntry | None
    task: ActivityTask | None
    text_message_conversation: ActivityTextMessageConversation | None
    document_version: DocumentVersion | None
    legal_aid_uk_activity: LegalAidUkActivity | None

    @property
    def duration(self) -> dt.timedelta | None:
        """`quantity` of a time entry, as a `timedelta`."""
        return derived.duration(self)

    @property
    def rounded_duration(self) -> dt.timedelta | None:
        """`rounded_quantity` of a time entry, as a `timedelta`."""
        return derived.rounded_duration(self)


class ActivityCalendarEntry(Record, init=False):
    """Clio's Activity_CalendarEntry."""

    __schema__ = "Activity_CalendarEntry"

    id: str
    etag: RecordETag
    calendar_owner_id: int | None


class ActivityTask(Record, init=False):
    """Clio's Activity_Task."""

    __schema__ = "Activity_Task"

    id: int
    etag: RecordETag


class ActivityTextMessageConversation(Record, init=False):
    """Clio's Activity_TextMessageConversation."""

    __schema__ = "Activity_TextMessageConversation"

    id: int
    etag: RecordETag


class ClientPortal(Record, init=False):
    """Clio's ClientPortal.

    Derived from other records, and not covered by the etag: unread_count, unread_notifiable_count.
    """

    __schema__ = "ClientPortal"

    id: int
    etag: RecordETag
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    unread_count: int | None
    unread_notifiable_count: int | None


class LegalAidUkActivity(Record, init=False):
    """Clio's LegalAidUkActivity."""

    __schema__ = "LegalAidUkActivity"

    activity_sub_category: str | None
    advocacy: int | None
    base_rate: Decimal | None
    bolt_ons: str | None
    bolt_ons_summary: str | None
    court: int | None
    eligible_for_sqm: bool | None
    expert: int | None
    form_of_civil_legal_service: int | None
    id: int
    is_custom_rate: bool | None
    json_key: str | None
    region: int | None
    tax_exclusive: bool | None
    uplift: Decimal | None
    user_type: int | None
