"""What the made-up records hold: rules for some attributes, and a general one for the rest.

A rule gets the draw of the record and its id. It must not look at other records: a record is a function of its key.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final, TypeAlias

from ...models.schema import Field
from .draw import Draw, hexadecimal
from .words import CITIES, COMPANIES, FIRST_NAMES, LAST_NAMES, PRACTICE_AREAS, SENTENCES, STREETS, TASKS, WORDS

__all__ = ["RULES", "general"]

Rule: TypeAlias = Callable[[Draw, int], Any]


def _is_company(_: Draw, n: int) -> bool:
    return n % 4 == 0


def _first(draw: Draw, _: int) -> str:
    return draw.choice("first_name", FIRST_NAMES)


def _last(draw: Draw, _: int) -> str:
    return draw.choice("last_name", LAST_NAMES)


def _full(draw: Draw, n: int) -> str:
    return f"{_first(draw, n)} {_last(draw, n)}"


def _email(draw: Draw, n: int) -> str:
    return f"{_first(draw, n)}.{_last(draw, n)}.{n}@example.com".lower()


def _contact_name(draw: Draw, n: int) -> str:
    return f"{_last(draw, n)} {draw.choice('trade', COMPANIES)}" if _is_company(draw, n) else _full(draw, n)


def _of_person(rule: Rule) -> Rule:
    return lambda draw, n: None if _is_company(draw, n) else rule(draw, n)


def _phone(draw: Draw, _: int) -> str:
    return f"+1-555-01{draw.number('phone', 100):02d}"


def _initials(draw: Draw, n: int) -> str:
    return "".join(part[0] for part in _contact_name(draw, n).split()[:2])


def _matter_status(_: Draw, n: int) -> str:
    return ("Open", "Open", "Open", "Pending", "Open", "Closed", "Open", "Open", "Open", "Closed")[n % 10]


def _close_date(draw: Draw, n: int) -> Any:
    return draw.day("open") + timedelta(days=draw.number("close", 300)) if _matter_status(draw, n) == "Closed" else None


def _description(draw: Draw, _: int) -> str:
    return f"{draw.choice('kind', WORDS).capitalize()} of the {draw.choice('what', WORDS)}"


def _text(draw: Draw, _: int) -> str:
    return draw.choice("text", SENTENCES)


def _task_status(_: Draw, n: int) -> str:
    return "complete" if n % 3 == 0 else "pending"


def _starts(draw: Draw, _: int) -> Any:
    return draw.moment("start_at").replace(minute=0, second=0)


def _ends(draw: Draw, n: int) -> Any:
    return _starts(draw, n) + timedelta(minutes=30 * (1 + draw.number("length", 6)))


def _bill_state(_: Draw, n: int) -> str:
    return ("paid", "awaiting_payment", "paid", "draft", "awaiting_approval", "paid", "paid", "void")[n % 8]


def _practice_area(_: Draw, n: int) -> str:
    name = PRACTICE_AREAS[(n - 1) % len(PRACTICE_AREAS)]
    return name if n <= len(PRACTICE_AREAS) else f"{name} {n}"


def _is_expense(n: int) -> bool:
    return n % 5 == 0


def _quantity(draw: Draw, n: int) -> Any:
    """Seconds of a time entry, the number of things of an expense."""
    return 1 + draw.number("things", 5) if _is_expense(n) else draw.choice("quarters", range(1, 33)) * 900


def _ended(_: Draw, n: int) -> str:
    return "failed" if n % 5 == 0 else "completed"


def _progress(draw: Draw, n: int) -> int:
    return 100 if _ended(draw, n) == "completed" else 40


def _hook_status(_: Draw, n: int) -> str:
    return ("suspended", "pending", "enabled", "enabled")[n % 4]


def _field_type(_: Draw, n: int) -> str:
    return FIELD_TYPES[(n - 1) // 2 % len(FIELD_TYPES)]


def _always(value: Any) -> Rule:
    return lambda _draw, _id: value


FIELD_TYPES: Final = (
    "text_line", "picklist", "numeric", "date", "checkbox", "currency", "matter", "contact", "text_area", "email",
    "time", "url",
)  # fmt: skip
_PLACES: Final = ("Work", "Home", "Billing", "Other")

RULES: Final[dict[tuple[str, str], Rule]] = {
    ("User", "name"): _full,
    ("User", "first_name"): _first,
    ("User", "last_name"): _last,
    ("User", "email"): _email,
    ("User", "enabled"): _always(True),
    ("User", "account_owner"): lambda _, n: n == 1,
    ("User", "phone_number"): _phone,
    ("User", "time_zone"): _always("Eastern Time (US & Canada)"),
    ("User", "roles"): lambda _, n: ["Admin"] if n == 1 else [],
    ("Contact", "type"): lambda draw, n: "Company" if _is_company(draw, n) else "Person",
    ("Contact", "name"): _contact_name,
    ("Contact", "first_name"): _of_person(_first),
    ("Contact", "last_name"): _of_person(_last),
    ("Contact", "initials"): _initials,
    ("Contact", "is_client"): _always(True),
    ("Contact", "primary_email_address"): _email,
    ("Contact", "primary_phone_number"): _phone,
    ("Matter", "number"): lambda _, n: n,
    ("Matter", "display_number"): lambda draw, n: f"{n:05d}-{_last(draw, n)}",
    ("Matter", "description"): _description,
    ("Matter", "status"): _matter_status,
    ("Matter", "billable"): _always(True),
    ("Matter", "billing_method"): lambda draw, _: draw.choice("billing", ("hourly", "hourly", "flat", "contingency")),
    ("Matter", "maildrop_address"): lambda _, n: f"matter-{n}@maildrop.example.com",
    ("Matter", "location"): lambda draw, _: draw.choice("city", CITIES),
    ("Matter", "open_date"): lambda draw, _: draw.day("open"),
    ("Matter", "pending_date"): lambda draw, n: draw.day("open") if _matter_status(draw, n) == "Pending" else None,
    ("Matter", "close_date"): _close_date,
    ("Task", "name"): lambda draw, _: draw.choice("task", TASKS),
    ("Task", "description"): _text,
    ("Task", "status"): _task_status,
    ("Task", "due_at"): lambda draw, _: draw.day("due"),
    ("Task", "completed_at"): lambda draw, n: draw.moment("completed") if _task_status(draw, n) == "complete" else None,
    ("Activity", "type"): lambda _, n: "ExpenseEntry" if _is_expense(n) else "TimeEntry",
    ("Activity", "note"): _text,
    ("Activity", "date"): lambda draw, _: draw.day("date"),
    ("Activity", "quantity"): _quantity,
    ("Activity", "quantity_redacted"): _always(False),
    ("Activity", "price"): lambda draw, _: draw.money("price", 400),
    ("Activity", "billed"): lambda _, n: n % 4 == 1,
    ("Activity", "non_billable"): _always(False),
    ("Note", "type"): lambda _, n: "Matter" if n % 2 else "Contact",
    ("Note", "subject"): _description,
    ("Note", "detail"): _text,
    ("CalendarEntry", "summary"): lambda draw, _: draw.choice("task", TASKS),
    ("CalendarEntry", "description"): _text,
    ("CalendarEntry", "location"): lambda draw, _: draw.choice("city", CITIES),
    ("CalendarEntry", "start_at"): _starts,
    ("CalendarEntry", "end_at"): _ends,
    ("CalendarEntry", "all_day"): _always(False),
    ("Bill", "number"): lambda _, n: f"INV-{n:05d}",
    ("Bill", "state"): _bill_state,
    ("Bill", "total"): lambda draw, _: draw.money("total", 9_000),
    ("Bill", "issued_at"): lambda draw, _: draw.day("issued"),
    ("Bill", "due_at"): lambda draw, _: draw.day("issued") + timedelta(days=30),
    ("PracticeArea", "name"): _practice_area,
    ("CustomField", "parent_type"): lambda _, n: "Matter" if n % 2 else "Contact",
    ("CustomField", "field_type"): _field_type,
    ("CustomField", "name"): lambda draw, n: f"{draw.choice('name', WORDS).capitalize()} {n}",
    ("CustomField", "displayed"): lambda _, n: n % 3 != 0,
    ("CustomField", "deleted"): _always(False),
    ("CustomField", "display_order"): lambda _, n: n,
    ("PicklistOption", "option"): lambda draw, _: draw.choice("option", WORDS).capitalize(),
    ("Document", "type"): _always("Document"),
    ("Folder", "type"): _always("Folder"),
    ("Folder", "root"): lambda _, n: n == 1,
    ("Folder", "locked"): _always(False),
    ("Document", "locked"): _always(False),
    ("DocumentVersion", "document_id"): lambda _, n: n // 100,
    ("DocumentVersion", "version_number"): lambda _, n: n % 100,
    ("DocumentVersion", "fully_uploaded"): _always(True),
    ("DocumentVersion", "uuid"): lambda draw, _: hexadecimal(draw.key),
    ("DocumentVersion", "put_url"): _always(None),
    ("Report", "state"): _ended,
    ("Report", "progress"): _progress,
    ("DocumentArchive", "state"): _ended,
    ("DocumentArchive", "progress"): _progress,
    ("DocumentAutomation", "state"): _ended,
    ("MatterDocket", "status"): _ended,
    ("Webhook", "url"): lambda _, n: f"https://hooks.example.com/{n}",
    ("Webhook", "fields"): _always("id,etag"),
    ("Webhook", "shared_secret"): lambda draw, _: hexadecimal(f"{draw.key}/secret"),
    ("Webhook", "status"): _hook_status,
    ("EmailAddress", "name"): lambda draw, _: draw.choice("place", _PLACES),
    ("PhoneNumber", "name"): lambda draw, _: draw.choice("place", _PLACES),
    ("PhoneNumber", "number"): _phone,
    ("Address", "name"): lambda draw, _: draw.choice("place", _PLACES),
    ("Account", "name"): lambda draw, _: (
        f"{draw.choice('last_name', LAST_NAMES)} & {draw.choice('other', LAST_NAMES)} LLP"
    ),
}

# By name, whatever the schema.
_NAMED: Final[dict[str, Rule]] = {
    "first_name": _first,
    "last_name": _last,
    "initials": _initials,
    "email": _email,
    "address": _email,
    "street": lambda draw, _: f"{1 + draw.number('house', 99)} {draw.choice('street', STREETS)} Street",
    "city": lambda draw, _: draw.choice("city", CITIES),
    "phone_number": _phone,
    "url": lambda _, n: f"https://www.example.com/{n}",
    "redacted": _always(None),
    "soft_deleted": _always(False),
    "deleted_at": _always(None),
}


def general(field: Field, draw: Draw, n: int) -> Any:
    """Return a value for an attribute that has no rule of its own."""
    named = _NAMED.get(field.name)
    if named is not None:
        return named(draw, n)
    if not field.never_null and draw.once_in(f"{field.name}?", 5):
        return None
    return [] if field.many else _of_kind(field, draw)


def _of_kind(field: Field, draw: Draw) -> Any:
    if field.enum:
        return draw.choice(field.name, field.enum)
    match field.kind:
        case "integer":
            return draw.number(field.name, 1_000)
        case "boolean":
            return draw.number(field.name, 2) == 1
        case "decimal":
            return draw.money(field.name, 1_000)
        case "date":
            return draw.day(field.name)
        case "datetime":
            return draw.moment(field.name)
        case _:
            return f"{draw.choice(field.name, WORDS)} {draw.number(f'{field.name}#', 100)}"
