"""A cache store outside the process, as the client sees one: it takes time, fails, and forgets."""

from __future__ import annotations

import random
from collections.abc import Sequence

import anyio
from attrs import define, field

from clio_async.caches.base import Begun, CacheStore, Entry, Generation
from clio_async.caches.memory import MemoryCache

__all__ = ["ShakyStore"]


@define(eq=False)
class ShakyStore(CacheStore):
    """Keep what a `MemoryCache` keeps. It is `well`, "slow", "down" or "hung", as the plan has it."""

    dice: random.Random
    state: str = "well"
    kept: MemoryCache = field(factory=MemoryCache)

    async def _pass(self) -> None:
        if self.state == "down":
            raise ConnectionError("the store is down")
        if self.state == "hung":
            await anyio.sleep(30.0)
        await anyio.sleep(self.dice.uniform(0.0, 0.2 if self.state == "slow" else 0.004))

    async def flush(self) -> None:
        """Forget everything, as a server does that is started anew."""
        await self.kept.aclose()

    async def begin(self, principal: str, key: str, tags: Sequence[str]) -> Begun:
        await self._pass()
        return await self.kept.begin(principal, key, tags)

    async def commit(self, principal: str, key: str, tags: Sequence[str], generation: Generation, entry: Entry) -> bool:
        await self._pass()
        return await self.kept.commit(principal, key, tags, generation, entry)

    async def touch(self, principal: str, key: str, entry: Entry) -> None:
        await self._pass()
        await self.kept.touch(principal, key, entry)

    async def delete_tags(self, tags: Sequence[str], *, principal: str | None = None) -> None:
        await self._pass()
        await self.kept.delete_tags(tags, principal=principal)

    async def purge(self, principal: str) -> None:
        await self._pass()
        await self.kept.purge(principal)

    async def aclose(self) -> None:
        """Nothing has to be closed."""
