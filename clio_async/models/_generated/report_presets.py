# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""Records of report presets."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Literal

from ..record import Record, RecordETag

if TYPE_CHECKING:
    from .report_schedules import ReportSchedule


class ReportPreset(Record, init=False):
    """Clio's ReportPreset.

    Derived from other records, and not covered by the etag: last_generated_at.
    """

    __schema__ = "ReportPreset"

    id: int
    etag: RecordETag
    name: str | None
    kind: (
        Literal[
            "accounts_receivable",
            "accounts_receivable_aging",
            "bank_account_activity",
            "billing_history",
            "billing_rate",
            "client_activity",
            "client_ledger",
            "clio_payments_deposit",
            "clio_payments_ledger",
            "clio_payments_monthly_statement",
            "clio_payments_sales_tax",
            "clio_payments_transaction",
            "contact_information",
            "currency_conversion_gain_loss",
            "disbursement_payment",
            "fee_allocation",
            "general_ledger",
            "grant_matters",
            "invoice_payments_v2",
            "law_society_of_alberta",
            "law_society_of_alberta_al",
            "law_society_of_alberta_bar",
            "law_society_of_alberta_tl",
            "law_society_of_alberta_tt",
            "matter",
            "matter_balance_summary",
            "matter_ledger_full",
            "matter_productivity_by_user",
            "matters_by_responsible_attorney",
            "originating_attorney_revenue",
            "other_revenue",
            "potential_trust_to_office",
            "productivity_by_client",
            "productivity_by_user",
            "revenue",
            "task_productivity_by_user",
            "task_progress_by_user",
            "trust_ledger",
            "trust_ledger_nsw",
            "trust_listing",
            "trust_management",
            "work_in_progress",
        ]
        | str
        | None
    )
    format: Literal["csv", "html", "json", "pdf", "xlsx", "zip"] | str | None
    last_generated_at: dt.datetime | None
    created_at: dt.datetime | None
    updated_at: dt.datetime | None
    category: (
        Literal[
            "billing",
            "client",
            "compliance",
            "financial",
            "matter",
            "online_payments",
            "productivity",
            "revenue",
            "task",
        ]
        | str
        | None
    )
    options: str | None
    report_schedule: ReportSchedule | None
