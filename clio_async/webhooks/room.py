"""`Room`: how many events may be in a receiver at once, so that those of one firm leave room for others'."""

from __future__ import annotations

__all__ = ["Room"]


class Room:
    """Places for `limit` events.

    While others have some, one principal has half of all places at most. Alone it may have all; whoever has none is
    given one even then, so what is here is never more than `limit` and one for each principal.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._taken = 0
        self._held: dict[str, int] = {}

    def takes(self, whom: str) -> bool:
        """Take a place for a principal if it may have one."""
        held = self._held.get(whom, 0)
        share = self._limit if held == self._taken else self._limit // 2
        if held and (self._taken >= self._limit or held >= share):
            return False
        self._taken += 1
        self._held[whom] = held + 1
        return True

    def leave(self, whom: str) -> None:
        """Give a place up."""
        self._taken -= 1
        held = self._held.pop(whom)
        if held > 1:
            self._held[whom] = held - 1
