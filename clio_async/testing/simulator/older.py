"""What older versions of the API do otherwise: https://docs.developers.clio.com/api-docs/api-changelog.

- before 4.0.4 the quantity of a time entry is in hours, in answers and in bodies; from then on in seconds
- before 4.0.5 bills have `matter_balances`, made up here like `matter_totals`
- before 4.0.6 documents have `document_versions`
- before 4.0.8 activities have no `quantity_redacted`
- before 4.0.10 nobody looks at the `type` of notes: it may be missing, and what is no type finds nothing

Other changes are in every version, because Clio has made them in the older ones, too: contacts that are hidden (4.0.9),
calendar entries that are redacted (4.0.12), and 20 e-mail addresses, phone numbers and addresses for each contact
(4.0.13).
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from attrs import evolve

from ...models.schema import Field, Operation, Schema
from ...protocol.versions import PINNED, order, spoken
from .derived import _hours
from .regime import Regime
from .things import Record, Thing, family

__all__ = ["NEWEST", "Age", "age_of", "filtered", "in_seconds", "schema_of", "shown"]

Age: TypeAlias = tuple[int, ...]
"""A version, as far as it matters here: all that do alike are one."""

_SECONDS: Final[Age] = (4, 0, 4)
_NO_BALANCES: Final[Age] = (4, 0, 5)
_NO_VERSIONS: Final[Age] = (4, 0, 6)
_REDACTED: Final[Age] = (4, 0, 8)
NEWEST: Final[Age] = (4, 0, 10)
_TURNS: Final[tuple[Age, ...]] = (_SECONDS, _NO_BALANCES, _NO_VERSIONS, _REDACTED, NEWEST)
_HOUR: Final = 3_600
_MOST: Final = 10**9
"""Hours. Whatever is more is no time, and left as it is."""
_TIMES: Final = frozenset({"quantity", "rounded_quantity"})
_GONE: Final[Mapping[str, tuple[Age, Field]]] = {
    "Bill": (_NO_BALANCES, Field("matter_balances", "object", "MatterBalance_base", many=True, derived=True)),
    "Document": (_NO_VERSIONS, Field("document_versions", "object", "DocumentVersion", many=True, derived=True)),
}
"""The fields that there were, by schema, and the version that has them no more."""


def age_of(version: str) -> Age:
    """Return the last change that a version has; before the first, nothing."""
    number = order(spoken(version) or PINNED)
    return max((turn for turn in _TURNS if turn <= number), default=())


@lru_cache(maxsize=512)
def schema_of(schema: Schema, age: Age) -> Schema:
    """Return a schema as it was."""
    if age >= _REDACTED:
        return schema
    fields = dict(schema.fields)
    if family(schema.name) == "Activity":
        fields.pop("quantity_redacted", None)
    until, gone = _GONE.get(schema.name, ((), None))
    if gone is not None and age < until:
        fields[gone.name] = gone
    return Schema(schema.name, MappingProxyType(fields))


def shown(thing: Thing, field: Field, value: Any, age: Age) -> Any:
    """Return a value as it was shown."""
    if age >= _SECONDS or value is None or field.name not in _TIMES or not _is_time(thing):
        return value
    return _hours(value) if -_MOST < value / _HOUR < _MOST else value


def in_seconds(record: Record | None, data: Mapping[str, Any], age: Age) -> Mapping[str, Any]:
    """Return the body of an activity as it is meant today. What is no number is left to whoever reads it."""
    kind = data.get("type", None if record is None else record.get("type"))
    if age >= _SECONDS or kind != "TimeEntry" or "quantity" not in data:
        return data
    return {**data, "quantity": _seconds(data["quantity"])}


def _seconds(hours: Any) -> Any:
    if isinstance(hours, int | float | Decimal) and not isinstance(hours, bool) and -_MOST < hours < _MOST:
        return Decimal(str(hours)) * _HOUR
    return hours


def filtered(operation: Operation, regime: Regime, age: Age) -> tuple[Operation, Regime]:
    """Return an operation and a regime by which the filters of a list are read as they were."""
    if age >= NEWEST or operation.id != "Note#index":
        return operation, regime
    kind = evolve(operation.filters["type"], required=False)
    return evolve(operation, filters={**operation.filters, "type": kind}), evolve(regime, unknown_value="nothing")


def _is_time(thing: Thing) -> bool:
    return isinstance(thing, Record) and thing.table.name == "activities" and thing.get("type") == "TimeEntry"
