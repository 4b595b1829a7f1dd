"""What is read of a place in the document: corrected by the overlay, or as it stands there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any, TypeVar

from ..models.schema import Answer, Kind, Unit
from . import overlay

__all__ = ["AS_WRITTEN", "CORRECTED", "Corrections"]

T = TypeVar("T")


class Corrections:
    """Answers for places: ``Schema.field``, ``Resource#action.filter``, ``Resource#action.attribute.inner``."""

    def field_kind(self, place: str, written: Kind) -> Kind:
        return looked_up(place, overlay.KINDS, written)

    def filter_kind(self, place: str, written: Kind) -> Kind:
        return looked_up(place, overlay.FILTER_KINDS, written)

    def attribute_kind(self, place: str, written: Kind) -> Kind:
        return looked_up(place, overlay.BODY_KINDS, written)

    def enum(self, place: str, written: tuple[str, ...]) -> tuple[str, ...]:
        # One list of the document carries its own commas.
        return looked_up(place, overlay.ENUMS, tuple(value.rstrip(",") for value in written))

    def compared(self, place: str) -> bool:
        """Whether an operator stands inside the value of a filter."""
        return matches(place, overlay.COMPARISONS)

    def required(self, place: str) -> bool:
        """Whether what the document requires is to be required."""
        return matches(place, overlay.REQUIRED) and not matches(place, overlay.NOT_REQUIRED)

    def dropped(self, operation: str, parameter: str) -> bool:
        return parameter in overlay.DROPPED_PARAMETERS.get(operation, ())

    def answer(self, operation: str, written: Answer) -> Answer:
        return overlay.ANSWERS.get(operation, written)

    def derived(self, place: str) -> bool:
        return matches(place, overlay.DERIVED) and not matches(place, overlay.NOT_DERIVED)

    def never_null(self, place: str) -> bool:
        return matches(place, overlay.NEVER_NULL) and not matches(place, overlay.MAYBE_NULL)

    def never_cleared(self, place: str) -> bool:
        return matches(place, overlay.NEVER_CLEARED)

    def unit(self, place: str) -> Unit:
        return looked_up(place, overlay.UNITS, "")

    def unit_of_write(self, place: str) -> Unit:
        return looked_up(place, overlay.UNITS_OF_WRITES, "")

    def may_be_ignored(self, place: str) -> bool:
        return matches(place, overlay.MAY_BE_IGNORED)

    def extra_operations(self) -> tuple[dict[str, Any], ...]:
        return overlay.EXTRA_OPERATIONS


class _AsWritten(Corrections):
    """Corrects nothing: two documents are compared by what they say."""

    def field_kind(self, place: str, written: Kind) -> Kind:
        return written

    def filter_kind(self, place: str, written: Kind) -> Kind:
        return written

    def attribute_kind(self, place: str, written: Kind) -> Kind:
        return written

    def enum(self, place: str, written: tuple[str, ...]) -> tuple[str, ...]:
        return written

    def compared(self, place: str) -> bool:
        return False

    def required(self, place: str) -> bool:
        return True

    def dropped(self, operation: str, parameter: str) -> bool:
        return False

    def answer(self, operation: str, written: Answer) -> Answer:
        return written

    def never_cleared(self, place: str) -> bool:
        return False

    def extra_operations(self) -> tuple[dict[str, Any], ...]:
        return ()


CORRECTED = Corrections()
AS_WRITTEN: Corrections = _AsWritten()


def matches(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def looked_up(name: str, table: Mapping[str, T], otherwise: T) -> T:
    return next((value for pattern, value in table.items() if fnmatchcase(name, pattern)), otherwise)
