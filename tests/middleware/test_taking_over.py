"""Whoever waits for an answer that is not for it asks anew: after a redirect, or when the leader had no time (F45)."""

from __future__ import annotations

import gc
from collections.abc import Callable

import anyio
import pytest
from trio.testing import MockClock

from clio_async.client import Clio
from clio_async.errors import MaybeSent, NotSentTimeout, RateLimited, ResponseBroken, ServerError
from clio_async.messages import Headers, Request, Response
from clio_async.middleware.single_flight import SingleFlight
from clio_async.options import Options, RetryPolicy
from clio_async.principal import Principal
from clio_async.stats import Stats
from tests.origin import BASE, Wire, client, ok
from tests.virtual import VirtualLoop

FIRST, OTHER = "/practice_areas/5", "/practice_areas_with_categories/5"


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> tuple[str, dict[str, object]]:
    """No moment passes while a task can go on, on either backend."""
    if request.param == "trio":
        return "trio", {"clock": MockClock(autojump_threshold=0)}
    return "asyncio", {"loop_factory": VirtualLoop}


class Slow:
    """A server that takes a second to read, at the second URL if there is one, and answers what was so at first."""

    def __init__(self, moved: bool = True) -> None:
        self.moved = moved
        self.value = b"1"
        self.begun: list[float] = []

    async def __call__(self, request: Request) -> Response:
        if request.method == "PATCH":
            self.value = b"2"
            return ok()
        if self.moved and request.url == BASE + FIRST:
            return Response(301, Headers({"Location": BASE + OTHER}))
        self.begun.append(anyio.current_time())
        value = self.value
        await anyio.sleep(1)
        return ok(value)


class Failing:
    """A server that takes a tenth of a second, and fails a few times."""

    def __init__(self, *failures: Response | Exception) -> None:
        self.left = list(failures)
        self.begun: list[float] = []

    async def __call__(self, request: Request) -> Response:
        self.begun.append(anyio.current_time())
        failure = self.left.pop(0) if self.left else ok(b"x")
        await anyio.sleep(0.1)
        if isinstance(failure, Exception):
            raise failure
        return failure


class Calls:
    """Reads of one path, and what they end as."""

    def __init__(self, group: anyio.abc.TaskGroup, path: str = FIRST) -> None:
        self.group = group
        self.path = path
        self.begin = anyio.current_time()
        self.results: dict[str, object] = {}
        self.ended: dict[str, float] = {}
        self.scopes: dict[str, anyio.CancelScope] = {}

    async def start(self, name: str, clio: Clio) -> None:
        """Start one, and let it come to where it waits."""
        self.group.start_soon(self._call, name, clio)
        await anyio.sleep(0.01)

    async def _call(self, name: str, clio: Clio) -> None:
        with anyio.CancelScope() as scope:
            self.scopes[name] = scope
            try:
                answer = await clio.request("GET", self.path)
                self.results[name] = (answer.body, answer.source)
            except Exception as error:
                self.results[name] = error
            self.ended[name] = round(anyio.current_time() - self.begin, 2)

    def kinds(self) -> dict[str, object]:
        """What they ended as, an error as its class."""
        return {name: type(each) if isinstance(each, Exception) else each for name, each in self.results.items()}


def live(server: Callable[[Request], object], **options: object) -> Clio:
    return client(Wire(server), clock=anyio.current_time, **options)  # type: ignore[arg-type]


# -- redirects ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("moved", [True, False])
async def test_a_read_after_a_write_to_where_a_redirect_leads_shows_the_write(moved: bool) -> None:
    """As it does where nothing is redirected and the write names what is read."""
    server = Slow(moved)
    clio = live(server)
    async with anyio.create_task_group() as group:
        calls = Calls(group, FIRST if moved else OTHER)
        await calls.start("before", clio)
        await clio.request("PATCH", OTHER, json={})
        await calls.start("after", clio)
    assert {"before": (b"1", "network"), "after": (b"2", "network")} == calls.results


async def test_who_came_later_than_a_redirected_read_shares_a_second_one() -> None:
    """However many they are."""
    server = Slow()
    clio = live(server)
    async with anyio.create_task_group() as group:
        calls = Calls(group)
        for name in "abcde":
            await calls.start(name, clio)
    assert ["network", "network", "shared", "shared", "shared"] == sorted(each[1] for each in calls.results.values())  # type: ignore[index]
    assert (2, 3) == (len(server.begun), clio.stats.shared)


async def test_who_came_later_than_the_second_does_not_share_that() -> None:
    """A write may lie between them: each answer is for those who waited before it was asked for."""
    server = Slow()
    clio = live(server)
    async with anyio.create_task_group() as group:
        calls = Calls(group)
        for name in "abc":
            await calls.start(name, clio)
        await anyio.sleep(1)
        await clio.request("PATCH", OTHER, json={})
        await calls.start("after", clio)
    assert {"a": b"1", "b": b"1", "c": b"1", "after": b"2"} == {
        name: each[0]  # type: ignore[index]
        for name, each in calls.results.items()
    }
    assert (3, 1) == (len(server.begun), clio.stats.shared)


async def test_a_read_that_is_not_redirected_is_shared_with_all() -> None:
    """The control: one request."""
    server = Slow()
    clio = live(server)
    async with anyio.create_task_group() as group:
        calls = Calls(group, OTHER)
        for name in "abcde":
            await calls.start(name, clio)
    assert (1, 4) == (len(server.begun), clio.stats.shared)


# -- time --------------------------------------------------------------------------------------------------------------

PASSING = [Response(503), MaybeSent("cut"), ResponseBroken("cut", status=200)]


@pytest.mark.parametrize("failure", PASSING, ids=repr)
async def test_a_failure_that_its_leader_had_no_time_to_repeat_is_its_own(failure: Response | Exception) -> None:
    """One of those who have time asks again for all of them; who has no more than the leader is told at once."""
    server = Failing(failure)
    clio = live(server, timeout=60.0)
    async with anyio.create_task_group() as group:
        calls = Calls(group)
        await calls.start("leader", clio.options(timeout=0.2))
        for name in "abc":
            await calls.start(name, clio)
        await calls.start("hasty", clio.options(timeout=0.3))
    kind = ServerError if isinstance(failure, Response) else type(failure)
    assert {"leader": kind, "hasty": kind} == {name: calls.kinds()[name] for name in ("leader", "hasty")}
    assert calls.ended["leader"] == calls.ended["hasty"]
    assert [(b"x", "network"), (b"x", "shared"), (b"x", "shared")] == sorted(calls.results[name] for name in "abc")  # type: ignore[type-var]
    assert 2 == len(server.begun)


async def test_whoever_has_the_most_time_takes_over() -> None:
    """Else the next one may have to be found soon. Who has all the time in the world has the most."""
    server = Failing(Response(503))
    clio = live(server, timeout=30.0)
    async with anyio.create_task_group() as group:
        calls = Calls(group)
        await calls.start("leader", clio.options(timeout=0.2))
        await calls.start("some", clio)
        await calls.start("all", clio.options(timeout=None))
        await calls.start("most", clio.options(timeout=60.0))
    assert ["all"] == [name for name, each in calls.results.items() if each == (b"x", "network")]


@pytest.mark.parametrize(
    ("retry", "requests"),
    [(RetryPolicy(), 3), (RetryPolicy(attempts=2), 2), (RetryPolicy(attempts=1), 1), (None, 1)],
    ids=repr,
)
async def test_a_failure_that_was_repeated_as_often_as_may_be_is_shared(
    retry: RetryPolicy | None, requests: int
) -> None:
    """Nobody asks on where a server is down."""
    server = Failing(*[Response(503)] * 10)
    clio = live(server, timeout=60.0, retry=retry)
    async with anyio.create_task_group() as group:
        calls = Calls(group)
        for name in "abc":
            await calls.start(name, clio)
    assert dict.fromkeys("abc", ServerError) == calls.kinds()
    assert requests == len(server.begun)


async def test_a_failure_that_no_policy_repeats_is_shared_though_time_was_short() -> None:
    """What the caller switched off is not done by another way."""
    server = Failing(*[Response(503)] * 10)
    clio = live(server, timeout=60.0, retry=None)
    async with anyio.create_task_group() as group:
        calls = Calls(group)
        await calls.start("leader", clio.options(timeout=0.2))
        await calls.start("waiter", clio)
    assert (1, ServerError) == (len(server.begun), calls.kinds()["waiter"])


async def test_an_answer_that_no_time_would_change_is_shared_though_time_was_short() -> None:
    """A 404 is what it is."""
    server = Failing(*[Response(404)] * 10)
    clio = live(server, timeout=60.0)
    async with anyio.create_task_group() as group:
        calls = Calls(group)
        await calls.start("leader", clio.options(timeout=0.2))
        await calls.start("waiter", clio)
    assert 1 == len(server.begun)


async def test_a_flaw_of_ours_is_shared_though_time_was_short() -> None:
    """It is not the server's."""
    server = Failing(ZeroDivisionError())
    clio = live(server, timeout=60.0)
    async with anyio.create_task_group() as group:
        calls = Calls(group)
        await calls.start("leader", clio.options(timeout=0.2))
        await calls.start("waiter", clio)
    assert (1, ZeroDivisionError) == (len(server.begun), calls.kinds()["waiter"])


async def test_who_takes_over_leaves_the_server_the_pause_it_asked_for() -> None:
    """F50: also the one after it, if it gives up meanwhile, but for no longer than that one has time."""
    server = Failing(Response(503, Headers({"Retry-After": "7"})))
    clio = live(server, timeout=60.0)
    async with anyio.create_task_group() as group:
        calls = Calls(group)
        await calls.start("leader", clio.options(timeout=2))
        await calls.start("heir", clio)
        await calls.start("next", clio.options(timeout=50.0))
        await anyio.sleep(1)
        calls.scopes["heir"].cancel()
    assert [0.0, 7.1] == [round(each - server.begun[0], 2) for each in server.begun]
    assert (b"x", "network") == calls.results["next"]


async def test_a_pause_ends_with_the_time_of_who_takes_over() -> None:
    """It ends at its time, not at that of the pause."""
    server = Failing(Response(503, Headers({"Retry-After": "7"})))
    clio = live(server, timeout=60.0)
    async with anyio.create_task_group() as group:
        calls = Calls(group)
        await calls.start("leader", clio.options(timeout=2))
        await calls.start("heir", clio)
        await anyio.sleep(1)
        await calls.start("hasty", clio.options(timeout=3.0))
        calls.scopes["heir"].cancel()
    assert (NotSentTimeout, 4.02) == (calls.kinds()["hasty"], calls.ended["hasty"])
    assert 1 == len(server.begun)


async def test_who_has_all_the_time_rests_as_long_as_was_asked() -> None:
    """Without a deadline there is nothing else to end the pause."""
    server = Failing(Response(503, Headers({"Retry-After": "7"})))
    clio = live(server, timeout=None)
    async with anyio.create_task_group() as group:
        calls = Calls(group)
        await calls.start("leader", clio.options(timeout=2))
        await calls.start("heir", clio)
    assert [0.0, 7.1] == [round(each - server.begun[0], 2) for each in server.begun]


class Lost(MaybeSent):
    """One that can be told from those of other tests."""


async def test_a_failure_that_is_shared_leaves_no_cycle_behind() -> None:
    """F77: what this layer holds of it is freed when those who had it are done."""
    layer = SingleFlight({}, Stats(), anyio.current_time, lambda: 0.0, None)
    request = Request("GET", BASE, principal=Principal(BASE, user="1"), options=Options(), generation=1)
    ended: list[str] = []

    async def fail(request: Request) -> Response:
        await anyio.sleep(0.1)
        raise Lost("x")  # and no name for it: it would be a cycle

    async def call() -> None:
        try:
            await layer(request, fail)
        except Lost:
            ended.append("lost")

    gc.collect()
    gc.disable()
    try:
        async with anyio.create_task_group() as group:
            for _ in range(3):
                group.start_soon(call)
        assert ["lost"] * 3 == ended
        assert [] == [each for each in gc.get_objects() if isinstance(each, Lost)]
    finally:
        gc.enable()


# -- patience ----------------------------------------------------------------------------------------------------------


async def test_waits_for_quota_add_up_on_both_sides_of_a_redirect() -> None:
    """Six seconds before it and six behind it are more than ten: nothing is waited for the second time."""
    answers = [Response(429, Headers({"Retry-After": "6"}))]

    async def answer(request: Request) -> Response:
        if request.url == BASE + OTHER:
            return Response(429, Headers({"Retry-After": "6"}))
        return answers.pop() if answers else Response(307, Headers({"Location": BASE + OTHER}))

    begin = anyio.current_time()
    with pytest.raises(RateLimited):
        await live(answer, timeout=60.0).request("GET", FIRST)
    assert 6 <= anyio.current_time() - begin < 8
