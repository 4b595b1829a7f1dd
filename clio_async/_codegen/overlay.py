"""What the OpenAPI document gets wrong or does not say. Every entry says why.

Patterns match with `fnmatch`: schemas by ``Schema.field`` (without ``_base``), operations by ``Resource#action``.
Sources: the documentation pages of https://docs.developers.clio.com/api-docs/ and answers seen in the field.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ..models.schema import Answer, Kind, Unit

# -- names --------------------------------------------------------------------------------------------------------

RESOURCE_NAMES: Final = {
    # The rule is the path with its slashes as underscores. These would read badly or lose their owner's singular.
    "/settings/billing": "billing_settings",
    "/settings/text_snippets": "text_snippets",
    "/internal_notifications/my_events": "my_events",
    "/internal_notifications/event_metrics": "event_metrics",
    "/contacts/{contact_id}/email_addresses": "contact_email_addresses",
    "/contacts/{contact_id}/phone_numbers": "contact_phone_numbers",
    "/matters/{matter_id}/client": "matter_client",
    "/matters/{matter_id}/contacts": "matter_contacts",
    "/matters/{matter_id}/related_contacts": "matter_related_contacts",
    "/documents/{id}/versions": "document_versions",
    "/court_rules/jurisdictions": "jurisdictions",
    "/court_rules/jurisdictions/{jurisdiction_id}/triggers": "jurisdiction_triggers",
    "/court_rules/matter_dockets": "matter_dockets",
    "/court_rules/service_types": "service_types",
    "/clio_file/submissions_reports": "clio_file_submissions_reports",
}

ACTIONS: Final = {"index": "list", "show": "get", "create": "create", "update": "update", "destroy": "delete"}
OPERATION_ACTIONS: Final = {
    # `list` would hide the regular index of folders: this one returns folders and documents together.
    "Folder#list": "list_items",
}

HAND_WRITTEN: Final = (
    "document_archives",
    "document_automations",
    "document_templates",
    "documents",
    "report_presets",
    "reports",
    "webhooks",
)
"""Resources whose class in `clio_async.resources` adds to the generated one what no rule covers."""

BY_HAND: Final = ("Webhook#activate",)
"""Operations without a generated verb: what they take is not in the document."""

VERBS: Final = {
    # A redirect to a signed address: the verb says what it gives.
    "download": "download_url",
    "MatterDocket#preview": "preview_url",
}

RECORD_NAMES: Final = {
    # A typing error in the document; the wire never shows it.
    "TaskTemplateListInstace": "TaskTemplateListInstance",
}

# -- schemas ------------------------------------------------------------------------------------------------------

KINDS: Final[Mapping[str, Kind]] = {
    # The value of a custom field has the type of its definition: number, string, boolean.
    "CustomFieldValue.value": "json",
    # Money that the document calls whole.
    "Bill.*taxable_sub_total": "decimal",
    "ExpenseCategory.rate": "decimal",
    "LegalAidUkBill.profit_costs_ex_vat": "decimal",
    # An id that the document calls a number with a fraction.
    "BankAccount.currency_id": "integer",
}

ENUMS: Final[Mapping[str, tuple[str, ...]]] = {
    # The document has the values of the one under the name of the other; those of templates are right.
    "Task#*.cascading_offset_polarity": ("Before", "After"),
    "Task#*.cascading_offset_type": (
        "CalendarDays",
        "CalendarWeeks",
        "CalendarMonths",
        "CalendarYears",
        "BusinessDays",
    ),
    # What an archive is made of, in words (https://docs.developers.clio.com/api-reference/, Document Archives).
    "DocumentArchive#create.items.type": ("Document", "Folder"),
}

UNITS: Final[Mapping[str, Unit]] = {
    # Seconds since version 4.0.4 (https://docs.developers.clio.com/api-docs/api-changelog); of a time entry only: what
    # an expense counts are pieces.
    "Activity.quantity": "seconds",
    "Activity.rounded_quantity": "seconds",
    "Activity.*quantity_in_hours": "hours",
    # A line of a bill counts hours under the same name, if it is a service. (The sum of several lines, in
    # `LineItemTotals`, adds up hours and pieces.)
    "LineItem.quantity": "hours",
    "*.unbilled_hours": "hours",
    "Timer.elapsed_time": "hours",
}

NEVER_NULL: Final = (
    # The document knows no null at all; answers hold nulls everywhere but here.
    "*.id",
    "*.etag",
    "Matter.display_number",
    "User.name",
    "Contact.type",
)
MAYBE_NULL: Final = (
    # A custom field that is displayed by default and was never set has a value without an id.
    "CustomFieldValue.id",
)

DERIVED: Final = (
    # Sums and balances follow payments, bills and activities, which have tags of their own.
    "*.*balance*",
    "*.unbilled_*",
    "*.amount_in_trust",
    "Bill.*total*",
    "Bill.*paid*",
    "Bill.pending",
    "Bill.due",
    "Bill.state",
    "Bill.credits_issued",
    "Bill.tax_sum",
    "Bill.secondary_tax_sum",
    "Bill.services_*",
    "Bill.can_update",
    "Bill.available_state_transitions",
    "OutstandingClientBalance.*",
    "InterestCharge.total",
    "Interest.*",
    "EventMetrics.*",
    # Counts and flags about other records.
    "*.*_count",
    "Matter.has_tasks",
    "Matter.last_activity_date",
    "Allocation.has_online_payment",
    "Contact.is_*",
    "Client.is_*",
    "MatterContacts.is_*",
    "RelatedContacts.is_*",
    "Activity.billed",
    "Activity.on_bill",
    "ReportPreset.last_generated_at",
    # Addresses and numbers are records of their own, nested in the contact.
    "Contact.primary_*",
    "Contact.secondary_*",
    # Settings of the user who asks.
    "Calendar.permission",
    "Calendar.visible",
    "CalendarEntry.permission",
    "CalendarVisibility.*",
    "Conversation.read",
    "Conversation.current_user_is_member",
    "Activity.quantity_redacted",
    # Time that runs, and work in progress.
    "Timer.elapsed_time",
    "*.progress",
    "Report.state",
    "DocumentArchive.state",
    "DocumentAutomation.state",
)

NOT_DERIVED: Final = ("*.id", "*.etag", "*.created_at", "*.updated_at", "*.type", "*.name")

READ_IN_FULL: Final = (
    # Records that are hardly of use without what is derived: their default selection holds it all, and is never
    # validated by the record's tag.
    "Bill",
    "Timer",
    "BillableClient",
    "BillableMatter",
    "OutstandingClientBalance",
    "Report",
    "DocumentArchive",
    "DocumentAutomation",
    "BankAccount",
    "CalendarVisibility",
    "EventMetrics",
    "InterestCharge",
)

DEFAULTS: Final = {
    # What Clio answers without `fields`, beyond id and etag (https://docs.developers.clio.com/api-docs/fields).
    "Matter": ("display_number",),
    "User": ("name",),
    # It stands at the second level of custom field values, where braces are refused, and brings its label.
    "PicklistOption": ("option",),
}

ATOMS: Final = {
    # What belongs together: whoever changes one has decided on all. Rates and states never merge by halves.
    # No attribute is in two groups.
    "Activity": (
        ("quantity", "price", "flat_rate", "no_charge", "non_billable", "activity_description"),
        ("type", "expense_category", "utbms_expense"),
        ("matter", "user", "date"),
        # It is about one of them.
        ("calendar_entry", "communication", "contact_note", "matter_note", "task", "text_message_conversation"),
    ),
    "ActivityDescription": (("rate", "currency"),),
    "ActivityRate": (("rate", "flat_rate"),),
    "BankAccount": (("account_number", "domicile_branch", "institution", "swift", "transit_number"),),
    "BankTransaction": (
        ("amount", "bank_account", "bank_account_transaction_type", "currency", "exchange_rate", "transaction_type"),
    ),
    # Whoever issues a bill has seen what it comes to.
    "Bill": (("state", "issued_at", "due_at", "tax_rate", "secondary_tax_rate", "discount", "interest", "total"),),
    "CalendarEntry": (
        ("start_at", "end_at", "all_day", "recurrence_rule", "start_date", "start_time", "end_date", "end_time"),
    ),
    "Contact": (
        ("name", "first_name", "middle_name", "last_name", "prefix", "type"),
        ("co_counsel_rate", "currency"),
    ),
    "DocumentTemplate": (("file", "filename"),),
    "ExpenseCategory": (("rate", "currency", "entry_type"),),
    "LineItem": (("quantity", "price", "discount"), ("taxable", "secondary_taxable")),
    "Matter": (
        ("status", "open_date", "pending_date", "close_date"),
        # Stages belong to areas.
        ("matter_stage", "practice_area"),
        ("custom_rate", "billing_method", "billable", "currency", "split_invoice_payers"),
    ),
    "MedicalBill": (("amount", "adjustment", "balance", "mark_balance_type_as", "payers"),),
    "MedicalRecord": (("start_date", "end_date"),),
    "MedicalRecordsRequest": (
        ("bills_status", "bills_request_date", "bills_follow_up_date"),
        ("records_status", "records_request_date", "records_follow_up_date"),
        ("treatment_start_date", "treatment_end_date", "in_treatment"),
    ),
    "Note": (("detail", "detail_text_type"),),
    "Reminder": (("duration", "duration_value", "duration_unit"),),
    "ReportPreset": (("kind", "format", "options"),),
    "ReportSchedule": (
        (
            "frequency",
            "every_no_of_months",
            "day_of_month",
            "days_of_week",
            "effective_from",
            "time_of_day",
            "time_zone",
        ),
    ),
    "Task": (
        ("status", "completed_at"),
        ("description", "description_text_type"),
        # A due date may follow from another task's.
        (
            "due_at",
            "cascading",
            "cascading_offset",
            "cascading_offset_polarity",
            "cascading_offset_type",
            "cascading_source",
        ),
    ),
    "TaskTemplate": (
        ("description", "description_text_type"),
        (
            "cascading",
            "cascading_offset",
            "cascading_offset_polarity",
            "cascading_offset_type",
            "cascading_source",
        ),
    ),
    "TextSnippet": (("phrase", "snippet", "whole_word"),),
    "Webhook": (("model", "fields", "events"),),
}

NEVER_MERGED: Final = {
    # What is charged, and where a bill stands: whoever sets it has seen the record as a whole, so that no change of
    # anybody else is taken for one that does not matter to it.
    "Activity": ("price",),
    "ActivityDescription": ("rate",),
    "ActivityRate": ("rate", "flat_rate"),
    "BankTransaction": ("exchange_rate",),
    "Bill": ("state", "tax_rate", "secondary_tax_rate", "discount", "interest"),
    "Contact": ("co_counsel_rate",),
    "ExpenseCategory": ("rate",),
    "LineItem": ("price", "discount"),
    "Matter": ("custom_rate",),
}

PROPERTIES: Final = {
    # What a record says of itself beyond its attributes: name, annotation, the function of models.derived, docstring.
    "Activity": (
        ("duration", "dt.timedelta | None", "duration", "`quantity` of a time entry, as a `timedelta`."),
        (
            "rounded_duration",
            "dt.timedelta | None",
            "rounded_duration",
            "`rounded_quantity` of a time entry, as a `timedelta`.",
        ),
    ),
    "LineItem": (("duration", "dt.timedelta | None", "duration", "`quantity` of a service, as a `timedelta`."),),
    "Matter": (("custom_fields", "CustomFieldsView", "custom_fields", "Its custom fields, by their names."),),
    "Contact": (("custom_fields", "CustomFieldsView", "custom_fields", "Its custom fields, by their names."),),
}

KIND_ALIASES: Final = {"Person": "Contact", "Company": "Contact", "Client": "Contact"}

COLLECTIONS: Final = {
    # Other views of the same records. (A schema whose `type` names other schemas belongs to all of theirs by rule.)
    "Client": "/contacts",
    "BillableClient": "/contacts",
    "BillableMatter": "/matters",
    "MatterContacts": "/contacts",
    "RelatedContacts": "/contacts",
    "BillRecipient_Contact": "/contacts",
    "ClioCreator": "/users",
    "Activity_CalendarEntry": "/calendar_entries",
    "Activity_Task": "/tasks",
    "Activity_TextMessageConversation": "/conversations",
    "PolymorphicCustomRate_User": "/users",
    "PolymorphicCustomRate_Group": "/groups",
    "PolymorphicCustomRate_ActivityDescription": "/activity_descriptions",
    "CustomFieldMatterSelection": "/matters",
    "PicklistOption": "/custom_fields",
    "CascadingTask": "/tasks",
}

# -- operations ---------------------------------------------------------------------------------------------------

ANSWERS: Final[Mapping[str, Answer]] = {
    # The document promises a record, the path and a schema that nothing refers to promise bare ids.
    "BillableMatter#ids": "ids",
    # A whole HTML page.
    "Bill#preview": "text",
    # The document forgets the envelopes of this resource; the parameters are those of a list.
    "CalendarEntryEventType#index": "list",
}

DROPPED_PARAMETERS: Final = {
    # The id of the path, declared a second time.
    "DocumentVersion#index": ("id",),
}

FILTER_KINDS: Final[Mapping[str, Kind]] = {
    # Days that the document calls instants.
    "Activity#index.start_date": "date",
    "Activity#index.end_date": "date",
    "MedicalRecordsRequest#index.treatment_*": "date",
    "MatterDocket#preview.start_date": "date",
    "ClioFile::Submission#index.submitted_*": "date",
    "Communication#index.received_before": "date",
    "Communication#index.received_since": "date",
    "Report#index.created_before": "date",
    # A word (Payment, CreditMemo) by what it says, a number by its type.
    "Allocation#index.parent_type": "json",
    # An occurrence of a recurring entry is known by a text.
    "CalendarEntry#index.ids": "json",
    # A search text.
    "Bill#index.query": "string",
    # Compared values: what the document lists as an enum are operators.
    "*.open_date": "date",
    "*.close_date": "date",
    "*.pending_date": "date",
    "*.custom_field_values": "json",
}

COMPARISONS: Final = ("*.open_date", "*.close_date", "*.pending_date", "*.custom_field_values")

COMMA_LISTS: Final = (
    # `status=open,pending` is one value for Clio.
    "Matter#index.status",
)

WITHOUT_OFFSET: Final = (
    # It answers an offset with 400.
    "Folder#list",
)

REQUIRED: Final = (
    # What the document requires counts only where something else says so, too: it also requires both owners of a note
    # that can have one, and one assignee of a task that may have several. Anything else is left to Clio, whose answer
    # is then an error like any other.
    # Lists and previews of which Clio makes nothing without it (https://docs.developers.clio.com/api-reference/):
    "Note#index.type",
    "ConversationMessage#index.conversation_id",
    "MatterDocket#preview.*",
    "LaukExpenseCategory#index.region",
    # A record that is nothing without its name or text:
    "*#create.name",
    "Comment#create.message",
    "TextSnippet#create.phrase",
    "TextSnippet#create.snippet",
    # What says which kind of record it is to be:
    "Activity#create.type",
    "Contact#create.type",
    "CustomField#create.field_type",
    "CustomField#create.parent_type",
    "Note#create.type",
    "Report#create.format",
    "Report#create.kind",
    "ReportPreset#create.format",
    "ReportPreset#create.kind",
    # What it belongs to (https://docs.developers.clio.com/api-reference/, the prose of each):
    "CalendarEntry#create.calendar_owner",
    "Comment#create.item",
    "Document#copy.parent",
    "Document#create.parent",
    "Folder#create.parent",
    "Matter#create.client",
    "Reminder#create.subject",
    "Timer#create.activity",
    # A matter is described, a task, too; an entry has a beginning and an end.
    "Matter#create.description",
    "Task#create.description",
    "CalendarEntry#create.start_at",
    "CalendarEntry#create.end_at",
    "CalendarEntry#create.summary",
    # What a call or letter is dated by, in the place of the `date` of earlier documents.
    "Communication#create.received_at",
    # https://docs.developers.clio.com/guides/clio-manage/webhooks/
    "Webhook#create.fields",
    "Webhook#create.model",
    "Webhook#create.url",
    # What is to be put together.
    "DocumentArchive#create.items",
    "DocumentAutomation#create.document_template",
    "DocumentAutomation#create.matter",
    # Which kind of record an id is of, where several may stand: the numbers of matters and folders overlap.
    "Document#*.parent.type",
    "DocumentArchive#create.items.type",
    "Folder#create.parent.type",
    "Reminder#create.subject.type",
    "Task#create.assignee.type",
    # A row of a collection that names nothing: Clio would make an empty one, or refuse the whole record.
    "*#create.*.id",
    "*#create.custom_field_values.custom_field",
    "*#create.relationships.contact",
)

NOT_REQUIRED: Final = (
    # A person is named by `first_name` and `last_name`, which Clio would rather have than a name that it has to split.
    "Contact#create.name",
)

NEVER_CLEARED: Final = (
    # Clio answers 200 to null and changes nothing. (The document forbids it by the id; newer ones may not say so.)
    "Matter#*.originating_attorney",
    "Matter#*.responsible_attorney",
    "Matter#*.responsible_staff",
)

UNITS_OF_WRITES: Final[Mapping[str, Unit]] = {
    # Seconds since version 4.0.4 (https://docs.developers.clio.com/api-docs/api-changelog).
    "Activity#*.quantity": "seconds",
    # The same name, and 3600 times as much.
    "LineItem#*.quantity": "hours",
}

MAY_BE_IGNORED: Final = (
    # On lines that stand for a billed activity Clio answers 200 and leaves them as they were.
    "LineItem#update.quantity",
    "LineItem#update.price",
    "Activity#update.quantity",
    "Activity#update.price",
)

BODY_KINDS: Final[Mapping[str, Kind]] = {
    # The kind of an item is a word (Document, Folder); the document calls it a number.
    "DocumentArchive#create.items.type": "string",
    # Values have the type of the custom field's definition.
    "*.custom_field_values.value": "json",
    # Kind and number, as in `text_line-1`: not the id of the definition.
    "*.custom_field_values.id": "string",
    # Days and instants that the document mistakes for each other, or for texts; answers have them right.
    "Communication#*.received_at": "datetime",
    "Task#*.due_at": "date",
    "TaskType#*.deleted_at": "datetime",
    # Ids of users, as everywhere else.
    "*.notification_event_subscribers.user_id": "integer",
    # Numbers, and in recurring entries texts.
    "*.calendar_entry.id": "json",
    # As in answers.
    "LineItem#update.discount.type": "string",
    "CalendarVisibility#update.visible": "boolean",
    # Money, as in the request as a whole.
    "TrustRequest#create.matter.trust_amount": "decimal",
}

EXTRA_OPERATIONS: Final[tuple[dict[str, Any], ...]] = (
    # Answers the handshake of a webhook later than at once (https://docs.developers.clio.com/guides/clio-manage/webhooks/).
    {
        "id": "Webhook#activate",
        "resource": "webhooks",
        "action": "activate",
        "method": "PUT",
        "path": "/webhooks/{id}/activate.json",
        "status": 200,
        "answer": "empty",
    },
)

STATE_MACHINE_DELETES: Final = (
    # Deletes a draft, voids an issued bill: a second try is another act.
    "Bill#destroy",
    # Names no record: a second try may remove a timer that somebody has started since.
    "Timer#destroy",
)
