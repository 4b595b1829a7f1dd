"""Which attributes records have set, found out once for all that are alike: those of one list mostly are."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from gc import get_referents
from operator import attrgetter
from typing import Any, TypeAlias

from attrs import frozen

from ...models.record import Record
from ...protocol.shapes import is_array
from .carried import Tree, associations, held

__all__ = ["Carried"]

_Names: TypeAlias = tuple[str, ...]

_MOST = 8
"""Of so many that have as many attributes each, it is tried whether a record is alike. A list has one or two."""


@frozen(eq=False)
class _Likeness:
    """What records that are alike have set."""

    names: _Names
    may_be_redacted: bool
    shows: Callable[[Any], object]
    """Reads all that is set; an error if one of them is not."""


class _Likenesses:
    """What was found of the records that were looked at.

    To learn that an attribute is not set takes several times as long as to read one that is, and most are not. A record
    that has set all that another one of its class has, and that refers to just as many objects, has set nothing more.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[type[Record], int], list[_Likeness]] = {}

    def of(self, record: Record) -> _Likeness:
        """Return which attributes a record has set."""
        cls = type(record)
        count = len(get_referents(record))
        known = self._known.setdefault((cls, count), [])
        slots = super(cls, record)
        for likeness in known:
            try:
                likeness.shows(slots)
            except AttributeError:
                continue
            return likeness
        found = _looked_at(record)
        if len(known) < _MOST:
            known.append(found)
        return found


def _looked_at(record: Record) -> _Likeness:
    slots = super(type(record), record)
    names = tuple(held(record))
    more = [name for name in Record.__slots__ if name != "__weakref__" and hasattr(slots, name)]
    return _Likeness(names, "_extra" in more, attrgetter("__class__", *names, *more))


class Carried:
    """The selections that records of a class hold. Of what is null, empty or withheld a record knows no more."""

    def __init__(self) -> None:
        self._alike = _Likenesses()
        self._nested: dict[_Names, _Names] = {}
        self._found: dict[tuple[_Names, tuple[_Names | None, ...]], Tree] = {}

    def add(self, record: Record) -> None:
        """Look at a record."""
        names = self._alike.of(record).names
        nested = self._nested.get(names)
        if nested is None:
            known = associations(record.__schema__)
            nested = self._nested[names] = tuple([name for name in names if name in known])
        inside = tuple([self._inside(getattr(record, name)) for name in nested])
        if (names, inside) not in self._found:
            self._found[names, inside] = {**dict.fromkeys(names), **dict(zip(nested, inside, strict=True))}

    def trees(self) -> Iterable[Tree]:
        """Return what was found."""
        return self._found.values()

    def _inside(self, value: Any) -> _Names | None:
        """Return what associated records show; None where nothing was there to be seen."""
        if isinstance(value, Record):
            return self._names(value) or None
        if not is_array(value):
            return None
        return (
            tuple(dict.fromkeys([name for row in value if isinstance(row, Record) for name in self._names(row)]))
            or None
        )

    def _names(self, row: Record) -> _Names:
        likeness = self._alike.of(row)
        return () if likeness.may_be_redacted and row.redacted else likeness.names
