"""Reading one page ahead, on both backends: no leaked task, no lost error, and nothing that hangs."""

from __future__ import annotations

import asyncio
import gc
from typing import Any, TypeVar

import anyio
import pytest
from anyio.from_thread import start_blocking_portal
from anyio.lowlevel import checkpoint

from clio_async import ClientClosed, Clio, MemoryTransport, RateLimited, ServerError
from clio_async.ahead import Ahead
from clio_async.codec import Page
from clio_async.detached import Detached
from clio_async.messages import Request, Response
from clio_async.models.schema import Operation
from clio_async.models.selection import Selection
from clio_async.protocol.walks import BARREN
from clio_async.testing import Simulator

from .fake import Call, FakeClio, page

T = TypeVar("T")

MATTERS = "https://app.clio.com/api/v4/matters.json"


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def link(token: object) -> str:
    return f"{MATTERS}?page_token={token}"


class Slow(FakeClio):
    """Each answer waits until it is let go."""

    def __init__(self, *answers: object) -> None:
        super().__init__(*answers)
        self.gates: list[anyio.Event] = []
        self.cancelled = 0
        self.jobs = Detached()
        self.detach = self.jobs.run

    async def read_page(self, operation: Operation, path: str, query: str, selection: Selection[T]) -> Page[T]:
        self.calls.append(Call(operation, path, query, selection=selection))
        answer = self._answer
        gate = anyio.Event()
        self.gates.append(gate)
        try:
            await gate.wait()
        except BaseException:
            self.cancelled += 1
            raise
        return selection.decode_page(answer())

    def let_go(self, number: int) -> None:
        self.gates[number].set()

    @property
    def under_way(self) -> int:
        return len(self.jobs._running)


def three_pages() -> list[Any]:
    return [page(1, 2, link=link("b")), page(3, 4, link=link("c")), page(5)]


async def first_of(clio: Slow) -> Any:
    """Begin a walk and take its first page; the second one is asked for when this returns."""
    walk = clio.matters.list(fields="id", prefetch=1).by_page()

    async def step() -> None:
        await anext(walk)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(step)
        await anyio.wait_all_tasks_blocked()
        clio.let_go(0)
    await anyio.wait_all_tasks_blocked()
    return walk


async def test_a_page_is_asked_for_while_the_one_before_is_worked_on() -> None:
    """One page ahead, never two, and each is asked for once."""
    clio = Slow(*three_pages())
    walk = await first_of(clio)
    assert 2 == len(clio.calls)
    clio.let_go(1)
    await anyio.wait_all_tasks_blocked()
    assert 2 == len(clio.calls)  # it is there, and the one after it waits until it is taken
    assert [3, 4] == [matter.id for matter in await anext(walk)]
    await anyio.wait_all_tasks_blocked()
    clio.let_go(2)
    assert [5] == [matter.id for matter in await anext(walk)]
    assert [] == [found async for found in walk]
    assert ["b", "c"] == [call.parameters["page_token"] for call in clio.calls[1:]]
    assert 0 == clio.under_way


async def test_the_control_without_it_nothing_is_read_ahead() -> None:
    """Unless it is asked for."""
    clio = FakeClio(*three_pages())
    walk = clio.matters.list(fields="id").by_page()
    await anext(walk)
    for _ in range(10):
        await checkpoint()
    assert 1 == len(clio.calls)


@pytest.mark.parametrize("prefetch", [0, 1])
async def test_it_makes_no_other_list(prefetch: int) -> None:
    """The same records and the same requests."""
    clio = FakeClio(*three_pages(), *three_pages(), page())
    pages = clio.matters.list(fields="id", prefetch=prefetch)
    assert [1, 2, 3, 4, 5] == [matter.id for matter in await pages.collect()]
    assert [1, 2, 3, 4, 5] == [matter.id async for matter in pages]
    assert [None, "b", "c"] * 2 == [call.parameters.get("page_token") for call in clio.calls]
    assert pages.resume_token is None


async def test_a_reader_that_is_cancelled_finds_the_page_when_it_comes_back() -> None:
    """The request goes on in a task of its own: it is neither cut short nor sent again."""
    clio = Slow(*three_pages())
    walk = await first_of(clio)
    for _ in range(3):
        with anyio.CancelScope() as scope:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(anext, walk)
                await anyio.wait_all_tasks_blocked()
                scope.cancel()
        assert scope.cancelled_caught
    clio.let_go(1)
    assert [3, 4] == [matter.id for matter in await anext(walk)]
    assert (0, ["b"]) == (clio.cancelled, [call.parameters["page_token"] for call in clio.calls[1:2]])


async def test_an_error_is_raised_when_the_walk_gets_there() -> None:
    """Not before, and once; the token is that of the page that failed, and the walk can go on (F58)."""
    pages_read = three_pages()
    clio = FakeClio(pages_read[0], ServerError("down", status=503), *pages_read[1:])
    pages = clio.matters.list(fields="id", prefetch=1)
    walk = pages.by_page()
    assert [1, 2] == [matter.id for matter in await anext(walk)]
    await anyio.wait_all_tasks_blocked()
    assert 2 == len(clio.calls)
    with pytest.raises(ServerError):
        await anext(walk)
    token = pages.resume_token
    assert [3, 4] == [matter.id for matter in await anext(walk)]
    again = FakeClio(*pages_read[1:])
    assert [3, 4, 5] == [one.id for one in await again.matters.list(fields="id", resume=token, prefetch=1).collect()]
    assert "b" == again.calls[0].parameters["page_token"]


async def test_an_error_that_nobody_comes_for_is_lost() -> None:
    """An event loop does not complain of it: warnings are errors here."""
    clio = FakeClio(three_pages()[0], ServerError("down", status=503))
    walk = clio.matters.list(fields="id", prefetch=1).by_page()
    await anext(walk)
    await anyio.wait_all_tasks_blocked()
    del walk
    gc.collect()
    await checkpoint()


async def test_a_walk_that_is_abandoned_ends_its_request() -> None:
    """Whoever breaks off leaves nothing behind."""
    clio = Slow(*three_pages())

    async def look() -> None:
        async for matter in clio.matters.list(fields="id", prefetch=1):
            assert matter.id == 1
            await anyio.wait_all_tasks_blocked()
            break

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(look)
        await anyio.wait_all_tasks_blocked()
        clio.let_go(0)
    await anyio.wait_all_tasks_blocked()
    assert (2, 1, 0) == (len(clio.calls), clio.cancelled, clio.under_way)


async def test_a_walk_that_is_abandoned_before_its_request_began_sends_none() -> None:
    """The task was made, and had no turn yet."""
    clio = FakeClio(*three_pages())
    walk = clio.matters.list(fields="id", prefetch=1).by_page()
    await anext(walk)
    del walk
    await anyio.wait_all_tasks_blocked()
    assert 1 == len(clio.calls)


CIRCLE = [page(link=link(number)) for number in range(BARREN)]


@pytest.mark.parametrize(
    "answers",
    [[page(1)], [page(1, link="https://evil.test/x")], [page(1, link=link("b")), page(2, link=link("b"))], CIRCLE],
    ids=["the last page", "a bad link", "a loop", "page after page of nothing"],
)
async def test_nothing_is_read_ahead_where_a_list_ends(answers: list[Any]) -> None:
    """Or where its link must not be followed."""
    clio = FakeClio(*answers)
    walk = clio.matters.list(fields="id", prefetch=1).by_page()
    for _ in answers:
        await anext(walk)
        await anyio.wait_all_tasks_blocked()
    assert len(answers) == len(clio.calls)


# -- the whole client ---------------------------------------------------------------------------------------------


class Server:
    """A simulated Clio whose answers to pages behind the first wait."""

    def __init__(self) -> None:
        self.simulator = Simulator(matters=30)
        self.gate = anyio.Event()
        self.seen: list[str] = []
        self.ended = 0

    async def __call__(self, request: Request) -> Response:
        self.seen.append(request.url)
        try:
            if "page_token" in request.url:
                await self.gate.wait()
            return self.simulator.answer(request)
        finally:
            self.ended += 1

    def client(self) -> Clio:
        transport = MemoryTransport(self)
        return Clio(self.simulator.token(), base_url="http://localhost/api/v4", transport=transport)


async def test_closing_the_client_ends_what_is_read_ahead() -> None:
    """It does not wait for it, and the walk is told."""
    server = Server()
    async with server.client() as clio:
        walk = clio.matters.list(fields="id", limit=10, prefetch=1).by_page()
        await anext(walk)
        await anyio.wait_all_tasks_blocked()
        assert (2, 1) == (len(server.seen), server.ended)
    assert (2, 2) == (len(server.seen), server.ended)
    with pytest.raises(ClientClosed):
        await anext(walk)


async def test_a_reader_that_waits_when_the_client_is_closed_is_told() -> None:
    """It does not hang."""
    server = Server()
    clio = server.client()
    walk = clio.matters.list(fields="id", limit=10, prefetch=1).by_page()
    await anext(walk)
    told: list[type[BaseException]] = []

    async def wait() -> None:
        try:
            await anext(walk)
        except ClientClosed as error:
            told.append(type(error))

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(wait)
        await anyio.wait_all_tasks_blocked()
        await clio.aclose()
    assert [ClientClosed] == told


async def test_a_whole_list_through_the_client() -> None:
    """As many requests as pages, and each record once."""
    server = Server()
    server.gate.set()
    async with server.client() as clio:
        seen = [matter.id async for matter in clio.matters.list(fields="id", limit=7, prefetch=1)]
    assert [*range(1, 31)] == seen
    assert 5 == len(server.seen) == clio.stats.requests


async def test_a_page_that_is_refused_ahead_is_asked_for_again_when_the_walk_gets_there() -> None:
    """Being told to wait does no harm: the error has its time, and a walk may go on."""
    clio = FakeClio(three_pages()[0], RateLimited("later", status=429, retry_at=5.0), *three_pages()[1:])
    walk = clio.matters.list(fields="id", prefetch=1).by_page()
    await anext(walk)
    with pytest.raises(RateLimited) as caught:
        await anext(walk)
    assert 5.0 == caught.value.retry_at
    assert [[3, 4], [5]] == [[matter.id for matter in found] async for found in walk]


# -- the reading itself -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("detach", [lambda job: None, Detached().run], ids=["never begun", "cut short"])
def test_what_began_in_another_event_loop_is_not_waited_for(anyio_backend: str, detach: Any) -> None:
    """Nobody there would wake us: it is read again."""
    made: list[Ahead[int]] = []

    async def forever() -> int:
        await anyio.sleep_forever()
        return 1

    async def begin() -> None:
        made.append(Ahead(forever, detach))
        await checkpoint()

    async def wait() -> int | None:
        return await made[0].result()

    anyio.run(begin, backend=anyio_backend)
    assert anyio.run(wait, backend=anyio_backend) is None
    del made[:]  # outside of any event loop


def test_what_is_dropped_in_another_event_loop_is_not_cancelled_from_there(anyio_backend: str) -> None:
    """Its own thread is the only one that may do so: it is left to end by itself."""
    jobs, held, seen = Detached(), [], []

    async def begin() -> anyio.Event:
        gate = anyio.Event()

        async def read() -> None:
            await gate.wait()
            seen.append("read to its end")

        held.append(Ahead(read, jobs.run))
        return gate

    async def drop() -> None:
        held.clear()

    with start_blocking_portal(anyio_backend) as portal:
        gate = portal.call(begin)
        portal.call(anyio.wait_all_tasks_blocked)
        anyio.run(drop, backend=anyio_backend)
        portal.call(gate.set)
        portal.call(anyio.wait_all_tasks_blocked)
    assert ["read to its end"] == seen


async def test_what_was_read_is_given_and_what_went_wrong_is_raised() -> None:
    """The control of the rest."""

    async def right() -> int:
        return 5

    async def wrong() -> int:
        raise ServerError("down", status=503)

    jobs = Detached()
    assert 5 == await Ahead(right, jobs.run).result()
    with pytest.raises(ServerError):
        await Ahead(wrong, jobs.run).result()


def test_a_walk_goes_on_in_another_event_loop() -> None:
    """Where `asyncio.run` is used for each step."""
    clio = FakeClio(*three_pages())
    walk = clio.matters.list(fields="id", prefetch=1).by_page()
    found = [asyncio.run(_next(walk)) for _ in range(3)]
    assert [1, 3, 5] == found
    assert 3 == len(clio.calls)


async def _next(walk: Any) -> int:
    found = await anext(walk)
    return int(found[0].id)
