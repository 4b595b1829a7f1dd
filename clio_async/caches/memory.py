"""The default store: a dictionary in this process, bounded in bytes, shared fairly between principals."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterable, Sequence
from typing import TypeAlias

from ..errors import InvalidArgument
from .base import Begun, CacheStore, Entry, Generation

__all__ = ["Generations", "MemoryCache"]

# What an entry costs beside its headers and body, in bytes: the object, its key, times, tags, and its places in two
# dictionaries; half of it is the shelf of a principal that has one entry only. (All measured with tracemalloc.)
_ENTRY_OVERHEAD = 1_500
# A header field: two or three short strings, a tuple, a place in an index, and the bytes they were read from.
_FIELD_OVERHEAD = 400
_FIELD_FACTOR = 3
# A body and the records decoded from it, in bytes per byte of body (measured on records of 12 to 58 attributes).
_BODY_FACTOR = 5
_PEEKED = 1_024  # looks from other threads that are remembered until room is made


_Mark: TypeAlias = str | tuple[str, str] | tuple[str]
"""Something that was outdated: a tag, a tag for one principal, or all of a principal. No two are ever equal."""


class Generations:
    """The generations of tags, in bounded memory.

    A write takes the next number for its tags; the generation of several tags is the greatest of theirs. The oldest
    numbers are forgotten into a floor, below which no tag is: forgetting can refuse a commit, and never allow one.
    """

    __slots__ = ("_latest", "_limit", "_written", "floor")

    def __init__(self, limit: int = 100_000) -> None:
        self._written: OrderedDict[_Mark, int] = OrderedDict()
        self._limit = limit
        self._latest = 0
        self.floor = 0

    def of(self, principal: str, tags: Iterable[str]) -> int:
        """Return the generation of a principal's reads that depend on `tags`."""
        written, floor = self._written, self.floor
        if not written:
            return floor
        newest = written.get((principal,), floor)
        for tag in tags:
            for mark in (tag, (principal, tag)):
                number = written.get(mark, floor)
                if number > newest:
                    newest = number
        return newest

    def replace(self, marks: Iterable[_Mark]) -> None:
        """Give every mark a generation that was never there before."""
        written = self._written
        for mark in marks:
            self._latest += 1
            written[mark] = self._latest
            written.move_to_end(mark)
        if len(written) > self._limit:
            self._forget()

    def _forget(self) -> None:
        """Raise the floor, a quarter at once: whatever was never written moves with it, and is refused once."""
        written = self._written
        while len(written) > self._limit - self._limit // 4:
            mark, self.floor = next(iter(written.items()))  # the floor first: another thread may be looking
            del written[mark]


class _Shelf:
    """The entries of one principal, least recently used first."""

    __slots__ = ("entries", "expires_at", "size")

    def __init__(self) -> None:
        self.entries: OrderedDict[str, tuple[Entry, int, int]] = OrderedDict()
        self.size = 0
        self.expires_at = 0.0


class MemoryCache(CacheStore):
    """Keep entries in this process.

    `max_bytes` bounds what all entries are reckoned to cost, decoded records included. When it is exceeded, the
    principals that hold most lose their least recently used entries: nobody can push another below a fair share.
    With `max_bytes=0` nothing is kept, but writes are still remembered, so that no read joins an outdated one. A cache
    belongs to one thread; others may `peek`.
    """

    in_process = True

    def __init__(self, max_bytes: int = 64 * 1024 * 1024, *, max_entry_bytes: int | None = None) -> None:
        for bound in (max_bytes, 0 if max_entry_bytes is None else max_entry_bytes):
            if not isinstance(bound, int) or bound < 0:
                raise InvalidArgument("The bounds of a cache are numbers of bytes, zero or more.")
        self._max = max_bytes
        self._max_entry = max_bytes // 4 if max_entry_bytes is None else max_entry_bytes
        self._shelves: OrderedDict[str, _Shelf] = OrderedDict()
        self._generations = Generations()
        self._size = 0
        self._peeked: deque[tuple[str, str]] = deque(maxlen=_PEEKED)

    @property
    def size(self) -> int:
        """What the entries are reckoned to cost, in bytes."""
        return self._size

    def __len__(self) -> int:
        return sum(len(shelf.entries) for shelf in self._shelves.values())

    def look(self, principal: str, key: str, tags: Sequence[str]) -> Begun:
        """Do what `begin` does, without a coroutine."""
        generation = self._generations.of(principal, tags)
        shelf = self._shelves.get(principal)
        if shelf is None:
            return Begun(None, generation)
        found = shelf.entries.get(key)
        if found is None:
            return Begun(None, generation)
        if found[1] != generation:
            self._remove(principal, shelf, key)
            return Begun(None, generation)
        shelf.entries.move_to_end(key)
        self._shelves.move_to_end(principal)
        return Begun(found[0], generation)

    def peek(self, principal: str, key: str, tags: Sequence[str]) -> Entry | None:
        """Return the entry that `look` would find, from any thread.

        What was outdated, and known to be, before this began is not returned. Nothing is changed meanwhile: that the
        entry was used is noted, and heeded when room is made.
        """
        generations, shelf = self._generations, self._shelves.get(principal)
        floor = generations.floor
        found = None if shelf is None else shelf.entries.get(key)
        if found is None or found[1] != generations.of(principal, tags) or generations.floor != floor:
            return None  # what is forgotten below a floor that rises meanwhile may have been this entry's end
        self._peeked.append((principal, key))
        return found[0]

    async def begin(self, principal: str, key: str, tags: Sequence[str]) -> Begun:
        return self.look(principal, key, tags)

    async def commit(self, principal: str, key: str, tags: Sequence[str], generation: Generation, entry: Entry) -> bool:
        current = self._generations.of(principal, tags)
        if generation != current:
            return False
        cost = _cost(key, entry)
        shelf = self._shelves.get(principal)
        held = None if shelf is None else shelf.entries.get(key)
        if held is not None and held[1] == current and held[0].validated_at > entry.validated_at:
            return False
        if cost > self._max_entry or cost > self._max:
            if shelf is not None and key in shelf.entries:  # an older answer must not outlive a newer one
                self._remove(principal, shelf, key)
            return False
        if shelf is None:
            shelf = self._shelves[principal] = _Shelf()
        elif key in shelf.entries:
            self._discount(shelf, shelf.entries.pop(key)[2])
        shelf.entries[key] = (entry, current, cost)
        shelf.size += cost
        shelf.expires_at = max(shelf.expires_at, entry.expires_at)
        self._size += cost
        self._shelves.move_to_end(principal)
        if self._size > self._max:
            self._shrink(now=entry.validated_at)
            return principal in self._shelves and key in shelf.entries
        return True

    async def touch(self, principal: str, key: str, entry: Entry) -> None:
        """Do nothing: the entry is the object itself."""

    async def delete_tags(self, tags: Sequence[str], *, principal: str | None = None) -> None:
        self._generations.replace(tags if principal is None else [(principal, tag) for tag in tags])

    async def purge(self, principal: str) -> None:
        self._generations.replace([(principal,)])
        shelf = self._shelves.pop(principal, None)
        if shelf is not None:
            self._size -= shelf.size

    async def aclose(self) -> None:
        """Drop every entry. The store stays usable."""
        self._shelves.clear()
        self._size = 0

    def _discount(self, shelf: _Shelf, cost: int) -> None:
        shelf.size -= cost
        self._size -= cost

    def _remove(self, principal: str, shelf: _Shelf, key: str) -> None:
        self._discount(shelf, shelf.entries.pop(key)[2])
        if not shelf.entries:
            del self._shelves[principal]

    def _heed(self) -> None:
        """Count what was peeked at as used."""
        while self._peeked:
            principal, key = self._peeked.popleft()
            shelf = self._shelves.get(principal)
            if shelf is not None and key in shelf.entries:
                shelf.entries.move_to_end(key)
                self._shelves.move_to_end(principal)

    def _shrink(self, now: float) -> None:
        """Free a sixteenth: first what has expired with its principal idle, then the oldest of those who hold most.

        Only what lies above a fair share is taken. One pass and one sort, so that many principals cost no more.
        """
        self._heed()
        target = self._max - self._max // 16
        while self._shelves:
            principal, shelf = next(iter(self._shelves.items()))
            if shelf.expires_at > now:
                break
            del self._shelves[principal]
            self._size -= shelf.size
        fair = target // max(1, len(self._shelves))
        above = [item for item in self._shelves.items() if item[1].size > fair]
        for principal, shelf in sorted(above, key=_size_of, reverse=True):
            while self._size > target and shelf.size > fair:
                self._remove(principal, shelf, next(iter(shelf.entries)))


def _size_of(item: tuple[str, _Shelf]) -> int:
    return item[1].size


def _cost(key: str, entry: Entry) -> int:
    fields = sum([_FIELD_OVERHEAD + _FIELD_FACTOR * (len(name) + len(value)) for name, value in entry.headers.pairs])
    return _ENTRY_OVERHEAD + 2 * len(key) + fields + _BODY_FACTOR * len(entry.body)
