"""Identical reads share one request (row F45 of the fault table), and nothing else."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable

import anyio
import anyio.lowlevel
import pytest
from anyio import wait_all_tasks_blocked

from clio_async.client import Clio
from clio_async.errors import MaybeSent, NotFound, NotSentTimeout, RateLimited, WrongEventLoop
from clio_async.limiters.local import LocalLimiter
from clio_async.messages import Headers, Request, Response
from clio_async.middleware.base import Handler
from clio_async.middleware.single_flight import _Key
from tests.origin import BASE, Clock, Gate, Origin, Wire, client, ok

MATTER = "/matters/42"
TWENTY = 20


class Callers:
    """Start reads of one record, and collect what they end as."""

    def __init__(self, group: anyio.abc.TaskGroup) -> None:
        self.group = group
        self.results: dict[str, object] = {}
        self.scopes: dict[str, anyio.CancelScope] = {}

    async def start(self, name: str, clio: Clio, path: str = MATTER, **arguments: object) -> None:
        self.group.start_soon(self._call, name, clio, path, arguments)
        await wait_all_tasks_blocked()

    async def _call(self, name: str, clio: Clio, path: str, arguments: dict[str, object]) -> None:
        with anyio.CancelScope() as scope:
            self.scopes[name] = scope
            try:
                self.results[name] = await clio.request("GET", path, **arguments)  # type: ignore[arg-type]
            except Exception as error:
                self.results[name] = error

    async def cancel(self, name: str) -> None:
        self.scopes[name].cancel()
        await wait_all_tasks_blocked()


async def test_concurrent_identical_reads_share_one_request() -> None:
    """Twenty callers, one request, one decoded body."""
    gate = Gate(lambda request: ok(b"x", ETag='"1"'))
    wire = Wire(gate)
    clio = client(wire)
    async with anyio.create_task_group() as group:
        callers = Callers(group)
        for number in range(TWENTY):
            await callers.start(str(number), clio)
        assert 1 == len(gate.waiting)
        gate.waiting[0].set()
    answers = [answer for answer in callers.results.values() if isinstance(answer, Response)]
    assert ["network"] + ["shared"] * (TWENTY - 1) == sorted(answer.source for answer in answers)
    assert 1 == len({id(answer.body) for answer in answers})
    assert 1 == len({id(answer.memo) for answer in answers})
    assert (1, TWENTY - 1) == (clio.stats.requests, clio.stats.shared)


async def test_shared_validations_give_everybody_what_is_held() -> None:
    """A 304 is shared as the entry that it confirms."""
    origin = Origin()
    origin.put(MATTER, b"x")
    clio = client(Wire(origin.answer))
    await clio.request("GET", MATTER)
    gate = Gate(origin.answer)
    wire = Wire(gate)
    clio._core.transport.answer = gate  # type: ignore[attr-defined]
    async with anyio.create_task_group() as group:
        callers = Callers(group)
        for name in "abc":
            await callers.start(name, clio)
        assert 1 == len(gate.waiting)
        gate.waiting[0].set()
    assert [b"x"] * 3 == [answer.body for answer in callers.results.values()]  # type: ignore[attr-defined]
    assert ["revalidated", "shared", "shared"] == [answer.source for answer in callers.results.values()]  # type: ignore[attr-defined]
    assert (1, 2, 3) == (clio.stats.revalidated, clio.stats.shared, clio.stats.bytes_saved)
    assert [] == wire.seen


@pytest.mark.parametrize(
    "other",
    [
        {"path": "/matters/7"},
        {"path": f"{MATTER}?fields=id"},
        {"headers": {"Accept-Language": "fr"}},
        {"headers": {"If-None-Match": '"1"'}},
    ],
    ids=["target", "selection", "header", "condition"],
)
async def test_reads_that_differ_do_not_share(other: dict[str, object]) -> None:
    """Only identical requests are one."""
    gate = Gate(lambda request: ok())
    clio = client(Wire(gate))
    async with anyio.create_task_group() as group:
        callers = Callers(group)
        await callers.start("a", clio)
        await callers.start("b", clio, **other)  # type: ignore[arg-type]
        assert 2 == len(gate.waiting)
        for event in gate.waiting:
            event.set()


async def test_principals_versions_and_cache_modes_do_not_share() -> None:
    """A flight belongs to one principal, one version, one mode."""
    gate = Gate(lambda request: ok())
    clio = client(Wire(gate))
    others = [clio.with_auth("token-b"), clio.options(api_version="4.0.9"), clio.options(cache="bypass")]
    async with anyio.create_task_group() as group:
        callers = Callers(group)
        for number, each in enumerate([clio, *others]):
            await callers.start(str(number), each)
        assert 4 == len(gate.waiting)
        for event in gate.waiting:
            event.set()


async def test_a_read_that_begins_after_a_write_began_does_not_join_an_older_flight() -> None:
    """Promise 2: its answer may be from before the write."""
    origin = Origin()
    origin.put(MATTER, b"old")
    gate = Gate(origin.answer)
    clio = client(Wire(lambda request: gate(request) if request.method == "GET" else origin.answer(request)))
    async with anyio.create_task_group() as group:
        callers = Callers(group)
        await callers.start("before", clio)
        await clio.request("PATCH", MATTER, json="new")
        await callers.start("after", clio)
        assert 2 == len(gate.waiting)
        for event in gate.waiting:
            event.set()
    assert (b"old", b'"new"') == (callers.results["before"].body, callers.results["after"].body)  # type: ignore[attr-defined]


async def test_a_cancelled_leader_costs_one_more_request_and_no_waiter() -> None:
    """F45: of those with as much time, the oldest waiter takes over."""
    gate = Gate(lambda request: ok(b"x"))
    clio = client(Wire(gate))
    async with anyio.create_task_group() as group:
        callers = Callers(group)
        for name in "abc":
            await callers.start(name, clio)
        await callers.cancel("a")
        assert 2 == len(gate.waiting)
        gate.waiting[1].set()
    assert {"b", "c"} == callers.results.keys()
    assert ["network", "shared"] == [callers.results[name].source for name in "bc"]  # type: ignore[attr-defined]


async def test_a_chain_of_cancelled_leaders_ends_with_whoever_is_left() -> None:
    """F45: at most one more request for each leader that gives up."""
    gate = Gate(lambda request: ok(b"x"))
    clio = client(Wire(gate))
    async with anyio.create_task_group() as group:
        callers = Callers(group)
        for name in "abcd":
            await callers.start(name, clio)
        for name in "abc":
            await callers.cancel(name)
        assert 4 == len(gate.waiting)
        gate.waiting[3].set()
    assert {"d"} == callers.results.keys()


async def test_a_waiter_that_is_cancelled_at_the_moment_it_is_called_hands_on() -> None:
    """F45: the call to lead is not lost with the one who was called."""
    gate = Gate(lambda request: ok(b"x"))
    clio = client(Wire(gate))
    async with anyio.create_task_group() as group:
        callers = Callers(group)
        for name in "abc":
            await callers.start(name, clio)
        callers.scopes["a"].cancel()
        callers.scopes["b"].cancel()
        await wait_all_tasks_blocked()
        gate.waiting[-1].set()
    assert b"x" == callers.results["c"].body  # type: ignore[attr-defined]


async def test_a_cancelled_waiter_leaves_the_flight_alone() -> None:
    """Nobody else notices, and the flight is not asked for twice."""
    gate = Gate(lambda request: ok(b"x"))
    clio = client(Wire(gate))
    async with anyio.create_task_group() as group:
        callers = Callers(group)
        for name in "abc":
            await callers.start(name, clio)
        await callers.cancel("b")
        gate.waiting[0].set()
    assert (1, {"a", "c"}) == (len(gate.waiting), callers.results.keys())


async def test_when_all_give_up_nothing_is_left_and_the_next_read_flies() -> None:
    """A flight without anybody is forgotten."""
    gate = Gate(lambda request: ok(b"x"))
    clio = client(Wire(gate))
    async with anyio.create_task_group() as group:
        callers = Callers(group)
        await callers.start("a", clio)
        await callers.start("b", clio)
        await callers.cancel("b")
        await callers.cancel("a")
        await callers.start("c", clio)
        gate.waiting[-1].set()
    assert (2, {"c"}) == (len(gate.waiting), callers.results.keys())


async def test_a_failure_is_shared_with_those_who_wait_and_with_nobody_later() -> None:
    """F45: each gets an exception of its own; the next read asks again."""
    failing = True

    def answer(request: Request) -> Response:
        if failing:
            raise MaybeSent("reset")
        return ok(b"x")

    gate_open = anyio.Event()

    async def slow(request: Request) -> Response:
        await gate_open.wait()
        return answer(request)

    wire = Wire(slow)
    clio = client(wire, retry=None)
    async with anyio.create_task_group() as group:
        callers = Callers(group)
        for name in "abc":
            await callers.start(name, clio)
        gate_open.set()
    assert 1 == len(wire.seen)
    assert all(isinstance(error, MaybeSent) for error in callers.results.values())
    assert 3 == len({id(error) for error in callers.results.values()})
    failing = False
    assert b"x" == (await clio.request("GET", MATTER)).body


async def test_an_error_status_is_shared_like_any_answer() -> None:
    """A 404 is one request's answer for all who wait for it."""
    gate = Gate(lambda request: Response(404))
    clio = client(Wire(gate))
    async with anyio.create_task_group() as group:
        callers = Callers(group)
        for name in "ab":
            await callers.start(name, clio)
        gate.waiting[0].set()
    assert 1 == len(gate.waiting)
    assert all(isinstance(error, NotFound) for error in callers.results.values())


async def test_each_waiter_waits_no_longer_than_it_may() -> None:
    """Waiting limits belong to the waiter; the leader goes on."""
    clock = Clock()
    gate = Gate(lambda request: ok(b"x"))
    clio = client(Wire(gate), clock=clock)
    async with anyio.create_task_group() as group:
        callers = Callers(group)
        await callers.start("patient", clio)
        with anyio.fail_after(5):
            # Its time is over on the client's clock as it begins to wait.
            late = clio.options(timeout=1e-9)
            await callers.start("hasty", late)
            while "hasty" not in callers.results:
                await anyio.lowlevel.checkpoint()
        gate.waiting[0].set()
    assert isinstance(callers.results["hasty"], NotSentTimeout)
    assert b"x" == callers.results["patient"].body  # type: ignore[attr-defined]


async def test_a_waiter_with_time_left_is_answered() -> None:
    """A bound that is not reached changes nothing."""
    gate = Gate(lambda request: ok(b"x"))
    clio = client(Wire(gate), timeout=60.0)
    async with anyio.create_task_group() as group:
        callers = Callers(group)
        for name in "ab":
            await callers.start(name, clio)
        gate.waiting[0].set()
    assert [b"x", b"x"] == [answer.body for answer in callers.results.values()]  # type: ignore[attr-defined]


async def test_a_leader_that_runs_out_of_time_hands_over() -> None:
    """Its time is its own: those who have more go on."""
    calls: list[Request] = []
    held = anyio.Event()

    async def answer(request: Request) -> Response:
        calls.append(request)
        if len(calls) == 1:
            await held.wait()
            raise NotSentTimeout("late")
        return ok(b"x")

    clio = client(Wire(answer), retry=None)
    async with anyio.create_task_group() as group:
        callers = Callers(group)
        await callers.start("a", clio)
        await callers.start("b", clio)
        held.set()
    assert isinstance(callers.results["a"], NotSentTimeout)
    assert b"x" == callers.results["b"].body  # type: ignore[attr-defined]


async def test_writes_never_share() -> None:
    """Two identical writes are two writes."""
    gate = Gate(lambda request: ok())
    clio = client(Wire(gate))
    async with anyio.create_task_group() as group:
        for _ in range(2):
            group.start_soon(clio.request, "POST", "/matters")
        await wait_all_tasks_blocked()
        assert 2 == len(gate.waiting)
        for event in gate.waiting:
            event.set()


async def test_nothing_is_shared_under_an_unknown_generation() -> None:
    """A store that cannot say what was written forbids joining."""
    from clio_async.caches.base import Begun
    from clio_async.caches.memory import MemoryCache

    class Unknowing(MemoryCache):
        async def begin(self, *_: object) -> Begun:  # type: ignore[override]
            return Begun(None, None)

    gate = Gate(lambda request: ok())
    clio = client(Wire(gate), cache=Unknowing())
    async with anyio.create_task_group() as group:
        callers = Callers(group)
        await callers.start("a", clio)
        await callers.start("b", clio)
        assert 2 == len(gate.waiting)
        for event in gate.waiting:
            event.set()


async def test_a_waiter_called_and_cancelled_with_nobody_behind_ends_the_flight() -> None:
    """F45: the next read flies on its own."""
    gate = Gate(lambda request: ok(b"x"))
    clio = client(Wire(gate))
    async with anyio.create_task_group() as group:
        callers = Callers(group)
        for name in "ab":
            await callers.start(name, clio)
        callers.scopes["a"].cancel()
        callers.scopes["b"].cancel()
        await wait_all_tasks_blocked()
        await callers.start("c", clio)
        gate.waiting[-1].set()
    assert {"c"} == callers.results.keys()


def test_a_flight_is_joined_in_its_own_event_loop_alone() -> None:
    """F73: nobody can be woken from another loop. It is refused while that lives, then has a flight of its own."""
    wire = Wire(Gate(lambda request: ok(b"x")))
    clio = client(wire)
    left = asyncio.new_event_loop()
    task = left.create_task(clio.request("GET", MATTER))
    left.run_until_complete(asyncio.sleep(0))
    wire.answer = lambda request: ok(b"y")
    with pytest.raises(WrongEventLoop, match="not ended"):
        anyio.run(clio.request, "GET", MATTER)
    assert 1 == len(wire.seen) == clio.stats.calls
    left.close()
    assert b"y" == anyio.run(clio.request, "GET", MATTER).body
    assert 2 == len(wire.seen)
    with contextlib.suppress(RuntimeError):  # it ends where it can wake nobody
        task.get_coro().close()
    left._ready.clear()  # type: ignore[attr-defined]
    task._log_destroy_pending = False  # type: ignore[attr-defined]


def test_a_waiter_that_is_cancelled_as_it_is_answered_is_cancelled() -> None:
    """And nothing else: its place in the flight is empty by then. (Only asyncio cancels what was woken already.)"""
    clio = client(Wire(lambda request: ok(b"x")))

    async def run() -> None:
        gate = clio._core.transport.answer = Gate(lambda request: ok(b"x"))  # type: ignore[attr-defined]

        async def lead() -> None:
            await clio.request("GET", MATTER)
            waiter.cancel()

        leader = asyncio.create_task(lead())
        await wait_all_tasks_blocked()
        waiter = asyncio.create_task(clio.request("GET", MATTER))
        await wait_all_tasks_blocked()
        gate.waiting[0].set()
        await leader
        with pytest.raises(asyncio.CancelledError):
            await waiter

    anyio.run(run)


def test_the_key_of_a_flight_shows_no_header() -> None:
    """F37: a traceback may show it."""
    assert "<key of a flight>" == repr(_Key((("X-Api-Key", "secret"),)))


async def test_a_flight_that_its_leader_takes_down_would_take_the_waiters_with_it() -> None:
    """F45, the control: share the leader's own outcome, and one cancellation ends everybody."""

    class Naive:
        def __init__(self) -> None:
            self.flights: dict[str, tuple[anyio.Event, list[Response]]] = {}

        async def __call__(self, request: Request, call_next: Handler, /) -> Response:
            if request.url in self.flights:
                landed, answers = self.flights[request.url]
                await landed.wait()
                return answers[0]
            landed, answers = self.flights[request.url] = anyio.Event(), []
            try:
                answers.append(await call_next(request))
            finally:
                landed.set()
            return answers[0]

    gate = Gate(lambda request: ok(b"x"))
    clio = client(Wire(gate), middleware=[Naive()])
    async with anyio.create_task_group() as group:
        callers = Callers(group)
        for name in "abc":
            await callers.start(name, clio)
        await callers.cancel("a")
    assert [IndexError, IndexError] == [type(callers.results[name]) for name in "bc"]


# -- quota -------------------------------------------------------------------------------------------------------------


class Quota:
    """A server that answers when the test says so, and callers of which only one more than four may go."""

    def __init__(self, group: anyio.abc.TaskGroup, **options: object) -> None:
        self.gate = Gate(lambda _: ok(b"x"))
        self.wire = Wire(self.gate)
        self.clio = client(self.wire, **options)
        self.callers = Callers(group)

    async def use_up(self) -> None:
        """Send what may be sent before anything is known."""
        for number in range(4):
            await self.callers.start(f"first {number}", self.clio, f"/matters/{number}")
        assert 4 == len(self.wire.seen)

    def waiting(self) -> list[float | None]:
        """The patience of those who wait for quota."""
        line = next(iter(self.clio._core.limiter._tenants.values())).line  # type: ignore[union-attr]
        return [waiter.request.options and waiter.request.options.patience for waiter in line or ()]

    async def open(self) -> None:
        for event in self.gate.waiting:
            event.set()
        await wait_all_tasks_blocked()
        for event in self.gate.waiting:
            event.set()


def paused(wire: Wire) -> Clio:
    """A client whose principal is asked to wait for half a minute."""
    return client(wire, limiter=LocalLimiter(clock=Clock(), wall_clock=lambda: 1_800_000_000.0), clock=Clock())


async def test_a_flight_runs_in_the_best_lane_of_its_waiters() -> None:
    """A batch that waits for quota is overtaken by what an interactive call waits for."""
    async with anyio.create_task_group() as group:
        quota = Quota(group)
        await quota.use_up()
        batch = quota.clio.options(lane="batch")
        await quota.callers.start("other", batch, "/matters/41")
        await quota.callers.start("leader", batch)
        await quota.callers.start("fellow", batch)
        line = next(iter(quota.clio._core.limiter._tenants.values())).line  # type: ignore[union-attr]
        assert line is not None
        assert ["/matters/41", MATTER] == [waiter.request.url.removeprefix(BASE) for waiter in line]
        await quota.callers.start("interactive", quota.clio)
        assert [False, True] == [waiter.batch for waiter in line]
        assert [MATTER, "/matters/41"] == [waiter.request.url.removeprefix(BASE) for waiter in line]
        await quota.open()
    assert 6 == len(quota.wire.seen)


async def test_a_new_leader_flies_in_the_best_lane_with_its_own_patience() -> None:
    """The batch that takes over waits as long as it may, and where those wait who wait with it."""
    async with anyio.create_task_group() as group:
        quota = Quota(group)
        await quota.use_up()
        await quota.callers.start("leader", quota.clio)
        await quota.callers.start("batch", quota.clio.options(lane="batch"))
        await quota.callers.start("interactive", quota.clio)
        await quota.callers.cancel("leader")
        line = next(iter(quota.clio._core.limiter._tenants.values())).line  # type: ignore[union-attr]
        assert line is not None
        (waiter,) = line
        assert waiter.request.options is not None
        assert (False, None) == (waiter.batch, waiter.request.options.patience)
        await quota.open()
    assert {"first 0", "first 1", "first 2", "first 3", "batch", "interactive"} == quota.callers.results.keys()


async def test_whoever_joins_a_flight_promotes_its_new_leader() -> None:
    """Not the one that has left."""
    async with anyio.create_task_group() as group:
        quota = Quota(group)
        await quota.use_up()
        batch = quota.clio.options(lane="batch")
        for name in ("leader", "heir"):
            await quota.callers.start(name, batch)
        await quota.callers.cancel("leader")
        await quota.callers.start("interactive", quota.clio)
        line = next(iter(quota.clio._core.limiter._tenants.values())).line  # type: ignore[union-attr]
        assert line is not None
        assert [False] == [waiter.batch for waiter in line]
        await quota.open()
    assert quota.callers.results["interactive"] is not None


async def test_a_waiter_that_may_not_wait_so_long_is_refused_by_itself() -> None:
    """At once, with the moment of the next try; the flight goes on for the others."""
    wire = Wire(lambda _: Response(429, Headers({"Retry-After": "30"})))
    clio = paused(wire)
    async with anyio.create_task_group() as group:
        callers = Callers(group)
        await callers.start("leader", clio.options(lane="batch"))
        await callers.start("hasty", clio)
        await callers.start("patient", clio.options(max_wait=None))
        assert {"hasty"} == callers.results.keys()
        error = callers.results["hasty"]
        assert isinstance(error, RateLimited)
        assert 1_800_000_030 == error.retry_at
        group.cancel_scope.cancel()
    assert 1 == len(wire.seen)


@pytest.mark.parametrize("clock", [time.monotonic, Clock()], ids=["running", "still"])
async def test_a_waiter_is_refused_when_its_patience_ends_if_the_flight_waits(
    clock: Callable[[], float],
) -> None:
    """And not while it waits for the answer. Timers are those of the event loop, whatever the clock says."""
    async with anyio.create_task_group() as group:
        quota = Quota(group, clock=clock)
        await quota.use_up()
        await quota.callers.start("leader", quota.clio)
        await quota.callers.start("hasty", quota.clio.options(max_wait=0.01))
        await quota.callers.start("on the wire", quota.clio.options(max_wait=0.01), "/matters/1")
        with anyio.fail_after(5):
            while "hasty" not in quota.callers.results:  # noqa: ASYNC110
                await anyio.sleep(0.001)
        await anyio.sleep(0.12)
        assert {"hasty"} == quota.callers.results.keys()
        assert isinstance(quota.callers.results["hasty"], RateLimited)
        await quota.open()
    assert b"x" == quota.callers.results["on the wire"].body  # type: ignore[attr-defined]


class Silent(LocalLimiter):
    """The control: it tells nobody that a request waits."""

    def watch(self, request: Request, told: object) -> None:
        return


@pytest.mark.parametrize(("limiter", "expected"), [(LocalLimiter, {"hasty"}), (Silent, set[str]())])
@pytest.mark.parametrize("leader", [None, 300.0])
async def test_a_waiter_is_refused_as_soon_as_a_pause_is_longer_than_its_patience(
    limiter: type[LocalLimiter], expected: set[str], leader: float | None
) -> None:
    """The flight was on the wire when it joined. Nobody else is."""
    gate = Gate(lambda _: Response(429, Headers({"Retry-After": "30"})))
    clock = Clock()
    clio = client(Wire(gate), clock=clock, limiter=limiter(clock=clock, wall_clock=clock))
    async with anyio.create_task_group() as group:
        callers = Callers(group)
        await callers.start("leader", clio.options(max_wait=leader))
        await callers.start("hasty", clio)
        await callers.start("patient", clio.options(max_wait=40.0))
        assert {} == callers.results
        gate.waiting[0].set()
        await wait_all_tasks_blocked()
        assert expected == callers.results.keys()
        assert all(error.retry_at == 1030.0 for error in callers.results.values())  # type: ignore[attr-defined]
        group.cancel_scope.cancel()


async def test_time_on_the_wire_costs_no_patience() -> None:
    """A waiter may wait for quota as long as if it had joined just then."""
    gate = Gate(lambda _: Response(429, Headers({"Retry-After": "9"})))
    clock = Clock()
    clio = client(Wire(gate), clock=clock)
    async with anyio.create_task_group() as group:
        callers = Callers(group)
        await callers.start("leader", clio)
        await callers.start("waiter", clio)
        clock.now += 50.0
        gate.waiting[0].set()
        await wait_all_tasks_blocked()
        assert {} == callers.results
        group.cancel_scope.cancel()


async def test_the_waits_of_a_flight_add_up_for_its_waiters() -> None:
    """As they do for who leads it: two pauses of six seconds are more than ten."""
    gate = Gate(lambda _: Response(429, Headers({"Retry-After": "6"})))
    clock = Clock()
    clio = client(Wire(gate), clock=clock)
    async with anyio.create_task_group() as group:
        callers = Callers(group)
        await callers.start("other", clio.options(lane="batch"), "/matters/41")
        await callers.start("leader", clio.options(max_wait=None))
        await callers.start("waiter", clio)
        gate.waiting[1].set()
        await wait_all_tasks_blocked()
        assert {} == callers.results
        clock.now += 6.0
        await callers.cancel("other")  # lets the limiter look at the time
        gate.waiting[2].set()
        await wait_all_tasks_blocked()
        assert {"waiter"} == callers.results.keys()
        group.cancel_scope.cancel()


async def test_what_a_flight_waited_for_quota_is_taken_off_the_patience_of_who_takes_it_over() -> None:
    """From when it joined: waits of one call add up, whoever leads."""
    clock = Clock()
    async with anyio.create_task_group() as group:
        quota = Quota(group, clock=clock)
        await quota.use_up()
        await quota.callers.start("leader", quota.clio)
        clock.now += 0.125
        await quota.callers.start("heir", quota.clio.options(max_wait=9.0))
        clock.now += 0.25
        await quota.callers.start("second", quota.clio)
        await quota.callers.start("patient", quota.clio.options(lane="batch"))
        clock.now += 0.125
        await quota.callers.cancel("leader")
        assert [8.625] == quota.waiting()
        clock.now += 0.125
        await quota.callers.start("late", quota.clio)
        clock.now += 0.125
        await quota.callers.cancel("heir")
        assert [9.625] == quota.waiting()
        await quota.callers.cancel("second")
        assert [None] == quota.waiting()
        await quota.callers.cancel("patient")
        assert [9.875] == quota.waiting()
        await quota.open()
    assert "late" in quota.callers.results


async def test_a_flight_that_is_over_is_watched_by_nobody() -> None:
    """F77: whoever led it, and however it ended."""
    async with anyio.create_task_group() as group:
        quota = Quota(group)
        await quota.use_up()
        for name in "abc":
            await quota.callers.start(name, quota.clio)
        tenant = next(iter(quota.clio._core.limiter._tenants.values()))  # type: ignore[union-attr]
        assert tenant._watches
        await quota.callers.cancel("a")
        assert tenant._watches
        await quota.open()
    assert {"b", "c"} < quota.callers.results.keys()
    assert None is tenant._watches


async def test_a_leader_that_is_refused_for_its_own_patience_hands_over() -> None:
    """Its patience is its own: those who have more go on."""
    async with anyio.create_task_group() as group:
        quota = Quota(group)
        await quota.use_up()
        await quota.callers.start("leader", quota.clio.options(max_wait=0.01))
        await quota.callers.start("patient", quota.clio)
        with anyio.fail_after(5):
            while "leader" not in quota.callers.results:  # noqa: ASYNC110
                await anyio.sleep(0.001)
        assert isinstance(quota.callers.results["leader"], RateLimited)
        await quota.open()
    assert b"x" == quota.callers.results["patient"].body  # type: ignore[attr-defined]


async def test_without_a_limiter_nobody_is_refused() -> None:
    """There is nothing to wait for but the answer."""
    gate = Gate(lambda request: ok(b"x"))
    clio = client(Wire(gate), limiter=None).options(max_wait=0)
    async with anyio.create_task_group() as group:
        callers = Callers(group)
        for name in "ab":
            await callers.start(name, clio)
        gate.waiting[0].set()
    assert [b"x", b"x"] == [answer.body for answer in callers.results.values()]  # type: ignore[attr-defined]


async def test_without_a_limiter_a_flight_is_taken_over_too() -> None:
    """With waiters behind, and with all the patience that there was."""
    gate = Gate(lambda request: ok(b"x"))
    clio = client(Wire(gate), limiter=None).options(max_wait=0)
    async with anyio.create_task_group() as group:
        callers = Callers(group)
        for name in "abc":
            await callers.start(name, clio)
        await callers.cancel("a")
        gate.waiting[-1].set()
    assert {"b", "c"} == callers.results.keys()
