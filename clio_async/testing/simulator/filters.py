"""The filters of a list: which records, and where to look for them."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, TypeAlias

from attrs import field as attr_field
from attrs import frozen

from ...models.schema import Field, Filter, Operation
from .answers import Refusal
from .custom_filters import CUSTOM, compared_value
from .filing import FILED
from .filing_filters import FILING, filing_tests, in_depth
from .firm import Table
from .regime import Regime
from .things import Ref, Thing
from .values import argument_error, instant, whole

__all__ = ["Criteria", "Test", "criteria"]

Test: TypeAlias = Callable[[Thing], bool]
Ids: TypeAlias = Callable[[int], Iterator[int]]

_SEARCHED: Final = (
    "display_number", "number", "name", "title", "subject", "summary", "description", "note", "detail",
    "primary_email_address",
)  # fmt: skip
_RANGES: Final[dict[tuple[str, str], tuple[str, Callable[[Any, Any], bool]]]] = {
    ("activities", "start_date"): ("date", operator.ge),
    ("activities", "end_date"): ("date", operator.le),
    ("tasks", "due_at_from"): ("due_at", operator.ge),
    ("tasks", "due_at_to"): ("due_at", operator.le),
    ("calendar_entries", "from"): ("end_at", operator.ge),
    ("calendar_entries", "to"): ("start_at", operator.le),
    ("bills", "issued_after"): ("issued_at", operator.ge),
    ("bills", "issued_before"): ("issued_at", operator.le),
    ("bills", "due_after"): ("due_at", operator.ge),
    ("bills", "due_before"): ("due_at", operator.le),
}
_NAMES: Final = {
    ("tasks", "statuses[]"): "status",
    ("bills", "bill_number"): "number",
    ("activities", "calendar_entry_id"): "calendar_entry",
}
_COMPARED: Final = re.compile(r"\s*(>=|<=|>|<|=)?\s*(.+)")
_OPERATORS: Final = {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt, "=": operator.eq}
_HANDLED: Final = frozenset({"ids[]", "order", "custom_field_ids[]"})
_BOUND: Final = 200
"""How many `ids[]` count where the rest is passed over and nothing is said of the bound."""
_STANDINGS: Final[Mapping[str, Test]] = {
    "billed": lambda activity: activity.get("billed") is True,
    "unbilled": lambda activity: not (activity.get("billed") or activity.get("non_billable")),
    "non_billable": lambda activity: activity.get("non_billable") is True,
    "billable": lambda activity: not activity.get("non_billable"),
    "draft": lambda activity: activity.get("on_bill") is True and not activity.get("billed"),
}
_PAGING: Final = frozenset({"fields", "limit", "page_token", "offset"})


@frozen
class Criteria:
    """Tests that a record must pass, the narrowest walk over the ids that may, and what had no effect."""

    tests: tuple[Test, ...] = ()
    walk: Ids | None = None
    ignored: tuple[str, ...] = attr_field(default=())

    def passes(self, thing: Thing) -> bool:
        """Say whether a record passes every test."""
        return not self.tests or all(test(thing) for test in self.tests)


def criteria(
    table: Table, operation: Operation, query: Mapping[str, Sequence[str]], regime: Regime | None = None
) -> Criteria:
    """Read the filters of a query. What the operation does not declare is ignored, as Clio does.

    A declared filter that is not simulated is ignored as well; both stand in `ignored`.

    :raises Refusal: 422, for a value of the wrong kind, or a required filter that is missing.
    """
    regime = regime or Regime()
    tests: list[Test] = list(filing_tests(table, operation, query))
    ignored: list[str] = []
    declared = {known.wire: known for known in operation.filters.values()}
    for known in declared.values():
        if known.required and known.wire not in query:
            raise argument_error(f"'{known.wire}' is required")
    for name, values in query.items():
        if name in _PAGING or (name == "parent_id" and in_depth(query)):
            continue
        made = _made(table, declared, name, values, regime)
        if made is None:
            ignored.append(name)
        else:
            tests += made
    return Criteria(tuple(tests), _walk(table, declared, query, regime), tuple(ignored))


def _made(
    table: Table, declared: Mapping[str, Filter], name: str, values: Sequence[str], regime: Regime
) -> list[Test] | None:
    """Return the tests of one parameter, None if it has no effect."""
    custom = CUSTOM.fullmatch(name)
    if custom is not None and "custom_field_values[{}]" in declared:
        return [compared_value(table, custom[1], value) for value in values]
    return _tests(table, declared[name], values, regime) if name in declared else None


def _wanted(values: Sequence[str], regime: Regime) -> list[int]:
    """Return the ids that are looked for, upwards."""
    most = regime.max_ids or (_BOUND if regime.ids_overflow == "ignore" else None)
    if most is not None and len(values) > most:
        if regime.ids_overflow == "error":
            raise argument_error(f"at most {most} ids")
        values = values[:most]
    return sorted({_id("ids[]", value) for value in values})


def _walk(
    table: Table, declared: Mapping[str, Filter], query: Mapping[str, Sequence[str]], regime: Regime
) -> Ids | None:
    if "ids[]" in query and "ids[]" in declared:
        wanted = _wanted(query["ids[]"], regime)
        return lambda after: (number for number in wanted if number > after)
    narrow = [name for name in declared if name in query and name.endswith("_id")]
    if in_depth(query):
        narrow = [name for name in narrow if name != "parent_id"]
    walks = [_referring(table, name, query[name][-1]) for name in narrow]
    walks += [
        _since(table, query[name][-1])
        for name in ("updated_since", "created_since")
        if name in query and name in declared
    ]
    return next((walk for walk in walks if walk is not None), None)


def _referring(table: Table, name: str, value: str) -> Ids | None:
    known = table.schema.associations.get(name.removesuffix("_id"))
    number = whole(value)
    if known is None or known.many or number is None or table.ids_referring(known.name, 1) is None:
        return None
    return lambda after: table.ids_referring(known.name, number, after) or iter(())


def _since(table: Table, value: str) -> Ids:
    moment = _instant("since", value).timestamp()
    return lambda after: table.ids_changed_since(moment, after)


def _tests(table: Table, known: Filter, values: Sequence[str], regime: Regime) -> list[Test] | None:
    """Return the tests of one parameter, None if it is not simulated."""
    name = known.wire
    if name in _HANDLED or (table.name in FILED and name in FILING):
        return []
    if name in {"updated_since", "created_since"}:
        return [_changed(name.replace("_since", "_at"), _instant(name, values[-1]), regime)]
    if name == "query":
        return [_search(table, values[-1])]
    if name == "exclude_ids[]":
        excluded = {_id(name, value) for value in values}
        return [lambda record: record.number not in excluded]
    if name in {"external_property_name", "external_property_value"}:
        return [_property(name.rpartition("_")[2], values[-1])]
    if (table.name, name) == ("activities", "status"):
        return [_standing(known, values[-1])]
    return _on_field(table, known, values, regime)


def _property(name: str, value: str) -> Test:
    return lambda record: any(held.get(name) == value for held in record.get("external_properties"))


def _standing(known: Filter, value: str) -> Test:
    """Return the test for what became of an activity."""
    test = _STANDINGS.get(value)
    if test is None and value in known.enum:
        return lambda _: False
    return test or _refuse(known.wire, value)


def _refuse(name: str, value: str) -> Any:
    raise argument_error(f"{value[:40]!r} is not a valid {name}")


def _on_field(table: Table, known: Filter, values: Sequence[str], regime: Regime) -> list[Test] | None:
    fields = table.schema.fields
    name = known.wire
    if (table.name, name) in _RANGES:
        target, compare = _RANGES[table.name, name]
        return [_bound(fields[target], compare, values[-1])]
    plain = _NAMES.get((table.name, name), name.removesuffix("[]"))
    stem = plain.removesuffix("_id")
    association = fields.get(stem) or fields.get(f"{stem}s")
    if association is not None and association.schema is not None:
        return [_refers(association, known, values[-1])]
    if plain == "complete":
        return [_complete(values[-1])]
    if plain not in fields:
        return None
    if known.comparison:
        return [_compared(fields[plain], value) for value in values]
    return _equal(fields[plain], known, values, regime)


def _id(name: str, value: str) -> int:
    number = whole(value)
    return _refuse(name, value) if number is None else number


def _instant(name: str, value: str) -> datetime:
    return instant(value) or _refuse(name, value)


def _changed(name: str, moment: datetime, regime: Regime) -> Test:
    compare = operator.ge if regime.since_inclusive else operator.gt
    when = operator.methodcaller("updated" if name == "updated_at" else "born")  # also of records that do not show it
    if regime.since_in_seconds:
        floor = moment.replace(microsecond=0)
        return lambda record: compare(when(record).replace(microsecond=0), floor)
    return lambda record: compare(when(record), moment)


def _search(table: Table, text: str) -> Test:
    names = [name for name in _SEARCHED if name in table.schema.fields]
    words = text.casefold().split()

    def found(record: Thing) -> bool:
        held = " ".join(str(record.get(name)) for name in names if record.get(name) is not None).casefold()
        return all(word in held for word in words)

    return found


def _refers(field: Field, known: Filter, value: str) -> Test:
    if value == "null":
        if not known.nullable:
            raise argument_error(f"'null' is not valid for {known.wire}")
        return lambda record: not record.value(field)
    wanted = _id(known.wire, value)
    if field.many:
        return lambda record: any(isinstance(held, Ref) and held.id == wanted for held in record.value(field))
    return lambda record: isinstance(held := record.value(field), Ref) and held.id == wanted


def _complete(value: str) -> Test:
    return lambda record: (record.get("status") == "complete") is (value == "true")


def _bound(field: Field, compare: Callable[[Any, Any], bool], value: str) -> Test:
    limit = _comparable(field, value)
    return lambda record: (held := record.value(field)) is not None and compare(held, limit)


def _compared(field: Field, value: str) -> Test:
    found = _COMPARED.fullmatch(value)
    if found is None:
        raise Refusal(400, "BadRequest", f"{value[:40]!r} is not a comparison")
    return _bound(field, _OPERATORS[found[1] or "="], found[2])


def _comparable(field: Field, value: str) -> date | datetime:
    if field.kind == "datetime":
        return _instant(field.name, value)
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise argument_error(f"{value[:40]!r} is not a valid {field.name}") from None


def _equal(field: Field, known: Filter, values: Sequence[str], regime: Regime) -> list[Test]:
    """Compare without case; several values, repeated or between commas, are alternatives."""
    parts = [part.strip() for value in values for part in (value.split(",") if known.comma else [value])]
    wanted = {part.casefold() for part in parts}
    members = {member.casefold() for member in known.enum}
    if known.enum and wanted - members:
        if regime.unknown_value == "error":
            _refuse(known.wire, min(wanted - members))
        return [] if regime.unknown_value == "all" else [lambda record: _text(record.value(field)) in wanted]
    if known.enum and regime.value_in_other_case == "ignored" and not set(parts) <= set(known.enum):
        return []
    return [lambda record: _text(record.value(field)) in wanted]


def _text(value: Any) -> str:
    return str(value).casefold()
