"""`Many`: the records of some ids, and which of them there are none of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar, cast, overload

__all__ = ["Many"]

T = TypeVar("T")


class Many(Sequence[T]):
    """Records in the order of the ids that were asked for: a sequence that cannot be changed.

    A slice of it is a tuple. Two are equal when their records are, and what is missing.
    """

    __slots__ = ("_missing", "_records")

    def __init__(self, records: Iterable[T] = (), missing: Iterable[int | str] = ()) -> None:
        self._records = tuple(records)
        self._missing = tuple(missing)

    @property
    def missing(self) -> tuple[int | str, ...]:
        """The ids that there is no record for, or that this user may not see, each once, in the order asked for."""
        return self._missing

    def __repr__(self) -> str:
        return f"<Many: {len(self._records)} records, {len(self._missing)} ids missing>"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Many):
            return NotImplemented
        return (self[:], self.missing) == (cast("Many[object]", other)[:], other.missing)

    def __hash__(self) -> int:
        return hash((self._records, self._missing))

    def __len__(self) -> int:
        return len(self._records)

    def __iter__(self) -> Iterator[T]:
        return iter(self._records)

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[T, ...]: ...

    def __getitem__(self, index: int | slice) -> T | tuple[T, ...]:
        return self._records[index]
