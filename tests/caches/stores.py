"""A small right store, and wrong ones: each has one fault that the contract suite must find."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from anyio.lowlevel import checkpoint
from attrs import evolve

from clio_async.caches.base import Begun, CacheStore, Entry, Generation


class Shared:
    """What lies outside the process: two handles may have it in common."""

    def __init__(self) -> None:
        self.numbers = itertools.count(1)
        self.written: dict[Any, int] = {}
        self.entries: dict[Any, tuple[Entry, Any]] = {}


class SmallStore(CacheStore):
    """Right, simple and unbounded. Keeps copies, as a store outside the process does."""

    def __init__(self, shared: Shared | None = None) -> None:
        self.shared = shared or Shared()

    def place(self, principal: str, key: str) -> Any:
        return principal, key

    def mark(self, principal: str | None, tag: str | None) -> Any:
        return principal, tag

    def current(self, principal: str, tags: Sequence[str]) -> Any:
        marks = [(principal, None), *((whom, tag) for tag in tags for whom in (None, principal))]
        return tuple(self.shared.written.get(self.mark(*mark), 0) for mark in marks)

    def raise_(self, mark: Any) -> None:
        self.shared.written[mark] = next(self.shared.numbers)

    async def begin(self, principal: str, key: str, tags: Sequence[str]) -> Begun:
        generation = self.current(principal, tags)
        entry, stored_under = self.shared.entries.get(self.place(principal, key), (None, None))
        if entry is None or stored_under != generation:
            return Begun(None, generation)
        return Begun(evolve(entry, memo={}), generation)

    async def commit(self, principal: str, key: str, tags: Sequence[str], generation: Generation, entry: Entry) -> bool:
        if generation != self.current(principal, tags):
            return False
        self.shared.entries[self.place(principal, key)] = evolve(entry, memo={}), generation
        return True

    async def touch(self, principal: str, key: str, entry: Entry) -> None:
        place = self.place(principal, key)
        held, generation = self.shared.entries.get(place, (None, None))
        if held is not None and held.body == entry.body:
            self.shared.entries[place] = evolve(entry, memo={}), generation

    async def delete_tags(self, tags: Sequence[str], *, principal: str | None = None) -> None:
        for tag in tags:
            self.raise_(self.mark(principal, tag))

    async def purge(self, principal: str) -> None:
        self.raise_(self.mark(principal, None))

    async def aclose(self) -> None:
        pass


class KeyedByUrlAlone(SmallStore):
    """Forgets whose an answer is."""

    def place(self, principal: str, key: str) -> Any:
        return key


class KeyedByJoinedNames(SmallStore):
    """Joins principal and key to one string."""

    def place(self, principal: str, key: str) -> Any:
        return f"{principal}:{key}"


class KeyedByPrefix(SmallStore):
    """Cuts long keys, as a column of fixed width does."""

    def place(self, principal: str, key: str) -> Any:
        return principal, key[:20_000]


class FoldsCase(SmallStore):
    """Compares names without case, as some databases do."""

    def place(self, principal: str, key: str) -> Any:
        return principal.casefold(), key.casefold()


class MarksJoinedNames(SmallStore):
    """Joins principal and tag, so that pairs meet, and a tag can be named like a principal."""

    def mark(self, principal: str | None, tag: str | None) -> Any:
        return (principal or "") + (tag or "")


class IgnoresGenerations(SmallStore):
    """Deletes what is there, and keeps whatever comes afterwards."""

    async def commit(self, principal: str, key: str, tags: Sequence[str], generation: Generation, entry: Entry) -> bool:
        return await super().commit(principal, key, tags, self.current(principal, tags), entry)


class KeepsUnderNoGeneration(SmallStore):
    """Takes None for "do not check"."""

    async def commit(self, principal: str, key: str, tags: Sequence[str], generation: Generation, entry: Entry) -> bool:
        if generation is None:
            generation = self.current(principal, tags)
        return await super().commit(principal, key, tags, generation, entry)


class DeletesForEverybody(SmallStore):
    """Ignores the principal of an invalidation."""

    async def delete_tags(self, tags: Sequence[str], *, principal: str | None = None) -> None:
        await super().delete_tags(tags)


class IgnoresNarrowInvalidation(SmallStore):
    """Does nothing when one principal alone is to be outdated."""

    async def delete_tags(self, tags: Sequence[str], *, principal: str | None = None) -> None:
        if principal is None:
            await super().delete_tags(tags)


class WatchesTheFirstTagAlone(SmallStore):
    """Knows the record, and not the list it stands in."""

    def current(self, principal: str, tags: Sequence[str]) -> Any:
        return super().current(principal, tags[:1])


class CountsGenerationsFromZero(SmallStore):
    """Counts modulo eight: after some writes an old generation is current again."""

    def raise_(self, mark: Any) -> None:
        self.shared.written[mark] = (self.shared.written.get(mark, 0) + 1) % 8


class EvictsGenerations(SmallStore):
    """Forgets the oldest writes once there are many, as if they had never been."""

    def raise_(self, mark: Any) -> None:
        super().raise_(mark)
        while len(self.shared.written) > 300:
            del self.shared.written[next(iter(self.shared.written))]


class PurgeLeavesReads(SmallStore):
    """Deletes what a principal has, and keeps what it has under way."""

    async def purge(self, principal: str) -> None:
        for place in [place for place in self.shared.entries if place[0] == principal]:
            del self.shared.entries[place]


class PurgesEverybody(SmallStore):
    """Empties the whole store."""

    def current(self, principal: str, tags: Sequence[str]) -> Any:
        return super().current("everybody", ()), super().current(principal, tags)

    async def purge(self, principal: str) -> None:
        await super().purge("everybody")


class TouchStores(SmallStore):
    """Writes what a 304 freshened, whether or not it is there still."""

    async def touch(self, principal: str, key: str, entry: Entry) -> None:
        tags = ("https://app.clio.com/api/v4/matters/42", "https://app.clio.com/api/v4/matters")
        await self.commit(principal, key, tags, self.current(principal, tags), entry)


class TouchDoesNothing(SmallStore):
    """Forgets what a 304 said."""

    async def touch(self, principal: str, key: str, entry: Entry) -> None:
        pass


class FoldsHeaders(SmallStore):
    """Keeps headers as a dictionary."""

    async def commit(self, principal: str, key: str, tags: Sequence[str], generation: Generation, entry: Entry) -> bool:
        folded = evolve(entry, headers=type(entry.headers)(dict(entry.headers)))
        return await super().commit(principal, key, tags, generation, folded)


class ForgetsRedaction(SmallStore):
    """Has no column for what was added later."""

    async def commit(self, principal: str, key: str, tags: Sequence[str], generation: Generation, entry: Entry) -> bool:
        return await super().commit(principal, key, tags, generation, evolve(entry, redacted=False))


class CutsBodies(SmallStore):
    """Has a column that is too narrow."""

    async def commit(self, principal: str, key: str, tags: Sequence[str], generation: Generation, entry: Entry) -> bool:
        return await super().commit(principal, key, tags, generation, evolve(entry, body=entry.body[:65_535]))


class KeepsTheFirstAnswer(SmallStore):
    """Does not replace."""

    async def commit(self, principal: str, key: str, tags: Sequence[str], generation: Generation, entry: Entry) -> bool:
        held = (await self.begin(principal, key, tags)).entry
        return await super().commit(principal, key, tags, generation, held or entry)


class NewGenerationForEveryRead(SmallStore):
    """Makes a generation up for each read."""

    async def begin(self, principal: str, key: str, tags: Sequence[str]) -> Begun:
        entry, generation = await super().begin(principal, key, tags)
        return Begun(entry, _Unequal(generation))  # type: ignore[arg-type]


class _Unequal(tuple):  # type: ignore[type-arg]
    """Equal to a plain tuple, and to none of its kind."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return not isinstance(other, _Unequal) and tuple.__eq__(self, other)  # type: ignore[arg-type]

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return tuple.__hash__(self)


class InvalidatesLate(SmallStore):
    """Returns from `delete_tags` before the write is seen."""

    def __init__(self, shared: Shared | None = None) -> None:
        super().__init__(shared)
        self.late: list[tuple[Sequence[str], str | None]] = []

    async def delete_tags(self, tags: Sequence[str], *, principal: str | None = None) -> None:
        late, self.late = self.late, [(tags, principal)]
        for earlier, whom in late:
            await super().delete_tags(earlier, principal=whom)


class ChecksThenWaits(SmallStore):
    """Waits between the check of the generation and the write: no compare-and-set."""

    async def commit(self, principal: str, key: str, tags: Sequence[str], generation: Generation, entry: Entry) -> bool:
        if generation != self.current(principal, tags):
            return False
        for _ in range(3):
            await checkpoint()
        return await super().commit(principal, key, tags, self.current(principal, tags), entry)


class SaysInProcessAndWaits(SmallStore):
    """Promises not to suspend, and does."""

    in_process = True

    async def begin(self, principal: str, key: str, tags: Sequence[str]) -> Begun:
        await checkpoint()
        return await super().begin(principal, key, tags)


class ClosesOnce(SmallStore):
    """Cannot be closed again."""

    closed = False

    async def aclose(self) -> None:
        if self.closed:
            raise RuntimeError("closed already")
        self.closed = True


class ReadsAndWritesMemo(SmallStore):
    """Writes decoded records beside the body."""

    async def begin(self, principal: str, key: str, tags: Sequence[str]) -> Begun:
        entry, generation = await super().begin(principal, key, tags)
        return Begun(entry and evolve(entry, memo={"decoded": 1}), generation)


class CachesGenerations(SmallStore):
    """Remembers generations per handle, so that another process is not obeyed."""

    def __init__(self, shared: Shared | None = None) -> None:
        super().__init__(shared)
        self.own: dict[Any, int] = {}

    def current(self, principal: str, tags: Sequence[str]) -> Any:
        marks = [(principal, None), *((whom, tag) for tag in tags for whom in (None, principal))]
        return tuple(self.own.setdefault(mark, self.shared.written.get(mark, 0)) for mark in marks)

    def raise_(self, mark: Any) -> None:
        super().raise_(mark)
        self.own[mark] = self.shared.written[mark]


class GenerationsPerProcess(CachesGenerations):
    """Keeps its own generations and shares nothing but entries."""

    def raise_(self, mark: Any) -> None:
        self.own[mark] = next(self.shared.numbers)


class CloseEmptiesTheStore(SmallStore):
    """Takes everything along when it closes."""

    async def aclose(self) -> None:
        self.shared.written.clear()
        self.shared.entries.clear()


class ForgetsTheQuery(SmallStore):
    """Keys by path, so that selections meet."""

    def place(self, principal: str, key: str) -> Any:
        return principal, key.partition("?")[0]


class NeedsTags(SmallStore):
    """Keeps nothing that no tag can outdate."""

    async def commit(self, principal: str, key: str, tags: Sequence[str], generation: Generation, entry: Entry) -> bool:
        return bool(tags) and await super().commit(principal, key, tags, generation, entry)


class WorksWithoutGenerations(SmallStore):
    """Says that it does not know the generation until something was written."""

    async def begin(self, principal: str, key: str, tags: Sequence[str]) -> Begun:
        entry, generation = await super().begin(principal, key, tags)
        return Begun(entry, generation if self.shared.written or entry else None)

    async def commit(self, principal: str, key: str, tags: Sequence[str], generation: Generation, entry: Entry) -> bool:
        if generation is None and not self.shared.written:
            generation = self.current(principal, tags)
        return await super().commit(principal, key, tags, generation, entry)


class TombstonesForever(SmallStore):
    """Keeps nothing any more of what was once written."""

    async def commit(self, principal: str, key: str, tags: Sequence[str], generation: Generation, entry: Entry) -> bool:
        if any(self.current(principal, tags)):
            return False
        return await super().commit(principal, key, tags, generation, entry)


class EntriesPerHandle(SmallStore):
    """Shares what was written, and no answer."""

    def place(self, principal: str, key: str) -> Any:
        return id(self), principal, key


class SaltsGenerations(SmallStore):
    """Makes generations that another process cannot compare."""

    def current(self, principal: str, tags: Sequence[str]) -> Any:
        return id(self), super().current(principal, tags)
