"""Many tasks, real sockets, and cancellation at any moment."""

from __future__ import annotations

import asyncio
import gc
import random
import sys
from typing import Any

import anyio
import pytest
from anyio.lowlevel import checkpoint

from clio_async import Clio, ClioError
from clio_async.testing.wire import Answer, Received

from .loopback import TRANSPORTS, lab, reply

SEEDS = range(3)


class Counter:
    """A record per token, whose body says whose it is and how often it was written. Slow, and sometimes broken."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.version = 0

    async def __call__(self, received: Received) -> Answer:
        whose = received.values_of("authorization")[0][-1]
        if received.method == "PATCH":
            self.version += 1
        version = self.version  # from here on the answer is fixed, however slow it is
        for _ in range(self.dice.randrange(40)):
            await checkpoint()
        if self.dice.random() < 0.05:
            return Answer(then="reset")
        tag = f'"{whose}-{version}"'
        if received.method == "GET" and received.values_of("if-none-match") == [tag]:
            return Answer(b"HTTP/1.1 304 Not Modified\r\nETag: " + tag.encode() + b"\r\n\r\n")
        return Answer(reply("200 OK", f"{whose} {version}".encode(), ("ETag", tag)))


class Storm:
    """Readers of two firms and a writer; what is told to each is compared with what it must know already."""

    def __init__(self, clio: Clio, dice: random.Random) -> None:
        self.firms = {"a": clio, "b": clio.with_auth("token-b")}
        self.dice = dice
        self.acknowledged = 0
        self.wrong: list[Any] = []
        self.answers = 0

    async def read(self, whose: str, rounds: int) -> None:
        for _ in range(rounds):
            known = self.acknowledged
            try:
                response = await self.firms[whose].request("GET", f"/x/{self.dice.randrange(2)}")
            except ClioError:
                continue
            told, version = response.body.decode().split()
            self.answers += 1
            if told != whose or int(version) < known:
                self.wrong.append((whose, known, response.body, response.source))

    async def write(self, rounds: int) -> None:
        for _ in range(rounds):
            try:
                response = await self.firms["a"].request("PATCH", f"/x/{self.dice.randrange(2)}", json={})
            except ClioError:
                continue
            self.acknowledged = max(self.acknowledged, int(response.body.decode().split()[1]))

    async def rage(self) -> None:
        work = [self.read("ab"[number % 2], 8) for number in range(30)] + [self.write(4) for _ in range(4)]
        tasks = [asyncio.ensure_future(job) for job in work]
        while not all(task.done() for task in tasks):
            for _ in range(self.dice.randrange(30)):
                await checkpoint()
            if self.dice.random() < 0.2:
                self.dice.choice(tasks).cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
        self.wrong += [end for end in ended if end is not None and not isinstance(end, asyncio.CancelledError)]


@TRANSPORTS
@pytest.mark.parametrize("seed", SEEDS)
async def test_a_storm_of_cancellations_does_no_harm(kind: str, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """F39, F44, F45, F71: no foreign answer, none older than an own write, no untyped error, nothing left behind."""
    unraisable: list[Any] = []
    monkeypatch.setattr(sys, "unraisablehook", unraisable.append)
    dice = random.Random(seed)
    async with lab(kind, Counter(dice), timeout=30.0) as (clio, server):
        before = asyncio.all_tasks()
        storm = Storm(clio, dice)
        await storm.rage()
        assert [] == storm.wrong
        assert storm.answers > 50
        with anyio.fail_after(30):  # every place in the pool can be had again
            async with anyio.create_task_group() as tasks:
                for number in range(120):
                    tasks.start_soon(storm.read, "a", 1, name=f"after {number}")
        assert {task for task in asyncio.all_tasks() - before if "_serve" not in repr(task)} == set()
    with anyio.fail_after(30):
        await server.until(lambda: server.counts["open"] == 0)
    gc.collect()
    assert [] == unraisable


async def test_a_cache_without_generations_tells_old_news(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of F44: where writes give no new generation, a reader joins what began before and is told it."""
    from clio_async.caches.memory import Generations

    def never(*_: object) -> int:
        return 0

    monkeypatch.setattr(Generations, "of", never)
    wrong: list[Any] = []
    for seed in range(6):
        dice = random.Random(seed)
        async with lab("aiohttp", Counter(dice), timeout=30.0) as (clio, _):
            storm = Storm(clio, dice)
            await storm.rage()
            wrong += storm.wrong
    assert wrong
