"""How clients end: nothing is left, whoever closes them, and when."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import threading
from types import SimpleNamespace
from typing import Any

import anyio
import pytest

from clio_async.errors import ClientClosed, OutcomeUnknown
from clio_async.messages import Request, Response
from clio_async.sync.process import _process
from clio_async.sync.seat import once
from clio_async.testing.simulator import Fault, Faults, Simulator
from clio_async.transport.memory import MemoryTransport

from .world import LONG, ROOT, client_of, loops, run_script, served, sockets


def test_the_last_client_ends_the_loop() -> None:
    """The loop begins with the first call, serves all clients, and ends with the last of them; then it begins anew."""
    simulator = Simulator()
    first, second = client_of(simulator), client_of(simulator)
    assert [] == loops()
    first.matters.get(1)
    second.matters.get(1)
    assert 1 == len(loops())
    first.close()
    assert 1 == len(loops())
    assert 2 == second.matters.get(2).id
    second.close()
    assert [] == loops()
    with client_of(simulator) as third:
        assert 3 == third.matters.get(3).id
    assert [] == loops()


def test_a_closed_client_says_so() -> None:
    """After close every call is a ClientClosed, of derived clients too; to close again does no harm."""
    clio = client_of(Simulator())
    derived = clio.options(lane="batch")
    clio.matters.get(1)
    derived.close()
    assert 2 == derived.matters.get(2).id
    clio.close()
    clio.close()
    for one in (clio, derived):
        with pytest.raises(ClientClosed):
            one.matters.get(1)
    assert [] == loops()


def test_a_client_that_was_never_used_closes_without_a_loop() -> None:
    """Nothing was opened: nothing is started to close it."""
    clio = client_of(Simulator())
    clio.close()
    with pytest.raises(ClientClosed):
        clio.matters.get(1)
    assert [] == loops()


def test_close_ends_the_calls_of_other_threads() -> None:
    """Threads in calls get ClientClosed when another one closes the client, wherever their calls are."""
    simulator, waiting = Simulator(), threading.Semaphore(0)

    async def never(request: Request) -> Response:
        waiting.release()
        await anyio.sleep_forever()
        raise AssertionError(request)

    clio = client_of(simulator, transport=MemoryTransport(never))
    raised: list[type[BaseException]] = []

    def work(number: int) -> None:
        try:
            clio.matters.get(number)
        except BaseException as error:
            raised.append(type(error))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(1, 9)]
    for thread in threads:
        thread.start()
    for _ in threads:
        assert waiting.acquire(timeout=LONG)
    closers = [threading.Thread(target=clio.close) for _ in range(3)]
    for closer in closers:
        closer.start()
    for thread in [*threads, *closers]:
        thread.join(LONG)
    assert [ClientClosed] * 8 == raised
    assert [] == loops()


def test_close_tells_of_a_write_that_was_sent() -> None:
    """A write that was sent when the client was closed may be done: it is told as that."""
    began = threading.Event()

    def received(_: Request) -> bool:
        began.set()
        return True

    simulator = Simulator(faults=Faults.when(received, Fault.delayed(before=LONG), times=None))
    with served(simulator) as url:
        clio = client_of(simulator, transport=None, base_url=url, limiter=None)
        raised: list[type[Exception]] = []

        def work() -> None:
            try:
                clio.matters.update(1, description="x")
            except Exception as error:
                raised.append(type(error))

        thread = threading.Thread(target=work)
        thread.start()
        assert began.wait(LONG)
        clio.close()
        thread.join(LONG)
    assert [OutcomeUnknown] == raised
    assert [] == loops()


def test_a_client_that_is_dropped_is_closed() -> None:
    """A client that nobody holds any more is closed by itself, and the loop with the last: no socket is left."""
    before = sockets()
    simulator = Simulator()
    with served(simulator) as url:
        clio: Any = client_of(simulator, transport=None, base_url=url, limiter=None)
        clio.matters.get(1)
        matters, [thread] = clio.matters, loops()
        del clio
        gc.collect()
        assert 2 == matters.get(2).id  # a resource holds what it needs
        del matters
        gc.collect()
        thread.join(LONG)
        assert not thread.is_alive()
    assert before == sockets()


def test_a_client_that_is_dropped_without_a_loop_is_nothing() -> None:
    """One whose loop has ended already, or that is the parent's, is let go in silence."""
    clio: Any = client_of(Simulator())
    clio.matters.get(1)
    thread = clio._seat._thread
    guest = clio._seat._guest
    clio.close()
    thread.see_off(guest)
    thread.pid = 0
    thread.see_off(guest)
    assert [] == loops()


def test_a_loop_that_dies_is_replaced() -> None:
    """What ends the loop by force ends its calls, and the next call begins another loop."""
    with client_of(Simulator()) as clio:
        clio.matters.get(1)
        [thread] = loops()

        async def die() -> None:
            _process.thread._finish()
            await anyio.sleep_forever()

        with pytest.raises(ClientClosed):
            clio._seat.run(die())
        thread.join(LONG)
        assert 2 == clio.matters.get(2).id
        assert [thread] != loops()
    assert [] == loops()


@pytest.mark.parametrize("wrong", [{"over": True}, {"pid": -1}], ids=["over", "of a parent"])
def test_a_loop_that_runs_here_no_more_is_not_joined(wrong: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """One may have died as it was begun, or be left by a fork that told the interpreter nothing."""
    left = SimpleNamespace(**{"over": False, "pid": os.getpid(), "guests": {}, **wrong})
    monkeypatch.setattr(_process, "thread", left)
    with client_of(Simulator()) as clio:
        assert 1 == clio.matters.get(1).id
        assert left is not _process.thread
    assert {} == left.guests


def test_a_loop_that_is_told_twice_to_end_ends_once(caplog: pytest.LogCaptureFixture) -> None:
    """As when its last client closes at the end of the interpreter: nothing goes wrong in it."""
    clio = client_of(Simulator())
    clio.matters.get(1)
    thread = _process.thread
    assert thread is not None

    def both() -> None:  # before it comes to either
        thread.stop()
        thread.stop()

    thread.loop.call_soon_threadsafe(both)
    thread.join()
    assert thread.over
    assert [] == caplog.records
    clio.close()


def test_what_is_done_once_needs_no_client() -> None:
    """A single piece of work begins a loop and ends it, also when it fails."""

    async def one() -> int:
        return 1

    async def fails() -> int:
        raise LookupError

    assert 1 == once(one())
    with pytest.raises(LookupError):
        once(fails())
    assert [] == loops()


async def test_what_is_done_once_is_refused_in_a_loop() -> None:
    """It waits, too."""
    from clio_async.errors import SyncInAsync

    async def one() -> int:
        return 1

    with pytest.raises(SyncInAsync):
        once(one())


def test_a_thread_that_cannot_be_started_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no thread can be started the call fails, and leaves nothing open."""
    from clio_async.errors import SyncInAsync

    def refuse(_: object) -> None:
        raise RuntimeError("can't start new thread")

    clio = client_of(Simulator())
    before = sockets()
    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", refuse)
        with pytest.raises(SyncInAsync, match="can't start new thread"):
            clio.matters.get(1)
    assert before == sockets()
    with clio:
        assert 1 == clio.matters.get(1).id


UNCLOSED = """
import sys, threading
from clio_async.testing import Simulator
kept = [Simulator().sync_client() for _ in range(3)]
for clio in kept:
    clio.matters.get(1)
Simulator().sync_client()
print("end")
"""
DAEMON = """
import atexit, threading, anyio
from clio_async import SyncClio
from clio_async.transport.memory import MemoryTransport
began = threading.Event()
async def never(request):
    began.set()
    await anyio.sleep_forever()
atexit.register(lambda: thread.join(60))  # behind what a client does: that is registered when the first one is made
clio = SyncClio("t", transport=MemoryTransport(never))
def work():
    try:
        clio.matters.get(1)
    except BaseException as error:
        print(type(error).__name__, flush=True)
thread = threading.Thread(target=work, daemon=True)
thread.start()
began.wait()
"""
SAVED = """
import anyio
from clio_async.testing import Simulator
clio = Simulator().sync_client()
clio.matters.get(1)
async def job(keep):
    keep()
    await anyio.sleep(0.05)
    print("saved", flush=True)
async def begin():
    clio._clio.detach(job)
clio._seat.run(begin())
"""


@pytest.mark.parametrize(("script", "said"), [(UNCLOSED, "end\n"), (DAEMON, "ClientClosed\n"), (SAVED, "saved\n")])
def test_the_end_of_the_interpreter_closes_what_is_open(script: str, said: str) -> None:
    """Clients that were not closed end with the interpreter, in silence, and a renewal is seen to its end."""
    assert said == run_script(script)


def test_an_interrupted_program_ends(tmp_path: Any) -> None:
    """A program that ends by an exception within a client's block leaves nothing but that exception."""
    script = (
        "from clio_async.testing import Simulator\n"
        "with Simulator().sync_client() as clio:\n    clio.matters.get(1)\n    raise LookupError('mine')\n"
    )
    command = [sys.executable, "-W", "error", "-c", script]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=LONG, check=False)
    assert 1 == ended.returncode
    assert "LookupError: mine" in ended.stderr
    assert 1 == ended.stderr.count("Traceback")
