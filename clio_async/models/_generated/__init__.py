# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The record classes, loaded when they are first asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .activities import Activity as Activity
    from .activities import ActivityCalendarEntry as ActivityCalendarEntry
    from .activities import ActivityTask as ActivityTask
    from .activities import ActivityTextMessageConversation as ActivityTextMessageConversation
    from .activities import ClientPortal as ClientPortal
    from .activities import LegalAidUkActivity as LegalAidUkActivity
    from .activity_descriptions import ActivityDescription as ActivityDescription
    from .activity_descriptions import ActivityDescriptionRate as ActivityDescriptionRate
    from .activity_rates import ActivityRate as ActivityRate
    from .allocations import Allocation as Allocation
    from .bank_accounts import BankAccount as BankAccount
    from .bank_transactions import BankTransaction as BankTransaction
    from .bank_transfers import BankTransfer as BankTransfer
    from .bill_themes import BillTheme as BillTheme
    from .billable_clients import BillableClient as BillableClient
    from .billable_matters import BillableMatter as BillableMatter
    from .billing_settings import BillingSetting as BillingSetting
    from .bills import Bill as Bill
    from .bills import Interest as Interest
    from .bills import LegalAidUkBill as LegalAidUkBill
    from .bills import MatterBalance as MatterBalance
    from .bills import SplitInvoice as SplitInvoice
    from .calendar_entries import Attendee as Attendee
    from .calendar_entries import CalendarEntry as CalendarEntry
    from .calendar_entries import ConferenceMeeting as ConferenceMeeting
    from .calendar_entry_event_types import CalendarEntryEventType as CalendarEntryEventType
    from .calendars import Calendar as Calendar
    from .clio_file_submissions_reports import ClioFileSubmissionsReport as ClioFileSubmissionsReport
    from .clio_payments_links import ClioPaymentsLink as ClioPaymentsLink
    from .clio_payments_payments import ClioPaymentsPayment as ClioPaymentsPayment
    from .comments import Comment as Comment
    from .communications import Communication as Communication
    from .communications import CommunicationEmlFile as CommunicationEmlFile
    from .contact_email_addresses import EmailAddress as EmailAddress
    from .contact_phone_numbers import PhoneNumber as PhoneNumber
    from .contacts import Contact as Contact
    from .contacts import InstantMessenger as InstantMessenger
    from .contacts import LegalAidUkContact as LegalAidUkContact
    from .contacts import PaymentProfile as PaymentProfile
    from .conversation_messages import ConversationMessage as ConversationMessage
    from .conversations import Conversation as Conversation
    from .conversations import ConversationMembership as ConversationMembership
    from .credit_memos import CreditMemo as CreditMemo
    from .currencies import Currency as Currency
    from .custom_actions import CustomAction as CustomAction
    from .custom_field_sets import CustomFieldSet as CustomFieldSet
    from .custom_fields import CustomField as CustomField
    from .damages import Damage as Damage
    from .document_archives import DocumentArchive as DocumentArchive
    from .document_automations import DocumentAutomation as DocumentAutomation
    from .document_categories import DocumentCategory as DocumentCategory
    from .document_templates import DocumentTemplate as DocumentTemplate
    from .document_versions import DocumentVersion as DocumentVersion
    from .document_versions import Multipart as Multipart
    from .document_versions import MultipartHeader as MultipartHeader
    from .documents import Document as Document
    from .event_metrics import EventMetrics as EventMetrics
    from .expense_categories import ExpenseCategory as ExpenseCategory
    from .folders import Folder as Folder
    from .grant_funding_sources import GrantFundingSource as GrantFundingSource
    from .grants import Grant as Grant
    from .groups import Group as Group
    from .interest_charges import InterestCharge as InterestCharge
    from .jurisdiction_triggers import JurisdictionsToTrigger as JurisdictionsToTrigger
    from .jurisdictions import Jurisdiction as Jurisdiction
    from .lauk_civil_certificated_rates import LaukCivilCertificatedRate as LaukCivilCertificatedRate
    from .lauk_civil_controlled_rates import LaukCivilControlledRate as LaukCivilControlledRate
    from .lauk_criminal_controlled_rates import LaukCriminalControlledRate as LaukCriminalControlledRate
    from .lauk_expense_categories import LaukExpenseCategory as LaukExpenseCategory
    from .line_items import LineItem as LineItem
    from .line_items import LineItemTotals as LineItemTotals
    from .log_entries import LogEntry as LogEntry
    from .matter_client import Client as Client
    from .matter_contacts import MatterContacts as MatterContacts
    from .matter_dockets import MatterDocket as MatterDocket
    from .matter_related_contacts import RelatedContacts as RelatedContacts
    from .matter_stages import MatterStage as MatterStage
    from .matters import AttorneyAllocation as AttorneyAllocation
    from .matters import ContingencyFee as ContingencyFee
    from .matters import EvergreenRetainer as EvergreenRetainer
    from .matters import LegalAidUkMatter as LegalAidUkMatter
    from .matters import Matter as Matter
    from .matters import MatterBillRecipient as MatterBillRecipient
    from .matters import MatterBudget as MatterBudget
    from .matters import MatterCustomRate as MatterCustomRate
    from .matters import PolymorphicCustomRate as PolymorphicCustomRate
    from .matters import PolymorphicCustomRateActivityDescription as PolymorphicCustomRateActivityDescription
    from .matters import PolymorphicCustomRateGroup as PolymorphicCustomRateGroup
    from .matters import PolymorphicCustomRateUser as PolymorphicCustomRateUser
    from .matters import SplitInvoicePayer as SplitInvoicePayer
    from .matters import TaskTemplateListInstance as TaskTemplateListInstance
    from .medical_bills import Lien as Lien
    from .medical_bills import MedicalBill as MedicalBill
    from .medical_records import MedicalRecord as MedicalRecord
    from .medical_records_details import MedicalRecordsRequest as MedicalRecordsRequest
    from .my_events import Event as Event
    from .my_events import MyEvent as MyEvent
    from .notes import Note as Note
    from .outstanding_client_balances import OutstandingClientBalance as OutstandingClientBalance
    from .practice_areas import PracticeArea as PracticeArea
    from .relationships import Relationship as Relationship
    from .reminders import Reminder as Reminder
    from .report_presets import ReportPreset as ReportPreset
    from .report_schedules import ReportSchedule as ReportSchedule
    from .reports import Report as Report
    from .service_types import ServiceType as ServiceType
    from .shared import AccountBalance as AccountBalance
    from .shared import Address as Address
    from .shared import Avatar as Avatar
    from .shared import Balance as Balance
    from .shared import BillRecipient as BillRecipient
    from .shared import BillRecipientContact as BillRecipientContact
    from .shared import CascadingTask as CascadingTask
    from .shared import ClioCreator as ClioCreator
    from .shared import CustomFieldMatterSelection as CustomFieldMatterSelection
    from .shared import CustomFieldSetAssociation as CustomFieldSetAssociation
    from .shared import CustomFieldValue as CustomFieldValue
    from .shared import Discount as Discount
    from .shared import ExternalProperty as ExternalProperty
    from .shared import Item as Item
    from .shared import KycFieldValue as KycFieldValue
    from .shared import LinkedFolder as LinkedFolder
    from .shared import NotificationEventSubscriber as NotificationEventSubscriber
    from .shared import NotificationMethod as NotificationMethod
    from .shared import Participant as Participant
    from .shared import Payment as Payment
    from .shared import PicklistOption as PicklistOption
    from .shared import PolymorphicObject as PolymorphicObject
    from .shared import UnredactedParticipant as UnredactedParticipant
    from .shared import WebSite as WebSite
    from .task_calendars import CalendarVisibility as CalendarVisibility
    from .task_template_lists import TaskTemplateList as TaskTemplateList
    from .task_templates import CascadingTaskTemplate as CascadingTaskTemplate
    from .task_templates import ReminderTemplate as ReminderTemplate
    from .task_templates import TaskTemplate as TaskTemplate
    from .task_types import TaskType as TaskType
    from .tasks import Task as Task
    from .text_snippets import TextSnippet as TextSnippet
    from .timer import Timer as Timer
    from .trust_line_items import TrustLineItem as TrustLineItem
    from .trust_requests import TrustRequest as TrustRequest
    from .users import Account as Account
    from .users import JobTitle as JobTitle
    from .users import User as User
    from .utbms_codes import UtbmsCode as UtbmsCode
    from .utbms_sets import UtbmsSet as UtbmsSet
    from .webhooks import Webhook as Webhook

__all__ = [
    "Account",
    "AccountBalance",
    "Activity",
    "ActivityCalendarEntry",
    "ActivityDescription",
    "ActivityDescriptionRate",
    "ActivityRate",
    "ActivityTask",
    "ActivityTextMessageConversation",
    "Address",
    "Allocation",
    "Attendee",
    "AttorneyAllocation",
    "Avatar",
    "Balance",
    "BankAccount",
    "BankTransaction",
    "BankTransfer",
    "Bill",
    "BillRecipient",
    "BillRecipientContact",
    "BillTheme",
    "BillableClient",
    "BillableMatter",
    "BillingSetting",
    "Calendar",
    "CalendarEntry",
    "CalendarEntryEventType",
    "CalendarVisibility",
    "CascadingTask",
    "CascadingTaskTemplate",
    "Client",
    "ClientPortal",
    "ClioCreator",
    "ClioFileSubmissionsReport",
    "ClioPaymentsLink",
    "ClioPaymentsPayment",
    "Comment",
    "Communication",
    "CommunicationEmlFile",
    "ConferenceMeeting",
    "Contact",
    "ContingencyFee",
    "Conversation",
    "ConversationMembership",
    "ConversationMessage",
    "CreditMemo",
    "Currency",
    "CustomAction",
    "CustomField",
    "CustomFieldMatterSelection",
    "CustomFieldSet",
    "CustomFieldSetAssociation",
    "CustomFieldValue",
    "Damage",
    "Discount",
    "Document",
    "DocumentArchive",
    "DocumentAutomation",
    "DocumentCategory",
    "DocumentTemplate",
    "DocumentVersion",
    "EmailAddress",
    "Event",
    "EventMetrics",
    "EvergreenRetainer",
    "ExpenseCategory",
    "ExternalProperty",
    "Folder",
    "Grant",
    "GrantFundingSource",
    "Group",
    "InstantMessenger",
    "Interest",
    "InterestCharge",
    "Item",
    "JobTitle",
    "Jurisdiction",
    "JurisdictionsToTrigger",
    "KycFieldValue",
    "LaukCivilCertificatedRate",
    "LaukCivilControlledRate",
    "LaukCriminalControlledRate",
    "LaukExpenseCategory",
    "LegalAidUkActivity",
    "LegalAidUkBill",
    "LegalAidUkContact",
    "LegalAidUkMatter",
    "Lien",
    "LineItem",
    "LineItemTotals",
    "LinkedFolder",
    "LogEntry",
    "Matter",
    "MatterBalance",
    "MatterBillRecipient",
    "MatterBudget",
    "MatterContacts",
    "MatterCustomRate",
    "MatterDocket",
    "MatterStage",
    "MedicalBill",
    "MedicalRecord",
    "MedicalRecordsRequest",
    "Multipart",
    "MultipartHeader",
    "MyEvent",
    "Note",
    "NotificationEventSubscriber",
    "NotificationMethod",
    "OutstandingClientBalance",
    "Participant",
    "Payment",
    "PaymentProfile",
    "PhoneNumber",
    "PicklistOption",
    "PolymorphicCustomRate",
    "PolymorphicCustomRateActivityDescription",
    "PolymorphicCustomRateGroup",
    "PolymorphicCustomRateUser",
    "PolymorphicObject",
    "PracticeArea",
    "RelatedContacts",
    "Relationship",
    "Reminder",
    "ReminderTemplate",
    "Report",
    "ReportPreset",
    "ReportSchedule",
    "ServiceType",
    "SplitInvoice",
    "SplitInvoicePayer",
    "Task",
    "TaskTemplate",
    "TaskTemplateList",
    "TaskTemplateListInstance",
    "TaskType",
    "TextSnippet",
    "Timer",
    "TrustLineItem",
    "TrustRequest",
    "UnredactedParticipant",
    "User",
    "UtbmsCode",
    "UtbmsSet",
    "WebSite",
    "Webhook",
]

CLASSES: dict[str, str] = {
    "Account": "Account",
    "AccountBalance": "AccountBalance",
    "Activity": "Activity",
    "ActivityDescription": "ActivityDescription",
    "ActivityDescriptionRate": "ActivityDescriptionRate",
    "ActivityRate": "ActivityRate",
    "Activity_CalendarEntry": "ActivityCalendarEntry",
    "Activity_Task": "ActivityTask",
    "Activity_TextMessageConversation": "ActivityTextMessageConversation",
    "Address": "Address",
    "Allocation": "Allocation",
    "Attendee": "Attendee",
    "AttorneyAllocation": "AttorneyAllocation",
    "Avatar": "Avatar",
    "Balance": "Balance",
    "BankAccount": "BankAccount",
    "BankTransaction": "BankTransaction",
    "BankTransfer": "BankTransfer",
    "Bill": "Bill",
    "BillRecipient": "BillRecipient",
    "BillRecipient_Contact": "BillRecipientContact",
    "BillTheme": "BillTheme",
    "BillableClient": "BillableClient",
    "BillableMatter": "BillableMatter",
    "BillingSetting": "BillingSetting",
    "Calendar": "Calendar",
    "CalendarEntry": "CalendarEntry",
    "CalendarEntryEventType": "CalendarEntryEventType",
    "CalendarVisibility": "CalendarVisibility",
    "CascadingTask": "CascadingTask",
    "CascadingTaskTemplate": "CascadingTaskTemplate",
    "Client": "Client",
    "ClientPortal": "ClientPortal",
    "ClioCreator": "ClioCreator",
    "ClioFileSubmissionsReport": "ClioFileSubmissionsReport",
    "ClioPaymentsLink": "ClioPaymentsLink",
    "ClioPaymentsPayment": "ClioPaymentsPayment",
    "Comment": "Comment",
    "Communication": "Communication",
    "CommunicationEmlFile": "CommunicationEmlFile",
    "ConferenceMeeting": "ConferenceMeeting",
    "Contact": "Contact",
    "ContingencyFee": "ContingencyFee",
    "Conversation": "Conversation",
    "ConversationMembership": "ConversationMembership",
    "ConversationMessage": "ConversationMessage",
    "CreditMemo": "CreditMemo",
    "Currency": "Currency",
    "CustomAction": "CustomAction",
    "CustomField": "CustomField",
    "CustomFieldMatterSelection": "CustomFieldMatterSelection",
    "CustomFieldSet": "CustomFieldSet",
    "CustomFieldSetAssociation": "CustomFieldSetAssociation",
    "CustomFieldValue": "CustomFieldValue",
    "Damage": "Damage",
    "Discount": "Discount",
    "Document": "Document",
    "DocumentArchive": "DocumentArchive",
    "DocumentAutomation": "DocumentAutomation",
    "DocumentCategory": "DocumentCategory",
    "DocumentTemplate": "DocumentTemplate",
    "DocumentVersion": "DocumentVersion",
    "EmailAddress": "EmailAddress",
    "Event": "Event",
    "EventMetrics": "EventMetrics",
    "EvergreenRetainer": "EvergreenRetainer",
    "ExpenseCategory": "ExpenseCategory",
    "ExternalProperty": "ExternalProperty",
    "Folder": "Folder",
    "Grant": "Grant",
    "GrantFundingSource": "GrantFundingSource",
    "Group": "Group",
    "InstantMessenger": "InstantMessenger",
    "Interest": "Interest",
    "InterestCharge": "InterestCharge",
    "Item": "Item",
    "JobTitle": "JobTitle",
    "Jurisdiction": "Jurisdiction",
    "JurisdictionsToTrigger": "JurisdictionsToTrigger",
    "KycFieldValue": "KycFieldValue",
    "LaukCivilCertificatedRate": "LaukCivilCertificatedRate",
    "LaukCivilControlledRate": "LaukCivilControlledRate",
    "LaukCriminalControlledRate": "LaukCriminalControlledRate",
    "LaukExpenseCategory": "LaukExpenseCategory",
    "LegalAidUkActivity": "LegalAidUkActivity",
    "LegalAidUkBill": "LegalAidUkBill",
    "LegalAidUkContact": "LegalAidUkContact",
    "LegalAidUkMatter": "LegalAidUkMatter",
    "Lien": "Lien",
    "LineItem": "LineItem",
    "LineItemTotals": "LineItemTotals",
    "LinkedFolder": "LinkedFolder",
    "LogEntry": "LogEntry",
    "Matter": "Matter",
    "MatterBalance": "MatterBalance",
    "MatterBillRecipient": "MatterBillRecipient",
    "MatterBudget": "MatterBudget",
    "MatterContacts": "MatterContacts",
    "MatterCustomRate": "MatterCustomRate",
    "MatterDocket": "MatterDocket",
    "MatterStage": "MatterStage",
    "MedicalBill": "MedicalBill",
    "MedicalRecord": "MedicalRecord",
    "MedicalRecordsRequest": "MedicalRecordsRequest",
    "Multipart": "Multipart",
    "MultipartHeader": "MultipartHeader",
    "MyEvent": "MyEvent",
    "Note": "Note",
    "NotificationEventSubscriber": "NotificationEventSubscriber",
    "NotificationMethod": "NotificationMethod",
    "OutstandingClientBalance": "OutstandingClientBalance",
    "Participant": "Participant",
    "Payment": "Payment",
    "PaymentProfile": "PaymentProfile",
    "PhoneNumber": "PhoneNumber",
    "PicklistOption": "PicklistOption",
    "PolymorphicCustomRate": "PolymorphicCustomRate",
    "PolymorphicCustomRate_ActivityDescription": "PolymorphicCustomRateActivityDescription",
    "PolymorphicCustomRate_Group": "PolymorphicCustomRateGroup",
    "PolymorphicCustomRate_User": "PolymorphicCustomRateUser",
    "PolymorphicObject": "PolymorphicObject",
    "PracticeArea": "PracticeArea",
    "RelatedContacts": "RelatedContacts",
    "Relationship": "Relationship",
    "Reminder": "Reminder",
    "ReminderTemplate": "ReminderTemplate",
    "Report": "Report",
    "ReportPreset": "ReportPreset",
    "ReportSchedule": "ReportSchedule",
    "ServiceType": "ServiceType",
    "SplitInvoice": "SplitInvoice",
    "SplitInvoicePayer": "SplitInvoicePayer",
    "Task": "Task",
    "TaskTemplate": "TaskTemplate",
    "TaskTemplateList": "TaskTemplateList",
    "TaskTemplateListInstace": "TaskTemplateListInstance",
    "TaskType": "TaskType",
    "TextSnippet": "TextSnippet",
    "Timer": "Timer",
    "TrustLineItem": "TrustLineItem",
    "TrustRequest": "TrustRequest",
    "UnredactedParticipant": "UnredactedParticipant",
    "User": "User",
    "UtbmsCode": "UtbmsCode",
    "UtbmsSet": "UtbmsSet",
    "WebSite": "WebSite",
    "Webhook": "Webhook",
}

MODULES: dict[str, str] = {
    "Account": "users",
    "AccountBalance": "shared",
    "Activity": "activities",
    "ActivityCalendarEntry": "activities",
    "ActivityDescription": "activity_descriptions",
    "ActivityDescriptionRate": "activity_descriptions",
    "ActivityRate": "activity_rates",
    "ActivityTask": "activities",
    "ActivityTextMessageConversation": "activities",
    "Address": "shared",
    "Allocation": "allocations",
    "Attendee": "calendar_entries",
    "AttorneyAllocation": "matters",
    "Avatar": "shared",
    "Balance": "shared",
    "BankAccount": "bank_accounts",
    "BankTransaction": "bank_transactions",
    "BankTransfer": "bank_transfers",
    "Bill": "bills",
    "BillRecipient": "shared",
    "BillRecipientContact": "shared",
    "BillTheme": "bill_themes",
    "BillableClient": "billable_clients",
    "BillableMatter": "billable_matters",
    "BillingSetting": "billing_settings",
    "Calendar": "calendars",
    "CalendarEntry": "calendar_entries",
    "CalendarEntryEventType": "calendar_entry_event_types",
    "CalendarVisibility": "task_calendars",
    "CascadingTask": "shared",
    "CascadingTaskTemplate": "task_templates",
    "Client": "matter_client",
    "ClientPortal": "activities",
    "ClioCreator": "shared",
    "ClioFileSubmissionsReport": "clio_file_submissions_reports",
    "ClioPaymentsLink": "clio_payments_links",
    "ClioPaymentsPayment": "clio_payments_payments",
    "Comment": "comments",
    "Communication": "communications",
    "CommunicationEmlFile": "communications",
    "ConferenceMeeting": "calendar_entries",
    "Contact": "contacts",
    "ContingencyFee": "matters",
    "Conversation": "conversations",
    "ConversationMembership": "conversations",
    "ConversationMessage": "conversation_messages",
    "CreditMemo": "credit_memos",
    "Currency": "currencies",
    "CustomAction": "custom_actions",
    "CustomField": "custom_fields",
    "CustomFieldMatterSelection": "shared",
    "CustomFieldSet": "custom_field_sets",
    "CustomFieldSetAssociation": "shared",
    "CustomFieldValue": "shared",
    "Damage": "damages",
    "Discount": "shared",
    "Document": "documents",
    "DocumentArchive": "document_archives",
    "DocumentAutomation": "document_automations",
    "DocumentCategory": "document_categories",
    "DocumentTemplate": "document_templates",
    "DocumentVersion": "document_versions",
    "EmailAddress": "contact_email_addresses",
    "Event": "my_events",
    "EventMetrics": "event_metrics",
    "EvergreenRetainer": "matters",
    "ExpenseCategory": "expense_categories",
    "ExternalProperty": "shared",
    "Folder": "folders",
    "Grant": "grants",
    "GrantFundingSource": "grant_funding_sources",
    "Group": "groups",
    "InstantMessenger": "contacts",
    "Interest": "bills",
    "InterestCharge": "interest_charges",
    "Item": "shared",
    "JobTitle": "users",
    "Jurisdiction": "jurisdictions",
    "JurisdictionsToTrigger": "jurisdiction_triggers",
    "KycFieldValue": "shared",
    "LaukCivilCertificatedRate": "lauk_civil_certificated_rates",
    "LaukCivilControlledRate": "lauk_civil_controlled_rates",
    "LaukCriminalControlledRate": "lauk_criminal_controlled_rates",
    "LaukExpenseCategory": "lauk_expense_categories",
    "LegalAidUkActivity": "activities",
    "LegalAidUkBill": "bills",
    "LegalAidUkContact": "contacts",
    "LegalAidUkMatter": "matters",
    "Lien": "medical_bills",
    "LineItem": "line_items",
    "LineItemTotals": "line_items",
    "LinkedFolder": "shared",
    "LogEntry": "log_entries",
    "Matter": "matters",
    "MatterBalance": "bills",
    "MatterBillRecipient": "matters",
    "MatterBudget": "matters",
    "MatterContacts": "matter_contacts",
    "MatterCustomRate": "matters",
    "MatterDocket": "matter_dockets",
    "MatterStage": "matter_stages",
    "MedicalBill": "medical_bills",
    "MedicalRecord": "medical_records",
    "MedicalRecordsRequest": "medical_records_details",
    "Multipart": "document_versions",
    "MultipartHeader": "document_versions",
    "MyEvent": "my_events",
    "Note": "notes",
    "NotificationEventSubscriber": "shared",
    "NotificationMethod": "shared",
    "OutstandingClientBalance": "outstanding_client_balances",
    "Participant": "shared",
    "Payment": "shared",
    "PaymentProfile": "contacts",
    "PhoneNumber": "contact_phone_numbers",
    "PicklistOption": "shared",
    "PolymorphicCustomRate": "matters",
    "PolymorphicCustomRateActivityDescription": "matters",
    "PolymorphicCustomRateGroup": "matters",
    "PolymorphicCustomRateUser": "matters",
    "PolymorphicObject": "shared",
    "PracticeArea": "practice_areas",
    "RelatedContacts": "matter_related_contacts",
    "Relationship": "relationships",
    "Reminder": "reminders",
    "ReminderTemplate": "task_templates",
    "Report": "reports",
    "ReportPreset": "report_presets",
    "ReportSchedule": "report_schedules",
    "ServiceType": "service_types",
    "SplitInvoice": "bills",
    "SplitInvoicePayer": "matters",
    "Task": "tasks",
    "TaskTemplate": "task_templates",
    "TaskTemplateList": "task_template_lists",
    "TaskTemplateListInstance": "matters",
    "TaskType": "task_types",
    "TextSnippet": "text_snippets",
    "Timer": "timer",
    "TrustLineItem": "trust_line_items",
    "TrustRequest": "trust_requests",
    "UnredactedParticipant": "shared",
    "User": "users",
    "UtbmsCode": "utbms_codes",
    "UtbmsSet": "utbms_sets",
    "WebSite": "shared",
    "Webhook": "webhooks",
}


def __getattr__(name: str) -> Any:
    if name not in MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f".{MODULES[name]}", __name__), name)
    globals()[name] = found
    return found
