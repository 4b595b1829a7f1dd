"""Records, and the rows inside of them: values made on demand until they are written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeGuard

from attrs import frozen

from ...models import registry
from ...models.schema import Field, Schema
from .draw import FIRST_DAY, Draw, hexadecimal
from .rules import RULES, general

if TYPE_CHECKING:
    from .firm import Firm, Table

__all__ = ["Record", "Ref", "Row", "Thing", "family", "is_rows"]

# The last weeks before the clock starts are quiet, so that a sync from "now" finds what a test changed.
_BUSY = (3 * 365 - 60) * 86_400


def is_rows(value: object) -> TypeGuard[tuple[Any, ...]]:
    """Say whether a value is what an association with many holds."""
    return isinstance(value, tuple)


def family(schema: str) -> str:
    """Return the name that the full schema and its `_base` share."""
    return schema.removesuffix("_base")


@frozen
class Ref:
    """A record of a table, by id."""

    table: str
    id: int


class Thing:
    """Something with values: those that were written, else those that its draw gives.

    `blank` things were created by a write: what it left out is empty, not made up.
    """

    __slots__ = ("blank", "draw", "firm", "number", "schema", "version", "written")

    def __init__(self, firm: Firm, schema: Schema, key: str, number: int, *, blank: bool = False) -> None:
        self.firm = firm
        self.schema = schema
        self.draw = Draw(key)
        self.number = number
        self.blank = blank
        self.version = 0
        self.written: dict[str, Any] = {}

    @property
    def tag(self) -> str:
        """The record's tag, its quotes included: another one after each change of an own attribute."""
        return f'"{hexadecimal(f"{self.draw.key}@{self.version}")}"'

    def get(self, name: str) -> Any:
        """Return the value of a field of this thing's own schema."""
        return self.value(self.schema.fields[name])

    def value(self, field: Field) -> Any:
        """Return the value of a field, which may be one that an association's schema adds."""
        if field.name in self.written:
            return self.written[field.name]
        return self._made(field)

    def made(self, name: str) -> Any:
        """Return the value that a field has as long as nobody writes to it."""
        return self._made(self.schema.fields[name])

    def _made(self, field: Field) -> Any:
        made = _MADE.get(field.name)
        if made is not None:
            return made(self, field)
        if field.schema is not None:
            return self.associated(field)
        return self._plain(field)

    def _plain(self, field: Field) -> Any:
        one = self._named_by_id(field)
        if one is not None:
            found = self.value(one)
            return found.id if isinstance(found, Ref) else None
        rule = RULES.get((family(self.schema.name), field.name))
        if self.blank:
            return _empty(field)
        return rule(self.draw, self.number) if rule else general(field, self.draw, self.number)

    def _named_by_id(self, field: Field) -> Field | None:
        """Return the association whose id an attribute like `client_id` repeats."""
        one = self.schema.fields.get(field.name.removesuffix("_id")) if field.name.endswith("_id") else None
        return one if one is not None and one.schema is not None and not one.many else None

    def associated(self, field: Field) -> Any:
        """Return what an association holds: rows of its own, or nothing."""
        if self.blank:
            return () if field.many else None
        if field.many:
            return tuple(self.row(field, index) for index in range(self.draw.number(field.name, 3)))
        return self.row(field, 0) if self.draw.once_in(field.name, 2) else None

    def row(self, field: Field, index: int, *, blank: bool = False) -> Row:
        """Make the row of an association."""
        schema = registry.schema(field.schema or self.schema.name)
        number = self.number * 100 + index + 1
        return Row(self.firm, schema, f"{self.draw.key}/{field.name}/{index}", number, blank=blank)

    def identity(self, field: Field) -> int | str:
        """Return the id in the type that the schema gives it."""
        return str(self.number) if field.kind == "string" else self.number

    def born(self, _: Field | None = None) -> datetime:
        """Return when it was created."""
        return datetime.fromtimestamp(FIRST_DAY + self.draw.number("created_at", _BUSY), UTC)

    def updated(self, _: Field | None = None) -> datetime:
        """Return when it was changed last."""
        written = self.written.get("updated_at")
        return written or self.born() + timedelta(seconds=self.draw.number("updated_at", 30 * 86_400))


_MADE: Final[dict[str, Callable[[Thing, Field], Any]]] = {
    "id": lambda thing, field: thing.identity(field),
    "etag": lambda thing, _: thing.tag,
    "created_at": lambda thing, field: thing.born(field),
    "updated_at": lambda thing, field: thing.updated(field),
}


def _empty(field: Field) -> Any:
    if field.many:
        return []
    if field.kind == "boolean":
        return False
    if field.derived or field.never_null:
        return field.enum[0] if field.enum else {"integer": 0, "decimal": 0, "string": ""}.get(field.kind)
    return None


class Row(Thing):
    """A thing inside of a record, without a table of its own."""

    __slots__ = ()

    def copy(self) -> Row:
        """Return a row that can be written to in place of this one."""
        row = Row(self.firm, self.schema, self.draw.key, self.number, blank=self.blank)
        row.version, row.written = self.version, dict(self.written)
        return row

    def same(self, other: object) -> bool:
        """Say whether another row is this one, with the same values written."""
        return isinstance(other, Row) and other.draw.key == self.draw.key and other.written == self.written


class Record(Thing):
    """A record of a table."""

    __slots__ = ("table",)
    table: Table

    def __init__(self, table: Table, id: int, *, blank: bool = False) -> None:
        super().__init__(table.firm, table.schema, f"{table.key}/{id}", id, blank=blank)
        self.table = table

    def value(self, field: Field) -> Any:
        if field.name not in self.written:
            derived = self.table.derived.get(field.name)
            if derived is not None:
                return derived(self)
            if field.name not in self.schema.fields and field.name in _FOREIGN:
                return _FOREIGN[field.name](self)
        return super().value(field)

    def associated(self, field: Field) -> Any:
        targets = self.firm.targets(self.table.family, field)
        if self.blank or not targets:
            return super().associated(field)
        if field.many:
            return tuple(self._chosen(field, targets, index) for index in range(self.draw.number(field.name, 3)))
        place = self.table.target(field.name, self.number)
        chosen = targets[self.number // 3 % len(targets)]
        return None if place is None else Ref(chosen.name, (place - 1) % chosen.seeded + 1)

    def _chosen(self, field: Field, targets: tuple[Table, ...], index: int) -> Ref:
        table = self.draw.choice(f"{field.name}.{index}", targets)
        return Ref(table.name, 1 + self.draw.number(f"{field.name}#{index}", table.seeded))

    def born(self, _: Field | None = None) -> datetime:
        """Return when it was created: later for a greater id, so that lists by time need not read the whole firm."""
        written = self.written.get("created_at")
        return written or datetime.fromtimestamp(FIRST_DAY + (self.number - 1) * _BUSY // self.table.seeded, UTC)


def _identifier(record: Record) -> Any:
    names = ("display_number", "name", "summary", "subject", "number")
    return next((record.get(name) for name in names if name in record.schema.fields), str(record.number))


_Derivation: TypeAlias = Callable[[Record], Any]
# What the schema of a polymorphic association adds to those of its targets.
_FOREIGN: Final[dict[str, _Derivation]] = {
    "type": lambda record: str(record.table.family),
    "identifier": _identifier,
}
