"""Values that follow other records, whatever the record's own tag says: totals, latest versions, hours of seconds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from decimal import ROUND_CEILING, Context, Decimal
from typing import Any, Final, TypeAlias

from .contents import made_up
from .custom_values import values_of
from .papers import file_of
from .things import Record, Ref, Row
from .versions import complete_of, versions_of

__all__ = ["Derivation", "derivations"]

Derivation: TypeAlias = Callable[[Record], Any]
_HOUR: Final = 3_600
_WIDE: Final = Context(prec=1000)  # more than any number that a body may hold
_CENT: Final = Decimal("0.01")
_INCREMENT: Final = 360
"""Time is rounded up to six minutes."""


def _has_tasks(matter: Record) -> bool:
    return any(True for _ in matter.firm.children("tasks", "matter", matter.number))


def _last_activity(matter: Record) -> Any:
    days = [activity.get("date") for activity in matter.firm.children("activities", "matter", matter.number)]
    return max((day for day in days if day is not None), default=None)


# -- time and money: seconds in an activity, hours in a line item -----------------------------------------------------


def _is_time(activity: Record) -> bool:
    return bool(activity.get("type") == "TimeEntry")


def _hours(seconds: Any) -> Decimal | None:
    if seconds is None:
        return None
    hours = _WIDE.quantize(_WIDE.divide(Decimal(seconds), _HOUR), Decimal("0.0001"))
    return _WIDE.add(hours.normalize(_WIDE), 0)  # 10, and not 1E+1


def _rounded(activity: Record) -> Any:
    seconds = activity.get("quantity")
    if seconds is None or not _is_time(activity):
        return seconds
    return int((Decimal(seconds) / _INCREMENT).to_integral_value(ROUND_CEILING)) * _INCREMENT


def _in_hours(activity: Record) -> Decimal | None:
    return _hours(activity.get("quantity")) if _is_time(activity) else None


def _rounded_in_hours(activity: Record) -> Decimal | None:
    return _hours(_rounded(activity)) if _is_time(activity) else None


def _quantity(activity: Record) -> Any:
    """Return what a price is multiplied with: hours of time, or a number of things."""
    return _in_hours(activity) if _is_time(activity) else activity.get("quantity")


def _total(activity: Record) -> Decimal:
    price, quantity = Decimal(activity.get("price") or 0), Decimal(_quantity(activity) or 0)
    return _WIDE.quantize(_WIDE.multiply(price, quantity), _CENT)


def _of_activity(name: str) -> Derivation:
    """Return what a line item has of its activity, else its own."""

    def derived(item: Record) -> Any:
        held = item.get("activity")
        activity = item.firm.find(held) if isinstance(held, Ref) else None
        return item.made(name) if activity is None else _LINE[name](activity)

    return derived


def _charged(item: Record) -> Decimal:
    """Return the total of a line: hours, or a number of things, times the price."""
    return _WIDE.quantize(_WIDE.multiply(Decimal(item.get("quantity") or 0), Decimal(item.get("price") or 0)), _CENT)


def _own(name: str) -> Derivation:
    return lambda record: record.get(name)


_LINE: Final[Mapping[str, Derivation]] = {
    "type": lambda _: "ActivityLineItem",
    "kind": lambda activity: "Service" if _is_time(activity) else "Expense",
    "quantity": _quantity,
    "price": _own("price"),
    "date": _own("date"),
    "note": _own("note"),
    "matter": _own("matter"),
    "user": _own("user"),
}


# -- matters that can be billed ---------------------------------------------------------------------------------------


def _of_matter(billable: Record, name: str) -> Any:
    matter = billable.firm.table("matters").get(billable.number)
    return None if matter is None else matter.get(name)


def _unbilled(billable: Record) -> list[Record]:
    found = billable.firm.children("activities", "matter", billable.number)
    return [activity for activity in found if not activity.get("billed") and not activity.get("non_billable")]


def _unbilled_hours(billable: Record) -> Decimal:
    return sum((_in_hours(activity) or Decimal(0) for activity in _unbilled(billable)), Decimal(0))


def _event(mine: Record) -> Row:
    """Return the event, whose id is the one that is known of `mine`."""
    event = mine.row(mine.schema.fields["event"], 0)
    event.number = mine.number
    return event


def _latest(document: Record) -> Row | None:
    versions = versions_of(document)
    return versions[-1] if versions else None


def _size(document: Record) -> int | None:
    latest = complete_of(document)
    return None if latest is None else latest.get("size")


def _made_size(record: Record) -> int:
    """Return how long the file is that nobody put there."""
    return len(made_up(f"/{record.firm.account}/{record.table.name}/{record.number}"))


def _archive_size(archive: Record) -> int:
    return len(file_of(archive)[0])


def _options(field: Record) -> tuple[Row, ...]:
    """Return the options of a picklist."""
    if field.get("field_type") != "picklist" or field.blank:
        return ()
    return tuple(field.row(field.schema.fields["picklist_options"], index) for index in range(3))


def _balances(bill: Record) -> tuple[Row, ...]:
    """Return what was shown before 4.0.5: something for each total."""
    return tuple(bill.value(bill.schema.fields["matter_totals"]))


def _elapsed(timer: Record) -> int:
    started = timer.get("start_time")
    return 0 if started is None else int(timer.firm.clock.now() - started.timestamp())


def _templates(held: Record) -> int:
    return sum(1 for _ in held.firm.children("task_templates", "task_template_list", held.number))


_DERIVED: Final[Mapping[tuple[str, str], Derivation]] = {
    ("matters", "has_tasks"): _has_tasks,
    ("matters", "last_activity_date"): _last_activity,
    ("matters", "custom_field_values"): values_of,
    ("contacts", "custom_field_values"): values_of,
    ("activities", "quantity_in_hours"): _in_hours,
    ("activities", "rounded_quantity"): _rounded,
    ("activities", "rounded_quantity_in_hours"): _rounded_in_hours,
    ("activities", "total"): _total,
    **{("line_items", name): _of_activity(name) for name in _LINE},
    ("line_items", "total"): _charged,
    ("line_items", "sub_total"): _charged,
    ("billable_matters", "display_number"): lambda record: _of_matter(record, "display_number"),
    ("billable_matters", "client"): lambda record: _of_matter(record, "client"),
    ("billable_matters", "unbilled_hours"): _unbilled_hours,
    ("billable_matters", "unbilled_amount"): lambda record: sum(map(_total, _unbilled(record)), Decimal(0)),
    ("bills", "matter_balances"): _balances,
    ("custom_fields", "picklist_options"): _options,
    ("documents", "latest_document_version"): _latest,
    ("documents", "document_versions"): versions_of,
    ("documents", "size"): _size,
    ("document_archives", "size"): _archive_size,
    ("document_templates", "size"): _made_size,
    ("my_events", "event"): _event,
    ("timer", "elapsed_time"): _elapsed,
    ("task_template_lists", "templates_count"): _templates,
}


def _by_table() -> Mapping[str, Mapping[str, Derivation]]:
    found: defaultdict[str, dict[str, Derivation]] = defaultdict(dict)
    for (table, name), derived in _DERIVED.items():
        found[table][name] = derived
    return found


_TABLES: Final = _by_table()


def derivations(table: str) -> Mapping[str, Derivation]:
    """Return what is derived for the records of a table, by field; written values come before it."""
    return _TABLES.get(table, {})
