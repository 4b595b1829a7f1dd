# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The resources of a client, loaded when they are first used."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..document_archives import DocumentArchives
    from ..document_automations import DocumentAutomations
    from ..document_templates import DocumentTemplates
    from ..documents import Documents
    from ..report_presets import ReportPresets
    from ..reports import Reports
    from ..webhooks import Webhooks
    from .activities import Activities
    from .activity_descriptions import ActivityDescriptions
    from .activity_rates import ActivityRates
    from .allocations import Allocations
    from .bank_accounts import BankAccounts
    from .bank_transactions import BankTransactions
    from .bank_transfers import BankTransfers
    from .bill_themes import BillThemes
    from .billable_clients import BillableClients
    from .billable_matters import BillableMatters
    from .billing_settings import BillingSettings
    from .bills import Bills
    from .calendar_entries import CalendarEntries
    from .calendar_entry_event_types import CalendarEntryEventTypes
    from .calendars import Calendars
    from .clio_file_submissions_reports import ClioFileSubmissionsReports
    from .clio_payments_links import ClioPaymentsLinks
    from .clio_payments_payments import ClioPaymentsPayments
    from .comments import Comments
    from .communications import Communications
    from .contact_email_addresses import ContactEmailAddresses
    from .contact_phone_numbers import ContactPhoneNumbers
    from .contacts import Contacts
    from .conversation_messages import ConversationMessages
    from .conversations import Conversations
    from .credit_memos import CreditMemos
    from .currencies import Currencies
    from .custom_actions import CustomActions
    from .custom_field_sets import CustomFieldSets
    from .custom_fields import CustomFields
    from .damages import Damages
    from .document_categories import DocumentCategories
    from .document_versions import DocumentVersions
    from .event_metrics import EventMetricsResource
    from .expense_categories import ExpenseCategories
    from .folders import Folders
    from .grant_funding_sources import GrantFundingSources
    from .grants import Grants
    from .groups import Groups
    from .interest_charges import InterestCharges
    from .jurisdiction_triggers import JurisdictionTriggers
    from .jurisdictions import Jurisdictions
    from .lauk_civil_certificated_rates import LaukCivilCertificatedRates
    from .lauk_civil_controlled_rates import LaukCivilControlledRates
    from .lauk_criminal_controlled_rates import LaukCriminalControlledRates
    from .lauk_expense_categories import LaukExpenseCategories
    from .line_items import LineItems
    from .log_entries import LogEntries
    from .matter_client import MatterClient
    from .matter_contacts import MatterContactsResource
    from .matter_dockets import MatterDockets
    from .matter_related_contacts import MatterRelatedContacts
    from .matter_stages import MatterStages
    from .matters import Matters
    from .medical_bills import MedicalBills
    from .medical_records import MedicalRecords
    from .medical_records_details import MedicalRecordsDetails
    from .my_events import MyEvents
    from .notes import Notes
    from .outstanding_client_balances import OutstandingClientBalances
    from .practice_areas import PracticeAreas
    from .relationships import Relationships
    from .reminders import Reminders
    from .report_schedules import ReportSchedules
    from .service_types import ServiceTypes
    from .task_calendars import TaskCalendars
    from .task_template_lists import TaskTemplateLists
    from .task_templates import TaskTemplates
    from .task_types import TaskTypes
    from .tasks import Tasks
    from .text_snippets import TextSnippets
    from .timer import TimerResource
    from .trust_line_items import TrustLineItems
    from .trust_requests import TrustRequests
    from .users import Users
    from .utbms_codes import UtbmsCodes
    from .utbms_sets import UtbmsSets

RESOURCES: dict[str, tuple[str, str]] = {
    "activities": (".activities", "Activities"),
    "activity_descriptions": (".activity_descriptions", "ActivityDescriptions"),
    "activity_rates": (".activity_rates", "ActivityRates"),
    "allocations": (".allocations", "Allocations"),
    "bank_accounts": (".bank_accounts", "BankAccounts"),
    "bank_transactions": (".bank_transactions", "BankTransactions"),
    "bank_transfers": (".bank_transfers", "BankTransfers"),
    "bill_themes": (".bill_themes", "BillThemes"),
    "billable_clients": (".billable_clients", "BillableClients"),
    "billable_matters": (".billable_matters", "BillableMatters"),
    "billing_settings": (".billing_settings", "BillingSettings"),
    "bills": (".bills", "Bills"),
    "calendar_entries": (".calendar_entries", "CalendarEntries"),
    "calendar_entry_event_types": (".calendar_entry_event_types", "CalendarEntryEventTypes"),
    "calendars": (".calendars", "Calendars"),
    "clio_file_submissions_reports": (".clio_file_submissions_reports", "ClioFileSubmissionsReports"),
    "clio_payments_links": (".clio_payments_links", "ClioPaymentsLinks"),
    "clio_payments_payments": (".clio_payments_payments", "ClioPaymentsPayments"),
    "comments": (".comments", "Comments"),
    "communications": (".communications", "Communications"),
    "contact_email_addresses": (".contact_email_addresses", "ContactEmailAddresses"),
    "contact_phone_numbers": (".contact_phone_numbers", "ContactPhoneNumbers"),
    "contacts": (".contacts", "Contacts"),
    "conversation_messages": (".conversation_messages", "ConversationMessages"),
    "conversations": (".conversations", "Conversations"),
    "credit_memos": (".credit_memos", "CreditMemos"),
    "currencies": (".currencies", "Currencies"),
    "custom_actions": (".custom_actions", "CustomActions"),
    "custom_field_sets": (".custom_field_sets", "CustomFieldSets"),
    "custom_fields": (".custom_fields", "CustomFields"),
    "damages": (".damages", "Damages"),
    "document_archives": ("..document_archives", "DocumentArchives"),
    "document_automations": ("..document_automations", "DocumentAutomations"),
    "document_categories": (".document_categories", "DocumentCategories"),
    "document_templates": ("..document_templates", "DocumentTemplates"),
    "document_versions": (".document_versions", "DocumentVersions"),
    "documents": ("..documents", "Documents"),
    "event_metrics": (".event_metrics", "EventMetricsResource"),
    "expense_categories": (".expense_categories", "ExpenseCategories"),
    "folders": (".folders", "Folders"),
    "grant_funding_sources": (".grant_funding_sources", "GrantFundingSources"),
    "grants": (".grants", "Grants"),
    "groups": (".groups", "Groups"),
    "interest_charges": (".interest_charges", "InterestCharges"),
    "jurisdiction_triggers": (".jurisdiction_triggers", "JurisdictionTriggers"),
    "jurisdictions": (".jurisdictions", "Jurisdictions"),
    "lauk_civil_certificated_rates": (".lauk_civil_certificated_rates", "LaukCivilCertificatedRates"),
    "lauk_civil_controlled_rates": (".lauk_civil_controlled_rates", "LaukCivilControlledRates"),
    "lauk_criminal_controlled_rates": (".lauk_criminal_controlled_rates", "LaukCriminalControlledRates"),
    "lauk_expense_categories": (".lauk_expense_categories", "LaukExpenseCategories"),
    "line_items": (".line_items", "LineItems"),
    "log_entries": (".log_entries", "LogEntries"),
    "matter_client": (".matter_client", "MatterClient"),
    "matter_contacts": (".matter_contacts", "MatterContactsResource"),
    "matter_dockets": (".matter_dockets", "MatterDockets"),
    "matter_related_contacts": (".matter_related_contacts", "MatterRelatedContacts"),
    "matter_stages": (".matter_stages", "MatterStages"),
    "matters": (".matters", "Matters"),
    "medical_bills": (".medical_bills", "MedicalBills"),
    "medical_records": (".medical_records", "MedicalRecords"),
    "medical_records_details": (".medical_records_details", "MedicalRecordsDetails"),
    "my_events": (".my_events", "MyEvents"),
    "notes": (".notes", "Notes"),
    "outstanding_client_balances": (".outstanding_client_balances", "OutstandingClientBalances"),
    "practice_areas": (".practice_areas", "PracticeAreas"),
    "relationships": (".relationships", "Relationships"),
    "reminders": (".reminders", "Reminders"),
    "report_presets": ("..report_presets", "ReportPresets"),
    "report_schedules": (".report_schedules", "ReportSchedules"),
    "reports": ("..reports", "Reports"),
    "service_types": (".service_types", "ServiceTypes"),
    "task_calendars": (".task_calendars", "TaskCalendars"),
    "task_template_lists": (".task_template_lists", "TaskTemplateLists"),
    "task_templates": (".task_templates", "TaskTemplates"),
    "task_types": (".task_types", "TaskTypes"),
    "tasks": (".tasks", "Tasks"),
    "text_snippets": (".text_snippets", "TextSnippets"),
    "timer": (".timer", "TimerResource"),
    "trust_line_items": (".trust_line_items", "TrustLineItems"),
    "trust_requests": (".trust_requests", "TrustRequests"),
    "users": (".users", "Users"),
    "utbms_codes": (".utbms_codes", "UtbmsCodes"),
    "utbms_sets": (".utbms_sets", "UtbmsSets"),
    "webhooks": ("..webhooks", "Webhooks"),
}


class Resources:
    """Gives a client one attribute for each resource of Clio. It is made at first use, and kept."""

    if TYPE_CHECKING:

        @property
        def activities(self) -> Activities: ...

        @property
        def activity_descriptions(self) -> ActivityDescriptions: ...

        @property
        def activity_rates(self) -> ActivityRates: ...

        @property
        def allocations(self) -> Allocations: ...

        @property
        def bank_accounts(self) -> BankAccounts: ...

        @property
        def bank_transactions(self) -> BankTransactions: ...

        @property
        def bank_transfers(self) -> BankTransfers: ...

        @property
        def bill_themes(self) -> BillThemes: ...

        @property
        def billable_clients(self) -> BillableClients: ...

        @property
        def billable_matters(self) -> BillableMatters: ...

        @property
        def billing_settings(self) -> BillingSettings: ...

        @property
        def bills(self) -> Bills: ...

        @property
        def calendar_entries(self) -> CalendarEntries: ...

        @property
        def calendar_entry_event_types(self) -> CalendarEntryEventTypes: ...

        @property
        def calendars(self) -> Calendars: ...

        @property
        def clio_file_submissions_reports(self) -> ClioFileSubmissionsReports: ...

        @property
        def clio_payments_links(self) -> ClioPaymentsLinks: ...

        @property
        def clio_payments_payments(self) -> ClioPaymentsPayments: ...

        @property
        def comments(self) -> Comments: ...

        @property
        def communications(self) -> Communications: ...

        @property
        def contact_email_addresses(self) -> ContactEmailAddresses: ...

        @property
        def contact_phone_numbers(self) -> ContactPhoneNumbers: ...

        @property
        def contacts(self) -> Contacts: ...

        @property
        def conversation_messages(self) -> ConversationMessages: ...

        @property
        def conversations(self) -> Conversations: ...

        @property
        def credit_memos(self) -> CreditMemos: ...

        @property
        def currencies(self) -> Currencies: ...

        @property
        def custom_actions(self) -> CustomActions: ...

        @property
        def custom_field_sets(self) -> CustomFieldSets: ...

        @property
        def custom_fields(self) -> CustomFields: ...

        @property
        def damages(self) -> Damages: ...

        @property
        def document_archives(self) -> DocumentArchives: ...

        @property
        def document_automations(self) -> DocumentAutomations: ...

        @property
        def document_categories(self) -> DocumentCategories: ...

        @property
        def document_templates(self) -> DocumentTemplates: ...

        @property
        def document_versions(self) -> DocumentVersions: ...

        @property
        def documents(self) -> Documents: ...

        @property
        def event_metrics(self) -> EventMetricsResource: ...

        @property
        def expense_categories(self) -> ExpenseCategories: ...

        @property
        def folders(self) -> Folders: ...

        @property
        def grant_funding_sources(self) -> GrantFundingSources: ...

        @property
        def grants(self) -> Grants: ...

        @property
        def groups(self) -> Groups: ...

        @property
        def interest_charges(self) -> InterestCharges: ...

        @property
        def jurisdiction_triggers(self) -> JurisdictionTriggers: ...

        @property
        def jurisdictions(self) -> Jurisdictions: ...

        @property
        def lauk_civil_certificated_rates(self) -> LaukCivilCertificatedRates: ...

        @property
        def lauk_civil_controlled_rates(self) -> LaukCivilControlledRates: ...

        @property
        def lauk_criminal_controlled_rates(self) -> LaukCriminalControlledRates: ...

        @property
        def lauk_expense_categories(self) -> LaukExpenseCategories: ...

        @property
        def line_items(self) -> LineItems: ...

        @property
        def log_entries(self) -> LogEntries: ...

        @property
        def matter_client(self) -> MatterClient: ...

        @property
        def matter_contacts(self) -> MatterContactsResource: ...

        @property
        def matter_dockets(self) -> MatterDockets: ...

        @property
        def matter_related_contacts(self) -> MatterRelatedContacts: ...

        @property
        def matter_stages(self) -> MatterStages: ...

        @property
        def matters(self) -> Matters: ...

        @property
        def medical_bills(self) -> MedicalBills: ...

        @property
        def medical_records(self) -> MedicalRecords: ...

        @property
        def medical_records_details(self) -> MedicalRecordsDetails: ...

        @property
        def my_events(self) -> MyEvents: ...

        @property
        def notes(self) -> Notes: ...

        @property
        def outstanding_client_balances(self) -> OutstandingClientBalances: ...

        @property
        def practice_areas(self) -> PracticeAreas: ...

        @property
        def relationships(self) -> Relationships: ...

        @property
        def reminders(self) -> Reminders: ...

        @property
        def report_presets(self) -> ReportPresets: ...

        @property
        def report_schedules(self) -> ReportSchedules: ...

        @property
        def reports(self) -> Reports: ...

        @property
        def service_types(self) -> ServiceTypes: ...

        @property
        def task_calendars(self) -> TaskCalendars: ...

        @property
        def task_template_lists(self) -> TaskTemplateLists: ...

        @property
        def task_templates(self) -> TaskTemplates: ...

        @property
        def task_types(self) -> TaskTypes: ...

        @property
        def tasks(self) -> Tasks: ...

        @property
        def text_snippets(self) -> TextSnippets: ...

        @property
        def timer(self) -> TimerResource: ...

        @property
        def trust_line_items(self) -> TrustLineItems: ...

        @property
        def trust_requests(self) -> TrustRequests: ...

        @property
        def users(self) -> Users: ...

        @property
        def utbms_codes(self) -> UtbmsCodes: ...

        @property
        def utbms_sets(self) -> UtbmsSets: ...

        @property
        def webhooks(self) -> Webhooks: ...

    else:

        def __getattr__(self, name: str) -> Any:
            if name not in RESOURCES:
                from ..misnamed import misnamed  # for a mistake alone

                raise misnamed(self, name)
            module, of = RESOURCES[name]
            made = getattr(import_module(module, __name__), of)(self)
            self.__dict__[name] = made
            return made

        def __dir__(self) -> list[str]:
            return sorted({*super().__dir__(), *RESOURCES})
