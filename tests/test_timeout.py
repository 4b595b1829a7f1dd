"""`timeout=` bounds a whole call, in virtual time (row F5 of the fault table)."""

from __future__ import annotations

import anyio
import pytest

from clio_async import (
    Clio,
    MaybeSentTimeout,
    MemoryTransport,
    NotSentTimeout,
    OutcomeUnknownTimeout,
    Policy,
    Request,
    Response,
    TransportError,
)
from clio_async.messages import Headers
from tests.virtual import VirtualLoop

BASE = "http://localhost/api/v4"


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, object]]:
    return "asyncio", {"loop_factory": VirtualLoop}


class Slow:
    """A server that takes its time."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.seen: list[str] = []

    async def __call__(self, request: Request) -> Response:
        self.seen.append(request.method)
        await anyio.sleep(self.seconds)
        return Response(200, Headers({"ETag": '"1"'}), b'{"data":{"id":42}}')


def made(slow: Slow, **options: object) -> Clio:
    """A client on the clock of the event loop."""
    transport = MemoryTransport(slow, clock=anyio.current_time)
    return Clio("t", base_url=BASE, transport=transport, clock=anyio.current_time, **options)  # type: ignore[arg-type]


async def test_a_read_that_takes_too_long_is_a_timeout_and_a_transport_error() -> None:
    """It ends when its time is over, and not later (F5)."""
    clio = made(Slow(100), timeout=5)
    begin = anyio.current_time()
    with pytest.raises(TimeoutError) as caught:
        await clio.request("GET", "/x")
    assert isinstance(caught.value, MaybeSentTimeout)
    assert isinstance(caught.value, TransportError)
    assert 5 == pytest.approx(anyio.current_time() - begin, abs=0.05)


async def test_a_write_that_takes_too_long_has_an_unknown_outcome() -> None:
    """And what it may have changed is outdated all the same."""
    slow = Slow(0)
    clio = made(slow, policy=Policy(fresh_for={"users": 1e6}))
    await clio.request("GET", "/users/1")
    slow.seconds = 100
    with pytest.raises(OutcomeUnknownTimeout):
        await clio.options(timeout=5).request("PATCH", "/users/1", json={})
    slow.seconds = 0
    await clio.request("GET", "/users/1")
    assert ["GET", "PATCH", "GET"] == slow.seen


async def test_a_cancelled_write_outdates_what_it_may_have_changed() -> None:
    """A scope of the caller carries no outcome; the invalidation happens in spite of it."""
    slow = Slow(0)
    clio = made(slow, policy=Policy(fresh_for={"users": 1e6}))
    await clio.request("GET", "/users/1")
    slow.seconds = 100
    with anyio.move_on_after(5):
        await clio.request("PATCH", "/users/1", json={})
    slow.seconds = 0
    await clio.request("GET", "/users/1")
    assert ["GET", "PATCH", "GET"] == slow.seen


async def test_one_who_waits_for_anothers_flight_keeps_to_an_own_time() -> None:
    """The hasty one leaves; the patient one is answered by the one request (F5)."""
    slow = Slow(50)
    clio = made(slow, timeout=100)
    errors: list[Exception] = []

    async def hasty() -> None:
        with pytest.raises(NotSentTimeout) as caught:
            await clio.options(timeout=5).request("GET", "/x")
        errors.append(caught.value)

    async with anyio.create_task_group() as group:
        group.start_soon(clio.request, "GET", "/x")
        await anyio.sleep(1)
        group.start_soon(hasty)
    assert (1, 1) == (len(errors), len(slow.seen))


async def test_without_a_timeout_a_call_waits_as_long_as_it_takes() -> None:
    """The control of F5: with `timeout=None` nothing ends it."""
    clio = made(Slow(3_600), timeout=None)
    assert 200 == (await clio.request("GET", "/x")).status
