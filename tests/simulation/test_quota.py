"""Whole clients and a simulated server with a quota, in virtual time (rows F50 to F52 of the fault table)."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import anyio
import async_solipsism
import pytest
from anyio.lowlevel import checkpoint
from attrs import define, evolve, field

from clio_async.client import Clio
from clio_async.errors import RateLimited
from clio_async.limiters.local import LocalLimiter
from clio_async.messages import Headers, Request, Response
from clio_async.protocol.rate_limit import asked_pause
from clio_async.testing import Regime, Simulator
from clio_async.testing.simulator.clock import EPOCH, Clock
from clio_async.transport.memory import MemoryTransport

LIMIT, WINDOW = 50, 60.0


class VirtualLoop(async_solipsism.EventLoop):
    """Virtual time that passes in steps of a microsecond at least: a scope may end within a rounding error from now."""

    def __init__(self) -> None:
        super().__init__()
        clock = self._selector.clock
        advance = clock.advance
        clock.advance = lambda seconds: advance(max(seconds, clock.resolution))


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, object]]:
    return "asyncio", {"loop_factory": VirtualLoop}


@define
class World:
    """A server, the clients' transport, and what it saw: when each request came, and what was answered."""

    regime: Regime
    latency: Callable[[], float]
    start: float = 0.0
    simulator: Simulator = field(init=False)
    transport: MemoryTransport = field(init=False)
    seen: list[tuple[float, int, str]] = field(factory=list)
    """When a request left, the status of its answer, and its token."""
    pauses: list[tuple[float, float, str]] = field(factory=list)
    """When each 429 arrived, until when it asks to wait, and its token."""
    order: list[str] = field(factory=list)
    """The last parts of the paths, as the requests left."""

    def __attrs_post_init__(self) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        clock = Clock(source=lambda: EPOCH + self.start + loop.time() - began)
        self.simulator = Simulator(regime=self.regime, clock=clock, tasks=2_000)
        self.transport = MemoryTransport(self._exchange, clock=loop.time)

    async def _exchange(self, request: Request) -> Response:
        sent = asyncio.get_running_loop().time()
        self.order.append(request.url.rpartition("/")[2].partition(".")[0])
        token = request.headers["authorization"]
        await anyio.sleep(self.latency())
        response = self.simulator.answer(request)
        await anyio.sleep(self.latency())
        self.seen.append((sent, response.status, token))
        if response.status == 429:
            now = asyncio.get_running_loop().time()
            pause = asked_pause(response.headers, self.simulator.clock.now()) or 0.0
            self.pauses.append((now, now + pause, token))
        return response

    def client(self, limiter: Any = ..., token: str | None = None, **options: Any) -> Clio:
        clock = asyncio.get_running_loop().time
        wall = self.simulator.clock.now
        if isinstance(limiter, type):
            limiter = limiter(clock=clock, wall_clock=wall, random=random.Random(5).random)
        clio = Clio(
            token or self.simulator.token(),
            transport=self.transport,
            limiter=limiter,
            cache=None,
            clock=clock,
            wall_clock=wall,
            random=random.Random(5).random,
        )
        return clio.options(**{"lane": "batch", "timeout": None, **options})

    @property
    def limited(self) -> int:
        return sum(status == 429 for _, status, _ in self.seen)

    def served(self) -> list[int]:
        """How many requests each fixed window has served, in order."""
        counts: Counter[int] = Counter()
        for entry in self.simulator.entries():
            if entry.status != 429:
                counts[int(entry.at // WINDOW)] += 1
        return [counts[window] for window in range(min(counts), max(counts) + 1)]

    def sent_in_pauses(self) -> int:
        """How many requests left while the server had asked to wait."""
        return sum(
            began < sent < ends and token == whose for sent, _, token in self.seen for began, ends, whose in self.pauses
        )


def steady(seconds: float) -> Callable[[], float]:
    return lambda: seconds


def shaky(seconds: float) -> Callable[[], float]:
    dice = random.Random(11)
    return lambda: dice.uniform(0, seconds)


def limits(window: str, limit: int = LIMIT, **more: Any) -> Regime:
    return Regime(rate_limit=(limit, WINDOW), rate_window=window, **more)  # type: ignore[arg-type]


async def all_of(clio: Clio, count: int, first: int = 1) -> list[object]:
    """Read so many tasks at the same time. What each call ended as."""
    results: list[object] = [None] * count

    async def read(place: int) -> None:
        try:
            results[place] = (await clio.request("GET", f"/tasks/{first + place}")).status
        except RateLimited as error:
            results[place] = error

    async with anyio.create_task_group() as group:
        for place in range(count):
            group.start_soon(read, place)
    return results


@pytest.mark.parametrize("latency", [steady(0.05), shaky(0.3)], ids=["steady", "shaky"])
@pytest.mark.parametrize("start", [0.0, 17.3])
@pytest.mark.parametrize("rounding", ["ceil", "floor"])
async def test_five_hundred_tasks_in_fixed_windows(latency: Callable[[], float], start: float, rounding: str) -> None:
    """Not one 429, and every full window is used to its limit."""
    world = World(limits("fixed", rate_reset=rounding), latency, start)
    assert [200] * 500 == await all_of(world.client(LocalLimiter), 500)
    served = world.served()
    assert 0 == world.limited
    assert [LIMIT] * (len(served) - 2) == served[1:-1]
    assert LIMIT == served[0]
    assert 500 == sum(served)


@pytest.mark.parametrize("latency", [steady(0.05), shaky(0.3)], ids=["steady", "shaky"])
@pytest.mark.parametrize("window", ["sliding", "first"])
@pytest.mark.parametrize("reset", ["ceil", "floor", "absent"])
async def test_five_hundred_tasks_in_other_windows(latency: Callable[[], float], window: str, reset: str) -> None:
    """At most one 429 a window, nothing sent in a pause, and no window wasted. Without a reset, the 429 says when."""
    world = World(limits(window, rate_reset=reset), latency)
    began = asyncio.get_running_loop().time()
    assert [200] * 500 == await all_of(world.client(LocalLimiter), 500)
    windows = (asyncio.get_running_loop().time() - began) / WINDOW
    assert windows < 10
    assert world.limited <= (10 if reset == "absent" else 0)
    assert 0 == world.sent_in_pauses()


@pytest.mark.parametrize(
    "more",
    [
        {"clock_skew": 90.0},
        {"clock_skew": -90.0},
        {"quota_4xx": False},
        {"retry_after": "date"},
        {"retry_after": "absent"},
        {"retry_after": "absent", "rate_reset": "absent"},
        {"limited_body": "wrapped"},
        {"limited_body": "wrapped-200"},
    ],
    ids=lambda more: ",".join(f"{name}={value}" for name, value in more.items()),
)
@pytest.mark.parametrize("window", ["fixed", "sliding"])
async def test_whatever_the_server_is_like_others_may_use_the_token_too(window: str, more: dict[str, Any]) -> None:
    """1 000 tasks while another program takes the same quota as it likes: hardly a 429, and all is done."""
    world = World(limits(window, **more), shaky(0.2), 7.0)
    token = world.simulator.token()
    other = world.client(None, token)
    foreign = 0

    async def rival() -> None:
        nonlocal foreign
        dice = random.Random(3)
        while True:
            await anyio.sleep(dice.uniform(1, 20))
            foreign += 1
            with suppress(RateLimited):
                await other.request("GET", "/users/who_am_i")

    async with anyio.create_task_group() as group:
        group.start_soon(rival)
        assert [200] * 1_000 == await all_of(world.client(LocalLimiter, token), 1_000)
        group.cancel_scope.cancel()
    limited = sum(entry.status == 429 for entry in world.simulator.entries())
    # The rival's own 429s are not ours to prevent. A server that does not say when has to be asked.
    silent = more.get("retry_after") == more.get("rate_reset") == "absent"
    assert limited - foreign <= (200 if silent else 50)
    assert len(world.seen) <= 1_000 + limited + foreign


async def test_a_thousand_tasks_are_hardly_refused() -> None:
    """F50: fewer than one in a hundred, also when the window is already half used by others."""
    world = World(limits("fixed"), shaky(0.2), 31.0)
    token = world.simulator.token()
    await all_of(world.client(None, token), 30)
    assert [200] * 1_000 == await all_of(world.client(LocalLimiter, token), 1_000)
    assert world.limited <= 10


async def test_after_a_429_nothing_is_sent_inside_the_pause() -> None:
    """F50, F51: those under way are answered, the others wait, and then they come one, two, four at a time."""
    world = World(limits("fixed"), steady(0.1))
    token = world.simulator.token()
    await all_of(world.client(None, token), LIMIT)
    used = len(world.seen)
    assert [200] * 200 == await all_of(world.client(LocalLimiter, token), 200)
    assert 1 <= world.limited <= 4
    assert 0 == world.sent_in_pauses()
    after = sorted(sent for sent, _, _ in world.seen[used + world.limited :])
    rounds = Counter(round((sent - after[0]) / 0.2) for sent in after[:50])
    assert [1, 2, 4, 8, 16, 19] == [rounds[number] for number in range(6)]


async def test_a_herd_after_a_pause_is_paced() -> None:
    """F51: a thousand tasks that wait do not come at once, and no burst is greater than the limit."""
    world = World(limits("sliding"), shaky(0.2))
    token = world.simulator.token()
    await all_of(world.client(None, token), LIMIT)
    assert [200] * 1_000 == await all_of(world.client(LocalLimiter, token), 1_000)
    sent = sorted(moment for moment, _, _ in world.seen[LIMIT:])
    bursts = Counter(int(moment / 0.2) for moment in sent)
    assert max(bursts.values()) <= LIMIT
    assert len(sent) <= 1_010
    assert 0 == world.sent_in_pauses()


class IgnoresRemaining(LocalLimiter):
    """The control: it knows pauses and nothing else."""

    def answered(self, request: Request, response: Response) -> Response:
        fields = [(name, value) for name, value in response.headers.pairs if "ratelimit" not in name.lower()]
        return super().answered(request, Response(response.status, Headers(fields), response.body))


class IgnoresPauses(LocalLimiter):
    """The control: a 429 is sent again, and means nothing to anybody else."""

    def passes(self, request: Request) -> bool:
        return True

    def answered(self, request: Request, response: Response) -> Response:
        return evolve(response, verdict="again") if response.status == 429 else response

    def failed(self, request: Request, *, sent: bool = True) -> None:
        return


async def test_a_limiter_that_ignores_what_is_left_is_refused() -> None:
    """The control of F50: it learns from refusals alone."""
    world = World(limits("fixed"), steady(0.05))
    await all_of(world.client(IgnoresRemaining), 200)
    assert world.limited > 50


async def test_a_limiter_that_does_not_pause_sends_into_the_pause() -> None:
    """The control of F50: what is refused is sent again, inside the pause."""
    world = World(limits("fixed"), steady(0.05))
    results = await all_of(world.client(IgnoresPauses), 200)
    assert world.limited > 1_000
    assert world.sent_in_pauses() > 1_000
    assert any(isinstance(result, RateLimited) for result in results)


async def test_a_paced_batch_is_spread_and_uses_the_window() -> None:
    """No ten seconds have more than their part of a window, and it takes no longer than the quota does."""
    limiter = LocalLimiter(
        pace="paced", clock=asyncio.get_running_loop().time, wall_clock=lambda: EPOCH, random=random.random
    )
    world = World(limits("fixed"), steady(0.05))
    await all_of(world.client(limiter), 200)
    bursts = Counter(int(sent / 10) for sent, _, _ in world.seen)
    assert max(bursts.values()) <= 12
    assert 0 == world.limited
    assert 200 == len(world.seen)


async def test_processes_with_a_share_each_do_not_refuse_each_other() -> None:
    """Four limiters that know nothing of each other, each with a quarter."""
    world = World(limits("sliding"), shaky(0.2))
    token = world.simulator.token()
    clock, wall = asyncio.get_running_loop().time, world.simulator.clock.now
    limiters = [LocalLimiter(share=1 / 4, clock=clock, wall_clock=wall, random=lambda: 0.5) for _ in range(4)]
    async with anyio.create_task_group() as group:
        for number, limiter in enumerate(limiters):
            group.start_soon(all_of, world.client(limiter, token), 60, 1 + 100 * number)
    assert 240 == sum(status == 200 for _, status, _ in world.seen)
    assert 0 == world.limited


async def test_one_principals_pause_does_not_touch_another() -> None:
    """F52: the others go on at once."""
    world = World(limits("fixed"), steady(0.05))
    limiter = LocalLimiter(clock=asyncio.get_running_loop().time, wall_clock=world.simulator.clock.now)
    busy = world.simulator.token()
    await all_of(world.client(None, busy), LIMIT)
    began = asyncio.get_running_loop().time()
    async with anyio.create_task_group() as group:
        group.start_soon(all_of, world.client(limiter, busy), 40)
        await anyio.sleep(0.5)
        for _ in range(10):
            assert [200] * 20 == await all_of(world.client(limiter, world.simulator.token(user=1)), 20)
        assert asyncio.get_running_loop().time() - began < 5
    assert asyncio.get_running_loop().time() - began > 50


async def test_interactive_calls_overtake_a_batch() -> None:
    """When the window opens, they go first; within a lane, whoever came first."""
    world = World(limits("fixed", 10), steady(0.05))
    token = world.simulator.token()
    limiter = LocalLimiter(clock=asyncio.get_running_loop().time, wall_clock=world.simulator.clock.now)
    batch = world.client(limiter, token)
    hasty = world.client(limiter, token, lane="interactive", max_wait=None)
    async with anyio.create_task_group() as group:
        group.start_soon(all_of, batch, 30, 1)
        await anyio.sleep(30)
        group.start_soon(all_of, hasty, 5, 101)
    expected = [*range(1, 11), *range(101, 106), *range(11, 31)]
    assert [str(number) for number in expected] == world.order


@pytest.mark.parametrize("max_wait", [..., 20.0, 0.0], ids=str)
async def test_a_call_that_would_wait_too_long_is_refused_at_once(max_wait: Any) -> None:
    """With the moment of the next try; what waits longer by its own choice goes on."""
    world = World(limits("fixed"), steady(0.05))
    token = world.simulator.token()
    limiter = LocalLimiter(clock=asyncio.get_running_loop().time, wall_clock=world.simulator.clock.now)
    batch = world.client(limiter, token)
    await all_of(batch, LIMIT)
    began = asyncio.get_running_loop().time()
    hasty = world.client(limiter, token, lane="interactive", max_wait=max_wait)
    with pytest.raises(RateLimited, match="was not sent") as caught:
        await hasty.request("GET", "/tasks/1")
    assert began == asyncio.get_running_loop().time()
    assert caught.value.retry_at is not None
    assert EPOCH + 60 <= caught.value.retry_at <= EPOCH + 62
    assert (429, 1) == (caught.value.status, hasty.stats.refused)
    await anyio.sleep(caught.value.retry_at - world.simulator.clock.now() + 1e-3)
    assert 200 == (await hasty.request("GET", "/tasks/1")).status


async def test_those_who_wait_are_refused_at_once_when_the_outlook_worsens() -> None:
    """A pause of a minute ends the wait of those who have ten seconds, and of nobody else."""
    world = World(limits("fixed"), steady(0.3))
    token = world.simulator.token()
    await all_of(world.client(None, token), LIMIT)
    limiter = LocalLimiter(clock=asyncio.get_running_loop().time, wall_clock=world.simulator.clock.now)
    began = asyncio.get_running_loop().time()
    done: dict[str, float] = {}

    async def call(name: str, clio: Clio, first: int) -> None:
        results = await all_of(clio, 10, first)
        done[name] = asyncio.get_running_loop().time() - began
        assert {RateLimited if name == "hasty" else int} == {type(result) for result in results}

    async with anyio.create_task_group() as group:
        group.start_soon(call, "patient", world.client(limiter, token), 1)
        await checkpoint()
        await checkpoint()
        group.start_soon(call, "hasty", world.client(limiter, token, lane="interactive"), 101)
    assert done["hasty"] < 1
    assert done["patient"] > 50


async def test_a_storm_of_cancellations_loses_nothing() -> None:
    """F71: whoever is cancelled, waiting or under way, gives its place back, and the others are served."""
    world = World(limits("fixed"), shaky(0.5))
    clio = world.client(LocalLimiter)
    dice = random.Random(2)
    ended = 0

    async def call(number: int) -> None:
        nonlocal ended
        with anyio.move_on_after(dice.choice([None, None, 0.0, 0.2, 5.0, 61.0, 61.5, 62.0, 130.0])):
            await clio.request("GET", f"/tasks/{number + 1}")
        ended += 1

    async with anyio.create_task_group() as group:
        for number in range(400):
            group.start_soon(call, number)
    quota = clio.quota
    assert (400, 0, 0, False) == (ended, quota.in_flight, quota.waiting, quota.paused)
    assert world.limited == 0
    assert 200 == (await clio.request("GET", "/tasks/1")).status


# -- a storm of refusals -----------------------------------------------------------------------------------------------


class Down(World):
    """A server that refuses everything for a minute, and then nothing. It tells of no quota."""

    fields: dict[str, str]

    async def _exchange(self, request: Request) -> Response:
        await anyio.sleep(0.05)
        refuses = self.simulator.clock.now() < EPOCH + 60
        self.seen.append((asyncio.get_running_loop().time(), 429 if refuses else 200, ""))
        return Response(429, Headers(self.fields)) if refuses else Response(200)


def down(retry_after: str | None) -> Down:
    world = Down(Regime(), steady(0.05))
    world.fields = {} if retry_after is None else {"Retry-After": retry_after}
    return world


@pytest.mark.parametrize("retry_after", ["0", "1", "5", "60", None])
async def test_a_server_that_refuses_everything_for_a_minute_is_not_stormed(retry_after: str | None) -> None:
    """F51: at most a tenth more requests than calls, whatever the server says of when to come back."""
    world = down(retry_after)
    assert [200] * 200 == await all_of(world.client(LocalLimiter), 200)
    assert len(world.seen) <= 1.1 * 200


async def test_a_server_that_refuses_everything_is_stormed_by_those_who_do_as_it_says() -> None:
    """The control of F51: eleven requests for each call."""
    world = down("0")
    await all_of(world.client(IgnoresPauses), 200)
    assert len(world.seen) == 11 * 200


@pytest.mark.parametrize("retry_after", ["0", "1", None])
@pytest.mark.parametrize("max_wait", [0.0, 2.0, 5.0])
async def test_the_patience_of_a_call_is_for_all_its_repetitions(max_wait: float, retry_after: str | None) -> None:
    """A server that says "in a second" again and again does not make a call wait longer than it may."""
    world = down(retry_after)
    clio = world.client(LocalLimiter, lane="interactive", max_wait=max_wait)
    began = asyncio.get_running_loop().time()
    with pytest.raises(RateLimited, match="was answered 429"):
        await clio.request("GET", "/tasks/1")
    assert asyncio.get_running_loop().time() - began <= max_wait + 0.05 * len(world.seen)
    assert (len(world.seen), clio.stats.refused) == (clio.stats.limited, 1)
    assert clio.stats.waited <= max_wait


# -- a batch beside somebody who clicks --------------------------------------------------------------------------------


async def clicks_beside_a_batch(batch: Clio, hasty: Clio) -> list[bool]:
    """Read 300 records, and one more every seven seconds or so. Whether each of these was served."""
    served: list[bool] = []

    async def click() -> None:
        dice = random.Random(8)
        while True:
            with suppress(RateLimited):
                served.append(False)
                await hasty.request("GET", "/tasks/1000")
                served[-1] = True
            await anyio.sleep(dice.uniform(6, 8))

    async with anyio.create_task_group() as group:
        group.start_soon(click)
        await anyio.sleep(1)
        assert [200] * 300 == await all_of(batch, 300)
        group.cancel_scope.cancel()
    return served


@pytest.mark.parametrize("window", ["fixed", "sliding", "first"])
@pytest.mark.parametrize("pace", ["burst", "paced"])
async def test_a_batch_leaves_room_for_somebody_who_clicks(window: str, pace: Any) -> None:
    """Every click is served at once, and the batch has three quarters of each window, and 0.6 if it slides."""
    world = World(limits(window), steady(0.05))
    clock, wall = asyncio.get_running_loop().time, world.simulator.clock.now
    limiter = LocalLimiter(pace=pace, clock=clock, wall_clock=wall, random=lambda: 0.5)
    began = clock()
    token = world.simulator.token()
    hasty = world.client(limiter, token, lane="interactive", max_wait=...)
    served = await clicks_beside_a_batch(world.client(limiter, token), hasty)
    assert all(served)
    assert len(served) > 40
    assert 0 == world.limited
    windows = (clock() - began) / 61.5
    assert 300 / windows >= (0.6 if window == "sliding" else 0.75) * LIMIT
    entries = [entry.at for entry in world.simulator.entries() if not entry.path.partition(".")[0].endswith("/1000")]
    full = [*Counter(int(at // WINDOW) for at in entries).values()][1:-1]
    assert window != "fixed" or min(full) >= 0.75 * LIMIT
    assert hasty.stats.waited < 1


async def test_a_batch_without_a_reserve_leaves_none() -> None:
    """The control: most clicks are refused."""
    world = World(limits("fixed"), steady(0.05))
    clock, wall = asyncio.get_running_loop().time, world.simulator.clock.now
    limiter = LocalLimiter(reserve=0.0, clock=clock, wall_clock=wall, random=lambda: 0.5)
    token = world.simulator.token()
    hasty = world.client(limiter, token, lane="interactive", max_wait=...)
    served = await clicks_beside_a_batch(world.client(limiter, token), hasty)
    assert sum(served) < len(served) / 2
