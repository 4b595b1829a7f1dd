"""The layer that keeps to the quota: what it counts, what it tells, what it gives back (rows F50 and F71)."""

from __future__ import annotations

from typing import NamedTuple

import anyio
import pytest
from anyio import wait_all_tasks_blocked
from attrs import evolve

from clio_async.errors import (
    ClientClosed,
    MaybeSent,
    NotSent,
    NotSentTimeout,
    RateLimited,
    ReauthRequired,
    WrongEventLoop,
)
from clio_async.events import Hooks, QuotaPause, QuotaWait, Watch
from clio_async.limiters.local import LocalLimiter
from clio_async.messages import Headers, Request, Response
from clio_async.middleware.base import Handler
from clio_async.middleware.limit import Limit
from clio_async.principal import Principal
from clio_async.stats import Stats
from tests.origin import BASE, Clock, Gate, Wire, client, ok, script


class Watcher(Hooks):
    def __init__(self) -> None:
        self.waits: list[QuotaWait] = []
        self.pauses: list[QuotaPause] = []

    def waited(self, wait: QuotaWait, /) -> None:
        self.waits.append(wait)

    def paused(self, pause: QuotaPause, /) -> None:
        self.pauses.append(pause)


def left(count: int) -> Response:
    return ok(X_RateLimit_Limit="50", X_RateLimit_Remaining=str(count), X_RateLimit_Reset="1800000000")


def refused(seconds: str) -> Response:
    return Response(429, Headers({"Retry-After": seconds}))


async def test_a_call_that_need_not_wait_tells_nobody() -> None:
    """The way that costs nothing."""
    watcher = Watcher()
    clio = client(Wire(lambda _: left(10)), hooks=[watcher])
    await clio.request("GET", "/matters")
    assert ([], [], 0, 0.0) == (watcher.waits, watcher.pauses, clio.stats.limited, clio.stats.waited)
    assert (50, 10, 0) == (clio.quota.limit, clio.quota.remaining, clio.quota.in_flight)


async def test_a_429_is_counted_told_and_sent_again() -> None:
    """The caller gets the answer, and a hook the pause."""
    watcher, clock = Watcher(), Clock()
    clio = client(Wire(script(refused("0"), left(9))), hooks=[watcher], clock=clock)
    assert 200 == (await clio.request("POST", "/matters")).status
    assert (1, 2, 0) == (clio.stats.limited, clio.stats.requests, clio.stats.refused)
    assert [QuotaPause(clio.principal.fingerprint, 0.0)] == watcher.pauses


async def test_a_call_that_waits_is_told_when_it_may_go() -> None:
    """With its lane, and how long it took on the clock of the client."""
    watcher, clock = Watcher(), Clock()
    gate = Gate(lambda _: left(40))
    clio = client(Wire(gate), hooks=[watcher], clock=clock)
    async with anyio.create_task_group() as group:
        for number in range(4):
            group.start_soon(clio.request, "GET", f"/matters/{number}")
        await wait_all_tasks_blocked()
        group.start_soon(clio.options(lane="batch").request, "GET", "/matters/9")
        await wait_all_tasks_blocked()
        clock.now += 2.5
        gate.waiting[0].set()
        await wait_all_tasks_blocked()
        for event in gate.waiting:
            event.set()
    assert [QuotaWait(clio.principal.fingerprint, "batch", "sent", 1000.0, 1002.5)] == watcher.waits
    assert 2.5 == clio.stats.waited


async def test_a_call_that_may_not_wait_is_refused_and_counted() -> None:
    """Nothing is sent for it."""
    watcher = Watcher()
    wire = Wire(script(refused("60")))
    clio = client(wire, hooks=[watcher])
    with pytest.raises(RateLimited) as caught:
        await clio.request("GET", "/matters")
    assert None is not caught.value.retry_at
    assert (1, 1, 1) == (len(wire.seen), clio.stats.refused, clio.stats.limited)
    assert ["refused"] == [wait.outcome for wait in watcher.waits]


async def test_a_call_that_is_cancelled_as_it_waits_has_abandoned_it() -> None:
    """F71: and it is none of those under way."""
    watcher = Watcher()
    gate = Gate(lambda _: left(10))
    clio = client(Wire(gate), hooks=[watcher])
    async with anyio.create_task_group() as group:
        for number in range(5):
            group.start_soon(clio.request, "GET", f"/matters/{number}")
        await wait_all_tasks_blocked()
        assert (4, 1) == (clio.quota.in_flight, clio.quota.waiting)
        group.cancel_scope.cancel()
    assert (0, 0) == (clio.quota.in_flight, clio.quota.waiting)
    assert ["abandoned"] == [wait.outcome for wait in watcher.waits]


async def test_a_call_without_options_waits_as_an_interactive_one() -> None:
    """A layer of an application may have made its request."""
    watcher = Watcher()
    limiter = LocalLimiter()
    layer = Limit(limiter, Stats(), Watch([watcher]), Clock())
    firm = Principal("https://app.clio.com/api/v4")
    requests = [Request("GET", "https://app.clio.com/api/v4/matters", principal=firm) for _ in range(5)]
    assert all(limiter.passes(request) for request in requests[:4])

    async def send(_: Request) -> Response:
        return ok()

    async with anyio.create_task_group() as group:
        group.start_soon(layer, requests[4], send)
        await wait_all_tasks_blocked()
        limiter.failed(requests[0])
    assert ["interactive"] == [wait.lane for wait in watcher.waits]


async def test_a_request_on_behalf_of_nobody_passes_by() -> None:
    """One that a layer of an application sends without a principal has no quota."""

    async def unprincipled(request: Request, call_next: Handler) -> Response:
        return await call_next(evolve(request, principal=None))

    clio = client(Wire(lambda _: left(10)), middleware=[unprincipled])
    assert 200 == (await clio.request("GET", "/matters")).status
    assert None is clio.quota.limit


async def test_a_call_whose_time_is_over_as_it_waits_has_abandoned_it() -> None:
    """It was not refused: nobody knew."""
    watcher = Watcher()
    clio = client(Wire(Gate(lambda _: left(10))), hooks=[watcher])
    async with anyio.create_task_group() as group:
        for number in range(4):
            group.start_soon(clio.request, "GET", f"/matters/{number}")
        await wait_all_tasks_blocked()
        with pytest.raises(NotSentTimeout):
            await clio.options(timeout=0.01).request("GET", "/matters/9")
        group.cancel_scope.cancel()
    assert (["abandoned"], 0) == ([wait.outcome for wait in watcher.waits], clio.stats.refused)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (MaybeSent("reset"), 9),
        (NotSent("refused"), 10),
        (ReauthRequired("gone"), 10),
        (ClientClosed("closed"), 10),
        (WrongEventLoop("elsewhere"), 10),
        (ZeroDivisionError(), 9),
    ],
    ids=repr,
)
async def test_a_failure_counts_if_the_request_may_have_left(error: Exception, expected: int) -> None:
    """What did not leave was not counted by the server either."""
    clio = client(Wire(script(left(10), error)), retry=None)
    await clio.request("GET", "/matters")
    with pytest.raises(type(error)):
        await clio.request("GET", "/matters")
    assert (expected, 0) == (clio.quota.remaining, clio.quota.in_flight)


async def test_without_a_limiter_a_429_is_an_error_at_once() -> None:
    """Nobody keeps the quota then."""
    wire = Wire(script(refused("0")))
    with pytest.raises(RateLimited):
        await client(wire, limiter=None).request("GET", "/matters")
    assert 1 == len(wire.seen)


class Refused(NamedTuple):
    """A layer around a server that refuses, on behalf of a firm."""

    clock: Clock
    watcher: Watcher
    stats: Stats
    layer: Limit
    limiter: LocalLimiter

    async def refuse(self, seconds: str, *, at: float, user: str = "1", requests: int = 1) -> None:
        """Let so many requests, sent before the first answer comes, be answered 429."""
        self.clock.now = at
        sent = [Request("GET", BASE, principal=Principal(BASE, user=user)) for _ in range(requests)]

        async def send(request: Request) -> Response:
            if request is not sent[-1]:
                await self.layer(sent[sent.index(request) + 1], send)
            return refused(seconds)

        await self.layer(sent[0], send)


def refusing(chance: float = 1.0) -> Refused:
    clock, watcher, stats = Clock(0.0), Watcher(), Stats()
    limiter = LocalLimiter(clock=clock, wall_clock=clock, random=lambda: chance)
    return Refused(clock, watcher, stats, Limit(limiter, stats, Watch([watcher]), clock), limiter)


async def test_a_pause_is_told_once_however_many_are_refused() -> None:
    """And logged once; what was answered is counted each time."""
    world = refusing()
    await world.refuse("30", at=0.0, requests=4)
    assert ([30.0], 4) == ([pause.seconds for pause in world.watcher.pauses], world.stats.limited)


async def test_a_pause_that_becomes_longer_is_told_again() -> None:
    """By a second or more: what is less is the way that the answers took."""
    world = refusing()
    sent = [Request("GET", BASE, principal=Principal(BASE)) for _ in range(4)]

    async def answer_at(moment: float, place: int, seconds: str) -> None:
        async def send(_: Request) -> Response:
            if place:
                await answer_at(*steps[place - 1])
            world.clock.now = moment
            return refused(seconds)

        await world.layer(sent[place], send)

    steps = [(1.0, 0, "30"), (1.9, 1, "30"), (2.0, 2, "30"), (3.0, 3, "5")]
    await answer_at(*steps[-1])
    assert ([30.0, 30.0], 4) == ([pause.seconds for pause in world.watcher.pauses], world.stats.limited)


async def test_the_next_pause_is_told_and_that_of_another_principal() -> None:
    """However short it is, if it is one."""
    world = refusing()
    await world.refuse("30", at=0.0)
    await world.refuse("30", at=1.0, user="2")
    await world.refuse("1", at=30.0)
    assert [30.0, 30.0, 2.0] == [pause.seconds for pause in world.watcher.pauses]
    short = refusing(0.0)
    await short.refuse("", at=0.0)
    answered = Request("GET", BASE, principal=Principal(BASE, user="1"))
    short.clock.now = 0.5
    assert short.limiter.passes(answered)
    short.limiter.answered(answered, ok())
    await short.refuse("", at=0.5)
    assert [0.5, 0.5] == pytest.approx([pause.seconds for pause in short.watcher.pauses])
    none = refusing()
    await none.refuse("0", at=0.0, requests=3)
    assert ([0.0], 3) == ([pause.seconds for pause in none.watcher.pauses], none.stats.limited)


async def test_pauses_that_are_over_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """F77: those of a thousand principals at least are kept."""
    monkeypatch.setattr("clio_async.middleware.limit._KEPT", 10)
    world = refusing()
    for number in range(100):
        await world.refuse("5" if number else "500", at=float(number), user=str(number))
    assert len(world.layer._told) <= 20
    assert Principal(BASE, user="0").fingerprint in world.layer._told
    assert 100 == len(world.watcher.pauses)
