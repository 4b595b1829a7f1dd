"""Several limiters on one token, in virtual time: a real Redis runs the script, and is told what time it is."""

from __future__ import annotations

import asyncio
import gc
import os
import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import pairwise
from typing import Any

import anyio
import pytest

from clio_async.client import Clio
from clio_async.errors import ClioWarning, InvalidArgument, RateLimited
from clio_async.limiters.local import LocalLimiter
from clio_async.limiters.redis import RedisLimiter
from clio_async.redis import RedisServer
from clio_async.secrets import Secret
from clio_async.testing import Regime
from tests.simulation.test_quota import LIMIT, WINDOW, World, all_of, limits, shaky, steady
from tests.virtual import VirtualLoop

from .shared import VirtualServer
from .test_local import FIRM, asked, told


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, object]]:
    return "asyncio", {"loop_factory": VirtualLoop}


@pytest.fixture
def server(redis_url: str) -> Iterator[VirtualServer]:
    opened = VirtualServer(redis_url, lambda: asyncio.get_running_loop().time())
    yield opened
    opened.close()


class Crew:
    """A world, one token, and the processes that use it: each has a limiter of its own."""

    def __init__(
        self, server: VirtualServer, regime: Regime, latency: Callable[[], float], start: float = 17.3
    ) -> None:
        self.server = server
        self.world = World(regime, latency, start)
        self.token = self.world.simulator.token()
        self.clock = asyncio.get_running_loop().time
        self.began = self.clock()

    def limiter(self, number: int = 0, **options: Any) -> RedisLimiter:
        dice = random.Random(number).random
        server: Any = self.server  # it stands in for a real one
        return RedisLimiter(server, clock=self.clock, wall_clock=self.world.simulator.clock.now, random=dice, **options)

    def client(self, number: int = 0, limiter: Any = None, **options: Any) -> Clio:
        return self.world.client(limiter or self.limiter(number), self.token, **options)

    def clients(self, count: int) -> list[Clio]:
        return [self.client(number) for number in range(count)]

    @property
    def seconds(self) -> float:
        return self.clock() - self.began

    def own(self) -> int:
        return sum(status == 200 for _, status, _ in self.world.seen)


async def share(clients: list[Clio], each: int) -> None:
    """Let each process read so many records."""
    async with anyio.create_task_group() as group:
        for number, clio in enumerate(clients):
            group.start_soon(all_of, clio, each, 1 + each * number)


@pytest.mark.parametrize("latency", [steady(0.05), shaky(0.3)], ids=["steady", "shaky"])
@pytest.mark.parametrize(("rounding", "seconds"), [("ceil", 60.0), ("ceil", 59.5), ("floor", 59.5)])
async def test_processes_use_fixed_windows_whole(
    server: VirtualServer, latency: Callable[[], float], rounding: Any, seconds: float
) -> None:
    """Not one 429, but for a server that rounds the end of a window down: that is found out once."""
    regime = Regime(rate_limit=(LIMIT, seconds), rate_window="fixed", rate_reset=rounding)
    crew = Crew(server, regime, latency)
    await share(crew.clients(8), 28)
    assert 224 == crew.own()
    assert crew.world.limited <= (rounding == "floor" and seconds != 60)
    assert crew.seconds < 4.6 * seconds


@pytest.mark.parametrize(
    ("window", "reset"), [("sliding", "ceil"), ("sliding", "floor"), ("sliding", "absent"), ("first", "ceil")]
)
async def test_processes_use_other_windows(server: VirtualServer, window: str, reset: str) -> None:
    """At most one 429 a window, nothing sent in a pause, and no window wasted."""
    crew = Crew(server, limits(window, rate_reset=reset), shaky(0.3))
    await share(crew.clients(8), 28)
    assert 224 == crew.own()
    assert crew.world.limited <= {"absent": 5, "floor": 2}.get(reset, 0)
    assert 0 == crew.world.sent_in_pauses()
    assert crew.seconds < 5.8 * WINDOW


async def test_short_windows_are_used_whole(server: VirtualServer) -> None:
    """Two seconds are less than what whole seconds in headers tell: when they end is learned from many answers.

    But for one request at most, which nobody knew of when the window ended.
    """
    crew = Crew(server, Regime(rate_limit=(400, 2.0), rate_window="fixed"), shaky(0.02))
    await share(crew.clients(8), 150)
    counts = Counter(int(entry.at // 2.0) for entry in crew.world.simulator.entries())
    used = [counts[window] for window in sorted(counts)]
    assert 1200 == sum(used)
    assert min(used[:3]) >= 399
    assert 0 == crew.world.limited


async def test_limiters_that_know_nothing_of_each_other_are_refused(server: VirtualServer) -> None:
    """The control."""
    crew = Crew(server, limits("fixed"), shaky(0.3))
    wall = crew.world.simulator.clock.now
    alone = [LocalLimiter(clock=crew.clock, wall_clock=wall, random=random.Random(each).random) for each in range(8)]
    await share([crew.client(limiter=limiter) for limiter in alone], 40)
    assert crew.world.limited > 20
    assert crew.world.sent_in_pauses() > 0


@pytest.mark.parametrize("window", ["fixed", "sliding"])
async def test_a_foreign_program_that_takes_its_part_makes_no_storm(server: VirtualServer, window: str) -> None:
    """It does not keep to anything, and the processes together get the rest."""
    crew = Crew(server, limits(window), shaky(0.2))
    other, foreign = crew.world.client(None, crew.token), 0

    async def rival() -> None:
        nonlocal foreign
        dice = random.Random(3)
        while True:
            await anyio.sleep(dice.uniform(1, 8))
            foreign += 1
            with suppress(RateLimited):
                await other.request("GET", "/users/who_am_i")

    async with anyio.create_task_group() as group:
        group.start_soon(rival)
        await share(crew.clients(8), 40)
        group.cancel_scope.cancel()
    windows = crew.seconds / WINDOW
    refused = sum(entry.status == 429 and "tasks" in entry.path for entry in crew.world.simulator.entries())
    assert refused <= windows + 1
    assert crew.own() - foreign <= 320 <= crew.own()
    assert windows < 12


async def test_a_429_for_one_process_is_a_pause_for_all(server: VirtualServer) -> None:
    """Somebody else has used the window: one request of all finds out, and nobody sends until the pause is over."""
    crew = Crew(server, limits("fixed"), steady(0.1), 0.0)
    clients = crew.clients(8)
    await all_of(crew.world.client(None, crew.token), LIMIT)
    assert 0 == crew.world.limited
    async with anyio.create_task_group() as group:
        for number, clio in enumerate(clients):
            group.start_soon(all_of, clio, 5, 1 + 5 * number)
        await anyio.sleep(1)
        assert 1 <= crew.world.limited <= 4
        assert [True] * 8 == [clio.quota.paused for clio in clients]
    assert 0 == crew.world.sent_in_pauses()
    assert crew.world.limited <= 4


async def test_a_process_with_one_call_is_not_starved_by_one_with_hundreds(server: VirtualServer) -> None:
    """It has its turn in each window, though the other is always there first."""
    crew = Crew(server, limits("fixed"), steady(0.05), 0.0)
    served: list[int] = []

    async def small(clio: Clio) -> None:
        for _ in range(6):
            await clio.request("GET", "/tasks/1999")
            served.append(int((crew.clock() - crew.began) // WINDOW))

    async with anyio.create_task_group() as group:
        group.start_soon(all_of, crew.client(1), 400)
        await anyio.sleep(0.5)
        await small(crew.client(2))
        assert [True] * 5 == [later - earlier <= 1 for earlier, later in pairwise(served)]
        group.cancel_scope.cancel()


async def test_as_much_for_each_that_wants_as_much(server: VirtualServer) -> None:
    """Four processes with more than there is: each gets about a quarter of a window."""
    crew = Crew(server, limits("fixed"), steady(0.05), 0.0)
    clients = crew.clients(4)
    async with anyio.create_task_group() as group:
        for number, clio in enumerate(clients):
            group.start_soon(all_of, clio, 200, 1 + 200 * number)
        await anyio.sleep(0.5 * WINDOW)
        before = [clio.stats.requests for clio in clients]
        await anyio.sleep(2 * WINDOW)
        sent = [clio.stats.requests - earlier for clio, earlier in zip(clients, before, strict=True)]
        group.cancel_scope.cancel()
    assert 2 * LIMIT == sum(sent)
    assert min(sent) >= 0.6 * LIMIT / 2


async def test_interactive_calls_of_all_processes_go_before_a_batch(server: VirtualServer) -> None:
    """When the window opens. The batch of another process has waited longer."""
    crew = Crew(server, limits("fixed", 10), steady(0.05), 0.0)
    async with anyio.create_task_group() as group:
        group.start_soon(all_of, crew.client(1, crew.limiter(1, reserve=0.0)), 30, 1)
        await anyio.sleep(30)
        hasty = crew.client(2, lane="interactive", max_wait=None)
        group.start_soon(all_of, hasty, 5, 101)
    later = crew.world.order[10:20]
    assert {"101", "102", "103", "104", "105"} <= set(later)


async def test_a_batch_leaves_room_for_clicks_in_other_processes(server: VirtualServer) -> None:
    """Every click is served at once, but for the first, which nobody expects; and the batch is done."""
    crew = Crew(server, limits("fixed"), steady(0.05), 0.0)
    hasty = crew.client(9, lane="interactive", max_wait=...)
    served: list[bool] = []

    async def click() -> None:
        dice = random.Random(8)
        while True:
            served.append(False)
            with suppress(RateLimited):
                await hasty.request("GET", "/tasks/1000")
                served[-1] = True
            await anyio.sleep(dice.uniform(6, 8))

    async with anyio.create_task_group() as group:
        group.start_soon(click)
        await anyio.sleep(1)
        await share(crew.clients(2), 100)
        group.cancel_scope.cancel()
    assert all(served)
    assert len(served) > 20
    assert 0 == crew.world.limited
    assert crew.seconds < 6 * WINDOW


async def test_a_paced_batch_of_several_processes_is_spread(server: VirtualServer) -> None:
    """No ten seconds have more than their part of a window."""
    crew = Crew(server, limits("fixed"), steady(0.05), 0.0)
    await share([crew.client(each, crew.limiter(each, pace="paced")) for each in range(4)], 40)
    bursts = Counter(int(sent / 10) for sent, _, _ in crew.world.seen)
    assert max(bursts.values()) <= 15
    assert (0, 160) == (crew.world.limited, crew.own())
    assert crew.seconds < 4.5 * WINDOW


async def test_who_finds_out_may_die(server: VirtualServer) -> None:
    """The others wait for its report, but not forever."""
    crew = Crew(server, limits("fixed"), steady(0.05), 0.0)
    await all_of(crew.client(1), LIMIT)
    await anyio.sleep(WINDOW)
    slow = crew.limiter(2)
    assert not slow.passes(asked("batch", principal=crew.client(2)._principal))
    dead = asked("batch", principal=crew.client(2)._principal)
    await slow.turn(dead)  # it has the permit to find out, and is never heard of again
    began = crew.clock()
    assert [200] * 20 == await all_of(crew.client(3), 20)
    assert crew.clock() - began < 3


async def test_what_a_dead_process_held_counts_as_used_until_an_answer_tells_better(server: VirtualServer) -> None:
    """Nothing is lost for ever, and nothing is given twice."""
    crew = Crew(server, limits("fixed"), steady(0.05), 0.0)
    first = crew.client(1)
    await all_of(first, 10)
    dead = crew.limiter(2)
    for _ in range(20):
        await dead.turn(asked("batch", principal=first._principal))
    assert 19 <= await within(all_of(crew.client(3), LIMIT), 8.0, crew) <= 20
    assert 19 <= await within(all_of(crew.client(4), LIMIT, 200), 30.0, crew) <= 21
    assert 0 == crew.world.limited


async def within(calls: Any, seconds: float, crew: Crew) -> int:
    """Run calls for so many seconds. How many were served in that time."""
    before = crew.own()
    with anyio.move_on_after(seconds):
        await calls
    return crew.own() - before


async def test_a_server_that_never_tells_of_a_quota_is_not_slowed(server: VirtualServer) -> None:
    """Nobody waits but for the first answers."""
    crew = Crew(server, Regime(), steady(0.05))
    await share(crew.clients(4), 150)
    assert 600 == crew.own()
    assert crew.seconds < 2


async def test_the_quota_that_is_told_is_the_shared_one(server: VirtualServer) -> None:
    """One process knows what another has used."""
    crew = Crew(server, limits("fixed"), steady(0.05), 0.0)
    first, second = crew.clients(2)
    await all_of(first, 20)
    await all_of(second, 1)
    assert (LIMIT, 29) == (second.quota.limit, second.quota.remaining)
    await all_of(first, 29)
    with pytest.raises(RateLimited, match="used up"):
        await second.options(lane="interactive", max_wait=1.0).request("GET", "/tasks/7")
    assert second.quota.eta > 50 or second.quota.eta == 0


async def test_a_process_has_one_question_at_a_time(server: VirtualServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever comes while it is under way is told, and asked for, with the next."""
    crew = Crew(server, limits("fixed", 400), shaky(0.2))
    under_way: Counter[str] = Counter()
    most, call = 0, server.call

    async def counted(script: Any, keys: Any, arguments: Any) -> Any:
        nonlocal most
        under_way[arguments[1]] += 1
        most = max(most, under_way[arguments[1]])
        try:
            return await call(script, keys, arguments)
        finally:
            under_way[arguments[1]] -= 1

    monkeypatch.setattr(server, "call", counted)
    await share(crew.clients(4), 60)
    assert 1 == most
    assert server.calls < 200


async def test_a_call_that_will_not_wait_for_quota_asks_for_it(server: VirtualServer) -> None:
    """There is some, and to ask is not to wait, also if others of its process ask. Without any it is refused."""
    crew = Crew(server, limits("fixed", 10), steady(0.05), 0.0)
    await all_of(crew.client(1), 1)
    hasty = crew.client(2, lane="interactive", max_wait=0.0)
    assert [200] * 9 == await all_of(hasty, 9)
    began = crew.clock()
    assert ["RateLimited"] * 3 == [type(each).__name__ for each in await all_of(hasty, 3, 100)]
    assert crew.clock() - began < 1.2
    began = crew.clock()
    assert ["RateLimited"] * 3 == [type(each).__name__ for each in await all_of(hasty, 3, 200)]
    assert began == crew.clock()


# -- the server goes away ----------------------------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore:The Redis server that shares")
async def test_without_a_server_each_process_uses_its_part(server: VirtualServer) -> None:
    """From the first request on: an eighth unless told, and nobody is refused; each call waits for it once at most."""
    server.down = True
    crew = Crew(server, limits("fixed"), steady(0.05), 0.0)
    clients = crew.clients(8)
    async with anyio.create_task_group() as group:
        for number, clio in enumerate(clients):
            group.start_soon(all_of, clio, 20, 1 + 20 * number)
        await anyio.sleep(WINDOW - 1)
        assert 8 * (LIMIT // 8) == crew.own()
    assert (160, 0) == (crew.own(), crew.world.limited)
    assert server.calls < 8 * 30


async def test_a_server_that_is_away_is_said_aloud_once(server: VirtualServer) -> None:
    """With what that means, and no address."""
    server.down = True
    crew = Crew(server, limits("fixed"), steady(0.05), 0.0)
    clio = crew.client(1, crew.limiter(1, processes=4))
    with pytest.warns(ClioWarning, match=r"uses 1/4 of each window") as caught:
        await all_of(clio, 30)
    assert 1 == len(caught)


@pytest.mark.filterwarnings("ignore:The Redis server that shares")
@pytest.mark.parametrize("flushed", [False, True])
async def test_a_server_that_goes_and_comes_back(server: VirtualServer, flushed: bool) -> None:
    """Down in the middle of a window, then back, with what it knew or without: no burst, and all is done."""
    crew = Crew(server, limits("fixed"), shaky(0.2), 0.0)
    async with anyio.create_task_group() as group:
        for number, clio in enumerate(crew.clients(8)):
            group.start_soon(all_of, clio, 50, 1 + 50 * number)
        await anyio.sleep(0.3)
        server.down = True
        await anyio.sleep(20)
        if flushed:
            server.flush()
        server.down = False
    assert 400 == crew.own()
    assert crew.world.limited <= 4
    assert crew.seconds < 10.5 * WINDOW


@pytest.mark.parametrize("moment", [0.1, 0.4, 60.2])
async def test_a_server_that_forgets_everything(server: VirtualServer, moment: float) -> None:
    """Flushed in the middle: what is under way is told again, and the quota is learned anew."""
    crew = Crew(server, limits("fixed"), shaky(0.2), 0.0)
    async with anyio.create_task_group() as group:
        for number, clio in enumerate(crew.clients(8)):
            group.start_soon(all_of, clio, 40, 1 + 40 * number)
        await anyio.sleep(moment)
        server.flush()
    assert 320 == crew.own()
    assert crew.world.limited <= 4


@pytest.mark.filterwarnings("ignore:The Redis server that shares")
@pytest.mark.parametrize("seed", range(2))
async def test_lost_replies_and_cancellations_lose_no_permit(server: VirtualServer, seed: int) -> None:
    """F71: whatever was granted and did not arrive, or was not used, is given back by what is told next."""
    dice = random.Random(seed)
    server.lost_replies = lambda: dice.random() < 0.05
    crew = Crew(server, limits("fixed"), shaky(0.3))
    clients, ended = crew.clients(4), 0

    async def call(clio: Clio, number: int) -> None:
        nonlocal ended
        with anyio.move_on_after(dice.choice([None, None, 0.0, 0.0005, 0.001, 0.2, 5.0, 61.0, 130.0])):
            await clio.request("GET", f"/tasks/{number + 1}")
        ended += 1

    async with anyio.create_task_group() as group:
        for number in range(300):
            group.start_soon(call, clients[number % 4], number)
    assert 300 == ended
    assert [(0, 0)] * 4 == [(clio.quota.in_flight, clio.quota.waiting) for clio in clients]
    assert crew.world.limited <= 4
    server.lost_replies = lambda: False
    await anyio.sleep(2 * WINDOW)
    before = crew.own()
    assert [200] * LIMIT == await all_of(clients[0], LIMIT)
    assert LIMIT == crew.own() - before


@pytest.mark.parametrize("jump", [-3600.0, 5.0])
async def test_a_clock_of_the_server_that_jumps_makes_no_storm(server: VirtualServer, jump: float) -> None:
    """F76: at worst a few are refused, or a window is waited for once more."""
    crew = Crew(server, limits("fixed"), steady(0.05), 0.0)
    async with anyio.create_task_group() as group:
        for number, clio in enumerate(crew.clients(4)):
            group.start_soon(all_of, clio, 50, 1 + 50 * number)
        await anyio.sleep(20)
        server.ahead = jump
    assert 200 == crew.own()
    assert crew.world.limited <= 5
    assert crew.seconds < 12 * WINDOW


# -- processes, loops, arguments ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [LocalLimiter, RedisLimiter])
async def test_a_child_has_nothing_under_way(
    server: VirtualServer, monkeypatch: pytest.MonkeyPatch, kind: type[LocalLimiter]
) -> None:
    """F74: what the parent has sent, and who waits there, is the parent's; what is known of the quota stays."""
    crew = Crew(server, limits("fixed"), steady(0.05), 0.0)
    limiter = crew.limiter() if kind is RedisLimiter else LocalLimiter(clock=crew.clock)
    for number in range(5):
        request = asked("batch")
        if number or not limiter.passes(request):
            await limiter.turn(request)
        if not number:
            limiter.answered(request, told(LIMIT - 1))
            await limiter.settle(request)
    waits = asked("batch")
    assert 4 == limiter.quota(FIRM).in_flight
    monkeypatch.setattr(os, "getpid", lambda: -1)
    limiter.passes(waits)
    assert limiter.quota(FIRM).in_flight <= 1
    assert LIMIT == limiter.quota(FIRM).limit
    if isinstance(limiter, RedisLimiter):
        await limiter.turn(waits)
        assert 1 == limiter.quota(FIRM).in_flight


def test_it_goes_on_in_a_second_event_loop(redis_url: str) -> None:
    """Also if a question was under way when the first one ended."""
    loops = [VirtualLoop(), VirtualLoop()]
    now = [0.0]
    server = VirtualServer(redis_url, lambda: now[0], latency=lambda: 1.0)
    limiter = RedisLimiter(server, clock=lambda: now[0])  # type: ignore[arg-type]
    task = loops[0].create_task(limiter.turn(asked("batch")))
    loops[0].run_until_complete(asyncio.sleep(0.5))
    loops[1].run_until_complete(limiter.turn(asked("batch")))
    assert 1 == limiter.quota(FIRM).in_flight
    del task
    for loop in loops:
        for left in asyncio.all_tasks(loop):
            left.cancel()
        loop.run_until_complete(asyncio.sleep(2))
        loop.close()
    gc.collect()
    server.close()


@pytest.mark.parametrize("wrong", [0, -1, True, 1.5, "2", None])
def test_a_number_of_processes_that_cannot_be_is_refused(server: VirtualServer, wrong: Any) -> None:
    """Before anything is sent."""
    with pytest.raises(InvalidArgument, match="processes"):
        RedisLimiter(server, processes=wrong)  # type: ignore[arg-type]


async def test_a_server_that_was_lent_is_not_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that was made from a URL is."""
    closed: list[RedisServer] = []

    async def aclose(self: RedisServer) -> None:
        closed.append(self)

    monkeypatch.setattr(RedisServer, "aclose", aclose)
    lent = RedisServer("redis://localhost/0")
    await RedisLimiter(lent).aclose()
    assert [] == closed
    for url in ("redis://localhost/0", Secret("redis://localhost/0")):
        await RedisLimiter(url).aclose()
    assert 2 == len(closed)
