"""`Simulator.client`: a client that asks the simulator, and goes by its time."""

from __future__ import annotations

import time
from typing import Any

import anyio
import pytest

from clio_async import Clio, InvalidArgument, LocalLimiter, MemoryTransport, NotFound, Unauthorized, UnknownOption
from clio_async.testing import Clock, Jobs, Regime, Simulator, asgi, deliver_due
from clio_async.testing.simulator.clients import ClientOptions
from clio_async.webhooks import Event, MemorySubscriptions, Receiver
from clio_async.webhooks.asgi import WebhookApp
from tests.virtual import VirtualLoop

WHERE = "https://you.example/clio/webhooks"


def firm(**options: Any) -> Simulator:
    return Simulator(matters=3, contacts=3, tasks=3, users=2, **options)


async def test_the_first_test_that_anybody_writes() -> None:
    """A record is read, written, and read again."""
    simulator = firm()
    async with simulator.client() as clio:
        matter = await clio.matters.get(2)
        await clio.matters.update(matter, description="Settled")
    assert "Settled" == simulator.record("matters", 2)["description"]


async def test_the_first_test_of_a_webhook() -> None:
    """It is created by the simulator's time, activated by `ensure` without any greeting, and told of a change."""
    simulator, subscriptions, events = firm(), MemorySubscriptions(), list[Event]()

    async def on_event(event: Event) -> None:
        events.append(event)

    clio = simulator.client()
    app = WebhookApp(Receiver(subscriptions, on_event, invalidate=clio, wall_clock=simulator.clock.now))
    ensured = await clio.webhooks.ensure(model="matter", url=WHERE, fields="id,etag", store=subscriptions)
    assert ("created", "enabled") == (ensured.did, simulator.record("webhooks", 13)["status"])
    assert simulator.clock.now() < ensured.next_at.timestamp()
    assert 0 == await deliver_due(simulator, asgi(app))
    simulator.change("matters", 3, description="Settled")
    assert 1 == await deliver_due(simulator, asgi(app))
    assert [("updated", 3)] == [(event.kind, event.id) for event in events]


async def test_a_client_that_goes_by_another_time_is_refused() -> None:
    """The control: by the time of this machine a webhook would end beyond what Clio allows, or before it begins."""
    simulator = firm()
    clio = simulator.client(wall_clock=lambda: simulator.clock.now() + 365 * 86_400)
    with pytest.raises(Exception, match="422"):
        await clio.webhooks.ensure(model="matter", url=WHERE, fields="id,etag", store=MemorySubscriptions())


async def test_the_time_is_the_simulators_whichever_clock_it_has() -> None:
    """Also one that was put in its place later."""
    simulator = firm()
    seen = list[float]()
    clio = simulator.client()
    simulator.clock = Clock(lambda: 5.0)
    seen.append(clio._core.wall_clock())
    simulator.clock.advance(2)
    seen.append(clio._core.wall_clock())
    assert [5.0, 7.0] == seen


async def test_files_come_through_it() -> None:
    """The storage is the simulator's, too; no time passes."""
    simulator = firm(jobs=Jobs(seconds=0))
    clio = simulator.client()
    document = await clio.documents.upload(b"May it please the court", parent={"id": 1, "type": "Matter"}, name="a.txt")
    async with clio.documents.download(document) as download:
        assert b"May it please the court" == b"".join([piece async for piece in download])
    assert {"PUT", "GET"} == {request.method for request in simulator.storage.requests}


def test_a_report_takes_no_time_where_jobs_take_none() -> None:
    """One request, and no pause; with what is to be shown, two."""

    async def run() -> tuple[float, int]:
        simulator, began = firm(jobs=Jobs(seconds=0)), anyio.current_time()
        clio = simulator.client(clock=anyio.current_time)
        assert "completed" == (await clio.reports.run(kind="revenue", format="csv")).state
        assert 1 == simulator.log.requests
        assert "csv" == (await clio.reports.run(kind="revenue", format="csv", fields="format")).format
        return anyio.current_time() - began, simulator.log.requests

    assert (0.0, 3) == anyio.run(run, backend_options={"loop_factory": VirtualLoop})


@pytest.mark.parametrize(("account", "user"), [(1, 1), (1, 2), (7, 2)])
async def test_it_speaks_for_a_user_of_a_firm(account: int, user: int) -> None:
    """The first one of the first one unless it is said."""
    simulator = firm()
    clio = simulator.client(account=account, user=user)
    assert user == (await clio.users.who_am_i()).id
    simulator.change("matters", 1, account=account, description="Ours")
    assert "Ours" == (await clio.matters.get(1)).description
    if account != 1:
        assert "Ours" != (await simulator.client().matters.get(1)).description


@pytest.mark.parametrize(
    ("simulated", "options", "origin"),
    [
        ({}, {}, "https://app.clio.com/api/v4"),
        ({"region": "eu"}, {}, "https://eu.app.clio.com/api/v4"),
        ({"region": "eu"}, {"region": None, "base_url": None, "transport": None}, "https://eu.app.clio.com/api/v4"),
        ({}, {"region": "ca"}, "https://ca.app.clio.com/api/v4"),
        ({"prefix": "/api/v9"}, {}, "https://app.clio.com/api/v9"),
        ({"prefix": ""}, {"region": "au"}, "https://au.app.clio.com"),
        ({"region": "eu"}, {"base_url": "http://localhost/api/v4"}, "http://localhost/api/v4"),
        ({"region": "eu"}, {"base_url": "https://au.app.clio.com/api/v4", "region": "au"}, "https://au.app.clio.com/api/v4"),
    ],
)  # fmt: skip
async def test_it_asks_where_the_simulator_is(simulated: Any, options: Any, origin: str) -> None:
    """In its region, under its prefix; another region, or address, is served as well."""
    simulator = firm(**simulated)
    clio = simulator.client(**options)
    assert f"<Clio {origin} " in repr(clio)
    assert 1 == (await clio.users.who_am_i()).id


async def test_an_option_has_the_last_word() -> None:
    """A transport, a limiter, a cache, a clock of the caller's are what the client has."""
    simulator, asked = firm(), list[str]()

    def handler(request: Any) -> Any:
        asked.append(request.url)
        return simulator.answer(request)

    clio = simulator.client(transport=MemoryTransport(handler), limiter=LocalLimiter(), cache=None, timeout=None)
    await clio.matters.get(1)
    assert 1 == len(asked)
    simulator.expire_all()
    with pytest.raises(Unauthorized):
        await simulator.client(retry=None, limiter=None).with_auth("another").matters.get(1)
    with pytest.raises(NotFound):
        await simulator.client(strict=True, api_version="4.0.12").matters.get(4_000)


def test_an_option_that_is_none_is_refused() -> None:
    """As `Clio` does it, with near names; so is a region that is none."""
    simulator = firm()
    with pytest.raises(UnknownOption, match="limiter"):
        simulator.client(limitter=None)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    with pytest.raises(InvalidArgument, match="us, eu, ca, au"):
        simulator.client(region="mars")


def test_the_options_are_those_of_a_client() -> None:
    """By name and by type, so that what a type checker says of them stays true."""
    stated = {
        name: hint
        for name, hint in Clio.__init__.__annotations__.items()
        if name in (Clio.__init__.__kwdefaults__ or {})
    }
    assert stated == {name: hint.__forward_arg__ for name, hint in ClientOptions.__annotations__.items()}


async def test_a_simulator_whose_clock_runs_serves_a_client_too() -> None:
    """A limiter then waits until a window ends."""
    simulator = firm(clock=Clock(time.time), regime=Regime(rate_limit=(50, 60.0)))
    clio = simulator.client()
    await clio.matters.get(1)
    assert abs(clio._core.wall_clock() - time.time()) < 5


@pytest.mark.parametrize("limit", [50, (50,), (50, 60.0, 1), (0, 60.0), (50, -1.0), ("50", 60), (True, 60.0), [50, 60]])
def test_a_rate_limit_that_is_none_is_refused(limit: Any) -> None:
    """At once, with what it looks like."""
    with pytest.raises(ValueError, match=r"such as rate_limit=\(50, 60\.0\)"):
        Regime(rate_limit=limit)
    assert (50, 60) == Regime(rate_limit=(50, 60)).rate_limit
