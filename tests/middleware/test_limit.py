"""The layer that keeps to the quota: what it counts, what it tells, what it gives back (rows F50 and F71)."""

from __future__ import annotations

import anyio
import pytest
from anyio import wait_all_tasks_blocked
from attrs import evolve

from clio_async.errors import MaybeSent, NotSent, NotSentTimeout, RateLimited, ReauthRequired
from clio_async.events import Hooks, QuotaPause, QuotaWait
from clio_async.limiters.local import LocalLimiter
from clio_async.messages import Headers, Request, Response
from clio_async.middleware.base import Handler
from tests.origin import Clock, Gate, Wire, client, ok, script


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
    gate = Gate(lambda _: left(10))
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
    from clio_async.events import Watch
    from clio_async.middleware.limit import Limit
    from clio_async.principal import Principal
    from clio_async.stats import Stats

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
    ("error", "expected"), [(MaybeSent("reset"), 9), (NotSent("refused"), 10), (ReauthRequired("gone"), 10)], ids=repr
)
async def test_a_failure_counts_if_the_request_may_have_left(error: Exception, expected: int) -> None:
    """What did not leave was not counted by the server either."""
    clio = client(Wire(script(left(10), error)))
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
