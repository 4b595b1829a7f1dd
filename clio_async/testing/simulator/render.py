"""What a user sees of a record: the selected values, in the user's time zone, redacted where need be."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any, Final

from attrs import frozen

from ...models.schema import Field
from .custom_seen import seen_value, seen_values
from .custom_values import Value
from .firm import Firm
from .older import NEWEST, Age, shown
from .regime import Regime
from .selection import REDACTED, Selection
from .things import Record, Ref, Thing, is_rows

__all__ = ["NULLED", "Viewer", "rendered"]

NULLED: Final = frozenset({"calendar_entries"})
"""Hidden records of these stay in lists, with their values nulled: https://docs.developers.clio.com/api-docs/api-changelog."""

_HOURS: Final = (-5, -8, 0, -7, -6, 10)
_ZONES: Final = {hours: timezone(timedelta(hours=hours)) for hours in range(-8, 12)}
_SUMMER: Final = range(4, 11)


@frozen
class Viewer:
    """On whose behalf a record is shown."""

    firm: Firm
    user: int
    regime: Regime
    custom_fields: frozenset[int] | None = None
    """The custom fields whose values are shown; None for all."""
    age: Age = NEWEST
    """The version that shows it."""

    def hides(self, record: Record) -> bool:
        """Say whether this user may not see a record."""
        return record.number in self.firm.hidden.get((record.table.name, self.user), ())

    def local(self, moment: datetime) -> datetime:
        """Return a moment with the offset of the user's clock; half of the year it is summer time."""
        hours = _HOURS[(self.user - 1) % len(_HOURS)]
        kept = moment if self.regime.shown_fractions else moment.replace(microsecond=0)
        return kept.astimezone(_ZONES[hours + (moment.month in _SUMMER)])


def rendered(thing: Thing, selection: Selection, viewer: Viewer) -> dict[str, Any]:
    """Return the selected fields as JSON values."""
    seen = {
        choice.field.name: _shown(_held(thing, choice.field, viewer), choice.inner, viewer)
        for choice in selection
        if choice.field is not REDACTED
    }
    if "shared_secret" in seen and viewer.regime.hook_secret == "hidden":  # noqa: S105
        seen["shared_secret"] = None
    if isinstance(thing, Value):
        return seen_value(thing, seen, viewer.regime)
    if isinstance(thing, Record) and thing.table.name in NULLED and viewer.hides(thing):
        kept = {name: value if name in {"id", "etag"} else None for name, value in seen.items()}
        return {**kept, "redacted": True}
    return seen


def _held(thing: Thing, field: Field, viewer: Viewer) -> Any:
    if field.name == "custom_field_values" and isinstance(thing, Record):
        return seen_values(thing, viewer.regime, viewer.custom_fields)
    value = thing.value(field)
    return value if viewer.age == NEWEST else shown(thing, field, value, viewer.age)


def _shown(value: Any, inner: Selection | None, viewer: Viewer) -> Any:
    if isinstance(value, datetime):
        return viewer.local(value)
    if inner is None:
        return value
    if is_rows(value):
        return _row_list(value, inner, viewer)
    return _associated(value, inner, viewer)


def _row_list(rows: tuple[Thing | Ref, ...], inner: Selection, viewer: Viewer) -> list[dict[str, Any]]:
    found = [_associated(row, inner, viewer) for row in rows]
    return [row for row in found if row is not None]


def _associated(value: Thing | Ref | None, inner: Selection, viewer: Viewer) -> dict[str, Any] | None:
    thing = viewer.firm.find(value) if isinstance(value, Ref) else value
    if thing is None:
        return None
    if isinstance(thing, Record) and viewer.hides(thing):
        return _redacted(thing, inner)
    return rendered(thing, inner, viewer)


def _redacted(record: Record, inner: Selection) -> dict[str, Any]:
    """What is left of an association: https://docs.developers.clio.com/api-docs/permissions."""
    left: dict[str, Any] = {"id": record.get("id")}
    if record.table.name == "matters" and any(choice.field.name == "display_number" for choice in inner):
        left["display_number"] = record.get("display_number")
    return {**left, "redacted": True}
