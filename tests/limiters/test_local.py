"""The limiter of one process: who waits, who goes, who is refused (rows F50 to F52, F71, F76, F77)."""

from __future__ import annotations

import asyncio
import gc
import tracemalloc
from typing import Any

import anyio
import pytest
from anyio import wait_all_tasks_blocked

from clio_async.errors import InvalidArgument, NotSentTimeout, RateLimited
from clio_async.limiters.local import LocalLimiter
from clio_async.messages import Headers, Request, Response
from clio_async.options import Options
from clio_async.principal import Principal
from clio_async.protocol.quota import Budget
from tests.origin import Clock

URL = "https://app.clio.com/api/v4/matters"
WALL = 1_800_000_000.0
DATE = "Fri, 15 Jan 2027 08:00:00 GMT"
FIRM = Principal("https://app.clio.com/api/v4", user="1")
OTHER = Principal("https://app.clio.com/api/v4", user="2")


def limiter(clock: Clock | None = None, **arguments: Any) -> LocalLimiter:
    """Without a reserve, unless the test is about it."""
    settings = {"reserve": 0.0, "clock": clock or Clock(), "wall_clock": lambda: WALL, "random": lambda: 1.0}
    return LocalLimiter(**{**settings, **arguments})


def asked(
    lane: str = "interactive",
    *,
    max_wait: Any = None,
    deadline: float | None = None,
    principal: Principal | None = FIRM,
    resent: Request | None = None,
) -> Request:
    options = Options(lane=lane, max_wait=max_wait)  # type: ignore[arg-type]
    return Request("GET", URL, deadline=deadline, principal=principal, options=options, resent=resent)


def told(remaining: int, *, limit: int = 50, reset: int = 60, status: int = 200, **fields: str) -> Response:
    """An answer that tells of the quota. `reset` is seconds from now."""
    headers = {
        "Date": DATE,
        "X-RateLimit-Limit": str(limit),
        "X-RateLimit-Remaining": str(remaining),
        "X-RateLimit-Reset": str(int(WALL) + reset),
        **{name.replace("_", "-"): value for name, value in fields.items()},
    }
    return Response(status, Headers(headers))


def tell(limits: LocalLimiter, response: Response, principal: Principal = FIRM) -> Response:
    """Send one request and give it this answer."""
    request = asked(principal=principal)
    assert limits.passes(request)
    return limits.answered(request, response)


class Callers:
    """Start calls that wait for their turn, and note how they go on."""

    def __init__(self, limits: LocalLimiter, group: anyio.abc.TaskGroup) -> None:
        self.limits = limits
        self.group = group
        self.ended: dict[str, Exception | None] = {}
        self.scopes: dict[str, anyio.CancelScope] = {}
        self.requests: dict[str, Request] = {}

    async def start(self, name: str, request: Request) -> Request:
        self.requests[name] = request
        self.group.start_soon(self._turn, name, request)
        await wait_all_tasks_blocked()
        return request

    async def _turn(self, name: str, request: Request) -> None:
        with anyio.CancelScope() as scope:
            self.scopes[name] = scope
            try:
                if not self.limits.passes(request):
                    await self.limits.turn(request)
                self.ended[name] = None
            except Exception as error:
                self.ended[name] = error

    async def cancel(self, name: str) -> None:
        self.scopes[name].cancel()
        await wait_all_tasks_blocked()


@pytest.mark.parametrize(
    "wrong",
    [
        {"pace": "slow"},
        {"share": 0},
        {"share": 1.1},
        {"share": True},
        {"share": "1"},
        {"share": float("nan")},
        {"reserve": -0.1},
        {"reserve": 1},
        {"reserve": None},
        {"cap": 0},
        {"cap": float("inf")},
    ],
    ids=str,
)
def test_an_argument_that_cannot_be_right_is_refused(wrong: dict[str, Any]) -> None:
    """Before anything is sent."""
    with pytest.raises(InvalidArgument, match=next(iter(wrong))):
        LocalLimiter(**wrong)


def test_a_request_on_behalf_of_nobody_passes() -> None:
    """There is no quota that it could be charged to."""
    limits = limiter()
    request = asked(principal=None)
    response = Response(429)
    assert all(limits.passes(request) for _ in range(100))
    assert response is limits.answered(request, response)
    limits.failed(request)
    assert None is limits.waits_until(request)
    limits.promote(request, "interactive")


async def test_a_turn_on_behalf_of_nobody_is_at_once() -> None:
    """Whatever asks for one."""
    await limiter().turn(asked(principal=None))


def test_what_is_not_known_to_be_sent_changes_nothing() -> None:
    """An answer on behalf of a principal that was never seen, or dropped."""
    limits, response = limiter(), told(0)
    assert response is limits.answered(asked(), response)
    limits.failed(asked())
    assert 0 == limits.quota(FIRM).in_flight
    assert None is limits.waits_until(asked())


def test_a_budget_begins_without_knowledge() -> None:
    """Four go, and nobody knows more."""
    limits = limiter()
    assert [True] * 4 + [False] == [limits.passes(asked()) for _ in range(5)]
    quota = limits.quota(FIRM)
    assert (None, None, None, 4, 0, False) == (
        quota.limit,
        quota.remaining,
        quota.reset_at,
        quota.in_flight,
        quota.waiting,
        quota.paused,
    )


def test_a_server_that_never_tells_is_never_slowed() -> None:
    """After its first answer."""
    limits = limiter()
    response = Response(200)
    assert response is tell(limits, response)
    assert all(limits.passes(asked()) for _ in range(1000))


@pytest.mark.parametrize("status", [401, 500, 503])
def test_an_answer_that_proves_nothing_lets_one_more_go(status: int) -> None:
    """A gateway's, or one to a token that was refused, has no quota to tell of."""
    limits = limiter()
    tell(limits, Response(status))
    assert [True] * 5 + [False] == [limits.passes(asked()) for _ in range(6)]


def test_what_is_left_may_go_and_no_more() -> None:
    """What is under way is taken off."""
    limits = limiter()
    tell(limits, told(3))
    assert [True] * 3 + [False] == [limits.passes(asked()) for _ in range(4)]
    quota = limits.quota(FIRM)
    assert (50, 0, WALL + 61, 3, 61.0, 61.0) == (
        quota.limit,
        quota.remaining,
        quota.reset_at,
        quota.in_flight,
        quota.eta,
        quota.batch_eta,
    )


def test_a_failure_is_taken_off_unless_nothing_was_sent() -> None:
    """Nobody knows whether the server counted it."""
    limits = limiter()
    tell(limits, told(3))
    sent, unsent = asked(), asked()
    assert limits.passes(sent)
    limits.failed(sent)
    assert 2 == limits.quota(FIRM).remaining
    assert limits.passes(unsent)
    limits.failed(unsent, sent=False)
    assert 2 == limits.quota(FIRM).remaining


def test_one_request_that_is_sent_twice_at_once_is_counted_twice() -> None:
    """A layer of an application may do so."""
    limits = limiter()
    tell(limits, told(10))
    request = asked()
    assert limits.passes(request)
    assert limits.passes(request)
    assert 8 == limits.quota(FIRM).remaining
    limits.answered(request, told(9))
    limits.answered(request, told(8))
    assert (0, 8) == (limits.quota(FIRM).in_flight, limits.quota(FIRM).remaining)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"Retry-After": "30"}, 30.0),
        ({"Retry-After": "0"}, 0.0),
        ({"Retry-After": "Fri, 15 Jan 2027 08:00:07 GMT", "Date": DATE}, 7.0),
        ({"Retry-After": "Fri, 15 Jan 2027 09:00:07 GMT", "Date": "Fri, 15 Jan 2027 09:00:00 GMT"}, 7.0),
        ({"Retry-After": "Fri, 15 Jan 2027 08:00:07 GMT"}, 7.0),
        ({"Retry-After": "Thu, 14 Jan 2027 08:00:07 GMT", "Date": DATE}, 0.0),
        ({"Retry-After": "86400"}, 300.0),
        ({"Retry-After": "999999999999999"}, 300.0),
        ({"Retry-After": "30, 30"}, 1.0),
        ({"Retry-After": "-5"}, 1.0),
        ({"Retry-After": "1e3"}, 1.0),
        ({"Retry-After": "inf"}, 1.0),
        ({"Retry-After": "nan"}, 1.0),
        ({"Retry-After": "٣٠"}, 1.0),
        ({"Retry-After": "²"}, 1.0),
        ({"Retry-After": ""}, 1.0),
        ({"Retry-After": "9" * 400}, 300.0),
        ({"Retry-After": "Fri, 32 Jan 2027 08:00:07 GMT"}, 1.0),
        ({"Retry-After": "2027-01-15T08:00:07Z"}, 1.0),
        ({}, 1.0),
        ({"X-RateLimit-Reset": "1800000042", "Date": DATE}, 43.0),
        ({"X-RateLimit-Reset": "1800000042"}, 43.0),
        ({"X-RateLimit-Reset": "1800003642", "Date": "Fri, 15 Jan 2027 09:00:00 GMT"}, 43.0),
        ({"X-RateLimit-Reset": "1799999999", "Date": DATE}, 1.0),
        ({"X-RateLimit-Reset": "1900000000", "Date": DATE}, 300.0),
        ({"X-RateLimit-Reset": "42", "Date": DATE}, 1.0),
        ({"X-RateLimit-Reset": "soon", "Date": DATE}, 1.0),
        ({"X-RateLimit-Reset": "1800000042", "Date": "now"}, 43.0),
        ({"Retry-After": "5", "X-RateLimit-Reset": "1800000042", "Date": DATE}, 5.0),
        ({"Retry-After": "soon", "X-RateLimit-Reset": "1800000042", "Date": DATE}, 43.0),
    ],
    ids=str,
)
def test_a_429_pauses_the_principal_for_as_long_as_it_says(fields: dict[str, str], expected: float) -> None:
    """F50: within [0, 300] seconds, relative to the server's own clock; what is not well formed says nothing."""
    limits = limiter()
    response = tell(limits, Response(429, Headers(fields), b"x"))
    quota = limits.quota(FIRM)
    assert (429, "again", b"x") == (response.status, response.verdict, response.body)
    assert (expected > 0, expected) == (quota.paused, quota.pause)
    assert (expected, expected) == (quota.eta, quota.batch_eta)
    assert (WALL + expected if expected else None) == quota.reset_at
    assert (expected == 0) == limits.passes(asked())


WRAPPED = b'{"metadata":{"encodingDecoded":"text/plain"},"data":"eyJlcnJvciI6eyJ0eXBlIjoiUmF0ZUxpbWl0ZWQifX0="}'


@pytest.mark.parametrize("status", [200, 429, 500])
def test_a_wrapped_429_is_one(status: int) -> None:
    """Whatever its status; it pauses for a minute, and reads as what was wrapped."""
    limits = limiter()
    response = tell(limits, Response(status, Headers({"Content-Type": "application/json"}), WRAPPED))
    assert (429, "again", b'{"error":{"type":"RateLimited"}}') == (response.status, response.verdict, response.body)
    assert ("60", 60.0) == (response.headers["Retry-After"], limits.quota(FIRM).pause)


def test_a_wrapped_429_that_says_how_long_is_believed() -> None:
    """A minute is for those that do not."""
    limits = limiter()
    tell(limits, Response(200, Headers({"Retry-After": "7"}), WRAPPED))
    assert 7.0 == limits.quota(FIRM).pause


def test_a_pause_belongs_to_one_principal() -> None:
    """F52: another one goes on."""
    limits = limiter()
    tell(limits, told(0, status=429, Retry_After="30"))
    assert [False, True] == [limits.passes(asked(principal=each)) for each in (FIRM, OTHER)]
    assert [True, False] == [limits.quota(each).paused for each in (FIRM, OTHER)]


async def test_who_waits_goes_on_when_an_answer_lets_it() -> None:
    """Interactive calls first, each lane in its order."""
    limits = limiter()
    first = asked()
    assert limits.passes(first)
    for _ in range(3):
        assert limits.passes(asked())
    async with anyio.create_task_group() as group:
        callers = Callers(limits, group)
        for name in ("b1", "b2"):
            await callers.start(name, asked("batch"))
        for name in ("i1", "i2"):
            await callers.start(name, asked())
        assert {} == callers.ended
        assert 4 == limits.quota(FIRM).waiting
        limits.answered(first, told(6))
        await wait_all_tasks_blocked()
        assert {"i1", "i2", "b1"} == callers.ended.keys()
        limits.answered(callers.requests["i1"], told(6))
        await wait_all_tasks_blocked()
        assert {"i1", "i2", "b1", "b2"} == callers.ended.keys()
    assert 0 == limits.quota(FIRM).waiting


async def test_nobody_overtakes_those_who_wait_in_a_better_lane() -> None:
    """A newcomer of a batch stands behind, an interactive one before the batch."""
    limits = limiter(reserve=0.5)
    tell(limits, told(5, limit=10))
    async with anyio.create_task_group() as group:
        callers = Callers(limits, group)
        await callers.start("batch", asked("batch"))
        assert not limits.passes(asked("batch"))
        assert limits.passes(asked())
        await callers.start("interactive", asked())
        assert {"interactive": None} == callers.ended
        group.cancel_scope.cancel()


async def test_a_clock_that_stands_still_does_not_hold_anybody() -> None:
    """Timers are those of the event loop: a window that is over is over, and an answer that does not come is missed."""
    limits = limiter(cap=0.001)
    tell(limits, told(0, status=429, reset=0, Retry_After="60"))
    with anyio.fail_after(10):
        await limits.turn(asked())  # after the pause
        assert not limits.quota(FIRM).paused
        await limits.turn(asked())  # the first has no answer
    assert 2 == limits.quota(FIRM).in_flight


async def test_a_wait_that_would_be_too_long_is_refused_at_once() -> None:
    """With the moment of the next try, for the patience and for the deadline."""
    clock = Clock(500.0)
    limits = limiter(clock)
    tell(limits, told(0, reset=30))
    for request in (asked(max_wait=30.0), asked(deadline=530.0), asked("batch", max_wait=0)):
        with pytest.raises(RateLimited, match=r"another 31 s.*max_wait=") as caught:
            await limits.turn(request)
        assert (WALL + 31, 429, request) == (caught.value.retry_at, caught.value.status, caught.value.request)
    assert 0 == limits.quota(FIRM).waiting


async def test_patience_counts_those_who_are_before() -> None:
    """Position in the line, times the windows that it takes."""
    limits = limiter()
    tell(limits, told(0, limit=2, reset=10))
    async with anyio.create_task_group() as group:
        callers = Callers(limits, group)
        for number in range(4):
            await callers.start(f"b{number}", asked("batch"))
        with pytest.raises(RateLimited) as caught:
            await limits.turn(asked("batch", max_wait=30.0))
        assert WALL + 31 == caught.value.retry_at
        await callers.start("hasty", asked(max_wait=12.0))
        assert {} == callers.ended
        assert (11.0, 31.0) == (limits.quota(FIRM).eta, limits.quota(FIRM).batch_eta)
        group.cancel_scope.cancel()


async def test_a_deadline_that_passes_is_a_timeout_and_patience_that_ends_a_refusal() -> None:
    """On the event loop's own time, though nothing is known of when it will be one's turn."""
    limits = limiter(Clock(500.0))
    for _ in range(4):
        assert limits.passes(asked())
    with pytest.raises(NotSentTimeout):
        await limits.turn(asked(deadline=500.01))
    with pytest.raises(NotSentTimeout):
        await limits.turn(asked(deadline=499.0))
    with pytest.raises(RateLimited):
        await limits.turn(asked(max_wait=0.01))
    async with anyio.create_task_group() as group:
        callers = Callers(limits, group)
        await callers.start("patient", asked())
        with pytest.raises(RateLimited):
            await limits.turn(asked("batch", max_wait=0.01))
        group.cancel_scope.cancel()
    assert (4, 0) == (limits.quota(FIRM).in_flight, limits.quota(FIRM).waiting)


async def test_those_who_would_now_wait_too_long_are_refused_when_a_pause_begins() -> None:
    """And those who may wait longer stay, in their order."""
    limits = limiter()
    requests = [asked() for _ in range(4)]
    for request in requests:
        assert limits.passes(request)
    async with anyio.create_task_group() as group:
        callers = Callers(limits, group)
        await callers.start("patient", asked())
        await callers.start("hasty", asked(max_wait=20.0))
        await callers.start("late", asked(deadline=1020.0))
        await callers.start("batch", asked("batch"))
        limits.answered(requests[0], told(0, status=429, Retry_After="30"))
        await wait_all_tasks_blocked()
        assert {"hasty", "late"} == callers.ended.keys()
        assert all(isinstance(error, RateLimited) for error in callers.ended.values())
        assert [WALL + 30] * 2 == [error.retry_at for error in callers.ended.values()]  # type: ignore[union-attr]
        assert all("and 1 call waits before it" in str(error) for error in callers.ended.values())
        assert 2 == limits.quota(FIRM).waiting
        group.cancel_scope.cancel()


async def test_the_first_in_line_can_be_refused_too() -> None:
    """The next one watches the time from then on."""
    limits = limiter(cap=0.05)
    requests = [asked() for _ in range(4)]
    for request in requests:
        assert limits.passes(request)
    async with anyio.create_task_group() as group:
        callers = Callers(limits, group)
        await callers.start("hasty", asked(max_wait=0.04))
        await callers.start("patient", asked())
        limits.answered(requests[0], told(0, status=429, Retry_After="30"))
    assert RateLimited is type(callers.ended["hasty"])
    assert None is callers.ended["patient"]


async def test_whoever_is_cancelled_gives_its_place_to_the_next() -> None:
    """F71: as it waits first in line, in the middle, and in the moment in which it may go."""
    limits = limiter()
    requests = [asked() for _ in range(4)]
    for request in requests:
        assert limits.passes(request)
    async with anyio.create_task_group() as group:
        callers = Callers(limits, group)
        for name in "abcdef":
            await callers.start(name, asked())
        await callers.cancel("a")
        await callers.cancel("c")
        assert 4 == limits.quota(FIRM).waiting
        callers.scopes["b"].cancel()
        limits.answered(requests[0], told(4))  # b may go, and does not
        await wait_all_tasks_blocked()
        assert {"d"} == callers.ended.keys()
        limits.failed(requests[1])
        limits.answered(requests[2], told(5))
        await wait_all_tasks_blocked()
        assert {"d", "e"} == callers.ended.keys()
        limits.answered(callers.requests["d"], told(5))
        await wait_all_tasks_blocked()
        assert {"d", "e", "f"} == callers.ended.keys()
    assert 3 == len(limits._tenants[FIRM.fingerprint].flying)
    assert (3, 0) == (limits.quota(FIRM).in_flight, limits.quota(FIRM).waiting)


async def test_a_shorter_outlook_wakes_whoever_watches_the_time() -> None:
    """A report of a new window ends a wait that was made for the old one."""
    limits = limiter()
    requests = [asked() for _ in range(2)]
    for request in requests:
        assert limits.passes(request)
    limits.answered(requests[0], told(0, reset=300))
    async with anyio.create_task_group() as group:
        callers = Callers(limits, group)
        await callers.start("a", asked())
        await callers.start("b", asked())
        line = limits._tenants[FIRM.fingerprint].line
        assert line is not None
        assert 1301.0 == line.wakes_at
        limits.answered(requests[1], told(0, reset=302, Date="Fri, 15 Jan 2027 08:05:00 GMT"))
        await wait_all_tasks_blocked()
        assert ({}, 1003.0) == (callers.ended, line.wakes_at)
        group.cancel_scope.cancel()


async def test_one_request_may_wait_twice() -> None:
    """A layer of an application may send it so; when one of them leaves, the other is still found."""
    limits = limiter()
    tell(limits, told(0))
    request = asked()
    async with anyio.create_task_group() as group:
        callers = Callers(limits, group)
        await callers.start("a", request)
        await callers.start("b", request)
        await callers.cancel("a")
        assert 1061.0 == limits.waits_until(request)
        await callers.cancel("b")
    assert None is limits.waits_until(request)


async def test_those_who_left_are_not_before_anybody() -> None:
    """An estimate counts no more than there are."""
    limits = limiter()
    tell(limits, told(0, limit=1, reset=10))
    async with anyio.create_task_group() as group:
        callers = Callers(limits, group)
        for name in "abcd":
            await callers.start(name, asked())
        await callers.cancel("b")
        await callers.cancel("c")
        assert 1021.0 == limits.waits_until(callers.requests["d"])
        group.cancel_scope.cancel()


def test_a_window_that_does_not_end_is_asked_about_once_a_second() -> None:
    """F50: a reset that stays in the past says nothing."""
    clock = Clock()
    limits = limiter(clock)
    tell(limits, told(0, reset=5))
    clock.now += 6.0
    tell(limits, told(0, reset=5, Date="Fri, 15 Jan 2027 08:00:06 GMT"))
    assert not limits.passes(asked())
    clock.now += 1.0
    assert limits.passes(asked())


async def test_an_outlook_that_improved_can_worsen_again() -> None:
    """Whoever came in between is judged, too."""
    limits = limiter()
    requests = [asked() for _ in range(4)]
    for request in requests:
        assert limits.passes(request)
    limits.answered(requests[0], told(0, reset=250))
    async with anyio.create_task_group() as group:
        callers = Callers(limits, group)
        await callers.start("patient", asked())
        limits.failed(requests[3], sent=False)
        limits.answered(requests[1], told(0, reset=302, Date="Fri, 15 Jan 2027 08:05:00 GMT"))
        await callers.start("hasty", asked("batch", max_wait=70.0))
        limits.answered(requests[2], told(0, status=429, Retry_After="100"))
        await wait_all_tasks_blocked()
        assert {"hasty"} == callers.ended.keys()
        group.cancel_scope.cancel()


async def test_nobody_takes_the_moment_for_which_another_waits() -> None:
    """The one who watches the time may be a little late."""
    clock = Clock()
    limits = limiter(clock)
    tell(limits, told(0, reset=5))
    async with anyio.create_task_group() as group:
        callers = Callers(limits, group)
        await callers.start("a", asked())
        clock.now += 10.0
        assert not limits.passes(asked())
        group.cancel_scope.cancel()
    assert limits.passes(asked())


async def test_the_patience_of_the_first_in_line_does_not_delay_its_turn() -> None:
    """A clock that passes the moment lets it go."""
    clock = Clock()
    limits = limiter(clock)
    tell(limits, told(0, reset=5))
    clock.now += 6.0
    await limits.turn(asked(max_wait=0))
    assert 1 == limits.quota(FIRM).in_flight


async def test_a_request_is_promoted_as_it_waits() -> None:
    """To the end of the better lane, and never to a worse one."""
    limits = limiter()
    requests = [asked() for _ in range(4)]
    for request in requests:
        assert limits.passes(request)
    async with anyio.create_task_group() as group:
        callers = Callers(limits, group)
        for name in ("b1", "b2", "i1"):
            await callers.start(name, asked("batch" if name[0] == "b" else "interactive"))
        original = asked("batch")
        await callers.start("b3", asked("batch", resent=original))
        limits.promote(callers.requests["b2"], "interactive")
        limits.promote(original, "interactive")
        limits.promote(callers.requests["i1"], "batch")
        limits.promote(callers.requests["i1"], "interactive")
        expected = ["i1", "b2", "b3", "b1"]
        for count, request in enumerate([requests[0], *[callers.requests[name] for name in expected[:3]]]):
            limits.answered(request, told(4))
            await wait_all_tasks_blocked()
            assert set(expected[: count + 1]) == callers.ended.keys()


async def test_a_request_under_way_is_promoted_for_when_it_is_repeated() -> None:
    """A flight runs in the best lane of its waiters, also after a 429."""
    limits = limiter(cap=0.01)
    request = asked("batch")
    tell(limits, told(5))
    assert limits.passes(request)
    limits.promote(request, "interactive")
    limits.promote(request, "interactive")
    limits.promote(asked("batch"), "interactive")  # one that nobody has sent
    limits.answered(request, told(0, status=429, Retry_After="30"))
    async with anyio.create_task_group() as group:
        callers = Callers(limits, group)
        await callers.start("b", asked("batch"))
        await callers.start("again", asked("batch", resent=request))
        with anyio.fail_after(5):
            while not callers.ended:  # noqa: ASYNC110
                await anyio.sleep(0.001)
        assert ["again"] == list(callers.ended)
        group.cancel_scope.cancel()


async def test_it_can_be_asked_until_when_a_request_waits() -> None:
    """On the monotonic clock; not those that do not wait."""
    limits = limiter(Clock(500.0))
    request = asked("batch")
    tell(limits, told(1, limit=1, reset=10))
    assert None is limits.waits_until(request)
    assert limits.passes(request)
    assert None is limits.waits_until(request)
    async with anyio.create_task_group() as group:
        callers = Callers(limits, group)
        await callers.start("a", asked("batch"))
        await callers.start("b", asked("batch", resent=request))
        await callers.start("i", asked())
        expected = [521.0, 531.0, 511.0]
        found = [limits.waits_until(each) for each in (callers.requests["a"], request, callers.requests["i"])]
        assert expected == found
        assert None is limits.waits_until(asked())
        group.cancel_scope.cancel()
    assert None is limits.waits_until(request)


def test_those_who_wait_in_an_event_loop_that_is_gone_block_nobody() -> None:
    """F73: one loop after the other, the first of them left behind with a call that waits."""
    limits = LocalLimiter(cap=0.01)

    async def wait() -> None:
        await limits.turn(asked())

    left = asyncio.new_event_loop()
    requests = [asked() for _ in range(4)]
    for request in requests:
        assert limits.passes(request)
    tasks = [left.create_task(wait()) for _ in range(2)]
    left.run_until_complete(asyncio.sleep(0))

    async def here() -> None:
        limits.answered(requests[0], told(4))  # the others are still under way
        assert (3, 2) == (limits.quota(FIRM).in_flight, limits.quota(FIRM).waiting)
        with anyio.fail_after(5):
            await limits.turn(asked())
            limits.answered(requests[1], told(4))

    anyio.run(here)
    tasks[0].cancel()
    left.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
    left.close()
    assert tasks[0].cancelled()
    assert None is tasks[1].result()


def test_a_task_that_is_thrown_away_gives_its_place_back() -> None:
    """It ends outside any event loop."""
    limits = limiter()
    requests = [asked() for _ in range(4)]
    for request in requests:
        assert limits.passes(request)
    loop = asyncio.new_event_loop()
    wait = limits.turn(asked())
    other = loop.create_task(limits.turn(asked()))
    loop.run_until_complete(asyncio.sleep(0))

    async def begin() -> None:
        wait.send(None)

    loop.run_until_complete(begin())
    assert 2 == limits.quota(FIRM).waiting
    wait.close()
    assert 1 == limits.quota(FIRM).waiting
    limits.failed(requests[0])
    other.cancel()
    loop.run_until_complete(asyncio.gather(other, return_exceptions=True))
    loop.close()
    assert (3, 0) == (limits.quota(FIRM).in_flight, limits.quota(FIRM).waiting)


def test_budgets_that_nobody_uses_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    """F77: but never one with requests under way, in a pause, or in a window that is not over."""
    monkeypatch.setattr("clio_async.limiters.local._KEPT", 10)
    clock = Clock()
    limits = limiter(clock)
    firms = [Principal("https://app.clio.com/api/v4", user=str(number)) for number in range(100)]
    flying, paused, busy, *idle = firms
    assert limits.passes(asked(principal=flying))
    tell(limits, told(0, status=429, Retry_After="200"), paused)
    tell(limits, told(9), busy)
    for firm in idle[:50]:
        tell(limits, Response(200), firm)
    assert {each.fingerprint for each in (flying, paused, busy)} < limits._tenants.keys()
    assert len(limits._tenants) <= 20
    clock.now += 100
    for firm in idle[50:]:
        tell(limits, Response(200), firm)
    assert {each.fingerprint for each in (flying, paused)} < limits._tenants.keys()
    assert busy.fingerprint not in limits._tenants


def test_an_idle_principal_is_small() -> None:
    """F77: a kilobyte at most, also after a busy time."""
    limits = limiter()
    firms = [Principal("https://app.clio.com/api/v4", user=str(number)) for number in range(200)]
    answer = told(40)
    gc.collect()
    tracemalloc.start()
    for firm in firms:
        tell(limits, answer, firm)
        requests = [asked(principal=firm) for _ in range(30)]
        for request in requests:
            assert limits.passes(request)
        for request in requests:
            limits.answered(request, answer)
        del requests, request
    gc.collect()
    size = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert size / len(firms) <= 1024


async def test_ten_thousand_calls_wait_at_a_cost_that_grows_no_faster_than_they(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is asked of the budget is counted: some questions for each call, however many wait."""
    asked_for = 0

    class Counting(Budget):
        def ready(self, batch: bool, now: float) -> float:
            nonlocal asked_for
            asked_for += 1
            return super().ready(batch, now)

        def wait(self, position: int, batch: bool, now: float) -> float:
            nonlocal asked_for
            asked_for += 1
            return super().wait(position, batch, now)

    monkeypatch.setattr("clio_async.limiters.tenant.Budget", Counting)
    limits = limiter()
    requests = [asked() for _ in range(4)]
    for request in requests:
        assert limits.passes(request)
    ended: list[int] = []
    refused = 0

    async def call(number: int) -> None:
        nonlocal refused
        request = asked("batch", max_wait=None if number % 10 == 0 else 100.0)
        try:
            await limits.turn(request)
        except RateLimited:
            refused += 1
            return
        ended.append(number)
        limits.answered(request, told(300, limit=300))

    async with anyio.create_task_group() as group:
        for number in range(10_000):
            group.start_soon(call, number)
        await wait_all_tasks_blocked()
        limits.answered(requests[0], told(0, limit=300, status=429, Retry_After="60"))
        await wait_all_tasks_blocked()
        assert 8_000 < refused < 9_000
        limits._lag += 60.0
        for request in requests[1:]:
            limits.answered(request, told(0, limit=300))
    assert 10_000 == len(ended) + refused
    assert asked_for < 10 * 10_000


async def test_an_empty_line_is_not_kept() -> None:
    """Who has waited leaves nothing behind."""
    limits = limiter()
    requests = [asked() for _ in range(4)]
    for request in requests:
        assert limits.passes(request)
    async with anyio.create_task_group() as group:
        callers = Callers(limits, group)
        await callers.start("a", asked())
        limits.answered(requests[0], told(40))
    limits.answered(requests[1], told(40))
    assert None is limits._tenants[FIRM.fingerprint].line


# -- patience of a call ------------------------------------------------------------------------------------------------


async def test_the_waits_of_a_call_add_up() -> None:
    """What a request has waited is taken off the patience of the one that repeats it."""
    clock = Clock()
    limits = limiter(clock)
    flying, request, other = asked(), asked(max_wait=10.0), asked(max_wait=10.0)
    assert limits.passes(flying)
    tell(limits, told(0, status=429, Retry_After="6"))
    async with anyio.create_task_group() as group:
        callers = Callers(limits, group)
        await callers.start("first", request)
        clock.now += 4.0
        assert 4.0 == limits.waited(request)
        clock.now += 2.0
        limits.failed(flying)  # lets the limiter look at the time
        await wait_all_tasks_blocked()
        assert {"first": None} == callers.ended
        limits.answered(request, told(0, status=429, Retry_After="5"))
        again = asked(max_wait=10.0, resent=request)
        assert (6.0, 6.0, 0.0) == (limits.waited(request), limits.waited(again), limits.waited(other))
        await callers.start("again", again)
        await callers.start("other", other)
        assert {"first", "again"} == callers.ended.keys()
        assert isinstance(callers.ended["again"], RateLimited)
        third = await callers.start("third", asked(max_wait=11.0, resent=request))
        clock.now += 2.0
        await callers.cancel("third")
        assert 8.0 == limits.waited(third)
        group.cancel_scope.cancel()


async def test_what_a_call_waited_is_forgotten_with_it() -> None:
    """F77: and a call that did not wait leaves nothing at all."""
    clock = Clock()
    limits = limiter(clock)
    tell(limits, told(0, status=429, Retry_After="6"))
    tenant = limits._tenants[FIRM.fingerprint]
    assert None is tenant.waits
    async with anyio.create_task_group() as group:
        callers = Callers(limits, group)
        await callers.start("first", asked())
        clock.now += 2.0
        await callers.cancel("first")
    assert tenant.waits is not None
    assert [2.0] == list(tenant.waits.values())
    callers.requests.clear()
    del callers
    gc.collect()
    assert 0 == len(tenant.waits)
    assert 0.0 == limits.waited(asked(principal=OTHER))


# -- the reserve -------------------------------------------------------------------------------------------------------


def test_a_batch_leaves_a_fifth_while_there_are_interactive_calls() -> None:
    """Unless told otherwise; a batch alone leaves nothing."""
    for lane, expected in (("batch", 49), ("interactive", 39)):
        limits = LocalLimiter(clock=Clock(), wall_clock=lambda: WALL)
        request = asked(lane)
        assert limits.passes(request)
        limits.answered(request, told(49))
        assert expected == sum(limits.passes(asked("batch")) for _ in range(60))


async def test_an_interactive_call_that_is_refused_is_one_too() -> None:
    """It is for its like that the next window has a reserve."""
    clock = Clock()
    limits = limiter(clock, reserve=0.2)
    batch = asked("batch")
    assert limits.passes(batch)
    limits.answered(batch, told(0))
    with pytest.raises(RateLimited):
        await limits.turn(asked(max_wait=10.0))
    clock.now += 61.0
    assert limits.passes(batch)
    limits.answered(batch, told(49, reset=121, Date="Fri, 15 Jan 2027 08:01:01 GMT"))
    assert 39 == sum(limits.passes(asked("batch")) for _ in range(60))


# -- what a refusal says -----------------------------------------------------------------------------------------------


async def test_a_refusal_says_what_there_is_to_wait_for() -> None:
    """A window that is used up, a pause, or those who wait already; and nothing, if nothing is known."""
    limits = limiter()
    tell(limits, told(0, limit=2, reset=10))
    reasons: list[str] = []

    async def ask(**arguments: Any) -> None:
        with pytest.raises(RateLimited) as caught:
            await limits.turn(asked(**arguments))
        reasons.append(str(caught.value).split(": ", 1)[1].partition(".")[0])
        assert f"GET {URL} was not sent{' again' if 'resent' in arguments else ''}: " in str(caught.value)

    async with anyio.create_task_group() as group:
        callers = Callers(limits, group)
        await ask(max_wait=5.0)
        await callers.start("a", asked("batch"))
        await callers.start("b", asked("batch"))
        await callers.start("c", asked("batch"))
        await ask(lane="batch", max_wait=12.0)
        await callers.cancel("b")
        await callers.cancel("c")
        await ask(lane="batch", max_wait=5.0, resent=asked())
        group.cancel_scope.cancel()
    limits = limiter()
    tell(limits, told(0, status=429, Retry_After="30"))
    await ask(max_wait=20.0)
    cold = limits = limiter()
    assert [True] * 4 == [cold.passes(asked()) for _ in range(4)]
    await ask(max_wait=0.0)
    assert [
        "the quota of the token is used up for another 11 s",
        "it would have to wait for quota another 21 s, and 3 calls wait before it",
        "it would have to wait for quota another 11 s, and 1 call waits before it",
        "after a 429, nothing is sent for another 30 s",
        "it has waited as long as it may, and nothing tells when there will be quota",
    ] == reasons


async def test_a_refusal_on_behalf_of_one_who_awaits_another_says_who_is_before_that() -> None:
    """A flight may be behind others; its own request is none of them."""
    limits = limiter()
    tell(limits, told(0, limit=1, reset=10))
    async with anyio.create_task_group() as group:
        callers = Callers(limits, group)
        first, second = await callers.start("a", asked()), await callers.start("b", asked())
        texts = [str(limits.refusal(asked(), 1011.0, awaited)) for awaited in (None, first, second)]
        assert ["used up for another 11 s"] * 2 == [text[text.index("used") :].partition(".")[0] for text in texts[:2]]
        assert "and 1 call waits before it" in texts[2]
        assert "used up for another 11 s" in str(limits.refusal(asked(principal=OTHER), 1011.0))
        group.cancel_scope.cancel()


# -- who watches -------------------------------------------------------------------------------------------------------


async def test_whoever_watches_a_request_is_told_when_it_begins_to_wait_and_when_it_waits_longer() -> None:
    """And of nothing more when it ends the watch."""
    limits = limiter()
    requests = [asked() for _ in range(4)]
    for request in requests:
        assert limits.passes(request)
    request = asked()
    tellings = 0

    def count() -> None:
        nonlocal tellings
        tellings += 1

    limits.watch(request, count)
    limits.watch(asked(), count)
    limits.watch(asked(principal=None), count)
    async with anyio.create_task_group() as group:
        callers = Callers(limits, group)
        await callers.start("other", asked())
        assert 0 == tellings
        await callers.start("watched", asked(resent=request))
        assert 1 == tellings
        limits.answered(requests[0], told(0, reset=10))
        assert 2 == tellings
        limits.watch(request, None)
        limits.answered(requests[1], told(0, status=429, Retry_After="100"))
        assert 2 == tellings
        group.cancel_scope.cancel()


def test_a_watch_that_ended_leaves_nothing() -> None:
    """Nor does it matter that there was none."""
    limits, request = limiter(), asked()
    limits.watch(request, list)  # nothing was sent on behalf of this principal
    limits.passes(request)
    tenant = limits._tenants[FIRM.fingerprint]
    limits.watch(request, None)
    limits.watch(request, list)
    assert tenant._watches
    limits.watch(request, None)
    assert None is tenant._watches
