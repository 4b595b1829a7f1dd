"""What comes between: handlers of signals, finalisers, forks and failures in the midst of a start, a call or an end."""

from __future__ import annotations

import copy
import errno
import gc
import os
import pickle
import signal
import threading
from _thread import get_ident
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import anyio
import pytest

from clio_async.core import Core
from clio_async.errors import ClientClosed, NotSent, SyncInAsync, UsageError
from clio_async.sync import loop, process, seat
from clio_async.sync.calls import Call
from clio_async.sync.loop import LoopThread
from clio_async.sync.process import _Process, _process, host, seen_off
from clio_async.testing.simulator import Simulator
from clio_async.turns import Turns, held, within

from .test_forks import in_child
from .test_fresh import FRESH
from .world import LONG, client_of, loops, run_script, wait_for_loops, wait_for_workers

FORKS = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")

WATCHED = """
import faulthandler
faulthandler.dump_traceback_later(60, exit=True)
import warnings
warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)
warnings.filterwarnings("ignore", "coroutine .* was never awaited", RuntimeWarning)
"""
WITHIN_A_FRESH_ANSWER = """
import os, threading
from clio_async.caches.base import Entry
from clio_async.testing import Simulator
from tests.sync.test_fresh import FRESH
from tests.sync.world import client_of
clio = client_of(Simulator(), policy=FRESH)
clio.matters.get(1)
is_fresh, nested = Entry.is_fresh, []
def meanwhile(self, *args):
    if not nested:
        nested.append(0)
        nested[0] = clio.matters.get(1).id  # as the handler of a signal does
    return is_fresh(self, *args)
Entry.is_fresh = meanwhile
print(clio.matters.get(1).id, nested)
inside, free = threading.Event(), threading.Event()
def held_up(self, *args):
    inside.set()
    free.wait()
    return is_fresh(self, *args)
Entry.is_fresh = held_up
thread = threading.Thread(target=clio.matters.get, args=(1,))
thread.start()
inside.wait()
child = os.fork()
Entry.is_fresh = is_fresh
if not child:
    os._exit(clio.matters.get(1).id)
free.set()
thread.join()
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), clio.stats.fresh)
clio.close()
"""
OTHERS_IN_HANDLERS = """
import random, signal, time
from clio_async.testing import Simulator
from tests.sync.world import client_of, loops
simulator, count = Simulator(), []
with client_of(simulator) as clio:
    clio.matters.get(1)  # what is imported at the first call is there: no handler may import what is being imported
def handle(*_):
    with client_of(simulator) as other:
        count.append(other.matters.get(2).id)
signal.signal(signal.SIGALRM, handle)
for _ in range(150):
    signal.setitimer(signal.ITIMER_REAL, random.uniform(0.0003, 0.008))
    with client_of(simulator) as clio:
        assert 1 == clio.matters.get(1).id
    signal.setitimer(signal.ITIMER_REAL, 0)
for _ in range(2000):
    if not loops():
        break
    time.sleep(0.01)
print({2} == {*count}, loops())
"""
RAISED_BY_HANDLERS = """
import gc, os, random, signal, sys, threading, time
from clio_async.sync.process import _process
from clio_async.testing import Simulator
from tests.sync.world import client_of
sys.unraisablehook = lambda unraisable: None  # it comes to finalisers, too
simulator = Simulator()
client_of(simulator).matters.get(1)
gc.collect()
class Boom(BaseException): pass
kinds = [Boom("signal"), RuntimeError("signal")]
def handle(*_):
    raise kinds[random.random() < 0.5].with_traceback(None)
signal.signal(signal.SIGALRM, handle)
def wait():
    for _ in range(2000):
        if threading.active_count() == 1:
            break
        time.sleep(0.01)
wait()
before = len(os.listdir("/proc/self/fd"))
interrupted = 0
while interrupted < 1000:
    clio = client_of(simulator)
    try:
        signal.setitimer(signal.ITIMER_REAL, random.uniform(0.00005, 0.0015))
        try:
            clio.matters.get(1)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    except (Boom, RuntimeError):
        interrupted += 1
    clio.close()
wait()
print(threading.active_count(), len(os.listdir("/proc/self/fd")) - before, _process.threads)
"""
FEW_FILES = """
import os, resource
from clio_async import NotSent
from clio_async.testing import Simulator
from tests.sync.world import client_of
clio = client_of(Simulator())
many = resource.getrlimit(resource.RLIMIT_NOFILE)
import asyncio
held = len(os.listdir("/proc/self/fd"))
resource.setrlimit(resource.RLIMIT_NOFILE, (held, many[1]))
try:
    clio.matters.get(1)
except NotSent as error:
    print("ulimit" in str(error))
resource.setrlimit(resource.RLIMIT_NOFILE, many)
print(clio.matters.get(1).id)
clio.close()
"""
HELD_UP = """
import os, signal, sys, threading, time
from clio_async.sync import loop
from clio_async.sync.process import _process
from clio_async.testing import Simulator
clio = Simulator().sync_client()
clio.matters.get(1)
stuck = threading.Event()
def block():
    stuck.set()
    time.sleep(3600)
_process.thread.loop.call_soon_threadsafe(block)
stuck.wait()
if "wait" in sys.argv:
    loop._LAST = 0.05
else:
    def interrupt():
        while not _process.exiting:
            time.sleep(0.001)
        time.sleep(0.05)
        os.kill(os.getpid(), signal.SIGINT)
    threading.Thread(target=interrupt, daemon=True).start()
print("end")
"""
RENEWED = """
import os, signal, threading, anyio
from clio_async.testing import Simulator
clio = Simulator().sync_client()
clio.matters.get(1)
async def job(keep):
    keep()
    while not clio._clio._core.closed:
        await anyio.sleep(0.001)
    os.kill(os.getpid(), signal.SIGINT)
    await anyio.sleep(0.05)
    print("saved", flush=True)
async def begin():
    clio._clio.detach(job)
clio._seat.run(begin())
try:
    clio.close()
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


@pytest.mark.parametrize(
    ("script", "said"),
    [
        pytest.param(WITHIN_A_FRESH_ANSWER, "1 [1]\n1 3\n", marks=FORKS, id="within a fresh answer"),
        pytest.param(OTHERS_IN_HANDLERS, "True []\n", id="clients in handlers"),
        pytest.param(RAISED_BY_HANDLERS, "1 0 {}\n", id="handlers that raise"),
        pytest.param(FEW_FILES, "True\n1\n", id="few files"),
        pytest.param(RENEWED, "interrupted\nsaved\n", id="a token under renewal"),
    ],
)
def test_whatever_comes_between(script: str, said: str) -> None:
    """Nothing hangs, nothing is left, and what must be seen to its end is: whatever comes in between."""
    assert said == run_script(WATCHED + script, measured=False)


@pytest.mark.parametrize("how", ["wait", "interrupt"])
def test_a_loop_that_is_held_up_for_ever_does_not_keep_the_process(how: str) -> None:
    """A hook that never returns is waited for at the end for a bounded time, and until Ctrl-C."""
    assert "end\n" == run_script(WATCHED + HELD_UP, how, measured=False)


def nesting(monkeypatch: pytest.MonkeyPatch, home: object, name: str, nested: Callable[[], object]) -> None:
    """Have something done once before a function is called, as the handler of a signal would."""
    original, done = getattr(home, name), list[int]()

    def function(*args: Any) -> Any:
        if not done:
            done.append(1)
            nested()
        return original(*args)

    monkeypatch.setattr(home, name, function)


@pytest.mark.parametrize(
    ("home", "name"), [(loop, "start_new_thread"), (process, "_is_left"), (LoopThread, "stop"), (LoopThread, "join")]
)
def test_clients_may_be_used_within_a_start_and_an_end(
    home: object, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A handler that uses and closes this client, or another one, in the midst of either, works."""
    simulator = Simulator()

    def nested() -> None:
        with client_of(simulator) as other:
            assert 2 == other.matters.get(2).id

    nesting(monkeypatch, home, name, nested)
    with client_of(simulator) as clio:
        assert 1 == clio.matters.get(1).id
    assert [] == loops()


class Boom(BaseException):
    """What a handler raises."""


@pytest.mark.parametrize("error", [Boom(), RuntimeError("mine")])
@pytest.mark.parametrize("after", [False, True])
def test_a_start_that_is_interrupted_is_undone(
    error: BaseException, after: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a handler raises before or behind the start of the thread goes out as it is; no thread is left."""
    original = loop.start_new_thread
    clio = client_of(Simulator())

    def interrupted(*args: Any) -> None:
        if after:
            original(*args)
        raise error

    with monkeypatch.context() as patched:
        patched.setattr(loop, "start_new_thread", interrupted)
        with pytest.raises(type(error)):
            clio.matters.get(1)
    assert _process.thread is None
    for thread in loops():
        thread.join(LONG)
    with clio:
        assert 1 == clio.matters.get(1).id
    assert [] == loops()


def test_a_start_whose_undoing_is_interrupted_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client whose loop never began closes without one."""
    clio, other = client_of(Simulator()), client_of(Simulator())

    def interrupted(*_: Any) -> None:
        raise Boom

    for one in (clio, other):
        with monkeypatch.context() as patched:
            patched.setattr(loop, "start_new_thread", interrupted)
            patched.setattr(process, "_is_left", interrupted)
            with pytest.raises(Boom):
                one.matters.get(1)
    thread = _process.thread
    assert thread is not None
    assert {clio._seat._guest, other._seat._guest} == {*thread.guests}
    with monkeypatch.context() as patched:
        patched.setattr(loop, "start_new_thread", interrupted)
        with pytest.raises(Boom):
            client_of(Simulator()).matters.get(1)
    assert 2 == len(thread.guests)
    thread.stand_still(loop.Pause())  # as a fork has it: there is nothing that could
    assert set() == thread.tasks()
    clio.close()
    thread.wind_up()  # as the end of the interpreter does
    assert thread.over
    other.close()
    assert [] == loops()


def test_no_thread_can_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    """The system may refuse the first thread; what another one has begun meanwhile is left alone."""

    def refuse(*_: object) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patched:
        patched.setattr(loop, "start_new_thread", refuse)
        with pytest.raises(SyncInAsync, match="can't start new thread"):
            client_of(Simulator()).matters.get(1)
    thread = LoopThread()
    assert thread._claimed()
    thread._live()
    thread.over = False
    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", refuse)
        thread._begin()
        assert not thread.over
        other = LoopThread()
        other._begin()
        assert other.over
        assert isinstance(other._failure(), SyncInAsync)
    thread.start()
    assert not thread.over


def test_a_loop_that_cannot_be_made_is_told_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Too many open files: the call was not sent, each call gets an error of its own, and the next tries anew."""
    clio = client_of(Simulator())

    def refuse(*_: object) -> int:
        raise OSError(errno.EMFILE, "Too many open files")

    with monkeypatch.context() as patched:
        patched.setattr(loop.os, "open", refuse)
        errors = []
        for _ in range(2):
            with pytest.raises(NotSent, match="Too many open files") as raised:
                clio.matters.get(1)
            errors.append(raised.value)
    assert errors[0] is not errors[1]
    with clio:
        assert 1 == clio.matters.get(1).id


def test_a_wake_that_was_lost_is_made_up_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """A call within another of the same thread wakes the loop at once; one behind another thread's after a moment."""
    with client_of(Simulator()) as clio:
        clio.matters.get(1)
        thread = _process.thread
        assert thread is not None
        monkeypatch.setattr(loop, "_UNSEEN", LONG)
        thread._awake = get_ident()
        assert 2 == clio.matters.get(2).id
        monkeypatch.setattr(loop, "_UNSEEN", 0.01)
        thread._awake = -1
        assert 3 == clio.matters.get(3).id


def test_what_a_handler_raises_as_the_loop_is_woken_goes_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not taken for the end of the loop."""

    def raises(*_: object) -> None:
        raise RuntimeError("mine")

    with client_of(Simulator()) as clio:
        clio.matters.get(1)
        thread = _process.thread
        assert thread is not None
        with monkeypatch.context() as patched:
            patched.setattr(thread.loop, "call_soon_threadsafe", raises)
            with pytest.raises(RuntimeError, match="mine"):
                thread._wake()
        assert 2 == clio.matters.get(2).id


def test_an_interrupted_call_ends_with_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that was interrupted before it was handed over, while the loop ends, waits for nobody."""
    thread, call = LoopThread(), Call()
    thread.over = True
    thread._interrupt(call)
    assert isinstance(call.error, ClientClosed)


def test_two_threads_may_end_a_call() -> None:
    """The one that comes late finds that there are news; who finds nothing more to give up goes on."""

    class Late:
        def locked(self) -> bool:
            return True

        def release(self) -> None:
            raise RuntimeError("release unlocked lock")

    call: Any = Call()
    call.news = Late()
    call.end(None)
    assert call.done

    class Taken(list[Any]):
        def __bool__(self) -> bool:
            return True

    thread: Any = LoopThread()
    thread._calls = Taken()
    thread._give_up_calls()


def test_an_edit_within_an_edit_of_the_same_record_is_refused_at_once() -> None:
    """It would wait for itself: from the function of an edit, in whichever thread that calls it."""
    simulator = Simulator()
    with client_of(simulator, timeout=LONG) as clio:

        def outer(_: Any) -> dict[str, Any]:
            clio.matters.edit(2, lambda _: {"description": "another"})
            with pytest.raises(UsageError, match="would wait for itself"):
                clio.matters.edit(1, lambda _: {"description": "inner"})
            return {"description": "outer"}

        assert "outer" == clio.matters.edit(1, outer).description
        assert "another" == simulator.record("matters", 2)["description"]


async def test_turns_are_lent_for_as_long_as_they_last() -> None:
    """Who works for a task that has the turn does not wait for it; when the turn is over, it is one like others."""
    turns = Turns()
    async with turns.of("one"):
        lent = held()
    assert () == held()
    assert () == within(lent, lambda: ())

    async def take() -> None:
        async with turns.of("one"):
            assert 1 == len(held())

    await take()
    assert 1 == within(lent, lambda: len(held()))


def test_a_walk_goes_on_after_an_interruption() -> None:
    """A thread that was interrupted between taking a walk and its first step takes it again; another one waits."""
    with client_of(Simulator(matters=4)) as clio:
        for walk in (clio.matters.list(limit=2).by_page(), iter(clio.matters.list(limit=2))):
            kept: Any = walk
            kept._whose = {None: -1}
            with pytest.raises(UsageError):
                next(walk)
            kept._whose = {None: get_ident()}
            assert [1, 2, 3, 4] == [
                matter.id for found in walk for matter in (found if isinstance(found, list) else [found])
            ]
            assert {} == kept._whose


def test_a_walk_may_be_taken_up_within_itself() -> None:
    """By the handler of a signal: what that gives back is not given back again."""
    with client_of(Simulator(matters=4)) as clio:
        records: Any = iter(clio.matters.list(limit=2))
        steps, run = records._pages, clio._seat.run

        def nested(coroutine: Any) -> None:
            run(coroutine)
            steps._whose, records._whose = {}, {}

        steps._seat = SimpleNamespace(run=nested)
        assert [1, 2, 3, 4] == [matter.id for matter in records]


def test_the_end_waits_for_what_closes_and_for_no_loop_that_is_held_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A loop that is told to end while it closes a client closes it first; one that is held up is left to itself."""
    for held_up in (False, True):
        clio = client_of(Simulator())
        clio.matters.get(1)
        thread = _process.thread
        assert thread is not None
        began, free, saved = threading.Event(), threading.Event(), list[int]()

        async def job(keep: Any, began: Any = began, free: Any = free, saved: Any = saved) -> None:
            keep()
            began.set()
            await anyio.to_thread.run_sync(free.wait)
            saved.append(1)

        async def begin(clio: Any = clio, job: Any = job) -> None:
            clio._clio.detach(job)

        clio._seat.run(begin())
        assert began.wait(LONG)
        if held_up:
            monkeypatch.setattr(loop, "_LAST", 0.01)
            thread.wind_up()
        else:
            seen_off(clio._seat._guest)
            thread.stop()
        assert [] == saved
        free.set()
        for one in loops():
            one.join(LONG)
        assert ([1], []) == (saved, loops())
        wait_for_workers()


def test_what_is_a_parents_is_not_ended_here() -> None:
    """A process that ends leaves alone what it finds of another one, and forgets what it does not know in silence."""
    here, thread = _Process(), LoopThread()
    thread.pid = -1
    here.forget(thread)
    here.threads[thread] = None
    here.exit()
    assert (False, {thread: None}) == (thread.over, here.threads)


@pytest.mark.parametrize("kind", [StopIteration, StopAsyncIteration])
def test_what_ends_iterations_ends_no_call(kind: type[Exception]) -> None:
    """A function that raises it has failed; of a source it ends what it is meant for, and nothing is cut off."""
    simulator = Simulator()

    class Source:
        def __iter__(self) -> Source:
            return self

        def __next__(self) -> bytes:
            if kind is StopAsyncIteration and (sent := [*parts]):
                parts.clear()
                return sent[0]
            raise kind

    parts = [b"half"]
    with client_of(simulator) as clio:

        def fails(_: Any) -> dict[str, Any]:
            raise kind

        with pytest.raises(RuntimeError) as raised:
            clio.matters.edit(1, fails)
        assert isinstance(raised.value.__cause__, kind)
        matter = clio.matters.get(1)
        if kind is StopIteration:
            assert 0 == clio.documents.upload(Source(), name="a", parent=matter, size=0).size
        else:
            with pytest.raises(RuntimeError):
                clio.documents.upload(Source(), name="a", parent=matter)
    wait_for_workers()


def test_a_client_that_is_closed_in_the_thread_of_the_loop_is_seen_off() -> None:
    """A finaliser that garbage collection runs there closes it without waiting."""
    clio = client_of(Simulator())
    clio.matters.get(1)
    [thread] = loops()
    raised: list[BaseException] = []

    def close() -> None:
        try:
            clio.close()
        except BaseException as error:
            raised.append(error)

    _process.thread.loop.call_soon_threadsafe(close)  # type: ignore[union-attr]
    thread.join(LONG)
    assert ([], False) == (raised, thread.is_alive())
    with pytest.raises(ClientClosed):
        clio.matters.get(1)


def test_closing_is_nothing_where_another_thread_has_ended_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two threads close at once: the later one finds the loop ended, and is content. Other errors go out."""

    async def ends(_: object, error: Exception) -> None:
        raise error

    for error, expected in ((ClientClosed("over"), None), (LookupError("mine"), LookupError)):
        clio = client_of(Simulator())
        clio.matters.get(1)
        with monkeypatch.context() as patched:
            patched.setattr(LoopThread, "close", lambda self, _, error=error: ends(self, error))
            if expected is None:
                clio.close()
            else:
                with pytest.raises(expected):
                    clio.close()
        gc.collect()
        assert [] == loops()


def test_a_close_that_is_interrupted_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Connections are closed, and the loop ends, though nobody waits for that."""
    clio = client_of(Simulator())
    clio.matters.get(1)
    [thread] = loops()

    def interrupted(_: object, call: Any) -> None:
        call.coroutine.close()
        raise Boom

    with monkeypatch.context() as patched:
        patched.setattr(LoopThread, "carry", interrupted)
        with pytest.raises(Boom):
            clio.close()
    thread.join(LONG)
    assert not thread.is_alive()
    assert clio._clio._core._ended


def test_a_client_that_is_closed_while_it_is_opened_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """One thread makes the first call, the other one closes: whoever comes later leaves nothing open."""
    clio = client_of(Simulator())
    original = seat.joined

    def closed_meanwhile(guest: Any) -> Any:
        found = original(guest)
        guest.closed = True
        return found

    with monkeypatch.context() as patched:
        patched.setattr(seat, "joined", closed_meanwhile)
        with pytest.raises(ClientClosed):
            clio.matters.get(1)
    wait_for_loops()
    other = client_of(Simulator())
    other.matters.get(1)
    found = [None, host(other._seat._guest)]
    monkeypatch.setattr(seat, "host", lambda _: found.pop(0))
    other.close()
    wait_for_loops()


def test_clients_are_neither_copied_nor_pickled() -> None:
    """They say so, and what to do; a half made core ends in silence."""
    with client_of(Simulator()) as clio:
        clio.matters.get(1)
        for refuse in (copy.copy, copy.deepcopy, pickle.dumps):
            for one in (clio, clio.matters, clio._seat):
                with pytest.raises(TypeError, match="neither copied nor pickled"):
                    refuse(one)
    half: Any = object.__new__(Core)
    half.__del__()


async def test_what_is_fresh_is_refused_in_a_loop() -> None:
    """Or the mistake would be noticed only when nothing is held."""
    clio = client_of(Simulator(), policy=FRESH)
    with pytest.raises(SyncInAsync):
        clio.matters.get(1)


def test_a_loop_that_closes_does_not_keep_what_it_has_closed() -> None:
    """A process that opens and closes many clients beside one that stays keeps none of them."""
    simulator = Simulator()
    with client_of(simulator) as clio:
        clio.matters.get(1)
        for _ in range(3):
            with client_of(simulator) as other:
                other.matters.get(1)
        thread = _process.thread
        assert thread is not None
        assert ({}, 1) == (thread._closing, len(thread.guests))


@FORKS
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_call_in_which_the_process_forks_ends_in_the_child() -> None:
    """In the child it is no call any more, and says so; the parent's goes on."""
    simulator = Simulator()
    with client_of(simulator) as clio:

        def change(_: Any) -> dict[str, Any]:
            if not child:
                child.append(os.fork())
                if not child[0]:
                    signal.alarm(int(LONG))
            return {"description": "the parent's"}

        child: list[int] = []
        try:
            changed = clio.matters.edit(1, change)
        except UsageError as error:
            os._exit(7 if "has forked" in str(error) and not child[0] else 1)
        if not child[0]:
            os._exit(2)
        assert "the parent's" == changed.description
        assert 7 == os.waitstatus_to_exitcode(os.waitpid(child[0], 0)[1])
        assert 2 == in_child(lambda: clio.matters.get(2).id)


def test_calls_that_a_child_inherits_are_ended() -> None:
    """Those that the parent's loop carries, and those that it has not seen."""
    thread = LoopThread()
    calls = [Call(), Call()]
    thread._running.add(calls[0])
    thread._calls.append(calls[1])
    thread.disown()
    assert [UsageError, UsageError] == [type(call.error) for call in calls]
