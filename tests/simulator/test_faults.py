"""Fault plans, and what the shell in memory makes of them."""

from __future__ import annotations

import json

import anyio
import anyio.lowlevel
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clio_async import Clio
from clio_async.errors import MaybeSent, NotSent, ResponseBroken
from clio_async.messages import Request
from clio_async.testing.simulator import Fault, Faults, Simulator
from clio_async.transport.memory import MemoryTransport

from .caller import Caller

PATCH = {"data": {"description": "mine"}}


def patched(simulator: Simulator) -> bool:
    return simulator.record("matters", 1)["description"] == "mine"


async def send(asks: Caller, method: str = "PATCH") -> int:
    return (await asks.simulator.handler(asks.request(method, "/matters/1.json", PATCH))).status


@pytest.mark.parametrize(
    ("fault", "raised", "applied"),
    [
        (Fault.refused(), NotSent, False),
        (Fault.lost_before(), MaybeSent, False),
        (Fault.lost_after(), MaybeSent, True),
        (Fault.lost_after(5), MaybeSent, True),
        (Fault.lost_after(60), ResponseBroken, True),
        (Fault.truncated(3), ResponseBroken, True),
    ],
)
async def test_a_broken_connection_is_the_error_of_a_transport(
    fault: Fault, raised: type[Exception], applied: bool
) -> None:
    """Lost before: nothing was written. Lost after: it was, and the caller cannot know."""
    asks = Caller(Simulator(faults=Faults.scripted([fault])))
    with pytest.raises(raised):
        await send(asks)
    assert applied == patched(asks.simulator)
    assert fault.name == asks.simulator.entries()[0].fault
    assert 200 == await send(asks)


@pytest.mark.parametrize("status", [500, 502, 503, 504, 429])
@pytest.mark.parametrize("html", [False, True])
@pytest.mark.parametrize("applied", [False, True])
async def test_a_gateway_answers_in_clios_place(status: int, html: bool, applied: bool) -> None:
    """Its status, in HTML or JSON, before or after the write was carried out."""
    plan = Faults.scripted([Fault.status(status, html=html, applied=applied, retry_after="7")])
    asks = Caller(Simulator(faults=plan))
    response = await asks.simulator.handler(asks.request("PATCH", "/matters/1.json", PATCH))
    assert (status, "7", applied) == (response.status, response.headers["retry-after"], patched(asks.simulator))
    assert response.headers["content-type"].startswith("text/html" if html else "application/json")
    assert html or "error" in json.loads(response.body)
    assert "retry-after" not in Fault.status(500).replace(response).headers  # type: ignore[misc]


async def test_answers_that_are_not_what_they_say() -> None:
    """Garbage, another content type, a repeated header, a redirect."""
    faults = [
        Fault.garbage(), Fault.content_type("text/html"), Fault.repeated("ETag", '"other"'),
        Fault.redirect("https://elsewhere.example/", 307),
    ]  # fmt: skip
    asks = Caller(Simulator(faults=Faults.scripted(faults)))
    garbage, mislabelled, repeated, redirect = [
        await asks.simulator.handler(asks.request("GET", "/matters/1.json")) for _ in faults
    ]
    with pytest.raises(ValueError, match="Expecting"):
        json.loads(garbage.body)
    assert ("text/html", 1) == (mislabelled.headers["content-type"], json.loads(mislabelled.body)["data"]["id"])
    assert 2 == len(repeated.headers.values_of("etag"))
    assert (307, "https://elsewhere.example/") == (redirect.status, redirect.headers["location"])


async def test_a_body_that_is_empty_cannot_be_truncated() -> None:
    """A 304 arrives whole."""
    asks = Caller(Simulator(faults=Faults.scripted([Fault.truncated(0)])))
    response = await asks.simulator.handler(asks.request("GET", "/matters/1.json", if_none_match="*"))
    assert 304 == response.status


async def test_a_delay_holds_the_request_or_the_answer() -> None:
    """An answer held back shows the state before a write that came in the meantime; a request held back, after it."""
    for fault, seen in ((Fault.delayed(after=0.01), False), (Fault.delayed(before=0.01), True)):
        asks = Caller(Simulator(faults=Faults.scripted([fault])))
        before = asks.simulator.record("matters", 1)["etag"]
        shown: list[str] = []

        async def read(asks: Caller = asks, shown: list[str] = shown) -> None:
            response = await asks.simulator.handler(asks.request("GET", "/matters/1.json"))
            shown.append(json.loads(response.body)["data"]["etag"])

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(read)
            for _ in range(5):
                await anyio.lowlevel.checkpoint()
            asks.simulator.change("matters", 1, description="another")
        assert seen == (shown != [before])


def test_plans_by_index_and_by_predicate() -> None:
    """A script by place, a mapping by index, a predicate a number of times or always; a new plan counts from 0."""
    request, write = Request("GET", "https://x/"), Request("PATCH", "https://x/")
    fault = Fault.lost_before()
    simulator = Simulator(faults=Faults.scripted({1: fault}))
    assert [None, fault, None] == [simulator.next_fault(request) for _ in range(3)]
    simulator.faults = Faults.scripted([None, fault])
    assert [None, fault, None] == [simulator.next_fault(request) for _ in range(3)]
    simulator.faults = Faults.when(lambda it: it.method == "PATCH", fault, times=2)
    assert [None, fault, fault, None] == [simulator.next_fault(it) for it in (request, write, write, write)]
    simulator.faults = Faults.when(lambda it: it.method == "PATCH", fault, times=None)
    assert [fault] * 5 == [simulator.next_fault(write) for _ in range(5)]
    assert simulator.faults(0, request) is None


@given(seed=st.integers(), rate=st.floats(0, 1))
def test_a_seeded_plan_can_be_repeated(seed: int, rate: float) -> None:
    """The same seed faults the same requests; no rate faults none, the full one all."""
    request, faults = Request("GET", "https://x/"), [Fault.lost_before(), Fault.lost_after()]
    plan = [Faults.seeded(seed, rate, faults)(index, request) for index in range(30)]
    assert plan == [Faults.seeded(seed, rate, faults)(index, request) for index in range(30)]
    assert not any(Faults.seeded(seed, 0, faults)(index, request) for index in range(30))
    assert all(Faults.seeded(seed, 1.1, faults)(index, request) for index in range(30))


async def test_without_faults_the_handler_is_the_answer() -> None:
    """A plan of nothing changes nothing."""
    asks = Caller(Simulator())
    request = asks.request("GET", "/matters/1.json")
    assert asks.simulator.answer(request).body == (await asks.simulator.handler(request)).body


BACKENDS = pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])


@BACKENDS
async def test_requests_are_under_way_together(anyio_backend: str) -> None:
    """As on a network: identical reads that are asked for at once share one request."""
    simulator = Simulator()
    transport = MemoryTransport(simulator.handler)
    async with Clio(simulator.token(), base_url="http://localhost/api/v4", transport=transport) as clio:
        async with anyio.create_task_group() as tasks:
            for _ in range(5):
                tasks.start_soon(clio.matters.get, 1)
        assert (4, 1) == (clio.stats.shared, simulator.log.requests)


@BACKENDS
async def test_a_request_that_is_cancelled_was_not_carried_out(anyio_backend: str) -> None:
    """Cancelled while it is under way, nothing is written; once it is written, the answer is there."""
    asks = Caller(Simulator())
    with anyio.CancelScope() as scope:
        scope.cancel()
        await send(asks)
    assert scope.cancelled_caught
    assert not patched(asks.simulator)
    assert 0 == asks.simulator.log.requests
    fault = Fault(name="cancelling", replace=lambda right: scope.cancel() or right)
    asks.simulator.faults = Faults.scripted([fault])
    with anyio.CancelScope() as scope:
        assert 200 == await send(asks)  # the control: cancelled after it was carried out
    assert patched(asks.simulator)


async def test_faults_go_by_the_order_of_sending() -> None:
    """The plan is asked before a request waits, so that what is sent second is the second."""
    asks = Caller(Simulator(faults=Faults.scripted([Fault.status(503), None, Fault.status(500)])))
    seen: dict[int, int] = {}

    async def ask(number: int) -> None:
        seen[number] = await send(asks)

    async with anyio.create_task_group() as tasks:
        for number in range(3):
            tasks.start_soon(ask, number)
    assert {0: 503, 1: 200, 2: 500} == seen
