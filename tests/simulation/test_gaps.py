"""A gap of more records than the quota lets anybody read in a minute is told once, at that pace (row F70)."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import anyio
import pytest
from attrs import evolve

from clio_async import Clio, MemoryTransport, RateLimited
from clio_async.testing import Clock, Regime, Simulator
from clio_async.webhooks import Event, MemorySubscriptions, Receiver, Subscription

from .subscribers import HOUR, URL, now

pytestmark = pytest.mark.anyio
MANY = 300
WANTED: dict[str, Any] = {"model": "matter", "url": URL}


class Service:
    """Reads what it is told of. What is in the store outlives its processes."""

    def __init__(self, store: MemorySubscriptions | None = None) -> None:
        self.simulator = Simulator(matters=MANY + 50, clock=Clock(now), regime=Regime(rate_limit=(50, 60.0)))
        self.store = MemorySubscriptions() if store is None else store
        self.token = self.simulator.token()
        self.told: list[tuple[int, str | None]] = []
        """What it was told, and what the record was then; None where there was no quota for a read."""

    def client(self) -> Clio:
        return Clio(
            self.token,
            base_url="http://localhost/api/v4",
            transport=MemoryTransport(self.simulator.handler, clock=anyio.current_time),
            clock=anyio.current_time,
            wall_clock=now,
            random=random.Random(1).random,
        )

    async def miss(self) -> None:
        """Let there be a webhook, and changes before it was there."""
        for number in range(1, MANY + 1):
            self.simulator.change("matters", number, description="missed")

    async def run(self, seconds: float, *, patient: bool = False) -> None:
        """Be a process for some seconds."""
        clio = self.client()
        reader = clio.options(lane="batch", timeout=None, max_wait=None) if patient else clio

        async def on_event(event: Event) -> None:
            try:
                matter = await event.read(reader, fields="id,description")
            except RateLimited:
                self.told.append((event.id, None))
                raise
            self.told.append((event.id, None if matter is None else matter.to_dict()["description"]))

        receiver = Receiver(self.store, on_event, invalidate=clio, wall_clock=now)
        async with clio:
            with anyio.move_on_after(seconds):
                await clio.webhooks.keep(receiver, store=self.store, **WANTED)

    def read(self) -> Counter[int]:
        return Counter(number for number, found in self.told if found == "missed")

    async def is_open(self) -> bool:
        return [one.covered_from for one in await self.store.all()] != [None]


def once() -> Counter[int]:
    return Counter(range(1, MANY + 1))


@pytest.mark.parametrize("patient", [False, True])
async def test_a_gap_larger_than_the_quota_is_told_once(patient: bool) -> None:
    """In the time that its reads take, whether the handler waits for quota or is refused."""
    service = Service()
    await service.miss()
    began = anyio.current_time()
    await service.run(MANY / 50 * 60.0 + 300.0, patient=patient)
    assert once() == service.read()
    assert not await service.is_open()
    refused = sum(found is None for _, found in service.told)
    assert len(service.told) == MANY + refused
    assert refused <= (0 if patient else 30)
    assert anyio.current_time() - began <= MANY / 50 * 60.0 + 300.0


async def _restarted(forget: Callable[[Subscription], Subscription]) -> Counter[int]:
    """Let processes live for two minutes each. Return how often each record was read."""
    service = Service()
    await service.miss()
    for _ in range(12):
        await service.run(120.0)
        for one in await service.store.all():
            await service.store.replace(one, forget(one))
        await anyio.sleep(30.0)
    return service.read()


async def test_a_restart_goes_on_where_it_was() -> None:
    """None is read twice, but those that were under way when a process ended."""
    read = await _restarted(lambda one: one)
    assert {*range(1, MANY + 1)} == {*read}
    assert MANY <= read.total() <= MANY + 12


async def test_control_without_the_note_it_never_ends() -> None:
    """Each process reads the first records again."""
    read = await _restarted(lambda one: evolve(one, walk=None))
    assert len(read) < MANY
    assert read[1] == 12


async def test_a_long_walk_does_not_keep_from_looking_after_the_webhook() -> None:
    """It is looked at every half an hour meanwhile, so that nobody takes the time of the walk for another gap."""
    service = Service()
    await service.miss()
    looked: list[float] = []
    handler = service.simulator.handler

    async def watched(request: Any) -> Any:
        if "/webhooks.json" in request.url and request.method == "GET":
            looked.append(anyio.current_time())
        return await handler(request)

    told: list[int] = []

    async def slow(event: Event) -> None:
        told.append(event.id)
        await anyio.sleep(60.0)

    transport = MemoryTransport(watched, clock=anyio.current_time)
    options: dict[str, Any] = {"clock": anyio.current_time, "wall_clock": now, "random": random.Random(2).random}
    async with Clio(service.token, base_url="http://localhost/api/v4", transport=transport, **options) as clio:
        with anyio.move_on_after(8 * HOUR):
            await clio.webhooks.keep(slow, store=service.store, **WANTED)
    assert [1] * MANY == [*Counter(told).values()]
    assert max(late - early for early, late in pairwise(looked)) < 2400
    assert not await service.is_open()
