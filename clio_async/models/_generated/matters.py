# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of matters."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from .. import derived
from ..record import Record, RecordETag

if TYPE_CHECKING:
    from ..custom_fields import CustomFieldsView
    from .contacts import Contact
    from .currencies import Currency
    from .folders import Folder
    from .groups import Group
    from .matter_stages import MatterStage
    from .practice_areas import PracticeArea
    from .relationships import Relationship
    from .shared import AccountBalance, CustomFieldSetAssociation, CustomFieldValue, KycFieldValue
    from .tasks import Task
    from .users import User


class AttorneyAllocation(Record, init=False):
    """Clio's AttorneyAllocation."""

    __schema__ = "AttorneyAllocation"

    id: int
    etag: RecordETag
    account_id: int | None
    resource_id: int | None
    resource_type: str | None
    originating_attorney_allocation: Decimal | None
    responsible_attorney_allocation: Decimal | None
    created_at: dt.datetime | None
    updated_at: dt.datetime | None


class ContingencyFee(Record, init=False):
    """Clio's ContingencyFee."""

    __schema__ = "ContingencyFee"

    id: int
    etag: RecordETag
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    show_contingency_award: bool | None


class EvergreenRetainer(Record, init=False):
    """Clio's EvergreenRetainer."""

    __schema__ = "EvergreenRetainer"

    id: int
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    etag: RecordETag
    minimum_threshold: Decimal | None


class LegalAidUkMatter(Record, init=False):
    """Clio's LegalAidUkMatter."""

    __schema__ = "LegalAidUkMatter"

    access_point: str | None
    laa_office_number: str | None
    ait_hearing_centre: int | None
    attended_several_hearings_acting_for_multiple_clients: bool | None
    bill_ho_ucn: str | None
    bill_number_of_attendances: int | None
    bill_outcome_for_the_client_code: int | None
    bill_stage_reached_code: int | None
    case_reference: str | None
    case_start_date: dt.date | None
    category: int | None
    category_as_string: str | None
    certificate_effective_date: dt.date | None
    certificate_expiration_date: dt.date | None
    certificate_number: str | None
    certificate_scope: str | None
    certification_type: int | None
    change_of_solicitor: bool | None
    client_equal_opportunity_monitoring: str | None
    client_type: int | None
    clr_start_date: dt.date | None
    clr_total_profit_costs: str | None
    cost_limit: str | None
    counsel: int | None
    court: int | None
    court_id: int | None
    court_id_code: str | None
    created_at: dt.datetime | None
    delivery_location: str | None
    dscc_number: str | None
    duty_solicitor: bool | None
    etag: RecordETag
    exceptional_case_funding_reference: str | None
    expense_limit: str | None
    fee_scheme: int | None
    first_conducting_solicitor: bool | None
    id: int
    irc_surgery: str | None
    legacy_case: str | None
    legal_representation_number: str | None
    lh_total_disbursements: str | None
    lh_start_date: str | None
    lh_total_profit_costs: str | None
    linked_matter_id: int | None
    local_authority_number: str | None
    maat_id: str | None
    matter_type: int | None
    matter_type_code: str | None
    matter_type_1: int | None
    matter_type_1_code: str | None
    matter_type_1_title: str | None
    matter_type_2: int | None
    matter_type_2_code: str | None
    matter_type_2_title: str | None
    matter_types_combined: str | None
    number_of_clients_seen_at_surgery: int | None
    number_of_clients: int | None
    party: int | None
    police_station: str | None
    post_transfer_clients_represented: int | None
    postal_application_accepted: str | None
    prior_authority_reference: str | None
    prison_id: int | None
    prison_law_prior_approval_number: str | None
    procurement_area: str | None
    region: int | None
    related_claims_number: str | None
    representation_order_date: dt.date | None
    schedule_reference_number: str | None
    scheme_id: str | None
    session_type: int | None
    solicitor_type: int | None
    standard_fee_category: int | None
    surgery_clients_resulting_in_a_legal_help_matter_opened: int | None
    surgery_clients: int | None
    surgery_date: dt.date | None
    transfer_date: dt.date | None
    type_of_advice: int | None
    type_of_service: str | None
    ucn: str | None
    ufn: str | None
    undesignated_area_court: bool | None
    updated_at: dt.datetime | None
    user_type: int | None
    youth_court: bool | None


class Matter(Record, init=False):
    """Clio's Matter.

    Derived from other records, and not covered by the etag: has_tasks, last_activity_date.
    """

    __schema__ = "Matter"

    id: int
    etag: RecordETag
    number: int | None
    display_number: str
    custom_number: str | None
    description: str | None
    status: Literal["Pending", "Open", "Closed"] | str | None
    location: str | None
    client_reference: str | None
    client_id: int | None
    billable: bool | None
    maildrop_address: str | None
    billing_method: Literal["flat", "contingency", "hourly"] | str | None
    open_date: dt.date | None
    close_date: dt.date | None
    pending_date: dt.date | None
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    shared: bool | None
    has_tasks: bool | None
    last_activity_date: dt.date | None
    matter_stage_updated_at: dt.datetime | None
    currency: Currency | None
    client: Contact | None
    contingency_fee: ContingencyFee | None
    custom_rate: MatterCustomRate | None
    evergreen_retainer: EvergreenRetainer | None
    folder: Folder | None
    group: Group | None
    matter_budget: MatterBudget | None
    matter_stage: MatterStage | None
    originating_attorney: User | None
    practice_area: PracticeArea | None
    responsible_attorney: User | None
    responsible_staff: User | None
    statute_of_limitations: Task | None
    user: User | None
    legal_aid_uk_matter: LegalAidUkMatter | None
    attorney_allocation: AttorneyAllocation | None
    account_balances: tuple[AccountBalance, ...] | None
    custom_field_values: tuple[CustomFieldValue, ...] | None
    custom_field_set_associations: tuple[CustomFieldSetAssociation, ...] | None
    matter_bill_recipients: tuple[MatterBillRecipient, ...] | None
    relationships: tuple[Relationship, ...] | None
    task_template_list_instances: tuple[TaskTemplateListInstance, ...] | None
    kyc_field_values: tuple[KycFieldValue, ...] | None
    split_invoice_payers: tuple[SplitInvoicePayer, ...] | None

    @property
    def custom_fields(self) -> CustomFieldsView:
        """Its custom fields, by their names."""
        return derived.custom_fields(self)


class MatterBillRecipient(Record, init=False):
    """Clio's MatterBillRecipient."""

    __schema__ = "MatterBillRecipient"

    created_at: dt.datetime | None
    etag: RecordETag
    id: int
    updated_at: dt.datetime | None
    recipient: Contact | None


class MatterBudget(Record, init=False):
    """Clio's MatterBudget."""

    __schema__ = "MatterBudget"

    id: int
    etag: RecordETag
    budget: Decimal | None
    include_expenses: bool | None
    notification_threshold: int | None
    notify_users: bool | None
    created_at: dt.datetime | None
    updated_at: dt.datetime | None


class MatterCustomRate(Record, init=False):
    """Clio's MatterCustomRate."""

    __schema__ = "MatterCustomRate"

    type: Literal["FlatRate", "HourlyRate", "ContingencyFee"] | str | None
    on_invoice: bool | None
    rates: tuple[PolymorphicCustomRate, ...] | None


class PolymorphicCustomRate(Record, init=False):
    """Clio's PolymorphicCustomRate."""

    __schema__ = "PolymorphicCustomRate"

    id: int
    etag: RecordETag
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    rate: Decimal | None
    award: Decimal | None
    note: str | None
    date: dt.date | None
    user: PolymorphicCustomRateUser | None
    group: PolymorphicCustomRateGroup | None
    activity_description: PolymorphicCustomRateActivityDescription | None


class PolymorphicCustomRateActivityDescription(Record, init=False):
    """Clio's PolymorphicCustomRate_ActivityDescription."""

    __schema__ = "PolymorphicCustomRate_ActivityDescription"

    id: int
    etag: RecordETag
    name: str | None


class PolymorphicCustomRateGroup(Record, init=False):
    """Clio's PolymorphicCustomRate_Group."""

    __schema__ = "PolymorphicCustomRate_Group"

    etag: RecordETag
    id: int
    name: str | None


class PolymorphicCustomRateUser(Record, init=False):
    """Clio's PolymorphicCustomRate_User."""

    __schema__ = "PolymorphicCustomRate_User"

    enabled: bool | None
    etag: RecordETag
    id: int
    name: str | None


class SplitInvoicePayer(Record, init=False):
    """Clio's SplitInvoicePayer."""

    __schema__ = "SplitInvoicePayer"

    id: int
    contact_id: int | None
    matter_id: int | None
    send_to_bill_recipients: bool | None
    split_portion: Decimal | None
    etag: RecordETag
    created_at: dt.datetime | None
    updated_at: dt.datetime | None


class TaskTemplateListInstance(Record, init=False):
    """Clio's TaskTemplateListInstace."""

    __schema__ = "TaskTemplateListInstace"

    id: int
    etag: RecordETag
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
