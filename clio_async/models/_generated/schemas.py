# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The schemas of Clio's API: the fields of each, one to a line."""

# ruff: noqa: E501
from __future__ import annotations

SCHEMAS: dict[str, str] = {
    "Account": """\
id integer !
etag etag !
name string
state string
created_at datetime
updated_at datetime
owner -> User_base""",
    "AccountBalance_base": """\
id integer !
balance decimal ~
type string
name string
currency_id integer""",
    "Account_base": """\
id integer !
etag etag !
name string
state string
created_at datetime
updated_at datetime""",
    "Activity": """\
id integer !
etag etag !
type string : TimeEntry|ExpenseEntry|HardCostEntry|SoftCostEntry
date date
quantity_in_hours decimal hours
rounded_quantity_in_hours decimal hours
quantity decimal seconds
rounded_quantity decimal seconds
quantity_redacted boolean ~
price decimal
note string
flat_rate boolean
billed boolean ~
on_bill boolean ~
total decimal
contingency_fee boolean
created_at datetime
updated_at datetime
reference string
non_billable boolean
non_billable_total decimal
no_charge boolean
tax_setting string : no_tax|tax_1_only|tax_2_only|tax_1_and_tax_2
currency -> Currency_base
activity_description -> ActivityDescription_base
expense_category -> ExpenseCategory_base
bill -> Bill_base
communication -> Communication_base
client_portal -> ClientPortal_base
matter -> Matter_base
matter_note -> Note_base
contact_note -> Note_base
subject -> PolymorphicObject_base
timer -> Timer_base
user -> User_base
utbms_expense -> UtbmsCode_base
vendor -> Contact_base
calendar_entry -> Activity_CalendarEntry_base
task -> Activity_Task_base
text_message_conversation -> Activity_TextMessageConversation_base
document_version -> DocumentVersion_base
legal_aid_uk_activity -> LegalAidUkActivity_base""",
    "ActivityDescription": """\
id integer !
etag etag !
name string
visible_to_co_counsel boolean
created_at datetime
updated_at datetime
default boolean
type string
utbms_activity_id integer
utbms_task_name string
utbms_task_id integer
xero_service_code string
accessible_to_user boolean
category_type string
currency -> Currency_base
groups => Group_base
rate -> ActivityDescriptionRate_base
utbms_task -> UtbmsCode_base
utbms_activity -> UtbmsCode_base""",
    "ActivityDescriptionRate_base": """\
amount decimal
non_billable_amount decimal
type string : User|FlatRate|Custom
hierarchy string : Default|Activity|Matter|Client""",
    "ActivityDescription_base": """\
id integer !
etag etag !
name string
visible_to_co_counsel boolean
created_at datetime
updated_at datetime
default boolean
type string
utbms_activity_id integer
utbms_task_name string
utbms_task_id integer
xero_service_code string
accessible_to_user boolean
category_type string
currency object""",
    "ActivityRate": """\
id integer !
etag etag !
rate decimal
flat_rate boolean
created_at datetime
updated_at datetime
contact_id integer
co_counsel_contact_id integer
user -> User_base
group -> Group_base""",
    "ActivityRate_base": """\
id integer !
etag etag !
rate decimal
flat_rate boolean
created_at datetime
updated_at datetime
contact_id integer
co_counsel_contact_id integer""",
    "Activity_CalendarEntry_base": """\
id string !
etag etag !
calendar_owner_id integer""",
    "Activity_Task_base": """\
id integer !
etag etag !""",
    "Activity_TextMessageConversation_base": """\
id integer !
etag etag !""",
    "Activity_base": """\
id integer !
etag etag !
type string : TimeEntry|ExpenseEntry|HardCostEntry|SoftCostEntry
date date
quantity_in_hours decimal hours
rounded_quantity_in_hours decimal hours
quantity decimal seconds
rounded_quantity decimal seconds
quantity_redacted boolean ~
price decimal
note string
flat_rate boolean
billed boolean ~
on_bill boolean ~
total decimal
contingency_fee boolean
created_at datetime
updated_at datetime
reference string
non_billable boolean
non_billable_total decimal
no_charge boolean
tax_setting string : no_tax|tax_1_only|tax_2_only|tax_1_and_tax_2
currency object""",
    "Address": """\
id integer !
etag etag !
street string
city string
province string
postal_code string
country string
name string : Work|Home|Billing|Other
created_at datetime
updated_at datetime
primary boolean""",
    "Address_base": """\
id integer !
etag etag !
street string
city string
province string
postal_code string
country string
name string : Work|Home|Billing|Other
created_at datetime
updated_at datetime
primary boolean""",
    "Allocation": """\
id integer !
etag etag !
date date
amount decimal
interest boolean
voided_at datetime
created_at datetime
updated_at datetime
description string
has_online_payment boolean ~
destroyable boolean
payment_type string
bill -> Bill_base
source_bank_account -> BankAccount_base
destination_bank_account -> BankAccount_base
matter -> Matter_base
contact -> Contact_base
parent -> PolymorphicObject_base""",
    "Allocation_base": """\
id integer !
etag etag !
date date
amount decimal
interest boolean
voided_at datetime
created_at datetime
updated_at datetime
description string
has_online_payment boolean ~
destroyable boolean
payment_type string""",
    "Attendee_base": """\
id integer !
etag etag !
type string : Contact|Calendar
name string
enabled boolean
email string
created_at datetime
updated_at datetime""",
    "AttorneyAllocation_base": """\
id integer !
etag etag !
account_id integer
resource_id integer
resource_type string
originating_attorney_allocation decimal
responsible_attorney_allocation decimal
created_at datetime
updated_at datetime""",
    "Avatar_base": """\
id integer !
etag etag !
created_at datetime
updated_at datetime
url string
_destroy boolean""",
    "Balance": """\
id integer !
amount decimal
type string : Matter|Client
interest_amount decimal
due decimal""",
    "Balance_base": """\
id integer !
amount decimal
type string : Matter|Client
interest_amount decimal
due decimal""",
    "BankAccount": """\
account_number string
balance decimal ~
bank_transactions_count integer ~
clio_payment_page_link string
clio_payment_page_qr_code string
clio_payments_enabled boolean
controlled_account boolean
created_at datetime
currency string
currency_symbol string
currency_id integer
default_account boolean
domicile_branch string
etag etag !
general_ledger_number string
holder string
id integer !
institution string
name string
swift string
transit_number string
type string : Operating|Trust
updated_at datetime
user -> User_base""",
    "BankAccount_base": """\
account_number string
balance decimal ~
bank_transactions_count integer ~
clio_payment_page_link string
clio_payment_page_qr_code string
clio_payments_enabled boolean
controlled_account boolean
created_at datetime
currency string
currency_symbol string
currency_id integer
default_account boolean
domicile_branch string
etag etag !
general_ledger_number string
holder string
id integer !
institution string
name string
swift string
transit_number string
type string : Operating|Trust
updated_at datetime""",
    "BankTransaction": """\
id integer !
type string
etag etag !
created_at datetime
updated_at datetime
bank_account_id integer
source string
confirmation string
date date
amount decimal
currency string
currency_id integer
description string
exchange_rate decimal
transaction_type string
funds_in decimal
funds_out decimal
clio_payments_transaction boolean
current_account_balance decimal ~
read_only_confirmation boolean
client -> Contact_base
matter -> Matter_base
bank_account -> BankAccount_base
bill -> Bill_base
allocation -> Allocation_base""",
    "BankTransaction_base": """\
id integer !
type string
etag etag !
created_at datetime
updated_at datetime
bank_account_id integer
source string
confirmation string
date date
amount decimal
currency string
currency_id integer
description string
exchange_rate decimal
transaction_type string
funds_in decimal
funds_out decimal
clio_payments_transaction boolean
current_account_balance decimal ~
read_only_confirmation boolean""",
    "BankTransfer": """\
id integer !
etag etag !
amount decimal
date datetime
description string
primary_authorizer string
secondary_authorizer string
created_at datetime
updated_at datetime
client -> Contact_base
destination_account -> BankAccount_base
matter -> Matter_base
source_account -> BankAccount_base""",
    "BankTransfer_base": """\
id integer !
etag etag !
amount decimal
date datetime
description string
primary_authorizer string
secondary_authorizer string
created_at datetime
updated_at datetime""",
    "Bill": """\
id integer !
etag etag !
number string
issued_at date
created_at datetime
due_at date
tax_rate decimal
secondary_tax_rate decimal
updated_at datetime
subject string
purchase_order string
type string : MatterBill|ClientBill
memo string
start_at date
end_at date
balance decimal ~
state string ~ : draft|awaiting_approval|awaiting_payment|paid|void|deleted
kind string : revenue_kind|summary_kind|trust_kind|aggregate_all|aggregate_split|aggregate_services|aggregate_expenses
total decimal ~
paid decimal ~
paid_at datetime ~
pending decimal ~
due decimal ~
discount_services_only string
can_update boolean ~
credits_issued decimal ~
shared boolean
last_sent_at datetime
services_secondary_tax decimal ~
services_sub_total decimal ~
services_tax decimal ~
services_taxable_sub_total decimal ~
services_secondary_taxable_sub_total decimal ~
taxable_sub_total decimal ~
secondary_taxable_sub_total decimal ~
sub_total decimal ~
tax_sum decimal ~
secondary_tax_sum decimal ~
total_tax decimal ~
available_state_transitions string[] ~ : awaiting_approval|awaiting_payment|paid|void|deleted
user -> User_base
client -> Contact_base
discount -> Discount_base
interest -> Interest_base
matters => Matter_base
group -> Group_base
bill_theme -> BillTheme_base
original_bill -> Bill_base
destination_account -> BankAccount_base
balances => Balance_base
matter_totals => MatterBalance_base
currency -> Currency_base
billing_setting -> BillingSetting_base
client_addresses => Address_base
legal_aid_uk_bill -> LegalAidUkBill_base
split_invoice -> SplitInvoice_base""",
    "BillRecipient": """\
created_at datetime
etag etag !
id integer !
on_all_matters boolean
updated_at datetime
recipient -> BillRecipient_Contact_base""",
    "BillRecipient_Contact_base": """\
id integer !
name string
first_name string
middle_name string
last_name string
type string : Company|Person
primary_email_address string""",
    "BillRecipient_base": """\
created_at datetime
etag etag !
id integer !
on_all_matters boolean
updated_at datetime""",
    "BillTheme": """\
id integer !
etag etag !
created_at datetime
updated_at datetime
account_id integer
default boolean
name string
config string""",
    "BillTheme_base": """\
id integer !
etag etag !
created_at datetime
updated_at datetime
account_id integer
default boolean
name string
config string""",
    "Bill_base": """\
id integer !
etag etag !
number string
issued_at date
created_at datetime
due_at date
tax_rate decimal
secondary_tax_rate decimal
updated_at datetime
subject string
purchase_order string
type string : MatterBill|ClientBill
memo string
start_at date
end_at date
balance decimal ~
state string ~ : draft|awaiting_approval|awaiting_payment|paid|void|deleted
kind string : revenue_kind|summary_kind|trust_kind|aggregate_all|aggregate_split|aggregate_services|aggregate_expenses
total decimal ~
paid decimal ~
paid_at datetime ~
pending decimal ~
due decimal ~
discount_services_only string
can_update boolean ~
credits_issued decimal ~
shared boolean
last_sent_at datetime
services_secondary_tax decimal ~
services_sub_total decimal ~
services_tax decimal ~
services_taxable_sub_total decimal ~
services_secondary_taxable_sub_total decimal ~
taxable_sub_total decimal ~
secondary_taxable_sub_total decimal ~
sub_total decimal ~
tax_sum decimal ~
secondary_tax_sum decimal ~
total_tax decimal ~
available_state_transitions string[] ~ : awaiting_approval|awaiting_payment|paid|void|deleted""",
    "BillableClient": """\
id integer !
unbilled_hours decimal ~ hours
unbilled_amount decimal ~
amount_in_trust decimal ~
name string
billable_matters_count integer ~
billable_matters => BillableMatter_base""",
    "BillableClient_base": """\
id integer !
unbilled_hours decimal ~ hours
unbilled_amount decimal ~
amount_in_trust decimal ~
name string
billable_matters_count integer ~""",
    "BillableMatter": """\
currency_code string
currency_id integer
id integer !
unbilled_hours decimal ~ hours
unbilled_amount decimal ~
amount_in_trust decimal ~
display_number string
client -> Contact_base""",
    "BillableMatter_base": """\
currency_code string
currency_id integer
id integer !
unbilled_hours decimal ~ hours
unbilled_amount decimal ~
amount_in_trust decimal ~
display_number string""",
    "BillingSetting": """\
id integer !
etag etag !
rounded_duration decimal
rounding integer
use_decimal_rounding boolean
currency string
currency_sign string
tax_rate decimal
tax_name string
apply_tax_by_default boolean
apply_secondary_tax_by_default boolean
time_on_flat_rate_contingency_matters_is_non_billable boolean
use_secondary_tax boolean
secondary_tax_rate decimal
secondary_tax_rule string : Pre|Post
secondary_tax_name string
notify_after_bill_created boolean
use_utbms_codes boolean
created_at datetime
updated_at datetime
multi_currency_billing boolean
billing_currencies object[]""",
    "BillingSetting_base": """\
id integer !
etag etag !
rounded_duration decimal
rounding integer
use_decimal_rounding boolean
currency string
currency_sign string
tax_rate decimal
tax_name string
apply_tax_by_default boolean
apply_secondary_tax_by_default boolean
time_on_flat_rate_contingency_matters_is_non_billable boolean
use_secondary_tax boolean
secondary_tax_rate decimal
secondary_tax_rule string : Pre|Post
secondary_tax_name string
notify_after_bill_created boolean
use_utbms_codes boolean
created_at datetime
updated_at datetime
multi_currency_billing boolean
billing_currencies object[]""",
    "Calendar": """\
id integer !
etag etag !
color string : #367B9C|#FFA5A4|#83D17F|#FFAC7B|#8E3F64|#C75300|#009CEC|#62D6B1|#9EEDCB|#F9A2C4|#616161|#BBDA81|#DFD3F8|#D6C4A5|#FFD478|#6AC9DE|#EABBB0|#BFC2E1|#DADADA|#CDE2F5
light_color string : #5DA5C7|#F95957|#209412|#FF7715|#DE649D|#FF6B02|#56C4FC|#00B177|#50D19B|#F14A8C|#A3A2A2|#84AB3B|#B091EE|#BD9E69|#F2A000|#00A5CA|#CB5A3D|#959CD0|#B0B0B0|#7BA6CD
court_rules_default_calendar boolean
name string
permission string ~ : owner|editor|viewer|limited_viewer|none
type string : AccountCalendar|AdhocCalendar|UserCalendar
visible boolean ~
created_at datetime
updated_at datetime
source string : web|mobile
creator -> User_base""",
    "CalendarEntry": """\
id string !
etag etag !
summary string
description string
location string
start_at datetime
start_date date
start_time string
end_at datetime
end_date date
end_time string
all_day boolean
recurrence_rule string
parent_calendar_entry_id integer
court_rule boolean
created_at datetime
updated_at datetime
permission string ~
calendar_owner_id integer
start_at_time_zone string
time_entries_count integer ~
time_entries => Activity_base
conference_meeting -> ConferenceMeeting_base
matter -> Matter_base
matter_docket -> MatterDocket_base
calendar_owner -> Calendar_base
parent_calendar_entry -> CalendarEntry_base
calendar_entry_event_type -> CalendarEntryEventType_base
attendees => Attendee_base
calendars => Calendar_base
reminders => Reminder_base
external_properties => ExternalProperty_base""",
    "CalendarEntryEventType": """\
id integer !
etag etag !
created_at datetime
updated_at datetime
color string : #367B9C|#FFA5A4|#83D17F|#FFAC7B|#8E3F64|#C75300|#009CEC|#62D6B1|#9EEDCB|#F9A2C4|#616161|#BBDA81|#DFD3F8|#D6C4A5|#FFD478|#6AC9DE|#EABBB0|#BFC2E1|#DADADA|#CDE2F5
name string""",
    "CalendarEntryEventType_base": """\
id integer !
etag etag !
created_at datetime
updated_at datetime
color string : #367B9C|#FFA5A4|#83D17F|#FFAC7B|#8E3F64|#C75300|#009CEC|#62D6B1|#9EEDCB|#F9A2C4|#616161|#BBDA81|#DFD3F8|#D6C4A5|#FFD478|#6AC9DE|#EABBB0|#BFC2E1|#DADADA|#CDE2F5
name string""",
    "CalendarEntry_base": """\
id string !
etag etag !
summary string
description string
location string
start_at datetime
start_date date
start_time string
end_at datetime
end_date date
end_time string
all_day boolean
recurrence_rule string
parent_calendar_entry_id integer
court_rule boolean
created_at datetime
updated_at datetime
permission string ~
calendar_owner_id integer
start_at_time_zone string
time_entries_count integer ~""",
    "CalendarVisibility": """\
id integer !
etag etag !
color string ~ : #658CDA|#DA6666|#49B050|#E7804C|#8C66DA|#C4A882|#64AD88|#84AAA5|#56BFB3|#E77399|#BFBF4B|#8BBF3C|#B473B4|#A7A77D|#F2A53D|#658CB3|#BE9494|#A992A9|#8897A5|#93A2BE
light_color string ~ : #5DA5C7|#F95957|#209412|#FF7715|#DE649D|#FF6B02|#56C4FC|#00B177|#50D19B|#F14A8C|#A3A2A2|#84AB3B|#B091EE|#BD9E69|#F2A000|#00A5CA|#CB5A3D|#959CD0|#B0B0B0|#7BA6CD
visible boolean ~
name string
created_at datetime
updated_at datetime""",
    "CalendarVisibility_base": """\
id integer !
etag etag !
color string ~ : #658CDA|#DA6666|#49B050|#E7804C|#8C66DA|#C4A882|#64AD88|#84AAA5|#56BFB3|#E77399|#BFBF4B|#8BBF3C|#B473B4|#A7A77D|#F2A53D|#658CB3|#BE9494|#A992A9|#8897A5|#93A2BE
light_color string ~ : #5DA5C7|#F95957|#209412|#FF7715|#DE649D|#FF6B02|#56C4FC|#00B177|#50D19B|#F14A8C|#A3A2A2|#84AB3B|#B091EE|#BD9E69|#F2A000|#00A5CA|#CB5A3D|#959CD0|#B0B0B0|#7BA6CD
visible boolean ~
name string
created_at datetime
updated_at datetime""",
    "Calendar_base": """\
id integer !
etag etag !
color string : #367B9C|#FFA5A4|#83D17F|#FFAC7B|#8E3F64|#C75300|#009CEC|#62D6B1|#9EEDCB|#F9A2C4|#616161|#BBDA81|#DFD3F8|#D6C4A5|#FFD478|#6AC9DE|#EABBB0|#BFC2E1|#DADADA|#CDE2F5
light_color string : #5DA5C7|#F95957|#209412|#FF7715|#DE649D|#FF6B02|#56C4FC|#00B177|#50D19B|#F14A8C|#A3A2A2|#84AB3B|#B091EE|#BD9E69|#F2A000|#00A5CA|#CB5A3D|#959CD0|#B0B0B0|#7BA6CD
court_rules_default_calendar boolean
name string
permission string ~ : owner|editor|viewer|limited_viewer|none
type string : AccountCalendar|AdhocCalendar|UserCalendar
visible boolean ~
created_at datetime
updated_at datetime
source string : web|mobile""",
    "CascadingTaskTemplate_base": """\
id integer !
name string""",
    "CascadingTask_base": """\
""",
    "Client": """\
id integer !
name string
first_name string
middle_name string
last_name string
type string : Company|Person
created_at datetime
updated_at datetime
prefix string
title string
initials string
is_matter_client boolean ~
primary_email_address string
primary_phone_number string
client_connect_user_id integer
date_of_birth date
avatar -> Avatar_base
company -> Contact_base
addresses => Address_base
email_addresses => EmailAddress_base
phone_numbers => PhoneNumber_base
web_sites => WebSite_base""",
    "ClientPortal_base": """\
id integer !
etag etag !
created_at datetime
updated_at datetime
unread_count integer ~
unread_notifiable_count integer ~""",
    "Client_base": """\
id integer !
name string
first_name string
middle_name string
last_name string
type string : Company|Person
created_at datetime
updated_at datetime
prefix string
title string
initials string
is_matter_client boolean ~
primary_email_address string
primary_phone_number string
client_connect_user_id integer
date_of_birth date""",
    "ClioCreator_base": """\
account_owner boolean
clio_connect boolean
court_rules_default_attendee boolean
default_calendar_id integer
email string
enabled boolean
etag etag !
id integer !
type string : ManageUser|ClientUser
initials string
first_name string
last_name string
name string
phone_number string
rate decimal
subscription_type string : Attorney|NonAttorney
time_zone string
roles string[]
created_at datetime
updated_at datetime""",
    "ClioFileSubmissionsReport": """\
id integer !
etag etag !""",
    "ClioFileSubmissionsReport_base": """\
id integer !
etag etag !""",
    "ClioPaymentsLink": """\
active boolean
amount decimal
created_at datetime
currency string
description string
email_address string
etag etag !
expires_at datetime
id integer !
is_allocated_as_revenue boolean
redirect_url string
url string
bank_account -> BankAccount_base
bill -> Bill_base
clio_payments_payment -> ClioPaymentsPayment_base
contact -> Contact_base
destination_account -> BankAccount_base
destination_contact -> Contact_base""",
    "ClioPaymentsLink_base": """\
active boolean
amount decimal
created_at datetime
currency string
description string
email_address string
etag etag !
expires_at datetime
id integer !
is_allocated_as_revenue boolean
redirect_url string
url string""",
    "ClioPaymentsPayment": """\
amount decimal
confirmation_number string
created_at datetime
currency string
deposit_as_revenue boolean
description string
email_address string
id integer !
state string : pending|authorized|completed|voided|failed|canceled|requires_confirmation|completed_requiring_allocation
updated_at datetime
bank_transaction -> BankTransaction_base
clio_payments_link -> ClioPaymentsLink_base
contact -> Contact_base
destination_account -> BankAccount_base
user -> User_base
allocations => Allocation_base
bills => Bill_base
matters => Matter_base""",
    "ClioPaymentsPayment_base": """\
amount decimal
confirmation_number string
created_at datetime
currency string
deposit_as_revenue boolean
description string
email_address string
id integer !
state string : pending|authorized|completed|voided|failed|canceled|requires_confirmation|completed_requiring_allocation
updated_at datetime""",
    "Comment": """\
id integer !
etag etag !
message string
created_at datetime
updated_at datetime
deleted_at datetime
creator -> User_base
document_version -> DocumentVersion_base""",
    "Comment_base": """\
id integer !
etag etag !
message string
created_at datetime
updated_at datetime
deleted_at datetime""",
    "Communication": """\
id integer !
etag etag !
subject string
body string
type string : EmailCommunication|PhoneCommunication
date date
time_entries_count integer ~
created_at datetime
updated_at datetime
received_at datetime
user -> User_base
matter -> Matter_base
communication_eml_file -> CommunicationEmlFile_base
senders => Participant
receivers => Participant
external_properties => ExternalProperty_base
time_entries => Activity_base
documents => Document_base
notification_event_subscribers => NotificationEventSubscriber_base""",
    "CommunicationEmlFile_base": """\
id integer !""",
    "Communication_base": """\
id integer !
etag etag !
subject string
body string
type string : EmailCommunication|PhoneCommunication
date date
time_entries_count integer ~
created_at datetime
updated_at datetime
received_at datetime""",
    "ConferenceMeeting_base": """\
conference_id integer
conference_password string
created_at datetime
etag etag !
id integer !
join_url string
type string
source_id integer
updated_at datetime""",
    "Contact": """\
id integer !
etag etag !
name string
first_name string
middle_name string
last_name string
date_of_birth date
type string ! : Company|Person
created_at datetime
updated_at datetime
prefix string
title string
initials string
clio_connect_email string
locked_clio_connect_email boolean
client_connect_user_id integer
primary_email_address string ~
secondary_email_address string ~
primary_phone_number string ~
secondary_phone_number string ~
ledes_client_id string
has_clio_for_clients_permission boolean
is_client boolean ~
is_clio_for_client_user boolean ~
is_co_counsel boolean ~
is_bill_recipient boolean ~
sales_tax_number string
currency -> Currency_base
activity_rates => ActivityRate_base
addresses => Address_base
custom_field_values => CustomFieldValue
custom_field_set_associations => CustomFieldSetAssociation_base
email_addresses => EmailAddress_base
instant_messengers => InstantMessenger_base
phone_numbers => PhoneNumber_base
web_sites => WebSite_base
notification_methods => NotificationMethod_base
account_balances => AccountBalance_base
related_contacts => Contact_base
kyc_field_values => KycFieldValue_base
primary_work_address -> Address_base
primary_address -> Address_base
secondary_address -> Address_base
company -> Contact_base
avatar -> Avatar_base
payment_profile -> PaymentProfile_base
folder -> Folder_base
co_counsel_rate -> ActivityRate_base
primary_web_site -> WebSite_base
legal_aid_uk_contact -> LegalAidUkContact_base""",
    "Contact_base": """\
id integer !
etag etag !
name string
first_name string
middle_name string
last_name string
date_of_birth date
type string ! : Company|Person
created_at datetime
updated_at datetime
prefix string
title string
initials string
clio_connect_email string
locked_clio_connect_email boolean
client_connect_user_id integer
primary_email_address string ~
secondary_email_address string ~
primary_phone_number string ~
secondary_phone_number string ~
ledes_client_id string
has_clio_for_clients_permission boolean
is_client boolean ~
is_clio_for_client_user boolean ~
is_co_counsel boolean ~
is_bill_recipient boolean ~
sales_tax_number string
currency object""",
    "ContingencyFee_base": """\
id integer !
etag etag !
created_at datetime
updated_at datetime
show_contingency_award boolean""",
    "Conversation": """\
id integer !
etag etag !
archived boolean
read_only boolean
current_user_is_member boolean ~
subject string
message_count integer ~
time_entries_count integer ~
read boolean ~
created_at datetime
updated_at datetime
last_message -> ConversationMessage_base
first_message -> ConversationMessage_base
matter -> Matter_base
messages => ConversationMessage_base
documents => Document_base
memberships => ConversationMembership""",
    "ConversationMembership": """\
id integer !
etag etag !
read boolean
archived boolean
created_at datetime
updated_at datetime
member -> UnredactedParticipant_base""",
    "ConversationMembership_base": """\
id integer !
etag etag !
read boolean
archived boolean
created_at datetime
updated_at datetime""",
    "ConversationMessage": """\
id integer !
etag etag !
date string
body string
created_at datetime
updated_at datetime
sender -> UnredactedParticipant_base
document -> Document_base
conversation -> Conversation_base
receivers => UnredactedParticipant_base""",
    "ConversationMessage_base": """\
id integer !
etag etag !
date string
body string
created_at datetime
updated_at datetime""",
    "Conversation_base": """\
id integer !
etag etag !
archived boolean
read_only boolean
current_user_is_member boolean ~
subject string
message_count integer ~
time_entries_count integer ~
read boolean ~
created_at datetime
updated_at datetime""",
    "CreditMemo": """\
id integer !
etag etag !
date date
amount decimal
description string
discount boolean
voided_at datetime
created_at datetime
updated_at datetime
user -> User_base
contact -> Contact_base
allocations => Allocation_base""",
    "CreditMemo_base": """\
id integer !
etag etag !
date date
amount decimal
description string
discount boolean
voided_at datetime
created_at datetime
updated_at datetime""",
    "Currency": """\
id integer !
etag etag !
code string
sign string
created_at datetime
updated_at datetime""",
    "Currency_base": """\
id integer !
etag etag !
code string
sign string
created_at datetime
updated_at datetime""",
    "CustomAction": """\
id integer !
etag etag !
created_at datetime
updated_at datetime
label string
target_url string
ui_reference string : activities/show|documents/show|contacts/show|matters/show|folders/show""",
    "CustomAction_base": """\
id integer !
etag etag !
created_at datetime
updated_at datetime
label string
target_url string
ui_reference string : activities/show|documents/show|contacts/show|matters/show|folders/show""",
    "CustomField": """\
id integer !
etag etag !
created_at datetime
updated_at datetime
name string
parent_type string : Contact|Matter
field_type string : checkbox|contact|currency|date|time|email|matter|numeric|picklist|text_area|text_line|url
displayed boolean
deleted boolean
required boolean
display_order integer
picklist_options => PicklistOption_base""",
    "CustomFieldMatterSelection": """\
id integer !
display_number string""",
    "CustomFieldMatterSelection_base": """\
id integer !
display_number string""",
    "CustomFieldSet": """\
id integer !
etag etag !
name string
parent_type string : Contact|Matter
displayed boolean
created_at datetime
updated_at datetime
custom_fields => CustomField_base""",
    "CustomFieldSetAssociation_base": """\
id integer !
etag etag !
display_order integer
created_at datetime
updated_at datetime""",
    "CustomFieldSet_base": """\
id integer !
etag etag !
name string
parent_type string : Contact|Matter
displayed boolean
created_at datetime
updated_at datetime""",
    "CustomFieldValue": """\
id string
etag etag !
field_name string
created_at datetime
updated_at datetime
field_type string : checkbox|contact|currency|date|time|email|matter|numeric|picklist|text_area|text_line|url
field_required boolean
field_displayed boolean
field_display_order integer
value json
soft_deleted boolean
custom_field -> CustomField
picklist_option -> PicklistOption
matter -> CustomFieldMatterSelection_base
contact -> Contact_base""",
    "CustomFieldValue_base": """\
id string
etag etag !
field_name string
created_at datetime
updated_at datetime
field_type string : checkbox|contact|currency|date|time|email|matter|numeric|picklist|text_area|text_line|url
field_required boolean
field_displayed boolean
field_display_order integer
value json
soft_deleted boolean""",
    "CustomField_base": """\
id integer !
etag etag !
created_at datetime
updated_at datetime
name string
parent_type string : Contact|Matter
field_type string : checkbox|contact|currency|date|time|email|matter|numeric|picklist|text_area|text_line|url
displayed boolean
deleted boolean
required boolean
display_order integer""",
    "Damage": """\
id integer !
amount decimal
damage_type string : special|general|other
description string
etag etag !
created_at datetime
updated_at datetime
matter -> Matter_base""",
    "Damage_base": """\
id integer !
amount decimal
damage_type string : special|general|other
description string
etag etag !
created_at datetime
updated_at datetime""",
    "Discount_base": """\
rate decimal
type string : percentage|money
note string
early_payment_rate integer
early_payment_period integer""",
    "Document": """\
id integer !
etag etag !
created_at datetime
updated_at datetime
deleted_at datetime
type string : Document
locked boolean
name string
received_at datetime
filename string
size integer
content_type string
parent -> LinkedFolder_base
matter -> Matter_base
contact -> Contact_base
document_category -> DocumentCategory_base
creator -> ClioCreator_base
latest_document_version -> DocumentVersion
group -> Group_base
external_properties => ExternalProperty_base""",
    "DocumentArchive": """\
id integer !
etag etag !
created_at datetime
updated_at datetime
size integer
progress decimal ~
state string ~ : not_started|queued|in_progress|completed|failed
message string""",
    "DocumentArchive_base": """\
id integer !
etag etag !
created_at datetime
updated_at datetime
size integer
progress decimal ~
state string ~ : not_started|queued|in_progress|completed|failed
message string""",
    "DocumentAutomation": """\
id integer !
etag etag !
state string ~ : not_started|queued|in_progress|empty|failed|completed
export_formats string : pdf|original
filename string
created_at datetime
updated_at datetime
matter -> Matter_base
document_template -> DocumentTemplate_base
documents => Document_base""",
    "DocumentAutomation_base": """\
id integer !
etag etag !
state string ~ : not_started|queued|in_progress|empty|failed|completed
export_formats string : pdf|original
filename string
created_at datetime
updated_at datetime""",
    "DocumentCategory": """\
id integer !
etag etag !
name string
created_at datetime
updated_at datetime""",
    "DocumentCategory_base": """\
id integer !
etag etag !
name string
created_at datetime
updated_at datetime""",
    "DocumentTemplate": """\
id integer !
etag etag !
size integer
content_type string
filename string
created_at datetime
updated_at datetime
document_category -> DocumentCategory_base
last_modified_by -> User_base""",
    "DocumentTemplate_base": """\
id integer !
etag etag !
size integer
content_type string
filename string
created_at datetime
updated_at datetime""",
    "DocumentVersion": """\
id integer !
document_id integer
etag etag !
uuid string
created_at datetime
updated_at datetime
filename string
size integer
version_number integer
content_type string
received_at datetime
put_url string
fully_uploaded boolean
creator -> ClioCreator_base
put_headers => MultipartHeader_base
multiparts => Multipart""",
    "DocumentVersion_base": """\
id integer !
document_id integer
etag etag !
uuid string
created_at datetime
updated_at datetime
filename string
size integer
version_number integer
content_type string
received_at datetime
put_url string
fully_uploaded boolean""",
    "Document_base": """\
id integer !
etag etag !
created_at datetime
updated_at datetime
deleted_at datetime
type string : Document
locked boolean
name string
received_at datetime
filename string
size integer
content_type string""",
    "EmailAddress": """\
id integer !
etag etag !
address string
name string
primary boolean
created_at datetime
updated_at datetime""",
    "EmailAddress_base": """\
id integer !
etag etag !
address string
name string
primary boolean
created_at datetime
updated_at datetime""",
    "Event": """\
id integer !
etag etag !
message string
icon string
title string
title_url string
description string
description_url string
primary_detail string
primary_detail_url string
secondary_detail string
secondary_detail_url string
occurred_at datetime
mobile_icon string
subject_type string
subject_id integer""",
    "EventMetrics": """\
unread_mobile_events integer ~
unread_web_events integer ~
unread_secure_messages integer ~
unread_client_portal_messages integer ~
unread_text_messages integer ~""",
    "EventMetrics_base": """\
unread_mobile_events integer ~
unread_web_events integer ~
unread_secure_messages integer ~
unread_client_portal_messages integer ~
unread_text_messages integer ~""",
    "Event_base": """\
id integer !
etag etag !
message string
icon string
title string
title_url string
description string
description_url string
primary_detail string
primary_detail_url string
secondary_detail string
secondary_detail_url string
occurred_at datetime
mobile_icon string
subject_type string
subject_id integer""",
    "EvergreenRetainer_base": """\
id integer !
created_at datetime
updated_at datetime
etag etag !
minimum_threshold decimal""",
    "ExpenseCategory": """\
id integer !
etag etag !
name string
rate decimal
entry_type string
created_at datetime
updated_at datetime
xero_expense_code string
accessible_to_user boolean
tax_setting string
currency -> Currency_base
groups => Group_base
utbms_code -> UtbmsCode_base""",
    "ExpenseCategory_base": """\
id integer !
etag etag !
name string
rate decimal
entry_type string
created_at datetime
updated_at datetime
xero_expense_code string
accessible_to_user boolean
currency object
tax_setting string""",
    "ExternalProperty_base": """\
id integer !
etag etag !
name string
value string
created_at datetime
updated_at datetime""",
    "Folder": """\
id integer !
etag etag !
created_at datetime
updated_at datetime
deleted_at datetime
type string : Folder
locked boolean
name string
root boolean
parent -> LinkedFolder_base
matter -> Matter_base
contact -> Contact_base
document_category -> DocumentCategory_base
creator -> ClioCreator_base
latest_document_version -> DocumentVersion_base
group -> Group_base
external_properties => ExternalProperty_base""",
    "Folder_base": """\
id integer !
etag etag !
created_at datetime
updated_at datetime
deleted_at datetime
type string : Folder
locked boolean
name string
root boolean""",
    "Grant": """\
id integer !
etag etag !
name string
funding_code string
funding_code_and_name string
funding_source_name string
created_at datetime
updated_at datetime
balance string ~
start_date date
end_date date
grant_funding_source -> GrantFundingSource_base""",
    "GrantFundingSource": """\
id integer !
etag etag !
name string
created_at datetime
updated_at datetime
grants => Grant_base""",
    "GrantFundingSource_base": """\
id integer !
etag etag !
name string
created_at datetime
updated_at datetime""",
    "Grant_base": """\
id integer !
etag etag !
name string
funding_code string
funding_code_and_name string
funding_source_name string
created_at datetime
updated_at datetime
balance string ~
start_date date
end_date date""",
    "Group": """\
client_connect_user boolean
etag etag !
id integer !
name string
type string : UserGroup|AdhocGroup|AccountGroup|TeamGroup
updated_at datetime
users => User_base""",
    "Group_base": """\
client_connect_user boolean
etag etag !
id integer !
name string
type string : UserGroup|AdhocGroup|AccountGroup|TeamGroup
updated_at datetime""",
    "InstantMessenger_base": """\
id integer !
etag etag !
address string
name string : Work|Personal|Other
created_at datetime
updated_at datetime""",
    "Interest": """\
balance decimal ~
period integer ~
rate decimal ~
total decimal ~
type string : simple|compound""",
    "InterestCharge": """\
id integer !
etag etag !
date date
description string
total decimal ~
created_at datetime
updated_at datetime
bill -> Bill_base
balances => Balance_base
matters => Matter_base""",
    "InterestCharge_base": """\
id integer !
etag etag !
date date
description string
total decimal ~
created_at datetime
updated_at datetime""",
    "Interest_base": """\
balance decimal ~
period integer ~
rate decimal ~
total decimal ~
type string : simple|compound""",
    "Item": """\
id integer !
etag etag !
created_at datetime
updated_at datetime
deleted_at datetime
type string : Document|Folder
locked boolean
name string
parent -> LinkedFolder_base
matter -> Matter_base
contact -> Contact_base
document_category -> DocumentCategory_base
creator -> ClioCreator_base
latest_document_version -> DocumentVersion_base
group -> Group_base
external_properties => ExternalProperty_base""",
    "Item_base": """\
id integer !
etag etag !
created_at datetime
updated_at datetime
deleted_at datetime
type string : Document|Folder
locked boolean
name string""",
    "JobTitle_base": """\
id integer !
etag etag !
name string
initials string""",
    "Jurisdiction": """\
id integer !
etag etag !
created_at datetime
updated_at datetime
system_id integer
description string
default boolean
display_timezone string
valid_subscription boolean
is_local_timezone boolean
service_types => ServiceType_base""",
    "Jurisdiction_base": """\
id integer !
etag etag !
created_at datetime
updated_at datetime
system_id integer
description string
default boolean
display_timezone string
valid_subscription boolean
is_local_timezone boolean""",
    "JurisdictionsToTrigger": """\
id integer !
etag etag !
system_id integer
description string
do_not_recalculate boolean
is_served boolean
is_requirements_required boolean
created_at datetime
updated_at datetime""",
    "JurisdictionsToTrigger_base": """\
id integer !
etag etag !
system_id integer
description string
do_not_recalculate boolean
is_served boolean
is_requirements_required boolean
created_at datetime
updated_at datetime""",
    "KycFieldValue_base": """\
id integer !
etag etag !
field_name string
field_label string
created_at datetime
updated_at datetime
field_type string : date|picklist|text
field_value string
field_possible_values string[]
group string""",
    "LaukCivilCertificatedRate": """\
id integer !
activity string
activity_sub_category string
activity_type string
attended_several_hearings_for_multiple_clients boolean
category_of_law string
created_at datetime
change_of_solicitor boolean
court string
eligible_for_sqm boolean
exceptional decimal
exceptional_warning string
etag etag !
fee decimal
fee_scheme string
first_conducting_solicitor boolean
key string
number_of_clients string
party string
post_transfer_clients_represented string
rate_type string
region string
session_type string
user_type string
updated_at datetime""",
    "LaukCivilCertificatedRate_base": """\
id integer !
activity string
activity_sub_category string
activity_type string
attended_several_hearings_for_multiple_clients boolean
category_of_law string
created_at datetime
change_of_solicitor boolean
court string
eligible_for_sqm boolean
exceptional decimal
exceptional_warning string
etag etag !
fee decimal
fee_scheme string
first_conducting_solicitor boolean
key string
number_of_clients string
party string
post_transfer_clients_represented string
rate_type string
region string
session_type string
user_type string
updated_at datetime""",
    "LaukCivilControlledRate": """\
id integer !
activity string
activity_type string
category_of_law string
created_at datetime
etag etag !
exceptional decimal
fee decimal
fee_scheme string
key string
matter_type_1 integer
matter_type_2 integer
post_dec25_exceptional decimal
post_dec25_fee decimal
rate_type string
region string
updated_at datetime""",
    "LaukCivilControlledRate_base": """\
id integer !
activity string
activity_type string
category_of_law string
created_at datetime
etag etag !
exceptional decimal
fee decimal
fee_scheme string
key string
matter_type_1 integer
matter_type_2 integer
post_dec25_exceptional decimal
post_dec25_fee decimal
rate_type string
region string
updated_at datetime""",
    "LaukCriminalControlledRate": """\
id integer !
activity string
activity_type string
category_of_law string
counsel string
court string
created_at datetime
etag etag !
exceptional decimal
fee decimal
fee_scheme string
post_nov_24_exceptional decimal
post_nov_24_fee decimal
post_sept_22_exceptional decimal
post_sept_22_fee decimal
post_dec25_exceptional decimal
post_dec25_fee decimal
key string
rate_type string
region string
solicitor_type string
updated_at datetime""",
    "LaukCriminalControlledRate_base": """\
id integer !
activity string
activity_type string
category_of_law string
counsel string
court string
created_at datetime
etag etag !
exceptional decimal
fee decimal
fee_scheme string
post_nov_24_exceptional decimal
post_nov_24_fee decimal
post_sept_22_exceptional decimal
post_sept_22_fee decimal
post_dec25_exceptional decimal
post_dec25_fee decimal
key string
rate_type string
region string
solicitor_type string
updated_at datetime""",
    "LaukExpenseCategory": """\
certificated boolean
civil boolean
created_at datetime
criminal boolean
etag etag !
id integer !
key string
name string
rate decimal
updated_at datetime""",
    "LaukExpenseCategory_base": """\
certificated boolean
civil boolean
created_at datetime
criminal boolean
etag etag !
id integer !
key string
name string
rate decimal
updated_at datetime""",
    "LegalAidUkActivity_base": """\
activity_sub_category string
advocacy integer
base_rate decimal
bolt_ons string
bolt_ons_summary string
court integer
eligible_for_sqm boolean
expert integer
form_of_civil_legal_service integer
id integer !
is_custom_rate boolean
json_key string
region integer
tax_exclusive boolean
uplift decimal
user_type integer""",
    "LegalAidUkBill_base": """\
additional_travel_payment boolean
adjourned_hearing_fee string
advocacy_costs decimal
advice_time integer
bill_type integer
case_concluded date
case_stage_level integer
cla_exemption_code string
cla_reference string
cmrh_oral integer
cmrh_telephone integer
cost_of_counsel string
costs_are_those_of integer
court_location string
date_of_claim date
designated_accredited_representative integer
detention_travel_and_waiting_costs string
disbursements_vat decimal
exceptional_case_funding_reference string
exemption_criteria_satisfied integer
fee_code string
follow_on_work integer
ho_interview integer
ho_ucn integer
id integer !
independent_medical_reports_claimed string
jr_form_filling string
maat_id string
meetings_attended integer
mht_ref_no string
net_disbursements decimal
net_profit_costs decimal
niat_disbursement_prior_authority_number string
number_of_attendances integer
outcome_for_the_client integer
profit_costs_ex_vat decimal
prior_authority_reference string
representation_order_date date
stage_reached integer
substantive_hearing integer
travel_and_waiting_costs decimal
travel_time integer
value_of_costs string
waiting_time integer""",
    "LegalAidUkContact_base": """\
id integer !
disability integer
disability_code string
ethnicity integer
ethnicity_title string
financially_eligible boolean
gender integer
gender_title string
national_insurance_number string""",
    "LegalAidUkMatter_base": """\
access_point string
laa_office_number string
ait_hearing_centre integer
attended_several_hearings_acting_for_multiple_clients boolean
bill_ho_ucn string
bill_number_of_attendances integer
bill_outcome_for_the_client_code integer
bill_stage_reached_code integer
case_reference string
case_start_date date
category integer
category_as_string string
certificate_effective_date date
certificate_expiration_date date
certificate_number string
certificate_scope string
certification_type integer
change_of_solicitor boolean
client_equal_opportunity_monitoring string
client_type integer
clr_start_date date
clr_total_profit_costs string
cost_limit string
counsel integer
court integer
court_id integer
court_id_code string
created_at datetime
delivery_location string
dscc_number string
duty_solicitor boolean
etag etag !
exceptional_case_funding_reference string
expense_limit string
fee_scheme integer
first_conducting_solicitor boolean
id integer !
irc_surgery string
legacy_case string
legal_representation_number string
lh_total_disbursements string
lh_start_date string
lh_total_profit_costs string
linked_matter_id integer
local_authority_number string
maat_id string
matter_type integer
matter_type_code string
matter_type_1 integer
matter_type_1_code string
matter_type_1_title string
matter_type_2 integer
matter_type_2_code string
matter_type_2_title string
matter_types_combined string
number_of_clients_seen_at_surgery integer
number_of_clients integer
party integer
police_station string
post_transfer_clients_represented integer
postal_application_accepted string
prior_authority_reference string
prison_id integer
prison_law_prior_approval_number string
procurement_area string
region integer
related_claims_number string
representation_order_date date
schedule_reference_number string
scheme_id string
session_type integer
solicitor_type integer
standard_fee_category integer
surgery_clients_resulting_in_a_legal_help_matter_opened integer
surgery_clients integer
surgery_date date
transfer_date date
type_of_advice integer
type_of_service string
ucn string
ufn string
undesignated_area_court boolean
updated_at datetime
user_type integer
youth_court boolean""",
    "Lien_base": """\
id integer !
amount decimal
description string
etag etag !
lien_type string : general|medical_payer|medical_provider
mark_as_lien boolean
created_at datetime
updated_at datetime""",
    "LineItem": """\
id integer !
etag etag !
type string : ActivityLineItem|LineItem|NoChargeLineItem|SummaryLineItem
description string
date date
price decimal
taxable boolean
kind string : Service|Expense
note string
secondary_taxable boolean
total decimal
tax decimal
secondary_tax decimal
sub_total decimal
quantity decimal hours
group_ordering integer
created_at datetime
updated_at datetime
bill -> Bill_base
activity -> Activity_base
matter -> Matter_base
user -> User_base
discount -> Discount_base
included_line_item_totals -> LineItemTotals_base""",
    "LineItemTotals_base": """\
quantity decimal
price decimal
discount_percent decimal
total decimal
sub_total decimal""",
    "LineItem_base": """\
id integer !
etag etag !
type string : ActivityLineItem|LineItem|NoChargeLineItem|SummaryLineItem
description string
date date
price decimal
taxable boolean
kind string : Service|Expense
note string
secondary_taxable boolean
total decimal
tax decimal
secondary_tax decimal
sub_total decimal
quantity decimal hours
group_ordering integer
created_at datetime
updated_at datetime""",
    "LinkedFolder_base": """\
id integer !
etag etag !
created_at datetime
updated_at datetime
deleted_at datetime
type string : Folder
locked boolean
name string
root boolean""",
    "LogEntry": """\
id integer !
etag etag !
type string : MatterLogEntry|ContactLogEntry|DocumentLogEntry|CalendarEntryLogEntry|NoteLogEntry|CommunicationLogEntry|ConversationLogEntry|SMSConversationLogEntry
accessed_at datetime
created_at datetime
updated_at datetime
item -> PolymorphicObject_base
user -> User_base""",
    "LogEntry_base": """\
id integer !
etag etag !
type string : MatterLogEntry|ContactLogEntry|DocumentLogEntry|CalendarEntryLogEntry|NoteLogEntry|CommunicationLogEntry|ConversationLogEntry|SMSConversationLogEntry
accessed_at datetime
created_at datetime
updated_at datetime""",
    "Matter": """\
id integer !
etag etag !
number integer
display_number string !
custom_number string
description string
status string : Pending|Open|Closed
location string
client_reference string
client_id integer
billable boolean
maildrop_address string
billing_method string : flat|contingency|hourly
open_date date
close_date date
pending_date date
created_at datetime
updated_at datetime
shared boolean
has_tasks boolean ~
last_activity_date date ~
matter_stage_updated_at datetime
currency -> Currency_base
client -> Contact_base
contingency_fee -> ContingencyFee_base
custom_rate -> MatterCustomRate
evergreen_retainer -> EvergreenRetainer_base
folder -> Folder_base
group -> Group_base
matter_budget -> MatterBudget_base
matter_stage -> MatterStage_base
originating_attorney -> User_base
practice_area -> PracticeArea_base
responsible_attorney -> User_base
responsible_staff -> User_base
statute_of_limitations -> Task_base
user -> User_base
legal_aid_uk_matter -> LegalAidUkMatter_base
attorney_allocation -> AttorneyAllocation_base
account_balances => AccountBalance_base
custom_field_values => CustomFieldValue
custom_field_set_associations => CustomFieldSetAssociation_base
matter_bill_recipients => MatterBillRecipient
relationships => Relationship_base
task_template_list_instances => TaskTemplateListInstace_base
kyc_field_values => KycFieldValue_base
split_invoice_payers => SplitInvoicePayer_base""",
    "MatterBalance_base": """\
id integer !
amount decimal""",
    "MatterBillRecipient": """\
created_at datetime
etag etag !
id integer !
updated_at datetime
recipient -> Contact_base""",
    "MatterBillRecipient_base": """\
created_at datetime
etag etag !
id integer !
updated_at datetime""",
    "MatterBudget_base": """\
id integer !
etag etag !
budget decimal
include_expenses boolean
notification_threshold integer
notify_users boolean
created_at datetime
updated_at datetime""",
    "MatterContacts": """\
contact_created_at datetime
contact_updated_at datetime
created_at datetime
description string
etag etag !
first_name string
id integer !
initials string
is_client boolean ~
last_name string
matter_id integer
matter_number string
middle_name string
name string
prefix string
primary_email_address string
primary_phone_number string
relationship_name string
secondary_email_address string
secondary_phone_number string
title string
type string : Company|Person
updated_at datetime
client_connect_user_id integer
avatar -> Avatar_base
company -> Contact_base
primary_address -> Address_base
primary_web_site -> WebSite_base
secondary_address -> Address_base
secondary_web_site -> WebSite_base
addresses => Address_base
custom_field_values => CustomFieldValue_base
email_addresses => EmailAddress_base
phone_numbers => PhoneNumber_base
web_sites => WebSite_base
relationship -> Relationship_base""",
    "MatterContacts_base": """\
contact_created_at datetime
contact_updated_at datetime
created_at datetime
description string
etag etag !
first_name string
id integer !
initials string
is_client boolean ~
last_name string
matter_id integer
matter_number string
middle_name string
name string
prefix string
primary_email_address string
primary_phone_number string
relationship_name string
secondary_email_address string
secondary_phone_number string
title string
type string : Company|Person
updated_at datetime
client_connect_user_id integer""",
    "MatterCustomRate": """\
type string : FlatRate|HourlyRate|ContingencyFee
on_invoice boolean
rates => PolymorphicCustomRate""",
    "MatterCustomRate_base": """\
type string : FlatRate|HourlyRate|ContingencyFee
on_invoice boolean""",
    "MatterDocket": """\
id integer !
etag etag !
name string
start_date date
start_time datetime
status string
created_at datetime
updated_at datetime
deleted_at datetime
matter -> Matter_base
jurisdiction -> Jurisdiction_base
trigger -> JurisdictionsToTrigger_base
service_type -> ServiceType_base
calendar_entries => CalendarEntry_base""",
    "MatterDocket_base": """\
id integer !
etag etag !
name string
start_date date
start_time datetime
status string
created_at datetime
updated_at datetime
deleted_at datetime""",
    "MatterStage": """\
id integer !
etag etag !
practice_area_id string
name string
order integer
created_at datetime
updated_at datetime""",
    "MatterStage_base": """\
id integer !
etag etag !
practice_area_id string
name string
order integer
created_at datetime
updated_at datetime""",
    "Matter_base": """\
id integer !
etag etag !
number integer
display_number string !
custom_number string
currency object
description string
status string : Pending|Open|Closed
location string
client_reference string
client_id integer
billable boolean
maildrop_address string
billing_method string : flat|contingency|hourly
open_date date
close_date date
pending_date date
created_at datetime
updated_at datetime
shared boolean
has_tasks boolean ~
last_activity_date date ~
matter_stage_updated_at datetime""",
    "MedicalBill": """\
id integer !
adjustment decimal
amount decimal
bill_date date
bill_received_date date
damage_type string
document_id integer
etag etag !
name string
created_at datetime
updated_at datetime
matter -> Matter_base
liens => Lien_base""",
    "MedicalBill_base": """\
id integer !
adjustment decimal
amount decimal
bill_date date
bill_received_date date
damage_type string
document_id integer
etag etag !
name string
created_at datetime
updated_at datetime""",
    "MedicalRecord": """\
id integer !
document_id integer
etag etag !
end_date datetime
start_date datetime
created_at datetime
updated_at datetime
matter -> Matter_base""",
    "MedicalRecord_base": """\
id integer !
document_id integer
etag etag !
end_date datetime
start_date datetime
created_at datetime
updated_at datetime""",
    "MedicalRecordsRequest": """\
id integer !
etag etag !
bills_follow_up_date datetime
bills_request_date datetime
bills_status string : not_yet_requested|requested|received|incomplete|certified
description string
in_treatment boolean
records_follow_up_date datetime
records_request_date datetime
records_status string : not_yet_requested|requested|received|incomplete|certified
treatment_end_date datetime
treatment_start_date datetime
created_at datetime
updated_at datetime
matter -> Matter_base
medical_provider -> Contact_base
medical_bills => MedicalBill_base
medical_records => MedicalRecord_base""",
    "MedicalRecordsRequest_base": """\
id integer !
etag etag !
bills_follow_up_date datetime
bills_request_date datetime
bills_status string : not_yet_requested|requested|received|incomplete|certified
description string
in_treatment boolean
records_follow_up_date datetime
records_request_date datetime
records_status string : not_yet_requested|requested|received|incomplete|certified
treatment_end_date datetime
treatment_start_date datetime
created_at datetime
updated_at datetime""",
    "Multipart": """\
part_number integer
put_url string
put_headers => MultipartHeader_base""",
    "MultipartHeader_base": """\
name string
value string""",
    "Multipart_base": """\
part_number integer
put_url string""",
    "MyEvent": """\
event -> Event_base""",
    "MyEvent_base": """\
""",
    "Note": """\
id integer !
etag etag !
type string : Matter|Contact
subject string
detail string
detail_text_type string : plain_text|rich_text
date date
created_at datetime
updated_at datetime
time_entries_count integer ~
matter -> Matter_base
contact -> Contact_base
author -> User_base
time_entries => Activity_base
notification_event_subscribers => NotificationEventSubscriber_base""",
    "Note_base": """\
id integer !
etag etag !
type string : Matter|Contact
subject string
detail string
detail_text_type string : plain_text|rich_text
date date
created_at datetime
updated_at datetime
time_entries_count integer ~""",
    "NotificationEventSubscriber_base": """\
id integer !
etag etag !
user_id integer
name string
created_at datetime
updated_at datetime""",
    "NotificationMethod_base": """\
id integer !
etag etag !
type string : Email|Popup|SMS
email_address string
is_default_email_address boolean
created_at datetime
updated_at datetime""",
    "OutstandingClientBalance": """\
associated_matter_ids integer[] ~
etag etag !
id integer !
last_payment_date date ~
last_shared_date date ~
newest_issued_bill_due_date date ~
pending_payments_total decimal ~
reminders_enabled boolean ~
total_outstanding_balance decimal ~
created_at datetime
updated_at datetime
outstanding_bills => Bill_base
contact -> Contact_base
currency -> Currency_base""",
    "OutstandingClientBalance_base": """\
associated_matter_ids integer[] ~
etag etag !
id integer !
last_payment_date date ~
last_shared_date date ~
newest_issued_bill_due_date date ~
pending_payments_total decimal ~
reminders_enabled boolean ~
total_outstanding_balance decimal ~
created_at datetime
updated_at datetime""",
    "Participant": """\
id integer !
etag etag !
created_at datetime
updated_at datetime
type string : Person|Company|User
identifier string
secondary_identifier string
enabled boolean
name string
initials string
job_title_name string
avatar -> Avatar_base""",
    "Participant_base": """\
id integer !
etag etag !
created_at datetime
updated_at datetime
type string : Person|Company|User
identifier string
secondary_identifier string
enabled boolean
name string
initials string
job_title_name string""",
    "Payment": """\
id integer !
etag etag !
description string
reference string
amount decimal
date date
source_fund_type string : Client|Matter
payment_source_type string : bank_account|credit_card|echeck|direct_payment|check|cash|interac_etransfer|wire_transfer|ach|eft|lawpay|paypal|cash_app|zelle|venmo|other
voided_at datetime
created_at datetime
updated_at datetime
contact -> Contact_base
user -> User_base
source_bank_account -> BankAccount_base
destination_bank_account -> BankAccount_base
allocations => Allocation_base""",
    "PaymentProfile_base": """\
id integer !
etag etag !
created_at datetime
updated_at datetime
billing_setting_id integer
name string
terms integer
discount_rate decimal
discount_period integer
interest_rate decimal
interest_period integer
interest_type string : simple|compound""",
    "Payment_base": """\
id integer !
etag etag !
description string
reference string
amount decimal
date date
source_fund_type string : Client|Matter
payment_source_type string : bank_account|credit_card|echeck|direct_payment|check|cash|interac_etransfer|wire_transfer|ach|eft|lawpay|paypal|cash_app|zelle|venmo|other
voided_at datetime
created_at datetime
updated_at datetime""",
    "PhoneNumber": """\
id integer !
etag etag !
number string
name string : Work|Personal|Other
primary boolean
created_at datetime
updated_at datetime""",
    "PhoneNumber_base": """\
id integer !
etag etag !
number string
name string : Work|Personal|Other
primary boolean
created_at datetime
updated_at datetime""",
    "PicklistOption": """\
id integer !
etag etag !
created_at datetime
updated_at datetime
option string
deleted_at datetime""",
    "PicklistOption_base": """\
id integer !
etag etag !
created_at datetime
updated_at datetime
option string
deleted_at datetime""",
    "PolymorphicCustomRate": """\
id integer !
etag etag !
created_at datetime
updated_at datetime
rate decimal
award decimal
note string
date date
user -> PolymorphicCustomRate_User_base
group -> PolymorphicCustomRate_Group_base
activity_description -> PolymorphicCustomRate_ActivityDescription_base""",
    "PolymorphicCustomRate_ActivityDescription_base": """\
id integer !
etag etag !
name string""",
    "PolymorphicCustomRate_Group_base": """\
etag etag !
id integer !
name string""",
    "PolymorphicCustomRate_User_base": """\
enabled boolean
etag etag !
id integer !
name string""",
    "PolymorphicCustomRate_base": """\
id integer !
etag etag !
created_at datetime
updated_at datetime
rate decimal
award decimal
note string
date date""",
    "PolymorphicObject_base": """\
id integer !
type string : Task|CalendarEntry|MatterNote|ContactNote|Matter|Contact|User|CreditMemo|Payment|Document|Communication|Conversation|TextMessageConversation
identifier string
secondary_identifier string
tertiary_identifier string""",
    "PracticeArea": """\
id integer !
etag etag !
created_at datetime
updated_at datetime
name string
category string : administrative|admiralty_and_maritime|anti_trust_and_competition|appellate|banking_and_finance|bankruptcy|business_formation_and_compliance|civil_litigation|civil_rights_and_constitutional|collections_and_debt|commercial_and_sale_of_goods|commercial_litigation|construction|consumer_protection|contracts|corporate_litigation|criminal|disability_and_social_security|education|elder|employment_and_labor|energy_and_environmental|ethics|family|food_and_drug|general_practice|government|healthcare|immigration|in_house_counsel|insurance|intellectual_property|international|juvenile|legal_aid|mediation_and_arbitration|medical_malpractice|military|multi_practice|non_profit_and_pro_bono|other|personal_injury|privacy_and_information_security|private_client|product_liability|real_estate|science_and_technology|securities_and_mergers_and_acquisitions|small_claims|sports_and_entertainment_and_gaming|tax|telecommunications|traffic_offenses|transportation|tribal|trusts|wills_and_estates|workers_compensation
code string""",
    "PracticeArea_base": """\
id integer !
etag etag !
created_at datetime
updated_at datetime
name string
category string : administrative|admiralty_and_maritime|anti_trust_and_competition|appellate|banking_and_finance|bankruptcy|business_formation_and_compliance|civil_litigation|civil_rights_and_constitutional|collections_and_debt|commercial_and_sale_of_goods|commercial_litigation|construction|consumer_protection|contracts|corporate_litigation|criminal|disability_and_social_security|education|elder|employment_and_labor|energy_and_environmental|ethics|family|food_and_drug|general_practice|government|healthcare|immigration|in_house_counsel|insurance|intellectual_property|international|juvenile|legal_aid|mediation_and_arbitration|medical_malpractice|military|multi_practice|non_profit_and_pro_bono|other|personal_injury|privacy_and_information_security|private_client|product_liability|real_estate|science_and_technology|securities_and_mergers_and_acquisitions|small_claims|sports_and_entertainment_and_gaming|tax|telecommunications|traffic_offenses|transportation|tribal|trusts|wills_and_estates|workers_compensation
code string""",
    "RelatedContacts": """\
id integer !
contact_id integer
name string
first_name string
middle_name string
last_name string
type string : Company|Person
created_at datetime
updated_at datetime
prefix string
title string
initials string
is_matter_client boolean ~
primary_email_address string
primary_phone_number string
client_connect_user_id integer
avatar -> Avatar_base
company -> Contact_base
primary_address -> Address_base
primary_web_site -> WebSite_base
secondary_address -> Address_base
secondary_web_site -> WebSite_base
addresses => Address_base
custom_field_values => CustomFieldValue_base
email_addresses => EmailAddress_base
phone_numbers => PhoneNumber_base
web_sites => WebSite_base
relationship -> Relationship_base""",
    "RelatedContacts_base": """\
id integer !
contact_id integer
name string
first_name string
middle_name string
last_name string
type string : Company|Person
created_at datetime
updated_at datetime
prefix string
title string
initials string
is_matter_client boolean ~
primary_email_address string
primary_phone_number string
client_connect_user_id integer""",
    "Relationship": """\
id integer !
etag etag !
description string
created_at datetime
updated_at datetime
matter -> Matter_base
contact -> Contact_base""",
    "Relationship_base": """\
id integer !
etag etag !
description string
created_at datetime
updated_at datetime""",
    "Reminder": """\
id integer !
etag etag !
duration integer
next_delivery_at datetime
state string : initializing|scheduling|rescheduling|scheduled|attempting_delivery|delivery_failed|delivered|delivery_skipped|invalid_user
created_at datetime
updated_at datetime
notification_method -> NotificationMethod_base
subject -> PolymorphicObject_base""",
    "ReminderTemplate_base": """\
id integer !
etag etag !
duration integer
notification_type string : Email|Popup
created_at datetime
updated_at datetime""",
    "Reminder_base": """\
id integer !
etag etag !
duration integer
next_delivery_at datetime
state string : initializing|scheduling|rescheduling|scheduled|attempting_delivery|delivery_failed|delivered|delivery_skipped|invalid_user
created_at datetime
updated_at datetime""",
    "Report": """\
id integer !
etag etag !
name string
state string ~ : not_started|queued|in_progress|failed|completed|empty
kind string : accounts_receivable|accounts_receivable_aging|bank_account_activity|billing_history|billing_rate|client_activity|client_ledger|clio_payments_deposit|clio_payments_ledger|clio_payments_monthly_statement|clio_payments_sales_tax|clio_payments_transaction|contact_information|currency_conversion_gain_loss|disbursement_payment|fee_allocation|general_ledger|grant_matters|invoice_payments_v2|law_society_of_alberta|law_society_of_alberta_al|law_society_of_alberta_bar|law_society_of_alberta_tl|law_society_of_alberta_tt|matter|matter_balance_summary|matter_ledger_full|matter_productivity_by_user|matters_by_responsible_attorney|originating_attorney_revenue|other_revenue|potential_trust_to_office|productivity_by_client|productivity_by_user|revenue|task_productivity_by_user|task_progress_by_user|trust_ledger|trust_ledger_nsw|trust_listing|trust_management|work_in_progress
format string : csv|html|json|pdf|xlsx|zip
progress integer ~
created_at datetime
updated_at datetime
category string : billing|client|compliance|financial|matter|online_payments|productivity|revenue|task
source string : reports|presets|scheduled""",
    "ReportPreset": """\
id integer !
etag etag !
name string
kind string : accounts_receivable|accounts_receivable_aging|bank_account_activity|billing_history|billing_rate|client_activity|client_ledger|clio_payments_deposit|clio_payments_ledger|clio_payments_monthly_statement|clio_payments_sales_tax|clio_payments_transaction|contact_information|currency_conversion_gain_loss|disbursement_payment|fee_allocation|general_ledger|grant_matters|invoice_payments_v2|law_society_of_alberta|law_society_of_alberta_al|law_society_of_alberta_bar|law_society_of_alberta_tl|law_society_of_alberta_tt|matter|matter_balance_summary|matter_ledger_full|matter_productivity_by_user|matters_by_responsible_attorney|originating_attorney_revenue|other_revenue|potential_trust_to_office|productivity_by_client|productivity_by_user|revenue|task_productivity_by_user|task_progress_by_user|trust_ledger|trust_ledger_nsw|trust_listing|trust_management|work_in_progress
format string : csv|html|json|pdf|xlsx|zip
last_generated_at datetime ~
created_at datetime
updated_at datetime
category string : billing|client|compliance|financial|matter|online_payments|productivity|revenue|task
options string
report_schedule -> ReportSchedule_base""",
    "ReportPreset_base": """\
id integer !
etag etag !
name string
kind string : accounts_receivable|accounts_receivable_aging|bank_account_activity|billing_history|billing_rate|client_activity|client_ledger|clio_payments_deposit|clio_payments_ledger|clio_payments_monthly_statement|clio_payments_sales_tax|clio_payments_transaction|contact_information|currency_conversion_gain_loss|disbursement_payment|fee_allocation|general_ledger|grant_matters|invoice_payments_v2|law_society_of_alberta|law_society_of_alberta_al|law_society_of_alberta_bar|law_society_of_alberta_tl|law_society_of_alberta_tt|matter|matter_balance_summary|matter_ledger_full|matter_productivity_by_user|matters_by_responsible_attorney|originating_attorney_revenue|other_revenue|potential_trust_to_office|productivity_by_client|productivity_by_user|revenue|task_productivity_by_user|task_progress_by_user|trust_ledger|trust_ledger_nsw|trust_listing|trust_management|work_in_progress
format string : csv|html|json|pdf|xlsx|zip
last_generated_at datetime ~
created_at datetime
updated_at datetime
category string : billing|client|compliance|financial|matter|online_payments|productivity|revenue|task
options string""",
    "ReportSchedule": """\
id integer !
etag etag !
time_of_day datetime
frequency string : daily|weekly|monthly
days_of_week integer[]
day_of_month integer
status string : initial|queued|processing|failed|completed
status_updated_at datetime
next_scheduled_date datetime
time_zone string
report_preset_id integer
created_at datetime
updated_at datetime
every_no_of_months integer
effective_from date""",
    "ReportSchedule_base": """\
id integer !
etag etag !
time_of_day datetime
frequency string : daily|weekly|monthly
days_of_week integer[]
day_of_month integer
status string : initial|queued|processing|failed|completed
status_updated_at datetime
next_scheduled_date datetime
time_zone string
report_preset_id integer
created_at datetime
updated_at datetime
every_no_of_months integer
effective_from date""",
    "Report_base": """\
id integer !
etag etag !
name string
state string ~ : not_started|queued|in_progress|failed|completed|empty
kind string : accounts_receivable|accounts_receivable_aging|bank_account_activity|billing_history|billing_rate|client_activity|client_ledger|clio_payments_deposit|clio_payments_ledger|clio_payments_monthly_statement|clio_payments_sales_tax|clio_payments_transaction|contact_information|currency_conversion_gain_loss|disbursement_payment|fee_allocation|general_ledger|grant_matters|invoice_payments_v2|law_society_of_alberta|law_society_of_alberta_al|law_society_of_alberta_bar|law_society_of_alberta_tl|law_society_of_alberta_tt|matter|matter_balance_summary|matter_ledger_full|matter_productivity_by_user|matters_by_responsible_attorney|originating_attorney_revenue|other_revenue|potential_trust_to_office|productivity_by_client|productivity_by_user|revenue|task_productivity_by_user|task_progress_by_user|trust_ledger|trust_ledger_nsw|trust_listing|trust_management|work_in_progress
format string : csv|html|json|pdf|xlsx|zip
progress integer ~
created_at datetime
updated_at datetime
category string : billing|client|compliance|financial|matter|online_payments|productivity|revenue|task
source string : reports|presets|scheduled""",
    "ServiceType": """\
id integer !
etag etag !
created_at datetime
updated_at datetime
system_id integer
description string
default boolean""",
    "ServiceType_base": """\
id integer !
etag etag !
created_at datetime
updated_at datetime
system_id integer
description string
default boolean""",
    "SplitInvoicePayer_base": """\
id integer !
contact_id integer
matter_id integer
send_to_bill_recipients boolean
split_portion decimal
etag etag !
created_at datetime
updated_at datetime""",
    "SplitInvoice_base": """\
id integer !
bill_id integer
linked_invoices_display_numbers string[]
linked_invoices_ids integer[]
split_connection_id string
split_portion decimal
etag etag !
created_at datetime
updated_at datetime""",
    "Task": """\
id integer !
etag etag !
name string
status string : pending|in_progress|in_review|complete|draft
description string
description_text_type string : plain_text|rich_text
priority string : High|Normal|Low
due_at date
permission string
completed_at datetime
notify_completion boolean
statute_of_limitations boolean
time_estimated integer
created_at datetime
updated_at datetime
time_entries_count integer ~
time_entries => Activity_base
task_type -> TaskType_base
assigner -> User_base
matter -> Matter_base
assignee -> Participant
reminders => Reminder_base""",
    "TaskTemplate": """\
id integer !
etag etag !
name string
description string
description_text_type string : plain_text|rich_text
priority string : High|Normal|Low
private boolean
created_at datetime
updated_at datetime
cascading_source -> CascadingTaskTemplate_base
assignee -> User_base
task_template_list -> TaskTemplateList_base
task_type -> TaskType_base
template_creator -> User_base
reminder_templates => ReminderTemplate_base""",
    "TaskTemplateList": """\
created_at datetime
description string
id integer !
etag etag !
name string
templates_count integer ~
updated_at datetime
practice_area -> PracticeArea_base
creator -> User_base""",
    "TaskTemplateListInstace_base": """\
id integer !
etag etag !
created_at datetime
updated_at datetime""",
    "TaskTemplateList_base": """\
created_at datetime
description string
id integer !
etag etag !
name string
templates_count integer ~
updated_at datetime""",
    "TaskTemplate_base": """\
id integer !
etag etag !
name string
description string
description_text_type string : plain_text|rich_text
priority string : High|Normal|Low
private boolean
created_at datetime
updated_at datetime""",
    "TaskType": """\
id integer !
etag etag !
name string
deleted_at datetime
created_at datetime
updated_at datetime""",
    "TaskType_base": """\
id integer !
etag etag !
name string
deleted_at datetime
created_at datetime
updated_at datetime""",
    "Task_base": """\
id integer !
etag etag !
name string
status string : pending|in_progress|in_review|complete|draft
description string
description_text_type string : plain_text|rich_text
priority string : High|Normal|Low
due_at date
permission string
completed_at datetime
notify_completion boolean
statute_of_limitations boolean
time_estimated integer
created_at datetime
updated_at datetime
time_entries_count integer ~""",
    "TextSnippet": """\
id integer !
etag etag !
created_at datetime
updated_at datetime
snippet string
phrase string
whole_word boolean""",
    "TextSnippet_base": """\
id integer !
etag etag !
created_at datetime
updated_at datetime
snippet string
phrase string
whole_word boolean""",
    "Timer": """\
id integer !
etag etag !
start_time datetime
elapsed_time decimal ~ hours
created_at datetime
updated_at datetime
activity -> Activity_base""",
    "Timer_base": """\
id integer !
etag etag !
start_time datetime
elapsed_time decimal ~ hours
created_at datetime
updated_at datetime""",
    "TrustLineItem": """\
id integer !
etag etag !
date date
total decimal
note string
created_at datetime
updated_at datetime
bill -> Bill_base
matter -> Matter_base
client -> Contact_base""",
    "TrustLineItem_base": """\
id integer !
etag etag !
date date
total decimal
note string
created_at datetime
updated_at datetime""",
    "TrustRequest": """\
id integer !
etag etag !
created_at datetime
updated_at datetime""",
    "TrustRequest_base": """\
id integer !
etag etag !
created_at datetime
updated_at datetime""",
    "UnredactedParticipant_base": """\
""",
    "User": """\
account_owner boolean
clio_connect boolean
court_rules_default_attendee boolean
created_at datetime
default_calendar_id integer
email string
enabled boolean
etag etag !
first_name string
id integer !
initials string
last_name string
name string !
phone_number string
rate decimal
roles string[]
subscription_type string : Attorney|NonAttorney
time_zone string
updated_at datetime
default_activity_description -> ActivityDescription_base
notification_methods => NotificationMethod_base
account -> Account_base
avatar -> Avatar_base
contact -> Contact_base
job_title -> JobTitle_base
groups => Group_base""",
    "User_base": """\
account_owner boolean
clio_connect boolean
court_rules_default_attendee boolean
created_at datetime
default_calendar_id integer
email string
enabled boolean
etag etag !
first_name string
id integer !
initials string
last_name string
name string !
phone_number string
rate decimal
roles string[]
subscription_type string : Attorney|NonAttorney
time_zone string
updated_at datetime""",
    "UtbmsCode": """\
id integer !
etag etag !
name string
code string
description string
type string : UtbmsTask|UtbmsExpense|UtbmsActivity
utbms_set_id integer
created_at datetime
updated_at datetime""",
    "UtbmsCode_base": """\
id integer !
etag etag !
name string
code string
description string
type string : UtbmsTask|UtbmsExpense|UtbmsActivity
utbms_set_id integer
created_at datetime
updated_at datetime""",
    "UtbmsSet": """\
id integer !
etag etag !
name string
enabled boolean
created_at datetime
updated_at datetime""",
    "UtbmsSet_base": """\
id integer !
etag etag !
name string
enabled boolean
created_at datetime
updated_at datetime""",
    "WebSite_base": """\
id integer !
etag etag !
address string
name string : Work|Personal|Twitter|Facebook|LinkedIn|Instant Messenger|Other
default_web_site boolean
created_at datetime
updated_at datetime""",
    "Webhook": """\
id integer !
etag etag !
url string
fields string
shared_secret string
model string : activity|bill|calendar_entry|clio_payments_payment|communication|contact|document|folder|matter|task
status string : pending|enabled|suspended
events string[] : created|updated|deleted|matter_opened|matter_pended|matter_closed
expires_at datetime
created_at datetime
updated_at datetime
user -> User_base""",
    "Webhook_base": """\
id integer !
etag etag !
url string
fields string
shared_secret string
model string : activity|bill|calendar_entry|clio_payments_payment|communication|contact|document|folder|matter|task
status string : pending|enabled|suspended
events string[] : created|updated|deleted|matter_opened|matter_pended|matter_closed
expires_at datetime
created_at datetime
updated_at datetime""",
}

COLLECTIONS: dict[str, tuple[str, ...]] = {
    "Activity": ("/activities",),
    "ActivityDescription": ("/activity_descriptions",),
    "ActivityDescriptionRate": ("/users",),
    "ActivityRate": ("/activity_rates",),
    "Activity_CalendarEntry": ("/calendar_entries",),
    "Activity_Task": ("/tasks",),
    "Activity_TextMessageConversation": ("/conversations",),
    "Allocation": ("/allocations",),
    "Attendee": ("/contacts", "/calendars"),
    "Balance": ("/matters", "/contacts"),
    "BankAccount": ("/bank_accounts",),
    "BankTransaction": ("/bank_transactions",),
    "BankTransfer": ("/bank_transfers",),
    "Bill": ("/bills",),
    "BillRecipient_Contact": ("/contacts",),
    "BillTheme": ("/bill_themes",),
    "BillableClient": ("/contacts",),
    "BillableMatter": ("/matters",),
    "BillingSetting": ("/settings/billing",),
    "Calendar": ("/calendars",),
    "CalendarEntry": ("/calendar_entries",),
    "CalendarEntryEventType": ("/calendar_entry_event_types",),
    "CalendarVisibility": ("/task_calendars",),
    "CascadingTask": ("/tasks",),
    "Client": ("/contacts",),
    "ClioCreator": ("/users",),
    "ClioFileSubmissionsReport": ("/clio_file/submissions_reports",),
    "ClioPaymentsLink": ("/clio_payments/links",),
    "ClioPaymentsPayment": ("/clio_payments/payments",),
    "Comment": ("/comments",),
    "Communication": ("/communications",),
    "Contact": ("/contacts",),
    "Conversation": ("/conversations",),
    "ConversationMessage": ("/conversation_messages",),
    "CreditMemo": ("/credit_memos",),
    "Currency": ("/currencies",),
    "CustomAction": ("/custom_actions",),
    "CustomField": ("/custom_fields",),
    "CustomFieldMatterSelection": ("/matters",),
    "CustomFieldSet": ("/custom_field_sets",),
    "Damage": ("/damages",),
    "Document": ("/documents",),
    "DocumentArchive": ("/document_archives",),
    "DocumentAutomation": ("/document_automations",),
    "DocumentCategory": ("/document_categories",),
    "DocumentTemplate": ("/document_templates",),
    "EventMetrics": ("/internal_notifications/event_metrics",),
    "ExpenseCategory": ("/expense_categories",),
    "Folder": ("/folders",),
    "Grant": ("/grants",),
    "GrantFundingSource": ("/grant_funding_sources",),
    "Group": ("/groups",),
    "InterestCharge": ("/interest_charges",),
    "Item": ("/documents", "/folders"),
    "Jurisdiction": ("/court_rules/jurisdictions",),
    "LaukCivilCertificatedRate": ("/lauk_civil_certificated_rates",),
    "LaukCivilControlledRate": ("/lauk_civil_controlled_rates",),
    "LaukCriminalControlledRate": ("/lauk_criminal_controlled_rates",),
    "LaukExpenseCategory": ("/lauk_expense_categories",),
    "LineItem": ("/line_items",),
    "LinkedFolder": ("/folders",),
    "LogEntry": ("/log_entries",),
    "Matter": ("/matters",),
    "MatterContacts": ("/contacts",),
    "MatterDocket": ("/court_rules/matter_dockets",),
    "MatterStage": ("/matter_stages",),
    "MedicalBill": ("/medical_bills",),
    "MedicalRecord": ("/medical_records",),
    "MedicalRecordsRequest": ("/medical_records_details",),
    "MyEvent": ("/internal_notifications/my_events",),
    "Note": ("/notes",),
    "OutstandingClientBalance": ("/outstanding_client_balances",),
    "Participant": ("/contacts", "/users"),
    "PicklistOption": ("/custom_fields",),
    "PolymorphicCustomRate_ActivityDescription": ("/activity_descriptions",),
    "PolymorphicCustomRate_Group": ("/groups",),
    "PolymorphicCustomRate_User": ("/users",),
    "PolymorphicObject": (
        "/tasks",
        "/calendar_entries",
        "/matters",
        "/contacts",
        "/users",
        "/credit_memos",
        "/documents",
        "/communications",
        "/conversations",
    ),
    "PracticeArea": ("/practice_areas",),
    "RelatedContacts": ("/contacts",),
    "Relationship": ("/relationships",),
    "Reminder": ("/reminders",),
    "Report": ("/reports",),
    "ReportPreset": ("/report_presets",),
    "ReportSchedule": ("/report_schedules",),
    "ServiceType": ("/court_rules/service_types",),
    "Task": ("/tasks",),
    "TaskTemplate": ("/task_templates",),
    "TaskTemplateList": ("/task_template_lists",),
    "TaskType": ("/task_types",),
    "TextSnippet": ("/settings/text_snippets",),
    "Timer": ("/timer",),
    "TrustLineItem": ("/trust_line_items",),
    "TrustRequest": ("/trust_requests",),
    "User": ("/users",),
    "UtbmsCode": ("/utbms/codes",),
    "UtbmsSet": ("/utbms/sets",),
    "Webhook": ("/webhooks",),
}

DEFAULTS: dict[str, tuple[str, ...]] = {
    "Matter": ("display_number",),
    "User": ("name",),
    "PicklistOption": ("option",),
}

READ_IN_FULL: frozenset[str] = frozenset(
    {
        "BankAccount",
        "Bill",
        "BillableClient",
        "BillableMatter",
        "CalendarVisibility",
        "DocumentArchive",
        "DocumentAutomation",
        "EventMetrics",
        "InterestCharge",
        "OutstandingClientBalance",
        "Report",
        "Timer",
    }
)

ATOMS: dict[str, tuple[tuple[str, ...], ...]] = {
    "Activity": (
        ("quantity", "price", "flat_rate", "no_charge", "non_billable", "activity_description"),
        ("type", "expense_category", "utbms_expense"),
        ("matter", "user", "date"),
        ("calendar_entry", "communication", "contact_note", "matter_note", "task", "text_message_conversation"),
    ),
    "ActivityDescription": (("rate", "currency"),),
    "ActivityRate": (("rate", "flat_rate"),),
    "BankAccount": (("account_number", "domicile_branch", "institution", "swift", "transit_number"),),
    "BankTransaction": (
        ("amount", "bank_account", "bank_account_transaction_type", "currency", "exchange_rate", "transaction_type"),
    ),
    "Bill": (("state", "issued_at", "due_at", "tax_rate", "secondary_tax_rate", "discount", "interest", "total"),),
    "CalendarEntry": (
        ("start_at", "end_at", "all_day", "recurrence_rule", "start_date", "start_time", "end_date", "end_time"),
    ),
    "Contact": (("name", "first_name", "middle_name", "last_name", "prefix", "type"), ("co_counsel_rate", "currency")),
    "DocumentTemplate": (("file", "filename"),),
    "ExpenseCategory": (("rate", "currency", "entry_type"),),
    "LineItem": (("quantity", "price", "discount"), ("taxable", "secondary_taxable")),
    "Matter": (
        ("status", "open_date", "pending_date", "close_date"),
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
        ("cascading", "cascading_offset", "cascading_offset_polarity", "cascading_offset_type", "cascading_source"),
    ),
    "TextSnippet": (("phrase", "snippet", "whole_word"),),
    "Webhook": (("model", "fields", "events"),),
}

NEVER_MERGED: dict[str, tuple[str, ...]] = {
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
