"""What to build from a JSON object: `Plan`, a tree of classes and the slots to fill."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, Literal, TypeAlias

from attrs import define, field, frozen

__all__ = ["Kind", "Plan", "Slot"]

Kind: TypeAlias = Literal["integer", "string", "boolean", "decimal", "date", "datetime", "etag", "object", "json"]


@frozen
class Slot:
    """One value of an object: where it stands on the wire, and what it is to become."""

    key: str
    kind: Kind
    many: bool = False
    plan: Plan | None = None
    """What the objects under the key are built into; a value of the kind `object` without a plan is kept as JSON."""
    convert: Callable[[Any], Any] | None = None
    """Applied to the decoded value, for a class that wants another type. Any exception is a contradiction."""
    nullable: bool = True


@define(slots=False, eq=False)
class Plan:
    """How objects of one schema are built.

    `slots` are the keys that an answer is expected to hold, `known` all that the schema has: what comes unasked is
    taken, too. A class that keeps `extra` is filled slot by slot, any other is called with keyword arguments.
    """

    schema: str
    build: type[Any]
    slots: tuple[Slot, ...]
    known: Callable[[str], Slot | None] = lambda _: None
    names: Mapping[str, str] = field(factory=dict[str, str])
    """The keyword argument for each key, for a class that is called."""
    defaults: frozenset[str] = frozenset()
    """The keys whose keyword arguments may be left out."""
    keeps_extra: bool = True
    unused: frozenset[str] = frozenset()
    """Keys that an answer is expected to hold beyond the slots, for a class that has no place for them."""
    blank: type[Any] = object
    """A class of the same layout as `build` whose instances may be assigned to."""

    @cached_property
    def by_key(self) -> dict[str, Slot]:
        """The expected slots by key on the wire."""
        return {slot.key: slot for slot in self.slots}
