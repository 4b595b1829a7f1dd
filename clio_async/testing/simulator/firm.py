"""A firm: tables of records that exist without being made.

Nothing is made until it is read, nothing is kept until it is written: 100 000 matters cost what ten do.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from heapq import merge
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from ...models import registry
from ...models.schema import Field
from .clock import Clock
from .derived import derivations
from .draw import FIRST_DAY, Draw
from .things import Record, Ref, Row, Thing, family

if TYPE_CHECKING:
    from .jobs import Job

__all__ = ["COUNTS", "Firm", "News", "Table"]

News: TypeAlias = tuple[Literal["created", "kept", "deleted"], Record]
"""What was done to a record."""

COUNTS: Final[Mapping[str, int]] = {
    "users": 5,
    "practice_areas": 8,
    "contacts": 60,
    "matters": 100,
    "tasks": 200,
    "activities": 300,
    "notes": 100,
    "calendar_entries": 100,
    "bills": 50,
    "relationships": 100,
    "billing_settings": 1,
    "event_metrics": 1,
    "timer": 0,
}
"""How many records a firm has unless it is told otherwise; 12 of everything else."""
OTHERS: Final = 12

# Associations that every record has; of the others one in three.
_ALWAYS: Final = frozenset(
    {
        ("Matter", "client"),
        ("Matter", "responsible_attorney"),
        ("Matter", "practice_area"),
        ("Matter", "user"),
        ("Task", "matter"),
        ("Task", "assigner"),
        ("Task", "assignee"),
        ("Activity", "matter"),
        ("Activity", "user"),
        ("Note", "author"),
        ("CalendarEntry", "calendar_owner"),
        ("CalendarEntry", "matter"),
        ("Bill", "client"),
        ("Bill", "user"),
        ("Document", "parent"),
        ("Relationship", "matter"),
        ("Relationship", "contact"),
        ("ConversationMessage", "conversation"),
        ("TaskTemplate", "task_template_list"),
    }
)
# Made-up folders are the firm's: what is in one may be of any matter, while that in the folder of a matter is of it.
_NEVER: Final = frozenset({("Folder", "matter"), ("Folder", "contact")})
_TREE: Final = ("Folder", "parent")
"""Its first record is the root, and the parent of each other has half its id."""
_ROWS: Final = frozenset({"PicklistOption"})
"""They have no table, though a path is known for them: that of what they belong to."""
_PARITY: Final = {("Note", "matter"): 1, ("Note", "contact"): 0}
_ONLY: Final = {("Task", "assignee"): "users"}


class Table:
    """The records of one resource, by id: 1 to `seeded` made up, those above created."""

    def __init__(self, firm: Firm, name: str, seeded: int) -> None:
        resource = registry.resource(name)
        self.firm: Firm = firm
        self.name = name
        self.schema = registry.schema(resource.schema or "Matter")
        self.family: str = family(self.schema.name)
        self.key = f"{firm.seed}/{firm.account}/{name}"
        self.derived = derivations(name)
        self.seeded = max(seeded, 1)
        self.last = seeded
        self.watched = name == "webhooks"
        """Whether somebody is told of what is written: a webhook. All of them are themselves watched."""
        self._first = seeded
        self._written: dict[int, Record] = {}
        self._order: list[int] = []
        self._deleted: set[int] = set()

    @property
    def filled(self) -> bool:
        """Whether it began with records."""
        return self._first > 0

    @property
    def total(self) -> int:
        """How many records there are."""
        return self.last - len(self._deleted)

    def get(self, id: int) -> Record | None:
        """Return a record, None if there is none of that id."""
        if id in self._written:
            return self._written[id]
        if not 1 <= id <= self._first or id in self._deleted:
            return None
        self.firm.made += 1
        return Record(self, id)

    def keep(self, record: Record) -> None:
        """Keep a record that was written to."""
        if record.number not in self._written:
            self._order.insert(bisect_right(self._order, record.number), record.number)
            self._written[record.number] = record
        if self.watched:
            self.firm.news.append(("kept", record))

    def kept(self) -> Iterator[Record]:
        """Walk the records that were written to."""
        return iter(self._written.values())

    def add(self, now: float) -> Record:
        """Create an empty record."""
        self.last += 1
        record = Record(self, self.last, blank=True)
        record.written.update(created_at=_moment(now), updated_at=_moment(now))
        self.keep(record)
        if self.watched:
            self.firm.news.append(("created", record))
        return record

    def remove(self, id: int) -> None:
        """Delete a record for good."""
        record = self.get(id) if self.watched else None
        if record is not None:
            self.firm.news.append(("deleted", record))
        if self._written.pop(id, None) is not None:
            self._order.remove(id)
        self._deleted.add(id)

    def ids(self, after: int = 0) -> Iterator[int]:
        """Walk the ids above `after`, upwards."""
        return (number for number in range(after + 1, self.last + 1) if number not in self._deleted)

    def ids_down(self) -> Iterator[int]:
        """Walk all ids, downwards."""
        return (number for number in range(self.last, 0, -1) if number not in self._deleted)

    def ids_changed_since(self, since: float, after: int = 0) -> Iterator[int]:
        """Walk the ids of all records that may have been created or changed since then; others may be among them.

        A made-up record is changed within 30 days of its creation, and created in the order of ids.
        """
        busy = self.firm.busy
        first = int((since - 30 * 86_400 - FIRST_DAY) / busy * self.seeded) if since > FIRST_DAY else 0
        return self._with_written(range(max(after, first, 0) + 1, self._first + 1), after)

    def ids_referring(self, name: str, target: int, after: int = 0) -> Iterator[int] | None:
        """Walk the ids of all records whose association may hold a record; None if that cannot be foreseen."""
        if (self.family, name) == _TREE:
            return self._with_written(range(max(after + 1, 2 * target), min(2 * target + 1, self._first) + 1), after)
        targets = self.firm.targets(self.family, self.schema.fields[name])
        if len(targets) != 1 or name in self.derived:
            return None
        count, start = targets[0].seeded, (target - 1 - self._offset(name, targets[0])) % targets[0].seeded + 1
        if target > count:
            return self._with_written(range(0), after)
        skipped = max(0, -(-(after + 1 - start) // count)) * count
        return self._with_written(range(start + skipped, self._first + 1, count), after)

    def _with_written(self, seeded: range, after: int) -> Iterator[int]:
        written = self._order[bisect_right(self._order, after) :]
        last = 0
        for number in merge(seeded, written):
            if number != last and number not in self._deleted:
                yield number
            last = number

    def _offset(self, name: str, target: Table) -> int:
        return Draw(self.key).number(name, target.seeded)

    def target(self, name: str, id: int) -> int | None:
        """Return the id that the association of a made-up record holds."""
        place = (self.family, name)
        if place == _TREE:
            return id // 2 or None
        if place in _NEVER:
            return None
        parity = _PARITY.get(place)
        if parity is not None and id % 2 != parity:
            return None
        offset = self._offset(name, self.firm.targets(self.family, self.schema.fields[name])[0])
        if parity is None and place not in _ALWAYS and (id + offset) % 3:
            return None
        return id + offset


class Firm:
    """An account: its tables, and who may not see what."""

    busy: Final = (3 * 365 - 60) * 86_400

    def __init__(self, seed: int, account: int, clock: Clock, counts: Mapping[str, int], others: int = OTHERS) -> None:
        self.seed = seed
        self.account = account
        self.clock = clock
        self.made = 0
        """How many records were made up so far."""
        self.hidden: defaultdict[tuple[str, int], set[int]] = defaultdict(set)
        """By table and user: the records that the user may not see."""
        self.jobs: dict[tuple[str, int], Job] = {}
        """By table and id: what was started and has not ended."""
        self.timers: dict[int, int] = {}
        """By user: the id of the timer that runs."""
        self.news: list[News] = []
        """What was written to tables that are watched, until somebody has heard of it."""
        self._counts = {**COUNTS, **counts}
        self._others = others
        self._rows = 1_000_000
        self._tables: dict[str, Table] = {}
        self._targets: dict[tuple[str, str], tuple[Table, ...]] = {}

    def table(self, name: str) -> Table:
        """Return the table of a resource.

        :raises InvalidArgument: if there is no such resource.
        """
        found = self._tables.get(name)
        if found is None:
            found = self._tables[name] = Table(self, name, self._counts.get(name, self._others))
        return found

    def find(self, ref: Ref) -> Record | None:
        """Return the record that a reference names, None if it was deleted."""
        return self.table(ref.table).get(ref.id)

    def targets(self, family: str, field: Field) -> tuple[Table, ...]:
        """Return the tables whose made-up records an association refers to; none if its rows have no table."""
        place = (family, field.name)
        found = self._targets.get(place)
        if found is None:
            names = [_ONLY[place]] if place in _ONLY else tables_of(field.schema or "")
            found = self._targets[place] = tuple(table for table in map(self.table, names) if table.filled)
        return found

    def new_row(self, owner: Thing, field: Field) -> Row:
        """Make an empty row for a collection, with an id of its own."""
        self._rows += 1
        return Row(
            self,
            registry.schema(field.schema or ""),
            f"{owner.draw.key}/{field.name}/+{self._rows}",
            self._rows,
            blank=True,
        )

    def children(self, table: str, name: str, id: int) -> Iterator[Record]:
        """Yield the records of a table whose association `name` holds the record of that id."""
        owner = self.table(table)
        field = owner.schema.fields[name]
        for candidate in owner.ids_referring(name, id) or owner.ids():
            record = owner.get(candidate)
            found = record.value(field) if record else None
            if record and isinstance(found, Ref) and found.id == id:
                yield record


def tables_of(schema: str) -> list[str]:
    """Return the names of the resources whose records a schema shows."""
    if family(schema) in _ROWS:
        return []
    matches = [
        registry.match("GET", path) or registry.match("GET", f"{path}/1") for path in registry.collections_of(schema)
    ]
    return [found[0].name for found in matches if found is not None]


def _moment(now: float) -> datetime:
    return datetime.fromtimestamp(now, UTC)
