"""What a child has of its parent's: it is neither used, nor waited for, nor ended by it (F74)."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
import threading
import weakref
from contextlib import suppress
from pathlib import Path
from typing import Any

import anyio
import anyio.lowlevel
import pytest

from clio_async.auth.files import Directory, Lease
from clio_async.auth.stores import FileTokenStore, MemoryTokenStore
from clio_async.detached import Detached, Keep
from clio_async.errors import WrongEventLoop
from clio_async.home import Residence, _grip, abandon
from clio_async.testing._transport.expect import reply, request
from clio_async.testing.wire import Answer, serve
from clio_async.transport.aiohttp import AiohttpTransport
from clio_async.transport.httpx2 import Httpx2Transport
from tests.auth.server import world
from tests.auth.test_oauth_grants import settle, used
from tests.auth.worker import KEY, following
from tests.origin import Gate, Wire, client, ok

from .load import forked


class Thing:
    """Something whose end can be seen."""


def test_what_is_abandoned_is_never_ended() -> None:
    """No finaliser runs, not even that of a thing that nobody holds."""
    thing, dropped = Thing(), Thing()
    kept, lost = weakref.ref(thing), weakref.ref(dropped)
    abandon([thing])
    del thing, dropped
    assert kept() is not None
    assert lost() is None


def test_where_no_reference_can_be_kept_things_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Python without ctypes goes on: there, what nobody holds is ended as ever."""
    monkeypatch.setitem(sys.modules, "ctypes", None)
    _grip.cache_clear()
    thing = Thing()
    seen = weakref.ref(thing)
    abandon(thing)
    del thing
    assert seen() is None
    _grip.cache_clear()


def test_a_residence_moves_when_its_event_loop_has_ended() -> None:
    """It says which home was left, and that it has none twice."""
    residence = Residence()
    assert not residence.is_inherited()

    async def taken() -> Any:
        left = residence.take("It")
        assert residence.take("It") is None
        with pytest.raises(WrongEventLoop, match=r"^It in another event loop"):
            await anyio.to_thread.run_sync(anyio.run, refused)
        return left

    async def refused() -> None:
        residence.take("It")

    assert anyio.run(taken) is None
    first = residence._home
    assert anyio.run(taken) is first
    assert anyio.run(taken, backend="trio") is not first
    assert not residence.is_inherited()
    assert "True" == forked(lambda: str(residence.is_inherited()))()


def test_a_residence_that_was_moving_during_a_fork_moves_in_the_child() -> None:
    """A lock that a thread of the parent held is never given back in the child."""
    residence = Residence()
    anyio.run(_take, residence)
    lock = residence._moving[os.getpid()]
    with lock:
        assert "None" != forked(lambda: str(anyio.run(_take, residence)))()
    assert not lock.locked()


async def _take(residence: Residence) -> Any:
    return residence.take("It")


async def test_a_child_forgets_the_flights_and_jobs_of_its_parent() -> None:
    """It leads flights of its own, waits for no job, and ends no task that the parent waits in."""
    gate = Gate(lambda request: ok(b"x"))
    clio = client(Wire(gate))
    jobs, ended = anyio.Event(), []

    async def job(keep: Keep) -> None:
        keep()
        try:
            await jobs.wait()
        finally:
            ended.append("job")

    async with anyio.create_task_group() as tasks:
        for _ in range(2):
            tasks.start_soon(clio.request, "GET", "/matters/42")
        clio._core.detach(job)
        async with clio._core.turns.of("matter"):
            await anyio.wait_all_tasks_blocked()
            core = clio._core
            assert core._residence._home is not None
            core._residence._home._pid = -1  # as it is in a child
            for run in core._detached._running:
                run.pid = -1
            core._here = None
            flight = next(iter(core._flights.values()))
            core._settle()
            assert {} == core._flights
            assert {} == core._detached._running
            assert 0 == len(core.turns)
        assert [] == ended
        assert 1 == len(flight.waiters)
        jobs.set()
        while not ended:
            await anyio.lowlevel.checkpoint()
        gate.waiting[0].set()
    await clio.aclose()


async def test_a_core_that_a_child_drops_is_kept_as_it_is() -> None:
    """What it holds of the parent's is not ended, though the child never used it."""
    clio = client(Wire(lambda request: ok(b"x")))
    await clio.request("GET", "/matters/42")
    mark = clio._core.mark = object()  # type: ignore[attr-defined]  # a reference that is weak is gone before it is kept
    clio._core._residence._home._pid = -1  # type: ignore[union-attr]
    held = sys.getrefcount(mark)
    del clio
    gc.collect()
    assert held == sys.getrefcount(mark)


@pytest.mark.parametrize("child", [True, False], ids=["child", "parent"])
@pytest.mark.parametrize("transport", [AiohttpTransport, Httpx2Transport])
async def test_a_pool_that_a_child_drops_is_kept_as_it_is(transport: Any, child: bool) -> None:
    """Its connections are the parent's. Where it was made (the control) it is gone with its transport."""
    async with serve(lambda _: Answer(reply(b"{}"))) as server, transport() as lent:
        await lent.send(request(server.url))
        pool, lent._pool = lent._pool, None
        connections = pool.transport if isinstance(lent, Httpx2Transport) else pool.connector
        ending, mark = pool.ending, object()
        pool.mark = mark
        held = sys.getrefcount(mark)
        if child:
            pool.home._pid = -1  # as it is there
        del pool
        gc.collect()
        assert held - (not child) == sys.getrefcount(mark)
        await (connections.aclose() if isinstance(lent, Httpx2Transport) else connections.close())
        await ending.aclose()


async def test_a_connector_that_is_dropped_closes_nothing_and_says_nothing() -> None:
    """A collector of cycles runs each finaliser of what it found, in a child, too. The control: aiohttp's, aloud."""
    async with serve(lambda _: Answer(reply(b"{}"))) as server, AiohttpTransport() as lent:
        await lent.send(request(server.url))
        connector: Any = lent._pool.connector  # type: ignore[union-attr]
        connector.__del__()
        assert not connector.closed
        assert 1 == server.counts["open"]
        asyncio.get_running_loop().set_exception_handler(lambda *_: None)
        with pytest.warns(ResourceWarning, match="Unclosed connector"):
            super(type(connector), connector).__del__()
        assert connector.closed


async def test_a_job_that_was_inherited_is_not_waited_for() -> None:
    """Whoever closes in a child closes what is its own."""
    detached, gate = Detached(), anyio.Event()

    async def job(keep: Keep) -> None:
        keep()
        await gate.wait()

    detached.run(job)
    run = next(iter(detached._running))
    run.pid = -1
    await detached.drain()
    assert {} == detached._running
    gate.set()
    await run.ended.wait()


async def test_a_renewal_of_the_parent_is_begun_anew_in_the_child() -> None:
    """Those who wait for the parent's are tasks of the parent, and stay as they are."""
    made = await world()
    made.pass_(901)
    made.server.hold = anyio.Event()
    await used(made)
    await settle()
    flight = made.grant._flight
    assert flight is not None
    channel, flight.pid, flight.home = flight.channel, -1, Thing()  # nothing but the flight holds its home now
    left = weakref.ref(flight.home)
    made.shelf.locked = 0
    made.server.hold.set()
    made.server.hold = None
    assert os.getpid() == made.grant._begin(channel).pid
    del flight
    await settle()  # the task of the parent's, which held it here, has ended
    gc.collect()
    assert left() is not None


def test_a_memory_store_that_was_changing_during_a_fork_changes_in_the_child() -> None:
    """A lock that another thread held is not waited for."""
    store = MemoryTokenStore()
    token = following(None)
    held, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        with store._changing:
            held.set()
            go_on.wait()

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait()
    saved = forked(lambda: str(anyio.run(lambda: store.save(KEY, token, previous=None))))
    go_on.set()
    thread.join()
    assert "True" == saved()


async def test_a_child_that_ends_a_renewal_of_its_parent_frees_no_lock_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What unwinds in the child was taken by the parent."""
    store = MemoryTokenStore()
    parent = store.lock(KEY)
    await parent.__aenter__()
    here = os.getpid()
    monkeypatch.setattr(os, "getpid", lambda: here + 1)  # as it is in a child
    async with store.lock(KEY):
        await parent.__aexit__(None, None, None)
        assert not store._take(KEY)
    assert store._take(KEY)


def test_a_child_that_uses_a_file_store_keeps_no_lock_of_its_parent(tmp_path: Path) -> None:
    """It closes its copies: when the parent dies, the lock is free. What it has closed before it does not close."""
    store = FileTokenStore(tmp_path / "tokens")
    lease = Lease(store._files, KEY)
    assert lease.take()
    [(file, _, _)] = lease._held

    def child(closed: bool) -> str:
        other = 0
        if closed:
            os.close(file)
            other = os.open(tmp_path, os.O_RDONLY)  # takes its number
            assert other == file
        assert anyio.run(lambda: store.load(KEY)) is None
        with suppress(OSError):
            os.fstat(file)
            return "open"
        return "closed"

    assert "closed" == forked(lambda: child(closed=False))()
    assert "open" == forked(lambda: child(closed=True))()
    assert not Lease(Directory(tmp_path / "tokens"), KEY).take()
    store._files._pid = -1  # as it is in a child
    lease._held[0] = (file, -1, os.fstat(file))
    anyio.run(lambda: store.load(KEY))
    assert {} == store._files.leases
    assert Lease(Directory(tmp_path / "tokens"), KEY).take()


def test_a_file_that_a_child_has_closed_is_not_closed_again(tmp_path: Path) -> None:
    """Its number may be another's by then."""
    lease = Lease(Directory(tmp_path / "tokens"), KEY)
    assert lease.take()
    file, _, info = lease._held[0]
    os.close(file)
    lease._held[0] = (file, -1, info)
    lease.release()
    with (tmp_path / "x").open("w") as other:
        lease._held.append((other.fileno(), -1, info))
        lease.release()
        other.write("still open")
