"""The records of a sweep, in lots: those of one kind, which are read by one selection."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from attrs import field, frozen

from ...errors import InvalidArgument, SchemaError
from ...models.plans import full
from ...models.projection import is_projection
from ...models.record import Record
from ...models.schema import Operation
from ...models.selection import Fields, Selection, projected, select_records
from ...protocol import filters
from ...protocol.fields import format_fields
from ..many import one_asked_for
from .carried import Tree, carried, entire, same, union
from .tags import Facts, agree, facts_of, tags_for

__all__ = ["Lot", "known", "lots"]


@frozen(eq=False)
class Lot:
    """Records of one kind."""

    schema: str
    held: dict[str, object] = field(repr=False)
    """What the caller has, by the id."""
    selection: Selection[Any]
    """What is read of those that have changed."""
    shown: Tree
    """What a record shows that is read so."""
    tags: Tree | None
    """What tells whether one has changed, where tags do."""
    lean: Selection[Any] | None
    """What reads that."""

    def facts(self, text: str) -> Facts | None:
        """Return what the caller's object shows of tags; None if they do not tell whether it has changed."""
        return self.facts_of(self.held[text])

    def facts_of(self, record: object) -> Facts | None:
        """Return what a record that was read alone shows of tags."""
        return None if self.tags is None else facts_of(record, self.tags)

    @property
    def own_alone(self) -> bool:
        """Whether all that is read is told by the tags of the records themselves."""
        return self.tags is not None and all("etag" not in (inner or ()) for inner in self.tags.values())

    def unchanged(self, text: str, record: Any, facts: Facts | None) -> bool:
        """Say whether the caller's object shows what a record shows that was read in full, and its tags, if known."""
        mine = self.held[text]
        if isinstance(mine, Record):
            return same(self._as_read(mine), record, self.shown)
        if type(mine) is self.selection.record_type:
            return bool(mine == record)
        return agree(self.facts(text), facts)

    def _as_read(self, mine: Record) -> Any:
        """Return a record as one of the class that is read; None if that refuses it."""
        try:
            return projected(self.schema, self.selection.record_type, mine)
        except SchemaError:
            return None


def known(operation: Operation, records: Any) -> tuple[dict[str, object], dict[str, int | str]]:
    """Return the records by their ids as they stand in a query, and those ids as they are. The first of each counts.

    :raises InvalidArgument: if one of them is none.
    """
    if isinstance(records, Record) or not isinstance(records, Iterable):
        raise InvalidArgument("refresh takes several records: a list of them.")
    held: dict[str, object] = {}
    ids: dict[str, int | str] = {}
    for record in cast("Iterable[object]", records):
        if isinstance(record, int | str):
            raise InvalidArgument(f"refresh takes records, not {filters.told(record)}: get_many reads ids.")
        text, number = one_asked_for(operation, record)
        if text not in held:
            held[text], ids[text] = record, number
    return held, ids


def lots(operation: Operation, held: dict[str, object], fields: Fields, *, strict: bool) -> list[Lot]:
    """Divide records into lots.

    :raises InvalidArgument: if nothing says what to read of one.
    """
    schema = operation.schema or ""
    if fields is not None:
        return [_lot(schema, held, fields, strict)] if held else []
    by_class: dict[type[Any], dict[str, object]] = {}
    for text, record in held.items():
        by_class.setdefault(type(record), {})[text] = record
    return [_lot(schema, some, _fields_of(schema, cls, some), strict) for cls, some in by_class.items()]


def _fields_of(schema: str, cls: type[Any], held: dict[str, object]) -> Fields:
    """Return what to read of records of a class: the class, or all that its records hold.

    :raises InvalidArgument: if it is no class that can be read.
    """
    if not issubclass(cls, Record):
        if not is_projection(cls):
            raise InvalidArgument(f"What to read of a {cls.__name__} is not known: say it with fields=.")
        return cls
    shapes = {tuple(tree.items()): tree for tree in (carried(record) for record in held.values())}  # type: ignore[arg-type]
    return format_fields(union(full(schema), shapes.values()))


def _lot(schema: str, held: dict[str, object], fields: Fields, strict: bool) -> Lot:
    selection = select_records(schema, fields, strict=strict, also=("id", "etag"))
    tags = tags_for(full(schema), selection)
    lean = None if tags is None else select_records(schema, format_fields(tags), strict=strict)
    return Lot(schema, held, selection, entire(full(schema), selection.tree), tags, lean)
