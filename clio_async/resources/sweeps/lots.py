"""The records of a sweep, in lots: those of one kind, which are read by one selection."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias, cast

from anyio.lowlevel import checkpoint
from attrs import field, frozen, has

from ...codec import SLICE
from ...errors import InvalidArgument, SchemaError
from ...models.plans import full
from ...models.projection import is_projection
from ...models.record import Record
from ...models.schema import Operation
from ...models.selection import Fields, Selection, Unchecked, projected, select_records
from ...protocol import filters
from ...protocol.fields import format_fields
from ..many import one_asked_for
from .carried import Tree, entire, same, union, within
from .likeness import Carried
from .tags import Facts, Tags, agree, tags_for

__all__ = ["Lot", "Undecided", "known", "lots"]


@frozen(eq=False)
class Lot:
    """Records of one kind."""

    schema: str
    held: Mapping[str, object] = field(repr=False)
    """What the caller has, by the id."""
    given: Mapping[str, Any]
    """What the list has to be asked with, by the names of its arguments."""
    selection: Selection[Any]
    """What is read of those that have changed."""
    wanted: bool
    """Whether the caller said so: then what his objects lack of it has changed."""
    shown: Tree
    """What a record shows that is read so."""
    more: tuple[str, ...]
    """What else it may show, under names that this version of the package does not know."""
    tags: Tags | None
    """What tells whether one has changed, where tags do."""
    lean: Selection[Any] | None
    """What reads that."""
    _facts: dict[str, Facts | None] = field(init=False, repr=False, factory=dict[str, "Facts | None"])

    def facts(self, text: str) -> Facts | None:
        """Return what the caller's object shows of tags; None if they do not tell whether it has changed."""
        if text not in self._facts:
            tags = self.tags
            found = None if tags is None else tags.of(self.held[text], wanted=self.wanted)
            self._facts[text] = found
        return self._facts[text]

    async def all_facts(self) -> dict[str, Facts]:
        """Return what the caller's objects show of tags, of those that show all, letting others run meanwhile."""
        found: dict[str, Facts] = {}
        for count, text in enumerate(self.held, 1):
            facts = self.facts(text)
            if facts is not None:
                found[text] = facts
            if count % SLICE == 0:
                await checkpoint()
        return found

    def facts_of(self, record: object) -> Facts | None:
        """Return what a record that was read alone shows of tags."""
        return None if self.tags is None else self.tags.of(record)

    @property
    def own_alone(self) -> bool:
        """Whether all that is read is told by the tags of the records themselves."""
        return self.tags is not None and all("etag" not in (inner or ()) for inner in self.tags.tree.values())

    def unchanged(self, text: str, record: Any, facts: Facts | None) -> bool:
        """Say whether the caller's object shows what a record shows that was read in full, and its tags, if known."""
        mine = self.held[text]
        if isinstance(mine, Record):
            old = self._as_read(mine)
            unknown = all(within(old, name) == within(record, name) for name in self.more)
            return unknown and same(old, record, self.shown, wanted=self.wanted)
        if type(mine) is self.selection.record_type:
            return bool(mine == record)
        return agree(self.facts(text), facts)

    def _as_read(self, mine: Record) -> Any:
        """Return a record as one of the class that is read; None if that refuses it."""
        try:
            return projected(self.schema, self.selection.record_type, mine)
        except SchemaError:
            return None


@frozen(eq=False)
class Undecided:
    """Records of the package, of which no selection was said: they have to be looked at, all of them."""

    schema: str
    held: Mapping[str, Record] = field(repr=False)
    given: Mapping[str, Any]
    strict: bool

    async def lot(self) -> Lot:
        """Return them with a selection of all that they hold, letting others run meanwhile."""
        found = Carried()
        for count, record in enumerate(self.held.values(), 1):
            found.add(record)
            if count % SLICE == 0:
                await checkpoint()
        fields = format_fields(union(full(self.schema), found.trees()))
        return _lot(self.schema, self.held, self.given, fields, strict=self.strict, wanted=False)


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


Says: TypeAlias = Callable[[object], tuple[Any, ...]]


def lots(
    operation: Operation,
    held: Mapping[str, object],
    fields: Fields,
    needed: tuple[str, ...],
    says: Says,
    *,
    strict: bool,
) -> list[Lot | Undecided]:
    """Divide records into lots. What may not be read later, or elsewhere, of the caller's objects is read here.

    `needed` are the names of what the list has to be asked with, and `says` tells what a record says of them.

    :raises InvalidArgument: if nothing says what to read of one, or what to ask the list with.
    """
    if not (fields is None or isinstance(fields, str | type)) and isinstance(fields, Iterable):
        fields = tuple(fields)
    kinds: dict[tuple[Any, ...], dict[str, object]] = {}
    for text, record in held.items():
        kinds.setdefault((type(record) if fields is None else None, *says(record)), {})[text] = record
    found: list[Lot | Undecided] = []
    for (cls, *said), some in kinds.items():
        found.append(_kind(operation.schema or "", cls, some, dict(zip(needed, said, strict=True)), fields, strict))
    return found


def _kind(
    schema: str, cls: Any, held: Mapping[str, Any], given: Mapping[str, Any], fields: Fields, strict: bool
) -> Lot | Undecided:
    if cls is None:
        lot = _lot(schema, held, given, fields, strict=strict, wanted=True)
    elif issubclass(cls, Record):
        return Undecided(schema, held, given, strict)
    elif is_projection(cls):
        lot = _lot(schema, held, given, cls, strict=strict, wanted=False)
    else:
        raise InvalidArgument(f"What to read of a {cls.__name__} is not known: say it with fields=.")
    for text, record in held.items():
        if not isinstance(record, Record) and not has(record.__class__):  # a row, which may load what it is asked for
            lot.facts(text)
    return lot


def _lot(
    schema: str, held: Mapping[str, object], given: Mapping[str, Any], fields: Fields, *, strict: bool, wanted: bool
) -> Lot:
    selection = select_records(schema, fields, strict=strict, also=("id", "etag"))
    tags = tags_for(full(schema), selection)
    lean = None if tags is None else select_records(schema, format_fields(tags), strict=strict)
    tree = entire(full(schema), selection.tree)
    more = tuple([name for name in _unknown(fields) if name not in selection.tree])
    return Lot(schema, held, given, selection, wanted, tree, more, None if tags is None else Tags(tags), lean)


def _unknown(fields: Fields) -> tuple[str, ...]:
    """Return the names that a caller asks for unchecked."""
    names = () if fields is None or isinstance(fields, str | type) else fields
    return tuple([found.name.partition("{")[0] for found in names if isinstance(found, Unchecked)])
