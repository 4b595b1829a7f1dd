"""The definitions of custom fields that were read, kept for some minutes: `KeptDefinitions`."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ..protocol.custom_fields import Definition

__all__ = ["Kept", "KeptDefinitions", "Whose"]

_LIFE = 300.0
"""Seconds for which definitions count as current."""

_SETTLED = 10.0
"""Seconds that have to pass before they are read again because something was not among them."""

_LABELS = 30.0
"""Seconds for which the labels of options count as current: nothing would show that one was given to another option."""

_MOST = 256
"""Lists that are kept, for all principals together."""

Whose = tuple[str, str, str]
"""The base URL, the caller's scope (principal and API version), and the kind of record."""


class Kept(NamedTuple):
    """The definitions for one kind of record, as one principal sees them."""

    definitions: tuple[Definition, ...]
    read_at: float


class KeptDefinitions:
    """Keep definitions by whose they are: there is no way to find them as somebody else.

    What was read while something was forgotten is not kept: see `begin`.
    """

    __slots__ = ("_changes", "_clock", "_kept")

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._kept: OrderedDict[Whose, Kept] = OrderedDict()
        self._changes = 0

    def find(self, whose: Whose) -> Kept | None:
        """Return what is kept and current."""
        kept = self._kept.get(whose)
        if kept is None or self._clock() - kept.read_at >= _LIFE:
            return None
        self._kept.move_to_end(whose)
        return kept

    def may_be_outdated(self, kept: Kept) -> bool:
        """Whether it is so long ago that somebody may have changed them since: then it is worth a request to ask."""
        return self._clock() - kept.read_at >= _SETTLED

    def may_mislabel(self, kept: Kept) -> bool:
        """Whether it is so long ago that they are read again before a label is taken for an option."""
        return self._clock() - kept.read_at >= _LABELS

    def begin(self) -> tuple[int, float]:
        """Return what `keep` needs, before a read is begun."""
        return self._changes, self._clock()

    def keep(self, whose: Whose, definitions: tuple[Definition, ...], begun: tuple[int, float]) -> None:
        """Keep what was read, unless something was forgotten since the read began."""
        changes, read_at = begun
        if changes != self._changes:
            return
        self._kept[whose] = Kept(definitions, read_at)
        self._kept.move_to_end(whose)
        if len(self._kept) > _MOST:
            self._kept.popitem(last=False)

    def forget(self, principal: str) -> None:
        """Forget what a principal was shown, by its fingerprint."""
        self._drop(lambda whose: whose[1].split(" ")[0] == principal)

    def outdate(self, base: str) -> None:
        """Forget all of a server: a definition was written."""
        self._drop(lambda whose: whose[0] == base)

    def _drop(self, chosen: Callable[[Whose], bool]) -> None:
        self._changes += 1
        for whose in [*filter(chosen, self._kept)]:
            del self._kept[whose]
