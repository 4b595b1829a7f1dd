"""Where waiting would stop an event loop, or cannot work: an error at once, with the advice."""

from __future__ import annotations

import asyncio
import sys
from types import SimpleNamespace
from typing import Any

import anyio
import pytest
import trio

from clio_async.errors import SyncInAsync
from clio_async.events import Hooks
from clio_async.sync.surroundings import check_process, in_trio
from clio_async.testing.simulator import Simulator

from .world import client_of, run_script


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    return request.param


async def test_a_running_loop_is_not_stopped() -> None:
    """In a thread of an event loop each call fails at once, before anything is sent, and says what to do."""
    simulator = Simulator()
    clio = client_of(simulator)
    with pytest.raises(SyncInAsync, match="to_thread"):
        clio.matters.get(1)
    with pytest.raises(SyncInAsync, match="to_thread"):
        clio.matters.list().collect()
    assert 0 == len(simulator.log.entries)
    await anyio.to_thread.run_sync(clio.close)


async def test_a_worker_thread_of_a_loop_may_wait() -> None:
    """In a worker thread of anyio a call works, on whatever backend; it is asked for on the loop of the package."""
    with client_of(Simulator()) as clio:
        assert 1 == await anyio.to_thread.run_sync(lambda: clio.matters.get(1).id)
        await anyio.to_thread.run_sync(clio.close)


def test_a_worker_thread_of_asyncio_and_trio_may_wait() -> None:
    """`asyncio.to_thread` and `trio.to_thread` copy their context, and nothing of it misleads the loop."""
    with client_of(Simulator()) as clio:
        assert 2 == asyncio.run(asyncio.to_thread(lambda: clio.matters.get(2).id))
        assert 3 == trio.run(trio.to_thread.run_sync, lambda: clio.matters.get(3).id)


def test_a_hook_cannot_call_its_client() -> None:
    """A hook runs in the thread that does the work of all: a call from there would wait for itself."""
    raised: list[Exception] = []

    class Asks(Hooks):
        def call_ended(self, _exchange: Any, _begun: object, /) -> None:
            try:
                clio.matters.get(2)
            except Exception as error:
                raised.append(error)

    with client_of(Simulator(), hooks=[Asks()]) as clio:
        clio.matters.get(1)
    assert [SyncInAsync] == [type(error) for error in raised]
    assert "hook" in str(raised[0])


GEVENT = """
from gevent import monkey; monkey.patch_all()
from clio_async import SyncClio, SyncInAsync
clio = SyncClio("t")
try:
    clio.users.who_am_i()
except SyncInAsync as error:
    print("gevent" in str(error) and "gthread" in str(error))
"""


def test_patched_threads_are_refused() -> None:
    """Under gevent's patched threads there is no real one: it fails at once (a real gevent, in its own process)."""
    command = GEVENT.strip()
    import subprocess

    ended = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, timeout=60, check=True)
    assert "True" == ended.stdout.strip()


@pytest.mark.parametrize(
    ("options", "runs"),
    [
        ({}, False),
        ({b"processes": b"4"}, False),
        ({b"enable-threads": True}, True),
        ({"threads": "2"}, True),
        ({b"threads": b"8"}, True),
    ],
)
def test_uwsgi_needs_threads(options: dict[Any, Any], runs: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Under uWSGI without threads the loop would never run; with them it does."""
    monkeypatch.setitem(sys.modules, "uwsgi", SimpleNamespace(opt=options))
    clio = client_of(Simulator())
    if runs:
        with clio:
            assert 1 == clio.matters.get(1).id
    else:
        with pytest.raises(SyncInAsync, match="enable-threads"):
            clio.matters.get(1)


@pytest.mark.parametrize("name", ["gevent.monkey", "eventlet.patcher"])
@pytest.mark.parametrize("patched", [None, "thread", "socket", "select"])
def test_what_may_be_patched(name: str, patched: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Threads, sockets and select are looked at; where none is patched, all is well."""

    def asks(module: str) -> bool:
        return module == patched

    monkeypatch.setitem(sys.modules, name, SimpleNamespace(is_module_patched=asks, is_monkey_patched=asks))
    if patched is None:
        check_process(over=False)
    else:
        with pytest.raises(SyncInAsync, match=name.partition(".")[0]):
            check_process(over=False)


def test_without_trio_nothing_runs_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where trio was never imported, or is only just being, no trio runs here."""
    monkeypatch.delitem(sys.modules, "trio")
    assert not in_trio()
    monkeypatch.setitem(sys.modules, "trio", SimpleNamespace())
    assert not in_trio()


LATE = """
import atexit
def late():
    try:
        made.users.who_am_i()
    except Exception as error:
        print(type(error).__name__, "shutting down" in str(error))
atexit.register(late)
from clio_async import SyncClio
from clio_async.testing import Simulator
used = Simulator().sync_client()
made = Simulator().sync_client()
print(used.matters.get(1).id)
"""


def test_a_call_after_the_end_is_told() -> None:
    """A call while the interpreter ends, after the clients were closed, is an error and no hang."""
    assert "1\nSyncInAsync True\n" == run_script(LATE)
