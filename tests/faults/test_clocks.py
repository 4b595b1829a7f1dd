"""Clocks that jump: the time of day is set, or the machine was suspended (F76)."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import clio_async
from clio_async import Clio, MemoryTransport, RateLimited, Request, Response
from clio_async.limiters.local import LocalLimiter
from clio_async.messages import Headers
from clio_async.testing import Simulator
from tests.virtual import VirtualLoop

ROOT = Path(clio_async.__file__).parent
DAY = 86_400.0
READINGS = {"time", "time_ns", "now", "utcnow", "today", "localtime", "gmtime"}
ASKED = {
    "cli/probe/__init__.py",  # what a report of the command says of when it was made
    "cli/simulate.py",  # the clock of a simulated firm that runs
    "cli/versions.py",  # what day it is
}
"""Modules that read the time of day by themselves: commands alone."""


def reads_the_time_of_day(tree: ast.AST) -> bool:
    """Say whether a module calls, or hands on other than as a default, what tells the time of day."""
    defaults = {
        id(default)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for default in (*node.args.defaults, *node.args.kw_defaults)
    }
    return any(
        isinstance(node, ast.Attribute)
        and node.attr in READINGS
        and isinstance(node.value, ast.Name)
        and node.value.id in {"time", "_time", "datetime", "date", "dt"}
        and id(node) not in defaults
        for node in ast.walk(tree)
    )


def test_the_time_of_day_is_given_and_not_asked() -> None:
    """F76: no module of the package reads it, but for commands, and the cache file that outlives a process: what lasts
    is measured with a clock that goes forwards alone, and one that is needed for dates of HTTP is handed in."""
    found = {
        path.relative_to(ROOT).as_posix()
        for path in ROOT.rglob("*.py")
        if reads_the_time_of_day(ast.parse(path.read_text("utf-8")))
    }
    assert {*ASKED, "caches/sqlite.py"} == found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("now = time.time()", True),
        ("clock = time.time", True),
        ("at = datetime.now(UTC)", True),
        ("def f(at=None): return date.today()", True),
        ("def f(*, wall_clock=time.time): ...", False),
        ("at = time.monotonic()", False),
        ("simulator.clock.now()", False),
    ],
)
def test_the_check_sees_who_asks(text: str, expected: bool) -> None:
    """The control of F76: calls, and what is handed on; a default is for the caller to replace."""
    assert expected == reads_the_time_of_day(ast.parse(text))


class Clock:
    """A clock of a test."""

    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, object]]:
    """Pauses cost nothing."""
    return "asyncio", {"loop_factory": VirtualLoop}


LIMITED = {"Retry-After": "30", "Date": "Fri, 15 Jan 2027 08:00:00 GMT", "X-RateLimit-Limit": "50"}


@pytest.mark.parametrize("jump", [-DAY, -1.0, 1.0, DAY, 400 * DAY])
async def test_setting_the_time_of_day_neither_ends_nor_prolongs_a_pause(jump: float) -> None:
    """F76: after a 429 nothing is sent for as long as it says, whatever the time of day becomes meanwhile."""
    sent: list[float] = []
    wall, clock = Clock(1_800_000_000.0), Clock(100.0)

    async def answer(request: Request) -> Response:
        sent.append(clock.now)
        return Response(200, Headers(), b"{}") if len(sent) > 1 else Response(429, Headers(LIMITED), b"{}")

    limiter = LocalLimiter(clock=clock, wall_clock=wall)
    clio = Clio(
        "t", transport=MemoryTransport(answer, clock=clock), limiter=limiter, retry=None, clock=clock, wall_clock=wall
    )
    with pytest.raises(RateLimited):
        await clio.request("GET", "/users/who_am_i")
    wall.now += jump
    for passed in (0.0, 15.0, 29.0):
        clock.now = 100.0 + passed
        assert 30.0 - passed == clio.quota.pause
        with pytest.raises(RateLimited):
            await clio.options(timeout=0.5).request("GET", "/users/who_am_i")
    clock.now = 130.0
    assert 200 == (await clio.request("GET", "/users/who_am_i")).status
    assert [100.0, 130.0] == sent


async def test_a_pause_by_the_time_of_day_would_end_with_it() -> None:
    """The control of F76: who measures with the time of day sends into the pause when that is put forward."""
    sent: list[object] = []

    async def answer(request: Request) -> Response:
        sent.append(request)
        return Response(200, Headers(), b"{}") if len(sent) > 1 else Response(429, Headers(LIMITED), b"{}")

    wall = Clock(1_800_000_000.0)
    limiter = LocalLimiter(clock=wall, wall_clock=wall)
    clio = Clio(
        "t", transport=MemoryTransport(answer, clock=wall), limiter=limiter, retry=None, clock=wall, wall_clock=wall
    )
    with pytest.raises(RateLimited):
        await clio.request("GET", "/users/who_am_i")
    wall.now += DAY
    assert 200 == (await clio.request("GET", "/users/who_am_i")).status


@pytest.mark.parametrize("asleep", [60.0, DAY, 30 * DAY])
async def test_a_machine_that_was_suspended_goes_on(asleep: float) -> None:
    """F76: what was held is asked about, or read anew if its time is over; no call finds its own over beforehand."""
    clock, simulator = Clock(100.0), Simulator(matters=3)
    clio = simulator.client(clock=clock)
    before = await clio.matters.get(1)
    clock.now += asleep
    simulator.clock.advance(asleep)
    assert before == await clio.matters.get(1)
    assert [1, 2, 3] == [matter.id async for matter in clio.matters.list(fields="id")]
    assert (3, int(asleep < 3600)) == (clio.stats.requests, clio.stats.revalidated)
    assert not clio.quota.paused
