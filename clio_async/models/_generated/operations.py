# Written by `python -m clio_async._codegen`: edit the overlay.
# Source: sha256 be15cc91c483d0c42b56d5ffa6ecd6012f3ddcf9db4690a298c83be8fe770be8

"""The operations of Clio's API, by resource, and the shape of every path."""

# ruff: noqa: E501
from __future__ import annotations

RESOURCES: dict[str, str] = {
    "activities": """\
/activities Activity
Activity#index list GET /activities.json 200 list Activity versioned fields paged offset limit=200
?activity_description_id integer nullable
?calendar_entry_id integer nullable
?communication_id integer nullable
?contact_note_id integer nullable
?created_since datetime
?end_date date
?expense_category_id integer nullable
?flat_rate boolean
?grant_id integer nullable
?ids integer wire=ids[] many
?matter_id integer nullable
?matter_note_id integer nullable
?only_unaccounted_for boolean
?order string : id(asc)|id(desc)|display_number(asc)|display_number(desc)|user.name(asc)|user.name(desc)|price(asc)|price(desc)|total(asc)|total(desc)|type(asc)|type(desc)|date(asc)|date(desc)|note(asc)|note(desc)|updated_at(asc)|updated_at(desc)|vendor.name(asc)|vendor.name(desc)|expense_category.name(asc)|expense_category.name(desc)|non_billable(asc)|non_billable(desc)|non_billable_total(asc)|non_billable_total(desc)
?query string
?start_date date
?status string : billed|draft|unbilled|non_billable|billable|written_off
?task_id integer nullable
?type string : TimeEntry|ExpenseEntry|HardCostEntry|SoftCostEntry
?updated_since datetime
?user_id integer nullable
Activity#create create POST /activities.json 201 record Activity versioned fields
=activity_description object never-null
==id integer never-null
==utbms_task_id integer never-null
==utbms_activity_id integer never-null
=calendar_entry object never-null
==id json never-null
=client_portal object never-null
==id integer never-null
=communication object never-null
==id integer never-null
=contact_note object never-null
==id integer never-null
=date date
=expense_category object null-by-id
==id integer null-by-id
=matter object never-null
==id integer never-null
=matter_note object never-null
==id integer never-null
=no_charge boolean
=non_billable boolean
=note string
=price decimal
=quantity decimal seconds
=reference string
=start_timer boolean
=task object never-null
==id integer never-null
=tax_setting string : no_tax|tax_1_only|tax_2_only|tax_1_and_tax_2
=text_message_conversation object never-null
==id integer never-null
=type string ! : TimeEntry|ExpenseEntry|HardCostEntry|SoftCostEntry
=user object null-by-id
==id integer null-by-id
=utbms_expense object never-null
==id integer never-null
=vendor object null-by-id
==id integer null-by-id
Activity#show get GET /activities/{id}.json 200 record Activity versioned conditional fields
Activity#update update PATCH /activities/{id}.json 200 record Activity versioned if_match fields
=activity_description object never-null
==id integer never-null
==utbms_task_id integer never-null
==utbms_activity_id integer never-null
=calendar_entry object never-null
==id json never-null
=client_portal object never-null
==id integer never-null
=communication object never-null
==id integer never-null
=contact_note object never-null
==id integer never-null
=date date
=expense_category object null-by-id
==id integer null-by-id
=matter object never-null
==id integer never-null
=matter_note object never-null
==id integer never-null
=no_charge boolean
=non_billable boolean
=note string
=price decimal ignored
=quantity decimal seconds ignored
=reference string
=start_timer boolean
=task object never-null
==id integer never-null
=tax_setting string : no_tax|tax_1_only|tax_2_only|tax_1_and_tax_2
=text_message_conversation object never-null
==id integer never-null
=type string : TimeEntry|ExpenseEntry|HardCostEntry|SoftCostEntry
=user object null-by-id
==id integer null-by-id
=utbms_expense object never-null
==id integer never-null
=vendor object null-by-id
==id integer null-by-id
Activity#destroy delete DELETE /activities/{id}.json 204 empty - versioned""",
    "activity_descriptions": """\
/activity_descriptions ActivityDescription
ActivityDescription#index list GET /activity_descriptions.json 200 list ActivityDescription versioned fields paged offset limit=200
?created_since datetime
?flat_rate boolean
?ids integer wire=ids[] many
?rate_for_matter_id integer wire=rate_for[matter_id]
?rate_for_user_id integer wire=rate_for[user_id]
?type string : utbms|clio
?updated_since datetime
?user_id integer
ActivityDescription#create create POST /activity_descriptions.json 201 record ActivityDescription versioned fields
=currency object
=default boolean
=groups object[]
==id integer never-null
=name string !
=rate object
==amount decimal
==non_billable_amount decimal
==type string : User|FlatRate|Custom
=visible_to_co_counsel boolean
ActivityDescription#show get GET /activity_descriptions/{id}.json 200 record ActivityDescription versioned conditional fields
ActivityDescription#update update PATCH /activity_descriptions/{id}.json 200 record ActivityDescription versioned if_match fields
=currency object
=default boolean
=groups object[]
==id integer never-null
==_deleted boolean
=name string
=rate object
==amount decimal
==non_billable_amount decimal
==type string : User|FlatRate|Custom
=visible_to_co_counsel boolean
ActivityDescription#destroy delete DELETE /activity_descriptions/{id}.json 204 empty - versioned""",
    "activity_rates": """\
/activity_rates ActivityRate
ActivityRate#index list GET /activity_rates.json 200 list ActivityRate versioned fields paged offset limit=200
?co_counsel_contact_id integer
?contact_id integer
?created_since datetime
?ids integer wire=ids[] many
?updated_since datetime
ActivityRate#create create POST /activity_rates.json 201 record ActivityRate versioned fields
=co_counsel_contact_id integer never-null
=contact_id integer never-null
=flat_rate boolean
=rate decimal
ActivityRate#show get GET /activity_rates/{id}.json 200 record ActivityRate versioned conditional fields
ActivityRate#update update PATCH /activity_rates/{id}.json 200 record ActivityRate versioned if_match fields
=co_counsel_contact_id integer never-null
=contact_id integer never-null
=flat_rate boolean
=rate decimal
ActivityRate#destroy delete DELETE /activity_rates/{id}.json 204 empty - versioned""",
    "allocations": """\
/allocations Allocation
Allocation#index list GET /allocations.json 200 list Allocation versioned fields paged offset limit=200
?bill_id integer
?contact_id integer
?created_since datetime
?ids integer wire=ids[] many
?matter_id integer
?order string : id(asc)|id(desc)|date(asc)|date(desc)
?parent_id integer
?parent_type json
?status string : valid|invalid
?updated_since datetime
Allocation#show get GET /allocations/{id}.json 200 record Allocation versioned conditional fields""",
    "bank_accounts": """\
/bank_accounts BankAccount
BankAccount#index list GET /bank_accounts.json 200 list BankAccount versioned fields paged offset limit=200
?created_since datetime
?ids integer wire=ids[] many
?order string : id(asc)|id(desc)|name(asc)|name(desc)|institution(asc)|institution(desc)|account_number(asc)|account_number(desc)|transit_number(asc)|transit_number(desc)|currency(asc)|currency(desc)|updated_at(asc)|updated_at(desc)|type(asc)|type(desc)
?show_empty_accounts boolean
?status string : opened|closed
?type string : OperatingAccount|TrustAccount
?updated_since datetime
?user_id integer nullable
BankAccount#create create POST /bank_accounts.json 201 record BankAccount versioned fields
=account_number string
=balance decimal
=client object
==id integer
=controlled_account boolean
=currency string
=default_account boolean
=domicile_branch string
=general_ledger_number string
=holder string
=institution string
=matter object
==id integer
=name string
=swift string
=transit_number string
=type string : Operating|Trust
BankAccount#show get GET /bank_accounts/{id}.json 200 record BankAccount versioned conditional fields
BankAccount#update update PATCH /bank_accounts/{id}.json 200 record BankAccount versioned if_match fields
=account_number string
=client object
==id integer
=controlled_account boolean
=currency string
=default_account boolean
=domicile_branch string
=general_ledger_number string
=holder string
=institution string
=matter object
==id integer
=name string
=swift string
=transit_number string
BankAccount#destroy delete DELETE /bank_accounts/{id}.json 204 empty - versioned""",
    "bank_transactions": """\
/bank_transactions BankTransaction
BankTransaction#index list GET /bank_transactions.json 200 list BankTransaction versioned fields paged offset limit=200
?bank_account_id integer
?client_id integer
?created_since datetime
?ids integer wire=ids[] many
?matter_id integer
?order string
?type string : asset|liability
?unreconciled_only boolean
?updated_since datetime
BankTransaction#create create POST /bank_transactions.json 201 record BankTransaction versioned fields
=amount decimal
=bank_account object never-null
==id integer ! never-null
=bank_account_transaction_type string
=client object never-null
==id integer never-null
=confirmation string
=currency string
=date date
=description string
=exchange_rate decimal
=matter object never-null
==id integer never-null
=source string
=transaction_type string
BankTransaction#show get GET /bank_transactions/{id}.json 200 record BankTransaction versioned conditional fields
BankTransaction#update update PATCH /bank_transactions/{id}.json 200 record BankTransaction versioned if_match fields
=amount decimal
=bank_account object never-null
==id integer never-null
=bank_account_transaction_type string
=client object never-null
==id integer never-null
=confirmation string
=currency string
=date date
=description string
=exchange_rate decimal
=matter object never-null
==id integer never-null
=source string
=transaction_type string
BankTransaction#destroy delete DELETE /bank_transactions/{id}.json 204 empty - versioned""",
    "bank_transfers": """\
/bank_transfers BankTransfer
BankTransfer#show get GET /bank_transfers/{id}.json 200 record BankTransfer versioned conditional fields""",
    "bill_themes": """\
/bill_themes BillTheme
BillTheme#index list GET /bill_themes.json 200 list BillTheme versioned fields paged offset limit=200
?created_since datetime
?ids integer wire=ids[] many
?updated_since datetime
BillTheme#update update PATCH /bill_themes/{id}.json 200 record BillTheme versioned if_match fields
=config string
=name string""",
    "billable_clients": """\
/billable_clients BillableClient
BillableClient#index list GET /billable_clients.json 200 list BillableClient versioned fields paged offset limit=25
?client_id integer
?custom_field_values json wire=custom_field_values[{}] comparison
?end_date date
?matter_id integer
?originating_attorney_id integer nullable
?query string
?responsible_attorney_id integer nullable
?start_date date""",
    "billable_matters": """\
/billable_matters BillableMatter
BillableMatter#ids ids GET /billable_matters/ids.json 200 ids - versioned fields paged offset limit=1000
?client_id integer
?custom_field_values json wire=custom_field_values[{}] comparison
?end_date date
?matter_id integer
?originating_attorney_id integer nullable
?query string
?responsible_attorney_id integer nullable
?start_date date
BillableMatter#index list GET /billable_matters.json 200 list BillableMatter versioned fields paged offset limit=1000
?client_id integer
?custom_field_values json wire=custom_field_values[{}] comparison
?end_date date
?matter_id integer
?originating_attorney_id integer nullable
?query string
?responsible_attorney_id integer nullable
?start_date date""",
    "billing_settings": """\
/settings/billing BillingSetting
BillingSetting#show get GET /settings/billing.json 200 record BillingSetting versioned conditional fields
?duration string""",
    "bills": """\
/bills Bill
Bill#preview preview GET /bills/{id}/preview.json 200 text -
Bill#index list GET /bills.json 200 list Bill versioned fields paged offset limit=200
?bill_number string
?client_id integer
?created_since datetime
?currency_id integer
?custom_field_values json wire=custom_field_values[{}] comparison
?due_after date
?due_at date
?due_before date
?ids integer wire=ids[] many
?issued_after date
?issued_before date
?last_sent_end_date date
?last_sent_start_date date
?matter_id integer nullable
?order string : id(asc)|id(desc)|due_at(asc)|due_at(desc)|issued_at(asc)|issued_at(desc)|paid_at(asc)|paid_at(desc)|last_sent_at(asc)|last_sent_at(desc)|client_name(asc)|client_name(desc)|matter_display_number(asc)|matter_display_number(desc)|balance(asc)|balance(desc)|number(asc)|number(desc)
?originating_attorney_id integer nullable
?overdue_only boolean
?query string
?responsible_attorney_id integer nullable
?state string : draft|awaiting_approval|awaiting_payment|paid|void|deleted
?status string : all|overdue
?type string : revenue|trust
?updated_since datetime
Bill#show get GET /bills/{id}.json 200 record Bill versioned conditional fields
?navigation_next integer wire=navigation.next
?navigation_previous integer wire=navigation.previous
Bill#update update PATCH /bills/{id}.json 200 record Bill versioned if_match fields
=bill_theme object
==id integer
=currency_id integer
=discount object
==rate decimal
==type string : percentage|money
==note string
=due_at date
=interest object
==rate decimal
==type string : simple|compound
==period integer
=issued_at date
=memo string
=number string
=purchase_order string
=secondary_tax_rate decimal
=state string : draft|awaiting_approval|awaiting_payment|paid|void|deleted
=subject string
=tax_rate decimal
=use_grace_period boolean
Bill#destroy delete DELETE /bills/{id}.json 204 empty - versioned""",
    "calendar_entries": """\
/calendar_entries CalendarEntry
CalendarEntry#index list GET /calendar_entries.json 200 list CalendarEntry versioned fields paged offset limit=200
?calendar_id integer
?created_since datetime
?expanded boolean
?external_property_name string
?external_property_value string
?from_ datetime wire=from
?has_court_rule boolean
?ids json wire=ids[] many
?is_all_day boolean
?matter_id integer nullable
?owner_entries_across_all_users boolean
?query string
?source string : web|mobile
?to datetime
?updated_since datetime
?visible boolean
CalendarEntry#create create POST /calendar_entries.json 201 record CalendarEntry versioned fields
=_deleted string : single|future
=all_day boolean
=attendees object[]
==id integer never-null
==type string
==_destroy boolean
=calendar_entry_event_type object null-by-id
==id integer null-by-id
=calendar_owner object ! never-null
==id integer ! never-null
=conference_meeting object
==type string : zoom
=description string
=end_at datetime !
=external_properties object[]
==name string
==value string
=location string
=matter object null-by-id
==id integer null-by-id
=recurrence_rule string
=send_email_notification boolean
=start_at datetime !
=summary string !
CalendarEntry#show get GET /calendar_entries/{id}.json 200 record CalendarEntry versioned conditional fields
CalendarEntry#update update PATCH /calendar_entries/{id}.json 200 record CalendarEntry versioned if_match fields
=_deleted string : single|future
=all_day boolean
=attendees object[]
==id integer never-null
==type string
==_destroy boolean
=calendar_entry_event_type object null-by-id
==id integer null-by-id
=calendar_owner object never-null
==id integer never-null
=conference_meeting object
==type string : zoom
=description string
=end_at datetime
=external_properties object[]
==id integer never-null
==name string
==value string
==_destroy boolean
=location string
=matter object null-by-id
==id integer null-by-id
=recurrence_rule string
=send_email_notification boolean
=start_at datetime
=summary string
CalendarEntry#destroy delete DELETE /calendar_entries/{id}.json 204 empty - versioned""",
    "calendar_entry_event_types": """\
/calendar_entry_event_types CalendarEntryEventType
CalendarEntryEventType#index list GET /calendar_entry_event_types.json 200 list CalendarEntryEventType versioned fields paged offset limit=200
?created_since datetime
?ids integer wire=ids[] many
?updated_since datetime
CalendarEntryEventType#create create POST /calendar_entry_event_types.json 201 record CalendarEntryEventType versioned fields
=color string : #367B9C|#FFA5A4|#83D17F|#FFAC7B|#8E3F64|#C75300|#009CEC|#62D6B1|#9EEDCB|#F9A2C4|#616161|#BBDA81|#DFD3F8|#D6C4A5|#FFD478|#6AC9DE|#EABBB0|#BFC2E1|#DADADA|#CDE2F5
=name string !
CalendarEntryEventType#show get GET /calendar_entry_event_types/{id}.json 200 record CalendarEntryEventType versioned conditional fields
CalendarEntryEventType#update update PATCH /calendar_entry_event_types/{id}.json 200 record CalendarEntryEventType versioned if_match fields
=color string : #367B9C|#FFA5A4|#83D17F|#FFAC7B|#8E3F64|#C75300|#009CEC|#62D6B1|#9EEDCB|#F9A2C4|#616161|#BBDA81|#DFD3F8|#D6C4A5|#FFD478|#6AC9DE|#EABBB0|#BFC2E1|#DADADA|#CDE2F5
=name string
CalendarEntryEventType#destroy delete DELETE /calendar_entry_event_types/{id}.json 204 empty - versioned""",
    "calendars": """\
/calendars Calendar
Calendar#index list GET /calendars.json 200 list Calendar versioned fields paged offset limit=200
?created_since datetime
?filter_inactive_users boolean
?ids integer wire=ids[] many
?order string : name(asc)|name(desc)|id(asc)|id(desc)
?owner boolean
?source string : web|mobile
?type string : AccountCalendar|AdhocCalendar|UserCalendar
?updated_since datetime
?visible boolean
?writeable boolean
Calendar#create create POST /calendars.json 201 record Calendar versioned fields
=color string : #367B9C|#FFA5A4|#83D17F|#FFAC7B|#8E3F64|#C75300|#009CEC|#62D6B1|#9EEDCB|#F9A2C4|#616161|#BBDA81|#DFD3F8|#D6C4A5|#FFD478|#6AC9DE|#EABBB0|#BFC2E1|#DADADA|#CDE2F5
=name string !
=source string : web|mobile
=visible boolean
Calendar#show get GET /calendars/{id}.json 200 record Calendar versioned conditional fields
Calendar#update update PATCH /calendars/{id}.json 200 record Calendar versioned if_match fields
=color string : #367B9C|#FFA5A4|#83D17F|#FFAC7B|#8E3F64|#C75300|#009CEC|#62D6B1|#9EEDCB|#F9A2C4|#616161|#BBDA81|#DFD3F8|#D6C4A5|#FFD478|#6AC9DE|#EABBB0|#BFC2E1|#DADADA|#CDE2F5
=name string
=source string : web|mobile
=visible boolean
Calendar#destroy delete DELETE /calendars/{id}.json 204 empty - versioned""",
    "clio_file_submissions_reports": """\
/clio_file/submissions_reports ClioFileSubmissionsReport
ClioFile::Submission#index list GET /clio_file/submissions_reports.json 200 list ClioFileSubmissionsReport versioned fields paged offset limit=200
?created_since datetime
?ids integer wire=ids[] many
?order string : id(asc)|id(desc)|submitted_date(asc)|submitted_date(desc)
?submitted_after date
?submitted_before date
?updated_since datetime""",
    "clio_payments_links": """\
/clio_payments/links ClioPaymentsLink
ClioPaymentsLink#index list GET /clio_payments/links.json 200 list ClioPaymentsLink versioned fields paged offset limit=200
?active boolean
?created_since datetime
?ids integer wire=ids[] many
?updated_since datetime
ClioPaymentsLink#create create POST /clio_payments/links.json 201 record ClioPaymentsLink versioned fields
=amount decimal
=currency string
=description string
=destination_account object
==id integer !
=destination_contact object
==id integer
=duration integer
=email_address string
=is_allocated_as_revenue boolean
=subject object
==id integer !
==type string : BankAccount|Bill|Contact
ClioPaymentsLink#show get GET /clio_payments/links/{id}.json 200 record ClioPaymentsLink versioned conditional fields
ClioPaymentsLink#update update PATCH /clio_payments/links/{id}.json 200 record ClioPaymentsLink versioned if_match fields
=expired boolean""",
    "clio_payments_payments": """\
/clio_payments/payments ClioPaymentsPayment
ClioPaymentsPayment#index list GET /clio_payments/payments.json 200 list ClioPaymentsPayment versioned fields paged offset limit=200
?bill_id integer
?contact_id integer
?ids integer wire=ids[] many
?state string : pending|authorized|completed|voided|failed|canceled|requires_confirmation|completed_requiring_allocation
ClioPaymentsPayment#show get GET /clio_payments/payments/{id}.json 200 record ClioPaymentsPayment versioned conditional fields""",
    "comments": """\
/comments Comment
Comment#index list GET /comments.json 200 list Comment versioned fields paged offset limit=200
?created_since datetime
?item_id integer
?updated_since datetime
Comment#create create POST /comments.json 201 record Comment versioned fields
=item object !
==id integer !
=message string !
Comment#show get GET /comments/{id}.json 200 record Comment versioned conditional fields
Comment#update update PATCH /comments/{id}.json 200 record Comment versioned if_match fields
=item object
==id integer
=message string
Comment#destroy delete DELETE /comments/{id}.json 204 empty - versioned""",
    "communications": """\
/communications Communication
Communication#index list GET /communications.json 200 list Communication versioned fields paged offset limit=200
?contact_id integer
?created_since datetime
?date date
?external_property_name string
?external_property_value string
?having_time_entries boolean
?ids integer wire=ids[] many
?matter_id integer nullable
?order string : id(asc)|id(desc)|date(asc)|date(desc)|received_at(asc)|received_at(desc)|matter(asc)|matter(desc)
?query string
?received_at datetime
?received_before date
?received_since date
?type string : EmailCommunication|PhoneCommunication
?updated_since datetime
?user_id integer
Communication#create create POST /communications.json 201 record Communication versioned fields
=body string
=external_properties object[]
==name string
==value string
=matter object never-null
==id integer never-null
=notification_event_subscribers object[]
==user_id integer
=received_at datetime !
=receivers object[]
==_deleted boolean
==id integer
==type string : User|Contact
=senders object[]
==_deleted boolean
==id integer
==type string : User|Contact
=subject string
=type string : PhoneCommunication|EmailCommunication
Communication#show get GET /communications/{id}.json 200 record Communication versioned conditional fields
Communication#update update PATCH /communications/{id}.json 200 record Communication versioned if_match fields
=body string
=external_properties object[]
==id integer never-null
==name string
==value string
==_destroy boolean
=matter object never-null
==id integer never-null
=notification_event_subscribers object[]
==user_id integer
==id integer
==_destroy boolean
=received_at datetime
=receivers object[]
==_deleted boolean
==id integer
==type string : User|Contact
=senders object[]
==_deleted boolean
==id integer
==type string : User|Contact
=subject string
=type string : PhoneCommunication|EmailCommunication
Communication#destroy delete DELETE /communications/{id}.json 204 empty - versioned""",
    "contact_email_addresses": """\
/contacts/{contact_id}/email_addresses EmailAddress
EmailAddress#index list GET /contacts/{contact_id}/email_addresses.json 200 list EmailAddress versioned fields paged offset limit=200
?created_since datetime
?ids integer wire=ids[] many
?updated_since datetime""",
    "contact_phone_numbers": """\
/contacts/{contact_id}/phone_numbers PhoneNumber
PhoneNumber#index list GET /contacts/{contact_id}/phone_numbers.json 200 list PhoneNumber versioned fields paged offset limit=200
?created_since datetime
?ids integer wire=ids[] many
?updated_since datetime""",
    "contacts": """\
/contacts Contact
Contact#index list GET /contacts.json 200 list Contact versioned fields paged offset limit=200
?client_only boolean
?clio_connect_only boolean
?created_since datetime
?custom_field_ids integer wire=custom_field_ids[] many
?custom_field_values json wire=custom_field_values[{}] comparison
?email_only boolean
?exclude_ids integer wire=exclude_ids[] many
?ids integer wire=ids[] many
?initial string : A|B|C|D|E|F|G|H|I|J|K|L|M|N|O|P|Q|R|S|T|U|V|W|X|Y|Z
?order string : id(asc)|id(desc)|name(asc)|name(desc)|shared_at(asc)|shared_at(desc)
?query string
?shared_resource_id integer
?type string : Company|Person
?updated_since datetime
Contact#create create POST /contacts.json 201 record Contact versioned fields
?custom_field_ids integer wire=custom_field_ids[] many
=addresses object[]
==name string : Work|Home|Billing|Other
==street string
==city string
==province string
==postal_code string
==country string
=avatar object
==image string
==_destroy boolean
=clio_connect_email string
=co_counsel_rate object
==rate decimal
=company object never-null
==id integer never-null
=currency object
=custom_field_set_associations object[]
==display_order integer
==custom_field_set object never-null
===id integer ! never-null
=custom_field_values object[]
==value json
==custom_field object ! never-null
===id integer ! never-null
=date_of_birth date
=email_addresses object[]
==name string : Work|Home|Other
==address string
==default_email boolean
=first_name string
=instant_messengers object[]
==name string : Work|Personal|Other
==address string
=kyc_field_values object[]
==field_name string
==field_type string : date|text|picklist
==field_value string
=last_name string
=ledes_client_id string
=middle_name string
=name string
=phone_numbers object[]
==name string : Work|Home|Mobile|Fax|Pager|Skype|Other
==number string
==default_number boolean
=prefix string
=sales_tax_number string
=title string
=type string ! : Person|Company
=web_sites object[]
==name string : Work|Personal|Twitter|Facebook|LinkedIn|Instant Messenger|Other
==address string
==default_web_site boolean
Contact#show get GET /contacts/{id}.json 200 record Contact versioned conditional fields
?custom_field_ids integer wire=custom_field_ids[] many
Contact#update update PATCH /contacts/{id}.json 200 record Contact versioned if_match fields
?custom_field_ids integer wire=custom_field_ids[] many
=addresses object[]
==name string : Work|Home|Billing|Other
==street string
==city string
==province string
==postal_code string
==country string
==id integer never-null
==_destroy boolean
=avatar object
==image string
==_destroy boolean
=clio_connect_email string
=co_counsel_rate object
==rate decimal
=company object never-null
==id integer never-null
=currency object
=custom_field_set_associations object[]
==id integer never-null
==display_order integer
==custom_field_set object never-null
===id integer never-null
==_destroy boolean
=custom_field_values object[]
==value json
==custom_field object never-null
===id integer never-null
==id string never-null
==_destroy boolean
=date_of_birth date
=email_addresses object[]
==id integer never-null
==name string : Work|Home|Other
==address string
==default_email boolean
==_destroy boolean
=first_name string
=instant_messengers object[]
==name string : Work|Personal|Other
==address string
==id integer never-null
==_destroy boolean
=kyc_field_values object[]
==id integer never-null
==field_name string
==field_type string : date|text|picklist
==field_value string
=last_name string
=ledes_client_id string
=middle_name string
=name string
=phone_numbers object[]
==name string : Work|Home|Mobile|Fax|Pager|Skype|Other
==number string
==default_number boolean
==id integer never-null
==_destroy boolean
=prefix string
=sales_tax_number string
=title string
=type string : Person|Company
=web_sites object[]
==name string : Work|Personal|Twitter|Facebook|LinkedIn|Instant Messenger|Other
==address string
==id integer never-null
==default_web_site boolean
==_destroy boolean
Contact#destroy delete DELETE /contacts/{id}.json 204 empty - versioned""",
    "conversation_messages": """\
/conversation_messages ConversationMessage
ConversationMessage#index list GET /conversation_messages.json 200 list ConversationMessage versioned fields paged offset limit=200
?conversation_id integer required nullable
?created_since datetime
?ids integer wire=ids[] many
?order string : id(asc)|id(desc)
?query string
?updated_since datetime
ConversationMessage#create create POST /conversation_messages.json 201 record ConversationMessage versioned fields
=attachment object
==document_id integer
==document_version_id integer
=body string
=conversation object
==id integer
=matter object never-null
==id integer never-null
=receivers object[]
==id integer !
==type string : Contact|User
=subject string
ConversationMessage#show get GET /conversation_messages/{id}.json 200 record ConversationMessage versioned conditional fields""",
    "conversations": """\
/conversations Conversation
Conversation#index list GET /conversations.json 200 list Conversation versioned fields paged offset limit=200
?archived boolean
?contact_id integer
?created_since datetime
?date date
?for_user boolean
?ids integer wire=ids[] many
?matter_id integer nullable
?order string : id(asc)|id(desc)|last_message_id(asc)|last_message_id(desc)|matter_id(asc)|matter_id(desc)
?read_status boolean
?time_entries boolean
?updated_since datetime
Conversation#show get GET /conversations/{id}.json 200 record Conversation versioned conditional fields
Conversation#update update PATCH /conversations/{id}.json 200 record Conversation versioned if_match fields
=archived boolean
=matter object never-null
==id integer never-null
=read boolean""",
    "credit_memos": """\
/credit_memos CreditMemo
CreditMemo#index list GET /credit_memos.json 200 list CreditMemo versioned fields paged offset limit=200
?contact_id integer
?created_since datetime
?ids integer wire=ids[] many
?order string : id(asc)|id(desc)|date(asc)|date(desc)
?updated_since datetime
CreditMemo#show get GET /credit_memos/{id}.json 200 record CreditMemo versioned conditional fields""",
    "currencies": """\
/currencies Currency
Currency#index list GET /currencies.json 200 list Currency versioned fields paged offset limit=200
?created_since datetime
?ids integer wire=ids[] many
?updated_since datetime""",
    "custom_actions": """\
/custom_actions CustomAction
CustomAction#index list GET /custom_actions.json 200 list CustomAction versioned fields paged offset limit=200
?created_since datetime
?ids integer wire=ids[] many
?updated_since datetime
CustomAction#create create POST /custom_actions.json 201 record CustomAction versioned fields
=label string
=target_url string
=ui_reference string : activities/show|documents/show|contacts/show|matters/show|folders/show
CustomAction#show get GET /custom_actions/{id}.json 200 record CustomAction versioned conditional fields
CustomAction#update update PATCH /custom_actions/{id}.json 200 record CustomAction versioned if_match fields
=label string
=target_url string
=ui_reference string : activities/show|documents/show|contacts/show|matters/show|folders/show
CustomAction#destroy delete DELETE /custom_actions/{id}.json 204 empty - versioned""",
    "custom_field_sets": """\
/custom_field_sets CustomFieldSet
CustomFieldSet#index list GET /custom_field_sets.json 200 list CustomFieldSet versioned fields paged offset limit=200
?created_since datetime
?displayed boolean
?ids integer wire=ids[] many
?order string : name(asc)|name(desc)|id(asc)|id(desc)|parent_type(asc)|parent_type(desc)
?parent_type string : Matter|Contact
?query string
?updated_since datetime
CustomFieldSet#create create POST /custom_field_sets.json 201 record CustomFieldSet versioned fields
=custom_field_ids integer[]
=displayed boolean
=name string !
=parent_type string : Contact|Matter
CustomFieldSet#show get GET /custom_field_sets/{id}.json 200 record CustomFieldSet versioned conditional fields
CustomFieldSet#update update PATCH /custom_field_sets/{id}.json 200 record CustomFieldSet versioned if_match fields
=custom_field_ids integer[]
=displayed boolean
=name string
=parent_type string : Contact|Matter
CustomFieldSet#destroy delete DELETE /custom_field_sets/{id}.json 204 empty - versioned""",
    "custom_fields": """\
/custom_fields CustomField
CustomField#index list GET /custom_fields.json 200 list CustomField versioned fields paged offset limit=200
?created_since datetime
?deleted boolean
?field_type string : checkbox|contact|currency|date|time|email|matter|numeric|picklist|text_area|text_line|url
?ids integer wire=ids[] many
?order string : id(asc)|id(desc)|name(asc)|name(desc)|display_order(asc)|display_order(desc)
?parent_type string : matter|contact
?query string
?updated_since datetime
?visible_and_required boolean
CustomField#create create POST /custom_fields.json 201 record CustomField versioned fields
=display_order integer
=displayed boolean
=field_type string ! : checkbox|contact|currency|date|time|email|matter|numeric|picklist|text_area|text_line|url
=name string !
=parent_type string ! : Contact|Matter
=picklist_options object[]
==id integer never-null
==option string
==_deleted boolean
=required boolean
CustomField#show get GET /custom_fields/{id}.json 200 record CustomField versioned conditional fields
CustomField#update update PATCH /custom_fields/{id}.json 200 record CustomField versioned if_match fields
=display_order integer
=displayed boolean
=name string
=picklist_options object[]
==id integer never-null
==option string
==_deleted boolean
=required boolean
CustomField#destroy delete DELETE /custom_fields/{id}.json 204 empty - versioned""",
    "damages": """\
/damages Damage
Damage#index list GET /damages.json 200 list Damage versioned fields paged offset limit=200
?created_since datetime
?ids integer wire=ids[] many
?updated_since datetime
Damage#create create POST /damages.json 201 record Damage versioned fields
=amount decimal
=damage_type string : special|general|other
=description string
=matter_id integer
Damage#show get GET /damages/{id}.json 200 record Damage versioned conditional fields
Damage#update update PATCH /damages/{id}.json 200 record Damage versioned if_match fields
=amount decimal
=damage_type string : special|general|other
=description string
Damage#destroy delete DELETE /damages/{id}.json 204 empty - versioned""",
    "document_archives": """\
/document_archives DocumentArchive
DocumentArchive#download download GET /document_archives/{id}/download.json 303 redirect -
DocumentArchive#create create POST /document_archives.json 201 record DocumentArchive versioned fields
=items object[] !
==id integer ! null-by-id
==type string ! : Document|Folder
DocumentArchive#show get GET /document_archives/{id}.json 200 record DocumentArchive versioned conditional fields""",
    "document_automations": """\
/document_automations DocumentAutomation
DocumentAutomation#index list GET /document_automations.json 200 list DocumentAutomation versioned fields paged offset limit=200
?created_since datetime
?ids integer wire=ids[] many
?order string : id(asc)|id(desc)
?updated_since datetime
DocumentAutomation#create create POST /document_automations.json 201 record DocumentAutomation versioned fields
=document_template object ! never-null
==id integer ! never-null
=filename string
=formats string[] : pdf|original
=matter object ! never-null
==id integer ! never-null
DocumentAutomation#show get GET /document_automations/{id}.json 200 record DocumentAutomation versioned conditional fields""",
    "document_categories": """\
/document_categories DocumentCategory
DocumentCategory#index list GET /document_categories.json 200 list DocumentCategory versioned fields paged offset limit=200
?created_since datetime
?ids integer wire=ids[] many
?order string : id(asc)|id(desc)|name(asc)|name(desc)
?query string : name
?updated_since datetime
DocumentCategory#create create POST /document_categories.json 201 record DocumentCategory versioned fields
=name string !
DocumentCategory#show get GET /document_categories/{id}.json 200 record DocumentCategory versioned conditional fields
DocumentCategory#update update PATCH /document_categories/{id}.json 200 record DocumentCategory versioned if_match fields
=name string
DocumentCategory#destroy delete DELETE /document_categories/{id}.json 204 empty - versioned""",
    "document_templates": """\
/document_templates DocumentTemplate
DocumentTemplate#download download GET /document_templates/{id}/download.json 303 redirect -
DocumentTemplate#index list GET /document_templates.json 200 list DocumentTemplate versioned fields paged offset limit=200
?created_since datetime
?ids integer wire=ids[] many
?order string : id(asc)|id(desc)|filename(asc)|filename(desc)|category.name(asc)|category.name(desc)|last_modified(asc)|last_modified(desc)|last_modified_by.name(asc)|last_modified_by.name(desc)
?updated_since datetime
DocumentTemplate#create create POST /document_templates.json 201 record DocumentTemplate versioned fields
=document_category object never-null
==id integer never-null
=file string
=filename string
DocumentTemplate#show get GET /document_templates/{id}.json 200 record DocumentTemplate versioned conditional fields
DocumentTemplate#update update PATCH /document_templates/{id}.json 200 record DocumentTemplate versioned if_match fields
=document_category object never-null
==id integer never-null
=file string
=filename string
DocumentTemplate#destroy delete DELETE /document_templates/{id}.json 204 empty - versioned""",
    "document_versions": """\
/documents/{id}/versions DocumentVersion
DocumentVersion#save_as_latest_version save_as_latest_version POST /documents/{id}/versions/{document_version_id}/save_as_latest_version.json 200 empty -
DocumentVersion#index list GET /documents/{id}/versions.json 200 list DocumentVersion versioned fields paged offset limit=200
?fully_uploaded boolean""",
    "documents": """\
/documents Document
Document#download download GET /documents/{id}/download.json 303 redirect -
?document_version_id integer
Document#copy copy POST /documents/{id}/copy.json 201 record Document fields
=communication_id integer
=document_category object null-by-id
==id integer null-by-id
=external_properties object[]
==id integer never-null
==name string
==value string
==_destroy boolean
=filename string
=name string
=parent object !
==id integer
==type string ! : Document|Folder|Contact|Matter
=received_at datetime
Document#index list GET /documents.json 200 list Document versioned fields paged offset limit=200
?contact_id integer nullable
?created_since datetime
?document_category_id integer nullable
?external_property_name string
?external_property_value string
?ids integer wire=ids[] many
?include_deleted boolean
?locked boolean
?matter_id integer nullable
?order string : created_at(asc)|created_at(desc)|document_number(asc)|document_number(desc)|id(asc)|id(desc)|name(asc)|name(desc)|received_at(asc)|received_at(desc)|updated_at(asc)|updated_at(desc)
?parent_id integer nullable
?query string
?scope string : descendants|children
?show_uncompleted boolean
?updated_since datetime
Document#create create POST /documents.json 201 record Document versioned fields
=communication_id integer
=content_type string
=document_category object null-by-id
==id integer null-by-id
=external_properties object[]
==name string
==value string
=filename string
=multiparts object[]
==part_number integer
==content_length string
==content_md5 string
=name string !
=parent object !
==id integer !
==type string ! : Document|Folder|Contact|Matter
=received_at datetime
Document#show get GET /documents/{id}.json 200 record Document versioned conditional fields
Document#update update PATCH /documents/{id}.json 200 record Document versioned if_match fields
=communication_id integer
=copy_version boolean
=document_category object null-by-id
==id integer null-by-id
=external_properties object[]
==id integer never-null
==name string
==value string
==_destroy boolean
=fully_uploaded boolean
=multiparts object[]
==part_number integer
==content_length string
==content_md5 string
=name string
=parent object
==id integer
==type string : Document|Folder|Contact|Matter
=received_at datetime
=restore boolean
=uuid string
Document#destroy delete DELETE /documents/{id}.json 204 empty - versioned""",
    "event_metrics": """\
/internal_notifications/event_metrics EventMetrics
EventMetrics#index list GET /internal_notifications/event_metrics.json 200 record EventMetrics versioned fields""",
    "expense_categories": """\
/expense_categories ExpenseCategory
ExpenseCategory#index list GET /expense_categories.json 200 list ExpenseCategory versioned fields paged offset limit=200
?created_since datetime
?entry_type string : hard_cost|soft_cost|unassociated
?order string : id(asc)|id(desc)|name(asc)|name(desc)|rate(asc)|rate(desc)|entry_type(asc)|entry_type(desc)
?query string
?updated_since datetime
ExpenseCategory#create create POST /expense_categories.json 201 record ExpenseCategory versioned fields
=currency object
=entry_type string : hard_cost|soft_cost|unassociated
=groups object[]
==id integer never-null
==_deleted boolean
=name string !
=rate decimal
=utbms_code object never-null
==id integer never-null
ExpenseCategory#show get GET /expense_categories/{id}.json 200 record ExpenseCategory versioned conditional fields
ExpenseCategory#update update PATCH /expense_categories/{id}.json 200 record ExpenseCategory versioned if_match fields
=currency object
=entry_type string : hard_cost|soft_cost|unassociated
=groups object[]
==id integer never-null
==_deleted boolean
=name string
=rate decimal
=utbms_code object never-null
==id integer never-null
ExpenseCategory#destroy delete DELETE /expense_categories/{id}.json 204 empty - versioned""",
    "folders": """\
/folders Folder
Folder#list list_items GET /folders/list.json 200 list Item versioned fields paged limit=200
?contact_id integer nullable
?created_since datetime
?document_category_id integer nullable
?external_property_name string
?external_property_value string
?ids integer wire=ids[] many
?include_deleted boolean
?matter_id integer nullable
?order string : id(asc)|id(desc)|document_number(asc)|document_number(desc)|name(asc)|name(desc)|updated_at(asc)|updated_at(desc)|created_at(asc)|created_at(desc)|received_at(asc)|received_at(desc)
?parent_id integer
?query string
?scope string : descendants|children
?show_uncompleted boolean
?updated_since datetime
Folder#index list GET /folders.json 200 list Folder versioned fields paged offset limit=200
?contact_id integer nullable
?created_since datetime
?document_category_id integer nullable
?external_property_name string
?external_property_value string
?ids integer wire=ids[] many
?include_deleted boolean
?matter_id integer nullable
?order string : id(asc)|id(desc)|name(asc)|name(desc)|updated_at(asc)|updated_at(desc)
?parent_id integer
?query string
?scope string : descendants|children
?updated_since datetime
Folder#create create POST /folders.json 201 record Folder versioned fields
=document_category object null-by-id
==id integer null-by-id
=external_properties object[]
==name string
==value string
=name string !
=parent object !
==id integer !
==type string ! : Folder|Contact|Matter
=restore boolean
Folder#show get GET /folders/{id}.json 200 record Folder versioned conditional fields
Folder#update update PATCH /folders/{id}.json 200 record Folder versioned if_match fields
=document_category object null-by-id
==id integer null-by-id
=external_properties object[]
==id integer never-null
==name string
==value string
==_destroy boolean
=name string
=parent object
==id integer
==type string : Folder|Contact|Matter
=restore boolean
Folder#destroy delete DELETE /folders/{id}.json 204 empty - versioned""",
    "grant_funding_sources": """\
/grant_funding_sources GrantFundingSource
GrantFundingSource#index list GET /grant_funding_sources.json 200 list GrantFundingSource versioned fields paged offset limit=200
?created_since datetime
?ids integer wire=ids[] many
?name string
?updated_since datetime
GrantFundingSource#create create POST /grant_funding_sources.json 201 record GrantFundingSource versioned fields
=name string
GrantFundingSource#update update PATCH /grant_funding_sources/{id}.json 200 record GrantFundingSource versioned if_match fields
=name string
GrantFundingSource#destroy delete DELETE /grant_funding_sources/{id}.json 200 record GrantFundingSource versioned if_match fields
=name string""",
    "grants": """\
/grants Grant
Grant#index list GET /grants.json 200 list Grant versioned fields paged offset limit=200
?created_since datetime
?ids integer wire=ids[] many
?name string
?updated_since datetime
Grant#create create POST /grants.json 201 record Grant versioned fields
=name string
Grant#show get GET /grants/{id}.json 200 record Grant versioned conditional fields
Grant#update update PATCH /grants/{id}.json 200 record Grant versioned if_match fields
=name string
Grant#destroy delete DELETE /grants/{id}.json 204 empty - versioned""",
    "groups": """\
/groups Group
Group#index list GET /groups.json 200 list Group versioned fields paged offset limit=200
?archived boolean
?created_since datetime
?ids integer wire=ids[] many
?name string
?order string : id(asc)|id(desc)|name(asc)|name(desc)
?query string
?type string : AccountGroup|AdhocGroup|UserGroup
?updated_since datetime
?user_id integer
Group#create create POST /groups.json 201 record Group versioned fields
=name string
Group#show get GET /groups/{id}.json 200 record Group versioned conditional fields
Group#update update PATCH /groups/{id}.json 200 record Group versioned if_match fields
=name string
Group#destroy delete DELETE /groups/{id}.json 204 empty - versioned""",
    "interest_charges": """\
/interest_charges InterestCharge
InterestCharge#index list GET /interest_charges.json 200 list InterestCharge versioned fields paged offset limit=200
?bill_id integer
?created_since datetime
?exclude_ids integer wire=exclude_ids[] many
?ids integer wire=ids[] many
?updated_since datetime
InterestCharge#destroy delete DELETE /interest_charges/{id}.json 204 empty - versioned""",
    "jurisdiction_triggers": """\
/court_rules/jurisdictions/{jurisdiction_id}/triggers JurisdictionsToTrigger
JurisdictionsToTrigger#index list GET /court_rules/jurisdictions/{jurisdiction_id}/triggers.json 200 list JurisdictionsToTrigger versioned fields paged offset limit=1000
?created_since datetime
?ids integer wire=ids[] many
?is_requirements_required boolean
?is_served boolean
?order string : description(asc)|description(desc)|id(asc)|id(desc)
?query string
?updated_since datetime
JurisdictionsToTrigger#show get GET /court_rules/jurisdictions/{jurisdiction_id}/triggers/{id}.json 200 record JurisdictionsToTrigger versioned conditional fields""",
    "jurisdictions": """\
/court_rules/jurisdictions Jurisdiction
Jurisdiction#index list GET /court_rules/jurisdictions.json 200 list Jurisdiction versioned fields paged offset limit=200
?created_since datetime
?for_current_account boolean
?ids integer wire=ids[] many
?order string : description(asc)|description(desc)|id(asc)|id(desc)
?query string
?updated_since datetime
Jurisdiction#show get GET /court_rules/jurisdictions/{id}.json 200 record Jurisdiction versioned conditional fields""",
    "lauk_civil_certificated_rates": """\
/lauk_civil_certificated_rates LaukCivilCertificatedRate
LaukCivilCertificatedRate#index list GET /lauk_civil_certificated_rates.json 200 list LaukCivilCertificatedRate versioned fields paged offset limit=200
?activity string
?activity_sub_category string
?attended_several_hearings_for_multiple_clients boolean
?category_of_law string
?change_of_solicitor boolean
?court string
?eligible_for_sqm boolean
?fee_scheme string
?first_conducting_solicitor boolean
?key string
?number_of_clients string
?party string
?post_transfer_clients_represented string
?rate_type string
?region string
?session_type string
?user_type string""",
    "lauk_civil_controlled_rates": """\
/lauk_civil_controlled_rates LaukCivilControlledRate
LaukCivilControlledRate#index list GET /lauk_civil_controlled_rates.json 200 list LaukCivilControlledRate versioned fields paged offset limit=200
?activity string
?category_of_law string
?key string
?matter_type_1 integer
?matter_type_2 integer
?rate_type string
?region string""",
    "lauk_criminal_controlled_rates": """\
/lauk_criminal_controlled_rates LaukCriminalControlledRate
LaukCriminalControlledRate#index list GET /lauk_criminal_controlled_rates.json 200 list LaukCriminalControlledRate versioned fields paged offset limit=200
?activity string
?category_of_law string
?counsel string
?court string
?key string
?rate_type string
?region string
?solicitor_type string
?standard_fee_category string""",
    "lauk_expense_categories": """\
/lauk_expense_categories LaukExpenseCategory
LaukExpenseCategory#index list GET /lauk_expense_categories.json 200 list LaukExpenseCategory versioned fields paged offset limit=200
?key string
?name string
?practice_area string
?region string required""",
    "line_items": """\
/line_items LineItem
LineItem#index list GET /line_items.json 200 list LineItem versioned fields paged offset limit=200
?activity_id integer nullable
?bill_id integer
?created_since datetime
?display boolean
?exclude_ids integer wire=exclude_ids[] many
?group_ordering integer
?ids integer wire=ids[] many
?kind string
?matter_id integer nullable
?query string
?updated_since datetime
LineItem#update update PATCH /line_items/{id}.json 200 record LineItem versioned if_match fields
=activity object never-null
==id integer never-null
=bill object never-null
==id integer never-null
=date date
=description string
=discount object
==rate decimal
==type string
=group_ordering integer
=kind string : Expense|Service|Product
=matter object never-null
==id integer never-null
=note string
=price decimal ignored
=quantity decimal hours ignored
=secondary_taxable boolean
=taxable boolean
=update_original_record boolean
LineItem#destroy delete DELETE /line_items/{id}.json 204 empty - versioned""",
    "log_entries": """\
/log_entries LogEntry
LogEntry#index list GET /log_entries.json 200 list LogEntry versioned fields paged offset limit=200
?created_since datetime
?ids integer wire=ids[] many
?order string : id(asc)|id(desc)|accessed_at(asc)|accessed_at(desc)
?updated_since datetime""",
    "matter_client": """\
/matters/{matter_id}/client Client
Client#show get GET /matters/{matter_id}/client.json 200 record Client versioned conditional fields""",
    "matter_contacts": """\
/matters/{matter_id}/contacts MatterContacts
MatterContacts#index list GET /matters/{matter_id}/contacts.json 200 list MatterContacts versioned fields paged offset limit=200
?custom_field_ids integer wire=custom_field_ids[] many
?order string : is_client(asc)|is_client(desc)|id(asc)|id(desc)""",
    "matter_dockets": """\
/court_rules/matter_dockets MatterDocket
MatterDocket#preview preview GET /court_rules/matter_dockets/preview.json 303 redirect -
?event_prefix string
?jurisdiction_id integer wire=jurisdiction[id] required
?service_type_id integer wire=service_type[id] required
?start_date date required
?start_time datetime required
?trigger_id integer wire=trigger[id] required
MatterDocket#index list GET /court_rules/matter_dockets.json 200 list MatterDocket versioned fields paged offset limit=200
?created_since datetime
?ids integer wire=ids[] many
?matter_id integer
?matter_status string : open|closed|pending
?order string : id(asc)|id(desc)|date(asc)|date(desc)
?query string
?service_type_id integer nullable
?status string : not_started|in_progress|failed|completed
?updated_since datetime
MatterDocket#create create POST /court_rules/matter_dockets.json 201 record MatterDocket versioned fields
=jurisdiction object never-null
==id integer ! never-null
=name string !
=start_date date
=start_time datetime
=trigger object never-null
==id integer ! never-null
MatterDocket#show get GET /court_rules/matter_dockets/{id}.json 200 record MatterDocket versioned conditional fields
MatterDocket#destroy delete DELETE /court_rules/matter_dockets/{id}.json 204 empty - versioned""",
    "matter_related_contacts": """\
/matters/{matter_id}/related_contacts RelatedContacts
RelatedContacts#index list GET /matters/{matter_id}/related_contacts.json 200 list RelatedContacts versioned fields paged offset limit=200
?order string : id(asc)|id(desc)|contact.name(asc)|contact.name(desc)""",
    "matter_stages": """\
/matter_stages MatterStage
MatterStage#index list GET /matter_stages.json 200 list MatterStage versioned fields paged offset limit=200
?created_since datetime
?ids integer wire=ids[] many
?practice_area_id integer
?updated_since datetime""",
    "matters": """\
/matters Matter
Matter#index list GET /matters.json 200 list Matter versioned fields paged offset limit=200
?billable boolean
?client_id integer
?close_date date wire=close_date[] many comparison
?created_since datetime
?currency_id integer
?custom_field_ids integer wire=custom_field_ids[] many
?custom_field_values json wire=custom_field_values[{}] comparison
?grant_id integer nullable
?group_id integer
?ids integer wire=ids[] many
?notification_event_subscriber_user_id integer nullable
?open_date date wire=open_date[] many comparison
?order string : display_number(asc)|display_number(desc)|custom_number(asc)|custom_number(desc)|id(asc)|id(desc)|client.name(asc)|client.name(desc)|clients(asc)|clients(desc)|open_date(asc)|open_date(desc)|practice_area.name(asc)|practice_area.name(desc)|matter_stage.name(asc)|matter_stage.name(desc)|responsible_attorney.name(asc)|responsible_attorney.name(desc)|close_date(asc)|close_date(desc)|pending_date(asc)|pending_date(desc)|updated_at(asc)|updated_at(desc)|created_at(asc)|created_at(desc)|statute_of_limitations.due_at(asc)|statute_of_limitations.due_at(desc)|originating_attorney.name(asc)|originating_attorney.name(desc)|grants(asc)|grants(desc)|matter_stage_updated_at(asc)|matter_stage_updated_at(desc)
?originating_attorney_id integer nullable
?pending_date date wire=pending_date[] many comparison
?practice_area_id integer
?query string
?responsible_attorney_id integer nullable
?responsible_staff_id integer nullable
?status string comma : open|closed|pending
?subscriber_user_id integer nullable
?updated_since datetime
Matter#create create POST /matters.json 201 record Matter versioned fields
?custom_field_ids integer wire=custom_field_ids[] many
=billable boolean
=client object ! never-null
==id integer ! never-null
=client_reference string
=close_date date
=currency object
=custom_field_set_associations object[]
==display_order integer
==custom_field_set object never-null
===id integer ! never-null
=custom_field_values object[]
==value json
==custom_field object ! never-null
===id integer ! never-null
=custom_rate object
==type string : FlatRate|HourlyRate|ContingencyFee
==rates object[]
===user object never-null
====id integer ! never-null
===award decimal
===note string
===date date
===rate decimal
===activity_description object never-null
====id integer never-null
===group object never-null
====id integer never-null
=description string !
=display_number string
=evergreen_retainer object
==minimum_threshold decimal
==recipients object[]
===id integer
===_destroy boolean
=group object null-by-id
==id integer null-by-id
=kyc_field_values object[]
==field_name string
==field_type string : date|text|picklist
==field_value string
=location string
=matter_budget object
==_destroy boolean
==budget decimal
==include_expenses boolean
==notification_threshold integer
==notify_users boolean
=matter_stage object null-by-id
==id integer null-by-id
=open_date date
=originating_attorney object never-null
==id integer never-null
=pending_date date
=practice_area object null-by-id
==id integer null-by-id
=relationships object[]
==description string
==contact object ! never-null
===id integer ! never-null
=reset_matter_number boolean
=responsible_attorney object never-null
==id integer never-null
=responsible_staff object never-null
==id integer never-null
=split_invoice_payers object[]
==contact_id integer
==send_to_bill_recipients boolean
==split_portion decimal
=status string : open|closed|pending
=statute_of_limitations object
==status string : pending|in_progress|in_review|complete|draft
==due_at date
==reminders object[]
===duration_value integer
===duration_unit string
===notification_method object never-null
====id integer ! never-null
=task_template_list_instances object[]
==task_template_list object never-null
===id integer ! never-null
==assignee_id integer
==notify_assignees boolean
==due_at date
Matter#show get GET /matters/{id}.json 200 record Matter versioned conditional fields
?custom_field_ids integer wire=custom_field_ids[] many
Matter#update update PATCH /matters/{id}.json 200 record Matter versioned if_match fields
?custom_field_ids integer wire=custom_field_ids[] many
=billable boolean
=client object never-null
==id integer never-null
=client_reference string
=close_date date
=currency object
=custom_field_set_associations object[]
==id integer never-null
==display_order integer
==custom_field_set object never-null
===id integer never-null
==_destroy boolean
=custom_field_values object[]
==value json
==custom_field object never-null
===id integer never-null
==id string never-null
==_destroy boolean
=custom_rate object
==type string : FlatRate|HourlyRate|ContingencyFee
==rates object[]
===user object never-null
====id integer never-null
===award decimal
===note string
===date date
===rate decimal
===id integer never-null
===_destroy boolean
===activity_description object never-null
====id integer never-null
===group object never-null
====id integer never-null
=description string
=display_number string
=evergreen_retainer object
==minimum_threshold decimal
==_destroy boolean
==recipients object[]
===id integer
===_destroy boolean
=group object null-by-id
==id integer null-by-id
=kyc_field_values object[]
==id integer never-null
==field_name string
==field_type string : date|text|picklist
==field_value string
=location string
=matter_budget object
==_destroy boolean
==budget decimal
==include_expenses boolean
==notification_threshold integer
==notify_users boolean
=matter_stage object null-by-id
==id integer null-by-id
=open_date date
=originating_attorney object never-null
==id integer never-null
=pending_date date
=practice_area object null-by-id
==id integer null-by-id
=relationships object[]
==description string
==contact object never-null
===id integer never-null
==id integer never-null
==_destroy boolean
=reset_matter_number boolean
=responsible_attorney object never-null
==id integer never-null
=responsible_staff object never-null
==id integer never-null
=split_invoice_payers object[]
==contact_id integer
==id integer
==send_to_bill_recipients boolean
==split_portion decimal
==_destroy boolean
=status string : open|closed|pending
=statute_of_limitations object
==status string : pending|in_progress|in_review|complete|draft
==due_at date
==reminders object[]
===duration_value integer
===duration_unit string
===notification_method object never-null
====id integer never-null
===id integer never-null
===_destroy boolean
=task_template_list_instances object[]
==task_template_list object never-null
===id integer never-null
==assignee_id integer
==notify_assignees boolean
==due_at date
Matter#destroy delete DELETE /matters/{id}.json 204 empty - versioned""",
    "medical_bills": """\
/medical_bills MedicalBill
MedicalBill#update update PATCH /medical_bills/{id}.json 200 record MedicalBill versioned if_match fields
=adjustment decimal
=amount decimal
=balance decimal
=bill_date date
=bill_received_date date
=mark_balance_type_as string : lien|outstanding_balance|neither
=name string
=payers object[]
==amount decimal
==holder_id integer
==mark_as_lien boolean
MedicalBill#destroy delete DELETE /medical_bills/{id}.json 204 empty - versioned""",
    "medical_records": """\
/medical_records MedicalRecord
MedicalRecord#update update PATCH /medical_records/{id}.json 200 record MedicalRecord versioned if_match fields
=end_date datetime
=start_date datetime
MedicalRecord#destroy delete DELETE /medical_records/{id}.json 204 empty - versioned""",
    "medical_records_details": """\
/medical_records_details MedicalRecordsRequest
MedicalRecordsRequest#index list GET /medical_records_details.json 200 list MedicalRecordsRequest versioned fields paged offset limit=200
?created_since datetime
?ids integer wire=ids[] many
?treatment_end_date date
?treatment_start_date date
?updated_since datetime
MedicalRecordsRequest#create create POST /medical_records_details.json 201 record MedicalRecordsRequest versioned fields
=bills_follow_up_date datetime
=bills_request_date datetime
=bills_status string : not_yet_requested|requested|received|incomplete|certified
=description string
=in_treatment boolean
=matter_id integer
=medical_bills object[]
==adjustment decimal
==amount decimal
==balance decimal
==bill_date date
==bill_received_date date
==document_id integer never-null
==name string
==mark_balance_type_as string : lien|outstanding_balance|neither
==payers object[]
===amount decimal
===holder_id integer never-null
===mark_as_lien boolean
=medical_provider_id integer
=medical_records object[]
==document_id integer never-null
==end_date datetime
==start_date datetime
=records_follow_up_date datetime
=records_request_date datetime
=records_status string : not_yet_requested|requested|received|incomplete|certified
=treatment_end_date datetime
=treatment_start_date datetime
MedicalRecordsRequest#show get GET /medical_records_details/{id}.json 200 record MedicalRecordsRequest versioned conditional fields
MedicalRecordsRequest#update update PATCH /medical_records_details/{id}.json 200 record MedicalRecordsRequest versioned if_match fields
=bills_follow_up_date datetime
=bills_request_date datetime
=bills_status string : not_yet_requested|requested|received|incomplete|certified
=description string
=in_treatment boolean
=medical_bills object[]
==adjustment decimal
==amount decimal
==balance decimal
==bill_date date
==bill_received_date date
==document_id integer never-null
==name string
==mark_balance_type_as string : lien|outstanding_balance|neither
==payers object[]
===amount decimal
===holder_id integer never-null
===mark_as_lien boolean
=medical_provider_id integer
=medical_records object[]
==document_id integer never-null
==end_date datetime
==start_date datetime
=records_follow_up_date datetime
=records_request_date datetime
=records_status string : not_yet_requested|requested|received|incomplete|certified
=treatment_end_date datetime
=treatment_start_date datetime
MedicalRecordsRequest#destroy delete DELETE /medical_records_details/{id}.json 204 empty - versioned""",
    "my_events": """\
/internal_notifications/my_events MyEvent
MyEvent#index list GET /internal_notifications/my_events.json 200 list MyEvent versioned fields paged offset limit=200
MyEvent#update update PATCH /internal_notifications/my_events/{id}.json 200 record MyEvent versioned if_match fields
=marked_as_read boolean
MyEvent#destroy delete DELETE /internal_notifications/my_events/{id}.json 204 empty - versioned""",
    "notes": """\
/notes Note
Note#index list GET /notes.json 200 list Note versioned fields paged offset limit=200
?contact_id integer
?created_since datetime
?has_time_entries boolean
?ids integer wire=ids[] many
?matter_id integer
?order string : id(asc)|id(desc)|date(asc)|date(desc)|author(asc)|author(desc)|updated_at(asc)|updated_at(desc)
?query string
?type string required : Matter|Contact
?updated_since datetime
Note#create create POST /notes.json 201 record Note versioned fields
=contact object never-null
==id integer ! never-null
=date date
=detail string
=detail_text_type string
=matter object never-null
==id integer ! never-null
=notification_event_subscribers object[]
==user_id integer
=subject string
=type string ! : Matter|Contact
Note#show get GET /notes/{id}.json 200 record Note versioned conditional fields
Note#update update PATCH /notes/{id}.json 200 record Note versioned if_match fields
=date date
=detail string
=detail_text_type string
=notification_event_subscribers object[]
==user_id integer
==id integer
==_destroy boolean
=subject string
Note#destroy delete DELETE /notes/{id}.json 204 empty - versioned""",
    "outstanding_client_balances": """\
/outstanding_client_balances OutstandingClientBalance
OutstandingClientBalance#index list GET /outstanding_client_balances.json 200 list OutstandingClientBalance versioned fields paged offset limit=200
?contact_id integer nullable
?last_paid_end_date date
?last_paid_start_date date
?newest_bill_due_end_date date
?newest_bill_due_start_date date
?originating_attorney_id integer
?responsible_attorney_id integer""",
    "practice_areas": """\
/practice_areas PracticeArea
PracticeArea#index list GET /practice_areas.json 200 list PracticeArea versioned fields paged offset limit=200
?code string
?created_since datetime
?ids integer wire=ids[] many
?matter_id integer
?name string
?order string : id(asc)|id(desc)|name(asc)|name(desc)|category(asc)|category(desc)|code(asc)|code(desc)
?updated_since datetime
PracticeArea#create create POST /practice_areas.json 201 record PracticeArea versioned fields
=category string : administrative|admiralty_and_maritime|anti_trust_and_competition|appellate|banking_and_finance|bankruptcy|business_formation_and_compliance|civil_litigation|civil_rights_and_constitutional|collections_and_debt|commercial_and_sale_of_goods|commercial_litigation|construction|consumer_protection|contracts|corporate_litigation|criminal|disability_and_social_security|education|elder|employment_and_labor|energy_and_environmental|ethics|family|food_and_drug|general_practice|government|healthcare|immigration|in_house_counsel|insurance|intellectual_property|international|juvenile|legal_aid|mediation_and_arbitration|medical_malpractice|military|multi_practice|non_profit_and_pro_bono|other|personal_injury|privacy_and_information_security|private_client|product_liability|real_estate|science_and_technology|securities_and_mergers_and_acquisitions|small_claims|sports_and_entertainment_and_gaming|tax|telecommunications|traffic_offenses|transportation|tribal|trusts|wills_and_estates|workers_compensation
=code string
=name string !
PracticeArea#show get GET /practice_areas/{id}.json 200 record PracticeArea versioned conditional fields
PracticeArea#update update PATCH /practice_areas/{id}.json 200 record PracticeArea versioned if_match fields
=category string : administrative|admiralty_and_maritime|anti_trust_and_competition|appellate|banking_and_finance|bankruptcy|business_formation_and_compliance|civil_litigation|civil_rights_and_constitutional|collections_and_debt|commercial_and_sale_of_goods|commercial_litigation|construction|consumer_protection|contracts|corporate_litigation|criminal|disability_and_social_security|education|elder|employment_and_labor|energy_and_environmental|ethics|family|food_and_drug|general_practice|government|healthcare|immigration|in_house_counsel|insurance|intellectual_property|international|juvenile|legal_aid|mediation_and_arbitration|medical_malpractice|military|multi_practice|non_profit_and_pro_bono|other|personal_injury|privacy_and_information_security|private_client|product_liability|real_estate|science_and_technology|securities_and_mergers_and_acquisitions|small_claims|sports_and_entertainment_and_gaming|tax|telecommunications|traffic_offenses|transportation|tribal|trusts|wills_and_estates|workers_compensation
=code string
=name string
PracticeArea#destroy delete DELETE /practice_areas/{id}.json 204 empty - versioned""",
    "relationships": """\
/relationships Relationship
Relationship#index list GET /relationships.json 200 list Relationship versioned fields paged offset limit=200
?contact_id integer
?created_since datetime
?ids integer wire=ids[] many
?matter_id integer
?updated_since datetime
Relationship#create create POST /relationships.json 201 record Relationship versioned fields
=contact object never-null
==id integer never-null
=description string
=matter object never-null
==id integer never-null
Relationship#show get GET /relationships/{id}.json 200 record Relationship versioned conditional fields
Relationship#update update PATCH /relationships/{id}.json 200 record Relationship versioned if_match fields
=contact object never-null
==id integer never-null
=description string
=matter object never-null
==id integer never-null
Relationship#destroy delete DELETE /relationships/{id}.json 204 empty - versioned""",
    "reminders": """\
/reminders Reminder
Reminder#index list GET /reminders.json 200 list Reminder versioned fields paged offset limit=200
?created_since datetime
?ids integer wire=ids[] many
?notification_method_id integer
?order string : next_delivery_at(asc)|next_delivery_at(desc)|id(asc)|id(desc)
?state string : initializing|scheduling|rescheduling|scheduled|attempting_delivery|delivery_failed|delivered|delivery_skipped|invalid_user
?subject_id integer
?subject_type string : calendar_entry|task
?updated_since datetime
?user_id integer
Reminder#create create POST /reminders.json 201 record Reminder versioned fields
=duration_unit string : weeks|days|hours|minutes
=duration_value integer
=notification_method object never-null
==id integer ! never-null
=subject object ! never-null
==id integer ! never-null
==type string ! : CalendarEntry|Task
Reminder#show get GET /reminders/{id}.json 200 record Reminder versioned conditional fields
Reminder#update update PATCH /reminders/{id}.json 200 record Reminder versioned if_match fields
=duration_unit string : weeks|days|hours|minutes
=duration_value integer
=notification_method object never-null
==id integer never-null
Reminder#destroy delete DELETE /reminders/{id}.json 204 empty - versioned""",
    "report_presets": """\
/report_presets ReportPreset
ReportPreset#generate_report generate_report POST /report_presets/{id}/generate_report.json 201 record Report
ReportPreset#index list GET /report_presets.json 200 list ReportPreset versioned fields paged offset limit=200
?category string : billing|client|compliance|financial|matter|online_payments|productivity|revenue|task
?created_since datetime
?has_schedule boolean
?ids integer wire=ids[] many
?order string : created_at(asc)|created_at(desc)|last_generated_at(asc)|last_generated_at(desc)|last_modified_at(asc)|last_modified_at(desc)|name(asc)|name(desc)|next_scheduled_date(asc)|next_scheduled_date(desc)
?output_format string
?query string
?schedule_frequency string : daily|weekly|monthly
?updated_since datetime
ReportPreset#create create POST /report_presets.json 201 record ReportPreset versioned fields
=format string ! : csv|html|json|pdf|xlsx|zip
=kind string ! : accounts_receivable|accounts_receivable_aging|bank_account_activity|billing_history|billing_rate|client_activity|client_ledger|clio_payments_deposit|clio_payments_ledger|clio_payments_monthly_statement|clio_payments_sales_tax|clio_payments_transaction|contact_information|currency_conversion_gain_loss|disbursement_payment|fee_allocation|general_ledger|grant_matters|invoice_payments_v2|law_society_of_alberta|law_society_of_alberta_al|law_society_of_alberta_bar|law_society_of_alberta_tl|law_society_of_alberta_tt|matter|matter_balance_summary|matter_ledger_full|matter_productivity_by_user|matters_by_responsible_attorney|originating_attorney_revenue|other_revenue|potential_trust_to_office|productivity_by_client|productivity_by_user|revenue|task_productivity_by_user|task_progress_by_user|trust_ledger|trust_ledger_nsw|trust_listing|trust_management|work_in_progress
=name string !
=options string
ReportPreset#show get GET /report_presets/{id}.json 200 record ReportPreset versioned conditional fields
ReportPreset#update update PATCH /report_presets/{id}.json 200 record ReportPreset versioned if_match fields
=format string : csv|html|json|pdf|xlsx|zip
=kind string : accounts_receivable|accounts_receivable_aging|bank_account_activity|billing_history|billing_rate|client_activity|client_ledger|clio_payments_deposit|clio_payments_ledger|clio_payments_monthly_statement|clio_payments_sales_tax|clio_payments_transaction|contact_information|currency_conversion_gain_loss|disbursement_payment|fee_allocation|general_ledger|grant_matters|invoice_payments_v2|law_society_of_alberta|law_society_of_alberta_al|law_society_of_alberta_bar|law_society_of_alberta_tl|law_society_of_alberta_tt|matter|matter_balance_summary|matter_ledger_full|matter_productivity_by_user|matters_by_responsible_attorney|originating_attorney_revenue|other_revenue|potential_trust_to_office|productivity_by_client|productivity_by_user|revenue|task_productivity_by_user|task_progress_by_user|trust_ledger|trust_ledger_nsw|trust_listing|trust_management|work_in_progress
=name string
=options string
ReportPreset#destroy delete DELETE /report_presets/{id}.json 204 empty - versioned""",
    "report_schedules": """\
/report_schedules ReportSchedule
ReportSchedule#index list GET /report_schedules.json 200 list ReportSchedule versioned fields paged offset limit=200
?created_since datetime
?ids integer wire=ids[] many
?updated_since datetime
ReportSchedule#create create POST /report_schedules.json 201 record ReportSchedule versioned fields
=day_of_month integer
=days_of_week integer[]
=effective_from date
=every_no_of_months integer
=frequency string : daily|weekly|monthly
=report_preset_id integer
=time_of_day datetime
=time_zone string : Africa/Abidjan|Africa/Accra|Africa/Addis_Ababa|Africa/Algiers|Africa/Asmara|Africa/Asmera|Africa/Bamako|Africa/Bangui|Africa/Banjul|Africa/Bissau|Africa/Blantyre|Africa/Brazzaville|Africa/Bujumbura|Africa/Cairo|Africa/Casablanca|Africa/Ceuta|Africa/Conakry|Africa/Dakar|Africa/Dar_es_Salaam|Africa/Djibouti|Africa/Douala|Africa/El_Aaiun|Africa/Freetown|Africa/Gaborone|Africa/Harare|Africa/Johannesburg|Africa/Juba|Africa/Kampala|Africa/Khartoum|Africa/Kigali|Africa/Kinshasa|Africa/Lagos|Africa/Libreville|Africa/Lome|Africa/Luanda|Africa/Lubumbashi|Africa/Lusaka|Africa/Malabo|Africa/Maputo|Africa/Maseru|Africa/Mbabane|Africa/Mogadishu|Africa/Monrovia|Africa/Nairobi|Africa/Ndjamena|Africa/Niamey|Africa/Nouakchott|Africa/Ouagadougou|Africa/Porto-Novo|Africa/Sao_Tome|Africa/Timbuktu|Africa/Tripoli|Africa/Tunis|Africa/Windhoek|America/Adak|America/Anchorage|America/Anguilla|America/Antigua|America/Araguaina|America/Argentina/Buenos_Aires|America/Argentina/Catamarca|America/Argentina/ComodRivadavia|America/Argentina/Cordoba|America/Argentina/Jujuy|America/Argentina/La_Rioja|America/Argentina/Mendoza|America/Argentina/Rio_Gallegos|America/Argentina/Salta|America/Argentina/San_Juan|America/Argentina/San_Luis|America/Argentina/Tucuman|America/Argentina/Ushuaia|America/Aruba|America/Asuncion|America/Atikokan|America/Atka|America/Bahia|America/Bahia_Banderas|America/Barbados|America/Belem|America/Belize|America/Blanc-Sablon|America/Boa_Vista|America/Bogota|America/Boise|America/Buenos_Aires|America/Cambridge_Bay|America/Campo_Grande|America/Cancun|America/Caracas|America/Catamarca|America/Cayenne|America/Cayman|America/Chicago|America/Chihuahua|America/Ciudad_Juarez|America/Coral_Harbour|America/Cordoba|America/Costa_Rica|America/Coyhaique|America/Creston|America/Cuiaba|America/Curacao|America/Danmarkshavn|America/Dawson|America/Dawson_Creek|America/Denver|America/Detroit|America/Dominica|America/Edmonton|America/Eirunepe|America/El_Salvador|America/Ensenada|America/Fort_Nelson|America/Fort_Wayne|America/Fortaleza|America/Glace_Bay|America/Godthab|America/Goose_Bay|America/Grand_Turk|America/Grenada|America/Guadeloupe|America/Guatemala|America/Guayaquil|America/Guyana|America/Halifax|America/Havana|America/Hermosillo|America/Indiana/Indianapolis|America/Indiana/Knox|America/Indiana/Marengo|America/Indiana/Petersburg|America/Indiana/Tell_City|America/Indiana/Vevay|America/Indiana/Vincennes|America/Indiana/Winamac|America/Indianapolis|America/Inuvik|America/Iqaluit|America/Jamaica|America/Jujuy|America/Juneau|America/Kentucky/Louisville|America/Kentucky/Monticello|America/Knox_IN|America/Kralendijk|America/La_Paz|America/Lima|America/Los_Angeles|America/Louisville|America/Lower_Princes|America/Maceio|America/Managua|America/Manaus|America/Marigot|America/Martinique|America/Matamoros|America/Mazatlan|America/Mendoza|America/Menominee|America/Merida|America/Metlakatla|America/Mexico_City|America/Miquelon|America/Moncton|America/Monterrey|America/Montevideo|America/Montreal|America/Montserrat|America/Nassau|America/New_York|America/Nipigon|America/Nome|America/Noronha|America/North_Dakota/Beulah|America/North_Dakota/Center|America/North_Dakota/New_Salem|America/Nuuk|America/Ojinaga|America/Panama|America/Pangnirtung|America/Paramaribo|America/Phoenix|America/Port-au-Prince|America/Port_of_Spain|America/Porto_Acre|America/Porto_Velho|America/Puerto_Rico|America/Punta_Arenas|America/Rainy_River|America/Rankin_Inlet|America/Recife|America/Regina|America/Resolute|America/Rio_Branco|America/Rosario|America/Santa_Isabel|America/Santarem|America/Santiago|America/Santo_Domingo|America/Sao_Paulo|America/Scoresbysund|America/Shiprock|America/Sitka|America/St_Barthelemy|America/St_Johns|America/St_Kitts|America/St_Lucia|America/St_Thomas|America/St_Vincent|America/Swift_Current|America/Tegucigalpa|America/Thule|America/Thunder_Bay|America/Tijuana|America/Toronto|America/Tortola|America/Vancouver|America/Virgin|America/Whitehorse|America/Winnipeg|America/Yakutat|America/Yellowknife|Antarctica/Casey|Antarctica/Davis|Antarctica/DumontDUrville|Antarctica/Macquarie|Antarctica/Mawson|Antarctica/McMurdo|Antarctica/Palmer|Antarctica/Rothera|Antarctica/South_Pole|Antarctica/Syowa|Antarctica/Troll|Antarctica/Vostok|Arctic/Longyearbyen|Asia/Aden|Asia/Almaty|Asia/Amman|Asia/Anadyr|Asia/Aqtau|Asia/Aqtobe|Asia/Ashgabat|Asia/Ashkhabad|Asia/Atyrau|Asia/Baghdad|Asia/Bahrain|Asia/Baku|Asia/Bangkok|Asia/Barnaul|Asia/Beirut|Asia/Bishkek|Asia/Brunei|Asia/Calcutta|Asia/Chita|Asia/Choibalsan|Asia/Chongqing|Asia/Chungking|Asia/Colombo|Asia/Dacca|Asia/Damascus|Asia/Dhaka|Asia/Dili|Asia/Dubai|Asia/Dushanbe|Asia/Famagusta|Asia/Gaza|Asia/Harbin|Asia/Hebron|Asia/Ho_Chi_Minh|Asia/Hong_Kong|Asia/Hovd|Asia/Irkutsk|Asia/Istanbul|Asia/Jakarta|Asia/Jayapura|Asia/Jerusalem|Asia/Kabul|Asia/Kamchatka|Asia/Karachi|Asia/Kashgar|Asia/Kathmandu|Asia/Katmandu|Asia/Khandyga|Asia/Kolkata|Asia/Krasnoyarsk|Asia/Kuala_Lumpur|Asia/Kuching|Asia/Kuwait|Asia/Macao|Asia/Macau|Asia/Magadan|Asia/Makassar|Asia/Manila|Asia/Muscat|Asia/Nicosia|Asia/Novokuznetsk|Asia/Novosibirsk|Asia/Omsk|Asia/Oral|Asia/Phnom_Penh|Asia/Pontianak|Asia/Pyongyang|Asia/Qatar|Asia/Qostanay|Asia/Qyzylorda|Asia/Rangoon|Asia/Riyadh|Asia/Saigon|Asia/Sakhalin|Asia/Samarkand|Asia/Seoul|Asia/Shanghai|Asia/Singapore|Asia/Srednekolymsk|Asia/Taipei|Asia/Tashkent|Asia/Tbilisi|Asia/Tehran|Asia/Tel_Aviv|Asia/Thimbu|Asia/Thimphu|Asia/Tokyo|Asia/Tomsk|Asia/Ujung_Pandang|Asia/Ulaanbaatar|Asia/Ulan_Bator|Asia/Urumqi|Asia/Ust-Nera|Asia/Vientiane|Asia/Vladivostok|Asia/Yakutsk|Asia/Yangon|Asia/Yekaterinburg|Asia/Yerevan|Atlantic/Azores|Atlantic/Bermuda|Atlantic/Canary|Atlantic/Cape_Verde|Atlantic/Faeroe|Atlantic/Faroe|Atlantic/Jan_Mayen|Atlantic/Madeira|Atlantic/Reykjavik|Atlantic/South_Georgia|Atlantic/St_Helena|Atlantic/Stanley|Australia/ACT|Australia/Adelaide|Australia/Brisbane|Australia/Broken_Hill|Australia/Canberra|Australia/Currie|Australia/Darwin|Australia/Eucla|Australia/Hobart|Australia/LHI|Australia/Lindeman|Australia/Lord_Howe|Australia/Melbourne|Australia/NSW|Australia/North|Australia/Perth|Australia/Queensland|Australia/South|Australia/Sydney|Australia/Tasmania|Australia/Victoria|Australia/West|Australia/Yancowinna|Brazil/Acre|Brazil/DeNoronha|Brazil/East|Brazil/West|CET|CST6CDT|Canada/Atlantic|Canada/Central|Canada/Eastern|Canada/Mountain|Canada/Newfoundland|Canada/Pacific|Canada/Saskatchewan|Canada/Yukon|Chile/Continental|Chile/EasterIsland|Cuba|EET|EST|EST5EDT|Egypt|Eire|Etc/GMT|Etc/GMT+0|Etc/GMT+1|Etc/GMT+10|Etc/GMT+11|Etc/GMT+12|Etc/GMT+2|Etc/GMT+3|Etc/GMT+4|Etc/GMT+5|Etc/GMT+6|Etc/GMT+7|Etc/GMT+8|Etc/GMT+9|Etc/GMT-0|Etc/GMT-1|Etc/GMT-10|Etc/GMT-11|Etc/GMT-12|Etc/GMT-13|Etc/GMT-14|Etc/GMT-2|Etc/GMT-3|Etc/GMT-4|Etc/GMT-5|Etc/GMT-6|Etc/GMT-7|Etc/GMT-8|Etc/GMT-9|Etc/GMT0|Etc/Greenwich|Etc/UCT|Etc/UTC|Etc/Universal|Etc/Zulu|Europe/Amsterdam|Europe/Andorra|Europe/Astrakhan|Europe/Athens|Europe/Belfast|Europe/Belgrade|Europe/Berlin|Europe/Bratislava|Europe/Brussels|Europe/Bucharest|Europe/Budapest|Europe/Busingen|Europe/Chisinau|Europe/Copenhagen|Europe/Dublin|Europe/Gibraltar|Europe/Guernsey|Europe/Helsinki|Europe/Isle_of_Man|Europe/Istanbul|Europe/Jersey|Europe/Kaliningrad|Europe/Kiev|Europe/Kirov|Europe/Kyiv|Europe/Lisbon|Europe/Ljubljana|Europe/London|Europe/Luxembourg|Europe/Madrid|Europe/Malta|Europe/Mariehamn|Europe/Minsk|Europe/Monaco|Europe/Moscow|Europe/Nicosia|Europe/Oslo|Europe/Paris|Europe/Podgorica|Europe/Prague|Europe/Riga|Europe/Rome|Europe/Samara|Europe/San_Marino|Europe/Sarajevo|Europe/Saratov|Europe/Simferopol|Europe/Skopje|Europe/Sofia|Europe/Stockholm|Europe/Tallinn|Europe/Tirane|Europe/Tiraspol|Europe/Ulyanovsk|Europe/Uzhgorod|Europe/Vaduz|Europe/Vatican|Europe/Vienna|Europe/Vilnius|Europe/Volgograd|Europe/Warsaw|Europe/Zagreb|Europe/Zaporozhye|Europe/Zurich|Factory|GB|GB-Eire|GMT|GMT+0|GMT-0|GMT0|Greenwich|HST|Hongkong|Iceland|Indian/Antananarivo|Indian/Chagos|Indian/Christmas|Indian/Cocos|Indian/Comoro|Indian/Kerguelen|Indian/Mahe|Indian/Maldives|Indian/Mauritius|Indian/Mayotte|Indian/Reunion|Iran|Israel|Jamaica|Japan|Kwajalein|Libya|MET|MST|MST7MDT|Mexico/BajaNorte|Mexico/BajaSur|Mexico/General|NZ|NZ-CHAT|Navajo|PRC|PST8PDT|Pacific/Apia|Pacific/Auckland|Pacific/Bougainville|Pacific/Chatham|Pacific/Chuuk|Pacific/Easter|Pacific/Efate|Pacific/Enderbury|Pacific/Fakaofo|Pacific/Fiji|Pacific/Funafuti|Pacific/Galapagos|Pacific/Gambier|Pacific/Guadalcanal|Pacific/Guam|Pacific/Honolulu|Pacific/Johnston|Pacific/Kanton|Pacific/Kiritimati|Pacific/Kosrae|Pacific/Kwajalein|Pacific/Majuro|Pacific/Marquesas|Pacific/Midway|Pacific/Nauru|Pacific/Niue|Pacific/Norfolk|Pacific/Noumea|Pacific/Pago_Pago|Pacific/Palau|Pacific/Pitcairn|Pacific/Pohnpei|Pacific/Ponape|Pacific/Port_Moresby|Pacific/Rarotonga|Pacific/Saipan|Pacific/Samoa|Pacific/Tahiti|Pacific/Tarawa|Pacific/Tongatapu|Pacific/Truk|Pacific/Wake|Pacific/Wallis|Pacific/Yap|Poland|Portugal|ROC|ROK|Singapore|Turkey|UCT|US/Alaska|US/Aleutian|US/Arizona|US/Central|US/East-Indiana|US/Eastern|US/Hawaii|US/Indiana-Starke|US/Michigan|US/Mountain|US/Pacific|US/Samoa|UTC|Universal|W-SU|WET|Zulu
ReportSchedule#show get GET /report_schedules/{id}.json 200 record ReportSchedule versioned conditional fields
ReportSchedule#update update PATCH /report_schedules/{id}.json 200 record ReportSchedule versioned if_match fields
=day_of_month integer
=days_of_week integer[]
=effective_from date
=every_no_of_months integer
=frequency string : daily|weekly|monthly
=report_preset_id integer
=time_of_day datetime
=time_zone string : Africa/Abidjan|Africa/Accra|Africa/Addis_Ababa|Africa/Algiers|Africa/Asmara|Africa/Asmera|Africa/Bamako|Africa/Bangui|Africa/Banjul|Africa/Bissau|Africa/Blantyre|Africa/Brazzaville|Africa/Bujumbura|Africa/Cairo|Africa/Casablanca|Africa/Ceuta|Africa/Conakry|Africa/Dakar|Africa/Dar_es_Salaam|Africa/Djibouti|Africa/Douala|Africa/El_Aaiun|Africa/Freetown|Africa/Gaborone|Africa/Harare|Africa/Johannesburg|Africa/Juba|Africa/Kampala|Africa/Khartoum|Africa/Kigali|Africa/Kinshasa|Africa/Lagos|Africa/Libreville|Africa/Lome|Africa/Luanda|Africa/Lubumbashi|Africa/Lusaka|Africa/Malabo|Africa/Maputo|Africa/Maseru|Africa/Mbabane|Africa/Mogadishu|Africa/Monrovia|Africa/Nairobi|Africa/Ndjamena|Africa/Niamey|Africa/Nouakchott|Africa/Ouagadougou|Africa/Porto-Novo|Africa/Sao_Tome|Africa/Timbuktu|Africa/Tripoli|Africa/Tunis|Africa/Windhoek|America/Adak|America/Anchorage|America/Anguilla|America/Antigua|America/Araguaina|America/Argentina/Buenos_Aires|America/Argentina/Catamarca|America/Argentina/ComodRivadavia|America/Argentina/Cordoba|America/Argentina/Jujuy|America/Argentina/La_Rioja|America/Argentina/Mendoza|America/Argentina/Rio_Gallegos|America/Argentina/Salta|America/Argentina/San_Juan|America/Argentina/San_Luis|America/Argentina/Tucuman|America/Argentina/Ushuaia|America/Aruba|America/Asuncion|America/Atikokan|America/Atka|America/Bahia|America/Bahia_Banderas|America/Barbados|America/Belem|America/Belize|America/Blanc-Sablon|America/Boa_Vista|America/Bogota|America/Boise|America/Buenos_Aires|America/Cambridge_Bay|America/Campo_Grande|America/Cancun|America/Caracas|America/Catamarca|America/Cayenne|America/Cayman|America/Chicago|America/Chihuahua|America/Ciudad_Juarez|America/Coral_Harbour|America/Cordoba|America/Costa_Rica|America/Coyhaique|America/Creston|America/Cuiaba|America/Curacao|America/Danmarkshavn|America/Dawson|America/Dawson_Creek|America/Denver|America/Detroit|America/Dominica|America/Edmonton|America/Eirunepe|America/El_Salvador|America/Ensenada|America/Fort_Nelson|America/Fort_Wayne|America/Fortaleza|America/Glace_Bay|America/Godthab|America/Goose_Bay|America/Grand_Turk|America/Grenada|America/Guadeloupe|America/Guatemala|America/Guayaquil|America/Guyana|America/Halifax|America/Havana|America/Hermosillo|America/Indiana/Indianapolis|America/Indiana/Knox|America/Indiana/Marengo|America/Indiana/Petersburg|America/Indiana/Tell_City|America/Indiana/Vevay|America/Indiana/Vincennes|America/Indiana/Winamac|America/Indianapolis|America/Inuvik|America/Iqaluit|America/Jamaica|America/Jujuy|America/Juneau|America/Kentucky/Louisville|America/Kentucky/Monticello|America/Knox_IN|America/Kralendijk|America/La_Paz|America/Lima|America/Los_Angeles|America/Louisville|America/Lower_Princes|America/Maceio|America/Managua|America/Manaus|America/Marigot|America/Martinique|America/Matamoros|America/Mazatlan|America/Mendoza|America/Menominee|America/Merida|America/Metlakatla|America/Mexico_City|America/Miquelon|America/Moncton|America/Monterrey|America/Montevideo|America/Montreal|America/Montserrat|America/Nassau|America/New_York|America/Nipigon|America/Nome|America/Noronha|America/North_Dakota/Beulah|America/North_Dakota/Center|America/North_Dakota/New_Salem|America/Nuuk|America/Ojinaga|America/Panama|America/Pangnirtung|America/Paramaribo|America/Phoenix|America/Port-au-Prince|America/Port_of_Spain|America/Porto_Acre|America/Porto_Velho|America/Puerto_Rico|America/Punta_Arenas|America/Rainy_River|America/Rankin_Inlet|America/Recife|America/Regina|America/Resolute|America/Rio_Branco|America/Rosario|America/Santa_Isabel|America/Santarem|America/Santiago|America/Santo_Domingo|America/Sao_Paulo|America/Scoresbysund|America/Shiprock|America/Sitka|America/St_Barthelemy|America/St_Johns|America/St_Kitts|America/St_Lucia|America/St_Thomas|America/St_Vincent|America/Swift_Current|America/Tegucigalpa|America/Thule|America/Thunder_Bay|America/Tijuana|America/Toronto|America/Tortola|America/Vancouver|America/Virgin|America/Whitehorse|America/Winnipeg|America/Yakutat|America/Yellowknife|Antarctica/Casey|Antarctica/Davis|Antarctica/DumontDUrville|Antarctica/Macquarie|Antarctica/Mawson|Antarctica/McMurdo|Antarctica/Palmer|Antarctica/Rothera|Antarctica/South_Pole|Antarctica/Syowa|Antarctica/Troll|Antarctica/Vostok|Arctic/Longyearbyen|Asia/Aden|Asia/Almaty|Asia/Amman|Asia/Anadyr|Asia/Aqtau|Asia/Aqtobe|Asia/Ashgabat|Asia/Ashkhabad|Asia/Atyrau|Asia/Baghdad|Asia/Bahrain|Asia/Baku|Asia/Bangkok|Asia/Barnaul|Asia/Beirut|Asia/Bishkek|Asia/Brunei|Asia/Calcutta|Asia/Chita|Asia/Choibalsan|Asia/Chongqing|Asia/Chungking|Asia/Colombo|Asia/Dacca|Asia/Damascus|Asia/Dhaka|Asia/Dili|Asia/Dubai|Asia/Dushanbe|Asia/Famagusta|Asia/Gaza|Asia/Harbin|Asia/Hebron|Asia/Ho_Chi_Minh|Asia/Hong_Kong|Asia/Hovd|Asia/Irkutsk|Asia/Istanbul|Asia/Jakarta|Asia/Jayapura|Asia/Jerusalem|Asia/Kabul|Asia/Kamchatka|Asia/Karachi|Asia/Kashgar|Asia/Kathmandu|Asia/Katmandu|Asia/Khandyga|Asia/Kolkata|Asia/Krasnoyarsk|Asia/Kuala_Lumpur|Asia/Kuching|Asia/Kuwait|Asia/Macao|Asia/Macau|Asia/Magadan|Asia/Makassar|Asia/Manila|Asia/Muscat|Asia/Nicosia|Asia/Novokuznetsk|Asia/Novosibirsk|Asia/Omsk|Asia/Oral|Asia/Phnom_Penh|Asia/Pontianak|Asia/Pyongyang|Asia/Qatar|Asia/Qostanay|Asia/Qyzylorda|Asia/Rangoon|Asia/Riyadh|Asia/Saigon|Asia/Sakhalin|Asia/Samarkand|Asia/Seoul|Asia/Shanghai|Asia/Singapore|Asia/Srednekolymsk|Asia/Taipei|Asia/Tashkent|Asia/Tbilisi|Asia/Tehran|Asia/Tel_Aviv|Asia/Thimbu|Asia/Thimphu|Asia/Tokyo|Asia/Tomsk|Asia/Ujung_Pandang|Asia/Ulaanbaatar|Asia/Ulan_Bator|Asia/Urumqi|Asia/Ust-Nera|Asia/Vientiane|Asia/Vladivostok|Asia/Yakutsk|Asia/Yangon|Asia/Yekaterinburg|Asia/Yerevan|Atlantic/Azores|Atlantic/Bermuda|Atlantic/Canary|Atlantic/Cape_Verde|Atlantic/Faeroe|Atlantic/Faroe|Atlantic/Jan_Mayen|Atlantic/Madeira|Atlantic/Reykjavik|Atlantic/South_Georgia|Atlantic/St_Helena|Atlantic/Stanley|Australia/ACT|Australia/Adelaide|Australia/Brisbane|Australia/Broken_Hill|Australia/Canberra|Australia/Currie|Australia/Darwin|Australia/Eucla|Australia/Hobart|Australia/LHI|Australia/Lindeman|Australia/Lord_Howe|Australia/Melbourne|Australia/NSW|Australia/North|Australia/Perth|Australia/Queensland|Australia/South|Australia/Sydney|Australia/Tasmania|Australia/Victoria|Australia/West|Australia/Yancowinna|Brazil/Acre|Brazil/DeNoronha|Brazil/East|Brazil/West|CET|CST6CDT|Canada/Atlantic|Canada/Central|Canada/Eastern|Canada/Mountain|Canada/Newfoundland|Canada/Pacific|Canada/Saskatchewan|Canada/Yukon|Chile/Continental|Chile/EasterIsland|Cuba|EET|EST|EST5EDT|Egypt|Eire|Etc/GMT|Etc/GMT+0|Etc/GMT+1|Etc/GMT+10|Etc/GMT+11|Etc/GMT+12|Etc/GMT+2|Etc/GMT+3|Etc/GMT+4|Etc/GMT+5|Etc/GMT+6|Etc/GMT+7|Etc/GMT+8|Etc/GMT+9|Etc/GMT-0|Etc/GMT-1|Etc/GMT-10|Etc/GMT-11|Etc/GMT-12|Etc/GMT-13|Etc/GMT-14|Etc/GMT-2|Etc/GMT-3|Etc/GMT-4|Etc/GMT-5|Etc/GMT-6|Etc/GMT-7|Etc/GMT-8|Etc/GMT-9|Etc/GMT0|Etc/Greenwich|Etc/UCT|Etc/UTC|Etc/Universal|Etc/Zulu|Europe/Amsterdam|Europe/Andorra|Europe/Astrakhan|Europe/Athens|Europe/Belfast|Europe/Belgrade|Europe/Berlin|Europe/Bratislava|Europe/Brussels|Europe/Bucharest|Europe/Budapest|Europe/Busingen|Europe/Chisinau|Europe/Copenhagen|Europe/Dublin|Europe/Gibraltar|Europe/Guernsey|Europe/Helsinki|Europe/Isle_of_Man|Europe/Istanbul|Europe/Jersey|Europe/Kaliningrad|Europe/Kiev|Europe/Kirov|Europe/Kyiv|Europe/Lisbon|Europe/Ljubljana|Europe/London|Europe/Luxembourg|Europe/Madrid|Europe/Malta|Europe/Mariehamn|Europe/Minsk|Europe/Monaco|Europe/Moscow|Europe/Nicosia|Europe/Oslo|Europe/Paris|Europe/Podgorica|Europe/Prague|Europe/Riga|Europe/Rome|Europe/Samara|Europe/San_Marino|Europe/Sarajevo|Europe/Saratov|Europe/Simferopol|Europe/Skopje|Europe/Sofia|Europe/Stockholm|Europe/Tallinn|Europe/Tirane|Europe/Tiraspol|Europe/Ulyanovsk|Europe/Uzhgorod|Europe/Vaduz|Europe/Vatican|Europe/Vienna|Europe/Vilnius|Europe/Volgograd|Europe/Warsaw|Europe/Zagreb|Europe/Zaporozhye|Europe/Zurich|Factory|GB|GB-Eire|GMT|GMT+0|GMT-0|GMT0|Greenwich|HST|Hongkong|Iceland|Indian/Antananarivo|Indian/Chagos|Indian/Christmas|Indian/Cocos|Indian/Comoro|Indian/Kerguelen|Indian/Mahe|Indian/Maldives|Indian/Mauritius|Indian/Mayotte|Indian/Reunion|Iran|Israel|Jamaica|Japan|Kwajalein|Libya|MET|MST|MST7MDT|Mexico/BajaNorte|Mexico/BajaSur|Mexico/General|NZ|NZ-CHAT|Navajo|PRC|PST8PDT|Pacific/Apia|Pacific/Auckland|Pacific/Bougainville|Pacific/Chatham|Pacific/Chuuk|Pacific/Easter|Pacific/Efate|Pacific/Enderbury|Pacific/Fakaofo|Pacific/Fiji|Pacific/Funafuti|Pacific/Galapagos|Pacific/Gambier|Pacific/Guadalcanal|Pacific/Guam|Pacific/Honolulu|Pacific/Johnston|Pacific/Kanton|Pacific/Kiritimati|Pacific/Kosrae|Pacific/Kwajalein|Pacific/Majuro|Pacific/Marquesas|Pacific/Midway|Pacific/Nauru|Pacific/Niue|Pacific/Norfolk|Pacific/Noumea|Pacific/Pago_Pago|Pacific/Palau|Pacific/Pitcairn|Pacific/Pohnpei|Pacific/Ponape|Pacific/Port_Moresby|Pacific/Rarotonga|Pacific/Saipan|Pacific/Samoa|Pacific/Tahiti|Pacific/Tarawa|Pacific/Tongatapu|Pacific/Truk|Pacific/Wake|Pacific/Wallis|Pacific/Yap|Poland|Portugal|ROC|ROK|Singapore|Turkey|UCT|US/Alaska|US/Aleutian|US/Arizona|US/Central|US/East-Indiana|US/Eastern|US/Hawaii|US/Indiana-Starke|US/Michigan|US/Mountain|US/Pacific|US/Samoa|UTC|Universal|W-SU|WET|Zulu
ReportSchedule#destroy delete DELETE /report_schedules/{id}.json 204 empty - versioned""",
    "reports": """\
/reports Report
Report#download download GET /reports/{id}/download.json 303 redirect -
Report#index list GET /reports.json 200 list Report versioned fields paged offset limit=200
?category string
?created_before date
?created_since datetime
?ids integer wire=ids[] many
?kind string : accounts_receivable|accounts_receivable_aging|bank_account_activity|billing_history|billing_rate|client_activity|client_ledger|clio_payments_deposit|clio_payments_ledger|clio_payments_monthly_statement|clio_payments_sales_tax|clio_payments_transaction|contact_information|currency_conversion_gain_loss|disbursement_payment|fee_allocation|general_ledger|grant_matters|invoice_payments_v2|law_society_of_alberta|law_society_of_alberta_al|law_society_of_alberta_bar|law_society_of_alberta_tl|law_society_of_alberta_tt|matter|matter_balance_summary|matter_ledger_full|matter_productivity_by_user|matters_by_responsible_attorney|originating_attorney_revenue|other_revenue|potential_trust_to_office|productivity_by_client|productivity_by_user|revenue|task_productivity_by_user|task_progress_by_user|trust_ledger|trust_ledger_nsw|trust_listing|trust_management|work_in_progress
?output_format string
?query string
?source string
?state string
?updated_since datetime
Report#create create POST /reports.json 201 record Report versioned fields
=client object never-null
==id integer never-null
=end_date date
=format string ! : csv|html|json|pdf|xlsx|zip
=kind string ! : accounts_receivable|accounts_receivable_aging|bank_account_activity|billing_history|billing_rate|client_activity|client_ledger|clio_payments_deposit|clio_payments_ledger|clio_payments_monthly_statement|clio_payments_sales_tax|clio_payments_transaction|contact_information|currency_conversion_gain_loss|disbursement_payment|fee_allocation|general_ledger|grant_matters|invoice_payments_v2|law_society_of_alberta|law_society_of_alberta_al|law_society_of_alberta_bar|law_society_of_alberta_tl|law_society_of_alberta_tt|matter|matter_balance_summary|matter_ledger_full|matter_productivity_by_user|matters_by_responsible_attorney|originating_attorney_revenue|other_revenue|potential_trust_to_office|productivity_by_client|productivity_by_user|revenue|task_productivity_by_user|task_progress_by_user|trust_ledger|trust_ledger_nsw|trust_listing|trust_management|work_in_progress
=matter object never-null
==id integer never-null
=originating_attorney object never-null
==id integer never-null
=practice_area object never-null
==id integer never-null
=responsible_attorney object never-null
==id integer never-null
=start_date date
=user object never-null
==id integer never-null
=year string
Report#show get GET /reports/{id}.json 200 record Report versioned conditional fields""",
    "service_types": """\
/court_rules/service_types ServiceType
ServiceType#index list GET /court_rules/service_types.json 200 list ServiceType versioned fields paged offset limit=200
?created_since datetime
?ids integer wire=ids[] many
?order string : description(asc)|description(desc)|id(asc)|id(desc)
?updated_since datetime
ServiceType#show get GET /court_rules/service_types/{id}.json 200 record ServiceType versioned conditional fields""",
    "task_calendars": """\
/task_calendars CalendarVisibility
CalendarVisibility#index list GET /task_calendars.json 200 list CalendarVisibility versioned fields paged offset limit=200
?created_since datetime
?ids integer wire=ids[] many
?updated_since datetime
CalendarVisibility#show get GET /task_calendars/{id}.json 200 record CalendarVisibility versioned conditional fields
CalendarVisibility#update update PATCH /task_calendars/{id}.json 200 record CalendarVisibility versioned if_match fields
=color string : #367B9C|#FFA5A4|#83D17F|#FFAC7B|#8E3F64|#C75300|#009CEC|#62D6B1|#9EEDCB|#F9A2C4|#616161|#BBDA81|#DFD3F8|#D6C4A5|#FFD478|#6AC9DE|#EABBB0|#BFC2E1|#DADADA|#CDE2F5
=visible boolean""",
    "task_template_lists": """\
/task_template_lists TaskTemplateList
TaskTemplateList#copy copy POST /task_template_lists/{id}/copy.json 201 record TaskTemplateList fields
=description string
=name string
=practice_area object
==id integer
TaskTemplateList#index list GET /task_template_lists.json 200 list TaskTemplateList versioned fields paged offset limit=200
?created_since datetime
?empty boolean
?ids integer wire=ids[] many
?order string : id(asc)|id(desc)|name(asc)|name(desc)|practice_area.name(asc)|practice_area.name(desc)
?practice_area_id integer nullable
?query string
?updated_since datetime
TaskTemplateList#create create POST /task_template_lists.json 201 record TaskTemplateList versioned fields
=description string
=name string !
=practice_area object never-null
==id integer never-null
TaskTemplateList#show get GET /task_template_lists/{id}.json 200 record TaskTemplateList versioned conditional fields
TaskTemplateList#update update PATCH /task_template_lists/{id}.json 200 record TaskTemplateList versioned if_match fields
=description string
=name string
=practice_area object never-null
==id integer never-null
TaskTemplateList#destroy delete DELETE /task_template_lists/{id}.json 204 empty - versioned""",
    "task_templates": """\
/task_templates TaskTemplate
TaskTemplate#index list GET /task_templates.json 200 list TaskTemplate versioned fields paged offset limit=200
?created_since datetime
?ids integer wire=ids[] many
?order string : assignee.name(asc)|assignee.name(desc)|days_from_assignment(asc)|days_from_assignment(desc)|id(asc)|id(desc)|name(asc)|name(desc)|permission(asc)|permission(desc)|priority(asc)|priority(desc)
?priority string : high|normal|low
?query string
?task_template_list_id integer
?updated_since datetime
TaskTemplate#create create POST /task_templates.json 201 record TaskTemplate versioned fields
=cascading boolean
=cascading_offset integer
=cascading_offset_polarity string : Before|After
=cascading_offset_type string : CalendarDays|CalendarWeeks|CalendarMonths|CalendarYears|BusinessDays
=cascading_source object never-null
==id integer never-null
=description string
=description_text_type string : plain_text|rich_text
=name string !
=priority string : High|Normal|Low
=private boolean
=reminder_templates object[]
==duration_value integer
==duration_unit string
==notification_type string : Email|Popup
=task_template_list object never-null
==id integer never-null
TaskTemplate#show get GET /task_templates/{id}.json 200 record TaskTemplate versioned conditional fields
TaskTemplate#update update PATCH /task_templates/{id}.json 200 record TaskTemplate versioned if_match fields
=cascading boolean
=cascading_offset integer
=cascading_offset_polarity string : Before|After
=cascading_offset_type string : CalendarDays|CalendarWeeks|CalendarMonths|CalendarYears|BusinessDays
=cascading_source object never-null
==id integer never-null
=description string
=description_text_type string : plain_text|rich_text
=name string
=priority string : High|Normal|Low
=private boolean
=reminder_templates object[]
==duration_value integer
==duration_unit string
==notification_type string : Email|Popup
==id integer never-null
==_destroy boolean
TaskTemplate#destroy delete DELETE /task_templates/{id}.json 204 empty - versioned""",
    "task_types": """\
/task_types TaskType
TaskType#index list GET /task_types.json 200 list TaskType versioned fields paged offset limit=200
?created_since datetime
?enabled boolean
?ids integer wire=ids[] many
?name string
?order string : name(asc)|name(desc)|id(asc)|id(desc)
?query string
?updated_since datetime
TaskType#create create POST /task_types.json 201 record TaskType versioned fields
=deleted_at datetime
=name string !
TaskType#show get GET /task_types/{id}.json 200 record TaskType versioned conditional fields
TaskType#update update PATCH /task_types/{id}.json 200 record TaskType versioned if_match fields
=deleted_at datetime
=name string""",
    "tasks": """\
/tasks Task
Task#index list GET /tasks.json 200 list Task versioned fields paged offset limit=200
?assignee_id integer nullable
?assignee_type string : user|contact
?assigner_id integer nullable
?cascading_source_id integer
?client_id integer nullable
?complete boolean
?created_since datetime
?due_at_from date
?due_at_present boolean
?due_at_to date
?ids integer wire=ids[] many
?matter_id integer nullable
?order string : name(asc)|name(desc)|task_type.name(asc)|task_type.name(desc)|id(asc)|id(desc)|priority(asc)|priority(desc)|matter.display_number(asc)|matter.display_number(desc)|due_at(asc)|due_at(desc)|due_at_strict(asc)|due_at_strict(desc)|completed_at(asc)|completed_at(desc)
?permission string : private|public
?priority string : high|normal|low
?query string
?responsible_attorney_id integer
?status string : pending|in_progress|in_review|complete|draft
?statuses string wire=statuses[] many : pending|in_progress|in_review|complete|draft
?statute_of_limitations boolean
?task_type_id integer nullable
?time_entries_present boolean
?updated_since datetime
Task#create create POST /tasks.json 201 record Task versioned fields
=assignee object never-null
==id integer ! never-null
==type string ! : User|Contact
=cascading boolean
=cascading_offset integer
=cascading_offset_polarity string : Before|After
=cascading_offset_type string : CalendarDays|CalendarWeeks|CalendarMonths|CalendarYears|BusinessDays
=cascading_source integer
=description string !
=description_text_type string : plain_text|rich_text
=due_at date
=matter object never-null
==id integer never-null
=name string !
=notify_assignee boolean
=notify_completion boolean
=permission string : private|public
=priority string : High|Normal|Low
=status string : pending|in_progress|in_review|complete|draft
=statute_of_limitations boolean
=task_type object never-null
==id integer never-null
=time_estimated integer
Task#show get GET /tasks/{id}.json 200 record Task versioned conditional fields
Task#update update PATCH /tasks/{id}.json 200 record Task versioned if_match fields
=assignee object never-null
==id integer never-null
==type string : User|Contact
=cascading boolean
=cascading_offset integer
=cascading_offset_polarity string : Before|After
=cascading_offset_type string : CalendarDays|CalendarWeeks|CalendarMonths|CalendarYears|BusinessDays
=cascading_source integer
=description string
=description_text_type string : plain_text|rich_text
=due_at date
=matter object never-null
==id integer never-null
=name string
=notify_assignee boolean
=notify_completion boolean
=permission string : private|public
=priority string : High|Normal|Low
=status string : pending|in_progress|in_review|complete|draft
=task_type object never-null
==id integer never-null
=time_estimated integer
Task#destroy delete DELETE /tasks/{id}.json 204 empty - versioned""",
    "text_snippets": """\
/settings/text_snippets TextSnippet
TextSnippet#index list GET /settings/text_snippets.json 200 list TextSnippet versioned fields paged offset limit=200
?created_since datetime
?ids integer wire=ids[] many
?order string : id(asc)|id(desc)|snippet(asc)|snippet(desc)|phrase(asc)|phrase(desc)|whole_word(asc)|whole_word(desc)
?query string
?updated_since datetime
TextSnippet#create create POST /settings/text_snippets.json 201 record TextSnippet versioned fields
=phrase string !
=snippet string !
=whole_word boolean
TextSnippet#show get GET /settings/text_snippets/{id}.json 200 record TextSnippet versioned conditional fields
TextSnippet#update update PATCH /settings/text_snippets/{id}.json 200 record TextSnippet versioned if_match fields
=phrase string
=snippet string
=whole_word boolean
TextSnippet#destroy delete DELETE /settings/text_snippets/{id}.json 204 empty - versioned""",
    "timer": """\
/timer Timer
Timer#show get GET /timer.json 200 record Timer versioned conditional fields
Timer#destroy delete DELETE /timer.json 204 empty - versioned
Timer#create create POST /timer.json 201 record Timer versioned fields
=activity object ! never-null
==id integer ! never-null""",
    "trust_line_items": """\
/trust_line_items TrustLineItem
TrustLineItem#index list GET /trust_line_items.json 200 list TrustLineItem versioned fields paged offset limit=200
?bill_id integer
?created_since datetime
?ids integer wire=ids[] many
?matter_id integer nullable
?order string : id(asc)|id(desc)
?updated_since datetime
TrustLineItem#update update PATCH /trust_line_items/{id}.json 200 record TrustLineItem versioned if_match fields
=date date
=note string
=total decimal""",
    "trust_requests": """\
/trust_requests TrustRequest
TrustRequest#create create POST /trust_requests.json 201 record TrustRequest versioned fields
=approved boolean
=client_id integer
=currency_id integer
=due_date date
=issue_date date
=matter object[]
==id integer
==trust_amount decimal
==note string
=note string
=trust_amount decimal
=trust_type string : client|matter""",
    "users": """\
/users User
User#who_am_i who_am_i GET /users/who_am_i.json 200 record User versioned conditional fields
User#index list GET /users.json 200 list User versioned fields paged offset limit=2000
?created_since datetime
?enabled boolean
?ids integer wire=ids[] many
?include_co_counsel boolean
?name string
?order string : enabled(asc)|enabled(desc)|id(asc)|id(desc)|name(asc)|name(desc)|first_name(asc)|first_name(desc)|last_name(asc)|last_name(desc)|initials(asc)|initials(desc)|subscription_type(asc)|subscription_type(desc)
?pending_setup boolean
?role string : admin|accounts|billing|reports
?subscription_type string : attorney|nonattorney
?updated_since datetime
User#show get GET /users/{id}.json 200 record User versioned conditional fields""",
    "utbms_codes": """\
/utbms/codes UtbmsCode
UtbmsCode#index list GET /utbms/codes.json 200 list UtbmsCode versioned fields paged offset limit=200
?created_since datetime
?ids integer wire=ids[] many
?order string : name(asc)|name(desc)|id(asc)|id(desc)|set(asc)|set(desc)
?type string : UtbmsTask|UtbmsActivity|UtbmsExpense
?updated_since datetime
?utbms_set_id integer nullable
UtbmsCode#show get GET /utbms/codes/{id}.json 200 record UtbmsCode versioned conditional fields""",
    "utbms_sets": """\
/utbms/sets UtbmsSet
UtbmsSet#index list GET /utbms/sets.json 200 list UtbmsSet versioned fields paged offset limit=200
?created_since datetime
?ids integer wire=ids[] many
?order string : name(asc)|name(desc)|id(asc)|id(desc)
?updated_since datetime""",
    "webhooks": """\
/webhooks Webhook
Webhook#index list GET /webhooks.json 200 list Webhook versioned fields paged offset limit=200
?created_since datetime
?ids integer wire=ids[] many
?order string : id(asc)|id(desc)
?updated_since datetime
Webhook#create create POST /webhooks.json 201 record Webhook versioned fields
=events string[] : created|updated|deleted|matter_opened|matter_pended|matter_closed
=expires_at datetime
=fields string !
=model string ! : activity|bill|calendar_entry|clio_payments_payment|communication|contact|document|folder|matter|task
=url string !
Webhook#show get GET /webhooks/{id}.json 200 record Webhook versioned conditional fields
Webhook#update update PATCH /webhooks/{id}.json 200 record Webhook versioned if_match fields
=events string[] : created|updated|deleted|matter_opened|matter_pended|matter_closed
=expires_at datetime
=fields string
=model string : activity|bill|calendar_entry|clio_payments_payment|communication|contact|document|folder|matter|task
=url string
Webhook#destroy delete DELETE /webhooks/{id}.json 204 empty - versioned
Webhook#activate activate PUT /webhooks/{id}/activate.json 200 empty -""",
}

PATHS: dict[str, tuple[str, str]] = {
    "DELETE /activities/{}": ("activities", "delete"),
    "DELETE /activity_descriptions/{}": ("activity_descriptions", "delete"),
    "DELETE /activity_rates/{}": ("activity_rates", "delete"),
    "DELETE /bank_accounts/{}": ("bank_accounts", "delete"),
    "DELETE /bank_transactions/{}": ("bank_transactions", "delete"),
    "DELETE /bills/{}": ("bills", "delete"),
    "DELETE /calendar_entries/{}": ("calendar_entries", "delete"),
    "DELETE /calendar_entry_event_types/{}": ("calendar_entry_event_types", "delete"),
    "DELETE /calendars/{}": ("calendars", "delete"),
    "DELETE /comments/{}": ("comments", "delete"),
    "DELETE /communications/{}": ("communications", "delete"),
    "DELETE /contacts/{}": ("contacts", "delete"),
    "DELETE /court_rules/matter_dockets/{}": ("matter_dockets", "delete"),
    "DELETE /custom_actions/{}": ("custom_actions", "delete"),
    "DELETE /custom_field_sets/{}": ("custom_field_sets", "delete"),
    "DELETE /custom_fields/{}": ("custom_fields", "delete"),
    "DELETE /damages/{}": ("damages", "delete"),
    "DELETE /document_categories/{}": ("document_categories", "delete"),
    "DELETE /document_templates/{}": ("document_templates", "delete"),
    "DELETE /documents/{}": ("documents", "delete"),
    "DELETE /expense_categories/{}": ("expense_categories", "delete"),
    "DELETE /folders/{}": ("folders", "delete"),
    "DELETE /grant_funding_sources/{}": ("grant_funding_sources", "delete"),
    "DELETE /grants/{}": ("grants", "delete"),
    "DELETE /groups/{}": ("groups", "delete"),
    "DELETE /interest_charges/{}": ("interest_charges", "delete"),
    "DELETE /internal_notifications/my_events/{}": ("my_events", "delete"),
    "DELETE /line_items/{}": ("line_items", "delete"),
    "DELETE /matters/{}": ("matters", "delete"),
    "DELETE /medical_bills/{}": ("medical_bills", "delete"),
    "DELETE /medical_records/{}": ("medical_records", "delete"),
    "DELETE /medical_records_details/{}": ("medical_records_details", "delete"),
    "DELETE /notes/{}": ("notes", "delete"),
    "DELETE /practice_areas/{}": ("practice_areas", "delete"),
    "DELETE /relationships/{}": ("relationships", "delete"),
    "DELETE /reminders/{}": ("reminders", "delete"),
    "DELETE /report_presets/{}": ("report_presets", "delete"),
    "DELETE /report_schedules/{}": ("report_schedules", "delete"),
    "DELETE /settings/text_snippets/{}": ("text_snippets", "delete"),
    "DELETE /task_template_lists/{}": ("task_template_lists", "delete"),
    "DELETE /task_templates/{}": ("task_templates", "delete"),
    "DELETE /tasks/{}": ("tasks", "delete"),
    "DELETE /timer": ("timer", "delete"),
    "DELETE /webhooks/{}": ("webhooks", "delete"),
    "GET /activities": ("activities", "list"),
    "GET /activities/{}": ("activities", "get"),
    "GET /activity_descriptions": ("activity_descriptions", "list"),
    "GET /activity_descriptions/{}": ("activity_descriptions", "get"),
    "GET /activity_rates": ("activity_rates", "list"),
    "GET /activity_rates/{}": ("activity_rates", "get"),
    "GET /allocations": ("allocations", "list"),
    "GET /allocations/{}": ("allocations", "get"),
    "GET /bank_accounts": ("bank_accounts", "list"),
    "GET /bank_accounts/{}": ("bank_accounts", "get"),
    "GET /bank_transactions": ("bank_transactions", "list"),
    "GET /bank_transactions/{}": ("bank_transactions", "get"),
    "GET /bank_transfers/{}": ("bank_transfers", "get"),
    "GET /bill_themes": ("bill_themes", "list"),
    "GET /billable_clients": ("billable_clients", "list"),
    "GET /billable_matters": ("billable_matters", "list"),
    "GET /billable_matters/ids": ("billable_matters", "ids"),
    "GET /bills": ("bills", "list"),
    "GET /bills/{}": ("bills", "get"),
    "GET /bills/{}/preview": ("bills", "preview"),
    "GET /calendar_entries": ("calendar_entries", "list"),
    "GET /calendar_entries/{}": ("calendar_entries", "get"),
    "GET /calendar_entry_event_types": ("calendar_entry_event_types", "list"),
    "GET /calendar_entry_event_types/{}": ("calendar_entry_event_types", "get"),
    "GET /calendars": ("calendars", "list"),
    "GET /calendars/{}": ("calendars", "get"),
    "GET /clio_file/submissions_reports": ("clio_file_submissions_reports", "list"),
    "GET /clio_payments/links": ("clio_payments_links", "list"),
    "GET /clio_payments/links/{}": ("clio_payments_links", "get"),
    "GET /clio_payments/payments": ("clio_payments_payments", "list"),
    "GET /clio_payments/payments/{}": ("clio_payments_payments", "get"),
    "GET /comments": ("comments", "list"),
    "GET /comments/{}": ("comments", "get"),
    "GET /communications": ("communications", "list"),
    "GET /communications/{}": ("communications", "get"),
    "GET /contacts": ("contacts", "list"),
    "GET /contacts/{}": ("contacts", "get"),
    "GET /contacts/{}/email_addresses": ("contact_email_addresses", "list"),
    "GET /contacts/{}/phone_numbers": ("contact_phone_numbers", "list"),
    "GET /conversation_messages": ("conversation_messages", "list"),
    "GET /conversation_messages/{}": ("conversation_messages", "get"),
    "GET /conversations": ("conversations", "list"),
    "GET /conversations/{}": ("conversations", "get"),
    "GET /court_rules/jurisdictions": ("jurisdictions", "list"),
    "GET /court_rules/jurisdictions/{}": ("jurisdictions", "get"),
    "GET /court_rules/jurisdictions/{}/triggers": ("jurisdiction_triggers", "list"),
    "GET /court_rules/jurisdictions/{}/triggers/{}": ("jurisdiction_triggers", "get"),
    "GET /court_rules/matter_dockets": ("matter_dockets", "list"),
    "GET /court_rules/matter_dockets/preview": ("matter_dockets", "preview"),
    "GET /court_rules/matter_dockets/{}": ("matter_dockets", "get"),
    "GET /court_rules/service_types": ("service_types", "list"),
    "GET /court_rules/service_types/{}": ("service_types", "get"),
    "GET /credit_memos": ("credit_memos", "list"),
    "GET /credit_memos/{}": ("credit_memos", "get"),
    "GET /currencies": ("currencies", "list"),
    "GET /custom_actions": ("custom_actions", "list"),
    "GET /custom_actions/{}": ("custom_actions", "get"),
    "GET /custom_field_sets": ("custom_field_sets", "list"),
    "GET /custom_field_sets/{}": ("custom_field_sets", "get"),
    "GET /custom_fields": ("custom_fields", "list"),
    "GET /custom_fields/{}": ("custom_fields", "get"),
    "GET /damages": ("damages", "list"),
    "GET /damages/{}": ("damages", "get"),
    "GET /document_archives/{}": ("document_archives", "get"),
    "GET /document_archives/{}/download": ("document_archives", "download"),
    "GET /document_automations": ("document_automations", "list"),
    "GET /document_automations/{}": ("document_automations", "get"),
    "GET /document_categories": ("document_categories", "list"),
    "GET /document_categories/{}": ("document_categories", "get"),
    "GET /document_templates": ("document_templates", "list"),
    "GET /document_templates/{}": ("document_templates", "get"),
    "GET /document_templates/{}/download": ("document_templates", "download"),
    "GET /documents": ("documents", "list"),
    "GET /documents/{}": ("documents", "get"),
    "GET /documents/{}/download": ("documents", "download"),
    "GET /documents/{}/versions": ("document_versions", "list"),
    "GET /expense_categories": ("expense_categories", "list"),
    "GET /expense_categories/{}": ("expense_categories", "get"),
    "GET /folders": ("folders", "list"),
    "GET /folders/list": ("folders", "list_items"),
    "GET /folders/{}": ("folders", "get"),
    "GET /grant_funding_sources": ("grant_funding_sources", "list"),
    "GET /grants": ("grants", "list"),
    "GET /grants/{}": ("grants", "get"),
    "GET /groups": ("groups", "list"),
    "GET /groups/{}": ("groups", "get"),
    "GET /interest_charges": ("interest_charges", "list"),
    "GET /internal_notifications/event_metrics": ("event_metrics", "list"),
    "GET /internal_notifications/my_events": ("my_events", "list"),
    "GET /lauk_civil_certificated_rates": ("lauk_civil_certificated_rates", "list"),
    "GET /lauk_civil_controlled_rates": ("lauk_civil_controlled_rates", "list"),
    "GET /lauk_criminal_controlled_rates": ("lauk_criminal_controlled_rates", "list"),
    "GET /lauk_expense_categories": ("lauk_expense_categories", "list"),
    "GET /line_items": ("line_items", "list"),
    "GET /log_entries": ("log_entries", "list"),
    "GET /matter_stages": ("matter_stages", "list"),
    "GET /matters": ("matters", "list"),
    "GET /matters/{}": ("matters", "get"),
    "GET /matters/{}/client": ("matter_client", "get"),
    "GET /matters/{}/contacts": ("matter_contacts", "list"),
    "GET /matters/{}/related_contacts": ("matter_related_contacts", "list"),
    "GET /medical_records_details": ("medical_records_details", "list"),
    "GET /medical_records_details/{}": ("medical_records_details", "get"),
    "GET /notes": ("notes", "list"),
    "GET /notes/{}": ("notes", "get"),
    "GET /outstanding_client_balances": ("outstanding_client_balances", "list"),
    "GET /practice_areas": ("practice_areas", "list"),
    "GET /practice_areas/{}": ("practice_areas", "get"),
    "GET /relationships": ("relationships", "list"),
    "GET /relationships/{}": ("relationships", "get"),
    "GET /reminders": ("reminders", "list"),
    "GET /reminders/{}": ("reminders", "get"),
    "GET /report_presets": ("report_presets", "list"),
    "GET /report_presets/{}": ("report_presets", "get"),
    "GET /report_schedules": ("report_schedules", "list"),
    "GET /report_schedules/{}": ("report_schedules", "get"),
    "GET /reports": ("reports", "list"),
    "GET /reports/{}": ("reports", "get"),
    "GET /reports/{}/download": ("reports", "download"),
    "GET /settings/billing": ("billing_settings", "get"),
    "GET /settings/text_snippets": ("text_snippets", "list"),
    "GET /settings/text_snippets/{}": ("text_snippets", "get"),
    "GET /task_calendars": ("task_calendars", "list"),
    "GET /task_calendars/{}": ("task_calendars", "get"),
    "GET /task_template_lists": ("task_template_lists", "list"),
    "GET /task_template_lists/{}": ("task_template_lists", "get"),
    "GET /task_templates": ("task_templates", "list"),
    "GET /task_templates/{}": ("task_templates", "get"),
    "GET /task_types": ("task_types", "list"),
    "GET /task_types/{}": ("task_types", "get"),
    "GET /tasks": ("tasks", "list"),
    "GET /tasks/{}": ("tasks", "get"),
    "GET /timer": ("timer", "get"),
    "GET /trust_line_items": ("trust_line_items", "list"),
    "GET /users": ("users", "list"),
    "GET /users/who_am_i": ("users", "who_am_i"),
    "GET /users/{}": ("users", "get"),
    "GET /utbms/codes": ("utbms_codes", "list"),
    "GET /utbms/codes/{}": ("utbms_codes", "get"),
    "GET /utbms/sets": ("utbms_sets", "list"),
    "GET /webhooks": ("webhooks", "list"),
    "GET /webhooks/{}": ("webhooks", "get"),
    "PATCH /activities/{}": ("activities", "update"),
    "PATCH /activity_descriptions/{}": ("activity_descriptions", "update"),
    "PATCH /activity_rates/{}": ("activity_rates", "update"),
    "PATCH /bank_accounts/{}": ("bank_accounts", "update"),
    "PATCH /bank_transactions/{}": ("bank_transactions", "update"),
    "PATCH /bill_themes/{}": ("bill_themes", "update"),
    "PATCH /bills/{}": ("bills", "update"),
    "PATCH /calendar_entries/{}": ("calendar_entries", "update"),
    "PATCH /calendar_entry_event_types/{}": ("calendar_entry_event_types", "update"),
    "PATCH /calendars/{}": ("calendars", "update"),
    "PATCH /clio_payments/links/{}": ("clio_payments_links", "update"),
    "PATCH /comments/{}": ("comments", "update"),
    "PATCH /communications/{}": ("communications", "update"),
    "PATCH /contacts/{}": ("contacts", "update"),
    "PATCH /conversations/{}": ("conversations", "update"),
    "PATCH /custom_actions/{}": ("custom_actions", "update"),
    "PATCH /custom_field_sets/{}": ("custom_field_sets", "update"),
    "PATCH /custom_fields/{}": ("custom_fields", "update"),
    "PATCH /damages/{}": ("damages", "update"),
    "PATCH /document_categories/{}": ("document_categories", "update"),
    "PATCH /document_templates/{}": ("document_templates", "update"),
    "PATCH /documents/{}": ("documents", "update"),
    "PATCH /expense_categories/{}": ("expense_categories", "update"),
    "PATCH /folders/{}": ("folders", "update"),
    "PATCH /grant_funding_sources/{}": ("grant_funding_sources", "update"),
    "PATCH /grants/{}": ("grants", "update"),
    "PATCH /groups/{}": ("groups", "update"),
    "PATCH /internal_notifications/my_events/{}": ("my_events", "update"),
    "PATCH /line_items/{}": ("line_items", "update"),
    "PATCH /matters/{}": ("matters", "update"),
    "PATCH /medical_bills/{}": ("medical_bills", "update"),
    "PATCH /medical_records/{}": ("medical_records", "update"),
    "PATCH /medical_records_details/{}": ("medical_records_details", "update"),
    "PATCH /notes/{}": ("notes", "update"),
    "PATCH /practice_areas/{}": ("practice_areas", "update"),
    "PATCH /relationships/{}": ("relationships", "update"),
    "PATCH /reminders/{}": ("reminders", "update"),
    "PATCH /report_presets/{}": ("report_presets", "update"),
    "PATCH /report_schedules/{}": ("report_schedules", "update"),
    "PATCH /settings/text_snippets/{}": ("text_snippets", "update"),
    "PATCH /task_calendars/{}": ("task_calendars", "update"),
    "PATCH /task_template_lists/{}": ("task_template_lists", "update"),
    "PATCH /task_templates/{}": ("task_templates", "update"),
    "PATCH /task_types/{}": ("task_types", "update"),
    "PATCH /tasks/{}": ("tasks", "update"),
    "PATCH /trust_line_items/{}": ("trust_line_items", "update"),
    "PATCH /webhooks/{}": ("webhooks", "update"),
    "POST /activities": ("activities", "create"),
    "POST /activity_descriptions": ("activity_descriptions", "create"),
    "POST /activity_rates": ("activity_rates", "create"),
    "POST /bank_accounts": ("bank_accounts", "create"),
    "POST /bank_transactions": ("bank_transactions", "create"),
    "POST /calendar_entries": ("calendar_entries", "create"),
    "POST /calendar_entry_event_types": ("calendar_entry_event_types", "create"),
    "POST /calendars": ("calendars", "create"),
    "POST /clio_payments/links": ("clio_payments_links", "create"),
    "POST /comments": ("comments", "create"),
    "POST /communications": ("communications", "create"),
    "POST /contacts": ("contacts", "create"),
    "POST /conversation_messages": ("conversation_messages", "create"),
    "POST /court_rules/matter_dockets": ("matter_dockets", "create"),
    "POST /custom_actions": ("custom_actions", "create"),
    "POST /custom_field_sets": ("custom_field_sets", "create"),
    "POST /custom_fields": ("custom_fields", "create"),
    "POST /damages": ("damages", "create"),
    "POST /document_archives": ("document_archives", "create"),
    "POST /document_automations": ("document_automations", "create"),
    "POST /document_categories": ("document_categories", "create"),
    "POST /document_templates": ("document_templates", "create"),
    "POST /documents": ("documents", "create"),
    "POST /documents/{}/copy": ("documents", "copy"),
    "POST /documents/{}/versions/{}/save_as_latest_version": ("document_versions", "save_as_latest_version"),
    "POST /expense_categories": ("expense_categories", "create"),
    "POST /folders": ("folders", "create"),
    "POST /grant_funding_sources": ("grant_funding_sources", "create"),
    "POST /grants": ("grants", "create"),
    "POST /groups": ("groups", "create"),
    "POST /matters": ("matters", "create"),
    "POST /medical_records_details": ("medical_records_details", "create"),
    "POST /notes": ("notes", "create"),
    "POST /practice_areas": ("practice_areas", "create"),
    "POST /relationships": ("relationships", "create"),
    "POST /reminders": ("reminders", "create"),
    "POST /report_presets": ("report_presets", "create"),
    "POST /report_presets/{}/generate_report": ("report_presets", "generate_report"),
    "POST /report_schedules": ("report_schedules", "create"),
    "POST /reports": ("reports", "create"),
    "POST /settings/text_snippets": ("text_snippets", "create"),
    "POST /task_template_lists": ("task_template_lists", "create"),
    "POST /task_template_lists/{}/copy": ("task_template_lists", "copy"),
    "POST /task_templates": ("task_templates", "create"),
    "POST /task_types": ("task_types", "create"),
    "POST /tasks": ("tasks", "create"),
    "POST /timer": ("timer", "create"),
    "POST /trust_requests": ("trust_requests", "create"),
    "POST /webhooks": ("webhooks", "create"),
    "PUT /webhooks/{}/activate": ("webhooks", "activate"),
}

STATE_MACHINE_DELETES: frozenset[str] = frozenset(
    {
        "Bill#destroy",
        "Timer#destroy",
    }
)
