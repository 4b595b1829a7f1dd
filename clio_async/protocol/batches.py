"""Many ids in a few requests: which to ask for next, and which of them there is no record for.

Clio publishes no greatest number of ``ids[]`` (https://docs.developers.clio.com/api-reference). A server may refuse too
many, as may a gateway before it for the length of the URL; or it may pass over those beyond some number. So an id that
was not answered is missing only if one that stood as far back, or further, has been answered in some request.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Set

from attrs import evolve, frozen

__all__ = ["MOST", "Batches", "Bounds", "is_too_many"]

MOST = 200
"""Ids in a request: as many as there are records in a page."""

ROOM = 6_000
"""Bytes of ids in a query, encoded. Many gateways take a request line of 8 KiB, with the fields in it."""

_EACH = len("&ids%5B%5D=")
_LENGTH = frozenset({413, 414, 431})
_VALUES = frozenset({400, 422})


def is_too_many(status: int, kind: str | None) -> bool:
    """Whether a refusal may be one of the number of ids, or of the length of the URL that they make."""
    return status in _LENGTH or (status in _VALUES and kind != "InvalidFields")


@frozen
class Bounds:
    """What is known of how many ids a request may hold."""

    taken: int = 1
    """The most that were answered."""
    refused: int = MOST + 1
    """The fewest that were refused."""
    reach: int = 1
    """The furthest place in a request whose id was answered: none up to there is passed over."""

    def size(self, remaining: int, most: int = MOST) -> int:
        """Return how many to ask for, of so many that remain.

        All that may be asked for, until that is refused. Then the middle of what was taken and what was refused is
        tried where it would save a quarter of the requests, and four at least: it may cost one.
        """
        if self.refused > most:
            return most
        middle = (self.taken + self.refused) // 2
        requests = -(-remaining // self.taken)
        saved = requests - -(-remaining // middle)
        return middle if saved >= max(4, requests / 4) else self.taken

    def having_taken(self, count: int, furthest: int) -> Bounds:
        """Add that `count` ids were answered, the furthest of them at the place `furthest` (0: none of them)."""
        return Bounds(max(self.taken, count), max(self.refused, count + 1), max(self.reach, furthest))

    def having_refused(self, count: int) -> Bounds:
        """Add that `count` ids were refused."""
        return evolve(self, refused=count, taken=self.taken if self.taken < count else 1)


class Batches:
    """Divides ids into requests, and keeps account of the answers. What was not answered at the end is missing.

    While `next` returns a batch, ask for it and report what came: `answered` or `refused`. Before each, where
    `wants_witness` says so, look for a record that surely exists and report it as `witness`: its id, asked for behind
    others, proves that none of them was passed over.
    """

    __slots__ = ("_batch", "_doubted", "_fresh", "_most", "_probe", "_unasked", "_witness", "bounds")

    def __init__(self, ids: Iterable[str], bounds: Bounds, most: int = MOST) -> None:
        self.bounds = bounds
        self._unasked = deque(dict.fromkeys(ids))
        self._doubted: deque[str] = deque()  # asked for and not answered: maybe passed over
        self._batch: list[str] = []
        self._fresh = 0  # how many of the batch stand there for the first time
        self._witness: str | None = None
        self._most = self._probe = most

    @property
    def wants_witness(self) -> bool:
        """Whether a record that surely exists would save more requests than the one that finds it."""
        return self._witness is None and len(self._doubted) > 2 * self.bounds.reach

    def witness(self, found: str | None) -> None:
        """Report the id of a record that was read, and is asked for no more on its own account.

        None if there is none at all, so that all that remain are missing.
        """
        self._witness = found
        for waiting in (self._doubted, self._unasked):
            if found is None:
                waiting.clear()
            elif found in waiting:
                waiting.remove(found)

    def next(self) -> list[str]:
        """Return the ids to ask for next, doubted ones in front, the witness behind them. Empty at the end."""
        reach = self.bounds.reach
        size = self.bounds.size(len(self._doubted) + len(self._unasked), self._most)
        size = min(size, max(self._probe, reach))
        behind = [] if self._witness is None or size <= max(2, 2 * reach) else [self._witness]
        batch: list[str] = []
        self._move(self._doubted, batch, size, behind)
        again = len(batch)
        self._move(self._unasked, batch, size, behind)
        self._fresh = len(batch) - again
        self._batch = batch + behind if len(batch) > reach else batch
        return self._batch

    def _move(self, source: deque[str], batch: list[str], size: int, behind: list[str]) -> None:
        """Move ids until the batch has `size` with those behind it, or its room is used up; but one in any case."""
        room = ROOM - sum(_EACH + len(text) for text in (*batch, *behind))
        while source and len(batch) + len(behind) < size:
            room -= _EACH + len(source[0])
            if batch and room < 0:
                return
            batch.append(source.popleft())

    def answered(self, found: Set[str]) -> None:
        """Report which ids of the last batch there are records for."""
        places = [place for place, text in enumerate(self._batch, 1) if text in found]
        self.bounds = self.bounds.having_taken(len(self._batch), places[-1] if places else 0)
        known = found | {self._witness}
        beyond = self._batch[self.bounds.reach :]
        self._doubted.extendleft(text for text in reversed(beyond) if text not in known)
        if self._witness is not None and self._batch[-1] == self._witness not in found:
            self._halve()
        if places:
            self._witness = self._batch[places[-1] - 1]

    def _halve(self) -> None:
        """The witness was passed over: it has to stand further in front. Or it is gone itself."""
        self._probe = len(self._batch) // 2
        if max(self._probe, self.bounds.reach) <= 2:
            self._witness, self._probe = None, self._most

    def refused(self) -> bool:
        """Report that the last batch was refused. False if it was no matter of their number: it was a single one."""
        batch = self._batch
        if len(batch) == 1:
            return False
        self.bounds = self.bounds.having_refused(len(batch))
        asked = [text for text in batch if text != self._witness]
        again = len(asked) - self._fresh
        self._doubted.extendleft(reversed(asked[:again]))
        self._unasked.extendleft(reversed(asked[again:]))
        return True
