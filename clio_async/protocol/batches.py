"""Many ids in a few requests: which to ask for next, and which of them there is no record for.

Clio publishes no greatest number of ``ids[]`` (https://docs.developers.clio.com/api-reference). A server may refuse too
many, as may a gateway before it for the length of the URL. Or it says nothing, and reads only the first of them, or the
last, or gives only the first of the records. So an id that was not answered is missing only if such a server, too,
would have answered it, by what it was seen to do: see `Bounds.settles`. Until then it is asked for again.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence, Set

from attrs import evolve, frozen

__all__ = ["MOST", "Batches", "Bounds", "is_too_long", "is_too_many"]

MOST = 200
"""Ids in a request: as many as there are records in a page."""

ROOM = 6_000
"""Bytes of ids in a query, encoded. Many gateways take a request line of 8 KiB, with the fields in it."""

_EACH = len("&ids%5B%5D=")
_LENGTH = frozenset({413, 414, 431})
_VALUES = frozenset({400, 422})
_SEARCH = 3
"""Requests that a search for witnesses costs, with what it leads to."""
_ROOMY = 3
"""Ids beyond those that are read in any case, for witnesses to be worth their two places."""


def is_too_long(status: int) -> bool:
    """Whether a refusal is one of the length of the URL."""
    return status in _LENGTH


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
    front: int = 1
    """The furthest place from the first whose id was answered: a server that reads only the first reads so many."""
    back: int = 1
    """The furthest place from the last whose id was answered: a server that reads only the last reads so many."""
    records: int = 1
    """The most records that came: a server that gives only some of them gives so many."""

    @property
    def read(self) -> int:
        """How many ids of a request are read in any case."""
        return min(self.front, self.back)

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

    def settles(self, asked: int, came: int) -> bool:
        """Whether all of so many ids were read, and all of their records given, so that the others are missing."""
        return asked <= self.read and (came < self.records or asked <= self.records)

    def having_answered(self, batch: Sequence[str], found: Set[str]) -> Bounds:
        """Add which ids of a batch there were records for."""
        count = len(batch)
        known = evolve(self, taken=max(self.taken, count), refused=max(self.refused, count + 1))
        places = [place for place, text in enumerate(batch, 1) if text in found]
        if not places:
            return known
        return evolve(
            known,
            front=max(self.front, places[-1]),
            back=max(self.back, count + 1 - places[0]),
            records=max(self.records, len(places)),
        )

    def having_refused(self, count: int) -> Bounds:
        """Add that `count` ids were refused."""
        return evolve(self, refused=count, taken=self.taken if self.taken < count else 1)


class Batches:
    """Divides ids into requests, and keeps account of the answers. What was not answered at the end is missing.

    While `next` returns a batch, ask for it and report what came: `answered` or `refused`. Before each, where
    `wants_witnesses` says so, look for two records that surely exist and report them as `witnesses`: their ids, asked
    for before and behind others, prove that these were read.
    """

    __slots__ = (
        "_again",
        "_alone",
        "_batch",
        "_doubted",
        "_empty",
        "_most",
        "_probe",
        "_searched",
        "_unasked",
        "_witnesses",
        "bounds",
    )

    def __init__(self, ids: Iterable[str], bounds: Bounds, most: int = MOST) -> None:
        self.bounds = bounds
        self._unasked = deque(dict.fromkeys(ids))
        self._doubted: deque[str] = deque()  # asked for and not answered: maybe not read, or not given
        self._batch: list[str] = []
        self._again = 0  # how many of the batch were doubted
        self._witnesses: list[str] = []
        self._searched = False
        self._empty = False  # whether there seem to be no records, so that what is doubted need not be asked for again
        self._alone: bool | None = None  # whether one id is asked for alone, to see if its number made them refused
        self._most = self._probe = most

    @property
    def wants_witnesses(self) -> bool:
        """Whether records that surely exist would save more requests than they cost."""
        lacking = len(self._witnesses) < 2 and not self._searched
        return lacking and len(self._doubted) > _SEARCH * self.bounds.read

    def witnesses(self, found: Iterable[str]) -> None:
        """Report the ids of records that were read, and are asked for no more on their own account.

        None at all mean that there seem to be no records: what was asked for in vain is missing then, unless one of
        the others is there after all.
        """
        self._searched = True
        self._know(found)
        self._empty = not self._witnesses
        for waiting in (self._doubted, self._unasked):
            for text in self._witnesses:
                if text in waiting:
                    waiting.remove(text)

    def no_witnesses(self) -> None:
        """Report that they could not be looked for."""
        self._searched = True

    def _know(self, found: Iterable[str]) -> None:
        self._witnesses = [*dict.fromkeys([*found, *self._witnesses])][:2]

    def next(self) -> list[str]:
        """Return the ids to ask for next, doubted ones in front of new ones. Empty at the end."""
        if self._alone:
            self._batch, self._again = self._taken(1, [])
            return self._batch
        read = self.bounds.read
        remaining = sum(map(len, self._waiting))
        if not remaining:
            return []
        size = min(self.bounds.size(remaining, self._most), max(self._probe, read), remaining + len(self._witnesses))
        before, behind = self._ends(size)
        if self._doubted and not before + behind and (self._witnesses or not self._unasked):
            size = min(size, read)
        batch, self._again = self._taken(size, before + behind)
        self._batch = [*before, *batch, *behind] if len(batch) > read else batch
        return self._batch

    @property
    def _waiting(self) -> tuple[deque[str], ...]:
        return (self._unasked,) if self._empty else (self._doubted, self._unasked)

    def _ends(self, size: int) -> tuple[list[str], list[str]]:
        """Return the witnesses that have to stand before and behind doubted ids, for so many to count as read."""
        if not self._doubted or not self._witnesses or size < self.bounds.read + _ROOMY:
            return [], []
        one, other = self._witnesses[0], self._witnesses[-1]
        before = [one] if self.bounds.back < size else []
        behind = [other] if self.bounds.front < size and [other] != before else []
        return before, behind

    def _taken(self, size: int, ends: list[str]) -> tuple[list[str], int]:
        """Take ids until there are `size` with the ends, or their room is used up; but one in any case.

        Return them, and how many of them were doubted.
        """
        room = ROOM - sum(_EACH + len(text) for text in ends)
        batch: list[str] = []
        again = 0
        for source in self._waiting:
            while source and len(batch) + len(ends) < size:
                room -= _EACH + len(source[0])
                if batch and room < 0:
                    return batch, again
                batch.append(source.popleft())
                again += source is self._doubted
        return batch, again

    def answered(self, found: Set[str]) -> None:
        """Report which ids of the last batch there are records for."""
        batch, before = self._batch, self.bounds
        self.bounds = before.having_answered(batch, found)
        self._alone = False if self._alone else self._alone
        came = [text for text in batch if text in found]
        self._empty = self._empty and not came
        silent = [text for text in batch if text not in found]
        own = [text for text in silent if text not in self._witnesses]
        if not self.bounds.settles(len(batch), len(came)):
            if len(batch) <= self.bounds.read:  # all were read, and some records may have been held back
                self._doubted.extend(own)
            else:
                self._doubted.extendleft(reversed(own))
            stalled = len(own) == self._again and self.bounds == before and {*came} <= {*self._witnesses}
            if stalled or len(own) < len(silent):  # nothing was learnt, or a witness is lacking: maybe it is gone
                half = len(batch) // 2
                self._probe = half if half >= self.bounds.read + _ROOMY else 1
        self._know([*came[:1], *came[-1:]])

    def refused(self, *, surely: bool = False) -> bool:
        """Report that the last batch was refused, `surely` for its length. False if it was no matter of that.

        Unless that is sure, the next is a single id: if it is refused, too, the ids were no matter of number.
        """
        batch = self._batch
        if len(batch) == 1:
            return False
        self.bounds = self.bounds.having_refused(len(batch))
        asked = [text for text in batch if text not in self._witnesses]
        self._doubted.extendleft(reversed(asked[: self._again]))
        self._unasked.extendleft(reversed(asked[self._again :]))
        if self._alone is None and not surely:
            self._alone = True
        return True
