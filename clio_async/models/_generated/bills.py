# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of bills."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from ..record import Record, RecordETag

if TYPE_CHECKING:
    from .bank_accounts import BankAccount
    from .bill_themes import BillTheme
    from .billing_settings import BillingSetting
    from .contacts import Contact
    from .currencies import Currency
    from .groups import Group
    from .matters import Matter
    from .shared import Address, Balance, Discount
    from .users import User


class Bill(Record, init=False):
    """Clio's Bill.

    Derived from other records, and not covered by the etag: balance, state, total, paid, paid_at, pending, due,
    can_update, credits_issued, services_secondary_tax, services_sub_total, services_tax,
    services_taxable_sub_total, services_secondary_taxable_sub_total, taxable_sub_total,
    secondary_taxable_sub_total, sub_total, tax_sum, secondary_tax_sum, total_tax, available_state_transitions.
    """

    __schema__ = "Bill"

    id: int
    etag: RecordETag
    number: str | None
    issued_at: dt.date | None
    created_at: dt.datetime | None
    due_at: dt.date | None
    tax_rate: Decimal | None
    secondary_tax_rate: Decimal | None
    updated_at: dt.datetime | None
    subject: str | None
    purchase_order: str | None
    type: Literal["MatterBill", "ClientBill"] | str | None
    memo: str | None
    start_at: dt.date | None
    end_at: dt.date | None
    balance: Decimal | None
    state: Literal["draft", "awaiting_approval", "awaiting_payment", "paid", "void", "deleted"] | str | None
    kind: (
        Literal[
            "revenue_kind",
            "summary_kind",
            "trust_kind",
            "aggregate_all",
            "aggregate_split",
            "aggregate_services",
            "aggregate_expenses",
        ]
        | str
        | None
    )
    total: Decimal | None
    paid: Decimal | None
    paid_at: dt.datetime | None
    pending: Decimal | None
    due: Decimal | None
    discount_services_only: str | None
    can_update: bool | None
    credits_issued: Decimal | None
    shared: bool | None
    last_sent_at: dt.datetime | None
    services_secondary_tax: Decimal | None
    services_sub_total: Decimal | None
    services_tax: Decimal | None
    services_taxable_sub_total: Decimal | None
    services_secondary_taxable_sub_total: Decimal | None
    taxable_sub_total: Decimal | None
    secondary_taxable_sub_total: Decimal | None
    sub_total: Decimal | None
    tax_sum: Decimal | None
    secondary_tax_sum: Decimal | None
    total_tax: Decimal | None
    available_state_transitions: (
        tuple[Literal["awaiting_approval", "awaiting_payment", "paid", "void", "deleted"] | str, ...] | None
    )
    user: User | None
    client: Contact | None
    discount: Discount | None
    interest: Interest | None
    matters: tuple[Matter, ...] | None
    group: Group | None
    bill_theme: BillTheme | None
    original_bill: Bill | None
    destination_account: BankAccount | None
    balances: tuple[Balance, ...] | None
    matter_totals: tuple[MatterBalance, ...] | None
    currency: Currency | None
    billing_setting: BillingSetting | None
    client_addresses: tuple[Address, ...] | None
    legal_aid_uk_bill: LegalAidUkBill | None
    split_invoice: SplitInvoice | None


class Interest(Record, init=False):
    """Clio's Interest.

    Derived from other records, and not covered by the etag: balance, period, rate, total.
    """

    __schema__ = "Interest"

    balance: Decimal | None
    period: int | None
    rate: Decimal | None
    total: Decimal | None
    type: Literal["simple", "compound"] | str | None


class LegalAidUkBill(Record, init=False):
    """Clio's LegalAidUkBill."""

    __schema__ = "LegalAidUkBill"

    additional_travel_payment: bool | None
    adjourned_hearing_fee: str | None
    advocacy_costs: Decimal | None
    advice_time: int | None
    bill_type: int | None
    case_concluded: dt.date | None
    case_stage_level: int | None
    cla_exemption_code: str | None
    cla_reference: str | None
    cmrh_oral: int | None
    cmrh_telephone: int | None
    cost_of_counsel: str | None
    costs_are_those_of: int | None
    court_location: str | None
    date_of_claim: dt.date | None
    designated_accredited_representative: int | None
    detention_travel_and_waiting_costs: str | None
    disbursements_vat: Decimal | None
    exceptional_case_funding_reference: str | None
    exemption_criteria_satisfied: int | None
    fee_code: str | None
    follow_on_work: int | None
    ho_interview: int | None
    ho_ucn: int | None
    id: int
    independent_medical_reports_claimed: str | None
    jr_form_filling: str | None
    maat_id: str | None
    meetings_attended: int | None
    mht_ref_no: str | None
    net_disbursements: Decimal | None
    net_profit_costs: Decimal | None
    niat_disbursement_prior_authority_number: str | None
    number_of_attendances: int | None
    outcome_for_the_client: int | None
    profit_costs_ex_vat: Decimal | None
    prior_authority_reference: str | None
    representation_order_date: dt.date | None
    stage_reached: int | None
    substantive_hearing: int | None
    travel_and_waiting_costs: Decimal | None
    travel_time: int | None
    value_of_costs: str | None
    waiting_time: int | None


class MatterBalance(Record, init=False):
    """Clio's MatterBalance."""

    __schema__ = "MatterBalance"

    id: int
    amount: Decimal | None


class SplitInvoice(Record, init=False):
    """Clio's SplitInvoice."""

    __schema__ = "SplitInvoice"

    id: int
    bill_id: int | None
    linked_invoices_display_numbers: tuple[str, ...] | None
    linked_invoices_ids: tuple[int, ...] | None
    split_connection_id: str | None
    split_portion: Decimal | None
    etag: RecordETag
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
