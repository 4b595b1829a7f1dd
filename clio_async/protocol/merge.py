"""Three-way merge: what is still to be written of a change when somebody else was faster, and what collides.

What a record holds is a mapping of paths to values that compare as they mean. A path is a name, then a name within, or
the row of a collection and a name within that: ``("description",)``, ``("email_addresses", Row(5), "address")``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from enum import Enum
from typing import Any, Final, TypeAlias

from attrs import frozen

__all__ = ["ALL", "GONE", "Gone", "Merged", "NewRow", "Path", "Row", "merge"]


class Gone(Enum):
    """What stands for a value within something that is not there."""

    GONE = "gone"
    ALL = "all"


GONE: Final = Gone.GONE


@frozen
class Row:
    """A row of a collection, by its id. Its value is whether it is there."""

    id: Any


ALL: Final = Row(Gone.ALL)
"""In place of a row: which rows a collection has, as a set of their ids."""


@frozen
class NewRow:
    """A row that is to be added: no record shows it, and no other collides with it."""

    index: int


Path: TypeAlias = tuple[Any, ...]


@frozen
class Merged:
    """What came of a merge."""

    send: frozenset[Path]
    """What is still to be written."""
    collisions: tuple[Path, ...] = ()
    """What somebody else has decided otherwise, or may have; first what is wanted, in its order."""
    unknown: tuple[Path, ...] = ()
    """Those among them of which cannot be told whether anybody has."""


def merge(
    base: Mapping[Path, Any],
    mine: Mapping[Path, Any],
    theirs: Mapping[Path, Any],
    *,
    atoms: Iterable[Collection[str]] = (),
    never: Collection[str] = (),
    moved: bool = False,
) -> Merged:
    """Merge what is wanted (`mine`) with what was made of `base` meanwhile (`theirs`).

    What belongs together is decided on as a whole: the names of an atom, all of one row, all of one nested object.
    It collides where theirs differs from base in anything that both show, unless that is what is wanted. What is wanted
    and was so in the base is no change, and is not sent; nor is what theirs has already.

    `moved` says that the record is another, whatever the two show of it. Then names that are never merged collide, and
    so does what the base, or theirs, does not show, and an atom of which the base does not show all that theirs does.
    """
    groups = _Groups(atoms)
    wants = {path: value for path, value in mine.items() if path not in base or base[path] != value}
    send = frozenset(path for path, value in wants.items() if path not in theirs or theirs[path] != value)
    changed = [path for path, value in base.items() if path in theirs and theirs[path] != value]
    if not moved and not changed:
        return Merged(send)
    unknown = [path for path in send if not _is_new(path) and (path not in base or path not in theirs)]
    mates = _hidden_mates(groups, base, mine, theirs, send) if moved else []
    decided = {groups.of(path) for path in wants if not _is_new(path)}
    other = [path for path in changed if groups.of(path) in decided and not _agreed(path, mine, theirs)]
    spoilt = {groups.of(path) for path in (*other, *mates)}
    refused = [path for path in wants if path[0] in never or path in unknown or groups.of(path) in spoilt]
    told = (*[path for path in wants if path in unknown], *mates)
    return Merged(send, tuple(dict.fromkeys([*refused, *other, *mates])), told)


def _hidden_mates(
    groups: _Groups,
    base: Mapping[Path, Any],
    mine: Mapping[Path, Any],
    theirs: Mapping[Path, Any],
    send: Collection[Path],
) -> list[Path]:
    """Return what theirs shows of atoms of which something is to be written, and the base nothing."""
    written = {groups.of(path) for path in send} & groups.atoms
    shown = {path[0] for path in base}
    return [
        path
        for path in theirs
        if path[0] not in shown and groups.of(path) in written and not _agreed(path, mine, theirs) and path not in send
    ]


def _is_new(path: Path) -> bool:
    return any(isinstance(part, NewRow) for part in path)


def _agreed(path: Path, mine: Mapping[Path, Any], theirs: Mapping[Path, Any]) -> bool:
    return path in mine and bool(mine[path] == theirs[path])


class _Groups:
    """Tells what is decided on as a whole."""

    def __init__(self, atoms: Iterable[Collection[str]]) -> None:
        self._atom_of = {name: (Gone.ALL, index) for index, atom in enumerate(atoms) for name in atom}
        self.atoms = frozenset(self._atom_of.values())
        """What stands for each atom."""

    def of(self, path: Path) -> Path:
        """Return what stands for the group of a path."""
        atom = self._atom_of.get(path[0])
        if atom is not None:
            return atom
        return path[:2] if len(path) > 1 and isinstance(path[1], Row | NewRow) else path[:1]
