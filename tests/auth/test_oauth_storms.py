"""A thousand tasks on one expired token: one refresh, whoever is cancelled (F27, F28)."""

from __future__ import annotations

import asyncio
import random
from collections import Counter

import anyio
import pytest
from anyio.lowlevel import checkpoint
from attrs import evolve

from clio_async.errors import AuthError, Unauthorized
from clio_async.secrets import Secret
from tests.auth.server import World, world

BACKENDS = pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])
SEEDS = pytest.mark.parametrize("seed", range(4))
WAYS = pytest.mark.parametrize("way", ["expired", "refused"])
TASKS = 1000


async def late(way: str) -> World:
    """A world whose token is over, by its time or by the server's word."""
    made = await world()
    made.server.steps = 7
    if way == "expired":
        made.expire()
    else:
        made.server.access.clear()
    return made


@BACKENDS
@WAYS
async def test_a_thousand_tasks_share_one_refresh(way) -> None:
    """Each gets its answer, and the token endpoint one call (F27)."""
    made = await late(way)
    answers: Counter[int] = Counter()

    async def call(number: int) -> None:
        answers[(await made.clio.request("GET", f"/{number}")).status] += 1

    async with anyio.create_task_group() as tasks:
        for number in range(TASKS):
            tasks.start_soon(call, number)
    assert answers == {200: TASKS}
    assert made.server.refreshes == 1


async def storm(made: World, seed: int, auth: object = None) -> Counter[str]:
    """Call from a thousand tasks, three in ten of which are cancelled at some step. Count how they end."""
    dice = random.Random(seed)
    ends: Counter[str] = Counter()
    clio = made.clio if auth is None else made.client(auth)  # type: ignore[arg-type]

    async def call(number: int, scope: anyio.CancelScope) -> None:
        with scope:
            try:
                await clio.request("GET", f"/{number}")
                ends["answered"] += 1
            except Exception:
                ends["failed"] += 1
        ends["cancelled"] += scope.cancelled_caught

    async def cancel(scope: anyio.CancelScope, steps: int) -> None:
        for _ in range(steps):
            await checkpoint()
        scope.cancel()

    async with anyio.create_task_group() as tasks:
        for number in range(TASKS):
            scope = anyio.CancelScope()
            tasks.start_soon(call, number, scope)
            if number == 0 or dice.random() < 0.3:
                tasks.start_soon(cancel, scope, dice.randrange(10) if number else 4)
    return ends


@BACKENDS
@SEEDS
@WAYS
async def test_cancelled_callers_harm_nobody(way, seed) -> None:
    """By cancel scopes: still one refresh, and whoever is not cancelled gets an answer (F28)."""
    made = await late(way)
    ends = await storm(made, seed)
    assert ends["failed"] == 0
    assert ends["cancelled"] > 100
    assert ends["answered"] + ends["cancelled"] == TASKS
    assert made.server.refreshes == 1
    assert made.shelf.token().access_token == Secret("CANARY-access-2")


@SEEDS
@WAYS
async def test_natively_cancelled_tasks_harm_nobody(way, seed) -> None:
    """The same by `task.cancel()`, as asyncio does it (F28)."""
    made = await late(way)
    dice = random.Random(seed)
    tasks = [asyncio.ensure_future(made.clio.request("GET", f"/{number}")) for number in range(TASKS)]
    cancelled = {0, *dice.sample(range(TASKS), 300)}
    waves = [(dice.randrange(8), number) for number in cancelled if number] + [(4, 0)]
    for step in range(8):
        await asyncio.sleep(0)
        for when, number in waves:
            if when == step:
                tasks[number].cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    ends = Counter(type(result).__name__ for result in results)
    assert ends.keys() == {"Response", "CancelledError"}
    assert ends["Response"] >= TASKS - len(cancelled)
    assert made.server.refreshes == 1


class Inline:
    """The control: the same grant, but the first caller makes the refresh itself."""

    def __init__(self, made: World) -> None:
        self._made = made
        self._done: anyio.Event | None = None

    def principal(self, base):
        return self._made.grant.principal(base)

    async def access_token(self, channel, /, *, deadline=None):
        grant = self._made.grant
        if self._made.clock.now < grant._life.mandatory:
            return grant._token.access_token
        if self._done is None:
            self._done = anyio.Event()
            jobs = []
            try:
                flight = grant._begin(evolve(channel, detach=jobs.append))
                await jobs[0](lambda: None)
                if flight.error is not None:
                    raise flight.error
            finally:
                self._done.set()
                self._done = None
        else:
            await self._done.wait()
            if self._made.clock.now >= grant._life.mandatory:
                raise AuthError("whoever refreshed did not")
        return grant._token.access_token

    async def rejected(self, token, channel, /, *, again=False, deadline=None):
        return False


@SEEDS
async def test_an_inline_refresh_would_harm_others(seed) -> None:
    """The control of F28: where the first caller refreshes itself, cancelling it fails others or costs more refreshes.

    On asyncio alone, which starts tasks in order: there it is known which of them is the first.
    """
    made = await late("expired")
    ends = await storm(made, seed, Inline(made))
    assert ends["failed"] > 0 or made.server.refreshes > 1


@BACKENDS
async def test_a_thousand_tasks_on_a_server_that_refuses_all() -> None:
    """Each fails with the refusal; one new token was tried (F27)."""
    made = await late("expired")
    made.server.refuse_all = True
    ends: Counter[str] = Counter()

    async def call(number: int) -> None:
        try:
            await made.clio.request("GET", f"/{number}")
        except Unauthorized:
            ends["refused"] += 1

    async with anyio.create_task_group() as tasks:
        for number in range(TASKS):
            tasks.start_soon(call, number)
    assert ends == {"refused": TASKS}
    assert made.server.refreshes <= 2  # the expired one, and one for the refusal


@BACKENDS
async def test_a_thousand_tasks_on_a_revoked_grant() -> None:
    """All are told to approve again, after one call (F31)."""
    made = await late("expired")
    made.server.revoke()
    ends = await storm(made, 1)
    assert ends["answered"] == 0
    assert ends["failed"] > 500
    assert (made.server.refreshes, made.server.calls) == (1, [])
