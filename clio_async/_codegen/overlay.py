"""What the OpenAPI document gets wrong or does not say. Every entry says why.

Patterns match with `fnmatch`: schemas by ``Schema.field`` (without ``_base``), operations by ``Resource#action``.
Sources: the documentation pages of https://docs.developers.clio.com/api-docs/ and answers seen in the field.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ..models.schema import Answer

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

RECORD_NAMES: Final = {
    # A typing error in the document; the wire never shows it.
    "TaskTemplateListInstace": "TaskTemplateListInstance",
}

# -- schemas ------------------------------------------------------------------------------------------------------

KINDS: Final = {
    # The value of a custom field has the type of its definition: number, string, boolean.
    "CustomFieldValue.value": "json",
    "CustomFieldMatterSelection.value": "json",
    "KycFieldValue.value": "json",
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

NOT_DERIVED: Final = ("*.id", "*.etag", "*.created_at", "*.updated_at", "*.type", "*.name", "*.clio_payment*")

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
}

KIND_ALIASES: Final = {"Person": "Contact", "Company": "Contact", "Client": "Contact"}

COLLECTIONS: Final = {
    # Other views of the same records. (A schema whose `type` names other schemas belongs to all of theirs by rule.)
    "Client": "/contacts",
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
}

DROPPED_PARAMETERS: Final = {
    # The id of the path, declared a second time.
    "DocumentVersion#index": ("id",),
}

FILTER_KINDS: Final = {
    # Days that the document calls instants.
    "Activity#index.start_date": "date",
    "Activity#index.end_date": "date",
    "MedicalRecordsRequest#index.treatment_*": "date",
    "MatterDocket#preview.start_date": "date",
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

OPTIONAL_ATTRIBUTES: Final = {
    # Persons are named by first and last name; `name` is split by guesswork (https://docs.developers.clio.com).
    "Contact#create": ("name",),
    # One of the two, as the type says.
    "Note#create": ("contact", "matter"),
    # One of `assignee` and `assignees`.
    "Task#create": ("assignee",),
}

BODY_KINDS: Final = {
    # The kind of an item is a word (Document, Folder); the document calls it a number.
    "DocumentArchive#create.items.type": "string",
    # Values have the type of the custom field's definition.
    "*.custom_field_values.value": "json",
    # Kind and number, as in `text_line-1`: not the id of the definition.
    "*.custom_field_values.id": "string",
    "*.kyc_field_values.value": "json",
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
)
