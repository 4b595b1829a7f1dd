"""The same calls while something else goes wrong: an expired token, a pause for quota, a lost answer, a slow store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import anyio
from attrs import evolve

from clio_async import Begun, CacheStore, Clio, Entry, Generation, MemoryCache, MemoryTokenStore, OutcomeUnknown
from clio_async.testing import Fault, Faults

from .calls import CASES
from .sweep import Case, Step
from .world import CALLBACK, World

__all__ = ["FAULTED"]

CALLS = ("get_cold", "get_validated", "collect", "update", "update_guarded", "create", "delete", "edit_in_block")
"""One call of each class."""


class SlowStore(CacheStore):
    """A store that another process keeps: it takes a while for each operation."""

    in_process = False

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._kept = MemoryCache()

    async def _takes_a_while(self) -> None:
        await anyio.sleep(self.seconds)

    async def begin(self, principal: str, key: str, tags: Sequence[str]) -> Begun:
        await self._takes_a_while()
        return await self._kept.begin(principal, key, tags)

    async def commit(self, principal: str, key: str, tags: Sequence[str], generation: Generation, entry: Entry) -> bool:
        await self._takes_a_while()
        done = await self._kept.commit(principal, key, tags, generation, entry)
        await self._takes_a_while()
        return done

    async def touch(self, principal: str, key: str, entry: Entry) -> None:
        await self._takes_a_while()
        await self._kept.touch(principal, key, entry)

    async def delete_tags(self, tags: Sequence[str], *, principal: str | None = None) -> None:
        await self._takes_a_while()
        await self._kept.delete_tags(tags, principal=principal)
        await self._takes_a_while()

    async def purge(self, principal: str) -> None:
        await self._takes_a_while()
        await self._kept.purge(principal)

    async def aclose(self) -> None:
        await self._takes_a_while()
        await self._kept.aclose()


async def granted(world: World) -> None:
    """Give the client a grant in the place of a token."""
    app = world.app()
    approval = app.authorize()
    callback = world.simulator.approve(app._issuer.app.client_id, redirect_uri=CALLBACK, state=approval.state)
    world.kept.app, world.kept.tokens = app, MemoryTokenStore()
    grant = await app.exchange(callback, approval, world.kept.tokens, "firm")
    world.kept.grant = grant
    world.clio = Clio(grant, **world.settings)


async def _expired(world: World) -> None:
    world.simulator.expire_all()


async def _paused(world: World) -> None:
    world.simulator.faults = Faults.scripted([Fault.status(429, retry_after="3")])


async def _lost(world: World) -> None:
    world.simulator.faults = Faults.scripted([Fault.lost_after()])


async def _broken(world: World) -> None:
    world.simulator.faults = Faults.scripted([Fault.status(503)])


def _then(*steps: Step) -> Step:
    async def all_of(world: World) -> None:
        for step in steps:
            await step(world)

    return all_of


def _in_doubt(call: Step) -> Step:
    """Make a call whose outcome may be unknown: then nothing more is said of it."""

    async def made(world: World) -> None:
        try:
            await call(world)
        except OutcomeUnknown as error:
            world.kept.doubt = error

    return made


def _cases() -> dict[str, Case]:
    found: dict[str, Case] = {}

    def add(fault: str, case: Case, **changes: Any) -> None:
        name = f"{case.name}, {fault}"
        found[name] = evolve(case, name=name, covers=(), **changes)

    for each in map(CASES.__getitem__, CALLS):
        add("expired token", each, before=_then(granted, each.before, _expired), detaches=True)
        add("quota used up", each, before=_then(each.before, _paused))
        add("lost answer", each, before=_then(each.before, _lost), call=_in_doubt(each.call))
        add("unavailable", each, before=_then(each.before, _broken), call=_in_doubt(each.call))
        add("slow store", each, settings={**each.settings, "cache": 0.01}, world=_with_store, waits=_TELLING, lasts=0.1)
        add(
            "hanging store",
            each,
            settings={**each.settings, "cache": 3.0},
            world=_with_store,
            waits=_TELLING,
            lasts=0.1,
        )
    return found


_TELLING = ("Conditional._write:",)
"""What a write has outdated is told to the store before the call ends, in a tenth of a second at most."""


def _with_store(path: Any, *, cache: float, **settings: Any) -> World:
    return World(path, cache=SlowStore(cache), **settings)


FAULTED = _cases()
