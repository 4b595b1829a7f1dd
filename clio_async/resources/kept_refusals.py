"""What the server was seen to refuse of default selections, kept for an hour: `KeptRefusals`."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

__all__ = ["KeptRefusals", "Whose"]

_LIFE = 3600.0
"""Seconds after which a field is asked for again: a server may have learnt it, and the price is one request."""

_MOST = 1024
"""Selections of which something is kept, for all principals together."""

Whose = tuple[str, str, str]
"""The base URL, the caller's scope (principal and API version), and the schema."""


class KeptRefusals:
    """Keep names by whose they are: what one firm's account does not have is not left out for another."""

    __slots__ = ("_clock", "_kept")

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._kept: OrderedDict[Whose, tuple[frozenset[str], float]] = OrderedDict()

    def __bool__(self) -> bool:
        return bool(self._kept)

    def find(self, whose: Whose) -> frozenset[str]:
        """Return what was refused: ``location``, or ``client{type}``."""
        names, until = self._kept.get(whose, (frozenset[str](), 0.0))
        if names and self._clock() >= until:
            del self._kept[whose]
            return frozenset()
        return names

    def add(self, whose: Whose, names: frozenset[str]) -> frozenset[str]:
        """Keep more names, and return all."""
        known = self.find(whose) | names
        self._kept[whose] = known, self._clock() + _LIFE
        self._kept.move_to_end(whose)
        while len(self._kept) > _MOST:
            self._kept.popitem(last=False)
        return known

    def forget(self, principal: str) -> None:
        """Forget what was refused to a principal, by its fingerprint."""
        for whose in [whose for whose in self._kept if whose[1].split(" ")[0] == principal]:
            del self._kept[whose]
