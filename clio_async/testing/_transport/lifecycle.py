"""Checks: connections are counted, given back whatever happens, and belong to one event loop and one life."""

from __future__ import annotations

import gc
import warnings
from collections.abc import Awaitable, Callable
from contextlib import suppress

import anyio
import anyio.to_thread
from anyio.lowlevel import checkpoint

from ...errors import ClientClosed, ClioError, MaybeSent, ResponseBroken, WrongEventLoop
from ...messages import Request
from ...transport.base import Transport
from ..wire import Answer, Received, WireServer, serve
from .expect import Factory, failure, holds, ok, opened, reply, request, same

__all__ = ["CHECKS", "PLAIN_CHECKS"]


async def connections_are_limited_and_kept(factory: Factory) -> None:
    """No more than `limit` connections are open, they are used again, and everyone gets a turn."""
    most = 0

    async def answer(_: Received) -> Answer:
        nonlocal most
        most = max(most, server.counts["open"])
        for _step in range(5):
            await checkpoint()
        return Answer(reply())

    async with serve(answer) as server, opened(factory, limit=3) as transport:
        async with anyio.create_task_group() as tasks:
            for _ in range(30):
                tasks.start_soon(transport.send, request(server.url))
        same(30, len(server.received))
        same((3, 3), (most, server.counts["accepted"]), "connections at once, and ever")


async def cancellation_leaves_the_pool_whole(factory: Factory) -> None:
    """However far an exchange got when it was cancelled, all places of the pool can be used afterwards (F71)."""
    for stream in (False, True):
        meeting = _Meeting(2)
        async with serve(meeting.answer) as server, opened(factory, limit=2) as transport:
            tasks_before = len(anyio.get_running_tasks())
            use = _stream if stream else _send
            steps = 0
            while not await _cut_after(steps, use, transport, request(server.url)):
                steps += 1
            await meeting.hold(transport, server)
            await server.until(lambda: server.counts["open"] <= 2)
            for _ in range(20):
                await checkpoint()
            holds(len(anyio.get_running_tasks()) <= tasks_before + 2, "tasks are left behind")
        await server.until(lambda: server.counts["open"] == 0)


async def cancelled_waiters_pass_their_turn_on(factory: Factory) -> None:
    """A place that was just given to a request that is then cancelled goes to the next one (F71)."""
    held = go = anyio.Event()

    async def answer(received: Received) -> Answer:
        if received.target == "/first":
            held.set()
            await go.wait()
        return Answer(reply())

    async with serve(answer) as server, opened(factory, limit=1) as transport:
        for steps in range(25):
            held, go = anyio.Event(), anyio.Event()
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(transport.send, request(f"{server.url}/first"))
                await held.wait()
                async with anyio.create_task_group() as waiting:
                    waiting.start_soon(transport.send, request(f"{server.url}/second"))
                    await anyio.wait_all_tasks_blocked()
                    tasks.start_soon(transport.send, request(f"{server.url}/third", within=10))
                    await anyio.wait_all_tasks_blocked()
                    go.set()
                    for _ in range(steps):
                        await checkpoint()
                    waiting.cancel_scope.cancel()


async def _send(transport: Transport, sent: Request) -> None:
    await transport.send(sent)


async def _stream(transport: Transport, sent: Request) -> None:
    async with transport.stream(sent) as response:
        async for _ in response.chunks():
            pass


async def _cut_after(
    steps: int, use: Callable[[Transport, Request], Awaitable[None]], transport: Transport, sent: Request
) -> bool:
    """Cancel after so many turns of the event loop; say whether it had ended before."""
    ended = False

    async def run() -> None:
        nonlocal ended
        await use(transport, sent)
        ended = True

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(run)
        for _ in range(steps):
            await checkpoint()
        tasks.cancel_scope.cancel()
    return ended


class _Meeting:
    """Answers that wait, on demand, until so many requests are there at once."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._there = 0

    async def answer(self, received: Received) -> Answer:
        if received.target == "/meet":
            self._there += 1
            while self._there % self._size:
                await checkpoint()
        return Answer(reply(b"x" * 100))

    async def hold(self, transport: Transport, server: WireServer) -> None:
        """Hold a meeting: it ends only if all places of the pool can be used at once."""
        async with anyio.create_task_group() as tasks:
            for _ in range(self._size):
                tasks.start_soon(transport.send, request(f"{server.url}/meet", within=10))


async def streams_give_their_connection_back(factory: Factory) -> None:
    """A stream gives its connection back, and closes it if it was left early. Nothing is capped."""
    large = b"x" * 3_000_000

    def answer(received: Received) -> Answer:
        return Answer(reply(large if received.target == "/large" else b"small", ("X-A", "b")))

    async with serve(answer) as server, opened(factory, limit=1, max_body=10) as transport:
        for target in ("/large", "/small", "/large"):
            async with transport.stream(request(server.url + target)) as response:
                same((200, "b"), (response.status, response.headers["x-a"]))
                size = 0
                async for chunk in response.chunks():
                    holds(chunk, "no chunk is empty")
                    size += len(chunk)
                same(len(large) if target == "/large" else 5, size)
        same(1, server.counts["accepted"], "connections")
        for _ in range(3):
            async with transport.stream(request(f"{server.url}/large")) as response:
                async for _chunk in response.chunks():
                    break
            with suppress(ZeroDivisionError):
                async with transport.stream(request(f"{server.url}/large")):
                    raise ZeroDivisionError
        async with transport.stream(request(f"{server.url}/small")) as response:
            same(200, response.status)


async def a_closed_transport_says_so(factory: Factory) -> None:
    """After `aclose` nothing is sent; closing twice, or before the first use, is fine."""
    for use in (True, False):
        async with serve(ok) as server:
            transport = factory()
            if use:
                await transport.send(request(server.url))
            await transport.aclose()
            await transport.aclose()
            await failure(ClientClosed, transport.send(request(server.url)))
            await failure(ClientClosed, _stream(transport, request(server.url)))
            same(int(use), len(server.received))
            await server.until(lambda server=server: server.counts["open"] == 0)  # type: ignore[misc]


async def closed_transports_say_so(factory: Factory) -> None:
    """The same without a server."""
    transport = factory()
    await transport.aclose()
    await transport.aclose()
    await failure(ClientClosed, transport.send(request("http://127.0.0.1:9")))
    await failure(ClientClosed, _stream(transport, request("http://127.0.0.1:9")))


async def closing_ends_what_is_under_way(factory: Factory) -> None:
    """Requests in flight end at once: `ClientClosed` if not sent, else `MaybeSent` or `ResponseBroken` (F72)."""

    def answer(received: Received) -> Answer:
        part = reply(b"", ("Content-Length", "9"), length=False) + b"part"
        return Answer(part if received.target in {"/body", "/stream"} else b"", "hang")

    started = anyio.Event()
    async with serve(answer) as server:
        transport = factory(limit=4)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(failure, MaybeSent, transport.send(request(server.url, "POST", body=b"x")))
            tasks.start_soon(failure, MaybeSent, transport.send(request(server.url, within=None)))
            tasks.start_soon(failure, ResponseBroken, transport.send(request(f"{server.url}/body")))
            tasks.start_soon(failure, ResponseBroken, _started(transport, request(f"{server.url}/stream"), started))
            await server.until(lambda: len(server.received) == 4)
            await started.wait()
            tasks.start_soon(failure, ClientClosed, transport.send(request(server.url)))
            await anyio.wait_all_tasks_blocked()
            await transport.aclose()
        same(4, len(server.received), "requests sent")


async def _started(transport: Transport, sent: Request, started: anyio.Event) -> None:
    async with transport.stream(sent) as response:
        async for _ in response.chunks():
            started.set()


async def another_event_loop_is_noticed(factory: Factory) -> None:
    """Use from another event loop fails at once while the first one lives, and starts anew when it is gone (F73)."""
    async with serve(ok) as server:
        async with opened(factory) as transport:
            await transport.send(request(server.url))
            await failure(WrongEventLoop, anyio.to_thread.run_sync(anyio.run, transport.send, request(server.url)))
            await failure(WrongEventLoop, anyio.to_thread.run_sync(anyio.run, transport.aclose))
            await transport.send(request(server.url))
            same(1, server.counts["accepted"], "connections")
        with warnings.catch_warnings():
            # The first loop ends without closing the transport: its sockets are collected, and warn of that.
            warnings.simplefilter("ignore", ResourceWarning)
            transport = factory()
            for _ in range(2):
                await anyio.to_thread.run_sync(anyio.run, transport.send, request(server.url))
            await anyio.to_thread.run_sync(anyio.run, _send_and_close, transport, request(server.url))
            same(5, len(server.received))
            del transport
            gc.collect()


async def _send_and_close(transport: Transport, sent: Request) -> None:
    await transport.send(sent)
    await transport.aclose()
    with suppress(ClioError):
        await transport.send(sent)


CHECKS = (
    connections_are_limited_and_kept,
    cancellation_leaves_the_pool_whole,
    cancelled_waiters_pass_their_turn_on,
    streams_give_their_connection_back,
    a_closed_transport_says_so,
    closing_ends_what_is_under_way,
    another_event_loop_is_noticed,
)
PLAIN_CHECKS = (closed_transports_say_so,)
